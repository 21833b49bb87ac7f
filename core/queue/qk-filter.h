#pragma once

#include "qk-facet.h"
#include "qk-search.h"

G_BEGIN_DECLS

/* What is looked for in a queue: words, and for each facet the values that will do. An entry passes
 * if it has every word and, for each facet with values, one of them.
 *
 * A filter never changes, so any thread may use it: the functions that alter one return another.
 */

typedef struct _QkFilter QkFilter;

QkFilter *qk_filter_new (void);
QkFilter *qk_filter_ref (QkFilter *self);
void qk_filter_unref (QkFilter *self);
QkFilter *qk_filter_with_text (QkFilter *self, const char *text);
QkFilter *qk_filter_with_value (QkFilter *self, QkFacet facet, const char *value);
QkFilter *qk_filter_with_only (QkFilter *self, QkFacet facet, const char *value);
QkFilter *qk_filter_without_value (QkFilter *self, QkFacet facet, const char *value);

QkSearch *qk_filter_get_search (const QkFilter *self);
const char *const *qk_filter_get_values (const QkFilter *self, QkFacet facet);
gboolean qk_filter_has_value (const QkFilter *self, QkFacet facet, const char *value);
gboolean qk_filter_has_facets (const QkFilter *self);
gboolean qk_filter_is_empty (const QkFilter *self);
gboolean qk_filter_equal (const QkFilter *a, const QkFilter *b);
gboolean qk_filter_matches (const QkFilter *self, const QkEntry *entry, gint64 now);
gboolean qk_filter_is_timed (const QkFilter *self);
gboolean qk_filter_has_aged (const QkFilter *self, const QkEntry *entry, gint64 then, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkFilter, qk_filter_unref)

G_END_DECLS
