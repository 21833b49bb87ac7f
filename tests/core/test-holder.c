#define _GNU_SOURCE

#include "qk-file-store.h"
#include "qk-holder-look.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who holds a file: real processes that do, and a table that says what real ones cannot be made to. */

#define NOBODY      65534
#define PATIENCE_MS 10000
#define BUDGET_USEC (5 * G_TIME_SPAN_SECOND)

typedef struct {
  QkTestFolder folder;
  char *sidecar;
  pid_t child;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", "[]", -1));
  fixture->sidecar = qk_test_folder_write (&fixture->folder, "queue.json.lock", "", 0);
  g_assert_cmpint (chmod (fixture->folder.path, 0777), ==, 0);
  g_assert_cmpint (chmod (fixture->folder.queue, 0666), ==, 0);
  g_assert_cmpint (chmod (fixture->sidecar, 0666), ==, 0);
}

static void
end_child (Fixture *fixture)
{
  if (fixture->child <= 0)
    return;
  g_assert_cmpint (kill (fixture->child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (fixture->child, NULL, 0), ==, fixture->child);
  fixture->child = 0;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  end_child (fixture);
  g_free (fixture->sidecar);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

/* How a child holds a file. */
typedef gboolean (*HoldFunc) (const char *path);

static gboolean
hold_flock (const char *path)
{
  return flock (open (path, O_RDWR), LOCK_EX | LOCK_NB) == 0;
}

static gboolean
hold_posix_lock (const char *path)
{
  const struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

  return fcntl (open (path, O_RDWR), F_SETLK, &lock) == 0;
}

static gboolean
hold_ofd_lock (const char *path)
{
  const struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

  return fcntl (open (path, O_RDWR), F_OFD_SETLK, &lock) == 0;
}

static gboolean
hold_reading (const char *path)
{
  return open (path, O_RDONLY) >= 0;
}

static gboolean
hold_writing (const char *path)
{
  return hold_reading (path) && open (path, O_WRONLY) >= 0;
}

static gboolean
become_nobody (void)
{
  return setgroups (0, NULL) == 0 && setresgid (NOBODY, NOBODY, NOBODY) == 0 &&
         setresuid (NOBODY, NOBODY, NOBODY) == 0;
}

static gboolean
hold_writing_as_nobody (const char *path)
{
  return become_nobody () && hold_writing (path);
}

/* The lock outlives who took it: the process that tells us has only inherited it. */
static gboolean
hold_inherited (const char *path)
{
  int fd = open (path, O_RDWR), ready[2];
  pid_t pid;

  if (pipe (ready) != 0)
    return FALSE;
  pid = fork ();
  if (pid == 0)
    _exit (flock (fd, LOCK_EX | LOCK_NB) == 0 ? 0 : 1);
  return pid > 0 && waitpid (pid, ready, 0) == pid && ready[0] == 0;
}

/* Starts a process that holds @path and does nothing else; returns when it does. */
static void
start_child (Fixture *fixture, HoldFunc hold, const char *path)
{
  int ready[2];
  char c = 0;

  g_assert_cmpint (pipe2 (ready, O_CLOEXEC), ==, 0);
  fixture->child = fork ();
  g_assert_cmpint (fixture->child, >=, 0);
  if (fixture->child == 0)
    {
      (void) prctl (PR_SET_PDEATHSIG, SIGKILL);
      (void) prctl (PR_SET_NAME, "a (holder) <b>");
      if (!hold (path) || write (ready[1], "r", 1) != 1)
        _exit (1);
      while (TRUE)
        (void) pause ();
    }
  (void) close (ready[1]);
  g_assert_cmpint (read (ready[0], &c, 1), ==, 1);
  (void) close (ready[0]);
}

static QkHolder *
look_at (const char *path, QkHolderHow wanted)
{
  QkFileStamp stamp;

  g_assert_cmpint (qk_platform_get_native ()->stat_path (path, &stamp), ==, 0);
  return qk_holder_look (qk_holders_get_native (), &stamp, wanted, BUDGET_USEC);
}

static void
assert_child (Fixture *fixture, const QkHolder *holder, QkHolderHow how)
{
  gint64 age = g_get_real_time () - holder->started;

  g_assert_cmpint (holder->state, ==, QK_HOLDER_FOUND);
  g_assert_cmpint (holder->how, ==, how);
  g_assert_cmpint (holder->pid, ==, fixture->child);
  g_assert_false (holder->gone);
  g_assert_cmpstr (holder->name, ==, "a (holder) <b>");
  g_assert_nonnull (holder->user);
  g_assert_nonnull (strstr (holder->command, "test-holder"));
  /* The clock of processes ticks a hundred times a second. */
  g_assert_cmpint (age, >=, -G_USEC_PER_SEC);
  g_assert_cmpint (age, <, 60 * G_USEC_PER_SEC);
}

typedef struct {
  const char *name;
  HoldFunc hold;
  QkHolderHow how;
} Case;

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  const Case *test = data;
  g_autoptr (QkHolder) holder = NULL;

  start_child (fixture, test->hold, fixture->sidecar);
  holder = look_at (fixture->sidecar, QK_HOLDER_LOCKS);
  assert_child (fixture, holder, QK_HOLDER_LOCKS);
  g_assert_false (holder->is_other_user);
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  const Case *test = data;
  g_autoptr (QkHolder) holder = NULL;

  start_child (fixture, test->hold, fixture->folder.queue);
  holder = look_at (fixture->folder.queue, QK_HOLDER_WRITES);
  assert_child (fixture, holder, test->how);
}

static gboolean
is_root (void)
{
  if (geteuid () == 0)
    return TRUE;
  g_test_skip ("needs root, to become another user");
  return FALSE;
}

static void
test_other_user (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) holder = NULL;
  g_autofree char *text = NULL, *expected = NULL, *descriptors = NULL, *label = NULL, *brief = NULL;

  if (!is_root ())
    return;
  start_child (fixture, hold_writing_as_nobody, fixture->folder.queue);
  descriptors = g_strdup_printf ("/proc/%d/fd", (int) fixture->child);
  if (access (descriptors, R_OK | X_OK) != 0)
    {
      g_test_skip ("needs the right to look into processes of other users");
      return;
    }
  holder = look_at (fixture->folder.queue, QK_HOLDER_WRITES);
  assert_child (fixture, holder, QK_HOLDER_WRITES);
  g_assert_true (holder->is_other_user);
  text = qk_holder_describe (holder);
  expected = g_strdup_printf ("open for writing in a (holder) <b>, process %d of %s",
                              (int) fixture->child, holder->user);
  g_assert_cmpstr (text, ==, expected);
  label = qk_holder_dup_label (holder);
  brief = g_strdup_printf ("a (holder) <b> (%d) of %s", (int) fixture->child, holder->user);
  g_assert_cmpstr (label, ==, brief);
}

