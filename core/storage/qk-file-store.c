#include "qk-file-store.h"

#include "qk-agents.h"
#include "qk-keeper.h"
#include "qk-reading.h"
#include "qk-watch.h"
#include "qk-writer.h"

/* Looks follow one another no faster than frames do. */
#define FRAME_USEC (16 * G_TIME_SPAN_MILLISECOND)
/* How long the queue may be absent or torn until that is more than a writer at work. */
#define PATIENCE_USEC       (2 * G_TIME_SPAN_SECOND)
#define FIRST_PATIENCE_USEC (250 * G_TIME_SPAN_MILLISECOND)
#define LOOK_AGAIN_MSEC     20

struct _QkFileStore {
  GObject parent_instance;

  const QkPlatform *platform;
  GMainContext *context; /* owned */
  GThreadPool *saver;    /* owned: one thread, so that saves follow one another */
  QkWatch *watch;        /* owned, nullable before the start */
  char *path;            /* owned */
  QkJournal *journal;    /* owned, nullable */

  QkDocument *document; /* owned, nullable */
  QkStoreState state;
  char *problem; /* owned, nullable */
  char **agents; /* owned, nullable */
  guint n_saving;

  QkFileStamp seen;     /* of the last look */
  QkReadingState found; /* by the last look */
  char *found_problem;  /* owned, nullable */
  gint64 found_age;     /* of the file, in microseconds */
  gint64 trouble_since; /* monotonic; 0 while there is none */
  gint64 last_look;     /* monotonic */
  gboolean looking;     /* a look is under way */
  gboolean look_again;  /* and another is wanted */
  guint look_source;

  QkKeeper *keeper;    /* owned: shared with the writer's thread */
  GPtrArray *repairs;  /* owned, nullable: to be saved, or being saved */
  guint repair_source; /* until they are */
  guint settle_source; /* until all has settled */
  gboolean was_gentle; /* something was put right and is not durable yet */
};

/* Changes on their way. */
typedef struct {
  QkFileStore *store; /* owned */
  GTask *task;        /* owned, nullable: it is a repair */
  GPtrArray *changes; /* owned */
  QkDocument *known;  /* owned, nullable */
  QkJournal *journal; /* owned, nullable */
  char *key;          /* owned: of the queue in the journal */
  QkRetryPolicy policy;
  guint attempts;
  QkResult *result; /* owned, nullable */
  GError *error;    /* owned, nullable */
} SaveJob;

/* An event on its way to the main context. */
typedef struct {
  QkFileStore *store; /* owned */
  QkLockEvent event;
} EventJob;

enum {
  PROP_0,
  PROP_DOCUMENT,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_LOCATION,
  PROP_SAVING,
  PROP_N_GUARDED,
  N_PROPS
};

static void qk_file_store_iface_init (QkStoreInterface *iface);
static void look (QkFileStore *self);
static void schedule_look (QkFileStore *self, guint msec);
static void check_guard (QkFileStore *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (QkFileStore,
                               qk_file_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QK_TYPE_STORE, qk_file_store_iface_init))

