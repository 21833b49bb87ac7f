#include "qk-recorded-save.h"
#include "qk-report-sample.h"
#include "qk-what-if.h"

#include <string.h>

#define START (QK_SAMPLE_NOW - 3600 * G_GINT64_CONSTANT (1000000))

static QkReport *
new_report (void)
{
  QkReport *report = qk_report_new ();

  report->to = QK_SAMPLE_NOW;
  return report;
}

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-9);
}

static void
assert_span (const QkSpan *span, double low, double expected, double high)
{
  assert_near (span->low, low);
  assert_near (span->expected, expected);
  assert_near (span->high, high);
}

/* Two processes whose attempts alternate, and one save after the other in one of them. */
static void
test_collect (void)
{
  g_autoptr (QkReport) report = new_report ();
  g_autoptr (GArray) saves = NULL;
  const QkRecordedSave *save;
  guint incomplete;

  qk_sample_add_event (report, QK_SOURCE_HERE, 1, START, QK_LOCK_KIND_IN_USE, 1, 150000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_OTHERS, 2, START + 50000, QK_LOCK_KIND_IN_USE, 1, 150000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_HERE, 1, START + 151000, QK_LOCK_KIND_IN_USE, 2, 300000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_HERE, 1, START + 160000, QK_LOCK_KIND_CONFLICT, 0, 0,
                       QK_LOCK_OUTCOME_MERGED);
  qk_sample_add_save (report, 1, START + 1000000, 1, FALSE);
  qk_sample_add_save (report, 1, START + 2000000, 1, FALSE);
  qk_sample_add_save (report, 1, START + 3000000, 8, TRUE);
  saves = qk_recorded_saves_collect (report, &incomplete);
  g_assert_cmpuint (incomplete, ==, 0);
  g_assert_cmpuint (saves->len, ==, 5);

  save = &g_array_index (saves, QkRecordedSave, 0);
  g_assert_cmpint (save->pid, ==, 1);
  g_assert_cmpint (save->start, ==, START);
  g_assert_cmpuint (save->failed, ==, 2);
  g_assert_cmpint (save->waited, ==, 450000);
  g_assert_cmpint (save->lasted, ==, 151000);
  g_assert_cmpint (save->gone, ==, 451000);
  save = &g_array_index (saves, QkRecordedSave, 1);
  g_assert_cmpint (save->pid, ==, 2);
  g_assert_cmpint (save->lasted, ==, 0);
  g_assert_cmpint (save->gone, ==, 150000);
  g_assert_cmpint (g_array_index (saves, QkRecordedSave, 3).start, ==, START + 2000000);
  save = &g_array_index (saves, QkRecordedSave, 4);
  g_assert_true (qk_recorded_save_was_given_up (save));
  g_assert_cmpuint (save->failed, ==, 8);
  g_assert_cmpint (save->lasted, ==, qk_retry_policy_get_total (&report->policy));
  g_assert_cmpint (save->waited, ==, qk_retry_policy_get_total (&report->policy));
}

/* Cut off at the beginning, with a gap, and still under way. */
static void
test_incomplete (void)
{
  g_autoptr (QkReport) report = new_report ();
  g_autoptr (GArray) saves = NULL;
  guint incomplete;

  qk_sample_add_event (report, QK_SOURCE_HERE, 1, START, QK_LOCK_KIND_IN_USE, 3, 600000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_HERE, 2, START, QK_LOCK_KIND_IN_USE, 1, 150000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_HERE, 2, START + 2, QK_LOCK_KIND_IN_USE, 4, 150000,
                       QK_LOCK_OUTCOME_RETRY);
  qk_sample_add_event (report, QK_SOURCE_HERE, 3, report->to - 10, QK_LOCK_KIND_IN_USE, 1, 150000,
                       QK_LOCK_OUTCOME_RETRY);
  saves = qk_recorded_saves_collect (report, &incomplete);
  g_assert_cmpuint (saves->len, ==, 0);
  g_assert_cmpuint (incomplete, ==, 4);
}

/* Failed at 0 and 0.15 s, succeeded at 0.45 s: so the obstacle went between 0.15 and 0.45 s. */
static void
test_success (void)
{
  g_autoptr (QkReport) report = new_report ();
  const QkRetryPolicy same = QK_RETRY_POLICY_DEFAULT, slower = {8, 200000, 2000000};
  const QkRetryPolicy fewer = {2, 300000, 2000000}, once = {1, 150000, 2000000};
  QkWhatIf result;

  report->total.saves = 10;
  report->total.saves_retried = 1;
  qk_sample_add_save (report, 1, START, 2, FALSE);

  /* Under the same rule the same happens, whenever the obstacle went. */
  qk_what_if_replay (&result, report, &same);
  g_assert_cmpuint (result.n_saves, ==, 1);
  g_assert_cmpuint (result.n_given_up, ==, 0);
  g_assert_cmpuint (result.n_at_once, ==, 9);
  assert_near (result.recorded_success, 1);
  assert_near (result.recorded_wait, 0.45);
  assert_span (&result.success, 1, 1, 1);
  assert_span (&result.wait, 0.45, 0.45, 0.45);

  /* Tries at 0, 0.2 and 0.6 s: a sixth of the span is over at 0.2 s. */
  qk_what_if_replay (&result, report, &slower);
  assert_span (&result.success, 1, 1, 1);
  assert_span (&result.wait, 0.2, 0.2 / 6 + 0.6 * 5 / 6, 0.6);
  assert_span (&result.worst_wait, 0.2, 0.2 / 6 + 0.6 * 5 / 6, 0.6);

  /* Tries at 0 and 0.3 s: half of the span. */
  qk_what_if_replay (&result, report, &fewer);
  assert_span (&result.success, 0, 0.5, 1);
  assert_span (&result.wait, 0.3, 0.3, 0.3);

  qk_what_if_replay (&result, report, &once);
  assert_span (&result.success, 0, 0, 0);
  assert_span (&result.wait, 0, 0, 0);
}