/* Runs in a process of nobody: the lock of another user is seen, what he has open is not. */
static void
look_as_nobody (Fixture *fixture)
{
  g_autoptr (QkHolder) locker = NULL, writer = NULL;

  g_assert_true (become_nobody ());
  locker = look_at (fixture->sidecar, QK_HOLDER_LOCKS);
  assert_child (fixture, locker, QK_HOLDER_LOCKS);
  g_assert_true (locker->is_other_user);
  writer = look_at (fixture->folder.queue, QK_HOLDER_WRITES);
  g_assert_cmpint (writer->state, ==, QK_HOLDER_UNKNOWN);
  g_assert_true (g_str_has_prefix (writer->reason, "could not look into "));
}

static void
test_seen_by_other_user (Fixture *fixture, gconstpointer data)
{
  int status = -1;
  pid_t pid;

  if (!is_root ())
    return;
  start_child (fixture, hold_flock, fixture->sidecar);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      look_as_nobody (fixture);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) locker = look_at (fixture->sidecar, QK_HOLDER_LOCKS);
  int ours = open (fixture->folder.queue, O_RDWR | O_CLOEXEC);
  g_autoptr (QkHolder) writer = NULL;

  g_assert_cmpint (locker->state, ==, QK_HOLDER_NOBODY);
  /* What we have open ourselves stands in nobody's way. */
  writer = look_at (fixture->folder.queue, QK_HOLDER_WRITES);
  g_assert_cmpint (writer->state, !=, QK_HOLDER_FOUND);
  (void) close (ours);
}

