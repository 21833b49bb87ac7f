#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The layout of a pane that asks for no more width than it needs, whatever texts it holds, so that
 * the panes beside it fold when there is no room, and not when a text is long. */

GtkLayoutManager *qk_slim_layout_new (void);

G_END_DECLS
