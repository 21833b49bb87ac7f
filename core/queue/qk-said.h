#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* Whether two entries say the same: the same sender, the same content, however each is spelled. One
 * program writes "ä", another "\u00e4"; in all else that is written they agree. */

gboolean qk_said_is_text (const QkEntry *entry, QkField field);
guint64 qk_said_hash_field (const QkEntry *entry, QkField field);
guint64 qk_said_hash_start (const QkEntry *entry, QkField field);
gboolean qk_said_is_same_text (const QkEntry *a,
                               QkField field_a,
                               const QkEntry *b,
                               QkField field_b);
guint64 qk_said_hash (const QkEntry *entry);
int qk_said_compare (const QkEntry *a, const QkEntry *b);

G_END_DECLS
