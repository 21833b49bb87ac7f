#include "qk-report-fill.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HALF_HOUR   (30 * G_TIME_SPAN_MINUTE)
#define THREE_HOURS (3 * G_TIME_SPAN_HOUR)
/* A report of a long session is not told by the minute. */
#define MAX_BUCKETS 240
/* Clocks of several machines differ; what is later than that was counted by one that was wrong. */
#define SKEW (5 * G_TIME_SPAN_MINUTE)

static gboolean
is_open_ended (QkPeriod period)
{
  return period == QK_PERIOD_ALL || period == QK_PERIOD_SESSION;
}

/* Of what has no length of its own. */
static gint64
choose_width (gint64 length)
{
  static const gint64 widths[] = {QK_SLICE_MINUTE, HALF_HOUR, THREE_HOURS};

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    if (length / widths[i] < MAX_BUCKETS)
      return widths[i];
  return QK_SLICE_DAY;
}

static void
add_buckets (QkReport *self)
{
  guint n = (guint) ((self->to - self->from) / self->bucket_width) + 1;

  g_array_set_size (self->buckets, n);
  for (guint i = 0; i < n; i++)
    g_array_index (self->buckets, QkBucket, i).start = self->from + i * self->bucket_width;
}

/**
 * qk_report_set_time:
 * @self: a new report
 * @period: of which span of time
 * @first: when the session began, or since when anything is known, of which no more than
 *   %QK_REPORT_MAX_DAYS count; for the other periods it does not matter
 * @now: when it ends
 *
 * Sets its time and makes its slices: whole ones, the last of them still running.
 */
void
qk_report_set_time (QkReport *self, QkPeriod period, gint64 first, gint64 now)
{
  static const struct {
    gint64 width;
    gint64 n;
  } slices[QK_N_PERIODS] = {
      [QK_PERIOD_HOUR] = {QK_SLICE_MINUTE, 60},
      [QK_PERIOD_DAY] = {HALF_HOUR, 48},
      [QK_PERIOD_WEEK] = {THREE_HOURS, 56},
  };

  self->period = period;
  self->to = now;
  first = MAX (first, now - QK_REPORT_MAX_DAYS * QK_SLICE_DAY);
  if (slices[period].n > 0)
    {
      self->bucket_width = slices[period].width;
      self->from =
          qk_slice_align (now, self->bucket_width) - (slices[period].n - 1) * self->bucket_width;
    }
  else
    {
      self->bucket_width =
          period == QK_PERIOD_ALL ? QK_SLICE_DAY : choose_width (now - MIN (first, now));
      self->from = qk_slice_align (MIN (first, now), self->bucket_width);
    }
  add_buckets (self);
}

/**
 * qk_report_find_bucket:
 * @self: a report whose time is set
 * @time: a time
 *
 * Returns: (transfer none) (nullable): the slice in which it is
 */
QkBucket *
qk_report_find_bucket (QkReport *self, gint64 time)
{
  gint64 index = (time - self->from) / self->bucket_width;

  if (time < self->from || index >= self->buckets->len)
    return NULL;
  return &g_array_index (self->buckets, QkBucket, (guint) index);
}

/**
 * qk_report_add_slice:
 * @self: a report whose time is set
 * @source: who counted
 * @slice: what happened in a span of time, no longer than those of the report
 *
 * Adds it, if it belongs to the report's time. That of a session, or of all that is known, has no ends:
 * a clock that was wrong makes nothing unhappened.
 */
void
qk_report_add_slice (QkReport *self, QkSource source, const QkSlice *slice)
{
  /* Its middle: where the clock was put forward or back since, its ends may be off by an hour. */
  gint64 middle = slice->start + slice->width / 2;
  QkBucket *bucket = qk_report_find_bucket (self, MIN (middle, self->to));

  if (!is_open_ended (self->period) && slice->start > self->to + SKEW)
    return;
  /* This process began somewhere in its first span. */
  if (bucket == NULL && (self->period == QK_PERIOD_ALL ||
                         (source == QK_SOURCE_HERE && self->period == QK_PERIOD_SESSION)))
    bucket = &g_array_index (self->buckets, QkBucket, 0);
  if (bucket == NULL)
    return;
  qk_figures_add (&bucket->figures, &slice->figures);
  qk_figures_add (&self->by_source[source], &slice->figures);
  qk_figures_add (&self->total, &slice->figures);
  for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
    self->n_events += qk_figures_get_errors (&slice->figures, kind);
}

