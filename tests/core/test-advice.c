#include "qk-advice.h"
#include "qk-report-sample.h"
#include "qk-test-util.h"
#include "qk-time.h"

#include <string.h>

static const QkThresholds thresholds = QK_THRESHOLDS_DEFAULT;

static void
assert_advice (const QkAssessment *self, const char *id, QkHealthVerdict severity, const char *part)
{
  const QkAdvice *advice = qk_assessment_find (self, id);

  g_assert_nonnull (advice);
  if (strstr (advice->reason, part) == NULL && strstr (advice->proposal, part) == NULL)
    g_test_message ("%s: %s %s", id, advice->reason, advice->proposal);
  g_assert_true (strstr (advice->reason, part) != NULL || strstr (advice->proposal, part) != NULL);
  g_assert_cmpint (advice->severity, ==, severity);
}

static void
assert_none (const QkAssessment *self, const char *id)
{
  g_assert_null (qk_assessment_find (self, id));
}

static void
test_good (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) assessment = NULL;

  report->period = QK_PERIOD_HOUR;
  report->by_source[QK_SOURCE_HERE].saves = report->total.saves = 12;
  assessment = qk_assessment_new (report, NULL, &thresholds);
  g_assert_cmpint (assessment->verdict, ==, QK_HEALTH_VERDICT_GOOD);
  g_assert_cmpuint (assessment->advice->len, ==, 0);
  g_assert_cmpstr (assessment->summary, ==, "No lock errors (the last hour).");
  g_assert_false (assessment->has_queue);
}

/* What is found about ourselves is judged by the policy in use, about the swarm by its own. */
static void
test_attempts (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) assessment = NULL, worse = NULL, fewer = NULL;
  QkFigures *here = &report->by_source[QK_SOURCE_HERE];
  QkFigures *swarm = &report->by_source[QK_SOURCE_SWARM];

  swarm->saves = swarm->saves_retried = 5;
  swarm->worst_attempts = 6;
  assessment = qk_assessment_new (report, NULL, &thresholds);
  assert_none (assessment, "more-attempts");

  swarm->worst_attempts = 7;
  g_clear_pointer (&assessment, qk_assessment_free);
  assessment = qk_assessment_new (report, NULL, &thresholds);
  g_assert_cmpint (assessment->verdict, ==, QK_HEALTH_VERDICT_WARNING);
  assert_advice (assessment, "more-attempts", QK_HEALTH_VERDICT_WARNING,
                 "Try 9 times instead of 8");
  assert_advice (assessment, "more-attempts", QK_HEALTH_VERDICT_WARNING,
                 "7 of 8 (counted by the swarm");

  /* One advice for both, the worse one, with the reasons of both. */
  here->saves = here->saves_retried = 98;
  here->saves_failed = 2;
  worse = qk_assessment_new (report, NULL, &thresholds);
  g_assert_cmpint (worse->verdict, ==, QK_HEALTH_VERDICT_CRITICAL);
  assert_advice (worse, "more-attempts", QK_HEALTH_VERDICT_CRITICAL, "Try 10 times instead of 8");
  assert_advice (worse, "more-attempts", QK_HEALTH_VERDICT_CRITICAL, "Given up: 2 of 100 saves");
  assert_advice (worse, "more-attempts", QK_HEALTH_VERDICT_CRITICAL, "7 of 8");
  g_assert_true (g_str_has_prefix (worse->summary, "Saves were given up. Given up: 2 of 100"));

  report->policy.attempts = 4;
  here->worst_attempts = 3;
  fewer = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (fewer, "more-attempts", QK_HEALTH_VERDICT_CRITICAL, "Try 6 times instead of 4");
  assert_advice (fewer, "more-attempts", QK_HEALTH_VERDICT_CRITICAL,
                 "3 of 4 (counted by Queuekeeper");
}

static void
test_delays (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) short_enough = NULL, too_long = NULL, both = NULL;
  QkFigures *others = &report->by_source[QK_SOURCE_OTHERS];

  others->saves = others->saves_retried = 4;
  others->waited = 6000000;
  short_enough = qk_assessment_new (report, NULL, &thresholds);
  assert_none (short_enough, "shorter-base");
  others->waited = 6400000;
  too_long = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (too_long, "shorter-base", QK_HEALTH_VERDICT_WARNING, "waited 1.60 s on average");
  assert_advice (too_long, "shorter-base", QK_HEALTH_VERDICT_WARNING, "from 0.15 s to 0.12 s");
  others->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = 10;
  both = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (both, "longer-base", QK_HEALTH_VERDICT_GOOD, "from 0.15 s to 0.2 s");
  assert_none (both, "shorter-base");
}

