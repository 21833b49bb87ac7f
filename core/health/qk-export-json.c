#include "qk-export-private.h"

#define SCHEMA_VERSION 1

static void
add_counts (QkJsonWriter *json, const char *name, const guint *by_status)
{
  qk_json_writer_begin (json, name, '{');
  for (guint i = 0; i < QK_N_STATUSES; i++)
    qk_json_writer_add_number (json, qk_status_get_name ((QkStatus) i), by_status[i]);
  qk_json_writer_end (json, '}');
}

static void
add_time (QkJsonWriter *json, const char *name, gint64 time)
{
  g_autofree char *text = qk_export_format_time (time);

  qk_json_writer_add_text (json, name, text);
}

static void
add_measures (QkJsonWriter *json, const QkFigures *figures)
{
  guint n;
  const QkMeasure *measures = qk_measures_get (&n);

  for (guint i = 0; i < n; i++)
    if (measures[i].is_time)
      {
        g_autofree char *name = g_strconcat (measures[i].name, "_s", NULL);

        qk_json_writer_add_seconds (json, name, measures[i].get (figures));
      }
    else
      qk_json_writer_add_number (json, measures[i].name, measures[i].get (figures));
}

static void
add_figures (QkJsonWriter *json, const char *name, const QkFigures *figures)
{
  double rate;

  qk_json_writer_begin (json, name, '{');
  add_measures (json, figures);
  if (qk_figures_get_success_rate (figures, &rate))
    qk_json_writer_add_double (json, "success_rate", rate);
  else
    qk_json_writer_add_literal (json, "success_rate", "null");
  qk_json_writer_begin (json, "events", '{');
  for (guint operation = 0; operation < 2; operation++)
    {
      qk_json_writer_begin (json, qk_operation_get_name (operation), '{');
      for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
        qk_json_writer_add_number (json, qk_lock_kind_get_name ((QkLockKind) kind),
                                   (gint64) figures->errors[operation][kind]);
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, '}');
  qk_json_writer_begin (json, "saves_by_attempts", '[');
  for (guint i = 1; i <= QK_REPORT_MAX_ATTEMPTS; i++)
    qk_json_writer_add_number (json, NULL, (gint64) figures->attempts[i]);
  qk_json_writer_end (json, ']');
  qk_json_writer_end (json, '}');
}

static void
add_assessment (QkJsonWriter *json, const QkAssessment *assessment)
{
  qk_json_writer_add_text (json, "verdict", qk_health_verdict_get_name (assessment->verdict));
  qk_json_writer_add_text (json, "summary", assessment->summary);
  qk_json_writer_begin (json, "advice", '[');
  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      qk_json_writer_begin (json, NULL, '{');
      qk_json_writer_add_text (json, "id", advice->id);
      qk_json_writer_add_text (json, "severity", qk_health_verdict_get_name (advice->severity));
      qk_json_writer_add_text (json, "title", advice->title);
      qk_json_writer_add_text (json, "reason", advice->reason);
      qk_json_writer_add_text (json, "proposal", advice->proposal);
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, ']');
}

static void
add_entries (QkJsonWriter *json, const QkAssessment *assessment)
{
  const QkQueueFigures *queue = &assessment->queue;

  if (!assessment->has_queue)
    {
      qk_json_writer_add_literal (json, "entries", "null");
      return;
    }
  qk_json_writer_begin (json, "entries", '{');
  qk_json_writer_add_literal (json, "readable", queue->readable ? "true" : "false");
  qk_json_writer_add_number (json, "total", queue->total);
  add_counts (json, "by_status", queue->by_status);
  qk_json_writer_add_number (json, "stuck_warning", queue->stuck_warning);
  qk_json_writer_add_number (json, "stuck_critical", queue->stuck_critical);
  qk_json_writer_add_seconds (json, "oldest_pending_s", queue->oldest_pending);
  qk_json_writer_add_seconds (json, "average_age_s", queue->average_age);
  qk_json_writer_add_number (json, "last_finished", queue->finished);
  qk_json_writer_add_number (json, "last_failed", queue->failed);
  qk_json_writer_end (json, '}');
}

static void
add_policy (QkJsonWriter *json, const QkRetryPolicy *policy)
{
  qk_json_writer_begin (json, "policy", '{');
  qk_json_writer_add_number (json, "attempts", policy->attempts);
  qk_json_writer_add_seconds (json, "base_delay_s", policy->base_delay);
  qk_json_writer_add_seconds (json, "max_delay_s", policy->max_delay);
  qk_json_writer_end (json, '}');
}

static void
add_interval (QkJsonWriter *json, const QkBucket *bucket)
{
  qk_json_writer_begin (json, NULL, '{');
  add_time (json, "start", bucket->start);
  add_measures (json, &bucket->figures);
  if (bucket->has_depth)
    add_counts (json, "depth", bucket->depth);
  else
    qk_json_writer_add_literal (json, "depth", "null");
  if (bucket->has_depth)
    qk_json_writer_add_number (json, "stuck", bucket->stuck);
  else
    qk_json_writer_add_literal (json, "stuck", "null");
  qk_json_writer_end (json, '}');
}

