#include "qk-list-stage.h"

struct _QkListStage {
  const QkListStageFuncs *funcs; /* borrowed */
  gpointer data;
  gboolean paced;
  GArray *items; /* owned: guint, what is on the stage */

  /* While it changes: up to @done the items are those of @order; then follow @n_old old ones that give
   * way to those of @order up to the end of the edit, then what stays. */
  GArray *order; /* owned, nullable: what is to be on the stage */
  GArray *edits; /* owned, nullable: QkListEdit */
  guint edit;
  guint done;
  guint n_old;
};

/**
 * qk_list_stage_new: (skip)
 * @funcs: what it asks and tells; must outlive it
 * @data: for @funcs
 *
 * Returns: (transfer full): an empty stage that changes at once
 */
QkListStage *
qk_list_stage_new (const QkListStageFuncs *funcs, gpointer data)
{
  QkListStage *self = g_new0 (QkListStage, 1);

  self->funcs = funcs;
  self->data = data;
  self->items = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/**
 * qk_list_stage_free: (skip)
 * @self: (transfer full): a stage
 *
 * Frees it.
 */
void
qk_list_stage_free (QkListStage *self)
{
  g_array_unref (self->items);
  g_clear_pointer (&self->order, g_array_unref);
  g_clear_pointer (&self->edits, g_array_unref);
  g_free (self);
}

/**
 * qk_list_stage_set_paced: (skip)
 * @self: a stage
 * @paced: whether what changes has widgets, so that steps are to be small
 *
 * Sets that.
 */
void
qk_list_stage_set_paced (QkListStage *self, gboolean paced)
{
  self->paced = paced;
}

/**
 * qk_list_stage_is_paced: (skip)
 * @self: a stage
 *
 * Returns: whether steps are to be small
 */
gboolean
qk_list_stage_is_paced (const QkListStage *self)
{
  return self->paced;
}

/**
 * qk_list_stage_get_items: (skip)
 * @self: a stage
 *
 * Returns: (transfer none) (element-type guint): what is on it
 */
GArray *
qk_list_stage_get_items (QkListStage *self)
{
  return self->items;
}

static gboolean
is_seen (QkListStage *self, guint position)
{
  return position < self->items->len &&
         self->funcs->is_seen (g_array_index (self->items, guint, position), self->data);
}

/* Whether rows that are put in at @position get widgets. */
static gboolean
is_in_window (QkListStage *self, guint position)
{
  return self->items->len < QK_LIST_STAGE_WINDOW || is_seen (self, position) ||
         (position > 0 && is_seen (self, position - 1));
}

static void
replace (QkListStage *self, guint position, guint removed, guint added)
{
  if (removed > 0)
    g_array_remove_range (self->items, position, removed);
  if (added > 0)
    g_array_insert_vals (self->items, position, &g_array_index (self->order, guint, self->done),
                         added);
  self->n_old -= removed;
  self->done += added;
  self->funcs->changed (position, removed, added, self->data);
}

static gboolean
is_small (const QkListEdit *edit)
{
  return edit->old_end - edit->old_start > 0 &&
         edit->old_end - edit->old_start <= QK_LIST_STAGE_ROWS * 2 &&
         edit->new_end - edit->new_start <= QK_LIST_STAGE_ROWS * 2;
}

/* Makes one step of the current edit. Returns how many widgets of rows it takes, more or less. */
static guint
make_step (QkListStage *self, const QkListEdit *edit)
{
  guint n_new = edit->new_end - self->done;
  guint start = self->done, n_head = 0, n_body = self->n_old, n_added;

  /* Rows that stay within a small edit must not lose the keyboard. */
  if (!self->paced || (is_small (edit) && start == edit->new_start &&
                       self->n_old == edit->old_end - edit->old_start))
    {
      replace (self, start, self->n_old, n_new);
      return self->paced ? n_new : 0;
    }
  while (n_head < n_body && !is_seen (self, start + n_head))
    n_head++;
  while (n_body > n_head && !is_seen (self, start + n_body - 1))
    n_body--;
  /* What nobody sees behind what is seen, so that it does not come into sight. */
  if (n_body > n_head && n_body < self->n_old)
    {
      replace (self, start + n_body, self->n_old - n_body, 0);
      return 0;
    }
  if (n_body > n_head && n_head > 0)
    {
      replace (self, start, n_head, MIN (n_head, n_new));
      return 0;
    }
  /* What is put in above rows with widgets has GTK style all of these anew; so there are to be few. */
  if (n_body > n_head && n_body > QK_LIST_STAGE_SIGHT)
    {
      n_head = MIN (n_body - QK_LIST_STAGE_SIGHT, QK_LIST_STAGE_ROWS * 2);
      replace (self, start + n_body - n_head, n_head, 0);
      return QK_LIST_STAGE_ROWS;
    }
  if (n_body > n_head)
    {
      n_added = MIN (n_new, QK_LIST_STAGE_ROWS);
      replace (self, start, MIN (n_body, QK_LIST_STAGE_ROWS), n_added);
      return QK_LIST_STAGE_ROWS;
    }
  n_added = is_in_window (self, start) || is_in_window (self, start + self->n_old)
                ? MIN (n_new, QK_LIST_STAGE_ROWS)
                : n_new;
  replace (self, start, self->n_old, n_added);
  return n_added == n_new ? 0 : n_added;
}

/**
 * qk_list_stage_step: (skip)
 * @self: a stage
 *
 * Goes on with the change, for as long as it takes no more than %QK_LIST_STAGE_ROWS rows with widgets.
 *
 * Returns: whether there is more to change
 */
gboolean
qk_list_stage_step (QkListStage *self)
{
  for (guint n_rows = 0; self->edits != NULL && n_rows < QK_LIST_STAGE_ROWS;)
    {
      const QkListEdit *edit = &g_array_index (self->edits, QkListEdit, self->edit);

      if (self->n_old > 0 || self->done < edit->new_end)
        {
          n_rows += make_step (self, edit);
          continue;
        }
      if (++self->edit < self->edits->len)
        {
          edit = &g_array_index (self->edits, QkListEdit, self->edit);
          self->done = edit->new_start;
          self->n_old = edit->old_end - edit->old_start;
          continue;
        }
      g_clear_pointer (&self->edits, g_array_unref);
      g_clear_pointer (&self->order, g_array_unref);
    }
  return self->edits != NULL;
}

/**
 * qk_list_stage_drop: (skip)
 * @self: a stage
 *
 * Does not go on with the change.
 */
void
qk_list_stage_drop (QkListStage *self)
{
  g_clear_pointer (&self->edits, g_array_unref);
  g_clear_pointer (&self->order, g_array_unref);
}

/* How many rows with widgets are to leave. */
static guint
count_seen (QkListStage *self)
{
  guint n_seen = 0;

  for (guint i = 0; i < self->edits->len; i++)
    {
      const QkListEdit *edit = &g_array_index (self->edits, QkListEdit, i);

      /* Positions are those of before: nothing was changed yet. */
      for (guint k = edit->old_start; k < edit->old_end; k++)
        n_seen += is_seen (self, k);
    }
  return n_seen;
}

/* Where most of what has widgets leaves, all gives way from the first change to the end. */
static void
join_edits (QkListStage *self)
{
  QkListEdit whole = g_array_index (self->edits, QkListEdit, 0);

  whole.old_end = self->items->len;
  whole.new_end = self->order->len;
  g_array_unref (self->edits);
  self->edits = g_array_new (FALSE, FALSE, sizeof (QkListEdit));
  g_array_append_val (self->edits, whole);
}

/**
 * qk_list_stage_change: (skip)
 * @self: a stage
 * @order: (element-type guint): what is to be on it
 * @edits: (element-type QkListEdit): how that differs from what is on it now
 *
 * Begins a change, in place of one that is not done yet. Nothing is changed before the next step.
 */
void
qk_list_stage_change (QkListStage *self, GArray *order, GArray *edits)
{
  qk_list_stage_drop (self);
  if (edits->len == 0)
    return;
  self->order = g_array_ref (order);
  self->edits = g_array_ref (edits);
  if (self->paced && count_seen (self) > QK_LIST_STAGE_SIGHT)
    {
      join_edits (self);
      self->funcs->renewed (self->data);
    }
  edits = self->edits;
  self->edit = 0;
  self->done = g_array_index (edits, QkListEdit, 0).new_start;
  self->n_old =
      g_array_index (edits, QkListEdit, 0).old_end - g_array_index (edits, QkListEdit, 0).old_start;
}

/**
 * qk_list_stage_is_changing: (skip)
 * @self: a stage
 *
 * Returns: whether a change is not done yet
 */
gboolean
qk_list_stage_is_changing (const QkListStage *self)
{
  return self->edits != NULL;
}
