#include "qk-swarm-metrics.h"

#include "qk-report-fill.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* Whether something of that time belongs to the report. "All" is also what has no time, or one that
 * is still to come by our clock. */
static gboolean
is_within (const QkReport *report, gint64 time)
{
  return report->period == QK_PERIOD_ALL || (time >= report->from && time <= report->to);
}

/* The slice of that time, if there is one. */
static QkFigures *
find_bucket (QkReport *report, gint64 time)
{
  gint64 first, index;

  if (report->buckets->len == 0 || report->bucket_width <= 0 || time == QK_WALL_NONE)
    return NULL;
  first = g_array_index (report->buckets, QkBucket, 0).start;
  if (time < first || time > report->to)
    return NULL;
  index = (time - first) / report->bucket_width;
  /* The end of the report is the end of its last slice. */
  if (index == (gint64) report->buckets->len)
    index--;
  return index < (gint64) report->buckets->len
             ? &g_array_index (report->buckets, QkBucket, (guint) index).figures
             : NULL;
}

static void
add (QkReport *report, QkFigures *sum, gint64 time, const QkFigures *one)
{
  QkFigures *bucket = find_bucket (report, time);

  qk_figures_add (sum, one);
  if (bucket != NULL)
    qk_figures_add (bucket, one);
}

static QkReportEvent *
event_new (const QkSwarmError *error)
{
  const QkLockEvent template = {
      .time = error->time,
      .operation = QK_OPERATION_SAVE,
      .kind = error->kind,
      .code = error->code,
      .winerror = error->winerror,
      .attempt = error->attempt,
      .delay = error->delay,
      .outcome = QK_LOCK_OUTCOME_RETRY,
  };
  QkReportEvent *event = g_new0 (QkReportEvent, 1);

  event->event = qk_lock_event_copy (&template);
  event->source = QK_SOURCE_SWARM;
  return event;
}

static void
add_errors (const QkSwarmMetrics *self, QkReport *report, QkFigures *sum)
{
  guint n;
  const QkSwarmError *errors = qk_swarm_metrics_get_errors (self, &n);

  for (guint i = 0; i < n; i++)
    {
      const QkSwarmError *error = &errors[i];
      QkFigures one = {0};

      if (!is_within (report, error->time))
        continue;
      one.errors[QK_OPERATION_SAVE][error->kind] = 1;
      one.winerrors[0] = error->winerror && error->code == 5;
      one.winerrors[1] = error->winerror && error->code == 32;
      one.winerrors[2] = error->winerror && error->code == 33;
      one.retries[QK_OPERATION_SAVE] = error->delay > 0;
      add (report, sum, error->time, &one);
      report->n_events++;
      if (error->time != QK_WALL_NONE)
        g_ptr_array_add (report->events, event_new (error));
    }
}

static void
add_retries (const QkSwarmMetrics *self, QkReport *report, QkFigures *sum)
{
  guint n;
  const QkSwarmRetry *retries = qk_swarm_metrics_get_retries (self, &n);

  for (guint i = 0; i < n; i++)
    {
      const QkSwarmRetry *retry = &retries[i];
      QkFigures one = {
          .saves = 1,
          .saves_retried = 1,
          .worst_attempts = retry->attempts,
          .total_attempts = retry->attempts,
          .waited = retry->waited,
          .worst_wait = retry->waited,
      };

      if (!is_within (report, retry->time))
        continue;
      one.attempts[MIN (retry->attempts, QK_REPORT_MAX_ATTEMPTS)] = 1;
      add (report, sum, retry->time, &one);
    }
}

static void
add_moments (const QkSwarmMetrics *self, QkReport *report)
{
  guint n;
  const QkMoment *moments = qk_swarm_metrics_get_concurrency (self, &n);

  for (guint i = 0; i < n; i++)
    if (is_within (report, moments[i].time))
      g_array_append_val (report->moments, moments[i]);
  report->n_moments = report->moments->len;
  if (report->period == QK_PERIOD_ALL)
    report->n_moments =
        MAX (report->n_moments, qk_swarm_metrics_get_summary (self)->high_concurrency_count);
}

static guint64
get_excess (guint64 said, guint64 counted)
{
  return said > counted ? said - counted : 0;
}

/* The older ones, which the lists hold no longer: no more than there are in all, since the swarm and
 * its lists may differ in what they take for which code. */
