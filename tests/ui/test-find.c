#include "qk-filter-chips.h"
#include "qk-filter-menu.h"
#include "qk-filter-row.h"
#include "qk-find-bar.h"
#include "qk-message-cell.h"
#include "qk-window-fixture.h"

#include <string.h>

/* Finding messages in the real window. */

typedef QkWindowFixture Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_window_fixture_set_up (fixture, data);
  for (guint i = 1; i <= 6; i++)
    g_ptr_array_add (fixture->entries, qk_ui_entry (i, i < 4 ? QK_STATUS_FAILED : QK_STATUS_PENDING,
                                                    1 + i % 2, 0.5, 100 * (int) i));
  qk_ui_alter (fixture->entries, 0, "\"delivery_callback\":false",
               "\"last_error\":\"timeout after 30 s\"");
  qk_ui_alter (fixture->entries, 1, "\"delivery_callback\":false",
               "\"last_error\":\"timeout after 31 s\"");
  qk_ui_alter (fixture->entries, 2, "\"delivery_callback\":false",
               "\"last_error\":\"<b>lost\\u202e</b>\"");
  qk_ui_alter (fixture->entries, 3, "Text 4", "<i>Stra\\u00dfe</i> &amp; more");
}

static void
open_window (Fixture *fixture, const char *shown)
{
  qk_window_fixture_open (fixture);
  qk_window_fixture_expect (fixture, shown);
}

static QkMessageList *
get_list (Fixture *fixture)
{
  return qk_messages_page_get_list (qk_window_get_messages_page (fixture->window));
}

static GtkWidget *
get_entry (Fixture *fixture)
{
  return qk_window_fixture_find (fixture, GTK_TYPE_SEARCH_ENTRY, NULL);
}

static void
type (Fixture *fixture, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (get_entry (fixture)), text);
}

