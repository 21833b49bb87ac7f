#include "qk-chart-private.h"

#include <adwaita.h>
#include <math.h>

/* In high contrast the series of a chart are told apart without their colours, too. */

static gboolean
is_high_contrast (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

/* How many series of its form stand before it. */
static guint
get_rank (QkChart *self, const QkChartOwnSeries *series)
{
  guint rank = 0;

  for (guint i = 0; &g_array_index (self->series, QkChartOwnSeries, i) != series; i++)
    rank += g_array_index (self->series, QkChartOwnSeries, i).form == series->form;
  return rank;
}

static void
draw_box (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float width, float height)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/**
 * qk_chart_draw_part: (skip)
 * @self: a chart
 * @snapshot: where to
 * @series: of it
 * @x: where it begins
 * @y: likewise
 * @width: how wide it is
 * @height: how high it is
 *
 * Draws a part of a bar. In high contrast it is whole, striped, split, hollow, and so on.
 */
void
qk_chart_draw_part (QkChart *self,
                    GtkSnapshot *snapshot,
                    const QkChartOwnSeries *series,
                    float x,
                    float y,
                    float width,
                    float height)
{
  static const struct {
    float every, gap;
  } stripes[] = {{0, 0}, {4, 2}, {0, 0}, {0, 0}, {8, 2}, {8, 6}};
  guint rank = get_rank (self, series) % G_N_ELEMENTS (stripes);
  GdkRGBA background = qk_chart_get_color (self, "view_bg_color");

  draw_box (snapshot, &series->rgba, x, y, width, height);
  if (!is_high_contrast ())
    return;
  if (rank == 2 && width > 2)
    draw_box (snapshot, &background, x + floorf (width / 3), y, ceilf (width / 3), height);
  else if (rank == 3 && width > 2 && height > 2)
    draw_box (snapshot, &background, x + 1, y + 1, width - 2, height - 2);
  for (float at = stripes[rank].every; at > 0 && at <= height; at += stripes[rank].every)
    draw_box (snapshot, &background, x, y + height - at, width, stripes[rank].gap);
}

/**
 * qk_chart_draw_piece: (skip)
 * @self: a chart
 * @snapshot: where to
 * @series: of it
 * @x: where it begins
 * @y: likewise
 * @width: how wide it is
 * @height: how thick it is
 *
 * Draws a level piece of a line. In high contrast each has dashes of its own; the first has none.
 */
void
qk_chart_draw_piece (QkChart *self,
                     GtkSnapshot *snapshot,
                     const QkChartOwnSeries *series,
                     float x,
                     float y,
                     float width,
                     float height)
{
  static const struct {
    float every, dash;
  } dashes[] = {{0, 0}, {8, 5}, {3, 1}, {6, 2}};
  guint rank = is_high_contrast () ? get_rank (self, series) % G_N_ELEMENTS (dashes) : 0;
  float every = dashes[rank].every;

  if (rank == 0)
    {
      draw_box (snapshot, &series->rgba, x, y, width, height);
      return;
    }
  /* Those of all pieces of a line continue each other. */
  for (float at = floorf (x / every) * every; at < x + width; at += every)
    {
      float from = MAX (at, x), to = MIN (at + dashes[rank].dash, x + width);

      if (to > from)
        draw_box (snapshot, &series->rgba, from, y, to - from, height);
    }
}
