#include "qk-chart-private.h"

#include "qk-axis.h"

#include <math.h>

#define LINE            2  /* how thick a line is */
#define BAR_RADIUS      2  /* of the upper corners of a bar */
#define MAX_BAR         16 /* how wide a bar is at most */
#define TIME_LABEL_ROOM 76 /* how much of the axis a time needs */

/* Returns how wide it is. */
static int
draw_text (QkChart *self,
           GtkSnapshot *snapshot,
           const char *text,
           gboolean bold,
           float x,
           float y,
           const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = qk_chart_make_layout (self, text, bold);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x), roundf (y)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
  return width;
}

static void
draw_box (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float width, float height)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static GdkRGBA
with_alpha (const GdkRGBA *color, float alpha)
{
  return (GdkRGBA){color->red, color->green, color->blue, color->alpha * alpha};
}

GdkRGBA
qk_chart_get_color (QkChart *self, const char *name)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, name, &color))
    gtk_style_context_get_color (context, &color);
  return color;
}

static void
find_colors (QkChart *self)
{
  if (self->has_colors)
    return;
  self->has_colors = TRUE;
  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);

      series->rgba = qk_chart_get_color (self, series->color);
    }
}

static void
draw_swatch (QkChart *self,
             GtkSnapshot *snapshot,
             const QkChartOwnSeries *series,
             float x,
             float y,
             int line)
{
  float thick = series->form == QK_CHART_BAR ? QK_CHART_SWATCH : 2 * LINE - 1;
  float top = roundf (y + ((float) line - thick) / 2);

  if (series->form == QK_CHART_BAR)
    qk_chart_draw_part (self, snapshot, series, roundf (x), top, QK_CHART_SWATCH, thick);
  else
    qk_chart_draw_piece (self, snapshot, series, roundf (x), top, QK_CHART_SWATCH, thick);
}

static void
draw_head (QkChart *self, GtkSnapshot *snapshot, const QkChartPlace *place, const GdkRGBA *color)
{
  GdkRGBA dim = qk_chart_get_color (self, "chart_text_color");
  float x = 0, small = (float) place->line * 0.05f;
  int legend, row = 0;

  if (self->title != NULL)
    x += (float) draw_text (self, snapshot, self->title, TRUE, x, 0, color) + QK_CHART_GAP;
  if (self->subtitle != NULL)
    draw_text (self, snapshot, self->subtitle, FALSE, x, small, &dim);
  legend = qk_chart_find_legend (self, place->width);
  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);
      float y;

      qk_chart_place_item (self, i, place->width, &legend, &row);
      y = (float) (row * place->line);
      draw_swatch (self, snapshot, series, (float) legend, y, place->line);
      draw_text (self, snapshot, series->label, FALSE,
                 (float) (legend + QK_CHART_SWATCH + QK_CHART_GAP / 2), y + small, &dim);
      legend += qk_chart_get_item_width (self, i);
    }
}

static void
draw_scale (QkChart *self, GtkSnapshot *snapshot, const QkChartPlace *place, const GdkRGBA *color)
{
  guint n_steps = place->bottom - place->top < 70 ? QK_CHART_STEPS / 2 : QK_CHART_STEPS;
  double step = qk_axis_step (self->limit, n_steps);
  GdkRGBA dim = qk_chart_get_color (self, "chart_text_color"),
          faint = qk_chart_get_color (self, "chart_grid_color"),
          base = qk_chart_get_color (self, "chart_base_color");

  for (guint i = 0; i * step <= self->limit * (1 + 1e-9); i++)
    {
      g_autofree char *label = qk_chart_dup_tick_label (self, i * step, step);
      float y = roundf (qk_chart_get_y (self, place, i * step));
      int width = qk_chart_get_text_width (self, label, FALSE);

      draw_box (snapshot, i == 0 ? &base : &faint, place->left, y, place->right - place->left, 1);
      draw_text (self, snapshot, label, FALSE, place->left - QK_CHART_GAP - (float) width,
                 y - (float) place->line / 2, &dim);
    }
}

