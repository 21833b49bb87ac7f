#include "qk-agent-picker.h"
#include "qk-compose-dialog.h"
#include "qk-diff-view.h"
#include "qk-edit-dialog.h"
#include "qk-fake-store.h"
#include "qk-plan.h"
#include "qk-set-dialog.h"
#include "qk-time.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

#include <string.h>

/* The dialogs that change messages, on a store without a file: what they say, what they let happen, and
 * what the changes are that they make. */

typedef struct {
  QkFakeStore *store;
  GPtrArray *entries;
  GPtrArray *messages; /* of QkMessage */
  GPtrArray *changes;  /* nullable: what was submitted */
  const char *expected;
  GtkWidget *dialog;
} Fixture;

static QkDocument *
read_entries (GPtrArray *entries)
{
  g_autoptr (GPtrArray) terminated = g_ptr_array_copy (entries, NULL, NULL);
  g_autofree char *json = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  QkDocument *document;

  g_ptr_array_set_free_func (terminated, NULL);
  g_ptr_array_add (terminated, NULL);
  json = qk_test_queue ((const char *const *) terminated->pdata);
  bytes = g_bytes_new (json, strlen (json));
  document = qk_document_new (bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  return document;
}

/* The queue is, from now on, what the entries say. */
static void
show (Fixture *fixture)
{
  g_autoptr (QkDocument) document = read_entries (fixture->entries);

  qk_fake_store_show (fixture->store, document, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->store = qk_fake_store_new ();
  fixture->entries = qk_ui_entries_new ();
  fixture->messages = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->dialog == NULL;
}

static void
retire (Fixture *fixture)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  qk_dialog_retire (GTK_WINDOW (fixture->dialog));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->dialog != NULL)
    retire (fixture);
  g_clear_pointer (&fixture->changes, g_ptr_array_unref);
  g_ptr_array_unref (fixture->messages);
  g_ptr_array_unref (fixture->entries);
  g_object_unref (fixture->store);
}

static void
add_entry (Fixture *fixture, QkStatus status, guint agent, int age_s)
{
  g_ptr_array_add (fixture->entries,
                   qk_ui_entry (fixture->entries->len + 1, status, agent, 0.5, age_s));
}

static void
select_all (Fixture *fixture)
{
  QkDocument *document = qk_store_get_document (QK_STORE (fixture->store));

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    g_ptr_array_add (fixture->messages, qk_message_new (document, i));
}

static void
submit_cb (GtkWidget *dialog, GPtrArray *changes, Fixture *fixture)
{
  g_assert_null (fixture->changes);
  fixture->changes = g_ptr_array_ref (changes);
}

static void
open_dialog (Fixture *fixture, GtkWidget *dialog)
{
  fixture->dialog = dialog;
  g_signal_connect (dialog, "submit", G_CALLBACK (submit_cb), fixture);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gpointer
part (Fixture *fixture, const char *id)
{
  GObject *found =
      gtk_widget_get_template_child (fixture->dialog, G_OBJECT_TYPE (fixture->dialog), id);

  g_assert_nonnull (found);
  return found;
}

static void
assert_label (Fixture *fixture, const char *id, const char *expected)
{
  g_assert_cmpstr (gtk_label_get_text (part (fixture, id)), ==, expected);
}

static void
assert_shown (Fixture *fixture, const char *id, gboolean shown)
{
  g_assert_cmpint (gtk_widget_get_visible (part (fixture, id)), ==, shown);
}

static void
write_text (Fixture *fixture, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (part (fixture, "content")), text, -1);
}

static void
submit (Fixture *fixture)
{
  (void) gtk_widget_activate_action (fixture->dialog, "dialog.submit", NULL);
}

static gboolean
has_focus_within (Fixture *fixture, const char *id)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (fixture->dialog)), *widget = part (fixture, id);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

