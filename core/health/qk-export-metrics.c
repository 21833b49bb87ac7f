#include "qk-export-private.h"

#define PREFIX "queuekeeper_"

typedef struct {
  GString *out; /* owned */
  gboolean openmetrics;
  gboolean cumulative; /* the report reaches back to the beginning: sums only grow */
  char *queue;         /* owned: its label, escaped */
  GString *name;       /* owned: of the metric that is being written */
} Metrics;

static void
append_escaped (GString *out, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '"')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
}

static char *
escape (const char *text)
{
  g_autofree char *shown = qk_export_reveal (text);
  g_autoptr (GString) escaped = g_string_new (NULL);

  append_escaped (escaped, shown);
  return g_string_free (g_steal_pointer (&escaped), FALSE);
}

/* Begins a metric. OpenMetrics declares a counter by the name without "_total", the older format by
 * the name of the sample. */
static void
declare (Metrics *self, const char *name, const char *unit, gboolean is_sum, const char *help)
{
  gboolean counter = is_sum && self->cumulative;

  g_string_printf (self->name, PREFIX "%s%s", name, unit);
  if (counter && !self->openmetrics)
    g_string_append (self->name, "_total");
  g_string_append_printf (self->out, "# HELP %s %s\n# TYPE %s %s\n", self->name->str, help,
                          self->name->str, counter ? "counter" : "gauge");
  if (counter && self->openmetrics)
    g_string_append (self->name, "_total");
}

static void begin_sample (Metrics *self, ...) G_GNUC_NULL_TERMINATED;

/* Pairs of a label and its value, which is one of our own names. */
static void
begin_sample (Metrics *self, ...)
{
  va_list labels;

  g_string_append_printf (self->out, "%s{queue=\"%s\"", self->name->str, self->queue);
  va_start (labels, self);
  for (const char *label = va_arg (labels, const char *); label != NULL;
       label = va_arg (labels, const char *))
    {
      g_string_append_printf (self->out, ",%s=\"", label);
      append_escaped (self->out, va_arg (labels, const char *));
      g_string_append_c (self->out, '"');
    }
  va_end (labels);
  g_string_append (self->out, "} ");
}

static void
end_number (Metrics *self, gint64 value)
{
  g_string_append_printf (self->out, "%" G_GINT64_FORMAT "\n", value);
}

static void
end_seconds (Metrics *self, gint64 usec)
{
  qk_export_append_seconds (self->out, usec);
  g_string_append_c (self->out, '\n');
}

static void
end_double (Metrics *self, double value)
{
  qk_export_append_double (self->out, value);
  g_string_append_c (self->out, '\n');
}

static void
add_number (Metrics *self, const char *name, const char *help, gint64 value)
{
  declare (self, name, "", FALSE, help);
  begin_sample (self, NULL);
  end_number (self, value);
}

static void
add_seconds (Metrics *self, const char *name, const char *help, gint64 usec)
{
  declare (self, name, "_seconds", FALSE, help);
  begin_sample (self, NULL);
  end_seconds (self, usec);
}

static void
add_report (Metrics *self, const QkReport *report, const QkAssessment *assessment)
{
  declare (self, "report_info", "", FALSE, "Which time the report is of.");
  begin_sample (self, "period", qk_period_get_name (report->period), NULL);
  end_number (self, 1);
  add_seconds (self, "report_start_timestamp", "When that time began.", report->from);
  add_seconds (self, "report_end_timestamp", "When the report was made.", report->to);
  add_number (self, "health", "How the queue is: 0 good, 1 warning, 2 critical.",
              assessment->verdict);
  declare (self, "advice", "", FALSE, "What is proposed: 0 good to know, 1 warning, 2 critical.");
  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      begin_sample (self, "id", advice->id, NULL);
      end_number (self, advice->severity);
    }
  add_number (self, "retry_attempts", "How often a save is tried in all.", report->policy.attempts);
  add_seconds (self, "retry_base_delay", "The first wait of a save.", report->policy.base_delay);
  add_seconds (self, "retry_max_delay", "The longest wait of a save.", report->policy.max_delay);
}

static void
add_queue (Metrics *self, const QkQueueFigures *queue)
{
  declare (self, "entries", "", FALSE, "Entries of the queue.");
  for (guint i = 0; i < QK_N_STATUSES; i++)
    {
      begin_sample (self, "status", qk_status_get_name ((QkStatus) i), NULL);
      end_number (self, queue->by_status[i]);
    }
  declare (self, "stuck_entries", "", FALSE, "Entries that have been PROCESSING for too long.");
  begin_sample (self, "severity", "warning", NULL);
  end_number (self, queue->stuck_warning);
  begin_sample (self, "severity", "critical", NULL);
  end_number (self, queue->stuck_critical);
  add_seconds (self, "oldest_pending_age", "Age of the oldest pending entry.",
               queue->oldest_pending);
  add_seconds (self, "average_age", "Average age of what is not delivered.", queue->average_age);
  add_number (self, "last_finished", "Messages of which the failure rate is, at most the last 100.",
              queue->finished);
  add_number (self, "last_failed", "How many of these failed.", queue->failed);
}

/* What the swarm lists no longer is estimated, and may become less. To whom a counter becomes less, all of
 * it has happened anew: better none. */
static gboolean
may_shrink (const Metrics *self, const QkReport *report, guint source, gboolean is_listed)
{
  return self->cumulative && source == QK_SOURCE_SWARM && report->swarm_is_cut && is_listed;
}

