#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-report.h"
#include "qkctl-terminal.h"

#include "qk-export.h"
#include "qk-what-if.h"

#include <math.h>
#include <string.h>

/* What is asked for. */
typedef struct {
  char *format_name; /* owned, nullable */
  char *since;       /* owned, nullable */
  char *output;      /* owned, nullable */
  char *what_if;     /* owned, nullable */
  QkExportFormat format;
  QkPeriod period;
  gboolean has_policy;
  QkRetryPolicy policy;
} Request;

static void
request_clear (Request *self)
{
  g_free (self->format_name);
  g_free (self->since);
  g_free (self->output);
  g_free (self->what_if);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static char *
list_formats (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < QK_N_EXPORT_FORMATS; i++)
    g_string_append_printf (list, "%s%s",
                            i == 0                         ? ""
                            : i == QK_N_EXPORT_FORMATS - 1 ? " or "
                                                           : ", ",
                            qk_export_format_get_name ((QkExportFormat) i));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static gboolean
parse_format (Request *request, gboolean json)
{
  g_autofree char *formats = NULL;

  request->format = json ? QK_EXPORT_JSON : QK_EXPORT_TEXT;
  if (request->format_name == NULL)
    return TRUE;
  if (!qk_export_format_parse (request->format_name, &request->format))
    {
      formats = list_formats ();
      qkctl_usage ("--format takes %s, not “%s”", formats, request->format_name);
      return FALSE;
    }
  if (!json || request->format == QK_EXPORT_JSON)
    return TRUE;
  qkctl_usage ("--json and --format %s contradict each other", request->format_name);
  return FALSE;
}

/* Metrics are of all time unless it is told otherwise: Prometheus makes its own spans of it. */
static gboolean
parse_period (Request *request)
{
  gboolean metrics =
      request->format == QK_EXPORT_OPENMETRICS || request->format == QK_EXPORT_PROMETHEUS;

  request->period = metrics ? QK_PERIOD_ALL : QK_PERIOD_DAY;
  if (request->since == NULL)
    return TRUE;
  for (guint i = QK_PERIOD_HOUR; i < QK_N_PERIODS; i++)
    if (strcmp (request->since, qk_period_get_name ((QkPeriod) i)) == 0)
      {
        request->period = (QkPeriod) i;
        return TRUE;
      }
  qkctl_usage ("--since takes 1h, 24h, 7d or all, not “%s”", request->since);
  return FALSE;
}

static gboolean
parse_seconds (const char *text, gint64 *usec)
{
  char *end;
  double seconds = g_ascii_strtod (text, &end);

  /* strtod() would also take " 1", "0x1" and "nan". */
  if (*text == '\0' || *end != '\0' || strspn (text, "0123456789.") != strlen (text) ||
      !(seconds >= 0.001 && seconds <= 3600))
    return FALSE;
  *usec = (gint64) round (seconds * G_USEC_PER_SEC);
  return TRUE;
}

/* "10,0.2,2" */
static gboolean
parse_what_if (Request *request)
{
  g_auto (GStrv) parts = NULL;
  guint64 attempts;

  if (request->what_if == NULL)
    return TRUE;
  parts = g_strsplit (request->what_if, ",", -1);
  request->has_policy = g_strv_length (parts) == 3 &&
                        g_ascii_string_to_unsigned (parts[0], 10, 1, 1000, &attempts, NULL) &&
                        parse_seconds (parts[1], &request->policy.base_delay) &&
                        parse_seconds (parts[2], &request->policy.max_delay) &&
                        request->policy.base_delay <= request->policy.max_delay;
  if (request->has_policy)
    {
      request->policy.attempts = (guint) attempts;
      return TRUE;
    }
  qkctl_usage (
      "--what-if takes attempts, the first delay and the longest one, such as “10,0.2,2”, not "
      "“%s”",
      request->what_if);
  return FALSE;
}

static void
add_span (JsonBuilder *json, const char *name, const QkSpan *span)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "low");
  json_builder_add_double_value (json, span->low);
  json_builder_set_member_name (json, "expected");
  json_builder_add_double_value (json, span->expected);
  json_builder_set_member_name (json, "high");
  json_builder_add_double_value (json, span->high);
  json_builder_end_object (json);
}

static void
print_what_if_json (const QkWhatIf *result)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  qkctl_json_add_number (json, "saves", result->n_saves);
  qkctl_json_add_number (json, "given_up", result->n_given_up);
  qkctl_json_add_number (json, "incomplete", result->n_incomplete);
  qkctl_json_add_number (json, "at_once", (gint64) result->n_at_once);
  json_builder_set_member_name (json, "partial");
  json_builder_add_boolean_value (json, result->partial);
  json_builder_set_member_name (json, "recorded_success");
  json_builder_add_double_value (json, result->recorded_success);
  json_builder_set_member_name (json, "recorded_wait_s");
  json_builder_add_double_value (json, result->recorded_wait);
  add_span (json, "success", &result->success);
  add_span (json, "wait_s", &result->wait);
  add_span (json, "worst_wait_s", &result->worst_wait);
  json_builder_end_object (json);
  qkctl_json_print (json);
}

