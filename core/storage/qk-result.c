#include "qk-result.h"

G_DEFINE_BOXED_TYPE (QkResult, qk_result, qk_result_copy, qk_result_free)

static void
skip_free (gpointer data)
{
  QkSkip *skip = data;

  g_free (skip->id);
  g_free (skip->reason);
  g_free (skip);
}

/**
 * qk_result_new:
 *
 * Returns: (transfer full): a result in which nothing has been done
 */
QkResult *
qk_result_new (void)
{
  QkResult *self = g_new0 (QkResult, 1);

  self->changed = g_ptr_array_new_with_free_func (g_free);
  self->skipped = g_ptr_array_new_with_free_func (skip_free);
  return self;
}

/**
 * qk_result_copy:
 * @self: a result
 *
 * Returns: (transfer full): a copy
 */
QkResult *
qk_result_copy (const QkResult *self)
{
  QkResult *copy = qk_result_new ();

  for (guint i = 0; i < self->changed->len; i++)
    qk_result_take_changed (copy, g_strdup (g_ptr_array_index (self->changed, i)));
  for (guint i = 0; i < self->skipped->len; i++)
    {
      const QkSkip *skip = g_ptr_array_index (self->skipped, i);

      qk_result_take_skipped (copy, g_strdup (skip->id), g_strdup (skip->reason));
    }
  copy->attempts = self->attempts;
  copy->waited = self->waited;
  copy->elapsed = self->elapsed;
  copy->conflicts = self->conflicts;
  copy->durable = self->durable;
  copy->settling = self->settling;
  copy->kept = g_strdup (self->kept);
  copy->recovered = g_strdup (self->recovered);
  copy->operation = self->operation;
  copy->no_undo = g_strdup (self->no_undo);
  return copy;
}

/**
 * qk_result_free:
 * @self: (transfer full): a result
 *
 * Frees it.
 */
void
qk_result_free (QkResult *self)
{
  g_ptr_array_unref (self->changed);
  g_ptr_array_unref (self->skipped);
  g_free (self->kept);
  g_free (self->recovered);
  g_free (self->no_undo);
  g_free (self);
}

/**
 * qk_result_take_changed:
 * @self: a result
 * @id: (transfer full): an entry that was changed, added or purged
 *
 * Adds it.
 */
void
qk_result_take_changed (QkResult *self, char *id)
{
  g_ptr_array_add (self->changed, id);
}

/**
 * qk_result_take_skipped:
 * @self: a result
 * @id: (transfer full): an entry that was left as it is
 * @reason: (transfer full): why
 *
 * Adds it.
 */
void
qk_result_take_skipped (QkResult *self, char *id, char *reason)
{
  QkSkip *skip = g_new (QkSkip, 1);

  *skip = (QkSkip){id, reason};
  g_ptr_array_add (self->skipped, skip);
}

static void
replace (char **text, char **part)
{
  if (*part == NULL)
    return;
  g_free (*text);
  *text = g_steal_pointer (part);
}

/**
 * qk_result_take:
 * @self: what became of the first sets of a long piece of work
 * @part: (transfer full): what became of the next one
 *
 * Adds it. All of it is as durable as the least durable set; the operation is the last one.
 */
void
qk_result_take (QkResult *self, QkResult *part)
{
  gboolean first = self->changed->len == 0;

  if (part->changed->len > 0)
    {
      self->durable = part->durable && (first || self->durable);
      self->settling = part->settling || (!first && self->settling);
    }
  g_ptr_array_extend_and_steal (self->changed, g_ptr_array_ref (part->changed));
  g_ptr_array_extend_and_steal (self->skipped, g_ptr_array_ref (part->skipped));
  self->attempts += part->attempts;
  self->waited += part->waited;
  self->conflicts += part->conflicts;
  replace (&self->kept, &part->kept);
  replace (&self->recovered, &part->recovered);
  replace (&self->no_undo, &part->no_undo);
  if (part->operation != 0)
    self->operation = part->operation;
  qk_result_free (part);
}
