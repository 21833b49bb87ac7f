#include "qk-edit-dialog.h"

#include "qk-diff-view.h"
#include "qk-recipients.h"
#include "qk-stuck.h"
#include "qk-text-diff.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A longer text is not edited here: a text view would stop the window. */
#define MAX_CHARS 200000

struct _QkEditDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *submit_button;
  GtkWidget *state_box;
  GtkImage *state_icon;
  GtkLabel *state;
  GtkWidget *adopt_button;
  AdwComboRow *recipient;
  AdwComboRow *priority;
  GtkLabel *summary;
  GtkStack *stack;
  GtkTextView *content;
  GtkLabel *values;
  QkDiffView *diff;
  GtkLabel *content_problem;
  GtkLabel *count;
  QkStore *store;           /* owned */
  QkRecipients *recipients; /* owned */
  QkDocument *document;     /* owned: the version in which the message was seen */
  const QkEntry *seen;      /* borrowed from @document */
  char *before;             /* owned: its text */
  guint old_recipient;      /* what is chosen where nothing is to be different */
  guint old_priority;
  gboolean too_long; /* to be edited */
  gboolean filled;
};

G_DEFINE_FINAL_TYPE (QkEditDialog, qk_edit_dialog, ADW_TYPE_WINDOW)

static char *
dup_content (QkEditDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->content);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static gboolean
is_different (QkEditDialog *self, const char *content)
{
  return (!self->too_long && !g_str_equal (content, self->before)) ||
         adw_combo_row_get_selected (self->recipient) != self->old_recipient ||
         adw_combo_row_get_selected (self->priority) != self->old_priority;
}

/* Only what is different is in it: the rest stays as it is when the change is saved. */
static QkChange *
make_change (QkEditDialog *self, const char *content)
{
  guint recipient = adw_combo_row_get_selected (self->recipient);
  guint priority = adw_combo_row_get_selected (self->priority);
  QkRevision revision = {NULL};

  if (recipient != self->old_recipient && recipient < self->recipients->names->len)
    revision.recipient = self->recipients->names->pdata[recipient];
  if (priority != self->old_priority)
    revision.priority = qk_priority_get_name (priority);
  if (!self->too_long && !g_str_equal (content, self->before))
    revision.content = content;
  return qk_change_new_edit (self->seen, &revision, qk_stuck_get_after_s ());
}

/* The message as it is now, or NULL where it is gone. */
static const QkEntry *
find_current (QkEditDialog *self)
{
  QkDocument *document = qk_store_get_document (self->store);

  for (guint i = 0; document != NULL && i < qk_document_get_n_entries (document); i++)
    if (qk_entry_same_id (qk_document_get_entry (document, i), self->seen))
      return qk_document_get_entry (document, i);
  return NULL;
}

static void
show_state (QkEditDialog *self, const char *text, gboolean is_trouble, gboolean can_adopt)
{
  if (g_strcmp0 (gtk_label_get_text (self->state), text) != 0)
    gtk_label_set_text (self->state, text);
  gtk_image_set_from_icon_name (self->state_icon, is_trouble ? "dialog-warning-symbolic"
                                                             : "dialog-information-symbolic");
  if (is_trouble)
    gtk_widget_add_css_class (self->state_box, "trouble");
  else
    gtk_widget_remove_css_class (self->state_box, "trouble");
  gtk_widget_set_visible (self->adopt_button, can_adopt);
}

/* What is going to happen, and how the button is called that lets it. */
static const char *
describe_outcome (QkStatus status, const char **label)
{
  switch (status)
    {
    case QK_STATUS_PENDING:
      *label = _ ("_Save");
      return _ ("It waits: it is changed where it stands.");
    case QK_STATUS_PROCESSING:
      *label = _ ("_Resend");
      return _ ("It is stuck, and may have arrived: it is changed, and waits again.");
    case QK_STATUS_FAILED:
      *label = _ ("_Resend");
      return _ ("It failed: it is changed, and waits again.");
    case QK_STATUS_DELIVERED:
    case QK_STATUS_EXPIRED:
      *label = _ ("_Send Copy");
      return _ ("It is done with, and stays as it is: a changed copy is sent.");
    case QK_STATUS_UNKNOWN:
    default:
      *label = _ ("_Resend");
      return "";
    }
}

