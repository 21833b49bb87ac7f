#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A swarm at work on one queue file: agents, the captain and a person on Discord who enqueue, and
 * a processor that delivers. Every one of them loads the list, changes it and saves it a moment
 * later, so they undo each other's changes, and the operator's, as the real ones do.
 *
 * It runs by timers of the default main context, until it is freed.
 */

#define QK_SWARM_DEFAULT_RATE 30
#define QK_SWARM_MAX_RATE     6000
#define QK_SWARM_MAX_ENTRIES  1000

typedef struct _QkSwarm QkSwarm;

QkSwarm *qk_swarm_new (const char *path, guint rate, guint32 seed);
void qk_swarm_free (QkSwarm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSwarm, qk_swarm_free)

G_END_DECLS
