#pragma once

#include "qk-history.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* What was done to a queue, as a list of QkActivityItem, the latest first. While it is followed, it is
 * looked at whenever this program has saved, and once a second for what others did; in a worker, since
 * the history may be locked. Rows come, go and change one by one. ::updated is emitted after a look
 * that brought anything new. */

#define QK_TYPE_ACTIVITY_LOG (qk_activity_log_get_type ())
G_DECLARE_FINAL_TYPE (QkActivityLog, qk_activity_log, QK, ACTIVITY_LOG, GObject)

QkActivityLog *qk_activity_log_new (void);
void qk_activity_log_set_queue (QkActivityLog *self, QkStore *store, QkHistory *history);
void qk_activity_log_set_followed (QkActivityLog *self, gboolean followed);
void qk_activity_log_look (QkActivityLog *self);
GListModel *qk_activity_log_get_model (QkActivityLog *self);
gboolean qk_activity_log_get_loaded (QkActivityLog *self);
const char *qk_activity_log_get_problem (QkActivityLog *self);
QkHistory *qk_activity_log_get_history (QkActivityLog *self);

G_END_DECLS
