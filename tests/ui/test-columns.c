#include "qk-columns-dialog.h"
#include "qk-message-view.h"
#include "qk-settings.h"
#include "qk-test-util.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

/* The columns of the list: how they are chosen, kept and found again. */

typedef struct {
  QkSettings *settings;
  GSettings *stored;
  GtkWidget *window;
  QkMessageView *view;
  QkColumnSet *columns;
} Fixture;

static void
open_view (Fixture *fixture)
{
  QkMessageList *list = qk_message_list_new ();
  g_autoptr (QkMessageSelection) selection = qk_message_selection_new (list);

  fixture->view = g_object_new (QK_TYPE_MESSAGE_VIEW, NULL);
  qk_message_view_set_list (fixture->view, list, selection);
  fixture->columns = qk_message_view_get_columns (fixture->view);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings = qk_settings_new ();
  fixture->stored = g_settings_new ("io.github.queuekeeper.Queuekeeper");
  g_settings_reset (fixture->stored, "columns");
  g_settings_reset (fixture->stored, "sort");
  open_view (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
  g_object_unref (fixture->stored);
}

/* The window is closed, and another one opened. */
static void
open_again (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  open_view (fixture);
}

/* "status priority:66 …": those that are shown, with the widths that are set if @widths. */
static char *
dup_shown (QkColumnSet *columns, gboolean widths)
{
  GString *text = g_string_new (NULL);
  QkColumnState states[QK_N_COLUMNS];

  qk_column_set_get_states (columns, states);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      if (!states[i].visible)
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                              qk_column_get_name (states[i].column));
      if (widths)
        g_string_append_printf (text, ":%d", states[i].width);
    }
  return g_string_free (text, FALSE);
}

#define assert_shown(columns, expected)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *shown_ = dup_shown (columns, FALSE);                                          \
    g_assert_cmpstr (shown_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

#define INITIAL "status priority recipient sender type message age tries"

static void
test_parse (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (
      "[('tags', true, 3), ('status', false, 9999), ('nonsense', true, 50), ('tags', false, 90),"
      " ('message', false, -7)]"));
  g_autoptr (GVariant) again = NULL;
  QkColumnState states[QK_N_COLUMNS], same[QK_N_COLUMNS];
  gboolean seen[QK_N_COLUMNS] = {FALSE};

  qk_columns_parse (value, states);
  g_assert_cmpint (states[0].column, ==, QK_COLUMN_TAGS);
  g_assert_true (states[0].visible);
  g_assert_cmpint (states[0].width, ==, 24);
  g_assert_cmpint (states[1].column, ==, QK_COLUMN_STATUS);
  g_assert_true (states[1].visible);
  g_assert_cmpint (states[1].width, ==, 4000);
  g_assert_cmpint (states[2].column, ==, QK_COLUMN_EXCERPT);
  g_assert_false (states[2].visible);
  g_assert_cmpint (states[2].width, ==, -1);
  g_assert_cmpint (states[3].column, ==, QK_COLUMN_PRIORITY);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      g_assert_false (seen[states[i].column]);
      seen[states[i].column] = TRUE;
    }

  again = g_variant_ref_sink (qk_columns_format (states));
  qk_columns_parse (again, same);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    {
      g_assert_cmpint (same[i].column, ==, states[i].column);
      g_assert_cmpint (same[i].visible, ==, states[i].visible);
      g_assert_cmpint (same[i].width, ==, states[i].width);
    }
}

static void
test_remembered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shown = NULL;

  assert_shown (fixture->columns, INITIAL);
  qk_column_set_show (fixture->columns, QK_COLUMN_TAGS, TRUE);
  qk_column_set_show (fixture->columns, QK_COLUMN_SENDER, FALSE);
  qk_column_set_move (fixture->columns, QK_COLUMN_AGE, -5);
  qk_column_set_move (fixture->columns, QK_COLUMN_STATUS, -1);
  gtk_column_view_column_set_fixed_width (
      qk_column_set_get_column (fixture->columns, QK_COLUMN_RECIPIENT), 140);
  assert_shown (fixture->columns, "status age priority recipient type message tries tags");
  open_again (fixture);
  shown = dup_shown (fixture->columns, TRUE);
  g_assert_cmpstr (
      shown, ==,
      "status:136 age:62 priority:76 recipient:140 type:78 message:-1 tries:70 tags:110");

  qk_column_set_reset (fixture->columns);
  assert_shown (fixture->columns, INITIAL);
  open_again (fixture);
  assert_shown (fixture->columns, INITIAL);
}

