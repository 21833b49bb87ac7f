#include "qk-message-list-private.h"
#include "qk-message-sequence.h"

static gboolean
step_cb (gpointer user_data)
{
  QkMessageList *self = user_data;

  if (qk_list_stage_step (self->stage))
    return G_SOURCE_CONTINUE;
  self->step_id = 0;
  g_array_set_size (self->graves, 0);
  g_signal_emit_by_name (self, "settled");
  return G_SOURCE_REMOVE;
}

/* What GTK has to do for the rows of a step it does in the next frame, so there is one step for each. */
#define STEP_MS 17

/* With so many entries the first step is not made in the same turn as the order. */
#define STEP_AT_ONCE 20000

static void
make_steps (QkMessageList *self)
{
  if (step_cb (self))
    self->step_id = g_timeout_add_full (QK_PRIORITY_STEP, STEP_MS, step_cb, self, NULL);
}

static gboolean
begin_cb (gpointer user_data)
{
  QkMessageList *self = user_data;

  self->step_id = 0;
  make_steps (self);
  return G_SOURCE_REMOVE;
}

static void
change_stage (QkMessageList *self, GArray *edits)
{
  g_clear_handle_id (&self->step_id, g_source_remove);
  qk_list_stage_change (self->stage, self->order, edits);
  if (qk_list_stage_is_paced (self->stage) && self->index->n_items > STEP_AT_ONCE)
    self->step_id = g_idle_add_full (QK_PRIORITY_STEP, begin_cb, self, NULL);
  else
    make_steps (self);
}

/* Clears @marks, and lets the rows that read differently tell it. */
static void
settle_rows (QkMessageList *self, guint16 marks)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->index->n_items; i++)
    {
      QkItem *item = &self->index->items[i];

      if ((item->flags & QK_ITEM_CHANGED) && item->row != NULL)
        g_ptr_array_add (changed, g_object_ref (item->row));
      item->flags &= (guint16) ~marks;
    }
  for (guint i = 0; i < changed->len; i++)
    qk_message_emit_changed (changed->pdata[i]);
}

static void start_sort (QkMessageList *self);

/* Where many have moved they are put in order beside the main loop; until that is done they are shown
 * where they were, and new ones not at all. While it runs, more waits for its end. */
static void
place (QkMessageList *self)
{
  guint n_moved;

  if (self->sort != NULL)
    return;
  n_moved = qk_message_sequence_count_moved (self->index);
  if (n_moved > QK_SORT_AT_ONCE)
    start_sort (self);
  else if (n_moved > 0)
    qk_message_sequence_place (self->index);
}

/* Counts what would come, go or move. What is shown keeps its place, and is as it is now; what is gone
 * cannot be selected any more. */
static void
hold (QkMessageList *self)
{
  const GArray *items = qk_list_stage_get_items (self->stage);
  guint n_selected = 0;

  self->n_held = 0;
  g_array_set_size (self->order, 0);
  for (guint i = 0; i < items->len; i++)
    {
      guint item = g_array_index (items, guint, i);

      if (item & QK_MESSAGE_ORDER_GRAVE)
        self->n_held++;
      else
        g_array_append_val (self->order, item);
    }
  for (guint i = 0; i < self->index->n_items; i++)
    {
      guint flags = self->index->items[i].flags;

      if (!(flags & QK_ITEM_MATCHES) != !(flags & QK_ITEM_LISTED) ||
          (flags & (QK_ITEM_LISTED | QK_ITEM_DISPLACED)) == (QK_ITEM_LISTED | QK_ITEM_DISPLACED))
        self->n_held++;
      n_selected += (flags & QK_ITEM_SELECTED) != 0;
    }
  self->index->n_selected = n_selected;
  settle_rows (self, QK_ITEM_CHANGED);
  g_signal_emit_by_name (self, "settled");
}

/* Puts the list in order again. */
void
qk_message_list_reorder (QkMessageList *self)
{
  g_autoptr (GArray) edits = NULL;

  if (self->index == NULL)
    return;
  place (self);
  if (self->held && !self->asked && !qk_list_stage_is_changing (self->stage))
    {
      hold (self);
      return;
    }
  self->n_held = 0;
  self->answered = self->asked;
  self->asked = self->asked && (self->search != NULL || self->sort != NULL);
  g_array_unref (self->order);
  self->order = qk_message_order_new (self->index);
  edits = qk_message_order_find_edits (self->index, qk_list_stage_get_items (self->stage),
                                       self->order, qk_list_stage_is_changing (self->stage));
  settle_rows (self, QK_ITEM_CHANGED | QK_ITEM_KEPT | QK_ITEM_DISPLACED);
  change_stage (self, edits);
}

static void
sorted_cb (gpointer data)
{
  QkMessageList *self = data;
  g_autoptr (QkMessageSort) sort = g_steal_pointer (&self->sort);

  qk_message_sort_apply (sort, self->index);
  qk_message_list_reorder (self);
  qk_message_list_notify_searching (self);
}

static void
start_sort (QkMessageList *self)
{
  self->sort = qk_message_sort_new (self->index, sorted_cb, self);
  qk_message_list_notify_searching (self);
}

void
qk_message_list_drop_sort (QkMessageList *self)
{
  if (self->sort == NULL)
    return;
  g_clear_pointer (&self->sort, qk_message_sort_drop);
  qk_message_list_notify_searching (self);
}

/**
 * qk_message_list_set_sort:
 * @self: a list
 * @key: by what to order
 * @descending: whether to turn that order round
 *
 * Orders the list.
 */
void
qk_message_list_set_sort (QkMessageList *self, QkSortKey key, gboolean descending)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (self->key == key && self->descending == descending)
    return;
  self->key = key;
  self->descending = descending;
  if (self->index == NULL)
    return;
  self->asked = TRUE;
  qk_message_list_drop_sort (self);
  qk_message_sequence_set_key (self->index, key, descending);
  qk_message_list_reorder (self);
}

/**
 * qk_message_list_set_held:
 * @self: a list
 * @held: whether to hold it
 *
 * Holds the list still: what others do changes what rows say, but none comes, goes or moves. Another
 * filter or order, which the operator asks for, is shown all the same. When it is let go, all that was
 * held back is made up for.
 */
void
qk_message_list_set_held (QkMessageList *self, gboolean held)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (self->held == held)
    return;
  self->held = held;
  g_object_notify (G_OBJECT (self), "held");
  if (!held)
    qk_message_list_reorder (self);
}

/**
 * qk_message_list_get_held:
 * @self: a list
 * @n_changes: (out) (optional): how many rows would have come, gone or moved since
 *
 * Returns: whether it is held still
 */
gboolean
qk_message_list_get_held (QkMessageList *self, guint *n_changes)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  if (n_changes != NULL)
    *n_changes = self->n_held;
  return self->held;
}
