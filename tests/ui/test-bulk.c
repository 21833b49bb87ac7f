#include "qk-changer.h"
#include "qk-fake-store.h"
#include "qk-preview-dialog.h"
#include "qk-selection-pane.h"
#include "qk-settings.h"
#include "qk-skip-dialog.h"
#include "qk-task-bar.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window-private.h"

#include "platform/qk-platform.h"

#include <string.h>

/* Large actions: paced, previewed, asked for twice, and not at all in read-only mode. */

typedef struct {
  QkUiFixture queue;
  QkWindow *window; /* nullable */
  GPtrArray *entries;
  QkChanger *changer; /* nullable */
  char *told;         /* owned, nullable: what the changer said last */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  g_object_set (settings, "guard-seconds", 3, NULL);
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->window == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  g_clear_object (&fixture->changer);
  g_free (fixture->told);
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
add (Fixture *fixture, guint n, QkStatus status)
{
  for (guint i = 0; i < n; i++)
    {
      guint id = fixture->entries->len + 1;

      g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, id % 3 + 1, 0.5, 20));
    }
}

static void
arrived_cb (QkChanger *changer,
            const char *text,
            gboolean failed,
            gint64 operation,
            Fixture *fixture)
{
  g_free (fixture->told);
  fixture->told = g_strdup (text);
}

static void
use_changer (Fixture *fixture)
{
  fixture->changer = qk_changer_new ();
  g_signal_connect (fixture->changer, "arrived", G_CALLBACK (arrived_cb), fixture);
  qk_store_set_journal (fixture->queue.store, qk_changer_get_journal (fixture->changer));
}

static void
open_store (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_ui_fixture_open (&fixture->queue);
  use_changer (fixture);
}

static gboolean
shows_queue (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (((Fixture *) user_data)->window), "queue") == 0;
}

static void
open_window (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (shows_queue, fixture, QK_UI_PATIENCE_MS));
}

/* How many entries of the file have that status. */
static guint
count_status (Fixture *fixture, const char *status)
{
  g_autofree char *json = qk_ui_fixture_read (&fixture->queue);
  g_autofree char *pattern = g_strdup_printf ("\"status\":\"%s\"", status);
  g_auto (GStrv) parts = g_strsplit (json, pattern, -1);

  return g_strv_length (parts) - 1;
}

static QkPick *
pick_all (QkStore *store)
{
  return qk_pick_new_all (qk_store_get_document (store));
}

static GPtrArray *
make_changes (QkStore *store, QkChangeKind kind)
{
  g_autoptr (QkPick) pick = pick_all (store);

  return qk_pick_make_changes (pick, kind);
}

typedef struct {
  QkPacedRun *run;
  guint n;
} DoneWait;

static gboolean
has_done (gpointer user_data)
{
  DoneWait *wait = user_data;

  return qk_paced_run_get_n_done (wait->run) == wait->n;
}

static void
wait_for_done (QkPacedRun *run, guint n)
{
  DoneWait wait = {run, n};

  g_assert_true (qk_test_wait (has_done, &wait, QK_UI_PATIENCE_MS));
}

static gboolean
was_told (gpointer user_data)
{
  return ((Fixture *) user_data)->told != NULL;
}

static const char *
wait_until_told (Fixture *fixture)
{
  g_assert_true (qk_test_wait (was_told, fixture, QK_UI_PATIENCE_MS));
  return fixture->told;
}

/* A set of the fake store's changes: nothing is looked at but how many there are. */
static GPtrArray *
make_drafts (guint n)
{
  const QkDraft draft = {.sender = "A", .recipient = "B", .content = "C", .priority = "low"};
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (changes, qk_change_new_send (&draft));
  return changes;
}

static void
count_cb (gpointer object, guint *n)
{
  (*n)++;
}

