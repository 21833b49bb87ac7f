#include "qk-preview-dialog.h"

#include "qk-count-grid.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkPreviewDialog {
  AdwMessageDialog parent_instance;

  GtkWidget *obstacle_box;
  GtkLabel *obstacle;
  GtkWidget *scroller;
  QkCountGrid *grid;
  GtkWidget *pace_box;
  GtkCheckButton *paced;
  GtkSpinButton *per_second;
  GtkLabel *duration;
  GtkWidget *name_box;
  GtkLabel *name_label;
  GtkEntry *name;

  QkStore *store; /* owned */
  QkPick *pick;   /* owned */
  QkChangeKind kind;
  char *queue; /* owned, nullable: the name that is to be typed */
  guint days;  /* for so long it can be undone, where that is told */
  gboolean allow_pace;
  QkForecast *forecast;      /* owned, nullable: not known yet */
  GCancellable *cancellable; /* owned */
  gboolean working;
  gboolean outdated; /* the queue changed meanwhile */
};

G_DEFINE_FINAL_TYPE (QkPreviewDialog, qk_preview_dialog, ADW_TYPE_MESSAGE_DIALOG)

static gboolean
is_large (QkPreviewDialog *self)
{
  return qk_pick_get_n_entries (self->pick) > QK_PREVIEW_THRESHOLD;
}

/* It is known that nothing would be done. */
static gboolean
is_vain (QkPreviewDialog *self)
{
  return self->forecast != NULL && self->forecast->tally->n_messages == 0;
}

static gboolean
has_name (QkPreviewDialog *self)
{
  return self->queue == NULL ||
         g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->name)), self->queue);
}

static void
update_response (QkPreviewDialog *self)
{
  gboolean possible = self->forecast != NULL && self->forecast->tally->n_messages > 0 &&
                      !gtk_widget_get_visible (self->obstacle_box) && has_name (self);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), QK_PREVIEW_RESPONSE_GO,
                                           possible);
}

static void
name_changed_cb (GtkEditable *name, QkPreviewDialog *self)
{
  g_assert (QK_IS_PREVIEW_DIALOG (self));

  update_response (self);
}

static void
update_duration (QkPreviewDialog *self)
{
  guint per_second = (guint) gtk_spin_button_get_value_as_int (self->per_second);
  guint n = self->forecast != NULL ? self->forecast->tally->n_messages : 0;
  g_autofree char *span =
      qk_duration_format ((gint64) ((n + per_second - 1) / per_second) * G_USEC_PER_SEC);
  g_autofree char *text = g_strdup_printf (_ ("about %s"), span);

  gtk_label_set_text (self->duration, n > 0 ? text : "");
}

static void
speed_changed_cb (GtkSpinButton *spin, QkPreviewDialog *self)
{
  g_assert (QK_IS_PREVIEW_DIALOG (self));

  gtk_check_button_set_active (self->paced, TRUE);
  update_duration (self);
}

static void
pace_toggled_cb (GtkCheckButton *paced, QkPreviewDialog *self)
{
  g_assert (QK_IS_PREVIEW_DIALOG (self));

  update_duration (self);
}

