#pragma once

#include "qk-query.h"
#include "qk-store.h"
#include "qk-summary.h"

G_BEGIN_DECLS

/* Counts a store's messages beside the main loop, since counting a hundred thousand takes longer
 * than a frame. ::summary is emitted with the counts, soon after each change of the store and after
 * qk_summarizer_count(), and with how many messages each of some queries finds; one count at a time, changes in the meantime are merged. */

#define QK_TYPE_SUMMARIZER (qk_summarizer_get_type ())
G_DECLARE_FINAL_TYPE (QkSummarizer, qk_summarizer, QK, SUMMARIZER, GObject)

QkSummarizer *qk_summarizer_new (void);
void qk_summarizer_set_store (QkSummarizer *self, QkStore *store);
void qk_summarizer_set_queries (QkSummarizer *self, GPtrArray *queries);
const GArray *qk_summarizer_get_counts (QkSummarizer *self);
void qk_summarizer_count (QkSummarizer *self);

G_END_DECLS