static void
add_event (QkJsonWriter *json, const QkReportEvent *event)
{
  const QkLockEvent *told = event->event;
  g_autofree char *text = qk_export_describe_event (event);

  qk_json_writer_begin (json, NULL, '{');
  add_time (json, "time", told->time);
  qk_json_writer_add_text (json, "source", qk_source_get_name (event->source));
  qk_json_writer_add_text (json, "operation", qk_operation_get_name (told->operation));
  qk_json_writer_add_text (json, "kind", qk_lock_kind_get_name (told->kind));
  qk_json_writer_add_number (json, "code", told->code);
  qk_json_writer_add_literal (json, "winerror", told->winerror ? "true" : "false");
  qk_json_writer_add_number (json, "attempt", told->attempt);
  qk_json_writer_add_number (json, "attempts", told->attempts);
  qk_json_writer_add_seconds (json, "delay_s", told->delay);
  qk_json_writer_add_text (json, "outcome", qk_lock_outcome_get_name (told->outcome));
  if (event->pid != 0)
    qk_json_writer_add_number (json, "pid", event->pid);
  else
    qk_json_writer_add_literal (json, "pid", "null");
  qk_json_writer_add_text (json, "program", event->program);
  qk_json_writer_add_text (json, "holder", event->holder);
  qk_json_writer_add_text (json, "text", text);
  qk_json_writer_end (json, '}');
}

static void
add_agent (QkJsonWriter *json, const QkAgentFigures *agent)
{
  qk_json_writer_begin (json, NULL, '{');
  qk_json_writer_add_text (json, "name", agent->name);
  add_counts (json, "by_status", agent->by_status);
  if (qk_agent_figures_have_times (agent))
    {
      qk_json_writer_begin (json, "deliveries", '{');
      qk_json_writer_add_number (json, "delivered", (gint64) agent->deliveries);
      qk_json_writer_add_number (json, "failed", (gint64) agent->failures);
      qk_json_writer_add_double (json, "average_s", agent->average_s);
      qk_json_writer_add_double (json, "median_s", agent->median_s);
      qk_json_writer_add_double (json, "p95_s", agent->p95_s);
      qk_json_writer_add_double (json, "worst_s", agent->worst_s);
      qk_json_writer_end (json, '}');
    }
  else
    qk_json_writer_add_literal (json, "deliveries", "null");
  qk_json_writer_end (json, '}');
}

static void
add_lists (QkJsonWriter *json, const QkReport *report)
{
  qk_json_writer_begin (json, "holders", '[');
  for (guint i = 0; i < report->holders->len; i++)
    {
      const QkHolderCount *holder = g_ptr_array_index (report->holders, i);

      qk_json_writer_begin (json, NULL, '{');
      qk_json_writer_add_text (json, "label", holder->label);
      qk_json_writer_add_number (json, "events", (gint64) holder->count);
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, ']');
  qk_json_writer_begin (json, "agents", '[');
  for (guint i = 0; i < report->agents->len; i++)
    add_agent (json, g_ptr_array_index (report->agents, i));
  qk_json_writer_end (json, ']');
  qk_json_writer_begin (json, "intervals", '[');
  for (guint i = 0; i < report->buckets->len; i++)
    add_interval (json, &g_array_index (report->buckets, QkBucket, i));
  qk_json_writer_end (json, ']');
  qk_json_writer_add_number (json, "n_events", (gint64) report->n_events);
  qk_json_writer_begin (json, "events", '[');
  for (guint i = 0; i < report->events->len; i++)
    add_event (json, g_ptr_array_index (report->events, i));
  qk_json_writer_end (json, ']');
}

GBytes *
qk_export_write_json (const QkReport *report, const QkAssessment *assessment)
{
  QkJsonWriter json;

  qk_json_writer_init (&json);
  qk_json_writer_begin (&json, NULL, '{');
  qk_json_writer_add_number (&json, "schema_version", SCHEMA_VERSION);
  qk_json_writer_add_text (&json, "queue", report->queue != NULL ? report->queue : "");
  qk_json_writer_add_text (&json, "period", qk_period_get_name (report->period));
  add_time (&json, "from", report->from);
  add_time (&json, "to", report->to);
  qk_json_writer_add_seconds (&json, "interval_s", report->bucket_width);
  qk_json_writer_add_text (&json, "swarm_location", report->swarm_location);
  qk_json_writer_add_text (&json, "problem", report->problem);
  add_assessment (&json, assessment);
  add_entries (&json, assessment);
  add_policy (&json, &report->policy);
  add_figures (&json, "total", &report->total);
  qk_json_writer_begin (&json, "by_source", '{');
  for (guint i = 0; i < QK_N_SOURCES; i++)
    add_figures (&json, qk_source_get_name ((QkSource) i), &report->by_source[i]);
  qk_json_writer_end (&json, '}');
  add_lists (&json, report);
  qk_json_writer_end (&json, '}');
  return qk_json_writer_finish (&json);
}