static gboolean
fills_view (gpointer user_data)
{
  Fixture *fixture = user_data;
  GtkWidget *view = qk_ui_test_find (fixture->window, GTK_TYPE_COLUMN_VIEW, NULL);
  GtkWidget *header = view != NULL ? gtk_widget_get_first_child (view) : NULL;
  int end = 0;

  for (GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;
       title != NULL; title = gtk_widget_get_next_sibling (title))
    {
      graphene_rect_t bounds;

      if (gtk_widget_get_mapped (title) && gtk_widget_compute_bounds (title, header, &bounds))
        end = MAX (end, (int) (bounds.origin.x + bounds.size.width));
    }
  return end > 0 && end == gtk_widget_get_width (header) &&
         gtk_widget_get_width (header) == gtk_widget_get_width (view);
}

/* What is hidden takes no room: the text of the messages has it. */
static void
test_width (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);
  int before, after;

  gtk_widget_set_size_request (view, 760, 200);
  g_assert_true (qk_test_wait (fills_view, fixture, QK_UI_PATIENCE_MS));
  gtk_widget_measure (qk_ui_test_find (view, GTK_TYPE_COLUMN_VIEW, NULL),
                      GTK_ORIENTATION_HORIZONTAL, -1, &before, NULL, NULL, NULL);
  gtk_column_view_column_set_fixed_width (
      qk_column_set_get_column (fixture->columns, QK_COLUMN_TYPE), 201);
  qk_column_set_show (fixture->columns, QK_COLUMN_TYPE, FALSE);
  gtk_widget_measure (qk_ui_test_find (view, GTK_TYPE_COLUMN_VIEW, NULL),
                      GTK_ORIENTATION_HORIZONTAL, -1, &after, NULL, NULL, NULL);
  g_assert_cmpint (before - after, ==, 78);
  open_again (fixture);
  qk_column_set_show (fixture->columns, QK_COLUMN_TYPE, TRUE);
  g_assert_cmpint (gtk_column_view_column_get_fixed_width (
                       qk_column_set_get_column (fixture->columns, QK_COLUMN_TYPE)),
                   ==, 201);
}

/* Where the operator did nothing, nothing is written, so that a later version can have other columns
 * at first. */
static void
test_untouched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) columns = NULL, sort = NULL;

  open_again (fixture);
  columns = g_settings_get_user_value (fixture->stored, "columns");
  sort = g_settings_get_user_value (fixture->stored, "sort");
  g_assert_null (columns);
  g_assert_null (sort);
}

/* What is changed in one window leaves another one as it is, until that is opened again. */
static void
test_two_windows (Fixture *fixture, gconstpointer data)
{
  Fixture other = {0};

  open_view (&other);
  qk_column_set_show (fixture->columns, QK_COLUMN_ERROR, TRUE);
  assert_shown (other.columns, INITIAL);
  open_again (fixture);
  assert_shown (fixture->columns, INITIAL " error");
  open_again (&other);
  assert_shown (other.columns, INITIAL " error");
  gtk_window_destroy (GTK_WINDOW (other.window));
}

static GtkColumnView *
get_column_view (Fixture *fixture)
{
  return GTK_COLUMN_VIEW (
      qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_COLUMN_VIEW, NULL));
}

static void
sort (Fixture *fixture, QkColumn column, GtkSortType type)
{
  gtk_column_view_sort_by_column (get_column_view (fixture),
                                  qk_column_set_get_column (fixture->columns, column), type);
}

static void
assert_sort (Fixture *fixture, const char *expected, gboolean expected_descending)
{
  gboolean descending;
  g_autofree char *name = qk_settings_dup_sort (fixture->settings, &descending);

  g_assert_cmpstr (name, ==, expected);
  g_assert_cmpint (descending, ==, expected_descending);
}

/* The arrow is at the title again, and a column that is hidden orders nothing. */
static void
test_sort (Fixture *fixture, gconstpointer data)
{
  sort (fixture, QK_COLUMN_RECIPIENT, GTK_SORT_DESCENDING);
  assert_sort (fixture, "recipient", TRUE);
  open_again (fixture);
  assert_sort (fixture, "recipient", TRUE);
  g_assert_cmpint (gtk_sorter_get_order (gtk_column_view_get_sorter (get_column_view (fixture))),
                   !=, GTK_SORTER_ORDER_NONE);
  qk_column_set_move (fixture->columns, QK_COLUMN_RECIPIENT, 2);
  assert_sort (fixture, "recipient", TRUE);
  qk_column_set_show (fixture->columns, QK_COLUMN_RECIPIENT, FALSE);
  assert_sort (fixture, "status", FALSE);
  g_settings_set (fixture->stored, "sort", "(si)", "recipient", 1);
  open_again (fixture);
  sort (fixture, QK_COLUMN_AGE, GTK_SORT_ASCENDING);
  assert_sort (fixture, "age", FALSE);
}

