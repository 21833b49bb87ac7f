#include "qk-deliveries.h"

#include "qk-agents.h"
#include "qk-report-fill.h"
#include "qk-rows.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkDeliveries {
  GArray *rows;        /* owned, of QkDelivery */
  GStringChunk *texts; /* owned: the recipients */
  guint64 skipped;
  gatomicrefcount refs;
};

static void
read_row (QkDeliveries *self, const char *object)
{
  QkDelivery row = {.recipient = "", .time = QK_WALL_NONE, .seconds = -1};
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    if (qk_member_is (&member, "recipient"))
      {
        g_autofree char *text = qk_member_dup_text (&member);

        row.recipient = g_string_chunk_insert_const (self->texts, text);
      }
    else if (qk_member_is (&member, "timestamp"))
      row.time = qk_member_get_time (&member);
    else if (qk_member_is (&member, "success"))
      row.success = *member.value == 't';
    else if (qk_member_is (&member, "delivery_time_seconds"))
      {
        gint64 usec = qk_member_get_seconds (&member);

        row.seconds = usec >= 0 ? (double) usec / G_USEC_PER_SEC : -1;
      }
  g_array_append_val (self->rows, row);
}

static void
read_rows (QkDeliveries *self, const char *list)
{
  QkRows rows;
  const char *row;

  self->skipped = qk_rows_init (&rows, list);
  while ((row = qk_rows_next (&rows)) != NULL)
    if (*row == '{')
      read_row (self, row);
    else
      self->skipped++;
}

/* The list itself, or the first one that the object holds. */
static const char *
find_list (const char *root)
{
  QkMembers members;
  QkMember member;

  if (*root == '[')
    return root;
  qk_members_init (&members, root);
  while (qk_members_next (&members, &member))
    if (*member.value == '[')
      return member.value;
  return NULL;
}

/**
 * qk_deliveries_parse:
 * @data: the contents of `metrics.json`
 * @size: their length
 * @error: return location for an error
 *
 * Reads the swarm's record of its deliveries. Rows that are no objects, and more than %QK_ROWS_MAX, are
 * skipped and counted.
 *
 * Returns: (transfer full) (nullable): the record; %NULL with %G_IO_ERROR_INVALID_DATA where the text is
 *   damaged, too large, nested too deep, or holds no list
 */
QkDeliveries *
qk_deliveries_parse (const char *data, gsize size, GError **error)
{
  QkDeliveries *self;
  const char *root = qk_rows_check (data, size, error), *list;

  if (root == NULL)
    return NULL;
  list = find_list (root);
  if (list == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("it holds no list"));
      return NULL;
    }
  self = g_new0 (QkDeliveries, 1);
  g_atomic_ref_count_init (&self->refs);
  self->rows = g_array_new (FALSE, FALSE, sizeof (QkDelivery));
  self->texts = g_string_chunk_new (256);
  read_rows (self, list);
  return self;
}

/**
 * qk_deliveries_ref:
 * @self: a record of deliveries
 *
 * Returns: (transfer full): @self
 */
QkDeliveries *
qk_deliveries_ref (QkDeliveries *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_deliveries_unref:
 * @self: (transfer full): a record of deliveries
 *
 * Releases it.
 */
void
qk_deliveries_unref (QkDeliveries *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->rows);
  g_string_chunk_free (self->texts);
  g_free (self);
}

/**
 * qk_deliveries_get_rows:
 * @self: a record of deliveries
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the attempts, as they stand in the file
 */
const QkDelivery *
qk_deliveries_get_rows (const QkDeliveries *self, guint *n)
{
  g_return_val_if_fail (self != NULL && n != NULL, NULL);

  *n = self->rows->len;
  return (const QkDelivery *) (void *) self->rows->data;
}

/**
 * qk_deliveries_get_skipped:
 * @self: a record of deliveries
 *
 * Returns: how many rows were not looked at
 */
guint64
qk_deliveries_get_skipped (const QkDeliveries *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->skipped;
}

