#include "qk-rescue.h"
#include "qk-test-util.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

/* The rescue on real files. What other writers do in between is done from within the calls that it
 * makes; what fails, fails there. */

typedef struct {
  QkTestFolder folder;
  QkPlatform platform;
  QkRescue *rescue;
  QkRescueOutcome *outcome;
  GError *error;
  guint events;
} Fixture;

static struct {
  Fixture *fixture;
  guint calls;
  guint fail_at; /* the call that fails, from 1; 0 for none */
  gboolean for_good;
  int code;
  const char *text; /* what another writer writes */
} script;

static const QkRetryPolicy quick = {3, 1000, 2000};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  fixture->platform = *qk_platform_get_native ();
  memset (&script, 0, sizeof script);
  script.fixture = fixture;
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->rescue, qk_rescue_free);
  g_clear_pointer (&fixture->outcome, qk_rescue_outcome_free);
  g_clear_error (&fixture->error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  forget (fixture);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

static char *
get_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder.path, name, NULL);
}

/* So old that nobody can be writing it; the larger @minutes, the older. */
static void
make_old (const char *path, int minutes)
{
  time_t then = (time_t) (g_get_real_time () / G_USEC_PER_SEC) - minutes * 60;
  struct utimbuf times = {then, then};

  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static void
write_old (Fixture *fixture, const char *name, int minutes, const char *text)
{
  g_autofree char *path = get_path (fixture, name), *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_free (qk_test_folder_write (&fixture->folder, name, text, -1));
  make_old (path, minutes);
}

/* "[a,b" for "a b", closed where the text ends with "]". */
static char *
queue_of (const char *words)
{
  g_auto (GStrv) ids = g_strsplit (words, " ", -1);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  gboolean closed = FALSE;
  char *text;

  for (guint i = 0; ids[i] != NULL; i++)
    if (strcmp (ids[i], "]") == 0)
      closed = TRUE;
    else
      g_ptr_array_add (entries, qk_test_entry (ids[i], "FAILED", "Agent-1"));
  g_ptr_array_add (entries, NULL);
  text = qk_test_queue ((const char *const *) entries->pdata);
  if (!closed)
    text[strlen (text) - 1] = '\0';
  return text;
}

static void
write_queue (Fixture *fixture, const char *name, int minutes, const char *words)
{
  g_autofree char *text = queue_of (words);

  write_old (fixture, name, minutes, text);
}

static void
assert_text (Fixture *fixture, const char *name, const char *words)
{
  g_autofree char *path = get_path (fixture, name), *expected = queue_of (words);
  g_autoptr (GBytes) bytes = qk_test_read (path);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_files (Fixture *fixture, const char *expected)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);
  g_autofree char *all = NULL;

  g_ptr_array_add (names, NULL);
  all = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (all, ==, expected);
}

static void
look (Fixture *fixture, gboolean from_backups)
{
  forget (fixture);
  fixture->rescue = qk_rescue_new (&fixture->platform, fixture->folder.queue, NULL, from_backups,
                                   NULL, &fixture->error);
}

static void
on_event (const QkLockEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->events++;
}

static void
apply (Fixture *fixture)
{
  fixture->outcome =
      qk_rescue_apply (fixture->rescue, &quick, on_event, fixture, NULL, &fixture->error);
}

static void
assert_result (Fixture *fixture, const char *words)
{
  g_autofree char *expected = queue_of (words), *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (fixture->error);
  bytes = qk_salvage_to_bytes (qk_rescue_get_salvage (fixture->rescue));
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (text, ==, expected);
}

static guint
get_mode (const char *path)
{
  GStatBuf st;

  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  return st.st_mode & 07777;
}

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = get_path (fixture, "backups"), *name = NULL;

  write_queue (fixture, "queue.json", 5, "a b");
  g_assert_cmpint (g_chmod (fixture->folder.queue, 0640), ==, 0);
  look (fixture, FALSE);
  assert_result (fixture, "a b ]");
  assert_files (fixture, "queue.json");
  apply (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->outcome->durable);
  assert_text (fixture, "queue.json", "a b ]");
  g_assert_cmpuint (get_mode (fixture->folder.queue), ==, 0640);
  assert_files (fixture, "backups queue.json queue.json.lock");
  g_assert_cmpuint (get_mode (folder), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->outcome->backup), ==, 0640);
  g_assert_true (g_str_has_prefix (fixture->outcome->backup, folder));
  name = g_strdup (fixture->outcome->backup + strlen (folder) + 1);
  g_assert_true (g_regex_match_simple ("^queue_\\d{8}_\\d{6}_corrupted\\.json$", name, 0, 0));
  {
    g_autofree char *relative = g_build_filename ("backups", name, NULL);

    assert_text (fixture, relative, "a b");
  }
  look (fixture, FALSE);
  g_assert_null (qk_rescue_get_problem (fixture->rescue));
}

