#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The arithmetic of a chart's axes: round steps, a scale that does not jump while values come and go,
 * times of the clock on the wall. No widget and no clock in it. */

double qk_axis_step (double max, guint n_steps);
double qk_axis_limit (double max, guint n_steps, double previous);
gint64 qk_axis_time_step (gint64 span, guint n_steps);
gint64 qk_axis_first_time (gint64 from, gint64 step, GTimeZone *zone);
gint64 qk_axis_next_time (gint64 time, gint64 step, GTimeZone *zone);
char *qk_axis_format_time (gint64 time, gint64 step, GTimeZone *zone);

G_END_DECLS
