#pragma once

#include "qk-activity-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One operation in full: what, who, how it ended, whether it can be undone, and which messages it
 * changed. These are read from the history in a worker. ::show-message is emitted with the id of a
 * message that the operator wants to see. */

#define QK_TYPE_ACTIVITY_DETAIL (qk_activity_detail_get_type ())
G_DECLARE_FINAL_TYPE (QkActivityDetail, qk_activity_detail, QK, ACTIVITY_DETAIL, AdwBin)

void qk_activity_detail_set_history (QkActivityDetail *self, QkHistory *history, const char *key);
void qk_activity_detail_set_item (QkActivityDetail *self, QkActivityItem *item);
GListModel *qk_activity_detail_get_entries (QkActivityDetail *self);
void qk_activity_detail_take_focus (QkActivityDetail *self);

G_END_DECLS
