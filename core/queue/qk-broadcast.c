#include "qk-broadcast-private.h"

#include "qk-entry-private.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Each name once, in the order in which they are given. */
static void
take_agents (QkBroadcasts *self, const char *const *agents)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  self->agents = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; agents[i] != NULL && self->agents->len < QK_BROADCAST_MAX_AGENTS; i++)
    if (g_hash_table_add (seen, (gpointer) agents[i]))
      g_ptr_array_add (self->agents, g_strdup (agents[i]));
  self->n_agents = self->agents->len;
  g_ptr_array_add (self->agents, NULL);
}

static void
count (QkBroadcasts *self, QkBroadcast *broadcast, QkBroadcastCell *cells)
{
  g_autofree char *sender = qk_entry_dup_field (broadcast->first, QK_FIELD_SENDER);

  broadcast->cells = cells;
  for (guint i = 0; i < self->n_agents; i++)
    {
      if (cells[i].entry == NULL)
        cells[i].reach =
            g_strcmp0 (self->agents->pdata[i], sender) == 0 ? QK_REACH_SENDER : QK_REACH_MISSING;
      broadcast->n_expected += cells[i].reach != QK_REACH_SENDER;
      broadcast->n_delivered += cells[i].reach == QK_REACH_DELIVERED;
      broadcast->n_missed += qk_reach_is_missed (cells[i].reach);
    }
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const QkBroadcast *x = a, *y = b;

  if (x->time != y->time)
    return x->time > y->time ? -1 : 1;
  return (x->first < y->first) - (x->first > y->first);
}

/**
 * qk_broadcasts_new:
 * @document: a version of the queue
 * @agents: (array zero-terminated=1): the agents that a broadcast is for
 *
 * Finds the broadcasts. Takes a while in a large queue: not for the main loop.
 *
 * Returns: (transfer full): the broadcasts, the newest first
 */
QkBroadcasts *
qk_broadcasts_new (QkDocument *document, const char *const *agents)
{
  QkBroadcasts *self;

  g_return_val_if_fail (document != NULL && agents != NULL, NULL);

  self = g_new0 (QkBroadcasts, 1);
  g_atomic_ref_count_init (&self->refs);
  self->document = qk_document_ref (document);
  self->list = g_array_new (FALSE, FALSE, sizeof (QkBroadcast));
  self->cells = g_array_new (FALSE, TRUE, sizeof (QkBroadcastCell));
  take_agents (self, agents);
  qk_broadcasts_find (self);
  for (guint i = 0; i < self->list->len; i++)
    count (self, &g_array_index (self->list, QkBroadcast, i),
           &g_array_index (self->cells, QkBroadcastCell, i * self->n_agents));
  g_array_sort (self->list, compare_age);
  return self;
}

/**
 * qk_broadcasts_ref:
 * @self: broadcasts
 *
 * Returns: (transfer full): @self
 */
QkBroadcasts *
qk_broadcasts_ref (QkBroadcasts *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_broadcasts_unref:
 * @self: (transfer full): broadcasts
 *
 * Gives up a reference.
 */
void
qk_broadcasts_unref (QkBroadcasts *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->list);
  g_array_unref (self->cells);
  g_ptr_array_unref (self->agents);
  qk_document_unref (self->document);
  g_free (self);
}

/**
 * qk_broadcasts_get_agents:
 * @self: broadcasts
 *
 * Returns: (transfer none) (array zero-terminated=1): the agents, in the order of the cells
 */
const char *const *
qk_broadcasts_get_agents (const QkBroadcasts *self)
{
  return (const char *const *) self->agents->pdata;
}

/**
 * qk_broadcasts_get_n_agents:
 * @self: broadcasts
 *
 * Returns: how many agents there are, and cells in each broadcast
 */
guint
qk_broadcasts_get_n_agents (const QkBroadcasts *self)
{
  return self->n_agents;
}

/**
 * qk_broadcasts_get_size:
 * @self: broadcasts
 *
 * Returns: how many there are
 */
guint
qk_broadcasts_get_size (const QkBroadcasts *self)
{
  return self->list->len;
}

/**
 * qk_broadcasts_get:
 * @self: broadcasts
 * @index: which, 0 for the newest
 *
 * Returns: (transfer none): a broadcast
 */
const QkBroadcast *
qk_broadcasts_get (const QkBroadcasts *self, guint index)
{
  g_return_val_if_fail (index < self->list->len, NULL);

  return &g_array_index (self->list, QkBroadcast, index);
}

/**
 * qk_reach_is_missed:
 * @reach: how far a broadcast got
 *
 * Returns: whether it will not get to that agent unless it is sent again
 */
