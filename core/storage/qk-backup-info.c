#include "qk-backup-info.h"

G_DEFINE_BOXED_TYPE (QkBackupInfo, qk_backup_info, qk_backup_info_copy, qk_backup_info_free)

/**
 * qk_backup_info_copy:
 * @self: what is known of a backup
 *
 * Returns: (transfer full): a copy
 */
QkBackupInfo *
qk_backup_info_copy (const QkBackupInfo *self)
{
  QkBackupInfo *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (QkBackupInfo, 1);
  *copy = *self;
  copy->path = g_strdup (self->path);
  copy->name = g_strdup (self->name);
  copy->problem = g_strdup (self->problem);
  return copy;
}

/**
 * qk_backup_info_free:
 * @self: (transfer full): what is known of a backup
 *
 * Frees it.
 */
void
qk_backup_info_free (QkBackupInfo *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_free (self->name);
  g_free (self->problem);
  g_free (self);
}
