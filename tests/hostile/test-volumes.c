#define _GNU_SOURCE

#include "qk-history.h"
#include "qk-rescue.h"
#include "qk-test-child.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

/* Disks that are full or cannot be written, and file systems that can do less than ours: real ones,
 * mounted where nobody else sees them. What such a system refuses at each call of a save is in
 * tests/fault. */

#define N_ENTRIES  60
#define OTHER_USER 65534

typedef struct {
  QkTestFolder folder;
  char *volume; /* where another file system is mounted */
  char *queue;  /* in it */
  QkPlatform platform;
} Fixture;

static char *
make_queue (guint n)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) entries = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%02u", i);
      g_autofree char *entry = qk_test_entry (id, "FAILED", "Agent-1");

      g_strv_builder_add (builder, entry);
    }
  entries = g_strv_builder_end (builder);
  return qk_test_queue ((const char *const *) entries);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  fixture->volume = g_build_filename (fixture->folder.path, "volume", NULL);
  fixture->queue = g_build_filename (fixture->volume, "queue.json", NULL);
  g_assert_cmpint (g_mkdir (fixture->volume, 0777), ==, 0);
  fixture->platform = *qk_platform_get_native ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_tear_down (&fixture->folder, NULL);
  g_free (fixture->volume);
  g_free (fixture->queue);
}

static void
write_queue (const char *path)
{
  g_autofree char *text = make_queue (N_ENTRIES);
  g_autoptr (GError) error = NULL;

  (void) g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0666, &error);
  g_assert_no_error (error);
}

/* Purges the first entry. */
static QkResult *
purge (Fixture *fixture, const char *path, QkJournal *journal, GError **error)
{
  g_autofree char *text = make_queue (1);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkWriter writer = {
      .platform = &fixture->platform,
      .path = path,
      .policy = {2, 1000, 1000},
      .journal = journal,
      .queue = path,
  };

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  return qk_writer_save (&writer, changes, NULL, error);
}

static void
assert_untouched (const char *path)
{
  g_autofree char *text = make_queue (N_ENTRIES);
  g_autoptr (GBytes) bytes = qk_test_read (path);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
assert_no_litter (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->volume, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_suffix (name, ".tmp"));
}

static void
assert_lock_is_free (const char *path)
{
  g_autofree char *sidecar = g_strconcat (path, ".lock", NULL);
  QkHandle lock;

  g_assert_cmpint (qk_platform_get_native ()->lock (sidecar, &lock), ==, 0);
  qk_platform_get_native ()->unlock (lock);
}

static void
mount_tmpfs (const char *where, const char *options)
{
  g_assert_cmpint (mount ("none", where, "tmpfs", 0, options), ==, 0);
}

/* Fills the disk but for some pages, with a file that is made anew each time. */
static void
fill (Fixture *fixture, guint free_pages)
{
  g_autofree char *path = g_build_filename (fixture->volume, "ballast", NULL);
  char page[4096] = {0};
  int fd;
  off_t size = 0;

  (void) g_unlink (path);
  fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  while (write (fd, page, sizeof page) == sizeof page)
    size += sizeof page;
  g_assert_cmpint (errno, ==, ENOSPC);
  g_assert_cmpint (ftruncate (fd, size - (off_t) (free_pages * sizeof page)), ==, 0);
  (void) close (fd);
}

/* Full at every point of a save in turn, until there is room enough for it. */
static void
save_on_full_disk (gpointer data)
{
  Fixture *fixture = data;
  guint n_failed = 0;
  gboolean saved = FALSE;

  mount_tmpfs (fixture->volume, "size=256k");
  write_queue (fixture->queue);
  for (guint free_pages = 0; !saved && free_pages < 32; free_pages++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QkResult) result = NULL;

      fill (fixture, free_pages);
      result = purge (fixture, fixture->queue, NULL, &error);
      saved = result != NULL;
      assert_no_litter (fixture);
      assert_lock_is_free (fixture->queue);
      if (saved)
        continue;
      n_failed++;
      g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "ENOSPC"));
      g_assert_nonnull (strstr (error->message, "see to the disk"));
      assert_untouched (fixture->queue);
    }
  g_assert_true (saved);
  g_assert_cmpuint (n_failed, >=, 5);
}

