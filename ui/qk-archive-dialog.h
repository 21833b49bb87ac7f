#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Archives delivered messages that are older than some days: shows which, and where to, before anything
 * is written. It cannot be closed while that is under way, so nobody is left in doubt.
 *
 * Signal: "archived" (string: what was done, for the operator; gint64: the operation by which it can be
 * undone, or 0), before it closes. */

#define QK_TYPE_ARCHIVE_DIALOG (qk_archive_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkArchiveDialog, qk_archive_dialog, QK, ARCHIVE_DIALOG, AdwWindow)

GtkWidget *qk_archive_dialog_new (GtkWindow *parent, QkStore *store);
void qk_archive_dialog_set_days (QkArchiveDialog *self, guint days);
void qk_archive_dialog_set_place (QkArchiveDialog *self, const char *path);

G_END_DECLS
