#include "qk-health-tile.h"

#include "qk-sparkline.h"

struct _QkHealthTile {
  AdwBin parent_instance;

  GtkLabel *value;
  GtkLabel *caption;
  QkSparkline *course;
};

G_DEFINE_FINAL_TYPE (QkHealthTile, qk_health_tile, ADW_TYPE_BIN)

static void
qk_health_tile_class_init (QkHealthTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (QK_TYPE_SPARKLINE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-health-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, QkHealthTile, value);
  gtk_widget_class_bind_template_child (widget_class, QkHealthTile, caption);
  gtk_widget_class_bind_template_child (widget_class, QkHealthTile, course);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
qk_health_tile_init (QkHealthTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_health_tile_new:
 * @caption: what the figure is
 *
 * Returns: (transfer floating): a tile
 */
GtkWidget *
qk_health_tile_new (const char *caption)
{
  QkHealthTile *self = g_object_new (QK_TYPE_HEALTH_TILE, NULL);

  gtk_label_set_text (self->caption, caption);
  return GTK_WIDGET (self);
}

/**
 * qk_health_tile_set_value:
 * @self: a tile
 * @value: the figure, as text
 * @alert: whether the operator should act on it
 * @explanation: who counted it, and when
 *
 * Shows another value.
 */
void
qk_health_tile_set_value (QkHealthTile *self,
                          const char *value,
                          gboolean alert,
                          const char *explanation)
{
  g_autofree char *name = NULL;

  g_return_if_fail (QK_IS_HEALTH_TILE (self));

  if (alert)
    gtk_widget_add_css_class (GTK_WIDGET (self->value), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->value), "error");
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self)), explanation) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self), explanation);
  if (g_strcmp0 (gtk_label_get_text (self->value), value) == 0)
    return;
  gtk_label_set_text (self->value, value);
  name = g_strdup_printf ("%s: %s", gtk_label_get_text (self->caption), value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * qk_health_tile_set_course:
 * @self: a tile
 * @values: (array length=n_values): the figure over time; `NAN` where it is not known
 * @n_values: how many there are
 *
 * Shows how it went.
 */
void
qk_health_tile_set_course (QkHealthTile *self, const double *values, guint n_values)
{
  g_return_if_fail (QK_IS_HEALTH_TILE (self));

  qk_sparkline_set_values (self->course, values, n_values);
}

/**
 * qk_health_tile_get_value:
 * @self: a tile
 *
 * Returns: (transfer none): the figure, as text
 */
const char *
qk_health_tile_get_value (QkHealthTile *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_TILE (self), NULL);

  return gtk_label_get_text (self->value);
}

/**
 * qk_health_tile_get_caption:
 * @self: a tile
 *
 * Returns: (transfer none): what it is
 */
const char *
qk_health_tile_get_caption (QkHealthTile *self)
{
  g_return_val_if_fail (QK_IS_HEALTH_TILE (self), NULL);

  return gtk_label_get_text (self->caption);
}