static gboolean
is_within (const QkReport *report, gint64 time)
{
  return report->period == QK_PERIOD_ALL || (time >= report->from && time <= report->to);
}

/* First by recipient, then what failed, then the shortest. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const QkDelivery *x = a, *y = b;
  int order = strcmp (x->recipient, y->recipient);

  if (order != 0)
    return order;
  if (x->success != y->success)
    return x->success ? 1 : -1;
  return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

/* A table of the report's agents by their names, both of which the report owns. */
static GHashTable *
index_agents (QkReport *report)
{
  GHashTable *agents = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < report->agents->len; i++)
    {
      QkAgentFigures *agent = g_ptr_array_index (report->agents, i);

      g_hash_table_insert (agents, agent->name, agent);
    }
  return agents;
}

static QkAgentFigures *
ensure_agent (QkReport *report, GHashTable *agents, const char *name)
{
  QkAgentFigures *agent = g_hash_table_lookup (agents, name);

  if (agent != NULL)
    return agent;
  agent = g_new0 (QkAgentFigures, 1);
  agent->name = g_strdup (name);
  g_ptr_array_add (report->agents, agent);
  return agent;
}

static int
compare_agents (gconstpointer a, gconstpointer b)
{
  const QkAgentFigures *x = *(const QkAgentFigures *const *) a;
  const QkAgentFigures *y = *(const QkAgentFigures *const *) b;

  return qk_agent_compare (x->name, y->name);
}

/* Of times in ascending order: that one which @percent of 100 do not exceed. */
static double
get_percentile (const QkDelivery *timed, guint n, guint percent)
{
  return timed[(n * percent + 99) / 100 - 1].seconds;
}

static void
fill_times (QkAgentFigures *agent, const QkDelivery *timed, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += timed[i].seconds;
  agent->average_s = sum / n;
  agent->median_s = (timed[(n - 1) / 2].seconds + timed[n / 2].seconds) / 2;
  agent->p95_s = get_percentile (timed, n, 95);
  agent->worst_s = timed[n - 1].seconds;
}

/* @rows are those of one recipient. */
static void
fill_agent (QkAgentFigures *agent, const QkDelivery *rows, guint n)
{
  guint failed = 0, untimed = 0;

  while (failed < n && !rows[failed].success)
    failed++;
  while (failed + untimed < n && rows[failed + untimed].seconds < 0)
    untimed++;
  agent->failures = failed;
  agent->deliveries = n - failed;
  if (failed + untimed < n)
    fill_times (agent, rows + failed + untimed, n - failed - untimed);
}

/**
 * qk_deliveries_add_to_report:
 * @self: a record of deliveries
 * @report: a report of a span of time, which its maker still fills: its period, its beginning and end
 *   stand already
 *
 * Fills in what the agents of the report were delivered within its time, and adds those that are not
 * among them. The times are those of deliveries, not of attempts that failed. Once for a report.
 */
void
qk_deliveries_add_to_report (const QkDeliveries *self, QkReport *report)
{
  g_autoptr (GHashTable) agents = NULL;
  g_autoptr (GArray) sorted = NULL;
  const QkDelivery *rows;

  g_return_if_fail (self != NULL && report != NULL);

  agents = index_agents (report);
  sorted = g_array_new (FALSE, FALSE, sizeof (QkDelivery));
  for (guint i = 0; i < self->rows->len; i++)
    {
      const QkDelivery *row = &g_array_index (self->rows, QkDelivery, i);

      if (is_within (report, row->time))
        g_array_append_vals (sorted, row, 1);
    }
  g_array_sort (sorted, compare_rows);
  rows = (const QkDelivery *) (void *) sorted->data;
  for (guint start = 0, end; start < sorted->len; start = end)
    {
      for (end = start + 1; end < sorted->len; end++)
        if (strcmp (rows[end].recipient, rows[start].recipient) != 0)
          break;
      fill_agent (ensure_agent (report, agents, rows[start].recipient), rows + start, end - start);
    }
  g_ptr_array_sort (report->agents, compare_agents);
  qk_report_add_skipped (report, "metrics.json", self->skipped);
}
