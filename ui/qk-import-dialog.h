#pragma once

#include "qk-changer.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Imports messages of another file: shows what is in it, what is in the queue already, and what comes
 * fixed, before anything is written. It compares with the queue as it is when it opens; what moved on
 * since is told when the changes arrive. */

#define QK_TYPE_IMPORT_DIALOG (qk_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkImportDialog, qk_import_dialog, QK, IMPORT_DIALOG, AdwWindow)

GtkWidget *qk_import_dialog_new (GtkWindow *parent,
                                 QkStore *store,
                                 QkChanger *changer,
                                 const char *path);

G_END_DECLS
