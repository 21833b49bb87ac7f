#include "qk-report.h"

#include <glib/gi18n-lib.h>

/**
 * qk_report_new:
 *
 * Returns: (transfer full): a report in which nothing happened, to be filled by who makes it
 */
QkReport *
qk_report_new (void)
{
  QkReport *self = g_new0 (QkReport, 1);

  self->buckets = g_array_new (FALSE, TRUE, sizeof (QkBucket));
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_report_event_free);
  self->holders = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_holder_count_free);
  self->agents = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_agent_figures_free);
  self->moments = g_array_new (FALSE, FALSE, sizeof (QkMoment));
  self->policy = QK_RETRY_POLICY_DEFAULT;
  g_atomic_ref_count_init (&self->refs);
  return self;
}

/**
 * qk_report_ref:
 * @self: a report
 *
 * Returns: (transfer full): @self
 */
QkReport *
qk_report_ref (QkReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_report_unref:
 * @self: (transfer full): a report
 *
 * Releases it.
 */
void
qk_report_unref (QkReport *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->buckets);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->holders);
  g_ptr_array_unref (self->agents);
  g_array_unref (self->moments);
  g_free (self->queue);
  g_free (self->swarm_location);
  g_free (self->problem);
  g_free (self);
}

/**
 * qk_figures_add:
 * @self: some figures
 * @other: those of another source or of another time
 *
 * Adds @other to @self.
 */
void
qk_figures_add (QkFigures *self, const QkFigures *other)
{
  for (guint operation = 0; operation < G_N_ELEMENTS (self->errors); operation++)
    {
      for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
        self->errors[operation][kind] += other->errors[operation][kind];
      self->retries[operation] += other->retries[operation];
    }
  for (guint i = 0; i < G_N_ELEMENTS (self->winerrors); i++)
    self->winerrors[i] += other->winerrors[i];
  for (guint i = 0; i < G_N_ELEMENTS (self->attempts); i++)
    self->attempts[i] += other->attempts[i];
  self->saves += other->saves;
  self->saves_retried += other->saves_retried;
  self->saves_failed += other->saves_failed;
  self->worst_attempts = MAX (self->worst_attempts, other->worst_attempts);
  self->total_attempts += other->total_attempts;
  self->waited += other->waited;
  self->worst_wait = MAX (self->worst_wait, other->worst_wait);
  self->elapsed += other->elapsed;
  self->worst_elapsed = MAX (self->worst_elapsed, other->worst_elapsed);
  self->n_elapsed += other->n_elapsed;
  self->conflicts += other->conflicts;
  self->overwrites += other->overwrites;
}

static void
count_winerror (QkFigures *self, int code)
{
  static const int codes[] = {5, 32, 33};

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    self->winerrors[i] += code == codes[i];
}

/**
 * qk_figures_count_event:
 * @self: some figures
 * @event: what happened
 *
 * Counts it.
 */
void
qk_figures_count_event (QkFigures *self, const QkLockEvent *event)
{
  self->errors[event->operation][event->kind]++;
  if (event->winerror)
    count_winerror (self, event->code);
  if (event->outcome == QK_LOCK_OUTCOME_RETRY)
    self->retries[event->operation]++;
  if (event->outcome == QK_LOCK_OUTCOME_MERGED && event->kind == QK_LOCK_KIND_CONFLICT)
    self->conflicts++;
  if (event->kind == QK_LOCK_KIND_OVERWRITE)
    self->overwrites++;
}

static void
count_success (QkFigures *self, guint attempts)
{
  self->saves++;
  self->saves_retried += attempts > 1;
  self->attempts[MIN (attempts, QK_REPORT_MAX_ATTEMPTS)]++;
  self->total_attempts += attempts;
}

/**
 * qk_figures_count_save:
 * @self: some figures
 * @save: a save that has ended
 *
 * Counts it, but for the versions that it merged: those are events, too.
 */
void
qk_figures_count_save (QkFigures *self, const QkSave *save)
{
  if (save->ok && save->attempts == 0)
    return;
  if (save->ok)
    count_success (self, save->attempts);
  else
    self->saves_failed++;
  self->worst_attempts = MAX (self->worst_attempts, save->attempts);
  self->waited += save->waited;
  self->worst_wait = MAX (self->worst_wait, save->waited);
  self->elapsed += save->elapsed;
  self->worst_elapsed = MAX (self->worst_elapsed, save->elapsed);
  self->n_elapsed += save->elapsed > 0;
}

