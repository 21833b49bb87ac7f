#pragma once

#include "qk-dialog.h"

G_BEGIN_DECLS

/* Gives one value to all messages of a selection: another recipient, or another priority. It says how
 * many get it, and what is skipped and why, and follows the queue meanwhile.
 *
 * It emits "submit", see qk-dialog.h. */

#define QK_TYPE_SET_DIALOG (qk_set_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkSetDialog, qk_set_dialog, QK, SET_DIALOG, AdwWindow)

GtkWidget *qk_set_dialog_new_redirect (GtkWindow *parent, QkStore *store, QkPick *pick);
GtkWidget *qk_set_dialog_new_priority (GtkWindow *parent, QkStore *store, QkPick *pick);

G_END_DECLS
