#include "qk-history-entry.h"

/* What cannot be read any more is there all the same. */
static void
read_side (QkHistorySide *side, GBytes *bytes)
{
  g_autoptr (QkDocument) document = NULL;
  const QkEntry *entry;

  if (bytes == NULL)
    return;
  side->there = TRUE;
  document = qk_history_entry_load (bytes);
  if (document == NULL)
    return;
  entry = qk_document_get_entry (document, 0);
  side->status = qk_entry_dup_field (entry, QK_FIELD_STATUS);
  side->recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
  side->priority = qk_entry_dup_field (entry, QK_FIELD_PRIORITY);
}

static void
clear_side (QkHistorySide *side)
{
  g_free (side->status);
  g_free (side->recipient);
  g_free (side->priority);
}

/**
 * qk_history_entry_load: (skip)
 * @bytes: an entry, as it stood in a queue
 *
 * Returns: (transfer full) (nullable): a document of nothing else; %NULL where it is none
 */
QkDocument *
qk_history_entry_load (GBytes *bytes)
{
  g_autoptr (GByteArray) list = g_byte_array_new ();
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (QkDocument) document = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  g_byte_array_append (list, (const guint8 *) "[", 1);
  g_byte_array_append (list, data, (guint) size);
  g_byte_array_append (list, (const guint8 *) "]", 1);
  whole = g_byte_array_free_to_bytes (g_steal_pointer (&list));
  document = qk_document_new (whole, NULL, NULL, NULL);
  if (document == NULL || qk_document_get_n_entries (document) != 1)
    return NULL;
  return g_steal_pointer (&document);
}

/**
 * qk_history_entry_new: (skip)
 * @id: (nullable): its id
 * @before: (nullable): it before the operation, in JSON; %NULL where it was added
 * @after: (nullable): it after the operation, in JSON; %NULL where it was taken out
 *
 * Returns: (transfer full): what became of it
 */
QkHistoryEntry *
qk_history_entry_new (const char *id, GBytes *before, GBytes *after)
{
  QkHistoryEntry *self = g_new0 (QkHistoryEntry, 1);

  self->id = g_strdup (id);
  read_side (&self->before, before);
  read_side (&self->after, after);
  return self;
}

/**
 * qk_history_entry_get_recipient: (skip)
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): to whom it is now, or was last
 */
const char *
qk_history_entry_get_recipient (const QkHistoryEntry *self)
{
  return self->after.there ? self->after.recipient : self->before.recipient;
}

/**
 * qk_history_entry_free: (skip)
 * @self: (transfer full): an entry
 *
 * Frees it.
 */
void
qk_history_entry_free (QkHistoryEntry *self)
{
  clear_side (&self->before);
  clear_side (&self->after);
  g_free (self->id);
  g_free (self);
}
