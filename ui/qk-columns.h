#pragma once

#include "qk-message-cell.h"
#include "qk-message-index.h"

G_BEGIN_DECLS

/* What each column of the message list is called, what it orders by, and how the operator wants them:
 * in which order, which of them, how wide. As a value for the settings that is a(sbi): name, whether
 * it is shown, width. */

/**
 * QkColumnState:
 * @column: a column
 * @visible: whether it is shown
 * @width: its width in pixels; -1 for what is left by the others
 */
typedef struct {
  QkColumn column;
  gboolean visible;
  int width;
} QkColumnState;

const char *qk_column_get_name (QkColumn column);
const char *qk_column_get_title (QkColumn column);
QkSortKey qk_column_get_sort_key (QkColumn column);
gboolean qk_column_find (const char *name, QkColumn *column);

void qk_columns_parse (GVariant *value, QkColumnState states[QK_N_COLUMNS]);
GVariant *qk_columns_format (const QkColumnState states[QK_N_COLUMNS]);

G_END_DECLS
