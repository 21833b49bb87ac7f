#pragma once

#include "qk-store.h"
#include "qk-swarm.h"

G_BEGIN_DECLS

/* Follows what a queue tells of its swarm, as long as somebody looks at it: found out in a worker, anew
 * when the queue or its agents change, and now and then since ages do. */

#define QK_TYPE_SWARM_FOLLOWER (qk_swarm_follower_get_type ())
G_DECLARE_FINAL_TYPE (QkSwarmFollower, qk_swarm_follower, QK, SWARM_FOLLOWER, GObject)

/* Signal: "told", after qk_swarm_follower_get_swarm() has become another one. */
QkSwarmFollower *qk_swarm_follower_new (void);
void qk_swarm_follower_set_store (QkSwarmFollower *self, QkStore *store);
void qk_swarm_follower_set_watched (QkSwarmFollower *self, gboolean watched);
const QkSwarm *qk_swarm_follower_get_swarm (QkSwarmFollower *self);

G_END_DECLS
