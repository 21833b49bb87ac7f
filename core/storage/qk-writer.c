#include "qk-save-private.h"

#include "qk-backup.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* After so many versions that came between reading and the swap, swap all the same: what is
 * displaced is looked at. Bounds the work beside a writer that never rests. */
#define MAX_STALE_BUILDS 4
/* Over and above the delays of the retry rule. */
#define DEADLINE_SLACK_USEC (30 * G_TIME_SPAN_SECOND)

/* What an interrupted save has left goes into this one. */
static void
merge_leftovers (QkSave *self)
{
  const QkWriter *writer = self->writer;
  GPtrArray *messages;

  if (self->leftovers != NULL || writer->gentle)
    return;
  self->leftovers = qk_leftovers_find (writer->platform, self->path);
  messages = qk_leftovers_merge (self->leftovers, self->document, writer->journal, writer->queue);
  self->n_leftover = messages->len;
  g_ptr_array_extend_and_steal (self->messages, messages);
}

/* 3. The plan: the changes first, so that their verdicts come first, then what goes with them. */
static void
make_plan (QkSave *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  g_ptr_array_extend (all, self->changes, NULL, NULL);
  g_ptr_array_extend (all, self->messages, NULL, NULL);
  g_clear_pointer (&self->plan, qk_plan_free);
  self->plan = qk_plan_new (self->document, all, qk_wall_now ());
}

/* 2 to 6, until a version of ours has displaced nothing but the one that it was made of. */
static QkStep
change_file (QkSave *self)
{
  QkStep step = QK_STEP_AGAIN;

  for (guint builds = 0; step == QK_STEP_AGAIN; builds++)
    {
      if (g_get_monotonic_time () > self->deadline)
        return qk_save_contended (self, QK_LOCK_KIND_CONFLICT, 0);
      step = qk_save_read_stand (self);
      if (step != QK_STEP_DONE)
        return step;
      merge_leftovers (self);
      make_plan (self);
      if (!self->must_write && !qk_plan_changes_anything (self->plan))
        return QK_STEP_DONE;
      step = qk_save_put_in_place (self, builds < MAX_STALE_BUILDS);
      self->result->attempts = self->attempt;
    }
  return step;
}

static guint
count_recovered (const QkSave *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_leftover; i++)
    {
      const char *reason;

      n += qk_plan_get_verdict (self->plan, self->changes->len + i, &reason) != QK_VERDICT_SKIPPED;
    }
  return n;
}

/* Moves what was torn to the backups: the operator may find more in it than we have. */
static void
keep_torn (QkSave *self)
{
  for (guint i = 0; i < self->torn->len; i++)
    {
      const QkDisplaced *torn = self->torn->pdata[i];

      if (torn->path == NULL)
        continue;
      g_free (self->result->kept);
      self->result->kept = qk_backup_move (torn->path, self->path);
    }
}

/* 7. What is saved is made durable; what was merged is of no more use where it came from. */
static void
settle (QkSave *self)
{
  const QkWriter *writer = self->writer;
  gboolean wrote = self->result->attempts > 0;

  if (wrote && !writer->gentle)
    self->result->durable = writer->platform->sync_folder (self->path) == 0;
  keep_torn (self);
  if (self->leftovers != NULL)
    {
      if (!wrote || self->result->durable)
        qk_leftovers_remove (self->leftovers);
      self->result->recovered = qk_leftovers_describe (self->leftovers, count_recovered (self));
    }
  for (guint i = 0; i < self->displaced->len; i++)
    {
      QkDisplaced *displaced = self->displaced->pdata[i];

      if (writer->on_displaced != NULL)
        writer->on_displaced (displaced, writer->user_data);
      else if (self->result->durable)
        qk_displaced_remove (displaced);
    }
  /* Whoever was told of them has taken them over. */
  if (writer->on_displaced != NULL)
    g_ptr_array_set_free_func (self->displaced, NULL);
}

static QkStep
attempt_save (QkSave *self)
{
  QkStep step = qk_save_take_lock (self);

  if (step != QK_STEP_DONE)
    return step;
  step = change_file (self);
  if (step == QK_STEP_DONE)
    settle (self);
  self->writer->platform->unlock (self->lock);
  self->lock = QK_PLATFORM_NO_HANDLE;
  return step;
}

static QkStep
give_up (QkSave *self)
{
  g_autofree char *holder = NULL;

  qk_save_tell (self, self->path, self->obstacle, self->obstacle_code, QK_LOCK_OUTCOME_GIVE_UP, 0);
  if (self->holder != NULL && self->holder->state == QK_HOLDER_FOUND)
    {
      holder = qk_holder_describe (self->holder);
      return qk_save_fail (
          self, QK_STORE_ERROR_BUSY,
          _ ("%s is still locked after %u attempts in %.1f s (%s; %s). Nothing was "
             "changed; try again when that program has let go of it."),
          self->path, self->attempt, (double) self->result->waited / G_USEC_PER_SEC,
          qk_lock_kind_get_label (self->obstacle), holder);
    }
  return qk_save_fail (
      self, QK_STORE_ERROR_BUSY,
      _ ("%s is still locked after %u attempts in %.1f s (%s). Nothing was changed; try again, "
         "or find out which program holds it."),
      self->path, self->attempt, (double) self->result->waited / G_USEC_PER_SEC,
      qk_lock_kind_get_label (self->obstacle));
}