/**
 * qk_figures_get_errors:
 * @self: some figures
 * @kind: a kind of event
 *
 * Returns: how many there were of it, while reading and while saving
 */
guint64
qk_figures_get_errors (const QkFigures *self, QkLockKind kind)
{
  g_return_val_if_fail ((guint) kind < QK_N_LOCK_KINDS, 0);

  return self->errors[QK_OPERATION_READ][kind] + self->errors[QK_OPERATION_SAVE][kind];
}

/**
 * qk_figures_get_lock_errors:
 * @self: some figures
 *
 * Returns: how often access was denied, the file was in use, or the lock was held, while reading and
 *   while saving
 */
guint64
qk_figures_get_lock_errors (const QkFigures *self)
{
  return qk_figures_get_errors (self, QK_LOCK_KIND_ACCESS_DENIED) +
         qk_figures_get_errors (self, QK_LOCK_KIND_IN_USE) +
         qk_figures_get_errors (self, QK_LOCK_KIND_LOCK_HELD);
}

/**
 * qk_figures_get_success_rate:
 * @self: some figures
 * @rate: (out): from 0 to 1
 *
 * Of the saves that did not succeed at once, the part that succeeded after a retry.
 *
 * Returns: %FALSE where there was none, and so no rate
 */
gboolean
qk_figures_get_success_rate (const QkFigures *self, double *rate)
{
  if (self->saves_retried + self->saves_failed == 0)
    return FALSE;
  *rate = (double) self->saves_retried / (double) (self->saves_retried + self->saves_failed);
  return TRUE;
}

/**
 * qk_figures_get_average_attempts:
 * @self: some figures
 * @average: (out): attempts of a save that succeeded
 *
 * Returns: %FALSE where none succeeded, and so no average
 */
gboolean
qk_figures_get_average_attempts (const QkFigures *self, double *average)
{
  if (self->saves == 0)
    return FALSE;
  *average = (double) self->total_attempts / (double) self->saves;
  return TRUE;
}

/**
 * qk_source_get_name:
 * @source: who counted
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_source_get_name (QkSource source)
{
  static const char *const names[QK_N_SOURCES] = {"here", "others", "swarm"};

  g_return_val_if_fail ((guint) source < QK_N_SOURCES, NULL);

  return names[source];
}

/**
 * qk_source_get_label:
 * @source: who counted
 *
 * Returns: (transfer none): its name for people
 */
const char *
qk_source_get_label (QkSource source)
{
  static const char *const labels[QK_N_SOURCES] = {N_ ("this program"), N_ ("other Queuekeepers"),
                                                   N_ ("the swarm")};

  g_return_val_if_fail ((guint) source < QK_N_SOURCES, NULL);

  return _ (labels[source]);
}

/**
 * qk_period_get_name:
 * @period: a span of time
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_period_get_name (QkPeriod period)
{
  static const char *const names[QK_N_PERIODS] = {"session", "1h", "24h", "7d", "all"};

  g_return_val_if_fail ((guint) period < QK_N_PERIODS, NULL);

  return names[period];
}

/**
 * qk_period_get_label:
 * @period: a span of time
 *
 * Returns: (transfer none): its name for people
 */
const char *
qk_period_get_label (QkPeriod period)
{
  static const char *const labels[QK_N_PERIODS] = {N_ ("this session"), N_ ("the last hour"),
                                                   N_ ("the last 24 hours"), N_ ("the last 7 days"),
                                                   N_ ("all that is known")};

  g_return_val_if_fail ((guint) period < QK_N_PERIODS, NULL);

  return _ (labels[period]);
}

/**
 * qk_report_event_free:
 * @event: (transfer full): an event
 *
 * Frees it.
 */
void
qk_report_event_free (QkReportEvent *event)
{
  qk_lock_event_free (event->event);
  g_free (event->program);
  g_free (event->holder);
  g_free (event);
}

/**
 * qk_holder_count_free:
 * @holder: (transfer full): a count
 *
 * Frees it.
 */
void
qk_holder_count_free (QkHolderCount *holder)
{
  g_free (holder->label);
  g_free (holder);
}

/**
 * qk_agent_figures_free:
 * @agent: (transfer full): figures of an agent
 *
 * Frees them.
 */
void
qk_agent_figures_free (QkAgentFigures *agent)
{
  g_free (agent->name);
  g_free (agent);
}
