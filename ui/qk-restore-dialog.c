#include "qk-restore-dialog.h"

#include "qk-comparison.h"
#include "qk-keep-dialog.h"
#include "qk-keep-words.h"
#include "qk-pick-view.h"
#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkRestoreDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *button;
  GtkListBox *backups;
  QkPickView *view;
  QkStore *store;            /* owned */
  QkChanger *changer;        /* owned */
  GPtrArray *infos;          /* owned, nullable: of QkBackupInfo */
  QkImport *import;          /* owned, nullable: what is shown */
  GCancellable *cancellable; /* owned, nullable: of what is under way */
};

G_DEFINE_FINAL_TYPE (QkRestoreDialog, qk_restore_dialog, ADW_TYPE_WINDOW)

static const char *
get_note (const QkImport *import, guint index, const char *obstacle)
{
  QkImportKind kind = qk_import_get_item (import, index)->kind;

  if (obstacle != NULL)
    return obstacle;
  if (kind == QK_IMPORT_ONLY_HERE)
    return _ ("stays, unless it is taken: then it is removed from the queue");
  if (qk_import_needs_fix (import, index))
    return _ ("comes fixed: the swarm would trip over it");
  return kind == QK_IMPORT_DIFFERS ? _ ("becomes again what it was, if it is taken") : NULL;
}

/* What is the same needs no row. */
static gboolean
judge (const QkImport *import, guint index, guint flags, QkComparisonNote *note)
{
  QkImportKind kind = qk_import_get_item (import, index)->kind;
  const char *obstacle = qk_import_get_obstacle (import, index, flags);

  note->word = qk_keep_words_restore_kind (kind);
  note->note = get_note (import, index, obstacle);
  note->state = kind == QK_IMPORT_ONLY_HERE ? QK_PICK_DANGER : QK_PICK_OFF;
  if (obstacle != NULL)
    note->state = QK_PICK_FIXED;
  return kind != QK_IMPORT_SAME;
}

static void
picked_cb (QkPickView *view, QkRestoreDialog *self)
{
  guint n_danger, n = qk_pick_view_count_picked (view, &n_danger);
  g_autofree char *label = NULL;

  g_assert (QK_IS_RESTORE_DIALOG (self));

  if (n_danger > 0)
    label = g_strdup_printf (_ ("_Restore %u, Remove %u"), n - n_danger, n_danger);
  else if (n > 0)
    label = g_strdup_printf (ngettext ("_Restore %u", "_Restore %u", n), n);
  else
    label = g_strdup (_ ("_Restore"));
  gtk_button_set_label (self->button, label);
  if (n_danger > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "destructive-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "destructive-action");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "restore.run", n > 0);
}

static void
show_problem (QkRestoreDialog *self, const GError *error)
{
  qk_pick_view_show_notice (self->view, "dialog-warning-symbolic", _ ("Cannot Restore"),
                            error->message);
}

static void
show_rows (QkRestoreDialog *self, GPtrArray *rows)
{
  g_autofree char *summary = g_strdup_printf (
      _ ("%u only in the backup · %u changed since · %u only in the queue · %u the same"),
      qk_import_count (self->import, QK_IMPORT_NEW),
      qk_import_count (self->import, QK_IMPORT_DIFFERS),
      qk_import_count (self->import, QK_IMPORT_ONLY_HERE),
      qk_import_count (self->import, QK_IMPORT_SAME));

  if (rows->len > 0)
    qk_pick_view_show_rows (self->view, rows, summary);
  else
    qk_pick_view_show_notice (self->view, "emblem-ok-symbolic", _ ("No Difference"),
                              _ ("The queue has what this backup has, and nothing else."));
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkRestoreDialog) self = qk_weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkComparison) comparison = qk_comparison_finish (QK_STORE (source), result, &error);

  /* Another one was chosen meanwhile. */
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

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkRestoreDialog) self = qk_weak_ref_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDocument) document = qk_store_read_file_finish (QK_STORE (source), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (document == NULL)
    {
      show_problem (self, error);
      return;
    }
  qk_comparison_async (self->store, document, judge, QK_IMPORT_PUT_BACK, self->cancellable,
                       compared_cb, qk_weak_ref_new (self));
}

