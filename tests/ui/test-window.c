#include "qk-counter-strip.h"
#include "qk-loss-banner.h"
#include "qk-message-cell.h"
#include "qk-preview-dialog.h"
#include "qk-salvage-dialog.h"
#include "qk-settings.h"
#include "qk-state-pill.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

#include "platform/qk-platform.h"

#include <glib/gstdio.h>
#include <string.h>

/* The real window on a real queue. */

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  GPtrArray *entries;
  const char *expected;
  guint n_expected;
  QkMessage *message;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  /* A window that has changed something goes when that has settled. */
  g_object_set (settings, "guard-seconds", 3, NULL);
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
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
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
add (Fixture *fixture, guint id, QkStatus status, guint agent, int age_s)
{
  g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, agent, 0.5, age_s));
}

static gboolean
shows (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_strcmp0 (qk_window_get_shown (fixture->window), fixture->expected) == 0;
}

static void
wait_until_shows (Fixture *fixture, const char *name)
{
  fixture->expected = name;
  if (!qk_test_wait (shows, fixture, QK_UI_PATIENCE_MS))
    g_assert_cmpstr (qk_window_get_shown (fixture->window), ==, name);
}

static void
open_window (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until_shows (fixture, "queue");
}

static QkMessagesPage *
get_page (Fixture *fixture)
{
  return qk_window_get_messages_page (fixture->window);
}

static GListModel *
get_list (Fixture *fixture)
{
  return G_LIST_MODEL (qk_messages_page_get_list (get_page (fixture)));
}

static GtkSelectionModel *
get_selection (Fixture *fixture)
{
  return GTK_SELECTION_MODEL (qk_messages_page_get_selection (get_page (fixture)));
}

static gboolean
has_text (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, fixture->expected) != NULL;
}

static void
wait_for_text (Fixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (has_text, fixture, QK_UI_PATIENCE_MS))
    g_error ("the window never said: %s", text);
}

static gboolean
has_total (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_message_list_get_total (QK_MESSAGE_LIST (get_list (fixture))) == fixture->n_expected;
}

static void
wait_for_total (Fixture *fixture, guint total)
{
  fixture->n_expected = total;
  g_assert_true (qk_test_wait (has_total, fixture, QK_UI_PATIENCE_MS));
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static AdwMessageDialog *
get_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      return l->data;
  return NULL;
}

/* Whether a label below @widget begins with @text. */
static gboolean
find_prefix (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (find_prefix (child, text))
      return TRUE;
  return FALSE;
}

typedef struct {
  QkCounterStrip *strip;
  const char *name;
  const char *value;
} CounterWait;

static gboolean
counts (gpointer user_data)
{
  CounterWait *wait = user_data;

  return g_str_equal (qk_counter_strip_get_value (wait->strip, wait->name), wait->value);
}

static void
wait_for_counter (QkCounterStrip *strip, const char *name, const char *value)
{
  CounterWait wait = {strip, name, value};

  if (!qk_test_wait (counts, &wait, QK_UI_PATIENCE_MS))
    g_assert_cmpstr (qk_counter_strip_get_value (strip, name), ==, value);
}

