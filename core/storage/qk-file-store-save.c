#include "qk-file-store-private.h"

#include "qk-leftovers.h"

#include <glib/gi18n-lib.h>

/* Beside writers that were at work so lately the disk is not waited for. */
#define FOREIGN_USEC (10 * G_TIME_SPAN_SECOND)

/* What is saved. */
typedef enum {
  JOB_CHANGES,  /* what the operator asked for */
  JOB_REPAIR,   /* what the guard asks for */
  JOB_RECOVERY, /* what an interrupted save has left */
} JobKind;

/* Changes on their way. */
typedef struct {
  QkFileStoreJob job;
  QkFileStore *store; /* owned */
  JobKind kind;
  GTask *task; /* owned, nullable: of the operator's */
  gboolean gentle;
  gboolean must_keep;   /* in the journal, or nothing is written */
  QkFileStamp ours;     /* of the version of ours that stands there in the end */
  GPtrArray *displaced; /* owned, of QkDisplaced */
  GPtrArray *changes;   /* owned */
  QkDocument *known;    /* owned, nullable */
  QkJournal *journal;   /* owned, nullable */
  char *key;            /* owned: of the queue in the journal */
  QkRetryPolicy policy;
  guint attempts;
  QkResult *result; /* owned, nullable */
  GError *error;    /* owned, nullable */
} SaveJob;

/* An event on its way to the main context. */
typedef struct {
  QkFileStore *store; /* owned */
  QkLockEvent *event; /* owned */
} EventJob;

static void
save_job_free (gpointer data)
{
  SaveJob *job = data;

  g_object_unref (job->store);
  g_clear_object (&job->task);
  g_ptr_array_unref (job->changes);
  g_ptr_array_unref (job->displaced);
  g_clear_pointer (&job->known, qk_document_unref);
  g_clear_object (&job->journal);
  g_free (job->key);
  g_clear_pointer (&job->result, qk_result_free);
  g_clear_error (&job->error);
  g_free (job);
}

/* How many saves of the operator are on their way. */
void
qk_file_store_set_n_saving (QkFileStore *self, guint n_saving)
{
  gboolean differs = (self->n_saving > 0) != (n_saving > 0);

  self->n_saving = n_saving;
  if (differs)
    g_object_notify (G_OBJECT (self), "saving");
}

static void
end_task (SaveJob *job)
{
  if (job->result != NULL)
    g_task_return_pointer (job->task, g_steal_pointer (&job->result),
                           (GDestroyNotify) qk_result_free);
  else
    g_task_return_error (job->task, g_steal_pointer (&job->error));
}

static void
count_repairs (QkFileStore *self, const SaveJob *job)
{
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_SAVE,
      .kind = QK_LOCK_KIND_OVERWRITE,
      .outcome = QK_LOCK_OUTCOME_MERGED,
  };

  g_clear_pointer (&self->repairs, g_ptr_array_unref);
  /* Nothing was written where all was right already. */
  if (job->result == NULL || job->result->attempts == 0)
    return;
  qk_keeper_count_repairs (self->keeper, job->changes);
  g_signal_emit_by_name (self, "lock-event", &event);
}

/* What was left of the versions that the job has displaced is the store's business from here on. */
static void
take_over (QkFileStore *self, SaveJob *job)
{
  if (job->ours.file != 0)
    self->ours = job->ours;
  if (job->result != NULL && job->result->attempts > 0 && job->gentle)
    self->was_gentle = TRUE;
  for (guint i = 0; i < job->displaced->len; i++)
    qk_file_store_watch_displaced (self, job->displaced->pdata[i]);
  g_ptr_array_set_free_func (job->displaced, NULL);
}

