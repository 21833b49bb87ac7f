#include "qk-advice-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
advice_free (gpointer data)
{
  QkAdvice *self = data;

  g_free (self->title);
  g_free (self->reason);
  g_free (self->proposal);
  g_free (self);
}

/* Takes an advice, unless there is one with this proposal that is as severe. Of two, the reason of
 * the other one is kept, too: it was true as well. */
void
qk_assessment_take (QkAssessment *self,
                    const char *id,
                    QkHealthVerdict severity,
                    const char *title,
                    char *reason,
                    char *proposal)
{
  QkAdvice *advice = (QkAdvice *) qk_assessment_find (self, id);
  g_autofree char *own_reason = reason, *own_proposal = proposal, *other = NULL;

  if (advice == NULL)
    {
      advice = g_new0 (QkAdvice, 1);
      advice->id = id;
      g_ptr_array_add (self->advice, advice);
    }
  other = g_steal_pointer (&advice->reason);
  if (advice->title == NULL || severity > advice->severity)
    {
      advice->reason = other != NULL ? g_strdup_printf ("%s %s", own_reason, other)
                                     : g_steal_pointer (&own_reason);
      g_free (advice->title);
      g_free (advice->proposal);
      advice->severity = severity;
      advice->title = g_strdup (title);
      advice->proposal = g_steal_pointer (&own_proposal);
    }
  else
    advice->reason = g_strdup_printf ("%s %s", other, own_reason);
}

/* The delay cannot be made shorter and longer: that errors persist weighs more than that they take
 * time. */
static void
settle_contradictions (QkAssessment *self)
{
  const QkAdvice *shorter = qk_assessment_find (self, "shorter-base");

  if (shorter != NULL && qk_assessment_find (self, "longer-base") != NULL)
    g_ptr_array_remove (self->advice, (gpointer) shorter);
}

static int
compare_advice (gconstpointer a, gconstpointer b)
{
  const QkAdvice *const *x = a, *const *y = b;

  return (int) (*y)->severity - (int) (*x)->severity;
}

static char *
summarise (const QkAssessment *self, const QkReport *report)
{
  guint64 errors = qk_figures_get_lock_errors (&report->total);
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, errors);

  if (self->verdict != QK_HEALTH_VERDICT_GOOD)
    {
      const QkAdvice *worst = g_ptr_array_index (self->advice, 0);

      return g_strdup_printf ("%s. %s", worst->title, worst->reason);
    }
  if (errors == 0)
    return g_strdup_printf (_ ("No lock errors (%s)."), qk_period_get_label (report->period));
  return g_strdup_printf (_ ("Lock errors: %s, and no save was given up (%s)."), count,
                          qk_period_get_label (report->period));
}

/**
 * qk_assessment_new:
 * @report: what stood in the way
 * @queue: (nullable): the state of the queue, where it is to be judged as well
 * @thresholds: what to judge by
 *
 * Returns: (transfer full): how it is, and what to change
 */
QkAssessment *
qk_assessment_new (const QkReport *report,
                   const QkQueueFigures *queue,
                   const QkThresholds *thresholds)
{
  QkAssessment *self;

  g_return_val_if_fail (report != NULL && thresholds != NULL, NULL);

  self = g_new0 (QkAssessment, 1);
  self->advice = g_ptr_array_new_with_free_func (advice_free);
  self->thresholds = *thresholds;
  if (queue != NULL)
    {
      self->has_queue = !queue->unknown;
      self->queue = *queue;
      qk_advice_judge_queue (self);
    }
  qk_advice_judge_locks (self, report);
  settle_contradictions (self);
  /* Stable: of the same severity, those of the queue come first. */
  g_ptr_array_sort (self->advice, compare_advice);
  if (self->advice->len > 0)
    self->verdict = ((const QkAdvice *) g_ptr_array_index (self->advice, 0))->severity;
  self->summary = summarise (self, report);
  return self;
}

/**
 * qk_assessment_free:
 * @self: (transfer full): an assessment
 *
 * Frees it.
 */
void
qk_assessment_free (QkAssessment *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->advice);
  g_free (self->summary);
  g_free (self);
}

/**
 * qk_assessment_find:
 * @self: an assessment
 * @id: what is proposed
 *
 * Returns: (transfer none) (nullable): the advice that proposes it
 */
const QkAdvice *
qk_assessment_find (const QkAssessment *self, const char *id)
{
  for (guint i = 0; i < self->advice->len; i++)
    {
      const QkAdvice *advice = g_ptr_array_index (self->advice, i);

      if (strcmp (advice->id, id) == 0)
        return advice;
    }
  return NULL;
}

/**
 * qk_advice_get_label:
 * @self: an advice
 *
 * Returns: (transfer none): how bad it is, for people
 */
const char *
qk_advice_get_label (const QkAdvice *self)
{
  return self->severity == QK_HEALTH_VERDICT_GOOD ? _ ("Note")
                                                  : qk_health_verdict_get_label (self->severity);
}

/**
 * qk_health_verdict_get_name:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its name for programs
 */
const char *
qk_health_verdict_get_name (QkHealthVerdict verdict)
{
  static const char *const names[QK_N_HEALTH_VERDICTS] = {"good", "warning", "critical"};

  g_return_val_if_fail ((guint) verdict < QK_N_HEALTH_VERDICTS, NULL);

  return names[verdict];
}

/**
 * qk_health_verdict_get_label:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its name for people
 */
const char *
qk_health_verdict_get_label (QkHealthVerdict verdict)
{
  static const char *const labels[QK_N_HEALTH_VERDICTS] = {N_ ("Good"), N_ ("Warning"),
                                                           N_ ("Critical")};

  g_return_val_if_fail ((guint) verdict < QK_N_HEALTH_VERDICTS, NULL);

  return _ (labels[verdict]);
}
