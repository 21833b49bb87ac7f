#pragma once

#include "qk-result.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What was left as it is by a change, with the reasons: a list that can be copied (Ctrl+C). */

#define QK_TYPE_SKIP_DIALOG (qk_skip_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkSkipDialog, qk_skip_dialog, QK, SKIP_DIALOG, AdwWindow)

GtkWidget *qk_skip_dialog_new (GtkWindow *parent, const QkResult *result);
char *qk_skip_dialog_dup_text (QkSkipDialog *self);

G_END_DECLS