static void append (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A sentence more. */
static void
append (GString *text, const char *format, ...)
{
  va_list arguments;

  if (text->len > 0)
    g_string_append_c (text, ' ');
  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
}

/* What is being delivered may have arrived. */
static void
describe_purge (QkPreviewDialog *self, GString *text)
{
  const QkMessageTally *tally = self->forecast->tally;
  guint in_flight = tally->by_status[QK_STATUS_PROCESSING];

  if (in_flight > 0 && tally->n_messages == 1)
    append (text, "%s", _ ("It is being delivered and may have arrived."));
  else if (in_flight == 1)
    append (text, "%s", _ ("One of them is being delivered and may have arrived."));
  else if (in_flight > 1)
    append (text,
            ngettext ("%u of them is being delivered and may have arrived.",
                      "%u of them are being delivered and may have arrived.", in_flight),
            in_flight);
  if (gtk_widget_get_visible (self->obstacle_box))
    return;
  if (self->queue != NULL)
    append (text,
            ngettext ("All is kept in the history first; Ctrl+Z puts it back, for %u day.",
                      "All is kept in the history first; Ctrl+Z puts it back, for %u days.",
                      self->days),
            self->days);
  else
    append (text, "%s",
            tally->n_messages == 1 ? _ ("It is taken out of the queue; Ctrl+Z puts it back.")
                                   : _ ("They are taken out of the queue; Ctrl+Z puts them back."));
  if (self->queue != NULL && self->forecast->n_others > 0)
    append (text,
            ngettext ("%u message that came since is left where it is.",
                      "%u messages that came since are left where they are.",
                      self->forecast->n_others),
            self->forecast->n_others);
}

/* What was delivered is not set back, but sent anew. */
static void
describe_resend (QkPreviewDialog *self, GString *text)
{
  const QkMessageTally *tally = self->forecast->tally;
  guint n_copies = tally->by_status[QK_STATUS_DELIVERED] + tally->by_status[QK_STATUS_EXPIRED];

  if (n_copies > 0)
    append (text,
            ngettext ("%u of them has had its turn: it is sent once more, as a new message.",
                      "%u of them have had their turn: they are sent once more, as new "
                      "messages.",
                      n_copies),
            n_copies);
}

static void
show_body (QkPreviewDialog *self)
{
  const QkMessageTally *tally = self->forecast->tally;
  g_autofree char *statuses = qk_message_tally_describe_statuses (tally);
  g_autofree char *agents = qk_message_tally_describe_agents (tally);
  g_autoptr (GString) text = g_string_new (NULL);

  if (tally->n_messages == 0)
    g_string_append (text, _ ("There is nothing left to be done."));
  else
    g_string_append_printf (text, _ ("%s, for %s."), statuses, agents);
  if (tally->n_messages > 0 && self->kind == QK_CHANGE_PURGE)
    describe_purge (self, text);
  else if (tally->n_messages > 0)
    describe_resend (self, text);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), text->str);
}

static void
add_skips (QkPreviewDialog *self)
{
  const QkForecast *forecast = self->forecast;
  guint n = forecast->n_skipped;
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u is left as it is", "%u are left as they are", n), n);

  qk_count_grid_add_title (self->grid, title);
  for (guint i = 0; i < forecast->skips->len; i++)
    {
      const QkForecastSkip *skip = &g_array_index (forecast->skips, QkForecastSkip, i);

      qk_count_grid_add (self->grid, skip->reason, skip->n);
    }
}

static void
add_agents (QkPreviewDialog *self)
{
  GPtrArray *agents = self->forecast->tally->agents;

  qk_count_grid_add_title (self->grid, _ ("For whom"));
  for (guint i = 0; i < agents->len; i++)
    {
      const QkTallyCount *count = agents->pdata[i];
      g_autofree char *name = qk_words_agent (count->name);

      qk_count_grid_add (self->grid, name, count->n);
    }
}

/* What is left alone, and for whom the others are. A few messages need no table of agents. */
static void
show_figures (QkPreviewDialog *self)
{
  gboolean skips = self->forecast->n_skipped > 0;
  gboolean agents = is_large (self) && self->forecast->tally->n_messages > 0;

  qk_count_grid_clear (self->grid);
  if (skips)
    add_skips (self);
  if (agents)
    add_agents (self);
  gtk_widget_set_visible (self->scroller, skips || agents);
}

static void
show_label (QkPreviewDialog *self, guint n)
{
  g_autofree char *label =
      self->kind == QK_CHANGE_PURGE
          ? g_strdup_printf (ngettext ("_Purge %u Message", "_Purge %u Messages", n), n)
          : g_strdup_printf (ngettext ("_Resend %u Message", "_Resend %u Messages", n), n);

  adw_message_dialog_set_response_label (ADW_MESSAGE_DIALOG (self), QK_PREVIEW_RESPONSE_GO, label);
}

static void
update (QkPreviewDialog *self)
{
  if (self->forecast == NULL)
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), _ ("Working out what will be done…"));
  else
    {
      show_body (self);
      show_figures (self);
      show_label (self, self->forecast->tally->n_messages);
    }
  gtk_widget_set_visible (self->pace_box, self->allow_pace && is_large (self) && !is_vain (self));
  update_duration (self);
  update_response (self);
}

/* Takes @forecast. */
static void
take_forecast (QkPreviewDialog *self, QkForecast *forecast)
{
  g_clear_pointer (&self->forecast, qk_forecast_free);
  self->forecast = forecast;
  update (self);
}

static void work_out (QkPreviewDialog *self);

