#include "qk-archive-dialog.h"
#include "qk-exporter.h"
#include "qk-import-dialog.h"
#include "qk-keep-words.h"
#include "qk-restore-dialog.h"
#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* Messages that wait for the name of a file. */
typedef struct {
  QkStore *store; /* owned: another queue may be opened in the meantime */
  QkPick *pick;   /* owned */
} Export;

static void
export_free (gpointer data, GClosure *closure)
{
  Export *export = data;

  g_object_unref (export->store);
  qk_pick_unref (export->pick);
  g_free (export);
}

static const struct {
  QkMessageFormat format;
  const char *name;
} formats[] = {
    {QK_MESSAGE_FORMAT_JSON, N_ ("JSON, to be imported again (*.json)")},
    {QK_MESSAGE_FORMAT_CSV, N_ ("CSV, for spreadsheets (*.csv)")},
    {QK_MESSAGE_FORMAT_MARKDOWN, N_ ("Markdown, to be read (*.md)")},
};

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = qk_exporter_run_finish (result, &error);
  g_autofree char *shown = qk_keep_words_path (path != NULL ? path : "");
  g_autofree char *text = NULL;

  if (path != NULL)
    text = g_strdup_printf (_ ("Exported to %s"), shown);
  else
    text = g_strdup_printf (_ ("Nothing exported: %s"), error->message);
  qk_window_tell (self, text, path == NULL, 0);
}

/* The end of the name decides; where it says nothing, what was chosen below the list. */
static char *
choose_format (GtkFileChooser *chooser, const char *path, QkMessageFormat *format)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);

  if (qk_message_format_guess (path, format))
    return NULL;
  *format = QK_MESSAGE_FORMAT_JSON;
  for (gsize i = 0; filter != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (gtk_file_filter_get_name (filter), _ (formats[i].name)) == 0)
      *format = formats[i].format;
  return g_strdup_printf ("%s.%s", path, qk_message_format_get_suffix (*format));
}

static void
export_chosen_cb (GtkNativeDialog *dialog, int response, Export *export)
{
  QkWindow *self = QK_WINDOW (gtk_native_dialog_get_transient_for (dialog));
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL, *longer = NULL;
  QkMessageFormat format;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    {
      /* A name that was made longer is not the one about which was asked. */
      longer = choose_format (GTK_FILE_CHOOSER (dialog), path, &format);
      qk_exporter_run_async (export->store, export->pick, format, longer != NULL ? longer : path,
                             longer == NULL, exported_cb, g_object_ref (self));
    }
  else if (file != NULL)
    qk_window_tell (self, _ ("Messages can only be exported to this computer."), TRUE, 0);
  g_object_unref (dialog);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkPick *pick = qk_message_selection_dup_pick (qk_messages_page_get_selection (self->page));
  GtkFileChooserNative *dialog;
  Export *export;

  if (pick == NULL)
    return;
  dialog = gtk_file_chooser_native_new (_ ("Export the Selected Messages"), GTK_WINDOW (widget),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel"));
  export = g_new (Export, 1);
  *export = (Export){g_object_ref (self->store), pick};
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "messages.json");
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, _ (formats[i].name));
      gtk_file_filter_add_suffix (filter, qk_message_format_get_suffix (formats[i].format));
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  g_signal_connect_data (dialog, "response", G_CALLBACK (export_chosen_cb), export, export_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
archived_cb (QkArchiveDialog *dialog, const char *text, gint64 operation, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_tell (self, text, TRUE, operation);
}

static void
archive_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkWidget *dialog = qk_archive_dialog_new (GTK_WINDOW (self), self->store);

  g_signal_connect_object (dialog, "archived", G_CALLBACK (archived_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
import_chosen_cb (GtkNativeDialog *dialog, int response, QkWindow *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_assert (QK_IS_WINDOW (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    gtk_window_present (
        GTK_WINDOW (qk_import_dialog_new (GTK_WINDOW (self), self->store, self->changer, path)));
  else if (file != NULL)
    qk_window_tell (self, _ ("Only a file on this computer can be imported."), TRUE, 0);
  g_object_unref (dialog);
}

static void
import_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Import Messages"), GTK_WINDOW (widget),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  g_autoptr (GtkFileFilter) queues = gtk_file_filter_new (), all = gtk_file_filter_new ();

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (queues, _ ("Archives, exports and queues (*.json)"));
  gtk_file_filter_add_suffix (queues, "json");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), queues);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  g_signal_connect_object (dialog, "response", G_CALLBACK (import_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
restore_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);

  gtk_window_present (
      GTK_WINDOW (qk_restore_dialog_new (GTK_WINDOW (self), self->store, self->changer)));
}

/**
 * qk_window_keep_set_up:
 * @self: a window
 *
 * Ctrl+Shift+A comes here before a list takes it for "select nothing".
 */
void
qk_window_keep_set_up (QkWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger =
      gtk_keyval_trigger_new (GDK_KEY_A, GDK_CONTROL_MASK | GDK_SHIFT_MASK);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (trigger, gtk_named_action_new ("win.archive")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

const QkWindowAction qk_window_keep_actions[] = {
    {"win.export-messages", export_action, NULL, GDK_KEY_E, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SELECTION},
    {"win.archive", archive_action, NULL, 0, 0, QK_NEEDS_SAVING},
    {"win.import", import_action, NULL, GDK_KEY_i, GDK_CONTROL_MASK, QK_NEEDS_SAVING},
    {"win.restore-backup", restore_action, NULL, GDK_KEY_H, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SAVING},
    {NULL},
};
