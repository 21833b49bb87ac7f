#pragma once

#include "qk-entry.h"

G_BEGIN_DECLS

/* Words to be found in an entry, whatever their case: in its content, id, sender, recipient and
 * last error. Each of them must be in one of these. Immutable, so any thread may use it.
 *
 * Words in ASCII are looked for in the bytes as they stand in the queue. An entry is decoded only
 * where an escape, or a letter such as the Kelvin sign, could be what is looked for.
 */

/**
 * QkSearchRange:
 * @start: where a word begins, in bytes
 * @end: where it ends
 */
typedef struct {
  guint start;
  guint end;
} QkSearchRange;

typedef struct _QkSearch QkSearch;

QkSearch *qk_search_new (const char *text);
QkSearch *qk_search_ref (QkSearch *self);
void qk_search_unref (QkSearch *self);
const char *qk_search_get_text (const QkSearch *self);
gboolean qk_search_is_empty (const QkSearch *self);
gboolean qk_search_equal (const QkSearch *a, const QkSearch *b);
gboolean qk_search_matches (const QkSearch *self, const QkEntry *entry);
GArray *qk_search_find_all (const QkSearch *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSearch, qk_search_unref)

G_END_DECLS
