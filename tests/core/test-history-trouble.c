#include "qk-history-fixture.h"
#include "qk-history-schema.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A history in trouble: the save goes on, and says so. */

typedef QkHistoryFixture Fixture;

static const guint first[] = {0};

static gboolean
purge_first (Fixture *fixture)
{
  return qk_history_fixture_apply (fixture, qk_change_new_purge, first, 1);
}

/* Saved, as if there were no history. */
static void
assert_not_kept (Fixture *fixture, const char *reason)
{
  g_autoptr (QkDocument) document = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  g_assert_true (purge_first (fixture));
  document = qk_history_fixture_load (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 2);
  g_assert_cmpuint (fixture->result->changed->len, ==, 1);
  g_assert_cmpint (fixture->result->operation, ==, 0);
  g_assert_nonnull (fixture->result->no_undo);
  if (strstr (fixture->result->no_undo, reason) == NULL)
    g_error ("“%s” does not say “%s”", fixture->result->no_undo, reason);
}

static void
assert_kept (Fixture *fixture)
{
  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  g_assert_true (purge_first (fixture));
  g_assert_null (fixture->result->no_undo);
  g_assert_cmpint (fixture->result->operation, >, 0);
}

static void
test_mode (Fixture *fixture, gconstpointer data)
{
  static const char *const endings[] = {"", "-wal", "-shm"};
  g_autofree char *folder = g_path_get_dirname (fixture->db);
  mode_t mask = umask (0);
  struct stat st;

  assert_kept (fixture);
  (void) umask (mask);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (fixture->db, endings[i], NULL);

      g_assert_cmpint (stat (path, &st), ==, 0);
      g_assert_cmpuint (st.st_mode & 07777, ==, 0600);
    }
  g_assert_cmpint (stat (folder, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0700);

  g_assert_cmpint (g_chmod (fixture->db, 0644), ==, 0);
  qk_history_fixture_reopen (fixture);
  assert_kept (fixture);
  g_assert_cmpint (stat (fixture->db, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0600);
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  sqlite3 *other = NULL;
  gint64 start;

  assert_kept (fixture);
  g_assert_cmpint (sqlite3_open (fixture->db, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  start = g_get_monotonic_time ();
  assert_not_kept (fixture, "another program has locked it");
  g_assert_cmpint (g_get_monotonic_time () - start, <,
                   (gint64) 10 * QK_HISTORY_BUSY_MSEC * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  assert_kept (fixture);
}

/* Locked so that not even its version can be read. */
static void
test_locked_from_the_start (Fixture *fixture, gconstpointer data)
{
  sqlite3 *other = NULL;

  qk_history_fixture_execute (fixture, "CREATE TABLE other (x)");
  g_assert_cmpint (sqlite3_open (fixture->db, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  assert_not_kept (fixture, "another program has locked it");
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  assert_kept (fixture);
}

/* Its folder cannot be made. */
static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocked = qk_test_folder_write (&fixture->folder, "data", "a file", -1);

  assert_not_kept (fixture, blocked);
}

/* Another user's: to be read, not to be written. */
static void
test_not_ours (Fixture *fixture, gconstpointer data)
{
  const uid_t nobody = 65534;
  g_autofree char *folder = g_path_get_dirname (fixture->db);

  if (geteuid () != 0)
    {
      g_test_skip ("only root can make a file of another user");
      return;
    }
  qk_history_fixture_execute (fixture, "CREATE TABLE other (x)");
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (fixture->db, 0644), ==, 0);
  g_assert_cmpint (chown (fixture->folder.path, nobody, (gid_t) -1), ==, 0);
  g_assert_cmpint (seteuid (nobody), ==, 0);
  assert_not_kept (fixture, "not permitted");
  g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  struct rlimit old, small;
  g_autofree char *padding = g_strnfill (400000, 'x');
  g_autofree char *text =
      g_strdup_printf ("[{\"queue_id\":\"a\",\"x\":\"%s\"},{\"queue_id\":\"b\"}]", padding);

  assert_kept (fixture);
  qk_history_fixture_write (fixture, text);
  (void) signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = (struct rlimit){200000, old.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_true (purge_first (fixture));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  qk_history_fixture_assert_text (fixture, "[{\"queue_id\":\"b\"}]");
  g_assert_cmpint (fixture->result->operation, ==, 0);
  g_assert_nonnull (fixture->result->no_undo);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 1);
  assert_kept (fixture);
}

/* The one file beside the database whose name tells that it was damaged. */
static char *
find_damaged (Fixture *fixture)
{
  g_autofree char *folder = g_path_get_dirname (fixture->db);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  char *found = NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, ".damaged-") != NULL && !g_str_has_suffix (name, "-wal") &&
        !g_str_has_suffix (name, "-shm"))
      {
        g_assert_null (found);
        found = g_build_filename (folder, name, NULL);
      }
  return found;
}

static void
assert_moved_aside (Fixture *fixture, const char *bytes, gsize length)
{
  g_autofree char *damaged = find_damaged (fixture), *notice = NULL;
  g_autoptr (GBytes) kept = NULL;

  g_assert_nonnull (damaged);
  kept = qk_test_read (damaged);
  g_assert_cmpmem (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept), bytes, length);
  notice = qk_history_steal_notice (fixture->history);
  g_assert_nonnull (notice);
  g_assert_nonnull (strstr (notice, damaged));
  g_assert_null (qk_history_steal_notice (fixture->history));
}

static void
test_not_a_database (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->db);
  g_autofree char *garbage = g_strnfill (9000, 'g');

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->db, garbage, -1, NULL));
  assert_kept (fixture);
  assert_moved_aside (fixture, garbage, strlen (garbage));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
}

