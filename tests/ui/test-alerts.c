#include "qk-alerts.h"
#include "qk-test-util.h"
#include "qk-time.h"

#include <string.h>

/* Which alerts there are, and when: with a clock that is given. */

#define SECOND G_TIME_SPAN_SECOND
#define PAUSE  (300 * SECOND)

static const QkThresholds thresholds = QK_THRESHOLDS_DEFAULT;

typedef struct {
  QkAlerts *alerts;
  gint64 now;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->alerts = qk_alerts_new ();
  fixture->now = 1000 * SECOND;
  qk_alerts_set_pause (fixture->alerts, PAUSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_alerts_free (fixture->alerts);
}

/* A message as `ID STATUS RECIPIENT`, in PROCESSING since long, and made long ago if its id says so;
 * @fill more that are delivered. */
static void
look (Fixture *fixture, guint fill, ...)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  va_list list;

  va_start (list, fill);
  while ((text = va_arg (list, const char *)) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (text, " ", 3);

      g_string_append_printf (
          json,
          "%s{\"queue_id\":\"%s\",\"status\":\"%s\",\"message\":{\"recipient\":\"%s\"},"
          "\"updated_at\":\"2020-01-01T00:00:00\"%s}",
          json->len > 1 ? "," : "", words[0], words[1], words[2],
          g_str_has_prefix (words[0], "old") ? ",\"created_at\":\"2020-01-01T00:00:00\"" : "");
    }
  va_end (list);
  for (guint i = 0; i < fill; i++)
    g_string_append_printf (json,
                            "%s{\"queue_id\":\"d%u\",\"status\":\"DELIVERED\",\"updated_at\":"
                            "\"2019-01-01T00:00:00\"}",
                            json->len > 1 ? "," : "", i);
  g_string_append_c (json, ']');
  bytes = g_bytes_new (json->str, json->len);
  document = qk_document_new (bytes, NULL, NULL, NULL);
  g_assert_nonnull (document);
  qk_alerts_look (fixture->alerts, qk_alert_scan_new (document, qk_wall_now (), &thresholds));
}

/* What is told now: `KIND TITLE` or nothing, a line each. */
static void
assert_told (Fixture *fixture, const char *expected)
{
  g_autoptr (GPtrArray) alerts = qk_alerts_take (fixture->alerts, fixture->now);
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < alerts->len; i++)
    {
      const QkAlert *alert = alerts->pdata[i];

      g_string_append_printf (told, "%s%s%s", told->len > 0 ? "\n" : "", alert->title,
                              alert->critical ? "!" : "");
    }
  g_assert_cmpstr (told->str, ==, expected);
}

static void
test_first_is_no_news (Fixture *fixture, gconstpointer data)
{
  look (fixture, 1200, "a FAILED Agent-1", "b PROCESSING Agent-2", NULL);
  assert_told (fixture, "");
  look (fixture, 1200, "a FAILED Agent-1", "b PROCESSING Agent-2", NULL);
  assert_told (fixture, "");
}

/* What comes in the pause is told together after it, for one agent or for several. */
static void
test_merged (Fixture *fixture, gconstpointer data)
{
  look (fixture, 100, "a PENDING Agent-7", NULL);
  look (fixture, 100, "a FAILED Agent-7", NULL);
  assert_told (fixture, "1 new failure for Agent-7");
  fixture->now += 10 * SECOND;
  look (fixture, 100, "a FAILED Agent-7", "b FAILED Agent-7", NULL);
  assert_told (fixture, "");
  look (fixture, 100, "a FAILED Agent-7", "b FAILED Agent-7", "c FAILED Agent-7", NULL);
  fixture->now += PAUSE - 10 * SECOND - 1;
  assert_told (fixture, "");
  fixture->now += 1;
  assert_told (fixture, "2 new failures for Agent-7");
  fixture->now += PAUSE;
  assert_told (fixture, "");
  look (fixture, 200, "d FAILED Agent-1", "e FAILED Agent-2", NULL);
  assert_told (fixture, "2 new failures");
}

/* What is over when it could be told is not told; another time it is news again. */
static void
test_over (Fixture *fixture, gconstpointer data)
{
  look (fixture, 100, NULL);
  look (fixture, 100, "a FAILED Agent-1", NULL);
  assert_told (fixture, "1 new failure for Agent-1");
  look (fixture, 100, "a PENDING Agent-1", "b FAILED Agent-1", NULL);
  look (fixture, 100, "a PENDING Agent-1", "b PENDING Agent-1", NULL);
  fixture->now += PAUSE;
  assert_told (fixture, "");
  look (fixture, 100, "a FAILED Agent-1", NULL);
  assert_told (fixture, "1 new failure for Agent-1");
}

static void
test_stuck (Fixture *fixture, gconstpointer data)
{
  look (fixture, 0, "a PENDING Agent-4", NULL);
  look (fixture, 0, "a PROCESSING Agent-4", "b PROCESSING Agent-4", NULL);
  assert_told (fixture, "2 messages for Agent-4 · Captain are stuck");
  look (fixture, 0, "a PROCESSING Agent-4", NULL);
  fixture->now += PAUSE;
  assert_told (fixture, "");
}

/* Whoever looks at the queue has seen it. */
static void
test_seen (Fixture *fixture, gconstpointer data)
{
  look (fixture, 0, NULL);
  look (fixture, 600, "a FAILED Agent-1", NULL);
  qk_alerts_note (fixture->alerts, QK_ALERT_GIVEN_UP, "A change was given up", NULL);
  qk_alerts_see (fixture->alerts);
  assert_told (fixture, "");
}