static void
test_counters (Fixture *fixture, gconstpointer data)
{
  QkCounterStrip *strip;

  add (fixture, 1, QK_STATUS_DELIVERED, 1, 900);
  add (fixture, 2, QK_STATUS_PENDING, 2, 10);
  add (fixture, 3, QK_STATUS_PENDING, 3, 10);
  add (fixture, 4, QK_STATUS_PROCESSING, 3, 400);
  add (fixture, 5, QK_STATUS_FAILED, 3, 400);
  open_window (fixture);
  strip = QK_COUNTER_STRIP (
      qk_ui_test_find (GTK_WIDGET (fixture->window), QK_TYPE_COUNTER_STRIP, NULL));
  wait_for_text (fixture, "4 of 5");
  wait_for_counter (strip, "pending", "2");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "processing"), ==, "1");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "failed"), ==, "1");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "stuck"), ==, "1");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "lock_errors"), ==, "0");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "success"), ==, "—");

  /* A counter is a filter: pressed once it shows its group, once more all. */
  gtk_widget_activate (qk_ui_test_find (GTK_WIDGET (strip), GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  wait_for_text (fixture, "All agents · failed");
  g_assert_cmpuint (g_list_model_get_n_items (get_list (fixture)), ==, 1);
  gtk_widget_activate (qk_ui_test_find (GTK_WIDGET (strip), GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  wait_for_text (fixture, "4 of 5");

  activate (fixture, "win.toggle-delivered");
  wait_for_text (fixture, "5 of 5");
}

static void
test_resend (Fixture *fixture, gconstpointer data)
{
  g_autofree char *json = NULL;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  add (fixture, 2, QK_STATUS_FAILED, 2, 200);
  add (fixture, 3, QK_STATUS_FAILED, 2, 50);
  open_window (fixture);
  /* Nothing is selected, so nothing can be done. */
  activate (fixture, "win.resend");
  activate (fixture, "win.purge");
  g_assert_false (qk_store_get_saving (qk_window_get_store (fixture->window)));
  g_assert_null (get_dialog ());
  gtk_selection_model_select_item (get_selection (fixture), 0, TRUE);
  gtk_selection_model_select_item (get_selection (fixture), 1, FALSE);
  activate (fixture, "win.resend");
  wait_for_text (fixture, "2 resent");
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_nonnull (strstr (json, "00000003-0000"));
  g_assert_true (g_regex_match_simple ("00000001-0000[^}]*PENDING", json, 0, 0));
  g_assert_true (g_regex_match_simple ("00000002-0000[^}]*PENDING", json, 0, 0));
  g_assert_true (g_regex_match_simple ("00000003-0000[^}]*FAILED", json, 0, 0));
  /* The messages moved down in the list; the selection went with them. */
  g_assert_cmpuint (qk_message_selection_get_size (QK_MESSAGE_SELECTION (get_selection (fixture))),
                    ==, 2);
}

static void
test_purge (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;
  g_autofree char *json = NULL;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  add (fixture, 2, QK_STATUS_PENDING, 4, 200);
  add (fixture, 3, QK_STATUS_PROCESSING, 2, 5);
  add (fixture, 4, QK_STATUS_DELIVERED, 2, 50);
  open_window (fixture);
  gtk_selection_model_select_all (get_selection (fixture));
  activate (fixture, "win.purge");
  dialog = get_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Purge 3 Messages?");
  g_assert_cmpstr (adw_message_dialog_get_body (dialog), ==,
                   "1 pending, 1 processing and 1 failed, for Agent-1, Agent-2 and "
                   "Agent-4 · Captain. One of them is being delivered and may have arrived. "
                   "They are taken out of the queue; Ctrl+Z puts them back.");
  g_assert_cmpstr (adw_message_dialog_get_response_label (dialog, QK_PREVIEW_RESPONSE_GO), ==,
                   "_Purge 3 Messages");
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* What is purged is what was selected when the question was asked. */
  gtk_selection_model_select_item (get_selection (fixture), 0, TRUE);
  activate (fixture, "win.purge");
  dialog = get_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Purge 1 Message?");
  gtk_selection_model_select_item (get_selection (fixture), 1, TRUE);
  adw_message_dialog_response (dialog, QK_PREVIEW_RESPONSE_GO);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for_text (fixture, "1 purged");
  wait_for_total (fixture, 3);
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_null (strstr (json, "00000001-0000"));
  g_assert_nonnull (strstr (json, "00000002-0000"));
  g_assert_nonnull (strstr (json, "00000003-0000"));
  g_assert_nonnull (strstr (json, "00000004-0000"));
}

/* What is being delivered is counted; what is stuck is not being delivered. */
static void
test_purge_in_delivery (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint n_selected; /* from the top: the stuck one first, then the others */
    const char *body;
  } cases[] = {
      {1, "1 stuck, for Agent-1. It is taken out of the queue; Ctrl+Z puts it back."},
      {2, "1 processing and 1 stuck, for Agent-1. One of them is being delivered and may have "
          "arrived. They are taken out of the queue; Ctrl+Z puts them back."},
      {3, "2 processing and 1 stuck, for Agent-1. 2 of them are being delivered and may have "
          "arrived. They are taken out of the queue; Ctrl+Z puts them back."},
  };

  add (fixture, 1, QK_STATUS_PROCESSING, 1, 400);
  add (fixture, 2, QK_STATUS_PROCESSING, 1, 20);
  add (fixture, 3, QK_STATUS_PROCESSING, 1, 5);
  open_window (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_selection_model_select_range (get_selection (fixture), 0, cases[i].n_selected, TRUE);
      activate (fixture, "win.purge");
      g_assert_cmpstr (adw_message_dialog_get_body (get_dialog ()), ==, cases[i].body);
      gtk_window_destroy (GTK_WINDOW (get_dialog ()));
    }
  gtk_selection_model_select_item (get_selection (fixture), 1, TRUE);
  activate (fixture, "win.purge");
  g_assert_cmpstr (adw_message_dialog_get_body (get_dialog ()), ==,
                   "1 processing, for Agent-1. It is being delivered and may have arrived. It is "
                   "taken out of the queue; Ctrl+Z puts it back.");
  gtk_window_destroy (GTK_WINDOW (get_dialog ()));
}

static void
test_states (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (qk_window_get_shown (fixture->window), ==, "welcome");
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until_shows (fixture, "problem");
  wait_for_text (fixture, "Waiting for a Queue");

  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_until_shows (fixture, "queue");
  wait_for_text (fixture, "The Queue Is Empty");

  add (fixture, 1, QK_STATUS_DELIVERED, 1, 100);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_text (fixture, "All Delivered");
  activate (fixture, "win.show-all");
  wait_for_text (fixture, "1 of 1");
}

/* Damage keeps the last good view, and nothing can be done until it is whole again. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  open_window (fixture);
  gtk_selection_model_select_all (get_selection (fixture));
  g_file_set_contents (fixture->queue.folder.queue, "[{]", -1, &error);
  g_assert_no_error (error);
  wait_for_text (fixture, "Damaged");
  g_assert_cmpstr (qk_window_get_shown (fixture->window), ==, "queue");
  wait_for_text (fixture, "Salvage…");
  wait_for_text (fixture, "1 of 1");
  activate (fixture, "win.purge");
  g_assert_null (get_dialog ());

  add (fixture, 2, QK_STATUS_FAILED, 1, 100);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_text (fixture, "2 of 2");
  wait_for_text (fixture, "Live");
  activate (fixture, "win.purge");
  gtk_window_destroy (GTK_WINDOW (get_dialog ()));
}

static GtkWidget *
get_salvage_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (QK_IS_SALVAGE_DIALOG (l->data))
      return l->data;
  return NULL;
}

static gboolean
has_found (gpointer user_data)
{
  return g_strcmp0 (qk_salvage_dialog_get_shown (user_data), "found") == 0;
}

static gboolean
has_dialog (gpointer user_data)
{
  return get_salvage_dialog () != NULL;
}

static gboolean
told_repair (gpointer user_data)
{
  Fixture *fixture = user_data;
  GtkWidget *toast = qk_ui_test_find (GTK_WIDGET (fixture->window), ADW_TYPE_TOAST_OVERLAY, NULL);

  return find_prefix (toast, "Repaired: 1 message · damaged file: backups/queue_");
}

/* A queue that was never seen whole: salvaged from the page that says so, it is shown. */
static void
test_salvage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *entry = qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 100);
  g_autofree char *text = g_strdup_printf ("[%s", entry);
  g_autofree char *damage = NULL, *problem = NULL, *expected = NULL, *json = NULL;
  GtkWidget *button;

  g_assert_true (g_file_set_contents (fixture->queue.folder.queue, text, -1, NULL));
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until_shows (fixture, "problem");
  wait_for_text (fixture, "The Queue Is Damaged");
  damage = qk_store_dup_problem (qk_window_get_store (fixture->window));
  g_assert_true (g_str_has_suffix (damage, "Nothing is written to it."));
  problem = g_strconcat (damage, " Salvage shows what can be had.", NULL);
  wait_for_text (fixture, problem);
  g_assert_nonnull (qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "Look Again"));
  button = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "Salvage…");
  gtk_widget_activate (button);
  g_assert_true (qk_test_wait (has_dialog, NULL, QK_UI_PATIENCE_MS));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (get_salvage_dialog ())) ==
                 GTK_WINDOW (fixture->window));
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (get_salvage_dialog ())));
  g_assert_true (qk_test_wait (has_found, get_salvage_dialog (), QK_UI_PATIENCE_MS));
  gtk_widget_activate_action (get_salvage_dialog (), "salvage.repair", NULL);
  wait_until_shows (fixture, "queue");
  wait_for_text (fixture, "Live");
  g_assert_true (qk_test_wait (told_repair, fixture, QK_UI_PATIENCE_MS));
  g_assert_null (get_salvage_dialog ());
  expected = g_strdup_printf ("[%s]", entry);
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (json, ==, expected);

  /* What is whole cannot be salvaged. */
  activate (fixture, "win.salvage");
  g_assert_null (get_salvage_dialog ());
}

