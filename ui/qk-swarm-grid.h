#pragma once

#include "qk-swarm.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long messages wait and for whom: a row for each recipient, a column for each age, in each cell
 * how many are pending, the more the stronger its shade. The arrow keys go from cell to cell; Enter
 * or a click shows its messages.
 *
 * Rows and cells stay as long as their recipients do: only what they say changes. */

/**
 * QK_SWARM_GRID_MAX_OTHERS:
 *
 * So many recipients that are no agents have a row of their own.
 */
#define QK_SWARM_GRID_MAX_OTHERS 16

#define QK_TYPE_SWARM_GRID (qk_swarm_grid_get_type ())
G_DECLARE_FINAL_TYPE (QkSwarmGrid, qk_swarm_grid, QK, SWARM_GRID, GtkWidget)

/* Signal: "activated" (string, nullable: the recipient, NULL for all; guint: the number of the age, or
 * QK_SWARM_N_AGES for all), when the messages of a cell are to be shown. */
void qk_swarm_grid_set_swarm (QkSwarmGrid *self, const QkSwarm *swarm);
void qk_swarm_grid_take_focus (QkSwarmGrid *self);
GtkWidget *qk_swarm_grid_get_cell (QkSwarmGrid *self, const char *agent, guint age);

G_END_DECLS
