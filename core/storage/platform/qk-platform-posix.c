#define _GNU_SOURCE

#include "qk-platform-posix-private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_IOV   512
#define MAX_LINKS 40

static int
to_code (int result)
{
  return result < 0 ? errno : 0;
}

static void
fill_stamp (const struct stat *st, QkFileStamp *stamp)
{
  *stamp = (QkFileStamp){
      .volume = (guint64) st->st_dev,
      .file = (guint64) st->st_ino,
      .size = (guint64) st->st_size,
      .modified = (gint64) st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
      .is_regular = S_ISREG (st->st_mode),
  };
}

static int
posix_stat_path (const char *path, QkFileStamp *stamp)
{
  struct stat st;

  if (stat (path, &st) < 0)
    return errno;
  fill_stamp (&st, stamp);
  return 0;
}

static int
posix_stat_handle (QkHandle handle, QkFileStamp *stamp)
{
  struct stat st;

  if (fstat ((int) handle, &st) < 0)
    return errno;
  fill_stamp (&st, stamp);
  return 0;
}

/* O_NONBLOCK: a FIFO in the queue's place must not stop us. */
static int
posix_open_read (const char *path, QkHandle *handle)
{
  *handle = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return to_code ((int) *handle);
}

static int
posix_read (QkHandle handle, char *buffer, gsize size, guint64 offset, gsize *n_read)
{
  ssize_t n;

  do
    n = pread ((int) handle, buffer, size, (off_t) offset);
  while (n < 0 && errno == EINTR);
  *n_read = n > 0 ? (gsize) n : 0;
  return to_code (n < 0 ? -1 : 0);
}

static void
posix_close (QkHandle handle)
{
  (void) close ((int) handle);
}

/* Takes @n written bytes off the front of the vector. */
static void
advance (struct iovec **iov, int *count, gsize n)
{
  while (*count > 0 && n >= (*iov)->iov_len)
    {
      n -= (*iov)->iov_len;
      (*iov)++;
      (*count)--;
    }
  if (*count > 0)
    {
      (*iov)->iov_base = (char *) (*iov)->iov_base + n;
      (*iov)->iov_len -= n;
    }
}

static int
posix_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  struct iovec vector[MAX_IOV], *iov;

  for (guint i = 0; i < n_segments;)
    {
      int count = 0;

      for (; i < n_segments && count < MAX_IOV; i++)
        vector[count++] = (struct iovec){(void *) segments[i].data, segments[i].size};
      for (iov = vector; count > 0;)
        {
          ssize_t n = writev ((int) handle, iov, count);

          if (n < 0 && errno != EINTR)
            return errno;
          advance (&iov, &count, n > 0 ? (gsize) n : 0);
        }
    }
  return 0;
}

static int
posix_sync (QkHandle handle)
{
  return to_code (fsync ((int) handle));
}

/* The data is on its way to the disk when this returns, and the file has its blocks: what the disk
 * holds after a power failure is this version or none of it, never an empty file. The journal of the
 * file system is not waited for. */
static int
posix_flush (QkHandle handle)
{
#ifdef __linux__
  return to_code (sync_file_range ((int) handle, 0, 0,
                                   SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                                       SYNC_FILE_RANGE_WAIT_AFTER));
#else
  return ENOSYS;
#endif
}

static int
posix_sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code;

  if (fd < 0)
    return errno;
  code = to_code (fsync (fd));
  (void) close (fd);
  return code;
}

static int
exchange (const char *temp, const char *path)
{
#if defined(RENAME_EXCHANGE)
  return to_code (renameat2 (AT_FDCWD, temp, AT_FDCWD, path, RENAME_EXCHANGE));
#elif defined(RENAME_SWAP)
  return to_code (renamex_np (temp, path, RENAME_SWAP));
#else
  return ENOSYS;
#endif
}

static int
posix_swap (const char *temp, const char *path, gboolean *exchanged)
{
  int code = exchange (temp, path);

  *exchanged = code == 0;
  if (code != EINVAL && code != ENOSYS && code != ENOTSUP)
    return code;
  return to_code (rename (temp, path));
}

/* Who opens the file for writing meanwhile is made to wait by the kernel, and we are told by a
 * signal: one that does nothing, in place of SIGIO, which would end the process. */
