#include "qk-error-group-row.h"
#include "qk-error-group-view.h"
#include "qk-preview-dialog.h"
#include "qk-same-error.h"
#include "qk-window-fixture.h"

#include <string.h>

/* Errors in groups, in the real window on a real queue. */

typedef QkWindowFixture Fixture;

static void
add_entry (Fixture *fixture, QkStatus status, guint agent, int age_s, const char *error)
{
  guint id = fixture->entries->len + 1;
  g_autofree char *metadata = g_strdup_printf ("\"last_error\":\"%s\"", error);

  g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, agent, 0.5, age_s));
  qk_ui_alter (fixture->entries, id - 1, "\"delivery_callback\":false", metadata);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_window_fixture_set_up (fixture, data);
  add_entry (fixture, QK_STATUS_FAILED, 1, 7300, "timeout after 30 s");
  add_entry (fixture, QK_STATUS_FAILED, 2, 100, "timeout after 31 s");
  add_entry (fixture, QK_STATUS_FAILED, 2, 200, "timeout after 32 s");
  add_entry (fixture, QK_STATUS_FAILED, 3, 300, "<b>lost\\u202e</b>");
  add_entry (fixture, QK_STATUS_DELIVERED, 3, 300, "timeout after 33 s");
  g_ptr_array_add (fixture->entries, qk_ui_entry (6, QK_STATUS_FAILED, 1, 0.5, 400));
  qk_window_fixture_open (fixture);
}

static QkMessagesPage *
get_page (Fixture *fixture)
{
  return qk_window_get_messages_page (fixture->window);
}

static void
group (Fixture *fixture)
{
  qk_window_fixture_expect (fixture, "5 of 6");
  qk_window_fixture_activate (fixture, "win.group-by-error");
  qk_window_fixture_expect (fixture, "timeout after # s");
}

/* "class n agents, …" */
static char *
describe (Fixture *fixture)
{
  GtkWidget *view = qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL);
  GListModel *groups = qk_error_group_view_get_groups (QK_ERROR_GROUP_VIEW (view));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (QkErrorGroupItem) item = g_list_model_get_item (groups, i);
      const QkErrorGroup *found = qk_error_group_item_get (item);

      g_string_append_printf (text, "%s%s %u %u", i > 0 ? ", " : "", found->error_class,
                              found->n_entries, found->n_agents);
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_described (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *text = describe (fixture);

  return g_str_equal (text, fixture->expected);
}

static void
wait_for_groups (Fixture *fixture, const char *groups)
{
  fixture->expected = groups;
  if (!qk_test_wait (is_described, fixture, QK_UI_PATIENCE_MS))
    {
      g_autofree char *text = describe (fixture);

      g_error ("the groups are %s, not %s", text, groups);
    }
}

#define LOST "<b>lost\342\200\256</b> 1 1"

static GtkWidget *
find_row (Fixture *fixture, const char *error)
{
  return qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_ROW, error);
}

static void
click (Fixture *fixture, const char *error, const char *label)
{
  GtkWidget *button = qk_ui_test_find (find_row (fixture, error), GTK_TYPE_BUTTON, label);

  g_signal_emit_by_name (button, "clicked");
}

/* "1:FAILED 2:PENDING …" as it stands in the file. */
static char *
read_statuses (Fixture *fixture)
{
  g_autofree char *text = qk_ui_fixture_read (&fixture->queue);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  GString *statuses = g_string_new (NULL);

  for (guint i = 0; document != NULL && i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

      g_string_append_printf (statuses, "%s%u:%s", i > 0 ? " " : "",
                              (guint) g_ascii_strtoull (id, NULL, 16),
                              qk_status_get_name (qk_entry_get_status (entry)));
    }
  return g_string_free (statuses, FALSE);
}

static gboolean
is_in_file (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *statuses = read_statuses (fixture);

  return g_str_equal (statuses, fixture->expected);
}

static void
wait_for_file (Fixture *fixture, const char *statuses)
{
  fixture->expected = statuses;
  if (!qk_test_wait (is_in_file, fixture, QK_UI_PATIENCE_MS))
    {
      g_autofree char *text = read_statuses (fixture);

      g_error ("the queue is %s, not %s", text, statuses);
    }
}

static AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