static gboolean
on_save_done (gpointer user_data)
{
  SaveJob *job = user_data;
  QkFileStore *self = job->store;

  take_over (self, job);
  if (job->kind == JOB_REPAIR)
    count_repairs (self, job);
  else
    {
      if (job->kind == JOB_CHANGES)
        {
          qk_file_store_set_n_saving (self, self->n_saving - 1);
          g_signal_emit_by_name (self, "saved", job->result, job->attempts);
        }
      if (job->result != NULL && job->result->recovered != NULL)
        g_signal_emit_by_name (self, "notice", job->result->recovered);
      qk_file_store_check_guard (self);
    }
  if (self->watch != NULL)
    qk_file_store_look (self);
  if (job->task != NULL)
    end_task (job);
  return G_SOURCE_REMOVE;
}

static void
event_job_free (gpointer data)
{
  EventJob *job = data;

  g_object_unref (job->store);
  qk_lock_event_free (job->event);
  g_free (job);
}

static gboolean
deliver_event (gpointer user_data)
{
  EventJob *job = user_data;

  g_signal_emit_by_name (job->store, "lock-event", job->event);
  return G_SOURCE_REMOVE;
}

/* Runs @function in the main context. An own source even if it is called in the main context's thread:
 * signals come from its loop. */
void
qk_file_store_hand_over (QkFileStore *self,
                         GSourceFunc function,
                         gpointer data,
                         GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, free_data);
  g_source_attach (source, self->context);
}

/* Lets the main context hear of an obstacle. */
void
qk_file_store_tell_event (QkFileStore *self, const QkLockEvent *event)
{
  EventJob *job = g_new (EventJob, 1);

  *job = (EventJob){g_object_ref (self), qk_lock_event_copy (event)};
  qk_file_store_hand_over (self, deliver_event, job, event_job_free);
}

static void
on_writer_event (const QkLockEvent *event, gpointer user_data)
{
  SaveJob *job = user_data;

  job->attempts = event->attempt;
  qk_file_store_tell_event (job->store, event);
}

static void
on_swapped (QkPlan *plan, const QkFileStamp *stamp, gpointer user_data)
{
  SaveJob *job = user_data;

  job->ours = *stamp;
  /* A repair restores what is expected already. */
  if (job->kind != JOB_REPAIR)
    qk_keeper_expect_plan (job->store->keeper, plan, job->changes);
}

static void
on_displaced (QkDisplaced *displaced, gpointer user_data)
{
  g_ptr_array_add (((SaveJob *) user_data)->displaced, displaced);
}

/* In the thread of the writer, which itself asks the journal that it tells what it does. A repair tells
 * none, but wants to know all the same. */
static gboolean
was_purged (const char *id, gpointer user_data)
{
  SaveJob *job = user_data;
  gboolean purged = qk_keeper_is_purged (job->store->keeper, id);

  if (!purged && job->kind == JOB_REPAIR && job->journal != NULL)
    (void) qk_journal_was_purged (job->journal, job->key, id, &purged, NULL);
  return purged;
}

static void
on_merged (QkDocument *base, QkDocument *displaced, gpointer user_data)
{
  SaveJob *job = user_data;

  qk_keeper_expect_merged (job->store->keeper, base, displaced);
}

/* Saves follow one another: what was saved since the guard was asked is known to it by now. */
static void
choose_repairs (SaveJob *job)
{
  g_autoptr (GPtrArray) asked_for = g_steal_pointer (&job->changes);

  job->changes = qk_keeper_filter (job->store->keeper, asked_for);
}

