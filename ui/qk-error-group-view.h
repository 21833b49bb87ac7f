#pragma once

#include "qk-query.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The errors of the messages that a query finds, what is alike together. They are counted beside the main
 * loop, and only while the view is shown.
 *
 * The most frequent stands first when the view is opened. After that rows keep their places, whatever
 * their numbers become: the one under the operator's hand must not become another.
 *
 * A row that is activated is shown with the action win.show-error; its buttons, Ctrl+R and Delete use
 * win.resend-error and win.purge-error.
 */

#define QK_TYPE_ERROR_GROUP_VIEW (qk_error_group_view_get_type ())
G_DECLARE_FINAL_TYPE (QkErrorGroupView, qk_error_group_view, QK, ERROR_GROUP_VIEW, AdwBin)

void qk_error_group_view_show (QkErrorGroupView *self, QkDocument *document, QkQuery *query);
void qk_error_group_view_stop (QkErrorGroupView *self);
void qk_error_group_view_update_time (QkErrorGroupView *self, gint64 now);
void qk_error_group_view_take_focus (QkErrorGroupView *self);
GListModel *qk_error_group_view_get_groups (QkErrorGroupView *self);

G_END_DECLS