static gboolean
is_asked (gpointer user_data)
{
  AdwMessageDialog *dialog = find_dialog ();

  return dialog != NULL && qk_preview_dialog_get_forecast (QK_PREVIEW_DIALOG (dialog)) != NULL;
}

static void
answer (const char *heading, const char *response)
{
  g_assert_true (qk_test_wait (is_asked, NULL, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (adw_message_dialog_get_heading (find_dialog ()), ==, heading);
  adw_message_dialog_response (find_dialog (), response);
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
}

/* The most frequent stands first; what is delivered is left out as in the list; what the queue says is
 * shown as text. */
static void
test_groups (Fixture *fixture, gconstpointer data)
{
  group (fixture);
  wait_for_groups (fixture, "timeout after # s 3 2, " LOST);
  qk_window_fixture_expect (fixture, "3 messages, 2 agents, oldest 2 h");
  qk_window_fixture_expect (fixture, "<b>lost⟨U+202E⟩</b>");
  qk_window_fixture_expect (fixture, "5 of 6");
  /* Nothing is selected that is not seen. */
  g_assert_cmpuint (
      qk_message_selection_get_size (qk_messages_page_get_selection (get_page (fixture))), ==, 0);
  g_object_set (get_page (fixture), "hide-delivered", FALSE, NULL);
  wait_for_groups (fixture, "timeout after # s 4 3, " LOST);
  qk_window_fixture_activate (fixture, "win.group-by-error");
  g_assert_null (qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL));
}

/* What is known keeps its row, and its place. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row, *after;
  QkErrorGroupView *view;
  g_autoptr (QkErrorGroupItem) before = NULL, item = NULL;

  group (fixture);
  wait_for_groups (fixture, "timeout after # s 3 2, " LOST);
  view = QK_ERROR_GROUP_VIEW (qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL));
  before = g_list_model_get_item (qk_error_group_view_get_groups (view), 0);
  row = find_row (fixture, "timeout after # s");
  qk_ui_alter (fixture->entries, 0, "timeout after 30 s", "gone");
  qk_ui_alter (fixture->entries, 1, "timeout after 31 s", "gone");
  qk_ui_alter (fixture->entries, 3, "\"last_error\":\"<b>lost\\u202e</b>\"", "\"a\":1");
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_groups (fixture, "timeout after # s 1 1, gone 2 2");
  item = g_list_model_get_item (qk_error_group_view_get_groups (view), 0);
  after = find_row (fixture, "timeout after # s");
  g_assert_true (item == before);
  g_assert_true (after == row);
  qk_window_fixture_expect (fixture, "1 message, 1 agent, oldest 3 min");
  /* Opened again, the most frequent is first again. */
  qk_window_fixture_activate (fixture, "win.group-by-error");
  qk_window_fixture_activate (fixture, "win.group-by-error");
  wait_for_groups (fixture, "gone 2 2, timeout after # s 1 1");
}

/* A group that is chosen is shown in the list, besides what narrows it already. */
static void
test_show (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkQuery) query = qk_query_parse ("agent:Agent-2 hide:delivered", NULL);
  g_autoptr (QkQuery) shown = NULL;
  g_autofree char *text = NULL;
  GtkWidget *list_view;

  qk_window_fixture_expect (fixture, "5 of 6");
  qk_messages_page_show_query (get_page (fixture), query);
  qk_window_fixture_activate (fixture, "win.group-by-error");
  wait_for_groups (fixture, "timeout after # s 2 1");
  list_view = qk_ui_test_find (qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL),
                               GTK_TYPE_LIST_VIEW, NULL);
  g_signal_emit_by_name (list_view, "activate", 0);
  qk_window_fixture_expect (fixture, "2 of 6");
  g_assert_null (qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL));
  shown = qk_messages_page_dup_query (get_page (fixture));
  text = qk_query_to_text (shown);
  g_assert_cmpstr (text, ==, "agent:Agent-2 hide:delivered error:\"timeout after # s\"");
}

/* All of the group, and nothing else. */
static void
test_resend (Fixture *fixture, gconstpointer data)
{
  group (fixture);
  click (fixture, "timeout after # s", "Resend All");
  wait_for_file (fixture, "1:PENDING 2:PENDING 3:PENDING 4:FAILED 5:DELIVERED 6:FAILED");
}