static void
set_state (QkFileStore *self, QkStoreState state, char *problem)
{
  g_autofree char *old_problem = g_steal_pointer (&self->problem);

  g_object_freeze_notify (G_OBJECT (self));
  self->problem = problem;
  if (g_strcmp0 (old_problem, problem) != 0)
    g_object_notify (G_OBJECT (self), "problem");
  if (self->state != state)
    {
      self->state = state;
      g_object_notify (G_OBJECT (self), "state");
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static char *
describe_damage (const QkFileStore *self)
{
  if (self->seen.size == 0)
    return g_strdup_printf (
        "%s is empty: a writer was interrupted. Nothing is written to it. Restore "
        "a backup, or write [] into it to begin anew.",
        self->path);
  return g_strdup_printf (
      "%s is damaged: %s. Nothing is written to it. qkctl salvage tells what can be had.",
      self->path, self->found_problem);
}

static char *
describe_absence (const QkFileStore *self)
{
  return g_strdup_printf ("There is no queue at %s. It is shown as soon as the swarm creates it.",
                          self->path);
}

static void
tell_obstacle (QkFileStore *self)
{
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_READ,
      .kind = self->found == QK_READING_ABSENT ? QK_LOCK_KIND_ABSENT : QK_LOCK_KIND_TORN,
      .delay = LOOK_AGAIN_MSEC * G_TIME_SPAN_MILLISECOND,
      .outcome = QK_LOCK_OUTCOME_RETRY,
  };

  g_signal_emit_by_name (self, "lock-event", &event);
}

/* Absent or torn: a writer at work, until it has lasted too long for that. A file that has not been
 * touched for long is not being written. */
static void
assess_trouble (QkFileStore *self)
{
  gint64 now = g_get_monotonic_time (), patience = PATIENCE_USEC;
  gboolean absent = self->found == QK_READING_ABSENT;

  if (self->trouble_since == 0)
    {
      self->trouble_since = now;
      if (self->document != NULL)
        tell_obstacle (self);
    }
  if (absent && self->document == NULL)
    patience = FIRST_PATIENCE_USEC;
  if (!absent && self->found_age > PATIENCE_USEC)
    patience = 0;
  if (now - self->trouble_since < patience)
    {
      set_state (self, QK_STORE_STATE_WAITING, NULL);
      schedule_look (self, LOOK_AGAIN_MSEC);
    }
  else if (absent)
    {
      if (self->state == QK_STORE_STATE_GONE)
        qk_watch_renew (self->watch);
      set_state (self, QK_STORE_STATE_GONE, describe_absence (self));
    }
  else
    set_state (self, QK_STORE_STATE_DAMAGED, describe_damage (self));
}

static void
assess (QkFileStore *self)
{
  switch (self->found)
    {
    case QK_READING_WHOLE:
    case QK_READING_SAME:
      if (self->state == QK_STORE_STATE_GONE)
        qk_watch_renew (self->watch);
      self->trouble_since = 0;
      set_state (self, QK_STORE_STATE_LIVE, NULL);
      break;
    case QK_READING_ABSENT:
    case QK_READING_TORN:
      assess_trouble (self);
      break;
    case QK_READING_REFUSED:
    default:
      set_state (self, QK_STORE_STATE_UNREADABLE,
                 g_strdup_printf ("Cannot read %s: %s.", self->path, self->found_problem));
      break;
    }
}

static void
take_document (QkFileStore *self, QkReading *reading)
{
  g_autoptr (QkDocument) old = g_steal_pointer (&self->document);

  self->document = g_steal_pointer (&reading->document);
  if (reading->diff != NULL && qk_diff_is_empty (reading->diff))
    return;
  g_object_notify (G_OBJECT (self), "document");
  g_signal_emit_by_name (self, "changed", reading->diff);
}

static void
take_reading (QkFileStore *self, QkReading *reading)
{
  if (reading->state != QK_READING_SAME)
    {
      gboolean known = reading->state == QK_READING_WHOLE || reading->state == QK_READING_TORN;

      self->found = reading->state;
      self->found_age = reading->age;
      self->seen = known ? reading->stamp : (QkFileStamp){0};
      g_free (self->found_problem);
      self->found_problem = g_steal_pointer (&reading->problem);
    }
  if (reading->agents != NULL)
    {
      g_strfreev (self->agents);
      self->agents = g_steal_pointer (&reading->agents);
    }
  /* First the document: who waits for the state LIVE finds it there. */
  if (reading->document != NULL)
    take_document (self, reading);
  assess (self);
  check_guard (self);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (source);
  QkReading *reading = g_task_get_task_data (G_TASK (result));
  gboolean again = self->look_again;

  self->looking = FALSE;
  self->look_again = FALSE;
  if (self->watch == NULL)
    return;
  take_reading (self, reading);
  if (again)
    schedule_look (self, 0);
}

static void
run_reading (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  qk_reading_run (task_data);
  g_task_return_boolean (task, TRUE);
}

/* Looks now, or once more after the look that is under way. */
static void
look (QkFileStore *self)
{
  g_autoptr (GTask) task = NULL;

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;
  self->last_look = g_get_monotonic_time ();
  task = g_task_new (self, NULL, on_looked, NULL);
  g_task_set_task_data (task,
                        qk_reading_new (self->platform, self->path, self->document, &self->seen),
                        (GDestroyNotify) qk_reading_free);
  g_task_run_in_thread (task, run_reading);
}

static gboolean
on_look_due (gpointer user_data)
{
  QkFileStore *self = user_data;

  self->look_source = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

/* Looks in @msec milliseconds, but not before a frame has passed since the last look. */
static void
schedule_look (QkFileStore *self, guint msec)
{
  gint64 next = self->last_look + FRAME_USEC - g_get_monotonic_time ();

  if (self->look_source != 0)
    return;
  if (next > 0)
    msec = MAX (msec, (guint) (next / G_TIME_SPAN_MILLISECOND) + 1);
  self->look_source = g_timeout_add (msec, on_look_due, self);
}

static void
on_watch_changed (QkWatch *watch, QkFileStore *self)
{
  schedule_look (self, 0);
}

static void
qk_file_store_start (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->watch != NULL)
    return;
  self->watch = qk_watch_new (self->path);
  g_signal_connect (self->watch, "changed", G_CALLBACK (on_watch_changed), self);
  look (self);
}

static void
qk_file_store_refresh (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  if (self->watch != NULL)
    look (self);
}

static char **
qk_file_store_dup_agents (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);

  return self->agents != NULL ? g_strdupv (self->agents) : qk_agents_dup_default ();
}

