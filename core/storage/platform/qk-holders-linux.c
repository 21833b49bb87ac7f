#define _GNU_SOURCE

#include "qk-holders.h"

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define MAX_LOCKS_BYTES (1 << 20)
#define MAX_FILE_BYTES  4096
#define MAX_USES        64
#define CONFIRM_USEC    (5 * G_TIME_SPAN_MILLISECOND)
/* How many descriptors are looked at between two looks at the clock. */
#define CLOCK_INTERVAL 64

/* Reads the beginning of a file of /proc: what it gives in one go is of one moment. */
static int
read_start (int folder, const char *name, char *buffer, gsize size, gsize *length)
{
  int fd = openat (folder, name, O_RDONLY | O_CLOEXEC);
  ssize_t n = 0;
  int code;

  *length = 0;
  if (fd < 0)
    return errno;
  while (*length < size - 1 && (n = read (fd, buffer + *length, size - 1 - *length)) > 0)
    *length += (gsize) n;
  code = n < 0 ? errno : 0;
  buffer[*length] = '\0';
  (void) close (fd);
  return code;
}

static void
add_use (GArray *uses, gint64 pid, QkHolderHow how)
{
  const QkHolderUse use = {pid, how};

  if (uses->len < MAX_USES)
    g_array_append_val (uses, use);
}

/* A descriptor whose file is the one: how it is open, and whether there is a lock behind it. */
static void
add_descriptor (int folder, const char *name, gint64 pid, GArray *uses)
{
  g_autofree char *path = g_strconcat ("../fdinfo/", name, NULL);
  char text[MAX_FILE_BYTES];
  const char *flags;
  gsize length;
  long mode = O_RDONLY;

  if (read_start (folder, path, text, sizeof text, &length) != 0)
    return;
  flags = strstr (text, "flags:");
  if (flags != NULL)
    mode = strtol (flags + strlen ("flags:"), NULL, 8);
  if (mode & O_PATH)
    return;
  if (strstr (text, "lock:") != NULL)
    add_use (uses, pid, QK_HOLDER_LOCKS);
  add_use (uses, pid, (mode & O_ACCMODE) == O_RDONLY ? QK_HOLDER_READS : QK_HOLDER_WRITES);
}

/* Without asking a server that may not answer. */
static gboolean
is_file (int folder, const char *name, const QkFileStamp *file)
{
  struct statx st;

  return statx (folder, name, AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, &st) == 0 &&
         st.stx_ino == file->file &&
         makedev (st.stx_dev_major, st.stx_dev_minor) == (dev_t) file->volume;
}

static int
scan_process (gint64 pid, const QkFileStamp *file, gint64 deadline, GArray *uses)
{
  char path[64];
  struct dirent *entry;
  DIR *folder;
  int code = 0;

  (void) g_snprintf (path, sizeof path, "/proc/%" G_GINT64_FORMAT "/fd", pid);
  folder = opendir (path);
  if (folder == NULL)
    return errno;
  for (guint n = 1; code == 0 && (entry = readdir (folder)) != NULL; n++)
    {
      if (g_ascii_isdigit (entry->d_name[0]) && is_file (dirfd (folder), entry->d_name, file))
        add_descriptor (dirfd (folder), entry->d_name, pid, uses);
      if (n % CLOCK_INTERVAL == 0 && g_get_monotonic_time () > deadline)
        code = EAGAIN;
    }
  (void) closedir (folder);
  return code;
}

/* Some file systems give files another device than their locks: then a descriptor must prove it. */
static void
add_lock (const QkFileStamp *file, gint64 pid, dev_t device, GArray *uses)
{
  g_autoptr (GArray) found = NULL;

  if (pid <= 0 || device == (dev_t) file->volume)
    {
      add_use (uses, pid > 0 ? pid : -1, QK_HOLDER_LOCKS);
      return;
    }
  found = g_array_new (FALSE, FALSE, sizeof (QkHolderUse));
  if (scan_process (pid, file, g_get_monotonic_time () + CONFIRM_USEC, found) != 0)
    add_use (uses, -1, QK_HOLDER_LOCKS);
  else if (found->len > 0)
    add_use (uses, pid, QK_HOLDER_LOCKS);
}

/* "1: FLOCK  ADVISORY  WRITE 4312 fe:01:1234 0 EOF"; who waits for a lock has "->" after the colon. */
static int
linux_find_locks (const QkFileStamp *file, GArray *uses)
{
  g_autofree char *text = g_malloc (MAX_LOCKS_BYTES);
  gsize length;
  int code = read_start (AT_FDCWD, "/proc/locks", text, MAX_LOCKS_BYTES, &length);

  if (code != 0)
    return code;
  for (char *line = text, *end; *line != '\0'; line = end)
    {
      long long pid;
      unsigned int major_number, minor_number;
      unsigned long inode;

      end = strchrnul (line, '\n');
      if (*end != '\0')
        *end++ = '\0';
      if (sscanf (line, "%*d: %*[A-Z] %*s %*s %lld %x:%x:%lu", &pid, &major_number, &minor_number,
                  &inode) == 4 &&
          inode == file->file)
        add_lock (file, pid, makedev (major_number, minor_number), uses);
    }
  return 0;
}