/* Two stores in one process exclude one another, too. */
static void
test_own_lock (Fixture *fixture, gconstpointer data)
{
  QkHandle lock;
  g_autoptr (QkHolder) holder = NULL;

  g_assert_cmpint (qk_platform_get_native ()->lock (fixture->sidecar, &lock), ==, 0);
  holder = look_at (fixture->sidecar, QK_HOLDER_LOCKS);
  g_assert_cmpint (holder->state, ==, QK_HOLDER_FOUND);
  g_assert_cmpint (holder->pid, ==, getpid ());
  qk_platform_get_native ()->unlock (lock);
}

static void
test_budget (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) holder = NULL;
  QkFileStamp stamp;

  start_child (fixture, hold_writing, fixture->folder.queue);
  g_assert_cmpint (qk_platform_get_native ()->stat_path (fixture->folder.queue, &stamp), ==, 0);
  holder = qk_holder_look (qk_holders_get_native (), &stamp, QK_HOLDER_WRITES, -1);
  g_assert_cmpint (holder->state, ==, QK_HOLDER_UNKNOWN);
  g_assert_true (g_str_has_prefix (holder->reason, "could not look into "));
}

/* A table that says what it is told to. */
static struct {
  int locks_code;
  int open_code;
  gint64 locker;
  gint64 reader;
  guint n_unseen;
  gint64 gone;
  gint64 slow;
  guint n_locks;
  guint n_opens;
} fake;

static int
fake_find_locks (const QkFileStamp *file, GArray *uses)
{
  const QkHolderUse use = {fake.locker, QK_HOLDER_LOCKS};

  fake.n_locks++;
  if (fake.slow > 0)
    g_usleep ((gulong) fake.slow);
  if (fake.locker != 0)
    g_array_append_val (uses, use);
  return fake.locks_code;
}

static int
fake_find_open (const QkFileStamp *file,
                QkHolderHow enough,
                gint64 deadline,
                GArray *uses,
                guint *n_unseen)
{
  const QkHolderUse use = {fake.reader, QK_HOLDER_READS};

  fake.n_opens++;
  if (fake.reader != 0)
    g_array_append_val (uses, use);
  *n_unseen += fake.n_unseen;
  return fake.open_code;
}

static int
fake_describe (gint64 pid, QkHolder *holder)
{
  if (pid == fake.gone)
    return ENOENT;
  holder->name = g_strdup ("fake");
  return 0;
}

static const QkHolders fakes = {fake_find_locks, fake_find_open, fake_describe};

static QkHolder *
look_at_fake (QkHolderHow wanted)
{
  const QkFileStamp stamp = {0};

  return qk_holder_look (&fakes, &stamp, wanted, BUDGET_USEC);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) gone = NULL, other = NULL;
  g_autofree char *label = NULL, *text = NULL;

  memset (&fake, 0, sizeof fake);
  fake.locker = fake.gone = 123;
  fake.n_unseen = 7;
  gone = look_at_fake (QK_HOLDER_LOCKS);
  g_assert_cmpint (gone->state, ==, QK_HOLDER_FOUND);
  g_assert_true (gone->gone);
  g_assert_cmpint (gone->pid, ==, 123);
  g_assert_null (gone->name);
  label = qk_holder_dup_label (gone);
  g_assert_cmpstr (label, ==, "process 123, gone meanwhile");
  text = qk_holder_describe (gone);
  g_assert_cmpstr (text, ==, "held by process 123, gone meanwhile");
  /* One that is still there tells more. */
  fake.reader = 124;
  other = look_at_fake (QK_HOLDER_LOCKS);
  g_assert_cmpint (other->pid, ==, 124);
  g_assert_false (other->gone);
}

