#include "qk-file-store.h"
#include "qk-history.h"
#include "qk-test-util.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The store beside writers that do what they should not, and after a crash. */

#define PATIENCE_MS 15000
/* Long enough for all that a test does, short enough to be waited for. */
#define SETTLE (600 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  QkTestFolder folder;
  QkPlatform platform;
  QkHistory *history;
  QkStore *store;
  QkResult *result;
  GError *error;
  gboolean done;
  char *notice;
} Fixture;

/* What the replaced calls do; one test at a time. */
static struct {
  const char *text;   /* what another writer saves just before the first swap */
  const char *second; /* and just before the second one */
  const char *path;
  gint n_syncs;
} script;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *db = NULL;

  qk_test_folder_set_up (&fixture->folder, NULL);
  db = g_build_filename (fixture->folder.path, "data", "history.db", NULL);
  fixture->history = qk_history_new (db);
  fixture->platform = *qk_platform_get_native ();
  memset (&script, 0, sizeof script);
  script.path = fixture->folder.queue;
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->store == NULL;
}

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
  if (fixture->store != NULL)
    close_store (fixture);
  g_object_unref (fixture->history);
  g_clear_pointer (&fixture->result, qk_result_free);
  g_clear_error (&fixture->error);
  g_free (fixture->notice);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

/* As the swarm does: another file in its place. */
static void
save_other (const char *ids)
{
  g_autofree char *text = qk_test_queue_of_ids (ids, "FAILED");

  g_assert_true (g_file_set_contents (script.path, text, -1, NULL));
}

static void
on_notice (QkStore *store, const char *text, Fixture *fixture)
{
  g_free (fixture->notice);
  fixture->notice = g_strdup (text);
}

static gboolean
is_live (gpointer data)
{
  return qk_store_get_state (((Fixture *) data)->store) == QK_STORE_STATE_LIVE;
}

static void
start (Fixture *fixture, const char *ids)
{
  save_other (ids);
  fixture->store =
      QK_STORE (qk_file_store_new_with_platform (fixture->folder.queue, &fixture->platform));
  qk_store_set_journal (fixture->store, QK_JOURNAL (fixture->history));
  qk_store_set_guard (fixture->store, SETTLE);
  g_signal_connect (fixture->store, "notice", G_CALLBACK (on_notice), fixture);
  qk_store_start (fixture->store);
  g_assert_true (qk_test_wait (is_live, fixture, PATIENCE_MS));
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
apply (Fixture *fixture, GPtrArray *changes)
{
  g_clear_pointer (&fixture->result, qk_result_free);
  fixture->done = FALSE;
  qk_store_apply_async (fixture->store, changes, NULL, NULL, on_applied, fixture);
  g_assert_true (qk_test_wait (is_done, fixture, PATIENCE_MS));
  g_assert_no_error (fixture->error);
}

static void
purge (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkDocument *document = qk_store_get_document (fixture->store);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, i)));
  apply (fixture, changes);
  g_assert_cmpuint (fixture->result->changed->len, ==, n);
}

/* Whether the queue, in the file, is this one. */
typedef struct {
  Fixture *fixture;
  const char *ids;
} Expected;

static gboolean
is_queue (gpointer data)
{
  const Expected *expected = data;
  g_autofree char *text = qk_test_queue_of_ids (expected->ids, "FAILED"), *found = NULL;
  gsize length;

  return g_file_get_contents (expected->fixture->folder.queue, &found, &length, NULL) &&
         length == strlen (text) && memcmp (found, text, length) == 0;
}

static void
await_queue (Fixture *fixture, const char *ids)
{
  Expected expected = {fixture, ids};

  g_assert_true (qk_test_wait (is_queue, &expected, PATIENCE_MS));
}

static gboolean
has_settled (gpointer data)
{
  return qk_store_get_n_guarded (((Fixture *) data)->store) == 0;
}

static guint
count_left (Fixture *fixture)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += g_str_has_prefix (names->pdata[i], ".queue.json.");
  return n;
}

static gboolean
is_clean (gpointer data)
{
  return count_left (data) == 0;
}

static int
refuse_lease (QkHandle handle)
{
  return EACCES;
}

/* It had the file open before the save and writes into it when the save is long done; the system does
 * not tell who has a file open. */
