#include "qk-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define DAY (24 * G_TIME_SPAN_HOUR)

/**
 * qk_axis_step:
 * @max: the largest value
 * @n_steps: how many steps there should be at most
 *
 * Returns: 1, 2 or 5 times a power of ten, so that @n_steps of them reach @max
 */
double
qk_axis_step (double max, guint n_steps)
{
  static const double round[] = {1, 2, 5, 10};
  double least, power;

  g_return_val_if_fail (n_steps > 0, 1);

  if (!(max > 0) || !isfinite (max))
    return 1;
  least = max / n_steps;
  power = pow (10, floor (log10 (least)));
  for (guint i = 0; i < G_N_ELEMENTS (round); i++)
    if (least <= round[i] * power * (1 + 1e-9))
      return round[i] * power;
  return 10 * power;
}

/**
 * qk_axis_limit:
 * @max: the largest value
 * @n_steps: how many steps there should be at most
 * @previous: the limit up to now, or 0
 *
 * Where the axis ends. It grows at once, and shrinks only when less than the half of it is used:
 * so it does not jump back and forth while values come and go.
 *
 * Returns: a multiple of the step
 */
double
qk_axis_limit (double max, guint n_steps, double previous)
{
  double step = qk_axis_step (max, n_steps);
  double limit = max > 0 ? ceil (max / step - 1e-9) * step : step;

  return previous >= limit && limit > previous / 2 ? previous : limit;
}

/**
 * qk_axis_time_step:
 * @span: the time that is shown, in microseconds
 * @n_steps: how many steps there should be at most
 *
 * Returns: a step that divides the day, or some days, in microseconds
 */
gint64
qk_axis_time_step (gint64 span, guint n_steps)
{
  static const gint64 minutes[] = {1,        2,        5,         10,        15,        30,
                                   60,       2 * 60,   3 * 60,    6 * 60,    12 * 60,   1440,
                                   2 * 1440, 7 * 1440, 14 * 1440, 28 * 1440, 91 * 1440, 364 * 1440};

  g_return_val_if_fail (n_steps > 0, G_TIME_SPAN_MINUTE);

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    if (span <= minutes[i] * G_TIME_SPAN_MINUTE * n_steps)
      return minutes[i] * G_TIME_SPAN_MINUTE;
  return minutes[G_N_ELEMENTS (minutes) - 1] * G_TIME_SPAN_MINUTE;
}

/* Microseconds of the clock on the wall, as if they were UTC. */
static gint64
to_wall (gint64 time, GTimeZone *zone)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, time / G_USEC_PER_SEC);

  return time +
         (gint64) (interval < 0 ? 0 : g_time_zone_get_offset (zone, interval)) * G_USEC_PER_SEC;
}

static gint64
from_wall (gint64 wall, GTimeZone *zone)
{
  gint64 seconds = wall / G_USEC_PER_SEC;
  int interval = g_time_zone_adjust_time (zone, G_TIME_TYPE_STANDARD, &seconds);

  return wall -
         (gint64) (interval < 0 ? 0 : g_time_zone_get_offset (zone, interval)) * G_USEC_PER_SEC;
}

/* The first multiple of @step at or after @wall. */
static gint64
round_up (gint64 wall, gint64 step)
{
  gint64 over = wall % step;

  return over == 0 ? wall : wall - over + (over > 0 ? step : 0);
}

/**
 * qk_axis_first_time:
 * @from: where the axis begins, in microseconds since the Unix epoch
 * @step: of qk_axis_time_step()
 * @zone: where the clock hangs
 *
 * Returns: the first time at or after @from that is a multiple of @step on the clock on the wall
 */
gint64
qk_axis_first_time (gint64 from, gint64 step, GTimeZone *zone)
{
  g_return_val_if_fail (step > 0, from);

  return from_wall (round_up (to_wall (from, zone), step), zone);
}

/**
 * qk_axis_next_time:
 * @time: a time of that kind
 * @step: of qk_axis_time_step()
 * @zone: where the clock hangs
 *
 * Returns: the next one, also where summer time begins or ends in between
 */
gint64
qk_axis_next_time (gint64 time, gint64 step, GTimeZone *zone)
{
  gint64 next;

  g_return_val_if_fail (step > 0, time);

  next = from_wall (to_wall (time, zone) + step, zone);
  return next > time ? next : time + step;
}

/**
 * qk_axis_format_time:
 * @time: a time, in microseconds since the Unix epoch
 * @step: of qk_axis_time_step()
 * @zone: where the clock hangs
 *
 * Returns: (transfer full): as short as that step allows
 */
char *
qk_axis_format_time (gint64 time, gint64 step, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  const char *format;

  if (local == NULL)
    return g_strdup ("—");
  if (step < DAY)
    /* A time of day on an axis. */
    format = C_ ("time", "%H:%M");
  else if (step == DAY)
    /* A day of the week on an axis. */
    format = C_ ("time", "%a %-d");
  else if (step < 364 * DAY)
    /* A day of the year on an axis. */
    format = C_ ("time", "%-d %b");
  else
    /* A year on an axis. */
    format = C_ ("time", "%Y");
  return g_date_time_format (local, format);
}
