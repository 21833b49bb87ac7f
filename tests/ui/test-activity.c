#include "qk-activity-detail.h"
#include "qk-activity-entry.h"
#include "qk-activity-words.h"
#include "qk-message.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

#include <string.h>
#include <unistd.h>

/* The page of what was done, in the real window, on a real history that qkctl writes to beside it. */

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  QkActivityPage *page;
  GListModel *rows;
  const char *expected;
  guint n;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

  qk_ui_fixture_set_up (&fixture->queue, data);
  g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 900));
  g_ptr_array_add (entries, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.5, 900));
  g_ptr_array_add (entries, qk_ui_entry (3, QK_STATUS_PENDING, 3, 0.5, 900));
  g_ptr_array_add (entries, qk_ui_entry (4, QK_STATUS_DELIVERED, 3, 0.5, 900));
  qk_ui_fixture_write (&fixture->queue, entries);
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  fixture->page = qk_window_get_activity_page (fixture->window);
  fixture->rows = G_LIST_MODEL (qk_activity_page_get_selection (fixture->page));
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
has_rows (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_list_model_get_n_items (fixture->rows) == fixture->n;
}

static void
wait_for_rows (Fixture *fixture, guint n)
{
  fixture->n = n;
  if (!qk_test_wait (has_rows, fixture, QK_UI_PATIENCE_MS))
    g_assert_cmpuint (g_list_model_get_n_items (fixture->rows), ==, n);
}

/* Another program of the same user. */
static void
run_qkctl (Fixture *fixture, const char *command, const char *argument, const char *value)
{
  const char *const argv[] = {g_getenv ("QKCTL"), command, fixture->queue.folder.queue,
                              argument,           value,   NULL};
  g_autofree char *output = NULL, *errors = NULL;

  g_assert_nonnull (argv[0]);
  if (qk_test_run (argv, &output, &errors) != 0)
    g_error ("qkctl %s: %s", command, errors);
}

static void
resend (Fixture *fixture, guint id)
{
  g_autofree char *text = qk_ui_dup_id (id);

  run_qkctl (fixture, "resend", text, NULL);
}

static void
show_page (Fixture *fixture, const char *name)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", name));
}

static void
open_window (Fixture *fixture)
{
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
open_page (Fixture *fixture)
{
  open_window (fixture);
  show_page (fixture, "activity");
}

static QkActivityItem *
get_row (Fixture *fixture, guint position)
{
  g_autoptr (QkActivityItem) item = g_list_model_get_item (fixture->rows, position);

  g_assert_nonnull (item);
  return item;
}

static gint64
get_number (Fixture *fixture, guint position)
{
  return qk_activity_item_get (get_row (fixture, position))->id;
}

static void
select_row (Fixture *fixture, guint position)
{
  gtk_single_selection_set_selected (qk_activity_page_get_selection (fixture->page), position);
}

static gpointer
get_part (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->page), QK_TYPE_ACTIVITY_PAGE, name);
}

static gpointer
get_detail_part (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (get_part (fixture, "detail"), QK_TYPE_ACTIVITY_DETAIL,
                                        name);
}

static GListModel *
get_entries (Fixture *fixture)
{
  return qk_activity_detail_get_entries (get_part (fixture, "detail"));
}

static gboolean
has_entries (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_list_model_get_n_items (get_entries (fixture)) == fixture->n;
}

static void
wait_for_entries (Fixture *fixture, guint n)
{
  fixture->n = n;
  g_assert_true (qk_test_wait (has_entries, fixture, QK_UI_PATIENCE_MS));
}

