#include "qk-store.h"
#include "qk-test-util.h"

#include "platform/qk-platform.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

/* The store and damaged files: what can be had, repairs and copies, in a main loop. */

#define PATIENCE_MS 10000

typedef struct {
  QkTestFolder folder;
  QkStore *store;
  QkRecovery *recovery;
  gboolean awaited; /* what :current is to become */
  QkStoreState state;
  guint n_entries;
  guint n_events;
  gboolean done;
  char *backup;
  gboolean durable;
  gboolean written;
  QkResult *result;
  GError *error;
} Fixture;

static const QkRetryPolicy quick = {3, 20000, 20000};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
}

static void
forget (Fixture *fixture)
{
  fixture->done = FALSE;
  g_clear_pointer (&fixture->backup, g_free);
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_error (&fixture->error);
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->store == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  forget (fixture);
  g_clear_object (&fixture->recovery);
  g_signal_handlers_disconnect_by_data (fixture->store, fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  g_assert_true (qk_test_wait (is_finalized, fixture, PATIENCE_MS));
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

/* Entries with the ids in @words; without the closing bracket if that is not among them. */
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

/* So old that nobody can be writing it. In one step: nobody sees it before it is old. */
static void
write_old (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder.path, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temp = qk_test_folder_write (&fixture->folder, "new", text, -1);
  struct utimbuf old = {1700000000, 1700000000};

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_utime (temp, &old), ==, 0);
  g_assert_cmpint (g_rename (temp, path), ==, 0);
}

static void
write_queue (Fixture *fixture, const char *words)
{
  g_autofree char *text = queue_of (words);

  write_old (fixture, "queue.json", text);
}

static void
assert_text (const char *path, const char *words)
{
  g_autofree char *expected = queue_of (words), *text = NULL;
  g_autoptr (GBytes) bytes = qk_test_read (path);

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
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

static gboolean
has_state (gpointer data)
{
  Fixture *fixture = data;

  return qk_store_get_state (fixture->store) == fixture->state;
}

static void
await_state (Fixture *fixture, QkStoreState state)
{
  fixture->state = state;
  g_assert_true (qk_test_wait (has_state, fixture, PATIENCE_MS));
}

static void
on_event (QkStore *store, QkLockEvent *event, Fixture *fixture)
{
  g_assert_true (g_main_context_is_owner (NULL));
  g_assert_cmpint (event->operation, ==, QK_OPERATION_SAVE);
  fixture->n_events++;
}

static void
start (Fixture *fixture, QkStoreState state)
{
  fixture->store = qk_store_new (fixture->folder.queue);
  qk_store_start (fixture->store);
  await_state (fixture, state);
  g_signal_connect (fixture->store, "lock-event", G_CALLBACK (on_event), fixture);
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *) data)->done;
}

static void
await_end (Fixture *fixture)
{
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
}

