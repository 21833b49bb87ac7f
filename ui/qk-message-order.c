#include "qk-message-order.h"

static gboolean
is_kept (guint id, gconstpointer data)
{
  const QkMessageIndex *index = data;

  return !(id & QK_MESSAGE_ORDER_GRAVE) && (index->items[id].flags & QK_ITEM_KEPT);
}

/**
 * qk_message_order_new: (skip)
 * @index: an index
 *
 * Takes from the sequence of @index what its filter lets through, and marks that as listed. What is not
 * listed is not selected either.
 *
 * Returns: (transfer full) (element-type guint): the items to be shown, in order
 */
GArray *
qk_message_order_new (QkMessageIndex *index)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), index->sequence->len);

  for (guint i = 0; i < index->n_items; i++)
    index->items[i].flags &= (guint16) ~QK_ITEM_LISTED;
  for (guint i = 0; i < index->sequence->len; i++)
    {
      guint id = g_array_index (index->sequence, guint, i);

      if (!(index->items[id].flags & QK_ITEM_MATCHES))
        continue;
      index->items[id].flags |= QK_ITEM_LISTED;
      g_array_append_val (order, id);
    }
  index->n_selected = 0;
  for (guint i = 0; i < index->n_items; i++)
    if (!(index->items[i].flags & QK_ITEM_LISTED))
      index->items[i].flags &= (guint16) ~QK_ITEM_SELECTED;
    else if (index->items[i].flags & QK_ITEM_SELECTED)
      index->n_selected++;
  return order;
}

/**
 * qk_message_order_translate: (skip)
 * @order: (element-type guint): items of the version before
 * @index: the index that was made from the one of that version
 * @graves: (element-type QkMessageGrave): where to add those that are not in @index
 * @document: that version
 *
 * Turns @order into items of @index and graves.
 */
void
qk_message_order_translate (GArray *order,
                            const QkMessageIndex *index,
                            GArray *graves,
                            QkDocument *document)
{
  for (guint i = 0; i < order->len; i++)
    {
      guint *id = &g_array_index (order, guint, i);

      if (*id & QK_MESSAGE_ORDER_GRAVE)
        continue;
      if (index->places[*id] == QK_ITEM_GONE)
        {
          QkMessageGrave grave = {qk_document_ref (document), *id, NULL};

          *id = graves->len | QK_MESSAGE_ORDER_GRAVE;
          g_array_append_val (graves, grave);
        }
      else
        *id = index->places[*id];
    }
}

/**
 * qk_message_grave_clear: (skip)
 * @grave: a grave
 *
 * Lets go of what is in it.
 */
void
qk_message_grave_clear (gpointer data)
{
  QkMessageGrave *grave = data;

  g_clear_pointer (&grave->document, qk_document_unref);
  g_clear_object (&grave->row);
}

/* Marks what stays among its neighbours. What is on the stage while it changes may stand there twice:
 * only one of them is kept, and @before then does not name the others. */
static void
mark_kept (QkMessageIndex *index, GArray *before, const GArray *order, gboolean changing)
{
  g_autofree guint *ranks = g_new0 (guint, index->n_items + 1);
  guint last = 0;

  for (guint i = 0; i < order->len; i++)
    ranks[g_array_index (order, guint, i)] = i + 1;
  for (guint i = 0; i < before->len; i++)
    {
      guint *id = &g_array_index (before, guint, i);

      if (*id & QK_MESSAGE_ORDER_GRAVE)
        continue;
      if (ranks[*id] > last && !(index->items[*id].flags & QK_ITEM_DISPLACED))
        {
          index->items[*id].flags |= QK_ITEM_KEPT;
          last = ranks[*id];
        }
      else if (changing)
        *id = G_MAXUINT;
    }
}

/**
 * qk_message_order_find_edits: (skip)
 * @index: the index of @order, as qk_message_order_new() left it
 * @before: (element-type guint): what is shown
 * @order: (element-type guint): what is to be shown
 * @changing: whether @before is half of one order and half of another
 *
 * Returns: (transfer full) (element-type QkListEdit): what changed, from front to back
 */
GArray *
qk_message_order_find_edits (QkMessageIndex *index,
                             const GArray *before,
                             const GArray *order,
                             gboolean changing)
{
  g_autoptr (GArray) copy = g_array_copy ((GArray *) before);

  mark_kept (index, copy, order, changing);
  return qk_list_edits_new (copy, order, is_kept, index);
}
