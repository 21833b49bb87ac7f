#include "qk-swarm.h"

#include "qk-agents.h"
#include "qk-change.h"
#include "qk-names.h"
#include "qk-swarm-private.h"
#include "qk-time.h"

#include <stdlib.h>

#define PACE_SPAN      G_TIME_SPAN_HOUR
#define MIN_PACE       10
#define MAX_UNEVENNESS 3
#define MAX_FORECAST   (7 * G_TIME_SPAN_DAY)

static void
agent_free (gpointer data)
{
  QkSwarmAgent *agent = data;

  g_free (agent->name);
  g_free (agent->guess);
  g_free (agent);
}

/* While it is made: by spelling, which is quick, and by name. */
typedef struct {
  QkSwarm *swarm;        /* not owned */
  QkNames *recipients;   /* owned, to QkSwarmAgent */
  QkNames *senders;      /* owned, to QkSwarmAgent, or NULL for who is no agent */
  GHashTable *by_name;   /* owned, text to QkSwarmAgent */
  guint by_half_hour[2]; /* how many were created in each of the last two */
} Count;

static QkSwarmAgent *
add_agent (Count *count, const char *name, gboolean is_member)
{
  QkSwarmAgent *agent = g_hash_table_lookup (count->by_name, name);

  if (agent != NULL)
    return agent;
  agent = g_new0 (QkSwarmAgent, 1);
  agent->name = g_strdup (name);
  agent->is_member = is_member;
  agent->oldest_pending = agent->last_delivered = agent->last_sent = QK_WALL_NONE;
  g_ptr_array_add (count->swarm->agents, agent);
  g_hash_table_insert (count->by_name, agent->name, agent);
  return agent;
}

static QkSwarmAgent *
find_recipient (Count *count, const QkEntry *entry)
{
  gpointer found;
  g_autofree char *name = NULL;

  if (qk_names_find (count->recipients, entry, QK_FIELD_RECIPIENT, &found))
    return found;
  name = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  found = add_agent (count, name != NULL ? name : "", FALSE);
  qk_names_add (count->recipients, entry, QK_FIELD_RECIPIENT, found);
  return found;
}

/* Of those that only send, agents alone are of interest. */
static QkSwarmAgent *
find_sender (Count *count, const QkEntry *entry)
{
  gpointer found = NULL;
  QkSwarmAgent *agent;
  g_autofree char *name = NULL;

  if (qk_names_find (count->senders, entry, QK_FIELD_SENDER, &found))
    return found;
  name = qk_entry_dup_field (entry, QK_FIELD_SENDER);
  agent = name != NULL ? g_hash_table_lookup (count->by_name, name) : NULL;
  if (agent != NULL && !agent->is_member)
    agent = NULL;
  qk_names_add (count->senders, entry, QK_FIELD_SENDER, agent);
  return agent;
}

static void
count_pending (QkSwarmAgent *agent, gint64 created, gint64 now)
{
  agent->pending[qk_age_get_number (created, now)]++;
  agent->n_pending++;
  if (created != QK_WALL_NONE &&
      (agent->oldest_pending == QK_WALL_NONE || created < agent->oldest_pending))
    agent->oldest_pending = created;
}

static void
count_status (QkSwarmAgent *agent, const QkEntry *entry, gint64 now)
{
  switch (qk_entry_get_status (entry))
    {
    case QK_STATUS_PENDING:
      count_pending (agent, qk_entry_get_created (entry), now);
      break;
    case QK_STATUS_PROCESSING:
      agent->n_processing++;
      agent->n_stuck += (guint) qk_entry_is_stuck (entry, now, QK_STUCK_WARNING_S);
      break;
    case QK_STATUS_FAILED:
    case QK_STATUS_EXPIRED:
      agent->n_failed++;
      break;
    case QK_STATUS_DELIVERED:
      agent->n_delivered++;
      agent->last_delivered = MAX (agent->last_delivered, qk_entry_get_updated (entry));
      break;
    case QK_STATUS_UNKNOWN:
    default:
      break;
    }
}

static void
count_entry (Count *count, const QkEntry *entry)
{
  QkSwarmAgent *recipient = find_recipient (count, entry), *sender = find_sender (count, entry);
  gint64 created = qk_entry_get_created (entry), now = count->swarm->now;

  recipient->total++;
  count_status (recipient, entry, now);
  if (sender != NULL)
    sender->last_sent = MAX (sender->last_sent, created);
  if (created != QK_WALL_NONE && created <= now && now - created < PACE_SPAN)
    count->by_half_hour[(now - created) / (PACE_SPAN / 2)]++;
}

