#pragma once

#include "qk-dialog.h"
#include "qk-message.h"

G_BEGIN_DECLS

/* Edits a message and has it delivered (again), in one change. It shows what changes, and follows the
 * queue: what is not possible any more, because the message was delivered or taken out meanwhile, is
 * said at once, and what can be done then.
 *
 * It emits "submit", see qk-dialog.h. */

#define QK_TYPE_EDIT_DIALOG (qk_edit_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkEditDialog, qk_edit_dialog, QK, EDIT_DIALOG, AdwWindow)

GtkWidget *qk_edit_dialog_new (GtkWindow *parent, QkStore *store, QkMessage *message);

G_END_DECLS
