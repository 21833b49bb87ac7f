#include "qk-export-private.h"

#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* More than these would hide what matters; the other formats have them all. */
#define MAX_EVENTS 20U

static void
append_heading (GString *out, const char *title)
{
  g_string_append_printf (out, "\n%s\n", title);
}

static void
append_measure (GString *out, const QkMeasure *measure, const QkFigures *figures)
{
  g_autoptr (GString) value = g_string_new (NULL);

  if (measure->is_time)
    {
      qk_export_append_seconds (value, measure->get (figures));
      g_string_append (value, " s");
    }
  else
    g_string_append_printf (value, "%" G_GINT64_FORMAT, measure->get (figures));
  g_string_append_printf (out, "%14s", value->str);
}

static gboolean
is_known (const QkMeasure *measure, const QkReport *report)
{
  gboolean known = measure->get (&report->total) != 0;

  for (guint source = 0; source < QK_N_SOURCES; source++)
    known |= measure->get (&report->by_source[source]) != 0;
  return known;
}

/* The number first: so it does not matter how wide a label is shown. What did not happen is left out. */
static void
append_figures (GString *out, const QkReport *report)
{
  guint n, n_known = 0;
  const QkMeasure *measures = qk_measures_get (&n);
  double rate;

  append_heading (out, _ ("Figures"));
  for (guint i = 0; i < n; i++)
    if (is_known (&measures[i], report))
      {
        if (n_known++ == 0)
          g_string_append_printf (out, "%14s%14s%14s%14s\n", _ ("total"), _ ("here"), _ ("others"),
                                  _ ("swarm"));
        append_measure (out, &measures[i], &report->total);
        for (guint source = 0; source < QK_N_SOURCES; source++)
          append_measure (out, &measures[i], &report->by_source[source]);
        g_string_append_printf (out, "  %s\n", _ (measures[i].label));
      }
  if (n_known == 0)
    g_string_append_printf (out, "  %s\n", _ ("Nothing stood in the way, and nothing was saved."));
  if (qk_figures_get_success_rate (&report->total, &rate))
    {
      g_string_append_c (out, '\n');
      g_string_append_printf (out, _ ("Of the saves that met a lock %.1f %% succeeded."),
                              rate * 100);
      g_string_append_c (out, '\n');
    }
}

static void
append_kinds (GString *out, const QkFigures *figures)
{
  guint n_known = 0;

  for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
    {
      guint64 reads = figures->errors[QK_OPERATION_READ][kind];
      guint64 saves = figures->errors[QK_OPERATION_SAVE][kind];

      if (reads + saves == 0)
        continue;
      if (n_known++ == 0)
        {
          append_heading (out, _ ("What stood in the way"));
          g_string_append_printf (out, "%14s%14s\n", _ ("reads"), _ ("saves"));
        }
      g_string_append_printf (out, "%14" G_GUINT64_FORMAT "%14" G_GUINT64_FORMAT "  %s\n", reads,
                              saves, qk_lock_kind_get_label ((QkLockKind) kind));
    }
}

static void
append_attempts (GString *out, const QkFigures *figures)
{
  if (figures->saves == 0)
    return;
  append_heading (out, _ ("Saves by attempts"));
  for (guint i = 1; i <= QK_REPORT_MAX_ATTEMPTS; i++)
    if (figures->attempts[i] > 0)
      g_string_append_printf (out, "%14" G_GUINT64_FORMAT "  %u%s\n", figures->attempts[i], i,
                              i == QK_REPORT_MAX_ATTEMPTS ? "+" : "");
}

static void
append_queue (GString *out, const QkQueueFigures *queue)
{
  g_autofree char *oldest = qk_duration_format (queue->oldest_pending);
  g_autofree char *average = qk_duration_format (queue->average_age);

  append_heading (out, _ ("Queue"));
  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (queue->by_status[i] > 0)
      g_string_append_printf (out, "%14u  %s\n", queue->by_status[i],
                              qk_status_get_name ((QkStatus) i));
  g_string_append_printf (out, "%14u  %s\n", queue->total, _ ("entries in all"));
  g_string_append_printf (out, "%14u  %s\n", queue->stuck_warning, _ ("stuck"));
  if (queue->by_status[QK_STATUS_PENDING] > 0)
    g_string_append_printf (out, "%14s  %s\n", oldest, _ ("age of the oldest pending one"));
  if (queue->by_status[QK_STATUS_PENDING] + queue->by_status[QK_STATUS_PROCESSING] > 0)
    g_string_append_printf (out, "%14s  %s\n", average, _ ("average age of the undelivered"));
  if (queue->finished > 0)
    g_string_append_printf (out, "%6u of %4u  %s\n", queue->failed, queue->finished,
                            _ ("of the last ones failed"));
}

