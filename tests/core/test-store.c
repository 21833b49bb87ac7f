#include "qk-health.h"
#include "qk-file-store.h"
#include "qk-store.h"
#include "qk-test-util.h"

#include "platform/qk-platform.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

/* The store on real files, in a main loop. */

#define PATIENCE_MS 10000

typedef struct {
  QkTestFolder folder;
  QkStore *store;
  QkHealth *health;
  guint n_changes;
  QkDiff *diff; /* of the last change */
  gboolean done;
  QkResult *result;
  GError *error;
} Fixture;

static void
on_changed (QkStore *store, QkDiff *diff, Fixture *fixture)
{
  fixture->n_changes++;
  g_clear_pointer (&fixture->diff, qk_diff_unref);
  fixture->diff = diff != NULL ? qk_diff_ref (diff) : NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->store == NULL;
}

/* A look that is still under way holds the store; nothing else does. */
static void
close_store (Fixture *fixture)
{
  g_signal_handlers_disconnect_by_data (fixture->store, fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  g_assert_true (qk_test_wait (is_finalized, fixture, PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->health);
  if (fixture->store != NULL)
    close_store (fixture);
  g_clear_pointer (&fixture->diff, qk_diff_unref);
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_error (&fixture->error);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

static void
start (Fixture *fixture, const char *location)
{
  fixture->store = qk_store_new (location);
  fixture->health = qk_health_new (fixture->store, NULL);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (on_changed), fixture);
  qk_store_start (fixture->store);
}

typedef struct {
  Fixture *fixture;
  QkStoreState state;
} AwaitedState;

static gboolean
has_state (gpointer data)
{
  AwaitedState *awaited = data;

  return qk_store_get_state (awaited->fixture->store) == awaited->state;
}

static void
await_state (Fixture *fixture, QkStoreState state)
{
  AwaitedState awaited = {fixture, state};

  g_assert_true (qk_test_wait (has_state, &awaited, PATIENCE_MS));
}

static gboolean
has_changed (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_changes > 0;
}

static void
await_change (Fixture *fixture)
{
  fixture->n_changes = 0;
  g_assert_true (qk_test_wait (has_changed, fixture, PATIENCE_MS));
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *) data)->done;
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->result = qk_store_apply_finish (QK_STORE (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
purge (Fixture *fixture, guint index, const QkRetryPolicy *policy, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkDocument *document = qk_store_get_document (fixture->store);

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, index)));
  fixture->done = FALSE;
  qk_store_apply_async (fixture->store, changes, policy, cancellable, on_applied, fixture);
  g_assert_true (qk_store_get_saving (fixture->store));
}

static void
write_text (Fixture *fixture, const char *text)
{
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
}

static void
make_old (Fixture *fixture)
{
  struct utimbuf old = {1700000000, 1700000000};

  g_assert_cmpint (g_utime (fixture->folder.queue, &old), ==, 0);
}

static guint
count_entries (Fixture *fixture)
{
  return qk_document_get_n_entries (qk_store_get_document (fixture->store));
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  gboolean changed;

  write_text (fixture, "[{\"queue_id\":\"a\"},{\"queue_id\":\"b\"}]");
  start (fixture, fixture->folder.queue);
  g_assert_cmpint (qk_store_get_state (fixture->store), ==, QK_STORE_STATE_OPENING);
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_null (fixture->diff);
  g_assert_cmpuint (count_entries (fixture), ==, 2);

  write_text (fixture, "[{\"queue_id\":\"b\",\"n\":1},{\"queue_id\":\"c\"}]");
  await_change (fixture);
  g_assert_cmpuint (qk_diff_get_origin (fixture->diff, 0, &changed), ==, 1);
  g_assert_true (changed);
  g_assert_cmpuint (qk_diff_get_origin (fixture->diff, 1, NULL), ==, QK_DIFF_NEW);
}