static void
salvage_on_full_disk (gpointer data)
{
  Fixture *fixture = data;
  const QkRetryPolicy policy = {2, 1000, 1000};
  g_autoptr (QkRescue) rescue = NULL;
  g_autoptr (QkRescueOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = NULL, after = NULL;
  g_autoptr (GPtrArray) backups = NULL;

  mount_tmpfs (fixture->volume, "size=256k");
  write_queue (fixture->queue);
  g_assert_cmpint (truncate (fixture->queue, 20000), ==, 0);
  g_assert_cmpint (g_utime (fixture->queue, &(struct utimbuf){1700000000, 1700000000}), ==, 0);
  before = qk_test_read (fixture->queue);
  fill (fixture, 6);
  rescue = qk_rescue_new (&fixture->platform, fixture->queue, NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  outcome = qk_rescue_apply (rescue, &policy, NULL, NULL, NULL, &error);
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "ENOSPC"));
  after = qk_test_read (fixture->queue);
  g_assert_true (g_bytes_equal (before, after));
  assert_no_litter (fixture);
  /* Nor half a backup. */
  g_free (fixture->folder.path);
  fixture->folder.path = g_build_filename (fixture->volume, "backups", NULL);
  backups = qk_test_folder_list (&fixture->folder);
  g_assert_cmpuint (backups->len, ==, 0);
  assert_lock_is_free (fixture->queue);
}

/* The history is on the full disk, the queue is not: it is saved, and cannot be undone. */
static void
save_with_full_history (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *db = g_build_filename (fixture->volume, "data", "history.db", NULL);
  g_autoptr (QkHistory) history = qk_history_new (db);
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mount_tmpfs (fixture->volume, "size=256k");
  write_queue (fixture->folder.queue);
  fill (fixture, 0);
  result = purge (fixture, fixture->folder.queue, QK_JOURNAL (history), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->changed->len, ==, 1);
  g_assert_nonnull (result->no_undo);
  g_assert_nonnull (strstr (result->no_undo, "history"));
  g_test_message ("%s", result->no_undo);
  /* And it can be again, as soon as there is room. */
  fill (fixture, 40);
  g_clear_pointer (&result, qk_result_free);
  write_queue (fixture->folder.queue);
  result = purge (fixture, fixture->folder.queue, QK_JOURNAL (history), &error);
  g_assert_no_error (error);
  g_assert_null (result->no_undo);
  g_assert_cmpint (result->operation, >, 0);
}

static void
save_on_read_only_disk (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mount_tmpfs (fixture->volume, "size=256k");
  write_queue (fixture->queue);
  g_assert_cmpint (mount ("none", fixture->volume, NULL, MS_REMOUNT | MS_RDONLY, NULL), ==, 0);
  result = purge (fixture, fixture->queue, NULL, &error);
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "EROFS"));
  assert_untouched (fixture->queue);
}

static void
test_with_mounts (Fixture *fixture, gconstpointer data)
{
  if (qk_test_child_can_mount ())
    qk_test_child_run_with_mounts (data, fixture);
}

static void
save_in_refusing_folder (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL;

  write_queue (fixture->queue);
  g_assert_cmpint (g_chmod (fixture->volume, 0555), ==, 0);
  result = purge (fixture, fixture->queue, NULL, &error);
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_DENIED);
  g_assert_nonnull (strstr (error->message, "EACCES"));
  g_assert_nonnull (strstr (error->message, "see who may write to the file and its folder"));
  assert_untouched (fixture->queue);
  g_assert_cmpint (g_chmod (fixture->volume, 0755), ==, 0);
}

/* Root may write anywhere: then it is another user who may not. */
static void
test_refusing_folder (Fixture *fixture, gconstpointer data)
{
  if (geteuid () != 0)
    {
      save_in_refusing_folder (fixture);
      return;
    }
  g_assert_cmpint (g_chmod (fixture->folder.path, 0755), ==, 0);
  g_assert_cmpint (chown (fixture->volume, OTHER_USER, OTHER_USER), ==, 0);
  qk_test_child_run_as (OTHER_USER, save_in_refusing_folder, fixture);
}

/* A quota takes the first bytes. */
static int
write_over_quota (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  QkSegment part = {segments[0].data, 1};

  (void) qk_platform_get_native ()->write (handle, &part, 1);
  return EDQUOT;
}

static void
test_quota (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->platform.write = write_over_quota;
  write_queue (fixture->queue);
  result = purge (fixture, fixture->queue, NULL, &error);
  g_assert_error (error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "EDQUOT"));
  assert_untouched (fixture->queue);
  assert_no_litter (fixture);
  assert_lock_is_free (fixture->queue);
}