/* A window that is closed while it repairs hides, and ends when that is done. */
static void
test_close_while_repairing (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *lock_path = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  g_autofree char *entry = qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 100);
  g_autofree char *text = g_strdup_printf ("[%s", entry);
  g_autofree char *expected = g_strdup_printf ("[%s]", entry), *json = NULL;
  QkHandle lock;

  g_assert_true (g_file_set_contents (fixture->queue.folder.queue, text, -1, NULL));
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until_shows (fixture, "problem");
  wait_for_text (fixture, "The Queue Is Damaged");
  activate (fixture, "win.salvage");
  g_assert_true (qk_test_wait (has_found, get_salvage_dialog (), QK_UI_PATIENCE_MS));
  g_assert_cmpint (platform->lock (lock_path, &lock), ==, 0);
  gtk_widget_activate_action (get_salvage_dialog (), "salvage.repair", NULL);
  wait_for_text (fixture, "Writing · attempt 2 of 8 · next in 0.3 s");
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  platform->unlock (lock);
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (json, ==, expected);
}

static gboolean
tells_success (gpointer strip)
{
  return strcmp (qk_counter_strip_get_value (strip, "success"), "100 %") == 0;
}

/* A held lock: the pill tells each attempt, the counters count them, and the save arrives when the
 * lock is given back. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *lock_path = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  QkCounterStrip *strip;
  QkHandle lock;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  open_window (fixture);
  strip = QK_COUNTER_STRIP (
      qk_ui_test_find (GTK_WIDGET (fixture->window), QK_TYPE_COUNTER_STRIP, NULL));
  g_assert_cmpint (platform->lock (lock_path, &lock), ==, 0);
  gtk_selection_model_select_all (get_selection (fixture));
  activate (fixture, "win.resend");
  wait_for_text (fixture, "Writing · attempt 2 of 8 · next in 0.3 s");
  platform->unlock (lock);
  wait_for_text (fixture, "1 resent");
  wait_for_text (fixture, "Live");
  g_assert_true (qk_test_wait (tells_success, strip, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "lock_errors"), ==, "2");
  g_assert_cmpstr (qk_counter_strip_get_value (strip, "retries"), ==, "2");
  g_assert_cmpuint (qk_health_get_session (qk_window_get_health (fixture->window))->saves_retried,
                    ==, 1);
}

/* A window that is closed while it saves hides, and ends when the change has arrived. */
static void
test_close_while_saving (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *lock_path = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  g_autofree char *json = NULL;
  QkHandle lock;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  open_window (fixture);
  g_assert_cmpint (platform->lock (lock_path, &lock), ==, 0);
  gtk_selection_model_select_all (get_selection (fixture));
  activate (fixture, "win.resend");
  wait_for_text (fixture, "Writing · attempt 1 of 8 · next in 0.1 s");
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  platform->unlock (lock);
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_nonnull (strstr (json, "PENDING"));
}