/* In place, and by a writer that unlinks first. */
static void
test_other_writers (Fixture *fixture, gconstpointer data)
{
  FILE *file;
  g_autofree char *temp = NULL;

  write_text (fixture, "[1]");
  start (fixture, fixture->folder.path);
  await_state (fixture, QK_STORE_STATE_LIVE);

  file = g_fopen (fixture->folder.queue, "w");
  g_assert_cmpint (fputs ("[1,2]", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  await_change (fixture);
  g_assert_cmpuint (count_entries (fixture), ==, 2);

  temp = qk_test_folder_write (&fixture->folder, "queue.json.tmp", "[1,2,3]", -1);
  g_assert_cmpint (g_unlink (fixture->folder.queue), ==, 0);
  g_assert_cmpint (g_rename (temp, fixture->folder.queue), ==, 0);
  await_change (fixture);
  g_assert_cmpuint (count_entries (fixture), ==, 3);
}

static void
test_missing_then_there (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;

  start (fixture, fixture->folder.path);
  await_state (fixture, QK_STORE_STATE_GONE);
  g_assert_null (qk_store_get_document (fixture->store));
  problem = qk_store_dup_problem (fixture->store);
  g_assert_nonnull (strstr (problem, fixture->folder.queue));
  write_text (fixture, "[]");
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (count_entries (fixture), ==, 0);
}

static void
test_missing_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder.path, "later", NULL);
  g_autofree char *path = g_build_filename (folder, "queue.json", NULL);

  start (fixture, path);
  await_state (fixture, QK_STORE_STATE_GONE);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_free (qk_test_folder_write (&fixture->folder, "later/queue.json", "[1]", -1));
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (count_entries (fixture), ==, 1);
}

/* The last good view stays, whatever happens to the file. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;

  write_text (fixture, "[1,2]");
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);

  write_text (fixture, "[1,2,3");
  await_state (fixture, QK_STORE_STATE_WAITING);
  await_state (fixture, QK_STORE_STATE_DAMAGED);
  problem = qk_store_dup_problem (fixture->store);
  g_assert_nonnull (strstr (problem, "byte 6"));
  g_assert_cmpuint (count_entries (fixture), ==, 2);
  g_assert_cmpuint (
      qk_figures_get_errors (qk_health_get_session (fixture->health), QK_LOCK_KIND_TORN), ==, 1);

  write_text (fixture, "[1,2,3]");
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (count_entries (fixture), ==, 3);

  g_assert_cmpint (g_unlink (fixture->folder.queue), ==, 0);
  await_state (fixture, QK_STORE_STATE_GONE);
  g_assert_cmpuint (count_entries (fixture), ==, 3);
}

static void
test_old_damage_at_once (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();

  write_text (fixture, "");
  make_old (fixture);
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_DAMAGED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_TIME_SPAN_SECOND);
}

static void
test_not_a_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;

  g_assert_cmpint (g_mkdir (fixture->folder.queue, 0700), ==, 0);
  fixture->store = qk_store_new (fixture->folder.path);
  qk_store_start (fixture->store);
  await_state (fixture, QK_STORE_STATE_UNREADABLE);
  problem = qk_store_dup_problem (fixture->store);
  g_assert_nonnull (strstr (problem, "not a file"));
}

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  g_autofree char *entry = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *text = g_strdup_printf ("[%s,1]", entry);

  write_text (fixture, text);
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);
  purge (fixture, 0, NULL, NULL);
  await_change (fixture);
  g_assert_cmpuint (count_entries (fixture), ==, 1);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->result->changed->len, ==, 1);
  g_assert_false (qk_store_get_saving (fixture->store));
  g_assert_cmpuint (qk_health_get_session (fixture->health)->saves, ==, 1);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->saves_retried, ==, 0);
}

/* The main loop turns while a save waits for a lock, and each obstacle is told and counted. */
static void
test_apply_retried (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  const QkRetryPolicy policy = {3, 20000, 20000};
  gint64 begin;
  QkHandle lock;
  double rate;

  write_text (fixture, "[1,2]");
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  begin = g_get_monotonic_time ();
  purge (fixture, 0, &policy, NULL);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20000);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->retries[QK_OPERATION_SAVE], ==, 2);
  g_assert_cmpuint (qk_figures_get_lock_errors (qk_health_get_session (fixture->health)), ==, 3);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->saves_failed, ==, 1);
  g_assert_true (qk_figures_get_success_rate (qk_health_get_session (fixture->health), &rate));
  g_assert_cmpfloat (rate, ==, 0.0);
  native->unlock (lock);
}

