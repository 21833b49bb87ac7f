#include "qk-pick.h"

#include "qk-stuck.h"

struct _QkPick {
  gatomicrefcount refs;
  QkDocument *document; /* owned */
  GArray *indexes;      /* owned, of guint; in the order of the queue */
};

static int
compare_indexes (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

/**
 * qk_pick_new: (skip)
 * @document: a version of the queue
 * @indexes: (transfer full) (element-type guint): some entries of it, in any order
 *
 * Returns: (transfer full): those entries
 */
QkPick *
qk_pick_new (QkDocument *document, GArray *indexes)
{
  QkPick *self = g_new (QkPick, 1);

  g_atomic_ref_count_init (&self->refs);
  self->document = qk_document_ref (document);
  self->indexes = indexes;
  g_array_sort (self->indexes, compare_indexes);
  return self;
}

/**
 * qk_pick_new_all: (skip)
 * @document: a version of the queue
 *
 * Returns: (transfer full): all of its entries
 */
QkPick *
qk_pick_new_all (QkDocument *document)
{
  guint n = qk_document_get_n_entries (document);
  GArray *indexes = g_array_sized_new (FALSE, FALSE, sizeof (guint), n);

  for (guint i = 0; i < n; i++)
    g_array_append_val (indexes, i);
  return qk_pick_new (document, indexes);
}

/**
 * qk_pick_ref: (skip)
 * @self: a pick
 *
 * Returns: (transfer full): the same
 */
QkPick *
qk_pick_ref (QkPick *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_pick_unref: (skip)
 * @self: (transfer full): a pick
 *
 * Gives it back.
 */
void
qk_pick_unref (QkPick *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  qk_document_unref (self->document);
  g_array_unref (self->indexes);
  g_free (self);
}

/**
 * qk_pick_get_document:
 * @self: some messages
 *
 * Returns: (transfer none): the version of the queue in which they stand
 */
QkDocument *
qk_pick_get_document (const QkPick *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->document;
}

/**
 * qk_pick_get_n_entries: (skip)
 * @self: a pick
 *
 * Returns: how many there are
 */
guint
qk_pick_get_n_entries (const QkPick *self)
{
  return self->indexes->len;
}

/**
 * qk_pick_get_entry: (skip)
 * @self: a pick
 * @position: which of them, from 0
 *
 * Returns: (transfer none): the entry as it was when it was chosen
 */
const QkEntry *
qk_pick_get_entry (const QkPick *self, guint position)
{
  return qk_document_get_entry (self->document, g_array_index (self->indexes, guint, position));
}

static QkChange *
make_change (const QkEntry *entry, QkChangeKind kind)
{
  if (kind == QK_CHANGE_PURGE)
    return qk_change_new_purge (entry);
  if (kind == QK_CHANGE_FIX)
    return qk_change_new_fix (entry);
  return qk_change_new_resend (entry, qk_stuck_get_after_s ());
}

/**
 * qk_pick_make_changes: (skip)
 * @self: a pick
 * @kind: %QK_CHANGE_RESEND, %QK_CHANGE_PURGE or %QK_CHANGE_FIX
 *
 * Returns: (transfer full) (element-type QkChange): one for each, in the same order; to fix are only
 *   those with which something is wrong
 */
GPtrArray *
qk_pick_make_changes (const QkPick *self, QkChangeKind kind)
{
  GPtrArray *changes = g_ptr_array_new_full (self->indexes->len, (GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < self->indexes->len; i++)
    {
      const QkEntry *entry = qk_pick_get_entry (self, i);

      if (kind != QK_CHANGE_FIX || qk_entry_get_hazards (entry) != 0)
        g_ptr_array_add (changes, make_change (entry, kind));
    }
  return changes;
}
