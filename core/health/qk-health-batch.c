#include "qk-health-db.h"

/**
 * qk_health_session_new:
 * @queue: which queue, as in qk_store_dup_key()
 *
 * Returns: (transfer full): a session of this process that begins now
 */
QkHealthSession *
qk_health_session_new (const char *queue)
{
  QkHealthSession *self = g_new0 (QkHealthSession, 1);
  g_autoptr (GCredentials) credentials = g_credentials_new ();
  const char *program = g_get_prgname ();

  do
    self->id = ((gint64) g_random_int () << 15) ^ (gint64) g_random_int ();
  while (self->id == 0);
  self->queue = g_strdup (queue);
  self->started = g_get_real_time ();
  self->host = g_strdup (g_get_host_name ());
  self->pid = g_credentials_get_unix_pid (credentials, NULL);
  self->program = g_strdup (program != NULL ? program : "");
  return self;
}

/**
 * qk_health_session_free:
 * @self: (transfer full): a session
 *
 * Frees it.
 */
void
qk_health_session_free (QkHealthSession *self)
{
  g_free (self->queue);
  g_free (self->host);
  g_free (self->program);
  g_free (self);
}

/**
 * qk_health_batch_new:
 *
 * Returns: (transfer full): nothing
 */
QkHealthBatch *
qk_health_batch_new (void)
{
  QkHealthBatch *self = g_new0 (QkHealthBatch, 1);

  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  self->saves = g_array_new (FALSE, FALSE, sizeof (QkSave));
  self->slices = qk_slices_new ();
  return self;
}

/**
 * qk_health_batch_free:
 * @self: (transfer full): a batch
 *
 * Frees it.
 */
void
qk_health_batch_free (QkHealthBatch *self)
{
  g_ptr_array_unref (self->events);
  g_array_unref (self->saves);
  g_array_unref (self->slices);
  g_free (self);
}

/**
 * qk_health_batch_is_empty:
 * @self: a batch
 *
 * Returns: whether there is nothing in it
 */
gboolean
qk_health_batch_is_empty (const QkHealthBatch *self)
{
  return self->events->len == 0 && self->saves->len == 0 && self->slices->len == 0;
}

/* The oldest go. What they count stays. */
static void
drop_excess (QkHealthBatch *self)
{
  if (self->events->len > QK_HEALTH_BATCH_MAX)
    g_ptr_array_remove_range (self->events, 0, self->events->len - QK_HEALTH_BATCH_MAX);
  if (self->saves->len > QK_HEALTH_BATCH_MAX)
    g_array_remove_range (self->saves, 0, self->saves->len - QK_HEALTH_BATCH_MAX);
}

/**
 * qk_health_batch_append:
 * @self: a batch
 * @other: a later one, which is empty afterwards
 *
 * Adds it. Of events and saves only the latest %QK_HEALTH_BATCH_MAX stay; all are counted.
 */
void
qk_health_batch_append (QkHealthBatch *self, QkHealthBatch *other)
{
  g_ptr_array_extend_and_steal (self->events, g_steal_pointer (&other->events));
  other->events = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  g_array_append_vals (self->saves, other->saves->data, other->saves->len);
  g_array_set_size (other->saves, 0);
  for (guint i = 0; i < other->slices->len; i++)
    {
      const QkSlice *slice = &g_array_index (other->slices, QkSlice, i);

      qk_figures_add (qk_slices_get (self->slices, slice->start, slice->width), &slice->figures);
    }
  g_array_set_size (other->slices, 0);
  drop_excess (self);
}
