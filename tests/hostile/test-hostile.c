#define _GNU_SOURCE

#include "qk-history.h"
#include "qk-rescue.h"
#include "qk-test-child.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utime.h>

/* A folder that others can write to. What they plant in it, before a save or in the middle of one,
 * must not make us write to, change or show what is not theirs to write or read. */

#define OTHER_USER 65534
#define THIRD_USER 12345

typedef struct {
  QkTestFolder folder;
  QkTestFolder elsewhere; /* which they may not read */
  char *secret;           /* a queue in there */
  QkPlatform platform;
  QkResult *result;
  GError *error;
} Fixture;

/* What the replaced calls do; one test at a time. */
static struct {
  Fixture *fixture;
  const char *plant; /* what is to be planted at the next chance */
  guint n_opened;
  guint widest; /* what any file that was written has ever allowed */
  guint n_noted;
} script;

static char *
queue_of (const char *a, const char *b)
{
  g_autofree char *first = qk_test_entry (a, "FAILED", "Agent-1");
  g_autofree char *second = qk_test_entry (b, "FAILED", "Agent-1");

  return qk_test_queue ((const char *const[]){first, second, NULL});
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = queue_of ("a", "b"), *secret = queue_of ("secret", "hidden");

  qk_test_folder_set_up (&fixture->folder, NULL);
  qk_test_folder_set_up (&fixture->elsewhere, NULL);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
  fixture->secret = qk_test_folder_write (&fixture->elsewhere, "queue.json", secret, -1);
  g_assert_cmpint (g_chmod (fixture->secret, 0400), ==, 0);
  fixture->platform = *qk_platform_get_native ();
  memset (&script, 0, sizeof script);
  script.fixture = fixture;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_error (&fixture->error);
  qk_test_folder_tear_down (&fixture->folder, NULL);
  qk_test_folder_tear_down (&fixture->elsewhere, NULL);
  g_free (fixture->secret);
}

static void
purge (Fixture *fixture, const char *id, QkJournal *journal)
{
  g_autofree char *text = queue_of (id, "of no matter");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkWriter writer = {
      .platform = &fixture->platform,
      .path = fixture->folder.queue,
      .policy = {2, 1000, 1000},
      .journal = journal,
      .queue = fixture->folder.queue,
  };

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_error (&fixture->error);
  fixture->result = qk_writer_save (&writer, changes, NULL, &fixture->error);
}

static char *
get_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder.path, name, NULL);
}

static void
assert_text (const char *path, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_test_read (path);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static guint
get_mode (const char *path)
{
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);
  return st.st_mode & 07777;
}

/* Not a byte of it, nor its mode, and nothing beside it. */
static void
assert_secret_untouched (Fixture *fixture)
{
  g_autofree char *secret = queue_of ("secret", "hidden");
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->elsewhere);

  assert_text (fixture->secret, secret);
  g_assert_cmpuint (get_mode (fixture->secret), ==, 0400);
  g_assert_cmpuint (names->len, ==, 1);
}

static void
assert_queue_untouched (Fixture *fixture)
{
  g_autofree char *text = queue_of ("a", "b");

  assert_text (fixture->folder.queue, text);
}

static void
assert_no_litter (Fixture *fixture)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);

  for (guint i = 0; i < names->len; i++)
    g_assert_false (g_str_has_suffix (names->pdata[i], ".tmp"));
}

