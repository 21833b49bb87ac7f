#include "qk-message-list-private.h"
#include "qk-message-sequence.h"
#include "qk-time.h"

/* The rows that are gone stay with those who show them. */
static void
keep_graves (QkMessageList *self, QkMessageIndex *old_index)
{
  for (guint i = 0; i < self->graves->len; i++)
    {
      QkMessageGrave *grave = &g_array_index (self->graves, QkMessageGrave, i);

      if (grave->document == old_index->document && grave->row == NULL)
        grave->row = g_steal_pointer (&old_index->items[grave->index].row);
    }
}

static void
empty_stage (QkMessageList *self)
{
  GArray *items = qk_list_stage_get_items (self->stage);
  guint n_items = items->len;

  g_clear_handle_id (&self->step_id, g_source_remove);
  qk_list_stage_drop (self->stage);
  g_array_set_size (self->order, 0);
  g_array_set_size (items, 0);
  g_array_set_size (self->graves, 0);
  if (n_items > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_items, 0);
}

static void
show_document (QkMessageList *self, QkDocument *document, QkDiff *diff)
{
  g_autoptr (QkMessageIndex) old_index = g_steal_pointer (&self->index);

  if (old_index != NULL && diff != NULL)
    {
      self->index = qk_message_index_new_from (document, old_index, diff, qk_wall_now ());
      if (self->search != NULL)
        qk_message_search_follow (self->search, self->index);
      if (self->sort != NULL)
        qk_message_sort_follow (self->sort, self->index);
      qk_message_order_translate (qk_list_stage_get_items (self->stage), self->index, self->graves,
                                  old_index->document);
      keep_graves (self, old_index);
    }
  else
    {
      qk_message_list_drop_search (self);
      qk_message_list_drop_sort (self);
      self->index = qk_message_index_new (document, &self->filter, qk_wall_now ());
      qk_message_sequence_set_key (self->index, self->key, self->descending);
      empty_stage (self);
    }
  (void) qk_message_list_search_renewed (self, qk_wall_now ());
  qk_message_list_reorder (self);
}

static void
clear (QkMessageList *self)
{
  self->asked = TRUE;
  qk_message_list_drop_search (self);
  qk_message_list_drop_sort (self);
  empty_stage (self);
  g_clear_pointer (&self->index, qk_message_index_free);
  g_signal_emit_by_name (self, "settled");
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkMessageList *self)
{
  QkDocument *document = qk_store_get_document (store);

  g_assert (QK_IS_MESSAGE_LIST (self));

  if (document != NULL)
    show_document (self, document, diff);
  else
    clear (self);
}

/**
 * qk_message_list_set_store:
 * @self: a list
 * @store: (nullable): the store to follow
 *
 * Shows the messages of @store from now on.
 */
void
qk_message_list_set_store (QkMessageList *self, QkStore *store)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  if (self->store == store)
    return;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  clear (self);
  if (store == NULL)
    return;
  g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
  if (qk_store_get_document (store) != NULL)
    show_document (self, qk_store_get_document (store), NULL);
}
