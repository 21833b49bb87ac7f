#include "qk-recent-list.h"
#include "qk-settings.h"
#include "qk-stuck.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

#include <glib/gstdio.h>

/* How a window is opened again, what the recent queues are shown as, and what an alert leads to. */

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  GtkWidget *row;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, data);
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->window == NULL;
}

static void
make_window (Fixture *fixture)
{
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
}

static void
destroy_window (Fixture *fixture)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  destroy_window (fixture);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
write_queue (Fixture *fixture)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

  g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 100));
  g_ptr_array_add (entries, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.5, 100));
  g_ptr_array_add (entries, qk_ui_entry (3, QK_STATUS_PENDING, 2, 0.5, 100));
  g_ptr_array_add (entries, qk_ui_entry (4, QK_STATUS_PROCESSING, 3, 0.5, 100));
  qk_ui_fixture_write (&fixture->queue, entries);
}

static gboolean
is_loaded (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (((Fixture *) user_data)->window), "queue") == 0;
}

static gboolean
is_waiting (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (((Fixture *) user_data)->window), "problem") == 0;
}

static void
test_arrangement (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSessionWindow) before = NULL, after = NULL, none = NULL;

  write_queue (fixture);
  make_window (fixture);
  none = qk_window_dup_arrangement (fixture->window);
  g_assert_null (none);
  before = qk_session_window_new (fixture->queue.folder.queue);
  before->width = 1000;
  before->height = 700;
  before->page = g_strdup ("broadcasts");
  before->sidebar = FALSE;
  before->hide_delivered = FALSE;
  qk_window_arrange (fixture->window, before);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_loaded, fixture, QK_UI_PATIENCE_MS));
  after = qk_window_dup_arrangement (fixture->window);
  g_assert_cmpstr (after->location, ==, before->location);
  g_assert_cmpint (after->width, ==, 1000);
  g_assert_cmpint (after->height, ==, 700);
  g_assert_cmpstr (after->page, ==, "broadcasts");
  g_assert_false (after->sidebar);
  g_assert_false (after->hide_delivered);
}

/* A queue that is gone is waited for; a page that there is no more is not missed. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSessionWindow) before = qk_session_window_new (fixture->queue.folder.queue);

  before->page = g_strdup ("no such page");
  make_window (fixture);
  qk_window_arrange (fixture->window, before);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_waiting, fixture, QK_UI_PATIENCE_MS));
  g_assert_nonnull (
      qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, "Waiting for a Queue"));
  write_queue (fixture);
  g_assert_true (qk_test_wait (is_loaded, fixture, QK_UI_PATIENCE_MS));
}

static guint
count_shown (Fixture *fixture)
{
  return g_list_model_get_n_items (
      G_LIST_MODEL (qk_messages_page_get_list (qk_window_get_messages_page (fixture->window))));
}

/* What it was about is shown, and nothing else narrows the list. */
static void
test_alert (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture);
  make_window (fixture);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_loaded, fixture, QK_UI_PATIENCE_MS));
  qk_window_show_alert (fixture->window, QK_ALERT_FAILURES, "Agent-2");
  g_assert_cmpuint (count_shown (fixture), ==, 1);
  qk_window_show_alert (fixture->window, QK_ALERT_FAILURES, NULL);
  g_assert_cmpuint (count_shown (fixture), ==, 2);
  qk_window_show_alert (fixture->window, QK_ALERT_STUCK, NULL);
  g_assert_cmpuint (count_shown (fixture), ==, 1);
}

static gboolean
is_none_stuck (gpointer user_data)
{
  return count_shown (user_data) == 0;
}

/* Another time from when on messages are stuck is followed by what is shown. */
static void
test_stuck (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  test_alert (fixture, data);
  g_object_set (settings, "alert-stuck-warning-seconds", 5000, NULL);
  g_assert_cmpuint (qk_stuck_get_after_s (), ==, 5000);
  g_assert_true (qk_test_wait (is_none_stuck, fixture, QK_UI_PATIENCE_MS));
  qk_settings_reset (settings);
  g_assert_cmpuint (qk_stuck_get_after_s (), ==, 60);
}

static gboolean
is_insensitive (gpointer user_data)
{
  return !gtk_widget_get_sensitive (((Fixture *) user_data)->row);
}

static void
chosen_cb (QkRecentList *list, const char *path, char **chosen)
{
  g_free (*chosen);
  *chosen = g_strdup (path);
}

/* What is there can be chosen, what is not says so. */
static void
test_recent (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = g_object_ref_sink (g_object_new (QK_TYPE_RECENT_LIST, NULL));
  g_autofree char *gone = g_build_filename (fixture->queue.folder.path, "<gone>.json", NULL);
  g_autofree char *chosen = NULL;
  const char *const paths[] = {fixture->queue.folder.queue, gone, NULL};
  GtkListBox *rows;

  write_queue (fixture);
  qk_recent_list_show (QK_RECENT_LIST (list), paths);
  g_signal_connect (list, "chosen", G_CALLBACK (chosen_cb), &chosen);
  rows = GTK_LIST_BOX (adw_bin_get_child (ADW_BIN (list)));
  fixture->row = GTK_WIDGET (gtk_list_box_get_row_at_index (rows, 1));
  g_assert_true (qk_test_wait (is_insensitive, fixture, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (fixture->row)), ==,
                   "&lt;gone&gt;.json");
  g_assert_true (g_str_has_prefix (adw_action_row_get_subtitle (ADW_ACTION_ROW (fixture->row)),
                                   "Not there any more: "));
  fixture->row = GTK_WIDGET (gtk_list_box_get_row_at_index (rows, 0));
  g_assert_true (gtk_widget_get_sensitive (fixture->row));
  g_signal_emit_by_name (rows, "row-activated", fixture->row);
  g_assert_cmpstr (chosen, ==, fixture->queue.folder.queue);
  g_object_unref (list);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      ADD ("/ui/manners/arrangement", test_arrangement);
      ADD ("/ui/manners/gone", test_gone);
      ADD ("/ui/manners/alert", test_alert);
      ADD ("/ui/manners/stuck", test_stuck);
      ADD ("/ui/manners/recent", test_recent);
    }
  return qk_ui_test_run (has_display);
}
