#pragma once

#include "qk-salvage-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What was found in one file: a table of its pieces, a filter, and the selected piece in full. */

#define QK_TYPE_SALVAGE_VIEW (qk_salvage_view_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvageView, qk_salvage_view, QK, SALVAGE_VIEW, AdwBin)

void qk_salvage_view_set_source (QkSalvageView *self, QkSalvageSource *source, GHashTable *used);
QkSalvageList *qk_salvage_view_get_list (QkSalvageView *self);
void qk_salvage_view_take_focus (QkSalvageView *self);

G_END_DECLS
