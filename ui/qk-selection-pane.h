#pragma once

#include "qk-message-selection.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What a selection of many consists of: how many, in which states, for whom, why they failed, how old.
 *
 * Many are counted in a worker; until that has ended it shows what it knew before. */

#define QK_TYPE_SELECTION_PANE (qk_selection_pane_get_type ())
G_DECLARE_FINAL_TYPE (QkSelectionPane, qk_selection_pane, QK, SELECTION_PANE, AdwBin)

void qk_selection_pane_show (QkSelectionPane *self, QkMessageSelection *selection);
char *qk_selection_pane_describe (QkMessageSelection *selection);

G_END_DECLS
