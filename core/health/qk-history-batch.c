#include "qk-history-private.h"

void
qk_history_batch_unref (gpointer batch)
{
  g_atomic_rc_box_release (batch);
}

QkHistoryBatch *
qk_history_ref_batch (QkHistory *self, GPtrArray *records)
{
  QkHistoryBatch *batch = NULL;

  g_mutex_lock (&self->batching);
  for (guint i = 0; i < records->len && batch == NULL; i++)
    batch = g_hash_table_lookup (self->batches, ((const QkRecord *) records->pdata[i])->change);
  if (batch != NULL)
    batch = g_atomic_rc_box_acquire (batch);
  g_mutex_unlock (&self->batching);
  return batch;
}

/**
 * qk_history_begin_batch:
 * @self: a history
 * @changes: (element-type QkChange): changes that are saved bit by bit
 *
 * Whatever operations they become part of are one piece of work, and undone as one. Does not block.
 */
void
qk_history_begin_batch (QkHistory *self, GPtrArray *changes)
{
  g_autoptr (QkHistoryBatch) batch = g_atomic_rc_box_new0 (QkHistoryBatch);

  g_return_if_fail (QK_IS_HISTORY (self));

  g_mutex_lock (&self->batching);
  for (guint i = 0; i < changes->len; i++)
    g_hash_table_insert (self->batches, qk_change_ref (changes->pdata[i]),
                         g_atomic_rc_box_acquire (batch));
  g_mutex_unlock (&self->batching);
}

/**
 * qk_history_end_batch:
 * @self: a history
 * @changes: (element-type QkChange): the changes of a batch
 *
 * None of them will be saved any more. Does not block.
 */
void
qk_history_end_batch (QkHistory *self, GPtrArray *changes)
{
  g_return_if_fail (QK_IS_HISTORY (self));

  g_mutex_lock (&self->batching);
  for (guint i = 0; i < changes->len; i++)
    g_hash_table_remove (self->batches, changes->pdata[i]);
  g_mutex_unlock (&self->batching);
}
