#include "qk-export-private.h"

#include <string.h>

typedef enum {
  RECORD,
  SOURCE,
  SUBJECT,
  MEASURE,
  VALUE,
  UNIT,
  TEXT,
  TIME,
  OPERATION,
  KIND,
  CODE,
  ATTEMPT,
  ATTEMPTS,
  DELAY,
  OUTCOME,
  PID,
  PROGRAM,
  HOLDER,
  N_COLUMNS,
} Column;

static const char head[] = "record,source,subject,measure,value,unit,text,time,operation,kind,code,"
                           "attempt,attempts,delay_s,outcome,pid,program,holder\r\n";

typedef struct {
  GString *out; /* owned */
  char *cells[N_COLUMNS];
} Table;

/* A cell that begins so, be it after blanks, is calculated by spreadsheets; the last four are the wide
 * forms, which some of them take for the others. */
static gboolean
is_formula (const char *text)
{
  static const char *const starts[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};

  while (*text == ' ')
    text++;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (text, starts[i]))
      return TRUE;
  return FALSE;
}

static void
set_text (Table *self, Column column, const char *text)
{
  g_autofree char *shown = text != NULL ? qk_export_reveal (text) : NULL;

  if (shown != NULL)
    self->cells[column] =
        is_formula (shown) ? g_strconcat ("'", shown, NULL) : g_steal_pointer (&shown);
}

