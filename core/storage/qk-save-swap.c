#include "qk-save-private.h"

#include "qk-temp-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LEASE_PATIENCE_USEC (20 * G_TIME_SPAN_MILLISECOND)

/* A new version must be its owner's, and only root can give files away. */
static QkStep
fail_to_create (QkSave *self, int code)
{
  g_autofree char *owner = qk_platform_dup_other_owner (self->stand.handle, code);

  if (owner == NULL)
    return qk_save_fail_with_code (self, code, _ ("Cannot create a file beside %s"), self->path);
  return qk_save_fail (self, QK_STORE_ERROR_DENIED,
                       _ ("%s belongs to %s: a new version of it would become yours. Nothing was "
                          "changed; try again as %s."),
                       self->path, owner, owner);
}

/* 4. The new version, in a file of its own. */
static QkStep
write_temp (QkSave *self, char **temp, QkFileStamp *stamp)
{
  const QkPlatform *platform = self->writer->platform;
  guint n_segments;
  const QkSegment *segments = qk_plan_get_segments (self->plan, &n_segments);
  QkHandle handle = QK_PLATFORM_NO_HANDLE;
  int code =
      platform->create_temp (self->path, self->stand.handle, &self->stand.stamp, &handle, temp);

  if (code != 0)
    return fail_to_create (self, code);
  code = platform->write (handle, segments, n_segments);
  /* Where it is refused, the system does as well as it can. */
  if (code == 0 && self->writer->gentle)
    (void) platform->flush (handle);
  else if (code == 0)
    code = platform->sync (handle);
  if (code == 0)
    code = platform->stat_handle (handle, stamp);
  platform->close (handle);
  if (code == 0)
    return QK_STEP_DONE;
  (void) qk_temp_discard (platform, *temp);
  g_clear_pointer (temp, g_free);
  return qk_save_fail_with_code (self, code, _ ("Cannot write the new version of %s"), self->path);
}

static void
note_verdicts (QkSave *self)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      const char *reason;

      if (qk_plan_get_verdict (self->plan, i, &reason) == QK_VERDICT_CHANGED)
        self->ever_changed[i] = TRUE;
    }
}

/* All that was merged so far is in what stands there. */
static void
end_merging (QkSave *self)
{
  if (self->merging != NULL)
    g_ptr_array_add (self->displaced, g_steal_pointer (&self->merging));
  g_clear_pointer (&self->unmerged, g_free);
}

/* Nothing was displaced unseen. What ours has taken the place of is looked at for a while longer. */
static QkStep
release (QkSave *self)
{
  g_ptr_array_add (self->displaced, qk_displaced_new (self->writer->platform, &self->stand,
                                                      self->stand_document, NULL));
  qk_save_drop_stand (self);
  end_merging (self);
  return QK_STEP_DONE;
}

static gboolean
was_purged (const char *id, gpointer user_data)
{
  const QkWriter *writer = ((const QkSave *) user_data)->writer;
  gboolean purged = writer->was_purged != NULL && writer->was_purged (id, writer->user_data);

  if (!purged && writer->journal != NULL && writer->queue != NULL)
    (void) qk_journal_was_purged (writer->journal, writer->queue, id, &purged, NULL);
  return purged;
}

/* What @displaced has and the version that ours was made of has not: it goes into each version that
 * we still make, should the one that is made of then lack it. */
static void
keep_messages (QkSave *self, QkDocument *displaced)
{
  g_ptr_array_extend_and_steal (self->messages,
                                qk_merge_find (self->document, displaced, was_purged, self));
}

/* The version of ours was not made of what stood there: what it did counts for nothing. One that was
 * made of what had come out before does count: it was in place. */
static void
forget_swap (QkSave *self)
{
  if (self->merging != NULL)
    return;
  qk_recorder_forget_swap (&self->recorder);
  memset (self->ever_changed, 0, self->changes->len * sizeof *self->ever_changed);
}

/* A whole version of another writer came out: the next one is made of it. */
static QkStep
merge (QkSave *self, QkSnapshot *snapshot, QkDocument *document, const char *temp)
{
  forget_swap (self);
  if (self->writer->on_merged != NULL)
    self->writer->on_merged (self->document, document, self->writer->user_data);
  keep_messages (self, document);
  end_merging (self);
  self->merging = qk_displaced_new (self->writer->platform, snapshot, document, temp);
  self->unmerged = g_strdup (temp);
  qk_save_count_conflict (self);
  return QK_STEP_AGAIN;
}

/* A version came out that its writer has left torn. It is not put back: what stands there now is
 * whole. Its whole messages are merged, and it is kept for the operator. */
