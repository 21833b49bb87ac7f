#pragma once

#include "qk-message-index.h"

G_BEGIN_DECLS

/* All entries of an index in the order of its key, shown or not: so that another filter needs no
 * sorting. Entries that moved are put in their place among the others, which stay as they are.
 */

/**
 * QK_SORT_AT_ONCE:
 *
 * More entries than this are put in order beside the main loop: see qk-message-sort.h.
 */
#define QK_SORT_AT_ONCE 500

void qk_message_sequence_set_key (QkMessageIndex *self, QkSortKey key, gboolean descending);
void qk_message_sequence_sort (QkMessageIndex *self, GArray *items);
guint qk_message_sequence_count_moved (QkMessageIndex *self);
void qk_message_sequence_place (QkMessageIndex *self);
QkMessageIndex *qk_message_sequence_snapshot (const QkMessageIndex *self);

G_END_DECLS
