#pragma once

#include "qk-history.h"

G_BEGIN_DECLS

/* A row of the page of what was done: one operation. It stays the same row when its operation ends or
 * is undone; ::changed tells that. */

#define QK_TYPE_ACTIVITY_ITEM (qk_activity_item_get_type ())
G_DECLARE_FINAL_TYPE (QkActivityItem, qk_activity_item, QK, ACTIVITY_ITEM, GObject)

QkActivityItem *qk_activity_item_new (const QkHistoryOperation *operation, const char *recipient);
gboolean qk_activity_item_update (QkActivityItem *self,
                                  const QkHistoryOperation *operation,
                                  const char *recipient);
const QkHistoryOperation *qk_activity_item_get (QkActivityItem *self);
const char *qk_activity_item_get_recipient (QkActivityItem *self);
const char *qk_activity_item_get_folded (QkActivityItem *self);

G_END_DECLS
