#pragma once

#include "qk-error-group-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The widget of a group of errors: what went wrong, how often, and what can be done about all of it.
 * One serves for one group after the other as the view is scrolled. */

#define QK_TYPE_ERROR_GROUP_ROW (qk_error_group_row_get_type ())
G_DECLARE_FINAL_TYPE (QkErrorGroupRow, qk_error_group_row, QK, ERROR_GROUP_ROW, AdwBin)

GtkWidget *qk_error_group_row_new (void);
void qk_error_group_row_set_item (QkErrorGroupRow *self, QkErrorGroupItem *item);
void qk_error_group_row_update_time (QkErrorGroupRow *self, gint64 now);

G_END_DECLS
