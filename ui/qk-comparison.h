#pragma once

#include "qk-import.h"
#include "qk-pick-row.h"
#include "qk-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Another file of messages compared with a store's queue in a worker, and a row for each message that
 * is to be shown: what the operator picks from for an import or a restore.
 *
 * Its rows keep the import, so they may outlive the comparison. */

/**
 * QkComparison:
 * @import: (transfer full): what the queue and the other file have
 * @rows: (transfer full) (element-type QkPickRow): the messages to pick from, in the order of the import
 */
typedef struct {
  QkImport *import;
  GPtrArray *rows;
} QkComparison;

/**
 * QkComparisonNote:
 * @word: how it stands with the message, for the operator
 * @note: (nullable): what else is to be known
 * @state: whether it can be picked, and is
 *
 * What is said of one message. The texts are copied.
 */
typedef struct {
  const char *word;
  const char *note;
  QkPickState state;
} QkComparisonNote;

/**
 * QkComparisonJudge:
 * @import: what is compared
 * @index: a message of it
 * @flags: those that qk_comparison_async() was given
 * @note: (out caller-allocates): what is said of the message
 *
 * Is called in a worker.
 *
 * Returns: whether the message is to be shown
 */
typedef gboolean (*QkComparisonJudge) (const QkImport *import,
                                       guint index,
                                       guint flags,
                                       QkComparisonNote *note);

void qk_comparison_async (QkStore *store,
                          QkDocument *theirs,
                          QkComparisonJudge judge,
                          guint flags,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
QkComparison *qk_comparison_finish (QkStore *store, GAsyncResult *result, GError **error);
void qk_comparison_free (QkComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkComparison, qk_comparison_free)

G_END_DECLS
