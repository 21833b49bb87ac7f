#include "qk-message-list.h"

#include "qk-list-stage.h"
#include "qk-message-order.h"
#include "qk-message-search.h"
#include "qk-message-sequence.h"
#include "qk-message-sort.h"
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
  QkMessageSort *sort;     /* owned, nullable: what runs */
  gint64 aged;             /* until when ages were looked at, in wall microseconds */
  QkSortKey key;
  gboolean descending;

  QkListStage *stage; /* owned: what is shown of @order so far */
  GArray *graves;     /* owned: QkMessageGrave, what is on the stage and not in the queue */
  guint step_id;      /* source: goes on with the change of the stage */
  gboolean held;      /* what others do does not move rows */
  gboolean asked;     /* the operator wants to see something else, which is not known yet */
  guint n_held;       /* changes that are held back */
};

enum { PROP_0, PROP_SEARCHING, PROP_HELD, N_PROPS };

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

  return qk_list_stage_get_items (self->stage)->len;
}

/* The item at @position, or %QK_ITEM_GONE where there is nothing or a grave. */
static guint
get_item (QkMessageList *self, guint position)
{
  const GArray *items = qk_list_stage_get_items (self->stage);
  guint item = position < items->len ? g_array_index (items, guint, position) : QK_ITEM_GONE;

  return item & QK_MESSAGE_ORDER_GRAVE ? QK_ITEM_GONE : item;
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

static const QkListStageFuncs stage_funcs = {is_seen_cb, stage_changed_cb};

static gboolean
step_cb (gpointer user_data)
{
  QkMessageList *self = user_data;

  if (qk_list_stage_step (self->stage))
    return G_SOURCE_CONTINUE;
  self->step_id = 0;
  g_array_set_size (self->graves, 0);
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
  return G_SOURCE_REMOVE;
}

/* The first step is made now. The others come after input and drawing. */
static void
change_stage (QkMessageList *self, GArray *edits)
{
  g_clear_handle_id (&self->step_id, g_source_remove);
  qk_list_stage_change (self->stage, self->order, edits);
  if (step_cb (self))
    self->step_id = g_idle_add_full (QK_PRIORITY_STEP, step_cb, self, NULL);
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
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

/* Puts the list in order again. */
static void
reorder (QkMessageList *self)
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
  reorder (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
start_sort (QkMessageList *self)
{
  self->sort = qk_message_sort_new (self->index, sorted_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
drop_sort (QkMessageList *self)
{
  if (self->sort == NULL)
    return;
  g_clear_pointer (&self->sort, qk_message_sort_drop);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
filter_changed (QkMessageList *self)
{
  self->asked = TRUE;
  if (self->index != NULL)
    qk_message_index_update_filter (self->index);
  reorder (self);
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
  reorder (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
start_search (QkMessageList *self, GArray *items, gint64 now)
{
  self->search = qk_message_search_new (self->index, items, now, searched_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

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
      drop_search (self);
      drop_sort (self);
      self->index = qk_message_index_new (document, &self->filter, qk_wall_now ());
      qk_message_sequence_set_key (self->index, self->key, self->descending);
      empty_stage (self);
    }
  (void) search_renewed (self, qk_wall_now ());
  reorder (self);
}

static void
clear (QkMessageList *self)
{
  self->asked = TRUE;
  drop_search (self);
  drop_sort (self);
  empty_stage (self);
  g_clear_pointer (&self->index, qk_message_index_free);
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
}

static void
qk_message_list_init (QkMessageList *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->stage = qk_list_stage_new (&stage_funcs, self);
  self->graves = g_array_new (FALSE, FALSE, sizeof (QkMessageGrave));
  g_array_set_clear_func (self->graves, qk_message_grave_clear);
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
  self->asked = TRUE;
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

  return self->search != NULL || self->sort != NULL;
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
  drop_sort (self);
  qk_message_sequence_set_key (self->index, key, descending);
  reorder (self);
}

static gboolean
update_ages (QkMessageList *self, gint64 now)
{
  if (self->filter.find == NULL || !qk_filter_is_timed (self->filter.find))
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
    reorder (self);
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELD]);
  if (!held)
    reorder (self);
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
