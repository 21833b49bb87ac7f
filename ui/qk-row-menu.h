#pragma once

#include "qk-message-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The menu of the rows of a list of messages: right click, Menu and Shift+F10 open it. What is done
 * there is done to the selection, so a row outside of it is selected first. */

GtkWidget *qk_row_menu_attach (GtkWidget *parent,
                               GtkColumnView *column_view,
                               QkMessageList *list,
                               GMenuModel *model);

G_END_DECLS
