#include "qk-backup.h"
#include "qk-holder-look.h"
#include "qk-rescue-file.h"
#include "qk-rescue-private.h"

#include <glib/gi18n-lib.h>

typedef enum {
  STEP_DONE,
  STEP_CONTENDED, /* somebody stands in the way: the retry rule */
  STEP_FAILED,    /* the error is set */
} Step;

typedef struct {
  QkRescue *rescue;
  GError **error;
  QkRescueOutcome *outcome; /* not owned */
  QkLockEvent obstacle;
  gboolean unclear; /* a version of another writer could not be put back */
} Apply;

static Step fail (Apply *apply, QkStoreError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static Step
fail (Apply *apply, QkStoreError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (apply->error != NULL && *apply->error == NULL)
    *apply->error = g_error_new_valist (QK_STORE_ERROR, (int) code, format, args);
  va_end (args);
  return STEP_FAILED;
}

static Step fail_with_code (Apply *apply, int code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static Step
fail_with_code (Apply *apply, int code, const char *format, ...)
{
  g_autofree char *problem = qk_platform_describe_code (code);
  g_autofree char *what = NULL;
  gboolean denied = qk_platform_is_denied (code);
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (denied)
    return fail (apply, QK_STORE_ERROR_DENIED,
                 _ ("%s: %s. Nothing was changed; see who may write to the file and its "
                    "folder, then try again."),
                 what, problem);
  return fail (apply, QK_STORE_ERROR_FAILED,
               _ ("%s: %s. Nothing was changed; see to the disk, then try again."), what, problem);
}

static Step
fail_changed (Apply *apply)
{
  return fail (
      apply, QK_STORE_ERROR_BUSY,
      _ ("%s changed meanwhile: another program writes to it. Nothing was changed; look at "
         "it again."),
      apply->rescue->path);
}

static Step
contended (Apply *apply, QkLockKind kind, int code)
{
  apply->obstacle.kind = kind;
  apply->obstacle.code = code;
  return STEP_CONTENDED;
}

/* Writes all of @bytes and makes it durable. Closes the handle. */
static int
write_out (const QkPlatform *platform, QkHandle handle, GBytes *bytes, QkFileStamp *stamp)
{
  QkSegment segment;
  int code;

  segment.data = g_bytes_get_data (bytes, &segment.size);
  code = platform->write (handle, &segment, segment.size > 0 ? 1 : 0);
  if (code == 0)
    code = platform->sync (handle);
  if (code == 0 && stamp != NULL)
    code = platform->stat_handle (handle, stamp);
  platform->close (handle);
  return code;
}

/* 2. The damaged version, under a name that nothing has. */
static Step
keep_damaged (Apply *apply)
{
  QkRescue *rescue = apply->rescue;
  g_autofree char *path = NULL;
  QkHandle handle = QK_PLATFORM_NO_HANDLE;
  int code;
  guint i = 0;

  do
    {
      g_free (path);
      path = qk_backup_make_path (rescue->path, i);
      code = qk_rescue_file_create (path, QK_RESCUE_FOLDER_OWN, rescue->base.handle, &handle);
    }
  while (qk_rescue_file_exists (code) && ++i < QK_BACKUP_MAX_TRIES);
  if (code != 0)
    return fail_with_code (apply, code, _ ("Cannot keep the damaged version as %s"), path);
  code = write_out (rescue->platform, handle, rescue->base.bytes, NULL);
  if (code == 0)
    code = rescue->platform->sync_folder (path);
  if (code != 0)
    {
      (void) rescue->platform->remove (path);
      return fail_with_code (apply, code, _ ("Cannot keep the damaged version as %s"), path);
    }
  apply->outcome->backup = g_steal_pointer (&path);
  return STEP_DONE;
}

/* 4. What came out of the swap is found under @temp. If it is another version than the one that was
 * read, it goes back to its place. */
static Step
look_at_displaced (Apply *apply, const char *temp, const QkFileStamp *ours)
{
  QkRescue *rescue = apply->rescue;
  const QkPlatform *platform = rescue->platform;
  gboolean exchanged = FALSE;
  QkFileStamp stamp;

  if (qk_snapshot_is_at (&rescue->base, platform, temp))
    {
      (void) platform->remove (temp);
      return STEP_DONE;
    }
  if (platform->swap (temp, rescue->path, &exchanged) == 0 && exchanged &&
      platform->stat_path (temp, &stamp) == 0 && qk_stamp_equal (&stamp, ours))
    {
      (void) platform->remove (temp);
      return fail_changed (apply);
    }
  /* A third version came in between: it is newer, and stays. */
  if (exchanged)
    (void) platform->swap (temp, rescue->path, &exchanged);
  apply->unclear = TRUE;
  return fail (
      apply, QK_STORE_ERROR_BUSY,
      _ ("%s changed while it was replaced. The version of another program is kept as %s."),
      rescue->path, temp);
}

/* 3. */
static Step
swap (Apply *apply, const char *temp, const QkFileStamp *ours)
{
  QkRescue *rescue = apply->rescue;
  gboolean exchanged = FALSE;
  QkLockKind kind;
  int code;

  if (!qk_snapshot_is_at (&rescue->base, rescue->platform, rescue->path))
    {
      (void) rescue->platform->remove (temp);
      return fail_changed (apply);
    }
  code = rescue->platform->swap (temp, rescue->path, &exchanged);
  if (code == 0)
    return exchanged ? look_at_displaced (apply, temp, ours) : STEP_DONE;
  (void) rescue->platform->remove (temp);
  if (qk_platform_is_absent (code))
    return fail_changed (apply);
  if (qk_platform_is_contention (code, &kind))
    return contended (apply, kind, code);
  return fail_with_code (apply, code, _ ("Cannot replace %s"), rescue->path);
}

static Step
fail_to_create (Apply *apply, int code)
{
  QkRescue *rescue = apply->rescue;
  g_autofree char *owner = qk_platform_dup_other_owner (rescue->base.handle, code);

  if (owner == NULL)
    return fail_with_code (apply, code, _ ("Cannot create a file beside %s"), rescue->path);
  return fail (
      apply, QK_STORE_ERROR_DENIED,
      _ ("%s belongs to %s: a new version of it would become yours. Nothing was changed; try "
         "again as %s."),
      rescue->path, owner, owner);
}

static Step
put_in_place (Apply *apply)
{
  QkRescue *rescue = apply->rescue;
  g_autofree char *temp = NULL;
  QkHandle handle = QK_PLATFORM_NO_HANDLE;
  QkFileStamp ours;
  int code = rescue->platform->create_temp (rescue->path, rescue->base.handle, &rescue->base.stamp,
                                            &handle, &temp);

  if (code != 0)
    return fail_to_create (apply, code);
  code = write_out (rescue->platform, handle, rescue->result, &ours);
  if (code == 0)
    return swap (apply, temp, &ours);
  (void) rescue->platform->remove (temp);
  return fail_with_code (apply, code, _ ("Cannot write the new version of %s"), rescue->path);
}

static Step
replace (Apply *apply)
{
  QkRescue *rescue = apply->rescue;
  Step step = STEP_DONE;

  if (!qk_snapshot_is_at (&rescue->base, rescue->platform, rescue->path))
    return fail_changed (apply);
  if (apply->outcome->backup == NULL)
    step = keep_damaged (apply);
  if (step == STEP_DONE)
    step = put_in_place (apply);
  if (step == STEP_DONE)
    apply->outcome->durable = rescue->platform->sync_folder (rescue->path) == 0;
  return step;
}

/* 1. */
static Step
attempt (Apply *apply)
{
  QkRescue *rescue = apply->rescue;
  g_autofree char *sidecar = g_strconcat (rescue->path, ".lock", NULL);
  QkHandle lock = QK_PLATFORM_NO_HANDLE;
  int code = rescue->platform->lock (sidecar, &lock);
  Step step;

  if (qk_platform_is_lock_held (code))
    return contended (apply, QK_LOCK_KIND_LOCK_HELD, code);
  if (qk_platform_is_obstructed (code))
    return fail (
        apply, QK_STORE_ERROR_FAILED,
        _ ("%s, which is to be the lock, is not a file. Nothing was changed; remove it, then "
           "try again."),
        sidecar);
  if (code != 0)
    return fail_with_code (apply, code, _ ("Cannot create the lock file beside %s"), rescue->path);
  step = replace (apply);
  rescue->platform->unlock (lock);
  return step;
}

static void
tell (Apply *apply, QkLockOutcome outcome, gint64 delay, QkWriterFunc on_event, gpointer user_data)
{
  gint64 budget = outcome == QK_LOCK_OUTCOME_RETRY ? MIN (delay / 2, QK_HOLDER_BUDGET_USEC)
                                                   : QK_HOLDER_BUDGET_USEC;

  apply->obstacle.time = g_get_real_time ();
  apply->obstacle.outcome = outcome;
  apply->obstacle.delay = delay;
  apply->obstacle.holder =
      qk_holder_look_for_event (qk_holders_get_native (), apply->rescue->platform,
                                apply->rescue->path, apply->obstacle.kind, budget);
  if (on_event != NULL)
    on_event (&apply->obstacle, user_data);
  g_clear_pointer (&apply->obstacle.holder, qk_holder_unref);
}

static Step
run (Apply *apply,
     const QkRetryPolicy *policy,
     QkWriterFunc on_event,
     gpointer user_data,
     GCancellable *cancellable)
{
  for (guint i = 1;; i++)
    {
      gint64 delay = qk_retry_policy_get_delay (policy, i), failed;
      Step step;

      if (g_cancellable_set_error_if_cancelled (cancellable, apply->error))
        return STEP_FAILED;
      step = attempt (apply);
      if (step != STEP_CONTENDED)
        return step;
      apply->obstacle.attempt = i;
      if (i >= policy->attempts)
        break;
      failed = g_get_monotonic_time ();
      tell (apply, QK_LOCK_OUTCOME_RETRY, delay, on_event, user_data);
      if (!qk_wait (MAX (failed + delay - g_get_monotonic_time (), 0), cancellable, apply->error))
        return STEP_FAILED;
    }
  tell (apply, QK_LOCK_OUTCOME_GIVE_UP, 0, on_event, user_data);
  return fail (
      apply, QK_STORE_ERROR_BUSY,
      _ ("%s is still locked after %u attempts (%s). Nothing was changed; try again, or find "
         "out which program holds it."),
      apply->rescue->path, policy->attempts, qk_lock_kind_get_label (apply->obstacle.kind));
}

/**
 * qk_rescue_apply:
 * @self: a rescue of a file that is there and damaged
 * @policy: the retry rule
 * @on_event: (nullable): told of every obstacle
 * @user_data: for @on_event
 * @cancellable: (nullable): ends it before anything is changed
 * @error: return location for a #QkStoreError or %G_IO_ERROR_CANCELLED
 *
 * Keeps the damaged version as a backup and puts the result in its place. Where no message was found
 * it does neither: an empty queue would be no rescue. Blocks.
 *
 * Returns: (transfer full) (nullable): what was done
 */
QkRescueOutcome *
qk_rescue_apply (QkRescue *self,
                 const QkRetryPolicy *policy,
                 QkWriterFunc on_event,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (QkRescueOutcome) outcome = NULL;
  GError *local = NULL;
  Apply apply = {.rescue = self, .error = &local};

  g_return_val_if_fail (self != NULL && policy != NULL, NULL);
  g_return_val_if_fail (qk_rescue_get_problem (self) != NULL, NULL);

  if (self->n_entries == 0)
    {
      g_set_error (
          error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED,
          _ ("No message was found in %s or beside it. Nothing was changed; restore a backup, "
             "or write [] into it to begin anew."),
          self->path);
      return NULL;
    }
  outcome = g_new0 (QkRescueOutcome, 1);
  apply.outcome = outcome;
  apply.obstacle.operation = QK_OPERATION_SAVE;
  apply.obstacle.attempts = policy->attempts;
  if (run (&apply, policy, on_event, user_data, cancellable) == STEP_DONE)
    return g_steal_pointer (&outcome);
  if (outcome->backup != NULL && !apply.unclear)
    (void) self->platform->remove (outcome->backup);
  g_propagate_error (error, local);
  return NULL;
}

/**
 * qk_rescue_write_to:
 * @self: a rescue
 * @path: a path at which nothing is
 * @error: return location for a #QkStoreError
 *
 * Writes the result to a new file, with the owner and the mode of the queue's. Never writes over
 * another file. Blocks.
 *
 * Returns: whether it was written
 */
gboolean
qk_rescue_write_to (QkRescue *self, const char *path, GError **error)
{
  QkHandle handle = QK_PLATFORM_NO_HANDLE;
  Apply apply = {.rescue = self, .error = error};
  int code;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  code = qk_rescue_file_create (path, QK_RESCUE_FOLDER_ANY, self->base.handle, &handle);
  if (qk_rescue_file_exists (code))
    (void) fail (&apply, QK_STORE_ERROR_FAILED,
                 _ ("%s is there already. Nothing was changed; choose another name."), path);
  else if (code != 0)
    (void) fail_with_code (&apply, code, _ ("Cannot create %s"), path);
  if (code != 0)
    return FALSE;
  code = write_out (self->platform, handle, self->result, NULL);
  if (code == 0)
    code = self->platform->sync_folder (path);
  if (code == 0)
    return TRUE;
  (void) self->platform->remove (path);
  (void) fail_with_code (&apply, code, _ ("Cannot write %s"), path);
  return FALSE;
}

/**
 * qk_rescue_outcome_free:
 * @self: (transfer full): an outcome
 *
 * Frees it.
 */
void
qk_rescue_outcome_free (QkRescueOutcome *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->backup);
  g_free (self);
}