/* What the filter hides is not resent, though it has the error. */
static void
test_resend_filtered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkQuery) query = qk_query_parse ("agent:Agent-1 hide:delivered", NULL);

  qk_window_fixture_expect (fixture, "5 of 6");
  qk_messages_page_show_query (get_page (fixture), query);
  qk_window_fixture_activate (fixture, "win.group-by-error");
  wait_for_groups (fixture, "timeout after # s 1 1");
  click (fixture, "timeout after # s", "Resend All");
  wait_for_file (fixture, "1:PENDING 2:FAILED 3:FAILED 4:FAILED 5:DELIVERED 6:FAILED");
}

/* A purge is asked for, with its number, and takes what was asked about. */
static void
test_purge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *statuses = NULL;

  group (fixture);
  click (fixture, "timeout after # s", "Purge All");
  answer ("Purge 3 Messages?", "cancel");
  statuses = read_statuses (fixture);
  g_assert_cmpstr (statuses, ==, "1:FAILED 2:FAILED 3:FAILED 4:FAILED 5:DELIVERED 6:FAILED");
  click (fixture, "timeout after # s", "Purge All");
  answer ("Purge 3 Messages?", QK_PREVIEW_RESPONSE_GO);
  wait_for_file (fixture, "4:FAILED 5:DELIVERED 6:FAILED");
  wait_for_groups (fixture, LOST);
}

/* The keys are those of the list, for the group that is selected. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view, *focus;

  group (fixture);
  view = qk_window_fixture_find (fixture, QK_TYPE_ERROR_GROUP_VIEW, NULL);
  /* Enter on what has the keyboard shows the group: it is the row, not one of its buttons. */
  focus = gtk_root_get_focus (GTK_ROOT (fixture->window));
  g_assert_true (gtk_widget_is_ancestor (find_row (fixture, "timeout after # s"), focus));
  g_assert_true (gtk_widget_activate_action (view, "error-group.purge", NULL));
  answer ("Purge 3 Messages?", "cancel");
  g_assert_true (gtk_widget_activate_action (view, "error-group.resend", NULL));
  wait_for_file (fixture, "1:PENDING 2:PENDING 3:PENDING 4:FAILED 5:DELIVERED 6:FAILED");
}

/* The link in a failed message leads to all with its error. */
static void
test_same_error (Fixture *fixture, gconstpointer data)
{
  GtkSelectionModel *selection;
  QkMessageList *list;
  g_autoptr (QkQuery) query = NULL, shown = NULL;
  g_autofree char *text = NULL;
  GtkWidget *link;

  qk_window_fixture_expect (fixture, "5 of 6");
  query = qk_query_parse ("agent:Agent-1 hide:delivered error:\"timeout after # s\"", NULL);
  qk_messages_page_show_query (get_page (fixture), query);
  qk_window_fixture_expect (fixture, "1 of 6");
  list = qk_messages_page_get_list (get_page (fixture));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  selection = GTK_SELECTION_MODEL (qk_messages_page_get_selection (get_page (fixture)));
  gtk_selection_model_select_item (selection, 0, TRUE);
  qk_window_fixture_expect (fixture, "3 messages, 2 agents");
  link = qk_ui_test_find (qk_window_fixture_find (fixture, QK_TYPE_SAME_ERROR, NULL),
                          GTK_TYPE_BUTTON, NULL);
  g_signal_emit_by_name (link, "clicked");
  qk_window_fixture_expect (fixture, "3 of 6");
  shown = qk_messages_page_dup_query (get_page (fixture));
  text = qk_query_to_text (shown);
  g_assert_cmpstr (text, ==, "hide:delivered error:\"timeout after # s\"");
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, qk_window_fixture_tear_down)
  ADD ("/error-groups/groups", test_groups);
  ADD ("/error-groups/live", test_live);
  ADD ("/error-groups/show", test_show);
  ADD ("/error-groups/resend", test_resend);
  ADD ("/error-groups/resend-filtered", test_resend_filtered);
  ADD ("/error-groups/purge", test_purge);
  ADD ("/error-groups/keys", test_keys);
  ADD ("/error-groups/same-error", test_same_error);
  return qk_ui_test_run (has_display);
}
