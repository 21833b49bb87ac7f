#include "qk-swarm-metrics.h"
#include "qk-time.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define ZONE   "Europe/Berlin"
/* Noon of 2025-12-02 in Berlin. */
#define NOON (G_GINT64_CONSTANT (1764673200) * SECOND)

#define ERROR(time, type, code, attempt, delay)                                                    \
  "{\"timestamp\":\"2025-12-02T" time "\",\"error_type\":\"" type "\",\"winerror_code\":" code     \
  ",\"attempt\":" attempt ",\"delay\":" delay ",\"file_path\":\"message_queue\\\\queue.json\"}"
#define RETRY(time, attempts, delay)                                                               \
  "{\"timestamp\":\"2025-12-02T" time "\",\"attempts\":" attempts ",\"total_delay\":" delay        \
  ",\"winerror_code\":null}"
#define SUMMARY(total, five, thirty_two, successes, failures)                                      \
  "{\"total_errors\":" total ",\"winerror_5_count\":" five ",\"winerror_32_count\":" thirty_two    \
  ",\"retry_success_count\":" successes ",\"retry_failure_count\":" failures                       \
  ",\"max_retries_needed\":7,\"avg_retry_delay\":0.25,\"high_concurrency_count\":3}"

#define DENIED        ERROR ("10:00:00", "PermissionError", "5", "1", "0.15")
#define SHARING       ERROR ("11:30:00.5", "PermissionError", "32", "2", "0.3")
#define REGION        ERROR ("11:40:00", "OSError", "33", "8", "0")
#define EARLY         RETRY ("10:00:01", "2", "0.15")
#define LATE          RETRY ("11:30:02", "20", "1.5")
#define LATE_DENIED   ERROR ("11:30:00", "PermissionError", "5", "1", "0.15")
#define NO_CODE       ERROR ("11:30:00", "PermissionError", "null", "1", "0")
#define ACCESS        ERROR ("11:31:00", "PermissionError", "13", "1", "0")
#define LATE_OF_THREE RETRY ("11:30:00", "3", "0.5")
#define TWO           SUMMARY ("2", "2", "0", "0", "0")
#define FIFTY         SUMMARY ("50", "30", "15", "11", "4")
#define HUGE_ONES     SUMMARY ("1e300", "1e300", "-1", "1e300", "1e300")
#define THREE         SUMMARY ("3", "1", "1", "2", "0")

static const char metrics_text[] =
    "{\n  \"errors\": [" DENIED "," SHARING "," REGION "],\n"
    "  \"retry_success\": [" EARLY "," LATE "],\n"
    "  \"concurrency_events\": [{\"timestamp\":\"2025-12-02T09:00:00\",\"concurrent_writes\":4,"
    "\"time_window_seconds\":2.5}],\n"
    "  \"summary\": " THREE ",\n  \"last_updated\": \"2025-12-02T11:59:59\"\n}";

static QkSwarmMetrics *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  gsize length = strlen (text);
  /* No byte after the text: reading on would be seen. */
  g_autofree char *exact = g_memdup2 (text, length);
  QkSwarmMetrics *metrics = qk_swarm_metrics_parse (exact, length, &error);

  g_assert_no_error (error);
  g_assert_nonnull (metrics);
  return metrics;
}

/* Of the time up to noon, in slices of an hour. */
static QkReport *
report_new (QkPeriod period, gint64 span)
{
  QkReport *report = qk_report_new ();

  report->period = period;
  report->to = NOON;
  report->from = NOON - span;
  report->bucket_width = 3600 * SECOND;
  for (gint64 start = report->from; start < report->to; start += report->bucket_width)
    {
      QkBucket bucket = {.start = start};

      g_array_append_val (report->buckets, bucket);
    }
  return report;
}

