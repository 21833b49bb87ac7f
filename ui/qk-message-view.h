#pragma once

#include "qk-column-set.h"
#include "qk-message-selection.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The table of messages: its columns, what a click on their titles does, and the cells that follow
 * the time. */

#define QK_TYPE_MESSAGE_VIEW (qk_message_view_get_type ())
G_DECLARE_FINAL_TYPE (QkMessageView, qk_message_view, QK, MESSAGE_VIEW, AdwBin)

void qk_message_view_set_list (QkMessageView *self,
                               QkMessageList *list,
                               QkMessageSelection *selection);
void qk_message_view_update_time (QkMessageView *self, gint64 now);
void qk_message_view_select_all (QkMessageView *self);
void qk_message_view_scroll_to (QkMessageView *self, guint position);
QkColumnSet *qk_message_view_get_columns (QkMessageView *self);
void qk_message_view_take_focus (QkMessageView *self);

G_END_DECLS
