#include "qk-broadcast-matrix-cell.h"

#include "qk-broadcast-words.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkBroadcastMatrixCell {
  GtkWidget parent_instance;

  QkBroadcastItem *item; /* owned, nullable: not bound */
  GtkWidget *label;      /* owned by the widget */
  GtkWidget *sender;     /* owned by the widget, nullable */
  const char *style;     /* nullable: the style class that is set */
  guint column;
};

G_DEFINE_FINAL_TYPE (QkBroadcastMatrixCell, qk_broadcast_matrix_cell, GTK_TYPE_WIDGET)

static void
set_style (QkBroadcastMatrixCell *self, const char *style)
{
  if (g_strcmp0 (self->style, style) == 0)
    return;
  if (self->style != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
  self->style = style;
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), style);
}

/* Returns whether it said something else before. */
static gboolean
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (text, gtk_label_get_text (GTK_LABEL (label))) == 0)
    return FALSE;
  gtk_label_set_text (GTK_LABEL (label), text);
  return TRUE;
}

/* How it is read out: GTK 4.8 would call it by the name of its widget. */
static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* The row is read out as one sentence; the cell of the message does it for its row. */
static void
show_message (QkBroadcastMatrixCell *self, const QkBroadcast *broadcast)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *excerpt = qk_entry_dup_excerpt (broadcast->first);
  g_autofree char *sender = qk_words_field (broadcast->first, QK_FIELD_SENDER);
  g_autofree char *from = g_strdup_printf (_ ("from %s"), sender);
  g_autofree char *summary =
      qk_broadcast_words_summary (qk_broadcast_item_get_broadcasts (self->item), broadcast);
  g_autofree char *name = g_strdup_printf ("%s, %s. %s", excerpt, from, summary);

  set_text (self->label, excerpt);
  set_text (self->sender, from);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), excerpt);
  if (row != NULL &&
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) == GTK_ACCESSIBLE_ROLE_ROW)
    set_name (row, name);
}

static void
show_age (QkBroadcastMatrixCell *self, const QkBroadcast *broadcast, gint64 now)
{
  g_autofree char *age = qk_words_age (broadcast->first, now);
  g_autofree char *time = NULL;

  if (!set_text (self->label, age))
    return;
  if (broadcast->time != QK_WALL_NONE)
    time = qk_wall_format_short (broadcast->time, now);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), time);
}

static void
show_reached (QkBroadcastMatrixCell *self, const QkBroadcast *broadcast)
{
  g_autofree char *coverage = qk_broadcast_words_coverage (broadcast);
  g_autofree char *summary =
      qk_broadcast_words_summary (qk_broadcast_item_get_broadcasts (self->item), broadcast);

  set_text (self->label, coverage);
  set_style (self, qk_broadcast_words_coverage_class (broadcast));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), summary);
  set_name (GTK_WIDGET (self), summary);
}

static void
show_agent (QkBroadcastMatrixCell *self, guint agent, gint64 now, gboolean in_full)
{
  const QkBroadcastCell *cell = qk_broadcast_item_get_cell (self->item, agent);
  g_autofree char *text = NULL, *name = NULL;

  if (cell == NULL)
    return;
  text = qk_broadcast_words_cell (cell, now);
  if (!set_text (self->label, text) && !in_full)
    return;
  name = qk_broadcast_words_cell_long (
      qk_broadcasts_get_agents (qk_broadcast_item_get_broadcasts (self->item))[agent], cell, now);
  set_style (self, qk_broadcast_words_class (cell->reach));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  set_name (GTK_WIDGET (self), name);
}

static void
show (QkBroadcastMatrixCell *self)
{
  const QkBroadcast *broadcast = qk_broadcast_item_get (self->item);
  gint64 now = qk_wall_now ();

  if (self->column == QK_BROADCAST_COLUMN_MESSAGE)
    show_message (self, broadcast);
  else if (self->column == QK_BROADCAST_COLUMN_AGE)
    show_age (self, broadcast, now);
  else if (self->column == QK_BROADCAST_COLUMN_REACHED)
    show_reached (self, broadcast);
  else
    show_agent (self, self->column - QK_BROADCAST_COLUMN_AGENT, now, TRUE);
}

