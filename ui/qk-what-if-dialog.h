#pragma once

#include "qk-report.h"
#include "qk-what-if.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks what would have become of the saves of a report under another retry rule. Nothing is changed by
 * it. */

#define QK_TYPE_WHAT_IF_DIALOG (qk_what_if_dialog_get_type ())
G_DECLARE_FINAL_TYPE (QkWhatIfDialog, qk_what_if_dialog, QK, WHAT_IF_DIALOG, AdwWindow)

GtkWidget *qk_what_if_dialog_new (GtkWindow *parent, QkReport *report);
void qk_what_if_dialog_set_policy (QkWhatIfDialog *self, const QkRetryPolicy *policy);
const QkWhatIf *qk_what_if_dialog_get (QkWhatIfDialog *self);

G_END_DECLS
