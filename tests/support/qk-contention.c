#include "qk-contention.h"

#include "qk-file-store.h"

#include <errno.h>

#define PATIENCE_MS 20000

/* What the fault seam refuses. */
static int denials;

static int
swap_denied (const char *temp, const char *path, gboolean *exchanged)
{
  if (denials > 0)
    {
      denials--;
      return EACCES;
    }
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
write_ids (QkTestFolder *folder, const char *ids)
{
  g_autofree char *text = qk_test_queue_of_ids (ids, "FAILED");

  g_free (qk_test_folder_write (folder, "queue.json", text, -1));
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static gboolean
is_live (gpointer store)
{
  return qk_store_get_state (store) == QK_STORE_STATE_LIVE;
}

static gboolean
is_torn (gpointer health)
{
  return qk_figures_get_errors (qk_health_get_session (health), QK_LOCK_KIND_TORN) > 0;
}

/**
 * qk_contention_store_new:
 * @queue: the path of a queue
 *
 * Returns: (transfer full): a store of it, on a system that denies what the script wants to be denied
 */
QkStore *
qk_contention_store_new (const char *queue)
{
  static QkPlatform platform;

  denials = 0;
  platform = *qk_platform_get_native ();
  platform.swap = swap_denied;
  return QK_STORE (qk_file_store_new_with_platform (queue, &platform));
}

/**
 * qk_contention_purge_first:
 * @store: a store of the queue in @folder
 * @folder: where it is
 * @policy: (nullable): how often it is tried
 *
 * Purges the first message.
 *
 * Returns: (transfer full) (nullable): what came of it; %NULL where it failed
 */
QkResult *
qk_contention_purge_first (QkStore *store, QkTestFolder *folder, const QkRetryPolicy *policy)
{
  g_autoptr (GBytes) bytes = qk_test_read (folder->queue);
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (GAsyncResult) done = NULL;

  g_assert_nonnull (document);
  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  qk_store_apply_async (store, changes, policy, NULL, on_done, &done);
  g_assert_true (qk_test_wait (has_result, &done, PATIENCE_MS));
  return qk_store_apply_finish (store, done, NULL);
}

/**
 * qk_contention_run:
 * @health: what counts, of a store of qk_contention_store_new() that was not started yet
 * @folder: where its queue is; that is written anew
 *
 * Plays it through.
 */
void
qk_contention_run (QkHealth *health, QkTestFolder *folder)
{
  const QkRetryPolicy policy = {QK_CONTENTION_HELD, 10000, 10000};
  const QkPlatform *native = qk_platform_get_native ();
  QkStore *store = qk_health_get_store (health);
  g_autofree char *sidecar = g_strconcat (folder->queue, ".lock", NULL);
  g_autoptr (QkResult) failed = NULL, retried = NULL, plain = NULL;
  QkHandle lock;

  write_ids (folder, "abcdef");
  qk_store_start (store);
  g_assert_true (qk_test_wait (is_live, store, PATIENCE_MS));
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  failed = qk_contention_purge_first (store, folder, &policy);
  g_assert_null (failed);
  native->unlock (lock);
  denials = QK_CONTENTION_DENIED;
  retried = qk_contention_purge_first (store, folder, &policy);
  g_assert_nonnull (retried);
  plain = qk_contention_purge_first (store, folder, &policy);
  g_assert_nonnull (plain);
  g_free (qk_test_folder_write (folder, "queue.json", "[{\"queue_id\":\"a\"", -1));
  g_assert_true (qk_test_wait (is_torn, health, PATIENCE_MS));
  write_ids (folder, "ab");
  g_assert_true (qk_test_wait (is_live, store, PATIENCE_MS));
}

static void
assert_saves (const QkFigures *figures)
{
  double rate, average;

  g_assert_cmpuint (figures->saves, ==, 2);
  g_assert_cmpuint (figures->saves_retried, ==, 1);
  g_assert_cmpuint (figures->saves_failed, ==, 1);
  g_assert_cmpuint (figures->attempts[1], ==, 1);
  g_assert_cmpuint (figures->attempts[3], ==, 1);
  g_assert_cmpuint (figures->worst_attempts, ==, 3);
  g_assert_cmpuint (figures->total_attempts, ==, 4);
  /* 20 ms of the one that was given up, and what the other two waits were in fact: telling of an event takes
   * its time from the wait that follows. */
  g_assert_cmpint (figures->waited, >, 20000);
  g_assert_cmpint (figures->worst_wait, >=, 20000);
  g_assert_cmpuint (figures->n_elapsed, ==, 2);
  g_assert_cmpint (figures->worst_elapsed, >=, 20000);
  g_assert_cmpuint (figures->conflicts, ==, 0);
  g_assert_cmpuint (figures->overwrites, ==, 0);
  g_assert_true (qk_figures_get_success_rate (figures, &rate));
  g_assert_cmpfloat (rate, ==, 0.5);
  g_assert_true (qk_figures_get_average_attempts (figures, &average));
  g_assert_cmpfloat (average, ==, 2.0);
}

/**
 * qk_contention_assert:
 * @figures: what was counted
 *
 * Holds it against what happened.
 */
void
qk_contention_assert (const QkFigures *figures)
{
  guint64 sum = 0;

  for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
    sum += qk_figures_get_errors (figures, kind);
  g_assert_cmpuint (sum, ==, QK_CONTENTION_EVENTS);
  g_assert_cmpuint (figures->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_LOCK_HELD], ==,
                    QK_CONTENTION_HELD);
  g_assert_cmpuint (figures->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED], ==,
                    QK_CONTENTION_DENIED);
  g_assert_cmpuint (figures->errors[QK_OPERATION_READ][QK_LOCK_KIND_TORN], ==, QK_CONTENTION_TORN);
  g_assert_cmpuint (qk_figures_get_lock_errors (figures), ==,
                    QK_CONTENTION_HELD + QK_CONTENTION_DENIED);
  /* The last of the attempts that found the lock held is followed by none. */
  g_assert_cmpuint (figures->retries[QK_OPERATION_SAVE], ==,
                    QK_CONTENTION_HELD - 1 + QK_CONTENTION_DENIED);
  g_assert_cmpuint (figures->retries[QK_OPERATION_READ], ==, QK_CONTENTION_TORN);
  assert_saves (figures);
}