static void
test_backup_clash (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = get_path (fixture, "backups"), *target = get_path (fixture, "target");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  /* Whatever second it is when the backup is written: a file and a symbolic link are in its way. */
  for (gint64 i = now; i < now + 60; i++)
    {
      g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (i);
      g_autofree char *stamp = g_date_time_format (then, "%Y%m%d_%H%M%S");
      g_autofree char *name = g_strdup_printf ("backups/queue_%s_corrupted.json", stamp);
      g_autofree char *second = g_strdup_printf ("%s/queue_%s_2_corrupted.json", folder, stamp);

      g_free (qk_test_folder_write (&fixture->folder, name, "mine", -1));
      g_assert_cmpint (symlink (target, second), ==, 0);
    }
  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, FALSE);
  apply (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (g_str_has_suffix (fixture->outcome->backup, "_3_corrupted.json"));
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  {
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL)
      {
        g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;

        if (g_file_test (path, G_FILE_TEST_IS_SYMLINK) ||
            strcmp (path, fixture->outcome->backup) == 0)
          continue;
        g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
        g_assert_cmpstr (text, ==, "mine");
      }
  }
}

static void
test_backups_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = get_path (fixture, "backups"), *other = get_path (fixture, "other");
  g_autoptr (GDir) dir = NULL;

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  g_assert_cmpint (symlink (other, folder), ==, 0);
  write_queue (fixture, "other/queue_backup_1.json", 1, "a c ]");
  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, TRUE);
  assert_result (fixture, "a b ]");
  apply (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_text (fixture, "queue.json", "a b");
  dir = g_dir_open (other, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "queue_backup_1.json");
  g_assert_null (g_dir_read_name (dir));
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = get_path (fixture, "link.json");
  g_autofree char *real = g_strdup (fixture->folder.queue);

  write_queue (fixture, "queue.json", 5, "a b");
  g_assert_cmpint (symlink ("queue.json", link), ==, 0);
  g_free (fixture->folder.queue);
  fixture->folder.queue = g_strdup (link);
  look (fixture, FALSE);
  apply (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_false (g_file_test (real, G_FILE_TEST_IS_SYMLINK));
  assert_text (fixture, "queue.json", "a b ]");
  assert_files (fixture, "backups link.json queue.json queue.json.lock");
}

static void
test_sources (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = get_path (fixture, "backups/queue_backup_9.json");
  g_autofree char *secret = get_path (fixture, "secret");

  write_queue (fixture, "queue.json", 5, "a b");
  write_queue (fixture, "queue.json.tmp", 5, "b c");
  write_queue (fixture, "backups/queue_backup_1.json", 5, "d ]");
  write_queue (fixture, "backups/queue_1_corrupted.json", 9, "e");
  write_queue (fixture, "backups/other.json", 5, "x ]");
  write_queue (fixture, "secret", 5, "s ]");
  g_assert_cmpint (symlink (secret, link), ==, 0);
  look (fixture, FALSE);
  assert_result (fixture, "a b c ]");
  look (fixture, TRUE);
  assert_result (fixture, "a b c d e ]");
  g_assert_cmpstr (qk_salvage_source_get_name (
                       qk_salvage_get_source (qk_rescue_get_salvage (fixture->rescue), 2)),
                   ==, "backups/queue_backup_1.json");
  assert_files (fixture, "backups queue.json queue.json.tmp secret");
}

static void
test_leftover_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = get_path (fixture, "queue.json.tmp"), *secret = get_path (fixture, "x");

  write_queue (fixture, "queue.json", 5, "a");
  write_queue (fixture, "x", 5, "s ]");
  g_assert_cmpint (symlink (secret, link), ==, 0);
  look (fixture, FALSE);
  assert_result (fixture, "a ]");
}

