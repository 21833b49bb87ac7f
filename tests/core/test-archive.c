#include "qk-file-store.h"
#include "qk-history.h"
#include "qk-import.h"
#include "qk-message-export.h"
#include "qk-store-archive.h"
#include "qk-test-util.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Archives, other files, imports and restores on real queues. The system's calls are the native ones;
 * some of them are watched, or fail. */

#define PATIENCE_MS 10000

typedef struct {
  QkTestFolder folder;
  QkStore *store;
  QkHistory *history;
  gboolean done;
  QkArchived *archived;
  QkResult *result;
  QkDocument *document;
  GPtrArray *backups;
  char *path;
  GError *error;
} Fixture;

/* What the calls saw. */
static struct {
  QkPlatform platform;
  const char *queue;
  const char *archive; /* the text that must be durable before the queue changes */
  int write_code;      /* what writing to another file than the queue's temporary one gives */
  int swap_code;
  guint64 synced[8]; /* the numbers of files that were made durable */
  guint n_synced;
  char *synced_folders;
  guint n_swaps;
} seen;

static const QkPlatform *
native (void)
{
  return qk_platform_get_native ();
}

static int
watched_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  QkSegment part = {segments[0].data, 1};

  if (seen.write_code == 0)
    return native ()->write (handle, segments, n_segments);
  (void) native ()->write (handle, &part, 1);
  return seen.write_code;
}

static int
watched_sync (QkHandle handle)
{
  QkFileStamp stamp;

  if (native ()->stat_handle (handle, &stamp) == 0 && seen.n_synced < G_N_ELEMENTS (seen.synced))
    seen.synced[seen.n_synced++] = stamp.file;
  return native ()->sync (handle);
}

static int
watched_sync_folder (const char *path)
{
  g_autofree char *before = seen.synced_folders, *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (folder);

  seen.synced_folders = g_strconcat (before != NULL ? before : "", name, ";", NULL);
  return native ()->sync_folder (path);
}

static char *
find_archive (void)
{
  g_autofree char *parent = g_path_get_dirname (seen.queue);
  g_autofree char *folder = g_build_filename (parent, "archive", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  if (name == NULL)
    return NULL;
  g_assert_true (g_str_has_prefix (name, "queue_archive_"));
  g_assert_true (g_str_has_suffix (name, ".json"));
  return g_build_filename (folder, name, NULL);
}

/* Now the queue loses the messages: the archive must be there to stay. */
static int
watched_swap (const char *temp, const char *path, gboolean *exchanged)
{
  g_autofree char *archive = find_archive ();
  QkFileStamp stamp;
  gboolean synced = FALSE;

  seen.n_swaps++;
  if (seen.archive != NULL)
    {
      g_autoptr (GBytes) bytes = NULL;

      g_assert_nonnull (archive);
      bytes = qk_test_read (archive);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), seen.archive,
                       strlen (seen.archive));
      g_assert_cmpint (native ()->stat_path (archive, &stamp), ==, 0);
      for (guint i = 0; i < seen.n_synced; i++)
        synced = synced || seen.synced[i] == stamp.file;
      g_assert_true (synced);
      g_assert_true (g_str_has_prefix (seen.synced_folders, "archive;"));
    }
  return seen.swap_code != 0 ? seen.swap_code : native ()->swap (temp, path, exchanged);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *db = NULL;

  qk_test_folder_set_up (&fixture->folder, NULL);
  g_clear_pointer (&seen.synced_folders, g_free);
  memset (&seen, 0, sizeof seen);
  seen.queue = fixture->folder.queue;
  seen.platform = *native ();
  seen.platform.write = watched_write;
  seen.platform.sync = watched_sync;
  seen.platform.sync_folder = watched_sync_folder;
  seen.platform.swap = watched_swap;
  db = g_build_filename (fixture->folder.path, "data", "history.db", NULL);
  fixture->history = qk_history_new (db);
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->store == NULL;
}

static void
forget (Fixture *fixture)
{
  fixture->done = FALSE;
  g_clear_pointer (&fixture->archived, qk_archived_free);
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_pointer (&fixture->document, qk_document_unref);
  g_clear_pointer (&fixture->backups, g_ptr_array_unref);
  g_clear_pointer (&fixture->path, g_free);
  g_clear_error (&fixture->error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  forget (fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  g_assert_true (qk_test_wait (is_finalized, fixture, PATIENCE_MS));
  g_object_unref (fixture->history);
  g_clear_pointer (&seen.synced_folders, g_free);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

static gboolean
is_live (gpointer data)
{
  return qk_store_get_state (((Fixture *) data)->store) == QK_STORE_STATE_LIVE;
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *) data)->done;
}

static void
await (Fixture *fixture)
{
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
}

/* "d1 f2 p3": ids, the first letter of which says the status. */
static char *
queue_of (const char *words)
{
  g_auto (GStrv) ids = g_strsplit (words, " ", -1);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; ids[i] != NULL && *ids[i] != '\0'; i++)
    g_ptr_array_add (entries, qk_test_entry (ids[i],
                                             *ids[i] == 'd'   ? "DELIVERED"
                                             : *ids[i] == 'f' ? "FAILED"
                                                              : "PENDING",
                                             "Agent-1"));
  g_ptr_array_add (entries, NULL);
  return qk_test_queue ((const char *const *) entries->pdata);
}