/* A real queue, and the time given: cancelled half way, exactly what was sent is sent. */
static void
test_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkPacedRun) run = NULL;
  guint n_ended = 0;

  add (fixture, 12, QK_STATUS_FAILED);
  open_store (fixture);
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  run = qk_paced_run_new (fixture->queue.store, QK_CHANGE_RESEND, changes, NULL, 4);
  g_signal_connect (run, "ended", G_CALLBACK (count_cb), &n_ended);
  qk_paced_run_turn (run, 0);
  wait_for_done (run, 4);
  g_assert_cmpuint (count_status (fixture, "PENDING"), ==, 4);
  qk_paced_run_turn (run, 500000);
  qk_paced_run_turn (run, 1000000);
  wait_for_done (run, 8);
  g_assert_cmpuint (n_ended, ==, 0);
  qk_paced_run_cancel (run);
  g_assert_cmpuint (n_ended, ==, 1);
  qk_paced_run_turn (run, 9000000);
  g_assert_cmpuint (count_status (fixture, "PENDING"), ==, 8);
  g_assert_cmpuint (count_status (fixture, "FAILED"), ==, 4);
  g_assert_cmpuint (qk_paced_run_get_result (run)->changed->len, ==, 8);
}

/* Each set is made of what then stands in the queue. */
static void
test_run_moves_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkPacedRun) run = NULL;
  g_autofree char *json = NULL;
  g_autofree char *id = qk_ui_dup_id (4);
  const QkSkip *skip;
  QkResult *result;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  run = qk_paced_run_new (fixture->queue.store, QK_CHANGE_RESEND, changes, NULL, 3);
  qk_paced_run_turn (run, 0);
  wait_for_done (run, 3);
  qk_ui_alter (fixture->entries, 3, "FAILED", "DELIVERED");
  qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
  qk_paced_run_turn (run, 1000000);
  wait_for_done (run, 4);
  result = (QkResult *) qk_paced_run_get_result (run);
  g_assert_cmpuint (result->changed->len, ==, 3);
  g_assert_cmpuint (result->skipped->len, ==, 1);
  skip = result->skipped->pdata[0];
  g_assert_cmpstr (skip->id, ==, id);
  g_assert_cmpstr (skip->reason, ==, "moved on meanwhile: delivered now");
}

static gboolean
is_paused (gpointer user_data)
{
  return qk_paced_run_get_paused (user_data);
}