static QkctlExit
print_what_if (const Request *request, const QkReport *report)
{
  g_autofree char *text = NULL;
  QkWhatIf result;

  qk_what_if_replay (&result, report, &request->policy);
  if (request->format == QK_EXPORT_JSON)
    {
      print_what_if_json (&result);
      return QKCTL_EXIT_DONE;
    }
  text = qk_what_if_describe (&result);
  qkctl_outf ("%s\n", text);
  return QKCTL_EXIT_DONE;
}

/* Never over the queue, nor over what else is the swarm's. */
static QkctlExit
save (const Request *request, QkctlSession *session, const QkReport *report, GBytes *bytes)
{
  g_autofree char *queue = qk_store_dup_location (qkctl_session_get_store (session));
  g_auto (GStrv) guarded = qk_export_list_guarded (queue, report);
  g_autoptr (GError) error = NULL;

  if (qk_export_save (bytes, request->output, (const char *const *) guarded, &error))
    return QKCTL_EXIT_DONE;
  qkctl_note ("%s", error->message);
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) ? QKCTL_EXIT_USAGE : QKCTL_EXIT_IO;
}

static QkctlExit
print_report (const Request *request, QkctlSession *session, const QkReport *report)
{
  g_autoptr (QkAssessment) assessment = NULL;
  g_autoptr (GBytes) bytes = NULL;
  QkThresholds thresholds;
  const char *data;
  gsize size;

  qkctl_report_read_thresholds (&thresholds);
  assessment = qkctl_report_assess (session, report, &thresholds);
  bytes = qk_export_report (report, assessment, request->format);
  if (request->output != NULL)
    return save (request, session, report, bytes);
  data = g_bytes_get_data (bytes, &size);
  if (request->format == QK_EXPORT_TEXT)
    qkctl_out (data);
  else
    qkctl_out_raw (data, size);
  return QKCTL_EXIT_DONE;
}

static QkctlExit
tell (const Request *request, const QkctlOptions *options)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkReport) report = NULL;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  qkctl_report_set_up (session, options);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  report = qkctl_report_make (session, request->period);
  if (report == NULL)
    return qkctl_session_get_interruption (session) != QKCTL_EXIT_DONE
               ? qkctl_session_report_interruption (session)
               : QKCTL_EXIT_IO;
  if (request->has_policy)
    return print_what_if (request, report);
  return print_report (request, session, report);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (Request) request = {0};
  const GOptionEntry entries[] = {
      {"format", 'f', 0, G_OPTION_ARG_FILENAME, &request.format_name,
       "text, csv, json, openmetrics, prometheus, html or swarm (default: text)", "FORMAT"},
      {"since", 0, 0, G_OPTION_ARG_FILENAME, &request.since,
       "Of the last 1h, 24h or 7d, or all (default: 24h; all for metrics)", "TIME"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output,
       "Write to that file, which is replaced in one step", "OUTPUT"},
      {"what-if", 0, 0, G_OPTION_ARG_FILENAME, &request.what_if,
       "Tell instead what would have happened with so many attempts, after such a first delay, and at "
       "most such a long one",
       "ATTEMPTS,BASE,MAX"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_counters (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  if (!parse_format (&request, options->json) || !parse_period (&request) ||
      !parse_what_if (&request))
    return QKCTL_EXIT_USAGE;
  if (request.has_policy && request.output != NULL)
    return qkctl_usage ("--what-if and --output contradict each other");
  if (request.has_policy && request.format != QK_EXPORT_TEXT && request.format != QK_EXPORT_JSON)
    return qkctl_usage ("--what-if is told as text or json, not as %s", request.format_name);
  return tell (&request, options);
}

const QkctlCommand qkctl_command_stats = {
    .name = "stats",
    .arguments = "FILE",
    .summary = "Tell what stood in the way, and what to change",
    .description =
        "The figures of reads and saves, their events, the recipients, how long deliveries took, and\n"
        "advice with the figures behind it. Of this program, of other Queuekeepers, and of the swarm,\n"
        "each by itself. The formats:\n\n"
        "text is for people. csv is one table of RFC 4180. json, the same as --json, is described by\n"
        "docs/stats.schema.json. openmetrics and prometheus are for Prometheus, the latter for the\n"
        "textfile collector of its node exporter: --output DIRECTORY/queue.prom. html is a page with\n"
        "charts, complete in itself. swarm is file_locking_metrics.json, for the swarm's own report\n"
        "tool.\n\n"
        "--what-if replays the saves that met a lock, and tells how many would have succeeded and how\n"
        "long they would have waited. When an obstacle went nobody knows to the moment, so it tells\n"
        "from where to where that lies.",
    .run = run,
};
