#include "qk-message-list.h"

#include "qk-message-order.h"
#include "qk-message-search.h"
#include "qk-time.h"

/* So few bytes are looked at at once. */
#define SEARCH_AT_ONCE (128 * 1024)

struct _QkMessageList {
  GObject parent_instance;

  QkStore *store;        /* owned, nullable */
  QkMessageIndex *index; /* owned, nullable: nothing was loaded yet */
  GArray *order;         /* owned: guint, which entries are shown, in order */
  QkMessageFilter filter;
  QkMessageSearch *search; /* owned, nullable: what runs */
  gint64 aged;             /* until when ages were looked at, in wall microseconds */
  QkSortKey key;
  gboolean descending;

  /* While ::items-changed is emitted range by range: the first @split_new positions are of @order
   * already, those after it are still of @old_order from @split_old on. */
  GArray *old_order;         /* nullable, borrowed */
  QkMessageIndex *old_index; /* nullable, borrowed */
  guint split_new;
  guint split_old;
};

enum { PROP_0, PROP_SEARCHING, N_PROPS };

static GParamSpec *properties[N_PROPS];

enum { SIGNAL_SETTLED, N_SIGNALS };

static guint signals[N_SIGNALS];

static GType
qk_message_list_get_item_type (GListModel *model)
{
  return QK_TYPE_MESSAGE;
}

static guint
qk_message_list_get_n_items (GListModel *model)
{
  QkMessageList *self = QK_MESSAGE_LIST (model);

  if (self->old_order != NULL)
    return self->split_new + self->old_order->len - self->split_old;
  return self->order->len;
}

static QkMessageIndex *
resolve (QkMessageList *self, guint position, guint *item)
{
  if (position >= qk_message_list_get_n_items (G_LIST_MODEL (self)))
    return NULL;
  if (self->old_order == NULL || position < self->split_new)
    *item = g_array_index (self->order, guint, position);
  else
    *item = g_array_index (self->old_order, guint, position - self->split_new + self->split_old);
  if (*item & QK_MESSAGE_ORDER_GRAVE)
    {
      *item &= ~QK_MESSAGE_ORDER_GRAVE;
      return self->old_index;
    }
  return self->index;
}

