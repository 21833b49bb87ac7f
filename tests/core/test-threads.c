#include "qk-health.h"
#include "qk-history.h"
#include "qk-store.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <glib/gstdio.h>
#include <string.h>

/* All threads of core at once: saves, looks and repairs in their own, while the main loop reads all
 * that the window reads. What is asserted holds in any build; races are found in one with
 * -Db_sanitize=thread (build-aux/threads). */

#define N_ENTRIES     40
#define N_SAVES       12
#define N_STALE       10
#define STALE_USEC    20000
#define SETTLE_USEC   (400 * G_TIME_SPAN_MILLISECOND)
#define N_THREADS     4
#define N_OPERATIONS  10
#define PATIENCE_MS   30000
#define HISTORY_LIMIT 1000

typedef struct {
  QkTestFolder folder;
  QkStore *store;
  QkHealth *health;
  QkHistory *history;
  char *key;            /* of the queue in the history */
  char *text;           /* what the queue holds at first */
  GThread *stale;       /* saves that again and again */
  gboolean stale_ended; /* atomic */
  guint n_awaited;      /* retries */
  guint n_ended;
  guint n_changed;
  guint n_cancelled;
  gsize n_read; /* so that what is read is used */
} Fixture;

static char *
make_queue (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) entries = NULL;

  for (guint i = 0; i < N_ENTRIES; i++)
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
  g_autofree char *db = NULL;

  qk_test_folder_set_up (&fixture->folder, NULL);
  fixture->text = make_queue ();
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", fixture->text, -1));
  db = g_build_filename (fixture->folder.path, "data", "history.db", NULL);
  fixture->history = qk_history_new (db);
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->store == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->health);
  if (fixture->store != NULL)
    {
      g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
      g_object_unref (fixture->store);
      g_assert_true (qk_test_wait (is_finalized, fixture, PATIENCE_MS));
    }
  g_clear_object (&fixture->history);
  g_free (fixture->key);
  g_free (fixture->text);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

/* As the window does it, at every turn of the main loop. */
static void
read_all (Fixture *fixture)
{
  QkDocument *document = qk_store_get_document (fixture->store);
  guint n = document != NULL ? qk_document_get_n_entries (document) : 0;
  g_autofree char *problem = qk_store_dup_problem (fixture->store);
  g_auto (GStrv) agents = qk_store_dup_agents (fixture->store);

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *excerpt = qk_entry_dup_excerpt (entry);

      fixture->n_read += strlen (excerpt) + qk_entry_get_status (entry);
    }
  fixture->n_read += g_strv_length (agents) + qk_store_get_state (fixture->store) +
                     qk_store_get_n_guarded (fixture->store) +
                     qk_store_get_saving (fixture->store) +
                     qk_health_get_session (fixture->health)->saves;
}

static gboolean
is_live (gpointer data)
{
  Fixture *fixture = data;

  read_all (fixture);
  return qk_store_get_state (fixture->store) == QK_STORE_STATE_LIVE;
}

static gboolean
was_told (gpointer data)
{
  Fixture *fixture = data;

  read_all (fixture);
  return qk_health_get_session (fixture->health)->retries[QK_OPERATION_SAVE] >= fixture->n_awaited;
}

static void
await_retries (Fixture *fixture, guint n)
{
  fixture->n_awaited = n;
  g_assert_true (qk_test_wait (was_told, fixture, PATIENCE_MS));
}

static gboolean
has_ended (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GPtrArray) operations = NULL;

  read_all (fixture);
  operations = qk_history_list (fixture->history, fixture->key, HISTORY_LIMIT, NULL);
  g_assert_nonnull (operations);
  return fixture->n_ended == N_SAVES && g_atomic_int_get (&fixture->stale_ended);
}

static gboolean
has_settled (gpointer data)
{
  Fixture *fixture = data;

  read_all (fixture);
  return qk_store_get_n_guarded (fixture->store) == 0 && !qk_store_get_saving (fixture->store);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QkResult) outcome = qk_store_apply_finish (QK_STORE (source), result, &error);

  fixture->n_ended++;
  if (outcome != NULL)
    {
      g_assert_null (outcome->no_undo);
      fixture->n_changed += outcome->changed->len + outcome->skipped->len;
      return;
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture->n_cancelled++;
}

static void
purge (Fixture *fixture, guint index, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkDocument *document = qk_store_get_document (fixture->store);

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, index)));
  qk_store_apply_async (fixture->store, changes, NULL, cancellable, on_applied, fixture);
}