/* The dialog's row that is called @title. */
static GtkWidget *
find_row (GtkWidget *dialog, const char *title)
{
  GtkWidget *row = qk_ui_test_find (dialog, ADW_TYPE_ACTION_ROW, title);

  g_assert_nonnull (row);
  return row;
}

static GtkWidget *
find_button (GtkWidget *dialog, const char *title, guint n)
{
  GtkWidget *button = qk_ui_test_find (find_row (dialog, title), GTK_TYPE_BUTTON, NULL);

  for (guint i = 0; i < n; i++)
    button = gtk_widget_get_next_sibling (button);
  return button;
}

static gboolean
is_mapped (gpointer user_data)
{
  return gtk_widget_get_mapped (user_data);
}

static void
test_dialog (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = qk_columns_dialog_new (GTK_WINDOW (fixture->window), fixture->columns);
  GtkWidget *check, *up;

  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_true (qk_test_wait (is_mapped, dialog, QK_UI_PATIENCE_MS));
  check = qk_ui_test_find (find_row (dialog, "Status"), GTK_TYPE_CHECK_BUTTON, NULL);
  g_assert_false (gtk_widget_is_sensitive (check));
  g_assert_false (gtk_widget_is_sensitive (find_button (dialog, "Status", 0)));
  check = qk_ui_test_find (find_row (dialog, "Queue Id"), GTK_TYPE_CHECK_BUTTON, NULL);
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  gtk_widget_activate (check);
  assert_shown (fixture->columns, INITIAL " id");

  /* The keyboard stays at the button, however often it is pressed. */
  up = find_button (dialog, "Priority", 0);
  gtk_widget_grab_focus (up);
  g_signal_emit_by_name (up, "clicked");
  assert_shown (fixture->columns, "priority status recipient sender type message age tries id");
  g_assert_false (gtk_widget_is_sensitive (up));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == find_button (dialog, "Priority", 1));
  g_signal_emit_by_name (find_button (dialog, "Priority", 1), "clicked");
  assert_shown (fixture->columns, INITIAL " id");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == find_button (dialog, "Priority", 1));

  /* What is changed in the list is seen in the dialog. */
  qk_column_set_show (fixture->columns, QK_COLUMN_ID, FALSE);
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  qk_column_set_move (fixture->columns, QK_COLUMN_ERROR, -12);
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (find_row (dialog, "Last Error"))),
                   ==, 0);
  g_signal_emit_by_name (qk_ui_test_find (dialog, GTK_TYPE_BUTTON, "Reset"), "clicked");
  assert_shown (fixture->columns, INITIAL);
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (find_row (dialog, "Last Error"))),
                   ==, QK_N_COLUMNS - 1);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The lines of the menu of the titles. */
static void
test_menu (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (get_column_view (fixture));

  g_assert_true (gtk_widget_activate_action (view, "columns.updated", NULL));
  assert_shown (fixture->columns, INITIAL " updated");
  g_assert_true (gtk_widget_activate_action (view, "columns.age", NULL));
  assert_shown (fixture->columns, "status priority recipient sender type message tries updated");
  g_assert_false (gtk_widget_activate_action (view, "columns.status", NULL));
  g_assert_true (gtk_widget_activate_action (view, "columns.reset", NULL));
  assert_shown (fixture->columns, INITIAL);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    g_assert_nonnull (gtk_column_view_column_get_header_menu (
        qk_column_set_get_column (fixture->columns, (QkColumn) i)));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  g_test_add_func ("/ui/columns/parse", test_parse);
#define ADD(path, function)                                                                        \
  g_test_add ("/ui/columns/" path, Fixture, NULL, set_up, function, tear_down)
  if (has_display)
    {
      ADD ("remembered", test_remembered);
      ADD ("width", test_width);
      ADD ("untouched", test_untouched);
      ADD ("two-windows", test_two_windows);
      ADD ("sort", test_sort);
      ADD ("dialog", test_dialog);
      ADD ("menu", test_menu);
    }
  return qk_ui_test_run (has_display);
}
