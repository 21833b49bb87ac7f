#include "qk-backup.h"

#include "qk-rescue-file.h"

/**
 * qk_backup_make_path:
 * @queue: the queue's file
 * @number: how many names were taken already
 *
 * Returns: (transfer full): where a damaged version of it is to be kept
 */
char *
qk_backup_make_path (const char *queue, guint number)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d_%H%M%S");
  g_autofree char *folder = g_path_get_dirname (queue);
  g_autofree char *name = number == 0
                              ? g_strdup_printf ("queue_%s_corrupted.json", time)
                              : g_strdup_printf ("queue_%s_%u_corrupted.json", time, number + 1);

  return g_build_filename (folder, "backups", name, NULL);
}

/**
 * qk_backup_move:
 * @path: a file beside the queue
 * @queue: the queue's file
 *
 * Makes a backup of a file by giving it another name.
 *
 * Returns: (transfer full): where it is now: @path where it could not be moved
 */
char *
qk_backup_move (const char *path, const char *queue)
{
  for (guint i = 0; i < QK_BACKUP_MAX_TRIES; i++)
    {
      g_autofree char *backup = qk_backup_make_path (queue, i);
      int code = qk_rescue_file_move (path, backup);

      if (code == 0)
        return g_steal_pointer (&backup);
      if (!qk_rescue_file_exists (code))
        break;
    }
  return g_strdup (path);
}
