#include "qk-chart-private.h"

#include "qk-axis.h"

#include <math.h>

PangoLayout *
qk_chart_make_layout (QkChart *self, const char *text, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (bold ? 1.0 : 0.9));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

int
qk_chart_get_text_width (QkChart *self, const char *text, gboolean bold)
{
  g_autoptr (PangoLayout) layout = qk_chart_make_layout (self, text, bold);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static int
get_title_width (QkChart *self)
{
  int width = self->title != NULL
                  ? qk_chart_get_text_width (self, self->title, TRUE) + 2 * QK_CHART_GAP
                  : 0;

  if (self->subtitle != NULL)
    width += qk_chart_get_text_width (self, self->subtitle, FALSE) + QK_CHART_GAP;
  return width;
}

int
qk_chart_get_item_width (QkChart *self, guint item)
{
  return QK_CHART_SWATCH + QK_CHART_GAP / 2 + 2 * QK_CHART_GAP +
         qk_chart_get_text_width (self, g_array_index (self->series, QkChartOwnSeries, item).label,
                                  FALSE);
}

/* Where the legend begins: beside the title if all of it has room there, or else below. */
int
qk_chart_find_legend (QkChart *self, int width)
{
  int title = get_title_width (self), end = title;

  for (guint i = 0; i < self->series->len; i++)
    end += qk_chart_get_item_width (self, i);
  return end <= width + 2 * QK_CHART_GAP ? title : width;
}

/* Moves to where an item of the legend is, in the next row if it has no room in this one. */
void
qk_chart_place_item (QkChart *self, guint item, int width, int *x, int *row)
{
  if (*x > 0 && *x + qk_chart_get_item_width (self, item) > width + 2 * QK_CHART_GAP)
    {
      *x = 0;
      ++*row;
    }
}

static int
count_rows (QkChart *self, int width)
{
  int x = qk_chart_find_legend (self, width), row = 0;

  for (guint i = 0; i < self->series->len; i++)
    {
      qk_chart_place_item (self, i, width, &x, &row);
      x += qk_chart_get_item_width (self, i);
    }
  return row + 1;
}

char *
qk_chart_dup_tick_label (QkChart *self, double value, double step)
{
  if (!self->seconds)
    return g_strdup_printf ("%.0f", value);
  return g_strdup_printf (step < 0.1 ? "%.2f s" : step < 1 ? "%.1f s" : "%.0f s", value);
}

/* The room for the labels of the scale depends on the scale alone. */
static int
get_gutter (QkChart *self)
{
  double step = qk_axis_step (self->limit, QK_CHART_STEPS);
  g_autofree char *label = qk_chart_dup_tick_label (self, self->limit, step);

  return MAX (qk_chart_get_text_width (self, label, FALSE),
              qk_chart_get_text_width (self, "00", FALSE)) +
         QK_CHART_GAP;
}

QkChartPlace
qk_chart_find_place (QkChart *self)
{
  QkChartPlace place = {gtk_widget_get_width (GTK_WIDGET (self)),
                        gtk_widget_get_height (GTK_WIDGET (self))};
  g_autoptr (PangoLayout) layout = qk_chart_make_layout (self, "0", TRUE);

  pango_layout_get_pixel_size (layout, NULL, &place.line);
  place.rows = count_rows (self, place.width);
  place.left = (float) get_gutter (self);
  place.right = (float) place.width;
  place.top = (float) (place.line * place.rows + 2 * QK_CHART_GAP);
  place.bottom = (float) (place.height - place.line - QK_CHART_GAP / 2);
  return place;
}

float
qk_chart_get_y (QkChart *self, const QkChartPlace *place, double value)
{
  double part = self->limit > 0 ? CLAMP (value / self->limit, 0, 1) : 0;

  return place->bottom - (float) (part * (place->bottom - place->top));
}

/* Slices begin and end at whole pixels. */
float
qk_chart_get_x (QkChart *self, const QkChartPlace *place, guint slice)
{
  return roundf (place->left + (place->right - place->left) * (float) slice / (float) self->time.n);
}

/**
 * qk_chart_find_position: (skip)
 * @self: a chart
 * @x: a place in it
 *
 * Returns: the slice that is drawn there, or -1
 */
int
qk_chart_find_position (QkChart *self, double x)
{
  QkChartPlace place = qk_chart_find_place (self);

  if (self->time.n == 0 || x < place.left || x >= place.right || place.right <= place.left)
    return -1;
  return (int) ((x - place.left) * self->time.n / (place.right - place.left));
}