/* Each kind has its own pause; the latest note is told. */
static void
test_notes (Fixture *fixture, gconstpointer data)
{
  qk_alerts_note (fixture->alerts, QK_ALERT_DAMAGE, "Damaged", "here");
  qk_alerts_note (fixture->alerts, QK_ALERT_GIVEN_UP, "One", NULL);
  qk_alerts_note (fixture->alerts, QK_ALERT_GIVEN_UP, "Two", NULL);
  assert_told (fixture, "Two\nDamaged!");
  qk_alerts_note (fixture->alerts, QK_ALERT_GIVEN_UP, "Three", NULL);
  assert_told (fixture, "");
  fixture->now += PAUSE;
  assert_told (fixture, "Three");
}

/* Only where a level is crossed upwards, and again after it was left. */
static void
test_health (Fixture *fixture, gconstpointer data)
{
  look (fixture, 500, NULL);
  look (fixture, 501, NULL);
  assert_told (fixture, "501 messages in the queue");
  fixture->now += PAUSE;
  look (fixture, 700, NULL);
  assert_told (fixture, "");
  look (fixture, 1000, NULL);
  assert_told (fixture, "");
  look (fixture, 1001, NULL);
  assert_told (fixture, "1001 messages in the queue!");
  look (fixture, 400, NULL);
  fixture->now += PAUSE;
  assert_told (fixture, "");
  look (fixture, 600, NULL);
  look (fixture, 400, NULL);
  assert_told (fixture, "");
  look (fixture, 600, NULL);
  assert_told (fixture, "600 messages in the queue");
}

static void
test_failure_rate (Fixture *fixture, gconstpointer data)
{
  qk_alerts_set_wanted (fixture->alerts, QK_ALERT_FAILURES, FALSE);
  look (fixture, 19, NULL);
  look (fixture, 19, "a FAILED Agent-1", NULL);
  /* 5 % is not more than 5 %. */
  assert_told (fixture, "");
  look (fixture, 18, "a FAILED Agent-1", NULL);
  assert_told (fixture, "5 % of the last 19 messages failed");
  fixture->now += PAUSE;
  look (fixture, 8, "a FAILED Agent-1", NULL);
  /* One of a few is no rate. */
  assert_told (fixture, "");
  look (fixture, 9, "a FAILED Agent-1", "b FAILED Agent-1", NULL);
  assert_told (fixture, "18 % of the last 11 messages failed!");
}

/* What the page and the plugin warn of is told here as well, all of it at once. */
static void
test_measures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) alerts = NULL;
  const QkAlert *alert;

  qk_alerts_set_wanted (fixture->alerts, QK_ALERT_STUCK, FALSE);
  look (fixture, 5, "a PENDING A", "b PENDING A", "c PENDING A", "d PENDING A", "e PENDING A",
        NULL);
  look (fixture, 5, "a PENDING A", "b PENDING A", "c PENDING A", "d PENDING A", "old PENDING A",
        NULL);
  assert_told (fixture, "Messages wait for long");
  fixture->now += PAUSE;
  look (fixture, 500, "a PENDING A", NULL);
  look (fixture, 4, "a PROCESSING A", "b PROCESSING A", "c PROCESSING A", "d PROCESSING A",
        "e PROCESSING A", "old PROCESSING A", NULL);
  alerts = qk_alerts_take (fixture->alerts, fixture->now);
  g_assert_cmpuint (alerts->len, ==, 1);
  alert = alerts->pdata[0];
  g_assert_cmpstr (alert->title, ==, "Too much is being processed at once");
  g_assert_cmpstr (alert->text, ==, "Messages wait for long");
  g_assert_false (alert->critical);
}

static void
test_unwanted (Fixture *fixture, gconstpointer data)
{
  look (fixture, 0, NULL);
  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    qk_alerts_set_wanted (fixture->alerts, (QkAlertKind) i, FALSE);
  look (fixture, 1200, "a FAILED Agent-1", "b PROCESSING Agent-1", NULL);
  qk_alerts_note (fixture->alerts, QK_ALERT_DAMAGE, "Damaged", NULL);
  assert_told (fixture, "");
  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    qk_alerts_set_wanted (fixture->alerts, (QkAlertKind) i, TRUE);
  assert_told (fixture, "");
  look (fixture, 1200, "a FAILED Agent-1", "b PROCESSING Agent-1", "c FAILED Agent-1", NULL);
  assert_told (fixture, "1 new failure for Agent-1");
}

/* The name of an agent is what anybody has written; the filter needs it as it is. */
static void
test_agent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) alerts = NULL;
  const QkAlert *alert;

  look (fixture, 100, NULL);
  look (fixture, 100, "a FAILED x\\ny", "b FAILED x\\ny", NULL);
  alerts = qk_alerts_take (fixture->alerts, fixture->now);
  g_assert_cmpuint (alerts->len, ==, 1);
  alert = alerts->pdata[0];
  g_assert_cmpint (alert->kind, ==, QK_ALERT_FAILURES);
  g_assert_cmpstr (alert->agent, ==, "x\ny");
  g_assert_null (strchr (alert->title, '\n'));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/alerts/first-is-no-news", test_first_is_no_news);
  ADD ("/alerts/merged", test_merged);
  ADD ("/alerts/over", test_over);
  ADD ("/alerts/stuck", test_stuck);
  ADD ("/alerts/seen", test_seen);
  ADD ("/alerts/notes", test_notes);
  ADD ("/alerts/health", test_health);
  ADD ("/alerts/failure-rate", test_failure_rate);
  ADD ("/alerts/measures", test_measures);
  ADD ("/alerts/unwanted", test_unwanted);
  ADD ("/alerts/agent", test_agent);
  return g_test_run ();
}
