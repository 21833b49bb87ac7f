#include "qk-event-log.h"

#include "qk-health-codec.h"
#include "qk-report-fill.h"

#include <glib/gi18n-lib.h>

/* How often what has become old is looked for, and how long that may take. */
#define AGE_EVERY  (10 * G_TIME_SPAN_MINUTE)
#define AGE_BUDGET (50 * G_TIME_SPAN_MILLISECOND)

struct _QkEventLog {
  GObject parent_instance;

  GMainContext *context; /* owned */
  GThreadPool *worker;   /* owned, nullable once it is closed: one thread */
  gboolean closed;

  GMutex mutex;
  char *problem; /* owned, nullable: under the mutex */

  /* The worker's alone. */
  QkHistory *history;       /* owned */
  QkHealthSession *session; /* owned */
  QkHistoryDb *db;          /* owned, nullable */
  QkHealthBatch *unwritten; /* owned */
  gboolean known;           /* the session stands in the database */
  gint64 retry_at;          /* monotonic; 0 while nothing is wrong */
  gint64 age_at;            /* monotonic */
  gint64 version;           /* of the database, 0 where it is not known */
  char *notice;             /* owned, nullable: that it was damaged */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QkEventLog, qk_event_log, G_TYPE_OBJECT)

/* What the worker does, one after the other: the beginning of a job. */
typedef struct _Job Job;
struct _Job {
  void (*run) (QkEventLog *self, Job *job);
};

typedef struct {
  Job job;
  QkHealthBatch *batch; /* owned */
  gboolean ended;
} WriteJob;

typedef struct {
  Job job;
  QkDocument *document; /* owned */
  gint64 time;
} SampleJob;

typedef struct {
  Job job;
  GTask *task;      /* owned */
  QkReport *report; /* owned */
  gint64 first;
  QkEventLogFill fill;
  gpointer user_data; /* owned */
  GDestroyNotify free_data;
} ReportJob;

static gboolean
emit_changed (gpointer user_data)
{
  QkEventLog *self = user_data;

  if (!self->closed)
    g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* To the main context. */
static void
hand_back (QkEventLog *self, GSourceFunc function, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, free_data);
  g_source_attach (source, self->context);
}

static void
tell_change (QkEventLog *self)
{
  hand_back (self, emit_changed, g_object_ref (self), g_object_unref);
}

static void
set_problem (QkEventLog *self, const GError *error)
{
  g_autofree char *problem = NULL;
  gboolean differs;

  if (error != NULL)
    problem = g_strdup_printf (_ ("%s. Until it can, lock errors are counted in memory."),
                               error->message);
  else
    problem = g_strdup (self->notice);
  g_mutex_lock (&self->mutex);
  differs = g_strcmp0 (problem, self->problem) != 0;
  if (differs)
    {
      g_free (self->problem);
      self->problem = g_steal_pointer (&problem);
    }
  g_mutex_unlock (&self->mutex);
  if (differs)
    tell_change (self);
}

static void
close_db (QkEventLog *self)
{
  g_clear_pointer (&self->db, qk_history_db_close);
  self->known = FALSE;
  self->version = 0;
}

static gboolean
is_open (QkEventLog *self, GError **error)
{
  if (self->db != NULL && !qk_history_db_is_in_place (self->db))
    close_db (self);
  if (self->db == NULL)
    self->db = qk_history_db_open (qk_history_get_path (self->history), error);
  return self->db != NULL;
}

/* A damaged database makes room for a new one. */
static gboolean
recover (QkEventLog *self, GError **error)
{
  g_autofree char *notice = NULL;

  if (!g_error_matches (*error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_DAMAGED))
    return FALSE;
  close_db (self);
  g_clear_error (error);
  if (!qk_history_recover (self->history, &notice, error))
    return FALSE;
  if (notice != NULL)
    {
      g_free (self->notice);
      self->notice = g_steal_pointer (&notice);
    }
  return TRUE;
}

typedef gboolean (*Work) (QkEventLog *self, gpointer data, GError **error);

/* Whatever goes wrong is told, and tried again later. */
static gboolean
try (QkEventLog *self, Work work, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = is_open (self, &error) && work (self, data, &error);

  if (!done && recover (self, &error))
    done = is_open (self, &error) && work (self, data, &error);
  self->retry_at = done ? 0 : g_get_monotonic_time () + QK_EVENT_LOG_RETRY_USEC;
  set_problem (self, error);
  return done;
}

static gboolean
is_resting (QkEventLog *self)
{
  return g_get_monotonic_time () < self->retry_at;
}

static gboolean
do_write (QkEventLog *self, gpointer ended, GError **error)
{
  if (!qk_health_db_write (self->db, self->session, self->unwritten, *(gboolean *) ended, error))
    return FALSE;
  self->known = TRUE;
  return TRUE;
}

