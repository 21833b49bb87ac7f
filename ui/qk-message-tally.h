#pragma once

#include "qk-message.h"

G_BEGIN_DECLS

/* What a set of messages consists of, in words: for the question before a purge and for the pane
 * beside a selection of many. */

/**
 * QkMessageTally:
 * @n_messages: how many there are
 * @by_status: how many of each status; stuck ones are not among the processing ones
 * @stuck: how many are stuck
 * @hazards: how many the swarm trips over
 * @agents: (element-type utf8): for whom they are, as it stands in the queue, in natural order
 */
typedef struct {
  guint n_messages;
  guint by_status[QK_N_STATUSES];
  guint stuck;
  guint hazards;
  GPtrArray *agents;
} QkMessageTally;

QkMessageTally *qk_message_tally_new (GPtrArray *messages, gint64 now);
void qk_message_tally_free (QkMessageTally *self);
char *qk_message_tally_describe_statuses (const QkMessageTally *self);
char *qk_message_tally_describe_agents (const QkMessageTally *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkMessageTally, qk_message_tally_free)

G_END_DECLS
