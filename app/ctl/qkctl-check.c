#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-report.h"
#include "qkctl-terminal.h"

#include "qk-text.h"
#include "qk-time.h"

/* The exit codes of monitoring plugins, which are others than ours. */
typedef enum {
  CHECK_OK = 0,
  CHECK_WARNING = 1,
  CHECK_CRITICAL = 2,
  CHECK_UNKNOWN = 3,
} CheckExit;

#define TIMEOUT_S     10U
#define MAX_TIMEOUT_S 3600

/* Without one the whole would not be a line any more. */
#define MAX_PROBLEM 300

static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

typedef struct {
  QkctlSession *session; /* not owned */
  gboolean json;
  gboolean timed_out;
} Check;

/* What comes out of files or of the system must not look like the figures, which follow a "|". */
static char *
make_harmless (const char *text)
{
  g_autofree char *line = qk_text_reveal_line (text);
  g_autofree char *cut = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MAX_PROBLEM));

  return g_strdelimit (g_steal_pointer (&cut), "|", '/');
}

/* A line without figures: there is nothing to count. */
static CheckExit
say (const Check *check, CheckExit code, const char *text)
{
  g_autofree char *safe = make_harmless (text);
  g_autoptr (JsonBuilder) json = NULL;

  if (!check->json)
    {
      qkctl_outf ("QUEUE %s - %s\n", words[code], safe);
      return code;
    }
  json = json_builder_new ();
  json_builder_begin_object (json);
  qkctl_json_add_text (json, "status", words[code]);
  qkctl_json_add_text (json, "text", text);
  json_builder_set_member_name (json, "problems");
  json_builder_begin_array (json);
  json_builder_end_array (json);
  json_builder_set_member_name (json, "figures");
  json_builder_begin_object (json);
  json_builder_end_object (json);
  json_builder_end_object (json);
  qkctl_json_print (json);
  return code;
}

/* "3 stuck for over 60 s" */
static char *
describe (const QkAssessment *assessment, const QkAdvice *advice)
{
  const QkQueueFigures *queue = &assessment->queue;
  const QkThresholds *limits = &assessment->thresholds;
  gboolean critical = advice->severity == QK_HEALTH_VERDICT_CRITICAL;
  char *text;

  if (g_strcmp0 (advice->id, "stuck") == 0)
    return g_strdup_printf ("%u stuck for over %u s",
                            critical ? queue->stuck_critical : queue->stuck_warning,
                            critical ? limits->stuck_critical_s : limits->stuck_warning_s);
  if (g_strcmp0 (advice->id, "queue-size") == 0)
    return g_strdup_printf ("%u entries", queue->total);
  if (g_strcmp0 (advice->id, "failures") == 0)
    return g_strdup_printf ("%u of the last %u failed", queue->failed, queue->finished);
  if (g_strcmp0 (advice->id, "processing") == 0)
    return g_strdup_printf ("%u of %u being processed", queue->by_status[QK_STATUS_PROCESSING],
                            queue->total);
  if (g_strcmp0 (advice->id, "age") == 0)
    {
      g_autofree char *age = qk_duration_format (queue->average_age);

      return g_strdup_printf ("undelivered ones %s old on average", age);
    }
  text = g_strdup_printf ("%s: %s", advice->title, advice->reason);
  /* What follows is another one, behind a comma. */
  if (g_str_has_suffix (text, "."))
    text[strlen (text) - 1] = '\0';
  return text;
}