/* Base 0.2 s, then one after the other, then a lock. */
static void
test_steps (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) few = NULL, first = NULL, second = NULL, third = NULL;
  QkFigures *here = &report->by_source[QK_SOURCE_HERE];

  here->saves = here->saves_retried = 99;
  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = 9;
  few = qk_assessment_new (report, NULL, &thresholds);
  g_assert_cmpuint (few->advice->len, ==, 0);
  here->errors[QK_OPERATION_READ][QK_LOCK_KIND_LOCK_HELD] = 1;
  first = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (first, "longer-base", QK_HEALTH_VERDICT_GOOD, "Lock errors: 10; ");
  assert_none (first, "synchronise");
  g_assert_cmpint (first->verdict, ==, QK_HEALTH_VERDICT_GOOD);
  report->policy.base_delay = 200000;
  second = qk_assessment_new (report, NULL, &thresholds);
  assert_none (second, "longer-base");
  assert_advice (second, "synchronise", QK_HEALTH_VERDICT_GOOD, "one after the other");
  assert_none (second, "exclusive-lock");
  here->saves_failed = 1;
  third = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (third, "synchronise", QK_HEALTH_VERDICT_WARNING, "one after the other");
  assert_advice (third, "exclusive-lock", QK_HEALTH_VERDICT_WARNING,
                 "take the lock beside the queue");
}

static void
test_crowd (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) twice = NULL, more = NULL;
  QkFigures *here = &report->by_source[QK_SOURCE_HERE];

  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = 2;
  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] = 4;
  twice = qk_assessment_new (report, NULL, &thresholds);
  assert_none (twice, "exclusive-lock");
  here->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] = 5;
  more = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (more, "exclusive-lock", QK_HEALTH_VERDICT_GOOD,
                 "File in use: 5, access denied: 2");
  g_assert_cmpint (more->verdict, ==, QK_HEALTH_VERDICT_GOOD);
}

static void
test_success_rate (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) enough = NULL, low = NULL, named = NULL;
  QkHolderCount *holder = g_new0 (QkHolderCount, 1);
  QkFigures *here = &report->by_source[QK_SOURCE_HERE];

  here->saves_retried = here->saves = 95;
  here->saves_failed = 5;
  enough = qk_assessment_new (report, NULL, &thresholds);
  assert_none (enough, "holder");
  here->saves_failed = 6;
  low = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (low, "holder", QK_HEALTH_VERDICT_WARNING,
                 "94.1 % succeeded; worth a warning below 95 %");
  holder->label = g_strdup ("evil\x1b[2J (pid 7)");
  holder->count = 12;
  g_ptr_array_add (report->holders, holder);
  named = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (named, "holder", QK_HEALTH_VERDICT_WARNING, "Most often: evil␛[2J (pid 7) (12).");
}

static void
test_overwrites (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (QkAssessment) assessment = NULL;

  report->by_source[QK_SOURCE_HERE].overwrites = 3;
  assessment = qk_assessment_new (report, NULL, &thresholds);
  assert_advice (assessment, "synchronise", QK_HEALTH_VERDICT_WARNING, "put right: 3");
}