/* Its head is whole, and the damage shows when it is written. */
static void
test_damaged_inside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length;

  for (guint i = 0; i < 40; i++)
    assert_kept (fixture);
  qk_history_fixture_reopen (fixture);
  g_assert_true (g_file_get_contents (fixture->db, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 20000);
  memset (bytes + 4096, 'g', length - 4096);
  g_assert_true (g_file_set_contents (fixture->db, bytes, (gssize) length, NULL));
  assert_kept (fixture);
  assert_moved_aside (fixture, bytes, length);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 1);
}

/* Removed under our feet: the next operation goes to a new one, and not into the void. */
static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (fixture->db, "-wal", NULL);
  g_autofree char *shm = g_strconcat (fixture->db, "-shm", NULL);

  assert_kept (fixture);
  g_assert_cmpint (g_unlink (fixture->db), ==, 0);
  g_assert_cmpint (g_unlink (wal), ==, 0);
  g_assert_cmpint (g_unlink (shm), ==, 0);
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 1);
}

/* Moved aside by another process, which has begun a new one. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->db, ".aside", NULL);
  g_autoptr (QkHistory) other = qk_history_new (fixture->db);
  g_autoptr (QkHistory) first_one = g_object_ref (fixture->history);

  assert_kept (fixture);
  g_assert_cmpint (g_rename (fixture->db, aside), ==, 0);
  g_set_object (&fixture->history, other);
  assert_kept (fixture);
  g_set_object (&fixture->history, first_one);
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 2);
}

static void
test_migration (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_execute (fixture, "CREATE TABLE other (x); INSERT INTO other VALUES (42);"
                                       "PRAGMA user_version = 0");
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "PRAGMA user_version"), ==,
                   (gint64) qk_history_version);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT x FROM other"), ==, 42);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM entries"), ==, 1);
}

/* A history of the first version goes on to be used. */
static void
test_migration_from_first (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_execute (fixture, qk_history_migrations[0]);
  qk_history_fixture_execute (fixture,
                              "INSERT INTO operations VALUES (7, 1, 'q', 'purge', 0, 'h', 'u', "
                              "'p', 1, NULL, NULL, 'done'); PRAGMA user_version = 1");
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "PRAGMA user_version"), ==,
                   (gint64) qk_history_version);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT max(id) FROM operations"), ==, 8);
}

/* A step that cannot be taken is taken back. */
static void
test_migration_fails (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_execute (fixture, "CREATE TABLE entries (x)");
  assert_not_kept (fixture, "cannot be used");
  g_assert_cmpint (qk_history_fixture_count (fixture, "PRAGMA user_version"), ==, 0);
  g_assert_cmpint (qk_history_fixture_count (
                       fixture, "SELECT count(*) FROM sqlite_master WHERE name = 'operations'"),
                   ==, 0);
}

static void
test_newer_version (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_execute (fixture, "CREATE TABLE other (x); PRAGMA user_version = 99");
  assert_not_kept (fixture, "a newer Queuekeeper made it");
  g_assert_cmpint (qk_history_fixture_count (fixture, "PRAGMA user_version"), ==, 99);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM sqlite_master"), ==, 1);
}

#define ADD_OPERATIONS(n, time)                                                                    \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n ") "             \
  "INSERT INTO operations (time, queue, kind, count, host, user, program, pid, state) "            \
  "SELECT " time ", '/q', 'purge', 1, 'h', 'u', 'p', 1, 'done' FROM n;"                            \
  "INSERT OR IGNORE INTO entries (operation, ordinal) SELECT id, 0 FROM operations;"

