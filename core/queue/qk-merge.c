#include "qk-merge.h"

#include "qk-entry-private.h"
#include "qk-id-index.h"
#include "qk-salvage-source.h"

static GBytes *
entry_to_bytes (const QkEntry *entry)
{
  return g_bytes_new (entry->json, entry->length);
}

/* The nearest entry before @index that has an id: behind it the entry is put. */
static char *
dup_previous_id (QkDocument *document, guint index)
{
  while (index-- > 0)
    {
      char *id = qk_entry_dup_field (qk_document_get_entry (document, index), QK_FIELD_ID);

      if (id != NULL)
        return id;
    }
  return NULL;
}

/* The entry of that id; @n_found tells how many there are. */
static const QkEntry *
find_same_id (QkDocument *base, const QkIdIndex *index, const QkEntry *entry, guint *n_found)
{
  const QkEntry *found = NULL;

  *n_found = 0;
  for (guint32 i = qk_id_index_first (index, entry->id_hash); i != QK_ID_INDEX_NONE;
       i = qk_id_index_next (index, i))
    if (qk_entry_same_id (qk_document_get_entry (base, i), entry))
      {
        found = qk_document_get_entry (base, i);
        (*n_found)++;
      }
  return found;
}

/* An id that several entries share names no message: they are left as they are. */
static QkChange *
compare (const QkEntry *ours, guint n_ours, const QkEntry *theirs, const char *previous_id)
{
  g_autoptr (GBytes) json = entry_to_bytes (theirs), made = NULL;

  if (n_ours == 0)
    return qk_change_new_restore (json, previous_id, NULL);
  if (n_ours > 1 || theirs->updated <= ours->updated ||
      qk_entry_hash_state (theirs) == qk_entry_hash_state (ours))
    return NULL;
  made = entry_to_bytes (ours);
  return qk_change_new_restore (json, previous_id, made);
}

/**
 * qk_merge_read_pieces: (skip)
 * @bytes: a version of the queue that is torn
 *
 * Returns: (transfer full) (nullable): the entries of it that are whole, as a document; %NULL where
 *   there is none
 */
QkDocument *
qk_merge_read_pieces (GBytes *bytes)
{
  g_autoptr (QkSalvageSource) source = qk_salvage_source_new ("", bytes);
  g_autoptr (GString) list = g_string_new ("[");
  g_autoptr (GBytes) text = NULL;

  for (guint i = 0; i < qk_salvage_source_get_n_parts (source); i++)
    {
      const QkSalvagePart *part = qk_salvage_source_get_part (source, i);

      if (part->kind != QK_SALVAGE_WHOLE)
        continue;
      if (list->len > 1)
        g_string_append_c (list, ',');
      g_string_append_len (list, part->entry->json, part->entry->length);
    }
  if (list->len == 1)
    return NULL;
  g_string_append_c (list, ']');
  text = g_string_free_to_bytes (g_steal_pointer (&list));
  return qk_document_new (text, NULL, NULL, NULL);
}

/**
 * qk_merge_find: (skip)
 * @base: the queue as it stands
 * @other: another version of it
 * @was_purged: (nullable): asked about each message that only @other has
 * @user_data: for @was_purged
 *
 * Returns: (transfer full) (element-type QkChange): what puts into @base the messages that only
 *   @other has, and the states that are newer there
 */
GPtrArray *
qk_merge_find (QkDocument *base, QkDocument *other, QkMergeFunc was_purged, gpointer user_data)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  guint n_base = qk_document_get_n_entries (base), n_other = qk_document_get_n_entries (other);
  g_auto (QkIdIndex) index = {NULL};

  qk_id_index_init (&index, n_base > 0 ? qk_document_get_entry (base, 0) : NULL, 0, n_base);
  for (guint i = 0; i < n_other; i++)
    {
      const QkEntry *entry = qk_document_get_entry (other, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
      g_autofree char *previous_id = NULL;
      const QkEntry *ours;
      QkChange *change;
      guint n_ours;

      if (id == NULL)
        continue;
      ours = find_same_id (base, &index, entry, &n_ours);
      if (n_ours == 0 && was_purged != NULL && was_purged (id, user_data))
        continue;
      previous_id = dup_previous_id (other, i);
      change = compare (ours, n_ours, entry, previous_id);
      if (change != NULL)
        g_ptr_array_add (changes, change);
    }
  return changes;
}
