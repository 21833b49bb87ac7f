#include "qk-archive.h"

#include "qk-backup.h"
#include "qk-rescue-file.h"
#include "qk-snapshot.h"

#include <glib/gi18n-lib.h>

#define ARCHIVE_FOLDER "archive"

/* @format tells the path, and may tell the problem. */
static void
fail (int code, const char *format, const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *problem = qk_platform_describe_code (code);
  g_autofree char *text = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (format, shown, problem);
#pragma GCC diagnostic pop
  g_set_error_literal (error, QK_STORE_ERROR,
                       qk_platform_is_denied (code) ? QK_STORE_ERROR_DENIED : QK_STORE_ERROR_FAILED,
                       text);
}

static char *
make_archive_path (const char *queue, guint number)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d_%H%M%S");
  g_autofree char *folder = g_path_get_dirname (queue);
  g_autofree char *name = number == 0
                              ? g_strdup_printf ("queue_archive_%s.json", time)
                              : g_strdup_printf ("queue_archive_%s_%u.json", time, number + 1);

  return g_build_filename (folder, ARCHIVE_FOLDER, name, NULL);
}

/* Nothing stands under a name with 128 random bits. */
static char *
make_temp_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path), *base = g_path_get_basename (path);
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".%s.%s.part", base, random);

  return g_build_filename (folder, name, NULL);
}

/* The whole text, on the disk. */
static int
write_out (const QkPlatform *platform, QkHandle handle, GBytes *bytes)
{
  QkSegment segment;
  int code;

  segment.data = g_bytes_get_data (bytes, &segment.size);
  code = platform->write (handle, &segment, segment.size > 0 ? 1 : 0);
  if (code == 0)
    code = platform->sync (handle);
  platform->close (handle);
  return code;
}

/* A durable file under another name in the folder of @path. */
static int
write_temp (const QkPlatform *platform,
            const char *queue,
            const char *path,
            QkRescueFolder kind,
            GBytes *bytes,
            char **temp)
{
  g_autofree char *part = make_temp_path (path);
  QkHandle like = QK_PLATFORM_NO_HANDLE, handle = QK_PLATFORM_NO_HANDLE;
  int code;

  if (platform->open_read (queue, &like) != 0)
    like = QK_PLATFORM_NO_HANDLE;
  code = qk_rescue_file_create (part, kind, like, &handle);
  if (like != QK_PLATFORM_NO_HANDLE)
    platform->close (like);
  if (code != 0)
    return code;
  code = write_out (platform, handle, bytes);
  if (code == 0)
    *temp = g_steal_pointer (&part);
  else
    (void) platform->remove (part);
  return code;
}

/* Under a name that nothing has. */
static int
name_archive (const char *queue, const char *temp, char **path)
{
  int code = 0;

  for (guint i = 0; i < QK_BACKUP_MAX_TRIES; i++)
    {
      g_autofree char *candidate = make_archive_path (queue, i);

      code = qk_rescue_file_move (temp, candidate);
      if (code == 0)
        *path = g_steal_pointer (&candidate);
      if (!qk_rescue_file_exists (code))
        break;
    }
  return code;
}

static int
give_name (const char *queue, const char *temp, const char *wanted, gboolean replace, char **path)
{
  int code;

  if (wanted == NULL)
    return name_archive (queue, temp, path);
  code = qk_rescue_file_publish (temp, wanted, replace);
  if (code == 0)
    *path = g_strdup (wanted);
  return code;
}

/* Neither the queue nor what is beside it under its name is written over, whatever was agreed to. */
static gboolean
is_queue (const char *queue, const char *path)
{
  g_autofree char *own = qk_platform_resolve (queue), *other = qk_platform_resolve (path);

  return g_strcmp0 (own, other) == 0;
}

/**
 * qk_archive_write:
 * @platform: the calls of the system
 * @queue: the queue's file, which needs not be there
 * @path: (nullable): where to; %NULL: among the archives, under a name that nothing has
 * @bytes: what to write
 * @replace: what stands at @path may be replaced
 * @error: return location for a #QkStoreError
 *
 * Writes a file that is durable and whole when this returns. Where it fails, there is no part of it.
 *
 * Returns: (transfer full) (nullable) (type filename): where it is
 */
char *
qk_archive_write (const QkPlatform *platform,
                  const char *queue,
                  const char *path,
                  GBytes *bytes,
                  gboolean replace,
                  GError **error)
{
  g_autofree char *usual = make_archive_path (queue, 0), *temp = NULL, *named = NULL;
  const char *target = path != NULL ? path : usual;
  int code;

  g_return_val_if_fail (platform != NULL && queue != NULL && bytes != NULL, NULL);

  if (path != NULL && is_queue (queue, path))
    {
      g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED,
                   _ ("%s is the queue itself. Choose another name."), path);
      return NULL;
    }
  code = write_temp (platform, queue, target,
                     path != NULL ? QK_RESCUE_FOLDER_ANY : QK_RESCUE_FOLDER_OWN, bytes, &temp);
  if (code == 0)
    code = give_name (queue, temp, path, replace, &named);
  if (code == 0)
    code = platform->sync_folder (named);
  /* A folder that was just made is a name, too. */
  if (code == 0 && path == NULL)
    {
      g_autofree char *folder = g_path_get_dirname (named);

      code = platform->sync_folder (folder);
    }
  if (code == 0)
    return g_steal_pointer (&named);
  if (named != NULL)
    {
      /* It is whole; only that it stays is not certain. */
      fail (code, _ ("%s is written, but the disk did not confirm it: %s."), named, error);
      return NULL;
    }
  if (temp != NULL)
    (void) platform->remove (temp);
  if (qk_rescue_file_exists (code))
    fail (code, _ ("%s is there already. Choose another name."), target, error);
  else
    fail (code, _ ("Cannot write %s: %s."), target, error);
  return NULL;
}

/**
 * qk_archive_read:
 * @platform: the calls of the system
 * @path: (type filename): a file
 * @error: return location for a #QkStoreError
 *
 * Reads a queue, an archive, an export or a backup.
 *
 * Returns: (transfer full) (nullable): what is in it
 */
QkDocument *
qk_archive_read (const QkPlatform *platform, const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GError) damage = NULL;
  QkDocument *document;
  QkSnapshot snapshot;
  int code = qk_snapshot_read (&snapshot, platform, path, QK_DOCUMENT_MAX_BYTES);

  if (code > 0)
    fail (code, _ ("Cannot read %s: %s."), path, error);
  else if (code == QK_SNAPSHOT_NOT_REGULAR)
    g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_REGULAR, _ ("%s is not a file."), shown);
  else if (code != 0)
    g_set_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED, _ ("%s is too large to be read."),
                 shown);
  if (code > 0 && qk_platform_is_absent (code) && error != NULL)
    (*error)->code = QK_STORE_ERROR_NOT_FOUND;
  if (code != 0)
    return NULL;
  document = qk_document_new (snapshot.bytes, NULL, NULL, &damage);
  qk_snapshot_clear (&snapshot, platform);
  if (document == NULL)
    g_set_error (
        error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED,
        _ ("%s is not a list of messages: %s. If it is damaged, “qkctl salvage” shows what "
           "can be had of it."),
        shown, damage->message);
  return document;
}
