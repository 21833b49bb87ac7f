#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Names and how many there are of each, under titles: what a large set of messages consists of. The
 * names are shown as text. */

/**
 * QK_COUNT_GRID_MAX:
 *
 * So many names stand under one title; what more there is is summed up.
 */
#define QK_COUNT_GRID_MAX 30

#define QK_TYPE_COUNT_GRID (qk_count_grid_get_type ())
G_DECLARE_FINAL_TYPE (QkCountGrid, qk_count_grid, QK, COUNT_GRID, AdwBin)

void qk_count_grid_clear (QkCountGrid *self);
void qk_count_grid_add_title (QkCountGrid *self, const char *title);
void qk_count_grid_add (QkCountGrid *self, const char *name, guint n);
void qk_count_grid_add_text (QkCountGrid *self, const char *name, const char *text);

G_END_DECLS
