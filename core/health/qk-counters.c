#include "qk-counters.h"

struct _QkCounters {
  GObject parent_instance;

  QkStore *store; /* owned */
  guint errors[QK_N_LOCK_KINDS];
  guint retries;
  guint saves;
  guint saves_retried;
  guint saves_failed;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QkCounters, qk_counters, G_TYPE_OBJECT)

static void
on_lock_event (QkStore *store, const QkLockEvent *event, QkCounters *self)
{
  self->errors[event->kind]++;
  if (event->operation == QK_OPERATION_SAVE && event->outcome == QK_LOCK_OUTCOME_RETRY)
    self->retries++;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_saved (QkStore *store, const QkResult *result, guint attempts, QkCounters *self)
{
  if (result == NULL)
    self->saves_failed++;
  else
    self->saves++;
  if (result != NULL && attempts > 1)
    self->saves_retried++;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
qk_counters_dispose (GObject *object)
{
  QkCounters *self = QK_COUNTERS (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (qk_counters_parent_class)->dispose (object);
}

static void
qk_counters_class_init (QkCountersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_counters_dispose;

  /**
   * QkCounters::changed:
   * @self: the counters
   *
   * At least one of them has changed.
   */
  signals[CHANGED] = g_signal_new ("changed", QK_TYPE_COUNTERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
qk_counters_init (QkCounters *self)
{
}

/**
 * qk_counters_new:
 * @store: the store to count for
 *
 * Returns: (transfer full): counters, all 0
 */
QkCounters *
qk_counters_new (QkStore *store)
{
  QkCounters *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);

  self = g_object_new (QK_TYPE_COUNTERS, NULL);
  self->store = g_object_ref (store);
  g_signal_connect (store, "lock-event", G_CALLBACK (on_lock_event), self);
  g_signal_connect (store, "saved", G_CALLBACK (on_saved), self);
  return self;
}

/**
 * qk_counters_get_errors:
 * @self: counters
 * @kind: a kind of event
 *
 * Returns: how many there were of it, while reading and while saving
 */
guint
qk_counters_get_errors (QkCounters *self, QkLockKind kind)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self) && (guint) kind < QK_N_LOCK_KINDS, 0);

  return self->errors[kind];
}

/**
 * qk_counters_get_lock_errors:
 * @self: counters
 *
 * Returns: how often access was denied, the file was in use, or the lock was held
 */
guint
qk_counters_get_lock_errors (QkCounters *self)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), 0);

  return self->errors[QK_LOCK_KIND_ACCESS_DENIED] + self->errors[QK_LOCK_KIND_IN_USE] +
         self->errors[QK_LOCK_KIND_LOCK_HELD];
}

/**
 * qk_counters_get_retries:
 * @self: counters
 *
 * Returns: how often a save was tried again
 */
guint
qk_counters_get_retries (QkCounters *self)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), 0);

  return self->retries;
}

/**
 * qk_counters_get_saves:
 * @self: counters
 *
 * Returns: how many saves succeeded
 */
guint
qk_counters_get_saves (QkCounters *self)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), 0);

  return self->saves;
}

/**
 * qk_counters_get_saves_retried:
 * @self: counters
 *
 * Returns: how many of those that succeeded took more than one attempt
 */
guint
qk_counters_get_saves_retried (QkCounters *self)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), 0);

  return self->saves_retried;
}

/**
 * qk_counters_get_saves_failed:
 * @self: counters
 *
 * Returns: how many saves failed
 */
guint
qk_counters_get_saves_failed (QkCounters *self)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), 0);

  return self->saves_failed;
}

/**
 * qk_counters_get_success_rate:
 * @self: counters
 * @rate: (out): from 0 to 1
 *
 * Of the saves that did not succeed at once, the part that succeeded after a retry.
 *
 * Returns: %FALSE where there was none, and so no rate
 */
gboolean
qk_counters_get_success_rate (QkCounters *self, double *rate)
{
  g_return_val_if_fail (QK_IS_COUNTERS (self), FALSE);

  if (self->saves_retried + self->saves_failed == 0)
    return FALSE;
  *rate = (double) self->saves_retried / (self->saves_retried + self->saves_failed);
  return TRUE;
}
