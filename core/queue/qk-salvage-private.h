#pragma once

#include "qk-salvage-source.h"

G_BEGIN_DECLS

/* Between the walk over a damaged file and the source that keeps what was found. */

struct _QkSalvageSource {
  gatomicrefcount refs;
  char *name;     /* owned */
  GBytes *bytes;  /* owned */
  GBytes *mended; /* owned: the same length, with an ASCII letter for each byte that is not UTF-8 */
  char *problem;  /* owned, nullable */
  GArray *parts;  /* owned, of QkSalvagePart, in the order of the file */
};

GArray *qk_salvage_parts_new (void);
void qk_salvage_walk (QkSalvageSource *self);
void qk_salvage_complete_heads (QkSalvageSource *self);

gboolean qk_salvage_is_entry (const QkEntry *entry);
gboolean qk_salvage_has_foreign_key (const QkEntry *entry);
gboolean qk_salvage_add_entry (QkSalvageSource *self, gsize start, gsize length, guint list);

G_END_DECLS
