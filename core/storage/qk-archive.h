#pragma once

#include "platform/qk-platform.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* Files that keep messages beside the queue's own: archives, `archive/queue_archive_YYYYmmdd_HHMMSS.json`,
 * exports where the operator wants them, and the list of what a queue can be restored from.
 *
 * A file is written under a name of its own, made durable, and only then given its name, so that it is
 * found whole or not at all. It has the owner and the mode of the queue's. All of it blocks: belongs in
 * a worker thread.
 */

char *qk_archive_write (const QkPlatform *platform,
                        const char *queue,
                        const char *path,
                        GBytes *bytes,
                        gboolean replace,
                        GError **error);
QkDocument *qk_archive_read (const QkPlatform *platform, const char *path, GError **error);
GPtrArray *qk_archive_list_backups (const QkPlatform *platform,
                                    const char *queue,
                                    GCancellable *cancellable);

G_END_DECLS