static void
test_late_writer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = qk_test_queue_of_ids ("abx", "FAILED");
  int fd;

  fixture->platform.lease = refuse_lease;
  start (fixture, "ab");
  fd = open (fixture->folder.queue, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  purge (fixture, 1);
  await_queue (fixture, "b");
  g_assert_cmpint (pwrite (fd, text, strlen (text), 0), ==, strlen (text));
  g_assert_cmpint (close (fd), ==, 0);
  await_queue (fixture, "bx");
}

/* It goes on so slowly that the file is torn meanwhile. */
static void
test_slow_late_writer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = qk_test_queue_of_ids ("abx", "FAILED");
  gsize half = strlen (text) / 2;
  gint64 end;
  int fd;

  fixture->platform.lease = refuse_lease;
  start (fixture, "ab");
  fd = open (fixture->folder.queue, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  purge (fixture, 1);
  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, text, half, 0), ==, half);
  end = g_get_monotonic_time () + 300 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (pwrite (fd, text + half, strlen (text) - half, (off_t) half), ==,
                   strlen (text) - half);
  g_assert_cmpint (close (fd), ==, 0);
  await_queue (fixture, "bx");
}

static int
swap_beside_other (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.text != NULL)
    save_other (script.text);
  script.text = script.second;
  script.second = NULL;
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

/* What was merged stays on the disk until it has settled, for the case that we do not live so long. */
static void
test_kept_until_settled (Fixture *fixture, gconstpointer data)
{
  script.text = "abx";
  fixture->platform.swap = swap_beside_other;
  start (fixture, "ab");
  purge (fixture, 1);
  await_queue (fixture, "bx");
  g_assert_cmpuint (count_left (fixture), ==, 1);
  g_assert_cmpuint (qk_store_get_n_guarded (fixture->store), >, 0);
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  g_assert_true (qk_test_wait (is_clean, fixture, PATIENCE_MS));
  await_queue (fixture, "bx");
}

static gboolean
has_notice (gpointer data)
{
  return ((Fixture *) data)->notice != NULL;
}

/* And the next start merges it. */
static void
test_cut_off_while_settling (Fixture *fixture, gconstpointer data)
{
  script.text = "abx";
  fixture->platform.swap = swap_beside_other;
  start (fixture, "ab");
  purge (fixture, 1);
  await_queue (fixture, "bx");
  close_store (fixture);
  g_assert_cmpuint (count_left (fixture), ==, 1);
  /* A list that was loaded before the other writer saved, with what was purged in it. */
  start (fixture, "ab");
  await_queue (fixture, "abx");
  g_assert_true (qk_test_wait (is_clean, fixture, PATIENCE_MS));
  g_assert_true (qk_test_wait (has_notice, fixture, PATIENCE_MS));
  g_assert_nonnull (strstr (fixture->notice, "1 message "));
}

/* The list that comes out of a swap is older than a purge before: what was purged is no news, however
 * often the save has to be made anew. The guard knows that without the history, too. */
static void
test_old_list_in_swap (Fixture *fixture, gconstpointer data)
{
  fixture->platform.swap = swap_beside_other;
  start (fixture, "abc");
  qk_store_set_journal (fixture->store, NULL);
  purge (fixture, 1);
  await_queue (fixture, "bc");
  while (qk_document_get_n_entries (qk_store_get_document (fixture->store)) != 2)
    g_main_context_iteration (NULL, TRUE);
  script.text = "abcx";
  script.second = "bcy";
  purge (fixture, 1);
  await_queue (fixture, "cxy");
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  await_queue (fixture, "cxy");
}

static int
count_sync (QkHandle handle)
{
  g_atomic_int_inc (&script.n_syncs);
  return qk_platform_get_native ()->sync (handle);
}

static gboolean
has_synced (gpointer data)
{
  return g_atomic_int_get (&script.n_syncs) > 0;
}

/* Among ourselves the disk is waited for; beside another writer not before all has settled. */
static void
test_gentle (Fixture *fixture, gconstpointer data)
{
  Expected expected = {fixture, "cd"};

  fixture->platform.sync = count_sync;
  start (fixture, "abc");
  purge (fixture, 1);
  g_assert_true (fixture->result->durable);
  g_assert_false (fixture->result->settling);
  g_assert_cmpint (g_atomic_int_get (&script.n_syncs), ==, 1);
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  save_other ("bcd");
  while (qk_document_get_n_entries (qk_store_get_document (fixture->store)) != 3)
    g_main_context_iteration (NULL, TRUE);
  g_atomic_int_set (&script.n_syncs, 0);
  purge (fixture, 1);
  g_assert_true (is_queue (&expected));
  g_assert_false (fixture->result->durable);
  g_assert_true (fixture->result->settling);
  g_assert_cmpint (g_atomic_int_get (&script.n_syncs), ==, 0);
  g_assert_true (qk_test_wait (has_synced, fixture, PATIENCE_MS));
}