static int
posix_lease (QkHandle handle)
{
#if defined(F_SETLEASE)
  if (fcntl ((int) handle, F_SETSIG, SIGURG) < 0)
    return errno;
  return to_code (fcntl ((int) handle, F_SETLEASE, F_RDLCK));
#else
  return ENOSYS;
#endif
}

static void
posix_unlease (QkHandle handle)
{
#if defined(F_SETLEASE)
  (void) fcntl ((int) handle, F_SETLEASE, F_UNLCK);
#endif
}

static int
posix_claim (QkHandle handle)
{
  return to_code (flock ((int) handle, LOCK_EX | LOCK_NB));
}

static int
posix_remove (const char *path)
{
  return to_code (unlink (path));
}

/* A lock on a file that has lost its name excludes nobody: then the new one is to be locked. */
static gboolean
is_at (int fd, const char *path)
{
  QkFileStamp by_handle = {0}, by_path = {0};

  return posix_stat_handle (fd, &by_handle) == 0 && posix_stat_path (path, &by_path) == 0 &&
         by_handle.volume == by_path.volume && by_handle.file == by_path.file;
}

static int
posix_lock (const char *path, QkHandle *lock)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
  QkFileStamp stamp = {0};

  /* Another user's sidecar: the right to read is enough for a lock. */
  if (fd < 0 && errno == EACCES)
    {
      fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
      if (fd < 0 && errno == ENOENT)
        errno = EACCES;
    }
  if (fd < 0)
    return errno;
  /* A lock on a device or a FIFO is no lock on the queue. */
  if (posix_stat_handle (fd, &stamp) != 0 || !stamp.is_regular)
    {
      (void) close (fd);
      return ENXIO;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && is_at (fd, path))
    {
      *lock = fd;
      return 0;
    }
  (void) close (fd);
  return EWOULDBLOCK;
}

static void
posix_unlock (QkHandle lock)
{
  (void) close ((int) lock);
}

/**
 * qk_platform_get_native:
 *
 * Returns: (transfer none): the calls of this system
 */
const QkPlatform *
qk_platform_get_native (void)
{
  static const QkPlatform native = {
      .stat_path = posix_stat_path,
      .stat_handle = posix_stat_handle,
      .open_read = posix_open_read,
      .read = posix_read,
      .close = posix_close,
      .create_temp = qk_posix_create_temp,
      .write = posix_write,
      .sync = posix_sync,
      .flush = posix_flush,
      .sync_folder = posix_sync_folder,
      .swap = posix_swap,
      .lease = posix_lease,
      .unlease = posix_unlease,
      .claim = posix_claim,
      .remove = posix_remove,
      .lock = posix_lock,
      .unlock = posix_unlock,
  };

  return &native;
}

/**
 * qk_platform_watch_open:
 * @folder: a folder
 *
 * Watches what happens to the files in a folder. GIO's monitor does that too, but once it has seen a
 * few events it sleeps for 100 ms between them.
 *
 * Returns: a descriptor to be polled for reading; %QK_PLATFORM_NO_HANDLE where the system has no such
 *   thing or no more of it
 */
QkHandle
qk_platform_watch_open (const char *folder)
{
#ifdef __linux__
  const guint32 mask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |
                       IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  int fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);

  if (fd >= 0 && inotify_add_watch (fd, folder, mask) >= 0)
    return fd;
  if (fd >= 0)
    (void) close (fd);
#endif
  return QK_PLATFORM_NO_HANDLE;
}

/**
 * qk_platform_watch_read:
 * @watch: what qk_platform_watch_open() gave
 * @name: a name in the folder
 *
 * Takes what has happened since the last call. Never blocks.
 *
 * Returns: whether it may concern @name
 */
gboolean
qk_platform_watch_read (QkHandle watch, const char *name)
{
  gboolean concerned = FALSE;
#ifdef __linux__
  char buffer[4096] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  ssize_t n;

  while ((n = read ((int) watch, buffer, sizeof buffer)) > 0)
    for (const char *p = buffer; p < buffer + n;)
      {
        const struct inotify_event *event = (const void *) p;

        /* Without a name it is about the folder, or about events that did not fit. */
        concerned = concerned || event->len == 0 || strcmp (event->name, name) == 0;
        p += sizeof *event + event->len;
      }
#endif
  return concerned;
}

/**
 * qk_platform_watch_close:
 * @watch: what qk_platform_watch_open() gave
 *
 * Watches no longer.
 */