static QkStep
run (QkSave *self)
{
  const QkRetryPolicy *policy = &self->writer->policy;

  for (self->attempt = 1;; self->attempt++)
    {
      gint64 delay = qk_retry_policy_get_delay (policy, self->attempt), failed;
      QkStep step = attempt_save (self);

      if (step != QK_STEP_CONTENDED)
        return step;
      if (self->attempt >= policy->attempts || g_get_monotonic_time () > self->deadline)
        return give_up (self);
      failed = g_get_monotonic_time ();
      qk_save_tell (self, self->path, self->obstacle, self->obstacle_code, QK_LOCK_OUTCOME_RETRY,
                    delay);
      /* To find out who holds it takes nothing but a part of the wait. */
      if (!qk_save_wait (self, MAX (failed + delay - g_get_monotonic_time (), 0)))
        return QK_STEP_FAILED;
    }
}

/* A change that one of our versions made and the last one found made is changed. */
static void
report (QkSave *self)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      const QkChange *change = g_ptr_array_index (self->changes, i);
      const char *id = qk_change_get_id (change), *reason;
      QkVerdict verdict = qk_plan_get_verdict (self->plan, i, &reason);

      if (id == NULL)
        id = "";
      if (verdict == QK_VERDICT_CHANGED ||
          (verdict == QK_VERDICT_IN_EFFECT && self->ever_changed[i]))
        qk_result_take_changed (self->result, g_strdup (id));
      else
        qk_result_take_skipped (self->result, g_strdup (id),
                                g_strdup (reason != NULL ? reason : _ ("already so")));
    }
}

/* Whether a version of ours is what stands there. */
static gboolean
is_in_place (const QkSave *self)
{
  QkFileStamp stamp;

  return self->ours.file != 0 && (self->writer->platform->stat_path (self->path, &stamp) != 0 ||
                                  qk_stamp_equal (&stamp, &self->ours));
}

/* A save that did not come to its end leaves the file as it was, or else says what is the case. */
static QkStep
fall_back (QkSave *self, QkStep step)
{
  if (self->unmerged != NULL)
    return qk_save_put_back (self);
  /* The changes are made. Only pieces of a torn version, which is kept, could not be merged. */
  if (self->torn->len > 0 && is_in_place (self))
    {
      keep_torn (self);
      g_clear_error (self->error);
      return QK_STEP_DONE;
    }
  return step;
}

/**
 * qk_writer_save:
 * @self: the writer
 * @changes: (element-type QkChange): what to change
 * @cancellable: (nullable): ends the save before the swap; the file then is as it was
 * @error: return location for a #QkStoreError or %G_IO_ERROR_CANCELLED
 *
 * Saves changes. Blocks.
 *
 * Returns: (transfer full) (nullable): what became of each
 */
QkResult *
qk_writer_save (const QkWriter *self, GPtrArray *changes, GCancellable *cancellable, GError **error)
{
  g_autoptr (QkResult) result = qk_result_new ();
  g_autoptr (GError) problem = NULL;
  QkSave save = {
      .writer = self,
      .changes = changes,
      .cancellable = cancellable,
      .error = &problem,
      .path = qk_platform_resolve (self->path),
      .lock = QK_PLATFORM_NO_HANDLE,
      .stand = QK_SNAPSHOT_INIT,
      .messages = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref),
      .torn = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free),
      .displaced = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free),
      .ever_changed = g_new0 (gboolean, MAX (changes->len, 1)),
      .deadline =
          g_get_monotonic_time () + qk_retry_policy_get_total (&self->policy) + DEADLINE_SLACK_USEC,
      .result = result,
  };
  QkStep step;

  qk_recorder_init (&save.recorder, self->journal, self->queue, changes);
  step = run (&save);
  if (step != QK_STEP_DONE)
    step = fall_back (&save, step);
  if (step == QK_STEP_DONE)
    report (&save);
  if (step == QK_STEP_DONE || !is_in_place (&save))
    qk_recorder_end (&save.recorder, step == QK_STEP_DONE, result);
  qk_save_clear (&save);
  if (step == QK_STEP_DONE)
    return g_steal_pointer (&result);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * qk_writer_sync:
 * @platform: the calls of the system
 * @path: the file
 *
 * Makes durable what stands there, whoever wrote it. Blocks.
 *
 * Returns: whether the system confirmed it
 */
gboolean
qk_writer_sync (const QkPlatform *platform, const char *path)
{
  g_autofree char *target = qk_platform_resolve (path);
  QkHandle handle;
  gboolean synced;

  if (platform->open_read (target, &handle) != 0)
    return FALSE;
  synced = platform->sync (handle) == 0 && platform->sync_folder (target) == 0;
  platform->close (handle);
  return synced;
}