static void
run_save (QkFileStoreJob *base)
{
  SaveJob *job = (SaveJob *) base;
  GCancellable *cancellable = job->task != NULL ? g_task_get_cancellable (job->task) : NULL;
  gint64 begin = g_get_monotonic_time ();
  QkWriter writer = {
      .platform = job->store->platform,
      .holders = qk_holders_get_native (),
      .path = job->store->path,
      .policy = job->policy,
      .known = job->known,
      .journal = job->kind != JOB_REPAIR ? job->journal : NULL,
      .queue = job->key,
      .on_event = on_writer_event,
      .on_swapped = on_swapped,
      .on_merged = on_merged,
      .on_displaced = qk_keeper_is_active (job->store->keeper) ? on_displaced : NULL,
      .was_purged = was_purged,
      .gentle = job->gentle,
      .must_keep = job->must_keep,
      .user_data = job,
  };

  if (job->kind == JOB_REPAIR)
    choose_repairs (job);
  else
    qk_keeper_begin_save (job->store->keeper);
  job->result = qk_writer_save (&writer, job->changes, cancellable, &job->error);
  /* A repair that failed is tried again. */
  qk_keeper_end_save (job->store->keeper,
                      job->result == NULL && job->kind == JOB_CHANGES ? job->changes : NULL);
  if (job->result != NULL)
    {
      job->attempts = job->result->attempts;
      job->result->settling = job->gentle;
      job->result->elapsed = g_get_monotonic_time () - begin;
    }
  qk_file_store_hand_over (job->store, on_save_done, job, save_job_free);
}

/* While other writers are about, and the guard will see to it that all becomes durable. */
static gboolean
is_gentle (QkFileStore *self)
{
  return qk_keeper_is_active (self->keeper) && self->foreign_seen != 0 &&
         g_get_monotonic_time () - self->foreign_seen < FOREIGN_USEC;
}

static SaveJob *
save_job_new (QkFileStore *self, JobKind kind, GPtrArray *changes)
{
  SaveJob *job = g_new0 (SaveJob, 1);

  job->job.run = run_save;
  job->store = g_object_ref (self);
  job->kind = kind;
  job->gentle = kind == JOB_REPAIR || (kind == JOB_CHANGES && is_gentle (self));
  job->changes = g_ptr_array_ref (changes);
  job->displaced = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free);
  job->known = self->document != NULL ? qk_document_ref (self->document) : NULL;
  job->policy = self->policy;
  job->key = qk_store_dup_key (QK_STORE (self));
  if (self->journal != NULL)
    job->journal = g_object_ref (self->journal);
  return job;
}

/* Sees to what an interrupted save has left, once, as soon as there is a queue to put it into. */
void
qk_file_store_recover (QkFileStore *self)
{
  g_autoptr (GPtrArray) nothing = NULL;
  g_autofree char *path = NULL;

  if (self->recovered || self->read_only || self->state != QK_STORE_STATE_LIVE ||
      !qk_keeper_is_active (self->keeper))
    return;
  self->recovered = TRUE;
  path = qk_platform_resolve (self->path);
  if (!qk_leftovers_exist (path))
    return;
  nothing = g_ptr_array_new ();
  g_thread_pool_push (self->saver, save_job_new (self, JOB_RECOVERY, nothing), NULL);
}