/* "Could not look" is never taken for "nobody". */
static void
test_could_not_look (Fixture *fixture, gconstpointer data)
{
  static const struct {
    int locks_code;
    int open_code;
    guint n_unseen;
    gint64 locker;
    QkHolderState state;
    const char *reason;
  } cases[] = {
      {0, 0, 0, 0, QK_HOLDER_NOBODY, NULL},
      {0, 0, 1, 0, QK_HOLDER_UNKNOWN, "could not look into 1 process"},
      {0, 0, 12, 0, QK_HOLDER_UNKNOWN, "could not look into 12 processes"},
      {0, 0, 12, -1, QK_HOLDER_UNKNOWN, "could not look into 12 processes"},
      {EACCES, 0, 0, 0, QK_HOLDER_UNKNOWN, "Permission denied (EACCES 13)"},
      {0, EMFILE, 0, 0, QK_HOLDER_UNKNOWN, "Too many open files (EMFILE 24)"},
      {EACCES, 0, 0, 99, QK_HOLDER_FOUND, NULL},
  };
  const QkFileStamp stamp = {0};
  g_autoptr (QkHolder) none = qk_holder_look (NULL, &stamp, QK_HOLDER_LOCKS, BUDGET_USEC);
  g_autofree char *label = qk_holder_dup_label (none), *text = qk_holder_describe (none);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkHolder) holder = NULL;

      memset (&fake, 0, sizeof fake);
      fake.locks_code = cases[i].locks_code;
      fake.open_code = cases[i].open_code;
      fake.n_unseen = cases[i].n_unseen;
      fake.locker = cases[i].locker;
      holder = look_at_fake (QK_HOLDER_WRITES);
      g_assert_cmpint (holder->state, ==, cases[i].state);
      g_assert_cmpstr (holder->reason, ==, cases[i].reason);
    }
  g_assert_cmpint (none->state, ==, QK_HOLDER_UNKNOWN);
  g_assert_cmpstr (label, ==, "could not look");
  g_assert_cmpstr (text, ==, "not known who holds it: this system does not tell");
}

/* No lock is left: whom we could not look into does not matter. */
static void
test_lock_given_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) holder = NULL;

  memset (&fake, 0, sizeof fake);
  fake.n_unseen = 12;
  holder = look_at_fake (QK_HOLDER_LOCKS);
  g_assert_cmpint (holder->state, ==, QK_HOLDER_NOBODY);
  g_assert_cmpuint (fake.n_opens, ==, 0);
}

static void
test_commands (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *arguments;
    gsize length;
    const char *command;
    const char *label;
  } cases[] = {
#define ARGUMENTS(text) text, sizeof text
      {ARGUMENTS ("/usr/bin/python3.11\0-u\0src/queue_processor.py\0--once"),
       "/usr/bin/python3.11 -u src/queue_processor.py --once",
       "python3 · queue_processor.py (4312)"},
      {ARGUMENTS ("python\0-m\0swarm.send"), "python -m swarm.send", "python3 · swarm.send (4312)"},
      {ARGUMENTS ("python3\0-c\0import x"), "python3 -c import x", "python3 (4312)"},
      {ARGUMENTS ("python3\0-m"), "python3 -m", "python3 (4312)"},
      {ARGUMENTS ("python3"), "python3", "python3 (4312)"},
      {ARGUMENTS ("pythonista\0x.py"), "pythonista x.py", "python3 (4312)"},
      {ARGUMENTS ("queuekeeper\0queue.json"), "queuekeeper queue.json", "python3 (4312)"},
      {ARGUMENTS ("bash\0a\xff\n\xe2\x80\xae.sh"), "bash a\xef\xbf\xbd\n\xe2\x80\xae.sh",
       "python3 · a\xef\xbf\xbd␊⟨U+202E⟩.sh (4312)"},
      {"python3\0a.py", 12, "python3 a.py", "python3 · a.py (4312)"},
      {"", 0, NULL, "python3 (4312)"},
#undef ARGUMENTS
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkHolder) holder = qk_holder_new (QK_HOLDER_FOUND);
      g_autofree char *exact = g_memdup2 (cases[i].arguments, cases[i].length);
      g_autofree char *label = NULL;

      holder->pid = 4312;
      holder->name = g_strdup ("python3");
      qk_holder_take_command (holder, exact, cases[i].length);
      g_assert_cmpstr (holder->command, ==, cases[i].command);
      label = qk_holder_dup_label (holder);
      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static void