static void
item_changed_cb (QkBroadcastItem *item, QkBroadcastMatrixCell *self)
{
  g_assert (QK_IS_BROADCAST_MATRIX_CELL (self));

  show (self);
}

static void
qk_broadcast_matrix_cell_dispose (GObject *object)
{
  QkBroadcastMatrixCell *self = QK_BROADCAST_MATRIX_CELL (object);

  qk_broadcast_matrix_cell_set_item (self, NULL);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->sender, gtk_widget_unparent);

  G_OBJECT_CLASS (qk_broadcast_matrix_cell_parent_class)->dispose (object);
}

static void
qk_broadcast_matrix_cell_class_init (QkBroadcastMatrixCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_broadcast_matrix_cell_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "broadcastcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
qk_broadcast_matrix_cell_init (QkBroadcastMatrixCell *self)
{
}

/**
 * qk_broadcast_matrix_cell_new:
 * @column: a #QkBroadcastColumn, or %QK_BROADCAST_COLUMN_AGENT plus the number of an agent
 *
 * Returns: (transfer floating): a cell without a broadcast
 */
GtkWidget *
qk_broadcast_matrix_cell_new (guint column)
{
  QkBroadcastMatrixCell *self = g_object_new (QK_TYPE_BROADCAST_MATRIX_CELL, NULL);
  gboolean is_number = column == QK_BROADCAST_COLUMN_AGE || column == QK_BROADCAST_COLUMN_REACHED;

  self->column = column;
  self->label = g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "hexpand", TRUE,
                              "xalign", is_number ? 1.0F : 0.0F, NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  if (is_number)
    gtk_widget_add_css_class (self->label, "numeric");
  if (column >= QK_BROADCAST_COLUMN_AGENT)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "reach");
      gtk_widget_add_css_class (self->label, "numeric");
      gtk_label_set_xalign (GTK_LABEL (self->label), 0.5F);
    }
  if (column == QK_BROADCAST_COLUMN_MESSAGE)
    {
      gtk_orientable_set_orientation (
          GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
          GTK_ORIENTATION_VERTICAL);
      self->sender =
          g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "xalign", 0.0F, NULL);
      gtk_widget_add_css_class (self->label, "heading");
      gtk_widget_add_css_class (self->sender, "caption");
      gtk_widget_add_css_class (self->sender, "dim-label");
      gtk_widget_set_parent (self->sender, GTK_WIDGET (self));
    }
  return GTK_WIDGET (self);
}

/**
 * qk_broadcast_matrix_cell_set_item:
 * @self: a cell
 * @item: (nullable): what to show
 *
 * Shows @item and follows it.
 */
void
qk_broadcast_matrix_cell_set_item (QkBroadcastMatrixCell *self, QkBroadcastItem *item)
{
  g_return_if_fail (QK_IS_BROADCAST_MATRIX_CELL (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect (item, "changed", G_CALLBACK (item_changed_cb), self);
  show (self);
}

/**
 * qk_broadcast_matrix_cell_update_time:
 * @self: a cell with a broadcast
 * @now: the present, in wall microseconds
 *
 * Lets the cell follow the time.
 */
void
qk_broadcast_matrix_cell_update_time (QkBroadcastMatrixCell *self, gint64 now)
{
  g_return_if_fail (QK_IS_BROADCAST_MATRIX_CELL (self) && self->item != NULL);

  if (self->column == QK_BROADCAST_COLUMN_AGE)
    show_age (self, qk_broadcast_item_get (self->item), now);
  else if (self->column >= QK_BROADCAST_COLUMN_AGENT)
    show_agent (self, self->column - QK_BROADCAST_COLUMN_AGENT, now, FALSE);
}