static void
draw_times (QkChart *self, GtkSnapshot *snapshot, const QkChartPlace *place, const GdkRGBA *color)
{
  gint64 span = self->time.width * self->time.n, end = self->time.from + span;
  float room = place->right - place->left;
  gint64 step = qk_axis_time_step (span, (guint) MAX (room / TIME_LABEL_ROOM, 1));
  GdkRGBA dim = qk_chart_get_color (self, "chart_text_color");

  for (gint64 time = qk_axis_first_time (self->time.from, step, self->zone); time <= end;
       time = qk_axis_next_time (time, step, self->zone))
    {
      g_autofree char *label = qk_axis_format_time (time, step, self->zone);
      float width = (float) qk_chart_get_text_width (self, label, FALSE);
      float x = place->left + room * (float) (time - self->time.from) / (float) span;

      draw_box (snapshot, &dim, roundf (x), place->bottom, 1, 4);
      if (x - width / 2 >= 0 && x + width / 2 <= place->right)
        draw_text (self, snapshot, label, FALSE, x - width / 2, place->bottom + QK_CHART_GAP / 2,
                   &dim);
    }
}

static void
draw_bar (QkChart *self, GtkSnapshot *snapshot, const QkChartPlace *place, guint slice)
{
  float start = qk_chart_get_x (self, place, slice),
        slot = qk_chart_get_x (self, place, slice + 1) - start;
  float width = CLAMP (floorf (slot * 0.7f), 1, MAX_BAR), x = start + floorf ((slot - width) / 2);
  double stack = 0, sum = 0;
  GskRoundedRect outline;
  float top;

  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);

      if (series->form == QK_CHART_BAR && !isnan (series->values[slice]))
        sum += series->values[slice];
    }
  if (sum <= 0)
    return;
  /* However small, it is seen. */
  top = MIN (qk_chart_get_y (self, place, sum), place->bottom - 2);
  gsk_rounded_rect_init (&outline, &GRAPHENE_RECT_INIT (x, top, width, place->bottom - top),
                         &GRAPHENE_SIZE_INIT (BAR_RADIUS, BAR_RADIUS),
                         &GRAPHENE_SIZE_INIT (BAR_RADIUS, BAR_RADIUS), &GRAPHENE_SIZE_INIT (0, 0),
                         &GRAPHENE_SIZE_INIT (0, 0));
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);
      float low = place->bottom - (place->bottom - top) * (float) (stack / sum), high;

      if (series->form != QK_CHART_BAR || isnan (series->values[slice]))
        continue;
      stack += series->values[slice];
      high = place->bottom - (place->bottom - top) * (float) (stack / sum);
      qk_chart_draw_part (self, snapshot, series, x, high, width, low - high);
    }
  gtk_snapshot_pop (snapshot);
}

static void
draw_marks (QkChart *self,
            GtkSnapshot *snapshot,
            const QkChartPlace *place,
            const QkChartOwnSeries *series)
{
  for (guint i = 0; i < self->time.n; i++)
    {
      float x = qk_chart_get_x (self, place, i), next = qk_chart_get_x (self, place, i + 1);

      if (series->values[i] > 0)
        qk_chart_draw_piece (self, snapshot, series, x,
                             roundf (qk_chart_get_y (self, place, series->values[i])) - LINE,
                             MAX (next - x - 1, 1), LINE);
    }
}

/* Steps: a slice has one value, and between two of them nothing is known. */
static void
draw_line (QkChart *self,
           GtkSnapshot *snapshot,
           const QkChartPlace *place,
           const QkChartOwnSeries *series)
{
  float before = NAN;

  for (guint i = 0; i < self->time.n; i++)
    {
      float x = qk_chart_get_x (self, place, i), next = qk_chart_get_x (self, place, i + 1), y;

      if (isnan (series->values[i]))
        {
          before = NAN;
          continue;
        }
      y = MIN (roundf (qk_chart_get_y (self, place, series->values[i])), place->bottom - 1) -
          LINE / 2;
      if (!isnan (before) && before != y)
        draw_box (snapshot, &series->rgba, x, MIN (y, before), LINE, fabsf (y - before) + LINE);
      qk_chart_draw_piece (self, snapshot, series, x, y,
                           MAX (next - x, 1) + (i + 1 < self->time.n ? LINE : 0), LINE);
      before = y;
    }
}

typedef struct {
  PangoLayout *layout; /* owned */
  const QkChartOwnSeries *series;
} ReadingLine;

