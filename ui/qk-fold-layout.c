#include "qk-fold-layout.h"

struct _QkFoldLayout {
  GtkLayoutManager parent_instance;

  int fold_below;
  int side_width;
  int spacing;
};

G_DEFINE_FINAL_TYPE (QkFoldLayout, qk_fold_layout, GTK_TYPE_LAYOUT_MANAGER)

enum { PROP_0, PROP_FOLD_BELOW, PROP_SIDE_WIDTH, PROP_SPACING, N_PROPS };

static GParamSpec *properties[N_PROPS];

/* Of a whole that is that wide, or that may be as wide as it wants to be where that is -1. */
static int
get_side_width (QkFoldLayout *self, GtkWidget *side, int width)
{
  int minimum, natural;

  if (self->side_width < 0 && width >= 0)
    return (width - self->spacing) / 2;
  gtk_widget_measure (side, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return self->side_width > 0 ? MAX (minimum, self->side_width) : natural;
}

static gboolean
is_folded (QkFoldLayout *self, GtkWidget *main, GtkWidget *side, int width)
{
  int minimum;

  if (width < 0 || self->fold_below >= 0)
    return width >= 0 && width < self->fold_below;
  gtk_widget_measure (main, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return width < minimum + self->spacing + get_side_width (self, side, width);
}

static void
measure_width (QkFoldLayout *self, GtkWidget *main, GtkWidget *side, int *minimum, int *natural)
{
  int main_minimum, main_natural, side_minimum;

  gtk_widget_measure (main, GTK_ORIENTATION_HORIZONTAL, -1, &main_minimum, &main_natural, NULL,
                      NULL);
  gtk_widget_measure (side, GTK_ORIENTATION_HORIZONTAL, -1, &side_minimum, NULL, NULL, NULL);
  *minimum = MAX (main_minimum, side_minimum);
  *natural = MAX (*minimum, main_natural + self->spacing + get_side_width (self, side, -1));
}

static void
qk_fold_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  QkFoldLayout *self = QK_FOLD_LAYOUT (manager);
  GtkWidget *main = gtk_widget_get_first_child (widget);
  GtkWidget *side = gtk_widget_get_last_child (widget);
  gboolean folded = is_folded (self, main, side, for_size);
  int main_minimum, main_natural, side_minimum, side_natural, side_width;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, main, side, minimum, natural);
      return;
    }
  side_width = folded ? for_size : get_side_width (self, side, for_size);
  gtk_widget_measure (side, orientation, side_width, &side_minimum, &side_natural, NULL, NULL);
  gtk_widget_measure (main, orientation,
                      for_size < 0 || folded ? for_size : for_size - self->spacing - side_width,
                      &main_minimum, &main_natural, NULL, NULL);
  *minimum =
      folded ? main_minimum + self->spacing + side_minimum : MAX (main_minimum, side_minimum);
  *natural =
      folded ? main_natural + self->spacing + side_natural : MAX (main_natural, side_natural);
}

static void
allocate_at (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (child, &(GtkAllocation){x, y, width, height}, -1);
}

static void
qk_fold_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         int width,
                         int height,
                         int baseline)
{
  QkFoldLayout *self = QK_FOLD_LAYOUT (manager);
  GtkWidget *main = gtk_widget_get_first_child (widget);
  GtkWidget *side = gtk_widget_get_last_child (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (is_folded (self, main, side, width))
    {
      int side_height;

      gtk_widget_measure (side, GTK_ORIENTATION_VERTICAL, width, NULL, &side_height, NULL, NULL);
      allocate_at (main, 0, 0, width, height - side_height - self->spacing);
      allocate_at (side, 0, height - side_height, width, side_height);
    }
  else
    {
      int side_width = get_side_width (self, side, width),
          rest = width - side_width - self->spacing;

      allocate_at (main, mirrored ? side_width + self->spacing : 0, 0, rest, height);
      allocate_at (side, mirrored ? 0 : rest + self->spacing, 0, side_width, height);
    }
}

static GtkSizeRequestMode
qk_fold_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int *
get_field (QkFoldLayout *self, guint id)
{
  return id == PROP_FOLD_BELOW   ? &self->fold_below
         : id == PROP_SIDE_WIDTH ? &self->side_width
                                 : &self->spacing;
}

static void
qk_fold_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, *get_field (QK_FOLD_LAYOUT (object), id));
}

static void
qk_fold_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  *get_field (QK_FOLD_LAYOUT (object), id) = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
qk_fold_layout_class_init (QkFoldLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = qk_fold_layout_get_property;
  object_class->set_property = qk_fold_layout_set_property;
  layout_class->measure = qk_fold_layout_measure;
  layout_class->allocate = qk_fold_layout_allocate;
  layout_class->get_request_mode = qk_fold_layout_get_request_mode;

  /**
   * QkFoldLayout:fold-below:
   *
   * The width below which there is no room for both beside each other; -1 for what the first one needs
   * at least and the second one wants.
   */
  properties[PROP_FOLD_BELOW] = g_param_spec_int ("fold-below", NULL, NULL, -1, G_MAXINT, 0,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * QkFoldLayout:side-width:
   *
   * How wide the second one is beside the first one; 0 for as wide as it wants to be, -1 for half of the
   * whole.
   */
  properties[PROP_SIDE_WIDTH] = g_param_spec_int ("side-width", NULL, NULL, -1, G_MAXINT, 0,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * QkFoldLayout:spacing:
   *
   * What is between them.
   */
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_fold_layout_init (QkFoldLayout *self)
{
}
