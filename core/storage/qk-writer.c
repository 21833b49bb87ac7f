#include "qk-writer.h"

#include "qk-recorder.h"
#include "qk-snapshot.h"
#include "qk-time.h"

#include <string.h>

/* Absent and torn last for milliseconds: the wait is short, and bounded for what will not end. */
#define LOOK_AGAIN_USEC       (10 * G_TIME_SPAN_MILLISECOND)
#define LOOK_AGAIN_TOTAL_USEC (2 * G_TIME_SPAN_SECOND)
#define LOCK_LOOK_USEC        (2 * G_TIME_SPAN_MILLISECOND)
#define LOCK_PATIENCE_USEC    (20 * G_TIME_SPAN_MILLISECOND)
/* After so many versions that came between reading and the swap, swap all the same: what is
 * displaced is looked at. Bounds the work beside a writer that never rests. */
#define MAX_STALE_BUILDS 4
#define MAX_DISCARDS     3
/* Over and above the delays of the retry rule. */
#define DEADLINE_SLACK_USEC (30 * G_TIME_SPAN_SECOND)

/* How a step ended. */
typedef enum {
  STEP_DONE,
  STEP_AGAIN,     /* another version is there: read it */
  STEP_CONTENDED, /* somebody stands in the way: the retry rule */
  STEP_FAILED,    /* the error is set */
} Step;

typedef struct {
  const QkWriter *writer;
  GPtrArray *changes;        /* not owned */
  GCancellable *cancellable; /* not owned */
  GError **error;
  char *path; /* owned: with symbolic links followed */
  QkHandle lock;
  QkSnapshot base;        /* the version that the next one is made of */
  QkDocument *document;   /* owned, nullable: of base */
  gboolean must_write;    /* base is not what stands at path: write it even if nothing changes */
  QkFileStamp ours;       /* of the version of ours that was swapped in last */
  char *displaced;        /* owned, nullable: the file that holds a version displaced by us */
  QkPlan *plan;           /* owned, nullable */
  gboolean *ever_changed; /* owned, one per change */
  QkRecorder recorder;    /* of what the journal is told */
  guint attempt;
  gint64 deadline; /* monotonic, in microseconds */
  QkLockKind obstacle;
  int obstacle_code;
  QkResult *result; /* owned */
} Save;

static Step fail (Save *save, QkStoreError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static Step
fail (Save *save, QkStoreError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (save->error != NULL && *save->error == NULL)
    *save->error = g_error_new_valist (QK_STORE_ERROR, (int) code, format, args);
  va_end (args);
  return STEP_FAILED;
}

static Step
fail_with_code (Save *save, const char *what, int code)
{
  g_autofree char *problem = qk_platform_describe_code (code);
  gboolean denied = qk_platform_is_denied (code);

  return fail (save, denied ? QK_STORE_ERROR_DENIED : QK_STORE_ERROR_FAILED,
               "%s %s: %s. Nothing was changed; %s, then try again.", what, save->path, problem,
               denied ? "see who may write to the file and its folder" : "see to the disk");
}

static Step
contended (Save *save, QkLockKind kind, int code)
{
  save->obstacle = kind;
  save->obstacle_code = code;
  return STEP_CONTENDED;
}

static void
tell (const Save *save, QkLockKind kind, int code, QkLockOutcome outcome, gint64 delay)
{
  const QkWriter *writer = save->writer;
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_SAVE,
      .kind = kind,
      .code = code,
      .attempt = save->attempt,
      .attempts = writer->policy.attempts,
      .delay = delay,
      .outcome = outcome,
  };

  if (writer->on_event != NULL)
    writer->on_event (&event, writer->user_data);
}

static gboolean
wait_for (Save *save, gint64 usec)
{
  gint64 start = g_get_monotonic_time ();
  gboolean waited = qk_wait (usec, save->cancellable, save->error);

  save->result->waited += g_get_monotonic_time () - start;
  return waited;
}

static void
drop_base (Save *save)
{
  qk_snapshot_clear (&save->base, save->writer->platform);
  g_clear_pointer (&save->document, qk_document_unref);
}

/* A file of ours that is of no more use. One that stays because the system refuses for good is
 * harmless: nobody reads it. */
static void
discard (const Save *save, const char *path)
{
  for (guint i = 0; i < MAX_DISCARDS; i++)
    if (save->writer->platform->remove (path) == 0)
      return;
}

