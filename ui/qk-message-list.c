#include "qk-message-list-private.h"

enum { PROP_0, PROP_SEARCHING, PROP_HELD, N_PROPS };

static GParamSpec *properties[N_PROPS];

enum { SIGNAL_SETTLED, SIGNAL_RENEWED, N_SIGNALS };

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

  return qk_list_stage_get_items (self->stage)->len;
}

static QkMessage *
get_row (QkMessageList *self, guint item)
{
  QkMessageGrave *grave;

  if (!(item & QK_MESSAGE_ORDER_GRAVE))
    return qk_message_index_get_row (self->index, item);
  grave = &g_array_index (self->graves, QkMessageGrave, item & ~QK_MESSAGE_ORDER_GRAVE);
  if (grave->row == NULL)
    grave->row = qk_message_new (grave->document, grave->index);
  return grave->row;
}

static gpointer
qk_message_list_get_item (GListModel *model, guint position)
{
  QkMessageList *self = QK_MESSAGE_LIST (model);
  const GArray *items = qk_list_stage_get_items (self->stage);

  if (position >= items->len)
    return NULL;
  return g_object_ref (get_row (self, g_array_index (items, guint, position)));
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

static gboolean
is_seen_cb (guint item, gpointer data)
{
  QkMessageList *self = data;
  QkMessage *row;

  if (item & QK_MESSAGE_ORDER_GRAVE)
    row = g_array_index (self->graves, QkMessageGrave, item & ~QK_MESSAGE_ORDER_GRAVE).row;
  else
    row = self->index->items[item].row;
  return row != NULL && qk_message_get_seen (row);
}

static void
stage_changed_cb (guint position, guint removed, guint added, gpointer data)
{
  g_list_model_items_changed (data, position, removed, added);
}

static void
stage_renewed_cb (gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_RENEWED], 0);
}

static const QkListStageFuncs stage_funcs = {is_seen_cb, stage_renewed_cb, stage_changed_cb};

static void
qk_message_list_dispose (GObject *object)
{
  QkMessageList *self = QK_MESSAGE_LIST (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_handle_id (&self->step_id, g_source_remove);
  g_clear_pointer (&self->search, qk_message_search_drop);
  g_clear_pointer (&self->sort, qk_message_sort_drop);

  G_OBJECT_CLASS (qk_message_list_parent_class)->dispose (object);
}

static void
qk_message_list_finalize (GObject *object)
{
  QkMessageList *self = QK_MESSAGE_LIST (object);

  g_clear_pointer (&self->index, qk_message_index_free);
  qk_list_stage_free (self->stage);
  g_array_unref (self->graves);
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
    case PROP_HELD:
      g_value_set_boolean (value, QK_MESSAGE_LIST (object)->held);
      break;
    case PROP_SEARCHING:
      g_value_set_boolean (value, qk_message_list_get_searching (QK_MESSAGE_LIST (object)));
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
   * Whether it is not known yet which messages are to be shown, and in which order.
   */
  properties[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * QkMessageList:held:
   *
   * Whether rows stay where they are, whatever others do.
   */
  properties[PROP_HELD] =
      g_param_spec_boolean ("held", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * QkMessageList::settled:
   *
   * Rows came, went, moved or changed, and all is in place again.
   */
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * QkMessageList::renewed:
   *
   * Most of the rows with widgets are about to leave, a few at a time. That is quick only at the top of
   * the list: GTK 4.8 keeps with it whatever stands where rows are put in.
   */
  signals[SIGNAL_RENEWED] = g_signal_new ("renewed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_message_list_init (QkMessageList *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->stage = qk_list_stage_new (&stage_funcs, self);
  self->graves = g_array_new (FALSE, FALSE, sizeof (QkMessageGrave));
  g_array_set_clear_func (self->graves, qk_message_grave_clear);
}

void
qk_message_list_notify_searching (QkMessageList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
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
 * qk_message_list_get_n_listed:
 * @self: a list
 *
 * Returns: how many messages are to be shown; while the list changes, others may be in it still
 */
guint
qk_message_list_get_n_listed (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), 0);

  return self->order->len;
}

/**
 * qk_message_list_set_paced:
 * @self: a list
 * @paced: whether a view shows it that calls qk_message_add_seen()
 *
 * Lets changes of the list that touch many rows with widgets come a few rows at a time.
 */
void
qk_message_list_set_paced (QkMessageList *self, gboolean paced)
{
  g_return_if_fail (QK_IS_MESSAGE_LIST (self));

  qk_list_stage_set_paced (self->stage, paced);
}

/**
 * qk_message_list_get_answered:
 * @self: a list
 *
 * Returns: whether its order is what the operator asked for last, rather than what others did
 */
gboolean
qk_message_list_get_answered (QkMessageList *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  return self->answered;
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
  const GArray *items;
  guint id, low = 0;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);
  g_return_val_if_fail (QK_IS_MESSAGE (message), FALSE);

  id = qk_message_get_index (message);
  if (self->index == NULL || id >= self->index->n_items || self->index->items[id].row != message ||
      !(self->index->items[id].flags & QK_ITEM_LISTED))
    return FALSE;
  if (position == NULL)
    return TRUE;
  /* Some 50 microseconds in 100,000. */
  items = self->held ? qk_list_stage_get_items (self->stage) : self->order;
  while (g_array_index (items, guint, low) != id)
    low++;
  *position = low;
  return TRUE;
}

/**
 * qk_message_list_get_seen:
 * @self: a list
 * @position: a position
 *
 * Returns: whether the row there has widgets
 */
gboolean
qk_message_list_get_seen (QkMessageList *self, guint position)
{
  const GArray *items;

  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self), FALSE);

  items = qk_list_stage_get_items (self->stage);
  return position < items->len && is_seen_cb (g_array_index (items, guint, position), self);
}

/**
 * qk_message_list_get_row:
 * @self: a list
 * @item: an entry of the version that is shown
 *
 * Returns: (transfer none): its row
 */
QkMessage *
qk_message_list_get_row (QkMessageList *self, guint item)
{
  g_return_val_if_fail (QK_IS_MESSAGE_LIST (self) && self->index != NULL, NULL);
  g_return_val_if_fail (item < self->index->n_items, NULL);

  return qk_message_index_get_row (self->index, item);
}
