#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows what changes in a text, line by line: each line has a sign and a colour, and says to a screen
 * reader what becomes of it. Long stretches without a change are left out. */

#define QK_TYPE_DIFF_VIEW (qk_diff_view_get_type ())
G_DECLARE_FINAL_TYPE (QkDiffView, qk_diff_view, QK, DIFF_VIEW, AdwBin)

void qk_diff_view_set_texts (QkDiffView *self, const char *before, const char *after);

G_END_DECLS