static void
test_parse (void)
{
  g_autoptr (QkSwarmMetrics) metrics = parse (metrics_text);
  const QkSwarmSummary *summary = qk_swarm_metrics_get_summary (metrics);
  const QkSwarmError *errors;
  const QkSwarmRetry *retries;
  const QkMoment *concurrency;
  guint n;

  errors = qk_swarm_metrics_get_errors (metrics, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (errors[0].time, ==, NOON - 2 * 3600 * SECOND);
  g_assert_cmpint (errors[1].time, ==, NOON - 30 * 60 * SECOND + SECOND / 2);
  g_assert_cmpint (errors[1].code, ==, 32);
  g_assert_cmpuint (errors[1].attempt, ==, 2);
  g_assert_cmpint (errors[1].delay, ==, 300000);
  retries = qk_swarm_metrics_get_retries (metrics, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (retries[1].attempts, ==, 20);
  g_assert_cmpint (retries[1].waited, ==, 1500000);
  concurrency = qk_swarm_metrics_get_concurrency (metrics, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (concurrency[0].writes, ==, 4);
  g_assert_cmpint (concurrency[0].window, ==, 2500000);
  g_assert_cmpuint (summary->total_errors, ==, 3);
  g_assert_cmpuint (summary->winerror_5_count, ==, 1);
  g_assert_cmpuint (summary->winerror_32_count, ==, 1);
  g_assert_cmpuint (summary->retry_success_count, ==, 2);
  g_assert_cmpuint (summary->retry_failure_count, ==, 0);
  g_assert_cmpuint (summary->max_retries_needed, ==, 7);
  g_assert_cmpint (summary->avg_retry_delay, ==, 250000);
  g_assert_cmpuint (summary->high_concurrency_count, ==, 3);
  g_assert_cmpint (qk_swarm_metrics_get_updated (metrics), ==, NOON - SECOND);
  g_assert_cmpint (qk_swarm_metrics_get_first (metrics, 0), ==, NOON - 2 * 3600 * SECOND);
  g_assert_cmpint (qk_swarm_metrics_get_first (metrics, NOON - 2 * 3600 * SECOND + 1), >,
                   NOON - 2 * 3600 * SECOND);
  g_assert_cmpint (qk_swarm_metrics_get_first (metrics, G_MAXINT64), ==, QK_WALL_NONE);
  g_assert_cmpuint (qk_swarm_metrics_get_skipped (metrics), ==, 0);
}

static void
test_kinds (void)
{
  static const struct {
    const char *type;
    const char *code;
    QkLockKind kind;
    const char *words; /* NULL: has no code */
  } cases[] = {
      {"PermissionError", "5", QK_LOCK_KIND_ACCESS_DENIED, "WinError 5, access denied"},
      {"PermissionError", "32", QK_LOCK_KIND_IN_USE, "WinError 32, in use by another process"},
      {"OSError", "33", QK_LOCK_KIND_IN_USE, "WinError 33, a part is locked by another process"},
      {"OSError", "1224", QK_LOCK_KIND_ACCESS_DENIED, "WinError 1224"},
      {"OSError", "2", QK_LOCK_KIND_ABSENT, "WinError 2"},
      {"PermissionError", "13", QK_LOCK_KIND_ACCESS_DENIED, "EACCES 13"},
      {"OSError", "16", QK_LOCK_KIND_IN_USE, "EBUSY 16"},
      {"OSError", "26", QK_LOCK_KIND_IN_USE, "ETXTBSY 26"},
      {"OSError", "11", QK_LOCK_KIND_IN_USE, "EAGAIN 11"},
      {"PermissionError", "null", QK_LOCK_KIND_ACCESS_DENIED, NULL},
      {"BlockingIOError", "null", QK_LOCK_KIND_IN_USE, NULL},
      {"FileNotFoundError", "null", QK_LOCK_KIND_ABSENT, NULL},
      {"JSONDecodeError", "\"5\"", QK_LOCK_KIND_TORN, NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"errors\":[{\"error_type\":\"%s\",\"winerror_code\":%s}]}",
                           cases[i].type, cases[i].code);
      g_autoptr (QkSwarmMetrics) metrics = parse (text);
      g_autoptr (QkReport) report = report_new (QK_PERIOD_ALL, 3600 * SECOND);
      guint n;
      const QkSwarmError *error = qk_swarm_metrics_get_errors (metrics, &n);
      const QkLockEvent event = {.code = error->code, .winerror = error->winerror};
      g_autofree char *words = qk_lock_event_dup_code (&event);

      g_test_message ("%s %s", cases[i].type, cases[i].code);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpint (error->kind, ==, cases[i].kind);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
check_figures (const QkFigures *figures)
{
  g_assert_cmpuint (figures->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE], ==, 2);
  g_assert_cmpuint (figures->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED], ==, 0);
  g_assert_cmpuint (figures->winerrors[0], ==, 0);
  g_assert_cmpuint (figures->winerrors[1], ==, 1);
  g_assert_cmpuint (figures->winerrors[2], ==, 1);
  g_assert_cmpuint (figures->retries[QK_OPERATION_SAVE], ==, 1);
  g_assert_cmpuint (figures->saves, ==, 1);
  g_assert_cmpuint (figures->saves_retried, ==, 1);
  g_assert_cmpuint (figures->attempts[QK_REPORT_MAX_ATTEMPTS], ==, 1);
  g_assert_cmpuint (figures->worst_attempts, ==, 20);
  g_assert_cmpuint (figures->total_attempts, ==, 20);
  g_assert_cmpint (figures->waited, ==, 1500000);
  g_assert_cmpint (figures->worst_wait, ==, 1500000);
}

/* The last hour: the earliest error and retry are outside of it. */
static void
test_hour (void)
{
  g_autoptr (QkSwarmMetrics) metrics = parse (metrics_text);
  g_autoptr (QkReport) report = report_new (QK_PERIOD_HOUR, 3600 * SECOND);
  const QkReportEvent *event;
  g_autofree char *line = NULL;

  qk_swarm_metrics_add_to_report (metrics, report);
  check_figures (&report->by_source[QK_SOURCE_SWARM]);
  check_figures (&report->total);
  check_figures (&g_array_index (report->buckets, QkBucket, 0).figures);
  g_assert_cmpuint (report->by_source[QK_SOURCE_HERE].saves, ==, 0);
  g_assert_cmpuint (report->n_events, ==, 2);
  g_assert_cmpuint (report->events->len, ==, 2);
  g_assert_null (report->problem);
  event = g_ptr_array_index (report->events, 1);
  g_assert_cmpint (event->source, ==, QK_SOURCE_SWARM);
  g_assert_cmpint (event->event->time, ==, NOON - 30 * 60 * SECOND + SECOND / 2);
  line = qk_lock_event_describe (event->event);
  g_assert_cmpstr (line, ==, "file in use (WinError 32, in use by another process), next in 0.3 s");
}

static void
test_buckets (void)
{
  g_autoptr (QkSwarmMetrics) metrics = parse (metrics_text);
  g_autoptr (QkReport) report = report_new (QK_PERIOD_DAY, 3 * 3600 * SECOND);
  const QkBucket *buckets = (const QkBucket *) (void *) report->buckets->data;

  qk_swarm_metrics_add_to_report (metrics, report);
  g_assert_cmpuint (qk_figures_get_lock_errors (&buckets[0].figures), ==, 0);
  g_assert_cmpuint (qk_figures_get_lock_errors (&buckets[1].figures), ==, 1);
  g_assert_cmpuint (buckets[1].figures.saves, ==, 1);
  g_assert_cmpuint (qk_figures_get_lock_errors (&buckets[2].figures), ==, 2);
  g_assert_cmpuint (qk_figures_get_lock_errors (&report->total), ==, 3);
}

/* What other sources told stays, and the latest of all come first. */
static void
test_merged_events (void)
{
  g_autoptr (QkSwarmMetrics) metrics = parse (metrics_text);
  g_autoptr (QkReport) report = report_new (QK_PERIOD_DAY, 24 * 3600 * SECOND);

  report->total.saves = 5;
  report->n_events = QK_REPORT_MAX_EVENTS;
  for (guint i = 0; i < QK_REPORT_MAX_EVENTS; i++)
    {
      const QkLockEvent template = {.time = NOON - 25 * 60 * SECOND - i};
      QkReportEvent *event = g_new0 (QkReportEvent, 1);

      event->event = qk_lock_event_copy (&template);
      g_ptr_array_add (report->events, event);
    }
  qk_swarm_metrics_add_to_report (metrics, report);
  g_assert_cmpuint (report->total.saves, ==, 7);
  g_assert_cmpuint (report->by_source[QK_SOURCE_SWARM].saves, ==, 2);
  g_assert_cmpuint (report->n_events, ==, QK_REPORT_MAX_EVENTS + 3);
  g_assert_cmpuint (report->events->len, ==, QK_REPORT_MAX_EVENTS);
  g_assert_cmpint (((QkReportEvent *) report->events->pdata[0])->source, ==, QK_SOURCE_SWARM);
  for (guint i = 1; i < report->events->len; i++)
    g_assert_cmpint (((QkReportEvent *) report->events->pdata[i - 1])->event->time, >=,
                     ((QkReportEvent *) report->events->pdata[i])->event->time);
}

/* The lists are cut: what is older stands in the summary, and counts for all time. */
static void
test_summary_larger (void)
{
  static const char text[] =
      "{\"errors\":[" LATE_DENIED "],\"retry_success\":[" LATE_OF_THREE "],\"summary\":" FIFTY "}";
  g_autoptr (QkSwarmMetrics) metrics = parse (text);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL, 3600 * SECOND);
  g_autoptr (QkReport) hour = report_new (QK_PERIOD_HOUR, 3600 * SECOND);
  double rate;

  qk_swarm_metrics_add_to_report (metrics, all);
  g_assert_cmpuint (qk_figures_get_lock_errors (&all->total), ==, 50);
  g_assert_cmpuint (all->total.errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE], ==, 15);
  g_assert_cmpuint (all->total.winerrors[0], ==, 30);
  g_assert_cmpuint (all->total.winerrors[1], ==, 15);
  g_assert_cmpuint (all->n_events, ==, 50);
  g_assert_cmpuint (all->events->len, ==, 1);
  g_assert_cmpuint (all->total.saves_retried, ==, 11);
  g_assert_cmpuint (all->total.saves_failed, ==, 4);
  g_assert_cmpuint (all->total.total_attempts, ==, 33);
  g_assert_cmpuint (all->total.worst_attempts, ==, 7);
  g_assert_cmpint (all->total.waited, ==, 500000 + 10 * 250000);
  g_assert_true (qk_figures_get_success_rate (&all->total, &rate));
  g_assert_cmpfloat_with_epsilon (rate, 11.0 / 15, 1e-9);
  g_assert_null (all->problem);
  g_assert_true (all->swarm_is_cut);
  g_assert_cmpuint (all->n_moments, ==, 3);
  g_assert_cmpuint (qk_figures_get_lock_errors (&g_array_index (all->buckets, QkBucket, 0).figures),
                    ==, 1);

  hour->problem = g_strdup ("Before.");
  qk_swarm_metrics_add_to_report (metrics, hour);
  g_assert_cmpuint (qk_figures_get_lock_errors (&hour->total), ==, 1);
  g_assert_cmpuint (hour->total.saves_failed, ==, 0);
  g_assert_cmpstr (
      hour->problem, ==,
      "Before.\nThe swarm gave up 4 saves and does not say when: they are counted only "
      "in all that is known.");
}

/* A summary that says less than the lists, or sorts otherwise than we do, adds nothing. */
static void
test_summary_smaller (void)
{
  static const char text[] =
      "{\"errors\":[" NO_CODE "," ACCESS "],\"retry_success\":[" LATE "],\"summary\":" TWO "}";
  g_autoptr (QkSwarmMetrics) metrics = parse (text);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL, 3600 * SECOND);

  qk_swarm_metrics_add_to_report (metrics, all);
  g_assert_false (all->swarm_is_cut);
  g_assert_cmpuint (qk_figures_get_lock_errors (&all->total), ==, 2);
  g_assert_cmpuint (all->total.winerrors[0], ==, 0);
  g_assert_cmpuint (all->total.saves_retried, ==, 1);
  g_assert_cmpuint (all->n_events, ==, 2);
}

