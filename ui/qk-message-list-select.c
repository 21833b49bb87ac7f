#include "qk-message-list-private.h"

/* The item at @position, or %QK_ITEM_GONE where there is nothing or a grave. */
static guint
get_item (QkMessageList *self, guint position)
{
  const GArray *items = qk_list_stage_get_items (self->stage);
  guint item = position < items->len ? g_array_index (items, guint, position) : QK_ITEM_GONE;

  return item & QK_MESSAGE_ORDER_GRAVE ? QK_ITEM_GONE : item;
}

/**
 * qk_message_list_get_selected:
 * @self: a list
 * @position: a position
 *
 * Returns: whether the message there is selected
 */
gboolean
qk_message_list_get_selected (QkMessageList *self, guint position)
{
  guint item;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  item = get_item (self, position);
  return item != QK_ITEM_GONE && (self->index->items[item].flags & QK_ITEM_SELECTED);
}

/**
 * qk_message_list_set_selected:
 * @self: a list
 * @position: a position
 * @selected: whether to select the message there
 *
 * Selects it or not. It stays so wherever it moves, until it is not in the list any more.
 *
 * Returns: whether that is another state than before
 */
gboolean
qk_message_list_set_selected (QkMessageList *self, guint position, gboolean selected)
{
  QkItem *item;
  guint i;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  i = get_item (self, position);
  if (i == QK_ITEM_GONE)
    return FALSE;
  item = &self->index->items[i];
  /* What is about to leave is not selected. */
  if (!(item->flags & QK_ITEM_LISTED) || selected == !!(item->flags & QK_ITEM_SELECTED))
    return FALSE;
  item->flags ^= QK_ITEM_SELECTED;
  if (selected)
    self->index->n_selected++;
  else
    self->index->n_selected--;
  return TRUE;
}

/**
 * qk_message_list_select_all:
 * @self: a list
 * @selected: whether to select or to unselect
 *
 * Selects all messages that are listed, or none.
 */
void
qk_message_list_select_all (QkMessageList *self, gboolean selected)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (self->index == NULL)
    return;
  for (guint i = 0; i < self->order->len; i++)
    {
      guint16 *flags = &self->index->items[g_array_index (self->order, guint, i)].flags;

      if (selected)
        *flags |= QK_ITEM_SELECTED;
      else
        *flags &= (guint16) ~QK_ITEM_SELECTED;
    }
  self->index->n_selected = selected ? self->order->len : 0;
}

/**
 * qk_message_list_get_n_selected:
 * @self: a list
 *
 * Returns: how many messages of it are selected
 */
guint
qk_message_list_get_n_selected (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), 0);

  return self->index != NULL ? self->index->n_selected : 0;
}

/**
 * qk_message_list_dup_selected:
 * @self: a list
 * @document: (out) (optional) (nullable) (transfer full): the version of the queue
 *
 * Returns: (transfer full) (element-type guint): the entries of that version that are selected, as
 *   they follow one another in the queue
 */
GArray *
qk_message_list_dup_selected (QkMessageList *self, QkDocument **document)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint));

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), items);

  if (document != NULL)
    *document = self->index != NULL ? qk_document_ref (self->index->document) : NULL;
  for (guint i = 0; self->index != NULL && i < self->index->n_items; i++)
    if (self->index->items[i].flags & QK_ITEM_SELECTED)
      g_array_append_val (items, i);
  return items;
}
