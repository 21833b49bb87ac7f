#include "qk-backup-info.h"

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