static void
drop_displaced (Save *save)
{
  if (save->displaced != NULL)
    discard (save, save->displaced);
  g_clear_pointer (&save->displaced, g_free);
}

/* 1. The lock. Cooperating writers hold it for some milliseconds: one attempt lasts a little longer
 * than that, or else many of them at once could starve one. */
static Step
take_lock (Save *save)
{
  g_autofree char *sidecar = g_strconcat (save->path, ".lock", NULL);
  gint64 start = g_get_monotonic_time ();
  int code = save->writer->platform->lock (sidecar, &save->lock);

  while (qk_platform_is_lock_held (code) && g_get_monotonic_time () - start < LOCK_PATIENCE_USEC)
    {
      if (!wait_for (save, LOCK_LOOK_USEC))
        return STEP_FAILED;
      code = save->writer->platform->lock (sidecar, &save->lock);
    }
  if (code == 0)
    return STEP_DONE;
  save->lock = QK_PLATFORM_NO_HANDLE;
  if (qk_platform_is_lock_held (code))
    return contended (save, QK_LOCK_KIND_LOCK_HELD, code);
  return fail_with_code (save, "Cannot create the lock file beside", code);
}

/* Reads the file at @path as the base, if it is whole. */
static Step
try_read (Save *save, const char *path, GError **problem)
{
  int code;

  drop_base (save);
  code = qk_snapshot_read (&save->base, save->writer->platform, path, QK_DOCUMENT_MAX_BYTES);
  if (code == 0)
    {
      save->document = qk_document_new (save->base.bytes, save->writer->known, NULL, problem);
      return save->document != NULL ? STEP_DONE : contended (save, QK_LOCK_KIND_TORN, 0);
    }
  if (code == QK_SNAPSHOT_NOT_REGULAR)
    return fail (save, QK_STORE_ERROR_NOT_REGULAR, "%s is not a file. Choose the queue's file.",
                 save->path);
  if (code == QK_SNAPSHOT_TOO_LARGE || code == QK_SNAPSHOT_NO_MEMORY)
    return fail (save, QK_STORE_ERROR_FAILED,
                 "%s is too large to be read. Archive delivered messages first.", save->path);
  if (qk_platform_is_absent (code))
    return contended (save, QK_LOCK_KIND_ABSENT, code);
  return fail_with_code (save, "Cannot read", code);
}

static Step
give_up_looking (Save *save, const GError *problem)
{
  tell (save, save->obstacle, save->obstacle_code, QK_LOCK_OUTCOME_GIVE_UP, 0);
  if (save->obstacle == QK_LOCK_KIND_ABSENT)
    return fail (
        save, QK_STORE_ERROR_NOT_FOUND,
        "There is no queue at %s. Nothing was changed; try again when the swarm has made it.",
        save->path);
  return fail (save, QK_STORE_ERROR_DAMAGED,
               "%s is damaged: %s. Nothing was changed; qkctl salvage tells what can be had.",
               save->path, problem->message);
}

/* A file that nobody has touched for long is not being written: waiting would not mend it. */
static gboolean
is_old (const QkFileStamp *stamp)
{
  return g_get_real_time () - stamp->modified / 1000 > LOOK_AGAIN_TOTAL_USEC;
}

/* 2. Reads @path, and looks again while a writer is between unlink and rename or amid the file. */
static Step
read_whole (Save *save, const char *path)
{
  gint64 start = g_get_monotonic_time ();
  gboolean told = FALSE;

  while (TRUE)
    {
      g_autoptr (GError) problem = NULL;
      Step step = try_read (save, path, &problem);

      if (step != STEP_CONTENDED)
        return step;
      if (g_get_monotonic_time () - start > LOOK_AGAIN_TOTAL_USEC ||
          (save->obstacle == QK_LOCK_KIND_TORN && is_old (&save->base.stamp)))
        return give_up_looking (save, problem);
      if (!told)
        tell (save, save->obstacle, save->obstacle_code, QK_LOCK_OUTCOME_RETRY, LOOK_AGAIN_USEC);
      told = TRUE;
      if (!wait_for (save, LOOK_AGAIN_USEC))
        return STEP_FAILED;
    }
}

