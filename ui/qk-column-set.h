#pragma once

#include "qk-columns.h"

G_BEGIN_DECLS

/* The columns of one message list: their order, which are shown and how wide they are, as the operator
 * wants them. They are as the settings say when the view is made; what the operator changes after that,
 * by title, menu or dialog, is kept there. What another window keeps is no business of this one.
 *
 * It adds the actions `columns.NAME`, one for each column, and `columns.reset` to the view.
 *
 * Signal: "changed": the columns are in another order, or others are shown. */

#define QK_TYPE_COLUMN_SET (qk_column_set_get_type ())
G_DECLARE_FINAL_TYPE (QkColumnSet, qk_column_set, QK, COLUMN_SET, GObject)

QkColumnSet *qk_column_set_new (GtkColumnView *view);
GtkColumnViewColumn *qk_column_set_get_column (QkColumnSet *self, QkColumn column);
void qk_column_set_get_states (QkColumnSet *self, QkColumnState states[QK_N_COLUMNS]);
void qk_column_set_show (QkColumnSet *self, QkColumn column, gboolean visible);
void qk_column_set_move (QkColumnSet *self, QkColumn column, int by);
void qk_column_set_reset (QkColumnSet *self);

G_END_DECLS
