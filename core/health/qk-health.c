#include "qk-health.h"

struct _QkHealth {
  GObject parent_instance;

  QkStore *store;       /* owned */
  QkHistory *history;   /* owned, nullable */
  char *swarm_location; /* owned, nullable */
  QkFigures session;    /* of this process since @start */
  gint64 start;         /* in wall microseconds */
  gint64 pending_wait;  /* announced for the attempts of the save that is under way */
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

static void
on_lock_event (QkStore *store, const QkLockEvent *event, QkHealth *self)
{
  if (event->operation == QK_OPERATION_SAVE && event->outcome == QK_LOCK_OUTCOME_RETRY)
    self->pending_wait = (event->attempt > 1 ? self->pending_wait : 0) + event->delay;
  qk_figures_count_event (&self->session, event);
  schedule_changed (self);
}

static void
on_saved (QkStore *store, const QkResult *result, guint attempts, QkHealth *self)
{
  QkSave save = {
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
  qk_figures_count_save (&self->session, &save);
  schedule_changed (self);
}

static void
qk_health_dispose (GObject *object)
{
  QkHealth *self = QK_HEALTH (object);

  g_clear_handle_id (&self->changed_source, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (qk_health_parent_class)->dispose (object);
}

static void
qk_health_finalize (GObject *object)
{
  g_free (QK_HEALTH (object)->swarm_location);

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
  g_set_object (&self->history, history);
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
 * qk_health_get_session_start:
 * @self: the health of a queue
 *
 * Returns: when it was made, in microseconds since the Unix epoch
 */
gint64
qk_health_get_session_start (QkHealth *self)
{
  g_return_val_if_fail (QK_IS_HEALTH (self), 0);

  return self->start;
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

  return NULL;
}

/**
 * qk_health_set_swarm_location:
 * @self: the health of a queue
 * @path: (nullable): the swarm's own `file_locking_metrics.json`; %NULL for none
 *
 * Counts what the swarm counted, too.
 */
void
qk_health_set_swarm_location (QkHealth *self, const char *path)
{
  g_return_if_fail (QK_IS_HEALTH (self));

  if (g_strcmp0 (self->swarm_location, path) == 0)
    return;
  g_free (self->swarm_location);
  self->swarm_location = g_strdup (path);
  schedule_changed (self);
}

/**
 * qk_health_get_swarm_location:
 * @self: the health of a queue
 *
 * Returns: (transfer none) (nullable): where the swarm's counters are
 */
const char *
qk_health_get_swarm_location (QkHealth *self)
{
  g_return_val_if_fail (QK_IS_HEALTH (self), NULL);

  return self->swarm_location;
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
  QkReport *report;

  g_return_if_fail (QK_IS_HEALTH (self));
  g_return_if_fail ((guint) period < QK_N_PERIODS);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, qk_health_report_async);
  report = qk_report_new ();
  report->queue = qk_store_dup_location (self->store);
  report->period = period;
  report->from = self->start;
  report->to = g_get_real_time ();
  report->by_source[QK_SOURCE_HERE] = self->session;
  report->total = self->session;
  report->swarm_location = g_strdup (self->swarm_location);
  g_task_return_pointer (task, report, (GDestroyNotify) qk_report_unref);
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