/* 3. The plan. */
static void
make_plan (Save *save)
{
  g_clear_pointer (&save->plan, qk_plan_free);
  save->plan = qk_plan_new (save->document, save->changes, qk_wall_now ());
}

/* 4. The new version, in a file of its own. */
static Step
write_temp (Save *save, char **temp, QkFileStamp *stamp)
{
  const QkPlatform *platform = save->writer->platform;
  guint n_segments;
  const QkSegment *segments = qk_plan_get_segments (save->plan, &n_segments);
  QkHandle handle = QK_PLATFORM_NO_HANDLE;
  int code = platform->create_temp (save->path, save->base.handle, &handle, temp);

  if (code != 0)
    return fail_with_code (save, "Cannot create a file beside", code);
  code = platform->write (handle, segments, n_segments);
  if (code == 0 && !save->writer->gentle)
    code = platform->sync (handle);
  if (code == 0)
    code = platform->stat_handle (handle, stamp);
  platform->close (handle);
  if (code == 0)
    return STEP_DONE;
  discard (save, *temp);
  g_clear_pointer (temp, g_free);
  return fail_with_code (save, "Cannot write the new version of", code);
}

static void
count_conflict (Save *save)
{
  save->result->conflicts++;
  tell (save, QK_LOCK_KIND_CONFLICT, 0, QK_LOCK_OUTCOME_MERGED, 0);
}

static void
note_verdicts (Save *save)
{
  for (guint i = 0; i < save->changes->len; i++)
    {
      const char *reason;

      if (qk_plan_get_verdict (save->plan, i, &reason) == QK_VERDICT_CHANGED)
        save->ever_changed[i] = TRUE;
    }
}

/* What we displaced, found under @temp, cannot be merged: it cannot be read, or the next version
 * cannot be written. The error is set. It goes back to its place, and our version out again. If the
 * system refuses even that, our version stays, the other one is kept, and the operator is told. */
static Step
put_back (Save *save, const char *temp)
{
  const QkPlatform *platform = save->writer->platform;
  QkFileStamp stamp;
  gboolean exchanged, known;

  if (platform->swap (temp, save->path, &exchanged) == 0)
    {
      known = platform->stat_path (temp, &stamp) == 0;
      if (known && qk_stamp_equal (&stamp, &save->ours))
        {
          discard (save, temp);
          return STEP_FAILED;
        }
      /* A third version stood there, it seems: that one is newer and stays. */
      if (platform->swap (temp, save->path, &exchanged) != 0 || known)
        {
          g_prefix_error (save->error, "A version of the queue is kept as %s. ", temp);
          return STEP_FAILED;
        }
    }
  g_clear_error (save->error);
  save->result->kept = g_strdup (temp);
  return STEP_DONE;
}

/* Whether what came out of the swap is what was meant to: the base, or, where that was a version
 * displaced before, the one of ours that had displaced it. */
static gboolean
is_meant (Save *save, const char *temp, const QkFileStamp *ours_before)
{
  QkFileStamp stamp;

  if (ours_before == NULL)
    return qk_snapshot_is_at (&save->base, save->writer->platform, temp);
  return save->writer->platform->stat_path (temp, &stamp) == 0 &&
         qk_stamp_equal (&stamp, ours_before);
}

/* 5b. Looks at what came out of the swap, which is now found under @temp. */
static Step
look_at_displaced (Save *save, char *temp, const QkFileStamp *ours_before)
{
  g_autofree char *owned = temp;
  g_autoptr (QkDocument) base = NULL;
  Step step;

  if (is_meant (save, temp, ours_before))
    {
      discard (save, temp);
      return STEP_DONE;
    }
  base = qk_document_ref (save->document);
  step = read_whole (save, temp);
  if (step != STEP_DONE)
    return put_back (save, temp);
  /* Its time was touched, or the system would not tell. */
  if (ours_before == NULL && g_bytes_equal (qk_document_get_bytes (base), save->base.bytes))
    {
      discard (save, temp);
      return STEP_DONE;
    }
  /* The version of ours was not made of what stood there: what it did counts for nothing. */
  if (ours_before == NULL)
    {
      qk_recorder_forget_swap (&save->recorder);
      memset (save->ever_changed, 0, save->changes->len * sizeof *save->ever_changed);
    }
  if (save->writer->on_merged != NULL)
    save->writer->on_merged (base, save->document, save->writer->user_data);
  /* Until the next swap it is nowhere but in this file. */
  drop_displaced (save);
  save->displaced = g_steal_pointer (&owned);
  save->must_write = TRUE;
  count_conflict (save);
  return STEP_AGAIN;
}