static QkStep
merge_pieces (QkSave *self, QkSnapshot *snapshot, const char *temp)
{
  g_autoptr (QkDocument) pieces = qk_merge_read_pieces (snapshot->bytes);

  if (pieces != NULL)
    keep_messages (self, pieces);
  end_merging (self);
  g_ptr_array_add (self->torn,
                   qk_displaced_new (self->writer->platform, snapshot, self->document, temp));
  qk_save_count_conflict (self);
  return QK_STEP_AGAIN;
}

/* 6. Looks at what came out of the swap, which is now found under @temp. */
static QkStep
look_at_displaced (QkSave *self, const char *temp)
{
  g_autoptr (QkDocument) document = NULL;
  QkSnapshot snapshot = QK_SNAPSHOT_INIT;
  QkStep step;

  if (qk_snapshot_is_at (&self->stand, self->writer->platform, temp))
    {
      (void) qk_temp_discard (self->writer->platform, temp);
      return release (self);
    }
  step = qk_save_read_file (self, temp, TRUE, &snapshot, &document, NULL);
  /* What a symbolic link leads to stands elsewhere, and is not for the queue's readers. */
  if (snapshot.handle != QK_PLATFORM_NO_HANDLE && !qk_platform_is_plain (temp, &snapshot.stamp))
    {
      qk_snapshot_clear (&snapshot, self->writer->platform);
      step = qk_save_fail (self, QK_STORE_ERROR_NOT_REGULAR,
                           _ ("%s was replaced by a symbolic link. Nothing was changed; look at it "
                              "again."),
                           self->path);
    }
  if (step == QK_STEP_CONTENDED && self->obstacle == QK_LOCK_KIND_TORN)
    return merge_pieces (self, &snapshot, temp);
  /* Its time was touched, or the system would not tell. */
  if (step == QK_STEP_DONE && g_bytes_equal (snapshot.bytes, self->stand.bytes))
    {
      qk_snapshot_clear (&snapshot, self->writer->platform);
      (void) qk_temp_discard (self->writer->platform, temp);
      return release (self);
    }
  if (step == QK_STEP_DONE)
    return merge (self, &snapshot, document, temp);
  if (step == QK_STEP_CONTENDED)
    step = qk_save_fail_with_code (self, self->obstacle_code, _ ("Cannot read what stood at %s"),
                                   self->path);
  g_free (self->unmerged);
  self->unmerged = g_strdup (temp);
  return step;
}

/* 6. Where the system could not exchange, only who wrote into the very file that we read can be seen. */
static QkStep
look_at_replaced (QkSave *self)
{
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GBytes) before = g_bytes_ref (self->stand.bytes);
  QkSnapshot snapshot;
  gboolean changed;

  if (qk_snapshot_refresh (&self->stand, self->writer->platform, &changed) != 0 || !changed ||
      g_bytes_equal (self->stand.bytes, before))
    return release (self);
  snapshot = self->stand;
  self->stand = QK_SNAPSHOT_INIT;
  document = qk_document_new (snapshot.bytes, self->document, NULL, NULL);
  return document != NULL ? merge (self, &snapshot, document, NULL)
                          : merge_pieces (self, &snapshot, NULL);
}

/* Whoever had opened the file for writing in the moment of the lease goes on when it ends, and writes
 * into what we have displaced. In-place writers are done in a moment. */
static void
wait_for_late_writer (QkSave *self)
{
  const QkPlatform *platform = self->writer->platform;
  gint64 start = g_get_monotonic_time ();
  int code = platform->lease (self->stand.handle);

  while (qk_platform_is_lock_held (code) && g_get_monotonic_time () - start < QK_SAVE_PATIENCE_USEC)
    {
      (void) qk_wait (QK_SAVE_POLL_USEC, NULL, NULL);
      code = platform->lease (self->stand.handle);
    }
  if (code == 0)
    platform->unlease (self->stand.handle);
}