static void
show_skip (QkEditDialog *self, const QkEntry *current, const char *reason)
{
  g_autofree char *text = NULL;
  gboolean moved = current != NULL && !qk_entry_same_json (current, self->seen);

  if (current == NULL)
    text =
        g_strdup (_ ("It is no longer in the queue: nothing can be changed. Copy the text, if it "
                     "is to be sent anew."));
  else
    text = g_strdup_printf (_ ("This would be skipped: %s."), reason);
  show_state (self, text, TRUE, moved);
}

/* Whether it can be saved; says what would become of it. */
static gboolean
update_state (QkEditDialog *self, const char *content)
{
  const QkEntry *current = find_current (self);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = NULL;
  const char *label, *outcome = describe_outcome (qk_entry_get_status (self->seen), &label);
  gboolean different = is_different (self, content);

  gtk_button_set_label (self->submit_button, label);
  g_ptr_array_add (changes, make_change (self, content));
  result = qk_dialog_rehearse (qk_store_get_document (self->store), changes);
  if (current != NULL && result->changed->len > 0)
    {
      gboolean moved = !qk_entry_same_json (current, self->seen);

      show_state (
          self,
          moved ? _ ("It was changed in the queue meanwhile. What you leave as it is stays as "
                     "it is there.")
                : outcome,
          moved, moved);
      return TRUE;
    }
  /* To be the same is no trouble: there is something to be typed yet. */
  if (current != NULL && !different && qk_entry_get_status (self->seen) == QK_STATUS_PENDING &&
      qk_entry_get_status (current) == QK_STATUS_PENDING)
    show_state (self, outcome, FALSE, FALSE);
  else
    show_skip (self, current,
               result->skipped->len > 0 ? ((QkSkip *) result->skipped->pdata[0])->reason
                                        : _ ("the queue cannot be read now"));
  return FALSE;
}

static void
append_value (GString *text, const char *title, AdwComboRow *row, guint old)
{
  GListModel *model = adw_combo_row_get_model (row);
  guint new = adw_combo_row_get_selected (row);

  if (new == old || new >= g_list_model_get_n_items (model))
    return;
  g_string_append_printf (text, "%s%s: − %s  + %s", text->len > 0 ? "\n" : "", title,
                          old < g_list_model_get_n_items (model)
                              ? gtk_string_list_get_string (GTK_STRING_LIST (model), old)
                              : "—",
                          gtk_string_list_get_string (GTK_STRING_LIST (model), new));
}

static void
show_changes (QkEditDialog *self, const char *content)
{
  g_autoptr (GString) values = g_string_new (NULL);
  g_autoptr (QkTextDiff) diff = qk_text_diff_new (self->before, content);
  g_autofree char *text = NULL;

  append_value (values, _ ("Recipient"), self->recipient, self->old_recipient);
  append_value (values, _ ("Priority"), self->priority, self->old_priority);
  gtk_label_set_text (self->values, values->str);
  gtk_widget_set_visible (GTK_WIDGET (self->values), values->len > 0);
  if (diff->n_added + diff->n_removed > 0)
    text = g_strdup_printf (_ ("+%u −%u lines"), diff->n_added, diff->n_removed);
  else if (!is_different (self, content))
    text = g_strdup (_ ("Nothing is different yet"));
  gtk_label_set_text (self->summary, text != NULL ? text : "");
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "changes") == 0)
    qk_diff_view_set_texts (self->diff, self->before, content);
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static gboolean
check_content (QkEditDialog *self, const char *content)
{
  const char *problem = NULL;
  g_autofree char *count = NULL;
  glong n = g_utf8_strlen (content, -1);

  if (self->too_long)
    problem = _ ("The text is too long to be edited here; qkctl edit can.");
  else if (is_blank (content))
    problem = _ ("Write what is to be sent.");
  gtk_label_set_text (self->content_problem, problem != NULL ? problem : "");
  if (!self->too_long && problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->content_problem), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->content), GTK_ACCESSIBLE_STATE_INVALID,
                               self->too_long || problem == NULL ? GTK_ACCESSIBLE_INVALID_FALSE
                                                                 : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
  count = g_strdup_printf (ngettext ("%ld character", "%ld characters", (gulong) n), n);
  gtk_label_set_text (self->count, self->too_long ? "" : count);
  return self->too_long || problem == NULL;
}

