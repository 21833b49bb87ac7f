#include "qk-recipients.h"

#include "qk-agents.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *name;
  const char *label;
} priorities[QK_N_PRIORITIES] = {
    {"urgent", NC_ ("priority", "Urgent")},
    {"high", NC_ ("priority", "High")},
    {"regular", NC_ ("priority", "Regular")},
    {"low", NC_ ("priority", "Low")},
};

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return qk_agent_compare (*(const char *const *) a, *(const char *const *) b);
}

/* Those that stand in the queue and are not in @known, which gets them. */
static GPtrArray *
collect_others (QkDocument *document, GHashTable *known)
{
  GPtrArray *others = g_ptr_array_new ();

  for (guint i = 0; document != NULL && i < qk_document_get_n_entries (document); i++)
    {
      g_autofree char *name =
          qk_entry_dup_field (qk_document_get_entry (document, i), QK_FIELD_RECIPIENT);

      if (name == NULL || *name == '\0' || g_hash_table_contains (known, name))
        continue;
      g_hash_table_add (known, name);
      g_ptr_array_add (others, g_steal_pointer (&name));
    }
  g_ptr_array_sort (others, compare_names);
  return others;
}

/**
 * qk_recipients_new:
 * @store: a store
 *
 * Returns: (transfer full): whom its messages can be sent to
 */
QkRecipients *
qk_recipients_new (QkStore *store)
{
  QkRecipients *self = g_new (QkRecipients, 1);
  g_auto (GStrv) agents = qk_store_dup_agents (store);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) others = NULL;

  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; agents[i] != NULL; i++)
    if (g_hash_table_add (known, agents[i]))
      g_ptr_array_add (self->names, g_strdup (agents[i]));
  g_ptr_array_sort (self->names, compare_names);
  self->n_active = self->names->len;
  others = collect_others (qk_store_get_document (store), known);
  g_ptr_array_extend_and_steal (self->names, g_steal_pointer (&others));
  return self;
}

/**
 * qk_recipients_free:
 * @self: (transfer full): recipients
 *
 * Frees them.
 */
void
qk_recipients_free (QkRecipients *self)
{
  g_ptr_array_unref (self->names);
  g_free (self);
}

/**
 * qk_recipients_make_model:
 * @self: recipients
 *
 * Returns: (transfer full): what to call each of them, in the same order
 */
GListModel *
qk_recipients_make_model (const QkRecipients *self)
{
  GtkStringList *model = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->names->len; i++)
    gtk_string_list_take (model, qk_words_agent (self->names->pdata[i]));
  return G_LIST_MODEL (model);
}

/**
 * qk_recipients_find:
 * @self: recipients
 * @name: (nullable): a recipient as it stands in the queue
 *
 * Returns: which of them it is, or %GTK_INVALID_LIST_POSITION
 */
guint
qk_recipients_find (const QkRecipients *self, const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    if (g_strcmp0 (self->names->pdata[i], name) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/**
 * qk_priority_get_name:
 * @index: which priority
 *
 * Returns: (nullable): its name in the queue; %NULL where there is none with that number
 */
const char *
qk_priority_get_name (guint index)
{
  return index < QK_N_PRIORITIES ? priorities[index].name : NULL;
}

/**
 * qk_priority_get_label:
 * @index: which priority
 *
 * Returns: its name for people
 */
const char *
qk_priority_get_label (guint index)
{
  g_return_val_if_fail (index < QK_N_PRIORITIES, NULL);

  return g_dpgettext2 (NULL, "priority", priorities[index].label);
}

/**
 * qk_priority_find:
 * @name: (nullable): a name as it stands in the queue
 *
 * Returns: which priority it is, or %GTK_INVALID_LIST_POSITION
 */
guint
qk_priority_find (const char *name)
{
  for (guint i = 0; i < QK_N_PRIORITIES; i++)
    if (g_strcmp0 (priorities[i].name, name) == 0)
      return i;
  return g_strcmp0 (name, "normal") == 0 ? qk_priority_find ("regular") : GTK_INVALID_LIST_POSITION;
}
