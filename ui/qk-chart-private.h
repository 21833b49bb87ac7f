#pragma once

#include "qk-chart.h"

G_BEGIN_DECLS

/* What the files of the chart share: qk-chart.c knows what is shown, qk-chart-reading.c says it,
 * qk-chart-place.c knows where it is, qk-chart-draw.c draws it, its series by qk-chart-pattern.c. Time
 * runs from left to right wherever one reads, like the keys do that go through it. */

/* How many steps the scale has at most. */
#define QK_CHART_STEPS 4

#define QK_CHART_GAP    6 /* between texts, in pixels */
#define QK_CHART_SWATCH 9 /* the side of a square of colour */

/* Where things are. */
typedef struct {
  int width, height;
  int line;                       /* the height of a line of text */
  int rows;                       /* of the title and the legend */
  float left, top, right, bottom; /* of the plot */
} QkChartPlace;

typedef struct {
  char *label;       /* owned */
  const char *color; /* static */
  QkChartForm form;
  double *values; /* owned, one for each slice */
  GdkRGBA rgba;   /* of @color; valid while has_colors */
} QkChartOwnSeries;

struct _QkChart {
  GtkWidget parent_instance;

  char *title;    /* owned, nullable */
  char *subtitle; /* owned, nullable */
  gboolean seconds;
  QkChartTime time;
  GArray *series; /* owned, of QkChartOwnSeries */
  double limit;   /* where the scale ends, 0 before there is one */
  GTimeZone *zone;
  char *summary; /* owned, nullable */
  char *reading; /* owned, nullable: what is said of the slice at @position */
  int position;  /* the slice that is read, or -1 */
  gboolean has_colors;
};

char *qk_chart_dup_value (QkChart *self, double value);
char *qk_chart_dup_span (QkChart *self, guint position);
char *qk_chart_dup_reading (QkChart *self);
PangoLayout *qk_chart_make_layout (QkChart *self, const char *text, gboolean bold);
int qk_chart_get_text_width (QkChart *self, const char *text, gboolean bold);
char *qk_chart_dup_tick_label (QkChart *self, double value, double step);
int qk_chart_get_item_width (QkChart *self, guint item);
int qk_chart_find_legend (QkChart *self, int width);
void qk_chart_place_item (QkChart *self, guint item, int width, int *x, int *row);
QkChartPlace qk_chart_find_place (QkChart *self);
float qk_chart_get_x (QkChart *self, const QkChartPlace *place, guint slice);
float qk_chart_get_y (QkChart *self, const QkChartPlace *place, double value);
GdkRGBA qk_chart_get_color (QkChart *self, const char *name);
void qk_chart_draw_part (QkChart *self,
                         GtkSnapshot *snapshot,
                         const QkChartOwnSeries *series,
                         float x,
                         float y,
                         float width,
                         float height);
void qk_chart_draw_piece (QkChart *self,
                          GtkSnapshot *snapshot,
                          const QkChartOwnSeries *series,
                          float x,
                          float y,
                          float width,
                          float height);
void qk_chart_draw (QkChart *self, GtkSnapshot *snapshot);
int qk_chart_find_position (QkChart *self, double x);

G_END_DECLS