/* The row that has the keyboard, and where it is on the screen. */
static QkMessage *
get_focused (Fixture *fixture, double *y)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  GtkWidget *cell = qk_ui_test_find (focus, QK_TYPE_MESSAGE_CELL, NULL);

  gtk_widget_translate_coordinates (focus, GTK_WIDGET (fixture->window), 0, 0, NULL, y);
  return qk_message_cell_get_message (QK_MESSAGE_CELL (cell));
}

static gboolean
has_focused_row (gpointer user_data)
{
  Fixture *fixture = user_data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));

  return focus != NULL && qk_ui_test_find (focus, QK_TYPE_MESSAGE_CELL, NULL) != NULL;
}

static gboolean
is_drawn (gpointer user_data)
{
  return *(guint *) user_data >= 3;
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

static void
wait_for_frames (Fixture *fixture)
{
  guint n_frames = 0;
  guint id =
      gtk_widget_add_tick_callback (GTK_WIDGET (fixture->window), count_frame, &n_frames, NULL);

  g_assert_true (qk_test_wait (is_drawn, &n_frames, QK_UI_PATIENCE_MS));
  gtk_widget_remove_tick_callback (GTK_WIDGET (fixture->window), id);
}

static gboolean
is_in_place (gpointer user_data)
{
  QkMessageList *list = qk_messages_page_get_list (get_page (user_data));

  return g_list_model_get_n_items (G_LIST_MODEL (list)) == 300;
}

/* The keyboard comes to a list of 300 rows that was scrolled to its middle. Returns the row that has it,
 * and where that is on the screen. */
static QkMessage *
focus_middle (Fixture *fixture, double *y)
{
  GtkWidget *list_view;

  for (guint i = 0; i < 300; i++)
    add (fixture, i, QK_STATUS_PENDING, 1, 40000 - (int) i * 100);
  open_window (fixture);
  g_assert_true (qk_test_wait (is_in_place, fixture, QK_UI_PATIENCE_MS));
  wait_for_frames (fixture);
  list_view = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LIST_VIEW, NULL);
  gtk_widget_activate_action (list_view, "list.scroll-to-item", "u", 150);
  wait_for_frames (fixture);
  qk_messages_page_take_focus (get_page (fixture));
  gtk_selection_model_select_item (get_selection (fixture), 150, TRUE);
  g_assert_true (qk_test_wait (has_focused_row, fixture, QK_UI_PATIENCE_MS));
  return get_focused (fixture, y);
}