static gboolean
has_focus_within (Fixture *fixture, GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (fixture->window));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view;

  open_window (fixture, "6 of 6");
  qk_window_fixture_activate (fixture, "win.find");
  g_assert_true (has_focus_within (fixture, get_entry (fixture)));
  type (fixture, "TIMEOUT agent-2");
  qk_window_fixture_expect (fixture, "1 of 6");
  type (fixture, "strasse");
  qk_window_fixture_expect (fixture, "1 of 6");
  qk_window_fixture_expect (fixture, "<i>Straße</i> &amp; more");
  /* With a counter and with the sidebar. */
  type (fixture, "captain");
  qk_window_fixture_expect (fixture, "6 of 6");
  gtk_widget_activate (qk_window_fixture_find (fixture, GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  qk_window_fixture_expect (fixture, "3 of 6");
  type (fixture, "lost");
  qk_window_fixture_expect (fixture, "1 of 6");

  /* Escape clears, then goes back to the list. */
  view = qk_window_fixture_find (fixture, GTK_TYPE_COLUMN_VIEW, NULL);
  g_signal_emit_by_name (get_entry (fixture), "stop-search");
  qk_window_fixture_expect (fixture, "3 of 6");
  g_assert_true (has_focus_within (fixture, get_entry (fixture)));
  g_signal_emit_by_name (get_entry (fixture), "stop-search");
  g_assert_true (has_focus_within (fixture, view));
}

/* Nothing is found: one button clears it all. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button;

  open_window (fixture, "6 of 6");
  gtk_widget_activate (qk_window_fixture_find (fixture, GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  type (fixture, "nowhere");
  qk_window_fixture_expect (fixture, "No Such Messages");
  qk_window_fixture_expect (fixture, "0 of 6");
  button = qk_window_fixture_find (fixture, GTK_TYPE_BUTTON, "Clear the Filters");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  qk_window_fixture_expect (fixture, "6 of 6");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (get_entry (fixture))), ==, "");
}

static GtkWidget *
find_row (GtkWidget *root, QkFacet facet, const char *value)
{
  if (QK_IS_FILTER_ROW (root) && qk_filter_row_get_facet (QK_FILTER_ROW (root)) == facet &&
      strcmp (qk_filter_row_get_value (QK_FILTER_ROW (root)), value) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = find_row (child, facet, value);

      if (row != NULL)
        return row;
    }
  return NULL;
}

static gboolean
has_rows (gpointer user_data)
{
  return find_row (GTK_WIDGET (((Fixture *) user_data)->window), QK_FACET_ERROR,
                   "timeout after # s") != NULL;
}

static void
choose (Fixture *fixture, QkFacet facet, const char *value)
{
  GtkWidget *row;

  qk_window_fixture_activate (fixture, "win.add-filter");
  g_assert_true (qk_test_wait (has_rows, fixture, QK_UI_PATIENCE_MS));
  row = find_row (GTK_WIDGET (fixture->window), facet, value);
  g_assert_nonnull (row);
  g_assert_true (gtk_widget_activate (row));
}

/* The menu lists what occurs; what is chosen becomes a chip, and a click on that removes it. */
static void
test_filters (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row, *chips;

  open_window (fixture, "6 of 6");
  g_assert_null (qk_window_fixture_find (fixture, QK_TYPE_FILTER_CHIPS, NULL));
  choose (fixture, QK_FACET_ERROR, "timeout after # s");
  qk_window_fixture_expect (fixture, "2 of 6");
  qk_window_fixture_expect (fixture, "Error: timeout after # s");
  row = find_row (GTK_WIDGET (fixture->window), QK_FACET_ERROR, "timeout after # s");
  g_assert_nonnull (qk_ui_test_find (row, GTK_TYPE_LABEL, "2"));
  choose (fixture, QK_FACET_STATUS, "PENDING");
  qk_window_fixture_expect (fixture, "0 of 6");
  choose (fixture, QK_FACET_ERROR, "timeout after # s");
  qk_window_fixture_expect (fixture, "3 of 6");
  /* Text from the queue is shown as text. */
  choose (fixture, QK_FACET_ERROR, "<b>lost\342\200\256</b>");
  qk_window_fixture_expect (fixture, "Error: <b>lost⟨U+202E⟩</b>");
  choose (fixture, QK_FACET_STATUS, "FAILED");
  qk_window_fixture_expect (fixture, "1 of 6");
  chips = qk_window_fixture_find (fixture, QK_TYPE_FILTER_CHIPS, NULL);
  g_signal_emit_by_name (qk_ui_test_find (chips, GTK_TYPE_BUTTON, "Error: <b>lost⟨U+202E⟩</b>"),
                         "clicked");
  qk_window_fixture_expect (fixture, "6 of 6");
  qk_window_fixture_activate (fixture, "win.show-all");
  g_assert_null (qk_window_fixture_find (fixture, QK_TYPE_FILTER_CHIPS, NULL));
}

/* How many characters of the cell with @text are marked. */
static guint
count_marked (Fixture *fixture, const char *text)
{
  PangoAttrList *attributes = qk_message_cell_get_marks (
      QK_MESSAGE_CELL (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, text)));
  g_autoptr (PangoAttrIterator) iterator = NULL;
  guint n_marked = 0;

  if (attributes == NULL)
    return 0;
  iterator = pango_attr_list_get_iterator (attributes);
  do
    {
      int start, end;

      pango_attr_iterator_range (iterator, &start, &end);
      if (pango_attr_iterator_get (iterator, PANGO_ATTR_BACKGROUND) != NULL)
        n_marked += (guint) g_utf8_strlen (text + start, end - start);
    }
  while (pango_attr_iterator_next (iterator));
  return n_marked;
}

