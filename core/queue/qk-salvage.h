#pragma once

#include "qk-salvage-source.h"

G_BEGIN_DECLS

/* One queue out of what several files hold: the damaged one, what a crash left beside it, backups.
 *
 * Of entries with the same id the one that was updated last counts, of equals the one of the earlier
 * source; entries of one list that share an id stay together. The order is that of the first
 * source, then of what only the others have.
 *
 * A backup may hold messages that were purged since. So of sources that only complete, the entries
 * whose id occurs in the others as well are used: as an entry, or in bytes that are left over.
 */

typedef struct _QkSalvage QkSalvage;

QkSalvage *qk_salvage_new (GPtrArray *sources, guint n_full);
QkSalvage *qk_salvage_ref (QkSalvage *self);
void qk_salvage_unref (QkSalvage *self);

guint qk_salvage_get_n_sources (const QkSalvage *self);
QkSalvageSource *qk_salvage_get_source (const QkSalvage *self, guint index);
gboolean qk_salvage_only_completes (const QkSalvage *self, guint source);
guint qk_salvage_get_n_entries (const QkSalvage *self);
const QkEntry *qk_salvage_get_entry (const QkSalvage *self, guint index, guint *source);
guint qk_salvage_get_n_withheld (const QkSalvage *self);
guint qk_salvage_count_used (const QkSalvage *self, guint source);
gboolean qk_salvage_is_complete (const QkSalvage *self);
GBytes *qk_salvage_to_bytes (const QkSalvage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSalvage, qk_salvage_unref)

G_END_DECLS
