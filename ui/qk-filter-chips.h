#pragma once

#include "qk-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The values that are asked for, each a chip that a click removes. Hidden where there are none. */

#define QK_TYPE_FILTER_CHIPS (qk_filter_chips_get_type ())
G_DECLARE_FINAL_TYPE (QkFilterChips, qk_filter_chips, QK, FILTER_CHIPS, AdwBin)

void qk_filter_chips_set_filter (QkFilterChips *self, QkFilter *filter);

G_END_DECLS