/* Where none is given, the rule of the store holds, and the one that was set last. */
static void
test_set_policy (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  QkHandle lock;

  write_text (fixture, "[1,2]");
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);
  qk_store_set_policy (fixture->store, &(QkRetryPolicy){20, 1000000, 1000000});
  qk_store_set_policy (fixture->store, &(QkRetryPolicy){4, 1000, 1000});
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  purge (fixture, 0, NULL, NULL);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->retries[QK_OPERATION_SAVE], ==, 3);
  native->unlock (lock);
}

static void
test_apply_cancelled (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  QkHandle lock;

  write_text (fixture, "[1]");
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  purge (fixture, 0, NULL, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  native->unlock (lock);
}

/* Another writer saves in the moment of the swap, and fills the disk with that. */
static const char *saved_by_other;
static gboolean full;

static int
save_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (!full)
    g_assert_true (g_file_set_contents (path, saved_by_other, -1, NULL));
  full = TRUE;
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static int
write_unless_full (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  return full ? ENOSPC : qk_platform_get_native ()->write (handle, segments, n_segments);
}

/* What was not saved is not guarded: or else it would be done after it was said to have failed. */
static void
test_failed_is_not_guarded (Fixture *fixture, gconstpointer data)
{
  QkPlatform platform = *qk_platform_get_native ();
  g_autofree char *entry = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *text = g_strdup_printf ("[%s]", entry);
  g_autofree char *other = g_strdup_printf ("[%s ]", entry);

  full = FALSE;
  saved_by_other = other;
  platform.swap = save_before_swap;
  platform.write = write_unless_full;
  write_text (fixture, text);
  fixture->store = QK_STORE (qk_file_store_new_with_platform (fixture->folder.queue, &platform));
  qk_store_set_guard (fixture->store, QK_STORE_GUARD_DEFAULT);
  qk_store_start (fixture->store);
  await_state (fixture, QK_STORE_STATE_LIVE);
  purge (fixture, 0, NULL, NULL);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_cmpuint (qk_store_get_n_guarded (fixture->store), ==, 0);
  /* Before the platform goes. */
  close_store (fixture);
}

static gboolean
has_settled (gpointer data)
{
  return qk_store_get_n_guarded (((Fixture *) data)->store) == 0;
}

/* Another settling time holds at once, and what is guarded stays so. */
static void
test_set_guard (Fixture *fixture, gconstpointer data)
{
  g_autofree char *entry = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *text = g_strdup_printf ("[%s,1]", entry);

  write_text (fixture, text);
  start (fixture, fixture->folder.queue);
  qk_store_set_guard (fixture->store, 30 * G_TIME_SPAN_SECOND);
  await_state (fixture, QK_STORE_STATE_LIVE);
  purge (fixture, 0, NULL, NULL);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  qk_store_set_guard (fixture->store, 20 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (qk_store_get_n_guarded (fixture->store), ==, 1);
  /* It is still put right. */
  write_text (fixture, text);
  await_change (fixture);
  if (count_entries (fixture) == 2)
    await_change (fixture);
  g_assert_cmpuint (count_entries (fixture), ==, 1);
  /* Not passed yet, and over long before the twenty seconds. */
  qk_store_set_guard (fixture->store, 3 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (qk_store_get_n_guarded (fixture->store), ==, 1);
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
}

/* Another program that has only the one list, which is on the disk as queue.old. */
static gboolean
save_old_list (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *old = g_build_filename (fixture->folder.path, "queue.old", NULL);
  g_autoptr (GBytes) now = qk_test_read (fixture->folder.queue), list = qk_test_read (old);
  gsize size;
  const char *text = g_bytes_get_data (list, &size);

  if (!g_bytes_equal (now, list))
    g_assert_true (g_file_set_contents (fixture->folder.queue, text, (gssize) size, NULL));
  return G_SOURCE_CONTINUE;
}

static gboolean
has_given_up (gpointer data)
{
  g_autoptr (QkGivenUp) given_up = qk_store_dup_given_up (((Fixture *) data)->store);

  return given_up != NULL;
}

static void
count_notify (QkStore *store, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static gboolean
is_purged (gpointer data)
{
  return count_entries (data) == 1;
}

/* What is undone again and again is given up and told in full, and exactly that can be resumed. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *entry = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *text = g_strdup_printf ("[%s,1]", entry);
  g_autoptr (QkGivenUp) given_up = NULL;
  guint id, n_told = 0;

  g_free (qk_test_folder_write (&fixture->folder, "queue.old", text, -1));
  write_text (fixture, text);
  start (fixture, fixture->folder.queue);
  g_signal_connect (fixture->store, "notify::given-up", G_CALLBACK (count_notify), &n_told);
  qk_store_set_guard (fixture->store, QK_STORE_GUARD_DEFAULT);
  await_state (fixture, QK_STORE_STATE_LIVE);
  purge (fixture, 0, NULL, NULL);
  id = g_timeout_add (5, save_old_list, fixture);
  g_assert_true (qk_test_wait (has_given_up, fixture, 6 * PATIENCE_MS));
  g_assert_cmpuint (n_told, ==, 1);
  given_up = qk_store_dup_given_up (fixture->store);
  g_assert_cmpint (given_up->kind, ==, QK_CHANGE_PURGE);
  g_assert_cmpuint (given_up->n_messages, ==, 1);
  g_assert_cmpuint (given_up->n_repairs, >, 10);
  g_assert_cmpuint (given_up->n_repairs, <=, 60);
  g_assert_cmpint (given_up->span, >, G_TIME_SPAN_SECOND);
  g_assert_cmpint (given_up->span, <=, 61 * G_TIME_SPAN_SECOND);
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  g_assert_cmpuint (count_entries (fixture), ==, 2);

  g_source_remove (id);
  qk_store_set_guard (fixture->store, 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_true (has_given_up (fixture));
  qk_store_keep_trying (fixture->store);
  g_assert_cmpuint (n_told, ==, 2);
  g_assert_false (has_given_up (fixture));
  g_assert_cmpuint (qk_store_get_n_guarded (fixture->store), ==, 1);
  g_assert_true (qk_test_wait (is_purged, fixture, PATIENCE_MS));
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  g_assert_false (has_given_up (fixture));
  g_signal_handlers_disconnect_by_data (fixture->store, &n_told);
}

static void
test_agents (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) defaults = NULL, agents = NULL, nobody = NULL;

  write_text (fixture, "[1]");
  start (fixture, fixture->folder.queue);
  await_state (fixture, QK_STORE_STATE_LIVE);
  defaults = qk_store_dup_agents (fixture->store);
  g_assert_cmpuint (g_strv_length (defaults), ==, 8);
  g_free (qk_test_folder_write (
      &fixture->folder, "agent_mode_config.json",
      "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[\"Agent-1\",\"Agent-2\"]}}}",
      -1));
  write_text (fixture, "[1,2]");
  await_change (fixture);
  agents = qk_store_dup_agents (fixture->store);
  g_assert_cmpuint (g_strv_length (agents), ==, 2);
  g_free (qk_test_folder_write (&fixture->folder, "agent_mode_config.json", "{}", -1));
  write_text (fixture, "[1,2,3]");
  await_change (fixture);
  nobody = qk_store_dup_agents (fixture->store);
  g_assert_cmpuint (g_strv_length (nobody), ==, 0);
}

static void
count_cb (QkStore *store, guint *n)
{
  ++*n;
}

/* Five broadcasts to two agents, so that the queue tells of them. */
static void
write_broadcasts (Fixture *fixture)
{
  g_autoptr (GString) json = g_string_new ("[1");

  for (guint i = 0; i < 10; i++)
    g_string_append_printf (json,
                            ",{\"message\":{\"recipient\":\"Agent-1%u\",\"content\":\"%u\","
                            "\"message_type\":\"broadcast\"}}",
                            i % 2, i / 2);
  g_string_append_c (json, ']');
  write_text (fixture, json->str);
}

static void
assert_agents (Fixture *fixture, QkAgentsSource source, const char *expected)
{
  g_auto (GStrv) agents = qk_store_dup_agents (fixture->store);
  g_autofree char *joined = g_strjoinv (" ", agents);

  g_assert_cmpint (qk_store_get_agents_source (fixture->store), ==, source);
  g_assert_cmpstr (joined, ==, expected);
}

/* The operator knows best, then the swarm's own list, then what the queue tells of. */
static void
test_agents_sources (Fixture *fixture, gconstpointer data)
{
  static const char *const chosen[] = {"Scribe", "Agent-3", NULL}, *const none[] = {NULL};
  guint n_changes = 0;

  write_broadcasts (fixture);
  start (fixture, fixture->folder.queue);
  g_signal_connect (fixture->store, "agents-changed", G_CALLBACK (count_cb), &n_changes);
  assert_agents (fixture, QK_AGENTS_DEFAULT,
                 "Agent-1 Agent-2 Agent-3 Agent-4 Agent-5 Agent-6 Agent-7 Agent-8");
  await_state (fixture, QK_STORE_STATE_LIVE);
  assert_agents (fixture, QK_AGENTS_HISTORY, "Agent-10 Agent-11");
  g_assert_cmpuint (n_changes, ==, 1);
  write_text (fixture, "[1]");
  await_change (fixture);
  assert_agents (fixture, QK_AGENTS_HISTORY, "Agent-10 Agent-11");
  g_assert_cmpuint (n_changes, ==, 1);
  qk_store_choose_agents (fixture->store, chosen);
  qk_store_choose_agents (fixture->store, chosen);
  assert_agents (fixture, QK_AGENTS_CHOSEN, "Scribe Agent-3");
  g_assert_cmpuint (n_changes, ==, 2);
  g_free (qk_test_folder_write (
      &fixture->folder, "agent_mode_config.json",
      "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[\"Agent-1\",\"Agent-2\"]}}}",
      -1));
  write_text (fixture, "[1,2]");
  await_change (fixture);
  assert_agents (fixture, QK_AGENTS_CHOSEN, "Scribe Agent-3");
  g_assert_cmpuint (n_changes, ==, 2);
  qk_store_choose_agents (fixture->store, none);
  assert_agents (fixture, QK_AGENTS_CONFIG, "Agent-1 Agent-2");
  qk_store_choose_agents (fixture->store, NULL);
  g_assert_cmpuint (n_changes, ==, 3);
  g_signal_handlers_disconnect_by_data (fixture->store, &n_changes);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/live", test_live);
  ADD ("/store/other-writers", test_other_writers);
  ADD ("/store/missing-then-there", test_missing_then_there);
  ADD ("/store/missing-folder", test_missing_folder);
  ADD ("/store/damage", test_damage);
  ADD ("/store/old-damage-at-once", test_old_damage_at_once);
  ADD ("/store/not-a-file", test_not_a_file);
  ADD ("/store/apply", test_apply);
  ADD ("/store/apply-retried", test_apply_retried);
  ADD ("/store/set-policy", test_set_policy);
  ADD ("/store/apply-cancelled", test_apply_cancelled);
  ADD ("/store/failed-is-not-guarded", test_failed_is_not_guarded);
  ADD ("/store/set-guard", test_set_guard);
  ADD ("/store/given-up", test_given_up);
  ADD ("/store/agents", test_agents);
  ADD ("/store/agents-sources", test_agents_sources);
  return g_test_run ();
}
