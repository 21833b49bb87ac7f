#include "qk-set-dialog.h"

#include "qk-message-tally.h"
#include "qk-recipients.h"
#include "qk-stuck.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkSetDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *submit_button;
  GtkLabel *what;
  AdwPreferencesGroup *group;
  AdwComboRow *recipient;
  GtkWidget *resend_row;
  GtkSwitch *resend;
  GtkLabel *note;
  GtkCheckButton *priorities[QK_N_PRIORITIES]; /* of a priority */
  QkChangeKind kind;
  QkStore *store;           /* owned */
  QkRecipients *recipients; /* owned */
  QkSeen *seen;             /* owned */
};

G_DEFINE_FINAL_TYPE (QkSetDialog, qk_set_dialog, ADW_TYPE_WINDOW)

static gboolean
is_resent (QkSetDialog *self, const QkEntry *entry)
{
  return gtk_switch_get_active (self->resend) &&
         (qk_entry_get_status (entry) == QK_STATUS_FAILED ||
          qk_entry_is_stuck (entry, qk_wall_now (), qk_stuck_get_after_s ()));
}

static QkChange *
make_redirect (QkSetDialog *self, const QkEntry *entry, const char *recipient)
{
  const QkRevision revision = {.recipient = recipient};

  if (is_resent (self, entry))
    return qk_change_new_edit (entry, &revision, qk_stuck_get_after_s ());
  return qk_change_new_set_recipient (entry, recipient);
}

static const char *
get_recipient (QkSetDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->recipient);

  return selected < self->recipients->names->len ? self->recipients->names->pdata[selected] : NULL;
}

static const char *
get_priority (QkSetDialog *self)
{
  for (guint i = 0; i < QK_N_PRIORITIES; i++)
    if (self->priorities[i] != NULL && gtk_check_button_get_active (self->priorities[i]))
      return qk_priority_get_name (i);
  return NULL;
}

/* None where nothing is chosen. */
static GPtrArray *
make_changes (QkSetDialog *self)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  gboolean redirects = self->kind == QK_CHANGE_SET_RECIPIENT;
  const char *value = redirects ? get_recipient (self) : get_priority (self);

  for (guint i = 0; value != NULL && i < self->seen->entries->len; i++)
    {
      const QkEntry *entry = self->seen->entries->pdata[i];

      g_ptr_array_add (changes, redirects ? make_redirect (self, entry, value)
                                          : qk_change_new_set_priority (entry, value));
    }
  return changes;
}

static char *
dup_label (QkSetDialog *self, guint n)
{
  if (self->kind == QK_CHANGE_SET_RECIPIENT)
    return n > 0
               ? g_strdup_printf (ngettext ("_Redirect %u Message", "_Redirect %u Messages", n), n)
               : g_strdup (_ ("_Redirect"));
  return n > 0 ? g_strdup_printf (ngettext ("_Change %u Message", "_Change %u Messages", n), n)
               : g_strdup (_ ("_Change"));
}

static const char *
get_hint (QkSetDialog *self)
{
  return self->kind == QK_CHANGE_SET_RECIPIENT ? _ ("Choose who is to get them.")
                                               : _ ("Choose a priority.");
}

static gboolean
update (QkSetDialog *self)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = NULL;
  g_autofree char *label = NULL, *skips = NULL;

  if (self->seen == NULL)
    return FALSE;
  changes = make_changes (self);
  result = qk_dialog_rehearse (self->store, changes);
  label = dup_label (self, result->changed->len);
  skips = qk_words_skips (result);
  gtk_button_set_label (self->submit_button, label);
  gtk_label_set_text (self->note, changes->len > 0 ? skips : get_hint (self));
  gtk_widget_set_visible (GTK_WIDGET (self->note), changes->len == 0 || *skips != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.submit", result->changed->len > 0);
  return result->changed->len > 0;
}

static void
notify_cb (gpointer source, GParamSpec *pspec, QkSetDialog *self)
{
  g_assert (QK_IS_SET_DIALOG (self));

  (void) update (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkSetDialog *self)
{
  g_assert (QK_IS_SET_DIALOG (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    (void) update (self);
}

static void
submit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkSetDialog *self = QK_SET_DIALOG (widget);
  g_autoptr (GPtrArray) changes = NULL;

  if (!update (self))
    return;
  changes = make_changes (self);
  qk_dialog_submit (widget, changes);
}

/* What has happened while it was hidden. */
static void
qk_set_dialog_show (GtkWidget *widget)
{
  (void) update (QK_SET_DIALOG (widget));
  GTK_WIDGET_CLASS (qk_set_dialog_parent_class)->show (widget);
}

static void
qk_set_dialog_dispose (GObject *object)
{
  QkSetDialog *self = QK_SET_DIALOG (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->seen, qk_seen_free);
  g_clear_pointer (&self->recipients, qk_recipients_free);

  G_OBJECT_CLASS (qk_set_dialog_parent_class)->dispose (object);
}

static void
qk_set_dialog_class_init (QkSetDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_set_dialog_dispose;
  widget_class->show = qk_set_dialog_show;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-set-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, submit_button);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, what);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, group);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, recipient);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, resend_row);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, resend);
  gtk_widget_class_bind_template_child (widget_class, QkSetDialog, note);
  gtk_widget_class_bind_template_callback (widget_class, notify_cb);
  qk_dialog_install (widget_class, submit_action);
}

