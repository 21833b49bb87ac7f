#pragma once

#include "qk-column-set.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Chooses and orders the columns of a message list. What is changed is seen in the list at once, and
 * what is changed there meanwhile is seen here.
 *
 * Keys: Space shows or hides the column of the row, Alt+Up and Alt+Down move it. */

#define QK_TYPE_COLUMNS_DIALOG (qk_columns_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkColumnsDialog, qk_columns_dialog, QK, COLUMNS_DIALOG, AdwWindow)

GtkWidget *qk_columns_dialog_new (GtkWindow *parent, QkColumnSet *columns);

G_END_DECLS
