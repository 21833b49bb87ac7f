#pragma once

#include "qk-agents.h"
#include "qk-filter.h"
#include "qk-swarm.h"

G_BEGIN_DECLS

/* The words of the page of the swarm, and what shows the messages that they are about. Everything
 * that comes from the queue is safe to be shown, as text. */

char *qk_swarm_words_age (guint age);
char *qk_swarm_words_cell (const char *agent, guint age, guint n_pending);
char *qk_swarm_words_since (gint64 time, gint64 now);
char *qk_swarm_words_silent (const QkSwarmAgent *agent, gint64 now);
char *qk_swarm_words_unknown (const QkSwarmAgent *agent);
char *qk_swarm_words_repeat (const QkSwarmRepeat *repeat);
char *qk_swarm_words_repeat_details (const QkSwarmRepeat *repeat, gint64 now);
char *qk_swarm_words_room (const QkSwarm *swarm);
char *qk_swarm_words_forecast (const QkSwarm *swarm);
char *qk_swarm_words_source (QkAgentsSource source, guint n_agents);

QkFilter *qk_swarm_filter_to (const char *agent);
QkFilter *qk_swarm_filter_pending (const char *agent, guint age);
QkFilter *qk_swarm_filter_repeat (const QkSwarmRepeat *repeat);

G_END_DECLS