static void
qk_set_dialog_init (QkSetDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The priority that all of them have, or NULL. */
static char *
dup_priority (const QkSeen *seen)
{
  g_autofree char *common = NULL;

  for (guint i = 0; i < seen->entries->len; i++)
    {
      g_autofree char *value = qk_entry_dup_field (seen->entries->pdata[i], QK_FIELD_PRIORITY);

      if (i > 0 && g_strcmp0 (value, common) != 0)
        return NULL;
      g_free (common);
      common = g_steal_pointer (&value);
    }
  return g_steal_pointer (&common);
}

static QkSetDialog *
set_dialog_new (GtkWindow *parent, QkStore *store, QkPick *pick, QkChangeKind kind)
{
  QkSetDialog *self = g_object_new (QK_TYPE_SET_DIALOG, "transient-for", parent, NULL);
  g_autoptr (QkMessageTally) tally = qk_message_tally_new (pick, NULL, qk_wall_now ());
  g_autofree char *statuses = qk_message_tally_describe_statuses (tally);
  g_autofree char *agents = qk_message_tally_describe_agents (tally);
  g_autofree char *text = g_strdup_printf (_ ("%s, for %s"), statuses, agents);

  self->kind = kind;
  self->store = g_object_ref (store);
  self->recipients = qk_recipients_new (store);
  gtk_label_set_text (self->what, text);
  gtk_widget_set_visible (GTK_WIDGET (self->recipient), kind == QK_CHANGE_SET_RECIPIENT);
  gtk_widget_set_visible (self->resend_row,
                          kind == QK_CHANGE_SET_RECIPIENT &&
                              tally->by_status[QK_STATUS_FAILED] + tally->stuck > 0);
  g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
  return self;
}

/**
 * qk_set_dialog_new_redirect:
 * @parent: (nullable): the window above which it is shown
 * @store: where the messages are
 * @pick: some messages
 *
 * Returns: (transfer none): a dialog that gives them to another agent, not shown yet
 */
GtkWidget *
qk_set_dialog_new_redirect (GtkWindow *parent, QkStore *store, QkPick *pick)
{
  QkSetDialog *self = set_dialog_new (parent, store, pick, QK_CHANGE_SET_RECIPIENT);
  g_autoptr (GListModel) model = qk_recipients_make_model (self->recipients);

  /* None is chosen: a key pressed too early sends nothing to the wrong one. */
  adw_combo_row_set_model (self->recipient, model);
  adw_combo_row_set_selected (self->recipient, GTK_INVALID_LIST_POSITION);
  self->seen = qk_seen_new (pick);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Redirect"));
  (void) update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->recipient));
  return GTK_WIDGET (self);
}

static void
add_priority (QkSetDialog *self, guint index)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_check_button_new ();
  g_autofree char *title = g_strconcat ("_", qk_priority_get_label (index), NULL);
  double score = 0;
  g_autofree char *subtitle = NULL;

  (void) qk_priority_parse (qk_priority_get_name (index), &score);
  subtitle = g_strdup_printf (_ ("Score %.1f"), score);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), self->priorities[0]);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  qk_priority_get_label (index), -1);
  adw_preferences_group_add (self->group, row);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (notify_cb), self, 0);
  self->priorities[index] = GTK_CHECK_BUTTON (button);
}

/**
 * qk_set_dialog_new_priority:
 * @parent: (nullable): the window above which it is shown
 * @store: where the messages are
 * @pick: some messages
 *
 * Returns: (transfer none): a dialog that gives them another priority, not shown yet
 */
GtkWidget *
qk_set_dialog_new_priority (GtkWindow *parent, QkStore *store, QkPick *pick)
{
  QkSetDialog *self = set_dialog_new (parent, store, pick, QK_CHANGE_SET_PRIORITY);
  g_autofree char *common = NULL;
  guint index;

  for (guint i = 0; i < QK_N_PRIORITIES; i++)
    add_priority (self, i);
  self->seen = qk_seen_new (pick);
  common = dup_priority (self->seen);
  index = qk_priority_find (common);
  if (index < QK_N_PRIORITIES)
    gtk_check_button_set_active (self->priorities[index], TRUE);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Change Priority"));
  adw_window_title_set_title (self->title, _ ("Change Priority"));
  (void) update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->priorities[index < QK_N_PRIORITIES ? index : 0]));
  return GTK_WIDGET (self);
}