static void
test_focus_and_scroll (Fixture *fixture, gconstpointer data)
{
  QkMessage *focused;
  double y, y_after;

  focused = focus_middle (fixture, &y);
  /* Rows change in place, one comes at the end, one goes above the screen, one is inserted. */
  g_free (fixture->entries->pdata[149]);
  fixture->entries->pdata[149] = qk_ui_entry (149, QK_STATUS_PENDING, 2, 0.5, 40000 - 14900);
  g_ptr_array_remove_index (fixture->entries, 3);
  add (fixture, 301, QK_STATUS_PENDING, 1, 1);
  add (fixture, 302, QK_STATUS_PENDING, 1, 39950);
  add (fixture, 303, QK_STATUS_PENDING, 1, 39850);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_total (fixture, 302);
  wait_for_frames (fixture);
  g_assert_true (get_focused (fixture, &y_after) == focused);
  g_assert_cmpfloat_with_epsilon (y, y_after, 1.0);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 151));
}

static gboolean
has_focused_expected (gpointer user_data)
{
  Fixture *fixture = user_data;
  double y;

  return has_focused_row (fixture) && get_focused (fixture, &y) == fixture->message;
}

/* The row that has the keyboard moves out of sight, above all: the keyboard and the eye follow. Then it
 * goes for good: its place has the keyboard. */
static void
test_focus_follows (Fixture *fixture, gconstpointer data)
{
  QkMessageList *list = qk_messages_page_get_list (get_page (fixture));
  g_autoptr (QkMessage) next = NULL;
  double y;
  guint position;

  fixture->message = focus_middle (fixture, &y);
  g_assert_true (qk_message_list_find (list, fixture->message, &position));
  g_assert_cmpuint (position, >, 100);
  g_free (fixture->entries->pdata[position]);
  fixture->entries->pdata[position] = qk_ui_entry (position, QK_STATUS_FAILED, 1, 0.5, 5);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  g_assert_true (qk_test_wait (has_focused_expected, fixture, QK_UI_PATIENCE_MS));
  wait_for_frames (fixture);
  g_assert_true (has_focused_expected (fixture));
  g_assert_true (qk_message_list_find (list, fixture->message, &position));
  g_assert_cmpuint (position, ==, 0);

  next = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_ptr_array_remove_index (fixture->entries, qk_message_get_index (fixture->message));
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  fixture->message = next;
  g_assert_true (qk_test_wait (has_focused_expected, fixture, QK_UI_PATIENCE_MS));
}

static gboolean
has_order (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkMessageList *list = QK_MESSAGE_LIST (get_list (fixture));
  g_autoptr (QkMessage) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (QkMessage) last = g_list_model_get_item (G_LIST_MODEL (list), 299);

  return first != NULL && last != NULL && g_list_model_get_n_items (G_LIST_MODEL (list)) == 300 &&
         qk_message_get_index (first) == fixture->n_expected &&
         qk_message_get_index (last) == 299 - fixture->n_expected;
}

/* From the middle of the list all is ordered anew. What the operator asked for is shown from its
 * beginning; what others did leaves the keyboard and the eye on the same message. */
