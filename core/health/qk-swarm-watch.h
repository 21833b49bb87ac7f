#pragma once

#include "qk-deliveries.h"
#include "qk-swarm-metrics.h"

#include "platform/qk-platform.h"

G_BEGIN_DECLS

/* Finds the swarm's own files of figures, and reads them anew whenever they change.
 *
 * `file_locking_metrics.json` is looked for beside the queue, in the folder `data` there, and likewise
 * in the two folders above, unless it is set; `metrics.json` beside the queue. Neither need be there.
 * They are read in a worker thread, with every sharing right granted to others. A version that is cut
 * off, or cannot be read, leaves the last good one in place; once that is more than a writer at work,
 * the problem is told.
 *
 * Until it has looked for the first time nothing is known. ::looked is emitted when it has, once.
 */

#define QK_TYPE_SWARM_WATCH (qk_swarm_watch_get_type ())
G_DECLARE_FINAL_TYPE (QkSwarmWatch, qk_swarm_watch, QK, SWARM_WATCH, GObject)

QkSwarmWatch *qk_swarm_watch_new (const char *queue);
QkSwarmWatch *qk_swarm_watch_new_with_platform (const char *queue, const QkPlatform *platform);
void qk_swarm_watch_set_location (QkSwarmWatch *self, const char *path);
gboolean qk_swarm_watch_has_looked (QkSwarmWatch *self);
QkSwarmMetrics *qk_swarm_watch_dup_metrics (QkSwarmWatch *self);
char *qk_swarm_watch_dup_location (QkSwarmWatch *self);
QkDeliveries *qk_swarm_watch_dup_deliveries (QkSwarmWatch *self);
char *qk_swarm_watch_dup_problem (QkSwarmWatch *self);

G_END_DECLS
