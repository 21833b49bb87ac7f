#include "qk-keeper.h"

struct _QkKeeper {
  GMutex mutex;
  QkGuard *guard;  /* owned, nullable: nothing is to be guarded */
  gboolean saving; /* what is expected is about to change */
};

/**
 * qk_keeper_new: (skip)
 *
 * Returns: (transfer full): a keeper that guards nothing
 */
QkKeeper *
qk_keeper_new (void)
{
  QkKeeper *self = g_new0 (QkKeeper, 1);

  g_mutex_init (&self->mutex);
  return self;
}

/**
 * qk_keeper_free: (skip)
 * @self: (transfer full): a keeper
 *
 * Frees it.
 */
void
qk_keeper_free (QkKeeper *self)
{
  g_clear_pointer (&self->guard, qk_guard_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * qk_keeper_set_settle: (skip)
 * @self: a keeper
 * @settle: the settling time in microseconds, 0 to guard nothing
 *
 * What is guarded already stays so, by the new time. With 0 it is forgotten, and what was given up too.
 */
void
qk_keeper_set_settle (QkKeeper *self, gint64 settle)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (settle == 0)
    g_clear_pointer (&self->guard, qk_guard_free);
  else if (self->guard != NULL)
    qk_guard_set_settle (self->guard, settle);
  else
    self->guard = qk_guard_new (settle);
}

/**
 * qk_keeper_is_active: (skip)
 * @self: a keeper
 *
 * Returns: whether it guards what is saved
 */
gboolean
qk_keeper_is_active (QkKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->guard != NULL;
}

/**
 * qk_keeper_begin_save: (skip)
 * @self: a keeper
 *
 * From now until the end of the save a version that is seen may be the one that is being saved, of
 * which the guard does not know yet: nothing is found stale.
 */
void
qk_keeper_begin_save (QkKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->saving = TRUE;
}

/**
 * qk_keeper_end_save: (skip)
 * @self: a keeper
 * @not_saved: (nullable) (element-type QkChange): the changes, if the save failed in the end
 *
 * What was saved is expected by now. What was in place for a moment and had to be taken out again
 * is not, or else it would be done after it was said to have failed.
 */
void
qk_keeper_end_save (QkKeeper *self, GPtrArray *not_saved)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; self->guard != NULL && not_saved != NULL && i < not_saved->len; i++)
    qk_guard_forget (self->guard, not_saved->pdata[i]);
  self->saving = FALSE;
}

/**
 * qk_keeper_expect_plan: (skip)
 * @self: a keeper
 * @plan: what was saved
 * @changes: (element-type QkChange): the operator's, of which @plan was made
 *
 * Guards what @plan has changed.
 */
void
qk_keeper_expect_plan (QkKeeper *self, QkPlan *plan, GPtrArray *changes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->guard != NULL)
    qk_guard_expect_plan (self->guard, plan, changes, g_get_monotonic_time ());
}

/**
 * qk_keeper_expect_merged: (skip)
 * @self: a keeper
 * @base: the version that ours was made of
 * @displaced: the version of another writer that ours displaced
 *
 * Guards what is new in @displaced.
 */
void
qk_keeper_expect_merged (QkKeeper *self, QkDocument *base, QkDocument *displaced)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->guard != NULL)
    qk_guard_expect_merged (self->guard, base, displaced, g_get_monotonic_time ());
}

/**
 * qk_keeper_is_purged: (skip)
 * @self: a keeper
 * @id: a message
 *
 * Returns: whether it is guarded, and is not to be in the queue
 */
gboolean
qk_keeper_is_purged (QkKeeper *self, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->guard != NULL && qk_guard_is_purged (self->guard, id);
}

/**
 * qk_keeper_check: (skip)
 * @self: a keeper
 * @document: the queue as it stands
 *
 * Returns: (transfer full) (element-type QkChange): what puts right what is stale
 */
GPtrArray *
qk_keeper_check (QkKeeper *self, QkDocument *document)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->guard == NULL || self->saving)
    return g_ptr_array_new ();
  return qk_guard_check (self->guard, document, g_get_monotonic_time ());
}

/**
 * qk_keeper_filter: (skip)
 * @self: a keeper
 * @repairs: (element-type QkChange): what was to be put right when it was asked
 *
 * Returns: (transfer full) (element-type QkChange): what of it still is
 */
GPtrArray *
qk_keeper_filter (QkKeeper *self, GPtrArray *repairs)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GPtrArray *wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; self->guard != NULL && i < repairs->len; i++)
    if (qk_guard_is_wanted (self->guard, repairs->pdata[i]))
      g_ptr_array_add (wanted, qk_change_ref (repairs->pdata[i]));
  return wanted;
}

/**
 * qk_keeper_count_repairs: (skip)
 * @self: a keeper
 * @repairs: (element-type QkChange): what has been put right
 *
 * Lets these messages settle anew.
 */
void
qk_keeper_count_repairs (QkKeeper *self, GPtrArray *repairs)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; self->guard != NULL && i < repairs->len; i++)
    qk_guard_count_repair (self->guard, qk_change_get_id (repairs->pdata[i]), now);
}

/**
 * qk_keeper_get_delay: (skip)
 * @self: a keeper
 * @repairs: (element-type QkChange): what is to be put right
 *
 * Returns: after how many milliseconds
 */
guint
qk_keeper_get_delay (QkKeeper *self, GPtrArray *repairs)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 delay = 0;

  if (self->guard != NULL)
    delay = qk_guard_get_delay (self->guard, repairs, g_get_monotonic_time ());
  return (guint) (delay / G_TIME_SPAN_MILLISECOND);
}

/**
 * qk_keeper_get_n_items: (skip)
 * @self: a keeper
 *
 * Returns: how many messages are guarded
 */
guint
qk_keeper_get_n_items (QkKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->guard != NULL ? qk_guard_get_n_items (self->guard) : 0;
}

/**
 * qk_keeper_get_rest: (skip)
 * @self: a keeper
 *
 * Returns: in how many milliseconds all will have settled if nothing happens
 */
guint
qk_keeper_get_rest (QkKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 rest = self->guard != NULL ? qk_guard_get_end (self->guard) - g_get_monotonic_time () : 0;

  return (guint) (MAX (rest, 0) / G_TIME_SPAN_MILLISECOND) + 1;
}

/**
 * qk_keeper_dup_given_up: (skip)
 * @self: a keeper
 *
 * Returns: (transfer full) (nullable): what would not stay; %NULL where all did
 */
QkGivenUp *
qk_keeper_dup_given_up (QkKeeper *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->guard != NULL ? qk_guard_dup_given_up (self->guard) : NULL;
}

/**
 * qk_keeper_resume: (skip)
 * @self: a keeper
 * @at_once: put it right now; else go on as slowly as before
 *
 * Guards anew what would not stay.
 */
void
qk_keeper_resume (QkKeeper *self, gboolean at_once)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->guard != NULL)
    qk_guard_resume (self->guard, at_once, g_get_monotonic_time ());
}