/* Ends what is under way for something else. */
static void
begin (QkRestoreDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
backup_selected_cb (GtkListBox *list, GtkListBoxRow *row, QkRestoreDialog *self)
{
  const QkBackupInfo *info;

  g_assert (QK_IS_RESTORE_DIALOG (self));

  if (row == NULL || self->store == NULL)
    return;
  info = self->infos->pdata[gtk_list_box_row_get_index (row)];
  begin (self);
  qk_pick_view_show_work (self->view, _ ("Comparing with the queue…"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "restore.run", FALSE);
  qk_store_read_file_async (self->store, info->path, self->cancellable, read_cb,
                            qk_weak_ref_new (self));
}

static GtkWidget *
make_label (char *text, const char *style)
{
  g_autofree char *owned = text;
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0F, "ellipsize",
                                   PANGO_ELLIPSIZE_MIDDLE, NULL);

  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_backup (const QkBackupInfo *info, gint64 now)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *time = qk_wall_format_short (info->time, now);
  g_autofree char *what = NULL, *name = qk_text_reveal_line (info->name), *line = NULL;

  if (info->problem != NULL)
    what = g_strdup (_ ("damaged"));
  else
    what =
        g_strdup_printf (ngettext ("%u message", "%u messages", info->n_entries), info->n_entries);
  line = g_strdup_printf ("%s · %s", time, what);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_tooltip_text (box, name);
  gtk_box_append (GTK_BOX (box), make_label (g_steal_pointer (&line), "heading"));
  gtk_box_append (GTK_BOX (box), make_label (g_steal_pointer (&name), "caption"));
  return box;
}

/* The newest that can be read; where none can, the newest. */
static guint
find_sound (GPtrArray *infos)
{
  for (guint i = 0; i < infos->len; i++)
    if (((const QkBackupInfo *) infos->pdata[i])->problem == NULL)
      return i;
  return 0;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkRestoreDialog) self = qk_weak_ref_take (user_data);
  g_autoptr (GPtrArray) infos = qk_store_list_backups_finish (QK_STORE (source), result, NULL);
  gint64 now = qk_wall_now ();

  if (self == NULL || infos == NULL)
    return;
  self->infos = g_ptr_array_ref (infos);
  for (guint i = 0; i < infos->len; i++)
    gtk_list_box_append (self->backups, make_backup (infos->pdata[i], now));
  if (infos->len > 0)
    gtk_list_box_select_row (
        self->backups, gtk_list_box_get_row_at_index (self->backups, (int) find_sound (infos)));
  else
    qk_pick_view_show_notice (self->view, "folder-symbolic", _ ("No Backup"),
                              _ ("There is none beside the queue, in the folder backups or in the "
                                 "folder archive. Import takes any other file."));
}

static void
run_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkRestoreDialog *self = QK_RESTORE_DIALOG (widget);
  g_autoptr (GPtrArray) rows = qk_pick_view_dup_picked (self->view);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (changes,
                     qk_import_make_change (self->import, qk_pick_row_get_index (rows->pdata[i]),
                                            QK_IMPORT_PUT_BACK));
  if (changes->len > 0)
    (void) qk_changer_apply (self->changer, self->store, QK_CHANGE_RESTORE, changes);
  gtk_window_close (GTK_WINDOW (self));
}

static void
qk_restore_dialog_dispose (GObject *object)
{
  QkRestoreDialog *self = QK_RESTORE_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_pointer (&self->import, qk_import_unref);
  g_clear_pointer (&self->infos, g_ptr_array_unref);
  g_clear_object (&self->changer);

  G_OBJECT_CLASS (qk_restore_dialog_parent_class)->dispose (object);
}

static void
qk_restore_dialog_class_init (QkRestoreDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_restore_dialog_dispose;

  g_type_ensure (QK_TYPE_PICK_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-restore-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkRestoreDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkRestoreDialog, button);
  gtk_widget_class_bind_template_child (widget_class, QkRestoreDialog, backups);
  gtk_widget_class_bind_template_child (widget_class, QkRestoreDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, backup_selected_cb);
  gtk_widget_class_install_action (widget_class, "restore.run", NULL, run_action);
  qk_keep_dialog_install_keys (widget_class, "restore.run");
}

static void
qk_restore_dialog_init (QkRestoreDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "restore.run", FALSE);
  qk_pick_view_set_titles (self->view, _ ("In the backup"), _ ("In the queue"));
}

/**
 * qk_restore_dialog_new:
 * @parent: (nullable): the window to show it in
 * @store: where to restore messages
 * @changer: what brings the changes there
 *
 * Begins to look for backups.
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_restore_dialog_new (GtkWindow *parent, QkStore *store, QkChanger *changer)
{
  QkRestoreDialog *self;

  g_return_val_if_fail (QK_IS_STORE (store) && QK_IS_CHANGER (changer), NULL);

  self = g_object_new (QK_TYPE_RESTORE_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  self->changer = g_object_ref (changer);
  qk_keep_dialog_set_up (GTK_WINDOW (self), self->title, parent, _ ("Restore From a Backup"), NULL);
  qk_pick_view_show_work (self->view, _ ("Looking for backups…"));
  begin (self);
  qk_store_list_backups_async (store, self->cancellable, listed_cb, qk_weak_ref_new (self));
  return GTK_WIDGET (self);
}
