#pragma once

#include "qk-dialog.h"

G_BEGIN_DECLS

/* Writes a new message to one agent, to several, or to all that are active: a broadcast. It tells live
 * what is missing, what is sent to whom, and what the swarm would not take well.
 *
 * Closed, it keeps what was typed: whoever made it shows it again, or destroys it. It emits "submit",
 * see qk-dialog.h. */

#define QK_TYPE_COMPOSE_DIALOG (qk_compose_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkComposeDialog, qk_compose_dialog, QK, COMPOSE_DIALOG, AdwWindow)

GtkWidget *qk_compose_dialog_new (GtkWindow *parent, QkStore *store, gboolean broadcast);
void qk_compose_dialog_choose (QkComposeDialog *self, const char *agent);
gboolean qk_compose_dialog_is_broadcast (QkComposeDialog *self);
gboolean qk_compose_dialog_is_touched (QkComposeDialog *self);
QkStore *qk_compose_dialog_get_store (QkComposeDialog *self);

G_END_DECLS
