#pragma once

#include "qk-list-edits.h"

G_BEGIN_DECLS

/* What a list shows while one order gives way to another: GTK 4.8 keeps widgets for some 200 rows, and to
 * make them anew takes longer than a frame. So a change that touches many of these is made a few rows
 * at a time, from the top of what is seen, and of those that have no widgets all at once.
 *
 * An item is a number; the stage does not know what it stands for.
 */

typedef struct _QkListStage QkListStage;

/**
 * QkListStageFuncs:
 * @is_seen: whether a row of @item has widgets
 * @renewed: most of what has widgets is to leave; nothing was changed yet
 * @changed: the items on the stage changed so
 */
typedef struct {
  gboolean (*is_seen) (guint item, gpointer data);
  void (*renewed) (gpointer data);
  void (*changed) (guint position, guint removed, guint added, gpointer data);
} QkListStageFuncs;

/**
 * QK_LIST_STAGE_ROWS:
 *
 * So many rows with widgets are changed in one step.
 */
#define QK_LIST_STAGE_ROWS 6

/**
 * QK_LIST_STAGE_SIGHT:
 *
 * More rows than this are not on the screen at once, as a rule.
 */
#define QK_LIST_STAGE_SIGHT 30

/**
 * QK_LIST_STAGE_WINDOW:
 *
 * GTK keeps widgets for no more rows than this.
 */
#define QK_LIST_STAGE_WINDOW 210

QkListStage *qk_list_stage_new (const QkListStageFuncs *funcs, gpointer data);
void qk_list_stage_free (QkListStage *self);
void qk_list_stage_set_paced (QkListStage *self, gboolean paced);
gboolean qk_list_stage_is_paced (const QkListStage *self);
GArray *qk_list_stage_get_items (QkListStage *self);
void qk_list_stage_change (QkListStage *self, GArray *order, GArray *edits);
void qk_list_stage_drop (QkListStage *self);
gboolean qk_list_stage_step (QkListStage *self);
gboolean qk_list_stage_is_changing (const QkListStage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkListStage, qk_list_stage_free)

G_END_DECLS