void
qk_platform_watch_close (QkHandle watch)
{
  (void) close ((int) watch);
}

/**
 * qk_platform_get_user:
 *
 * Returns: a number of who runs this process
 */
guint64
qk_platform_get_user (void)
{
  return (guint64) geteuid ();
}

/* Where a symbolic link leads to; NULL where @path is none. */
static char *
read_link (const char *path)
{
  g_autofree char *target = g_file_read_link (path, NULL);
  g_autofree char *folder = NULL;

  if (target == NULL || g_path_is_absolute (target))
    return g_steal_pointer (&target);
  folder = g_path_get_dirname (path);
  return g_build_filename (folder, target, NULL);
}

/**
 * qk_platform_resolve:
 * @path: a path
 *
 * Follows symbolic links, so that all who write to a file agree on its sidecar. The file itself may
 * be absent, as it is for moments while other writers replace it.
 *
 * Returns: (transfer full): the path that it leads to, or @path itself where there is no such folder
 */
char *
qk_platform_resolve (const char *path)
{
  g_autofree char *last = g_strdup (path), *folder = NULL, *name = NULL;
  char *real, *result;

  for (guint i = 0; i < MAX_LINKS; i++)
    {
      char *next = read_link (last);

      if (next == NULL)
        break;
      g_free (last);
      last = next;
    }
  folder = g_path_get_dirname (last);
  name = g_path_get_basename (last);
  real = realpath (folder, NULL);
  result = real != NULL ? g_build_filename (real, name, NULL) : g_strdup (path);
  free (real);
  return result;
}

/**
 * qk_platform_is_absent:
 * @code: an error number
 *
 * Returns: whether it says that there is no such file
 */
gboolean
qk_platform_is_absent (int code)
{
  return code == ENOENT || code == ENOTDIR;
}

/**
 * qk_platform_is_lock_held:
 * @code: an error number that came from `lock` or `lease`
 *
 * Returns: whether it says that another process has the lock
 */
gboolean
qk_platform_is_lock_held (int code)
{
  return code == EWOULDBLOCK;
}

/**
 * qk_platform_is_contention:
 * @code: an error number that came from `swap`
 * @kind: (out): of what kind
 *
 * Returns: whether the call is worth another attempt
 */
gboolean
qk_platform_is_contention (int code, QkLockKind *kind)
{
  if (code == EACCES)
    *kind = QK_LOCK_KIND_ACCESS_DENIED;
  else if (code == EBUSY || code == ETXTBSY || code == EAGAIN)
    *kind = QK_LOCK_KIND_IN_USE;
  else
    return FALSE;
  return TRUE;
}

/**
 * qk_platform_is_denied:
 * @code: an error number
 *
 * Returns: whether it says that the right is missing
 */
gboolean
qk_platform_is_denied (int code)
{
  return code == EACCES || code == EPERM || code == EROFS;
}

/**
 * qk_platform_get_code_name:
 * @code: an error number
 *
 * Returns: its symbolic name, such as `EACCES`; "error" where it is not one that is met here
 */
const char *
qk_platform_get_code_name (int code)
{
  static const struct {
    int code;
    const char *name;
  } names[] = {
      {EACCES, "EACCES"}, {EAGAIN, "EAGAIN"},   {EBUSY, "EBUSY"},   {EDQUOT, "EDQUOT"},
      {EINTR, "EINTR"},   {EIO, "EIO"},         {EISDIR, "EISDIR"}, {ELOOP, "ELOOP"},
      {EMFILE, "EMFILE"}, {ENFILE, "ENFILE"},   {ENXIO, "ENXIO"},   {ENOENT, "ENOENT"},
      {ENOSPC, "ENOSPC"}, {ENOTDIR, "ENOTDIR"}, {EPERM, "EPERM"},   {EROFS, "EROFS"},
      {ESTALE, "ESTALE"}, {ETXTBSY, "ETXTBSY"}, {EXDEV, "EXDEV"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == code)
      return names[i].name;
  return "error";
}

/**
 * qk_platform_describe_code:
 * @code: an error number
 *
 * Returns: (transfer full): what it means, its name and number
 */
char *
qk_platform_describe_code (int code)
{
  return g_strdup_printf ("%s (%s %d)", g_strerror (code), qk_platform_get_code_name (code), code);
}