static gboolean
has_use (GArray *uses, QkHolderHow how)
{
  for (guint i = 0; i < uses->len; i++)
    if (g_array_index (uses, QkHolderUse, i).how == how &&
        g_array_index (uses, QkHolderUse, i).pid > 0)
      return TRUE;
  return FALSE;
}

static GArray *
list_processes (int *code)
{
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (gint64));
  struct dirent *entry;
  DIR *folder = opendir ("/proc");

  *code = folder == NULL ? errno : 0;
  while (folder != NULL && (entry = readdir (folder)) != NULL)
    {
      gint64 pid = g_ascii_strtoll (entry->d_name, NULL, 10);

      if (pid > 0 && pid != (gint64) getpid ())
        g_array_append_val (pids, pid);
    }
  if (folder != NULL)
    (void) closedir (folder);
  return g_steal_pointer (&pids);
}

/* The latest processes first: those of the system, which were there before the swarm, come last. */
static int
linux_find_open (const QkFileStamp *file,
                 QkHolderHow enough,
                 gint64 deadline,
                 GArray *uses,
                 guint *n_unseen)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (QkHolderUse));
  int list_code;
  g_autoptr (GArray) pids = list_processes (&list_code);

  for (guint i = pids->len; i > 0 && !has_use (found, enough); i--)
    {
      gboolean late = g_get_monotonic_time () > deadline;
      int code =
          late ? EAGAIN : scan_process (g_array_index (pids, gint64, i - 1), file, deadline, found);

      /* Who has ended meanwhile holds nothing. */
      if (code != 0 && code != ENOENT && code != ESRCH)
        (*n_unseen)++;
    }
  g_array_append_vals (uses, found->data, found->len);
  return list_code;
}

/* What is in the user database of this machine: another one might not answer. */
static char *
dup_user_name (uid_t uid)
{
  char buffer[MAX_FILE_BYTES];
  struct passwd entry, *found = NULL;
  FILE *file = fopen ("/etc/passwd", "re");
  char *name = NULL;

  while (file != NULL && name == NULL &&
         fgetpwent_r (file, &entry, buffer, sizeof buffer, &found) == 0)
    if (entry.pw_uid == uid)
      name = g_utf8_make_valid (entry.pw_name, -1);
  if (file != NULL)
    (void) fclose (file);
  return name != NULL ? name : g_strdup_printf (_ ("user %lu"), (unsigned long) uid);
}

/* From ticks since the machine was started. */
static gint64
get_start (unsigned long long ticks)
{
  struct timespec since_boot;

  if (clock_gettime (CLOCK_BOOTTIME, &since_boot) != 0)
    return 0;
  return g_get_real_time () -
         ((gint64) since_boot.tv_sec * G_USEC_PER_SEC + since_boot.tv_nsec / 1000) +
         (gint64) (ticks * G_USEC_PER_SEC / (unsigned long long) sysconf (_SC_CLK_TCK));
}

/* "4312 (python3) S 1 ...": the name may hold anything; the 22nd value is when it began. */
static int
read_stat (int process, QkHolder *holder)
{
  char text[MAX_FILE_BYTES], state;
  char *open, *close;
  unsigned long long ticks;
  gsize length;
  int code = read_start (process, "stat", text, sizeof text, &length);

  if (code != 0)
    return code;
  open = strchr (text, '(');
  close = strrchr (text, ')');
  if (open == NULL || close == NULL || close < open ||
      sscanf (close + 1,
              " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
              &state, &ticks) != 2)
    return EINVAL;
  /* Ended, and only its parent has not noticed. */
  if (state == 'Z' || state == 'X')
    return ENOENT;
  holder->name = g_utf8_make_valid (open + 1, close - open - 1);
  holder->started = get_start (ticks);
  return 0;
}

static void
read_user (int process, QkHolder *holder)
{
  char text[MAX_FILE_BYTES];
  const char *line;
  unsigned int uid;
  gsize length;

  if (read_start (process, "status", text, sizeof text, &length) != 0)
    return;
  line = strstr (text, "\nUid:");
  /* The second one is in whose name it acts. */
  if (line == NULL || sscanf (line + strlen ("\nUid:"), "%*u %u", &uid) != 1)
    return;
  holder->user = dup_user_name (uid);
  holder->is_other_user = uid != geteuid ();
}

static int
linux_describe (gint64 pid, QkHolder *holder)
{
  char path[64], text[MAX_FILE_BYTES];
  gsize length;
  int process, code;

  (void) g_snprintf (path, sizeof path, "/proc/%" G_GINT64_FORMAT, pid);
  /* Its number may be given to another process from here on: this one stays open. */
  process = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (process < 0)
    return errno;
  code = read_stat (process, holder);
  if (code == 0)
    {
      read_user (process, holder);
      if (read_start (process, "cmdline", text, sizeof text, &length) == 0)
        qk_holder_take_command (holder, text, length);
    }
  (void) close (process);
  return code == ESRCH ? ENOENT : code;
}

#endif

/**
 * qk_holders_get_native:
 *
 * Returns: (transfer none) (nullable): what this system tells about who holds a file; %NULL where it
 *   cannot be asked
 */
const QkHolders *
qk_holders_get_native (void)
{
#ifdef __linux__
  static const QkHolders native = {
      .find_locks = linux_find_locks,
      .find_open = linux_find_open,
      .describe = linux_describe,
  };

  return &native;
#else
  return NULL;
#endif
}
