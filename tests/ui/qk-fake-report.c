#include "qk-fake-report.h"

#include "qk-retry.h"

#define ATTEMPTS 8

static const gint64 spans[QK_N_PERIODS] = {
    [QK_PERIOD_SESSION] = 40 * G_TIME_SPAN_MINUTE,
    [QK_PERIOD_HOUR] = G_TIME_SPAN_HOUR,
    [QK_PERIOD_DAY] = G_TIME_SPAN_DAY,
    [QK_PERIOD_WEEK] = 7 * G_TIME_SPAN_DAY,
    [QK_PERIOD_ALL] = 60 * G_TIME_SPAN_DAY,
};
static const gint64 widths[QK_N_PERIODS] = {
    [QK_PERIOD_SESSION] = G_TIME_SPAN_MINUTE,  [QK_PERIOD_HOUR] = G_TIME_SPAN_MINUTE,
    [QK_PERIOD_DAY] = 30 * G_TIME_SPAN_MINUTE, [QK_PERIOD_WEEK] = 3 * G_TIME_SPAN_HOUR,
    [QK_PERIOD_ALL] = G_TIME_SPAN_DAY,
};

/**
 * qk_fake_report_new:
 * @period: of which time
 * @now: its end
 *
 * Returns: (transfer full): a report in which nothing is known, with all its buckets
 */
QkReport *
qk_fake_report_new (QkPeriod period, gint64 now)
{
  QkReport *report = qk_report_new ();
  gint64 width = widths[period], from = now - spans[period];

  report->queue = g_strdup ("/srv/swarm/message_queue/queue.json");
  report->period = period;
  report->from = from;
  report->to = now;
  report->bucket_width = width;
  for (gint64 start = from - from % width; start < now; start += width)
    {
      QkBucket bucket = {.start = start};

      g_array_append_val (report->buckets, bucket);
    }
  return report;
}

static QkBucket *
find_bucket (QkReport *report, gint64 time)
{
  gint64 first = g_array_index (report->buckets, QkBucket, 0).start;
  gint64 index = (time - first) / report->bucket_width;

  g_assert_true (index >= 0 && index < (gint64) report->buckets->len);
  return &g_array_index (report->buckets, QkBucket, index);
}

static void
add_figures (QkReport *report, gint64 time, QkSource source, const QkFigures *figures)
{
  qk_figures_add (&report->total, figures);
  qk_figures_add (&report->by_source[source], figures);
  qk_figures_add (&find_bucket (report, time)->figures, figures);
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const QkReportEvent *x = *(QkReportEvent *const *) a, *y = *(QkReportEvent *const *) b;

  return x->event->time < y->event->time ? 1 : x->event->time > y->event->time ? -1 : 0;
}

/**
 * qk_fake_report_add_event:
 * @report: a report
 * @time: when
 * @kind: what
 * @source: who counted it
 * @attempt: which attempt of a save failed
 *
 * Adds an event, and counts it everywhere.
 */
void
qk_fake_report_add_event (QkReport *report,
                          gint64 time,
                          QkLockKind kind,
                          QkSource source,
                          guint attempt)
{
  gboolean settled = kind == QK_LOCK_KIND_CONFLICT || kind == QK_LOCK_KIND_OVERWRITE;
  gboolean reading = kind == QK_LOCK_KIND_ABSENT || kind == QK_LOCK_KIND_TORN;
  QkReportEvent *event = g_new0 (QkReportEvent, 1);
  QkFigures figures = {0};
  QkLockEvent lock_event = {
      .time = time,
      .operation = reading ? QK_OPERATION_READ : QK_OPERATION_SAVE,
      .kind = kind,
      .code = kind == QK_LOCK_KIND_ACCESS_DENIED ? 5
              : kind == QK_LOCK_KIND_IN_USE      ? 32
                                                 : 0,
      .attempt = settled ? 0 : attempt,
      .attempts = settled ? 0 : ATTEMPTS,
      .delay = settled ? 0 : qk_retry_policy_get_delay (&QK_RETRY_POLICY_DEFAULT, attempt),
      .outcome = settled               ? QK_LOCK_OUTCOME_MERGED
                 : attempt >= ATTEMPTS ? QK_LOCK_OUTCOME_GIVE_UP
                                       : QK_LOCK_OUTCOME_RETRY,
  };

  event->event = qk_lock_event_copy (&lock_event);
  event->source = source;
  event->pid = source == QK_SOURCE_OTHERS ? 977 : 0;
  event->program = source == QK_SOURCE_OTHERS ? g_strdup ("qkctl") : NULL;
  g_ptr_array_add (report->events, event);
  g_ptr_array_sort (report->events, compare_events);
  if (report->events->len > QK_REPORT_MAX_EVENTS)
    g_ptr_array_set_size (report->events, QK_REPORT_MAX_EVENTS);
  report->n_events++;
  qk_figures_count_event (&figures, &lock_event);
  add_figures (report, time, source, &figures);
}

static void
add_save (QkReport *report, gint64 time, QkSource source, guint attempts, gboolean ok)
{
  QkFigures figures = {0};
  QkSave save = {.time = time, .ok = ok, .attempts = attempts};

  for (guint i = 1; i < attempts; i++)
    save.waited += qk_retry_policy_get_delay (&QK_RETRY_POLICY_DEFAULT, i);
  save.elapsed = save.waited + 9000 + (time / 7919) % 23000;
  qk_figures_count_save (&figures, &save);
  add_figures (report, time, source, &figures);
}