/* 5. The swap. */
static QkStep
swap (QkSave *self, const char *temp, const QkFileStamp *stamp, gboolean leased)
{
  const QkPlatform *platform = self->writer->platform;
  gboolean exchanged = FALSE;
  QkLockKind kind;
  int code = platform->swap (temp, self->path, &exchanged);

  if (leased)
    platform->unlease (self->stand.handle);
  if (code != 0)
    {
      (void) qk_temp_discard (self->writer->platform, temp);
      /* The gap of a writer that unlinks before it renames: never create into it. */
      if (qk_platform_is_absent (code))
        return qk_save_wait (self, QK_SAVE_LOOK_AGAIN_USEC) ? QK_STEP_AGAIN : QK_STEP_FAILED;
      if (qk_platform_is_contention (code, &kind))
        return qk_save_contended (self, kind, code);
      return qk_save_fail_with_code (self, code, _ ("Cannot replace %s"), self->path);
    }
  note_verdicts (self);
  if (self->writer->on_swapped != NULL)
    self->writer->on_swapped (self->plan, stamp, self->writer->user_data);
  qk_recorder_after_swap (&self->recorder);
  self->ours = *stamp;
  if (leased)
    wait_for_late_writer (self);
  return exchanged ? look_at_displaced (self, temp) : look_at_replaced (self);
}

/* Who has the file open for writing will write into what we displace. In-place writers are done in
 * a moment; where the system cannot tell, what came out of the swap is all there is to look at. */
static QkStep
take_lease (QkSave *self, gboolean *leased)
{
  const QkPlatform *platform = self->writer->platform;
  gint64 start = g_get_monotonic_time ();
  int code = platform->lease (self->stand.handle);

  while (qk_platform_is_lock_held (code) && g_get_monotonic_time () - start < LEASE_PATIENCE_USEC)
    {
      if (!qk_save_wait (self, QK_SAVE_POLL_USEC))
        return QK_STEP_FAILED;
      code = platform->lease (self->stand.handle);
    }
  *leased = code == 0;
  if (qk_platform_is_lock_held (code))
    return qk_save_contended (self, QK_LOCK_KIND_IN_USE, code);
  return QK_STEP_DONE;
}

/* The last look before the swap. */
static QkStep
look_before_swap (QkSave *self, gboolean look_first, gboolean *leased)
{
  QkStep step;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, self->error))
    return QK_STEP_FAILED;
  step = take_lease (self, leased);
  if (step != QK_STEP_DONE || !look_first ||
      qk_snapshot_is_at (&self->stand, self->writer->platform, self->path))
    return step;
  qk_save_count_conflict (self);
  return QK_STEP_AGAIN;
}

/* The journal may fail: then the change cannot be undone, which is told, unless it must not be. */
static QkStep
keep_in_journal (QkSave *self)
{
  const char *problem;

  qk_recorder_before_swap (&self->recorder, self->document, self->plan);
  problem = self->recorder.journal != NULL ? self->recorder.problem : _ ("there is none");
  if (problem == NULL || !self->writer->must_keep)
    return QK_STEP_DONE;
  return qk_save_fail (self, QK_STORE_ERROR_FAILED, _ ("the history cannot keep it: %s"), problem);
}

/* 4 to 6: from a plan to the version in place. */
QkStep
qk_save_put_in_place (QkSave *self, gboolean look_first)
{
  gboolean leased = FALSE;
  QkFileStamp stamp;
  g_autofree char *temp = NULL;
  QkStep step = write_temp (self, &temp, &stamp);

  if (step != QK_STEP_DONE)
    return step;
  step = keep_in_journal (self);
  if (step == QK_STEP_DONE)
    step = look_before_swap (self, look_first, &leased);
  if (step == QK_STEP_DONE)
    return swap (self, temp, &stamp, leased);
  if (leased)
    self->writer->platform->unlease (self->stand.handle);
  (void) qk_temp_discard (self->writer->platform, temp);
  return step;
}

/* What we displaced cannot be merged: it cannot be read, or the next version cannot be written. The
 * error is set. It goes back to its place, and our version out again. If the system refuses even
 * that, our version stays, the other one is kept, and the operator is told. */
QkStep
qk_save_put_back (QkSave *self)
{
  const QkPlatform *platform = self->writer->platform;
  const char *temp = self->unmerged;
  QkFileStamp stamp;
  gboolean exchanged, known;

  if (platform->swap (temp, self->path, &exchanged) == 0)
    {
      known = platform->stat_path (temp, &stamp) == 0;
      if (known && qk_stamp_equal (&stamp, &self->ours))
        {
          (void) qk_temp_discard (self->writer->platform, temp);
          return QK_STEP_FAILED;
        }
      /* A third version stood there, it seems: that one is newer and stays. */
      if (platform->swap (temp, self->path, &exchanged) != 0 || known)
        {
          g_prefix_error (self->error, _ ("A version of the queue is kept as %s. "), temp);
          return QK_STEP_FAILED;
        }
    }
  qk_recorder_remember_swap (&self->recorder);
  g_clear_error (self->error);
  g_free (self->result->kept);
  self->result->kept = g_strdup (temp);
  return QK_STEP_DONE;
}
