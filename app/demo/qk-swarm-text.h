#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the agents of a swarm write to each other, made up. The same random state gives the same
 * text on every machine.
 */

/**
 * QkSwarmTextKind:
 * @QK_SWARM_TEXT_ORDER: the captain tells an agent what to do
 * @QK_SWARM_TEXT_COORDINATION: one agent asks another
 * @QK_SWARM_TEXT_REPORT: an agent tells what it did
 * @QK_SWARM_TEXT_BROADCAST: the captain tells all of them
 * @QK_SWARM_TEXT_ONBOARDING: a new agent's first message
 * @QK_SWARM_TEXT_HUMAN: a person asks, through Discord
 */
typedef enum {
  QK_SWARM_TEXT_ORDER,
  QK_SWARM_TEXT_COORDINATION,
  QK_SWARM_TEXT_REPORT,
  QK_SWARM_TEXT_BROADCAST,
  QK_SWARM_TEXT_ONBOARDING,
  QK_SWARM_TEXT_HUMAN,
} QkSwarmTextKind;
#define QK_N_SWARM_TEXT_KINDS (QK_SWARM_TEXT_HUMAN + 1)

char *qk_swarm_text_compose (GRand *rand,
                             QkSwarmTextKind kind,
                             const char *sender,
                             const char *recipient,
                             gsize length);

G_END_DECLS
