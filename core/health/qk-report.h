#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* What stood in the way of a queue, and what came of it, in a span of time: the figures that the Lock
 * health page shows, that advice is derived from, and that is exported.
 *
 * A report is a value: made once, from one or several sources, never changed afterwards. It says itself
 * where its figures come from and of which time they are. Nothing in it is markup, and what came out
 * of files is as it stood there: who shows it reveals it first.
 */

/**
 * QkSource:
 * @QK_SOURCE_HERE: this process
 * @QK_SOURCE_OTHERS: other processes that use this core, through the history that all of them share
 * @QK_SOURCE_SWARM: the swarm's own counters, `file_locking_metrics.json`
 *
 * Who counted.
 */
typedef enum {
  QK_SOURCE_HERE,
  QK_SOURCE_OTHERS,
  QK_SOURCE_SWARM,
} QkSource;
#define QK_N_SOURCES (QK_SOURCE_SWARM + 1)

/**
 * QkPeriod:
 * @QK_PERIOD_SESSION: since this process opened the queue
 * @QK_PERIOD_HOUR: the last hour
 * @QK_PERIOD_DAY: the last 24 hours
 * @QK_PERIOD_WEEK: the last 7 days
 * @QK_PERIOD_ALL: as far back as anything is known
 */
typedef enum {
  QK_PERIOD_SESSION,
  QK_PERIOD_HOUR,
  QK_PERIOD_DAY,
  QK_PERIOD_WEEK,
  QK_PERIOD_ALL,
} QkPeriod;
#define QK_N_PERIODS (QK_PERIOD_ALL + 1)

/**
 * QK_REPORT_MAX_ATTEMPTS:
 *
 * Saves that took this many attempts or more are counted together.
 */
#define QK_REPORT_MAX_ATTEMPTS 16

/**
 * QkFigures:
 * @errors: events, by operation (#QkOperation) and kind (#QkLockKind)
 * @winerrors: those of code 5, 32 and 33, as Windows numbers them, in this order
 * @retries: how often an operation was tried again, by operation
 * @saves: saves that succeeded
 * @saves_retried: those of them that took more than one attempt
 * @saves_failed: saves that were given up
 * @attempts: saves that succeeded, by attempts; [0] is unused, the last is "that many or more"
 * @worst_attempts: the most attempts of any save
 * @total_attempts: of all saves that succeeded
 * @waited: time spent waiting before another attempt, in microseconds, of all saves
 * @worst_wait: the longest such time of one save
 * @elapsed: time from the beginning of a save to its end, in microseconds, of all saves with a known one
 * @worst_elapsed: the longest of these
 * @n_elapsed: how many saves have a known one
 * @conflicts: versions of other writers that were merged
 * @overwrites: changes that another writer undid and that were put right
 *
 * What no attempt was needed for, since nothing was left to be saved, is not counted as a save.
 * Counts over a span of time. All zero where nothing is known.
 */
typedef struct {
  guint64 errors[2][QK_N_LOCK_KINDS];
  guint64 winerrors[3];
  guint64 retries[2];
  guint64 saves;
  guint64 saves_retried;
  guint64 saves_failed;
  guint64 attempts[QK_REPORT_MAX_ATTEMPTS + 1];
  guint worst_attempts;
  guint64 total_attempts;
  gint64 waited;
  gint64 worst_wait;
  gint64 elapsed;
  gint64 worst_elapsed;
  guint64 n_elapsed;
  guint64 conflicts;
  guint64 overwrites;
} QkFigures;

/**
 * QkSave:
 * @time: when it ended, in microseconds since the Unix epoch
 * @ok: whether it succeeded
 * @attempts: how many attempts it took
 * @waited: time spent waiting before another attempt, in microseconds
 * @elapsed: time from its beginning to its end, in microseconds; 0 where that is not known
 * @conflicts: how many versions of other writers it merged
 *
 * A save that has ended, as it is counted.
 */
typedef struct {
  gint64 time;
  gboolean ok;
  guint attempts;
  gint64 waited;
  gint64 elapsed;
  guint conflicts;
} QkSave;

/**
 * QkReportEvent:
 * @event: what happened
 * @source: who counted it
 * @pid: the process that met it, 0 where that is not known
 * @program: (nullable): that process's program
 * @holder: (nullable): who held the file then, in short, as qk_holder_dup_label() has it; %NULL where
 *   nobody was looked for
 *
 * One event of a report. What the swarm counted has no more than a code, an attempt and a delay.
 */
typedef struct {
  QkLockEvent *event; /* owned */
  QkSource source;
  gint64 pid;
  char *program; /* owned, nullable */
  char *holder;  /* owned, nullable */
} QkReportEvent;

