#pragma once

#include "qk-filter.h"
#include "qk-store.h"
#include "qk-swarm-grid.h"
#include "qk-swarm.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page of the swarm: how long messages wait and for whom, who is silent, who is addressed and not
 * there, what is said again and again, and how much room is left in the queue.
 *
 * The queue is looked into only while the page is seen. Showing messages is the window's business. */

#define QK_TYPE_SWARM_PAGE (qk_swarm_page_get_type ())
G_DECLARE_FINAL_TYPE (QkSwarmPage, qk_swarm_page, QK, SWARM_PAGE, AdwBin)

/* Signal: "show-messages" (pointer: a QkFilter that finds them). */
void qk_swarm_page_set_store (QkSwarmPage *self, QkStore *store);
const QkSwarm *qk_swarm_page_get_swarm (QkSwarmPage *self);
QkSwarmGrid *qk_swarm_page_get_grid (QkSwarmPage *self);
void qk_swarm_page_take_focus (QkSwarmPage *self);

G_END_DECLS
