#include "qk-export-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* More rows than these are for the other formats. */
#define MAX_EVENTS 200U

/* Nothing is loaded and nothing runs: it can be sent, and opened anywhere. */
static const char head[] =
    "<head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<style>\n"
    ":root{--bg:#fafafa;--card:#fff;--fg:#1e1e1e;--dim:#5e5c64;--line:#d8d6dc;--s1:#c01c28;"
    "--s2:#b06a00;--s3:#1c71d8;--good:#1b7f43;--warning:#945b00;--critical:#c01c28}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#242424;--card:#303030;--fg:#f6f5f4;"
    "--dim:#c0bfbc;--line:#4a4a4a;--s1:#ff7b63;--s2:#f8c44f;--s3:#78aeed;--good:#8ff0a4;"
    "--warning:#f8e45c;--critical:#ff938c}}\n"
    "@media print{:root{--bg:#fff;--card:#fff;--fg:#000;--dim:#333;--line:#999;--s1:#c01c28;"
    "--s2:#b06a00;--s3:#1c71d8;--good:#1b7f43;--warning:#945b00;--critical:#c01c28}"
    "section,figure,tr{break-inside:avoid}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n"
    "body{background:var(--bg);color:var(--fg);font:15px/1.45 system-ui,Cantarell,sans-serif;"
    "max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}\n"
    "p.dim,.dim{color:var(--dim)}td,th{padding:.25rem .6rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "table{border-collapse:collapse;width:100%;background:var(--card)}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    ".scroll{overflow-x:auto}.good{color:var(--good)}.warning{color:var(--warning)}"
    ".critical{color:var(--critical)}\n"
    "figure{margin:1rem 0;padding:1rem;background:var(--card);border:1px solid var(--line);"
    "border-radius:.75rem}figcaption{font-weight:bold;margin-bottom:.5rem}\n"
    "svg{width:100%;height:auto;display:block}svg text{font-size:12px;fill:var(--dim)}"
    "text.end{text-anchor:end}text.middle{text-anchor:middle}\n"
    ".grid{stroke:var(--line)}rect.s1{fill:var(--s1)}rect.s2{fill:var(--s2)}rect.s3{fill:var(--s3)}\n"
    ".key{margin:.5rem 0 0;color:var(--dim)}.key span{display:inline-block;width:.8em;height:.8em;"
    "margin:0 .4em 0 1em}span.s1{background:var(--s1)}span.s2{background:var(--s2)}"
    "span.s3{background:var(--s3)}\n"
    "</style>\n";

static char *
escape (const char *text)
{
  g_autofree char *shown = qk_export_reveal (text);

  return g_markup_escape_text (shown, -1);
}

static void
append_cell (GString *out, const char *element, const char *class, const char *text)
{
  g_autofree char *safe = escape (text);

  if (class != NULL)
    g_string_append_printf (out, "<%s class=\"%s\">%s</%s>", element, class, safe, element);
  else
    g_string_append_printf (out, "<%s>%s</%s>", element, safe, element);
}

static void
append_number (GString *out, guint64 number)
{
  g_string_append_printf (out, "<td class=\"n\">%" G_GUINT64_FORMAT "</td>", number);
}

/* The first @n_texts columns are of text, the others of numbers. */
static void
begin_table (GString *out, const char *title, const char *const *columns, guint n_texts)
{
  append_cell (out, "h2", NULL, title);
  g_string_append (out, "\n<div class=\"scroll\"><table><thead><tr>");
  for (guint i = 0; columns[i] != NULL; i++)
    append_cell (out, "th", i < n_texts ? NULL : "n", columns[i]);
  g_string_append (out, "</tr></thead><tbody>\n");
}

static void
end_table (GString *out)
{
  g_string_append (out, "</tbody></table></div>\n");
}

