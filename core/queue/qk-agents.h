#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* The agents of a swarm: who they are, and how a name is read. */

/**
 * QK_AGENTS_MIN_BROADCASTS:
 *
 * How many different broadcasts a queue has to hold before they tell who is in the swarm.
 */
#define QK_AGENTS_MIN_BROADCASTS 5
/**
 * QK_AGENTS_MIN_RECEIVED:
 *
 * How many of them somebody got who is in the swarm.
 */
#define QK_AGENTS_MIN_RECEIVED 2

/**
 * QkAgentsSource:
 * @QK_AGENTS_DEFAULT: nothing is known: Agent-1 to Agent-8
 * @QK_AGENTS_HISTORY: the broadcasts in the queue tell
 * @QK_AGENTS_CONFIG: `agent_mode_config.json` tells
 * @QK_AGENTS_CHOSEN: the operator has said it
 *
 * How it is known who the agents are; what comes later counts more.
 */
typedef enum {
  QK_AGENTS_DEFAULT,
  QK_AGENTS_HISTORY,
  QK_AGENTS_CONFIG,
  QK_AGENTS_CHOSEN,
} QkAgentsSource;

gboolean qk_agent_is_known (const char *name);
gboolean qk_agent_is_swarm_member (const char *name);
int qk_agent_compare (const char *a, const char *b);
char **qk_agents_parse_config (const char *json, gssize length, GError **error);
char **qk_agents_dup_default (void);
char **qk_agents_find (QkDocument *document);
const char *qk_agents_guess (const char *const *agents, const char *name);

G_END_DECLS
