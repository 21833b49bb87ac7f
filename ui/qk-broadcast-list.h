#pragma once

#include "qk-broadcast-item.h"
#include "qk-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The broadcasts of a store, followed beside the main loop while somebody looks at them: one search
 * at a time, changes in the meantime are merged.
 *
 * A broadcast keeps its row while others come and go, so the selection and the place in the list
 * stay. ::settled is emitted after each search. */

#define QK_TYPE_BROADCAST_LIST (qk_broadcast_list_get_type ())
G_DECLARE_FINAL_TYPE (QkBroadcastList, qk_broadcast_list, QK, BROADCAST_LIST, GObject)

QkBroadcastList *qk_broadcast_list_new (void);
void qk_broadcast_list_set_store (QkBroadcastList *self, QkStore *store);
void qk_broadcast_list_set_watched (QkBroadcastList *self, gboolean watched);
GListModel *qk_broadcast_list_get_model (QkBroadcastList *self);
QkBroadcasts *qk_broadcast_list_get_broadcasts (QkBroadcastList *self);

G_END_DECLS
