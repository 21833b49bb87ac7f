#pragma once

#include "qk-activity-item.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page of what was done to a queue: by this program, by others of its user, and by the swarm where
 * messages disappeared. It is followed while it is seen. To undo is the window's action.
 *
 * ::selected is emitted when another operation is selected or what can be done about it has changed,
 * ::show-message with the id of a message that the operator wants to see. */

#define QK_TYPE_ACTIVITY_PAGE (qk_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (QkActivityPage, qk_activity_page, QK, ACTIVITY_PAGE, AdwBin)

void qk_activity_page_set_queue (QkActivityPage *self, QkStore *store, QkHistory *history);
gint64 qk_activity_page_get_undoable (QkActivityPage *self);
GtkSingleSelection *qk_activity_page_get_selection (QkActivityPage *self);
const char *qk_activity_page_get_shown (QkActivityPage *self);
void qk_activity_page_take_focus (QkActivityPage *self);

G_END_DECLS
