#include "qk-deliveries.h"
#include "qk-time.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define ZONE   "Europe/Berlin"
/* Noon of 2026-01-06 in Berlin. */
#define NOON (G_GINT64_CONSTANT (1767697200) * SECOND)

#define ROW(id, recipient, success, seconds, time)                                                 \
  "{\"queue_id\":\"" id "\",\"recipient\":\"" recipient                                            \
  "\",\"delivery_method\":\"x\",\"success\":" success ",\"delivery_time_seconds\":" seconds        \
  ",\"attempt_number\":1,\"timestamp\":"                                                           \
  "\"2026-01-06T" time "\",\"content_length\":4779,\"retry_delay\":null}"

#define TEN        ROW ("a", "Agent-10", "true", "8.5", "11:30:00")
#define TWO_3      ROW ("b", "Agent-2", "true", "3", "11:31:00")
#define TWO_FAILED ROW ("b", "Agent-2", "false", "90", "11:32:00")
#define TWO_1      ROW ("c", "Agent-2", "true", "1", "11:33:00")
#define TWO_2      ROW ("d", "Agent-2", "true", "2", "11:34:00")
#define TWO_10     ROW ("e", "Agent-2", "true", "10", "11:35:00")
#define CAPTAIN    ROW ("f", "CAPTAIN", "false", "4", "11:36:00")
#define BEFORE     ROW ("a", "Agent-1", "true", "1", "10:59:59")
#define AFTER      ROW ("a", "Agent-1", "true", "2", "11:00:00")

static QkDeliveries *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  gsize length = strlen (text);
  g_autofree char *exact = g_memdup2 (text, length);
  QkDeliveries *deliveries = qk_deliveries_parse (exact, length, &error);

  g_assert_no_error (error);
  g_assert_nonnull (deliveries);
  return deliveries;
}

static QkReport *
report_new (QkPeriod period)
{
  QkReport *report = qk_report_new ();

  report->period = period;
  report->from = NOON - 3600 * SECOND;
  report->to = NOON;
  return report;
}

static const QkAgentFigures *
get_agent (QkReport *report, guint i, const char *name)
{
  const QkAgentFigures *agent = g_ptr_array_index (report->agents, i);

  g_assert_cmpuint (i, <, report->agents->len);
  g_assert_cmpstr (agent->name, ==, name);
  return agent;
}

/* One message is delivered, and recorded as failed afterwards: each row counts. */
static void
test_agents (void)
{
  static const char text[] =
      "[" TEN "," TWO_3 "," TWO_FAILED "," TWO_1 "," TWO_2 "," TWO_10 "," CAPTAIN "]";
  g_autoptr (QkDeliveries) deliveries = parse (text);
  g_autoptr (QkReport) report = report_new (QK_PERIOD_HOUR);
  QkAgentFigures *known = g_new0 (QkAgentFigures, 1);
  const QkAgentFigures *agent;

  known->name = g_strdup ("Agent-10");
  known->by_status[QK_STATUS_PENDING] = 7;
  g_ptr_array_add (report->agents, known);
  qk_deliveries_add_to_report (deliveries, report);
  g_assert_cmpuint (report->agents->len, ==, 3);

  agent = get_agent (report, 0, "Agent-2");
  g_assert_cmpuint (agent->deliveries, ==, 4);
  g_assert_cmpuint (agent->failures, ==, 1);
  g_assert_cmpfloat (agent->average_s, ==, 4);
  g_assert_cmpfloat (agent->median_s, ==, 2.5);
  g_assert_cmpfloat (agent->p95_s, ==, 10);
  g_assert_cmpfloat (agent->worst_s, ==, 10);
  agent = get_agent (report, 1, "Agent-10");
  g_assert_true (agent == known);
  g_assert_cmpuint (agent->by_status[QK_STATUS_PENDING], ==, 7);
  g_assert_cmpuint (agent->deliveries, ==, 1);
  g_assert_cmpfloat (agent->median_s, ==, 8.5);
  agent = get_agent (report, 2, "CAPTAIN");
  g_assert_cmpuint (agent->deliveries, ==, 0);
  g_assert_cmpuint (agent->failures, ==, 1);
  g_assert_cmpfloat (agent->worst_s, ==, 0);
}

