#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* What would have happened under another retry rule.
 *
 * The saves of a report that met an obstacle (#QkRecordedSave) are replayed. Of each it is known that
 * the obstacle was there until its last attempt that failed, and gone at the attempt that succeeded; in
 * between, nobody looked. So the answer is a span:
 *
 * - at best, every obstacle went right after the last attempt that failed;
 * - at worst, every obstacle went right before the attempt that succeeded, and that of a save that was
 *   given up never went;
 * - expected is the middle of what is known: that the obstacle went at any moment in between with the
 *   same probability. Of a save that was given up nothing is known but that it would have lasted
 *   longer, so that is expected to fail again. That is why no more attempts than there were raise what
 *   is at best, and not what is expected.
 *
 * A save under the other rule tries at the times that its delays add up to, and succeeds at the first
 * one at which the obstacle is gone. Three things are left out: how long an attempt itself takes; that
 * an obstacle might have gone and come again between two attempts, which the record cannot tell; and
 * that the saves of others would have come at other times, too. Saves that succeeded at once are
 * taken to succeed at once under every rule.
 */

/**
 * QkSpan:
 * @low: the least that is possible
 * @expected: what is most likely
 * @high: the most that is possible
 */
typedef struct {
  double low;
  double expected;
  double high;
} QkSpan;

/**
 * QkWhatIf:
 * @n_saves: saves that met an obstacle and could be replayed
 * @n_given_up: those of them that were given up in fact
 * @n_incomplete: saves of which a part is missing, so that they could not be replayed
 * @n_at_once: saves that succeeded at once
 * @partial: whether the report holds only the latest of its events
 * @recorded_success: of @n_saves, the part that succeeded in fact, from 0 to 1
 * @recorded_wait: how long they waited in fact on average, in seconds
 * @success: of @n_saves, the part that would have succeeded, from 0 to 1
 * @wait: how long they would have waited on average, in seconds
 * @worst_wait: how long the slowest one would have waited, in seconds
 *
 * What would have happened. All zero where there was no such save.
 */
typedef struct {
  guint n_saves;
  guint n_given_up;
  guint n_incomplete;
  guint64 n_at_once;
  gboolean partial;
  double recorded_success;
  double recorded_wait;
  QkSpan success;
  QkSpan wait;
  QkSpan worst_wait;
} QkWhatIf;

void qk_what_if_replay (QkWhatIf *self, const QkReport *report, const QkRetryPolicy *policy);
char *qk_what_if_describe (const QkWhatIf *self);

G_END_DECLS