test_long_command (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) holder = qk_holder_new (QK_HOLDER_FOUND);
  g_autoptr (GString) arguments = g_string_new ("sh");

  g_string_append_c (arguments, '\0');
  for (guint i = 0; i < 2000; i++)
    g_string_append (arguments, "ä");
  qk_holder_take_command (holder, arguments->str, arguments->len);
  g_assert_cmpuint (strlen (holder->command), <, 520);
  g_assert_true (g_utf8_validate (holder->command, -1, NULL));
  g_assert_true (g_str_has_suffix (holder->command, "ä…"));
  g_assert_cmpuint (strlen (holder->script), <, 140);
}

static void
test_cut_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHolder) cut = qk_holder_new (QK_HOLDER_FOUND);
  g_autoptr (QkHolder) other = qk_holder_new (QK_HOLDER_FOUND);
  static const char command[] = "/opt/queue-processor-of-the-swarm\0--once";

  cut->name = g_strdup ("queue-processor");
  qk_holder_take_command (cut, command, sizeof command);
  g_assert_cmpstr (cut->name, ==, "queue-processor-of-the-swarm");
  /* What calls itself something else stays that. */
  other->name = g_strdup ("queue-processed");
  qk_holder_take_command (other, command, sizeof command);
  g_assert_cmpstr (other->name, ==, "queue-processed");
}

static void
keep_event (const QkLockEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, qk_lock_event_copy (event));
}

static QkResult *
save (Fixture *fixture,
      const QkPlatform *platform,
      const QkHolders *holders,
      QkRetryPolicy policy,
      GPtrArray *events,
      GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  const QkDraft draft = {
      .sender = "CAPTAIN",
      .recipient = "Agent-1",
      .content = "Report in.",
      .priority = "regular",
      .message_type = "text",
  };
  const QkWriter writer = {
      .platform = platform,
      .holders = holders,
      .path = fixture->folder.queue,
      .policy = policy,
      .on_event = keep_event,
      .user_data = events,
  };

  g_ptr_array_add (changes, qk_change_new_send (&draft));
  return qk_writer_save (&writer, changes, NULL, error);
}

/* A save that another process stands in the way of tells which. */
static void
test_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL, *expected = NULL;
  const QkLockEvent *event;

  start_child (fixture, hold_flock, fixture->sidecar);
  g_assert_null (save (fixture, qk_platform_get_native (), qk_holders_get_native (),
                       (QkRetryPolicy){2, 50000, 50000}, events, &error));
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  expected = g_strdup_printf ("held by a (holder) <b>, process %d", (int) fixture->child);
  g_assert_nonnull (strstr (error->message, expected));
  g_assert_cmpuint (events->len, ==, 2);
  for (guint i = 0; i < events->len; i++)
    {
      event = events->pdata[i];
      assert_child (fixture, event->holder, QK_HOLDER_LOCKS);
    }
  line = qk_lock_event_describe (events->pdata[0]);
  g_free (expected);
  expected = g_strdup_printf ("lock held by another writer (EAGAIN 11), attempt 1 of 2, next in "
                              "0.05 s, held by a (holder) <b>, process %d",
                              (int) fixture->child);
  g_assert_cmpstr (line, ==, expected);
}

/* An in-place writer that has the queue open is found although its lock is free. */
static void
test_save_in_use (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  g_autoptr (GError) error = NULL;
  const QkLockEvent *event;

  start_child (fixture, hold_writing, fixture->folder.queue);
  g_assert_null (save (fixture, qk_platform_get_native (), qk_holders_get_native (),
                       (QkRetryPolicy){1, 50000, 50000}, events, &error));
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_cmpuint (events->len, ==, 1);
  event = events->pdata[0];
  g_assert_cmpint (event->kind, ==, QK_LOCK_KIND_IN_USE);
  assert_child (fixture, event->holder, QK_HOLDER_WRITES);
}