/* Nothing is known of when the obstacle went: more attempts help at best. */
static void
test_given_up (void)
{
  g_autoptr (QkReport) report = new_report ();
  const QkRetryPolicy more = {9, 150000, 2000000}, same = QK_RETRY_POLICY_DEFAULT;
  QkWhatIf result;

  qk_sample_add_save (report, 1, START, 8, TRUE);
  qk_what_if_replay (&result, report, &same);
  g_assert_cmpuint (result.n_given_up, ==, 1);
  assert_near (result.recorded_success, 0);
  assert_near (result.recorded_wait, 8.25);
  assert_span (&result.success, 0, 0, 0);
  assert_span (&result.wait, 8.25, 8.25, 8.25);
  qk_what_if_replay (&result, report, &more);
  assert_span (&result.success, 0, 0, 1);
  assert_span (&result.wait, 10.25, 10.25, 10.25);
}

static void
test_several (void)
{
  g_autoptr (QkReport) report = new_report ();
  g_autofree char *text = NULL;
  const QkRetryPolicy same = QK_RETRY_POLICY_DEFAULT, fewer = {2, 150000, 2000000};
  QkWhatIf result;

  qk_sample_add_save (report, 1, START, 1, FALSE);
  qk_sample_add_save (report, 1, START + 20000000, 3, FALSE);
  qk_sample_add_save (report, 1, START + 40000000, 8, TRUE);
  qk_sample_add_event (report, QK_SOURCE_HERE, 9, START, QK_LOCK_KIND_IN_USE, 5, 0,
                       QK_LOCK_OUTCOME_RETRY);
  report->n_events = 1000;
  qk_what_if_replay (&result, report, &same);
  assert_span (&result.success, 2.0 / 3, 2.0 / 3, 2.0 / 3);
  assert_near (result.recorded_success, 2.0 / 3);
  assert_near (result.wait.expected, (0.15 + 1.05 + 8.25) / 3);
  assert_near (result.worst_wait.high, 8.25);
  g_assert_cmpuint (result.n_incomplete, ==, 1);
  g_assert_true (result.partial);
  qk_what_if_replay (&result, report, &fewer);
  assert_span (&result.success, 1.0 / 3, 1.0 / 3, 1.0 / 3);
  assert_near (result.wait.expected, 0.15);
  text = qk_what_if_describe (&result);
  g_assert_nonnull (strstr (text,
                            "met a lock: 3. Succeeding: 33.3 %, between 33.3 % and 33.3 %; in "
                            "fact 66.7 %."));
  g_assert_nonnull (strstr (text, "0.15 s on average, between 0.15 s and 0.15 s; in fact 3.15 s"));
  g_assert_nonnull (strstr (text, "missing: 1."));
  g_assert_nonnull (strstr (text, "Only the latest events"));
}

static void
test_nothing (void)
{
  g_autoptr (QkReport) report = new_report ();
  g_autofree char *text = NULL;
  QkWhatIf result;

  qk_what_if_replay (&result, report, &report->policy);
  g_assert_cmpuint (result.n_saves, ==, 0);
  assert_span (&result.success, 0, 0, 0);
  text = qk_what_if_describe (&result);
  g_assert_nonnull (strstr (text, "nothing to replay"));
}

/* Whatever the rule, the span holds what is expected, and the rule in use is what happened. */
static void
test_spans (void)
{
  g_autoptr (QkReport) report = new_report ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  QkWhatIf result;

  for (guint i = 0; i < 60; i++)
    qk_sample_add_save (report, 1, START + i * 20000000,
                        (guint) g_rand_int_range (random, 1, 9) % 8 + 1, i % 9 == 0);
  for (guint i = 0; i < 200; i++)
    {
      const QkRetryPolicy policy = {(guint) g_rand_int_range (random, 1, 20),
                                    g_rand_int_range (random, 1000, 900000),
                                    g_rand_int_range (random, 900000, 5000000)};

      qk_what_if_replay (&result, report, &policy);
      g_assert_cmpfloat (result.success.low, <=, result.success.expected + 1e-9);
      g_assert_cmpfloat (result.success.expected, <=, result.success.high + 1e-9);
      g_assert_cmpfloat (result.wait.low, <=, result.wait.expected + 1e-9);
      g_assert_cmpfloat (result.wait.expected, <=, result.wait.high + 1e-9);
      g_assert_cmpfloat (result.worst_wait.high, <=,
                         (double) qk_retry_policy_get_total (&policy) / G_USEC_PER_SEC + 1e-9);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/what-if/collect", test_collect);
  g_test_add_func ("/what-if/incomplete", test_incomplete);
  g_test_add_func ("/what-if/success", test_success);
  g_test_add_func ("/what-if/given-up", test_given_up);
  g_test_add_func ("/what-if/several", test_several);
  g_test_add_func ("/what-if/nothing", test_nothing);
  g_test_add_func ("/what-if/spans", test_spans);
  return g_test_run ();
}
