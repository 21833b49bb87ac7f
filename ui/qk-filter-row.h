#pragma once

#include "qk-facet.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of the menu of filters: a value of a facet, how many messages have it, and a mark where it is
 * asked for. */

#define QK_TYPE_FILTER_ROW (qk_filter_row_get_type ())
G_DECLARE_FINAL_TYPE (QkFilterRow, qk_filter_row, QK, FILTER_ROW, GtkListBoxRow)

GtkWidget *qk_filter_row_new (QkFacet facet, const char *value, guint n_messages);
QkFacet qk_filter_row_get_facet (QkFilterRow *self);
const char *qk_filter_row_get_value (QkFilterRow *self);
void qk_filter_row_set_active (QkFilterRow *self, gboolean active);

G_END_DECLS
