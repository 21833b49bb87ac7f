#include "qk-health-course.h"

#include "qk-health-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The errors of a chart, from the lowest bar to the highest. */
typedef enum {
  DENIED,
  IN_USE,
  HELD,
  UNFINISHED,
  MERGED,
  REPAIRED,
  RETRIES,
  N_ERRORS,
} Error;

typedef enum { PENDING, PROCESSING, FAILED, STUCK, N_DEPTHS } Depth;

typedef enum { AVERAGE, LONGEST, N_LATENCIES } Latency;

#define MAX_SERIES N_ERRORS

typedef struct {
  const char *label;
  const char *color;
  QkChartForm form;
  double (*get) (const QkBucket *bucket, guint which);
} Form;

static double
get_error (const QkBucket *bucket, guint which)
{
  static const QkLockKind kinds[] = {
      [DENIED] = QK_LOCK_KIND_ACCESS_DENIED, [IN_USE] = QK_LOCK_KIND_IN_USE,
      [HELD] = QK_LOCK_KIND_LOCK_HELD,       [UNFINISHED] = QK_LOCK_KIND_ABSENT,
      [MERGED] = QK_LOCK_KIND_CONFLICT,      [REPAIRED] = QK_LOCK_KIND_OVERWRITE,
  };
  const QkFigures *figures = &bucket->figures;
  guint64 sum = 0;

  for (guint operation = 0; operation < G_N_ELEMENTS (figures->errors); operation++)
    {
      if (which == RETRIES)
        sum += figures->retries[operation];
      else
        sum += figures->errors[operation][kinds[which]];
      if (which == UNFINISHED)
        sum += figures->errors[operation][QK_LOCK_KIND_TORN];
    }
  return (double) sum;
}

static double
get_depth (const QkBucket *bucket, guint which)
{
  static const QkStatus statuses[] = {QK_STATUS_PENDING, QK_STATUS_PROCESSING, QK_STATUS_FAILED};

  if (!bucket->has_depth)
    return NAN;
  return which == STUCK ? bucket->stuck : bucket->depth[statuses[which]];
}

static double
get_latency (const QkBucket *bucket, guint which)
{
  const QkFigures *figures = &bucket->figures;

  if (figures->n_elapsed == 0)
    return NAN;
  if (which == LONGEST)
    return (double) figures->worst_elapsed / G_USEC_PER_SEC;
  return (double) figures->elapsed / (double) figures->n_elapsed / G_USEC_PER_SEC;
}

static const Form errors[N_ERRORS] = {
    [DENIED] = {N_ ("access denied"), "chart_denied_color", QK_CHART_BAR, get_error},
    [IN_USE] = {N_ ("file in use"), "chart_in_use_color", QK_CHART_BAR, get_error},
    [HELD] = {N_ ("lock held"), "chart_held_color", QK_CHART_BAR, get_error},
    [UNFINISHED] = {N_ ("absent or incomplete"), "chart_unfinished_color", QK_CHART_BAR, get_error},
    [MERGED] = {N_ ("conflict merged"), "chart_merged_color", QK_CHART_BAR, get_error},
    [REPAIRED] = {N_ ("overwrite repaired"), "chart_repaired_color", QK_CHART_BAR, get_error},
    [RETRIES] = {N_ ("retries"), "chart_retries_color", QK_CHART_MARK, get_error},
};

static const Form depths[N_DEPTHS] = {
    [PENDING] = {N_ ("pending"), "chart_pending_color", QK_CHART_LINE, get_depth},
    [PROCESSING] = {N_ ("processing"), "chart_processing_color", QK_CHART_LINE, get_depth},
    [FAILED] = {N_ ("failed"), "chart_denied_color", QK_CHART_LINE, get_depth},
    [STUCK] = {N_ ("stuck"), "chart_held_color", QK_CHART_LINE, get_depth},
};

