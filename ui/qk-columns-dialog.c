#include "qk-columns-dialog.h"

#include <glib/gi18n-lib.h>

struct _QkColumnsDialog {
  AdwWindow parent_instance;

  GtkListBox *rows;
  QkColumnSet *columns;                /* owned */
  GtkWidget *row[QK_N_COLUMNS];        /* owned by @rows: of each column */
  GtkCheckButton *check[QK_N_COLUMNS]; /* owned by its row */
  GtkWidget *up[QK_N_COLUMNS];         /* owned by its row */
  GtkWidget *down[QK_N_COLUMNS];       /* owned by its row */
};

G_DEFINE_FINAL_TYPE (QkColumnsDialog, qk_columns_dialog, ADW_TYPE_WINDOW)

/* Returns which column the row is of that has @widget in it. */
static gboolean
find_column (QkColumnsDialog *self, GtkWidget *widget, QkColumn *column)
{
  for (guint i = 0; widget != NULL && i < QK_N_COLUMNS; i++)
    if (widget == self->row[i] || gtk_widget_is_ancestor (widget, self->row[i]))
      {
        *column = (QkColumn) i;
        return TRUE;
      }
  return FALSE;
}

/* Rows that are in their place stay: the keyboard stays on them. */
static void
update (QkColumnsDialog *self)
{
  QkColumnState states[QK_N_COLUMNS];

  qk_column_set_get_states (self->columns, states);
  for (int i = 0; i < QK_N_COLUMNS; i++)
    {
      QkColumn column = states[i].column;
      GtkListBoxRow *row = GTK_LIST_BOX_ROW (self->row[column]);

      gtk_check_button_set_active (self->check[column], states[i].visible);
      gtk_widget_set_sensitive (self->up[column], i > 0);
      gtk_widget_set_sensitive (self->down[column], i < QK_N_COLUMNS - 1);
      if (gtk_list_box_row_get_index (row) == i)
        continue;
      g_object_ref (row);
      gtk_list_box_remove (self->rows, GTK_WIDGET (row));
      gtk_list_box_insert (self->rows, GTK_WIDGET (row), i);
      g_object_unref (row);
    }
}

static void
changed_cb (QkColumnSet *columns, QkColumnsDialog *self)
{
  g_assert (QK_IS_COLUMNS_DIALOG (self));

  update (self);
}

/* The keyboard stays with what was used, or what does the opposite at the end of the way. */
static void
move (QkColumnsDialog *self, QkColumn column, int by)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  qk_column_set_move (self->columns, column, by);
  if (focus != NULL && !gtk_widget_is_sensitive (focus))
    focus = focus == self->up[column] ? self->down[column] : self->up[column];
  if (focus == NULL || !gtk_widget_grab_focus (focus))
    gtk_widget_grab_focus (self->row[column]);
}

static void
up_cb (GtkWidget *button, QkColumnsDialog *self)
{
  QkColumn column;

  g_assert (QK_IS_COLUMNS_DIALOG (self));

  if (find_column (self, button, &column))
    move (self, column, -1);
}

static void
down_cb (GtkWidget *button, QkColumnsDialog *self)
{
  QkColumn column;

  g_assert (QK_IS_COLUMNS_DIALOG (self));

  if (find_column (self, button, &column))
    move (self, column, 1);
}

static void
toggled_cb (GtkCheckButton *check, QkColumnsDialog *self)
{
  QkColumn column;

  g_assert (QK_IS_COLUMNS_DIALOG (self));

  if (find_column (self, GTK_WIDGET (check), &column) && column != QK_COLUMN_STATUS)
    qk_column_set_show (self->columns, column, gtk_check_button_get_active (check));
}

static void
reset_cb (GtkWidget *button, QkColumnsDialog *self)
{
  g_assert (QK_IS_COLUMNS_DIALOG (self));

  qk_column_set_reset (self->columns);
}

static gboolean
move_key_cb (GtkWidget *widget, GVariant *by, gpointer user_data)
{
  QkColumnsDialog *self = QK_COLUMNS_DIALOG (widget);
  QkColumn column;

  if (find_column (self, gtk_window_get_focus (GTK_WINDOW (self)), &column))
    move (self, column, g_variant_get_int32 (by));
  return TRUE;
}

static GtkWidget *
make_button (const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
add_row (QkColumnsDialog *self, QkColumn column)
{
  const char *title = qk_column_get_title (column);
  g_autofree char *to_front = g_strdup_printf (_ ("Move %s to the front (Alt+Up)"), title);
  g_autofree char *to_end = g_strdup_printf (_ ("Move %s to the end (Alt+Down)"), title);
  GtkWidget *row = adw_action_row_new (), *check = gtk_check_button_new ();
  GtkWidget *up = make_button ("go-up-symbolic", to_front);
  GtkWidget *down = make_button ("go-down-symbolic", to_end);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), up);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), down);
  if (column == QK_COLUMN_STATUS)
    {
      gtk_widget_set_sensitive (check, FALSE);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("Always shown"));
    }
  else
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  self->row[column] = row;
  self->check[column] = GTK_CHECK_BUTTON (check);
  self->up[column] = up;
  self->down[column] = down;
  gtk_list_box_append (self->rows, row);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect (up, "clicked", G_CALLBACK (up_cb), self);
  g_signal_connect (down, "clicked", G_CALLBACK (down_cb), self);
}

static void
qk_columns_dialog_dispose (GObject *object)
{
  g_clear_object (&QK_COLUMNS_DIALOG (object)->columns);

  G_OBJECT_CLASS (qk_columns_dialog_parent_class)->dispose (object);
}

static void
qk_columns_dialog_class_init (QkColumnsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_columns_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-columns-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkColumnsDialog, rows);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_ALT_MASK, move_key_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_ALT_MASK, move_key_cb, "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_columns_dialog_init (QkColumnsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_columns_dialog_new:
 * @parent: the window above which it is shown
 * @columns: the columns to choose
 *
 * Returns: (transfer none): the dialog, not shown yet
 */
GtkWidget *
qk_columns_dialog_new (GtkWindow *parent, QkColumnSet *columns)
{
  QkColumnsDialog *self = g_object_new (QK_TYPE_COLUMNS_DIALOG, "transient-for", parent, NULL);
  QkColumnState states[QK_N_COLUMNS];

  self->columns = g_object_ref (columns);
  qk_column_set_get_states (columns, states);
  for (guint i = 0; i < QK_N_COLUMNS; i++)
    add_row (self, states[i].column);
  update (self);
  gtk_widget_grab_focus (self->row[states[0].column]);
  g_signal_connect_object (columns, "changed", G_CALLBACK (changed_cb), self, 0);
  return GTK_WIDGET (self);
}
