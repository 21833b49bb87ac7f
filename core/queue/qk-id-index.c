#include "qk-id-index.h"

#include "qk-entry-private.h"

#include <string.h>

/* Indexes @entries from @from to before @to. They must outlive the index. */
void
qk_id_index_init (QkIdIndex *self, const QkEntry *entries, guint from, guint to)
{
  guint32 size = 16;

  while (size < to - from)
    size *= 2;
  self->entries = entries;
  self->mask = size - 1;
  self->offset = from;
  self->heads = g_new (guint32, size);
  self->next = g_new (guint32, MAX (to - from, 1));
  memset (self->heads, 0xff, size * sizeof *self->heads);
  for (guint i = to; i > from; i--)
    {
      guint32 *head = &self->heads[entries[i - 1].id_hash & self->mask];

      self->next[i - 1 - from] = *head;
      *head = i - 1;
    }
}

void
qk_id_index_clear (QkIdIndex *self)
{
  g_clear_pointer (&self->heads, g_free);
  g_clear_pointer (&self->next, g_free);
}

/* Skips those that share a bucket but not the hash. */
static guint32
find (const QkIdIndex *self, guint32 index, guint32 id_hash)
{
  while (index != QK_ID_INDEX_NONE && self->entries[index].id_hash != id_hash)
    index = self->next[index - self->offset];
  return index;
}

/* The first entry whose id has @id_hash: a candidate, whose id is still to be compared. */
guint32
qk_id_index_first (const QkIdIndex *self, guint32 id_hash)
{
  return find (self, self->heads[id_hash & self->mask], id_hash);
}

/* The candidate after @index. */
guint32
qk_id_index_next (const QkIdIndex *self, guint32 index)
{
  return find (self, self->next[index - self->offset], self->entries[index].id_hash);
}

/* Takes @index out: it is a candidate no longer. So those that are taken cost those that come later
 * nothing, be they thousands. */
void
qk_id_index_remove (QkIdIndex *self, guint32 index)
{
  guint32 *link = &self->heads[self->entries[index].id_hash & self->mask];

  while (*link != index)
    link = &self->next[*link - self->offset];
  *link = self->next[index - self->offset];
}
