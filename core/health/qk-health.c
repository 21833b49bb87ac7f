#include "qk-health.h"

#include "qk-event-log.h"
#include "qk-report-fill.h"
#include "qk-swarm-watch.h"
#include "qk-time.h"

#include <string.h>

/* Beyond so many spans in memory the old ones are merged. */
#define MANY_SLICES 2000
/* How many times in a row a save that is under way puts off what is to be written. */
#define MAX_PATIENCE 5

struct _QkHealth {
  GObject parent_instance;

  QkStore *store;       /* owned */
  QkEventLog *log;      /* owned */
  QkSwarmWatch *swarm;  /* owned, nullable until somebody wants to know */
  char *swarm_location; /* owned, nullable */
  QkFigures session;    /* of this process since @start */
  gint64 start;         /* in wall microseconds */
  gint64 pending_wait;  /* announced for the attempts of the save that is under way */
  GArray *slices;       /* owned: the same as @session, over time */
  GQueue events;        /* of QkLockEvent, the latest first */
  QkHealthBatch *batch; /* owned: not handed to the log yet */
  gint64 sampled;       /* the minute of the last sample */
  guint patience;       /* how many times in a row a save has put it off */
  guint tick_source;    /* every second */
  guint changed_source; /* until ::changed is emitted */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QkHealth, qk_health, G_TYPE_OBJECT)

static gboolean
emit_changed (gpointer user_data)
{
  QkHealth *self = user_data;

  self->changed_source = 0;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
schedule_changed (QkHealth *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_idle_add_full (G_PRIORITY_DEFAULT, emit_changed, self, NULL);
}

static gboolean
is_heard (QkHealth *self)
{
  return g_signal_has_handler_pending (self, signals[CHANGED], 0, FALSE);
}

/* Made when somebody wants to know: a command that saves does not. */
static void
watch_swarm (QkHealth *self)
{
  g_autofree char *location = NULL;

  if (self->swarm != NULL)
    return;
  location = qk_store_dup_location (self->store);
  self->swarm = qk_swarm_watch_new (location);
  if (self->swarm_location != NULL)
    qk_swarm_watch_set_location (self->swarm, self->swarm_location);
  g_signal_connect_swapped (self->swarm, "changed", G_CALLBACK (schedule_changed), self);
}

static QkFigures *
get_slice (GArray *slices, gint64 time)
{
  return qk_slices_get (slices, time, QK_SLICE_MINUTE);
}

static void
on_lock_event (QkStore *store, const QkLockEvent *event, QkHealth *self)
{
  if (event->operation == QK_OPERATION_SAVE && event->outcome == QK_LOCK_OUTCOME_RETRY)
    self->pending_wait = (event->attempt > 1 ? self->pending_wait : 0) + event->delay;
  qk_figures_count_event (&self->session, event);
  qk_figures_count_event (get_slice (self->slices, event->time), event);
  qk_figures_count_event (get_slice (self->batch->slices, event->time), event);
  g_ptr_array_add (self->batch->events, qk_lock_event_copy (event));
  g_queue_push_head (&self->events, qk_lock_event_copy (event));
  if (self->events.length > QK_REPORT_MAX_EVENTS)
    qk_lock_event_free (g_queue_pop_tail (&self->events));
  schedule_changed (self);
}

static void
count_save (QkHealth *self, const QkSave *save)
{
  if (save->ok && save->attempts == 0)
    return;
  qk_figures_count_save (&self->session, save);
  qk_figures_count_save (get_slice (self->slices, save->time), save);
  qk_figures_count_save (get_slice (self->batch->slices, save->time), save);
  g_array_append_vals (self->batch->saves, save, 1);
  schedule_changed (self);
}

static void
on_saved (QkStore *store, const QkResult *result, guint attempts, QkHealth *self)
{
  const QkSave save = {
      .time = g_get_real_time (),
      .ok = result != NULL,
      .attempts = attempts,
      .waited = result != NULL ? result->waited
                : attempts > 1 ? self->pending_wait
                               : 0,
      .elapsed = result != NULL ? result->elapsed : 0,
      .conflicts = result != NULL ? result->conflicts : 0,
  };

  self->pending_wait = 0;
  count_save (self, &save);
}

static void
hand_over (QkHealth *self)
{
  qk_event_log_write (self->log, self->batch);
  self->batch = qk_health_batch_new ();
  self->patience = 0;
}

/* A save that is under way writes to the database, too: it goes first. */
static gboolean
can_wait (QkHealth *self)
{
  return qk_store_get_saving (self->store) && self->patience++ < MAX_PATIENCE;
}

static void
sample (QkHealth *self)
{
  gint64 now = g_get_real_time (), minute = now / QK_SLICE_MINUTE;
  QkDocument *document = qk_store_get_document (self->store);

  if (document == NULL || minute == self->sampled ||
      qk_store_get_state (self->store) != QK_STORE_STATE_LIVE)
    return;
  self->sampled = minute;
  qk_event_log_sample (self->log, document, now);
}

static gboolean
tick (gpointer user_data)
{
  QkHealth *self = user_data;

  if (self->slices->len > MANY_SLICES)
    qk_slices_age (self->slices, g_get_real_time ());
  if (self->log == NULL || qk_event_log_is_busy (self->log))
    return G_SOURCE_CONTINUE;
  if (!qk_health_batch_is_empty (self->batch) && !can_wait (self))
    hand_over (self);
  if (is_heard (self))
    {
      watch_swarm (self);
      sample (self);
      qk_event_log_look (self->log);
    }
  return G_SOURCE_CONTINUE;
}

static void
close_log (QkHealth *self)
{
  if (self->log == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->log, self);
  hand_over (self);
  qk_event_log_close (self->log);
  g_clear_object (&self->log);
}

static void
qk_health_dispose (GObject *object)
{
  QkHealth *self = QK_HEALTH (object);

  g_clear_handle_id (&self->changed_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->swarm != NULL)
    g_signal_handlers_disconnect_by_data (self->swarm, self);
  close_log (self);
  g_clear_object (&self->swarm);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_health_parent_class)->dispose (object);
}

