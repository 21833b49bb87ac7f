#include "qk-message-list-private.h"
#include "qk-time.h"

/* So few bytes are looked at at once. */
#define SEARCH_AT_ONCE (128 * 1024)

static void
filter_changed (QkMessageList *self)
{
  self->asked = TRUE;
  if (self->index != NULL)
    qk_message_index_update_filter (self->index);
  qk_message_list_reorder (self);
}

void
qk_message_list_drop_search (QkMessageList *self)
{
  if (self->search == NULL)
    return;
  g_clear_pointer (&self->search, qk_message_search_drop);
  qk_message_list_notify_searching (self);
}

static void start_search (QkMessageList *self, GArray *items, gint64 now);

/* Looks at what must be looked at anew: at once where that is little, else beside the main loop. While
 * that runs, more waits for its end. Returns whether anything was looked at. */
gboolean
qk_message_list_search_renewed (QkMessageList *self, gint64 now)
{
  g_autoptr (GArray) items = NULL;
  gsize n_bytes;

  if (self->index == NULL || self->filter.find == NULL || self->search != NULL)
    return FALSE;
  items = qk_message_index_find_renewed (self->index, SEARCH_AT_ONCE, &n_bytes);
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
  (void) qk_message_list_search_renewed (self, qk_wall_now ());
  qk_message_list_reorder (self);
  qk_message_list_notify_searching (self);
}

static void
start_search (QkMessageList *self, GArray *items, gint64 now)
{
  self->search = qk_message_search_new (self->index, items, now, searched_cb, self);
  qk_message_list_notify_searching (self);
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
  qk_message_list_drop_search (self);
  found_all = self->filter.find == NULL;
  g_clear_pointer (&self->filter.find, qk_filter_unref);
  self->filter.find = find != NULL ? qk_filter_ref (find) : NULL;
  self->aged = qk_wall_now ();
  if (self->index != NULL && find != NULL)
    qk_message_index_renew (self->index, found_all);
  if (find == NULL || qk_message_list_search_renewed (self, self->aged))
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

static gboolean
update_ages (QkMessageList *self, gint64 now)
{
  if (self->filter.find == NULL || !qk_filter_is_timed (self->filter.find))
    return FALSE;
  qk_message_index_age (self->index, self->aged, now);
  self->aged = now;
  return qk_message_list_search_renewed (self, now);
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
    qk_message_list_reorder (self);
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
