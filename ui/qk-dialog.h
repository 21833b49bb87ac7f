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

/**
 * QkSeen:
 * @document: the version of the queue
 * @entries: (element-type QkEntry): some of its entries
 *
 * Messages as the operator saw them when the dialog opened.
 */
typedef struct {
  QkDocument *document; /* owned */
  GPtrArray *entries;   /* owned, its elements are borrowed from @document */
} QkSeen;

QkSeen *qk_seen_new (const QkPick *pick);
void qk_seen_free (QkSeen *self);

void qk_dialog_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc submit);
void qk_dialog_set_up (GtkWidget *dialog);
void qk_dialog_submit (GtkWidget *dialog, GPtrArray *changes);
void qk_dialog_retire (GtkWindow *dialog);
QkResult *qk_dialog_rehearse (QkStore *store, GPtrArray *changes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSeen, qk_seen_free)

G_END_DECLS