static void
qk_health_finalize (GObject *object)
{
  QkHealth *self = QK_HEALTH (object);

  g_queue_clear_full (&self->events, (GDestroyNotify) qk_lock_event_free);
  qk_health_batch_free (self->batch);
  g_array_unref (self->slices);
  g_free (self->swarm_location);

  G_OBJECT_CLASS (qk_health_parent_class)->finalize (object);
}

static void
qk_health_class_init (QkHealthClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_health_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_health_finalize;

  /**
   * QkHealth::changed:
   * @self: the health of a queue
   *
   * A report would have something new to tell.
   */
  signals[CHANGED] = g_signal_new ("changed", QK_TYPE_HEALTH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
qk_health_init (QkHealth *self)
{
  self->start = g_get_real_time ();
  self->slices = qk_slices_new ();
  self->batch = qk_health_batch_new ();
  g_queue_init (&self->events);
  self->tick_source = g_timeout_add_seconds (1, tick, self);
}

/**
 * qk_health_new:
 * @store: the store to count for
 * @history: (nullable): where it is kept; %NULL to count in memory only
 *
 * Counts from now on.
 *
 * Returns: (transfer full): the health of that queue
 */
QkHealth *
qk_health_new (QkStore *store, QkHistory *history)
{
  QkHealth *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);
  g_return_val_if_fail (history == NULL || QK_IS_HISTORY (history), NULL);

  self = g_object_new (QK_TYPE_HEALTH, NULL);
  self->store = g_object_ref (store);
  if (history != NULL)
    {
      g_autofree char *key = qk_store_dup_key (store);

      self->log = qk_event_log_new (history, key);
      g_signal_connect_swapped (self->log, "changed", G_CALLBACK (schedule_changed), self);
    }
  g_signal_connect (store, "lock-event", G_CALLBACK (on_lock_event), self);
  g_signal_connect (store, "saved", G_CALLBACK (on_saved), self);
  return self;
}

/**
 * qk_health_get_store:
 * @self: the health of a queue
 *
 * Returns: (transfer none): the store of that queue
 */
QkStore *
qk_health_get_store (QkHealth *self)
{
  g_return_val_if_fail (QK_IS_HEALTH (self), NULL);

  return self->store;
}

/**
 * qk_health_get_session:
 * @self: the health of a queue
 *
 * Returns: (transfer none): what this process has met since it was made; it changes with ::changed
 */
const QkFigures *
qk_health_get_session (QkHealth *self)
{
  g_return_val_if_fail (QK_IS_HEALTH (self), NULL);

  return &self->session;
}

/**
 * qk_health_dup_problem:
 * @self: the health of a queue
 *
 * Returns: (transfer full) (nullable): why the history cannot be used; %NULL while it can
 */
char *
qk_health_dup_problem (QkHealth *self)
{
  g_return_val_if_fail (QK_IS_HEALTH (self), NULL);

  return self->log != NULL ? qk_event_log_dup_problem (self->log) : NULL;
}

/**
 * qk_health_set_swarm_location:
 * @self: the health of a queue
 * @path: (nullable): the swarm's own `file_locking_metrics.json`; %NULL to look for it near the queue
 *
 * Says where what the swarm counted is read.
 */
void
qk_health_set_swarm_location (QkHealth *self, const char *path)
{
  g_return_if_fail (QK_IS_HEALTH (self));

  if (g_strcmp0 (self->swarm_location, path) == 0)
    return;
  g_free (self->swarm_location);
  self->swarm_location = g_strdup (path);
  if (self->swarm != NULL)
    qk_swarm_watch_set_location (self->swarm, path);
}

/* What is added to a report, taken together when it is asked for. */
typedef struct {
  gint64 pid;
  gint64 now;
  GArray *slices;           /* owned */
  GPtrArray *events;        /* owned, of QkLockEvent */
  QkDocument *document;     /* owned, nullable */
  QkSwarmMetrics *metrics;  /* owned, nullable */
  QkDeliveries *deliveries; /* owned, nullable */
} Extra;

static void
extra_free (gpointer data)
{
  Extra *extra = data;

  g_array_unref (extra->slices);
  g_ptr_array_unref (extra->events);
  g_clear_pointer (&extra->document, qk_document_unref);
  g_clear_pointer (&extra->metrics, qk_swarm_metrics_unref);
  g_clear_pointer (&extra->deliveries, qk_deliveries_unref);
  g_free (extra);
}

static Extra *
extra_new (QkHealth *self, gint64 now)
{
  Extra *extra = g_new0 (Extra, 1);
  QkDocument *document = qk_store_get_document (self->store);

  extra->now = now;
  extra->slices = g_array_copy (self->slices);
  extra->events = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_lock_event_free);
  for (GList *l = self->events.head; l != NULL; l = l->next)
    g_ptr_array_add (extra->events, qk_lock_event_copy (l->data));
  extra->document = document != NULL ? qk_document_ref (document) : NULL;
  extra->metrics = qk_swarm_watch_dup_metrics (self->swarm);
  extra->deliveries = qk_swarm_watch_dup_deliveries (self->swarm);
  return extra;
}