/* What a person should know of: the worst first, and no more than warnings and worse. */
static char *
describe_all (const QkAssessment *assessment)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);
      g_autofree char *one = NULL, *safe = NULL;

      if (advice->severity == QK_HEALTH_VERDICT_GOOD)
        continue;
      one = describe (assessment, advice);
      safe = make_harmless (one);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", safe);
    }
  if (text->len == 0)
    g_string_append_printf (text, "%u entries, %u pending", assessment->queue.total,
                            assessment->queue.by_status[QK_STATUS_PENDING]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What the figures leave out: "OK" without it would say too much. */
static char *
add_problem (const char *text, const QkReport *report)
{
  g_autofree char *lines = NULL, *safe = NULL;

  if (report->problem == NULL)
    return g_strdup (text);
  lines = g_strdelimit (g_strdup (report->problem), "\n", ' ');
  safe = make_harmless (lines);
  return g_strdup_printf ("%s; not all is known: %s", text, safe);
}

#define NO_LIMIT (-1)

/* A figure with its two limits; it is beyond one where it is larger. */
typedef struct {
  const char *name;
  gint64 value;
  const char *unit;
  gint64 warning;
  gint64 critical;
} Figure;

/* Rounded up: so it is beyond a whole number if and only if the rate itself is. */
static gint64
get_failure_percent (const QkQueueFigures *queue)
{
  return queue->finished > 0 ? (queue->failed * 100 + queue->finished - 1) / queue->finished : 0;
}

#define N_FIGURES 11

static void
collect_figures (const QkReport *report, const QkAssessment *assessment, Figure *figures)
{
  const QkQueueFigures *queue = &assessment->queue;
  const QkThresholds *limits = &assessment->thresholds;
  const Figure all[N_FIGURES] = {
      {"total", queue->total, "", limits->total_warning, limits->total_critical},
      {"pending", queue->by_status[QK_STATUS_PENDING], "", NO_LIMIT, NO_LIMIT},
      {"processing", queue->by_status[QK_STATUS_PROCESSING], "", NO_LIMIT, NO_LIMIT},
      {"failed", queue->by_status[QK_STATUS_FAILED], "", NO_LIMIT, NO_LIMIT},
      {"delivered", queue->by_status[QK_STATUS_DELIVERED], "", NO_LIMIT, NO_LIMIT},
      {"stuck", queue->stuck_warning, "", 0, NO_LIMIT},
      {"stuck_long", queue->stuck_critical, "", NO_LIMIT, 0},
      {"failure_rate", get_failure_percent (queue), "%", limits->failure_warning_percent,
       limits->failure_critical_percent},
      {"average_age", queue->average_age / G_USEC_PER_SEC, "s", limits->age_minutes * 60, NO_LIMIT},
      {"lock_errors", (gint64) qk_figures_get_lock_errors (&report->total), "", NO_LIMIT, NO_LIMIT},
      {"saves_failed", (gint64) report->total.saves_failed, "", NO_LIMIT, 0},
  };

  for (guint i = 0; i < N_FIGURES; i++)
    figures[i] = all[i];
}

/* "total=376;500;1000;0": the value, above what it is a warning, above what critical, the least. */
static void
print_line (CheckExit code, const char *text, const Figure *figures)
{
  qkctl_outf ("QUEUE %s - %s|", words[code], text);
  for (guint i = 0; i < N_FIGURES; i++)
    {
      qkctl_outf ("%s%s=%" G_GINT64_FORMAT "%s;", i > 0 ? " " : "", figures[i].name,
                  figures[i].value, figures[i].unit);
      if (figures[i].warning != NO_LIMIT)
        qkctl_outf ("%" G_GINT64_FORMAT, figures[i].warning);
      qkctl_out (";");
      if (figures[i].critical != NO_LIMIT)
        qkctl_outf ("%" G_GINT64_FORMAT, figures[i].critical);
      qkctl_out (";0");
    }
  qkctl_out ("\n");
}

static void
print_json (CheckExit code, const char *text, const QkAssessment *assessment, const Figure *figures)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  qkctl_json_add_text (json, "status", words[code]);
  qkctl_json_add_text (json, "text", text);
  json_builder_set_member_name (json, "problems");
  json_builder_begin_array (json);
  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      json_builder_begin_object (json);
      qkctl_json_add_text (json, "id", advice->id);
      qkctl_json_add_text (json, "severity", qk_health_verdict_get_name (advice->severity));
      qkctl_json_add_text (json, "reason", advice->reason);
      qkctl_json_add_text (json, "proposal", advice->proposal);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  json_builder_set_member_name (json, "figures");
  json_builder_begin_object (json);
  for (guint i = 0; i < N_FIGURES; i++)
    qkctl_json_add_number (json, figures[i].name, figures[i].value);
  json_builder_end_object (json);
  json_builder_end_object (json);
  qkctl_json_print (json);
}