/**
 * qk_report_get_bounds:
 * @self: a report whose time is set
 * @first: (out): from when on events belong to it
 * @last: (out): until when
 *
 * Tells which events are those of the report, by the clock of whoever counted them.
 */
void
qk_report_get_bounds (const QkReport *self, gint64 *first, gint64 *last)
{
  *first = self->period == QK_PERIOD_ALL ? G_MININT64 : self->from;
  *last = is_open_ended (self->period) ? G_MAXINT64 : self->to + SKEW;
}

static gboolean
covers (const QkReport *self, gint64 time)
{
  gint64 first, last;

  qk_report_get_bounds (self, &first, &last);
  return time >= first && time <= last;
}

/**
 * qk_report_take_event:
 * @self: a report whose time is set
 * @event: (transfer full): an event
 *
 * Adds it, if it belongs to the report's time. It is counted already.
 */
void
qk_report_take_event (QkReport *self, QkReportEvent *event)
{
  if (covers (self, event->event->time))
    g_ptr_array_add (self->events, event);
  else
    qk_report_event_free (event);
}

/**
 * qk_report_count_holder:
 * @self: a report
 * @label: who held the file
 * @count: at how many events
 *
 * Adds it to what is known of that holder.
 */
void
qk_report_count_holder (QkReport *self, const char *label, guint64 count)
{
  QkHolderCount *holder;

  for (guint i = 0; i < self->holders->len; i++)
    {
      holder = g_ptr_array_index (self->holders, i);
      if (g_str_equal (holder->label, label))
        {
          holder->count += count;
          return;
        }
    }
  holder = g_new0 (QkHolderCount, 1);
  holder->label = g_strdup (label);
  holder->count = count;
  g_ptr_array_add (self->holders, holder);
}

/**
 * qk_report_add_problem:
 * @self: a report
 * @problem: (nullable): what is missing in it and why
 *
 * Adds a line to what is told.
 */
void
qk_report_add_problem (QkReport *self, const char *problem)
{
  g_autofree char *before = g_steal_pointer (&self->problem);

  self->problem = before != NULL && problem != NULL ? g_strconcat (before, "\n", problem, NULL)
                  : problem != NULL                 ? g_strdup (problem)
                                                    : g_steal_pointer (&before);
}

/**
 * qk_report_add_skipped:
 * @self: a report
 * @name: a file of the swarm
 * @n: how many of its rows were not looked at
 *
 * Tells that they are missing in the report, if any are.
 */
void
qk_report_add_skipped (QkReport *self, const char *name, guint64 n)
{
  guint shown = (guint) MIN (n, G_MAXUINT);
  g_autofree char *text = NULL;

  if (n == 0)
    return;
  text = g_strdup_printf (ngettext ("%u row of %s is left out: it is no object, or one too many.",
                                    "%u rows of %s are left out: they are no objects, or too many.",
                                    shown),
                          shown, name);
  qk_report_add_problem (self, text);
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(const QkReportEvent *const *) a)->event->time,
         y = (*(const QkReportEvent *const *) b)->event->time;

  return (x < y) - (x > y);
}

static int
compare_holders (gconstpointer a, gconstpointer b)
{
  const QkHolderCount *x = *(const QkHolderCount *const *) a,
                      *y = *(const QkHolderCount *const *) b;

  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  return strcmp (x->label, y->label);
}

/**
 * qk_report_sort:
 * @self: a report
 *
 * Puts what was added into order: the latest events first, and of them no more than
 * %QK_REPORT_MAX_EVENTS.
 */
void
qk_report_sort (QkReport *self)
{
  g_ptr_array_sort (self->events, compare_events);
  if (self->events->len > QK_REPORT_MAX_EVENTS)
    g_ptr_array_set_size (self->events, QK_REPORT_MAX_EVENTS);
  g_ptr_array_sort (self->holders, compare_holders);
}
