#include "qk-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A value for people. */
char *
qk_chart_dup_value (QkChart *self, double value)
{
  if (!self->seconds)
    return g_strdup_printf ("%.0f", value);
  /* A length of time, in seconds. */
  return g_strdup_printf (value < 0.1 && value > 0 ? _ ("%.3f s") : _ ("%.2f s"), value);
}

/* The time of a slice for people. */
char *
qk_chart_dup_span (QkChart *self, guint position)
{
  gint64 start = self->time.from + position * self->time.width;
  gint64 end = start + self->time.width;
  g_autoptr (GDateTime) start_utc = g_date_time_new_from_unix_utc (start / G_USEC_PER_SEC);
  g_autoptr (GDateTime) end_utc = g_date_time_new_from_unix_utc (end / G_USEC_PER_SEC);
  g_autoptr (GDateTime) from = g_date_time_to_timezone (start_utc, self->zone);
  g_autoptr (GDateTime) to = g_date_time_to_timezone (end_utc, self->zone);
  g_autofree char *date = NULL, *begin = NULL, *finish = NULL;

  if (self->time.width >= 24 * G_TIME_SPAN_HOUR)
    return g_date_time_format (from, C_ ("time", "%a %-d %b %Y"));
  date = g_date_time_format (from, C_ ("time", "%a %-d %b"));
  begin = g_date_time_format (from, C_ ("time", "%H:%M"));
  finish = g_date_time_format (to, C_ ("time", "%H:%M"));
  /* A date, and the times between which it is. */
  return g_strdup_printf (_ ("%s, %s–%s"), date, begin, finish);
}

/* What is read out of the slice at the position. */
char *
qk_chart_dup_reading (QkChart *self)
{
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *span = qk_chart_dup_span (self, (guint) self->position);

  for (guint i = 0; i < self->series->len; i++)
    {
      QkChartOwnSeries *series = &g_array_index (self->series, QkChartOwnSeries, i);
      double value = series->values[self->position];
      g_autofree char *text = NULL;

      if (isnan (value) || (value == 0 && series->form != QK_CHART_LINE))
        continue;
      text = qk_chart_dup_value (self, value);
      g_string_append_printf (values, "%s%s %s", values->len > 0 ? ", " : "", series->label, text);
    }
  if (values->len == 0)
    /* A span of time in which there was nothing. */
    return g_strdup_printf (_ ("%s: nothing"), span);
  return g_strdup_printf ("%s: %s", span, values->str);
}
