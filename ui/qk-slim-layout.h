#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The layout of a pane that asks for no more width than it needs, or than it is told, whatever texts it
 * holds, so that the panes beside it fold when there is no room, and not when a text is long. */

#define QK_TYPE_SLIM_LAYOUT (qk_slim_layout_get_type ())
G_DECLARE_FINAL_TYPE (QkSlimLayout, qk_slim_layout, QK, SLIM_LAYOUT, GtkLayoutManager)

GtkLayoutManager *qk_slim_layout_new (void);

G_END_DECLS
