#pragma once

#include "qk-broadcast-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A cell of the matrix of broadcasts: what one says, how old it is, how many it reached, or how far
 * it got with an agent. It reads its broadcast again when that changes, and when the page tells that
 * time has passed. */

/**
 * QkBroadcastColumn:
 *
 * The columns that there are besides those of the agents; these are the numbers from
 * %QK_BROADCAST_COLUMN_AGENT on.
 */
typedef enum {
  QK_BROADCAST_COLUMN_MESSAGE,
  QK_BROADCAST_COLUMN_AGE,
  QK_BROADCAST_COLUMN_REACHED,
  QK_BROADCAST_COLUMN_AGENT,
} QkBroadcastColumn;

#define QK_TYPE_BROADCAST_MATRIX_CELL (qk_broadcast_matrix_cell_get_type ())
G_DECLARE_FINAL_TYPE (QkBroadcastMatrixCell,
                      qk_broadcast_matrix_cell,
                      QK,
                      BROADCAST_MATRIX_CELL,
                      GtkWidget)

GtkWidget *qk_broadcast_matrix_cell_new (guint column);
void qk_broadcast_matrix_cell_set_item (QkBroadcastMatrixCell *self, QkBroadcastItem *item);
void qk_broadcast_matrix_cell_update_time (QkBroadcastMatrixCell *self, gint64 now);

G_END_DECLS