/* The queue with what was submitted. */
static QkDocument *
apply (Fixture *fixture)
{
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  const QkSegment *segments;
  guint n;

  g_assert_nonnull (fixture->changes);
  plan = qk_plan_new (qk_store_get_document (QK_STORE (fixture->store)), fixture->changes,
                      qk_wall_now ());
  segments = qk_plan_get_segments (plan, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  bytes = g_bytes_new (text->str, text->len);
  return qk_document_new (bytes, NULL, NULL, NULL);
}

static void
assert_field (QkDocument *document, guint index, QkField field, const char *expected)
{
  g_autofree char *value = qk_entry_dup_field (qk_document_get_entry (document, index), field);

  g_assert_cmpstr (value, ==, expected);
}

static void
open_compose (Fixture *fixture)
{
  for (guint i = 0; i < 6; i++)
    add_entry (fixture, QK_STATUS_DELIVERED, i % 3 + 1, 60);
  show (fixture);
  open_dialog (fixture, qk_compose_dialog_new (NULL, QK_STORE (fixture->store), FALSE));
}

static void
test_compose (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_compose (fixture);
  g_assert_true (has_focus_within (fixture, "picker"));
  assert_label (fixture, "to_problem", "Choose who is to get it.");
  assert_label (fixture, "content_problem", "Write what is to be sent.");
  assert_shown (fixture, "from_problem", FALSE);
  g_assert_false (gtk_widget_has_css_class (part (fixture, "to_problem"), "error"));
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-3");
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-1");
  assert_shown (fixture, "to_problem", FALSE);
  assert_label (fixture, "preview", "2 messages: Agent-1, Agent-3");
  write_text (fixture, "Two\nlines \"é\"");
  assert_label (fixture, "count", "13 characters");
  adw_combo_row_set_selected (part (fixture, "priority"), 0);
  gtk_editable_set_text (part (fixture, "tags"), " a, b c ,,");
  submit (fixture);
  g_assert_false (gtk_widget_get_visible (fixture->dialog));

  after = apply (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 8);
  assert_field (after, 6, QK_FIELD_RECIPIENT, "Agent-1");
  assert_field (after, 7, QK_FIELD_RECIPIENT, "Agent-3");
  assert_field (after, 7, QK_FIELD_SENDER, "CAPTAIN");
  assert_field (after, 7, QK_FIELD_CONTENT, "Two\nlines \"é\"");
  assert_field (after, 7, QK_FIELD_PRIORITY, "urgent");
  assert_field (after, 7, QK_FIELD_PRIORITY_SCORE, "1.0");
  assert_field (after, 7, QK_FIELD_TAGS, "[\"a\",\"b c\"]");
  assert_field (after, 7, QK_FIELD_MESSAGE_TYPE, "captain_to_agent");
}

/* Nothing is sent while something is missing: the keyboard goes to what is. */
static void
test_compose_incomplete (Fixture *fixture, gconstpointer data)
{
  open_compose (fixture);
  submit (fixture);
  g_assert_null (fixture->changes);
  g_assert_true (gtk_widget_has_css_class (part (fixture, "to_problem"), "error"));
  g_assert_true (has_focus_within (fixture, "picker"));
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-2");
  write_text (fixture, " \n\t ");
  submit (fixture);
  g_assert_null (fixture->changes);
  g_assert_true (has_focus_within (fixture, "content"));
  write_text (fixture, "x");
  gtk_editable_set_text (part (fixture, "from"), " ");
  assert_label (fixture, "from_problem", "Say who sends it.");
  submit (fixture);
  g_assert_null (fixture->changes);
  g_assert_true (has_focus_within (fixture, "from"));
  g_assert_true (gtk_widget_get_visible (fixture->dialog));
  gtk_editable_set_text (part (fixture, "from"), " Agent-4 ");
  submit (fixture);
  g_assert_cmpuint (fixture->changes->len, ==, 1);
}

/* The sender is remembered. */
static void
test_compose_sender (Fixture *fixture, gconstpointer data)
{
  open_compose (fixture);
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-2");
  write_text (fixture, "x");
  gtk_editable_set_text (part (fixture, "from"), "Agent-6");
  submit (fixture);
  retire (fixture);
  g_clear_pointer (&fixture->changes, g_ptr_array_unref);
  open_dialog (fixture, qk_compose_dialog_new (NULL, QK_STORE (fixture->store), FALSE));
  g_assert_cmpstr (gtk_editable_get_text (part (fixture, "from")), ==, "Agent-6");
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-2");
  write_text (fixture, "x");
  gtk_editable_set_text (part (fixture, "from"), "CAPTAIN");
  submit (fixture);
}

static void
test_compose_warnings (Fixture *fixture, gconstpointer data)
{
  open_compose (fixture);
  assert_shown (fixture, "warning_box", FALSE);
  while (fixture->entries->len < 992)
    add_entry (fixture, QK_STATUS_DELIVERED, 1, 60);
  show (fixture);
  assert_label (fixture, "warning", "The swarm stops at 1000 entries: 992 are there.");
  while (fixture->entries->len < 1000)
    add_entry (fixture, QK_STATUS_DELIVERED, 1, 60);
  show (fixture);
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "Agent-2");
  assert_label (fixture, "warning",
                "The swarm stops at 1000 entries: 1000 are there, and 1001 would be with this. "
                "Purge delivered ones first.");
  g_ptr_array_set_size (fixture->entries, 5);
  show (fixture);
  assert_shown (fixture, "warning_box", FALSE);
  write_text (fixture, "a\xe2\x80\xae"
                       "b");
  assert_label (
      fixture, "warning",
      "The text holds characters that cannot be seen, or that turn others round. They are "
      "sent as they are.");
}

