#include "qk-set-dialog.h"

#include "qk-message-tally.h"
#include "qk-recipients.h"
#include "qk-rehearsal.h"
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
  QkPick *pick;             /* owned: as they were seen */
  GPtrArray *changes;       /* owned, nullable: what is chosen */
  GCancellable *rehearsing; /* owned, nullable: while that is worked out */
  GCancellable *counting;   /* owned, nullable: while they are counted */
  gboolean stale;           /* what is being worked out */
};

G_DEFINE_FINAL_TYPE (QkSetDialog, qk_set_dialog, ADW_TYPE_WINDOW)

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

/* @note: nullable. */
static void
show (QkSetDialog *self, guint n_changed, const char *note)
{
  g_autofree char *label = dup_label (self, n_changed);

  gtk_button_set_label (self->submit_button, label);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL && *note != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.submit", n_changed > 0);
}

static void
show_rehearsal (QkSetDialog *self, const QkRehearsal *rehearsal)
{
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  if (rehearsal->n_changed > 0)
    self->changes = g_ptr_array_ref (rehearsal->changes);
  show (self, rehearsal->n_changed, rehearsal->skips);
}

static void
stop (GCancellable **work)
{
  if (*work != NULL)
    g_cancellable_cancel (*work);
  g_clear_object (work);
}

static QkRehearsal *
make_rehearsal (QkSetDialog *self)
{
  const char *value =
      self->kind == QK_CHANGE_SET_RECIPIENT ? get_recipient (self) : get_priority (self);

  return value != NULL ? qk_rehearsal_new (qk_store_get_document (self->store), self->pick,
                                           self->kind, value, gtk_switch_get_active (self->resend))
                       : NULL;
}

static void rehearse_in_worker (QkSetDialog *self, QkRehearsal *rehearsal);

static void
rehearsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSetDialog *self = QK_SET_DIALOG (source);
  const QkRehearsal *rehearsal = qk_rehearsal_run_finish (result, NULL);

  if (rehearsal == NULL)
    return;
  g_clear_object (&self->rehearsing);
  show_rehearsal (self, rehearsal);
  if (self->stale)
    rehearse_in_worker (self, make_rehearsal (self));
}

/* Takes it. */
static void
rehearse_in_worker (QkSetDialog *self, QkRehearsal *rehearsal)
{
  self->stale = FALSE;
  self->rehearsing = g_cancellable_new ();
  qk_rehearsal_run_async (rehearsal, self, self->rehearsing, rehearsed_cb);
}

/* Something else was chosen. */
static void
update (QkSetDialog *self)
{
  g_autoptr (QkRehearsal) rehearsal = NULL;

  if (self->pick == NULL)
    return;
  stop (&self->rehearsing);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  rehearsal = make_rehearsal (self);
  if (rehearsal == NULL)
    show (self, 0, get_hint (self));
  else if (qk_pick_get_n_entries (self->pick) <= QK_TALLY_AT_ONCE)
    {
      qk_rehearsal_run (rehearsal);
      show_rehearsal (self, rehearsal);
    }
  else
    {
      show (self, 0, _ ("Working out what will be done…"));
      rehearse_in_worker (self, g_steal_pointer (&rehearsal));
    }
}

static void
notify_cb (gpointer source, GParamSpec *pspec, QkSetDialog *self)
{
  g_assert (QK_IS_SET_DIALOG (self));

  update (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkSetDialog *self)
{
  g_assert (QK_IS_SET_DIALOG (self));

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  /* What is shown stays until it is known better. */
  if (self->rehearsing != NULL)
    self->stale = TRUE;
  else if (self->changes != NULL && qk_pick_get_n_entries (self->pick) > QK_TALLY_AT_ONCE)
    rehearse_in_worker (self, make_rehearsal (self));
  else
    update (self);
}

static void
submit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkSetDialog *self = QK_SET_DIALOG (widget);

  if (qk_pick_get_n_entries (self->pick) <= QK_TALLY_AT_ONCE)
    update (self);
  stop (&self->rehearsing);
  if (self->changes != NULL)
    qk_dialog_submit (widget, self->changes);
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
  stop (&self->rehearsing);
  stop (&self->counting);
  g_clear_object (&self->store);
  g_clear_pointer (&self->pick, qk_pick_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
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
dup_priority (const QkPick *pick)
{
  g_autofree char *common = NULL;

  for (guint i = 0; i < MIN (qk_pick_get_n_entries (pick), QK_TALLY_AT_ONCE); i++)
    {
      g_autofree char *value = qk_entry_dup_field (qk_pick_get_entry (pick, i), QK_FIELD_PRIORITY);

      if (i > 0 && g_strcmp0 (value, common) != 0)
        return NULL;
      g_free (common);
      common = g_steal_pointer (&value);
    }
  return qk_pick_get_n_entries (pick) <= QK_TALLY_AT_ONCE ? g_steal_pointer (&common) : NULL;
}

static void
show_tally (QkSetDialog *self, const QkMessageTally *tally)
{
  g_autofree char *statuses = qk_message_tally_describe_statuses (tally);
  g_autofree char *agents = qk_message_tally_describe_agents (tally);
  g_autofree char *text = g_strdup_printf (_ ("%s, for %s"), statuses, agents);

  gtk_label_set_text (self->what, text);
  gtk_widget_set_visible (self->resend_row,
                          self->kind == QK_CHANGE_SET_RECIPIENT &&
                              tally->by_status[QK_STATUS_FAILED] + tally->stuck > 0);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSetDialog *self = user_data;
  g_autoptr (QkMessageTally) tally = qk_message_tally_finish (result, NULL);

  /* Only who has been told that it goes is gone. */
  if (tally == NULL)
    return;
  g_clear_object (&self->counting);
  show_tally (self, tally);
}

static void
count (QkSetDialog *self)
{
  g_autoptr (QkMessageTally) tally = NULL;
  g_autofree char *text = NULL;

  if (qk_pick_get_n_entries (self->pick) <= QK_TALLY_AT_ONCE)
    {
      tally = qk_message_tally_new (self->pick, NULL, qk_wall_now ());
      show_tally (self, tally);
      return;
    }
  text = qk_words_count (qk_pick_get_n_entries (self->pick));
  gtk_label_set_text (self->what, text);
  self->counting = g_cancellable_new ();
  qk_message_tally_async (self->pick, qk_wall_now (), self->counting, counted_cb, self);
}

static QkSetDialog *
set_dialog_new (GtkWindow *parent, QkStore *store, QkPick *pick, QkChangeKind kind)
{
  QkSetDialog *self = g_object_new (QK_TYPE_SET_DIALOG, "transient-for", parent, NULL);

  self->kind = kind;
  self->store = g_object_ref (store);
  self->recipients = qk_recipients_new (store);
  gtk_widget_set_visible (GTK_WIDGET (self->recipient), kind == QK_CHANGE_SET_RECIPIENT);
  gtk_widget_set_visible (self->resend_row, kind == QK_CHANGE_SET_RECIPIENT);
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
  self->pick = qk_pick_ref (pick);
  count (self);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Redirect"));
  update (self);
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
  self->pick = qk_pick_ref (pick);
  count (self);
  common = dup_priority (pick);
  index = qk_priority_find (common);
  if (index < QK_N_PRIORITIES)
    gtk_check_button_set_active (self->priorities[index], TRUE);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Change Priority"));
  adw_window_title_set_title (self->title, _ ("Change Priority"));
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->priorities[index < QK_N_PRIORITIES ? index : 0]));
  return GTK_WIDGET (self);
}
