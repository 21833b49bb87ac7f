#include "qk-message-selection.h"

/* So many rows with widgets are told of at once. */
#define TELL_ROWS 20

struct _QkMessageSelection {
  GObject parent_instance;

  QkMessageList *list; /* owned; it knows what is selected */
  guint told;          /* of how many rows the view was told */
  guint tell_id;       /* source: tells it of the others */
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
  return qk_message_list_get_selected (QK_MESSAGE_SELECTION (model)->list, position);
}

static GtkBitset *
qk_message_selection_get_selection_in_range (GtkSelectionModel *model,
                                             guint position,
                                             guint n_items)
{
  GtkBitset *bitset = gtk_bitset_new_empty ();

  if (qk_message_selection_get_size (QK_MESSAGE_SELECTION (model)) > 0)
    for (guint i = 0; i < n_items; i++)
      if (qk_message_selection_is_selected (model, position + i))
        gtk_bitset_add (bitset, position + i);
  return bitset;
}

/* Tells the view of the states of rows, of those that have widgets only a few at a time. */
static gboolean
tell_cb (gpointer user_data)
{
  QkMessageSelection *self = user_data;
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list)), start = self->told, end;
  guint n_seen = 0;

  for (end = start; end < n_items && n_seen < TELL_ROWS; end++)
    n_seen += qk_message_list_get_seen (self->list, end);
  self->told = end;
  if (end >= n_items)
    self->tell_id = 0;
  if (end > start)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), start, end - start);
  return end < n_items;
}

static void
tell_all (QkMessageSelection *self)
{
  self->told = 0;
  g_clear_handle_id (&self->tell_id, g_source_remove);
  if (tell_cb (self))
    self->tell_id = g_idle_add_full (QK_PRIORITY_STEP, tell_cb, self, NULL);
}

static gboolean
set_all (GtkSelectionModel *model, gboolean selected)
{
  QkMessageSelection *self = QK_MESSAGE_SELECTION (model);

  qk_message_list_select_all (self->list, selected);
  tell_all (self);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
  return TRUE;
}

static gboolean
qk_message_selection_select_all (GtkSelectionModel *model)
{
  return set_all (model, TRUE);
}

static gboolean
qk_message_selection_unselect_all (GtkSelectionModel *model)
{
  return set_all (model, FALSE);
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
      if (!qk_message_list_set_selected (self->list, position,
                                         gtk_bitset_contains (selected, position)))
        continue;
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
  iface->select_all = qk_message_selection_select_all;
  iface->unselect_all = qk_message_selection_unselect_all;
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
  if (self->tell_id != 0)
    self->told = MIN (self->told, position);
}

static void
list_settled_cb (QkMessageList *list, QkMessageSelection *self)
{
  g_assert (QK_IS_MESSAGE_SELECTION (self));

  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static void
qk_message_selection_finalize (GObject *object)
{
  QkMessageSelection *self = QK_MESSAGE_SELECTION (object);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->list, self);
  g_object_unref (self->list);

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

  return qk_message_list_get_n_selected (self->list);
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

  size = qk_message_list_get_n_selected (self->list);
  return size > 0 && size == qk_message_list_get_n_listed (self->list);
}

/**
 * qk_message_selection_dup_single:
 * @self: a selection
 *
 * Returns: (transfer full) (nullable): the selected message; %NULL where there is none or several
 */
QkMessage *
qk_message_selection_dup_single (QkMessageSelection *self)
{
  g_autoptr (GArray) items = NULL;

  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), NULL);

  if (qk_message_selection_get_size (self) != 1)
    return NULL;
  items = qk_message_list_dup_selected (self->list, NULL);
  return g_object_ref (qk_message_list_get_row (self->list, g_array_index (items, guint, 0)));
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
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GArray) indexes = NULL;

  g_return_val_if_fail (QK_IS_MESSAGE_SELECTION (self), NULL);

  indexes = qk_message_list_dup_selected (self->list, &document);
  return indexes->len > 0 ? qk_pick_new (document, g_steal_pointer (&indexes)) : NULL;
}