static void
test_compose_unknown (Fixture *fixture, gconstpointer data)
{
  add_entry (fixture, QK_STATUS_DELIVERED, 1, 60);
  qk_ui_alter (fixture->entries, 0, "Agent-1", "s\\u202eo");
  show (fixture);
  open_dialog (fixture, qk_compose_dialog_new (NULL, QK_STORE (fixture->store), FALSE));
  qk_compose_dialog_choose (QK_COMPOSE_DIALOG (fixture->dialog), "s\xe2\x80\xaeo");
  assert_label (fixture, "preview", "1 message: s⟨U+202E⟩o");
  assert_label (fixture, "warning",
                "“s⟨U+202E⟩o” is no agent that the swarm knows: it may not be able to deliver it.");
}

static void
open_edit (Fixture *fixture, QkStatus status, int age_s)
{
  add_entry (fixture, QK_STATUS_DELIVERED, 2, 60);
  add_entry (fixture, status, 1, age_s);
  show (fixture);
  select_all (fixture);
  open_dialog (fixture,
               qk_edit_dialog_new (NULL, QK_STORE (fixture->store), fixture->messages->pdata[1]));
}

static gboolean
can_submit (Fixture *fixture)
{
  return gtk_widget_get_sensitive (part (fixture, "submit_button"));
}

static void
assert_button (Fixture *fixture, const char *label)
{
  g_assert_cmpstr (gtk_button_get_label (part (fixture, "submit_button")), ==, label);
}

static void
test_edit_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_edit (fixture, QK_STATUS_FAILED, 60);
  g_assert_true (has_focus_within (fixture, "content"));
  assert_button (fixture, "_Resend");
  assert_label (fixture, "state", "It failed: it is changed, and waits again.");
  assert_label (fixture, "summary", "Nothing is different yet");
  write_text (fixture, "Text 2 anew\nand more");
  assert_label (fixture, "summary", "+2 −1 lines");
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  gtk_stack_set_visible_child_name (part (fixture, "stack"), "changes");
  assert_label (fixture, "values", "Recipient: − Agent-1  + Agent-2");
  g_assert_nonnull (qk_ui_test_find (part (fixture, "diff"), GTK_TYPE_LABEL, "− Text 2"));
  g_assert_nonnull (qk_ui_test_find (part (fixture, "diff"), GTK_TYPE_LABEL, "+ Text 2 anew"));
  g_assert_nonnull (qk_ui_test_find (part (fixture, "diff"), GTK_TYPE_LABEL, "+ and more"));
  submit (fixture);
  g_assert_cmpuint (fixture->changes->len, ==, 1);
  after = apply (fixture);
  assert_field (after, 1, QK_FIELD_CONTENT, "Text 2 anew\nand more");
  assert_field (after, 1, QK_FIELD_RECIPIENT, "Agent-2");
  assert_field (after, 1, QK_FIELD_STATUS, "PENDING");
  assert_field (after, 1, QK_FIELD_PRIORITY, "regular");
}

static AdwMessageDialog *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

/* Closed untouched, it goes; else it asks first. */
static void
test_edit_discard (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *question;

  open_edit (fixture, QK_STATUS_FAILED, 60);
  write_text (fixture, "An hour of work");
  gtk_window_close (GTK_WINDOW (fixture->dialog));
  question = find_question ();
  g_assert_nonnull (question);
  g_assert_true (gtk_widget_get_visible (fixture->dialog));
  adw_message_dialog_response (question, "cancel");
  gtk_window_destroy (GTK_WINDOW (question));
  g_assert_true (gtk_widget_get_visible (fixture->dialog));
  gtk_window_close (GTK_WINDOW (fixture->dialog));
  question = find_question ();
  adw_message_dialog_response (question, "discard");
  gtk_window_destroy (GTK_WINDOW (question));
  g_assert_false (gtk_widget_get_visible (fixture->dialog));
  g_assert_null (fixture->changes);
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
}