static gboolean
on_repair_due (gpointer user_data)
{
  QkFileStore *self = user_data;

  self->repair_source = 0;
  if (self->read_only)
    {
      g_clear_pointer (&self->repairs, g_ptr_array_unref);
      return G_SOURCE_REMOVE;
    }
  g_thread_pool_push (self->saver, save_job_new (self, JOB_REPAIR, self->repairs), NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_settled (gpointer user_data)
{
  QkFileStore *self = user_data;

  self->settle_source = 0;
  qk_file_store_check_guard (self);
  return G_SOURCE_REMOVE;
}

static void
update_given_up (QkFileStore *self)
{
  g_autoptr (QkGivenUp) given_up = qk_keeper_dup_given_up (self->keeper);

  if (qk_given_up_equal (given_up, self->given_up))
    return;
  g_clear_pointer (&self->given_up, qk_given_up_free);
  self->given_up = g_steal_pointer (&given_up);
  g_object_notify (G_OBJECT (self), "given-up");
}

/* Compares the queue as it stands with what was saved, and sees to it that it is put right. */
void
qk_file_store_check_guard (QkFileStore *self)
{
  guint n_before = qk_keeper_get_n_items (self->keeper);
  g_autoptr (GPtrArray) repairs = NULL;

  if (self->document == NULL || self->watch == NULL || self->repairs != NULL)
    return;
  repairs = qk_keeper_check (self->keeper, self->document);
  if (repairs->len > 0 && !self->read_only)
    {
      self->repair_source =
          g_timeout_add (qk_keeper_get_delay (self->keeper, repairs), on_repair_due, self);
      self->repairs = g_steal_pointer (&repairs);
    }
  update_given_up (self);
  if (qk_keeper_get_n_items (self->keeper) == 0)
    qk_file_store_settle (self);
  else if (self->settle_source == 0 && (repairs == NULL || repairs->len == 0))
    self->settle_source = g_timeout_add (qk_keeper_get_rest (self->keeper), on_settled, self);
  if (qk_keeper_get_n_items (self->keeper) != n_before || n_before > 0)
    g_object_notify (G_OBJECT (self), "n-guarded");
}

/* What is guarded, and until when, was changed from outside. */
static void
check_guard_anew (QkFileStore *self)
{
  g_clear_handle_id (&self->settle_source, g_source_remove);
  qk_file_store_check_guard (self);
  update_given_up (self);
  g_object_notify (G_OBJECT (self), "n-guarded");
}

void
qk_file_store_set_guard (QkStore *store, gint64 settle)
{
  QkFileStore *self = QK_FILE_STORE (store);

  qk_keeper_set_settle (self->keeper, settle);
  check_guard_anew (self);
}

void
qk_file_store_set_policy (QkStore *store, const QkRetryPolicy *policy)
{
  QK_FILE_STORE (store)->policy = *policy;
}

void
qk_file_store_get_policy (QkStore *store, QkRetryPolicy *policy)
{
  *policy = QK_FILE_STORE (store)->policy;
}

void
qk_file_store_resume (QkStore *store, gboolean at_once)
{
  QkFileStore *self = QK_FILE_STORE (store);

  qk_keeper_resume (self->keeper, at_once);
  check_guard_anew (self);
}

void
qk_file_store_set_read_only (QkStore *store, gboolean read_only)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->read_only == read_only)
    return;
  self->read_only = read_only;
  if (read_only)
    return;
  qk_file_store_recover (self);
  check_guard_anew (self);
}

/* Whether @task has ended because nothing is to be written. */
gboolean
qk_file_store_refuse (QkFileStore *self, GTask *task)
{
  if (self->read_only)
    g_task_return_new_error (task, QK_STORE_ERROR, QK_STORE_ERROR_DENIED,
                             _ ("read-only mode is on: nothing was written"));
  return self->read_only;
}

static void
save_changes (QkFileStore *self,
              GPtrArray *changes,
              const QkRetryPolicy *policy,
              gboolean must_keep,
              GTask *task)
{
  SaveJob *job;

  /* What was saved is reported as saved, even if it was cancelled right after. */
  g_task_set_check_cancellable (task, FALSE);
  if (qk_file_store_refuse (self, task))
    return;
  job = save_job_new (self, JOB_CHANGES, changes);
  job->task = g_object_ref (task);
  job->must_keep = must_keep;
  if (policy != NULL)
    job->policy = *policy;
  qk_file_store_set_n_saving (self, self->n_saving + 1);
  g_thread_pool_push (self->saver, job, NULL);
}

void
qk_file_store_apply_async (QkStore *store,
                           GPtrArray *changes,
                           const QkRetryPolicy *policy,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, qk_file_store_apply_async);
  save_changes (QK_FILE_STORE (store), changes, policy, FALSE, task);
}

void
qk_file_store_apply_kept_async (QkStore *store,
                                GPtrArray *changes,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, qk_file_store_apply_kept_async);
  save_changes (QK_FILE_STORE (store), changes, NULL, TRUE, task);
}

QkResult *
qk_file_store_apply_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
