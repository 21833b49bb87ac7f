#include "qk-report-sample.h"

/* The newest first, as a report has them: so what happened last is to be added last. */
QkReportEvent *
qk_sample_add_event (QkReport *report,
                     QkSource source,
                     gint64 pid,
                     gint64 time,
                     QkLockKind kind,
                     guint attempt,
                     gint64 delay,
                     QkLockOutcome outcome)
{
  static const int codes[QK_N_LOCK_KINDS] = {[QK_LOCK_KIND_ACCESS_DENIED] = 13,
                                             [QK_LOCK_KIND_IN_USE] = 16,
                                             [QK_LOCK_KIND_LOCK_HELD] = 11};
  QkLockEvent told = {.time = time,
                      .operation = QK_OPERATION_SAVE,
                      .kind = kind,
                      .code = codes[kind],
                      .attempt = attempt,
                      .attempts = attempt > 0 ? report->policy.attempts : 0,
                      .delay = delay,
                      .outcome = outcome};
  QkReportEvent *event = g_new0 (QkReportEvent, 1);

  event->event = qk_lock_event_copy (&told);
  event->source = source;
  event->pid = pid;
  g_ptr_array_insert (report->events, 0, event);
  report->n_events++;
  return event;
}

/* A save whose first @failed attempts fail, at the times of the report's policy. */
void
qk_sample_add_save (QkReport *report, gint64 pid, gint64 start, guint failed, gboolean given_up)
{
  gint64 time = start;

  for (guint attempt = 1; attempt <= failed; attempt++)
    {
      gboolean last = given_up && attempt == failed;
      gint64 delay = last ? 0 : qk_retry_policy_get_delay (&report->policy, attempt);

      qk_sample_add_event (report, QK_SOURCE_HERE, pid, time, QK_LOCK_KIND_LOCK_HELD, attempt,
                           delay, last ? QK_LOCK_OUTCOME_GIVE_UP : QK_LOCK_OUTCOME_RETRY);
      time += delay;
    }
}

static void
fill_figures (QkReport *report)
{
  QkFigures *here = &report->by_source[QK_SOURCE_HERE];
  QkFigures *swarm = &report->by_source[QK_SOURCE_SWARM];

  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = 3;
  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] = 4;
  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_LOCK_HELD] = 2;
  here->errors[QK_OPERATION_READ][QK_LOCK_KIND_TORN] = 5;
  here->winerrors[1] = 4;
  here->retries[QK_OPERATION_SAVE] = 8;
  here->retries[QK_OPERATION_READ] = 5;
  here->saves = 120;
  here->saves_retried = 7;
  here->saves_failed = 1;
  here->attempts[1] = 113;
  here->attempts[2] = 6;
  here->attempts[5] = 1;
  here->worst_attempts = 5;
  here->total_attempts = 130;
  here->waited = 4250000;
  here->worst_wait = 2250000;
  here->elapsed = 1250500;
  here->worst_elapsed = 700250;
  here->n_elapsed = 100;
  here->conflicts = 11;
  here->overwrites = 6;
  swarm->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = 16;
  swarm->winerrors[0] = 16;
  swarm->saves = 15;
  swarm->saves_retried = 15;
  swarm->attempts[2] = 13;
  swarm->attempts[3] = 1;
  swarm->attempts[4] = 1;
  swarm->worst_attempts = 4;
  swarm->total_attempts = 33;
  swarm->waited = 1800000;
  swarm->worst_wait = 150000;
  qk_figures_add (&report->total, here);
  qk_figures_add (&report->total, swarm);
}

static void
fill_buckets (QkReport *report)
{
  for (guint i = 0; i < 48; i++)
    {
      QkBucket bucket = {.start = report->from + i * report->bucket_width};

      if (i == 10)
        bucket.figures = report->by_source[QK_SOURCE_SWARM];
      if (i == 47)
        {
          bucket.figures = report->by_source[QK_SOURCE_HERE];
          bucket.has_depth = TRUE;
          bucket.depth[QK_STATUS_PENDING] = 12;
          bucket.depth[QK_STATUS_DELIVERED] = 363;
          bucket.stuck = 1;
        }
      g_array_append_val (report->buckets, bucket);
    }
}

/* A name that a spreadsheet takes for a formula, and one that a browser takes for a program. */
static void
fill_agents (QkReport *report)
{
  static const char *const names[] = {"Agent-1", "=1+1,\"x\"\nnext",
                                      "<script>alert(1)</script>\xe2\x80\xae"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      QkAgentFigures *agent = g_new0 (QkAgentFigures, 1);

      agent->name = g_strdup (names[i]);
      agent->by_status[QK_STATUS_PENDING] = i + 1;
      g_ptr_array_add (report->agents, agent);
      if (i > 0)
        continue;
      agent->by_status[QK_STATUS_DELIVERED] = 40;
      agent->deliveries = 38;
      agent->failures = 2;
      agent->average_s = 8.25;
      agent->median_s = 8.125;
      agent->p95_s = 9.5;
      agent->worst_s = 31.0625;
    }
}

/* Of the last 24 hours, with figures of this process and of the swarm. */
QkReport *
qk_sample_report_new (void)
{
  QkReport *report = qk_report_new ();
  QkHolderCount *holder = g_new0 (QkHolderCount, 1);
  QkReportEvent *told;
  const gint64 minute = G_GINT64_CONSTANT (60) * G_USEC_PER_SEC;

  report->queue = g_strdup ("/srv/swarm/message_queue/queue.json");
  report->period = QK_PERIOD_DAY;
  report->to = QK_SAMPLE_NOW;
  report->from = report->to - 24 * 60 * minute;
  report->bucket_width = 30 * minute;
  report->swarm_location = g_strdup ("/srv/swarm/data/file_locking_metrics.json");
  fill_figures (report);
  fill_buckets (report);
  fill_agents (report);
  holder->label = g_strdup ("python3 (pid 4312)");
  holder->count = 9;
  g_ptr_array_add (report->holders, holder);
  qk_sample_add_save (report, 77, report->to - 10 * minute, 2, FALSE);
  qk_sample_add_save (report, 77, report->to - 5 * minute, 8, TRUE);
  told = qk_sample_add_event (report, QK_SOURCE_SWARM, 0, report->to - minute,
                              QK_LOCK_KIND_ACCESS_DENIED, 1, 150000, QK_LOCK_OUTCOME_RETRY);
  told->event->code = 5;
  told->event->winerror = TRUE;
  qk_sample_add_event (report, QK_SOURCE_HERE, 77, report->to - minute / 2, QK_LOCK_KIND_CONFLICT,
                       0, 0, QK_LOCK_OUTCOME_MERGED)
      ->program = g_strdup ("queuekeeper");
  told = g_ptr_array_index (report->events, 2);
  told->holder = g_strdup ("=x · <b> (9) of alice");
  return report;
}