static void
set_number (Table *self, Column column, gint64 number)
{
  self->cells[column] = g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static void
set_seconds (Table *self, Column column, gint64 usec)
{
  g_autoptr (GString) text = g_string_new (NULL);

  qk_export_append_seconds (text, usec);
  self->cells[column] = g_strdup (text->str);
}

static void
set_time (Table *self, gint64 time)
{
  self->cells[TIME] = qk_export_format_time (time);
}

static void
append_cell (GString *out, const char *cell)
{
  if (strpbrk (cell, "\",\r\n'") == NULL)
    {
      g_string_append (out, cell);
      return;
    }
  g_string_append_c (out, '"');
  for (const char *p = cell; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
end_row (Table *self, const char *record)
{
  set_text (self, RECORD, record);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      if (self->cells[i] != NULL)
        append_cell (self->out, self->cells[i]);
      g_clear_pointer (&self->cells[i], g_free);
    }
  g_string_append (self->out, "\r\n");
}

static void
add_fact (Table *self, const char *measure, const char *text)
{
  set_text (self, MEASURE, measure);
  set_text (self, TEXT, text);
  end_row (self, "report");
}

static void
add_report (Table *self, const QkReport *report, const QkAssessment *assessment)
{
  g_autofree char *from = qk_export_format_time (report->from);
  g_autofree char *to = qk_export_format_time (report->to);

  add_fact (self, "queue", report->queue);
  add_fact (self, "period", qk_period_get_name (report->period));
  add_fact (self, "from", from);
  add_fact (self, "to", to);
  add_fact (self, "verdict", qk_health_verdict_get_name (assessment->verdict));
  add_fact (self, "summary", assessment->summary);
  if (report->swarm_location != NULL)
    add_fact (self, "swarm_location", report->swarm_location);
  if (report->problem != NULL)
    add_fact (self, "problem", report->problem);
}

static void
add_count (Table *self, const char *record, const char *subject, const char *measure, gint64 value)
{
  set_text (self, SUBJECT, subject);
  set_text (self, MEASURE, measure);
  set_number (self, VALUE, value);
  end_row (self, record);
}

static void
add_duration (Table *self, const char *subject, const char *measure, gint64 usec)
{
  set_text (self, SUBJECT, subject);
  set_text (self, MEASURE, measure);
  set_seconds (self, VALUE, usec);
  set_text (self, UNIT, "s");
}

static void
add_queue (Table *self, const QkQueueFigures *queue)
{
  add_count (self, "queue", NULL, "entries", queue->total);
  for (guint i = 0; i < QK_N_STATUSES; i++)
    add_count (self, "queue", qk_status_get_name ((QkStatus) i), "entries", queue->by_status[i]);
  add_count (self, "queue", NULL, "stuck_warning", queue->stuck_warning);
  add_count (self, "queue", NULL, "stuck_critical", queue->stuck_critical);
  add_count (self, "queue", NULL, "last_finished", queue->finished);
  add_count (self, "queue", NULL, "last_failed", queue->failed);
  add_duration (self, NULL, "oldest_pending", queue->oldest_pending);
  end_row (self, "queue");
  add_duration (self, NULL, "average_age", queue->average_age);
  end_row (self, "queue");
}

static void
add_figures (Table *self, const char *source, const QkFigures *figures)
{
  guint n;
  const QkMeasure *measures = qk_measures_get (&n);

  for (guint i = 0; i < n; i++)
    {
      set_text (self, SOURCE, source);
      set_text (self, MEASURE, measures[i].name);
      if (measures[i].is_time)
        {
          set_seconds (self, VALUE, measures[i].get (figures));
          set_text (self, UNIT, "s");
        }
      else
        set_number (self, VALUE, measures[i].get (figures));
      end_row (self, "figure");
    }
  for (guint operation = 0; operation < 2; operation++)
    for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
      {
        set_text (self, SOURCE, source);
        set_text (self, OPERATION, qk_operation_get_name (operation));
        set_text (self, KIND, qk_lock_kind_get_name ((QkLockKind) kind));
        set_text (self, MEASURE, "events");
        set_number (self, VALUE, (gint64) figures->errors[operation][kind]);
        end_row (self, "figure");
      }
  for (guint i = 1; i <= QK_REPORT_MAX_ATTEMPTS; i++)
    {
      set_text (self, SOURCE, source);
      set_text (self, MEASURE, "saves_by_attempts");
      set_number (self, ATTEMPTS, i);
      set_number (self, VALUE, (gint64) figures->attempts[i]);
      end_row (self, "figure");
    }
}

static void
add_interval (Table *self, const QkBucket *bucket)
{
  guint n;
  const QkMeasure *measures = qk_measures_get (&n);

  for (guint i = 0; i < n; i++)
    if (measures[i].get (&bucket->figures) != 0)
      {
        set_time (self, bucket->start);
        set_text (self, MEASURE, measures[i].name);
        if (measures[i].is_time)
          {
            set_seconds (self, VALUE, measures[i].get (&bucket->figures));
            set_text (self, UNIT, "s");
          }
        else
          set_number (self, VALUE, measures[i].get (&bucket->figures));
        end_row (self, "interval");
      }
  for (guint i = 0; bucket->has_depth && i < QK_N_STATUSES; i++)
    {
      set_time (self, bucket->start);
      add_count (self, "interval", qk_status_get_name ((QkStatus) i), "entries", bucket->depth[i]);
    }
  if (bucket->has_depth)
    {
      set_time (self, bucket->start);
      add_count (self, "interval", NULL, "stuck", bucket->stuck);
    }
}

static void
add_event (Table *self, const QkReportEvent *event)
{
  const QkLockEvent *told = event->event;
  g_autofree char *text = qk_export_describe_event (event);

  set_text (self, SOURCE, qk_source_get_name (event->source));
  set_time (self, told->time);
  set_text (self, OPERATION, qk_operation_get_name (told->operation));
  set_text (self, KIND, qk_lock_kind_get_name (told->kind));
  set_number (self, CODE, told->code);
  set_number (self, ATTEMPT, told->attempt);
  set_number (self, ATTEMPTS, told->attempts);
  set_seconds (self, DELAY, told->delay);
  set_text (self, OUTCOME, qk_lock_outcome_get_name (told->outcome));
  if (event->pid != 0)
    set_number (self, PID, event->pid);
  set_text (self, PROGRAM, event->program);
  set_text (self, HOLDER, event->holder);
  set_text (self, TEXT, text);
  end_row (self, "event");
}

static void
add_agent (Table *self, const QkAgentFigures *agent)
{
  const struct {
    const char *measure;
    double seconds;
  } times[] = {{"delivery_average", agent->average_s},
               {"delivery_median", agent->median_s},
               {"delivery_p95", agent->p95_s},
               {"delivery_worst", agent->worst_s}};

  for (guint i = 0; i < QK_N_STATUSES; i++)
    {
      /* Which status: in the column that tells what kind of thing it is. */
      set_text (self, KIND, qk_status_get_name ((QkStatus) i));
      add_count (self, "agent", agent->name, "entries", agent->by_status[i]);
    }
  if (!qk_agent_figures_have_times (agent))
    return;
  add_count (self, "agent", agent->name, "deliveries", (gint64) agent->deliveries);
  add_count (self, "agent", agent->name, "delivery_failures", (gint64) agent->failures);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (GString) value = g_string_new (NULL);

      qk_export_append_double (value, times[i].seconds);
      set_text (self, SUBJECT, agent->name);
      set_text (self, MEASURE, times[i].measure);
      self->cells[VALUE] = g_strdup (value->str);
      set_text (self, UNIT, "s");
      end_row (self, "agent");
    }
}

static void
add_advice (Table *self, const QkAdvice *advice)
{
  g_autofree char *text =
      g_strdup_printf ("%s. %s %s", advice->title, advice->reason, advice->proposal);

  set_text (self, SUBJECT, advice->id);
  set_text (self, MEASURE, qk_health_verdict_get_name (advice->severity));
  set_text (self, TEXT, text);
  end_row (self, "advice");
}

GBytes *
qk_export_write_csv (const QkReport *report, const QkAssessment *assessment)
{
  Table table = {.out = g_string_new (head)};

  add_report (&table, report, assessment);
  for (guint i = 0; i < assessment->advice->len; i++)
    add_advice (&table, g_ptr_array_index (assessment->advice, i));
  if (assessment->has_queue)
    add_queue (&table, &assessment->queue);
  add_figures (&table, "total", &report->total);
  for (guint i = 0; i < QK_N_SOURCES; i++)
    add_figures (&table, qk_source_get_name ((QkSource) i), &report->by_source[i]);
  for (guint i = 0; i < report->holders->len; i++)
    {
      const QkHolderCount *holder = g_ptr_array_index (report->holders, i);

      add_count (&table, "holder", holder->label, "events", (gint64) holder->count);
    }
  for (guint i = 0; i < report->agents->len; i++)
    add_agent (&table, g_ptr_array_index (report->agents, i));
  for (guint i = 0; i < report->buckets->len; i++)
    add_interval (&table, &g_array_index (report->buckets, QkBucket, i));
  for (guint i = 0; i < report->events->len; i++)
    add_event (&table, g_ptr_array_index (report->events, i));
  return g_string_free_to_bytes (table.out);
}