static void
on_salvaged (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->recovery = qk_store_salvage_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
salvage (Fixture *fixture, gboolean all_of_backups)
{
  forget (fixture);
  g_clear_object (&fixture->recovery);
  qk_store_salvage_async (fixture->store, all_of_backups, NULL, on_salvaged, fixture);
  await_end (fixture);
  g_assert_no_error (fixture->error);
}

static void
on_repaired (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->backup =
      qk_store_repair_finish (QK_STORE (source), result, &fixture->durable, &fixture->error);
  fixture->done = TRUE;
}

static void
begin_repair (Fixture *fixture, GCancellable *cancellable)
{
  forget (fixture);
  qk_store_repair_async (fixture->store, fixture->recovery, &quick, cancellable, on_repaired,
                         fixture);
  g_assert_true (qk_store_get_saving (fixture->store));
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->written = qk_store_save_copy_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
save_copy (Fixture *fixture, const char *path)
{
  forget (fixture);
  qk_store_save_copy_async (fixture->store, fixture->recovery, path, NULL, on_copied, fixture);
  g_assert_false (qk_store_get_saving (fixture->store));
  await_end (fixture);
}

static gboolean
has_current (gpointer data)
{
  Fixture *fixture = data;

  return qk_recovery_is_current (fixture->recovery) == fixture->awaited;
}

static guint
count_entries (Fixture *fixture)
{
  return qk_document_get_n_entries (qk_store_get_document (fixture->store));
}

static gboolean
has_entries (gpointer data)
{
  return count_entries (data) == ((Fixture *) data)->n_entries;
}

/* It goes live, and what was damaged is kept. */
static void
test_repair (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = NULL, *problem = NULL;
  QkSalvage *result;

  write_queue (fixture, "a b c");
  start (fixture, QK_STORE_STATE_DAMAGED);
  problem = qk_store_dup_problem (fixture->store);
  g_assert_null (strstr (problem, "qkctl"));
  salvage (fixture, FALSE);
  result = qk_recovery_get_salvage (fixture->recovery);
  g_assert_cmpuint (qk_salvage_get_n_entries (result), ==, 3);
  g_assert_nonnull (strstr (qk_recovery_get_problem (fixture->recovery), "ends inside the list"));
  g_assert_true (qk_recovery_can_repair (fixture->recovery));
  g_assert_true (qk_recovery_is_current (fixture->recovery));
  assert_files (fixture, "queue.json");

  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->durable);
  g_assert_false (qk_store_get_saving (fixture->store));
  g_assert_true (g_regex_match_simple ("^backups/queue_\\d{8}_\\d{6}_corrupted\\.json$",
                                       fixture->backup, 0, 0));
  kept = g_build_filename (fixture->folder.path, fixture->backup, NULL);
  assert_text (kept, "a b c");
  assert_text (fixture->folder.queue, "a b c ]");
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (count_entries (fixture), ==, 3);
  /* What was found is no longer what stands there. */
  g_assert_false (qk_recovery_is_current (fixture->recovery));

  salvage (fixture, FALSE);
  g_assert_null (qk_recovery_get_problem (fixture->recovery));
  g_assert_false (qk_recovery_can_repair (fixture->recovery));
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a b");
  start (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);

  /* Damaged in the same words, so that neither the state nor the problem tell. */
  write_queue (fixture, "a d");
  fixture->awaited = FALSE;
  g_assert_true (qk_test_wait (has_current, fixture, PATIENCE_MS));
  g_assert_cmpint (qk_store_get_state (fixture->store), ==, QK_STORE_STATE_DAMAGED);
  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_nonnull (strstr (fixture->error->message, "changed meanwhile"));
  g_assert_null (fixture->backup);
  assert_text (fixture->folder.queue, "a d");
  assert_files (fixture, "queue.json queue.json.lock");

  salvage (fixture, FALSE);
  g_assert_true (qk_recovery_is_current (fixture->recovery));
  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_no_error (fixture->error);
  assert_text (fixture->folder.queue, "a d ]");
}

static gboolean
has_two_events (gpointer data)
{
  return ((Fixture *) data)->n_events == 2;
}

/* A held lock: each obstacle is told, in the main context; it ends when it is told to. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  QkHandle lock;

  write_queue (fixture, "a");
  start (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_cmpuint (fixture->n_events, ==, 3);

  fixture->n_events = 0;
  begin_repair (fixture, cancellable);
  g_assert_true (qk_test_wait (has_two_events, fixture, PATIENCE_MS));
  g_cancellable_cancel (cancellable);
  await_end (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (qk_store_get_saving (fixture->store));
  native->unlock (lock);
  assert_text (fixture->folder.queue, "a");
  assert_files (fixture, "queue.json queue.json.lock");
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->folder.path, "copy.json", NULL);
  g_autoptr (GBytes) mine = NULL;

  write_queue (fixture, "a b");
  start (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);
  save_copy (fixture, copy);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->written);
  assert_text (copy, "a b ]");
  assert_text (fixture->folder.queue, "a b");
  assert_files (fixture, "copy.json queue.json");

  g_assert_true (g_file_set_contents (copy, "mine", -1, NULL));
  save_copy (fixture, copy);
  g_assert_false (fixture->written);
  g_assert_nonnull (strstr (fixture->error->message, "is there already"));
  mine = qk_test_read (copy);
  g_assert_cmpmem (g_bytes_get_data (mine, NULL), g_bytes_get_size (mine), "mine", 4);
}

static void
test_nothing_found (Fixture *fixture, gconstpointer data)
{
  g_autofree char *backup = queue_of ("a ]");
  QkSalvage *result;

  write_old (fixture, "queue.json", "");
  write_old (fixture, "backups/queue_backup_1.json", backup);
  start (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);
  g_assert_nonnull (qk_recovery_get_problem (fixture->recovery));
  g_assert_false (qk_recovery_can_repair (fixture->recovery));
  result = qk_recovery_get_salvage (fixture->recovery);
  g_assert_cmpuint (qk_salvage_get_n_withheld (result), ==, 1);
  salvage (fixture, TRUE);
  result = qk_recovery_get_salvage (fixture->recovery);
  g_assert_cmpuint (qk_salvage_get_n_withheld (result), ==, 0);
  g_assert_true (qk_recovery_can_repair (fixture->recovery));
}

/* What a writer truncated is nowhere else than in what the store has seen before; what is newer in the
 * file counts. */
static void
test_last_view (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a b c ]");
  start (fixture, QK_STORE_STATE_LIVE);
  g_signal_handlers_disconnect_by_func (fixture->store, on_event, fixture);
  write_queue (fixture, "d a");
  await_state (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);
  g_assert_cmpuint (qk_salvage_count_used (qk_recovery_get_salvage (fixture->recovery), 0), ==, 2);
  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_no_error (fixture->error);
  assert_text (fixture->folder.queue, "d a b c ]");
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *left = queue_of ("a");

  start (fixture, QK_STORE_STATE_GONE);
  qk_store_salvage_async (fixture->store, FALSE, NULL, on_salvaged, fixture);
  await_end (fixture);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND);
  g_assert_null (fixture->recovery);

  write_old (fixture, "queue.json.tmp", left);
  salvage (fixture, FALSE);
  g_assert_cmpuint (qk_salvage_get_n_entries (qk_recovery_get_salvage (fixture->recovery)), ==, 1);
  g_assert_false (qk_recovery_can_repair (fixture->recovery));
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->result = qk_store_apply_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

