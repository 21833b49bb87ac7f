#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* From where on the state of a queue and of its locks is worth a warning, and from where on it is
 * critical. The defaults are those of the swarm itself.
 */

/**
 * QkThresholds:
 * @total_warning: more entries than this, of all statuses
 * @total_critical: likewise; the swarm itself takes no more than 1000
 * @stuck_warning_s: PROCESSING without an update for longer than this, in seconds
 * @stuck_critical_s: likewise
 * @processing_percent: a larger part of the entries PROCESSING than this
 * @age_minutes: undelivered messages older than this on average, in minutes
 * @failure_warning_percent: a larger part of the last messages failed than this
 * @failure_critical_percent: likewise
 * @success_percent: a smaller part of the saves that met a lock succeeded than this
 * @lock_errors: so many lock errors, or more, count as persisting
 *
 * Only @lock_errors, and nothing else, is reached by being equal.
 */
typedef struct {
  guint total_warning;
  guint total_critical;
  guint stuck_warning_s;
  guint stuck_critical_s;
  guint processing_percent;
  guint age_minutes;
  guint failure_warning_percent;
  guint failure_critical_percent;
  guint success_percent;
  guint lock_errors;
} QkThresholds;

#define QK_THRESHOLDS_DEFAULT ((QkThresholds){500, 1000, 60, 300, 50, 60, 5, 10, 95, 10})

void qk_thresholds_read (QkThresholds *self, GObject *settings);

G_END_DECLS
