#pragma once

#include "qk-message-selection.h"

G_BEGIN_DECLS

/* Says when a list is held still: while the operator has frozen it, and, where the settings say so,
 * while several of its messages are selected.
 *
 * Property: "frozen" (boolean): whether the operator has frozen it. */

#define QK_TYPE_LIST_HOLD (qk_list_hold_get_type ())
G_DECLARE_FINAL_TYPE (QkListHold, qk_list_hold, QK, LIST_HOLD, GObject)

QkListHold *qk_list_hold_new (QkMessageList *list, QkMessageSelection *selection);
gboolean qk_list_hold_get_frozen (QkListHold *self);
void qk_list_hold_set_frozen (QkListHold *self, gboolean frozen);
char *qk_list_hold_describe (QkListHold *self);

G_END_DECLS