/* Delivered messages stay in the queue, so it grows by what comes. A burst is no pace. */
static gint64
forecast (const QkSwarm *self, const guint by_half_hour[2])
{
  guint lesser = MIN (by_half_hour[0], by_half_hour[1]);
  guint greater = MAX (by_half_hour[0], by_half_hour[1]);
  gint64 full_in;

  if (self->total >= QK_SWARM_LIMIT)
    return 0;
  if (self->last_hour < MIN_PACE || greater > MAX_UNEVENNESS * lesser)
    return -1;
  full_in = (QK_SWARM_LIMIT - self->total) * PACE_SPAN / self->last_hour;
  return full_in <= MAX_FORECAST ? full_in : -1;
}

static int
compare_agents (gconstpointer a, gconstpointer b)
{
  const QkSwarmAgent *x = *(const QkSwarmAgent *const *) a;
  const QkSwarmAgent *y = *(const QkSwarmAgent *const *) b;

  return qk_agent_compare (x->name, y->name);
}

/* Other recipients come after the agents, which stay as they were given. */
static void
finish_agents (QkSwarm *self, const char *const *agents)
{
  guint n_others = self->agents->len - self->n_members;

  if (n_others > 0)
    qsort (self->agents->pdata + self->n_members, n_others, sizeof (gpointer), compare_agents);
  for (guint i = self->n_members; i < self->agents->len; i++)
    {
      QkSwarmAgent *agent = self->agents->pdata[i];

      agent->is_unknown =
          qk_agent_is_swarm_member (agent->name) || !qk_agent_is_known (agent->name);
      if (agent->is_unknown)
        agent->guess = g_strdup (qk_agents_guess (agents, agent->name));
    }
}

/**
 * qk_swarm_new:
 * @document: a version of the queue
 * @agents: (array zero-terminated=1): the agents of the swarm
 * @now: the present, in wall microseconds
 *
 * Takes time that grows with the size of the queue: belongs in a worker thread.
 *
 * Returns: (transfer full): what the queue tells of the swarm
 */
QkSwarm *
qk_swarm_new (QkDocument *document, const char *const *agents, gint64 now)
{
  QkSwarm *self;
  Count count = {NULL};

  g_return_val_if_fail (document != NULL, NULL);
  g_return_val_if_fail (agents != NULL, NULL);

  self = g_new0 (QkSwarm, 1);
  self->document = qk_document_ref (document);
  self->now = now;
  self->agents = g_ptr_array_new_with_free_func (agent_free);
  self->total = qk_document_get_n_entries (document);
  count.swarm = self;
  count.recipients = qk_names_new ();
  count.senders = qk_names_new ();
  count.by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; agents[i] != NULL; i++)
    add_agent (&count, agents[i], TRUE);
  self->n_members = self->agents->len;
  for (guint i = 0; i < self->total; i++)
    count_entry (&count, qk_document_get_entry (document, i));
  self->last_hour = count.by_half_hour[0] + count.by_half_hour[1];
  self->full_in = forecast (self, count.by_half_hour);
  finish_agents (self, agents);
  self->repeats = qk_swarm_find_repeats (document);
  qk_names_free (count.recipients);
  qk_names_free (count.senders);
  g_hash_table_unref (count.by_name);
  return self;
}

/**
 * qk_swarm_free:
 * @self: (transfer full): what a queue tells of the swarm
 *
 * Frees it.
 */
void
qk_swarm_free (QkSwarm *self)
{
  g_ptr_array_unref (self->agents);
  g_ptr_array_unref (self->repeats);
  qk_document_unref (self->document);
  g_free (self);
}

/**
 * qk_swarm_agent_get_last_sign:
 * @agent: somebody
 *
 * Returns: when it last sent something, or something was last delivered to it, in wall microseconds;
 *   %QK_WALL_NONE where it never did
 */
gint64
qk_swarm_agent_get_last_sign (const QkSwarmAgent *agent)
{
  return MAX (agent->last_delivered, agent->last_sent);
}

/**
 * qk_swarm_agent_is_silent:
 * @agent: somebody
 * @now: the present, in wall microseconds
 *
 * Returns: whether it is an agent of which there was no sign for %QK_SWARM_SILENT_S, or never
 */
gboolean
qk_swarm_agent_is_silent (const QkSwarmAgent *agent, gint64 now)
{
  gint64 last = qk_swarm_agent_get_last_sign (agent);

  return agent->is_member &&
         (last == QK_WALL_NONE || now - last > QK_SWARM_SILENT_S * G_TIME_SPAN_SECOND);
}