/* The swarm's own limits, on both of their sides. */
static const struct {
  QkQueueFigures queue;
  const char *id;
  int verdict; /* -1: no advice */
} limits[] = {
    {{.total = 500}, "queue-size", -1},
    {{.total = 501}, "queue-size", QK_HEALTH_VERDICT_WARNING},
    {{.total = 1000}, "queue-size", QK_HEALTH_VERDICT_WARNING},
    {{.total = 1001}, "queue-size", QK_HEALTH_VERDICT_CRITICAL},
    {{.total = 9, .by_status = {[QK_STATUS_PROCESSING] = 9}}, "processing", -1},
    {{.total = 10, .by_status = {[QK_STATUS_PROCESSING] = 5}}, "processing", -1},
    {{.total = 10, .by_status = {[QK_STATUS_PROCESSING] = 6}},
     "processing",
     QK_HEALTH_VERDICT_WARNING},
    {{.stuck_warning = 2}, "stuck", QK_HEALTH_VERDICT_WARNING},
    {{.stuck_warning = 2, .stuck_critical = 1}, "stuck", QK_HEALTH_VERDICT_CRITICAL},
    {{.average_age = 3600 * G_GINT64_CONSTANT (1000000)}, "age", -1},
    {{.average_age = 3600 * G_GINT64_CONSTANT (1000000) + 1}, "age", QK_HEALTH_VERDICT_WARNING},
    {{.finished = 9, .failed = 9}, "failures", -1},
    {{.finished = 100, .failed = 5}, "failures", -1},
    {{.finished = 100, .failed = 6}, "failures", QK_HEALTH_VERDICT_WARNING},
    {{.finished = 100, .failed = 10}, "failures", QK_HEALTH_VERDICT_WARNING},
    {{.finished = 100, .failed = 11}, "failures", QK_HEALTH_VERDICT_CRITICAL},
};

static void
test_queue (void)
{
  g_autoptr (QkReport) report = qk_report_new ();

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      QkQueueFigures queue = limits[i].queue;
      g_autoptr (QkAssessment) assessment = NULL;
      const QkAdvice *advice;

      queue.readable = TRUE;
      assessment = qk_assessment_new (report, &queue, &thresholds);
      advice = qk_assessment_find (assessment, limits[i].id);
      g_test_message ("%u: %s", i, limits[i].id);
      g_assert_cmpint (advice != NULL ? (int) advice->severity : -1, ==, limits[i].verdict);
      g_assert_cmpuint (assessment->advice->len, ==, advice != NULL ? 1 : 0);
      g_assert_true (assessment->has_queue);
    }
}

