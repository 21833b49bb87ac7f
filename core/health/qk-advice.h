#pragma once

#include "qk-queue-figures.h"
#include "qk-report.h"

G_BEGIN_DECLS

/* How a queue is, why, and what to change.
 *
 * An assessment is derived from a report, the queue and the thresholds, and from nothing else: the same
 * ones give the same assessment. Each advice says which figures triggered it, and of which time and
 * source they are. Two rules that propose the same change make one advice, the more severe one.
 *
 * What is counted here and by other Queuekeepers is judged by the retry rule of the report; what the
 * swarm counted by the rule that the swarm has: 8 attempts, 0.15 s, 2 s.
 */

/**
 * QkHealthVerdict:
 * @QK_HEALTH_VERDICT_GOOD: nothing to do; of an advice: worth knowing, no reason to worry
 * @QK_HEALTH_VERDICT_WARNING: an operator should look at it today
 * @QK_HEALTH_VERDICT_CRITICAL: an operator should look at it now
 *
 * How bad it is. The larger the worse.
 */
typedef enum {
  QK_HEALTH_VERDICT_GOOD,
  QK_HEALTH_VERDICT_WARNING,
  QK_HEALTH_VERDICT_CRITICAL,
} QkHealthVerdict;
#define QK_N_HEALTH_VERDICTS (QK_HEALTH_VERDICT_CRITICAL + 1)

/**
 * QkAdvice:
 * @id: what is proposed, for programs: `more-attempts`, `shorter-base`, `longer-base`,
 *   `synchronise`, `exclusive-lock`, `holder`, `unreadable`, `queue-size`, `stuck`, `processing`, `age`, `failures`
 * @severity: how bad it is
 * @title: what is the matter, in a few words
 * @reason: the figures that say so
 * @proposal: what to change
 *
 * What to change, and why. Its texts are for people, and safe to show.
 */
typedef struct {
  const char *id;
  QkHealthVerdict severity;
  char *title;    /* owned */
  char *reason;   /* owned */
  char *proposal; /* owned */
} QkAdvice;

/**
 * QkAssessment:
 * @verdict: the worst of @advice
 * @summary: the verdict's reason in one line
 * @advice: (element-type QkAdvice): the most severe first
 * @has_queue: whether it is known what is in the queue
 * @queue: the state of the queue
 * @thresholds: what it was judged by
 *
 * How a queue is.
 */
typedef struct {
  QkHealthVerdict verdict;
  char *summary;     /* owned */
  GPtrArray *advice; /* owned */
  gboolean has_queue;
  QkQueueFigures queue;
  QkThresholds thresholds;
} QkAssessment;

QkAssessment *qk_assessment_new (const QkReport *report,
                                 const QkQueueFigures *queue,
                                 const QkThresholds *thresholds);
void qk_assessment_free (QkAssessment *self);
const QkAdvice *qk_assessment_find (const QkAssessment *self, const char *id);
const char *qk_advice_get_label (const QkAdvice *self);
const char *qk_health_verdict_get_name (QkHealthVerdict verdict);
const char *qk_health_verdict_get_label (QkHealthVerdict verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkAssessment, qk_assessment_free)

G_END_DECLS