static void
add_figures (Metrics *self, const QkReport *report)
{
  guint n;
  const QkMeasure *measures = qk_measures_get (&n);

  for (guint i = 0; i < n; i++)
    {
      declare (self, measures[i].metric, measures[i].is_time ? "_seconds" : "",
               !measures[i].is_most, measures[i].help);
      for (guint source = 0; source < QK_N_SOURCES; source++)
        {
          gint64 value = measures[i].get (&report->by_source[source]);

          if (may_shrink (self, report, source, measures[i].is_listed))
            continue;
          begin_sample (self, "source", qk_source_get_name ((QkSource) source), NULL);
          if (measures[i].is_time)
            end_seconds (self, value);
          else
            end_number (self, value);
        }
    }
}

static void
add_events (Metrics *self, const QkReport *report)
{
  declare (self, "events", "", TRUE, "What stood in the way of reads and saves, by its kind.");
  for (guint source = 0; source < QK_N_SOURCES; source++)
    for (guint operation = 0; operation < 2 && !may_shrink (self, report, source, TRUE);
         operation++)
      for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
        {
          begin_sample (self, "source", qk_source_get_name ((QkSource) source), "operation",
                        qk_operation_get_name (operation), "kind",
                        qk_lock_kind_get_name ((QkLockKind) kind), NULL);
          end_number (self, (gint64) report->by_source[source].errors[operation][kind]);
        }
  declare (self, "saves_by_attempts", "", TRUE,
           "Saves that succeeded, by the number of their attempts; the last is that many or more.");
  for (guint source = 0; source < QK_N_SOURCES; source++)
    for (guint i = 1; i <= QK_REPORT_MAX_ATTEMPTS && !may_shrink (self, report, source, TRUE); i++)
      {
        g_autofree char *attempts = g_strdup_printf ("%u", i);

        begin_sample (self, "source", qk_source_get_name ((QkSource) source), "attempts", attempts,
                      NULL);
        end_number (self, (gint64) report->by_source[source].attempts[i]);
      }
}

/* Two names may look the same once they are revealed, and a sample that stands there twice makes the
 * whole scrape fail. */
static char *
make_label (GHashTable *used, const char *name)
{
  g_autofree char *shown = qk_export_reveal (name);
  char *label = g_strdup (shown);

  for (guint i = 2; g_hash_table_contains (used, label); i++)
    {
      g_free (label);
      label = g_strdup_printf ("%s (%u)", shown, i);
    }
  g_hash_table_add (used, g_strdup (label));
  return label;
}

static void
add_agent_entries (Metrics *self, const QkReport *report, char **labels, guint n)
{
  declare (self, "agent_entries", "", FALSE, "Entries of the queue, by recipient.");
  for (guint i = 0; i < n; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);

      for (guint status = 0; status < QK_N_STATUSES; status++)
        {
          begin_sample (self, "agent", labels[i], "status", qk_status_get_name ((QkStatus) status),
                        NULL);
          end_number (self, agent->by_status[status]);
        }
    }
}

static void
add_agent_deliveries (Metrics *self, const QkReport *report, char **labels, guint n)
{
  /* The swarm keeps the last 1000: they are no sums that only grow. */
  declare (self, "agent_deliveries", "", FALSE,
           "Deliveries among the last ones that the swarm has told.");
  for (guint i = 0; i < n; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);

      if (!qk_agent_figures_have_times (agent))
        continue;
      begin_sample (self, "agent", labels[i], "outcome", "delivered", NULL);
      end_number (self, (gint64) agent->deliveries);
      begin_sample (self, "agent", labels[i], "outcome", "failed", NULL);
      end_number (self, (gint64) agent->failures);
    }
  declare (self, "agent_delivery", "_seconds", FALSE, "How long these deliveries took.");
  for (guint i = 0; i < n; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);
      const struct {
        const char *name;
        double value;
      } times[] = {{"average", agent->average_s},
                   {"median", agent->median_s},
                   {"p95", agent->p95_s},
                   {"worst", agent->worst_s}};

      for (guint j = 0; qk_agent_figures_have_times (agent) && j < G_N_ELEMENTS (times); j++)
        {
          begin_sample (self, "agent", labels[i], "statistic", times[j].name, NULL);
          end_double (self, times[j].value);
        }
    }
}

static void
add_agents (Metrics *self, const QkReport *report)
{
  guint n = MIN (report->agents->len, QK_EXPORT_MAX_AGENTS);
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) labels = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    labels[i] =
        make_label (used, ((const QkAgentFigures *) g_ptr_array_index (report->agents, i))->name);
  add_agent_entries (self, report, labels, n);
  add_agent_deliveries (self, report, labels, n);
  add_number (self, "agents", "Recipients that occur.", report->agents->len);
}

static GBytes *
write_metrics (const QkReport *report, const QkAssessment *assessment, gboolean openmetrics)
{
  Metrics metrics = {.out = g_string_new (NULL),
                     .name = g_string_new (NULL),
                     .openmetrics = openmetrics,
                     .cumulative =
                         report->period == QK_PERIOD_ALL || report->period == QK_PERIOD_SESSION,
                     .queue = escape (report->queue != NULL ? report->queue : "")};

  add_report (&metrics, report, assessment);
  add_number (&metrics, "up", "Whether the queue can be read.", assessment->queue.readable ? 1 : 0);
  if (assessment->has_queue)
    add_queue (&metrics, &assessment->queue);
  add_figures (&metrics, report);
  add_events (&metrics, report);
  add_agents (&metrics, report);
  if (openmetrics)
    g_string_append (metrics.out, "# EOF\n");
  g_string_free (metrics.name, TRUE);
  g_free (metrics.queue);
  return g_string_free_to_bytes (metrics.out);
}

GBytes *
qk_export_write_openmetrics (const QkReport *report, const QkAssessment *assessment)
{
  return write_metrics (report, assessment, TRUE);
}

GBytes *
qk_export_write_prometheus (const QkReport *report, const QkAssessment *assessment)
{
  return write_metrics (report, assessment, FALSE);
}
