#pragma once

#include "qk-message-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What the operator looks for in a list: a field for words, a menu of filters, a chip for each that is
 * on, and how many messages of all are shown. Typing anywhere on the page goes to the field.
 */

#define QK_TYPE_FIND_BAR (qk_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (QkFindBar, qk_find_bar, QK, FIND_BAR, AdwBin)

void qk_find_bar_set_list (QkFindBar *self, QkMessageList *list);
void qk_find_bar_set_document (QkFindBar *self, QkDocument *document);
void qk_find_bar_set_key_capture (QkFindBar *self, GtkWidget *widget);
void qk_find_bar_take_focus (QkFindBar *self);
void qk_find_bar_open_menu (QkFindBar *self);
void qk_find_bar_set_filter (QkFindBar *self, QkFilter *filter);
void qk_find_bar_clear (QkFindBar *self);

G_END_DECLS
