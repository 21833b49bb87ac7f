#include "qk-export.h"
#include "qk-text.h"
#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* What an export needs; it is written by a thread. */
typedef struct {
  QkReport *report;     /* owned */
  QkDocument *document; /* owned, nullable */
  QkStoreState state;
  QkThresholds thresholds;
  QkExportFormat format;
  char *path;     /* owned */
  char **guarded; /* owned: what must not be overwritten */
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  qk_report_unref (export->report);
  g_clear_pointer (&export->document, qk_document_unref);
  g_free (export->path);
  g_strfreev (export->guarded);
  g_free (export);
}

static void
run_export (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Export *export = task_data;
  QkQueueFigures queue;
  gboolean known =
      qk_queue_figures_judge (&queue, export->document, export->state, &export->thresholds);
  g_autoptr (QkAssessment) assessment = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  assessment = qk_assessment_new (export->report, known ? &queue : NULL, &export->thresholds);
  bytes = qk_export_report (export->report, assessment, export->format);
  if (qk_export_save (bytes, export->path, (const char *const *) export->guarded, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkWindow *self = QK_WINDOW (source);
  Export *export = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean saved = g_task_propagate_boolean (G_TASK (result), &error);
  g_autofree char *path = qk_text_reveal_line (export->path);
  g_autofree char *reason = error != NULL ? qk_text_reveal_line (error->message) : NULL;
  /* Where the figures are now; or why they are not there. */
  g_autofree char *text = saved ? g_strdup_printf (_ ("The figures are in %s"), path)
                                : g_strdup_printf (_ ("Nothing was exported: %s"), reason);

  /* Closed meanwhile. */
  if (self->store != NULL)
    qk_window_tell (self, text, !saved, 0);
}

/**
 * qk_window_export_health:
 * @self: a window
 * @format: the name of a format
 * @path: where to
 *
 * Writes what the page of lock health shows into a file, and tells what came of it.
 */
void
qk_window_export_health (QkWindow *self, const char *format, const char *path)
{
  QkReport *report;
  QkExportFormat parsed;
  g_autoptr (GTask) task = NULL;
  g_autofree char *location = NULL;
  Export *export;

  g_return_if_fail (QK_IS_WINDOW (self));
  g_return_if_fail (format != NULL && qk_export_format_parse (format, &parsed));
  g_return_if_fail (path != NULL);

  report = qk_health_page_get_report (self->health_page);
  g_return_if_fail (self->store != NULL && report != NULL);

  export = g_new0 (Export, 1);
  export->report = qk_report_ref (report);
  qk_thresholds_read (&export->thresholds, G_OBJECT (self->settings));
  export->document = qk_store_get_document (self->store);
  if (export->document != NULL)
    qk_document_ref (export->document);
  export->state = qk_store_get_state (self->store);
  export->path = g_strdup (path);
  location = qk_store_dup_location (self->store);
  export->guarded = qk_export_list_guarded (location, report);
  export->format = parsed;
  task = g_task_new (self, NULL, exported_cb, NULL);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, run_export);
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, QkWindow *self)
{
  const char *format = g_object_get_data (G_OBJECT (dialog), "format");
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_assert (QK_IS_WINDOW (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL && qk_health_page_get_report (self->health_page) != NULL)
    qk_window_export_health (self, format, path);
  else if (file != NULL)
    qk_window_tell (self, _ ("Figures can only be exported to this computer."), TRUE, 0);
  g_object_unref (dialog);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkReport *report = qk_health_page_get_report (self->health_page);
  const char *name = g_variant_get_string (parameter, NULL);
  QkExportFormat format;
  g_autofree char *file_name = NULL;
  GtkFileChooserNative *dialog;

  if (report == NULL || !qk_export_format_parse (name, &format))
    return;
  dialog = gtk_file_chooser_native_new (_ ("Export Lock Health"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel"));
  file_name = format == QK_EXPORT_SWARM
                  ? g_strdup ("file_locking_metrics-exported.json")
                  : g_strdup_printf ("lock-health-%s.%s", qk_period_get_name (report->period),
                                     qk_export_format_get_extension (format));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data_full (G_OBJECT (dialog), "format", g_strdup (name), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static char *
dup_chosen_counters (QkWindow *self)
{
  g_autofree char *key = qk_store_dup_key (self->store);

  return qk_settings_dup_counters (self->settings, key);
}

/* What the swarm of its queue counts is read where that was chosen, or else near the queue. */
void
qk_window_apply_counters (QkWindow *self)
{
  g_autofree char *path = NULL;

  if (self->health == NULL)
    return;
  path = dup_chosen_counters (self);
  qk_health_set_swarm_location (self->health, path);
}

static void
keep_counters (QkWindow *self, const char *path)
{
  g_autofree char *key = NULL;

  /* Closed meanwhile. */
  if (self->store == NULL)
    return;
  key = qk_store_dup_key (self->store);
  qk_settings_set_counters (self->settings, key, path);
}

static void
counters_chosen_cb (GtkNativeDialog *dialog, int response, QkWindow *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  g_assert (QK_IS_WINDOW (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    keep_counters (self, path);
  else if (file != NULL)
    qk_window_tell (self, _ ("Lock counters can only be read from this computer."), TRUE, 0);
  g_object_unref (dialog);
}

static void
choose_counters_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Lock Counters of the Swarm"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));
  g_autofree char *before = dup_chosen_counters (self);
  g_autofree char *location = qk_store_dup_location (self->store);
  g_autofree char *folder = g_path_get_dirname (before != NULL ? before : location);
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  (void) gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), file, NULL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (counters_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
forget_counters_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  keep_counters (QK_WINDOW (widget), NULL);
}

static void
export_menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_health_page_open_export_menu (QK_WINDOW (widget)->health_page);
}

const QkWindowAction qk_window_health_actions[] = {
    {"win.export-health", export_action, "s", 0, 0, QK_NEEDS_HEALTH},
    {"win.export-health-menu", export_menu_action, NULL, GDK_KEY_X,
     GDK_CONTROL_MASK | GDK_SHIFT_MASK, QK_NEEDS_HEALTH},
    {"win.choose-counters", choose_counters_action, NULL, 0, 0, QK_NEEDS_HEALTH},
    {"win.forget-counters", forget_counters_action, NULL, 0, 0, QK_NEEDS_HEALTH},
    {NULL},
};
