#pragma once

#include "qk-history.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* Undoes an operation, or all of a group that were one piece of work to the operator.
 *
 * What they took is looked up in the history in a worker; then each is put back by a save of its own,
 * the latest first, so that the history knows of each of them that it is undone. */

void qk_undo_async (QkHistory *history,
                    QkStore *store,
                    gint64 operation,
                    GPtrArray *groups,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
QkResult *qk_undo_finish (GAsyncResult *result, GError **error);

G_END_DECLS
