#include "qk-journal.h"

G_DEFINE_INTERFACE (QkJournal, qk_journal, G_TYPE_OBJECT)

static void
qk_journal_default_init (QkJournalInterface *iface)
{
}

/**
 * qk_journal_write:
 * @self: a journal
 * @queue: which queue: what qk_store_dup_key() gives
 * @operation: 0 to begin a new operation, or one that is begun
 * @records: (element-type QkRecord): all that it changes, in the order of the queue
 * @error: return location for an error
 *
 * Keeps @records in the place of all that was kept for @operation before. Called before the queue is
 * changed.
 *
 * Returns: the number of the operation, more than 0; 0 where it could not be kept
 */
gint64
qk_journal_write (QkJournal *self,
                  const char *queue,
                  gint64 operation,
                  GPtrArray *records,
                  GError **error)
{
  g_return_val_if_fail (QK_IS_JOURNAL (self) && queue != NULL && records != NULL, 0);

  return QK_JOURNAL_GET_IFACE (self)->write (self, queue, operation, records, error);
}

/**
 * qk_journal_end:
 * @self: a journal
 * @operation: an operation that is begun
 * @done: whether its records are in effect; else the queue is as it was
 * @error: return location for an error
 *
 * Ends it. An operation that is never ended was cut off: nobody knows what it has done.
 *
 * Returns: whether it was kept
 */
gboolean
qk_journal_end (QkJournal *self, gint64 operation, gboolean done, GError **error)
{
  g_return_val_if_fail (QK_IS_JOURNAL (self) && operation > 0, FALSE);

  return QK_JOURNAL_GET_IFACE (self)->end (self, operation, done, error);
}

/**
 * qk_journal_write_loss:
 * @self: a journal
 * @queue: which queue
 * @records: (element-type QkRecord): all that is lost, in the order of the queue
 * @error: return location for an error
 *
 * Keeps what another program has taken out of the queue, so that it can be put back.
 *
 * Returns: the number under which it is kept, more than 0; 0 where it could not be
 */
gint64
qk_journal_write_loss (QkJournal *self, const char *queue, GPtrArray *records, GError **error)
{
  g_return_val_if_fail (QK_IS_JOURNAL (self) && queue != NULL && records != NULL, 0);

  return QK_JOURNAL_GET_IFACE (self)->write_loss (self, queue, records, error);
}

/**
 * qk_journal_was_purged:
 * @self: a journal
 * @queue: which queue
 * @id: a message
 * @purged: (out): whether an operation has taken it out, or was about to, and was not undone since
 * @error: return location for an error
 *
 * Returns: whether the journal could be asked
 */
gboolean
qk_journal_was_purged (QkJournal *self,
                       const char *queue,
                       const char *id,
                       gboolean *purged,
                       GError **error)
{
  g_return_val_if_fail (QK_IS_JOURNAL (self) && queue != NULL && id != NULL, FALSE);

  return QK_JOURNAL_GET_IFACE (self)->was_purged (self, queue, id, purged, error);
}

/**
 * qk_record_ref:
 * @self: a record
 *
 * Returns: (transfer full): @self
 */
QkRecord *
qk_record_ref (QkRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_record_unref:
 * @self: (transfer full): a record
 *
 * Gives up a reference.
 */
void
qk_record_unref (QkRecord *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_change_unref (self->change);
  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);
  g_free (self->previous_id);
  g_free (self);
}
