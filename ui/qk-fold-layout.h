#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The layout of a widget with two children: the second one stands at the end of the first one where
 * there is room, and below it where there is none. */

#define QK_TYPE_FOLD_LAYOUT (qk_fold_layout_get_type ())
G_DECLARE_FINAL_TYPE (QkFoldLayout, qk_fold_layout, QK, FOLD_LAYOUT, GtkLayoutManager)

G_END_DECLS
