#include "qk-history-fixture.h"
#include "qk-snapshot.h"
#include "qk-temp-name.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an interrupted save has left, and what the next one does about it. */

#define RANDOM "0123456789abcdef0123456789abcdef"

typedef QkHistoryFixture Fixture;

static QkFileStamp
get_stamp (const char *path)
{
  QkFileStamp stamp;

  g_assert_cmpint (qk_platform_get_native ()->stat_path (path, &stamp), ==, 0);
  return stamp;
}

/* A queue of one entry for each letter, delivered and newer for a capital. */
static char *
make_queue (const char *ids)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) entries = NULL;

  for (; *ids != '\0'; ids++)
    {
      gboolean newer = g_ascii_isupper (*ids);
      g_autofree char *entry = g_strdup_printf (
          "{\"queue_id\":\"%c\",\"message\":{},\"priority_score\":1,\"status\":\"%s\","
          "\"created_at\":\"2026-01-01T00:00:00\",\"updated_at\":\"2026-01-0%dT00:00:00\"}",
          g_ascii_tolower (*ids), newer ? "DELIVERED" : "FAILED", newer ? 2 : 1);

      g_strv_builder_add (builder, entry);
    }
  entries = g_strv_builder_end (builder);
  return qk_test_queue ((const char *const *) entries);
}

static void
write_queue (Fixture *fixture, const char *ids)
{
  g_autofree char *text = make_queue (ids);

  qk_history_fixture_write (fixture, text);
}

static void
assert_queue (Fixture *fixture, const char *ids)
{
  g_autofree char *text = make_queue (ids);

  qk_history_fixture_assert_text (fixture, text);
}

/* A file beside the queue that holds @text, named as a save names it: it was file number @own, or its
 * own number for 0, when it was to replace @replaced. */
static char *
leave (Fixture *fixture, const char *text, guint64 own, const QkFileStamp *replaced)
{
  g_autofree char *path = qk_test_folder_write (&fixture->folder, "left", text, -1);
  QkFileStamp stamp = get_stamp (path);
  char *name =
      qk_temp_name_format (fixture->folder.queue, own != 0 ? own : stamp.file, replaced, RANDOM);

  g_assert_cmpint (g_rename (path, name), ==, 0);
  return name;
}

/* The version of another writer that came out of a swap and was not merged. */
static char *
leave_displaced (Fixture *fixture, const char *text)
{
  QkFileStamp replaced = get_stamp (fixture->folder.queue);

  return leave (fixture, text, replaced.file + 1000000, &replaced);
}

static void
start (Fixture *fixture)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  g_assert_true (qk_history_fixture_save (fixture, nothing));
}

static gboolean
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_names (void)
{
  QkFileStamp replaced = {1, G_MAXUINT64, 0, -5, TRUE};
  g_autofree char *path = qk_temp_name_format ("/f/queue.json", 77, &replaced, RANDOM);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *new = qk_temp_name_format_new ("/f/queue.json", RANDOM);
  g_autofree char *new_name = g_path_get_basename (new);
  static const char *const others[] = {
      "queue.json",
      "queue.json.lock",
      ".queue.json.tmp",
      ".queue.json.1-2-3-4-5-" RANDOM,
      ".queue.json.1-2-3-4-5-6-" RANDOM ".tmp",
      ".queue.json.1-2-3-4-" RANDOM ".tmp",
      ".queue.json.1-2-3-4--5-" RANDOM ".tmp",
      ".queue.json.x-2-3-4-5-" RANDOM ".tmp",
      ".queue.json.1-2-3-4-5-0123.tmp",
      ".queue.json.5f0c8a2e-7a55-4b53-9a44-4b8a5a1f9d10.tmp",
      ".other.json.1-2-3-4-5-" RANDOM ".tmp",
      ".queue.json." RANDOM ".tmp",
  };
  QkTempName parsed;

  g_assert_true (g_str_has_prefix (path, "/f/.queue.json."));
  g_assert_true (qk_temp_name_parse ("/f/queue.json", name, &parsed));
  g_assert_cmpuint (parsed.own, ==, 77);
  g_assert_cmpuint (parsed.file, ==, G_MAXUINT64);
  g_assert_cmpuint (parsed.size, ==, 0);
  g_assert_cmpint (parsed.modified, ==, -5);
  g_assert_cmpuint (parsed.user, ==, geteuid ());
  g_assert_false (qk_temp_name_is_new ("/f/queue.json", name));
  g_assert_true (qk_temp_name_is_new ("/f/queue.json", new_name));
  g_assert_false (qk_temp_name_parse ("/f/queue.json", new_name, &parsed));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (qk_temp_name_parse ("/f/queue.json", others[i], &parsed));
      g_assert_false (qk_temp_name_is_new ("/f/queue.json", others[i]));
    }
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  QkFileStamp before;

  write_queue (fixture, "ab");
  before = get_stamp (fixture->folder.queue);
  start (fixture);
  g_assert_null (fixture->result->recovered);
  g_assert_cmpuint (get_stamp (fixture->folder.queue).file, ==, before.file);
}