static gboolean
can_exchange (Fixture *fixture)
{
  g_autofree char *a = g_build_filename (fixture->volume, "a", NULL);
  g_autofree char *b = g_build_filename (fixture->volume, "b", NULL);
  gboolean can;

  g_assert_true (g_file_set_contents (a, "a", -1, NULL));
  g_assert_true (g_file_set_contents (b, "b", -1, NULL));
  can = renameat2 (AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
  g_assert_cmpint (g_unlink (a), ==, 0);
  g_assert_cmpint (g_unlink (b), ==, 0);
  return can;
}

/* Runs the writer's own tests with their folders on the volume, and ends with the volume unmounted. */
static void
run_writer_tests (Fixture *fixture, const char *const *argv, guint n_expected)
{
  g_autofree char *output = NULL, *errors = NULL;
  guint n = 0;
  int code;

  g_assert_true (g_setenv ("TMPDIR", fixture->volume, TRUE));
  code = qk_test_run (argv, &output, &errors);
  g_assert_cmpint (umount2 (fixture->volume, MNT_DETACH), ==, 0);
  if (code != 0)
    g_printerr ("%s%s", output, errors);
  g_assert_cmpint (code, ==, 0);
  for (const char *p = output; (p = strstr (p, "\nok ")) != NULL; p++)
    n++;
  g_assert_cmpuint (n, >=, n_expected);
}

static void
write_on_overlay (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *options =
      g_strdup_printf ("lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work", fixture->folder.path,
                       fixture->folder.path, fixture->folder.path);
  static const char *const names[] = {"lower", "upper", "work"};

  /* An overlay does not lie on another one, which the folder for temporary files may be. */
  mount_tmpfs (fixture->folder.path, "size=8m");
  g_assert_cmpint (g_mkdir (fixture->volume, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder.path, names[i], NULL);

      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
    }
  if (mount ("none", fixture->volume, "overlay", 0, options) != 0)
    _exit (QK_TEST_CHILD_SKIP);
  g_assert_true (can_exchange (fixture));
  run_writer_tests (fixture, (const char *const[]){g_getenv ("QK_TEST_WRITER"), NULL}, 20);
}

/* FUSE with the older of its interfaces knows no exchange: a plain rename takes its place. What is
 * removed while it is open goes at once (hard_remove), as everywhere else, instead of being renamed. */
static void
write_without_exchange (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *image = g_build_filename (fixture->folder.path, "image", NULL);
  const char *const make[] = {"mke2fs", "-q", "-F", image, "16M", NULL};
  const char *const mount_it[] = {"fuse2fs", "-o", "rw,hard_remove", image, fixture->volume, NULL};
  /* What these tell of cannot be seen there; see "What remains" in README.md. */
  const char *const tests[] = {
      g_getenv ("QK_TEST_WRITER"),  "-s", "/writer/conflict-in-swap",        "-s",
      "/writer/conflict-in-effect", "-s", "/writer/conflict-with-full-disk", "-s",
      "/writer/torn-in-swap",       NULL};

  g_assert_cmpint (qk_test_run (make, NULL, NULL), ==, 0);
  if (qk_test_run (mount_it, NULL, NULL) != 0)
    _exit (QK_TEST_CHILD_SKIP);
  g_assert_false (can_exchange (fixture));
  run_writer_tests (fixture, tests, 16);
}

static void
test_without_exchange (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("fuse2fs");

  if (program == NULL || g_access ("/dev/fuse", R_OK | W_OK) != 0)
    g_test_skip ("needs fuse2fs and /dev/fuse");
  else if (qk_test_child_can_mount ())
    qk_test_child_run_with_mounts (write_without_exchange, fixture);
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/volumes/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("full/save", save_on_full_disk, test_with_mounts);
  ADD ("full/salvage", salvage_on_full_disk, test_with_mounts);
  ADD ("full/history", save_with_full_history, test_with_mounts);
  ADD ("read-only", save_on_read_only_disk, test_with_mounts);
  ADD ("refusing-folder", NULL, test_refusing_folder);
  ADD ("quota", NULL, test_quota);
  ADD ("overlay", write_on_overlay, test_with_mounts);
  ADD ("without-exchange", NULL, test_without_exchange);
  return g_test_run ();
}