static void
keep_read (QkStore *store, const QkLockEvent *event, GPtrArray *events)
{
  g_ptr_array_add (events, qk_lock_event_copy (event));
}

static gboolean
is_live (gpointer data)
{
  return qk_store_get_state (data) == QK_STORE_STATE_LIVE;
}

static gboolean
is_unreadable (gpointer data)
{
  return qk_store_get_state (data) == QK_STORE_STATE_UNREADABLE;
}

static void
count_unreadable (QkStore *store, GParamSpec *pspec, guint *n)
{
  *n += is_unreadable (store);
}

static gboolean
has_event (gpointer data)
{
  return ((GPtrArray *) data)->len > 0;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
close_store (QkStore *store, GPtrArray *events)
{
  g_signal_handlers_disconnect_by_data (store, events);
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  g_object_unref (store);
  g_assert_true (qk_test_wait (is_gone, &store, PATIENCE_MS));
}

/* Whoever writes in place is named when a read finds the file torn; once, however often it looks. */
static void
test_read_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  QkStore *store = qk_store_new (fixture->folder.queue);
  const QkLockEvent *event;

  g_signal_connect (store, "lock-event", G_CALLBACK (keep_read), events);
  qk_store_start (store);
  g_assert_true (qk_test_wait (is_live, store, PATIENCE_MS));
  start_child (fixture, hold_writing, fixture->folder.queue);
  g_assert_cmpint (truncate (fixture->folder.queue, 1), ==, 0);
  g_assert_true (qk_test_wait (has_event, events, PATIENCE_MS));
  g_assert_false (qk_test_wait (is_live, store, 300));
  g_assert_cmpuint (events->len, ==, 1);
  event = events->pdata[0];
  g_assert_cmpint (event->operation, ==, QK_OPERATION_READ);
  g_assert_cmpint (event->kind, ==, QK_LOCK_KIND_TORN);
  assert_child (fixture, event->holder, QK_HOLDER_WRITES);
  close_store (store, events);
}

static int refused_with;
static gint n_reads_refused;

static int
refusing_open (const char *path, QkHandle *handle)
{
  if (!g_str_has_suffix (path, "/queue.json") || g_atomic_int_get (&n_reads_refused) == 0)
    return qk_platform_get_native ()->open_read (path, handle);
  g_atomic_int_dec_and_test (&n_reads_refused);
  return refused_with;
}

/* A file that is in use, as on a share of Windows, is read a moment later; a right that is missing is
 * told at once. Both are counted, once. */
static void
test_read_refused (Fixture *fixture, gconstpointer data)
{
  static const struct {
    int code;
    gint n;
    QkLockKind kind;
    QkLockOutcome outcome;
  } cases[] = {
      {EBUSY, 3, QK_LOCK_KIND_IN_USE, QK_LOCK_OUTCOME_RETRY},
      {EACCES, 1000000, QK_LOCK_KIND_ACCESS_DENIED, QK_LOCK_OUTCOME_GIVE_UP},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) events =
          g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
      QkPlatform platform = *qk_platform_get_native ();
      QkStore *store;
      const QkLockEvent *event;
      guint n_unreadable = 0;

      g_atomic_int_set (&n_reads_refused, 0);
      platform.open_read = refusing_open;
      store = QK_STORE (qk_file_store_new_with_platform (fixture->folder.queue, &platform));
      g_signal_connect (store, "lock-event", G_CALLBACK (keep_read), events);
      qk_store_start (store);
      g_signal_connect (store, "notify::state", G_CALLBACK (count_unreadable), &n_unreadable);
      g_assert_true (qk_test_wait (is_live, store, PATIENCE_MS));
      refused_with = cases[i].code;
      g_atomic_int_set (&n_reads_refused, cases[i].n);
      g_free (qk_test_folder_write (&fixture->folder, "queue.json", i == 0 ? "[ ]" : "[  ]", -1));
      g_assert_true (qk_test_wait (has_event, events, PATIENCE_MS));
      g_assert_true (qk_test_wait (
          cases[i].outcome == QK_LOCK_OUTCOME_RETRY ? is_live : is_unreadable, store, PATIENCE_MS));
      g_assert_cmpuint (events->len, ==, 1);
      event = events->pdata[0];
      g_assert_cmpint (event->operation, ==, QK_OPERATION_READ);
      g_assert_cmpint (event->kind, ==, cases[i].kind);
      g_assert_cmpint (event->code, ==, cases[i].code);
      g_assert_cmpint (event->outcome, ==, cases[i].outcome);
      g_assert_nonnull (event->holder);
      g_assert_cmpuint (n_unreadable, ==, cases[i].outcome == QK_LOCK_OUTCOME_RETRY ? 0 : 1);
      g_signal_handlers_disconnect_by_data (store, &n_unreadable);
      close_store (store, events);
    }
}

