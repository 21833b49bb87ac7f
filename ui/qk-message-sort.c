#include "qk-message-sort.h"

#include "qk-message-sequence.h"

#include <gio/gio.h>

struct _QkMessageSort {
  gatomicrefcount refs;

  /* The thread's while it runs. */
  QkMessageIndex *snapshot; /* owned: what was known of all entries, without their rows */
  GArray *sequence;         /* owned: guint, the entries of the snapshot in order */

  /* The main loop's. */
  guint8 *moved;    /* owned: whether each was not in its place */
  guint *places;    /* owned, nullable: where each is in the newest version, or QK_ITEM_GONE */
  gboolean rekeyed; /* the key is another one than that of the sequence before */
  QkMessageSortFunc func; /* NULL when dropped */
  gpointer data;
};

static void
sort_unref (gpointer data)
{
  QkMessageSort *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_message_index_free (self->snapshot);
  g_array_unref (self->sequence);
  g_free (self->moved);
  g_free (self->places);
  g_free (self);
}

static void
run_sort (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkMessageSort *self = task_data;

  for (guint i = 0; i < self->snapshot->n_items; i++)
    g_array_append_val (self->sequence, i);
  qk_message_sequence_sort (self->snapshot, self->sequence);
  g_task_return_boolean (task, TRUE);
}

static void
sorted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkMessageSort *self = g_task_get_task_data (G_TASK (result));

  if (self->func != NULL)
    self->func (self->data);
}

/**
 * qk_message_sort_new: (skip)
 * @index: an index
 * @func: what to call when that is done, never before this function has returned
 * @data: for @func
 *
 * Puts all entries of @index in order. None of them counts as moved from now on.
 *
 * Returns: (transfer full): a run
 */
QkMessageSort *
qk_message_sort_new (QkMessageIndex *index, QkMessageSortFunc func, gpointer data)
{
  QkMessageSort *self = g_new0 (QkMessageSort, 1);
  g_autoptr (GTask) task = NULL;

  g_atomic_ref_count_init (&self->refs);
  self->snapshot = qk_message_sequence_snapshot (index);
  self->sequence = g_array_sized_new (FALSE, FALSE, sizeof (guint), index->n_items);
  self->moved = g_new (guint8, index->n_items + 1);
  self->rekeyed = index->rekeyed;
  index->rekeyed = FALSE;
  for (guint i = 0; i < index->n_items; i++)
    {
      self->moved[i] = (index->items[i].flags & QK_ITEM_MOVED) != 0;
      index->items[i].flags &= (guint16) ~QK_ITEM_MOVED;
    }
  self->func = func;
  self->data = data;
  task = g_task_new (NULL, NULL, sorted_cb, NULL);
  g_atomic_ref_count_inc (&self->refs);
  g_task_set_task_data (task, self, sort_unref);
  g_task_run_in_thread (task, run_sort);
  return self;
}

/**
 * qk_message_sort_drop: (skip)
 * @self: (transfer full): a run
 *
 * Its function is not called any more.
 */
void
qk_message_sort_drop (QkMessageSort *self)
{
  self->func = NULL;
  sort_unref (self);
}

/**
 * qk_message_sort_follow: (skip)
 * @self: a run
 * @index: the index of a newer version, just made from the one that @self knew
 *
 * Takes up where the entries are now.
 */
void
qk_message_sort_follow (QkMessageSort *self, const QkMessageIndex *index)
{
  guint n = self->snapshot->n_items;

  if (self->places == NULL)
    {
      self->places = g_memdup2 (index->places, n * sizeof (guint));
      return;
    }
  for (guint i = 0; i < n; i++)
    if (self->places[i] != QK_ITEM_GONE)
      self->places[i] = index->places[self->places[i]];
}

/**
 * qk_message_sort_apply: (skip)
 * @self: a run that is done
 * @index: the newest index
 *
 * Gives @index the order that was found. Entries that moved since are yet to be put in their place.
 */
void
qk_message_sort_apply (QkMessageSort *self, QkMessageIndex *index)
{
  GArray *sequence = g_array_sized_new (FALSE, FALSE, sizeof (guint), self->sequence->len);

  for (guint i = 0; i < self->sequence->len; i++)
    {
      guint item = g_array_index (self->sequence, guint, i);
      guint place = self->places != NULL ? self->places[item] : item;

      if (place == QK_ITEM_GONE)
        continue;
      g_array_append_val (sequence, place);
      if (self->rekeyed || self->moved[item])
        index->items[place].flags |= QK_ITEM_DISPLACED;
    }
  g_array_unref (index->sequence);
  index->sequence = sequence;
}
