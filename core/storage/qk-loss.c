#include "qk-loss.h"

#include "qk-entry-private.h"

/* Fewer are not a mass, and go every day. */
#define MIN_LOST 5

G_DEFINE_BOXED_TYPE (QkLoss, qk_loss, qk_loss_copy, qk_loss_free)

/**
 * qk_loss_copy:
 * @self: a loss
 *
 * Returns: (transfer full): a copy
 */
QkLoss *
qk_loss_copy (const QkLoss *self)
{
  QkLoss *copy = g_memdup2 (self, sizeof *self);

  copy->problem = g_strdup (self->problem);
  g_hash_table_ref (copy->lost);
  return copy;
}

/**
 * qk_loss_free:
 * @self: (transfer full): a loss
 *
 * Frees it.
 */
void
qk_loss_free (QkLoss *self)
{
  g_hash_table_unref (self->lost);
  g_free (self->problem);
  g_free (self);
}

static gboolean
is_mass (guint n_gone, guint n_before)
{
  return n_gone >= MIN_LOST && n_gone >= n_before - n_gone;
}

/**
 * qk_loss_is_likely:
 * @diff: (nullable): the difference to the version before
 *
 * Returns: whether so many entries are gone that it is worth to look closer
 */
gboolean
qk_loss_is_likely (const QkDiff *diff)
{
  guint n_kept = 0;

  for (guint i = 0; diff != NULL && i < qk_diff_get_new_size (diff); i++)
    n_kept += qk_diff_get_origin (diff, i, NULL) != QK_DIFF_NEW;
  return diff != NULL &&
         is_mass (qk_diff_get_old_size (diff) - n_kept, qk_diff_get_old_size (diff));
}

static GHashTable *
list_ids (QkDocument *document)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      char *id = qk_entry_dup_field (qk_document_get_entry (document, i), QK_FIELD_ID);

      if (id != NULL)
        g_hash_table_add (ids, id);
    }
  return ids;
}

static QkRecord *
record_new (QkDocument *document, guint index, const char *previous_id)
{
  const QkEntry *entry = qk_document_get_entry (document, index);
  QkRecord *record = g_new0 (QkRecord, 1);

  g_atomic_ref_count_init (&record->refs);
  record->change = qk_change_new_purge (entry);
  record->before = g_bytes_new (entry->json, entry->length);
  record->previous_id = g_strdup (previous_id);
  record->position = index;
  return record;
}

/* The entries that are gone. What was purged is no loss; where the journal cannot tell, it is one. */
static GPtrArray *
list_lost (QkDocument *before,
           QkDocument *after,
           QkJournal *journal,
           const char *queue,
           GHashTable *lost)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_record_unref);
  g_autoptr (GHashTable) there = list_ids (after);
  g_autofree char *previous_id = NULL;

  for (guint i = 0; i < qk_document_get_n_entries (before); i++)
    {
      char *id = qk_entry_dup_field (qk_document_get_entry (before, i), QK_FIELD_ID);
      gboolean purged = FALSE;

      if (id == NULL)
        continue;
      if (!g_hash_table_contains (there, id))
        (void) qk_journal_was_purged (journal, queue, id, &purged, NULL);
      if (!g_hash_table_contains (there, id) && !purged)
        {
          g_ptr_array_add (records, record_new (before, i, previous_id));
          g_hash_table_add (lost, g_strdup (id));
        }
      g_free (previous_id);
      previous_id = id;
    }
  return records;
}

/**
 * qk_loss_find:
 * @before: the version before
 * @after: the version in which many entries are missing
 * @journal: where to keep them
 * @queue: the name of the queue in @journal
 *
 * Looks whether it is a loss, and keeps what is lost. Blocks.
 *
 * Returns: (transfer full) (nullable): the loss; %NULL where it is none
 */
QkLoss *
qk_loss_find (QkDocument *before, QkDocument *after, QkJournal *journal, const char *queue)
{
  g_autoptr (GHashTable) lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) records = list_lost (before, after, journal, queue, lost);
  g_autoptr (GError) error = NULL;
  QkLoss *self;

  if (!is_mass (records->len, qk_document_get_n_entries (before)))
    return NULL;
  self = g_new0 (QkLoss, 1);
  self->before = qk_document_get_n_entries (before);
  self->after = qk_document_get_n_entries (after);
  self->n_lost = records->len;
  self->lost = g_steal_pointer (&lost);
  self->operation = qk_journal_write_loss (journal, queue, records, &error);
  if (error != NULL)
    self->problem = g_strdup (error->message);
  return self;
}

/**
 * qk_loss_is_over:
 * @self: a loss
 * @document: the queue as it stands
 *
 * Returns: whether most of what was lost is there again
 */
gboolean
qk_loss_is_over (const QkLoss *self, QkDocument *document)
{
  g_autoptr (GHashTable) there = list_ids (document);
  GHashTableIter iter;
  gpointer id;
  guint n_missing = 0;

  g_hash_table_iter_init (&iter, self->lost);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    n_missing += !g_hash_table_contains (there, id);
  return n_missing * 2 < self->n_lost;
}
