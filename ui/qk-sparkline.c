#include "qk-sparkline.h"

#include <math.h>
#include <string.h>

#define WIDTH  48
#define HEIGHT 20
/* In less room than this it would say nothing. */
#define MIN_WIDTH 24

struct _QkSparkline {
  GtkWidget parent_instance;

  GArray *values; /* owned, of double; NAN where nothing is known */
};

G_DEFINE_FINAL_TYPE (QkSparkline, qk_sparkline, GTK_TYPE_WIDGET)

static double
find_max (QkSparkline *self)
{
  double max = 0;

  for (guint i = 0; i < self->values->len; i++)
    if (!isnan (g_array_index (self->values, double, i)))
      max = MAX (max, g_array_index (self->values, double, i));
  return max;
}

static void
qk_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  QkSparkline *self = QK_SPARKLINE (widget);
  int room = gtk_widget_get_width (widget), width = MIN (room, WIDTH);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float height = (float) gtk_widget_get_height (widget),
        left = (float) (mirrored ? 0 : room - width);
  float slot = (float) width / (float) MAX (self->values->len, 1);
  double max = find_max (self);
  GdkRGBA color;

  if (width < MIN_WIDTH)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  for (guint i = 0; i < self->values->len; i++)
    {
      double value = g_array_index (self->values, double, i);
      float x = floorf ((float) i * slot), next = floorf ((float) (i + 1) * slot), bar;

      if (isnan (value) || value <= 0)
        continue;
      bar = MAX (roundf (height * (float) (value / max)), 2);
      gtk_snapshot_append_color (
          snapshot, &color,
          &GRAPHENE_RECT_INIT (left + x, height - bar, MAX (next - x - 1, 1), bar));
    }
}

static void
qk_sparkline_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  /* What is left: the figure beside it comes first, and may grow without moving anything. */
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : HEIGHT;
}

static void
qk_sparkline_finalize (GObject *object)
{
  g_array_unref (QK_SPARKLINE (object)->values);

  G_OBJECT_CLASS (qk_sparkline_parent_class)->finalize (object);
}

static void
qk_sparkline_class_init (QkSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qk_sparkline_finalize;
  widget_class->snapshot = qk_sparkline_snapshot;
  widget_class->measure = qk_sparkline_measure;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
qk_sparkline_init (QkSparkline *self)
{
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
}

/**
 * qk_sparkline_set_values:
 * @self: a sparkline
 * @values: (array length=n_values): from the oldest to the newest; `NAN` where nothing is known
 * @n_values: how many there are
 *
 * Shows other values.
 */
void
qk_sparkline_set_values (QkSparkline *self, const double *values, guint n_values)
{
  g_return_if_fail (QK_IS_SPARKLINE (self));

  if (self->values->len == n_values &&
      (n_values == 0 || memcmp (self->values->data, values, n_values * sizeof *values) == 0))
    return;
  g_array_set_size (self->values, 0);
  g_array_append_vals (self->values, values, n_values);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
