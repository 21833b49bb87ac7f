#pragma once

#include "qk-salvage-row.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One piece of a damaged file in full: what it is, where, its bytes as text, and what a repair made
 * of them. Long ones are cut: a label of megabytes would stop the window. */

#define QK_TYPE_SALVAGE_DETAIL (qk_salvage_detail_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvageDetail, qk_salvage_detail, QK, SALVAGE_DETAIL, AdwBin)

void qk_salvage_detail_set_row (QkSalvageDetail *self, QkSalvageRow *row);

G_END_DECLS
