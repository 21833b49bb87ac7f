#pragma once

#include "qk-history.h"
#include "qk-paced-run.h"

G_BEGIN_DECLS

/* Undoes an operation: what it took is looked up in the history in a worker, and put back by one save.
 * A paced run that is undone while it goes on is ended first. */

void qk_undo_async (QkHistory *history,
                    QkStore *store,
                    gint64 operation,
                    QkPacedRun *run,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
QkResult *qk_undo_finish (GAsyncResult *result, GError **error);

G_END_DECLS