static void
test_newest_backups (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "queue.json", 5, "a");
  for (int i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("backups/queue_backup_%02d.json", i);
      g_autofree char *words = g_strdup_printf ("n%d ]", i);

      write_queue (fixture, name, 5 + i, words);
    }
  look (fixture, TRUE);
  assert_result (fixture, "a n0 n1 n2 n3 n4 n5 n6 n7 ]");
}

static void
test_only_leftover (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "queue.json.tmp", 5, "a ]");
  look (fixture, FALSE);
  assert_result (fixture, "a ]");
  g_assert_false (qk_rescue_is_present (fixture->rescue));
  g_assert_null (qk_rescue_get_problem (fixture->rescue));
  assert_files (fixture, "queue.json.tmp");
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  look (fixture, FALSE);
  g_assert_null (fixture->rescue);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (g_mkdir (fixture->folder.queue, 0700), ==, 0);
  look (fixture, FALSE);
  g_assert_null (fixture->rescue);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_REGULAR);
}

static void
test_no_message (Fixture *fixture, gconstpointer data)
{
  write_old (fixture, "queue.json", 5, "[{\"message\":");
  look (fixture, FALSE);
  apply (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED);
  assert_files (fixture, "queue.json");
}

static void
write_now (const char *text)
{
  g_free (qk_test_folder_write (&script.fixture->folder, "queue.json", text, -1));
}

/* At the third look the writer has finished. */
static int
open_while_written (const char *path, QkHandle *handle)
{
  if (strcmp (path, script.fixture->folder.queue) == 0 && ++script.calls == 3)
    write_now (script.text);
  return qk_platform_get_native ()->open_read (path, handle);
}

static void
test_being_written (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sound = queue_of ("a b ]"), *torn = queue_of ("a");
  const gboolean absent = GPOINTER_TO_INT (data);

  if (!absent)
    write_now (torn);
  script.text = sound;
  fixture->platform.open_read = open_while_written;
  look (fixture, FALSE);
  assert_result (fixture, "a b ]");
  g_assert_null (qk_rescue_get_problem (fixture->rescue));
  g_assert_cmpuint (script.calls, ==, 3);
}

/* A writer that was ended just now: after a while it is taken for damaged. */
static void
test_young (Fixture *fixture, gconstpointer data)
{
  g_autofree char *torn = queue_of ("a"), *leftover = queue_of ("b");
  gint64 start = g_get_monotonic_time ();

  write_now (torn);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json.tmp", leftover, -1));
  look (fixture, FALSE);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 1900000);
  g_assert_nonnull (qk_rescue_get_problem (fixture->rescue));
  assert_result (fixture, "a b ]");
}

static void
test_changed_before (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = queue_of ("a b c ]");

  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, FALSE);
  write_now (other);
  apply (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_nonnull (strstr (fixture->error->message, "changed meanwhile"));
  assert_text (fixture, "queue.json", "a b c ]");
  assert_files (fixture, "queue.json queue.json.lock");
}

/* Another version comes in between the last look and the swap. */
static int
swap_after_another (const char *temp, const char *path, gboolean *exchanged)
{
  if (++script.calls <= script.fail_at)
    {
      g_autofree char *text = g_strdup_printf ("[%u]", script.calls);

      write_now (text);
    }
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
test_changed_between (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) names = NULL;
  guint kept = 0;

  script.fail_at = GPOINTER_TO_UINT (data);
  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, FALSE);
  fixture->platform.swap = swap_after_another;
  apply (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_true (g_file_get_contents (fixture->folder.queue, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, script.fail_at == 1 ? "[1]" : "[2]");
  names = qk_test_folder_list (&fixture->folder);
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_suffix (g_ptr_array_index (names, i), ".tmp"))
      {
        g_autofree char *path = get_path (fixture, g_ptr_array_index (names, i));
        g_autofree char *other = NULL;

        g_assert_true (g_file_get_contents (path, &other, NULL, NULL));
        g_assert_cmpstr (other, ==, "[1]");
        g_assert_nonnull (strstr (fixture->error->message, path));
        kept++;
      }
  /* With a third version, the second one is kept, and so is the damaged one. */
  g_assert_cmpuint (kept, ==, script.fail_at - 1);
  g_assert_cmpuint (script.calls, ==, script.fail_at == 1 ? 2 : 3);
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sidecar = get_path (fixture, "queue.json.lock");
  QkHandle lock;

  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, FALSE);
  g_assert_cmpint (fixture->platform.lock (sidecar, &lock), ==, 0);
  apply (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_cmpuint (fixture->events, ==, 3);
  assert_text (fixture, "queue.json", "a b");
  assert_files (fixture, "queue.json queue.json.lock");
  fixture->platform.unlock (lock);
  g_clear_error (&fixture->error);
  apply (fixture);
  g_assert_no_error (fixture->error);
}

