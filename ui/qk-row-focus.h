#pragma once

#include "qk-message-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The row of the message list that has the keyboard. GTK 4.8 gives the keyboard to a row out of sight,
 * and to a neighbour when a row moves; here it goes to a row that is seen, and follows its message
 * wherever others put it. What the operator asks for is shown from its beginning. It lives as long as
 * the view. */

typedef struct _QkRowFocus QkRowFocus;

QkRowFocus *qk_row_focus_new (GtkColumnView *view, QkMessageList *list);
void qk_row_focus_free (QkRowFocus *self);
gboolean qk_row_focus_take (QkRowFocus *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRowFocus, qk_row_focus_free)

G_END_DECLS
