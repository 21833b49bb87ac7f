#include "qk-advice-private.h"

#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* A part of fewer than this is no part: one message that fails is not a failure rate of 100 %. */
#define MIN_SAMPLE 10

#define MINUTE (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

/* Whatever its last good version says: nobody works on it now. */
static void
judge_readable (QkAssessment *self)
{
  if (self->queue.readable)
    return;
  qk_assessment_take (
      self, "unreadable", QK_HEALTH_VERDICT_CRITICAL, _ ("The queue cannot be read"),
      g_strdup (self->queue.unknown ? _ ("It is not known what is in it.")
                                    : _ ("What is told of it is its last good version.")),
      g_strdup (_ ("See whether it is there, whole, and may be read; what is damaged can be "
                   "salvaged.")));
}

static void
judge_size (QkAssessment *self)
{
  const QkThresholds *limits = &self->thresholds;
  gboolean critical = self->queue.total > limits->total_critical;

  if (!critical && self->queue.total <= limits->total_warning)
    return;
  qk_assessment_take (
      self, "queue-size", critical ? QK_HEALTH_VERDICT_CRITICAL : QK_HEALTH_VERDICT_WARNING,
      _ ("The queue is large"),
      g_strdup_printf (_ ("Entries: %u; worth a warning above %u, critical above %u."),
                       self->queue.total, limits->total_warning, limits->total_critical),
      g_strdup_printf (_ ("Purge delivered ones, of which there are %u: the swarm never does, and "
                          "takes no message beyond 1000 entries."),
                       self->queue.by_status[QK_STATUS_DELIVERED]));
}

static void
judge_stuck (QkAssessment *self)
{
  const QkThresholds *limits = &self->thresholds;
  gboolean critical = self->queue.stuck_critical > 0;

  if (!critical && self->queue.stuck_warning == 0)
    return;
  qk_assessment_take (
      self, "stuck", critical ? QK_HEALTH_VERDICT_CRITICAL : QK_HEALTH_VERDICT_WARNING,
      _ ("Messages are stuck"),
      critical ? g_strdup_printf (_ ("PROCESSING without an update for over %u s: %u."),
                                  limits->stuck_critical_s, self->queue.stuck_critical)
               : g_strdup_printf (_ ("PROCESSING without an update for over %u s: %u."),
                                  limits->stuck_warning_s, self->queue.stuck_warning),
      g_strdup (_ ("See whether the swarm's processor still runs, then resend what is stuck.")));
}

static void
judge_processing (QkAssessment *self)
{
  guint n = self->queue.by_status[QK_STATUS_PROCESSING], total = self->queue.total;

  if (total < MIN_SAMPLE || n * 100.0 <= (double) total * self->thresholds.processing_percent)
    return;
  qk_assessment_take (
      self, "processing", QK_HEALTH_VERDICT_WARNING, _ ("Too much is being processed at once"),
      g_strdup_printf (_ ("PROCESSING: %u of %u entries; worth a warning above %u %%."), n, total,
                       self->thresholds.processing_percent),
      g_strdup (_ ("See whether the swarm's processor ends what it begins.")));
}

static void
judge_age (QkAssessment *self)
{
  g_autofree char *age = NULL;

  if (self->queue.average_age <= self->thresholds.age_minutes * MINUTE)
    return;
  age = qk_duration_format (self->queue.average_age);
  qk_assessment_take (
      self, "age", QK_HEALTH_VERDICT_WARNING, _ ("Messages wait for long"),
      g_strdup_printf (_ ("Those that are not delivered are %s old on average; worth a warning "
                          "above %u min."),
                       age, self->thresholds.age_minutes),
      g_strdup (
          _ ("See whether the swarm's processor runs, and purge what nobody needs any more.")));
}

static void
judge_failures (QkAssessment *self)
{
  const QkThresholds *limits = &self->thresholds;
  double percent;

  if (self->queue.finished < MIN_SAMPLE ||
      !qk_queue_figures_get_failure_rate (&self->queue, &percent))
    return;
  percent *= 100;
  if (percent <= MIN (limits->failure_warning_percent, limits->failure_critical_percent))
    return;
  qk_assessment_take (
      self, "failures",
      percent > limits->failure_critical_percent ? QK_HEALTH_VERDICT_CRITICAL
                                                 : QK_HEALTH_VERDICT_WARNING,
      _ ("Many deliveries fail"),
      g_strdup_printf (_ ("Failed: %u of the last %u; worth a warning above %u %%, critical above "
                          "%u %%."),
                       self->queue.failed, self->queue.finished, limits->failure_warning_percent,
                       limits->failure_critical_percent),
      g_strdup (_ ("Group the failed ones by their error, mend its cause, then resend them.")));
}

/* The swarm's own rules about its queue. */
void
qk_advice_judge_queue (QkAssessment *self)
{
  judge_readable (self);
  if (self->queue.unknown)
    return;
  judge_size (self);
  judge_stuck (self);
  judge_failures (self);
  judge_processing (self);
  judge_age (self);
}
