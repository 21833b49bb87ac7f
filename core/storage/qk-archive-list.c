#include "qk-archive.h"

#include "qk-snapshot.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* How many are read, the newest, and how much of each. */
#define MAX_BACKUPS      50
#define MAX_BACKUP_BYTES (G_GUINT64_CONSTANT (64) << 20)

/* Where backups are, and how their names begin. They end with ".json". */
static const struct {
  const char *folder; /* NULL: beside the queue */
  const char *prefix;
} places[] = {
    {NULL, "queue_backup_"},
    {"backups", "queue_"},
    {"archive", "queue_archive_"},
};

/* Never one that a link leads to: it may be somebody's whom the queue's readers are not to read. */
static void
look_at (const char *path, const char *name, GPtrArray *backups)
{
  QkBackupInfo *info;
  GStatBuf st;

  if (!qk_platform_is_single (path) || g_lstat (path, &st) != 0)
    return;
  info = g_new0 (QkBackupInfo, 1);
  info->path = g_strdup (path);
  info->name = g_filename_display_name (name);
  info->time = qk_wall_from_unix ((gint64) st.st_mtime * G_USEC_PER_SEC);
  g_ptr_array_add (backups, info);
}

static void
list_place (const char *parent, guint place, GPtrArray *backups)
{
  const char *below = places[place].folder, *name;
  g_autofree char *folder =
      below != NULL ? g_build_filename (parent, below, NULL) : g_strdup (parent);
  g_autoptr (GDir) dir = NULL;

  if (below == NULL || !g_file_test (folder, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *shown =
          below != NULL ? g_build_filename (below, name, NULL) : g_strdup (name);

      if (g_str_has_prefix (name, places[place].prefix) && g_str_has_suffix (name, ".json"))
        look_at (path, shown, backups);
    }
}

/* The newest first. */
static int
compare_backups (gconstpointer a, gconstpointer b)
{
  const QkBackupInfo *x = *(const QkBackupInfo *const *) a, *y = *(const QkBackupInfo *const *) b;

  if (x->time != y->time)
    return x->time > y->time ? -1 : 1;
  return g_strcmp0 (y->name, x->name);
}

/* How much there is in it, or what is wrong with it. */
static void
count (const QkPlatform *platform, QkBackupInfo *info)
{
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  QkSnapshot snapshot;
  int code = qk_snapshot_read (&snapshot, platform, info->path, MAX_BACKUP_BYTES);

  if (code > 0)
    info->problem = qk_platform_describe_code (code);
  else if (code != 0)
    info->problem = g_strdup (_ ("It cannot be read"));
  if (code != 0)
    return;
  if (qk_platform_is_plain (info->path, &snapshot.stamp))
    document = qk_document_new (snapshot.bytes, NULL, NULL, &error);
  qk_snapshot_clear (&snapshot, platform);
  if (document != NULL)
    info->n_entries = qk_document_get_n_entries (document);
  else
    info->problem = g_strdup (error != NULL ? error->message : _ ("It cannot be read"));
}

/**
 * qk_archive_list_backups:
 * @platform: the calls of the system
 * @queue: the queue's file
 * @cancellable: (nullable): ends it early
 *
 * Looks for what the queue can be restored from: the swarm's backups, ours, and archives.
 *
 * Returns: (transfer full) (element-type QkBackupInfo): the newest of them first
 */
GPtrArray *
qk_archive_list_backups (const QkPlatform *platform, const char *queue, GCancellable *cancellable)
{
  g_autofree char *path = qk_platform_resolve (queue), *parent = g_path_get_dirname (path);
  GPtrArray *backups = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_backup_info_free);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    list_place (parent, i, backups);
  g_ptr_array_sort (backups, compare_backups);
  if (backups->len > MAX_BACKUPS)
    g_ptr_array_set_size (backups, MAX_BACKUPS);
  for (guint i = 0; i < backups->len && !g_cancellable_is_cancelled (cancellable); i++)
    count (platform, backups->pdata[i]);
  return backups;
}
