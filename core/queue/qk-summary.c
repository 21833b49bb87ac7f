#include "qk-summary.h"

#include "qk-agents.h"
#include "qk-names.h"
#include "qk-time.h"

#include <string.h>

static void
agent_count_free (gpointer data)
{
  QkAgentCount *count = data;

  g_free (count->name);
  g_free (count);
}

static int
compare_agents (gconstpointer a, gconstpointer b)
{
  const QkAgentCount *const *count_a = a, *const *count_b = b;

  return qk_agent_compare ((*count_a)->name, (*count_b)->name);
}

/* The counts by recipient while they are made: by spelling, which is quick, and by name, since one
 * name can be spelled in several ways. */
typedef struct {
  QkNames *by_spelling; /* owned, to QkAgentCount */
  GHashTable *by_name;  /* owned, text to QkAgentCount */
} Lookup;

static QkAgentCount *
find_or_add (QkSummary *self, Lookup *lookup, const QkEntry *entry)
{
  gpointer found;
  QkAgentCount *count;
  g_autofree char *name = NULL;

  if (qk_names_find (lookup->by_spelling, entry, QK_FIELD_RECIPIENT, &found))
    return found;
  name = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  if (name == NULL)
    name = g_strdup ("");
  count = g_hash_table_lookup (lookup->by_name, name);
  if (count == NULL)
    {
      count = g_new0 (QkAgentCount, 1);
      count->name = g_steal_pointer (&name);
      g_ptr_array_add (self->agents, count);
      g_hash_table_insert (lookup->by_name, count->name, count);
    }
  qk_names_add (lookup->by_spelling, entry, QK_FIELD_RECIPIENT, count);
  return count;
}

/**
 * qk_summary_new:
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 * @stuck_after_s: after how many seconds without an update a PROCESSING entry counts as stuck
 *
 * Returns: (transfer full): the counts
 */
QkSummary *
qk_summary_new (QkDocument *document, gint64 now, guint stuck_after_s)
{
  QkSummary *self = g_new0 (QkSummary, 1);
  Lookup lookup;

  lookup.by_spelling = qk_names_new ();
  lookup.by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->total = qk_document_get_n_entries (document);
  self->oldest_pending = QK_WALL_NONE;
  self->agents = g_ptr_array_new_with_free_func (agent_count_free);
  for (guint i = 0; i < self->total; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      QkStatus status = qk_entry_get_status (entry);
      QkAgentCount *agent = find_or_add (self, &lookup, entry);
      gint64 created = qk_entry_get_created (entry);

      self->by_status[status]++;
      agent->by_status[status]++;
      agent->total++;
      if (qk_entry_is_stuck (entry, now, stuck_after_s))
        self->stuck++;
      if (qk_entry_get_hazards (entry) != 0)
        self->hazards++;
      if (status == QK_STATUS_PENDING && created != QK_WALL_NONE &&
          (self->oldest_pending == QK_WALL_NONE || created < self->oldest_pending))
        self->oldest_pending = created;
    }
  g_ptr_array_sort (self->agents, compare_agents);
  qk_names_free (lookup.by_spelling);
  g_hash_table_unref (lookup.by_name);
  return self;
}

/**
 * qk_summary_free:
 * @self: (transfer full): counts
 *
 * Frees them.
 */
void
qk_summary_free (QkSummary *self)
{
  g_ptr_array_unref (self->agents);
  g_free (self);
}

/**
 * qk_summary_find_agent:
 * @self: counts
 * @name: a recipient
 *
 * Returns: (transfer none) (nullable): its counts, %NULL where nothing is addressed to it
 */
const QkAgentCount *
qk_summary_find_agent (const QkSummary *self, const char *name)
{
  for (guint i = 0; i < self->agents->len; i++)
    {
      const QkAgentCount *count = g_ptr_array_index (self->agents, i);

      if (strcmp (count->name, name) == 0)
        return count;
    }
  return NULL;
}
