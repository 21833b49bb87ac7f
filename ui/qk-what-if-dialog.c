#include "qk-what-if-dialog.h"

#include <glib/gi18n-lib.h>

struct _QkWhatIfDialog {
  AdwWindow parent_instance;

  AdwPreferencesGroup *rule;
  AdwPreferencesGroup *outcome;
  GtkSpinButton *attempts;
  GtkSpinButton *base;
  GtkSpinButton *cap;
  AdwActionRow *success_row;
  AdwActionRow *wait_row;
  AdwActionRow *worst_row;
  GtkLabel *success;
  GtkLabel *wait;
  GtkLabel *worst;
  GtkLabel *note;
  QkReport *report; /* owned */
  QkWhatIf what_if;
  gboolean setting; /* several of the numbers at once */
};

G_DEFINE_FINAL_TYPE (QkWhatIfDialog, qk_what_if_dialog, ADW_TYPE_WINDOW)

/* A share in hundredths, or seconds. */
static void
show_span (AdwActionRow *row, GtkLabel *value, const QkSpan *span, gboolean percent)
{
  double factor = percent ? 100 : 1;
  g_autofree char *text =
      g_strdup_printf (percent ? _ ("%.1f %%") : _ ("%.2f s"), span->expected * factor);
  g_autofree char *between =
      percent ? g_strdup_printf (_ ("Between %.1f %% and %.1f %%"), span->low * factor,
                                 span->high * factor)
              : g_strdup_printf (_ ("Between %.2f s and %.2f s"), span->low, span->high);

  gtk_label_set_text (value, text);
  adw_action_row_set_subtitle (row, between);
}

static char *
dup_note (QkWhatIfDialog *self)
{
  const QkWhatIf *what_if = &self->what_if;
  g_autoptr (GString) text = g_string_new (NULL);

  if (what_if->n_saves == 0)
    return g_strdup (_ ("No save met a lock in this time, so there is nothing to replay."));
  g_string_append_printf (
      text,
      ngettext ("%u save met a lock. In fact %.1f %% succeeded, after %.2f s on average.",
                "%u saves met a lock. In fact %.1f %% of them succeeded, after %.2f s on average.",
                what_if->n_saves),
      what_if->n_saves, what_if->recorded_success * 100, what_if->recorded_wait);
  if (what_if->n_incomplete > 0)
    g_string_append_printf (text, _ ("\nLeft out, since a part of them is missing: %u."),
                            what_if->n_incomplete);
  if (what_if->partial)
    g_string_append (text, _ ("\nOnly the latest events of this time are known one by one."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
replay (QkWhatIfDialog *self)
{
  QkRetryPolicy policy = {(guint) gtk_spin_button_get_value_as_int (self->attempts),
                          (gint64) (gtk_spin_button_get_value (self->base) * G_USEC_PER_SEC + 0.5),
                          (gint64) (gtk_spin_button_get_value (self->cap) * G_USEC_PER_SEC + 0.5)};
  g_autofree char *note = NULL;

  if (self->report == NULL || self->setting)
    return;
  qk_what_if_replay (&self->what_if, self->report, &policy);
  show_span (self->success_row, self->success, &self->what_if.success, TRUE);
  show_span (self->wait_row, self->wait, &self->what_if.wait, FALSE);
  show_span (self->worst_row, self->worst, &self->what_if.worst_wait, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome), self->what_if.n_saves > 0);
  note = dup_note (self);
  gtk_label_set_text (self->note, note);
}

static void
value_cb (GtkSpinButton *button, QkWhatIfDialog *self)
{
  g_assert (QK_IS_WHAT_IF_DIALOG (self));

  replay (self);
}

static void
reset_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWhatIfDialog *self = QK_WHAT_IF_DIALOG (widget);

  qk_what_if_dialog_set_policy (self, &self->report->policy);
}

static void
qk_what_if_dialog_dispose (GObject *object)
{
  g_clear_pointer (&QK_WHAT_IF_DIALOG (object)->report, qk_report_unref);

  G_OBJECT_CLASS (qk_what_if_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, rule);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, attempts);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, base);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, cap);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, success_row);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, wait_row);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, worst_row);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, success);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, wait);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, worst);
  gtk_widget_class_bind_template_child (widget_class, QkWhatIfDialog, note);
  gtk_widget_class_bind_template_callback (widget_class, value_cb);
}

static void
qk_what_if_dialog_class_init (QkWhatIfDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_what_if_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-what-if-dialog.ui");
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "what-if.reset", NULL, reset_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_what_if_dialog_init (QkWhatIfDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_what_if_dialog_new:
 * @parent: above which window
 * @report: a report
 *
 * Returns: (transfer none): a dialog that begins with the rule in use
 */
GtkWidget *
qk_what_if_dialog_new (GtkWindow *parent, QkReport *report)
{
  QkWhatIfDialog *self;
  g_autofree char *description = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  self = g_object_new (QK_TYPE_WHAT_IF_DIALOG, "transient-for", parent, NULL);
  self->report = qk_report_ref (report);
  /* Which saves are replayed: those of the last hour, and so on. */
  description = g_strdup_printf (_ ("Time: %s. Nothing is changed by asking."),
                                 qk_period_get_label (report->period));
  adw_preferences_group_set_description (self->rule, description);
  qk_what_if_dialog_set_policy (self, &report->policy);
  return GTK_WIDGET (self);
}

/**
 * qk_what_if_dialog_set_policy:
 * @self: a dialog
 * @policy: a retry rule
 *
 * Replays the saves under it.
 */
void
qk_what_if_dialog_set_policy (QkWhatIfDialog *self, const QkRetryPolicy *policy)
{
  g_return_if_fail (QK_IS_WHAT_IF_DIALOG (self));
  g_return_if_fail (policy != NULL);

  self->setting = TRUE;
  gtk_spin_button_set_value (self->attempts, policy->attempts);
  gtk_spin_button_set_value (self->base, (double) policy->base_delay / G_USEC_PER_SEC);
  gtk_spin_button_set_value (self->cap, (double) policy->max_delay / G_USEC_PER_SEC);
  self->setting = FALSE;
  replay (self);
}

/**
 * qk_what_if_dialog_get:
 * @self: a dialog
 *
 * Returns: (transfer none): what it says
 */
const QkWhatIf *
qk_what_if_dialog_get (QkWhatIfDialog *self)
{
  g_return_val_if_fail (QK_IS_WHAT_IF_DIALOG (self), NULL);

  return &self->what_if;
}