/* A program that saves the list that it read at first. */
static gpointer
save_stale (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *temp = g_build_filename (fixture->folder.path, "stale.tmp", NULL);

  for (guint i = 0; i < N_STALE; i++)
    {
      g_usleep (STALE_USEC);
      g_assert_true (g_file_set_contents (temp, fixture->text, -1, NULL));
      g_assert_cmpint (g_rename (temp, fixture->folder.queue), ==, 0);
    }
  g_atomic_int_set (&fixture->stale_ended, TRUE);
  return NULL;
}

static QkHandle
take_lock (Fixture *fixture)
{
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  QkHandle lock;

  g_assert_cmpint (qk_platform_get_native ()->lock (sidecar, &lock), ==, 0);
  return lock;
}

/* What is in the queue in the end: all but what was purged, and what was cancelled is in it. */
static void
assert_purged (Fixture *fixture)
{
  g_autoptr (GBytes) bytes = qk_test_read (fixture->folder.queue);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_autofree char *id = g_strdup_printf ("\"id-%02u\"", i);
      gboolean purged = i < N_SAVES && i != N_SAVES - 1;

      g_assert_cmpint (strstr (text, id) == NULL, ==, purged);
    }
}

static void
test_store (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  QkHandle lock;

  fixture->store = qk_store_new (fixture->folder.queue);
  fixture->health = qk_health_new (fixture->store, NULL);
  fixture->key = qk_store_dup_key (fixture->store);
  qk_store_set_guard (fixture->store, SETTLE_USEC);
  qk_store_set_journal (fixture->store, QK_JOURNAL (fixture->history));
  qk_store_start (fixture->store);
  g_assert_true (qk_test_wait (is_live, fixture, PATIENCE_MS));

  /* The first one meets a lock, of which the main loop is told while it asks for more. */
  lock = take_lock (fixture);
  purge (fixture, 0, NULL);
  await_retries (fixture, 1);
  for (guint i = 1; i < N_SAVES; i++)
    purge (fixture, i, i == N_SAVES - 1 ? cancellable : NULL);
  await_retries (fixture, 2);
  qk_platform_get_native ()->unlock (lock);
  fixture->stale = g_thread_new ("stale", save_stale, fixture);
  g_cancellable_cancel (cancellable);
  g_assert_true (qk_test_wait (has_ended, fixture, PATIENCE_MS));
  g_thread_join (fixture->stale);
  g_assert_cmpuint (fixture->n_cancelled, ==, 1);
  g_assert_cmpuint (fixture->n_changed, ==, N_SAVES - 1);
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  assert_purged (fixture);
  g_assert_cmpuint (fixture->n_read, >, 0);
}

/* One of several operators on queues of their own, with one history. */
typedef struct {
  Fixture *fixture;
  char *path;
  GThread *thread;
} Operator;

static gpointer
operate (gpointer data)
{
  Operator *who = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static (who->fixture->text, strlen (who->fixture->text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  QkWriter writer = {
      .platform = qk_platform_get_native (),
      .path = who->path,
      .policy = QK_RETRY_POLICY_DEFAULT,
      .journal = QK_JOURNAL (who->fixture->history),
      .queue = who->path,
  };

  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      g_autoptr (GPtrArray) changes =
          g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
      g_autoptr (GError) error = NULL;
      g_autoptr (QkResult) result = NULL;

      g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, i)));
      result = qk_writer_save (&writer, changes, NULL, &error);
      g_assert_no_error (error);
      g_assert_null (result->no_undo);
      g_assert_cmpint (result->operation, >, 0);
    }
  return NULL;
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  Operator operators[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autofree char *name = g_strdup_printf ("queue-%u.json", i);

      operators[i].fixture = fixture;
      operators[i].path = qk_test_folder_write (&fixture->folder, name, fixture->text, -1);
      operators[i].thread = g_thread_new ("operator", operate, &operators[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr (GPtrArray) operations = NULL;
      g_autoptr (GError) error = NULL;

      g_thread_join (operators[i].thread);
      operations = qk_history_list (fixture->history, operators[i].path, HISTORY_LIMIT, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (operations->len, ==, N_OPERATIONS);
      g_free (operators[i].path);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/threads/store", Fixture, NULL, set_up, test_store, tear_down);
  g_test_add ("/threads/history", Fixture, NULL, set_up, test_history, tear_down);
  return g_test_run ();
}
