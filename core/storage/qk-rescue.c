#include "qk-rescue-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* A file that nobody has touched for so long is not being written. */
#define SETTLED_USEC    (2 * G_TIME_SPAN_SECOND)
#define LOOK_AGAIN_USEC (20 * G_TIME_SPAN_MILLISECOND)
#define ABSENT_USEC     (300 * G_TIME_SPAN_MILLISECOND)
/* How many backups are read, the newest, and how much of each. */
#define MAX_BACKUPS      8
#define MAX_BACKUP_BYTES (G_GUINT64_CONSTANT (64) << 20)

typedef struct {
  char *name;   /* owned */
  gint64 mtime; /* in seconds since the Unix epoch */
} Backup;

static void
free_backup (gpointer data)
{
  Backup *backup = data;

  g_free (backup->name);
  g_free (backup);
}

static gboolean
is_settled (const QkFileStamp *stamp)
{
  gint64 age = g_get_real_time () - stamp->modified / 1000;

  /* A time in the future says nothing. */
  return age > SETTLED_USEC || age < 0;
}

static gboolean
fail_to_read (const char *path, int code, GError **error)
{
  g_autofree char *problem = NULL;

  if (code == QK_SNAPSHOT_NOT_REGULAR)
    {
      g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_REGULAR,
                   _ ("%s is not a file. Choose the queue's file."), path);
      return FALSE;
    }
  if (code == QK_SNAPSHOT_TOO_LARGE || code == QK_SNAPSHOT_NO_MEMORY)
    {
      g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED, _ ("%s is too large to be read."),
                   path);
      return FALSE;
    }
  problem = qk_platform_describe_code (code);
  g_set_error (error, QK_STORE_ERROR,
               qk_platform_is_denied (code) ? QK_STORE_ERROR_DENIED : QK_STORE_ERROR_FAILED,
               _ ("Cannot read %s: %s."), path, problem);
  return FALSE;
}

static gboolean
is_sound (GBytes *bytes)
{
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);

  return document != NULL;
}

/* Reads the queue's file. What is damaged, or absent, because somebody is writing it right now is
 * not damaged: looks again until it is sound, or has been left alone for a while. */
static gboolean
read_base (QkRescue *self, GCancellable *cancellable, GError **error)
{
  gint64 start = g_get_monotonic_time ();

  while (TRUE)
    {
      gint64 waited = g_get_monotonic_time () - start;
      int code = qk_snapshot_read (&self->base, self->platform, self->path, QK_DOCUMENT_MAX_BYTES);

      self->present = code == 0;
      if (code != 0 && !qk_platform_is_absent (code))
        return fail_to_read (self->path, code, error);
      if (code != 0 ? waited > ABSENT_USEC
                    : is_settled (&self->base.stamp) || waited > SETTLED_USEC ||
                          is_sound (self->base.bytes))
        return TRUE;
      qk_snapshot_clear (&self->base, self->platform);
      if (!qk_wait (LOOK_AGAIN_USEC, cancellable, error))
        return FALSE;
    }
}

/* A further source; never one that a link leads to: it may be somebody's whom the queue's readers are
 * not to read. Returns FALSE where it may still be written. What cannot be read is passed over: it is
 * no more than a chance. */
static gboolean
read_source (QkRescue *self, const char *path, guint64 limit, const char *name, GPtrArray *sources)
{
  QkSnapshot snapshot;
  gboolean settled;

  if (!qk_platform_is_single (path) ||
      qk_snapshot_read (&snapshot, self->platform, path, limit) != 0)
    return TRUE;
  settled = is_settled (&snapshot.stamp);
  if (settled && qk_platform_is_plain (path, &snapshot.stamp))
    g_ptr_array_add (sources, qk_salvage_source_new (name, snapshot.bytes));
  qk_snapshot_clear (&snapshot, self->platform);
  return settled;
}