static void
open_text (Fixture *fixture, const char *text)
{
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
  fixture->store =
      QK_STORE (qk_file_store_new_with_platform (fixture->folder.queue, &seen.platform));
  qk_store_set_journal (fixture->store, QK_JOURNAL (fixture->history));
  qk_store_start (fixture->store);
  g_assert_true (qk_test_wait (is_live, fixture, PATIENCE_MS));
}

static void
open_queue (Fixture *fixture, const char *words)
{
  g_autofree char *text = queue_of (words);

  open_text (fixture, text);
}

static void
assert_text (Fixture *fixture, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_test_read (fixture->folder.queue);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static void
assert_queue (Fixture *fixture, const char *words)
{
  g_autofree char *expected = queue_of (words);

  assert_text (fixture, expected);
}

static char *
archive_text (const char *words)
{
  g_autofree char *queue = queue_of (words);
  g_autoptr (GBytes) bytes = g_bytes_new (queue, strlen (queue)), text = NULL;
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    g_ptr_array_add (entries, (gpointer) qk_document_get_entry (document, i));
  text = qk_message_export (entries, QK_MESSAGE_FORMAT_JSON);
  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static void
archived_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->archived = qk_store_archive_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

/* Archives what is delivered in @document, which may be older than the queue. */
static void
archive (Fixture *fixture, QkDocument *document, const char *path)
{
  static const QkRetryPolicy once = {1, 1000, 1000};
  g_autoptr (GPtrArray) entries = qk_archive_select (document, G_MAXINT64);

  forget (fixture);
  qk_store_archive_async (fixture->store, entries, path, &once, NULL, archived_cb, fixture);
  await (fixture);
}

static void
assert_skipped (const QkResult *result, const char *id, const char *reason)
{
  const QkSkip *skip;

  g_assert_cmpuint (result->skipped->len, ==, 1);
  skip = result->skipped->pdata[0];
  g_assert_cmpstr (skip->id, ==, id);
  g_assert_cmpstr (skip->reason, ==, reason);
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->result = qk_store_apply_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
apply (Fixture *fixture, GPtrArray *changes)
{
  forget (fixture);
  qk_store_apply_async (fixture->store, changes, NULL, NULL, applied_cb, fixture);
  await (fixture);
  g_assert_no_error (fixture->error);
}

static void
undo (Fixture *fixture, guint n)
{
  g_autofree char *key = qk_store_dup_key (fixture->store);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  gint64 chosen;

  changes = qk_history_dup_undo (fixture->history, key, 0, &chosen, &error);
  g_assert_no_error (error);
  apply (fixture, changes);
  g_assert_cmpuint (fixture->result->changed->len, ==, n);
  g_assert_cmpuint (fixture->result->skipped->len, ==, 0);
}

/* Durable first, then taken out, and put back. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = archive_text ("d1 d3");
  struct stat queue, file, folder;
  g_autofree char *parent = NULL;

  open_queue (fixture, "d1 p2 d3 f4");
  g_assert_cmpint (g_chmod (fixture->folder.queue, 0640), ==, 0);
  seen.archive = text;
  archive (fixture, qk_store_get_document (fixture->store), NULL);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (seen.n_swaps, ==, 1);
  g_assert_cmpuint (fixture->archived->result->changed->len, ==, 2);
  g_assert_cmpuint (fixture->archived->result->skipped->len, ==, 0);
  g_assert_cmpint (fixture->archived->result->operation, !=, 0);
  assert_queue (fixture, "p2 f4");

  parent = g_path_get_dirname (fixture->archived->path);
  g_assert_cmpint (g_stat (fixture->folder.queue, &queue), ==, 0);
  g_assert_cmpint (g_stat (fixture->archived->path, &file), ==, 0);
  g_assert_cmpint (g_stat (parent, &folder), ==, 0);
  g_assert_cmpuint (file.st_mode & 07777, ==, 0640);
  g_assert_cmpuint (folder.st_mode & 07777, ==, 0700);

  undo (fixture, 2);
  assert_queue (fixture, "d1 p2 d3 f4");
}

/* What changed meanwhile is not in the archive, and so it stays; as does all that came. */
static void
test_changed_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = queue_of ("d1 p2 d3 f4 d5"), *now = NULL, *expected = NULL;
  g_auto (GStrv) parts = g_strsplit (text, "Text of d3", -1);
  g_autoptr (QkDocument) document = NULL;

  open_queue (fixture, "d1 p2 d3 f4");
  document = qk_document_ref (qk_store_get_document (fixture->store));
  now = g_strjoinv ("Another text", parts);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", now, -1));
  archive (fixture, document, NULL);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->archived->result->changed->len, ==, 1);
  assert_skipped (fixture->archived->result, "d3", "changed meanwhile");
  {
    g_autofree char *rest = queue_of ("p2 d3 f4 d5");
    g_auto (GStrv) pieces = g_strsplit (rest, "Text of d3", -1);

    expected = g_strjoinv ("Another text", pieces);
  }
  assert_text (fixture, expected);
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder.path, "archive", NULL);
  g_autoptr (GDir) dir = NULL;

  open_queue (fixture, "d1 p2 d3 f4");
  seen.write_code = ENOSPC;
  archive (fixture, qk_store_get_document (fixture->store), NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_null (fixture->archived);
  g_assert_cmpuint (seen.n_swaps, ==, 0);
  assert_queue (fixture, "d1 p2 d3 f4");
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

/* The archive is there, and the queue, too: it is told which. */
static void
test_save_fails (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;

  open_queue (fixture, "d1 p2");
  seen.swap_code = EIO;
  archive (fixture, qk_store_get_document (fixture->store), NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  path = find_archive ();
  g_assert_nonnull (path);
  g_assert_nonnull (strstr (fixture->error->message, path));
  g_assert_nonnull (strstr (fixture->error->message, "nothing was taken out of the queue"));
  assert_queue (fixture, "d1 p2");
}

/* Others may write to the folder of the queue: what stands in the place of ours is left alone. */
static void
test_folder_is_a_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder.path, "archive", NULL);
  g_autofree char *other = g_build_filename (fixture->folder.path, "other", NULL);
  g_autoptr (GDir) dir = NULL;

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  g_assert_cmpint (symlink (other, folder), ==, 0);
  open_queue (fixture, "d1 p2");
  archive (fixture, qk_store_get_document (fixture->store), NULL);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_queue (fixture, "d1 p2");
  dir = g_dir_open (other, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
  (void) g_unlink (folder);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->path = qk_store_write_file_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
write_file (Fixture *fixture, const char *path, const char *text, gboolean replace)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  forget (fixture);
  qk_store_write_file_async (fixture->store, bytes, path, replace, NULL, written_cb, fixture);
  await (fixture);
}

static void
assert_file (const char *path, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_test_read (path);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

/* Nothing is written over unasked, and the queue never. */
static void
test_write_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder.path, "out.csv", NULL);
  g_autoptr (GPtrArray) names = NULL;

  open_queue (fixture, "d1");
  write_file (fixture, path, "one", FALSE);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->path, ==, path);
  write_file (fixture, path, "two", FALSE);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "is there already"));
  assert_file (path, "one");
  write_file (fixture, path, "three", TRUE);
  g_assert_no_error (fixture->error);
  assert_file (path, "three");

  write_file (fixture, fixture->folder.queue, "[]", TRUE);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_queue (fixture, "d1");
  seen.write_code = ENOSPC;
  write_file (fixture, path, "four", TRUE);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_file (path, "three");
  names = qk_test_folder_list (&fixture->folder);
  g_assert_cmpuint (names->len, ==, 2);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->document = qk_store_read_file_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static QkDocument *