static CheckExit
judge (const Check *check, const QkThresholds *thresholds)
{
  g_autoptr (QkReport) report = qkctl_report_make (check->session, QK_PERIOD_HOUR);
  g_autoptr (QkAssessment) assessment = NULL;
  g_autofree char *problems = NULL, *text = NULL;
  Figure figures[N_FIGURES];
  CheckExit code;

  if (report == NULL)
    return say (check, CHECK_UNKNOWN, "what stood in the way cannot be told");
  assessment = qkctl_report_assess (check->session, report, thresholds);
  code = (CheckExit) assessment->verdict;
  problems = describe_all (assessment);
  text = add_problem (problems, report);
  collect_figures (report, assessment, figures);
  if (check->json)
    print_json (code, text, assessment, figures);
  else
    print_line (code, text, figures);
  return code;
}

static gboolean
on_timeout (gpointer user_data)
{
  Check *check = user_data;

  check->timed_out = TRUE;
  g_cancellable_cancel (qkctl_session_get_cancellable (check->session));
  return G_SOURCE_CONTINUE;
}

/* Waits until it is known what stands there. That nobody can read it is what the swarm stops at. */
static CheckExit
look (Check *check, const QkThresholds *thresholds, guint timeout)
{
  QkStore *store = qkctl_session_get_store (check->session);
  GCancellable *cancellable = qkctl_session_get_cancellable (check->session);
  g_autofree char *problem = NULL, *late = NULL;
  QkStoreState state = QK_STORE_STATE_OPENING;

  qk_store_start (store);
  while ((state == QK_STORE_STATE_OPENING || state == QK_STORE_STATE_WAITING) &&
         !g_cancellable_is_cancelled (cancellable))
    {
      g_main_context_iteration (NULL, TRUE);
      state = qk_store_get_state (store);
    }
  if (check->timed_out)
    {
      late = g_strdup_printf ("no answer within %u s", timeout);
      return say (check, CHECK_UNKNOWN, late);
    }
  if (state == QK_STORE_STATE_LIVE)
    return judge (check, thresholds);
  if (g_cancellable_is_cancelled (cancellable))
    return say (check, CHECK_UNKNOWN, "interrupted");
  problem = qkctl_session_dup_problem (check->session);
  if (state == QK_STORE_STATE_DAMAGED)
    return say (check, CHECK_CRITICAL, problem);
  if (state == QK_STORE_STATE_GONE)
    {
      late = g_strdup_printf ("there is no queue at %s", qkctl_session_get_path (check->session));
      return say (check, CHECK_UNKNOWN, late);
    }
  return say (check, CHECK_UNKNOWN, problem != NULL ? problem : "the queue cannot be read");
}

static CheckExit
check_queue (const QkctlOptions *options, guint timeout)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  Check check = {.session = session, .json = options->json};
  guint source = g_timeout_add_seconds (timeout, on_timeout, &check);
  QkThresholds thresholds;
  CheckExit code;

  qkctl_report_set_up (session, options);
  qkctl_report_read_thresholds (&thresholds);
  code = look (&check, &thresholds, timeout);
  g_source_remove (source);
  return code;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autofree char *text = NULL;
  const GOptionEntry entries[] = {
      {"timeout", 't', 0, G_OPTION_ARG_FILENAME, &text,
       "Say UNKNOWN where there is no answer within that time (default: 10)", "SECONDS"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  guint timeout = TIMEOUT_S;

  qkctl_options_add_counters (options);
  /* Wrong usage must not look like a critical queue. */
  if (!qkctl_options_parse (options, argv))
    return (QkctlExit) CHECK_UNKNOWN;
  if (options->arguments[0] != NULL)
    qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  else if (text == NULL || qkctl_parse_count ("--timeout", text, MAX_TIMEOUT_S, &timeout))
    return (QkctlExit) check_queue (options, timeout);
  return (QkctlExit) CHECK_UNKNOWN;
}

const QkctlCommand qkctl_command_check = {
    .name = "check",
    .arguments = "FILE",
    .summary = "Say in one line how the queue is, for monitoring",
    .description =
        "One line with figures behind a “|”, and an exit code, as Nagios, Icinga and others want them\n"
        "of a plugin: 0 all is well, 1 warning, 2 critical, 3 it cannot be told, wrong usage included.\n"
        "It judges the number of entries, how long some have been PROCESSING, how many of the last 100\n"
        "failed, how old the undelivered ones are, and what stood in the way during the last hour. What\n"
        "is worth a warning, and what is critical, is a setting. A damaged queue is critical.\n"
        "--json prints one object: status, text, problems, figures.",
    .run = run,
};
