#include "qk-archive-dialog.h"

#include "qk-keep-dialog.h"
#include "qk-keep-words.h"
#include "qk-pick-view.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkArchiveDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *button;
  GtkWidget *banner;
  GtkLabel *banner_text;
  GtkSpinButton *days;
  GtkLabel *place;
  QkPickView *view;
  QkStore *store;            /* owned */
  QkDocument *document;      /* owned, nullable: what is shown */
  GPtrArray *entries;        /* owned, nullable: of @document: what would be archived */
  GCancellable *cancellable; /* owned, nullable: of the preview */
  char *path;                /* owned, nullable: among the archives */
  gboolean archiving;
};

G_DEFINE_FINAL_TYPE (QkArchiveDialog, qk_archive_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_ARCHIVED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What would be archived. */
typedef struct {
  QkDocument *document; /* owned */
  gint64 created_before;
  GPtrArray *entries; /* owned, nullable */
  GPtrArray *rows;    /* owned, nullable */
} Preview;

static void
preview_free (gpointer data)
{
  Preview *preview = data;

  qk_document_unref (preview->document);
  g_clear_pointer (&preview->entries, g_ptr_array_unref);
  g_clear_pointer (&preview->rows, g_ptr_array_unref);
  g_free (preview);
}

static void
unref_document (gpointer document)
{
  qk_document_unref (document);
}

static void
run_preview (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Preview *preview = task_data;

  preview->entries = qk_archive_select (preview->document, preview->created_before);
  preview->rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < preview->entries->len; i++)
    g_ptr_array_add (preview->rows, qk_pick_row_new (qk_document_ref (preview->document),
                                                     unref_document, i, preview->entries->pdata[i],
                                                     NULL, _ ("Goes"), NULL, QK_PICK_FIXED));
  g_task_return_boolean (task, TRUE);
}

static void
update_button (QkArchiveDialog *self)
{
  guint n = self->entries != NULL ? self->entries->len : 0;
  g_autofree char *label = n == 0 ? g_strdup (_ ("_Archive"))
                                  : g_strdup_printf (ngettext ("_Archive %u", "_Archive %u", n), n);

  gtk_button_set_label (self->button, label);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "archive.run", n > 0 && !self->archiving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "archive.choose-place", !self->archiving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "window.close", !self->archiving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->days), !self->archiving);
}

static void
show_rows (QkArchiveDialog *self, GPtrArray *rows)
{
  guint n = rows->len, total = qk_document_get_n_entries (self->document);
  g_autofree char *count = NULL, *summary = NULL;

  if (n == 0)
    {
      qk_pick_view_show_notice (self->view, "emblem-ok-symbolic", _ ("Nothing to Archive"),
                                _ ("No delivered message is that old."));
      return;
    }
  count = g_strdup_printf (
      ngettext ("%u message is written to the archive, then taken out of the queue.",
                "%u messages are written to the archive, then taken out of the "
                "queue.",
                n),
      n);
  summary =
      g_strdup_printf (_ ("%s One that changes meanwhile stays. %u remain."), count, total - n);
  qk_pick_view_show_rows (self->view, rows, summary);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkArchiveDialog) self = qk_weak_ref_take (user_data);
  Preview *preview = g_task_get_task_data (G_TASK (result));

  if (self == NULL || !g_task_propagate_boolean (G_TASK (result), NULL) || self->archiving)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->document, qk_document_unref);
  self->document = qk_document_ref (preview->document);
  self->entries = g_ptr_array_ref (preview->entries);
  show_rows (self, preview->rows);
  update_button (self);
}

/* What is shown is what stands in the queue now. */
static void
look (QkArchiveDialog *self)
{
  QkDocument *document = qk_store_get_document (self->store);
  g_autoptr (GTask) task = NULL;
  Preview *preview;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  update_button (self);
  if (document == NULL)
    {
      qk_pick_view_show_notice (self->view, "dialog-warning-symbolic", _ ("Nothing to Archive"),
                                _ ("The queue was not read yet."));
      return;
    }
  preview = g_new0 (Preview, 1);
  preview->document = qk_document_ref (document);
  preview->created_before =
      qk_wall_now () - (gint64) gtk_spin_button_get_value_as_int (self->days) * G_TIME_SPAN_DAY;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, previewed_cb, qk_weak_ref_new (self));
  g_task_set_task_data (task, preview, preview_free);
  g_task_run_in_thread (task, run_preview);
}

static void
days_changed_cb (GtkSpinButton *days, QkArchiveDialog *self)
{
  g_assert (QK_IS_ARCHIVE_DIALOG (self));

  if (self->store != NULL)
    look (self);
}

static void
show_place (QkArchiveDialog *self)
{
  g_autofree char *shown = self->path != NULL ? qk_keep_words_path (self->path) : NULL;

  gtk_label_set_text (self->place, shown != NULL
                                       ? shown
                                       : _ ("A new file in the folder archive, beside the queue"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->place), shown);
}