static void
append_advice (GString *out, const QkAssessment *assessment)
{
  if (assessment->advice->len == 0)
    return;
  append_heading (out, _ ("Advice"));
  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      g_string_append_printf (out, "  [%s] %s. %s\n             %s\n", qk_advice_get_label (advice),
                              advice->title, advice->reason, advice->proposal);
    }
}

static void
append_holders (GString *out, const QkReport *report)
{
  if (report->holders->len == 0)
    return;
  append_heading (out, _ ("Who held the file"));
  for (guint i = 0; i < report->holders->len; i++)
    {
      const QkHolderCount *holder = g_ptr_array_index (report->holders, i);
      g_autofree char *label = qk_export_reveal (holder->label);

      g_string_append_printf (out, "%14" G_GUINT64_FORMAT "  %s\n", holder->count, label);
    }
}

static void
append_agents (GString *out, const QkReport *report)
{
  if (report->agents->len == 0)
    return;
  append_heading (out, _ ("Recipients"));
  g_string_append_printf (out, "%10s%10s%10s%10s%10s%12s%12s\n", _ ("pending"), _ ("in work"),
                          _ ("delivered"), _ ("failed"), _ ("attempts"), _ ("median"), _ ("p95"));
  for (guint i = 0; i < report->agents->len; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);
      g_autofree char *name = qk_export_reveal (*agent->name != '\0' ? agent->name : "—");

      g_string_append_printf (out, "%10u%10u%10u%10u", agent->by_status[QK_STATUS_PENDING],
                              agent->by_status[QK_STATUS_PROCESSING],
                              agent->by_status[QK_STATUS_DELIVERED],
                              agent->by_status[QK_STATUS_FAILED]);
      if (qk_agent_figures_have_times (agent))
        g_string_append_printf (out, "%10" G_GUINT64_FORMAT "%10.3f s%10.3f s",
                                agent->deliveries + agent->failures, agent->median_s, agent->p95_s);
      else
        g_string_append_printf (out, "%10s%12s%12s", "", "", "");
      g_string_append_printf (out, "  %s\n", name);
    }
}

static void
append_events (GString *out, const QkReport *report)
{
  if (report->n_events == 0)
    return;
  append_heading (out, _ ("Latest events"));
  for (guint i = 0; i < MIN (report->events->len, MAX_EVENTS); i++)
    {
      const QkReportEvent *event = g_ptr_array_index (report->events, i);
      g_autofree char *time = qk_export_format_local_time (event->event->time);
      g_autofree char *what = qk_export_describe_event (event);
      g_autofree char *safe = qk_export_reveal (what);

      g_string_append_printf (out, "  %s  %-6s  %s  (%s)\n", time,
                              qk_operation_get_name (event->event->operation), safe,
                              qk_source_get_label (event->source));
    }
  if (report->n_events > MAX_EVENTS)
    {
      g_string_append (out, "  ");
      g_string_append_printf (out,
                              ngettext ("and %" PRIu64 " earlier one",
                                        "and %" PRIu64 " earlier ones",
                                        (gulong) (report->n_events - MAX_EVENTS)),
                              report->n_events - MAX_EVENTS);
      g_string_append_c (out, '\n');
    }
}

GBytes *
qk_export_write_text (const QkReport *report, const QkAssessment *assessment)
{
  GString *out = g_string_new (NULL);
  g_autofree char *queue = qk_export_reveal (report->queue != NULL ? report->queue : "");
  g_autofree char *from = qk_export_format_local_time (report->from);
  g_autofree char *to = qk_export_format_local_time (report->to);

  g_string_append_printf (out, "%s\n%s – %s (%s)\n\n%s: %s\n", queue, from, to,
                          qk_period_get_label (report->period),
                          qk_health_verdict_get_label (assessment->verdict), assessment->summary);
  if (report->problem != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (report->problem, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        {
          g_autofree char *line = qk_export_reveal (lines[i]);

          g_string_append_printf (out, "%s\n", line);
        }
    }
  append_advice (out, assessment);
  if (assessment->has_queue)
    append_queue (out, &assessment->queue);
  append_figures (out, report);
  append_kinds (out, &report->total);
  append_attempts (out, &report->total);
  append_holders (out, report);
  append_agents (out, report);
  append_events (out, report);
  return g_string_free_to_bytes (out);
}