static void
save_job_free (gpointer data)
{
  SaveJob *job = data;

  g_object_unref (job->store);
  g_clear_object (&job->task);
  g_ptr_array_unref (job->changes);
  g_clear_pointer (&job->known, qk_document_unref);
  g_clear_object (&job->journal);
  g_free (job->key);
  g_clear_pointer (&job->result, qk_result_free);
  g_clear_error (&job->error);
  g_free (job);
}

static void
set_n_saving (QkFileStore *self, guint n_saving)
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
  self->was_gentle = TRUE;
  qk_keeper_count_repairs (self->keeper, job->changes);
  g_signal_emit_by_name (self, "lock-event", &event);
}

static gboolean
on_save_done (gpointer user_data)
{
  SaveJob *job = user_data;
  QkFileStore *self = job->store;

  if (job->task == NULL)
    count_repairs (self, job);
  else
    {
      set_n_saving (self, self->n_saving - 1);
      g_signal_emit_by_name (self, "saved", job->result, job->attempts);
      check_guard (self);
    }
  qk_file_store_refresh (QK_STORE (self));
  if (job->task != NULL)
    end_task (job);
  return G_SOURCE_REMOVE;
}

static void
event_job_free (gpointer data)
{
  EventJob *job = data;

  g_object_unref (job->store);
  g_free (job);
}

static gboolean
deliver_event (gpointer user_data)
{
  EventJob *job = user_data;

  g_signal_emit_by_name (job->store, "lock-event", &job->event);
  return G_SOURCE_REMOVE;
}

/* An own source even if it is called in the main context's thread: signals come from its loop. */
static void
hand_over (QkFileStore *self, GSourceFunc function, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, free_data);
  g_source_attach (source, self->context);
}

static void
on_writer_event (const QkLockEvent *event, gpointer user_data)
{
  SaveJob *job = user_data;
  EventJob *event_job = g_new (EventJob, 1);

  job->attempts = event->attempt;
  *event_job = (EventJob){g_object_ref (job->store), *event};
  hand_over (job->store, deliver_event, event_job, event_job_free);
}

