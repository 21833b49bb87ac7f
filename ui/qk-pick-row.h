#pragma once

#include "qk-entry.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* One message in a list from which the operator picks: what it is, how it stands with the queue, and
 * whether it is picked. Made in any thread; changed in the main one. */

#define QK_TYPE_PICK_ROW (qk_pick_row_get_type ())
G_DECLARE_FINAL_TYPE (QkPickRow, qk_pick_row, QK, PICK_ROW, GObject)

/**
 * QkPickState:
 * @QK_PICK_FIXED: it is not to be picked: it goes, or stays, with all others
 * @QK_PICK_OFF: it can be picked
 * @QK_PICK_ON: it is picked
 * @QK_PICK_DANGER: it can be picked, but only by itself
 */
typedef enum {
  QK_PICK_FIXED,
  QK_PICK_OFF,
  QK_PICK_ON,
  QK_PICK_DANGER,
} QkPickState;

QkPickRow *qk_pick_row_new (gpointer owner,
                            GDestroyNotify unref,
                            guint index,
                            const QkEntry *entry,
                            const QkEntry *other,
                            const char *word,
                            const char *note,
                            QkPickState state);
guint qk_pick_row_get_index (QkPickRow *self);
const QkEntry *qk_pick_row_get_entry (QkPickRow *self);
const QkEntry *qk_pick_row_get_other (QkPickRow *self);
const char *qk_pick_row_get_word (QkPickRow *self);
const char *qk_pick_row_get_note (QkPickRow *self);
gboolean qk_pick_row_can_pick (QkPickRow *self);
gboolean qk_pick_row_is_danger (QkPickRow *self);
gboolean qk_pick_row_is_picked (QkPickRow *self);
void qk_pick_row_set_picked (QkPickRow *self, gboolean picked);

G_END_DECLS
