#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What can be had of a damaged queue, file by file and piece by piece; from here the queue is
 * repaired, or a copy of the result is saved.
 *
 * It looks as soon as it is made, and writes nothing unless told to. While the queue is repaired it
 * cannot be closed, only cancelled: so nobody is left in doubt whether it was.
 *
 * Signal: "repaired" (string: what was done, for the operator), before it closes. */

#define QK_TYPE_SALVAGE_DIALOG (qk_salvage_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvageDialog, qk_salvage_dialog, QK, SALVAGE_DIALOG, AdwWindow)

GtkWidget *qk_salvage_dialog_new (GtkWindow *parent, QkStore *store);
void qk_salvage_dialog_set_read_only (QkSalvageDialog *self, gboolean read_only);
void qk_salvage_dialog_save_copy (QkSalvageDialog *self, const char *path);
const char *qk_salvage_dialog_get_shown (QkSalvageDialog *self);

G_END_DECLS
