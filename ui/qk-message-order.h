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
 * Marks an item that is not in the queue any more but still shown. The other bits are the number of
 * its #QkMessageGrave.
 */
#define QK_MESSAGE_ORDER_GRAVE (1U << 31)

/**
 * QkMessageGrave:
 * @document: (owned): the last version that it was in
 * @index: where it was
 * @row: (owned) (nullable): its row, if it was asked for
 */
typedef struct {
  QkDocument *document;
  guint index;
  QkMessage *row;
} QkMessageGrave;

void qk_message_grave_clear (gpointer data);
GArray *qk_message_order_new (QkMessageIndex *index);
void qk_message_order_translate (GArray *order,
                                 const QkMessageIndex *index,
                                 GArray *graves,
                                 QkDocument *document);
GArray *qk_message_order_find_edits (QkMessageIndex *index,
                                     const GArray *before,
                                     const GArray *order,
                                     gboolean changing);

G_END_DECLS
