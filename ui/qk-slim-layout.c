#include "qk-slim-layout.h"

struct _QkSlimLayout {
  GtkLayoutManager parent_instance;

  int width;
};

G_DEFINE_FINAL_TYPE (QkSlimLayout, qk_slim_layout, GTK_TYPE_LAYOUT_MANAGER)

enum { PROP_0, PROP_WIDTH, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
qk_slim_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  *minimum = *natural = 0;
  if (child == NULL)
    return;
  gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, QK_SLIM_LAYOUT (manager)->width);
}

static void
qk_slim_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height,
                         int baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);
}

static GtkSizeRequestMode
qk_slim_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
qk_slim_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, QK_SLIM_LAYOUT (object)->width);
}

static void
qk_slim_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QK_SLIM_LAYOUT (object)->width = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
qk_slim_layout_class_init (QkSlimLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = qk_slim_layout_get_property;
  object_class->set_property = qk_slim_layout_set_property;
  layout_class->measure = qk_slim_layout_measure;
  layout_class->allocate = qk_slim_layout_allocate;
  layout_class->get_request_mode = qk_slim_layout_get_request_mode;

  /**
   * QkSlimLayout:width:
   *
   * The width that it asks for where it needs less.
   */
  properties[PROP_WIDTH] = g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_slim_layout_init (QkSlimLayout *self)
{
}

/**
 * qk_slim_layout_new:
 *
 * Returns: (transfer full): a layout for a widget with one child
 */
GtkLayoutManager *
qk_slim_layout_new (void)
{
  return g_object_new (QK_TYPE_SLIM_LAYOUT, NULL);
}