/* The first words for who has just begun. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  open_page (fixture);
  wait_for_text (fixture, "Nothing Was Done Yet");
  g_assert_cmpstr (qk_activity_page_get_shown (fixture->page), ==, "empty");
  wait_for_text (fixture,
                 "What you resend, purge, fix or send is kept here for 30 days, to be undone.");
}

static gboolean
is_seen (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkStore *store = qk_window_get_store (fixture->window);

  return qk_document_get_n_entries (qk_store_get_document (store)) == fixture->n;
}

/* What was done, in words; nothing of it is looked up before somebody looks. */
static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *undid = NULL, *undone = NULL, *who = NULL;

  open_window (fixture);
  wait_for_text (fixture, "3 of 4");
  run_qkctl (fixture, "purge", "--yes", "--status=FAILED");
  fixture->n = 2;
  g_assert_true (qk_test_wait (is_seen, fixture, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (g_list_model_get_n_items (fixture->rows), ==, 0);
  g_assert_cmpstr (qk_activity_page_get_shown (fixture->page), ==, "opening");
  run_qkctl (fixture, "undo", NULL, NULL);
  resend (fixture, 1);

  show_page (fixture, "activity");
  wait_for_rows (fixture, 3);
  wait_for_text (fixture, "Resent 1 message to Agent-1");
  wait_for_text (fixture, "Purged 2 messages");
  undid = g_strdup_printf ("Undid #%" G_GINT64_FORMAT ": 2 messages", get_number (fixture, 2));
  wait_for_text (fixture, undid);
  undone = g_strdup_printf ("Undone by #%" G_GINT64_FORMAT, get_number (fixture, 1));
  wait_for_text (fixture, undone);
  who = g_strdup_printf ("%s@%s · qkctl resend · %" G_GINT64_FORMAT, g_get_user_name (),
                         g_get_host_name (), qk_activity_item_get (get_row (fixture, 0))->pid);
  wait_for_text (fixture, who);

  /* The latest is selected, with what it changed. */
  g_assert_true (gtk_single_selection_get_selected_item (
                     qk_activity_page_get_selection (fixture->page)) == get_row (fixture, 0));
  wait_for_entries (fixture, 1);
  wait_for_text (fixture, "Failed → Pending");
  select_row (fixture, 2);
  wait_for_entries (fixture, 2);
  wait_for_text (fixture, "Failed → taken out");
}

static gboolean
is_undone (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_list_model_get_n_items (fixture->rows) == fixture->n &&
         qk_activity_item_get (get_row (fixture, fixture->n - 1))->undone != 0;
}

/* From the button to the file, and to the words of both operations. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = qk_ui_fixture_read (&fixture->queue), *after = NULL;
  GtkWidget *button;
  const char *facts;

  run_qkctl (fixture, "purge", "--yes", "--status=FAILED");
  open_page (fixture);
  wait_for_rows (fixture, 1);
  button = get_detail_part (fixture, "undo_button");
  g_assert_true (gtk_widget_get_sensitive (button));
  g_assert_cmpint (qk_activity_page_get_undoable (fixture->page), ==, get_number (fixture, 0));

  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo-selected", NULL));
  fixture->n = 2;
  g_assert_true (qk_test_wait (is_undone, fixture, QK_UI_PATIENCE_MS));
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (after, ==, before);
  wait_for_text (fixture, "This program");

  /* The same row is selected, says so, and why it is over with it. */
  g_assert_true (gtk_single_selection_get_selected_item (
                     qk_activity_page_get_selection (fixture->page)) == get_row (fixture, 1));
  g_assert_cmpint (qk_activity_page_get_undoable (fixture->page), ==, 0);
  g_assert_false (gtk_widget_get_sensitive (button));
  facts = gtk_widget_get_tooltip_text (button);
  g_assert_true (g_str_has_prefix (facts, "It is undone already, by #"));
  g_assert_nonnull (strstr (gtk_label_get_text (get_detail_part (fixture, "facts")), facts));
}

/* The buttons of the rows that are shown, from above. */
static void
collect_buttons (GtkWidget *widget, GPtrArray *buttons)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Undo") == 0)
    g_ptr_array_add (buttons, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_buttons (child, buttons);
}

/* Each row has a button; where it can do nothing, it says why. The keyboard never stands on it. */
static void
test_buttons (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();
  g_autofree char *reason = NULL, *name = NULL;

  resend (fixture, 1);
  run_qkctl (fixture, "undo", NULL, NULL);
  open_page (fixture);
  wait_for_rows (fixture, 2);
  wait_for_text (fixture, "Resent 1 message to Agent-1");
  collect_buttons (get_part (fixture, "list"), buttons);
  g_assert_cmpuint (buttons->len, ==, 2);
  g_assert_true (gtk_widget_get_sensitive (buttons->pdata[0]));
  g_assert_false (gtk_widget_get_sensitive (buttons->pdata[1]));
  g_assert_false (gtk_widget_get_focusable (buttons->pdata[0]));
  reason = g_strdup_printf ("It is undone already, by #%" G_GINT64_FORMAT
                            ". Undo that one to do it again.",
                            get_number (fixture, 0));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (buttons->pdata[1]), ==, reason);
  gtk_test_accessible_assert_property (buttons->pdata[1], GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       reason);

  /* To undo the undo is to resend again. */
  g_signal_emit_by_name (buttons->pdata[0], "clicked");
  wait_for_rows (fixture, 3);
  name = g_strdup_printf ("Undid #%" G_GINT64_FORMAT ": 1 message", get_number (fixture, 1));
  wait_for_text (fixture, name);
  g_assert_cmpint (qk_activity_item_get (get_row (fixture, 2))->undone, ==, 0);
}