static void
on_swapped (QkPlan *plan, gpointer user_data)
{
  SaveJob *job = user_data;

  /* A repair restores what is expected already. */
  if (job->task != NULL)
    qk_keeper_expect_plan (job->store->keeper, plan, job->changes->len);
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
run_save (gpointer data, gpointer user_data)
{
  SaveJob *job = data;
  GCancellable *cancellable = job->task != NULL ? g_task_get_cancellable (job->task) : NULL;
  QkWriter writer = {
      .platform = job->store->platform,
      .path = job->store->path,
      .policy = job->policy,
      .known = job->known,
      .journal = job->journal,
      .queue = job->key,
      .on_event = on_writer_event,
      .on_swapped = on_swapped,
      .on_merged = on_merged,
      .gentle = job->task == NULL,
      .user_data = job,
  };

  if (job->task == NULL)
    choose_repairs (job);
  else
    qk_keeper_begin_save (job->store->keeper);
  job->result = qk_writer_save (&writer, job->changes, cancellable, &job->error);
  qk_keeper_end_save (job->store->keeper);
  if (job->result != NULL)
    job->attempts = job->result->attempts;
  hand_over (job->store, on_save_done, job, save_job_free);
}

static SaveJob *
save_job_new (QkFileStore *self, GPtrArray *changes)
{
  SaveJob *job = g_new0 (SaveJob, 1);

  job->store = g_object_ref (self);
  job->changes = g_ptr_array_ref (changes);
  job->known = self->document != NULL ? qk_document_ref (self->document) : NULL;
  job->policy = QK_RETRY_POLICY_DEFAULT;
  return job;
}

static gboolean
on_repair_due (gpointer user_data)
{
  QkFileStore *self = user_data;

  self->repair_source = 0;
  g_thread_pool_push (self->saver, save_job_new (self, self->repairs), NULL);
  return G_SOURCE_REMOVE;
}

static void
run_sync (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;

  g_task_return_boolean (task, qk_writer_sync (self->platform, self->path));
}

/* What was put right gently becomes durable when the other writers are no longer in the way. */
static gboolean
on_settled (gpointer user_data)
{
  QkFileStore *self = user_data;
  g_autoptr (GTask) task = NULL;

  self->settle_source = 0;
  check_guard (self);
  if (self->was_gentle && qk_keeper_get_n_items (self->keeper) == 0)
    {
      self->was_gentle = FALSE;
      task = g_task_new (self, NULL, NULL, NULL);
      g_task_run_in_thread (task, run_sync);
    }
  return G_SOURCE_REMOVE;
}

/* Compares the queue as it stands with what was saved, and sees to it that it is put right. */
static void
check_guard (QkFileStore *self)
{
  guint n_before = qk_keeper_get_n_items (self->keeper), n_given_up;
  g_autoptr (GPtrArray) repairs = NULL;

  if (self->document == NULL || self->watch == NULL || self->repairs != NULL)
    return;
  repairs = qk_keeper_check (self->keeper, self->document);
  if (repairs->len > 0)
    {
      self->repair_source =
          g_timeout_add (qk_keeper_get_delay (self->keeper, repairs), on_repair_due, self);
      self->repairs = g_steal_pointer (&repairs);
    }
  n_given_up = qk_keeper_take_n_given_up (self->keeper);
  if (n_given_up > 0)
    g_signal_emit_by_name (self, "given-up", n_given_up);
  if (qk_keeper_get_n_items (self->keeper) > 0 && self->settle_source == 0)
    self->settle_source = g_timeout_add (qk_keeper_get_rest (self->keeper), on_settled, self);
  if (qk_keeper_get_n_items (self->keeper) != n_before || n_before > 0)
    g_object_notify (G_OBJECT (self), "n-guarded");
}

static void
qk_file_store_apply_async (QkStore *store,
                           GPtrArray *changes,
                           const QkRetryPolicy *policy,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (store);
  SaveJob *job = save_job_new (self, changes);

  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, qk_file_store_apply_async);
  /* What was saved is reported as saved, even if it was cancelled right after. */
  g_task_set_check_cancellable (job->task, FALSE);
  if (policy != NULL)
    job->policy = *policy;
  if (self->journal != NULL)
    job->journal = g_object_ref (self->journal);
  job->key = qk_store_dup_key (store);
  set_n_saving (self, self->n_saving + 1);
  g_thread_pool_push (self->saver, job, NULL);
}

static QkResult *
qk_file_store_apply_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
qk_file_store_set_journal (QkStore *store, QkJournal *journal)
{
  g_set_object (&QK_FILE_STORE (store)->journal, journal);
}

/* The folder is followed on its own: the file may be absent for a moment. */
static char *
qk_file_store_dup_key (QkStore *store)
{
  QkFileStore *self = QK_FILE_STORE (store);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *real_folder = qk_platform_resolve (folder);
  g_autofree char *path = g_build_filename (real_folder, name, NULL);
  g_autofree char *real = qk_platform_resolve (path);

  if (g_utf8_validate (real, -1, NULL))
    return g_steal_pointer (&real);
  return g_filename_to_uri (real, NULL, NULL);
}