static const Form latencies[N_LATENCIES] = {
    [AVERAGE] = {N_ ("average"), "chart_processing_color", QK_CHART_LINE, get_latency},
    [LONGEST] = {N_ ("longest"), "chart_held_color", QK_CHART_LINE, get_latency},
};

static void
add_bucket (GArray *course, const QkBucket *bucket)
{
  QkBucket *last = &g_array_index (course, QkBucket, course->len - 1);

  qk_figures_add (&last->figures, &bucket->figures);
  if (!bucket->has_depth)
    return;
  last->has_depth = TRUE;
  memcpy (last->depth, bucket->depth, sizeof last->depth);
  last->stuck = bucket->stuck;
}

/**
 * qk_health_course_new:
 * @report: a report
 * @max_slices: how many slices there may be
 *
 * Draws together as many buckets as needed, always the same number; which ones does not depend on
 * where the report begins.
 *
 * Returns: (transfer full) (element-type QkBucket): the slices
 */
GArray *
qk_health_course_new (QkReport *report, guint max_slices)
{
  GArray *course = g_array_new (FALSE, TRUE, sizeof (QkBucket));
  gint64 width = report->bucket_width, latest = G_MININT64;

  g_return_val_if_fail (max_slices > 1, course);

  if (report->buckets->len > max_slices)
    width *= (report->buckets->len - 1) / (max_slices - 1) + 1;
  for (guint i = 0; i < report->buckets->len; i++)
    {
      QkBucket *bucket = &g_array_index (report->buckets, QkBucket, i);
      gint64 start =
          width == report->bucket_width ? bucket->start : bucket->start - bucket->start % width;

      if (course->len > 0 && start == latest)
        {
          add_bucket (course, bucket);
          continue;
        }
      latest = start;
      g_array_append_vals (course, bucket, 1);
      g_array_index (course, QkBucket, course->len - 1).start = start;
    }
  return course;
}

/* How long a slice is. */
static gint64
get_width (QkReport *report, GArray *course)
{
  if (course->len < 2)
    return MAX (report->bucket_width, 1);
  return g_array_index (course, QkBucket, 1).start - g_array_index (course, QkBucket, 0).start;
}

/* What is not known counts as nothing. */
static double
sum_up (const double *values, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += isnan (values[i]) ? 0 : values[i];
  return sum;
}

/* Shows the first @n_always of @forms, and those that say something. Their values are in @values. */
static void
show (QkChart *chart,
      QkReport *report,
      GArray *course,
      const Form *forms,
      guint n_forms,
      guint n_always,
      double *values)
{
  QkChartSeries series[MAX_SERIES];
  QkChartTime time = {0, get_width (report, course), course->len};
  guint n = 0;

  time.from = course->len > 0 ? g_array_index (course, QkBucket, 0).start : report->from;
  for (guint i = 0; i < n_forms; i++)
    {
      double *own = values + i * course->len;

      for (guint slice = 0; slice < course->len; slice++)
        own[slice] = forms[i].get (&g_array_index (course, QkBucket, slice), i);
      if (i < n_always || sum_up (own, course->len) > 0)
        series[n++] = (QkChartSeries){_ (forms[i].label), forms[i].color, forms[i].form, own};
    }
  qk_chart_set_data (chart, &time, series, n);
}

/* The slice with the largest sum of bars, or -1 where there is none. */
static int
find_worst (const double *values, guint n_forms, guint n)
{
  double max = 0;
  int worst = -1;

  for (guint slice = 0; slice < n; slice++)
    {
      double sum = 0;

      for (guint i = 0; i < n_forms; i++)
        sum += isnan (values[i * n + slice]) ? 0 : values[i * n + slice];
      if (sum > max)
        {
          max = sum;
          worst = (int) slice;
        }
    }
  return worst;
}

static char *
dup_time (GArray *course, int slice, gint64 width)
{
  gint64 start = g_array_index (course, QkBucket, slice).start;
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (start / G_USEC_PER_SEC);

  if (local == NULL)
    return g_strdup ("—");
  return g_date_time_format (local, width < 24 * G_TIME_SPAN_HOUR ? C_ ("time", "%a %-d %b %H:%M")
                                                                  : C_ ("time", "%a %-d %b"));
}