static void
worked_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  QkForecast *forecast = qk_forecast_finish (result, &error);
  QkPreviewDialog *self = user_data;

  /* Cancelled: the dialog is gone. */
  if (forecast == NULL)
    return;
  self->working = FALSE;
  take_forecast (self, forecast);
  if (self->outdated)
    work_out (self);
}

static void
work_out (QkPreviewDialog *self)
{
  QkDocument *document = qk_store_get_document (self->store);
  GPtrArray *changes = self->forecast != NULL ? self->forecast->changes : NULL;

  self->outdated = self->working;
  if (self->working || document == NULL)
    return;
  if (qk_document_get_n_entries (document) <= QK_TALLY_AT_ONCE &&
      qk_pick_get_n_entries (self->pick) <= QK_TALLY_AT_ONCE)
    {
      g_autoptr (GPtrArray) kept = changes != NULL ? g_ptr_array_ref (changes) : NULL;

      take_forecast (self,
                     qk_forecast_new (document, self->pick, self->kind, kept, qk_wall_now ()));
      return;
    }
  self->working = TRUE;
  qk_forecast_async (document, self->pick, self->kind, changes, self->cancellable, worked_out_cb,
                     self);
}

static void
document_cb (QkStore *store, GParamSpec *pspec, QkPreviewDialog *self)
{
  g_assert (QK_IS_PREVIEW_DIALOG (self));

  work_out (self);
}

/* The keyboard begins at the answer that does no harm, or at the name. */
static void
default_widget_cb (QkPreviewDialog *self, GParamSpec *pspec, gpointer user_data)
{
  GtkWidget *button = gtk_window_get_default_widget (GTK_WINDOW (self));
  GtkWidget *first = gtk_widget_get_visible (self->name_box) ? GTK_WIDGET (self->name) : button;

  if (button == NULL || gtk_window_get_focus (GTK_WINDOW (self)) != NULL)
    return;
  gtk_widget_grab_focus (first);
}

static void
qk_preview_dialog_dispose (GObject *object)
{
  QkPreviewDialog *self = QK_PREVIEW_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_preview_dialog_parent_class)->dispose (object);
}

static void
qk_preview_dialog_finalize (GObject *object)
{
  QkPreviewDialog *self = QK_PREVIEW_DIALOG (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->pick, qk_pick_unref);
  g_clear_pointer (&self->forecast, qk_forecast_free);
  g_free (self->queue);

  G_OBJECT_CLASS (qk_preview_dialog_parent_class)->finalize (object);
}

static void
qk_preview_dialog_class_init (QkPreviewDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_preview_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_preview_dialog_finalize;

  g_type_ensure (QK_TYPE_COUNT_GRID);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-preview-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, obstacle_box);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, obstacle);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, grid);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, pace_box);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, paced);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, per_second);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, duration);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, name_box);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, QkPreviewDialog, name);
  gtk_widget_class_bind_template_callback (widget_class, pace_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, speed_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
}

static void
qk_preview_dialog_init (QkPreviewDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::default-widget", G_CALLBACK (default_widget_cb), NULL);
}

static void
set_up (QkPreviewDialog *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);
  guint n = qk_pick_get_n_entries (self->pick);
  gboolean purges = self->kind == QK_CHANGE_PURGE;
  g_autofree char *heading =
      purges ? g_strdup_printf (ngettext ("Purge %u Message?", "Purge %u Messages?", n), n)
             : g_strdup_printf (ngettext ("Resend %u Message?", "Resend %u Messages?", n), n);

  adw_message_dialog_set_heading (dialog, heading);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), QK_PREVIEW_RESPONSE_GO, "",
                                    NULL);
  show_label (self, n);
  adw_message_dialog_set_response_appearance (
      dialog, QK_PREVIEW_RESPONSE_GO, purges ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, purges ? "cancel" : QK_PREVIEW_RESPONSE_GO);
  adw_message_dialog_set_close_response (dialog, "cancel");
}

/**
 * qk_preview_dialog_new:
 * @parent: (nullable): the window to ask in
 * @store: where the messages are
 * @pick: the chosen messages, at least one
 * @kind: %QK_CHANGE_RESEND or %QK_CHANGE_PURGE
 *
 * Returns: (transfer full): the question, not shown yet
 */