/* Without a time, or with one to come: counted in all that is known, and only there. */
static void
test_undated (void)
{
  static const char text[] =
      "{\"errors\":[{\"winerror_code\":5,\"timestamp\":null},"
      "{\"winerror_code\":5,\"timestamp\":\"2025-12-02T12:30:00\"}],\"retry_success\":[{}]}";
  g_autoptr (QkSwarmMetrics) metrics = parse (text);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL, 3600 * SECOND);
  g_autoptr (QkReport) day = report_new (QK_PERIOD_DAY, 24 * 3600 * SECOND);

  qk_swarm_metrics_add_to_report (metrics, all);
  qk_swarm_metrics_add_to_report (metrics, day);
  g_assert_cmpuint (qk_figures_get_lock_errors (&all->total), ==, 2);
  g_assert_cmpuint (all->total.saves, ==, 1);
  g_assert_cmpuint (all->n_events, ==, 2);
  g_assert_cmpuint (all->events->len, ==, 1);
  g_assert_cmpuint (qk_figures_get_lock_errors (&g_array_index (all->buckets, QkBucket, 0).figures),
                    ==, 0);
  g_assert_cmpuint (qk_figures_get_lock_errors (&day->total), ==, 0);
  g_assert_cmpuint (day->events->len, ==, 0);
}