static void
test_prune (Fixture *fixture, gconstpointer data)
{
  static const char old[] = ADD_OPERATIONS (150, "unixepoch() * 1000000 - 31 * 86400 * 1000000");
  static const char young[] = ADD_OPERATIONS (120, "unixepoch() * 1000000 - 29 * 86400 * 1000000");
  g_autoptr (GPtrArray) list = qk_history_list (fixture->history, "/q", 1, NULL);

  /* Whoever only looks leaves no file behind. */
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_false (g_file_test (fixture->db, G_FILE_TEST_EXISTS));

  g_assert_true (qk_history_prune (fixture->history, 30, NULL));
  qk_history_fixture_execute (fixture, old);
  g_assert_true (qk_history_prune (fixture->history, 30, NULL));
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 100);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT min(id) FROM operations"), ==, 51);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM entries"), ==, 100);
  qk_history_fixture_execute (fixture, young);
  g_assert_true (qk_history_prune (fixture->history, 30, NULL));
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 120);
  g_assert_true (qk_history_prune (fixture->history, 28, NULL));
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM entries"), ==, 100);
}

/* The first operation of a process sees to it. */
static void
test_prunes_itself (Fixture *fixture, gconstpointer data)
{
  static const char old[] = ADD_OPERATIONS (150, "unixepoch() * 1000000 - 4 * 86400 * 1000000");

  g_assert_true (qk_history_prune (fixture->history, 30, NULL));
  qk_history_fixture_execute (fixture, old);
  qk_history_set_retention (fixture->history, 3);
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 100);
}

/* Another retention takes effect with the next operation, and not before: who turns a knob too far
 * can turn it back. */
static void
test_prunes_anew (Fixture *fixture, gconstpointer data)
{
  static const char old[] = ADD_OPERATIONS (150, "unixepoch() * 1000000 - 4 * 86400 * 1000000");
  static const struct {
    guint days;
    int before;
    int after;
  } cases[] = {{30, 150, 151}, {30, 151, 152}, {3, 152, 100}, {30, 100, 101}};

  g_assert_true (qk_history_prune (fixture->history, 30, NULL));
  qk_history_fixture_execute (fixture, old);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      qk_history_set_retention (fixture->history, cases[i].days);
      g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==,
                       cases[i].before);
      assert_kept (fixture);
      g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==,
                       cases[i].after);
    }
  /* Set to what it is, it is not another one. */
  qk_history_set_retention (fixture->history, 3);
  assert_kept (fixture);
  qk_history_fixture_execute (fixture, old);
  qk_history_set_retention (fixture->history, 3);
  assert_kept (fixture);
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(*) FROM operations"), ==, 251);
}

static int
die_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  _exit (9);
}

static int
die_after_swap (const char *temp, const char *path, gboolean *exchanged)
{
  (void) qk_platform_get_native ()->swap (temp, path, exchanged);
  _exit (9);
}

/* A process of its own, which dies in the swap. */
static void
crash (Fixture *fixture, int (*swap) (const char *temp, const char *path, gboolean *exchanged))
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      fixture->platform.swap = swap;
      (void) purge_first (fixture);
      _exit (1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 9);
}

/* What was cut off is kept, is not what is undone by default, and can be undone by its number:
 * whichever side of the swap it was. */
