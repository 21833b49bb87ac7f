#include "qk-list-edits.h"

#define FIRST_GAP 8

static guint
get (const GArray *order, guint position)
{
  return g_array_index (order, guint, position);
}

static void
add_edit (GArray *edits, QkListEdit edit, guint gap)
{
  QkListEdit *last = edits->len > 0 ? &g_array_index (edits, QkListEdit, edits->len - 1) : NULL;

  if (last != NULL && edit.old_start - last->old_end <= gap)
    {
      last->old_end = edit.old_end;
      last->new_end = edit.new_end;
    }
  else
    g_array_append_val (edits, edit);
}

static GArray *
find_edits (const GArray *before, const GArray *after, QkListKept kept, gconstpointer data)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (QkListEdit));
  guint i = 0, j = 0;

  while (i < before->len || j < after->len)
    {
      if (i < before->len && j < after->len && get (before, i) == get (after, j))
        i++, j++;
      else if (i < before->len && !kept (get (before, i), data))
        {
          add_edit (edits, (QkListEdit){i, i + 1, j, j}, FIRST_GAP);
          i++;
        }
      else
        {
          g_assert (j < after->len && !kept (get (after, j), data));
          add_edit (edits, (QkListEdit){i, i, j, j + 1}, FIRST_GAP);
          j++;
        }
    }
  return edits;
}

/**
 * qk_list_edits_new: (skip)
 * @before: (element-type guint): the old order
 * @after: (element-type guint): the new order
 * @kept: which items stay among their neighbours
 * @data: for @kept
 *
 * An item that is not kept but stands in both orders at the same place among kept ones is no
 * change.
 *
 * Returns: (transfer full) (element-type QkListEdit): what changed, from front to back, in at most
 *   %QK_LIST_EDITS_MAX ranges
 */
GArray *
qk_list_edits_new (const GArray *before, const GArray *after, QkListKept kept, gconstpointer data)
{
  GArray *edits = find_edits (before, after, kept, data);

  for (guint gap = FIRST_GAP * 4; edits->len > QK_LIST_EDITS_MAX; gap *= 4)
    {
      GArray *fewer = g_array_new (FALSE, FALSE, sizeof (QkListEdit));

      for (guint i = 0; i < edits->len; i++)
        add_edit (fewer, g_array_index (edits, QkListEdit, i), gap);
      g_array_unref (edits);
      edits = fewer;
    }
  return edits;
}