static gboolean
do_age (QkEventLog *self, gpointer data, GError **error)
{
  gint64 begin = g_get_monotonic_time ();

  if (!qk_health_db_age (self->db, self->session, g_get_real_time (),
                         qk_history_get_retention (self->history), AGE_BUDGET, error))
    return FALSE;
  qk_history_db_tidy (self->db);
  if (g_get_monotonic_time () - begin < AGE_BUDGET)
    self->age_at = begin + AGE_EVERY;
  return TRUE;
}

static void
write_unwritten (QkEventLog *self, gboolean ended)
{
  gboolean due = !qk_health_batch_is_empty (self->unwritten) || (ended && self->known);

  if (due && try (self, do_write, &ended) && g_get_monotonic_time () >= self->age_at)
    (void) try (self, do_age, NULL);
}

static void
run_write (QkEventLog *self, Job *job)
{
  WriteJob *write = (WriteJob *) job;

  qk_health_batch_append (self->unwritten, write->batch);
  if (write->ended || !is_resting (self))
    write_unwritten (self, write->ended);
  qk_health_batch_free (write->batch);
}

static gboolean
do_sample (QkEventLog *self, gpointer data, GError **error)
{
  SampleJob *sample = data;
  g_autoptr (QkSummary) summary =
      qk_summary_new (sample->document, sample->time, QK_STUCK_WARNING_S);

  if (!qk_health_db_sample (self->db, self->session, sample->time, summary, error))
    return FALSE;
  self->known = TRUE;
  return TRUE;
}

static void
run_sample (QkEventLog *self, Job *job)
{
  SampleJob *sample = (SampleJob *) job;

  if (!is_resting (self) && try (self, do_sample, sample) &&
      g_get_monotonic_time () >= self->age_at)
    (void) try (self, do_age, NULL);
  qk_document_unref (sample->document);
}

static gboolean
do_look (QkEventLog *self, gpointer data, GError **error)
{
  gint64 version;

  if (!qk_health_db_get_version (self->db, &version, error))
    return FALSE;
  if (self->version != 0 && self->version != version)
    tell_change (self);
  self->version = version;
  return TRUE;
}

/* Whoever only looks leaves no file behind. */
static gboolean
exists (QkEventLog *self)
{
  return self->db != NULL || g_file_test (qk_history_get_path (self->history), G_FILE_TEST_EXISTS);
}

static void
run_look (QkEventLog *self, Job *job)
{
  if (is_resting (self))
    return;
  write_unwritten (self, FALSE);
  if (!is_resting (self) && exists (self))
    (void) try (self, do_look, NULL);
}

static gboolean
do_find_first (QkEventLog *self, gpointer data, GError **error)
{
  return qk_health_db_find_first (self->db, self->session, data, error);
}

static gboolean
do_read (QkEventLog *self, gpointer data, GError **error)
{
  return qk_health_db_read (self->db, self->session, data, error);
}

/* The task, and with it who asked, ends where it began. */
static gboolean
deliver_report (gpointer user_data)
{
  ReportJob *job = user_data;

  g_task_return_pointer (job->task, job->report, (GDestroyNotify) qk_report_unref);
  g_object_unref (job->task);
  g_free (job);
  return G_SOURCE_REMOVE;
}

/* Even while the log rests: somebody waits for it, and a second look may tell something else. */
static void
run_report (QkEventLog *self, Job *job)
{
  ReportJob *report = (ReportJob *) job;
  QkReport *result = report->report;
  g_autofree char *problem = NULL;
  gboolean kept = exists (self);

  if (kept && result->period == QK_PERIOD_ALL)
    kept = try (self, do_find_first, &report->first);
  qk_report_set_time (result, result->period, report->first, result->to);
  if (kept)
    (void) try (self, do_read, result);
  problem = qk_event_log_dup_problem (self);
  qk_report_add_problem (result, problem);
  report->fill (result, report->user_data);
  report->free_data (report->user_data);
  hand_back (self, deliver_report, g_memdup2 (report, sizeof *report), NULL);
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;

  job->run (user_data, job);
  g_free (job);
}

static void
push (QkEventLog *self, gpointer job)
{
  g_thread_pool_push (self->worker, job, NULL);
}

static void
qk_event_log_finalize (GObject *object)
{
  QkEventLog *self = QK_EVENT_LOG (object);

  g_clear_pointer (&self->db, qk_history_db_close);
  g_clear_pointer (&self->session, qk_health_session_free);
  g_clear_pointer (&self->unwritten, qk_health_batch_free);
  g_clear_object (&self->history);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self->problem);
  g_free (self->notice);

  G_OBJECT_CLASS (qk_event_log_parent_class)->finalize (object);
}