static void
add_older_errors (const QkSwarmSummary *summary, QkReport *report, QkFigures *sum, guint64 listed)
{
  guint64 total =
      MAX (summary->total_errors, summary->winerror_5_count + summary->winerror_32_count);
  guint64 older = get_excess (total, listed);
  guint64 denied = MIN (get_excess (summary->winerror_5_count, sum->winerrors[0]), older);
  guint64 in_use = MIN (get_excess (summary->winerror_32_count, sum->winerrors[1]), older - denied);

  sum->winerrors[0] += denied;
  sum->winerrors[1] += in_use;
  sum->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] += older - in_use;
  sum->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] += in_use;
  report->n_events += older;
}

static void
add_older_saves (const QkSwarmSummary *summary, QkFigures *sum)
{
  guint64 older = get_excess (summary->retry_success_count, sum->saves_retried);
  double average =
      sum->saves > 0 ? (double) sum->total_attempts / (double) sum->saves : 2; /* one retry */

  sum->saves += older;
  sum->saves_retried += older;
  sum->total_attempts += (guint64) ((double) older * average + 0.5);
  sum->waited += (gint64) MIN ((double) older * (double) summary->avg_retry_delay, 1e17);
  sum->saves_failed += summary->retry_failure_count;
  sum->worst_attempts = MAX (sum->worst_attempts, (guint) summary->max_retries_needed);
}

static void
tell_failures (const QkSwarmSummary *summary, QkReport *report)
{
  guint n = (guint) summary->retry_failure_count;
  g_autofree char *text = g_strdup_printf (
      ngettext (
          "The swarm gave up %u save and does not say when: it is counted only in all that is "
          "known.",
          "The swarm gave up %u saves and does not say when: they are counted only in all that "
          "is known.",
          n),
      n);

  qk_report_add_problem (report, text);
}

/* Whether there is more than what is listed, or will be with the next one. */
static gboolean
is_cut (const QkSwarmMetrics *self)
{
  const QkSwarmSummary *summary = qk_swarm_metrics_get_summary (self);
  guint n_errors, n_retries;

  (void) qk_swarm_metrics_get_errors (self, &n_errors);
  (void) qk_swarm_metrics_get_retries (self, &n_retries);
  return n_errors >= QK_SWARM_METRICS_LISTED || n_retries >= QK_SWARM_METRICS_LISTED ||
         summary->total_errors > n_errors || summary->retry_success_count > n_retries;
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const QkReportEvent *x = *(const QkReportEvent *const *) a,
                      *y = *(const QkReportEvent *const *) b;

  return (x->event->time < y->event->time) - (x->event->time > y->event->time);
}

/**
 * qk_swarm_metrics_add_to_report:
 * @self: the swarm's counters
 * @report: a report of a span of time, which its maker still fills: its period, its beginning and end,
 *   and its slices stand already
 *
 * Adds what the swarm counted within that time: to the figures of its source and of all, to the slices,
 * and to the events, of which the latest %QK_REPORT_MAX_EVENTS stay. Once for a report.
 *
 * An error is counted as one of a save, since the swarm does not say what it was doing; one with a
 * delay as retried. Only saves that took a retry are known, so that the average of attempts is that of
 * those.
 *
 * For %QK_PERIOD_ALL the swarm's summary counts where it tells more than its lists, which are cut at
 * 1000: of what it tells beyond them neither the time is known, so it is in no slice, nor the event;
 * saves beyond them are taken to have needed as many attempts, on average, as those in them. Saves that
 * were given up stand in the summary alone; for another period the report says so.
 */
void
qk_swarm_metrics_add_to_report (const QkSwarmMetrics *self, QkReport *report)
{
  const QkSwarmSummary *summary = qk_swarm_metrics_get_summary (self);
  QkFigures sum = {0};
  guint n_errors;

  g_return_if_fail (self != NULL && report != NULL);

  add_errors (self, report, &sum);
  add_retries (self, report, &sum);
  add_moments (self, report);
  report->swarm_is_cut = is_cut (self);
  (void) qk_swarm_metrics_get_errors (self, &n_errors);
  if (report->period == QK_PERIOD_ALL)
    {
      add_older_errors (summary, report, &sum, n_errors);
      add_older_saves (summary, &sum);
    }
  else if (summary->retry_failure_count > 0)
    tell_failures (summary, report);
  qk_report_add_skipped (report, "file_locking_metrics.json", qk_swarm_metrics_get_skipped (self));
  qk_figures_add (&report->by_source[QK_SOURCE_SWARM], &sum);
  qk_figures_add (&report->total, &sum);
  g_ptr_array_sort (report->events, compare_events);
  if (report->events->len > QK_REPORT_MAX_EVENTS)
    g_ptr_array_set_size (report->events, QK_REPORT_MAX_EVENTS);
}
