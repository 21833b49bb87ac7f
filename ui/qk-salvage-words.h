#pragma once

#include "qk-salvage-row.h"

G_BEGIN_DECLS

/* The words in which the window speaks of what can be had of a damaged queue. Everything that comes
 * from a file is safe to be shown, as text. */

GHashTable *qk_salvage_words_collect_used (const QkSalvage *salvage);
char *qk_salvage_words_summary (const QkSalvage *salvage);
char *qk_salvage_words_counts (const QkSalvage *salvage, guint source);
char *qk_salvage_words_bytes (gsize n_bytes);
const char *qk_salvage_words_kind (QkSalvageKind kind);
const char *qk_salvage_words_kind_class (QkSalvageKind kind);
char *qk_salvage_words_gist (QkSalvageRow *row);
char *qk_salvage_words_row (QkSalvageRow *row);

G_END_DECLS
