#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One saved filter in the sidebar: its name, and how many messages it finds. */

#define QK_TYPE_SAVED_FILTER_ROW (qk_saved_filter_row_get_type ())
G_DECLARE_FINAL_TYPE (QkSavedFilterRow, qk_saved_filter_row, QK, SAVED_FILTER_ROW, GtkListBoxRow)

GtkWidget *qk_saved_filter_row_new (const char *name, const char *text, const char *problem);
const char *qk_saved_filter_row_get_name (QkSavedFilterRow *self);
const char *qk_saved_filter_row_get_text (QkSavedFilterRow *self);
void qk_saved_filter_row_set_count (QkSavedFilterRow *self, guint n_messages);
void qk_saved_filter_row_set_active (QkSavedFilterRow *self, gboolean active);

G_END_DECLS