static void
test_refused (void)
{
  static const struct {
    const char *text;
    const char *problem;
  } cases[] = {
      {"", "it is empty"},
      {"  ", "the text ends where a value was expected at byte 2"},
      {"{\"errors\":[", "the text ends where a value was expected at byte 11"},
      {"{\"errors\":[]}{", "more text after the end of the value at byte 13"},
      {"7", "it is no list and no object"},
      {"[]", "it holds no errors, no retries and no summary"},
      {"{}", "it holds no errors, no retries and no summary"},
      {"{\"errors\":{},\"summary\":[]}", "it holds no errors, no retries and no summary"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qk_swarm_metrics_parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (error->message, ==, cases[i].problem);
    }
}

static void
test_bounds (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"errors\":");
  g_autoptr (GString) many = g_string_new ("{\"errors\":[7");
  g_autofree char *large = g_malloc0 ((16 << 20) + 1);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL, 3600 * SECOND);
  g_autoptr (QkSwarmMetrics) metrics = NULL;
  g_autoptr (GError) error = NULL;
  const QkSwarmError *errors;
  guint n;

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (qk_swarm_metrics_parse (deep->str, deep->len, &error));
  g_assert_true (g_str_has_prefix (error->message, "nested too deep"));
  g_clear_error (&error);
  g_assert_null (qk_swarm_metrics_parse (large, (16 << 20) + 1, &error));
  g_assert_cmpstr (error->message, ==, "it is larger than 16 MB");

  for (guint i = 1; i <= 10002; i++)
    g_string_append_printf (many, " ,{\"attempt\":%u}", i);
  g_string_append (many, ",[]]}");
  metrics = parse (many->str);
  errors = qk_swarm_metrics_get_errors (metrics, &n);
  g_assert_cmpuint (n, ==, 9999);
  g_assert_cmpuint (errors[0].attempt, ==, 4);
  g_assert_cmpuint (qk_swarm_metrics_get_skipped (metrics), ==, 5);
  qk_swarm_metrics_add_to_report (metrics, all);
  g_assert_cmpstr (all->problem, ==,
                   "5 rows of file_locking_metrics.json are left out: they are no objects, or too "
                   "many.");
}

