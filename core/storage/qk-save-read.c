#include "qk-save-private.h"

#include <glib/gi18n-lib.h>

#define LOCK_PATIENCE_USEC (20 * G_TIME_SPAN_MILLISECOND)

/* 1. The lock. Cooperating writers hold it for some milliseconds: one attempt lasts a little longer
 * than that, or else many of them at once could starve one. */
QkStep
qk_save_take_lock (QkSave *self)
{
  g_autofree char *sidecar = g_strconcat (self->path, ".lock", NULL);
  gint64 start = g_get_monotonic_time ();
  int code = self->writer->platform->lock (sidecar, &self->lock);

  while (qk_platform_is_lock_held (code) && g_get_monotonic_time () - start < LOCK_PATIENCE_USEC)
    {
      if (!qk_save_wait (self, QK_SAVE_POLL_USEC))
        return QK_STEP_FAILED;
      code = self->writer->platform->lock (sidecar, &self->lock);
    }
  if (code == 0)
    return QK_STEP_DONE;
  self->lock = QK_PLATFORM_NO_HANDLE;
  if (qk_platform_is_lock_held (code))
    return qk_save_contended (self, QK_LOCK_KIND_LOCK_HELD, code);
  if (qk_platform_is_obstructed (code))
    return qk_save_fail (
        self, QK_STORE_ERROR_FAILED,
        _ ("%s, which is to be the lock, is not a file. Nothing was changed; remove "
           "it, then try again."),
        sidecar);
  return qk_save_fail_with_code (self, code, _ ("Cannot create the lock file beside %s"),
                                 self->path);
}

/* Reads the file at @path, if it is whole. One that is torn is left open in @snapshot. */
static QkStep
try_read (QkSave *self,
          const char *path,
          QkSnapshot *snapshot,
          QkDocument **document,
          GError **problem)
{
  const QkPlatform *platform = self->writer->platform;
  int code = qk_snapshot_read (snapshot, platform, path, QK_DOCUMENT_MAX_BYTES);

  if (code == 0)
    {
      *document = qk_document_new (snapshot->bytes, self->writer->known, NULL, problem);
      return *document != NULL ? QK_STEP_DONE : qk_save_contended (self, QK_LOCK_KIND_TORN, 0);
    }
  if (code == QK_SNAPSHOT_NOT_REGULAR)
    return qk_save_fail (self, QK_STORE_ERROR_NOT_REGULAR,
                         _ ("%s is not a file. Choose the queue's file."), self->path);
  if (code == QK_SNAPSHOT_TOO_LARGE || code == QK_SNAPSHOT_NO_MEMORY)
    return qk_save_fail (self, QK_STORE_ERROR_FAILED,
                         _ ("%s is too large to be read. Archive delivered messages first."),
                         self->path);
  if (qk_platform_is_absent (code))
    return qk_save_contended (self, QK_LOCK_KIND_ABSENT, code);
  return qk_save_fail_with_code (self, code, _ ("Cannot read %s"), self->path);
}

/* A torn file that nobody has touched for long is not being written: waiting would not mend it. Nor
 * one that has lost its place, so that nobody can open it, and that nobody has open. */
static gboolean
is_final (QkSave *self, const QkSnapshot *snapshot, gboolean displaced)
{
  const QkPlatform *platform = self->writer->platform;

  if (g_get_real_time () - snapshot->stamp.modified / 1000 > QK_SAVE_PATIENCE_USEC)
    return TRUE;
  if (!displaced || platform->lease (snapshot->handle) != 0)
    return FALSE;
  platform->unlease (snapshot->handle);
  return TRUE;
}

/* 2. Reads @path, which may be of what was displaced, and looks again while a writer is between unlink
 * and rename or amid the file. For %QK_STEP_CONTENDED it stayed absent or torn, and @problem tells; a
 * torn one is in @snapshot. */
QkStep
qk_save_read_file (QkSave *self,
                   const char *path,
                   gboolean displaced,
                   QkSnapshot *snapshot,
                   QkDocument **document,
                   GError **problem)
{
  gint64 start = g_get_monotonic_time ();
  gboolean told = FALSE;

  while (TRUE)
    {
      g_autoptr (GError) now = NULL;
      QkStep step = try_read (self, path, snapshot, document, &now);

      if (step != QK_STEP_CONTENDED)
        return step;
      if (g_get_monotonic_time () - start > QK_SAVE_PATIENCE_USEC ||
          (self->obstacle == QK_LOCK_KIND_TORN && is_final (self, snapshot, displaced)))
        {
          if (now != NULL)
            g_propagate_error (problem, g_steal_pointer (&now));
          return step;
        }
      qk_snapshot_clear (snapshot, self->writer->platform);
      if (!told)
        qk_save_tell (self, path, self->obstacle, self->obstacle_code, QK_LOCK_OUTCOME_RETRY,
                      QK_SAVE_LOOK_AGAIN_USEC);
      told = TRUE;
      if (!qk_save_wait (self, QK_SAVE_LOOK_AGAIN_USEC))
        return QK_STEP_FAILED;
    }
}

static QkStep
give_up_looking (QkSave *self, const GError *problem)
{
  qk_save_tell (self, self->path, self->obstacle, self->obstacle_code, QK_LOCK_OUTCOME_GIVE_UP, 0);
  if (self->obstacle == QK_LOCK_KIND_ABSENT)
    return qk_save_fail (
        self, QK_STORE_ERROR_NOT_FOUND,
        _ ("There is no queue at %s. Nothing was changed; try again when the swarm has made it."),
        self->path);
  return qk_save_fail (self, QK_STORE_ERROR_DAMAGED, _ ("%s is damaged: %s. Nothing was changed."),
                       self->path, problem->message);
}

/* The version of another writer that we have displaced is what the next one is made of, as long as
 * ours is what stands in its place. Where yet another writer was quicker, his version is; what the
 * displaced one brought goes with it. */
static void
choose_document (QkSave *self)
{
  g_clear_pointer (&self->document, qk_document_unref);
  self->must_write = self->merging != NULL && qk_stamp_equal (&self->stand.stamp, &self->ours);
  if (!self->must_write && self->merging != NULL)
    g_ptr_array_add (self->displaced, g_steal_pointer (&self->merging));
  self->document =
      qk_document_ref (self->must_write ? self->merging->document : self->stand_document);
}

/* Reads what stands there, and finds out what the next version is to be made of. */
QkStep
qk_save_read_stand (QkSave *self)
{
  g_autoptr (GError) problem = NULL;
  QkStep step;

  qk_save_drop_stand (self);
  step = qk_save_read_file (self, self->path, FALSE, &self->stand, &self->stand_document, &problem);
  if (step == QK_STEP_CONTENDED)
    return give_up_looking (self, problem);
  if (step == QK_STEP_DONE)
    choose_document (self);
  return step;
}
