#include "qk-preview-dialog.h"
#include "qk-skip-dialog.h"
#include "qk-text.h"
#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* Actions on many messages at once, and the mode in which there are none. */

static void
go (QkWindow *self, QkPreviewDialog *dialog)
{
  const QkForecast *forecast = qk_preview_dialog_get_forecast (dialog);
  QkStore *store = qk_preview_dialog_get_store (dialog);
  guint per_second = qk_preview_dialog_get_per_second (dialog);

  /* The mode may have changed while the question stood. */
  if (forecast == NULL || store == NULL || self->read_only)
    return;
  if (qk_preview_dialog_get_asks_for_name (dialog))
    qk_changer_apply_kept (self->changer, store, QK_CHANGE_PURGE, forecast->changes);
  /* No second is spent on what will be left alone. */
  else if (per_second > 0 && forecast->due->len > 0 && qk_changer_get_run (self->changer) == NULL)
    qk_changer_resend_paced (self->changer, store, forecast->due, forecast->left, per_second);
  else
    (void) qk_changer_apply (self->changer, store, qk_preview_dialog_get_kind (dialog),
                             forecast->changes);
}

static void
answered_cb (QkPreviewDialog *dialog, const char *response, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (g_str_equal (response, QK_PREVIEW_RESPONSE_GO))
    go (self, dialog);
  if (qk_window_shows_view (self, "messages"))
    qk_messages_page_take_focus (self->page);
}

static QkPreviewDialog *
ask (QkWindow *self, QkPick *pick, QkChangeKind kind)
{
  GtkWidget *dialog = qk_preview_dialog_new (GTK_WINDOW (self), self->store, pick, kind);

  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  return QK_PREVIEW_DIALOG (dialog);
}

/* Asks before those messages are changed. */
void
qk_window_ask (QkWindow *self, QkPick *pick, QkChangeKind kind)
{
  QkPreviewDialog *dialog = ask (self, pick, kind);

  if (kind == QK_CHANGE_RESEND)
    qk_preview_dialog_allow_pace (dialog, qk_changer_get_run (self->changer) == NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* `message_queue/queue.json`, as the window shows it. */
static char *
dup_queue_name (QkStore *store)
{
  g_autofree char *location = qk_store_dup_location (store);
  g_autofree char *name = g_path_get_basename (location);
  g_autofree char *folder_path = g_path_get_dirname (location);
  g_autofree char *folder = g_path_get_basename (folder_path);
  g_autofree char *both = g_build_filename (folder, name, NULL);

  return qk_text_reveal_line (both);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkPreviewDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL, *text = NULL;

  if (qk_changer_probe_history_finish (result, &error))
    return;
  reason = qk_text_reveal_line (error->message);
  text = g_strdup_printf (_ ("The history cannot keep what is purged: %s. So it could not be put "
                             "back, and nothing is purged. Put that right first, or keep a copy of "
                             "the queue yourself."),
                          reason);
  qk_preview_dialog_set_obstacle (dialog, text);
}

static void
purge_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkDocument *document = qk_store_get_document (self->store);
  g_autoptr (QkPick) pick = NULL;
  g_autofree char *name = NULL;
  QkPreviewDialog *dialog;

  if (document == NULL || qk_document_get_n_entries (document) == 0)
    {
      qk_window_tell (self, _ ("There is nothing to purge: the queue is empty"), FALSE, 0);
      return;
    }
  pick = qk_pick_new_all (document);
  name = dup_queue_name (self->store);
  dialog = ask (self, pick, QK_CHANGE_PURGE);
  qk_preview_dialog_ask_for_name (dialog, name, qk_settings_get_history_days (self->settings));
  qk_changer_probe_history_async (self->changer, probed_cb, g_object_ref (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
details_cb (GtkButton *button, QkWindow *self)
{
  const QkResult *result = g_object_get_data (G_OBJECT (button), "qk-result");

  gtk_window_present (GTK_WINDOW (qk_skip_dialog_new (GTK_WINDOW (self), result)));
}

/* What a toast says, with a button for what was skipped. */
GtkWidget *
qk_window_make_details (QkWindow *self, const char *text, const QkResult *result)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0F, "ellipsize",
                                   PANGO_ELLIPSIZE_END, "tooltip-text", text, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("De_tails"));

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "heading");
  g_object_set_data_full (G_OBJECT (button), "qk-result", qk_result_copy (result),
                          (GDestroyNotify) qk_result_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (details_cb), self, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static void
stop_answered_cb (AdwMessageDialog *dialog, const char *response, QkWindow *self)
{
  QkPacedRun *run;

  g_assert (QK_IS_WINDOW (self));

  if (!g_str_equal (response, "stop"))
    return;
  run = qk_changer_get_run (self->changer);
  if (run != NULL)
    qk_paced_run_cancel (run);
  gtk_window_close (GTK_WINDOW (self));
}

/* Asks before the window is closed while messages are sent bit by bit. Returns whether it did. */
gboolean
qk_window_ask_to_stop (QkWindow *self)
{
  QkPacedRun *run = qk_changer_get_run (self->changer);
  guint n_done, n_left;
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;

  if (run == NULL || qk_paced_run_is_over (run))
    return FALSE;
  n_done = qk_paced_run_get_n_done (run);
  n_left = qk_paced_run_get_n_total (run) - n_done;
  body = g_strdup_printf (ngettext ("%u message has not been resent yet, and stays as it is. What "
                                    "was resent stays resent.",
                                    "%u messages have not been resent yet, and stay as they are. "
                                    "What was resent stays resent.",
                                    n_left),
                          n_left);
  dialog =
      ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _ ("Stop Resending?"), body));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Keep Open"), "stop",
                                    _ ("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (stop_answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

/* Brings the mode to whatever can write. */
void
qk_window_apply_read_only (QkWindow *self)
{
  if (self->read_only)
    qk_changer_hold (self->changer);
  if (self->store != NULL)
    qk_store_set_read_only (self->store, self->read_only);
  qk_given_up_banner_set_read_only (self->given_up, self->read_only);
  qk_loss_banner_set_read_only (self->loss, self->read_only);
  qk_task_bar_set_read_only (self->task_bar, self->read_only);
  gtk_widget_set_visible (self->read_only_button, self->read_only);
  qk_window_update_actions (self);
}

const QkWindowAction qk_window_bulk_actions[] = {
    {"win.purge-all", purge_all_action, NULL, GDK_KEY_Delete, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SAVING},
    {NULL},
};
