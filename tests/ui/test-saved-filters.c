#include "qk-filter-name-dialog.h"
#include "qk-messages-page.h"
#include "qk-saved-filter-list.h"
#include "qk-saved-filter-row.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

#include <string.h>

/* Saved filters, in the real window. */

#define SCHEMA_ID "io.github.queuekeeper.Queuekeeper"

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  GPtrArray *entries;
  GSettings *settings;
  const char *name;
  const char *expected;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings = g_settings_new (SCHEMA_ID);
  g_settings_reset (fixture->settings, "saved-filters");
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
  /* Three that failed, two of them for Agent-2, a pending one, one that is stuck for 10 minutes, and a
   * delivered one. */
  for (guint i = 1; i <= 3; i++)
    g_ptr_array_add (fixture->entries, qk_ui_entry (i, QK_STATUS_FAILED, 1 + i % 2, 0.5, 0));
  g_ptr_array_add (fixture->entries, qk_ui_entry (4, QK_STATUS_PENDING, 3, 0.5, 40));
  g_ptr_array_add (fixture->entries, qk_ui_entry (5, QK_STATUS_PROCESSING, 4, 0.5, 600));
  g_ptr_array_add (fixture->entries, qk_ui_entry (6, QK_STATUS_DELIVERED, 4, 0.5, 50));
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->window == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  g_settings_reset (fixture->settings, "saved-filters");
  g_object_unref (fixture->settings);
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static QkMessagesPage *
get_page (Fixture *fixture)
{
  return qk_window_get_messages_page (fixture->window);
}

static GtkListBox *
get_list_box (Fixture *fixture)
{
  GtkWidget *list = qk_ui_test_find (GTK_WIDGET (fixture->window), QK_TYPE_SAVED_FILTER_LIST, NULL);

  return GTK_LIST_BOX (qk_ui_test_find (list, GTK_TYPE_LIST_BOX, NULL));
}

static GtkListBoxRow *
find_row (Fixture *fixture, const char *name)
{
  GtkListBoxRow *row;

  if (qk_ui_test_find (GTK_WIDGET (fixture->window), QK_TYPE_SAVED_FILTER_LIST, NULL) == NULL)
    return NULL;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (get_list_box (fixture), i)) != NULL; i++)
    if (g_str_equal (qk_saved_filter_row_get_name (QK_SAVED_FILTER_ROW (row)), name))
      return row;
  return NULL;
}

static gboolean
has_count (gpointer user_data)
{
  Fixture *fixture = user_data;
  GtkListBoxRow *row = find_row (fixture, fixture->name);

  return row != NULL &&
         qk_ui_test_find (GTK_WIDGET (row), GTK_TYPE_LABEL, fixture->expected) != NULL;
}

static void
wait_for_count (Fixture *fixture, const char *name, const char *count)
{
  fixture->name = name;
  fixture->expected = count;
  if (!qk_test_wait (has_count, fixture, QK_UI_PATIENCE_MS))
    g_error ("“%s” never found %s", name, count);
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

static void
click (Fixture *fixture, const char *name)
{
  g_signal_emit_by_name (get_list_box (fixture), "row-activated", find_row (fixture, name));
}

static void
show_text (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QkQuery) query = qk_query_parse (text, &error);

  g_assert_no_error (error);
  qk_messages_page_show_query (get_page (fixture), query);
}

static void
assert_shown (Fixture *fixture, const char *text)
{
  g_autoptr (QkQuery) query = qk_messages_page_dup_query (get_page (fixture));
  g_autofree char *shown = qk_query_to_text (query);

  g_assert_cmpstr (shown, ==, text);
}

static gboolean
is_marked (Fixture *fixture, const char *name)
{
  return (gtk_widget_get_state_flags (GTK_WIDGET (find_row (fixture, name))) &
          GTK_STATE_FLAG_SELECTED) != 0;
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static void
answer (const char *name, const char *response)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (find_dialog ());

  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)), name);
  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Those that are there at first count, and follow the queue. */
static void
test_counts (Fixture *fixture, gconstpointer data)
{
  wait_for_count (fixture, "Failed today", "3");
  wait_for_count (fixture, "Stuck over 5 minutes", "1");
  qk_ui_alter (fixture->entries, 0, "FAILED", "PENDING");
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_count (fixture, "Failed today", "2");
}

/* A click shows all that was saved, and just that. */
static void
test_show (Fixture *fixture, gconstpointer data)
{
  wait_for_text (fixture, "5 of 6");
  show_text (fixture, "is:pending agent:Agent-3 hide:delivered text");
  wait_for_text (fixture, "1 of 6");
  click (fixture, "Failed today");
  wait_for_text (fixture, "3 of 6");
  assert_shown (fixture, "status:FAILED updated:today");
  g_assert_true (is_marked (fixture, "Failed today"));
  g_assert_false (is_marked (fixture, "Stuck over 5 minutes"));
  click (fixture, "Stuck over 5 minutes");
  wait_for_text (fixture, "1 of 6");
  g_assert_false (is_marked (fixture, "Failed today"));
  g_assert_true (is_marked (fixture, "Stuck over 5 minutes"));
  /* For whom nothing is. */
  show_text (fixture, "agent:\"Nobody \\\"x\\\"\"");
  wait_for_text (fixture, "0 of 6");
  assert_shown (fixture, "agent:\"Nobody \\\"x\\\"\"");
}