static void
add_here (QkReport *report, const Extra *extra)
{
  g_autoptr (GCredentials) credentials = g_credentials_new ();
  gint64 first, last;

  qk_report_get_bounds (report, &first, &last);
  for (guint i = 0; i < extra->slices->len; i++)
    qk_report_add_slice (report, QK_SOURCE_HERE, &g_array_index (extra->slices, QkSlice, i));
  for (guint i = 0; i < extra->events->len; i++)
    {
      const QkLockEvent *met = g_ptr_array_index (extra->events, i);
      QkReportEvent *event = g_new0 (QkReportEvent, 1);

      event->event = qk_lock_event_copy (met);
      event->holder = met->holder != NULL ? qk_holder_dup_label (met->holder) : NULL;
      if (event->holder != NULL && met->time >= first && met->time <= last)
        qk_report_count_holder (report, event->holder, 1);
      event->source = QK_SOURCE_HERE;
      event->pid = g_credentials_get_unix_pid (credentials, NULL);
      event->program = g_strdup (g_get_prgname ());
      qk_report_take_event (report, event);
    }
}

/* How deep the queue is now, and whose its messages are. */
static void
add_document (QkReport *report, const Extra *extra)
{
  g_autoptr (QkSummary) summary = qk_summary_new (extra->document, extra->now, QK_STUCK_WARNING_S);
  QkBucket *bucket = qk_report_find_bucket (report, report->to);

  for (guint i = 0; i < summary->agents->len; i++)
    {
      const QkAgentCount *count = g_ptr_array_index (summary->agents, i);
      QkAgentFigures *agent = g_new0 (QkAgentFigures, 1);

      agent->name = g_strdup (count->name);
      memcpy (agent->by_status, count->by_status, sizeof agent->by_status);
      g_ptr_array_add (report->agents, agent);
    }
  if (bucket == NULL)
    return;
  bucket->has_depth = TRUE;
  bucket->stuck = summary->stuck;
  memcpy (bucket->depth, summary->by_status, sizeof bucket->depth);
}