/* Whether this call is the one that fails. */
static gboolean
fails (void)
{
  script.calls++;
  return script.fail_at != 0 &&
         (script.for_good ? script.calls >= script.fail_at : script.calls == script.fail_at);
}

static int
failing_create_temp (const char *path,
                     QkHandle like,
                     const QkFileStamp *replaced,
                     QkHandle *handle,
                     char **temp)
{
  return fails () ? script.code
                  : qk_platform_get_native ()->create_temp (path, like, replaced, handle, temp);
}

/* A disk that is full takes a part first. */
static int
failing_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  QkSegment part = {segments[0].data, segments[0].size / 2};

  if (!fails ())
    return qk_platform_get_native ()->write (handle, segments, n_segments);
  (void) qk_platform_get_native ()->write (handle, &part, 1);
  return script.code;
}

static int
failing_sync (QkHandle handle)
{
  return fails () ? script.code : qk_platform_get_native ()->sync (handle);
}

static int
failing_sync_folder (const char *path)
{
  return fails () ? script.code : qk_platform_get_native ()->sync_folder (path);
}

static int
failing_swap (const char *temp, const char *path, gboolean *exchanged)
{
  return fails () ? script.code : qk_platform_get_native ()->swap (temp, path, exchanged);
}

static int
failing_lock (const char *path, QkHandle *lock)
{
  return fails () ? script.code : qk_platform_get_native ()->lock (path, lock);
}

static int
failing_stat_handle (QkHandle handle, QkFileStamp *stamp)
{
  return fails () ? script.code : qk_platform_get_native ()->stat_handle (handle, stamp);
}

static int
failing_stat_path (const char *path, QkFileStamp *stamp)
{
  return fails () ? script.code : qk_platform_get_native ()->stat_path (path, stamp);
}

static const QkPlatform *
get_failing (void)
{
  static QkPlatform failing;

  failing = *qk_platform_get_native ();
  failing.create_temp = failing_create_temp;
  failing.write = failing_write;
  failing.sync = failing_sync;
  failing.sync_folder = failing_sync_folder;
  failing.swap = failing_swap;
  failing.lock = failing_lock;
  failing.stat_handle = failing_stat_handle;
  failing.stat_path = failing_stat_path;
  return &failing;
}

/* The file is old or new, the lock is free, and nothing lies about. Returns whether it was written. */
static gboolean
check_after_fault (Fixture *fixture)
{
  g_autofree char *sidecar = get_path (fixture, "queue.json.lock");
  g_autofree char *backups = get_path (fixture, "backups");
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);
  g_autoptr (GDir) dir = g_dir_open (backups, 0, NULL);
  gboolean done = fixture->outcome != NULL;
  gboolean unclear = !done && strstr (fixture->error->message, "is kept as") != NULL;
  QkHandle lock;
  guint n = 0;

  g_assert_cmpint (done, ==, fixture->error == NULL);
  /* After the swap the system tells nothing more: what was displaced must stay. */
  g_assert_true (!unclear || script.for_good);
  assert_text (fixture, "queue.json", done || unclear ? "a b ]" : "a b");
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_suffix (g_ptr_array_index (names, i), ".tmp"))
      {
        g_autofree char *path = get_path (fixture, g_ptr_array_index (names, i));

        g_assert_true (unclear);
        assert_text (fixture, g_ptr_array_index (names, i), "a b");
        g_assert_cmpint (g_unlink (path), ==, 0);
      }
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, done || unclear ? 1 : 0);
  g_assert_cmpint (qk_platform_get_native ()->lock (sidecar, &lock), ==, 0);
  qk_platform_get_native ()->unlock (lock);
  return done;
}