static gboolean
update (QkEditDialog *self)
{
  g_autofree char *content = dup_content (self);
  gboolean valid;

  if (!self->filled)
    return FALSE;
  valid = check_content (self, content);
  valid = update_state (self, content) && valid;
  show_changes (self, self->too_long ? self->before : content);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.submit", valid);
  return valid;
}

static void
buffer_changed_cb (GtkTextBuffer *buffer, QkEditDialog *self)
{
  g_assert (QK_IS_EDIT_DIALOG (self));

  (void) update (self);
}

static void
notify_cb (gpointer source, GParamSpec *pspec, QkEditDialog *self)
{
  g_assert (QK_IS_EDIT_DIALOG (self));

  (void) update (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkEditDialog *self)
{
  g_assert (QK_IS_EDIT_DIALOG (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    (void) update (self);
}

static void
submit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkEditDialog *self = QK_EDIT_DIALOG (widget);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autofree char *content = dup_content (self);

  if (!update (self))
    return;
  g_ptr_array_add (changes, make_change (self, content));
  qk_dialog_submit (widget, changes);
}

static void
answered_cb (AdwMessageDialog *question, const char *response, QkEditDialog *self)
{
  g_assert (QK_IS_EDIT_DIALOG (self));

  if (g_str_equal (response, "discard"))
    qk_dialog_retire (GTK_WINDOW (self));
}

/* What was written is not thrown away by a key that is pressed once too often. */
static gboolean
qk_edit_dialog_close_request (GtkWindow *window)
{
  QkEditDialog *self = QK_EDIT_DIALOG (window);
  g_autofree char *content = dup_content (self);
  AdwMessageDialog *question;

  if (!is_different (self, content))
    {
      qk_dialog_retire (window);
      return TRUE;
    }
  question = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (window, _ ("Discard Your Changes?"),
                              _ ("The message stays as it is, and what you changed is lost.")));
  adw_message_dialog_add_responses (question, "cancel", _ ("_Keep Editing"), "discard",
                                    _ ("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (question, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (question, "cancel");
  adw_message_dialog_set_close_response (question, "cancel");
  g_signal_connect_object (question, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (question));
  return TRUE;
}

static void
set_seen (QkEditDialog *self, QkDocument *document, const QkEntry *entry)
{
  g_autoptr (QkDocument) old = g_steal_pointer (&self->document);

  self->document = qk_document_ref (document);
  self->seen = entry;
  g_free (self->before);
  self->before = qk_entry_dup_field (entry, QK_FIELD_CONTENT);
  if (self->before == NULL)
    self->before = g_strdup ("");
}

/* The choices stand for what is seen; what was chosen otherwise stays chosen. */
static void
fill_choices (QkEditDialog *self)
{
  g_autofree char *recipient = qk_entry_dup_field (self->seen, QK_FIELD_RECIPIENT);
  g_autofree char *priority = qk_entry_dup_field (self->seen, QK_FIELD_PRIORITY);

  self->old_recipient = qk_recipients_find (self->recipients, recipient);
  self->old_priority = qk_priority_find (priority);
  if (self->old_priority == GTK_INVALID_LIST_POSITION)
    self->old_priority = QK_N_PRIORITIES;
}

/* Takes the message as it is now. What the operator has changed stays, the rest follows. */
static void
adopt_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkEditDialog *self = QK_EDIT_DIALOG (widget);
  const QkEntry *current = find_current (self);
  g_autofree char *content = dup_content (self);
  gboolean untouched = g_str_equal (content, self->before);
  gboolean keep_recipient = adw_combo_row_get_selected (self->recipient) != self->old_recipient;
  gboolean keep_priority = adw_combo_row_get_selected (self->priority) != self->old_priority;

  if (current == NULL)
    return;
  self->filled = FALSE;
  set_seen (self, qk_store_get_document (self->store), current);
  fill_choices (self);
  if (untouched && !self->too_long)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->content), self->before, -1);
  if (!keep_recipient)
    adw_combo_row_set_selected (self->recipient, self->old_recipient);
  if (!keep_priority)
    adw_combo_row_set_selected (self->priority, self->old_priority);
  self->filled = TRUE;
  (void) update (self);
}