static guint n_refusals;

static int
refusing_lock (const char *path, QkHandle *lock)
{
  if (n_refusals == 0)
    return qk_platform_get_native ()->lock (path, lock);
  n_refusals--;
  return EWOULDBLOCK;
}

/* Nobody is looked for before an attempt has failed, and the look is a part of the wait. */
static void
test_save_is_not_delayed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  QkPlatform platform = *qk_platform_get_native ();
  g_autoptr (QkResult) at_once = NULL, retried = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  memset (&fake, 0, sizeof fake);
  fake.locker = 4312;
  fake.slow = 600 * G_TIME_SPAN_MILLISECOND;
  platform.lock = refusing_lock;
  n_refusals = 0;
  at_once = save (fixture, &platform, &fakes, QK_RETRY_POLICY_DEFAULT, events, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake.n_locks, ==, 0);
  /* An attempt asks for the lock again for 20 ms. */
  n_refusals = 1000;
  start = g_get_monotonic_time ();
  retried = save (fixture, &platform, &fakes, (QkRetryPolicy){2, 700000, 700000}, events, &error);
  (void) retried;
  g_assert_cmpuint (events->len, ==, 2);
  g_assert_cmpuint (fake.n_locks, ==, 2);
  /* The wait of 0.7 s holds the first look; after the last attempt there is one more. */
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 1300000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 1800000);
}

#define TEST(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  static const Case locks[] = {
      {"/holder/lock/flock", hold_flock},
      {"/holder/lock/posix", hold_posix_lock},
      {"/holder/lock/ofd", hold_ofd_lock},
      {"/holder/lock/inherited", hold_inherited},
  };
  static const Case opens[] = {
      {"/holder/open/reader", hold_reading, QK_HOLDER_READS},
      {"/holder/open/writer", hold_writing, QK_HOLDER_WRITES},
      {"/holder/open/lock", hold_posix_lock, QK_HOLDER_WRITES},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (locks); i++)
    TEST (locks[i].name, &locks[i], test_lock);
  for (gsize i = 0; i < G_N_ELEMENTS (opens); i++)
    TEST (opens[i].name, &opens[i], test_open);
  TEST ("/holder/other-user", NULL, test_other_user);
  TEST ("/holder/seen-by-other-user", NULL, test_seen_by_other_user);
  TEST ("/holder/nobody", NULL, test_nobody);
  TEST ("/holder/own-lock", NULL, test_own_lock);
  TEST ("/holder/budget", NULL, test_budget);
  TEST ("/holder/gone", NULL, test_gone);
  TEST ("/holder/could-not-look", NULL, test_could_not_look);
  TEST ("/holder/lock-given-back", NULL, test_lock_given_back);
  TEST ("/holder/commands", NULL, test_commands);
  TEST ("/holder/long-command", NULL, test_long_command);
  TEST ("/holder/cut-name", NULL, test_cut_name);
  TEST ("/holder/save", NULL, test_save);
  TEST ("/holder/save-in-use", NULL, test_save_in_use);
  TEST ("/holder/read-torn", NULL, test_read_torn);
  TEST ("/holder/read-refused", NULL, test_read_refused);
  TEST ("/holder/save-is-not-delayed", NULL, test_save_is_not_delayed);
  return g_test_run ();
}
