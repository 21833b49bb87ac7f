#include "qk-message-tally.h"

#include "qk-agents.h"
#include "qk-change.h"
#include "qk-words.h"

#define MAX_NAMES 4

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return qk_agent_compare (*(const char *const *) a, *(const char *const *) b);
}

/**
 * qk_message_tally_new: (skip)
 * @messages: (element-type QkMessage): some messages
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what they consist of
 */
QkMessageTally *
qk_message_tally_new (GPtrArray *messages, gint64 now)
{
  QkMessageTally *self = g_new0 (QkMessageTally, 1);
  g_autoptr (GHashTable) agents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer name;

  self->n_messages = messages->len;
  for (guint i = 0; i < messages->len; i++)
    {
      const QkEntry *entry = qk_message_get_entry (messages->pdata[i]);
      char *recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);

      if (qk_entry_is_stuck (entry, now, QK_STUCK_WARNING_S))
        self->stuck++;
      else
        self->by_status[qk_entry_get_status (entry)]++;
      if (qk_entry_get_hazards (entry) != 0)
        self->hazards++;
      g_hash_table_add (agents, recipient != NULL ? recipient : g_strdup (""));
    }

  self->agents = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, agents);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (self->agents, name);
    }
  g_ptr_array_sort (self->agents, compare_names);
  return self;
}

/**
 * qk_message_tally_free: (skip)
 * @self: (transfer full): a tally
 *
 * Frees it.
 */
void
qk_message_tally_free (QkMessageTally *self)
{
  g_ptr_array_unref (self->agents);
  g_free (self);
}

/* "a", "a and b", "a, b and c" */
static char *
join (const GPtrArray *parts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 == parts->len ? " and " : ", ");
      g_string_append (text, parts->pdata[i]);
    }
  return g_string_free (text, FALSE);
}

/**
 * qk_message_tally_describe_statuses:
 * @self: a tally
 *
 * Returns: (transfer full): `8 pending, 3 failed and 1 stuck`
 */
char *
qk_message_tally_describe_statuses (const QkMessageTally *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (self->by_status[i] > 0)
      {
        g_autofree char *label = g_ascii_strdown (qk_status_get_label ((QkStatus) i), -1);

        g_ptr_array_add (parts, g_strdup_printf ("%u %s", self->by_status[i], label));
      }
  if (self->stuck > 0)
    g_ptr_array_add (parts, g_strdup_printf ("%u stuck", self->stuck));
  return join (parts);
}

/**
 * qk_message_tally_describe_agents:
 * @self: a tally
 *
 * Returns: (transfer full): `Agent-1, Agent-3 and 2 others`, safe to be shown
 */
char *
qk_message_tally_describe_agents (const QkMessageTally *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  guint n_named = self->agents->len > MAX_NAMES ? MAX_NAMES - 1 : self->agents->len;

  for (guint i = 0; i < n_named; i++)
    g_ptr_array_add (parts, qk_words_agent (self->agents->pdata[i]));
  if (n_named < self->agents->len)
    g_ptr_array_add (parts, g_strdup_printf ("%u others", self->agents->len - n_named));
  return join (parts);
}
