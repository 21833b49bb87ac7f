#include "qk-agent-picker.h"
#include "qk-compose-dialog.h"
#include "qk-edit-dialog.h"
#include "qk-message-cell.h"
#include "qk-set-dialog.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window-private.h"

#include "platform/qk-platform.h"

#include <string.h>

/* What the window does to messages: from the action to the file, and back by undo. */

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  GPtrArray *entries;
  const char *expected;
  double x, y; /* of a row, in the view */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const QkStatus statuses[] = {QK_STATUS_FAILED, QK_STATUS_PROCESSING, QK_STATUS_PENDING};

  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (fixture->entries, qk_ui_entry (i + 1, statuses[i], 1, 0.5, 900));
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
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, data);
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
holds_text (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *text = qk_ui_fixture_read (&fixture->queue);

  return strstr (text, fixture->expected) != NULL;
}

static void
wait_for_file (Fixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (holds_text, fixture, QK_UI_PATIENCE_MS))
    g_error ("the file never held: %s", text);
}

static gboolean
is_the_text (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *text = qk_ui_fixture_read (&fixture->queue);

  return strcmp (text, fixture->expected) == 0;
}

static void
open_window (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_for_text (fixture, "3 of 3");
}

static gboolean
activate (Fixture *fixture, const char *action)
{
  return gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL);
}

static GtkSelectionModel *
get_selection (Fixture *fixture)
{
  return GTK_SELECTION_MODEL (
      qk_messages_page_get_selection (qk_window_get_messages_page (fixture->window)));
}

/* The one that says so. */
static void
select_status (Fixture *fixture, QkStatus status)
{
  GListModel *list =
      G_LIST_MODEL (qk_messages_page_get_list (qk_window_get_messages_page (fixture->window)));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (list, i);

      if (qk_entry_get_status (qk_message_get_entry (message)) == status)
        gtk_selection_model_select_item (get_selection (fixture), i, TRUE);
    }
}

/* The dialog of that type that is shown, or NULL. */
static GtkWidget *
find_dialog (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_OBJECT_TYPE (window) == type && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

static gpointer
part (GtkWidget *dialog, const char *id)
{
  return gtk_widget_get_template_child (dialog, G_OBJECT_TYPE (dialog), id);
}

static void
write_text (GtkWidget *dialog, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (part (dialog, "content")), text, -1);
}

static guint
count (Fixture *fixture, const char *text)
{
  g_autofree char *contents = qk_ui_fixture_read (&fixture->queue);
  g_auto (GStrv) parts = g_strsplit (contents, text, -1);

  return g_strv_length (parts) - 1;
}

/* Undone, the file is what it was, to the letter. */
static void
assert_undone (Fixture *fixture, const char *before)
{
  g_assert_true (activate (fixture, "win.undo"));
  fixture->expected = before;
  g_assert_true (qk_test_wait (is_the_text, fixture, QK_UI_PATIENCE_MS));
}

static void
test_send (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;

  open_window (fixture);
  g_assert_true (activate (fixture, "win.new-message"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (dialog), "Agent-5");
  write_text (dialog, "Brand new");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "1 sent");
  wait_for_file (fixture, "\"recipient\":\"Agent-5\",\"content\":\"Brand new\"");
  g_assert_null (find_dialog (QK_TYPE_COMPOSE_DIALOG));
}