/**
 * qk_health_course_show_errors:
 * @chart: a chart
 * @report: a report
 * @course: (element-type QkBucket): its slices
 *
 * Shows what stood in the way by its kind, and how often that was tried again.
 */
void
qk_health_course_show_errors (QkChart *chart, QkReport *report, GArray *course)
{
  g_autofree double *values = g_new (double, N_ERRORS * course->len + 1);
  g_autofree char *subtitle = qk_health_words_width (get_width (report, course));
  g_autoptr (GString) text = g_string_new (NULL);
  int worst;

  show (chart, report, course, errors, N_ERRORS, 0, values);
  qk_chart_set_subtitle (chart, subtitle);
  for (guint i = 0; i < N_ERRORS; i++)
    {
      double sum = sum_up (values + i * course->len, course->len);

      if (sum > 0)
        g_string_append_printf (text, "%s%s %.0f", text->len > 0 ? ", " : "", _ (errors[i].label),
                                sum);
    }
  worst = find_worst (values, RETRIES, course->len);
  if (worst >= 0)
    {
      g_autofree char *time = dup_time (course, worst, get_width (report, course));
      double sum = 0;

      for (guint i = 0; i < RETRIES; i++)
        sum += values[i * course->len + (guint) worst];
      g_string_append (text, ", ");
      /* When there were most of all errors, and how many. */
      g_string_append_printf (text, _ ("worst at %s: %.0f"), time, sum);
    }
  if (text->len == 0)
    g_string_append (text, _ ("nothing"));
  qk_chart_set_summary (chart, text->str);
}

/**
 * qk_health_course_show_depth:
 * @chart: a chart
 * @report: a report
 * @course: (element-type QkBucket): its slices
 *
 * Shows how many messages waited.
 */
void
qk_health_course_show_depth (QkChart *chart, QkReport *report, GArray *course)
{
  g_autofree double *values = g_new (double, N_DEPTHS * course->len + 1);
  g_autoptr (GString) text = g_string_new (NULL);
  int worst;

  show (chart, report, course, depths, N_DEPTHS, 1, values);
  for (guint slice = course->len; slice > 0 && text->len == 0; slice--)
    for (guint i = 0; i < N_DEPTHS && !isnan (values[slice - 1]); i++)
      g_string_append_printf (text, "%s%s %.0f", i > 0 ? ", " : "", _ (depths[i].label),
                              values[i * course->len + slice - 1]);
  worst = find_worst (values, 1, course->len);
  if (worst >= 0)
    {
      g_autofree char *time = dup_time (course, worst, get_width (report, course));

      g_string_append (text, ", ");
      /* When most of all messages waited, and how many. */
      g_string_append_printf (text, _ ("most pending at %s: %.0f"), time, values[worst]);
    }
  if (text->len == 0)
    g_string_append (text, _ ("not known"));
  qk_chart_set_summary (chart, text->str);
}

/**
 * qk_health_course_show_saves:
 * @chart: a chart
 * @report: a report
 * @course: (element-type QkBucket): its slices
 *
 * Shows how long saves took.
 */
void
qk_health_course_show_saves (QkChart *chart, QkReport *report, GArray *course)
{
  g_autofree double *values = g_new (double, N_LATENCIES * course->len + 1);
  const QkFigures *total = &report->total;

  show (chart, report, course, latencies, N_LATENCIES, N_LATENCIES, values);
  if (total->n_elapsed > 0)
    {
      /* How long saves took. */
      g_autofree char *text =
          g_strdup_printf (_ ("average %.3f s, longest %.2f s"),
                           (double) total->elapsed / (double) total->n_elapsed / G_USEC_PER_SEC,
                           (double) total->worst_elapsed / G_USEC_PER_SEC);

      qk_chart_set_summary (chart, text);
    }
  else
    qk_chart_set_summary (chart, _ ("not known"));
}
