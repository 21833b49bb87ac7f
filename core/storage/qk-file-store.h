#pragma once

#include "platform/qk-platform.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* A queue that is one JSON file.
 *
 * Everything but two jobs happens in the main context: reading a version (a task of GIO's pool, one
 * at a time, so that changes in the meantime are merged) and saving (a thread of its own, in turn).
 * Reading never waits for saving.
 */

#define QK_TYPE_FILE_STORE (qk_file_store_get_type ())
G_DECLARE_FINAL_TYPE (QkFileStore, qk_file_store, QK, FILE_STORE, GObject)

QkFileStore *qk_file_store_new (const char *location);
QkFileStore *qk_file_store_new_with_platform (const char *location, const QkPlatform *platform);

G_END_DECLS