/* What is not touched is not written, whatever it becomes meanwhile. */
static void
test_edit_others_stay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_edit (fixture, QK_STATUS_PENDING, 60);
  assert_button (fixture, "_Save");
  g_assert_false (can_submit (fixture));
  adw_combo_row_set_selected (part (fixture, "priority"), 0);
  g_assert_true (can_submit (fixture));
  qk_ui_alter (fixture->entries, 1, "Text 2", "Another's text");
  show (fixture);
  assert_label (fixture, "state",
                "It was changed in the queue meanwhile. What you leave as it is stays as it is "
                "there.");
  g_assert_true (can_submit (fixture));
  submit (fixture);
  after = apply (fixture);
  assert_field (after, 1, QK_FIELD_CONTENT, "Another's text");
  assert_field (after, 1, QK_FIELD_PRIORITY, "urgent");
}

static void
test_edit_delivered_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_edit (fixture, QK_STATUS_PENDING, 60);
  write_text (fixture, "Mine");
  g_assert_true (can_submit (fixture));
  assert_shown (fixture, "adopt_button", FALSE);
  qk_ui_alter (fixture->entries, 1, "PENDING", "DELIVERED");
  show (fixture);
  assert_label (fixture, "state", "This would be skipped: moved on meanwhile: delivered now.");
  g_assert_false (can_submit (fixture));
  submit (fixture);
  g_assert_null (fixture->changes);
  assert_shown (fixture, "adopt_button", TRUE);
  g_assert_true (gtk_widget_activate_action (fixture->dialog, "dialog.adopt", NULL));
  assert_label (fixture, "state", "It is done with, and stays as it is: a changed copy is sent.");
  assert_button (fixture, "_Send Copy");
  submit (fixture);
  after = apply (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 3);
  assert_field (after, 1, QK_FIELD_CONTENT, "Text 2");
  assert_field (after, 2, QK_FIELD_CONTENT, "Mine");
}

static void
test_edit_gone (Fixture *fixture, gconstpointer data)
{
  open_edit (fixture, QK_STATUS_FAILED, 60);
  g_ptr_array_remove_index (fixture->entries, 1);
  show (fixture);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (part (fixture, "state")),
                                   "It is no longer in the queue"));
  assert_shown (fixture, "adopt_button", FALSE);
  g_assert_false (can_submit (fixture));
}

static void
test_edit_processing (Fixture *fixture, gconstpointer data)
{
  open_edit (fixture, QK_STATUS_PROCESSING, 5);
  write_text (fixture, "Mine");
  assert_label (fixture, "state", "This would be skipped: already processing.");
  g_assert_false (can_submit (fixture));
}

static void
test_edit_empty (Fixture *fixture, gconstpointer data)
{
  open_edit (fixture, QK_STATUS_FAILED, 60);
  write_text (fixture, " ");
  assert_label (fixture, "content_problem", "Write what is to be sent.");
  g_assert_false (can_submit (fixture));
  submit (fixture);
  g_assert_null (fixture->changes);
}

static void
open_set (Fixture *fixture, gboolean redirect)
{
  QkStore *store = QK_STORE (fixture->store);
  g_autoptr (QkPick) pick = NULL;

  add_entry (fixture, QK_STATUS_PENDING, 1, 60);
  add_entry (fixture, QK_STATUS_FAILED, 1, 60);
  add_entry (fixture, QK_STATUS_DELIVERED, 1, 60);
  add_entry (fixture, QK_STATUS_PROCESSING, 1, 600);
  show (fixture);
  pick = qk_pick_new_all (qk_store_get_document (store));
  add_entry (fixture, QK_STATUS_PENDING, 2, 60);
  show (fixture);
  open_dialog (fixture, redirect ? qk_set_dialog_new_redirect (NULL, store, pick)
                                 : qk_set_dialog_new_priority (NULL, store, pick));
}