static void
check_crash (Fixture *fixture, gboolean swapped)
{
  g_autofree char *text = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;
  g_autoptr (GError) error = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  text = qk_history_fixture_read (fixture);
  crash (fixture, swapped ? die_after_swap : die_before_swap);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpint (last->state, ==, QK_HISTORY_UNFINISHED);
  g_assert_cmpint (last->pid, !=, getpid ());
  g_assert_false (qk_history_fixture_undo (fixture, 0, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO);
  g_assert_true (qk_history_fixture_undo (fixture, last->id, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, swapped ? 1 : 0);
  qk_history_fixture_assert_text (fixture, text);
}

static void
test_crash_before_swap (Fixture *fixture, gconstpointer data)
{
  check_crash (fixture, FALSE);
}

static void
test_crash_after_swap (Fixture *fixture, gconstpointer data)
{
  check_crash (fixture, TRUE);
}

static int
fail_swap (const char *temp, const char *path, gboolean *exchanged)
{
  return EIO;
}

/* A save that fails is aborted, and cannot be undone. */
static void
test_failed_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHistoryOperation) last = NULL;
  g_autoptr (GError) error = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  fixture->platform.swap = fail_swap;
  g_assert_false (purge_first (fixture));
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpint (last->state, ==, QK_HISTORY_ABORTED);
  g_assert_false (qk_history_fixture_undo (fixture, last->id, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO);
}

/* Another writer saves just before the first swap, and the disk is full by then. */
static gboolean full;

static int
swap_with_other (const char *temp, const char *path, gboolean *exchanged)
{
  if (!full)
    g_assert_true (g_file_set_contents (path, "[{\"queue_id\":\"x\"}]", -1, NULL));
  full = TRUE;
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static int
write_unless_full (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  return full ? ENOSPC : qk_platform_get_native ()->write (handle, segments, n_segments);
}

/* Swapped, and swapped out again: nothing was done. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  fixture->platform.swap = swap_with_other;
  fixture->platform.write = write_unless_full;
  g_assert_false (purge_first (fixture));
  qk_history_fixture_assert_text (fixture, "[{\"queue_id\":\"x\"}]");
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpint (last->state, ==, QK_HISTORY_ABORTED);
}

#define ROUNDS 25

/* Purges and undoes in turn. Each save is either kept or says that it is not. */
static guint
work (Fixture *fixture)
{
  guint kept = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      qk_history_fixture_write_ids (fixture, "abc", "FAILED");
      g_assert_true (purge_first (fixture));
      g_assert_true ((fixture->result->operation > 0) == (fixture->result->no_undo == NULL));
      kept += fixture->result->operation > 0;
    }
  return kept;
}

/* The second one has a queue of its own and the same history. */
static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  guint kept;
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      g_free (fixture->folder.queue);
      fixture->folder.queue = g_build_filename (fixture->folder.path, "other", "queue.json", NULL);
      g_free (fixture->folder.path);
      fixture->folder.path = g_path_get_dirname (fixture->folder.queue);
      if (g_mkdir (fixture->folder.path, 0700) != 0)
        _exit (200);
      _exit ((int) work (fixture));
    }
  kept = work (fixture);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), >, 0);
  g_assert_cmpint (WEXITSTATUS (status), <=, ROUNDS);
  g_test_message ("kept: %u and %d of %d", kept, WEXITSTATUS (status), ROUNDS);
  g_assert_cmpint (
      qk_history_fixture_count (fixture, "SELECT count(*) FROM operations WHERE state = 'done'"),
      ==, kept + (guint) WEXITSTATUS (status));
  g_assert_cmpint (qk_history_fixture_count (fixture, "SELECT count(DISTINCT pid) FROM operations"),
                   ==, 2);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Through the façade: a store that is reached by a link tells the journal the same queue. */
static void
test_store (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder.path, "link", NULL);
  g_autofree char *by_link = g_build_filename (link, "queue.json", NULL);
  g_autoptr (QkStore) plain = qk_store_new (fixture->folder.queue);
  g_autoptr (QkStore) linked = qk_store_new (by_link);
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (QkResult) result = NULL;
  g_autofree char *key = qk_store_dup_key (plain), *linked_key = NULL;

  g_assert_cmpint (symlink (".", link), ==, 0);
  linked_key = qk_store_dup_key (linked);
  g_assert_cmpstr (key, ==, linked_key);
  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  document = qk_history_fixture_load (fixture);
  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  qk_store_set_journal (linked, QK_JOURNAL (fixture->history));
  qk_store_apply_async (linked, changes, NULL, NULL, on_applied, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = qk_store_apply_finish (linked, done, NULL);
  g_assert_nonnull (result);
  g_assert_cmpint (result->operation, ==, 1);
  list = qk_history_list (fixture->history, key, 10, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/history-trouble/mode", test_mode},
      {"/history-trouble/locked", test_locked},
      {"/history-trouble/locked-from-the-start", test_locked_from_the_start},
      {"/history-trouble/no-place", test_no_place},
      {"/history-trouble/not-ours", test_not_ours},
      {"/history-trouble/full", test_full},
      {"/history-trouble/not-a-database", test_not_a_database},
      {"/history-trouble/damaged-inside", test_damaged_inside},
      {"/history-trouble/removed", test_removed},
      {"/history-trouble/replaced", test_replaced},
      {"/history-trouble/migration", test_migration},
      {"/history-trouble/migration-from-first", test_migration_from_first},
      {"/history-trouble/migration-fails", test_migration_fails},
      {"/history-trouble/newer-version", test_newer_version},
      {"/history-trouble/prune", test_prune},
      {"/history-trouble/prunes-itself", test_prunes_itself},
      {"/history-trouble/prunes-anew", test_prunes_anew},
      {"/history-trouble/crash-before-swap", test_crash_before_swap},
      {"/history-trouble/crash-after-swap", test_crash_after_swap},
      {"/history-trouble/failed-save", test_failed_save},
      {"/history-trouble/put-back", test_put_back},
      {"/history-trouble/two-processes", test_two_processes},
      {"/history-trouble/store", test_store},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, qk_history_fixture_set_up, tests[i].test,
                qk_history_fixture_tear_down);
  return g_test_run ();
}