/* Cut off before the swap: the queue is as it was, to the inode. */
static void
test_never_swapped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *new = qk_temp_name_format_new (fixture->folder.queue, RANDOM);
  g_autofree char *new_name = g_path_get_basename (new);
  g_autofree char *half = make_queue ("x"), *left = NULL;
  QkFileStamp before;

  write_queue (fixture, "ab");
  before = get_stamp (fixture->folder.queue);
  g_free (qk_test_folder_write (&fixture->folder, new_name, "", 0));
  left = leave (fixture, half, 0, &before);
  start (fixture);
  g_assert_cmpstr (fixture->result->recovered, ==, "An interrupted save was cleaned up.");
  g_assert_false (exists (new));
  g_assert_false (exists (left));
  g_assert_cmpuint (get_stamp (fixture->folder.queue).file, ==, before.file);
  assert_queue (fixture, "ab");
}

/* Cut off after the swap: what was replaced was known to the one that replaced it. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = make_queue ("xy");
  g_autofree char *path = qk_test_folder_write (&fixture->folder, "left", old, -1);
  QkFileStamp stamp = get_stamp (path);
  g_autofree char *left =
      qk_temp_name_format (fixture->folder.queue, stamp.file + 1, &stamp, RANDOM);

  write_queue (fixture, "ab");
  g_assert_cmpint (g_rename (path, left), ==, 0);
  start (fixture);
  g_assert_false (exists (left));
  assert_queue (fixture, "ab");
}

/* The version of another writer: its new message and its newer state come in, and nothing goes. */
static void
test_displaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("aBx"), *left = NULL;

  write_queue (fixture, "abC");
  left = leave_displaced (fixture, theirs);
  start (fixture);
  g_assert_nonnull (strstr (fixture->result->recovered, "2 messages"));
  assert_queue (fixture, "aBxC");
  g_assert_false (exists (left));
  start (fixture);
  g_assert_null (fixture->result->recovered);
}

/* An older state there is no news here. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("ab"), *left = NULL;

  write_queue (fixture, "AB");
  left = leave_displaced (fixture, theirs);
  start (fixture);
  assert_queue (fixture, "AB");
  g_assert_false (exists (left));
}

/* What the operator has purged does not come back, unless that was undone. */
static void
test_purged (Fixture *fixture, gconstpointer data)
{
  static const guint first[] = {0};
  g_autofree char *theirs = make_queue ("abx"), *left = NULL, *again = NULL;

  write_queue (fixture, "ab");
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, first, 1));
  left = leave_displaced (fixture, theirs);
  start (fixture);
  assert_queue (fixture, "bx");
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  assert_queue (fixture, "abx");
  write_queue (fixture, "b");
  again = leave_displaced (fixture, theirs);
  start (fixture);
  assert_queue (fixture, "abx");
}

/* Goes with the next change as well as without one. */
static void
test_with_change (Fixture *fixture, gconstpointer data)
{
  static const guint first[] = {0};
  g_autofree char *theirs = make_queue ("abx"), *left = NULL;

  write_queue (fixture, "ab");
  left = leave_displaced (fixture, theirs);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, first, 1));
  assert_queue (fixture, "bx");
  g_assert_cmpuint (fixture->result->changed->len, ==, 1);
  g_assert_nonnull (strstr (fixture->result->recovered, "1 message "));
  g_assert_false (exists (left));
}

static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("xab"), *left = NULL;
  g_autofree char *backups = g_build_filename (fixture->folder.path, "backups", NULL);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GBytes) bytes = NULL;

  theirs[strlen (theirs) - 20] = '\0';
  write_queue (fixture, "ab");
  left = leave_displaced (fixture, theirs);
  start (fixture);
  assert_queue (fixture, "xab");
  g_assert_false (exists (left));
  dir = g_dir_open (backups, 0, NULL);
  g_assert_nonnull (dir);
  kept = g_build_filename (backups, g_dir_read_name (dir), NULL);
  g_assert_nonnull (strstr (fixture->result->recovered, kept));
  bytes = qk_test_read (kept);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), theirs,
                   strlen (theirs));
  g_assert_cmpint (g_remove (kept), ==, 0);
  g_assert_cmpint (g_rmdir (backups), ==, 0);
}