static void
append_head (GString *out, const QkReport *report, const QkAssessment *assessment)
{
  g_autofree char *queue = escape (report->queue != NULL ? report->queue : "");
  g_autofree char *from = qk_export_format_local_time (report->from);
  g_autofree char *to = qk_export_format_local_time (report->to);
  g_autofree char *period = escape (qk_period_get_label (report->period));
  g_autofree char *title = escape (_ ("Lock health"));
  g_autofree char *verdict = escape (qk_health_verdict_get_label (assessment->verdict));
  g_autofree char *summary = escape (assessment->summary);
  g_auto (GStrv) lines = NULL;

  /* Translators: the code of the language into which you translate, such as "de". */
  g_string_append_printf (out, "<!DOCTYPE html>\n<html lang=\"%s\">", C_ ("language code", "en"));
  g_string_append (out, head);
  g_string_append_printf (out, "<title>%s – %s</title></head>\n<body><h1>%s</h1>\n", title, queue,
                          title);
  g_string_append_printf (out, "<p class=\"dim\">%s<br>%s – %s (%s)</p>\n", queue, from, to,
                          period);
  g_string_append_printf (out, "<p><strong class=\"%s\">%s</strong> %s</p>\n",
                          qk_health_verdict_get_name (assessment->verdict), verdict, summary);
  lines = g_strsplit (report->problem != NULL ? report->problem : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    append_cell (out, "p", NULL, lines[i]);
}

static void
append_advice (GString *out, const QkAssessment *assessment)
{
  const char *const columns[] = {"", _ ("What"), _ ("Why"), _ ("What to change"), NULL};

  if (assessment->advice->len == 0)
    return;
  begin_table (out, _ ("Advice"), columns, 4);
  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      g_string_append (out, "<tr>");
      append_cell (out, "td", qk_health_verdict_get_name (advice->severity),
                   qk_advice_get_label (advice));
      append_cell (out, "td", NULL, advice->title);
      append_cell (out, "td", NULL, advice->reason);
      append_cell (out, "td", NULL, advice->proposal);
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

static void
append_measure (GString *out, const QkMeasure *measure, const QkFigures *figures)
{
  if (!measure->is_time)
    {
      append_number (out, (guint64) measure->get (figures));
      return;
    }
  g_string_append (out, "<td class=\"n\">");
  qk_export_append_seconds (out, measure->get (figures));
  g_string_append (out, " s</td>");
}

static void
append_figures (GString *out, const QkReport *report)
{
  const char *const columns[] = {
      "", _ ("Total"), _ ("This program"), _ ("Other Queuekeepers"), _ ("The swarm"), NULL};
  guint n;
  const QkMeasure *measures = qk_measures_get (&n);

  begin_table (out, _ ("Figures"), columns, 1);
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, "<tr>");
      append_cell (out, "td", NULL, _ (measures[i].label));
      append_measure (out, &measures[i], &report->total);
      for (guint source = 0; source < QK_N_SOURCES; source++)
        append_measure (out, &measures[i], &report->by_source[source]);
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

static void
append_kinds (GString *out, const QkFigures *figures)
{
  const char *const columns[] = {"", _ ("Reads"), _ ("Saves"), NULL};

  begin_table (out, _ ("What stood in the way"), columns, 1);
  for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
    {
      g_string_append (out, "<tr>");
      append_cell (out, "td", NULL, qk_lock_kind_get_label ((QkLockKind) kind));
      append_number (out, figures->errors[QK_OPERATION_READ][kind]);
      append_number (out, figures->errors[QK_OPERATION_SAVE][kind]);
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

static void
append_queue (GString *out, const QkQueueFigures *queue)
{
  const char *const columns[] = {"", _ ("Entries"), NULL};

  begin_table (out, _ ("Queue"), columns, 1);
  for (guint i = 0; i < QK_N_STATUSES; i++)
    {
      g_string_append (out, "<tr>");
      append_cell (out, "td", NULL, qk_status_get_label ((QkStatus) i));
      append_number (out, queue->by_status[i]);
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "<tr>");
  append_cell (out, "td", NULL, _ ("Stuck"));
  append_number (out, queue->stuck_warning);
  g_string_append (out, "</tr>\n<tr>");
  append_cell (out, "th", NULL, _ ("In all"));
  append_number (out, queue->total);
  g_string_append (out, "</tr>\n");
  end_table (out);
}

static void
append_holders (GString *out, const QkReport *report)
{
  const char *const columns[] = {_ ("Who held the file"), _ ("Events"), NULL};

  if (report->holders->len == 0)
    return;
  begin_table (out, _ ("Who held the file"), columns, 1);
  for (guint i = 0; i < report->holders->len; i++)
    {
      const QkHolderCount *holder = g_ptr_array_index (report->holders, i);

      g_string_append (out, "<tr>");
      append_cell (out, "td", NULL, holder->label);
      append_number (out, holder->count);
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

static void
append_time (GString *out, const QkAgentFigures *agent, double seconds)
{
  g_string_append (out, "<td class=\"n\">");
  if (qk_agent_figures_have_times (agent))
    {
      qk_export_append_double (out, seconds);
      g_string_append (out, " s");
    }
  g_string_append (out, "</td>");
}

static void
append_agents (GString *out, const QkReport *report)
{
  const char *const columns[] = {_ ("Recipient"), _ ("Pending"), _ ("Processing"),
                                 _ ("Delivered"), _ ("Failed"),  _ ("Deliveries told"),
                                 _ ("Average"),   _ ("Median"),  _ ("95 of 100"),
                                 _ ("Longest"),   NULL};

  if (report->agents->len == 0)
    return;
  begin_table (out, _ ("Recipients"), columns, 1);
  for (guint i = 0; i < report->agents->len; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);

      g_string_append (out, "<tr>");
      append_cell (out, "td", NULL, *agent->name != '\0' ? agent->name : "—");
      append_number (out, agent->by_status[QK_STATUS_PENDING]);
      append_number (out, agent->by_status[QK_STATUS_PROCESSING]);
      append_number (out, agent->by_status[QK_STATUS_DELIVERED]);
      append_number (out, agent->by_status[QK_STATUS_FAILED]);
      append_number (out, agent->deliveries);
      append_time (out, agent, agent->average_s);
      append_time (out, agent, agent->median_s);
      append_time (out, agent, agent->p95_s);
      append_time (out, agent, agent->worst_s);
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

static void
append_events (GString *out, const QkReport *report)
{
  const char *const columns[] = {_ ("When"), _ ("What"), _ ("Who counted it"), NULL};
  guint n = MIN (report->events->len, MAX_EVENTS);
  g_autofree char *title =
      g_strdup_printf (_ ("Latest events (%u of %" PRIu64 ")"), n, report->n_events);

  if (n == 0)
    return;
  begin_table (out, title, columns, 3);
  for (guint i = 0; i < n; i++)
    {
      const QkReportEvent *event = g_ptr_array_index (report->events, i);
      g_autofree char *time = qk_export_format_local_time (event->event->time);
      g_autofree char *what = qk_export_describe_event (event);

      g_string_append (out, "<tr>");
      append_cell (out, "td", "n", time);
      append_cell (out, "td", NULL, what);
      append_cell (out, "td", NULL, qk_source_get_label (event->source));
      g_string_append (out, "</tr>\n");
    }
  end_table (out);
}

GBytes *
qk_export_write_html (const QkReport *report, const QkAssessment *assessment)
{
  GString *out = g_string_new (NULL);

  append_head (out, report, assessment);
  append_advice (out, assessment);
  qk_export_append_chart_of_errors (out, report);
  qk_export_append_chart_of_depth (out, report);
  qk_export_append_chart_of_attempts (out, report);
  append_figures (out, report);
  append_kinds (out, &report->total);
  if (assessment->has_queue)
    append_queue (out, &assessment->queue);
  append_holders (out, report);
  append_agents (out, report);
  append_events (out, report);
  g_string_append (out, "</body></html>\n");
  return g_string_free_to_bytes (out);
}
