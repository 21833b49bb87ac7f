#include "qk-dialog.h"

#include "qk-message.h"
#include "qk-plan.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_window_destroy (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * qk_dialog_retire:
 * @dialog: a dialog
 *
 * Hides it and destroys it when the main loop has nothing else to do: GTK 4.8 computes the size of a
 * window that was resized and then destroyed at once, which is gone by then.
 */
void
qk_dialog_retire (GtkWindow *dialog)
{
  gtk_widget_set_visible (GTK_WIDGET (dialog), FALSE);
  gtk_window_set_transient_for (dialog, NULL);
  g_idle_add_full (G_PRIORITY_LOW, destroy_cb, g_object_ref (dialog), g_object_unref);
}

static gboolean
close_request (GtkWindow *dialog)
{
  if (gtk_window_get_hide_on_close (dialog))
    gtk_widget_set_visible (GTK_WIDGET (dialog), FALSE);
  else
    qk_dialog_retire (dialog);
  return TRUE;
}

/**
 * qk_dialog_install:
 * @widget_class: the class of a dialog
 * @submit: what it is for
 *
 * Gives it its keys, the action `dialog.submit` and the signal.
 */
void
qk_dialog_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc submit)
{
  g_signal_new ("submit", G_TYPE_FROM_CLASS (widget_class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  GTK_WINDOW_CLASS (widget_class)->close_request = close_request;
  gtk_widget_class_install_action (widget_class, "dialog.submit", NULL, submit);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "dialog.submit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK,
                                       "dialog.submit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

/**
 * qk_dialog_set_up:
 * @dialog: a dialog with a text of several lines
 *
 * Ctrl+Return comes here before the text takes it for a new line.
 */
void
qk_dialog_set_up (GtkWidget *dialog)
{
  static const guint keys[] = {GDK_KEY_Return, GDK_KEY_KP_Enter};
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_keyval_trigger_new (keys[i], GDK_CONTROL_MASK),
                          gtk_named_action_new ("dialog.submit")));
  gtk_widget_add_controller (dialog, controller);
}

/**
 * qk_dialog_submit:
 * @dialog: a dialog
 * @changes: (element-type QkChange): what is to be saved
 *
 * Hides it and hands them over.
 */
void
qk_dialog_submit (GtkWidget *dialog, GPtrArray *changes)
{
  gtk_widget_set_visible (dialog, FALSE);
  g_signal_emit_by_name (dialog, "submit", changes);
}

/**
 * qk_dialog_rehearse:
 * @document: (nullable): a version of the queue
 * @changes: (element-type QkChange): some changes
 *
 * Returns: (transfer full): what would become of them if they were saved now
 */
QkResult *
qk_dialog_rehearse (QkDocument *document, GPtrArray *changes)
{
  QkResult *result = qk_result_new ();
  g_autoptr (QkPlan) plan = NULL;

  if (document == NULL)
    return result;
  plan = qk_plan_new (document, changes, qk_wall_now ());
  for (guint i = 0; i < changes->len; i++)
    {
      const char *reason, *id = qk_change_get_id (changes->pdata[i]);
      QkVerdict verdict = qk_plan_get_verdict (plan, i, &reason);

      if (verdict == QK_VERDICT_CHANGED)
        qk_result_take_changed (result, g_strdup (id));
      else
        qk_result_take_skipped (
            result, g_strdup (id),
            g_strdup (reason != NULL ? reason : _ ("nothing in it would be different")));
    }
  return result;
}
