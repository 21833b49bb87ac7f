#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* Finds entries by id. A multimap, since ids repeat; candidates come in the order of the queue. */

#define QK_ID_INDEX_NONE G_MAXUINT32

typedef struct {
  const QkEntry *entries; /* not owned */
  guint32 *heads;         /* owned: first candidate of each bucket */
  guint32 *next;          /* owned: the one after it */
  guint32 mask;
  guint32 offset;
} QkIdIndex;

void qk_id_index_init (QkIdIndex *self, const QkEntry *entries, guint from, guint to);
void qk_id_index_clear (QkIdIndex *self);
guint32 qk_id_index_first (const QkIdIndex *self, guint32 id_hash);
guint32 qk_id_index_next (const QkIdIndex *self, guint32 index);
void qk_id_index_remove (QkIdIndex *self, guint32 index);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QkIdIndex, qk_id_index_clear)

G_END_DECLS