/* 5. The swap. */
static Step
swap (Save *save, char *temp, const QkFileStamp *stamp, QkHandle leased)
{
  const QkPlatform *platform = save->writer->platform;
  g_autofree char *owned = temp;
  QkFileStamp ours_before = save->ours;
  gboolean merging = save->must_write, exchanged = FALSE;
  QkLockKind kind;
  int code = platform->swap (temp, save->path, &exchanged);

  if (leased != QK_PLATFORM_NO_HANDLE)
    platform->unlease (leased);
  if (code != 0)
    {
      discard (save, temp);
      /* The gap of a writer that unlinks before it renames: never create into it. */
      if (qk_platform_is_absent (code))
        return wait_for (save, LOOK_AGAIN_USEC) ? STEP_AGAIN : STEP_FAILED;
      if (qk_platform_is_contention (code, &kind))
        return contended (save, kind, code);
      return fail_with_code (save, "Cannot replace", code);
    }
  note_verdicts (save);
  if (save->writer->on_swapped != NULL)
    save->writer->on_swapped (save->plan, save->writer->user_data);
  qk_recorder_after_swap (&save->recorder);
  save->ours = *stamp;
  save->must_write = FALSE;
  if (!exchanged)
    return STEP_DONE;
  return look_at_displaced (save, g_steal_pointer (&owned), merging ? &ours_before : NULL);
}

/* Who has the file open for writing will write into what we displace. In-place writers are done in
 * a moment; where the system cannot tell, what came out of the swap is all there is to look at. */
static Step
take_lease (Save *save, gboolean *leased)
{
  const QkPlatform *platform = save->writer->platform;
  gint64 start = g_get_monotonic_time ();
  int code = platform->lease (save->base.handle);

  while (qk_platform_is_lock_held (code) && g_get_monotonic_time () - start < LOCK_PATIENCE_USEC)
    {
      if (!wait_for (save, LOCK_LOOK_USEC))
        return STEP_FAILED;
      code = platform->lease (save->base.handle);
    }
  *leased = code == 0;
  return qk_platform_is_lock_held (code) ? contended (save, QK_LOCK_KIND_IN_USE, code) : STEP_DONE;
}

/* 5a. The last look before the swap. */
static Step
look_before_swap (Save *save, gboolean look_first, gboolean *leased)
{
  Step step;

  if (g_cancellable_set_error_if_cancelled (save->cancellable, save->error))
    return STEP_FAILED;
  /* What stands there is a version of ours, by now at the most two steps old. */
  if (save->must_write)
    return STEP_DONE;
  step = take_lease (save, leased);
  if (step != STEP_DONE)
    return step;
  if (!look_first || qk_snapshot_is_at (&save->base, save->writer->platform, save->path))
    return STEP_DONE;
  count_conflict (save);
  return STEP_AGAIN;
}

/* 4 and 5: from a plan to the version in place. */
static Step
put_in_place (Save *save, gboolean look_first)
{
  const QkPlatform *platform = save->writer->platform;
  QkHandle base = save->base.handle;
  gboolean leased = FALSE;
  QkFileStamp stamp;
  char *temp = NULL;
  Step step = write_temp (save, &temp, &stamp);

  if (step != STEP_DONE)
    return step;
  qk_recorder_before_swap (&save->recorder, save->document, save->plan);
  step = look_before_swap (save, look_first, &leased);
  if (step == STEP_DONE)
    return swap (save, temp, &stamp, leased ? base : QK_PLATFORM_NO_HANDLE);
  if (leased)
    platform->unlease (base);
  discard (save, temp);
  g_free (temp);
  return step;
}

/* 2 to 5, until a version of ours has displaced nothing but the one that it was made of. */
static Step
change_file (Save *save)
{
  Step step = STEP_AGAIN;

  for (guint builds = 0; step == STEP_AGAIN; builds++)
    {
      if (g_get_monotonic_time () > save->deadline)
        return contended (save, QK_LOCK_KIND_CONFLICT, 0);
      if (!save->must_write)
        {
          step = read_whole (save, save->path);
          if (step != STEP_DONE)
            return step;
        }
      make_plan (save);
      if (!save->must_write && !qk_plan_changes_anything (save->plan))
        return STEP_DONE;
      step = put_in_place (save, builds < MAX_STALE_BUILDS);
      save->result->attempts = save->attempt;
    }
  return step;
}

