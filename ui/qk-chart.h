#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Values over time: bars that stand on each other, lines, or both.
 *
 * Drawn with GtkSnapshot. It is read under the pointer, and with Left, Right, Home and End when it has
 * the keyboard; a screen reader hears the same. Nothing in it moves that has not changed: the scale has
 * hysteresis, the labels have fixed places, and equal values are not drawn again.
 */

/**
 * QkChartForm:
 * @QK_CHART_BAR: a bar for each slice of time, on top of those of the series before
 * @QK_CHART_LINE: a level for each slice of time, joined to the next one
 * @QK_CHART_MARK: a level for each slice of time in which there is any, beside bars
 */
typedef enum {
  QK_CHART_BAR,
  QK_CHART_LINE,
  QK_CHART_MARK,
} QkChartForm;

/**
 * QkChartSeries:
 * @label: (transfer none): its name, for people
 * @color: (transfer none): the name of its colour in CSS; static
 * @form: how it is drawn
 * @values: (transfer none): one for each slice of time; `NAN` where none is known
 *
 * What is drawn in one colour.
 */
typedef struct {
  const char *label;
  const char *color;
  QkChartForm form;
  const double *values;
} QkChartSeries;

/**
 * QkChartTime:
 * @from: where the first slice begins, in microseconds since the Unix epoch
 * @width: of a slice, in microseconds
 * @n: how many there are
 */
typedef struct {
  gint64 from;
  gint64 width;
  guint n;
} QkChartTime;

#define QK_TYPE_CHART (qk_chart_get_type ())
G_DECLARE_FINAL_TYPE (QkChart, qk_chart, QK, CHART, GtkWidget)

gboolean qk_chart_set_data (QkChart *self,
                            const QkChartTime *time,
                            const QkChartSeries *series,
                            guint n_series);
void qk_chart_set_subtitle (QkChart *self, const char *subtitle);
void qk_chart_set_summary (QkChart *self, const char *summary);
void qk_chart_forget_scale (QkChart *self);
double qk_chart_get_limit (QkChart *self);
gboolean qk_chart_set_position (QkChart *self, int position);
const char *qk_chart_get_reading (QkChart *self);

G_END_DECLS