/* What has happened while it was hidden. */
static void
qk_edit_dialog_show (GtkWidget *widget)
{
  (void) update (QK_EDIT_DIALOG (widget));
  GTK_WIDGET_CLASS (qk_edit_dialog_parent_class)->show (widget);
}

static void
qk_edit_dialog_dispose (GObject *object)
{
  QkEditDialog *self = QK_EDIT_DIALOG (object);

  self->filled = FALSE;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_edit_dialog_parent_class)->dispose (object);
}

static void
qk_edit_dialog_finalize (GObject *object)
{
  QkEditDialog *self = QK_EDIT_DIALOG (object);

  g_clear_pointer (&self->recipients, qk_recipients_free);
  g_clear_pointer (&self->document, qk_document_unref);
  g_free (self->before);

  G_OBJECT_CLASS (qk_edit_dialog_parent_class)->finalize (object);
}

static void
qk_edit_dialog_class_init (QkEditDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_edit_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_edit_dialog_finalize;
  widget_class->show = qk_edit_dialog_show;

  g_type_ensure (QK_TYPE_DIFF_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-edit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, submit_button);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, state_box);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, state_icon);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, state);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, adopt_button);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, recipient);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, priority);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, content);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, values);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, diff);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, content_problem);
  gtk_widget_class_bind_template_child (widget_class, QkEditDialog, count);
  gtk_widget_class_bind_template_callback (widget_class, notify_cb);
  gtk_widget_class_install_action (widget_class, "dialog.adopt", NULL, adopt_action);
  qk_dialog_install (widget_class, submit_action);
  GTK_WINDOW_CLASS (klass)->close_request = qk_edit_dialog_close_request;
}

static void
qk_edit_dialog_init (QkEditDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  qk_dialog_set_up (GTK_WIDGET (self));
}

/* Of a priority that is none of the usual ones there is one choice more: to leave it. */
static void
fill_models (QkEditDialog *self)
{
  g_autoptr (GListModel) names = qk_recipients_make_model (self->recipients);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (guint i = 0; i < QK_N_PRIORITIES; i++)
    gtk_string_list_append (labels, qk_priority_get_label (i));
  if (self->old_priority == QK_N_PRIORITIES)
    {
      g_autofree char *name = qk_words_field (self->seen, QK_FIELD_PRIORITY);

      gtk_string_list_take (labels, *name != '\0' ? g_strdup_printf (_ ("“%s”, as it is"), name)
                                                  : g_strdup (_ ("None, as it is")));
    }
  adw_combo_row_set_model (self->recipient, names);
  adw_combo_row_set_selected (self->recipient, self->old_recipient);
  adw_combo_row_set_model (self->priority, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->priority, self->old_priority);
}

static void
fill (QkEditDialog *self)
{
  g_autofree char *sender = qk_words_field (self->seen, QK_FIELD_SENDER);
  g_autofree char *recipient = qk_words_field (self->seen, QK_FIELD_RECIPIENT);
  g_autofree char *subtitle =
      qk_words_step (*sender != '\0' ? sender : "?", *recipient != '\0' ? recipient : "?");
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->content);
  GtkTextIter start;

  adw_window_title_set_subtitle (self->title, subtitle);
  fill_choices (self);
  fill_models (self);
  self->too_long = g_utf8_strlen (self->before, -1) > MAX_CHARS;
  gtk_text_view_set_editable (self->content, !self->too_long);
  if (!self->too_long)
    gtk_text_buffer_set_text (buffer, self->before, -1);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, 0);
}

/**
 * qk_edit_dialog_new:
 * @parent: (nullable): the window above which it is shown
 * @store: where the message is
 * @message: the message
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_edit_dialog_new (GtkWindow *parent, QkStore *store, QkMessage *message)
{
  QkEditDialog *self = g_object_new (QK_TYPE_EDIT_DIALOG, "transient-for", parent, NULL);
  QkDocument *document = qk_store_get_document (store);

  self->store = g_object_ref (store);
  self->recipients = qk_recipients_new (store);
  set_seen (self, document, qk_document_get_entry (document, qk_message_get_index (message)));
  fill (self);
  g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
  self->filled = TRUE;
  (void) update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->content));
  return GTK_WIDGET (self);
}