static void
test_focus_renewed (Fixture *fixture, gconstpointer data)
{
  QkMessageList *list = qk_messages_page_get_list (get_page (fixture));
  GtkWidget *list_view;
  GtkAdjustment *adjustment;
  double y;

  fixture->message = focus_middle (fixture, &y);
  list_view = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LIST_VIEW, NULL);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list_view));
  for (guint i = 0; i < 300; i++)
    {
      g_free (fixture->entries->pdata[i]);
      fixture->entries->pdata[i] = qk_ui_entry (i, QK_STATUS_PENDING, 1, 0.5, (int) i * 100 + 9000);
    }
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  fixture->n_expected = 299;
  g_assert_true (qk_test_wait (has_order, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (has_focused_expected, fixture, QK_UI_PATIENCE_MS));
  wait_for_frames (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 1000);

  qk_message_list_set_sort (list, QK_SORT_CREATED, TRUE);
  fixture->n_expected = 0;
  g_assert_true (qk_test_wait (has_order, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (has_focused_row, fixture, QK_UI_PATIENCE_MS));
  wait_for_frames (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), <, 100);
}

static gboolean
is_held (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_message_list_get_held (QK_MESSAGE_LIST (get_list (fixture)), NULL);
}

static gboolean
is_let_go (gpointer user_data)
{
  return !is_held (user_data);
}

/* Ctrl+L freezes and thaws, and the menu shows which. Where the settings say so the list also stands still
 * while two are selected, and only then; what was held back comes when one of them is let go. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  gboolean frozen;

  for (guint i = 0; i < 3; i++)
    add (fixture, i, QK_STATUS_PENDING, 1, 400 - (int) i * 100);
  open_window (fixture);
  activate (fixture, "win.freeze");
  g_object_get (fixture->window, "frozen", &frozen, NULL);
  g_assert_true (frozen && is_held (fixture));
  wait_for_text (fixture, "Frozen · nothing held back");
  activate (fixture, "win.freeze");
  g_assert_true (is_let_go (fixture));

  gtk_selection_model_select_item (get_selection (fixture), 0, FALSE);
  gtk_selection_model_select_item (get_selection (fixture), 1, FALSE);
  wait_for_frames (fixture);
  g_assert_true (is_let_go (fixture));
  g_object_set (settings, "hold-while-selected", TRUE, NULL);
  g_assert_true (qk_test_wait (is_held, fixture, QK_UI_PATIENCE_MS));
  g_object_get (fixture->window, "frozen", &frozen, NULL);
  g_assert_false (frozen);
  add (fixture, 9, QK_STATUS_FAILED, 1, 3);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_text (fixture, "Still while several are selected · 1 change held back");
  g_assert_cmpuint (g_list_model_get_n_items (get_list (fixture)), ==, 3);

  gtk_selection_model_unselect_item (get_selection (fixture), 1);
  g_assert_true (qk_test_wait (is_let_go, fixture, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (g_list_model_get_n_items (get_list (fixture)), ==, 4);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 1));
  g_object_set (settings, "hold-while-selected", FALSE, NULL);
}

/* What was purged is put back, byte for byte, and once. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *purged = NULL, *after = NULL;

  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  add (fixture, 2, QK_STATUS_FAILED, 4, 200);
  add (fixture, 3, QK_STATUS_PENDING, 2, 5);
  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  gtk_selection_model_select_item (get_selection (fixture), 0, TRUE);
  activate (fixture, "win.purge");
  adw_message_dialog_response (get_dialog (), QK_PREVIEW_RESPONSE_GO);
  wait_for_text (fixture, "1 purged");
  purged = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpuint (strlen (purged), <, strlen (before));
  activate (fixture, "win.undo");
  wait_for_text (fixture, "1 put back");
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

#define NO_STATUS                                                                                  \
  "it has no status: only a person can tell whether it was delivered; send its text anew or "      \
  "purge it"
#define HALF "Text 2 \xef\xbf\xbd"

/* Two that can be fixed, one that cannot, one that is sound. */
static void
add_poisoned (Fixture *fixture)
{
  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  add (fixture, 2, QK_STATUS_PENDING, 4, 200);
  add (fixture, 3, QK_STATUS_DELIVERED, 2, 5);
  add (fixture, 4, QK_STATUS_PENDING, 2, 5);
  qk_ui_alter (fixture->entries, 0, "\"priority_score\":0.5", "\"priority_score\":\"urgent\"");
  qk_ui_alter (fixture->entries, 1, "Text 2", "Text 2 \\udc00");
  qk_ui_alter (fixture->entries, 2, "\"status\"", "\"no\"");
}

