#pragma once

#include "qk-store.h"
#include "qk-thresholds.h"

G_BEGIN_DECLS

/* What one version of the queue says about its health. */

/**
 * QK_QUEUE_FIGURES_LAST:
 *
 * The failure rate is that of so many messages, those that were delivered or failed last.
 */
#define QK_QUEUE_FIGURES_LAST 100

/**
 * QkQueueFigures:
 * @readable: whether the queue can be read at present; if not, this is its last good version
 * @unknown: whether it never could: all else is 0
 * @total: entries
 * @by_status: how many of each status
 * @stuck_warning: PROCESSING ones without an update for as long as is worth a warning
 * @stuck_critical: those of them for which it is critical
 * @oldest_pending: the age of the oldest pending one, in microseconds; 0 where there is none
 * @average_age: the age of those that are PENDING or PROCESSING on average, in microseconds. What is
 *   delivered is left out: the swarm never cleans it up, so it would say nothing.
 * @finished: how many of the last %QK_QUEUE_FIGURES_LAST that were delivered or failed there are
 * @failed: how many of them failed
 *
 * A value; nothing in it is to be freed.
 */
typedef struct {
  gboolean readable;
  gboolean unknown;
  guint total;
  guint by_status[QK_N_STATUSES];
  guint stuck_warning;
  guint stuck_critical;
  gint64 oldest_pending;
  gint64 average_age;
  guint finished;
  guint failed;
} QkQueueFigures;

void qk_queue_figures_init (QkQueueFigures *self,
                            QkDocument *document,
                            gint64 now,
                            const QkThresholds *thresholds);
gboolean qk_queue_figures_judge (QkQueueFigures *self,
                                 QkDocument *document,
                                 QkStoreState state,
                                 const QkThresholds *thresholds);
gboolean qk_queue_figures_get_failure_rate (const QkQueueFigures *self, double *rate);

G_END_DECLS
