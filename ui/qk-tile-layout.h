#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children of the same size in full rows: eight in a row, or four, two, one, as there is room. */

#define QK_TYPE_TILE_LAYOUT (qk_tile_layout_get_type ())
G_DECLARE_FINAL_TYPE (QkTileLayout, qk_tile_layout, QK, TILE_LAYOUT, GtkLayoutManager)

G_END_DECLS
