#pragma once

#include "platform/qk-platform.h"
#include "qk-journal.h"
#include "qk-result.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* The writer: a save is a transaction over changes, never over a list that was loaded before.
 *
 *  1. Take the lock on the sidecar `<file>.lock`, for writers that cooperate. Never waits for it.
 *  2. Read the file. Absent, empty or torn means that somebody is writing: look again shortly.
 *  3. Apply the changes to this version. Nothing left to do is success.
 *  4. Write a new file beside it, owner and mode as the target's, and make it durable. Tell the
 *     journal what this version takes away. Look whether anybody has the target open for writing,
 *     and whether it still is the version that was read; if not, back to 2.
 *  5. Swap both in one step, then look at what came out. If it is another version, apply the
 *     changes to that one and go to 4: no version of another writer is overwritten unseen.
 *  6. Make the names durable. A failure from here on is "saved, durability unknown".
 *  7. Give back the lock and report.
 *
 * What another process stands in the way of (1, 2, and access denied or file in use in 5) is tried
 * again by the retry rule; any other error ends the save at once, with the file as it was.
 *
 * Blocks: belongs in a worker thread.
 */

/**
 * QkWriterFunc:
 * @event: what stood in the way
 * @user_data: the writer's
 *
 * Called in the thread of the writer before it waits.
 */
typedef void (*QkWriterFunc) (const QkLockEvent *event, gpointer user_data);

/**
 * QkWriterSwappedFunc:
 * @plan: what the version that is in place now was made by
 * @user_data: the writer's
 *
 * Called in the thread of the writer after every swap.
 */
typedef void (*QkWriterSwappedFunc) (QkPlan *plan, gpointer user_data);

/**
 * QkWriterMergedFunc:
 * @base: the version that ours was made of
 * @displaced: the version of another writer that came out of the swap instead
 * @user_data: the writer's
 *
 * Called in the thread of the writer before @displaced is merged.
 */
typedef void (*QkWriterMergedFunc) (QkDocument *base, QkDocument *displaced, gpointer user_data);

/**
 * QkWriter:
 * @platform: the calls of the system
 * @path: the file
 * @policy: the retry rule
 * @known: (nullable): a version that was read before, to save reading its entries anew
 * @gentle: leave it to the system when the disk is written: waiting for it beside writers that
 *   unlink before they rename makes their gap longer. See qk_writer_sync()
 * @on_event: told of every obstacle
 * @on_swapped: (nullable): told of every version that we put in place
 * @on_merged: (nullable): told of every version that we displaced unseen
 * @user_data: for @on_event
 * @journal: (nullable): keeps what is changed, so that it can be undone
 * @queue: (nullable): the name of the queue in @journal
 */
typedef struct {
  const QkPlatform *platform;
  const char *path;
  QkRetryPolicy policy;
  QkDocument *known;
  gboolean gentle;
  QkWriterFunc on_event;
  QkWriterSwappedFunc on_swapped;
  QkWriterMergedFunc on_merged;
  gpointer user_data;
  QkJournal *journal;
  const char *queue;
} QkWriter;

QkResult *qk_writer_save (const QkWriter *self,
                          GPtrArray *changes,
                          GCancellable *cancellable,
                          GError **error);

gboolean qk_writer_sync (const QkPlatform *platform, const char *path);

G_END_DECLS