static void
test_redirect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_set (fixture, TRUE);
  /* Nobody is chosen at first. */
  g_assert_false (can_submit (fixture));
  assert_label (fixture, "note", "Choose who is to get them.");
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  assert_button (fixture, "_Redirect 3 Messages");
  assert_label (fixture, "note", "1 skipped: only pending and failed messages can be edited");
  submit (fixture);
  after = apply (fixture);
  for (guint i = 0; i < 5; i++)
    assert_field (after, i, QK_FIELD_RECIPIENT, i == 2 ? "Agent-1" : "Agent-2");
  assert_field (after, 1, QK_FIELD_STATUS, "PENDING");
  assert_field (after, 2, QK_FIELD_STATUS, "DELIVERED");
  assert_field (after, 3, QK_FIELD_STATUS, "PENDING");
}

/* Told not to, it resends nothing; then what is stuck cannot be redirected. */
static void
test_redirect_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;

  open_set (fixture, TRUE);
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  gtk_switch_set_active (part (fixture, "resend"), FALSE);
  assert_button (fixture, "_Redirect 2 Messages");
  assert_label (fixture, "note", "2 skipped: only pending and failed messages can be edited");
  submit (fixture);
  after = apply (fixture);
  assert_field (after, 1, QK_FIELD_RECIPIENT, "Agent-2");
  assert_field (after, 1, QK_FIELD_STATUS, "FAILED");
  assert_field (after, 3, QK_FIELD_RECIPIENT, "Agent-1");
}

/* It follows the queue, and asks for nothing that cannot be. */
static void
test_redirect_live (Fixture *fixture, gconstpointer data)
{
  open_set (fixture, TRUE);
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  g_ptr_array_remove_range (fixture->entries, 0, 2);
  show (fixture);
  assert_button (fixture, "_Redirect 1 Message");
  adw_combo_row_set_selected (part (fixture, "recipient"), 0);
  g_ptr_array_remove_range (fixture->entries, 0, 2);
  show (fixture);
  g_assert_false (can_submit (fixture));
  assert_label (fixture, "note", "4 skipped: no longer in the queue");
  submit (fixture);
  g_assert_null (fixture->changes);
}

static gboolean
says_expected (gpointer user_data)
{
  Fixture *fixture = user_data;

  return strcmp (gtk_button_get_label (part (fixture, "submit_button")), fixture->expected) == 0;
}

static void
wait_for_button (Fixture *fixture, const char *label)
{
  fixture->expected = label;
  if (!qk_test_wait (says_expected, fixture, QK_UI_PATIENCE_MS))
    g_error ("the button never said: %s, but %s; %s", label,
             gtk_button_get_label (part (fixture, "submit_button")),
             gtk_label_get_text (part (fixture, "note")));
}

static gboolean
is_counted (gpointer user_data)
{
  return g_str_equal (gtk_label_get_text (part (user_data, "what")),
                      "2000 failed and 1000 delivered, for Agent-1 and Agent-2");
}

/* Of many it is worked out beside the window: until then nothing can be submitted, and what is chosen
 * last counts. */
static void
test_redirect_many (Fixture *fixture, gconstpointer data)
{
  QkStore *store = QK_STORE (fixture->store);
  g_autoptr (QkPick) pick = NULL;
  g_autoptr (QkDocument) after = NULL;

  for (guint i = 0; i < 3000; i++)
    add_entry (fixture, i % 3 == 0 ? QK_STATUS_DELIVERED : QK_STATUS_FAILED,
               i < 2997 || i % 3 != 0 ? 1 : 2, 60);
  show (fixture);
  pick = qk_pick_new_all (qk_store_get_document (store));
  open_dialog (fixture, qk_set_dialog_new_redirect (NULL, store, pick));
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  g_assert_false (can_submit (fixture));
  submit (fixture);
  g_assert_null (fixture->changes);
  wait_for_button (fixture, "_Redirect 2000 Messages");
  assert_label (
      fixture, "note",
      "999 skipped: only pending and failed messages can be edited, 1 skipped: nothing in "
      "it would be different");
  g_assert_true (qk_test_wait (is_counted, fixture, QK_UI_PATIENCE_MS));
  adw_combo_row_set_selected (part (fixture, "recipient"), 0);
  adw_combo_row_set_selected (part (fixture, "recipient"), 1);
  g_assert_false (can_submit (fixture));
  g_ptr_array_remove_range (fixture->entries, 0, 1500);
  show (fixture);
  wait_for_button (fixture, "_Redirect 1000 Messages");
  submit (fixture);
  g_assert_cmpuint (fixture->changes->len, ==, 3000);
  after = apply (fixture);
  assert_field (after, 1, QK_FIELD_RECIPIENT, "Agent-2");
}