gboolean
qk_reach_is_missed (QkReach reach)
{
  return reach == QK_REACH_MISSING || reach == QK_REACH_FAILED;
}

/* Whether a text holds U+0000, of which only the picture would be sent. */
static gboolean
has_nul (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length), *end = json + length;

  for (const char *p = json; (p = memchr (p, '\\', (gsize) (end - p))) != NULL; p += 2)
    if (end - p > 6 && memcmp (p + 1, "u0000", 5) == 0)
      return TRUE;
  return FALSE;
}

/**
 * qk_broadcast_get_obstacle:
 * @broadcast: a broadcast
 *
 * Returns: (nullable): why it cannot be sent again as it was, in words that go after "skipped:";
 *   %NULL where it can
 */
const char *
qk_broadcast_get_obstacle (const QkBroadcast *broadcast)
{
  const QkEntry *first = broadcast->first;

  if (qk_entry_get_hazards (first) & QK_HAZARD_SURROGATE)
    return _ ("it holds half of a surrogate pair: the processor would trip over it; fix it first");
  if (has_nul (first, QK_FIELD_SENDER) || has_nul (first, QK_FIELD_CONTENT))
    return _ ("its text holds a NUL, which cannot be sent again: send it anew without");
  return NULL;
}

/* The texts of an array, as tags are; of anything else none. */
static char **
dup_tags (const QkEntry *entry)
{
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_TAGS, &length);
  JsonArray *array = NULL;

  if (json != NULL && *json == '[' &&
      json_parser_load_from_data (parser, json, (gssize) length, NULL))
    array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (tags, json_node_get_string (element));
    }
  return g_strv_builder_end (tags);
}

/* Its name if that is a known one, else the one whose score comes next to its own. */
static char *
dup_priority (const QkEntry *entry)
{
  static const char *const names[] = {"urgent", "high", "regular", "low"};
  char *name = qk_entry_dup_field (entry, QK_FIELD_PRIORITY);
  double score, own = qk_entry_get_priority (entry), best = G_MAXDOUBLE;
  const char *nearest = NULL;

  if (name != NULL && qk_priority_parse (name, &score))
    return name;
  g_free (name);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (qk_priority_parse (names[i], &score) && ABS (score - own) < best)
      {
        best = ABS (score - own);
        nearest = names[i];
      }
  return g_strdup (nearest);
}

static void
add_changes (GPtrArray *changes,
             const QkBroadcasts *self,
             const QkBroadcast *broadcast,
             const char *const *agents)
{
  const QkEntry *first = broadcast->first;
  g_autofree char *sender = qk_entry_dup_field (first, QK_FIELD_SENDER);
  g_autofree char *content = qk_entry_dup_field (first, QK_FIELD_CONTENT);
  g_autofree char *type = qk_entry_dup_field (first, QK_FIELD_MESSAGE_TYPE);
  g_autofree char *priority = dup_priority (first);
  g_autofree char *id = qk_entry_dup_field (first, QK_FIELD_ID);
  g_auto (GStrv) tags = dup_tags (first);
  QkDraft draft = {sender, NULL, content, priority, type, (const char *const *) tags, id};

  for (guint i = 0; i < self->n_agents; i++)
    {
      const QkBroadcastCell *cell = &broadcast->cells[i];

      draft.recipient = self->agents->pdata[i];
      if (agents != NULL && !g_strv_contains (agents, draft.recipient))
        continue;
      if (cell->reach == QK_REACH_MISSING)
        g_ptr_array_add (changes, qk_change_new_send (&draft));
      else if (cell->reach == QK_REACH_FAILED)
        g_ptr_array_add (changes, qk_change_new_resend (cell->entry, QK_STUCK_WARNING_S));
    }
}

/**
 * qk_broadcasts_dup_resend:
 * @self: broadcasts
 * @index: which
 * @agents: (nullable) (array zero-terminated=1): no others than these; %NULL for all
 *
 * What failed is resent; who has no entry gets a new message with the same sender, content, type,
 * priority and tags, which tells where it comes from. Nobody gets what is pending, being delivered or
 * delivered there.
 *
 * Returns: (transfer full) (element-type QkChange): one change for each agent that missed it; none
 *   where there is an obstacle
 */
GPtrArray *
qk_broadcasts_dup_resend (const QkBroadcasts *self, guint index, const char *const *agents)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  const QkBroadcast *broadcast;

  g_return_val_if_fail (index < self->list->len, changes);

  broadcast = qk_broadcasts_get (self, index);
  if (qk_broadcast_get_obstacle (broadcast) == NULL)
    add_changes (changes, self, broadcast, agents);
  return changes;
}
