#include "qk-broadcast-list.h"

#include "qk-store-follower.h"

struct _QkBroadcastList {
  GObject parent_instance;

  QkStoreFollower *follower; /* owned: finds the broadcasts */
  GListStore *items;         /* owned */
};

G_DEFINE_FINAL_TYPE (QkBroadcastList, qk_broadcast_list, G_TYPE_OBJECT)

enum { SIGNAL_SETTLED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* By what a broadcast is known again: the id of its first message, or all of that if it has none. */
static char *
dup_key (const QkBroadcast *broadcast)
{
  char *id = qk_entry_dup_field (broadcast->first, QK_FIELD_ID);
  gsize length;
  const char *json;

  if (id != NULL)
    return id;
  json = qk_entry_get_json (broadcast->first, &length);
  return g_strndup (json, length);
}

static GHashTable *
index_items (QkBroadcastList *self)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n; i++)
    {
      QkBroadcastItem *item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      g_hash_table_insert (index, dup_key (qk_broadcast_item_get (item)), item);
    }
  return index;
}

/* A row for each broadcast: the one that it had, or a new one. */
static GPtrArray *
make_rows (QkBroadcastList *self, QkBroadcasts *broadcasts)
{
  g_autoptr (GHashTable) index = index_items (self);
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < qk_broadcasts_get_size (broadcasts); i++)
    {
      g_autofree char *key = dup_key (qk_broadcasts_get (broadcasts, i));
      gpointer old_key, item;

      if (g_hash_table_steal_extended (index, key, &old_key, &item))
        g_free (old_key);
      else
        item = qk_broadcast_item_new (broadcasts, i);
      g_ptr_array_add (rows, item);
    }
  return rows;
}

static gboolean
is_at (GListModel *model, guint position, gpointer item)
{
  g_autoptr (GObject) there = g_list_model_get_item (model, position);

  return there == item;
}

/* Puts @rows into the list; what stands at its beginning and at its end already is not touched. */
static void
splice (GListStore *items, GPtrArray *rows)
{
  GListModel *model = G_LIST_MODEL (items);
  guint n_old = g_list_model_get_n_items (model), n_new = rows->len, head = 0, tail = 0;

  while (head < MIN (n_old, n_new) && is_at (model, head, rows->pdata[head]))
    head++;
  while (tail < MIN (n_old, n_new) - head &&
         is_at (model, n_old - 1 - tail, rows->pdata[n_new - 1 - tail]))
    tail++;
  if (n_old != n_new || head + tail < n_new)
    g_list_store_splice (items, head, n_old - head - tail, rows->pdata + head, n_new - head - tail);
}

static void
show (QkBroadcastList *self, QkBroadcasts *broadcasts)
{
  g_autoptr (GPtrArray) rows = make_rows (self, broadcasts);

  splice (self->items, rows);
  for (guint i = 0; i < rows->len; i++)
    qk_broadcast_item_move (rows->pdata[i], broadcasts, i);
}

static void
found_cb (QkStoreFollower *follower, QkBroadcastList *self)
{
  QkBroadcasts *broadcasts = qk_store_follower_get_found (follower);

  g_assert (QK_IS_BROADCAST_LIST (self));

  if (broadcasts != NULL)
    show (self, broadcasts);
  else
    g_list_store_remove_all (self->items);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static gpointer
find (QkDocument *document, const char *const *agents)
{
  return qk_broadcasts_new (document, agents);
}

static void
unref_broadcasts (gpointer broadcasts)
{
  qk_broadcasts_unref (broadcasts);
}

static void
qk_broadcast_list_dispose (GObject *object)
{
  QkBroadcastList *self = QK_BROADCAST_LIST (object);

  if (self->follower != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->follower, self);
      qk_store_follower_set_watched (self->follower, FALSE);
    }
  g_clear_object (&self->follower);
  g_clear_object (&self->items);

  G_OBJECT_CLASS (qk_broadcast_list_parent_class)->dispose (object);
}

static void
qk_broadcast_list_class_init (QkBroadcastListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_broadcast_list_dispose;

  /**
   * QkBroadcastList::settled:
   *
   * The list is what the queue was when the latest search began.
   */
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_broadcast_list_init (QkBroadcastList *self)
{
  self->items = g_list_store_new (QK_TYPE_BROADCAST_ITEM);
  self->follower = qk_store_follower_new (find, unref_broadcasts, 0);
  g_signal_connect (self->follower, "found", G_CALLBACK (found_cb), self);
}

/**
 * qk_broadcast_list_new:
 *
 * Returns: (transfer full): a list without a store, which nobody watches
 */
QkBroadcastList *
qk_broadcast_list_new (void)
{
  return g_object_new (QK_TYPE_BROADCAST_LIST, NULL);
}

/**
 * qk_broadcast_list_set_store:
 * @self: a list
 * @store: (nullable): whose broadcasts to list
 *
 * Follows @store from now on.
 */
void
qk_broadcast_list_set_store (QkBroadcastList *self, QkStore *store)
{
  g_return_if_fail (QK_IS_BROADCAST_LIST (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  qk_store_follower_set_store (self->follower, store);
}

/**
 * qk_broadcast_list_set_watched:
 * @self: a list
 * @watched: whether somebody looks at it
 *
 * What nobody looks at is not searched for.
 */
void
qk_broadcast_list_set_watched (QkBroadcastList *self, gboolean watched)
{
  g_return_if_fail (QK_IS_BROADCAST_LIST (self));

  qk_store_follower_set_watched (self->follower, watched);
}

/**
 * qk_broadcast_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none): its #QkBroadcastItem, the newest first
 */
GListModel *
qk_broadcast_list_get_model (QkBroadcastList *self)
{
  g_return_val_if_fail (QK_IS_BROADCAST_LIST (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * qk_broadcast_list_get_broadcasts:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): what was found last; %NULL where nothing was yet
 */
QkBroadcasts *
qk_broadcast_list_get_broadcasts (QkBroadcastList *self)
{
  g_return_val_if_fail (QK_IS_BROADCAST_LIST (self), NULL);

  return qk_store_follower_get_found (self->follower);
}