static void
test_priority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = NULL;
  GtkWidget *high;

  open_set (fixture, FALSE);
  /* What they have is what is chosen: nothing would be different. */
  g_assert_false (can_submit (fixture));
  high = qk_ui_test_find (fixture->dialog, ADW_TYPE_ACTION_ROW, "High");
  g_assert_nonnull (high);
  adw_action_row_activate (ADW_ACTION_ROW (high));
  assert_button (fixture, "_Change 2 Messages");
  submit (fixture);
  after = apply (fixture);
  assert_field (after, 0, QK_FIELD_PRIORITY, "high");
  assert_field (after, 0, QK_FIELD_PRIORITY_SCORE, "0.8");
  assert_field (after, 1, QK_FIELD_PRIORITY, "high");
  assert_field (after, 1, QK_FIELD_STATUS, "FAILED");
  assert_field (after, 2, QK_FIELD_PRIORITY, "regular");
  assert_field (after, 3, QK_FIELD_PRIORITY, "regular");
}

/* Long stretches are left out, control characters are shown, and the marks stand where they belong. */
static void
test_diff_view (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = g_object_new (QK_TYPE_DIFF_VIEW, NULL), *label;
  PangoAttrList *attributes;
  g_autoptr (PangoAttrIterator) iter = NULL;
  int start, end;

  fixture->dialog = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->dialog), view);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  qk_diff_view_set_texts (QK_DIFF_VIEW (view), "1\n2\n3\n4\n5\nsix \033[2J old words\n7\n8\n9\n10",
                          "1\n2\n3\n4\n5\nsix \033[2J new words\n7\n8\n9\n10");
  g_assert_nonnull (qk_ui_test_find (view, GTK_TYPE_LABEL, "⋯ 3 unchanged lines"));
  g_assert_nonnull (qk_ui_test_find (view, GTK_TYPE_LABEL, "  4"));
  g_assert_nonnull (qk_ui_test_find (view, GTK_TYPE_LABEL, "− six ␛[2J old words"));
  label = qk_ui_test_find (view, GTK_TYPE_LABEL, "+ six ␛[2J new words");
  g_assert_nonnull (label);
  g_assert_nonnull (qk_ui_test_find (view, GTK_TYPE_LABEL, "⋯ 2 unchanged lines"));
  attributes = gtk_label_get_attributes (GTK_LABEL (label));
  iter = pango_attr_list_get_iterator (attributes);
  g_assert_true (pango_attr_iterator_next (iter));
  pango_attr_iterator_range (iter, &start, &end);
  g_assert_cmpint (
      strncmp (gtk_label_get_text (GTK_LABEL (label)) + start, "new words", (gsize) (end - start)),
      ==, 0);
  g_assert_cmpint (end - start, ==, 3);
  qk_diff_view_set_texts (QK_DIFF_VIEW (view), "a", "a");
  g_assert_nonnull (qk_ui_test_find (view, GTK_TYPE_LABEL, "The text stays as it is."));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      ADD ("/ui/compose/send", test_compose);
      ADD ("/ui/compose/incomplete", test_compose_incomplete);
      ADD ("/ui/compose/sender", test_compose_sender);
      ADD ("/ui/compose/warnings", test_compose_warnings);
      ADD ("/ui/compose/unknown", test_compose_unknown);
      ADD ("/ui/edit/failed", test_edit_failed);
      ADD ("/ui/edit/discard", test_edit_discard);
      ADD ("/ui/edit/others-stay", test_edit_others_stay);
      ADD ("/ui/edit/delivered-meanwhile", test_edit_delivered_meanwhile);
      ADD ("/ui/edit/gone", test_edit_gone);
      ADD ("/ui/edit/processing", test_edit_processing);
      ADD ("/ui/edit/empty", test_edit_empty);
      ADD ("/ui/set/redirect", test_redirect);
      ADD ("/ui/set/redirect-only", test_redirect_only);
      ADD ("/ui/set/redirect-live", test_redirect_live);
      ADD ("/ui/set/redirect-many", test_redirect_many);
      ADD ("/ui/set/priority", test_priority);
      ADD ("/ui/diff-view", test_diff_view);
    }
  return qk_ui_test_run (has_display);
}