/* Puts something that is not a file of the folder at @path. FALSE where only root can. */
static gboolean
plant (Fixture *fixture, const char *what, const char *path)
{
  int code = 0;

  if (strcmp (what, "symlink") == 0)
    code = symlink (fixture->secret, path);
  else if (strcmp (what, "dangling") == 0)
    {
      g_autofree char *target = g_build_filename (fixture->elsewhere.path, "made", NULL);

      code = symlink (target, path);
    }
  else if (strcmp (what, "loop") == 0)
    code = symlink (path, path);
  else if (strcmp (what, "hardlink") == 0)
    code = link (fixture->secret, path);
  else if (strcmp (what, "folder") == 0)
    code = g_mkdir (path, 0777);
  else if (strcmp (what, "fifo") == 0)
    code = mkfifo (path, 0666);
  else if (mknod (path, S_IFCHR | 0666, makedev (1, 3)) < 0)
    {
      g_test_skip ("needs root, to make a device");
      return FALSE;
    }
  g_assert_cmpint (code, ==, 0);
  return TRUE;
}

/* Where the lock is to be: refused with a word about it, and nothing is opened through it. */
static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sidecar = get_path (fixture, "queue.json.lock");

  if (!plant (fixture, data, sidecar))
    return;
  purge (fixture, "a", NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "queue.json.lock"));
  g_assert_nonnull (strstr (fixture->error->message, "remove it"));
  assert_queue_untouched (fixture);
  assert_secret_untouched (fixture);
  g_assert_cmpint (g_remove (sidecar), ==, 0);
  purge (fixture, "a", NULL);
  g_assert_no_error (fixture->error);
}

/* A further name of somebody's file: it is locked, and that is all. */
static void
test_lock_hardlink (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sidecar = get_path (fixture, "queue.json.lock");

  (void) plant (fixture, "hardlink", sidecar);
  purge (fixture, "a", NULL);
  assert_secret_untouched (fixture);
  assert_no_litter (fixture);
}

/* In the moment of the swap. */
static int
plant_and_swap (const char *temp, const char *path, gboolean *exchanged)
{
  const char *what = g_steal_pointer (&script.plant);

  if (what != NULL)
    {
      g_assert_cmpint (g_unlink (path), ==, 0);
      (void) plant (script.fixture, what, path);
    }
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

/* What was planted goes back to its place, and nothing that it leads to is read into the queue. */
static void
test_planted_in_swap (Fixture *fixture, gconstpointer data)
{
  struct stat st;

  script.plant = data;
  fixture->platform.swap = plant_and_swap;
  purge (fixture, "a", NULL);
  if (lstat (fixture->folder.queue, &st) < 0)
    return; /* the device could not be made: the test is skipped */
  g_assert_null (fixture->result);
  g_assert_nonnull (strstr (fixture->error->message, fixture->folder.queue));
  g_assert_false (S_ISREG (st.st_mode));
  assert_secret_untouched (fixture);
  assert_no_litter (fixture);
}

static int
swap_folder_and_open (const char *path, QkHandle *handle)
{
  Fixture *fixture = script.fixture;

  if (script.n_opened++ == 0)
    {
      g_autofree char *moved = g_strconcat (fixture->folder.path, ".moved", NULL);

      g_assert_cmpint (g_rename (fixture->folder.path, moved), ==, 0);
      g_assert_cmpint (symlink (fixture->elsewhere.path, fixture->folder.path), ==, 0);
    }
  return qk_platform_get_native ()->open_read (path, handle);
}

/* After its path was resolved, the folder is another. */
static void
test_folder_swapped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *moved = g_strconcat (fixture->folder.path, ".moved", NULL);

  fixture->platform.open_read = swap_folder_and_open;
  purge (fixture, "a", NULL);
  /* There is no such message in the other queue. */
  g_assert_true (fixture->result == NULL || fixture->result->changed->len == 0);
  assert_secret_untouched (fixture);
  g_assert_cmpint (g_unlink (fixture->folder.path), ==, 0);
  g_assert_cmpint (g_rename (moved, fixture->folder.path), ==, 0);
  assert_queue_untouched (fixture);
  assert_no_litter (fixture);
}

