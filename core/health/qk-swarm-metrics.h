#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* The swarm's own counters of lock errors, read from its `file_locking_metrics.json`. A value, which
 * is never changed once it was read.
 *
 * What the swarm counts is not what we count: only saves that needed a retry, no reads; sharing
 * violations (WinError 32) as access denied (WinError 5), so that its count of 32 stays 0. Its lists
 * hold the latest 1000 errors, 1000 retries that succeeded and 500 moments of high concurrency, each
 * with its time; its summary counts all there ever were, without a time, and alone knows of retries
 * that failed.
 */

/**
 * QkSwarmError:
 * @time: in microseconds since the Unix epoch, or %QK_WALL_NONE
 * @kind: what stood in the way
 * @code: the error number, 0 where none is given
 * @winerror: whether @code is one of Windows
 * @attempt: the attempt that failed, from 1; 0 where that is not given
 * @delay: the wait until the next one, in microseconds; 0 where there was none
 *
 * An attempt that failed.
 */
typedef struct {
  gint64 time;
  QkLockKind kind;
  int code;
  gboolean winerror;
  guint attempt;
  gint64 delay;
} QkSwarmError;

/**
 * QkSwarmRetry:
 * @time: in microseconds since the Unix epoch, or %QK_WALL_NONE
 * @attempts: how many it took, at least 1
 * @waited: between them, in microseconds
 *
 * A save that succeeded after a retry.
 */
typedef struct {
  gint64 time;
  guint attempts;
  gint64 waited;
} QkSwarmRetry;

/**
 * QkSwarmSummary:
 * @total_errors: attempts that failed
 * @winerror_5_count: those with access denied
 * @winerror_32_count: those with the file in use
 * @retry_success_count: saves that succeeded after a retry
 * @retry_failure_count: saves that were given up
 * @max_retries_needed: the most attempts of any save
 * @avg_retry_delay: how long a save that was retried waited, on average, in microseconds
 * @high_concurrency_count: moments of high concurrency
 *
 * What the swarm says of all time. All zero where it has no summary.
 */
typedef struct {
  guint64 total_errors;
  guint64 winerror_5_count;
  guint64 winerror_32_count;
  guint64 retry_success_count;
  guint64 retry_failure_count;
  guint64 max_retries_needed;
  gint64 avg_retry_delay;
  guint64 high_concurrency_count;
} QkSwarmSummary;

/**
 * QK_SWARM_METRICS_LISTED:
 *
 * So many errors, and so many retries, the swarm lists at most.
 */
#define QK_SWARM_METRICS_LISTED 1000

typedef struct _QkSwarmMetrics QkSwarmMetrics;

QkSwarmMetrics *qk_swarm_metrics_parse (const char *data, gsize size, GError **error);
QkSwarmMetrics *qk_swarm_metrics_ref (QkSwarmMetrics *self);
void qk_swarm_metrics_unref (QkSwarmMetrics *self);
const QkSwarmSummary *qk_swarm_metrics_get_summary (const QkSwarmMetrics *self);
const QkSwarmError *qk_swarm_metrics_get_errors (const QkSwarmMetrics *self, guint *n);
const QkSwarmRetry *qk_swarm_metrics_get_retries (const QkSwarmMetrics *self, guint *n);
const QkMoment *qk_swarm_metrics_get_concurrency (const QkSwarmMetrics *self, guint *n);
gint64 qk_swarm_metrics_get_updated (const QkSwarmMetrics *self);
guint64 qk_swarm_metrics_get_skipped (const QkSwarmMetrics *self);
gint64 qk_swarm_metrics_get_first (const QkSwarmMetrics *self, gint64 since);
void qk_swarm_metrics_add_to_report (const QkSwarmMetrics *self, QkReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSwarmMetrics, qk_swarm_metrics_unref)

G_END_DECLS