static gboolean
has_loss (gpointer data)
{
  g_autoptr (QkLoss) loss = qk_store_dup_loss (((Fixture *) data)->store);

  return loss != NULL;
}

static gboolean
has_no_loss (gpointer data)
{
  return !has_loss (data);
}

/* Another writer found the file absent and began anew: told, kept, and put back on request. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  g_autofree char *key = NULL;
  g_autoptr (QkLoss) loss = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;

  start (fixture, "abcdefgh");
  save_other ("x");
  g_assert_true (qk_test_wait (has_loss, fixture, PATIENCE_MS));
  loss = qk_store_dup_loss (fixture->store);
  g_assert_cmpuint (loss->before, ==, 8);
  g_assert_cmpuint (loss->after, ==, 1);
  g_assert_cmpuint (loss->n_lost, ==, 8);
  g_assert_cmpint (loss->operation, >, 0);
  g_assert_null (loss->problem);
  await_queue (fixture, "x");
  key = qk_store_dup_key (fixture->store);
  /* Nobody of us did it: it is not what "undo" undoes. */
  g_assert_null (qk_history_dup_undo (fixture->history, key, 0, NULL, &error));
  changes = qk_history_dup_undo (fixture->history, key, loss->operation, NULL, NULL);
  g_assert_nonnull (changes);
  apply (fixture, changes);
  await_queue (fixture, "abcdefghx");
  g_assert_true (qk_test_wait (has_no_loss, fixture, PATIENCE_MS));
}

/* It comes back by itself: then there is nothing to be told. */
static void
test_loss_is_over (Fixture *fixture, gconstpointer data)
{
  start (fixture, "abcdefgh");
  save_other ("x");
  g_assert_true (qk_test_wait (has_loss, fixture, PATIENCE_MS));
  save_other ("abcdefghx");
  g_assert_true (qk_test_wait (has_no_loss, fixture, PATIENCE_MS));
}

static void
test_loss_dismissed (Fixture *fixture, gconstpointer data)
{
  start (fixture, "abcdefgh");
  save_other ("x");
  g_assert_true (qk_test_wait (has_loss, fixture, PATIENCE_MS));
  qk_store_dismiss_loss (fixture->store);
  g_assert_false (has_loss (fixture));
}

/* What was purged here, or by another of our programs, is no loss. Nor are a few messages. The last
 * loss is a real one, so that it is known that those before it were judged. */
static void
test_no_loss (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkLoss) loss = NULL;

  start (fixture, "abcdefghijkl");
  purge (fixture, 10);
  await_queue (fixture, "kl");
  g_assert_true (qk_test_wait (has_settled, fixture, PATIENCE_MS));
  save_other ("k");
  while (qk_document_get_n_entries (qk_store_get_document (fixture->store)) != 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (has_loss (fixture));
  save_other ("mnopqr");
  while (qk_document_get_n_entries (qk_store_get_document (fixture->store)) != 6)
    g_main_context_iteration (NULL, TRUE);
  save_other ("s");
  g_assert_true (qk_test_wait (has_loss, fixture, PATIENCE_MS));
  loss = qk_store_dup_loss (fixture->store);
  g_assert_cmpuint (loss->before, ==, 6);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store-others/late-writer", test_late_writer);
  ADD ("/store-others/slow-late-writer", test_slow_late_writer);
  ADD ("/store-others/kept-until-settled", test_kept_until_settled);
  ADD ("/store-others/cut-off-while-settling", test_cut_off_while_settling);
  ADD ("/store-others/old-list-in-swap", test_old_list_in_swap);
  ADD ("/store-others/gentle", test_gentle);
  ADD ("/store-others/loss", test_loss);
  ADD ("/store-others/loss-is-over", test_loss_is_over);
  ADD ("/store-others/loss-dismissed", test_loss_dismissed);
  ADD ("/store-others/no-loss", test_no_loss);
  return g_test_run ();
}