/* 2 GB of nothing. */
static void
test_sparse (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  g_assert_cmpint (truncate (fixture->folder.queue, G_GINT64_CONSTANT (2) << 30), ==, 0);
  purge (fixture, "a", NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "too large"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
}

static int
refuse_planted (const char *path, QkHandle *handle)
{
  if (g_str_has_suffix (path, ".tmp") || strstr (path, "/backups/") != NULL)
    script.n_opened++;
  return qk_platform_get_native ()->open_read (path, handle);
}

/* Where a salvage looks for more: what a link of either kind leads to is not even opened. */
static void
test_salvage (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"queue.json.tmp",
                                      "backups/queue_20260101_000000_corrupted.json"};
  g_autofree char *backups = get_path (fixture, "backups"), *text = queue_of ("a", "b");
  g_autoptr (QkRescue) rescue = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *result = NULL;

  text[strlen (text) - 1] = '\0';
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
  g_assert_cmpint (g_utime (fixture->folder.queue, &(struct utimbuf){1700000000, 1700000000}), ==,
                   0);
  g_assert_cmpint (g_utime (fixture->secret, &(struct utimbuf){1700000000, 1700000000}), ==, 0);
  g_assert_cmpint (g_mkdir (backups, 0777), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = get_path (fixture, names[i]);

      (void) plant (fixture, data, path);
    }
  fixture->platform.open_read = refuse_planted;
  rescue =
      qk_rescue_new (&fixture->platform, fixture->folder.queue, NULL, TRUE, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  bytes = qk_salvage_to_bytes (qk_rescue_get_salvage (rescue));
  result = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_null (strstr (result, "secret"));
  g_assert_nonnull (strstr (result, "\"a\""));
  g_assert_cmpuint (script.n_opened, ==, 0);
}

static char *
make_name (Fixture *fixture)
{
  const QkPlatform *native = qk_platform_get_native ();
  char *temp = NULL;
  QkHandle like, handle;
  QkFileStamp stamp;

  g_assert_cmpint (native->open_read (fixture->folder.queue, &like), ==, 0);
  g_assert_cmpint (native->stat_handle (like, &stamp), ==, 0);
  g_assert_cmpint (native->create_temp (fixture->folder.queue, like, &stamp, &handle, &temp), ==,
                   0);
  native->close (handle);
  native->close (like);
  g_assert_cmpint (native->remove (temp), ==, 0);
  return temp;
}

/* The 128 random bits of a name. */
static char *
dup_random_part (const char *name)
{
  g_autoptr (GRegex) regex = g_regex_new ("[0-9a-f]{32}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *base = g_path_get_basename (name);

  g_assert_true (g_str_has_prefix (base, ".queue.json."));
  g_assert_true (g_str_has_suffix (base, ".tmp"));
  g_assert_true (g_regex_match (regex, base, 0, &match));
  return g_match_info_fetch (match, 0);
}

/* None of a thousand tells another: all differ, at each place each digit comes about as often, and
 * they do not come from GLib's generator, which can be set. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint counts[32][16] = {0};

  for (guint i = 0; i < 1024; i++)
    {
      g_autofree char *name = NULL, *part = NULL;

      g_random_set_seed (1);
      name = make_name (fixture);
      part = dup_random_part (name);
      for (guint j = 0; j < 32; j++)
        counts[j][g_ascii_xdigit_value (part[j])]++;
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&part)));
    }
  /* 64 are expected, with a deviation of 8: beyond 8 of these is not chance. */
  for (guint j = 0; j < 32; j++)
    for (guint k = 0; k < 16; k++)
      {
        g_assert_cmpuint (counts[j][k], >, 0);
        g_assert_cmpuint (counts[j][k], <, 128);
      }
}

static void
note_mode (int fd)
{
  struct stat st;

  g_assert_cmpint (fstat (fd, &st), ==, 0);
  script.widest |= st.st_mode & 07777;
  script.n_noted++;
}

/* In the place of the C library's, so that what a file allows is seen between its creation and this
 * call as well. */
int
fchmod (int fd, mode_t mode)
{
  note_mode (fd);
  return (int) syscall (SYS_fchmod, fd, mode);
}

int
fchown (int fd, uid_t owner, gid_t group)
{
  note_mode (fd);
  return (int) syscall (SYS_fchown, fd, owner, group);
}

static int
note_and_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  note_mode ((int) handle);
  return qk_platform_get_native ()->write (handle, segments, n_segments);
}