static void
add_holder (QkReport *report, const char *label)
{
  QkHolderCount *holder;

  for (guint i = 0; i < report->holders->len; i++)
    {
      holder = report->holders->pdata[i];
      if (g_str_equal (holder->label, label))
        {
          holder->count++;
          return;
        }
    }
  holder = g_new (QkHolderCount, 1);
  *holder = (QkHolderCount){g_strdup (label), 1};
  g_ptr_array_add (report->holders, holder);
}

static int
compare_holders (gconstpointer a, gconstpointer b)
{
  const QkHolderCount *x = *(QkHolderCount *const *) a, *y = *(QkHolderCount *const *) b;

  return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

/**
 * qk_fake_report_quiet:
 * @period: of which time
 * @now: its end
 *
 * Returns: (transfer full): a report of saves that all succeeded at once
 */
QkReport *
qk_fake_report_quiet (QkPeriod period, gint64 now)
{
  QkReport *report = qk_fake_report_new (period, now);

  for (guint i = 0; i < report->buckets->len; i++)
    {
      QkBucket *bucket = &g_array_index (report->buckets, QkBucket, i);

      bucket->has_depth = TRUE;
      bucket->depth[QK_STATUS_PENDING] = i % 5;
      if (bucket->start > report->from)
        add_save (report, bucket->start, QK_SOURCE_HERE, 1, TRUE);
    }
  return report;
}

/* Who was found to hold the file then. Of what the swarm counted, nobody looks for that. */
static void
add_held_event (QkReport *report, gint64 time, QkLockKind kind, QkSource source, guint attempt)
{
  static const char *const names[] = {"python3 · queue_processor.py (4312)",
                                      "python3 · queue_processor.py (4312)",
                                      "python3 · discord_bot.py (977) of swarm",
                                      "nobody found",
                                      "process 5120, gone meanwhile",
                                      "could not look"};
  const char *name = names[(guint) (time / G_USEC_PER_SEC) % G_N_ELEMENTS (names)];

  qk_fake_report_add_event (report, time, kind, source, attempt);
  if (source == QK_SOURCE_SWARM)
    return;
  for (guint i = 0; i < report->events->len; i++)
    {
      QkReportEvent *event = report->events->pdata[i];

      if (event->event->time == time && event->source == source && event->holder == NULL)
        event->holder = g_strdup (name);
    }
  add_holder (report, name);
}

/* An attempt of a save that meets an obstacle some times, and the save. */
static void
add_trouble (QkReport *report, GRand *random, gint64 time)
{
  static const QkLockKind kinds[] = {QK_LOCK_KIND_ACCESS_DENIED, QK_LOCK_KIND_LOCK_HELD,
                                     QK_LOCK_KIND_LOCK_HELD, QK_LOCK_KIND_IN_USE};
  QkLockKind kind = kinds[g_rand_int_range (random, 0, G_N_ELEMENTS (kinds))];
  QkSource source = (QkSource) g_rand_int_range (random, 0, QK_N_SOURCES);
  guint failed = (guint) (1 + g_rand_double (random) * g_rand_double (random) * 5);
  gboolean ok = g_rand_int_range (random, 0, 60) > 0;

  failed = ok ? failed : ATTEMPTS;
  for (guint attempt = 1; attempt <= failed && time < report->to; attempt++)
    {
      add_held_event (report, time, kind, source, attempt);
      time += qk_retry_policy_get_delay (&QK_RETRY_POLICY_DEFAULT, attempt);
    }
  if (time < report->to)
    add_save (report, time, source, ok ? failed + 1 : failed, ok);
}

/**
 * qk_fake_report_week:
 * @period: of which time
 * @now: its end
 *
 * Returns: (transfer full): a report as a busy swarm makes it
 */
QkReport *
qk_fake_report_week (QkPeriod period, gint64 now)
{
  QkReport *report = qk_fake_report_new (period, now);
  g_autoptr (GRand) random = g_rand_new_with_seed (4312);
  guint pending = 20;

  for (guint i = 0; i < report->buckets->len; i++)
    {
      QkBucket *bucket = &g_array_index (report->buckets, QkBucket, i);
      guint n = (guint) (g_rand_double (random) * g_rand_double (random) * 6);

      if (i % 48 > 34 && i % 48 < 40)
        n += (guint) g_rand_int_range (random, 0, 8);
      for (guint j = 0; j < n; j++)
        add_trouble (report, random,
                     MAX (bucket->start, report->from) +
                         (gint64) (g_rand_double (random) * 0.9 * (double) report->bucket_width));
      for (guint j = 0; j < 9; j++)
        if (bucket->start + j > report->from)
          add_save (report, bucket->start + j, QK_SOURCE_OTHERS, 1, TRUE);
      if (g_rand_int_range (random, 0, 9) == 0 && bucket->start > report->from)
        qk_fake_report_add_event (
            report, bucket->start,
            (QkLockKind) g_rand_int_range (random, QK_LOCK_KIND_ABSENT, QK_N_LOCK_KINDS),
            QK_SOURCE_HERE, 1);
      pending = (guint) CLAMP ((int) pending + g_rand_int_range (random, -6, 7), 3, 60);
      bucket->has_depth = i % 48 < 20 || i % 48 > 23;
      bucket->depth[QK_STATUS_PENDING] = pending;
      bucket->depth[QK_STATUS_PROCESSING] = pending / 6;
      bucket->depth[QK_STATUS_FAILED] = 4 + i / 40;
      bucket->stuck = i % 48 > 40 ? 2 : 0;
    }
  g_ptr_array_sort (report->holders, compare_holders);
  report->swarm_location = g_strdup ("/srv/swarm/data/file_locking_metrics.json");
  return report;
}