static void
qk_event_log_class_init (QkEventLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_event_log_finalize;

  /**
   * QkEventLog::changed:
   * @self: the log
   *
   * Others have written, or the problem is another one.
   */
  signals[CHANGED] = g_signal_new ("changed", QK_TYPE_EVENT_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
qk_event_log_init (QkEventLog *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->worker = g_thread_pool_new (run_job, self, 1, FALSE, NULL);
  self->unwritten = qk_health_batch_new ();
  g_mutex_init (&self->mutex);
}

/**
 * qk_event_log_new:
 * @history: where it is kept
 * @queue: which queue, as in qk_store_dup_key()
 *
 * Returns: (transfer full): a log, which is to be closed; nothing is opened yet
 */
QkEventLog *
qk_event_log_new (QkHistory *history, const char *queue)
{
  QkEventLog *self;

  g_return_val_if_fail (QK_IS_HISTORY (history) && queue != NULL, NULL);

  self = g_object_new (QK_TYPE_EVENT_LOG, NULL);
  self->history = g_object_ref (history);
  self->session = qk_health_session_new (queue);
  return self;
}

/**
 * qk_event_log_close:
 * @self: a log
 *
 * Waits until all that it was handed is kept, or cannot be. It is of no use afterwards.
 */
void
qk_event_log_close (QkEventLog *self)
{
  WriteJob *job;

  g_return_if_fail (QK_IS_EVENT_LOG (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  job = g_new0 (WriteJob, 1);
  job->job.run = run_write;
  job->batch = qk_health_batch_new ();
  job->ended = TRUE;
  push (self, job);
  g_thread_pool_free (g_steal_pointer (&self->worker), FALSE, TRUE);
}

/**
 * qk_event_log_dup_problem:
 * @self: a log
 *
 * Returns: (transfer full) (nullable): why the history cannot be used, or what became of it
 */
char *
qk_event_log_dup_problem (QkEventLog *self)
{
  char *problem;

  g_return_val_if_fail (QK_IS_EVENT_LOG (self), NULL);

  g_mutex_lock (&self->mutex);
  problem = g_strdup (self->problem);
  g_mutex_unlock (&self->mutex);
  return problem;
}

/**
 * qk_event_log_is_busy:
 * @self: a log
 *
 * Returns: whether it lags behind what it was handed, so that more is better kept for later
 */
gboolean
qk_event_log_is_busy (QkEventLog *self)
{
  g_return_val_if_fail (QK_IS_EVENT_LOG (self), FALSE);

  return self->closed || g_thread_pool_unprocessed (self->worker) > 0;
}

/**
 * qk_event_log_write:
 * @self: a log
 * @batch: (transfer full): what to keep
 *
 * Keeps it, soon.
 */
void
qk_event_log_write (QkEventLog *self, QkHealthBatch *batch)
{
  WriteJob *job;

  g_return_if_fail (QK_IS_EVENT_LOG (self) && !self->closed);

  job = g_new0 (WriteJob, 1);
  job->job.run = run_write;
  job->batch = batch;
  push (self, job);
}

/**
 * qk_event_log_sample:
 * @self: a log
 * @document: a version of the queue
 * @time: when it stood there
 *
 * Keeps how deep the queue was.
 */
void
qk_event_log_sample (QkEventLog *self, QkDocument *document, gint64 time)
{
  SampleJob *job;

  g_return_if_fail (QK_IS_EVENT_LOG (self) && !self->closed);

  job = g_new0 (SampleJob, 1);
  job->job.run = run_sample;
  job->document = qk_document_ref (document);
  job->time = time;
  push (self, job);
}

/**
 * qk_event_log_look:
 * @self: a log
 *
 * Looks whether others have written, and tries again what could not be done.
 */
void
qk_event_log_look (QkEventLog *self)
{
  Job *job;

  g_return_if_fail (QK_IS_EVENT_LOG (self) && !self->closed);

  job = g_new0 (Job, 1);
  job->run = run_look;
  push (self, job);
}

/**
 * qk_event_log_report:
 * @self: a log
 * @task: ends with the report
 * @report: (transfer full): its period and its end are set
 * @first: when the session began
 * @fill: adds in the worker what does not come from the history, after its time was set
 * @user_data: (transfer full): for @fill
 * @free_data: frees it
 *
 * Makes a report.
 */
void
qk_event_log_report (QkEventLog *self,
                     GTask *task,
                     QkReport *report,
                     gint64 first,
                     QkEventLogFill fill,
                     gpointer user_data,
                     GDestroyNotify free_data)
{
  ReportJob *job;

  g_return_if_fail (QK_IS_EVENT_LOG (self) && !self->closed);

  job = g_new0 (ReportJob, 1);
  job->job.run = run_report;
  job->task = g_object_ref (task);
  job->report = report;
  job->first = first;
  job->fill = fill;
  job->user_data = user_data;
  job->free_data = free_data;
  push (self, job);
}
