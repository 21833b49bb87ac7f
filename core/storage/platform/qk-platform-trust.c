#define _GNU_SOURCE

#include "qk-platform.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that others may write to as well: what to make of what stands in it. */

#define RANDOM_BYTES 16
#define NAME_BYTES   4096

/**
 * qk_platform_dup_random:
 *
 * 128 bits from the system's own source, for names that nobody can foresee. GLib's generator, from
 * which its UUIDs come, can be foreseen by who has seen some hundreds of its numbers.
 *
 * Returns: (transfer full) (nullable): 32 hexadecimal digits; %NULL with errno set where the system
 *   has none
 */
char *
qk_platform_dup_random (void)
{
  guint8 bytes[RANDOM_BYTES];
  GString *text;

  if (getentropy (bytes, sizeof bytes) < 0)
    return NULL;
  text = g_string_sized_new (2 * RANDOM_BYTES);
  for (guint i = 0; i < RANDOM_BYTES; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/**
 * qk_platform_is_plain:
 * @path: a path
 * @stamp: of the file that was opened there
 *
 * Returns: whether it was that file itself, and not one that a symbolic link leads to
 */
gboolean
qk_platform_is_plain (const char *path, const QkFileStamp *stamp)
{
  struct stat st;

  return lstat (path, &st) == 0 && S_ISREG (st.st_mode) && (guint64) st.st_ino == stamp->file &&
         (guint64) st.st_dev == stamp->volume;
}

/**
 * qk_platform_is_single:
 * @path: a path
 *
 * Who may write to a folder may give a file a name in it that is not theirs to read: a symbolic link
 * or a further name of the file itself.
 *
 * Returns: whether a file stands there that has no other name
 */
gboolean
qk_platform_is_single (const char *path)
{
  struct stat st;

  return lstat (path, &st) == 0 && S_ISREG (st.st_mode) && st.st_nlink == 1;
}

static char *
dup_user_name (uid_t uid)
{
  char buffer[NAME_BYTES];
  struct passwd entry, *found = NULL;

  if (getpwuid_r (uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL)
    return g_strdup (entry.pw_name);
  return g_strdup_printf (_ ("user %lu"), (unsigned long) uid);
}

/**
 * qk_platform_dup_other_owner:
 * @handle: an open file
 * @code: an error number that came from `create_temp`
 *
 * Returns: (transfer full) (nullable): the name of its owner, where the code says that we may not
 *   give a file to them; else %NULL
 */
char *
qk_platform_dup_other_owner (QkHandle handle, int code)
{
  struct stat st;

  if (code != EPERM || fstat ((int) handle, &st) < 0 || st.st_uid == geteuid ())
    return NULL;
  return dup_user_name (st.st_uid);
}

/**
 * qk_platform_is_obstructed:
 * @code: an error number that came from `lock`
 *
 * Returns: whether it says that something else than a file stands there
 */
gboolean
qk_platform_is_obstructed (int code)
{
  return code == ELOOP || code == EISDIR || code == ENXIO;
}
