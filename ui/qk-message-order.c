#include "qk-message-order.h"

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  return qk_message_index_compare (data, *(const guint *) a, *(const guint *) b);
}

static gboolean
is_kept (guint id, gconstpointer data)
{
  const QkMessageIndex *index = data;

  return !(id & QK_MESSAGE_ORDER_GRAVE) && (index->items[id].flags & QK_ITEM_KEPT);
}

/* What stays in the list and in order, taken from the old order. Entries that did not change
 * compare as before; only those that are equal but for their place in the queue may not, where that
 * was shuffled. */
static GArray *
collect_kept (QkMessageIndex *index, const GArray *old_order)
{
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (guint), old_order->len);

  for (guint i = 0; i < old_order->len; i++)
    {
      guint id = g_array_index (old_order, guint, i);

      if ((id & QK_MESSAGE_ORDER_GRAVE) ||
          (index->items[id].flags & (QK_ITEM_MOVED | QK_ITEM_MATCHES)) != QK_ITEM_MATCHES)
        continue;
      if (index->shuffled && kept->len > 0 &&
          qk_message_index_compare (index, g_array_index (kept, guint, kept->len - 1), id) > 0)
        continue;
      index->items[id].flags |= QK_ITEM_KEPT;
      g_array_append_val (kept, id);
    }
  return kept;
}

static GArray *
collect_others (QkMessageIndex *index)
{
  GArray *others = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < index->n_items; i++)
    {
      guint8 flags = index->items[i].flags;

      index->items[i].flags &= (guint8) ~QK_ITEM_LISTED;
      if ((flags & (QK_ITEM_KEPT | QK_ITEM_MATCHES)) == QK_ITEM_MATCHES)
        g_array_append_val (others, i);
    }
  g_array_sort_with_data (others, compare_items, index);
  return others;
}

/* How many of @kept, from @low on, come before @id. */
static guint
find_place (QkMessageIndex *index, const GArray *kept, guint low, guint id)
{
  for (guint high = kept->len; low < high;)
    {
      guint middle = low + (high - low) / 2;

      if (qk_message_index_compare (index, g_array_index (kept, guint, middle), id) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static GArray *
merge (QkMessageIndex *index, const GArray *kept, const GArray *others)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), kept->len + others->len);
  guint done = 0;

  for (guint i = 0; i < others->len; i++)
    {
      guint id = g_array_index (others, guint, i), place = find_place (index, kept, done, id);

      g_array_append_vals (order, &g_array_index (kept, guint, done), place - done);
      g_array_append_val (order, id);
      done = place;
    }
  g_array_append_vals (order, &g_array_index (kept, guint, done), kept->len - done);
  return order;
}

/**
 * qk_message_order_new: (skip)
 * @index: an index
 * @old_order: (element-type guint): the order so far
 *
 * Items of @old_order that did not move are taken over as they are; only the others are sorted. Of
 * the index, the items are marked that are listed now, and that were kept.
 *
 * Returns: (transfer full) (element-type guint): the items to be shown, in order
 */
GArray *
qk_message_order_new (QkMessageIndex *index, const GArray *old_order)
{
  g_autoptr (GArray) kept = collect_kept (index, old_order);
  g_autoptr (GArray) others = collect_others (index);
  GArray *order = merge (index, kept, others);

  for (guint i = 0; i < order->len; i++)
    index->items[g_array_index (order, guint, i)].flags |= QK_ITEM_LISTED;
  return order;
}

/**
 * qk_message_order_translate: (skip)
 * @order: (element-type guint): an order of the version before
 * @index: the index that was made from the one of that version
 *
 * Returns: (transfer full) (element-type guint): @order in terms of @index; what is not in that is
 *   a grave
 */
GArray *
qk_message_order_translate (const GArray *order, const QkMessageIndex *index)
{
  GArray *translated = g_array_sized_new (FALSE, FALSE, sizeof (guint), order->len);

  for (guint i = 0; i < order->len; i++)
    {
      guint id = g_array_index (order, guint, i), place = index->places[id];

      if (place == QK_ITEM_GONE)
        place = id | QK_MESSAGE_ORDER_GRAVE;
      g_array_append_val (translated, place);
    }
  return translated;
}

/**
 * qk_message_order_bury: (skip)
 * @order: (element-type guint): an order
 *
 * Turns all of it into graves.
 */
void
qk_message_order_bury (GArray *order)
{
  for (guint i = 0; i < order->len; i++)
    g_array_index (order, guint, i) |= QK_MESSAGE_ORDER_GRAVE;
}

/**
 * qk_message_order_find_edits: (skip)
 * @index: the index of @order, as qk_message_order_new() left it
 * @old_order: (element-type guint): the order before
 * @order: (element-type guint): the order now
 *
 * Returns: (transfer full) (element-type QkListEdit): what changed, from front to back
 */
GArray *
qk_message_order_find_edits (const QkMessageIndex *index,
                             const GArray *old_order,
                             const GArray *order)
{
  return qk_list_edits_new (old_order, order, is_kept, index);
}