static GtkWidget *
find_button (Fixture *fixture, GType type, const char *label)
{
  return qk_ui_test_find (GTK_WIDGET (fixture->window), type, label);
}

/* Selects the only message that is shown with @text. */
static void
select_message (Fixture *fixture, const char *text)
{
  GListModel *list = get_list (fixture);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (list, i);
      g_autofree char *excerpt = qk_entry_dup_excerpt (qk_message_get_entry (message));

      if (g_str_equal (excerpt, text))
        gtk_selection_model_select_item (get_selection (fixture), i, TRUE);
    }
}

/* Two of three are fixed, told, and put back; the chip counts and filters. */
static void
test_fix (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *fixed = NULL, *after = NULL;

  add_poisoned (fixture);
  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  wait_for_text (fixture, "3 trip the swarm");
  gtk_widget_activate (find_button (fixture, GTK_TYPE_TOGGLE_BUTTON, "3 trip the swarm"));
  wait_for_text (fixture, "All agents · flagged");
  g_assert_cmpuint (g_list_model_get_n_items (get_list (fixture)), ==, 3);
  gtk_selection_model_select_all (get_selection (fixture));
  wait_for_text (fixture, "Fix the 3 that trip the swarm");
  activate (fixture, "win.fix");
  wait_for_text (fixture, "2 fixed, 1 skipped: " NO_STATUS);
  wait_for_text (fixture, "1 trips the swarm");
  fixed = qk_ui_fixture_read (&fixture->queue);
  g_assert_null (strstr (fixed, "\"priority_score\":\"urgent\""));
  g_assert_nonnull (strstr (fixed, "Text 2 \\ufffd"));
  activate (fixture, "win.undo");
  wait_for_text (fixture, "2 put back");
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
  wait_for_text (fixture, "3 trip the swarm");

  /* Where nothing is flagged, nothing is said, and all are shown. */
  g_ptr_array_remove_range (fixture->entries, 0, 3);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_text (fixture, "All agents");
  wait_for_text (fixture, "1 of 1");
  g_assert_null (find_button (fixture, GTK_TYPE_TOGGLE_BUTTON, "0 trip the swarm"));
  gtk_selection_model_select_all (get_selection (fixture));
  activate (fixture, "win.fix");
  wait_for_text (fixture, "Nothing is wrong with this message");
}

/* The row and the pane say what is wrong, without colour too, and offer the fix where there is one. */
static void
test_flags (Fixture *fixture, gconstpointer data)
{
  GtkWidget *half, *sound, *row;

  add_poisoned (fixture);
  open_window (fixture);
  wait_for_text (fixture, HALF);
  wait_for_text (fixture, "Text 4");
  half = find_button (fixture, QK_TYPE_MESSAGE_CELL, HALF);
  sound = find_button (fixture, QK_TYPE_MESSAGE_CELL, "Text 4");
  g_assert_true (
      g_str_has_suffix (gtk_widget_get_tooltip_text (qk_ui_test_find (half, GTK_TYPE_IMAGE, NULL)),
                        "cannot save the queue while it is there.\nF7 fixes it."));
  g_assert_null (qk_ui_test_find (sound, GTK_TYPE_IMAGE, NULL));
  row = gtk_widget_get_parent (gtk_widget_get_parent (half));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Trips the swarm, Pending, CAPTAIN to Agent-4: " HALF);
  row = gtk_widget_get_parent (gtk_widget_get_parent (sound));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Pending, CAPTAIN to Agent-2: Text 4");

  select_message (fixture, "Text 3");
  wait_for_text (fixture, "It lacks a required field: the swarm drops it at its next save.\n"
                          "No fix: " NO_STATUS ".");
  g_assert_null (find_button (fixture, GTK_TYPE_BUTTON, "Fix"));
  select_message (fixture, "Text 4");
  wait_for_text (fixture, "CAPTAIN → Agent-2");
  g_assert_null (find_button (fixture, GTK_TYPE_BUTTON, "Fix"));
  select_message (fixture, HALF);
  wait_for_text (fixture, "Fix");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (find_button (fixture, GTK_TYPE_BUTTON, "Fix")), ==,
                   "half a character becomes \xef\xbf\xbd (F7)");
  gtk_widget_activate (find_button (fixture, GTK_TYPE_BUTTON, "Fix"));
  wait_for_text (fixture, "1 fixed");
  wait_for_text (fixture, "2 trip the swarm");
  g_assert_null (find_button (fixture, GTK_TYPE_BUTTON, "Fix"));
  g_assert_null (qk_ui_test_find (half, GTK_TYPE_IMAGE, NULL));
  row = gtk_widget_get_parent (gtk_widget_get_parent (half));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Pending, CAPTAIN to Agent-4: " HALF);
}