/* What cannot be saved is tried again when it is resumed: nothing is sent twice, nothing is lost. */
static void
test_run_in_trouble (void)
{
  g_autoptr (QkFakeStore) store = qk_fake_store_new ();
  g_autoptr (GPtrArray) changes = make_drafts (6);
  g_autoptr (QkPacedRun) run =
      qk_paced_run_new (QK_STORE (store), QK_CHANGE_SEND, changes, NULL, 2);
  GPtrArray *applied = qk_fake_store_get_applied (store);

  qk_paced_run_turn (run, 0);
  wait_for_done (run, 2);
  qk_fake_store_set_error (store, "still locked");
  qk_paced_run_turn (run, 1000000);
  g_assert_true (qk_test_wait (is_paused, run, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (qk_paced_run_get_problem (run)->message, ==, "still locked");
  qk_paced_run_turn (run, 2000000);
  g_assert_cmpuint (applied->len, ==, 2);
  qk_fake_store_set_error (store, NULL);
  qk_paced_run_set_paused (run, FALSE);
  g_assert_null (qk_paced_run_get_problem (run));
  qk_paced_run_turn (run, 3000000);
  wait_for_done (run, 4);
  qk_paced_run_turn (run, 4000000);
  wait_for_done (run, 6);
  g_assert_true (qk_paced_run_is_over (run));
  g_assert_cmpuint (applied->len, ==, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpstr (applied->pdata[i], ==, qk_change_get_id (changes->pdata[i]));
}

/* One piece of work is undone as one, to the byte. */
static void
test_undo_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *before = NULL, *after = NULL;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  qk_changer_resend_paced (fixture->changer, fixture->queue.store, changes, NULL, 2);
  g_assert_cmpuint (qk_changer_get_n_pending (fixture->changer), ==, 1);
  g_assert_cmpstr (wait_until_told (fixture), ==, "4 resent");
  g_assert_cmpuint (qk_changer_get_n_pending (fixture->changer), ==, 0);
  g_assert_cmpuint (count_status (fixture, "PENDING"), ==, 4);

  g_clear_pointer (&fixture->told, g_free);
  qk_changer_undo (fixture->changer, fixture->queue.store, 0);
  g_assert_cmpstr (wait_until_told (fixture), ==, "4 put back");
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

static gboolean
has_settled (gpointer user_data)
{
  QkChanger *changer = user_data;

  return qk_changer_get_n_pending (changer) == 0;
}

typedef struct {
  guint sets[2];
  guint n;
} Arrivals;

static void
note_arrival_cb (QkChanger *changer,
                 const char *text,
                 gboolean failed,
                 gint64 operation,
                 Arrivals *arrivals)
{
  g_assert_cmpuint (arrivals->n, <, 2);
  arrivals->sets[arrivals->n++] = qk_changer_get_latest_set (changer);
}

/* Who has sent a set knows which one has arrived. */
static void
test_sets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) resends = NULL, purges = NULL;
  Arrivals arrivals = {0};
  guint first, second;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  g_signal_connect (fixture->changer, "arrived", G_CALLBACK (note_arrival_cb), &arrivals);
  resends = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  purges = make_changes (fixture->queue.store, QK_CHANGE_PURGE);
  first = qk_changer_apply (fixture->changer, fixture->queue.store, QK_CHANGE_RESEND, resends);
  second = qk_changer_apply (fixture->changer, fixture->queue.store, QK_CHANGE_PURGE, purges);
  g_assert_true (qk_test_wait (has_settled, fixture->changer, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (arrivals.n, ==, 2);
  g_assert_cmpuint (arrivals.sets[0], ==, first);
  g_assert_cmpuint (arrivals.sets[1], ==, second);
  g_assert_cmpuint (first, !=, second);
}

/* Another window knows of it, too. */
static void
test_undo_all_later (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *before = NULL, *after = NULL;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  qk_changer_resend_paced (fixture->changer, fixture->queue.store, changes, NULL, 2);
  g_assert_cmpstr (wait_until_told (fixture), ==, "4 resent");
  g_clear_object (&fixture->changer);
  g_clear_pointer (&fixture->told, g_free);
  use_changer (fixture);
  qk_changer_undo (fixture->changer, fixture->queue.store, 0);
  g_assert_cmpstr (wait_until_told (fixture), ==, "4 put back");
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

static gboolean
has_begun (gpointer user_data)
{
  QkPacedRun *run = qk_changer_get_run (user_data);

  return run == NULL || qk_paced_run_get_n_done (run) > 0;
}

/* Undone while it goes on, it is over: nothing stays resent, and no more is. */
static void
test_undo_while_it_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *before = NULL, *after = NULL;

  add (fixture, 60, QK_STATUS_FAILED);
  open_store (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  qk_changer_resend_paced (fixture->changer, fixture->queue.store, changes, NULL, 1);
  g_assert_true (qk_test_wait (has_begun, fixture->changer, QK_UI_PATIENCE_MS));
  qk_changer_undo (fixture->changer, fixture->queue.store, 0);
  g_assert_true (qk_test_wait (has_settled, fixture->changer, QK_UI_PATIENCE_MS));
  g_assert_null (qk_changer_get_run (fixture->changer));
  g_assert_true (g_str_has_suffix (fixture->told, " put back"));
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

/* A set that waits for a lock is cancelled: nothing is written, and it is told. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  QkHandle lock;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  changes = make_changes (fixture->queue.store, QK_CHANGE_PURGE);
  g_assert_cmpint (platform->lock (sidecar, &lock), ==, 0);
  (void) qk_changer_apply (fixture->changer, fixture->queue.store, QK_CHANGE_PURGE, changes);
  g_assert_cmpuint (qk_changer_get_waiting (fixture->changer, NULL), ==, 4);
  qk_changer_cancel (fixture->changer);
  g_assert_cmpstr (wait_until_told (fixture), ==, "Cancelled: nothing was changed");
  platform->unlock (lock);
  g_assert_true (qk_test_wait (has_settled, fixture->changer, QK_UI_PATIENCE_MS));
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

/* The bar tells of both: of a set that waits for longer than a moment, and of a paced run. */
static gboolean
bar_shows (gpointer user_data)
{
  return qk_task_bar_get_text (user_data) != NULL;
}

static gboolean
bar_is_hidden (gpointer user_data)
{
  return qk_task_bar_get_text (user_data) == NULL;
}

static void
test_bar (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  g_autoptr (QkTaskBar) bar = g_object_ref_sink (g_object_new (QK_TYPE_TASK_BAR, NULL));
  g_autoptr (GPtrArray) changes = NULL;
  QkHandle lock;

  add (fixture, 4, QK_STATUS_FAILED);
  open_store (fixture);
  qk_task_bar_set_changer (bar, fixture->changer);
  g_assert_null (qk_task_bar_get_text (bar));
  changes = make_changes (fixture->queue.store, QK_CHANGE_RESEND);
  g_assert_cmpint (platform->lock (sidecar, &lock), ==, 0);
  (void) qk_changer_apply (fixture->changer, fixture->queue.store, QK_CHANGE_RESEND, changes);
  g_assert_true (qk_test_wait (bar_shows, bar, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (qk_task_bar_get_text (bar), ==, "Resending 4 messages…");
  gtk_widget_activate_action (GTK_WIDGET (bar), "task.cancel", NULL);
  g_assert_true (qk_test_wait (bar_is_hidden, bar, QK_UI_PATIENCE_MS));

  qk_changer_resend_paced (fixture->changer, fixture->queue.store, changes, NULL, 1);
  g_assert_cmpstr (qk_task_bar_get_text (bar), ==, "Resending 0 of 4 · 1 per second · 4 s left");
  gtk_widget_activate_action (GTK_WIDGET (bar), "task.pause", NULL);
  g_assert_cmpstr (qk_task_bar_get_text (bar), ==, "Paused: 0 of 4 resent");
  platform->unlock (lock);
  gtk_widget_activate_action (GTK_WIDGET (bar), "task.cancel", NULL);
  g_assert_true (qk_test_wait (bar_is_hidden, bar, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (has_settled, fixture->changer, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (count_status (fixture, "PENDING"), ==, 0);
  g_assert_cmpstr (fixture->told, ==, "0 resent · cancelled: 4 were left as they are");
}

/* A journal that cannot keep anything. */
typedef struct {
  GObject parent;
} FullJournal;
typedef struct {
  GObjectClass parent;
} FullJournalClass;

static gint64
full_write (QkJournal *self,
            const char *queue,
            gint64 operation,
            GPtrArray *records,
            GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the disk is full");
  return 0;
}

static gboolean
full_was_purged (QkJournal *self,
                 const char *queue,
                 const char *id,
                 gboolean *purged,
                 GError **error)
{
  *purged = FALSE;
  return TRUE;
}

static void
full_journal_iface_init (QkJournalInterface *iface)
{
  iface->write = full_write;
  iface->was_purged = full_was_purged;
}

GType full_journal_get_type (void);
G_DEFINE_TYPE_WITH_CODE (FullJournal,
                         full_journal,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (QK_TYPE_JOURNAL, full_journal_iface_init))

static void
full_journal_class_init (FullJournalClass *klass)
{
}

static void
full_journal_init (FullJournal *self)
{
}

static void
failed_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_assert_null (qk_store_apply_finish (QK_STORE (source), async_result, user_data));
}

static void
applied_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  *(QkResult **) user_data = qk_store_apply_finish (QK_STORE (source), async_result, NULL);
}

static gboolean
is_set (gpointer user_data)
{
  return *(gpointer *) user_data != NULL;
}

/* Everything is purged only where everything is kept. */
static void
test_must_keep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GObject) journal = g_object_new (full_journal_get_type (), NULL);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = NULL;
  g_autoptr (GError) error = NULL, none = NULL;
  g_autofree char *before = NULL, *after = NULL;

  add (fixture, 3, QK_STATUS_FAILED);
  open_store (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  changes = make_changes (fixture->queue.store, QK_CHANGE_PURGE);
  qk_store_set_journal (fixture->queue.store, QK_JOURNAL (journal));
  qk_store_apply_kept_async (fixture->queue.store, changes, NULL, failed_cb, &error);
  g_assert_true (qk_test_wait (is_set, &error, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (error->message, ==, "the history cannot keep it: the disk is full");
  qk_store_set_journal (fixture->queue.store, NULL);
  qk_store_apply_kept_async (fixture->queue.store, changes, NULL, failed_cb, &none);
  g_assert_true (qk_test_wait (is_set, &none, QK_UI_PATIENCE_MS));
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
  g_assert_false (qk_store_get_saving (fixture->queue.store));

  /* A purge of some goes on, and says that it cannot be undone. */
  qk_store_set_journal (fixture->queue.store, QK_JOURNAL (journal));
  qk_store_apply_async (fixture->queue.store, changes, NULL, NULL, applied_cb, &result);
  g_assert_true (qk_test_wait (is_set, &result, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (result->changed->len, ==, 3);
  g_assert_cmpstr (result->no_undo, ==, "the disk is full");
}

static gboolean
has_dialog (gpointer user_data)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  *(gpointer *) user_data = NULL;
  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      *(gpointer *) user_data = l->data;
  return *(gpointer *) user_data != NULL;
}

static AdwMessageDialog *
wait_for_dialog (void)
{
  AdwMessageDialog *dialog = NULL;

  g_assert_true (qk_test_wait (has_dialog, &dialog, QK_UI_PATIENCE_MS));
  return dialog;
}

typedef struct {
  Fixture *fixture;
  const char *text;
} TextWait;

static gboolean
has_text (gpointer user_data)
{
  TextWait *wait = user_data;

  return qk_ui_test_find (GTK_WIDGET (wait->fixture->window), GTK_TYPE_LABEL, wait->text) != NULL;
}

static void
wait_for_text (Fixture *fixture, const char *text)
{
  TextWait wait = {fixture, text};

  if (!qk_test_wait (has_text, &wait, QK_UI_PATIENCE_MS))
    g_error ("the window never said: %s", text);
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

/* Whether @action could be used: a button of it is sensitive. */
static gboolean
is_enabled (Fixture *fixture, const char *action)
{
  GtkBox *content =
      GTK_BOX (adw_application_window_get_content (ADW_APPLICATION_WINDOW (fixture->window)));
  GtkWidget *button = gtk_button_new ();
  gboolean sensitive;

  gtk_box_append (content, button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  sensitive = gtk_widget_get_sensitive (button);
  gtk_box_remove (content, button);
  return sensitive;
}

static gboolean
is_empty (gpointer user_data)
{
  Fixture *fixture = user_data;

  return count_status (fixture, "FAILED") == 0;
}

static void
test_purge_all (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;
  GtkWidget *entry;
  g_autofree char *folder = g_path_get_basename (fixture->queue.folder.path);
  g_autofree char *name = g_build_filename (folder, "queue.json", NULL);
  g_autofree char *json = NULL, *before = NULL, *after = NULL;

  add (fixture, 5, QK_STATUS_FAILED);
  add (fixture, 25, QK_STATUS_DELIVERED);
  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  activate (fixture, "win.purge-all");
  dialog = wait_for_dialog ();
  /* Everything: what the list hides, too. */
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Purge Everything: 30 Messages?");
  entry = qk_ui_test_find (GTK_WIDGET (dialog), GTK_TYPE_ENTRY, NULL);
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, QK_PREVIEW_RESPONSE_GO));
  gtk_editable_set_text (GTK_EDITABLE (entry), "queue.json");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, QK_PREVIEW_RESPONSE_GO));
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, QK_PREVIEW_RESPONSE_GO));
  adw_message_dialog_response (dialog, QK_PREVIEW_RESPONSE_GO);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for_text (fixture, "30 purged");
  g_assert_true (is_empty (fixture));
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (json, ==, "[]");
  activate (fixture, "win.undo");
  wait_for_text (fixture, "30 put back");
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

/* Where it could not be put back, it says so before. */
static void
test_obstacle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkPick) pick = NULL;
  GtkWidget *dialog;

  add (fixture, 3, QK_STATUS_FAILED);
  open_store (fixture);
  pick = pick_all (fixture->queue.store);
  dialog = qk_preview_dialog_new (NULL, fixture->queue.store, pick, QK_CHANGE_PURGE);
  qk_preview_dialog_ask_for_name (QK_PREVIEW_DIALOG (dialog), "a/b", 30);
  qk_preview_dialog_set_obstacle (QK_PREVIEW_DIALOG (dialog), "No history");
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_null (qk_ui_test_find (dialog, GTK_TYPE_ENTRY, NULL));
  g_assert_nonnull (qk_ui_test_find (dialog, GTK_TYPE_LABEL, "No history"));
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog),
                                                           QK_PREVIEW_RESPONSE_GO));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* All that match are selected, seen or not; a large resend is asked about, and can be paced. */
static void
test_select_all (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;
  GtkWidget *spin;

  add (fixture, 38, QK_STATUS_FAILED);
  add (fixture, 3, QK_STATUS_PENDING);
  open_window (fixture);
  activate (fixture, "win.select-all");
  wait_for_text (fixture, "All 41 matching selected");
  wait_for_text (fixture, "3 pending and 38 failed");
  wait_for_text (fixture, "Why they failed");
  activate (fixture, "win.resend");
  dialog = wait_for_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_response_label (dialog, QK_PREVIEW_RESPONSE_GO), ==,
                   "_Resend 38 Messages");
  spin = qk_ui_test_find (GTK_WIDGET (dialog), GTK_TYPE_SPIN_BUTTON, NULL);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 19);
  g_assert_cmpuint (qk_preview_dialog_get_per_second (QK_PREVIEW_DIALOG (dialog)), ==, 19);
  adw_message_dialog_response (dialog, QK_PREVIEW_RESPONSE_GO);
  gtk_window_destroy (GTK_WINDOW (dialog));
  /* While it runs, the window is not closed without asking. */
  gtk_window_close (GTK_WINDOW (fixture->window));
  dialog = wait_for_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Stop Resending?");
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for_text (fixture, "Resending 19 of 38 · 19 per second · 1 s left");
  wait_for_text (fixture, "38 resent, 3 skipped: already pending");
  g_assert_cmpuint (count_status (fixture, "PENDING"), ==, 41);
}

static gboolean
window_is_idle (gpointer user_data)
{
  QkStore *store = qk_window_get_store (user_data);

  return !qk_store_get_saving (store) && qk_store_get_n_guarded (store) > 0;
}

static const QkWindowAction *const tables[] = {qk_window_general_actions, qk_window_message_actions,
                                               qk_window_bulk_actions};

/* No action that saves can be used, and what cannot be used says so by being grey. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  guint n_saving = 0;
  g_autofree char *before = NULL, *after = NULL;

  add (fixture, 3, QK_STATUS_FAILED);
  open_window (fixture);
  activate (fixture, "win.select-all");
  before = qk_ui_fixture_read (&fixture->queue);
  g_assert_true (is_enabled (fixture, "win.purge"));
  g_assert_null (qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, "Read only"));
  activate (fixture, "win.read-only");
  wait_for_text (fixture, "Read only");
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const QkWindowAction *action = tables[i]; action->name != NULL; action++)
      if (action->needs & QK_NEEDS_SAVING)
        {
          n_saving++;
          if (action->parameter == NULL)
            g_assert_false (is_enabled (fixture, action->name));
          gtk_widget_activate_action (GTK_WIDGET (fixture->window), action->name, action->parameter,
                                      G_GINT64_CONSTANT (0));
        }
  g_assert_cmpuint (n_saving, >=, 7);
  g_assert_cmpuint (qk_changer_get_n_pending (fixture->window->changer), ==, 0);
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
  activate (fixture, "win.read-only");
  g_assert_true (is_enabled (fixture, "win.purge"));
}

static gboolean
has_seen_three (gpointer user_data)
{
  QkDocument *document = qk_store_get_document (qk_window_get_store (user_data));

  return qk_document_get_n_entries (document) == 3;
}

static gboolean
has_one (gpointer user_data)
{
  return count_status (user_data, "FAILED") == 1;
}

/* What is guarded is not put right while nothing may be written, and is when it may again. */
static void
test_read_only_guard (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;
  GtkSelectionModel *selection;

  add (fixture, 3, QK_STATUS_FAILED);
  open_window (fixture);
  selection = GTK_SELECTION_MODEL (
      qk_messages_page_get_selection (qk_window_get_messages_page (fixture->window)));
  gtk_selection_model_select_range (selection, 0, 2, TRUE);
  activate (fixture, "win.purge");
  dialog = wait_for_dialog ();
  adw_message_dialog_response (dialog, QK_PREVIEW_RESPONSE_GO);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for_text (fixture, "2 purged");
  g_assert_true (qk_test_wait (window_is_idle, fixture->window, QK_UI_PATIENCE_MS));
  activate (fixture, "win.read-only");
  /* Another program saves its old list. */
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  g_assert_true (qk_test_wait (has_seen_three, fixture->window, QK_UI_PATIENCE_MS));
  g_assert_false (qk_test_wait (has_one, fixture, 1500));
  g_assert_cmpuint (count_status (fixture, "FAILED"), ==, 3);
  activate (fixture, "win.read-only");
  g_assert_true (qk_test_wait (has_one, fixture, QK_UI_PATIENCE_MS));
}

/* The setting is where a window begins. */
static void
test_read_only_setting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  gboolean read_only;

  g_object_set (settings, "read-only", TRUE, NULL);
  add (fixture, 1, QK_STATUS_FAILED);
  open_window (fixture);
  g_object_get (fixture->window, "read-only", &read_only, NULL);
  g_assert_true (read_only);
  g_object_set (settings, "read-only", FALSE, NULL);
  g_object_get (fixture->window, "read-only", &read_only, NULL);
  g_assert_true (read_only);
}

