#include "qk-agents.h"

#include "qk-names.h"
#include "qk-said.h"

#include <string.h>

#define TYPE_BROADCAST "\"broadcast\""
#define MAX_AGENTS     32

/* What a queue tells of somebody. */
typedef struct {
  char *name;     /* owned */
  guint received; /* how many entries of broadcasts */
  gboolean alive; /* has sent something, or something was delivered */
} Trace;

static void
trace_free (gpointer data)
{
  Trace *trace = data;

  g_free (trace->name);
  g_free (trace);
}

/* By spelling, which is quick, and by name. */
typedef struct {
  QkNames *recipients; /* owned, to Trace */
  QkNames *senders;    /* owned, likewise */
  GHashTable *by_name; /* owned, text to Trace */
} Traces;

/* Returns NULL where there is no name. */
static Trace *
find_trace (Traces *traces, QkNames *names, const QkEntry *entry, QkField field)
{
  gpointer found;
  Trace *trace;
  g_autofree char *name = NULL;

  if (qk_names_find (names, entry, field, &found))
    return found;
  name = qk_entry_dup_field (entry, field);
  trace = name != NULL ? g_hash_table_lookup (traces->by_name, name) : NULL;
  if (trace == NULL && name != NULL && *name != '\0')
    {
      trace = g_new0 (Trace, 1);
      trace->name = g_steal_pointer (&name);
      g_hash_table_insert (traces->by_name, trace->name, trace);
    }
  qk_names_add (names, entry, field, trace);
  return trace;
}

static gboolean
is_typed (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE_TYPE, &length);

  return json != NULL && length == strlen (TYPE_BROADCAST) &&
         memcmp (json, TYPE_BROADCAST, length) == 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return qk_agent_compare (*(const char *const *) a, *(const char *const *) b);
}

/* Whose name is no agent's but known belongs to nobody who reads. */
static gboolean
is_agent (const Trace *trace)
{
  gboolean member = qk_agent_is_swarm_member (trace->name);

  if (!member && qk_agent_is_known (trace->name))
    return FALSE;
  return trace->received >= QK_AGENTS_MIN_RECEIVED || (member && trace->alive);
}

static char **
collect (GHashTable *traces)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer trace;

  g_hash_table_iter_init (&iter, traces);
  while (g_hash_table_iter_next (&iter, NULL, &trace))
    if (is_agent (trace))
      g_ptr_array_add (names, g_strdup (((Trace *) trace)->name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static void
note (Traces *traces, GHashTable *broadcasts, const QkEntry *entry)
{
  Trace *recipient = find_trace (traces, traces->recipients, entry, QK_FIELD_RECIPIENT);
  Trace *sender = find_trace (traces, traces->senders, entry, QK_FIELD_SENDER);
  guint64 said;

  if (sender != NULL)
    sender->alive = TRUE;
  if (recipient == NULL)
    return;
  if (qk_entry_get_status (entry) == QK_STATUS_DELIVERED)
    recipient->alive = TRUE;
  if (!is_typed (entry) || !qk_said_is_text (entry, QK_FIELD_CONTENT))
    return;
  recipient->received++;
  if (g_hash_table_size (broadcasts) == QK_AGENTS_MIN_BROADCASTS)
    return;
  said = qk_said_hash_field (entry, QK_FIELD_CONTENT);
  g_hash_table_add (broadcasts, g_memdup2 (&said, sizeof said));
}

/**
 * qk_agents_find:
 * @document: a version of the queue
 *
 * Reads from a queue who is in the swarm: those that got %QK_AGENTS_MIN_RECEIVED of its broadcasts,
 * and each `Agent-n` that has sent something or to whom something was delivered. A few broadcasts
 * tell nothing: whoever missed them all would not be missed.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the agents, in natural order; %NULL
 *   where there are fewer than %QK_AGENTS_MIN_BROADCASTS broadcasts, or fewer than two agents, or more
 *   than a broadcast is followed to
 */
char **
qk_agents_find (QkDocument *document)
{
  g_autoptr (GHashTable) by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, trace_free);
  g_autoptr (GHashTable) broadcasts =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (QkNames) recipients = qk_names_new (), senders = qk_names_new ();
  Traces traces = {recipients, senders, by_name};
  g_auto (GStrv) agents = NULL;
  guint n, n_agents;

  g_return_val_if_fail (document != NULL, NULL);

  n = qk_document_get_n_entries (document);
  for (guint i = 0; i < n; i++)
    note (&traces, broadcasts, qk_document_get_entry (document, i));
  if (g_hash_table_size (broadcasts) < QK_AGENTS_MIN_BROADCASTS)
    return NULL;
  agents = collect (by_name);
  n_agents = g_strv_length (agents);
  return n_agents >= 2 && n_agents <= MAX_AGENTS ? g_steal_pointer (&agents) : NULL;
}
