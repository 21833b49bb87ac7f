#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* One of the files from which messages of a queue can be brought back. */

/**
 * QkBackupInfo:
 * @path: (type filename): what to give to qk_store_read_file_async()
 * @name: what it is called, for people
 * @time: when it was last written, in wall microseconds
 * @n_entries: how many messages it holds
 * @problem: (nullable): why it cannot be read, for people
 */
typedef struct {
  char *path; /* owned */
  char *name; /* owned */
  gint64 time;
  guint n_entries;
  char *problem; /* owned, nullable */
} QkBackupInfo;

void qk_backup_info_free (QkBackupInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkBackupInfo, qk_backup_info_free)

G_END_DECLS