static void
test_broadcast (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;

  open_window (fixture);
  g_assert_true (activate (fixture, "win.new-broadcast"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  g_assert_nonnull (qk_ui_test_find (dialog, GTK_TYPE_LABEL, "8 messages: Agent-1 … Agent-8"));
  write_text (dialog, "All hands");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "8 sent");
  g_assert_cmpuint (count (fixture, "\"content\":\"All hands\""), ==, 8);
  g_assert_cmpuint (count (fixture, "\"message_type\":\"broadcast\""), ==, 8);
  g_assert_cmpuint (count (fixture, "[\"system\",\"coordination\"]"), ==, 8);
}

/* Closed, it keeps what was typed; sent, it begins anew. */
static void
test_draft (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;

  open_window (fixture);
  g_assert_true (activate (fixture, "win.new-message"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  write_text (dialog, "Half a thought");
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_null (find_dialog (QK_TYPE_COMPOSE_DIALOG));
  g_assert_true (activate (fixture, "win.new-message"));
  g_assert_true (find_dialog (QK_TYPE_COMPOSE_DIALOG) == dialog);
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (dialog), "Agent-5");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "1 sent");
  g_assert_true (activate (fixture, "win.new-message"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  g_assert_false (qk_compose_dialog_is_touched (QK_COMPOSE_DIALOG (dialog)));
}

static gboolean
has_compose_dialog (gpointer user_data)
{
  return find_dialog (QK_TYPE_COMPOSE_DIALOG) != NULL;
}

/* What could not be saved is there again, with all that was typed. */
static void
test_send_fails (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;
  g_autoptr (GError) error = NULL;

  open_window (fixture);
  g_assert_true (activate (fixture, "win.new-message"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (dialog), "Agent-5");
  write_text (dialog, "Precious");
  g_file_set_contents (fixture->queue.folder.queue, "[{\"damaged\"", -1, &error);
  g_assert_no_error (error);
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  g_assert_true (qk_test_wait (has_compose_dialog, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (qk_compose_dialog_is_touched (QK_COMPOSE_DIALOG (dialog)));
  /* It can be tried again. */
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_text (fixture, "3 of 3");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_file (fixture, "\"content\":\"Precious\"");
}

static gboolean
is_waiting (gpointer user_data)
{
  return qk_task_bar_get_text (((Fixture *) user_data)->window->task_bar) != NULL;
}

/* Cancelled while it waits for a lock, it is there again, too. */
static void
test_send_cancelled (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  GtkWidget *dialog;
  QkHandle lock;

  open_window (fixture);
  g_assert_cmpint (platform->lock (sidecar, &lock), ==, 0);
  g_assert_true (activate (fixture, "win.new-message"));
  dialog = find_dialog (QK_TYPE_COMPOSE_DIALOG);
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (dialog), "Agent-5");
  write_text (dialog, "Precious");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  g_assert_true (qk_test_wait (is_waiting, fixture, QK_UI_PATIENCE_MS));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->task_bar), "task.cancel", NULL);
  g_assert_true (qk_test_wait (has_compose_dialog, fixture, QK_UI_PATIENCE_MS));
  platform->unlock (lock);
  g_assert_true (find_dialog (QK_TYPE_COMPOSE_DIALOG) == dialog);
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_file (fixture, "\"content\":\"Precious\"");
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  GtkWidget *dialog;

  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  select_status (fixture, QK_STATUS_FAILED);
  g_assert_true (activate (fixture, "win.edit"));
  dialog = find_dialog (QK_TYPE_EDIT_DIALOG);
  g_assert_nonnull (dialog);
  write_text (dialog, "Better");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "1 edited and resent");
  g_assert_cmpuint (count (fixture, "\"content\":\"Better\""), ==, 1);
  g_assert_cmpuint (count (fixture, "\"status\":\"FAILED\""), ==, 0);
  assert_undone (fixture, before);
}

static void
test_edit_several (Fixture *fixture, gconstpointer data)
{
  open_window (fixture);
  gtk_selection_model_select_all (get_selection (fixture));
  g_assert_true (activate (fixture, "win.edit"));
  wait_for_text (fixture, "Select a single message to edit it");
  g_assert_null (find_dialog (QK_TYPE_EDIT_DIALOG));
}

static void
test_redirect (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  GtkWidget *dialog;

  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  gtk_selection_model_select_all (get_selection (fixture));
  g_assert_true (activate (fixture, "win.redirect"));
  dialog = find_dialog (QK_TYPE_SET_DIALOG);
  /* Not to the one that has them. */
  adw_combo_row_set_selected (part (dialog, "recipient"), 6);
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "3 redirected");
  g_assert_cmpuint (count (fixture, "\"recipient\":\"Agent-7\""), ==, 3);
  g_assert_cmpuint (count (fixture, "\"status\":\"PENDING\""), ==, 3);
  assert_undone (fixture, before);
}

static void
test_priority (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  GtkWidget *dialog;

  open_window (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  select_status (fixture, QK_STATUS_PENDING);
  g_assert_true (activate (fixture, "win.priority"));
  dialog = find_dialog (QK_TYPE_SET_DIALOG);
  adw_action_row_activate (
      ADW_ACTION_ROW (qk_ui_test_find (dialog, ADW_TYPE_ACTION_ROW, "Urgent")));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  wait_for_text (fixture, "1 changed");
  g_assert_cmpuint (count (fixture, "\"priority\":\"urgent\""), ==, 1);
  g_assert_cmpuint (count (fixture, "\"priority_score\":1.0"), ==, 1);
  assert_undone (fixture, before);
}

/* Of all that are selected only those that are stuck. */
static void
test_reset_stuck (Fixture *fixture, gconstpointer data)
{
  open_window (fixture);
  select_status (fixture, QK_STATUS_FAILED);
  g_assert_true (activate (fixture, "win.reset-stuck"));
  wait_for_text (fixture, "This message is not stuck");
  gtk_selection_model_select_all (get_selection (fixture));
  g_assert_true (activate (fixture, "win.reset-stuck"));
  wait_for_text (fixture, "1 resent");
  g_assert_cmpuint (count (fixture, "\"status\":\"FAILED\""), ==, 1);
  g_assert_cmpuint (count (fixture, "\"status\":\"PROCESSING\""), ==, 0);
}

/* The controller of a type that reacts to the second button or to keys, of @widget. */
static GtkEventController *
find_secondary_click (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_SECONDARY)
        return controller;
    }
  return NULL;
}

