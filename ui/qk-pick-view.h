#pragma once

#include "qk-pick-row.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The messages of a dialog that archives, imports or restores: a list with words to find some of them,
 * a tick for each that can be picked, and the selected one beside the state that stands in the queue.
 * While the list is made, or where there is none, it says so.
 *
 * Signal: "picked", after other rows are picked than before, or other rows are there. */

#define QK_TYPE_PICK_VIEW (qk_pick_view_get_type ())
G_DECLARE_FINAL_TYPE (QkPickView, qk_pick_view, QK, PICK_VIEW, AdwBin)

void qk_pick_view_set_titles (QkPickView *self, const char *entry, const char *other);
void qk_pick_view_show_work (QkPickView *self, const char *text);
void qk_pick_view_show_notice (QkPickView *self,
                               const char *icon,
                               const char *title,
                               const char *text);
void qk_pick_view_show_rows (QkPickView *self, GPtrArray *rows, const char *summary);
const char *qk_pick_view_get_shown (QkPickView *self);
GListModel *qk_pick_view_get_rows (QkPickView *self);
guint qk_pick_view_count_picked (QkPickView *self, guint *n_danger);
GPtrArray *qk_pick_view_dup_picked (QkPickView *self);
void qk_pick_view_pick_all (QkPickView *self, gboolean picked);
void qk_pick_view_find (QkPickView *self, const char *words);
guint qk_pick_view_get_n_found (QkPickView *self);

G_END_DECLS