static void
show_problem (QkArchiveDialog *self, const char *text)
{
  g_autofree char *shown = text != NULL ? qk_text_reveal (text) : NULL;

  if (shown != NULL)
    gtk_label_set_text (self->banner_text, shown);
  gtk_widget_set_visible (self->banner, shown != NULL);
}

static void
archived_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkArchiveDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QkArchived) archived = qk_store_archive_finish (QK_STORE (source), result, &error);
  g_autofree char *text = NULL;

  self->archiving = FALSE;
  /* The window was closed over it. */
  if (self->store == NULL)
    return;
  if (archived == NULL)
    {
      show_problem (self, error->message);
      look (self);
      return;
    }
  text = qk_keep_words_archived (archived);
  g_signal_emit (self, signals[SIGNAL_ARCHIVED], 0, text, archived->result->operation);
  update_button (self);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
run_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkArchiveDialog *self = QK_ARCHIVE_DIALOG (widget);

  if (self->entries == NULL || self->entries->len == 0 || self->archiving)
    return;
  self->archiving = TRUE;
  show_problem (self, NULL);
  update_button (self);
  qk_store_archive_async (self->store, self->entries, self->path, NULL, NULL, archived_cb,
                          g_object_ref (self));
  qk_pick_view_show_work (self->view, _ ("Writing the archive…"));
}

static void
place_chosen_cb (GtkNativeDialog *dialog, int response, QkArchiveDialog *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    path = g_file_get_path (file);
  if (path != NULL)
    qk_archive_dialog_set_place (self, path);
  else if (file != NULL)
    show_problem (self, _ ("An archive can only be written on this computer."));
  g_object_unref (dialog);
}

static void
choose_place_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Archive to a New File"), GTK_WINDOW (widget),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Choose"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "queue-archive.json");
  g_signal_connect_object (dialog, "response", G_CALLBACK (place_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
qk_archive_dialog_close_request (GtkWindow *window)
{
  if (QK_ARCHIVE_DIALOG (window)->archiving)
    return TRUE;
  return GTK_WINDOW_CLASS (qk_archive_dialog_parent_class)->close_request (window);
}

static void
qk_archive_dialog_dispose (GObject *object)
{
  QkArchiveDialog *self = QK_ARCHIVE_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_archive_dialog_parent_class)->dispose (object);
}

static void
qk_archive_dialog_class_init (QkArchiveDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_archive_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = qk_archive_dialog_close_request;

  /**
   * QkArchiveDialog::archived:
   * @text: what was done, for the operator
   * @operation: its number in the history, by which it can be undone; 0 where it cannot
   *
   * Messages are archived; the dialog closes.
   */
  signals[SIGNAL_ARCHIVED] =
      g_signal_new ("archived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);

  g_type_ensure (QK_TYPE_PICK_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-archive-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, button);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, banner_text);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, days);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, place);
  gtk_widget_class_bind_template_child (widget_class, QkArchiveDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, days_changed_cb);
  gtk_widget_class_install_action (widget_class, "archive.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "archive.choose-place", NULL, choose_place_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK,
                                       "archive.choose-place", NULL);
  qk_keep_dialog_install_keys (widget_class, "archive.run");
}

static void
qk_archive_dialog_init (QkArchiveDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  qk_pick_view_set_titles (self->view, _ ("In the queue"), NULL);
  show_place (self);
}

/**
 * qk_archive_dialog_new:
 * @parent: (nullable): the window to show it in
 * @store: a store
 *
 * Begins to look for what can be archived.
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_archive_dialog_new (GtkWindow *parent, QkStore *store)
{
  QkArchiveDialog *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);

  self = g_object_new (QK_TYPE_ARCHIVE_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  qk_keep_dialog_set_up (GTK_WINDOW (self), self->title, parent, _ ("Archive"), NULL);
  qk_pick_view_show_work (self->view, _ ("Looking for old messages…"));
  look (self);
  return GTK_WIDGET (self);
}

/**
 * qk_archive_dialog_set_days:
 * @self: a dialog
 * @days: how old delivered messages have to be
 *
 * Looks for what can be archived anew.
 */
void
qk_archive_dialog_set_days (QkArchiveDialog *self, guint days)
{
  g_return_if_fail (QK_IS_ARCHIVE_DIALOG (self));

  gtk_spin_button_set_value (self->days, days);
}

/**
 * qk_archive_dialog_set_place:
 * @self: a dialog
 * @path: (type filename): a new file
 *
 * Archives to @path.
 */
void
qk_archive_dialog_set_place (QkArchiveDialog *self, const char *path)
{
  g_return_if_fail (QK_IS_ARCHIVE_DIALOG (self));

  g_free (self->path);
  self->path = g_strdup (path);
  show_place (self);
}
