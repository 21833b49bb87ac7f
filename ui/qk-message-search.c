#include "qk-message-search.h"

#include <gio/gio.h>

struct _QkMessageSearch {
  gatomicrefcount refs;

  /* What the thread reads. */
  QkDocument *document; /* owned */
  QkFilter *filter;     /* owned */
  GArray *items;        /* owned: guint, entries of @document */
  gint64 now;           /* wall microseconds */
  GCancellable *cancellable;

  guint8 *found; /* owned: whether each passes; the thread writes it */

  /* The main loop's. */
  GArray *places;           /* owned: guint, where each is in the newest version, or QK_ITEM_GONE */
  QkMessageSearchFunc func; /* NULL when dropped */
  gpointer data;
};

static QkMessageSearch *
search_ref (QkMessageSearch *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
search_unref (gpointer data)
{
  QkMessageSearch *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_document_unref (self->document);
  qk_filter_unref (self->filter);
  g_array_unref (self->items);
  g_array_unref (self->places);
  g_object_unref (self->cancellable);
  g_free (self->found);
  g_free (self);
}

static void
run_search (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkMessageSearch *self = task_data;

  for (guint i = 0; i < self->items->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const QkEntry *entry =
          qk_document_get_entry (self->document, g_array_index (self->items, guint, i));

      self->found[i] = qk_filter_matches (self->filter, entry, self->now);
    }
  g_task_return_boolean (task, TRUE);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkMessageSearch *self = g_task_get_task_data (G_TASK (result));

  if (self->func != NULL)
    self->func (self->data);
}

/**
 * qk_message_search_new: (skip)
 * @index: an index whose filter looks for something
 * @items: (element-type guint): which of its entries to look at; they count as looked at from now on
 * @now: the present, in wall microseconds
 * @func: what to call when that is done, never before this function has returned
 * @data: for @func
 *
 * Returns: (transfer full): a search that runs
 */
QkMessageSearch *
qk_message_search_new (QkMessageIndex *index,
                       GArray *items,
                       gint64 now,
                       QkMessageSearchFunc func,
                       gpointer data)
{
  QkMessageSearch *self = g_new0 (QkMessageSearch, 1);
  g_autoptr (GTask) task = NULL;

  g_atomic_ref_count_init (&self->refs);
  self->document = qk_document_ref (index->document);
  self->filter = qk_filter_ref (index->filter->find);
  self->items = g_array_ref (items);
  self->places = g_array_copy (items);
  self->now = now;
  self->found = g_new0 (guint8, items->len + 1);
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < items->len; i++)
    index->items[g_array_index (items, guint, i)].flags &= (guint8) ~QK_ITEM_RENEWED;
  self->func = func;
  self->data = data;
  task = g_task_new (NULL, self->cancellable, searched_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, search_ref (self), search_unref);
  g_task_run_in_thread (task, run_search);
  return self;
}

/**
 * qk_message_search_drop: (skip)
 * @self: (transfer full): a search
 *
 * Stops it soon if it still runs; its function is not called any more.
 */
void
qk_message_search_drop (QkMessageSearch *self)
{
  self->func = NULL;
  g_cancellable_cancel (self->cancellable);
  search_unref (self);
}

/**
 * qk_message_search_follow: (skip)
 * @self: a search
 * @index: the index of a newer version, just made from the one that @self knew
 *
 * Takes up where the entries are now.
 */
void
qk_message_search_follow (QkMessageSearch *self, const QkMessageIndex *index)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      guint *place = &g_array_index (self->places, guint, i);

      if (*place != QK_ITEM_GONE)
        *place = index->places[*place];
    }
}

/**
 * qk_message_search_apply: (skip)
 * @self: a search that is done
 * @index: the newest index
 *
 * Lets @index know what was found. What it says of entries that must be looked at anew since is of no
 * use.
 */
void
qk_message_search_apply (QkMessageSearch *self, QkMessageIndex *index)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      guint place = g_array_index (self->places, guint, i);

      if (place != QK_ITEM_GONE && !(index->items[place].flags & QK_ITEM_RENEWED))
        qk_message_index_set_found (index, place, self->found[i]);
    }
}
