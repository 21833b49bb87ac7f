#pragma once

#include "qk-message-export.h"
#include "qk-pick.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* Exports messages to a file that the operator chose: as they were seen when it was begun, written
 * beside the main loop. */

void qk_exporter_run_async (QkStore *store,
                            QkPick *pick,
                            QkMessageFormat format,
                            const char *path,
                            gboolean replace,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *qk_exporter_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
