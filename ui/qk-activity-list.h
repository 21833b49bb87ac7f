#pragma once

#include "qk-activity-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The cells of the list of what was done. Each follows its operation. */

/**
 * QkActivityColumn:
 * @QK_ACTIVITY_COLUMN_NUMBER: its number
 * @QK_ACTIVITY_COLUMN_TIME: when
 * @QK_ACTIVITY_COLUMN_WHAT: what
 * @QK_ACTIVITY_COLUMN_WHO: by whom
 * @QK_ACTIVITY_COLUMN_STATE: how it ended
 * @QK_ACTIVITY_COLUMN_UNDO: a button that undoes it
 */
typedef enum {
  QK_ACTIVITY_COLUMN_NUMBER,
  QK_ACTIVITY_COLUMN_TIME,
  QK_ACTIVITY_COLUMN_WHAT,
  QK_ACTIVITY_COLUMN_WHO,
  QK_ACTIVITY_COLUMN_STATE,
  QK_ACTIVITY_COLUMN_UNDO,
} QkActivityColumn;
#define QK_N_ACTIVITY_COLUMNS (QK_ACTIVITY_COLUMN_UNDO + 1)

GtkListItemFactory *qk_activity_list_make_factory (QkActivityColumn column);

G_END_DECLS
