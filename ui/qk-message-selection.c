#include "qk-message-selection.h"

struct _QkMessageSelection {
  GObject parent_instance;

  QkMessageList *list;  /* owned */
  GHashTable *selected; /* owned: a set of QkMessage */
};

enum { SIGNAL_SETTLED, N_SIGNALS };

static guint signals[N_SIGNALS];

static GType
qk_message_selection_get_item_type (GListModel *model)
{
  return QK_TYPE_MESSAGE;
}

static guint
qk_message_selection_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (QK_MESSAGE_SELECTION (model)->list));
}

static gpointer
qk_message_selection_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (QK_MESSAGE_SELECTION (model)->list), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = qk_message_selection_get_item_type;
  iface->get_n_items = qk_message_selection_get_n_items;
  iface->get_item = qk_message_selection_get_item;
}

static gboolean
qk_message_selection_is_selected (GtkSelectionModel *model, guint position)
{
  QkMessageSelection *self = QK_MESSAGE_SELECTION (model);
  QkMessage *message = qk_message_list_peek (self->list, position);

  return message != NULL && g_hash_table_contains (self->selected, message);
}

static GtkBitset *
qk_message_selection_get_selection_in_range (GtkSelectionModel *model,
                                             guint position,
                                             guint n_items)
{
  GtkBitset *bitset = gtk_bitset_new_empty ();

  if (g_hash_table_size (QK_MESSAGE_SELECTION (model)->selected) > 0)
    for (guint i = 0; i < n_items; i++)
      if (qk_message_selection_is_selected (model, position + i))
        gtk_bitset_add (bitset, position + i);
  return bitset;
}

static gboolean
qk_message_selection_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  QkMessageSelection *self = QK_MESSAGE_SELECTION (model);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  guint first = G_MAXUINT, last = 0, position;
  GtkBitsetIter iter;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position);
       more && position < n_items; more = gtk_bitset_iter_next (&iter, &position))
    {
      gboolean select = gtk_bitset_contains (selected, position);
      g_autoptr (QkMessage) message = NULL;

      if (select == qk_message_selection_is_selected (model, position))
        continue;
      message = g_list_model_get_item (G_LIST_MODEL (self->list), position);
      if (select)
        g_hash_table_add (self->selected, g_object_ref (message));
      else
        g_hash_table_remove (self->selected, message);
      first = MIN (first, position);
      last = position;
    }
  if (first != G_MAXUINT)
    {
      gtk_selection_model_selection_changed (model, first, last - first + 1);
      g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
    }
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = qk_message_selection_is_selected;
  iface->get_selection_in_range = qk_message_selection_get_selection_in_range;
  iface->set_selection = qk_message_selection_set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (QkMessageSelection,
                               qk_message_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

static void
list_items_changed_cb (GListModel *list,
                       guint position,
                       guint removed,
                       guint added,
                       QkMessageSelection *self)
{
  g_assert (QK_IS_MESSAGE_SELECTION (self));

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static gboolean
is_gone (gpointer message, gpointer value, gpointer user_data)
{
  return !qk_message_list_find (user_data, message, NULL);
}

static void
list_settled_cb (QkMessageList *list, QkMessageSelection *self)
{
  g_assert (QK_IS_MESSAGE_SELECTION (self));

  g_hash_table_foreach_remove (self->selected, is_gone, list);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static void
qk_message_selection_finalize (GObject *object)
{
  QkMessageSelection *self = QK_MESSAGE_SELECTION (object);

  g_signal_handlers_disconnect_by_data (self->list, self);
  g_object_unref (self->list);
  g_hash_table_unref (self->selected);

  G_OBJECT_CLASS (qk_message_selection_parent_class)->finalize (object);
}

static void
qk_message_selection_class_init (QkMessageSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_message_selection_finalize;

  /**
   * QkMessageSelection::settled:
   *
   * Other messages are selected, or the selected ones may read differently.
   */
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_message_selection_init (QkMessageSelection *self)
{
  self->selected = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * qk_message_selection_new:
 * @list: (transfer full): a list
 *
 * Returns: (transfer full): a selection of it, empty at first
 */
QkMessageSelection *
qk_message_selection_new (QkMessageList *list)
{
  QkMessageSelection *self = g_object_new (QK_TYPE_MESSAGE_SELECTION, NULL);

  self->list = list;
  g_signal_connect (list, "items-changed", G_CALLBACK (list_items_changed_cb), self);
  g_signal_connect (list, "settled", G_CALLBACK (list_settled_cb), self);
  return self;
}

/**
 * qk_message_selection_get_size:
 * @self: a selection
 *
 * Returns: how many messages are selected
 */
guint
qk_message_selection_get_size (QkMessageSelection *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), 0);

  return g_hash_table_size (self->selected);
}

/**
 * qk_message_selection_has_all:
 * @self: a selection
 *
 * Returns: whether every message of the list is selected, and there is at least one
 */
gboolean
qk_message_selection_has_all (QkMessageSelection *self)
{
  guint size;

  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), FALSE);

  size = g_hash_table_size (self->selected);
  return size > 0 && size == g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

static int
compare_index (gconstpointer a, gconstpointer b)
{
  guint x = qk_message_get_index (*(QkMessage *const *) a);
  guint y = qk_message_get_index (*(QkMessage *const *) b);

  return (x > y) - (x < y);
}

/**
 * qk_message_selection_dup_messages:
 * @self: a selection
 *
 * Returns: (transfer full) (element-type QkMessage): the selected messages, as they follow one
 *   another in the queue
 */
GPtrArray *
qk_message_selection_dup_messages (QkMessageSelection *self)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer message;

  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), messages);

  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &message, NULL))
    g_ptr_array_add (messages, g_object_ref (message));
  g_ptr_array_sort (messages, compare_index);
  return messages;
}

/**
 * qk_message_selection_dup_pick:
 * @self: a selection
 *
 * Returns: (transfer full) (nullable): the selected messages as they are now; %NULL where there is none
 */
QkPick *
qk_message_selection_dup_pick (QkMessageSelection *self)
{
  GHashTableIter iter;
  gpointer message;
  GArray *indexes;
  QkDocument *document = NULL;

  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), NULL);

  if (g_hash_table_size (self->selected) == 0)
    return NULL;
  indexes = g_array_sized_new (FALSE, FALSE, sizeof (guint), g_hash_table_size (self->selected));
  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &message, NULL))
    {
      guint index = qk_message_get_index (message);

      /* All rows of a list stand in the same version. */
      document = qk_message_get_document (message);
      g_array_append_val (indexes, index);
    }
  return qk_pick_new (document, indexes);
}