/* Whether the first row has its place; @at is in the view. */
static gboolean
find_row (gpointer user_data)
{
  Fixture *fixture = user_data;
  GtkWidget *view = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_COLUMN_VIEW, NULL);
  GtkWidget *cell = view != NULL ? qk_ui_test_find (view, QK_TYPE_MESSAGE_CELL, NULL) : NULL;
  GtkWidget *found;

  if (cell == NULL || gtk_widget_get_height (cell) == 0 ||
      !gtk_widget_translate_coordinates (cell, view, 2, gtk_widget_get_height (cell) / 2.0,
                                         &fixture->x, &fixture->y))
    return FALSE;
  found = gtk_widget_pick (view, fixture->x, fixture->y, GTK_PICK_DEFAULT);
  return found != NULL && (found == cell || gtk_widget_is_ancestor (found, cell));
}

/* A row that is not selected is, when its menu opens; one that is leaves the others selected. */
static void
test_menu (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view;
  GtkEventController *click;

  open_window (fixture);
  g_assert_true (qk_test_wait (find_row, fixture, QK_UI_PATIENCE_MS));
  view = qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_COLUMN_VIEW, NULL);
  click = find_secondary_click (view);
  g_assert_nonnull (click);
  g_signal_emit_by_name (click, "pressed", 1, fixture->x, fixture->y);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 0));
  g_assert_nonnull (qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_POPOVER_MENU, NULL));
  gtk_selection_model_select_all (get_selection (fixture));
  g_signal_emit_by_name (click, "pressed", 1, fixture->x, fixture->y);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 2));
  gtk_popover_popdown (
      GTK_POPOVER (qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_POPOVER_MENU, NULL)));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      ADD ("/ui/act/send", test_send);
      ADD ("/ui/act/broadcast", test_broadcast);
      ADD ("/ui/act/draft", test_draft);
      ADD ("/ui/act/send-fails", test_send_fails);
      ADD ("/ui/act/send-cancelled", test_send_cancelled);
      ADD ("/ui/act/edit", test_edit);
      ADD ("/ui/act/edit-several", test_edit_several);
      ADD ("/ui/act/redirect", test_redirect);
      ADD ("/ui/act/priority", test_priority);
      ADD ("/ui/act/reset-stuck", test_reset_stuck);
      ADD ("/ui/act/menu", test_menu);
    }
  return qk_ui_test_run (has_display);
}
