#pragma once

#include "qk-history.h"
#include "qk-report.h"

G_BEGIN_DECLS

/* How a queue fares: what stood in the way of it, counted from when this process opened it, kept in the
 * history for all who open it, and told in reports.
 *
 * It belongs to the main context in which it was made, as the store does, and nothing of it blocks: one
 * worker thread of its own does what has to do with the disk. Without a history, or with one that cannot
 * be used, it counts all the same and says what is missing.
 *
 * ::changed is emitted at most once per turn of the main loop, when a report would have something new to
 * tell: of this process at once, of others and of the swarm while somebody listens.
 */

#define QK_TYPE_HEALTH (qk_health_get_type ())
G_DECLARE_FINAL_TYPE (QkHealth, qk_health, QK, HEALTH, GObject)

QkHealth *qk_health_new (QkStore *store, QkHistory *history);
QkStore *qk_health_get_store (QkHealth *self);
const QkFigures *qk_health_get_session (QkHealth *self);
char *qk_health_dup_problem (QkHealth *self);
void qk_health_set_swarm_location (QkHealth *self, const char *path);
void qk_health_report_async (QkHealth *self,
                             QkPeriod period,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QkReport *qk_health_report_finish (QkHealth *self, GAsyncResult *result, GError **error);

G_END_DECLS