/* Whatever it said last: what nobody can read is the first thing to be seen to. */
static void
test_unreadable (void)
{
  g_autoptr (QkReport) report = qk_report_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("[]", 2);
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  static const struct {
    QkStoreState state;
    gboolean has_document;
    gboolean said;
    gboolean critical;
  } cases[] = {
      {QK_STORE_STATE_OPENING, FALSE, FALSE, FALSE},  {QK_STORE_STATE_WAITING, FALSE, FALSE, FALSE},
      {QK_STORE_STATE_DAMAGED, FALSE, TRUE, TRUE},    {QK_STORE_STATE_GONE, FALSE, TRUE, TRUE},
      {QK_STORE_STATE_UNREADABLE, FALSE, TRUE, TRUE}, {QK_STORE_STATE_LIVE, TRUE, TRUE, FALSE},
      {QK_STORE_STATE_WAITING, TRUE, TRUE, FALSE},    {QK_STORE_STATE_DAMAGED, TRUE, TRUE, TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QkQueueFigures figures;
      gboolean said = qk_queue_figures_judge (&figures, cases[i].has_document ? document : NULL,
                                              cases[i].state, &thresholds);
      g_autoptr (QkAssessment) assessment =
          qk_assessment_new (report, said ? &figures : NULL, &thresholds);

      g_test_message ("%u", i);
      g_assert_cmpint (said, ==, cases[i].said);
      g_assert_cmpint (assessment->has_queue, ==, cases[i].has_document);
      g_assert_cmpint (qk_assessment_find (assessment, "unreadable") != NULL, ==,
                       cases[i].critical);
      g_assert_cmpint (assessment->verdict, ==,
                       cases[i].critical ? QK_HEALTH_VERDICT_CRITICAL : QK_HEALTH_VERDICT_GOOD);
    }
}

/* The worst comes first, and of those that are as bad, the queue's. */
static void
test_order (void)
{
  g_autoptr (QkReport) report = qk_sample_report_new ();
  const QkQueueFigures queue = {.readable = TRUE, .total = 600};
  g_autoptr (QkAssessment) assessment = qk_assessment_new (report, &queue, &thresholds);
  QkHealthVerdict last = QK_HEALTH_VERDICT_CRITICAL;

  for (guint i = 0; i < assessment->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (assessment->advice, i);

      g_assert_cmpint (advice->severity, <=, last);
      last = advice->severity;
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (advice->id, !=,
                         ((const QkAdvice *) g_ptr_array_index (assessment->advice, j))->id);
    }
  g_assert_cmpstr (((const QkAdvice *) g_ptr_array_index (assessment->advice, 0))->id, ==,
                   "more-attempts");
  g_assert_cmpstr (((const QkAdvice *) g_ptr_array_index (assessment->advice, 1))->id, ==,
                   "queue-size");
}

#define AT(entry)                                                                                  \
  "{\"message\":{\"recipient\":\"A\"},\"queue_id\":\"x\",\"priority_score\":0.5," entry "}"

static void
test_figures (void)
{
  static const char json[] = "[" AT (
      "\"status\":\"PENDING\",\"created_at\":\"2026-01-08T11:00:00\",\"updated_at\":\"2026-01-"
      "08T11:00:00\"") "," AT ("\"status\":\"PROCESSING\",\"created_at\":\"2026-01-08T11:40:00\",\"updated_at\":\"2026-01-"
                               "08T11:58:30\"") "," AT ("\"status\":\"PROCESSING\",\"created_at\":\"2026-01-08T11:50:00\",\"updated_at\":\"2026-01-"
                                                        "08T11:50:00\"") "," AT ("\"status\":\"DELIVERED\",\"created_at\":\"2020-01-08T11:50:00\",\"updated_at\":\"2026-01-"
                                                                                 "08T11:50:00\"") "," AT ("\"status\":\"FAILED\",\"created_at\":\"2020-01-08T11:50:00\",\"updated_at\":\"2026-01-"
                                                                                                          "08T11:50:00\"") "]";
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  gint64 now = qk_wall_parse ("2026-01-08T12:00:00", 19, NULL);
  QkQueueFigures figures;
  double rate;

  g_assert_nonnull (document);
  qk_queue_figures_init (&figures, document, now, &thresholds);
  g_assert_true (figures.readable);
  g_assert_cmpuint (figures.total, ==, 5);
  g_assert_cmpuint (figures.by_status[QK_STATUS_PROCESSING], ==, 2);
  g_assert_cmpuint (figures.stuck_warning, ==, 2);
  g_assert_cmpuint (figures.stuck_critical, ==, 1);
  g_assert_cmpint (figures.oldest_pending, ==, 3600 * G_GINT64_CONSTANT (1000000));
  g_assert_cmpint (figures.average_age, ==, 1800 * G_USEC_PER_SEC);
  g_assert_cmpuint (figures.finished, ==, 2);
  g_assert_true (qk_queue_figures_get_failure_rate (&figures, &rate));
  g_assert_cmpfloat (rate, ==, 0.5);
}

/* Only the last hundred count, wherever they stand in the file. */
static void
test_last_hundred (void)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) document = NULL;
  QkQueueFigures figures;

  for (guint i = 0; i < 150; i++)
    g_string_append_printf (
        json, "%s{\"message\":\"m\",\"status\":\"%s\",\"updated_at\":\"2026-01-08T%02u:%02u:00\"}",
        i > 0 ? "," : "", i < 30 ? "FAILED" : "DELIVERED",
        i < 20   ? 23
        : i < 70 ? 1
                 : 12,
        i % 60);
  g_string_append (json, "]");
  bytes = g_bytes_new (json->str, json->len);
  document = qk_document_new (bytes, NULL, NULL, NULL);
  g_assert_nonnull (document);
  qk_queue_figures_init (&figures, document, 0, &thresholds);
  g_assert_cmpuint (figures.by_status[QK_STATUS_FAILED], ==, 30);
  g_assert_cmpuint (figures.finished, ==, 100);
  g_assert_cmpuint (figures.failed, ==, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/good", test_good);
  g_test_add_func ("/advice/attempts", test_attempts);
  g_test_add_func ("/advice/delays", test_delays);
  g_test_add_func ("/advice/steps", test_steps);
  g_test_add_func ("/advice/crowd", test_crowd);
  g_test_add_func ("/advice/success-rate", test_success_rate);
  g_test_add_func ("/advice/overwrites", test_overwrites);
  g_test_add_func ("/advice/queue", test_queue);
  g_test_add_func ("/advice/unreadable", test_unreadable);
  g_test_add_func ("/advice/order", test_order);
  g_test_add_func ("/advice/figures", test_figures);
  g_test_add_func ("/advice/last-hundred", test_last_hundred);
  return g_test_run ();
}
