#pragma once

#include "qk-change.h"
#include "qk-document.h"
#include "qk-pick.h"
#include "qk-result.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What the dialogs that change messages have in common: Escape and Ctrl+W close them, Ctrl+Return
 * does what they are for.
 *
 * Signal: "submit" (GPtrArray of QkChange): what is to be saved. The dialog is hidden then, and goes
 * when whoever made it has seen the changes arrive; where they do not, it can be shown again with all
 * that was typed. */

void qk_dialog_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc submit);
void qk_dialog_set_up (GtkWidget *dialog);
void qk_dialog_submit (GtkWidget *dialog, GPtrArray *changes);
void qk_dialog_retire (GtkWindow *dialog);
QkResult *qk_dialog_rehearse (QkDocument *document, GPtrArray *changes);

G_END_DECLS