/**
 * QkBucket:
 * @start: when it begins, in microseconds since the Unix epoch
 * @figures: what happened in it
 * @has_depth: whether the depth of the queue was sampled in it
 * @depth: entries of each status, at its last sample
 * @stuck: how many of them were stuck then
 *
 * A slice of the report's time.
 */
typedef struct {
  gint64 start;
  QkFigures figures;
  gboolean has_depth;
  guint depth[QK_N_STATUSES];
  guint stuck;
} QkBucket;

/**
 * QkMoment:
 * @time: in microseconds since the Unix epoch, or %QK_WALL_NONE
 * @writes: writes at the same time
 * @window: within which time, in microseconds
 *
 * A moment of high concurrency, as the swarm tells it.
 */
typedef struct {
  gint64 time;
  guint64 writes;
  gint64 window;
} QkMoment;

/**
 * QkHolderCount:
 * @label: who held the file, such as `python3 (pid 4312)`, `nobody found` or `could not look`
 * @count: at how many events
 */
typedef struct {
  char *label; /* owned */
  guint64 count;
} QkHolderCount;

/**
 * QkAgentFigures:
 * @name: the recipient as it stands in the file, "" where it is missing
 * @by_status: its entries in the queue at @sampled
 * @deliveries: delivered according to the swarm's `metrics.json`
 * @failures: attempts that failed according to it
 * @average_s: seconds that a delivery took, on average
 * @median_s: likewise, the median
 * @p95_s: likewise, 95 of 100 took no longer
 * @worst_s: likewise, the longest
 */
typedef struct {
  char *name; /* owned */
  guint by_status[QK_N_STATUSES];
  guint64 deliveries;
  guint64 failures;
  double average_s;
  double median_s;
  double p95_s;
  double worst_s;
} QkAgentFigures;

/**
 * QkReport:
 * @queue: where the queue is, for people
 * @period: of which span of time
 * @from: its beginning, in microseconds since the Unix epoch; that of the first event for "all"
 * @to: its end: when the report was made
 * @total: of all sources
 * @by_source: of each source
 * @buckets: (element-type QkBucket): slices of the same width, the oldest first, all of @from to @to
 * @bucket_width: in microseconds
 * @events: (element-type QkReportEvent): the latest, the newest first, at most %QK_REPORT_MAX_EVENTS
 * @n_events: how many there are in all
 * @holders: (element-type QkHolderCount): who held the file, the most frequent first
 * @agents: (element-type QkAgentFigures): in natural order of their names
 * @moments: (element-type QkMoment): when the swarm met many writes at a time, as it tells it
 * @n_moments: how many there were in all
 * @policy: the retry parameters in use
 * @swarm_location: (nullable): the path of the swarm's counters, where there are some
 * @swarm_is_cut: whether the swarm no longer lists all that it has counted, so that some of its figures
 *   are estimates, and may become less
 * @problem: (nullable): what is missing in this report and why, for the operator
 *
 * What stood in the way of a queue.
 */
typedef struct {
  char *queue; /* owned */
  QkPeriod period;
  gint64 from;
  gint64 to;
  QkFigures total;
  QkFigures by_source[QK_N_SOURCES];
  GArray *buckets; /* owned */
  gint64 bucket_width;
  GPtrArray *events; /* owned */
  guint64 n_events;
  GPtrArray *holders; /* owned */
  GPtrArray *agents;  /* owned */
  GArray *moments;    /* owned */
  guint64 n_moments;
  QkRetryPolicy policy;
  char *swarm_location; /* owned, nullable */
  gboolean swarm_is_cut;
  char *problem; /* owned, nullable */
  gatomicrefcount refs;
} QkReport;

#define QK_REPORT_MAX_EVENTS 1000

QkReport *qk_report_new (void);
QkReport *qk_report_ref (QkReport *self);
void qk_report_unref (QkReport *self);
void qk_figures_add (QkFigures *self, const QkFigures *other);
void qk_figures_count_event (QkFigures *self, const QkLockEvent *event);
void qk_figures_count_save (QkFigures *self, const QkSave *save);
guint64 qk_figures_get_errors (const QkFigures *self, QkLockKind kind);
guint64 qk_figures_get_lock_errors (const QkFigures *self);
gboolean qk_figures_get_success_rate (const QkFigures *self, double *rate);
gboolean qk_figures_get_average_attempts (const QkFigures *self, double *average);
const char *qk_source_get_name (QkSource source);
const char *qk_source_get_label (QkSource source);
const char *qk_period_get_name (QkPeriod period);
const char *qk_period_get_label (QkPeriod period);
void qk_report_event_free (QkReportEvent *event);
void qk_holder_count_free (QkHolderCount *holder);
void qk_agent_figures_free (QkAgentFigures *agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkReport, qk_report_unref)

G_END_DECLS