/* What was purged shortly before stays purged: the damaged file still has it, and the guard sees
 * that it came back. */
static void
test_guard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkDocument *document;

  write_queue (fixture, "a b ]");
  start (fixture, QK_STORE_STATE_LIVE);
  g_signal_handlers_disconnect_by_func (fixture->store, on_event, fixture);
  qk_store_set_guard (fixture->store, QK_STORE_GUARD_DEFAULT);
  document = qk_store_get_document (fixture->store);
  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  qk_store_apply_async (fixture->store, changes, &quick, NULL, on_applied, fixture);
  await_end (fixture);
  g_assert_no_error (fixture->error);
  write_queue (fixture, "a b c");
  await_state (fixture, QK_STORE_STATE_DAMAGED);
  salvage (fixture, FALSE);
  begin_repair (fixture, NULL);
  await_end (fixture);
  g_assert_no_error (fixture->error);
  await_state (fixture, QK_STORE_STATE_LIVE);
  fixture->n_entries = 2;
  g_assert_true (qk_test_wait (has_entries, fixture, PATIENCE_MS));
  assert_text (fixture->folder.queue, "b c ]");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store-salvage/repair", test_repair);
  ADD ("/store-salvage/changed", test_changed);
  ADD ("/store-salvage/locked", test_locked);
  ADD ("/store-salvage/copy", test_copy);
  ADD ("/store-salvage/nothing-found", test_nothing_found);
  ADD ("/store-salvage/last-view", test_last_view);
  ADD ("/store-salvage/absent", test_absent);
  ADD ("/store-salvage/guard", test_guard);
  return g_test_run ();
}