/* Ctrl+S keeps all that narrows the list; a name that is taken is taken over. */
static void
test_save (Fixture *fixture, gconstpointer data)
{
  GtkWidget *entry;

  wait_for_text (fixture, "5 of 6");
  show_text (fixture, "is:failed agent:Agent-2 hide:delivered sender:CAPTAIN");
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-filter", NULL));
  entry = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (find_dialog ()));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==,
                   "Failed · Sender: CAPTAIN · Agent-2");
  answer ("  <b>Mine</b> ", "take");
  g_assert_nonnull (find_row (fixture, "<b>Mine</b>"));
  g_assert_true (is_marked (fixture, "<b>Mine</b>"));
  show_text (fixture, "is:pending");
  g_assert_false (is_marked (fixture, "<b>Mine</b>"));
  click (fixture, "<b>Mine</b>");
  assert_shown (fixture, "is:failed agent:Agent-2 hide:delivered sender:CAPTAIN");

  show_text (fixture, "is:pending");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-filter", NULL);
  answer ("<b>Mine</b>", "take");
  wait_for_count (fixture, "<b>Mine</b>", "1");
  show_text (fixture, "is:stuck");
  click (fixture, "<b>Mine</b>");
  assert_shown (fixture, "is:pending");
  /* Not answered: not saved. */
  show_text (fixture, "is:stuck");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-filter", NULL);
  answer ("Other", "cancel");
  g_assert_null (find_row (fixture, "Other"));
}

/* Nothing is narrowed: there is nothing to save. */
static void
test_save_nothing (Fixture *fixture, gconstpointer data)
{
  wait_for_text (fixture, "5 of 6");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-filter", NULL);
  g_assert_null (find_dialog ());
  wait_for_text (fixture, "There is no filter to save: choose one first (Ctrl+Shift+F)");
}

static void
test_rename (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;
  GtkListBoxRow *row;

  wait_for_count (fixture, "Failed today", "3");
  row = find_row (fixture, "Failed today");
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (row), "saved-filter.rename", NULL));
  dialog = ADW_MESSAGE_DIALOG (find_dialog ());
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)),
                         "Stuck over 5 minutes");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "take"));
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)), " ");
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "take"));
  answer ("Broken today", "take");
  g_assert_null (find_row (fixture, "Failed today"));
  wait_for_count (fixture, "Broken today", "3");
}

/* What is deleted comes back to its place with Undo. */
static void
test_delete (Fixture *fixture, gconstpointer data)
{
  GtkListBoxRow *row;
  GtkWidget *button;

  wait_for_count (fixture, "Failed today", "3");
  row = find_row (fixture, "Failed today");
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (row), "saved-filter.delete", NULL));
  g_assert_null (find_row (fixture, "Failed today"));
  wait_for_text (fixture, "Filter “Failed today” deleted");
  /* Nothing of the queue went. */
  g_assert_cmpuint (qk_message_list_get_total (qk_messages_page_get_list (get_page (fixture))), ==,
                    6);
  button = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "Undo");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  row = find_row (fixture, "Failed today");
  g_assert_nonnull (row);
  g_assert_cmpint (gtk_list_box_row_get_index (row), ==, 0);
  wait_for_count (fixture, "Failed today", "3");
}

/* What another hand has written into the settings cannot be used, and says why. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (
      g_variant_new_parsed ("[('x', 'statsu:FAILED'), ('y', 'is:failed'), ('y', 'is:stuck')]"));

  wait_for_text (fixture, "5 of 6");
  g_settings_set_value (fixture->settings, "saved-filters", value);
  wait_for_count (fixture, "x", "!");
  wait_for_count (fixture, "y", "3");
  click (fixture, "x");
  wait_for_text (fixture, "5 of 6");
  assert_shown (fixture, "hide:delivered");
}

/* The filter stays when something was done to what it shows. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  wait_for_text (fixture, "5 of 6");
  click (fixture, "Failed today");
  wait_for_text (fixture, "3 of 6");
  gtk_selection_model_select_item (
      GTK_SELECTION_MODEL (qk_messages_page_get_selection (get_page (fixture))), 0, TRUE);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.resend", NULL));
  wait_for_text (fixture, "2 of 6");
  assert_shown (fixture, "status:FAILED updated:today");
  wait_for_count (fixture, "Failed today", "2");
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/saved-filters/counts", test_counts);
  ADD ("/saved-filters/show", test_show);
  ADD ("/saved-filters/save", test_save);
  ADD ("/saved-filters/save-nothing", test_save_nothing);
  ADD ("/saved-filters/rename", test_rename);
  ADD ("/saved-filters/delete", test_delete);
  ADD ("/saved-filters/broken", test_broken);
  ADD ("/saved-filters/kept", test_kept);
  return qk_ui_test_run (has_display);
}