GtkWidget *
qk_preview_dialog_new (GtkWindow *parent, QkStore *store, QkPick *pick, QkChangeKind kind)
{
  QkPreviewDialog *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);
  g_return_val_if_fail (pick != NULL, NULL);

  self = g_object_new (QK_TYPE_PREVIEW_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  self->pick = qk_pick_ref (pick);
  self->kind = kind;
  set_up (self);
  g_signal_connect (store, "notify::document", G_CALLBACK (document_cb), self);
  update (self);
  work_out (self);
  return GTK_WIDGET (self);
}

/**
 * qk_preview_dialog_ask_for_name:
 * @self: a question before a purge of everything
 * @name: the name of the queue, safe to be shown
 * @days: for how many days it can be undone
 *
 * Lets nothing be done until the name is typed.
 */
void
qk_preview_dialog_ask_for_name (QkPreviewDialog *self, const char *name, guint days)
{
  g_autofree char *text = g_strdup_printf (_ ("To purge all of them, type %s"), name);
  guint n;
  g_autofree char *heading = NULL;

  g_return_if_fail (QK_IS_PREVIEW_DIALOG (self));

  n = qk_pick_get_n_entries (self->pick);
  heading = g_strdup_printf (
      ngettext ("Purge Everything: %u Message?", "Purge Everything: %u Messages?", n), n);
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), heading);
  g_free (self->queue);
  self->queue = g_strdup (name);
  self->days = days;
  gtk_label_set_text (self->name_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
  gtk_widget_set_visible (self->name_box, TRUE);
  update (self);
}

/**
 * qk_preview_dialog_get_asks_for_name:
 * @self: a question
 *
 * Returns: whether it is about everything, so that the name must be typed
 */
gboolean
qk_preview_dialog_get_asks_for_name (QkPreviewDialog *self)
{
  g_return_val_if_fail (QK_IS_PREVIEW_DIALOG (self), FALSE);

  return self->queue != NULL;
}

/**
 * qk_preview_dialog_set_obstacle:
 * @self: a question
 * @text: why it cannot be done now and what to do next, safe to be shown
 *
 * Says so, and lets nothing be done.
 */
void
qk_preview_dialog_set_obstacle (QkPreviewDialog *self, const char *text)
{
  g_return_if_fail (QK_IS_PREVIEW_DIALOG (self));

  gtk_label_set_text (self->obstacle, text);
  gtk_widget_set_visible (self->obstacle_box, TRUE);
  gtk_widget_set_visible (self->name_box, FALSE);
  update (self);
}

/**
 * qk_preview_dialog_allow_pace:
 * @self: a question before a resend
 * @allow: whether it may be done bit by bit
 *
 * Offers that, if there are many messages.
 */
void
qk_preview_dialog_allow_pace (QkPreviewDialog *self, gboolean allow)
{
  g_return_if_fail (QK_IS_PREVIEW_DIALOG (self));

  self->allow_pace = allow;
  update (self);
}

/**
 * qk_preview_dialog_get_store:
 * @self: a question
 *
 * Returns: (transfer none) (nullable): where the messages are; %NULL when it is gone
 */
QkStore *
qk_preview_dialog_get_store (QkPreviewDialog *self)
{
  g_return_val_if_fail (QK_IS_PREVIEW_DIALOG (self), NULL);

  return self->store;
}

/**
 * qk_preview_dialog_get_kind:
 * @self: a question
 *
 * Returns: what is asked about
 */
QkChangeKind
qk_preview_dialog_get_kind (QkPreviewDialog *self)
{
  g_return_val_if_fail (QK_IS_PREVIEW_DIALOG (self), QK_CHANGE_RESEND);

  return self->kind;
}

/**
 * qk_preview_dialog_get_forecast:
 * @self: a question
 *
 * Returns: (transfer none) (nullable): what would be done, with the changes that do it; %NULL where
 *   that is not known yet
 */
const QkForecast *
qk_preview_dialog_get_forecast (QkPreviewDialog *self)
{
  g_return_val_if_fail (QK_IS_PREVIEW_DIALOG (self), NULL);

  return self->forecast;
}

/**
 * qk_preview_dialog_get_per_second:
 * @self: a question
 *
 * Returns: how many messages a second; 0 for all at once
 */
guint
qk_preview_dialog_get_per_second (QkPreviewDialog *self)
{
  g_return_val_if_fail (QK_IS_PREVIEW_DIALOG (self), 0);

  if (!gtk_widget_get_visible (self->pace_box) || !gtk_check_button_get_active (self->paced))
    return 0;
  return (guint) gtk_spin_button_get_value_as_int (self->per_second);
}
