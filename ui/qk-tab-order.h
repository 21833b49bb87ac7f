#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Tab goes past a list in one step, to what comes after it: within it the arrow keys move. GTK 4.8 goes
 * from row to row instead, of thousands, and in a list of which one row is chosen it chooses each that it
 * comes by. What can be used in the row that has the keyboard comes before that. Lists without a choice
 * are forms, and left to GTK; so are those of menus.
 */

void qk_tab_order_install (void);

G_END_DECLS