static void
test_skips (void)
{
  g_autoptr (QkResult) result = qk_result_new ();
  GtkWidget *dialog;
  g_autofree char *text = NULL;

  qk_result_take_skipped (result, g_strdup ("b"), g_strdup ("gone"));
  qk_result_take_skipped (result, g_strdup ("<a>\n"), g_strdup ("already pending"));
  dialog = qk_skip_dialog_new (NULL, result);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "2 were left as they are");
  text = qk_skip_dialog_dup_text (QK_SKIP_DIALOG (dialog));
  g_assert_cmpstr (text, ==, "<a>␊\talready pending\nb\tgone\n");
  g_assert_nonnull (qk_ui_test_find (dialog, GTK_TYPE_LABEL, "already pending"));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/ui/bulk/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      ADD ("run/cancelled-half-way", test_run);
      ADD ("run/moves-on", test_run_moves_on);
      g_test_add_func ("/ui/bulk/run/in-trouble", test_run_in_trouble);
      ADD ("sets", test_sets);
      ADD ("undo-all", test_undo_all);
      ADD ("undo-all-later", test_undo_all_later);
      ADD ("undo-while-it-runs", test_undo_while_it_runs);
      ADD ("cancel", test_cancel);
      ADD ("bar", test_bar);
      ADD ("purge-all/must-keep", test_must_keep);
      ADD ("purge-all/name", test_purge_all);
      ADD ("purge-all/obstacle", test_obstacle);
      ADD ("select-all", test_select_all);
      ADD ("read-only/actions", test_read_only);
      ADD ("read-only/guard", test_read_only_guard);
      ADD ("read-only/setting", test_read_only_setting);
      g_test_add_func ("/ui/bulk/skips", test_skips);
    }
  return qk_ui_test_run (has_display);
}
