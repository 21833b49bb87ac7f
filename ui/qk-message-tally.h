#pragma once

#include "qk-pick.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a set of messages consists of: for the question before a large change and for the pane beside
 * a selection of many. Plain data; it is counted in whatever thread is at hand. */

/**
 * QkTallyCount:
 * @name: a recipient as it stands in the queue, or a class of errors
 * @n: how many messages have it
 */
typedef struct {
  char *name; /* owned */
  guint n;
} QkTallyCount;

/**
 * QkMessageTally:
 * @n_messages: how many there are
 * @by_status: how many of each status; stuck ones are not among the processing ones
 * @stuck: how many are stuck
 * @hazards: how many the swarm trips over
 * @oldest: when the oldest was created, in wall microseconds; %QK_WALL_NONE where none says
 * @newest: likewise
 * @agents: (element-type QkTallyCount): for whom they are, in natural order
 * @errors: (element-type QkTallyCount): why those that failed did, the most frequent first
 */
typedef struct {
  guint n_messages;
  guint by_status[QK_N_STATUSES];
  guint stuck;
  guint hazards;
  gint64 oldest;
  gint64 newest;
  GPtrArray *agents; /* owned */
  GPtrArray *errors; /* owned */
} QkMessageTally;

/**
 * QK_TALLY_AT_ONCE:
 *
 * So many messages are counted before the next frame is due; more are counted in a worker.
 */
#define QK_TALLY_AT_ONCE 1000

QkMessageTally *qk_message_tally_new (const QkPick *pick, const gboolean *counts, gint64 now);
void qk_message_tally_free (QkMessageTally *self);
void qk_message_tally_async (QkPick *pick,
                             gint64 now,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QkMessageTally *qk_message_tally_finish (GAsyncResult *result, GError **error);
char *qk_message_tally_describe_statuses (const QkMessageTally *self);
char *qk_message_tally_describe_agents (const QkMessageTally *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkMessageTally, qk_message_tally_free)

G_END_DECLS
