#define _GNU_SOURCE

#include "qk-platform-posix-private.h"

#include "qk-temp-name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <unistd.h>

/* Owner and mode are attributes of their own, and what the system itself attaches is not ours to
 * copy. A POSIX ACL is the one of the `system` ones that is. */
static gboolean
is_wanted (const char *name)
{
  return g_str_has_prefix (name, "user.") || strcmp (name, "system.posix_acl_access") == 0;
}

#ifdef __linux__
static int
copy_xattr (int fd, int like, const char *name)
{
  ssize_t size = fgetxattr (like, name, NULL, 0);
  g_autofree char *value = size > 0 ? g_try_malloc ((gsize) size) : NULL;

  if (size < 0 || (size > 0 && value == NULL))
    return size < 0 ? errno : ENOMEM;
  if (size > 0)
    size = fgetxattr (like, name, value, (size_t) size);
  if (size < 0 || fsetxattr (fd, name, value, (size_t) size, 0) < 0)
    return errno;
  return 0;
}

static int
copy_xattrs (int fd, int like)
{
  ssize_t size = flistxattr (like, NULL, 0);
  g_autofree char *names = size > 0 ? g_try_malloc ((gsize) size) : NULL;
  int code = 0;

  /* A file system that has none at all. */
  if (size == 0 || (size < 0 && (errno == ENOTSUP || errno == ENOSYS)))
    return 0;
  if (size < 0 || names == NULL)
    return size < 0 ? errno : ENOMEM;
  size = flistxattr (like, names, (size_t) size);
  if (size < 0)
    return errno;
  for (const char *name = names; name < names + size && code == 0; name += strlen (name) + 1)
    if (is_wanted (name))
      code = copy_xattr (fd, like, name);
  return code;
}
#else
static int
copy_xattrs (int fd, int like)
{
  return 0;
}
#endif

/* Makes the owner, the extended attributes, the access control list and the mode of @fd those of
 * @like. The mode comes last: until then nobody else may open the file. */
static int
copy_attributes (int fd, int like)
{
  struct stat st, own;
  int code;

  if (fstat (like, &st) < 0 || fstat (fd, &own) < 0)
    return errno;
  if ((st.st_uid != own.st_uid || st.st_gid != own.st_gid) && fchown (fd, st.st_uid, st.st_gid) < 0)
    return errno;
  code = copy_xattrs (fd, like);
  if (code != 0)
    return code;
  return fchmod (fd, st.st_mode & 07777) < 0 ? errno : 0;
}

static int
create_unnamed (const char *path, const char *random, int *fd, char **temp)
{
  if (random == NULL)
    return errno;
  *temp = qk_temp_name_format_new (path, random);
  *fd = open (*temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  return *fd < 0 ? errno : 0;
}

/* The number of a file is known only once there is a file. Nothing can stand under the new name, for
 * it holds the same 128 bits. */
static int
give_name (int fd, const char *path, const QkFileStamp *replaced, const char *random, char **temp)
{
  g_autofree char *name = NULL;
  struct stat st;

  if (fstat (fd, &st) < 0)
    return errno;
  name = qk_temp_name_format (path, (guint64) st.st_ino, replaced, random);
  if (rename (*temp, name) < 0)
    return errno;
  g_free (*temp);
  *temp = g_steal_pointer (&name);
  return 0;
}

/* QkPlatform.create_temp */
int
qk_posix_create_temp (const char *path,
                      QkHandle like,
                      const QkFileStamp *replaced,
                      QkHandle *handle,
                      char **temp)
{
  g_autofree char *random = qk_platform_dup_random ();
  int fd = -1, code = create_unnamed (path, random, &fd, temp);

  if (code == 0)
    {
      code = give_name (fd, path, replaced, random, temp);
      if (code == 0)
        code = copy_attributes (fd, (int) like);
      if (code == 0)
        {
          *handle = fd;
          return 0;
        }
      (void) close (fd);
      (void) unlink (*temp);
    }
  g_clear_pointer (temp, g_free);
  return code;
}