static QkLossBanner *
get_loss_banner (Fixture *fixture)
{
  return QK_LOSS_BANNER (qk_ui_test_find (GTK_WIDGET (fixture->window), QK_TYPE_LOSS_BANNER, NULL));
}

static gboolean
tells_of_loss (gpointer user_data)
{
  return qk_loss_banner_get_text (get_loss_banner (user_data)) != NULL;
}

static gboolean
tells_of_no_loss (gpointer user_data)
{
  return !tells_of_loss (user_data);
}

/* Another program sweeps most of the queue away: told, and put back on request, byte for byte. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL;

  for (guint i = 1; i <= 8; i++)
    add (fixture, i, QK_STATUS_PENDING, 1, 100);
  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  g_assert_null (qk_loss_banner_get_text (get_loss_banner (fixture)));
  g_assert_true (g_file_set_contents (fixture->queue.folder.queue, "[]", -1, NULL));
  g_assert_true (qk_test_wait (tells_of_loss, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (g_str_has_prefix (qk_loss_banner_get_text (get_loss_banner (fixture)),
                                   "8 messages became 0: it seems that another program"));
  wait_for_text (fixture, "Restore 8");
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (get_loss_banner (fixture)), "loss.restore", NULL));
  wait_for_text (fixture, "8 put back · on the disk in a few seconds");
  g_assert_true (qk_test_wait (tells_of_no_loss, fixture, QK_UI_PATIENCE_MS));
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
}

static void
test_loss_dismissed (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= 8; i++)
    add (fixture, i, QK_STATUS_PENDING, 1, 100);
  open_window (fixture);
  g_assert_true (g_file_set_contents (fixture->queue.folder.queue, "[]", -1, NULL));
  g_assert_true (qk_test_wait (tells_of_loss, fixture, QK_UI_PATIENCE_MS));
  gtk_widget_activate_action (GTK_WIDGET (get_loss_banner (fixture)), "loss.dismiss", NULL);
  g_assert_false (tells_of_loss (fixture));
}

static gboolean
is_settled (gpointer user_data)
{
  return qk_store_get_n_guarded (qk_window_get_store (((Fixture *) user_data)->window)) == 0;
}

/* A shorter guard time, set anywhere, holds at once for what is guarded already. */
static void
test_guard_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  g_object_set (settings, "guard-seconds", 30, NULL);
  add (fixture, 1, QK_STATUS_FAILED, 1, 100);
  add (fixture, 2, QK_STATUS_FAILED, 4, 200);
  open_window (fixture);
  gtk_selection_model_select_item (get_selection (fixture), 0, TRUE);
  activate (fixture, "win.resend");
  wait_for_text (fixture, "1 resent");
  g_assert_cmpuint (qk_store_get_n_guarded (qk_window_get_store (fixture->window)), ==, 1);
  g_object_set (settings, "guard-seconds", 3, NULL);
  g_assert_cmpuint (qk_store_get_n_guarded (qk_window_get_store (fixture->window)), ==, 1);
  g_assert_true (qk_test_wait (is_settled, fixture, QK_UI_PATIENCE_MS));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  if (has_display)                                                                                 \
  g_test_add ("/ui/window/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("counters", test_counters);
  ADD ("resend", test_resend);
  ADD ("purge", test_purge);
  ADD ("undo", test_undo);
  ADD ("fix", test_fix);
  ADD ("flags", test_flags);
  ADD ("purge-in-delivery", test_purge_in_delivery);
  ADD ("loss", test_loss);
  ADD ("loss-dismissed", test_loss_dismissed);
  ADD ("guard-time", test_guard_time);
  ADD ("states", test_states);
  ADD ("damage", test_damage);
  ADD ("salvage", test_salvage);
  ADD ("retry", test_retry);
  ADD ("close-while-saving", test_close_while_saving);
  ADD ("close-while-repairing", test_close_while_repairing);
  ADD ("focus-and-scroll", test_focus_and_scroll);
  ADD ("focus-follows", test_focus_follows);
  ADD ("focus-renewed", test_focus_renewed);
  ADD ("hold", test_hold);
  return qk_ui_test_run (has_display);
}
