#include "qk-fuzz.h"

#include "qk-agents.h"
#include "qk-deliveries.h"
#include "qk-rows.h"
#include "qk-swarm-metrics.h"

#include <math.h>
#include <string.h>

/* The swarm's own files of figures, and the command lines of whoever holds the queue. */

const QkFuzzTarget qk_fuzz_target = {"metrics", QK_FUZZ_METRICS, 40000};

/* The time of the seeds. */
#define NOW       (G_GINT64_CONSTANT (1767697200) * G_USEC_PER_SEC)
#define MAX_DEPTH 64

static QkReport *
report_new (QkPeriod period)
{
  QkReport *report = qk_report_new ();

  report->period = period;
  report->to = NOW;
  report->bucket_width = 3600 * G_TIME_SPAN_SECOND;
  report->from = NOW - 24 * report->bucket_width;
  /* At once: memory that grows is filled anew each time under meson test. */
  g_array_set_size (report->buckets, 24);
  for (guint i = 0; i < 24; i++)
    g_array_index (report->buckets, QkBucket, i).start = report->from + i * report->bucket_width;
  return report;
}

/* Whether it is sound JSON by the second reader, and nothing after it. */
static gboolean
is_sound (const char *text, gsize size)
{
  const char *end = qk_fuzz_json_end (text, size, MAX_DEPTH);

  while (end != NULL && end < text + size && strchr (" \t\r\n", *end) != NULL && *end != '\0')
    end++;
  return end == text + size;
}

static void
check_events (const QkReport *report)
{
  QkFigures slices = {0};

  for (guint i = 0; i < report->buckets->len; i++)
    qk_figures_add (&slices, &g_array_index (report->buckets, QkBucket, i).figures);
  QK_FUZZ_CHECK (slices.saves <= report->total.saves);
  QK_FUZZ_CHECK (qk_figures_get_lock_errors (&slices) <=
                 qk_figures_get_lock_errors (&report->total));
  QK_FUZZ_CHECK (
      memcmp (&report->total, &report->by_source[QK_SOURCE_SWARM], sizeof report->total) == 0);
  QK_FUZZ_CHECK (report->events->len <= QK_REPORT_MAX_EVENTS);
  QK_FUZZ_CHECK (report->events->len <= report->n_events);
  for (guint i = 0; i < report->events->len; i++)
    {
      const QkReportEvent *event = g_ptr_array_index (report->events, i);
      const QkReportEvent *before = g_ptr_array_index (report->events, i > 0 ? i - 1 : 0);
      g_autofree char *line = qk_lock_event_describe (event->event);

      QK_FUZZ_CHECK (before->event->time >= event->event->time);
      QK_FUZZ_CHECK (event->event->delay >= 0);
      QK_FUZZ_CHECK (g_utf8_validate (line, -1, NULL));
    }
}

static void
check_metrics (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QkSwarmMetrics) metrics = qk_swarm_metrics_parse (text, size, &error);
  g_autoptr (QkReport) all = NULL, day = NULL;
  double rate;

  QK_FUZZ_CHECK ((metrics != NULL) == (error == NULL));
  if (metrics == NULL)
    return;
  all = report_new (QK_PERIOD_ALL);
  day = report_new (QK_PERIOD_DAY);
  QK_FUZZ_CHECK (is_sound (text, size));
  qk_swarm_metrics_add_to_report (metrics, all);
  qk_swarm_metrics_add_to_report (metrics, day);
  check_events (all);
  check_events (day);
  QK_FUZZ_CHECK (day->total.saves <= all->total.saves);
  QK_FUZZ_CHECK (qk_figures_get_lock_errors (&day->total) <=
                 qk_figures_get_lock_errors (&all->total));
  QK_FUZZ_CHECK (all->total.waited >= 0 && all->total.worst_wait >= 0);
  QK_FUZZ_CHECK (!qk_figures_get_success_rate (&all->total, &rate) || (rate >= 0 && rate <= 1));
}

static void
check_agent (const QkAgentFigures *agent)
{
  QK_FUZZ_CHECK (g_utf8_validate (agent->name, -1, NULL));
  QK_FUZZ_CHECK (isfinite (agent->average_s) && agent->average_s >= 0);
  QK_FUZZ_CHECK (agent->median_s <= agent->p95_s && agent->p95_s <= agent->worst_s);
  QK_FUZZ_CHECK (agent->average_s <= agent->worst_s * (1 + 1e-9));
}

static void
check_deliveries (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDeliveries) deliveries = qk_deliveries_parse (text, size, &error);
  g_autoptr (QkReport) all = report_new (QK_PERIOD_ALL);
  guint64 n_counted = 0;
  guint n;

  QK_FUZZ_CHECK ((deliveries != NULL) == (error == NULL));
  if (deliveries == NULL)
    return;
  QK_FUZZ_CHECK (is_sound (text, size));
  qk_deliveries_add_to_report (deliveries, all);
  for (guint i = 0; i < all->agents->len; i++)
    {
      const QkAgentFigures *agent = g_ptr_array_index (all->agents, i);
      const QkAgentFigures *before = g_ptr_array_index (all->agents, i > 0 ? i - 1 : 0);

      check_agent (agent);
      QK_FUZZ_CHECK (i == 0 || qk_agent_compare (before->name, agent->name) <= 0);
      n_counted += agent->deliveries + agent->failures;
    }
  (void) qk_deliveries_get_rows (deliveries, &n);
  QK_FUZZ_CHECK (n_counted == n);
}

static void
check_command (const char *text, gsize size)
{
  g_autoptr (QkHolder) holder = qk_holder_new (QK_HOLDER_FOUND);
  g_autofree char *label = NULL, *line = NULL;

  holder->pid = 1;
  holder->name = g_strdup ("python3");
  qk_holder_take_command (holder, text, size);
  QK_FUZZ_CHECK (holder->command == NULL ||
                 (g_utf8_validate (holder->command, -1, NULL) && strlen (holder->command) < 520));
  label = qk_holder_dup_label (holder);
  line = qk_holder_describe (holder);
  QK_FUZZ_CHECK (g_utf8_validate (label, -1, NULL) && strchr (label, '\n') == NULL);
  QK_FUZZ_CHECK (g_utf8_validate (line, -1, NULL) && strchr (line, '\n') == NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_memdup2 (data, size);

  check_metrics (text != NULL ? text : "", size);
  check_deliveries (text != NULL ? text : "", size);
  check_command (text, size);
  return 0;
}