static void
empty_backups (Fixture *fixture)
{
  g_autofree char *folder = get_path (fixture, "backups");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const int codes[] = {EIO, ENOSPC, EACCES, EXDEV, ESTALE};
  guint faults = 0, written = 0, last = G_MAXUINT;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (codes); i++)
    for (guint n = 1; n <= last; n++)
      {
        write_queue (fixture, "queue.json", 5, "a b");
        script.fail_at = 0;
        fixture->platform = *get_failing ();
        look (fixture, FALSE);
        g_assert_no_error (fixture->error);
        script.calls = 0;
        script.fail_at = n;
        script.code = codes[i / 2];
        script.for_good = i % 2;
        apply (fixture);
        if (script.calls < n)
          last = n - 1;
        script.fail_at = 0;
        faults += n <= last;
        written += check_after_fault (fixture);
        empty_backups (fixture);
      }
  g_assert_cmpuint (last, >=, 12);
  g_test_message ("%u calls faulted, %u of them of an apply that succeeded all the same", faults,
                  written);
}

static void
test_write_to (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = get_path (fixture, "out.json"), *link = get_path (fixture, "link");
  g_autofree char *target = get_path (fixture, "target"), *text = NULL;

  write_queue (fixture, "queue.json", 5, "a b");
  g_assert_cmpint (g_chmod (fixture->folder.queue, 0640), ==, 0);
  look (fixture, FALSE);
  g_assert_true (qk_rescue_write_to (fixture->rescue, out, &fixture->error));
  g_assert_no_error (fixture->error);
  assert_text (fixture, "out.json", "a b ]");
  assert_text (fixture, "queue.json", "a b");
  g_assert_cmpuint (get_mode (out), ==, 0640);

  g_assert_true (g_file_set_contents (out, "mine", -1, NULL));
  g_assert_false (qk_rescue_write_to (fixture->rescue, out, &fixture->error));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "is there already"));
  g_clear_error (&fixture->error);
  g_assert_true (g_file_get_contents (out, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");

  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_false (qk_rescue_write_to (fixture->rescue, link, &fixture->error));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  assert_files (fixture, "link out.json queue.json");
}

static void
test_write_to_fault (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = get_path (fixture, "out.json");

  write_queue (fixture, "queue.json", 5, "a b");
  fixture->platform = *get_failing ();
  look (fixture, FALSE);
  for (guint n = 1; n <= 3; n++)
    {
      script.calls = 0;
      script.fail_at = n;
      script.code = ENOSPC;
      g_assert_false (qk_rescue_write_to (fixture->rescue, out, &fixture->error));
      g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
      g_clear_error (&fixture->error);
      assert_files (fixture, "queue.json");
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  write_queue (fixture, "queue.json", 5, "a b");
  look (fixture, FALSE);
  g_cancellable_cancel (cancellable);
  fixture->outcome =
      qk_rescue_apply (fixture->rescue, &quick, NULL, NULL, cancellable, &fixture->error);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_files (fixture, "queue.json");
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/rescue/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("apply", NULL, test_apply);
  ADD ("backup-clash", NULL, test_backup_clash);
  ADD ("backups-elsewhere", NULL, test_backups_elsewhere);
  ADD ("link", NULL, test_link);
  ADD ("sources", NULL, test_sources);
  ADD ("leftover-link", NULL, test_leftover_link);
  ADD ("newest-backups", NULL, test_newest_backups);
  ADD ("only-leftover", NULL, test_only_leftover);
  ADD ("nothing", NULL, test_nothing);
  ADD ("no-message", NULL, test_no_message);
  ADD ("torn-for-a-moment", GINT_TO_POINTER (FALSE), test_being_written);
  ADD ("absent-for-a-moment", GINT_TO_POINTER (TRUE), test_being_written);
  ADD ("young", NULL, test_young);
  ADD ("changed-before", NULL, test_changed_before);
  ADD ("changed-between", GUINT_TO_POINTER (1), test_changed_between);
  ADD ("changed-twice", GUINT_TO_POINTER (2), test_changed_between);
  ADD ("locked", NULL, test_locked);
  ADD ("faults", NULL, test_faults);
  ADD ("write-to", NULL, test_write_to);
  ADD ("write-to-fault", NULL, test_write_to_fault);
  ADD ("cancelled", NULL, test_cancelled);
  return g_test_run ();
}
