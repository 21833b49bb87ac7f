#include "qk-file-store-private.h"
#include "qk-recovery-private.h"
#include "qk-rescue.h"

/* A repair or a copy on its way. In the store's thread it touches the rescue, whose result was put
 * together when it was made, and nothing of the salvage that the main context may be looking at. */
typedef struct {
  QkFileStoreJob job;
  QkFileStore *store;   /* owned */
  GTask *task;          /* owned */
  QkRecovery *recovery; /* owned: keeps the rescue; only the main context touches it */
  QkRescue *rescue;     /* not owned */
  QkRetryPolicy policy;
  char *path;               /* owned, nullable: it is a copy */
  QkRescueOutcome *outcome; /* owned, nullable: of a repair */
  gboolean written;         /* the copy */
  GError *error;            /* owned, nullable */
} SalvageJob;

static void
salvage_job_free (gpointer data)
{
  SalvageJob *job = data;

  g_object_unref (job->store);
  g_object_unref (job->task);
  g_object_unref (job->recovery);
  g_free (job->path);
  g_clear_pointer (&job->outcome, qk_rescue_outcome_free);
  g_clear_error (&job->error);
  g_free (job);
}

static void
free_outcome (gpointer data)
{
  qk_rescue_outcome_free (data);
}

static gboolean
on_salvage_done (gpointer user_data)
{
  SalvageJob *job = user_data;
  QkFileStore *self = job->store;

  if (job->path == NULL)
    qk_file_store_set_n_saving (self, self->n_saving - 1);
  if (job->path == NULL && self->watch != NULL)
    qk_file_store_look (self);
  if (job->outcome != NULL)
    g_task_return_pointer (job->task, g_steal_pointer (&job->outcome), free_outcome);
  else if (job->written)
    g_task_return_boolean (job->task, TRUE);
  else
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  return G_SOURCE_REMOVE;
}

static void
on_rescue_event (const QkLockEvent *event, gpointer user_data)
{
  SalvageJob *job = user_data;

  qk_file_store_tell_event (job->store, event);
}

static void
run_job (QkFileStoreJob *base)
{
  SalvageJob *job = (SalvageJob *) base;
  GCancellable *cancellable = g_task_get_cancellable (job->task);

  if (job->path == NULL)
    job->outcome =
        qk_rescue_apply (job->rescue, &job->policy, on_rescue_event, job, cancellable, &job->error);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, &job->error))
    job->written = qk_rescue_write_to (job->rescue, job->path, &job->error);
  qk_file_store_hand_over (job->store, on_salvage_done, job, salvage_job_free);
}

static SalvageJob *
salvage_job_new (QkFileStore *self, QkRecovery *recovery, GTask *task)
{
  SalvageJob *job = g_new0 (SalvageJob, 1);

  job->job.run = run_job;
  job->store = g_object_ref (self);
  job->task = task;
  job->recovery = g_object_ref (recovery);
  job->rescue = qk_recovery_get_found (recovery);
  job->policy = self->policy;
  /* What was written is reported as written, even if it was cancelled right after. */
  g_task_set_check_cancellable (task, FALSE);
  return job;
}

void
qk_file_store_repair_async (QkStore *store,
                            QkRecovery *recovery,
                            const QkRetryPolicy *policy,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (store);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  SalvageJob *job;

  g_task_set_source_tag (task, qk_file_store_repair_async);
  if (qk_file_store_refuse (self, task))
    {
      g_object_unref (task);
      return;
    }
  job = salvage_job_new (self, recovery, task);
  if (policy != NULL)
    job->policy = *policy;
  qk_file_store_set_n_saving (self, self->n_saving + 1);
  g_thread_pool_push (self->saver, job, NULL);
}

char *
qk_file_store_repair_finish (QkStore *store,
                             GAsyncResult *result,
                             gboolean *durable,
                             GError **error)
{
  g_autoptr (QkRescueOutcome) outcome = NULL;
  g_autofree char *name = NULL, *path = NULL;

  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  outcome = g_task_propagate_pointer (G_TASK (result), error);
  if (outcome == NULL)
    return NULL;
  if (durable != NULL)
    *durable = outcome->durable;
  name = g_path_get_basename (outcome->backup);
  path = g_build_filename ("backups", name, NULL);
  return g_filename_display_name (path);
}

void
qk_file_store_save_copy_async (QkStore *store,
                               QkRecovery *recovery,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (store);
  SalvageJob *job =
      salvage_job_new (self, recovery, g_task_new (self, cancellable, callback, user_data));

  g_task_set_source_tag (job->task, qk_file_store_save_copy_async);
  job->path = g_strdup (path);
  g_thread_pool_push (self->saver, job, NULL);
}

gboolean
qk_file_store_save_copy_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What to look for. */
typedef struct {
  GBytes *seen; /* owned, nullable */
  gboolean all_of_backups;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_pointer (&request->seen, g_bytes_unref);
  g_free (request);
}

static void
run_gathering (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;
  Request *request = task_data;
  GError *error = NULL;
  QkRescue *rescue = qk_rescue_new (self->platform, self->path, request->seen,
                                    request->all_of_backups, cancellable, &error);

  if (rescue != NULL)
    g_task_return_pointer (task, rescue, (GDestroyNotify) qk_rescue_free);
  else
    g_task_return_error (task, error);
}

void
qk_file_store_salvage_async (QkStore *store,
                             gboolean all_of_backups,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (store);
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, qk_file_store_salvage_async);
  if (self->document != NULL)
    request->seen = g_bytes_ref (qk_document_get_bytes (self->document));
  request->all_of_backups = all_of_backups;
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, run_gathering);
}

static void
on_recovery_gone (gpointer data, GObject *recovery)
{
  g_ptr_array_remove_fast (data, recovery);
}

/* Makes the recovery here, in the main context, so that it lives nowhere else. */
QkRecovery *
qk_file_store_salvage_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  QkFileStore *self = QK_FILE_STORE (store);
  QkRescue *rescue;
  QkRecovery *recovery;

  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  rescue = g_task_propagate_pointer (G_TASK (result), error);
  if (rescue == NULL)
    return NULL;
  recovery = qk_recovery_new (qk_rescue_get_salvage (rescue), qk_rescue_get_problem (rescue),
                              rescue, (GDestroyNotify) qk_rescue_free);
  g_ptr_array_add (self->recoveries, recovery);
  g_object_weak_ref (G_OBJECT (recovery), on_recovery_gone, self->recoveries);
  if (self->watch != NULL)
    qk_file_store_look (self);
  return recovery;
}

/* Tells the recoveries whether what stands in the queue is what they were made of. */
void
qk_file_store_update_recoveries (QkFileStore *self)
{
  /* Whoever is told may make another one, or let go of this. */
  g_autoptr (GPtrArray) recoveries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->recoveries->len; i++)
    g_ptr_array_add (recoveries, g_object_ref (self->recoveries->pdata[i]));
  for (guint i = 0; i < recoveries->len; i++)
    {
      QkRescue *rescue = qk_recovery_get_found (recoveries->pdata[i]);

      qk_recovery_set_current (recoveries->pdata[i],
                               qk_stamp_equal (qk_rescue_get_stamp (rescue), &self->seen));
    }
}

void
qk_file_store_forget_recoveries (QkFileStore *self)
{
  for (guint i = 0; i < self->recoveries->len; i++)
    g_object_weak_unref (self->recoveries->pdata[i], on_recovery_gone, self->recoveries);
  g_clear_pointer (&self->recoveries, g_ptr_array_unref);
}