static int
note_and_swap (const char *temp, const char *path, gboolean *exchanged)
{
  script.widest |= get_mode (temp);
  script.n_noted++;
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

/* A temporary file holds the queue: at no moment may more people read it than may read the queue,
 * whatever the umask. */
static void
test_modes (Fixture *fixture, gconstpointer data)
{
  static const guint modes[] = {0600, 0640, 0604};
  mode_t old = umask ((mode_t) GPOINTER_TO_UINT (data));

  fixture->platform.write = note_and_write;
  fixture->platform.swap = note_and_swap;
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *text = queue_of ("a", "b");

      g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
      g_assert_cmpint (g_chmod (fixture->folder.queue, (int) modes[i]), ==, 0);
      script.widest = script.n_noted = 0;
      purge (fixture, "a", NULL);
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (script.n_noted, >=, 3);
      g_assert_cmpuint (script.widest & ~modes[i], ==, 0);
      g_assert_cmpuint (get_mode (fixture->folder.queue), ==, modes[i]);
    }
  (void) umask (old);
}

/* The same of what a salvage writes: the backup, the queue, and a file of the operator's choice. */
static void
test_salvage_modes (Fixture *fixture, gconstpointer data)
{
  const QkRetryPolicy policy = {2, 1000, 1000};
  g_autofree char *text = queue_of ("a", "b"), *out = get_path (fixture, "out.json");
  mode_t old = umask ((mode_t) GPOINTER_TO_UINT (data));
  g_autoptr (QkRescue) rescue = NULL;
  g_autoptr (QkRescueOutcome) outcome = NULL;

  text[strlen (text) - 1] = '\0';
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
  g_assert_cmpint (g_utime (fixture->folder.queue, &(struct utimbuf){1700000000, 1700000000}), ==,
                   0);
  g_assert_cmpint (g_chmod (fixture->folder.queue, 0600), ==, 0);
  fixture->platform.write = note_and_write;
  fixture->platform.swap = note_and_swap;
  rescue =
      qk_rescue_new (&fixture->platform, fixture->folder.queue, NULL, FALSE, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  (void) qk_rescue_write_to (rescue, out, &fixture->error);
  g_assert_no_error (fixture->error);
  outcome = qk_rescue_apply (rescue, &policy, NULL, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (script.n_noted, >=, 7);
  g_assert_cmpuint (script.widest, ==, 0600);
  g_assert_cmpuint (get_mode (out), ==, 0600);
  g_assert_cmpuint (get_mode (outcome->backup), ==, 0600);
  g_assert_cmpuint (get_mode (fixture->folder.queue), ==, 0600);
  (void) umask (old);
}

/* The history holds what was purged: for its owner only, whatever was there before. */
static void
test_history_modes (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {"history.db", "history.db-wal", "history.db-shm"};
  g_autofree char *folder = get_path (fixture, "queuekeeper"), *db = NULL;
  mode_t old = umask ((mode_t) GPOINTER_TO_UINT (data));
  g_autoptr (QkHistory) history = NULL;

  db = g_build_filename (folder, "history.db", NULL);
  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_true (g_file_set_contents (db, "", 0, NULL));
  g_assert_cmpint (g_chmod (db, 0666), ==, 0);
  history = qk_history_new (db);
  purge (fixture, "a", QK_JOURNAL (history));
  g_assert_no_error (fixture->error);
  g_assert_null (fixture->result->no_undo);
  g_assert_cmpuint (get_mode (folder), ==, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_cmpuint (get_mode (path), ==, 0600);
    }
  (void) umask (old);
}

/* A save goes on without it, and says so. */
static void
test_history_planted (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = get_path (fixture, "queuekeeper"), *db = NULL;
  g_autoptr (QkHistory) history = NULL;

  db = g_build_filename (folder, "history.db", NULL);
  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  (void) plant (fixture, data, db);
  history = qk_history_new (db);
  purge (fixture, "a", QK_JOURNAL (history));
  g_assert_no_error (fixture->error);
  g_assert_nonnull (fixture->result->no_undo);
  g_assert_nonnull (strstr (fixture->result->no_undo, "symbolic link"));
  assert_secret_untouched (fixture);
}

static void
purge_as_third (gpointer data)
{
  Fixture *fixture = data;

  purge (fixture, "a", NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_DENIED);
  g_assert_nonnull (strstr (fixture->error->message, "belongs to"));
  g_assert_nonnull (strstr (fixture->error->message, "try again as "));
}

/* A queue of somebody else's in a folder that we may write to: it must stay theirs, or others who
 * write to it are locked out. */
static void
test_other_owner (Fixture *fixture, gconstpointer data)
{
  if (!qk_test_child_is_root ())
    return;
  g_assert_cmpint (chown (fixture->folder.queue, OTHER_USER, OTHER_USER), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder.queue, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder.path, 0777), ==, 0);
  qk_test_child_run_as (THIRD_USER, purge_as_third, fixture);
  assert_queue_untouched (fixture);
  assert_no_litter (fixture);
}

/* Root can give it back. */
static void
test_owner_kept (Fixture *fixture, gconstpointer data)
{
  struct stat st;

  if (!qk_test_child_is_root ())
    return;
  g_assert_cmpint (chown (fixture->folder.queue, OTHER_USER, THIRD_USER), ==, 0);
  purge (fixture, "a", NULL);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (g_stat (fixture->folder.queue, &st), ==, 0);
  g_assert_cmpuint (st.st_uid, ==, OTHER_USER);
  g_assert_cmpuint (st.st_gid, ==, THIRD_USER);
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/hostile/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lock/symlink", "symlink", test_lock);
  ADD ("lock/dangling", "dangling", test_lock);
  ADD ("lock/folder", "folder", test_lock);
  ADD ("lock/fifo", "fifo", test_lock);
  ADD ("lock/device", "device", test_lock);
  ADD ("lock/hardlink", NULL, test_lock_hardlink);
  ADD ("swap/symlink", "symlink", test_planted_in_swap);
  ADD ("swap/loop", "loop", test_planted_in_swap);
  ADD ("swap/folder", "folder", test_planted_in_swap);
  ADD ("swap/fifo", "fifo", test_planted_in_swap);
  ADD ("swap/device", "device", test_planted_in_swap);
  ADD ("folder-swapped", NULL, test_folder_swapped);
  ADD ("sparse", NULL, test_sparse);
  ADD ("salvage/symlink", "symlink", test_salvage);
  ADD ("salvage/hardlink", "hardlink", test_salvage);
  ADD ("names", NULL, test_names);
  ADD ("modes/umask-000", GUINT_TO_POINTER (0000), test_modes);
  ADD ("modes/umask-077", GUINT_TO_POINTER (0077), test_modes);
  ADD ("salvage/umask-000", GUINT_TO_POINTER (0000), test_salvage_modes);
  ADD ("salvage/umask-077", GUINT_TO_POINTER (0077), test_salvage_modes);
  ADD ("history/umask-000", GUINT_TO_POINTER (0000), test_history_modes);
  ADD ("history/umask-077", GUINT_TO_POINTER (0077), test_history_modes);
  ADD ("history/symlink", "symlink", test_history_planted);
  ADD ("history/dangling", "dangling", test_history_planted);
  ADD ("owner/other", NULL, test_other_owner);
  ADD ("owner/kept", NULL, test_owner_kept);
  return g_test_run ();
}
