#include "qk-error-group.h"

#include "qk-time.h"

#include <string.h>

/* A group while it is counted. */
typedef struct {
  QkErrorGroup group;
  GHashTable *agents; /* owned, nullable: a set of recipients */
} Count;

static void
count_free (gpointer data)
{
  Count *count = data;

  g_clear_pointer (&count->agents, g_hash_table_unref);
  g_free (count->group.error_class);
  g_free (count);
}

static Count *
ensure_count (GHashTable *counts, const char *error_class)
{
  Count *count = g_hash_table_lookup (counts, error_class);

  if (count != NULL)
    return count;
  count = g_new0 (Count, 1);
  count->group.error_class = g_strdup (error_class);
  count->group.oldest = QK_WALL_NONE;
  count->agents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (counts, count->group.error_class, count);
  return count;
}

static void
add_entry (GHashTable *counts, const char *error_class, const QkEntry *entry)
{
  Count *count = ensure_count (counts, error_class);
  char *agent = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  gint64 created = qk_entry_get_created (entry);

  count->group.n_entries++;
  if (created != QK_WALL_NONE &&
      (count->group.oldest == QK_WALL_NONE || created < count->group.oldest))
    count->group.oldest = created;
  g_hash_table_add (count->agents, agent != NULL ? agent : g_strdup (""));
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const QkErrorGroup *const *x = a, *const *y = b;

  if ((*x)->n_entries != (*y)->n_entries)
    return (*x)->n_entries < (*y)->n_entries ? 1 : -1;
  return strcmp ((*x)->error_class, (*y)->error_class);
}

/**
 * qk_error_groups_find:
 * @document: a version of the queue
 * @query: which messages to look at
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full) (element-type QkErrorGroup): the classes that occur, the most frequent
 *   first
 */
GPtrArray *
qk_error_groups_find (QkDocument *document, const QkQuery *query, gint64 now)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *groups = g_ptr_array_new_with_free_func (count_free);
  guint n = qk_document_get_n_entries (document);
  GHashTableIter iter;
  gpointer data;

  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *error_class = NULL;

      if (!qk_entry_has_field (entry, QK_FIELD_LAST_ERROR) || !qk_query_matches (query, entry, now))
        continue;
      error_class = qk_facet_dup_error (entry);
      if (error_class != NULL)
        add_entry (counts, error_class, entry);
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      Count *count = data;

      count->group.n_agents = g_hash_table_size (count->agents);
      g_clear_pointer (&count->agents, g_hash_table_unref);
      g_ptr_array_add (groups, count);
    }
  g_ptr_array_sort (groups, compare_groups);
  return groups;
}