static void
qk_file_store_set_guard (QkStore *store, gint64 settle)
{
  qk_keeper_set_settle (QK_FILE_STORE (store)->keeper, settle);
}

static void
qk_file_store_iface_init (QkStoreInterface *iface)
{
  iface->set_guard = qk_file_store_set_guard;
  iface->start = qk_file_store_start;
  iface->refresh = qk_file_store_refresh;
  iface->apply_async = qk_file_store_apply_async;
  iface->apply_finish = qk_file_store_apply_finish;
  iface->dup_agents = qk_file_store_dup_agents;
  iface->set_journal = qk_file_store_set_journal;
  iface->dup_key = qk_file_store_dup_key;
}

static void
qk_file_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkFileStore *self = QK_FILE_STORE (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_boxed (value, self->document);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_LOCATION:
      g_value_take_string (value, g_filename_display_name (self->path));
      break;
    case PROP_SAVING:
      g_value_set_boolean (value, self->n_saving > 0);
      break;
    case PROP_N_GUARDED:
      g_value_set_uint (value, qk_keeper_get_n_items (self->keeper));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_file_store_dispose (GObject *object)
{
  QkFileStore *self = QK_FILE_STORE (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_handle_id (&self->repair_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);

  G_OBJECT_CLASS (qk_file_store_parent_class)->dispose (object);
}

static void
qk_file_store_finalize (GObject *object)
{
  QkFileStore *self = QK_FILE_STORE (object);

  /* Jobs hold the store: the pool is idle by now. */
  g_thread_pool_free (self->saver, FALSE, FALSE);
  g_main_context_unref (self->context);
  qk_keeper_free (self->keeper);
  g_clear_pointer (&self->repairs, g_ptr_array_unref);
  g_clear_object (&self->journal);
  g_clear_pointer (&self->document, qk_document_unref);
  g_strfreev (self->agents);
  g_free (self->found_problem);
  g_free (self->problem);
  g_free (self->path);

  G_OBJECT_CLASS (qk_file_store_parent_class)->finalize (object);
}

static void
qk_file_store_class_init (QkFileStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_file_store_get_property;
  object_class->dispose = qk_file_store_dispose;
  object_class->finalize = qk_file_store_finalize;

  g_object_class_override_property (object_class, PROP_DOCUMENT, "document");
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_PROBLEM, "problem");
  g_object_class_override_property (object_class, PROP_LOCATION, "location");
  g_object_class_override_property (object_class, PROP_SAVING, "saving");
  g_object_class_override_property (object_class, PROP_N_GUARDED, "n-guarded");
}

static void
qk_file_store_init (QkFileStore *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->keeper = qk_keeper_new ();
  self->saver = g_thread_pool_new (run_save, NULL, 1, FALSE, NULL);
}

/* A folder stands for the queue in it: here, or where the swarm keeps it. */
static char *
find_file (const char *location)
{
  g_autofree char *path = g_canonicalize_filename (location, NULL);
  g_autofree char *here = NULL, *below = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  here = g_build_filename (path, "queue.json", NULL);
  below = g_build_filename (path, "message_queue", "queue.json", NULL);
  if (!g_file_test (here, G_FILE_TEST_EXISTS) && g_file_test (below, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&below);
  return g_steal_pointer (&here);
}

/**
 * qk_file_store_new:
 * @location: the path of the queue's file, or of a folder that holds it
 *
 * Returns: (transfer full): a store that belongs to the default main context of this thread
 */
QkFileStore *
qk_file_store_new (const char *location)
{
  return qk_file_store_new_with_platform (location, qk_platform_get_native ());
}

/**
 * qk_file_store_new_with_platform:
 * @location: the path of the queue's file, or of a folder that holds it
 * @platform: the calls of the system; must outlive the store
 *
 * Returns: (transfer full): a store that belongs to the default main context of this thread
 */
QkFileStore *
qk_file_store_new_with_platform (const char *location, const QkPlatform *platform)
{
  QkFileStore *self;

  g_return_val_if_fail (location != NULL, NULL);

  self = g_object_new (QK_TYPE_FILE_STORE, NULL);
  self->platform = platform;
  self->path = find_file (location);
  return self;
}
