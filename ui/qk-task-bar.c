#include "qk-task-bar.h"

#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* A save that takes less is not worth a bar that comes and goes. */
#define MOMENT_MSEC 700
#define PULSE_MSEC  150

struct _QkTaskBar {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkProgressBar *progress;
  GtkButton *pause;
  QkChanger *changer; /* owned, nullable */
  gboolean read_only;
  guint moment; /* source: until a set has waited for long enough */
  guint pulse;  /* source: while one does */
};

G_DEFINE_FINAL_TYPE (QkTaskBar, qk_task_bar, ADW_TYPE_BIN)

static void
stop_waiting (QkTaskBar *self)
{
  g_clear_handle_id (&self->moment, g_source_remove);
  g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
set_shown (QkTaskBar *self, gboolean shown)
{
  gtk_revealer_set_reveal_child (self->revealer, shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "task.cancel", shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "task.pause",
                                 shown && !self->read_only &&
                                     qk_changer_get_run (self->changer) != NULL);
}

static char *
describe_run (QkPacedRun *run)
{
  guint n_done = qk_paced_run_get_n_done (run), n_total = qk_paced_run_get_n_total (run);
  guint per_second = qk_paced_run_get_per_second (run);
  const GError *problem = qk_paced_run_get_problem (run);
  g_autofree char *rest = qk_duration_format (qk_paced_run_get_rest (run));
  g_autofree char *reason = problem != NULL ? qk_text_reveal_line (problem->message) : NULL;

  if (reason != NULL)
    return g_strdup_printf (_ ("Paused at %u of %u: %s"), n_done, n_total, reason);
  if (qk_paced_run_get_paused (run))
    return g_strdup_printf (_ ("Paused: %u of %u resent"), n_done, n_total);
  return g_strdup_printf (_ ("Resending %u of %u · %u per second · %s left"), n_done, n_total,
                          per_second, rest);
}

static char *
describe_waiting (QkTaskBar *self)
{
  QkChangeKind kind = QK_CHANGE_RESTORE;
  guint n = qk_changer_get_waiting (self->changer, &kind);

  if (kind == QK_CHANGE_RESEND)
    return g_strdup_printf (ngettext ("Resending %u message…", "Resending %u messages…", n), n);
  if (kind == QK_CHANGE_PURGE)
    return g_strdup_printf (ngettext ("Purging %u message…", "Purging %u messages…", n), n);
  if (n > 0)
    return g_strdup_printf (ngettext ("Saving %u change…", "Saving %u changes…", n), n);
  return g_strdup (_ ("Undoing…"));
}

static void
show_run (QkTaskBar *self, QkPacedRun *run)
{
  g_autofree char *text = describe_run (run);
  gboolean paused = qk_paced_run_get_paused (run);

  stop_waiting (self);
  gtk_label_set_text (self->label, text);
  gtk_progress_bar_set_fraction (self->progress, (double) qk_paced_run_get_n_done (run) /
                                                     qk_paced_run_get_n_total (run));
  gtk_button_set_label (self->pause, paused ? _ ("Res_ume") : _ ("Pa_use"));
  gtk_widget_set_visible (GTK_WIDGET (self->pause), TRUE);
  set_shown (self, TRUE);
}

static gboolean
pulse_cb (gpointer user_data)
{
  gtk_progress_bar_pulse (((QkTaskBar *) user_data)->progress);
  return G_SOURCE_CONTINUE;
}

static gboolean
moment_cb (gpointer user_data)
{
  QkTaskBar *self = user_data;
  g_autofree char *text = describe_waiting (self);

  self->moment = 0;
  gtk_label_set_text (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->pause), FALSE);
  self->pulse = g_timeout_add (PULSE_MSEC, pulse_cb, self);
  set_shown (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
update (QkTaskBar *self)
{
  QkPacedRun *run = qk_changer_get_run (self->changer);

  if (run != NULL && !qk_paced_run_is_over (run))
    show_run (self, run);
  else if (qk_changer_get_n_pending (self->changer) == (run != NULL))
    {
      stop_waiting (self);
      set_shown (self, FALSE);
    }
  else if (self->moment == 0 && self->pulse == 0)
    {
      set_shown (self, FALSE);
      self->moment = g_timeout_add (MOMENT_MSEC, moment_cb, self);
    }
}

static void
progress_cb (QkChanger *changer, QkTaskBar *self)
{
  g_assert (QK_IS_TASK_BAR (self));

  update (self);
}

static void
pause_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkPacedRun *run = qk_changer_get_run (QK_TASK_BAR (widget)->changer);

  if (run != NULL)
    qk_paced_run_set_paused (run, !qk_paced_run_get_paused (run));
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_changer_cancel (QK_TASK_BAR (widget)->changer);
}

static void
qk_task_bar_dispose (GObject *object)
{
  QkTaskBar *self = QK_TASK_BAR (object);

  stop_waiting (self);
  if (self->changer != NULL)
    g_signal_handlers_disconnect_by_data (self->changer, self);
  g_clear_object (&self->changer);

  G_OBJECT_CLASS (qk_task_bar_parent_class)->dispose (object);
}

static void
qk_task_bar_class_init (QkTaskBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_task_bar_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-task-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, QkTaskBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, QkTaskBar, label);
  gtk_widget_class_bind_template_child (widget_class, QkTaskBar, progress);
  gtk_widget_class_bind_template_child (widget_class, QkTaskBar, pause);
  gtk_widget_class_install_action (widget_class, "task.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "task.cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "task.cancel", NULL);
}

static void
qk_task_bar_init (QkTaskBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Progress"), -1);
}

/**
 * qk_task_bar_set_changer:
 * @self: a bar
 * @changer: whose work to tell of
 *
 * Follows @changer; once is enough.
 */
void
qk_task_bar_set_changer (QkTaskBar *self, QkChanger *changer)
{
  g_return_if_fail (QK_IS_TASK_BAR (self));
  g_return_if_fail (QK_IS_CHANGER (changer));
  g_return_if_fail (self->changer == NULL);

  self->changer = g_object_ref (changer);
  g_signal_connect (changer, "progress", G_CALLBACK (progress_cb), self);
  update (self);
}

/**
 * qk_task_bar_set_read_only:
 * @self: a bar
 * @read_only: whether nothing may be resumed
 *
 * Lets what is paused go on, or not.
 */
void
qk_task_bar_set_read_only (QkTaskBar *self, gboolean read_only)
{
  g_return_if_fail (QK_IS_TASK_BAR (self));

  self->read_only = read_only;
  update (self);
}

/**
 * qk_task_bar_get_text:
 * @self: a bar
 *
 * Returns: (transfer none) (nullable): what it says; %NULL while it is hidden
 */
const char *
qk_task_bar_get_text (QkTaskBar *self)
{
  g_return_val_if_fail (QK_IS_TASK_BAR (self), NULL);

  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}
