#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Goes through a window with the Tab key, as it is pressed at a keyboard, and tells what it does not come
 * to: of what can be used there, and is shown and sensitive. A list, a grid, and a control that is made of
 * several count once: arrow keys move within.
 */

void qk_tab_walk_press (GtkWindow *window, const char *accelerator);
GPtrArray *qk_tab_walk_collect (GtkWidget *root);
guint qk_tab_walk_check (GtkWindow *window, GtkWidget *root, const char *view, GString *problems);
char *qk_tab_walk_describe (GtkWidget *widget);

G_END_DECLS