static void
test_percentile (void)
{
  g_autoptr (GString) text = g_string_new ("{\"version\":1,\"deliveries\":[");
  g_autoptr (QkDeliveries) deliveries = NULL;
  g_autoptr (QkReport) report = report_new (QK_PERIOD_ALL);
  const QkAgentFigures *agent;

  /* Each number from 1 to 100, in no order. */
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text,
                            "%s{\"recipient\":\"Agent-1\",\"success\":true,"
                            "\"delivery_time_seconds\":%u}",
                            i > 0 ? "," : "", i * 37 % 100 + 1);
  g_string_append (text, "]}");
  deliveries = parse (text->str);
  qk_deliveries_add_to_report (deliveries, report);
  agent = get_agent (report, 0, "Agent-1");
  g_assert_cmpuint (agent->deliveries, ==, 100);
  g_assert_cmpfloat (agent->average_s, ==, 50.5);
  g_assert_cmpfloat (agent->median_s, ==, 50.5);
  g_assert_cmpfloat (agent->p95_s, ==, 95);
  g_assert_cmpfloat (agent->worst_s, ==, 100);
}

static void
test_period (void)
{
  static const char text[] = "[" BEFORE "," AFTER ",{\"recipient\":\"Agent-1\",\"success\":true}]";
  g_autoptr (QkDeliveries) deliveries = parse (text);
  g_autoptr (QkReport) hour = report_new (QK_PERIOD_HOUR);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL);

  qk_deliveries_add_to_report (deliveries, hour);
  g_assert_cmpuint (get_agent (hour, 0, "Agent-1")->deliveries, ==, 1);
  g_assert_cmpfloat (get_agent (hour, 0, "Agent-1")->average_s, ==, 2);
  qk_deliveries_add_to_report (deliveries, all);
  g_assert_cmpuint (get_agent (all, 0, "Agent-1")->deliveries, ==, 3);
  /* Of those whose time is known. */
  g_assert_cmpfloat (get_agent (all, 0, "Agent-1")->average_s, ==, 1.5);
}

/* Any text is a recipient; nonsense counts as not given. */
static void
test_odd (void)
{
  static const char text[] =
      "[1,null,[],{},{\"recipient\":5,\"success\":\"true\",\"delivery_time_seconds\":-3},"
      "{\"recipient\":\"<b>\\u202e\",\"success\":true,\"delivery_time_seconds\":NaN},"
      "{\"recipient\":\"so\",\"recipient\":\"ALL\",\"success\":true,\"delivery_time_seconds\":1e300}]";
  g_autoptr (QkDeliveries) deliveries = parse (text);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL);
  const QkDelivery *rows;
  guint n;

  rows = qk_deliveries_get_rows (deliveries, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (qk_deliveries_get_skipped (deliveries), ==, 3);
  g_assert_cmpstr (rows[1].recipient, ==, "");
  g_assert_false (rows[1].success);
  qk_deliveries_add_to_report (deliveries, all);
  g_assert_cmpuint (get_agent (all, 0, "")->failures, ==, 2);
  g_assert_cmpfloat (get_agent (all, 1, "<b>\xe2\x80\xae")->worst_s, ==, 0);
  g_assert_cmpfloat (get_agent (all, 2, "ALL")->worst_s, ==, 1e6);
}

static void
test_refused (void)
{
  static const struct {
    const char *text;
    const char *problem;
  } cases[] = {
      {"", "it is empty"},
      {"[{\"recipient\":\"Agent-", "the text ends inside a string at byte 21"},
      {"\"list\"", "it is no list and no object"},
      {"{\"a\":{\"b\":[]}}", "it holds no list"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qk_deliveries_parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (error->message, ==, cases[i].problem);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", ZONE, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deliveries/agents", test_agents);
  g_test_add_func ("/deliveries/percentile", test_percentile);
  g_test_add_func ("/deliveries/period", test_period);
  g_test_add_func ("/deliveries/odd", test_odd);
  g_test_add_func ("/deliveries/refused", test_refused);
  return g_test_run ();
}
