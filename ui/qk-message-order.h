#pragma once

#include "qk-list-edits.h"
#include "qk-message-index.h"

G_BEGIN_DECLS

/* Which messages are shown, and in which order: an array of places in the index, made from the
 * order before so that the cost follows the change.
 */

/**
 * QK_MESSAGE_ORDER_GRAVE:
 *
 * Marks an item of an old order that is not in the queue any more. The other bits are its place in
 * the index before.
 */
#define QK_MESSAGE_ORDER_GRAVE (1U << 31)

GArray *qk_message_order_new (QkMessageIndex *index, const GArray *old_order);
GArray *qk_message_order_translate (const GArray *order, const QkMessageIndex *index);
void qk_message_order_bury (GArray *order);
GArray *qk_message_order_find_edits (const QkMessageIndex *index,
                                     const GArray *old_order,
                                     const GArray *order);

G_END_DECLS
