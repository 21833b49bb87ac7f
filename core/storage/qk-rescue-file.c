#define _GNU_SOURCE

#include "qk-rescue-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The only file of the rescue that calls the system itself: GLib can neither create a file in a folder
 * that must not be a symbolic link nor give it the owner of another. */

static int
to_code (int result)
{
  return result < 0 ? errno : 0;
}

/* Owner and mode as those of @like. Where the owner cannot be given, nobody else may read it. */
static int
take_after (int fd, QkHandle like)
{
  struct stat st, own;

  if (like == QK_PLATFORM_NO_HANDLE)
    return 0;
  if (fstat ((int) like, &st) < 0 || fstat (fd, &own) < 0)
    return errno;
  if ((st.st_uid != own.st_uid || st.st_gid != own.st_gid) && fchown (fd, st.st_uid, st.st_gid) < 0)
    return 0;
  return to_code (fchmod (fd, st.st_mode & 07777));
}

static int
open_folder (const char *folder, QkRescueFolder kind, int *fd)
{
  int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

  if (kind == QK_RESCUE_FOLDER_OWN)
    {
      flags |= O_NOFOLLOW;
      if (g_mkdir (folder, 0700) < 0 && errno != EEXIST)
        return errno;
    }
  *fd = open (folder, flags);
  return to_code (*fd);
}

/**
 * qk_rescue_file_create:
 * @path: a path
 * @kind: what its folder may be
 * @like: an open file whose owner and mode it gets, or %QK_PLATFORM_NO_HANDLE: for its owner only
 * @handle: (out): the file, open for writing
 *
 * Creates a file where nothing is.
 *
 * Returns: 0, or the system's error number: see qk_rescue_file_exists()
 */
int
qk_rescue_file_create (const char *path, QkRescueFolder kind, QkHandle like, QkHandle *handle)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
  int dir = -1, fd = -1, code = open_folder (folder, kind, &dir);

  if (code != 0)
    return code;
  fd = openat (dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  code = to_code (fd);
  if (code == 0)
    {
      code = take_after (fd, like);
      if (code != 0)
        {
          (void) close (fd);
          (void) unlinkat (dir, name, 0);
        }
    }
  (void) close (dir);
  *handle = code == 0 ? fd : QK_PLATFORM_NO_HANDLE;
  return code;
}

/* In one step where the system can; else a link does not take the place of anything either. */
static int
move_to_free_name (const char *path, int dir, const char *name)
{
#ifdef RENAME_NOREPLACE
  int code = to_code (renameat2 (AT_FDCWD, path, dir, name, RENAME_NOREPLACE));

  if (code != EINVAL && code != ENOSYS)
    return code;
#endif
  if (linkat (AT_FDCWD, path, dir, name, 0) < 0)
    return errno;
  return to_code (unlink (path));
}

/**
 * qk_rescue_file_move:
 * @path: a file
 * @target: a path at which nothing is; its folder is made where it is missing, for its owner only, and
 *   must not be a symbolic link
 *
 * Gives a file another name on the same file system.
 *
 * Returns: 0, or the system's error number: see qk_rescue_file_exists()
 */
int
qk_rescue_file_move (const char *path, const char *target)
{
  g_autofree char *folder = g_path_get_dirname (target), *name = g_path_get_basename (target);
  int dir = -1, code = open_folder (folder, QK_RESCUE_FOLDER_OWN, &dir);

  if (code != 0)
    return code;
  code = move_to_free_name (path, dir, name);
  (void) close (dir);
  return code;
}

/**
 * qk_rescue_file_publish:
 * @temp: a file
 * @path: another name in its folder
 * @replace: what stands at @path may be replaced
 *
 * Gives a file that is complete its name, in one step.
 *
 * Returns: 0, or the system's error number: see qk_rescue_file_exists()
 */
int
qk_rescue_file_publish (const char *temp, const char *path, gboolean replace)
{
  return replace ? to_code (rename (temp, path)) : move_to_free_name (temp, AT_FDCWD, path);
}

/**
 * qk_rescue_file_exists:
 * @code: an error number that came from qk_rescue_file_create()
 *
 * Returns: whether it says that something stands there already
 */
gboolean
qk_rescue_file_exists (int code)
{
  return code == EEXIST;
}