static gpointer
qk_message_list_get_item (GListModel *model, guint position)
{
  guint item;
  QkMessageIndex *index = resolve (QK_MESSAGE_LIST (model), position, &item);

  return index != NULL ? g_object_ref (qk_message_index_get_row (index, item)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = qk_message_list_get_item_type;
  iface->get_n_items = qk_message_list_get_n_items;
  iface->get_item = qk_message_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (QkMessageList,
                               qk_message_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
emit_edits (QkMessageList *self, GArray *old_order, QkMessageIndex *old_index, const GArray *edits)
{
  self->old_order = old_order;
  self->old_index = old_index;
  self->split_new = self->split_old = 0;
  for (guint i = 0; i < edits->len; i++)
    {
      const QkListEdit *edit = &g_array_index (edits, QkListEdit, i);

      self->split_new = edit->new_end;
      self->split_old = edit->old_end;
      g_list_model_items_changed (G_LIST_MODEL (self), edit->new_start,
                                  edit->old_end - edit->old_start, edit->new_end - edit->new_start);
    }
  self->old_order = NULL;
  self->old_index = NULL;
}

/* Clears the marks, and lets the rows that read differently tell it. */
static void
settle (QkMessageList *self)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->index->n_items; i++)
    {
      QkItem *item = &self->index->items[i];

      if ((item->flags & QK_ITEM_CHANGED) && item->row != NULL)
        g_ptr_array_add (changed, g_object_ref (item->row));
      item->flags &=
          QK_ITEM_STUCK | QK_ITEM_LISTED | QK_ITEM_MATCHES | QK_ITEM_FOUND | QK_ITEM_RENEWED;
    }
  for (guint i = 0; i < changed->len; i++)
    qk_message_emit_changed (changed->pdata[i]);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

/* Puts the list in order again. @old_order is what it was, in terms of the index that it has now;
 * @old_index is where graves lie. */
static void
reorder (QkMessageList *self, GArray *old_order, QkMessageIndex *old_index)
{
  GArray *order = qk_message_order_new (self->index, old_order);
  g_autoptr (GArray) edits = qk_message_order_find_edits (self->index, old_order, order);

  g_assert (self->old_order == NULL);
  g_array_unref (self->order);
  self->order = order;
  emit_edits (self, old_order, old_index, edits);
  settle (self);
}

static void
reorder_in_place (QkMessageList *self)
{
  g_autoptr (GArray) old_order = NULL;

  if (self->index == NULL)
    return;
  old_order = g_array_ref (self->order);
  reorder (self, old_order, NULL);
}

static void
filter_changed (QkMessageList *self)
{
  if (self->index != NULL)
    qk_message_index_update_filter (self->index);
  reorder_in_place (self);
}

static void
drop_search (QkMessageList *self)
{
  if (self->search == NULL)
    return;
  g_clear_pointer (&self->search, qk_message_search_drop);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void start_search (QkMessageList *self, GArray *items, gint64 now);

/* Looks at what must be looked at anew: at once where that is little, else beside the main loop. While
 * that runs, more waits for its end. Returns whether anything was looked at. */
static gboolean
search_renewed (QkMessageList *self, gint64 now)
{
  g_autoptr (GArray) items = NULL;
  gsize n_bytes;

  if (self->index == NULL || self->filter.find == NULL || self->search != NULL)
    return FALSE;
  items = qk_message_index_find_renewed (self->index, &n_bytes);
  if (n_bytes > SEARCH_AT_ONCE)
    start_search (self, items, now);
  else
    for (guint i = 0; i < items->len; i++)
      {
        guint item = g_array_index (items, guint, i);
        const QkEntry *entry = qk_document_get_entry (self->index->document, item);

        qk_message_index_set_found (self->index, item,
                                    qk_filter_matches (self->filter.find, entry, now));
      }
  return n_bytes <= SEARCH_AT_ONCE && items->len > 0;
}

static void
searched_cb (gpointer data)
{
  QkMessageList *self = data;
  g_autoptr (QkMessageSearch) search = g_steal_pointer (&self->search);

  qk_message_search_apply (search, self->index);
  (void) search_renewed (self, qk_wall_now ());
  reorder_in_place (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
start_search (QkMessageList *self, GArray *items, gint64 now)
{
  self->search = qk_message_search_new (self->index, items, now, searched_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
show_document (QkMessageList *self, QkDocument *document, QkDiff *diff)
{
  g_autoptr (QkMessageIndex) old_index = g_steal_pointer (&self->index);
  g_autoptr (GArray) old_order = NULL;

  if (old_index != NULL && diff != NULL)
    {
      self->index = qk_message_index_new_from (document, old_index, diff, qk_wall_now ());
      if (self->search != NULL)
        qk_message_search_follow (self->search, self->index);
      old_order = qk_message_order_translate (self->order, self->index);
    }
  else
    {
      drop_search (self);
      self->index = qk_message_index_new (document, &self->filter, qk_wall_now ());
      qk_message_index_set_sort (self->index, self->key, self->descending);
      old_order = g_array_ref (self->order);
      qk_message_order_bury (old_order);
    }
  (void) search_renewed (self, qk_wall_now ());
  reorder (self, old_order, old_index);
}

static void
clear (QkMessageList *self)
{
  guint n_items = self->order->len;

  drop_search (self);
  g_clear_pointer (&self->index, qk_message_index_free);
  g_array_set_size (self->order, 0);
  if (n_items > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_items, 0);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
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

static void
qk_message_list_dispose (GObject *object)
{
  QkMessageList *self = QK_MESSAGE_LIST (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->search, qk_message_search_drop);

  G_OBJECT_CLASS (qk_message_list_parent_class)->dispose (object);
}

static void
qk_message_list_finalize (GObject *object)
{
  QkMessageList *self = QK_MESSAGE_LIST (object);

  g_clear_pointer (&self->index, qk_message_index_free);
  g_array_unref (self->order);
  g_free (self->filter.agent);
  g_clear_pointer (&self->filter.find, qk_filter_unref);

  G_OBJECT_CLASS (qk_message_list_parent_class)->finalize (object);
}

static void
qk_message_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SEARCHING:
      g_value_set_boolean (value, QK_MESSAGE_LIST (object)->search != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_message_list_class_init (QkMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = qk_message_list_dispose;
  object_class->finalize = qk_message_list_finalize;
  object_class->get_property = qk_message_list_get_property;

  /**
   * QkMessageList:searching:
   *
   * Whether it is not known yet which messages are to be shown.
   */
  properties[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * QkMessageList::settled:
   *
   * Rows came, went, moved or changed, and all is in place again.
   */
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_message_list_init (QkMessageList *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * qk_message_list_new:
 *
 * Returns: (transfer full): an empty list that shows every message, in the order of attention
 */
QkMessageList *
qk_message_list_new (void)
{
  return g_object_new (QK_TYPE_MESSAGE_LIST, NULL);
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

/**
 * qk_message_list_set_agent:
 * @self: a list
 * @agent: (nullable): a recipient as it stands in the queue, "" for none; %NULL for all
 *
 * Shows only the messages for @agent.
 */
void
qk_message_list_set_agent (QkMessageList *self, const char *agent)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (g_strcmp0 (self->filter.agent, agent) == 0)
    return;
  g_free (self->filter.agent);
  self->filter.agent = g_strdup (agent);
  filter_changed (self);
}

/**
 * qk_message_list_set_focus:
 * @self: a list
 * @focus: a group of messages
 *
 * Shows only that group.
 */
void
qk_message_list_set_focus (QkMessageList *self, QkFocus focus)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (self->filter.focus == focus)
    return;
  self->filter.focus = focus;
  filter_changed (self);
}

/**
 * qk_message_list_set_hide_delivered:
 * @self: a list
 * @hide_delivered: whether to leave out what is delivered
 *
 * Shows delivered messages or leaves them out.
 */
void
qk_message_list_set_hide_delivered (QkMessageList *self, gboolean hide_delivered)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (self->filter.hide_delivered == hide_delivered)
    return;
  self->filter.hide_delivered = hide_delivered;
  filter_changed (self);
}

/**
 * qk_message_list_set_find:
 * @self: a list
 * @find: (nullable): what to look for; %NULL for nothing
 *
 * Shows only what @find lets pass, besides the rest of the filter. A search that still runs is
 * dropped.
 */
void
qk_message_list_set_find (QkMessageList *self, QkFilter *find)
{
  gboolean found_all;

  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  if (find != NULL && qk_filter_is_empty (find))
    find = NULL;
  if (find == self->filter.find ||
      (find != NULL && self->filter.find != NULL && qk_filter_equal (find, self->filter.find)))
    return;
  drop_search (self);
  found_all = self->filter.find == NULL;
  g_clear_pointer (&self->filter.find, qk_filter_unref);
  self->filter.find = find != NULL ? qk_filter_ref (find) : NULL;
  self->aged = qk_wall_now ();
  if (self->index != NULL && find != NULL)
    qk_message_index_renew (self->index, found_all);
  if (find == NULL || search_renewed (self, self->aged))
    filter_changed (self);
}

/**
 * qk_message_list_get_searching:
 * @self: a list
 *
 * Returns: whether it is not known yet which messages are to be shown
 */
gboolean
qk_message_list_get_searching (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  return self->search != NULL;
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
  qk_message_index_set_sort (self->index, key, descending);
  for (guint i = 0; i < self->index->n_items; i++)
    self->index->items[i].flags |= QK_ITEM_MOVED;
  reorder_in_place (self);
}

static gboolean
update_ages (QkMessageList *self, gint64 now)
{
  if (self->filter.find == NULL || *qk_filter_get_values (self->filter.find, QK_FACET_AGE) == NULL)
    return FALSE;
  qk_message_index_age (self->index, self->aged, now);
  self->aged = now;
  return search_renewed (self, now);
}

/**
 * qk_message_list_update_time:
 * @self: a list
 * @now: the present, in wall microseconds
 *
 * Looks whether messages became stuck since. Cheap enough for every second.
 *
 * Returns: whether any did
 */
gboolean
qk_message_list_update_time (QkMessageList *self, gint64 now)
{
  gboolean stuck;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  if (self->index == NULL)
    return FALSE;
  stuck = qk_message_index_update_stuck (self->index, now);
  if (update_ages (self, now) || stuck)
    reorder_in_place (self);
  return stuck;
}

/**
 * qk_message_list_get_filter:
 * @self: a list
 *
 * Returns: (transfer none): what is shown
 */
const QkMessageFilter *
qk_message_list_get_filter (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), NULL);

  return &self->filter;
}

/**
 * qk_message_list_get_total:
 * @self: a list
 *
 * Returns: how many messages there are, shown or not
 */
guint
qk_message_list_get_total (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), 0);

  return self->index != NULL ? self->index->n_items : 0;
}

/**
 * qk_message_list_peek:
 * @self: a list
 * @position: a position
 *
 * Returns: (transfer none) (nullable): the row there, if it was asked for before
 */
QkMessage *
qk_message_list_peek (QkMessageList *self, guint position)
{
  guint item;
  QkMessageIndex *index;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), NULL);

  index = resolve (self, position, &item);
  return index != NULL ? index->items[item].row : NULL;
}

/**
 * qk_message_list_find:
 * @self: a list
 * @message: a row of this list, or one that was
 * @position: (out) (optional): where it is now
 *
 * Returns: whether it is in the list
 */
gboolean
qk_message_list_find (QkMessageList *self, QkMessage *message, guint *position)
{
  guint id, low = 0, high;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);
  g_return_val_if_fail (QK_IS_MESSAGE (message), FALSE);

  id = qk_message_get_index (message);
  if (self->index == NULL || id >= self->index->n_items || self->index->items[id].row != message ||
      !(self->index->items[id].flags & QK_ITEM_LISTED))
    return FALSE;
  if (position == NULL)
    return TRUE;
  for (high = self->order->len; low < high;)
    {
      guint middle = low + (high - low) / 2;

      if (qk_message_index_compare (self->index, g_array_index (self->order, guint, middle), id) <
          0)
        low = middle + 1;
      else
        high = middle;
    }
  *position = low;
  return TRUE;
}