static void
fill_report (QkReport *report, gpointer user_data)
{
  const Extra *extra = user_data;

  add_here (report, extra);
  if (extra->document != NULL)
    add_document (report, extra);
  if (extra->metrics != NULL)
    qk_swarm_metrics_add_to_report (extra->metrics, report);
  if (extra->deliveries != NULL)
    qk_deliveries_add_to_report (extra->deliveries, report);
  qk_report_sort (report);
}

/* Without a history there is nothing to wait for. */
static void
make_report (GTask *task, QkReport *report, gint64 first, Extra *extra)
{
  qk_report_set_time (report, report->period, first, report->to);
  fill_report (report, extra);
  extra_free (extra);
  g_task_return_pointer (task, report, (GDestroyNotify) qk_report_unref);
}

/* Since when something is known here. */
static gint64
find_first (QkHealth *self, QkPeriod period, const QkSwarmMetrics *metrics)
{
  gint64 since = g_get_real_time () - QK_REPORT_MAX_DAYS * QK_SLICE_DAY;
  gint64 first = metrics != NULL && period == QK_PERIOD_ALL
                     ? qk_swarm_metrics_get_first (metrics, since)
                     : QK_WALL_NONE;

  return first != QK_WALL_NONE ? MIN (first, self->start) : self->start;
}

static void
begin_report (QkHealth *self, GTask *task, QkPeriod period)
{
  g_autofree char *problem = qk_swarm_watch_dup_problem (self->swarm);
  QkReport *report = qk_report_new ();
  Extra *extra;
  gint64 first;

  report->queue = qk_store_dup_location (self->store);
  report->period = period;
  report->to = g_get_real_time ();
  qk_store_get_policy (self->store, &report->policy);
  report->swarm_location = qk_swarm_watch_dup_location (self->swarm);
  qk_report_add_problem (report, problem);
  extra = extra_new (self, report->to);
  first = find_first (self, period, extra->metrics);
  if (self->log != NULL)
    qk_event_log_report (self->log, task, report, first, fill_report, extra, extra_free);
  else
    make_report (task, report, first, extra);
}

/* The task keeps us, and we the watch. */
static void
on_swarm_looked (QkSwarmWatch *watch, GTask *task)
{
  QkHealth *self = g_task_get_source_object (task);

  g_signal_handlers_disconnect_by_func (watch, on_swarm_looked, task);
  begin_report (self, task, (QkPeriod) GPOINTER_TO_INT (g_task_get_task_data (task)));
  g_object_unref (task);
}

/**
 * qk_health_report_async:
 * @self: the health of a queue
 * @period: of which span of time
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes a report. What happened in this process before this call is in it, once.
 */
void
qk_health_report_async (QkHealth *self,
                        QkPeriod period,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QK_IS_HEALTH (self));
  g_return_if_fail ((guint) period < QK_N_PERIODS);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, qk_health_report_async);
  watch_swarm (self);
  if (qk_swarm_watch_has_looked (self->swarm))
    begin_report (self, task, period);
  else
    {
      /* Or else the first report would be without what the swarm has counted. */
      g_task_set_task_data (task, GINT_TO_POINTER (period), NULL);
      g_signal_connect (self->swarm, "looked", G_CALLBACK (on_swarm_looked),
                        g_steal_pointer (&task));
    }
}

/**
 * qk_health_report_finish:
 * @self: the health of a queue
 * @result: what the callback was given
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the report
 */
QkReport *
qk_health_report_finish (QkHealth *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
