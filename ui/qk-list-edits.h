#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What changed between two orders of a list, in few ranges. */

/**
 * QkListEdit:
 *
 * The items [old_start, old_end) of the old order gave way to [new_start, new_end) of the new one.
 */
typedef struct {
  guint old_start;
  guint old_end;
  guint new_start;
  guint new_end;
} QkListEdit;

/**
 * QK_LIST_EDITS_MAX:
 *
 * More ranges than this are drawn together, items that stay between them included.
 */
#define QK_LIST_EDITS_MAX 24

/**
 * QkListKept:
 * @id: an item
 * @data: the caller's
 *
 * Returns: whether the item is in both orders, and before and after the same kept items in both
 */
typedef gboolean (*QkListKept) (guint id, gconstpointer data);

GArray *qk_list_edits_new (const GArray *before,
                           const GArray *after,
                           QkListKept kept,
                           gconstpointer data);

G_END_DECLS