/* Another process is still about to merge it. */
static void
test_in_use (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *theirs = make_queue ("abx"), *left = NULL;
  QkHandle handle;

  write_queue (fixture, "ab");
  left = leave_displaced (fixture, theirs);
  g_assert_cmpint (native->open_read (left, &handle), ==, 0);
  g_assert_cmpint (native->claim (handle), ==, 0);
  start (fixture);
  g_assert_true (exists (left));
  assert_queue (fixture, "ab");
  native->close (handle);
  start (fixture);
  g_assert_false (exists (left));
  assert_queue (fixture, "abx");
}

/* Somebody else's is his to merge: only he knows what he has purged. */
static void
test_of_another_user (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("abx");
  g_autofree char *left = g_strdup_printf ("%s/.queue.json.1-2-3-4-%x-" RANDOM ".tmp",
                                           fixture->folder.path, geteuid () + 1);
  g_autofree char *name = g_path_get_basename (left);

  write_queue (fixture, "ab");
  g_free (qk_test_folder_write (&fixture->folder, name, theirs, -1));
  start (fixture);
  g_assert_true (exists (left));
  assert_queue (fixture, "ab");
}

/* A link that somebody has planted is not followed, and neither is a further name of a file. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *secret = make_queue ("s");
  g_autofree char *victim = qk_test_folder_write (&fixture->folder, "victim", secret, -1);
  g_autofree char *left = g_strdup_printf ("%s/.queue.json.1-2-3-4-%x-" RANDOM ".tmp",
                                           fixture->folder.path, geteuid ());

  write_queue (fixture, "ab");
  g_assert_cmpint (symlink (victim, left), ==, 0);
  start (fixture);
  assert_queue (fixture, "ab");
  g_assert_cmpint (g_remove (left), ==, 0);
  g_assert_cmpint (link (victim, left), ==, 0);
  start (fixture);
  assert_queue (fixture, "ab");
  g_assert_true (exists (victim));
}

/* Without the history nobody knows what was purged: nothing is merged, and nothing is lost. */
static void
test_without_history (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("abx"), *left = NULL;
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  QkWriter writer = {.platform = qk_platform_get_native (),
                     .path = fixture->folder.queue,
                     .policy = {2, 1000, 1000}};

  write_queue (fixture, "ab");
  left = leave_displaced (fixture, theirs);
  fixture->result = qk_writer_save (&writer, nothing, NULL, NULL);
  g_assert_nonnull (fixture->result);
  g_assert_nonnull (strstr (fixture->result->recovered, left));
  g_assert_nonnull (strstr (fixture->result->recovered, "not merged"));
  g_assert_true (exists (left));
  assert_queue (fixture, "ab");
  start (fixture);
  assert_queue (fixture, "abx");
  g_assert_false (exists (left));
}

/* The next save fails as well: what was left stays for the one after. */
static int
fail_swap (const char *temp, const char *path, gboolean *exchanged)
{
  return EIO;
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = make_queue ("abx"), *left = NULL;
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  write_queue (fixture, "ab");
  left = leave_displaced (fixture, theirs);
  fixture->platform.swap = fail_swap;
  g_assert_false (qk_history_fixture_save (fixture, nothing));
  g_assert_true (exists (left));
  fixture->platform.swap = qk_platform_get_native ()->swap;
  start (fixture);
  g_assert_false (exists (left));
  assert_queue (fixture, "abx");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/leftovers/none", test_none},
      {"/leftovers/never-swapped", test_never_swapped},
      {"/leftovers/replaced", test_replaced},
      {"/leftovers/displaced", test_displaced},
      {"/leftovers/older", test_older},
      {"/leftovers/purged", test_purged},
      {"/leftovers/with-change", test_with_change},
      {"/leftovers/torn", test_torn},
      {"/leftovers/in-use", test_in_use},
      {"/leftovers/of-another-user", test_of_another_user},
      {"/leftovers/link", test_link},
      {"/leftovers/without-history", test_without_history},
      {"/leftovers/again", test_again},
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/leftovers/names", test_names);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, qk_history_fixture_set_up, tests[i].run,
                qk_history_fixture_tear_down);
  return g_test_run ();
}
