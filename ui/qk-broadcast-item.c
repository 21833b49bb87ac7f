#include "qk-broadcast-item.h"

struct _QkBroadcastItem {
  GObject parent_instance;

  QkBroadcasts *broadcasts; /* owned */
  guint index;
};

G_DEFINE_FINAL_TYPE (QkBroadcastItem, qk_broadcast_item, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
qk_broadcast_item_finalize (GObject *object)
{
  qk_broadcasts_unref (QK_BROADCAST_ITEM (object)->broadcasts);

  G_OBJECT_CLASS (qk_broadcast_item_parent_class)->finalize (object);
}

static void
qk_broadcast_item_class_init (QkBroadcastItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_broadcast_item_finalize;

  /**
   * QkBroadcastItem::changed:
   *
   * The broadcast reads differently now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_broadcast_item_init (QkBroadcastItem *self)
{
}

/**
 * qk_broadcast_item_new:
 * @broadcasts: some broadcasts
 * @index: one of them
 *
 * Returns: (transfer full): a row for that broadcast
 */
QkBroadcastItem *
qk_broadcast_item_new (QkBroadcasts *broadcasts, guint index)
{
  QkBroadcastItem *self = g_object_new (QK_TYPE_BROADCAST_ITEM, NULL);

  self->broadcasts = qk_broadcasts_ref (broadcasts);
  self->index = index;
  return self;
}

/**
 * qk_broadcast_item_get:
 * @self: a row
 *
 * Returns: (transfer none): the broadcast as it was last seen
 */
const QkBroadcast *
qk_broadcast_item_get (QkBroadcastItem *self)
{
  g_return_val_if_fail (QK_IS_BROADCAST_ITEM (self), NULL);

  return qk_broadcasts_get (self->broadcasts, self->index);
}

/**
 * qk_broadcast_item_get_cell:
 * @self: a row
 * @agent: the number of an agent
 *
 * Returns: (transfer none) (nullable): how far it got with that agent; %NULL where it was last seen
 *   with fewer agents
 */
const QkBroadcastCell *
qk_broadcast_item_get_cell (QkBroadcastItem *self, guint agent)
{
  g_return_val_if_fail (QK_IS_BROADCAST_ITEM (self), NULL);

  if (agent >= qk_broadcasts_get_n_agents (self->broadcasts))
    return NULL;
  return &qk_broadcast_item_get (self)->cells[agent];
}

/**
 * qk_broadcast_item_get_broadcasts:
 * @self: a row
 *
 * Returns: (transfer none): the broadcasts of which it is one
 */
QkBroadcasts *
qk_broadcast_item_get_broadcasts (QkBroadcastItem *self)
{
  g_return_val_if_fail (QK_IS_BROADCAST_ITEM (self), NULL);

  return self->broadcasts;
}

/**
 * qk_broadcast_item_get_index:
 * @self: a row
 *
 * Returns: which of them it is
 */
guint
qk_broadcast_item_get_index (QkBroadcastItem *self)
{
  g_return_val_if_fail (QK_IS_BROADCAST_ITEM (self), 0);

  return self->index;
}

/* Whether an entry reads as it did: every writer tells when it has updated one. */
static gboolean
is_same_entry (const QkEntry *a, const QkEntry *b)
{
  gsize length_a, length_b;

  if (a == NULL || b == NULL)
    return a == b;
  qk_entry_get_json (a, &length_a);
  qk_entry_get_json (b, &length_b);
  return length_a == length_b && qk_entry_get_updated (a) == qk_entry_get_updated (b) &&
         qk_entry_same_id (a, b);
}

static gboolean
is_same (QkBroadcasts *a, guint index_a, QkBroadcasts *b, guint index_b)
{
  const QkBroadcast *x = qk_broadcasts_get (a, index_a), *y = qk_broadcasts_get (b, index_b);
  guint n = qk_broadcasts_get_n_agents (a);

  if (n != qk_broadcasts_get_n_agents (b) || x->n_expected != y->n_expected ||
      !is_same_entry (x->first, y->first))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (x->cells[i].reach != y->cells[i].reach ||
        !is_same_entry (x->cells[i].entry, y->cells[i].entry))
      return FALSE;
  return TRUE;
}

/**
 * qk_broadcast_item_move:
 * @self: a row
 * @broadcasts: newer broadcasts
 * @index: which of them is that of @self
 *
 * Lets the row stand for the broadcast as it is there.
 */
void
qk_broadcast_item_move (QkBroadcastItem *self, QkBroadcasts *broadcasts, guint index)
{
  QkBroadcasts *old = self->broadcasts;
  gboolean same;

  g_return_if_fail (QK_IS_BROADCAST_ITEM (self));

  same = is_same (old, self->index, broadcasts, index);
  self->broadcasts = qk_broadcasts_ref (broadcasts);
  self->index = index;
  qk_broadcasts_unref (old);
  if (!same)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