/* Nonsense counts as not given, and nothing runs over. */
static void
test_nonsense (void)
{
  static const char text[] =
      "{\"errors\":[{\"winerror_code\":1e300,\"attempt\":-1,\"delay\":-5,\"timestamp\":\"soon\"},"
      "{\"winerror_code\":NaN,\"attempt\":\"x\",\"delay\":Infinity}],\"retry_success\":"
      "[{\"attempts\":1e300,\"total_delay\":1e300},{\"attempts\":-4,\"total_delay\":[1]}],"
      "\"summary\":" HUGE_ONES ",\"last_updated\":5}";
  g_autoptr (QkSwarmMetrics) metrics = parse (text);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL, 3600 * SECOND);
  guint n;

  qk_swarm_metrics_add_to_report (metrics, all);
  g_assert_cmpint (qk_swarm_metrics_get_errors (metrics, &n)[0].delay, ==, 0);
  g_assert_cmpuint (qk_swarm_metrics_get_retries (metrics, &n)[1].attempts, ==, 1);
  g_assert_cmpint (qk_swarm_metrics_get_updated (metrics), ==, QK_WALL_NONE);
  g_assert_cmpuint (qk_figures_get_lock_errors (&all->total), ==, 1000000000);
  g_assert_cmpint (all->total.waited, >, 0);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", ZONE, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/swarm-metrics/parse", test_parse);
  g_test_add_func ("/swarm-metrics/kinds", test_kinds);
  g_test_add_func ("/swarm-metrics/hour", test_hour);
  g_test_add_func ("/swarm-metrics/buckets", test_buckets);
  g_test_add_func ("/swarm-metrics/merged-events", test_merged_events);
  g_test_add_func ("/swarm-metrics/summary-larger", test_summary_larger);
  g_test_add_func ("/swarm-metrics/summary-smaller", test_summary_smaller);
  g_test_add_func ("/swarm-metrics/undated", test_undated);
  g_test_add_func ("/swarm-metrics/refused", test_refused);
  g_test_add_func ("/swarm-metrics/bounds", test_bounds);
  g_test_add_func ("/swarm-metrics/nonsense", test_nonsense);
  return g_test_run ();
}
