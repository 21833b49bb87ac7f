#include "qk-skip-dialog.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkSkipDialog {
  AdwWindow parent_instance;

  GtkListView *view;
  GtkStringList *lines; /* owned: reason, tab, id; safe to be shown */
};

G_DEFINE_FINAL_TYPE (QkSkipDialog, qk_skip_dialog, ADW_TYPE_WINDOW)

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, QkSkipDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *reason = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "wrap", TRUE, NULL);
  GtkWidget *id =
      g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);

  gtk_widget_add_css_class (id, "dim-label");
  gtk_widget_add_css_class (id, "data");
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_box_append (GTK_BOX (box), reason);
  gtk_box_append (GTK_BOX (box), id);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, QkSkipDialog *self)
{
  GtkWidget *reason = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *line = gtk_string_object_get_string (gtk_list_item_get_item (item));
  const char *tab = strchr (line, '\t');
  g_autofree char *text = g_strndup (line, (gsize) (tab - line));

  gtk_label_set_text (GTK_LABEL (reason), text);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (reason)), tab + 1);
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *text = qk_skip_dialog_dup_text (QK_SKIP_DIALOG (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
qk_skip_dialog_finalize (GObject *object)
{
  g_object_unref (QK_SKIP_DIALOG (object)->lines);

  G_OBJECT_CLASS (qk_skip_dialog_parent_class)->finalize (object);
}

static void
qk_skip_dialog_class_init (QkSkipDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_skip_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-skip-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSkipDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_install_action (widget_class, "skips.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "skips.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_skip_dialog_init (QkSkipDialog *self)
{
  self->lines = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static int
compare_skips (gconstpointer a, gconstpointer b)
{
  const QkSkip *x = *(const QkSkip *const *) a, *y = *(const QkSkip *const *) b;

  return g_strcmp0 (x->reason, y->reason);
}

/**
 * qk_skip_dialog_new:
 * @parent: (nullable): the window above which it is shown
 * @result: what became of a change
 *
 * Returns: (transfer none): a window that lists what was skipped, not shown yet
 */
GtkWidget *
qk_skip_dialog_new (GtkWindow *parent, const QkResult *result)
{
  QkSkipDialog *self = g_object_new (QK_TYPE_SKIP_DIALOG, "transient-for", parent, NULL);
  g_autoptr (GPtrArray) skips = g_ptr_array_new ();
  guint n = result->skipped->len;
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u was left as it is", "%u were left as they are", n), n);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (skips, result->skipped->pdata[i]);
  g_ptr_array_sort (skips, compare_skips);
  for (guint i = 0; i < n; i++)
    {
      const QkSkip *skip = skips->pdata[i];
      g_autofree char *reason = qk_text_reveal_line (skip->reason);
      g_autofree char *id = qk_text_reveal_line (skip->id != NULL ? skip->id : "");

      gtk_string_list_take (self->lines, g_strdup_printf ("%s\t%s", reason, id));
    }
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (gtk_no_selection_new (
                                           G_LIST_MODEL (g_object_ref (self->lines)))));
  gtk_window_set_title (GTK_WINDOW (self), title);
  return GTK_WIDGET (self);
}

/**
 * qk_skip_dialog_dup_text:
 * @self: a list
 *
 * Returns: (transfer full): a line for each: the id, a tab, the reason
 */
char *
qk_skip_dialog_dup_text (QkSkipDialog *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (QK_IS_SKIP_DIALOG (self), g_string_free (text, FALSE));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++)
    {
      const char *line = gtk_string_list_get_string (self->lines, i);
      const char *tab = strchr (line, '\t');

      g_string_append_printf (text, "%s\t%.*s\n", tab + 1, (int) (tab - line), line);
    }
  return g_string_free (text, FALSE);
}