/* What others do comes by itself, above what is being read. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  GtkSingleSelection *selection = qk_activity_page_get_selection (fixture->page);
  QkActivityItem *kept;

  resend (fixture, 1);
  resend (fixture, 2);
  open_page (fixture);
  wait_for_rows (fixture, 2);
  select_row (fixture, 1);
  kept = get_row (fixture, 1);
  wait_for_entries (fixture, 1);
  run_qkctl (fixture, "undo", NULL, NULL);
  wait_for_rows (fixture, 3);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  g_assert_true (gtk_single_selection_get_selected_item (selection) == kept);
  g_assert_true (get_row (fixture, 2) == kept);
  g_assert_cmpint (qk_activity_item_get (get_row (fixture, 1))->undone, ==,
                   get_number (fixture, 0));
  g_assert_cmpuint (g_list_model_get_n_items (get_entries (fixture)), ==, 1);
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  GtkEditable *words = get_part (fixture, "words");
  GtkWidget *chip;

  resend (fixture, 1);
  resend (fixture, 2);
  run_qkctl (fixture, "purge", "--yes", "--status=DELIVERED");
  open_page (fixture);
  wait_for_rows (fixture, 3);
  chip = qk_ui_test_find (get_part (fixture, "groups"), GTK_TYPE_TOGGLE_BUTTON, "Resent");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), TRUE);
  wait_for_rows (fixture, 2);
  gtk_editable_set_text (words, "to AGENT-2");
  wait_for_rows (fixture, 1);
  g_assert_cmpstr (qk_activity_item_get_recipient (get_row (fixture, 0)), ==, "Agent-2");
  gtk_editable_set_text (words, "nobody did this");
  wait_for_rows (fixture, 0);
  g_assert_cmpstr (qk_activity_page_get_shown (fixture->page), ==, "filtered");
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "activity.show-all", NULL));
  wait_for_rows (fixture, 3);
  g_assert_cmpstr (qk_activity_page_get_shown (fixture->page), ==, "list");
}

static gboolean
is_sought (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkMessageSelection *selection =
      qk_messages_page_get_selection (qk_window_get_messages_page (fixture->window));
  g_autoptr (QkMessage) message = qk_message_selection_dup_single (selection);

  return message != NULL && qk_entry_has_id (qk_message_get_entry (message), fixture->expected);
}

/* Enter leads to the message, whatever hides it; or says that there is none any more. */
static void
test_show_message (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = qk_ui_dup_id (4);
  QkMessagesPage *messages = qk_window_get_messages_page (fixture->window);

  run_qkctl (fixture, "purge", "--yes", "--status=DELIVERED");
  open_page (fixture);
  wait_for_entries (fixture, 1);
  g_signal_emit_by_name (get_detail_part (fixture, "list"), "activate", 0);
  wait_for_text (fixture, "This message is no longer in the queue");
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (messages)));

  run_qkctl (fixture, "undo", NULL, NULL);
  fixture->n = 4;
  g_assert_true (qk_test_wait (is_seen, fixture, QK_UI_PATIENCE_MS));
  g_signal_emit_by_name (get_detail_part (fixture, "list"), "activate", 0);
  fixture->expected = id;
  g_assert_true (qk_test_wait (is_sought, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (messages)));
}

/* A history that cannot be used is told, with what to do; and nothing else is said. */
static void
test_problem (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->queue.folder.path, "history.db", NULL);
  g_autoptr (QkHistory) history = qk_history_new (path);
  GtkWidget *window = adw_window_new (), *page = g_object_new (QK_TYPE_ACTIVITY_PAGE, NULL);
  QkWindow *real = fixture->window;
  g_autofree char *text = NULL;

  g_assert_cmpint (symlink (fixture->queue.folder.queue, path), ==, 0);
  qk_ui_fixture_open (&fixture->queue);
  qk_activity_page_set_queue (QK_ACTIVITY_PAGE (page), fixture->queue.store, history);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  text = g_strdup_printf ("the history %s cannot be used: a symbolic link stands there; remove it",
                          path);
  fixture->window = (QkWindow *) window;
  wait_for_text (fixture, text);
  wait_for_text (fixture, "What Was Done Is Not Known");

  /* Mended, it is seen by itself. */
  g_assert_cmpint (unlink (path), ==, 0);
  wait_for_text (fixture, "Nothing Was Done Yet");
  g_assert_null (qk_ui_test_find (window, GTK_TYPE_LABEL, text));
  fixture->window = real;
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/activity/empty", test_empty},
      {"/activity/rows", test_rows},
      {"/activity/undo", test_undo},
      {"/activity/buttons", test_buttons},
      {"/activity/live", test_live},
      {"/activity/filter", test_filter},
      {"/activity/show-message", test_show_message},
      {"/activity/problem", test_problem},
  };
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (tests) && has_display; i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return qk_ui_test_run (has_display);
}
