#pragma once

#include "qk-recovery.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What was found of a damaged queue: a sentence that sums it up, the files, the pieces of the
 * selected one, and the buttons for what can be done with it, which are actions of the dialog.
 *
 * Property: "all-of-backups" (boolean): what the operator wants to be used. */

#define QK_TYPE_SALVAGE_PAGE (qk_salvage_page_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvagePage, qk_salvage_page, QK, SALVAGE_PAGE, AdwBin)

void qk_salvage_page_set_recovery (QkSalvagePage *self, QkRecovery *recovery);
gboolean qk_salvage_page_get_all_of_backups (QkSalvagePage *self);
void qk_salvage_page_take_focus (QkSalvagePage *self);

G_END_DECLS
