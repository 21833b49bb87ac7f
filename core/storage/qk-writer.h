#pragma once

#include "platform/qk-holders.h"
#include "qk-displaced.h"
#include "qk-journal.h"
#include "qk-merge.h"
#include "qk-result.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* The writer: a save is a transaction over changes, never over a list that was loaded before.
 *
 *  1. Take the lock on the sidecar `<file>.lock`, for writers that cooperate. Never waits for it.
 *  2. Read the file, and keep it open, so that its number is not given to another. Absent, empty or
 *     torn means that somebody is writing: look again shortly. What an interrupted save has left
 *     beside it (QkLeftovers) is put right together with the changes.
 *  3. Apply the changes to this version. Nothing left to do is success.
 *  4. Write a new file beside it, owner, mode and attributes as the target's, and make it durable.
 *     Its name tells what it is and what it replaces: see QkTempName. Tell the journal what this
 *     version takes away. Look whether anybody has the target open for writing, and whether it still
 *     is the version that was read; if not, back to 2.
 *  5. Swap both in one step.
 *  6. Look at what came out, once nobody has it open for writing any more. If it is not the version
 *     that was read, apply the changes to it and go to 4: no version of another writer is
 *     overwritten unseen. What it brought goes into every further version, too. Of one that its
 *     writer has left torn the whole messages are merged, and it is kept among the backups.
 *  7. Make the names durable. A failure from here on is "saved, durability unknown".
 *  8. Give back the lock and report. What was displaced is looked at for some seconds more, if
 *     somebody wants to: see QkDisplaced.
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
 * @plan: what the version that is in place now was made by: the changes, then whatever of other
 *   writers had to go with them
 * @stamp: of that version
 * @user_data: the writer's
 *
 * Called in the thread of the writer after every swap.
 */
typedef void (*QkWriterSwappedFunc) (QkPlan *plan, const QkFileStamp *stamp, gpointer user_data);

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
 * QkWriterDisplacedFunc:
 * @displaced: (transfer full): what a version of ours has taken the place of
 * @user_data: the writer's
 *
 * Called in the thread of the writer when the save has succeeded, with the lock held.
 */
typedef void (*QkWriterDisplacedFunc) (QkDisplaced *displaced, gpointer user_data);

/**
 * QkWriter:
 * @platform: the calls of the system
 * @holders: (nullable): what the system tells of who holds a file; %NULL where that is not looked for
 * @path: the file
 * @policy: the retry rule
 * @known: (nullable): a version that was read before, to save reading its entries anew
 * @gentle: leave it to the system when the disk is written, and leave alone what earlier saves have
 *   left: waiting for the disk beside writers that unlink before they rename makes their gap longer.
 *   See qk_writer_sync()
 * @on_event: told of every obstacle
 * @on_swapped: (nullable): told of every version that we put in place
 * @on_merged: (nullable): told of every version that we displaced unseen
 * @on_displaced: (nullable): takes over what was displaced
 * @was_purged: (nullable): knows of messages that were taken out on purpose, beside @journal: what
 *   another writer has saved does not bring them back
 * @user_data: for the functions
 * @journal: (nullable): keeps what is changed, so that it can be undone
 * @queue: (nullable): the name of the queue in @journal
 * @must_keep: nothing is written where @journal cannot keep it
 */
typedef struct {
  const QkPlatform *platform;
  const QkHolders *holders;
  const char *path;
  QkRetryPolicy policy;
  QkDocument *known;
  gboolean gentle;
  QkWriterFunc on_event;
  QkWriterSwappedFunc on_swapped;
  QkWriterMergedFunc on_merged;
  QkWriterDisplacedFunc on_displaced;
  QkMergeFunc was_purged;
  gpointer user_data;
  QkJournal *journal;
  const char *queue;
  gboolean must_keep;
} QkWriter;

QkResult *qk_writer_save (const QkWriter *self,
                          GPtrArray *changes,
                          GCancellable *cancellable,
                          GError **error);

gboolean qk_writer_sync (const QkPlatform *platform, const char *path);

G_END_DECLS