read_file (Fixture *fixture, const char *path)
{
  forget (fixture);
  qk_store_read_file_async (fixture->store, path, NULL, read_cb, fixture);
  await (fixture);
  return fixture->document;
}

static void
test_read_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wrapped = qk_test_folder_write (
      &fixture->folder, "w.json", "{\"entries\":[{\"queue_id\":\"x\"}],\"k\":1}", -1);
  g_autofree char *damaged =
      qk_test_folder_write (&fixture->folder, "d.json", "[{\"queue_id\":\"x\"}", -1);
  g_autofree char *absent = g_build_filename (fixture->folder.path, "no.json", NULL);

  open_queue (fixture, "d1");
  g_assert_cmpuint (qk_document_get_n_entries (read_file (fixture, wrapped)), ==, 1);
  g_assert_null (read_file (fixture, damaged));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED);
  g_assert_nonnull (strstr (fixture->error->message, "qkctl salvage"));
  g_assert_null (read_file (fixture, absent));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND);
  g_assert_null (read_file (fixture, fixture->folder.path));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_REGULAR);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->backups = qk_store_list_backups_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
test_list_backups (Fixture *fixture, gconstpointer data)
{
  static const char *const files[] = {"backups/queue_20260101_000000_corrupted.json",
                                      "[",
                                      "queue_backup_20260102_000000.json",
                                      "[{},{}]",
                                      "archive/queue_archive_20260103_000000.json",
                                      "[{}]",
                                      "archive/other.json",
                                      "[]"};
  g_autofree char *backups = g_build_filename (fixture->folder.path, "backups", NULL);
  g_autofree char *archives = g_build_filename (fixture->folder.path, "archive", NULL);
  g_autofree char *link = g_build_filename (backups, "queue_link.json", NULL);
  const QkBackupInfo *info;

  g_assert_cmpint (g_mkdir (backups, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (archives, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i += 2)
    {
      g_autofree char *path = qk_test_folder_write (&fixture->folder, files[i], files[i + 1], -1);
      struct timespec times[2] = {{1700000000 + (time_t) i, 0}, {1700000000 + (time_t) i, 0}};

      g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
    }
  g_assert_cmpint (symlink ("../queue_backup_20260102_000000.json", link), ==, 0);
  open_queue (fixture, "d1");
  forget (fixture);
  qk_store_list_backups_async (fixture->store, NULL, listed_cb, fixture);
  await (fixture);
  g_assert_cmpuint (fixture->backups->len, ==, 3);
  info = fixture->backups->pdata[0];
  g_assert_cmpstr (info->name, ==, files[4]);
  g_assert_cmpuint (info->n_entries, ==, 1);
  info = fixture->backups->pdata[1];
  g_assert_cmpstr (info->name, ==, files[2]);
  g_assert_cmpuint (info->n_entries, ==, 2);
  g_assert_null (info->problem);
  info = fixture->backups->pdata[2];
  g_assert_nonnull (info->problem);
}

/* Brings over what can be of @theirs. */
static void
bring (Fixture *fixture, const char *theirs, guint flags, QkImportKind last)
{
  g_autofree char *path = qk_test_folder_write (&fixture->folder, "theirs.json", theirs, -1);
  g_autoptr (QkDocument) document = qk_document_ref (read_file (fixture, path));
  g_autoptr (QkImport) import = qk_import_new (document, qk_store_get_document (fixture->store));
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    if (qk_import_get_item (import, i)->kind <= last &&
        qk_import_get_obstacle (import, i, flags) == NULL)
      g_ptr_array_add (changes, qk_import_make_change (import, i, flags));
  apply (fixture, changes);
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = queue_of ("f4 d1 p5 d6");

  open_queue (fixture, "d1 p2 f4");
  bring (fixture, theirs, 0, QK_IMPORT_REPEATED);
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  assert_queue (fixture, "d1 p2 f4 p5 d6");
  undo (fixture, 2);
  assert_queue (fixture, "d1 p2 f4");
}

/* A backup gives back what is gone, in its place, and what was; on request it takes out the rest. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *theirs = queue_of ("d0 d1 p2 f4"), *ours = queue_of ("d1 p2 f4 p9"), *now = NULL;
  g_auto (GStrv) parts = g_strsplit (ours, "Text of p2", -1);

  now = g_strjoinv ("What became of it", parts);
  open_text (fixture, now);
  bring (fixture, theirs, QK_IMPORT_PUT_BACK, QK_IMPORT_REPEATED);
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  assert_queue (fixture, "d0 d1 p2 f4 p9");
  undo (fixture, 2);
  assert_text (fixture, now);
  bring (fixture, theirs, QK_IMPORT_PUT_BACK, QK_IMPORT_ONLY_HERE);
  g_assert_cmpuint (fixture->result->changed->len, ==, 3);
  assert_queue (fixture, "d0 d1 p2 f4");
  undo (fixture, 3);
  assert_text (fixture, now);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/archive/order", test_order);
  ADD ("/archive/changed-meanwhile", test_changed_meanwhile);
  ADD ("/archive/disk-full", test_disk_full);
  ADD ("/archive/save-fails", test_save_fails);
  ADD ("/archive/folder-is-a-link", test_folder_is_a_link);
  ADD ("/archive/write-file", test_write_file);
  ADD ("/archive/read-file", test_read_file);
  ADD ("/archive/list-backups", test_list_backups);
  ADD ("/archive/import", test_import);
  ADD ("/archive/restore", test_restore);
  return g_test_run ();
}
