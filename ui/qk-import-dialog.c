#include "qk-import-dialog.h"

#include "qk-comparison.h"
#include "qk-keep-dialog.h"
#include "qk-keep-words.h"
#include "qk-pick-view.h"

#include <glib/gi18n-lib.h>

struct _QkImportDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *button;
  GtkCheckButton *as_pending;
  GtkCheckButton *as_new;
  QkPickView *view;
  QkStore *store;            /* owned */
  QkChanger *changer;        /* owned */
  QkDocument *source;        /* owned, nullable: not read yet */
  QkImport *import;          /* owned, nullable: what is shown */
  GCancellable *cancellable; /* owned, nullable: of what is under way */
};

G_DEFINE_FINAL_TYPE (QkImportDialog, qk_import_dialog, ADW_TYPE_WINDOW)

/* What only the queue has is not in the file. */
static gboolean
judge (const QkImport *import, guint index, guint flags, QkComparisonNote *note)
{
  const QkImportItem *item = qk_import_get_item (import, index);
  const char *obstacle = qk_import_get_obstacle (import, index, flags);

  note->word = qk_keep_words_import_kind (item->kind);
  note->note = obstacle;
  note->state = obstacle != NULL ? QK_PICK_FIXED : QK_PICK_ON;
  if (obstacle == NULL && qk_import_needs_fix (import, index))
    note->note = _ ("comes fixed: the swarm would trip over it");
  return item->theirs != NULL;
}

static void
picked_cb (QkPickView *view, QkImportDialog *self)
{
  guint n = qk_pick_view_count_picked (view, NULL);
  g_autofree char *label = n == 0 ? g_strdup (_ ("_Import"))
                                  : g_strdup_printf (ngettext ("_Import %u", "_Import %u", n), n);

  g_assert (QK_IS_IMPORT_DIALOG (self));

  gtk_button_set_label (self->button, label);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", n > 0);
}

static void
show_problem (QkImportDialog *self, const GError *error)
{
  qk_pick_view_show_notice (self->view, "dialog-warning-symbolic", _ ("Cannot Import"),
                            error->message);
}

static void
show_rows (QkImportDialog *self, GPtrArray *rows)
{
  guint n_new = qk_import_count (self->import, QK_IMPORT_NEW);
  guint n_same = qk_import_count (self->import, QK_IMPORT_SAME);
  guint n_differs = qk_import_count (self->import, QK_IMPORT_DIFFERS);
  g_autofree char *new = g_strdup_printf (ngettext ("%u is new", "%u are new", n_new), n_new);
  g_autofree char *same = g_strdup_printf (
      ngettext ("%u is in the queue already", "%u are in the queue already", n_same), n_same);
  g_autofree char *differs = g_strdup_printf (
      ngettext ("%u is there in another state", "%u are there in another state", n_differs),
      n_differs);
  g_autofree char *summary = g_strjoin (" · ", new, same, differs, NULL);

  if (rows->len > 0)
    qk_pick_view_show_rows (self->view, rows, summary);
  else
    qk_pick_view_show_notice (self->view, "document-open-symbolic", _ ("Nothing to Import"),
                              _ ("There is no message in this file."));
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkImportDialog) self = qk_weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkComparison) comparison = qk_comparison_finish (QK_STORE (source), result, &error);

  /* Another way of bringing it over was chosen meanwhile. */
  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (comparison == NULL)
    {
      show_problem (self, error);
      return;
    }
  g_clear_pointer (&self->import, qk_import_unref);
  self->import = qk_import_ref (comparison->import);
  show_rows (self, comparison->rows);
}

/* Whether it becomes pending changes nothing of what can be imported. */
static guint
get_flags (QkImportDialog *self)
{
  return (gtk_check_button_get_active (self->as_new) ? QK_IMPORT_AS_NEW : 0) |
         (gtk_check_button_get_active (self->as_pending) ? QK_IMPORT_AS_PENDING : 0);
}

/* Ends what is under way for something else. */
static void
begin (QkImportDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
compare (QkImportDialog *self)
{
  begin (self);
  qk_comparison_async (self->store, self->source, judge, get_flags (self), self->cancellable,
                       compared_cb, qk_weak_ref_new (self));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkImportDialog) self = qk_weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDocument) document = qk_store_read_file_finish (QK_STORE (source), result, &error);

  if (self == NULL)
    return;
  if (document == NULL)
    {
      show_problem (self, error);
      return;
    }
  self->source = g_steal_pointer (&document);
  compare (self);
}

static void
as_new_cb (GtkCheckButton *button, QkImportDialog *self)
{
  if (self->source != NULL)
    compare (self);
}

static void
run_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkImportDialog *self = QK_IMPORT_DIALOG (widget);
  g_autoptr (GPtrArray) rows = qk_pick_view_dup_picked (self->view);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  guint flags = get_flags (self);

  for (guint i = 0; i < rows->len; i++)
    {
      guint index = qk_pick_row_get_index (rows->pdata[i]);

      if (qk_import_get_obstacle (self->import, index, flags) == NULL)
        g_ptr_array_add (changes, qk_import_make_change (self->import, index, flags));
    }
  if (changes->len > 0)
    (void) qk_changer_apply (self->changer, self->store, QK_CHANGE_RESTORE, changes);
  gtk_window_close (GTK_WINDOW (self));
}

static void
qk_import_dialog_dispose (GObject *object)
{
  QkImportDialog *self = QK_IMPORT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->import, qk_import_unref);
  g_clear_pointer (&self->source, qk_document_unref);
  g_clear_object (&self->changer);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_import_dialog_parent_class)->dispose (object);
}

static void
qk_import_dialog_class_init (QkImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_import_dialog_dispose;

  g_type_ensure (QK_TYPE_PICK_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkImportDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkImportDialog, button);
  gtk_widget_class_bind_template_child (widget_class, QkImportDialog, as_pending);
  gtk_widget_class_bind_template_child (widget_class, QkImportDialog, as_new);
  gtk_widget_class_bind_template_child (widget_class, QkImportDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, as_new_cb);
  gtk_widget_class_install_action (widget_class, "import.run", NULL, run_action);
  qk_keep_dialog_install_keys (widget_class, "import.run");
}

static void
qk_import_dialog_init (QkImportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", FALSE);
  qk_pick_view_set_titles (self->view, _ ("In the file"), _ ("In the queue"));
}

/**
 * qk_import_dialog_new:
 * @parent: (nullable): the window to show it in
 * @store: where to import to
 * @changer: what brings the changes there
 * @path: (type filename): what to import
 *
 * Begins to read @path.
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_import_dialog_new (GtkWindow *parent, QkStore *store, QkChanger *changer, const char *path)
{
  QkImportDialog *self;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (QK_IS_STORE (store) && QK_IS_CHANGER (changer), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (QK_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  self->changer = g_object_ref (changer);
  shown = qk_keep_words_path (path);
  qk_keep_dialog_set_up (GTK_WINDOW (self), self->title, parent, _ ("Import"), shown);
  qk_pick_view_show_work (self->view, _ ("Reading the file…"));
  begin (self);
  qk_store_read_file_async (store, path, self->cancellable, read_cb, qk_weak_ref_new (self));
  return GTK_WIDGET (self);
}
