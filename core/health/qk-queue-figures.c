#include "qk-queue-figures.h"

#include "qk-time.h"

typedef struct {
  gint64 time;
  gboolean failed;
} Finish;

static int
compare_latest_first (gconstpointer a, gconstpointer b)
{
  const Finish *x = a, *y = b;

  return (x->time < y->time) - (x->time > y->time);
}

static void
count_last (QkQueueFigures *self, GArray *finishes)
{
  g_array_sort (finishes, compare_latest_first);
  self->finished = MIN (finishes->len, QK_QUEUE_FIGURES_LAST);
  for (guint i = 0; i < self->finished; i++)
    if (g_array_index (finishes, Finish, i).failed)
      self->failed++;
}

/**
 * qk_queue_figures_init:
 * @self: (out caller-allocates): the figures
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 * @thresholds: from when on an entry counts as stuck
 *
 * Counts.
 */
void
qk_queue_figures_init (QkQueueFigures *self,
                       QkDocument *document,
                       gint64 now,
                       const QkThresholds *thresholds)
{
  g_autoptr (GArray) finishes = g_array_new (FALSE, FALSE, sizeof (Finish));
  guint n_aged = 0;
  double ages = 0;

  g_return_if_fail (document != NULL && thresholds != NULL);

  *self = (QkQueueFigures){.readable = TRUE, .total = qk_document_get_n_entries (document)};
  for (guint i = 0; i < self->total; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      QkStatus status = qk_entry_get_status (entry);
      gint64 created = qk_entry_get_created (entry);
      gint64 age = created != QK_WALL_NONE ? MAX (now - created, 0) : 0;
      Finish finish = {qk_entry_get_updated (entry), status == QK_STATUS_FAILED};

      self->by_status[status]++;
      if (qk_entry_is_stuck (entry, now, thresholds->stuck_warning_s))
        self->stuck_warning++;
      if (qk_entry_is_stuck (entry, now, thresholds->stuck_critical_s))
        self->stuck_critical++;
      if (status == QK_STATUS_PENDING)
        self->oldest_pending = MAX (self->oldest_pending, age);
      if ((status == QK_STATUS_PENDING || status == QK_STATUS_PROCESSING) &&
          created != QK_WALL_NONE)
        {
          ages += (double) age;
          n_aged++;
        }
      if (status == QK_STATUS_DELIVERED || status == QK_STATUS_FAILED)
        g_array_append_val (finishes, finish);
    }
  if (n_aged > 0)
    self->average_age = (gint64) (ages / n_aged);
  count_last (self, finishes);
}

/**
 * qk_queue_figures_judge:
 * @self: (out caller-allocates): the figures
 * @document: (nullable): what a store has
 * @state: the state in which it is
 * @thresholds: from when on an entry counts as stuck
 *
 * Counts what is in a store now; any thread may. That a writer is at work is no reason to call it
 * unreadable.
 *
 * Returns: %FALSE where nothing can be said yet, since it was not looked at
 */
gboolean
qk_queue_figures_judge (QkQueueFigures *self,
                        QkDocument *document,
                        QkStoreState state,
                        const QkThresholds *thresholds)
{
  gboolean readable = state == QK_STORE_STATE_LIVE || state == QK_STORE_STATE_WAITING;

  *self = (QkQueueFigures){.unknown = TRUE};
  if (document == NULL)
    return !readable && state != QK_STORE_STATE_OPENING;
  qk_queue_figures_init (self, document, qk_wall_now (), thresholds);
  self->readable = readable;
  return TRUE;
}

/**
 * qk_queue_figures_get_failure_rate:
 * @self: some figures
 * @rate: (out): from 0 to 1
 *
 * Returns: %FALSE where nothing was delivered and nothing failed, and so there is no rate
 */
gboolean
qk_queue_figures_get_failure_rate (const QkQueueFigures *self, double *rate)
{
  if (self->finished == 0)
    return FALSE;
  *rate = (double) self->failed / self->finished;
  return TRUE;
}