/* 6. */
static void
make_durable (Save *save)
{
  if (save->result->attempts > 0 && !save->writer->gentle)
    save->result->durable = save->writer->platform->sync_folder (save->path) == 0;
}

static Step
attempt_save (Save *save)
{
  Step step = take_lock (save);

  if (step != STEP_DONE)
    return step;
  step = change_file (save);
  if (step == STEP_DONE)
    {
      drop_displaced (save);
      make_durable (save);
    }
  save->writer->platform->unlock (save->lock);
  save->lock = QK_PLATFORM_NO_HANDLE;
  return step;
}

static Step
give_up (Save *save)
{
  tell (save, save->obstacle, save->obstacle_code, QK_LOCK_OUTCOME_GIVE_UP, 0);
  return fail (
      save, QK_STORE_ERROR_BUSY,
      "%s is still locked after %u attempts in %.1f s (%s). Nothing was changed; try again, "
      "or find out which program holds it.",
      save->path, save->attempt, (double) save->result->waited / G_USEC_PER_SEC,
      qk_lock_kind_get_label (save->obstacle));
}

static Step
run (Save *save)
{
  const QkRetryPolicy *policy = &save->writer->policy;

  for (save->attempt = 1;; save->attempt++)
    {
      gint64 delay = qk_retry_policy_get_delay (policy, save->attempt);
      Step step = attempt_save (save);

      if (step != STEP_CONTENDED)
        return step;
      if (save->attempt >= policy->attempts || g_get_monotonic_time () > save->deadline)
        return give_up (save);
      tell (save, save->obstacle, save->obstacle_code, QK_LOCK_OUTCOME_RETRY, delay);
      if (!wait_for (save, delay))
        return STEP_FAILED;
    }
}

/* A change that one of our versions made and the last one found made is changed. */
static void
report (Save *save)
{
  for (guint i = 0; i < save->changes->len; i++)
    {
      const QkChange *change = g_ptr_array_index (save->changes, i);
      const char *id = qk_change_get_id (change), *reason;
      QkVerdict verdict = qk_plan_get_verdict (save->plan, i, &reason);

      if (id == NULL)
        id = "";
      if (verdict == QK_VERDICT_CHANGED ||
          (verdict == QK_VERDICT_IN_EFFECT && save->ever_changed[i]))
        qk_result_take_changed (save->result, g_strdup (id));
      else
        qk_result_take_skipped (save->result, g_strdup (id),
                                g_strdup (reason != NULL ? reason : "already so"));
    }
}

/* Whether a save that failed has left the file as it was: no version of ours stands there. */
static gboolean
is_undone (const Save *save)
{
  QkFileStamp stamp;

  return save->ours.file == 0 || (save->writer->platform->stat_path (save->path, &stamp) == 0 &&
                                  !qk_stamp_equal (&stamp, &save->ours));
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
  g_autofree gboolean *ever_changed = g_new0 (gboolean, MAX (changes->len, 1));
  g_autofree char *path = qk_platform_resolve (self->path);
  Save save = {
      .writer = self,
      .changes = changes,
      .cancellable = cancellable,
      .error = &problem,
      .path = path,
      .lock = QK_PLATFORM_NO_HANDLE,
      .base = QK_SNAPSHOT_INIT,
      .ever_changed = ever_changed,
      .deadline =
          g_get_monotonic_time () + qk_retry_policy_get_total (&self->policy) + DEADLINE_SLACK_USEC,
      .result = result,
  };
  Step step;

  qk_recorder_init (&save.recorder, self->journal, self->queue, changes);
  step = run (&save);
  if (step != STEP_DONE && save.displaced != NULL)
    step = put_back (&save, save.displaced);
  if (step == STEP_DONE)
    report (&save);
  if (step == STEP_DONE || is_undone (&save))
    qk_recorder_end (&save.recorder, step == STEP_DONE, result);
  qk_recorder_clear (&save.recorder);
  drop_base (&save);
  g_clear_pointer (&save.plan, qk_plan_free);
  g_free (save.displaced);
  if (step == STEP_DONE)
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