static void
clear_reading_line (gpointer data)
{
  g_object_unref (((ReadingLine *) data)->layout);
}

/* The lines of what is shown beside the slice that is read, and how wide they are. */
static GArray *
make_reading (QkChart *self, int *width)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (ReadingLine));
  g_autofree char *span = qk_chart_dup_span (self, (guint) self->position);
  ReadingLine head = {qk_chart_make_layout (self, span, FALSE), NULL};

  g_array_set_clear_func (lines, clear_reading_line);
  pango_layout_get_pixel_size (head.layout, width, NULL);
  g_array_append_val (lines, head);
  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);
      double value = series->values[self->position];
      g_autofree char *number = isnan (value) ? g_strdup ("—") : qk_chart_dup_value (self, value);
      g_autofree char *text = g_strdup_printf ("%s %s", series->label, number);
      ReadingLine line = {qk_chart_make_layout (self, text, FALSE), series};
      int line_width;

      pango_layout_get_pixel_size (line.layout, &line_width, NULL);
      *width = MAX (*width, line_width + QK_CHART_SWATCH + QK_CHART_GAP);
      g_array_append_val (lines, line);
    }
  return lines;
}

static void
draw_reading (QkChart *self, GtkSnapshot *snapshot, const QkChartPlace *place, const GdkRGBA *color)
{
  int text_width;
  g_autoptr (GArray) lines = make_reading (self, &text_width);
  float width = (float) text_width + 3 * QK_CHART_GAP;
  float height = (float) (lines->len * (guint) place->line) + 2 * QK_CHART_GAP;
  float x = qk_chart_get_x (self, place, (guint) self->position),
        end = qk_chart_get_x (self, place, (guint) self->position + 1);
  float left = end + QK_CHART_GAP + width <= place->right ? end + QK_CHART_GAP
                                                          : MAX (x - QK_CHART_GAP - width, 0);
  float top = CLAMP (place->top, 0, MAX ((float) place->height - height, 0));
  GdkRGBA background = qk_chart_get_color (self, "popover_bg_color");
  GdkRGBA border = with_alpha (color, 0.25f);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (left, top, width, height),
                                   QK_CHART_GAP);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  draw_box (snapshot, &background, left, top, width, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (const float[]){1, 1, 1, 1},
                              (const GdkRGBA[]){border, border, border, border});
  for (guint i = 0; i < lines->len; i++)
    {
      ReadingLine *line = &g_array_index (lines, ReadingLine, i);
      float y = top + QK_CHART_GAP + (float) (i * (guint) place->line),
            text_x = left + 1.5f * QK_CHART_GAP;

      if (line->series != NULL)
        {
          draw_swatch (self, snapshot, line->series, text_x, y, place->line);
          text_x += QK_CHART_SWATCH + QK_CHART_GAP;
        }
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (text_x), roundf (y)));
      gtk_snapshot_append_layout (snapshot, line->layout, color);
      gtk_snapshot_restore (snapshot);
    }
}

/**
 * qk_chart_draw: (skip)
 * @self: a chart
 * @snapshot: where to
 *
 * Draws it.
 */
void
qk_chart_draw (QkChart *self, GtkSnapshot *snapshot)
{
  QkChartPlace place = qk_chart_find_place (self);
  GdkRGBA color, band;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  find_colors (self);
  draw_head (self, snapshot, &place, &color);
  if (self->time.n == 0 || place.right <= place.left || place.bottom <= place.top)
    return;
  draw_scale (self, snapshot, &place, &color);
  draw_times (self, snapshot, &place, &color);
  if (self->position >= 0)
    {
      float x = qk_chart_get_x (self, &place, (guint) self->position);

      band = with_alpha (&color, 0.12f);
      draw_box (snapshot, &band, x, place.top,
                MAX (qk_chart_get_x (self, &place, (guint) self->position + 1) - x, 2),
                place.bottom - place.top);
    }
  for (guint i = 0; i < self->time.n; i++)
    draw_bar (self, snapshot, &place, i);
  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);

      if (series->form == QK_CHART_LINE)
        draw_line (self, snapshot, &place, series);
      else if (series->form == QK_CHART_MARK)
        draw_marks (self, snapshot, &place, series);
    }
  if (self->position >= 0)
    draw_reading (self, snapshot, &place, &color);
}
