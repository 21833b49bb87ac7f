#pragma once

#include "qk-changer.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Brings messages back from a backup: lists the backups, shows how the chosen one differs from the
 * queue, and takes over what the operator picks. The file is never replaced: what is picked are changes
 * like all others, and can be undone. */

#define QK_TYPE_RESTORE_DIALOG (qk_restore_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkRestoreDialog, qk_restore_dialog, QK, RESTORE_DIALOG, AdwWindow)

GtkWidget *qk_restore_dialog_new (GtkWindow *parent, QkStore *store, QkChanger *changer);

G_END_DECLS
