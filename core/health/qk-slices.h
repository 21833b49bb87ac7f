#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* Figures over time: spans of a minute that are merged into hours and days as they age, so that they do
 * not grow with the years and every count stays exact. Spans begin at multiples of their width in local
 * time. */

#define QK_SLICE_MINUTE G_TIME_SPAN_MINUTE
#define QK_SLICE_HOUR   G_TIME_SPAN_HOUR
#define QK_SLICE_DAY    G_TIME_SPAN_DAY

/**
 * QK_SLICES_MINUTES_KEPT:
 *
 * For how long spans are told by the minute, in microseconds.
 */
#define QK_SLICES_MINUTES_KEPT (26 * G_TIME_SPAN_HOUR)
/**
 * QK_SLICES_HOURS_KEPT:
 *
 * For how long they are told by the hour after that.
 */
#define QK_SLICES_HOURS_KEPT (90 * G_TIME_SPAN_DAY)

/**
 * QkSlice:
 * @start: when it begins, in microseconds since the Unix epoch
 * @width: how long it is, in microseconds
 * @figures: what happened in it
 */
typedef struct {
  gint64 start;
  gint64 width;
  QkFigures figures;
} QkSlice;

gint64 qk_slice_align (gint64 time, gint64 width);
GArray *qk_slices_new (void);
QkFigures *qk_slices_get (GArray *slices, gint64 time, gint64 width);
void qk_slices_age (GArray *slices, gint64 now);

G_END_DECLS
