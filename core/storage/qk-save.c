#include "qk-save-private.h"

#include <glib/gi18n-lib.h>

QkStep
qk_save_fail (QkSave *self, QkStoreError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (self->error != NULL && *self->error == NULL)
    *self->error = g_error_new_valist (QK_STORE_ERROR, (int) code, format, args);
  va_end (args);
  return QK_STEP_FAILED;
}

QkStep
qk_save_fail_with_code (QkSave *self, int code, const char *format, ...)
{
  g_autofree char *problem = qk_platform_describe_code (code);
  g_autofree char *what = NULL;
  gboolean denied = qk_platform_is_denied (code);
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (denied)
    return qk_save_fail (self, QK_STORE_ERROR_DENIED,
                         _ ("%s: %s. Nothing was changed; see who may write to the file and its "
                            "folder, then try again."),
                         what, problem);
  return qk_save_fail (self, QK_STORE_ERROR_FAILED,
                       _ ("%s: %s. Nothing was changed; see to the disk, then try again."), what,
                       problem);
}

QkStep
qk_save_contended (QkSave *self, QkLockKind kind, int code)
{
  self->obstacle = kind;
  self->obstacle_code = code;
  return QK_STEP_CONTENDED;
}

/* Who stands in the way, and how long it took to find that out: a wait is shorter by so much. */
static QkHolder *
look_for_holder (QkSave *self, const char *path, QkLockKind kind, gint64 budget)
{
  const QkWriter *writer = self->writer;
  gint64 start = g_get_monotonic_time ();
  QkHolder *holder = NULL;

  if (writer->holders != NULL && path != NULL)
    holder = qk_holder_look_for_event (writer->holders, writer->platform, path, kind, budget);
  self->result->waited += g_get_monotonic_time () - start;
  return holder;
}

/* @path is where somebody stands in the way; NULL where nobody is to be looked for. */
void
qk_save_tell (QkSave *self,
              const char *path,
              QkLockKind kind,
              int code,
              QkLockOutcome outcome,
              gint64 delay)
{
  const QkWriter *writer = self->writer;
  gint64 budget = outcome == QK_LOCK_OUTCOME_RETRY ? MIN (delay / 2, QK_HOLDER_BUDGET_USEC)
                                                   : QK_HOLDER_BUDGET_USEC;
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_SAVE,
      .kind = kind,
      .code = code,
      .attempt = self->attempt,
      .attempts = writer->policy.attempts,
      .delay = delay,
      .outcome = outcome,
  };

  event.holder = look_for_holder (self, path, kind, budget);
  if (writer->on_event != NULL)
    writer->on_event (&event, writer->user_data);
  g_clear_pointer (&self->holder, qk_holder_unref);
  self->holder = event.holder;
}

void
qk_save_count_conflict (QkSave *self)
{
  self->result->conflicts++;
  qk_save_tell (self, NULL, QK_LOCK_KIND_CONFLICT, 0, QK_LOCK_OUTCOME_MERGED, 0);
}

/* Returns FALSE, with the error set, where the save was cancelled. */
gboolean
qk_save_wait (QkSave *self, gint64 usec)
{
  gint64 start = g_get_monotonic_time ();
  gboolean waited = qk_wait (usec, self->cancellable, self->error);

  self->result->waited += g_get_monotonic_time () - start;
  return waited;
}

void
qk_save_drop_stand (QkSave *self)
{
  qk_snapshot_clear (&self->stand, self->writer->platform);
  g_clear_pointer (&self->stand_document, qk_document_unref);
}

void
qk_save_clear (QkSave *self)
{
  qk_save_drop_stand (self);
  g_clear_pointer (&self->document, qk_document_unref);
  g_clear_pointer (&self->merging, qk_displaced_free);
  g_clear_pointer (&self->unmerged, g_free);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->leftovers, qk_leftovers_free);
  g_clear_pointer (&self->torn, g_ptr_array_unref);
  g_clear_pointer (&self->displaced, g_ptr_array_unref);
  g_clear_pointer (&self->plan, qk_plan_free);
  g_clear_pointer (&self->ever_changed, g_free);
  g_clear_pointer (&self->holder, qk_holder_unref);
  g_clear_pointer (&self->path, g_free);
  qk_recorder_clear (&self->recorder);
}