/* What a writer that was ended has left is there to stay; what a writer is at work on is not. */
static gboolean
read_leftover (QkRescue *self, GPtrArray *sources, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".tmp", NULL);
  g_autofree char *base = g_path_get_basename (path), *name = g_filename_display_name (base);
  gint64 start = g_get_monotonic_time ();

  while (!read_source (self, path, QK_DOCUMENT_MAX_BYTES, name, sources) &&
         g_get_monotonic_time () - start <= SETTLED_USEC)
    if (!qk_wait (LOOK_AGAIN_USEC, cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_backup (const char *name)
{
  return g_str_has_suffix (name, "_corrupted.json") ||
         (g_str_has_prefix (name, "queue_backup_") && g_str_has_suffix (name, ".json"));
}

/* The newest first. */
static int
compare_backups (gconstpointer a, gconstpointer b)
{
  const Backup *x = *(const Backup *const *) a, *y = *(const Backup *const *) b;

  if (x->mtime != y->mtime)
    return x->mtime > y->mtime ? -1 : 1;
  return g_strcmp0 (y->name, x->name);
}

static GPtrArray *
list_backups (const char *folder)
{
  g_autoptr (GPtrArray) backups = g_ptr_array_new_with_free_func (free_backup);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (folder, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf st;

      if (is_backup (name) && g_lstat (path, &st) == 0)
        {
          Backup *backup = g_new (Backup, 1);

          *backup = (Backup){g_strdup (name), (gint64) st.st_mtime};
          g_ptr_array_add (backups, backup);
        }
    }
  g_ptr_array_sort (backups, compare_backups);
  return g_steal_pointer (&backups);
}

static void
read_backups (QkRescue *self, GPtrArray *sources)
{
  g_autofree char *parent = g_path_get_dirname (self->path);
  g_autofree char *folder = g_build_filename (parent, "backups", NULL);
  g_autoptr (GPtrArray) backups = list_backups (folder);
  guint enough = sources->len + MAX_BACKUPS;

  for (guint i = 0; i < backups->len && sources->len < enough; i++)
    {
      const Backup *backup = g_ptr_array_index (backups, i);
      g_autofree char *path = g_build_filename (folder, backup->name, NULL);
      g_autofree char *display = g_filename_display_name (backup->name);
      g_autofree char *name = g_strconcat ("backups/", display, NULL);

      (void) read_source (self, path, MAX_BACKUP_BYTES, name, sources);
    }
}

static gboolean
gather (QkRescue *self,
        GBytes *seen,
        gboolean from_backups,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GPtrArray) sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_salvage_source_unref);
  g_autofree char *base = g_path_get_basename (self->path), *name = g_filename_display_name (base);
  guint n_full;

  if (!read_base (self, cancellable, error))
    return FALSE;
  if (self->present)
    g_ptr_array_add (sources, qk_salvage_source_new (name, self->base.bytes));
  if (!read_leftover (self, sources, cancellable, error))
    return FALSE;
  if (sources->len == 0)
    {
      g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND,
                   _ ("There is no queue at %s, and nothing of it beside."), self->path);
      return FALSE;
    }
  if (seen != NULL)
    g_ptr_array_add (sources, qk_salvage_source_new (_ ("the last good view"), seen));
  n_full = sources->len;
  read_backups (self, sources);
  self->salvage = qk_salvage_new (sources, from_backups ? sources->len : n_full);
  if (self->present)
    self->problem = g_strdup (qk_salvage_source_get_problem (g_ptr_array_index (sources, 0)));
  self->result = qk_salvage_to_bytes (self->salvage);
  self->n_entries = qk_salvage_get_n_entries (self->salvage);
  return TRUE;
}

/**
 * qk_rescue_new:
 * @platform: the calls of the system
 * @path: the queue's file
 * @seen: (nullable): the last good version of the queue, where that is known
 * @from_backups: use all that backups hold, be it purged since or not
 * @cancellable: (nullable): ends it
 * @error: return location for a #QkStoreError or %G_IO_ERROR_CANCELLED
 *
 * Finds out what can be had. Writes nothing. Blocks, for some seconds where the file is being
 * written.
 *
 * Returns: (transfer full) (nullable): the rescue
 */
QkRescue *
qk_rescue_new (const QkPlatform *platform,
               const char *path,
               GBytes *seen,
               gboolean from_backups,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (QkRescue) self = NULL;

  g_return_val_if_fail (platform != NULL && path != NULL, NULL);

  self = g_new0 (QkRescue, 1);
  self->platform = platform;
  self->path = qk_platform_resolve (path);
  self->base = QK_SNAPSHOT_INIT;
  if (!gather (self, seen, from_backups, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * qk_rescue_free:
 * @self: (transfer full): a rescue
 *
 * Frees it.
 */
void
qk_rescue_free (QkRescue *self)
{
  g_return_if_fail (self != NULL);

  qk_snapshot_clear (&self->base, self->platform);
  g_clear_pointer (&self->salvage, qk_salvage_unref);
  g_clear_pointer (&self->result, g_bytes_unref);
  g_free (self->problem);
  g_free (self->path);
  g_free (self);
}

/**
 * qk_rescue_get_salvage:
 * @self: a rescue
 *
 * Returns: (transfer none): what can be had; the first source is the queue's file if that is there
 */
QkSalvage *
qk_rescue_get_salvage (QkRescue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->salvage;
}

/**
 * qk_rescue_is_present:
 * @self: a rescue
 *
 * Returns: whether the queue's file was there
 */
gboolean
qk_rescue_is_present (QkRescue *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->present;
}

/**
 * qk_rescue_get_stamp:
 * @self: a rescue
 *
 * Returns: (transfer none): tells which version of the queue's file was read; zeros where it was not
 *   there
 */
const QkFileStamp *
qk_rescue_get_stamp (QkRescue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->base.stamp;
}

/**
 * qk_rescue_get_problem:
 * @self: a rescue
 *
 * Returns: (nullable): what is wrong with the queue's file; %NULL where it is sound, or absent
 */
const char *
qk_rescue_get_problem (QkRescue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->problem;
}
