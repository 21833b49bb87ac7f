#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children of the same size: all in a row, or half of them, a quarter and so on, as there is room. Each
 * row is full, the last one with wider ones. */

#define QK_TYPE_TILE_LAYOUT (qk_tile_layout_get_type ())
G_DECLARE_FINAL_TYPE (QkTileLayout, qk_tile_layout, QK, TILE_LAYOUT, GtkLayoutManager)

G_END_DECLS
