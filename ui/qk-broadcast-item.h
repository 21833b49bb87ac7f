#pragma once

#include "qk-broadcast.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* A broadcast as a row of a list: the same object for as long as the broadcast is in the queue,
 * whatever becomes of its messages. ::changed tells when there is something new to be shown. */

#define QK_TYPE_BROADCAST_ITEM (qk_broadcast_item_get_type ())
G_DECLARE_FINAL_TYPE (QkBroadcastItem, qk_broadcast_item, QK, BROADCAST_ITEM, GObject)

QkBroadcastItem *qk_broadcast_item_new (QkBroadcasts *broadcasts, guint index);
const QkBroadcast *qk_broadcast_item_get (QkBroadcastItem *self);
const QkBroadcastCell *qk_broadcast_item_get_cell (QkBroadcastItem *self, guint agent);
QkBroadcasts *qk_broadcast_item_get_broadcasts (QkBroadcastItem *self);
guint qk_broadcast_item_get_index (QkBroadcastItem *self);
void qk_broadcast_item_move (QkBroadcastItem *self, QkBroadcasts *broadcasts, guint index);

G_END_DECLS
