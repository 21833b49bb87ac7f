#include "qk-snapshot.h"

#include <string.h>

/* A file can change twice within one tick of the clock that its time is taken from. */
#define YOUNG_NSEC G_GINT64_CONSTANT (50000000)
#define MAX_READS  3

/**
 * qk_stamp_equal:
 * @a: a stamp
 * @b: a stamp
 *
 * Returns: whether both are of the same file, size and time
 */
gboolean
qk_stamp_equal (const QkFileStamp *a, const QkFileStamp *b)
{
  return a->volume == b->volume && a->file == b->file && a->size == b->size &&
         a->modified == b->modified;
}

/**
 * qk_stamp_is_young:
 * @stamp: a stamp
 *
 * Returns: whether the file could have changed again without a change of its stamp
 */
gboolean
qk_stamp_is_young (const QkFileStamp *stamp)
{
  gint64 age = g_get_real_time () * 1000 - stamp->modified;

  return age < YOUNG_NSEC && age > -YOUNG_NSEC;
}

/* Reads to the end, which may be elsewhere than the size said. */
static int
read_all (const QkPlatform *platform, QkHandle handle, guint64 size, guint64 limit, GBytes **bytes)
{
  gsize capacity = (gsize) size + 1, length = 0, n;
  char *buffer = g_try_malloc (capacity);
  int code = buffer != NULL ? 0 : QK_SNAPSHOT_NO_MEMORY;

  while (code == 0)
    {
      code = platform->read (handle, buffer + length, capacity - length, length, &n);
      if (code != 0 || n == 0)
        break;
      length += n;
      if (length == capacity)
        {
          char *larger = length <= limit ? g_try_realloc (buffer, capacity * 2) : NULL;

          if (larger == NULL)
            code = length <= limit ? QK_SNAPSHOT_NO_MEMORY : QK_SNAPSHOT_TOO_LARGE;
          else
            {
              buffer = larger;
              capacity *= 2;
            }
        }
    }
  if (code != 0)
    g_free (buffer);
  else
    {
      /* One more byte than its length says: the passes over checked text may look at it. */
      buffer[length] = '\0';
      *bytes = g_bytes_new_take (buffer, length);
    }
  return code;
}

static int
read_stable (QkSnapshot *self, const QkPlatform *platform, guint64 limit)
{
  int code = platform->stat_handle (self->handle, &self->stamp);

  for (guint i = 0; code == 0 && i < MAX_READS; i++)
    {
      QkFileStamp after;

      if (!self->stamp.is_regular)
        return QK_SNAPSHOT_NOT_REGULAR;
      if (self->stamp.size > limit)
        return QK_SNAPSHOT_TOO_LARGE;
      g_clear_pointer (&self->bytes, g_bytes_unref);
      code = read_all (platform, self->handle, self->stamp.size, limit, &self->bytes);
      if (code == 0)
        code = platform->stat_handle (self->handle, &after);
      if (code == 0 && qk_stamp_equal (&after, &self->stamp) &&
          g_bytes_get_size (self->bytes) == after.size)
        break;
      self->stamp = after;
    }
  return code;
}

/**
 * qk_snapshot_read:
 * @self: (out caller-allocates): the snapshot
 * @platform: the calls of the system
 * @path: the file
 * @limit: the most bytes to read
 *
 * Reads a file. What changes while it is read is read again, a few times; whether it then is whole
 * is for the reader of its contents to say.
 *
 * Returns: 0, the system's error number, or one of the negative numbers above
 */
int
qk_snapshot_read (QkSnapshot *self, const QkPlatform *platform, const char *path, guint64 limit)
{
  int code;

  *self = QK_SNAPSHOT_INIT;
  code = platform->open_read (path, &self->handle);
  if (code != 0)
    {
      self->handle = QK_PLATFORM_NO_HANDLE;
      return code;
    }
  code = read_stable (self, platform, limit);
  if (code != 0)
    qk_snapshot_clear (self, platform);
  return code;
}

/**
 * qk_snapshot_refresh:
 * @self: a snapshot whose handle is open
 * @platform: the calls of the system
 * @changed: (out): whether the file was read anew
 *
 * Reads the open file again if it may hold something else by now, whatever stands at its path.
 *
 * Returns: 0, or what qk_snapshot_read() gives; then @self is as it was
 */
int
qk_snapshot_refresh (QkSnapshot *self, const QkPlatform *platform, gboolean *changed)
{
  QkSnapshot now = {.handle = self->handle};
  int code = platform->stat_handle (self->handle, &now.stamp);

  *changed = FALSE;
  if (code != 0 || (qk_stamp_equal (&now.stamp, &self->stamp) && !qk_stamp_is_young (&now.stamp)))
    return code;
  code = read_stable (&now, platform, QK_DOCUMENT_MAX_BYTES);
  if (code != 0)
    {
      g_clear_pointer (&now.bytes, g_bytes_unref);
      return code;
    }
  *changed = TRUE;
  g_bytes_unref (self->bytes);
  *self = now;
  return 0;
}

/**
 * qk_snapshot_clear:
 * @self: a snapshot
 * @platform: the calls of the system
 *
 * Closes and frees it.
 */
void
qk_snapshot_clear (QkSnapshot *self, const QkPlatform *platform)
{
  if (self->handle != QK_PLATFORM_NO_HANDLE)
    platform->close (self->handle);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  *self = QK_SNAPSHOT_INIT;
}

/**
 * qk_snapshot_is_at:
 * @self: a snapshot whose handle is open
 * @platform: the calls of the system
 * @path: a path
 *
 * Returns: whether the version that was read is what stands at @path, unchanged
 */
gboolean
qk_snapshot_is_at (const QkSnapshot *self, const QkPlatform *platform, const char *path)
{
  QkFileStamp stamp;

  if (platform->stat_path (path, &stamp) != 0 || !qk_stamp_equal (&stamp, &self->stamp))
    return FALSE;
  if (qk_stamp_is_young (&stamp))
    {
      g_autoptr (GBytes) now = NULL;

      return read_all (platform, self->handle, stamp.size, QK_DOCUMENT_MAX_BYTES, &now) == 0 &&
             g_bytes_equal (now, self->bytes);
    }
  return TRUE;
}