/* Where the first mark of that cell begins, in bytes; -1 where there is none. */
static int
first_marked (Fixture *fixture, const char *text)
{
  PangoAttrList *attributes = qk_message_cell_get_marks (
      QK_MESSAGE_CELL (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, text)));
  GSList *marks = attributes != NULL ? pango_attr_list_get_attributes (attributes) : NULL;
  int first = marks != NULL ? (int) ((PangoAttribute *) marks->data)->start_index : -1;

  g_slist_free_full (marks, (GDestroyNotify) pango_attribute_destroy);
  return first;
}

static void
test_marks (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "<i>Straße</i> &amp; more";

  open_window (fixture, "6 of 6");
  g_assert_cmpuint (count_marked (fixture, text), ==, 0);
  type (fixture, "ss </I>");
  qk_window_fixture_expect (fixture, "1 of 6");
  g_assert_cmpuint (count_marked (fixture, text), ==, 5);
  type (fixture, "more");
  qk_window_fixture_expect (fixture, "1 of 6");
  type (fixture, "");
  qk_window_fixture_expect (fixture, "6 of 6");
  g_assert_cmpuint (count_marked (fixture, text), ==, 0);
  /* A row that is bound anew has its marks. */
  type (fixture, "text 5");
  qk_window_fixture_expect (fixture, "1 of 6");
  g_assert_cmpuint (count_marked (fixture, "Text 5"), ==, 5);
  /* So has one that comes while the words stay the same, and one that reads differently. */
  gtk_widget_activate (qk_window_fixture_find (fixture, GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  type (fixture, "text");
  qk_window_fixture_expect (fixture, "3 of 6");
  gtk_widget_activate (qk_window_fixture_find (fixture, GTK_TYPE_TOGGLE_BUTTON, "Failed"));
  qk_window_fixture_expect (fixture, "5 of 6");
  g_assert_cmpuint (count_marked (fixture, "Text 6"), ==, 4);
  qk_ui_alter (fixture->entries, 5, "Text 6", "Other text");
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_fixture_expect (fixture, "Other text");
  g_assert_cmpint (first_marked (fixture, "Other text"), ==, 6);
}

/* A save of others in between changes neither what is looked for nor what is selected. */
static void
test_reload (Fixture *fixture, gconstpointer data)
{
  QkMessageSelection *selection;

  open_window (fixture, "6 of 6");
  type (fixture, "timeout");
  qk_window_fixture_expect (fixture, "2 of 6");
  selection = qk_messages_page_get_selection (qk_window_get_messages_page (fixture->window));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 1, TRUE);
  g_ptr_array_add (fixture->entries, qk_ui_entry (7, QK_STATUS_PENDING, 1, 0.5, 1));
  qk_ui_alter (fixture->entries, 6, "Text 7", "Timeout");
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_fixture_expect (fixture, "3 of 7");
  g_assert_cmpuint (qk_message_selection_get_size (selection), ==, 1);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 1));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (get_entry (fixture))), ==, "timeout");
  g_assert_nonnull (qk_message_list_get_filter (get_list (fixture))->find);
}

/* Down, as well as Return, moves into the list. */
static void
test_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) controllers = NULL;
  gboolean handled = FALSE;

  open_window (fixture, "6 of 6");
  qk_window_fixture_activate (fixture, "win.find");
  controllers = gtk_widget_observe_controllers (get_entry (fixture));
  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Down, 0, 0, &handled);
    }
  g_assert_true (handled);
  g_assert_true (
      has_focus_within (fixture, qk_window_fixture_find (fixture, GTK_TYPE_COLUMN_VIEW, NULL)));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
#define ADD(path, function)                                                                        \
  g_test_add ("/ui/find/" path, Fixture, NULL, set_up, function, qk_window_fixture_tear_down)
      ADD ("words", test_words);
      ADD ("nothing", test_nothing);
      ADD ("filters", test_filters);
      ADD ("marks", test_marks);
      ADD ("reload", test_reload);
      ADD ("down", test_down);
    }
  return qk_ui_test_run (has_display);
}
