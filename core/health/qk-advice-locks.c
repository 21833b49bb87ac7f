#include "qk-advice-private.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The next step where errors persist. */
#define LONGER_BASE (G_GINT64_CONSTANT (200000))

/* A save that met a lock should not wait for longer, on average. */
#define LONG_WAIT (G_GINT64_CONSTANT (1500000))

/* Those whose figures are judged together, since they keep to the same retry rule. */
typedef struct {
  QkAssessment *assessment; /* not owned */
  const QkReport *report;   /* not owned */
  QkFigures figures;
  QkRetryPolicy policy;
  gboolean swarm;
  char *where; /* owned: "this program and other Queuekeepers, the last hour" */
} Party;

static char *
propose_attempts (const Party *party, guint more)
{
  return g_strdup_printf (_ ("Try %u times instead of %u before a save is given up."),
                          party->policy.attempts + more, party->policy.attempts);
}

static void
judge_given_up (const Party *party)
{
  const QkFigures *figures = &party->figures;

  if (figures->saves_failed == 0)
    return;
  qk_assessment_take (
      party->assessment, "more-attempts", QK_HEALTH_VERDICT_CRITICAL, _ ("Saves were given up"),
      g_strdup_printf (_ ("Given up: %" PRIu64 " of %" PRIu64 " saves (%s)."),
                       figures->saves_failed, figures->saves + figures->saves_failed, party->where),
      propose_attempts (party, 2));
}

static void
judge_worst (const Party *party)
{
  guint limit = party->policy.attempts > 1 ? party->policy.attempts - 1 : 1;

  /* With one attempt there is nothing to come close to. */
  if (limit < 2 || party->figures.worst_attempts < limit)
    return;
  qk_assessment_take (party->assessment, "more-attempts", QK_HEALTH_VERDICT_WARNING,
                      _ ("A save almost ran out of attempts"),
                      g_strdup_printf (_ ("Most attempts of a save: %u of %u (%s)."),
                                       party->figures.worst_attempts, party->policy.attempts,
                                       party->where),
                      propose_attempts (party, 1));
}

static void
judge_waits (const Party *party)
{
  guint64 n = party->figures.saves_retried + party->figures.saves_failed;

  if (n == 0 || party->figures.waited <= (gint64) n * LONG_WAIT)
    return;
  qk_assessment_take (
      party->assessment, "shorter-base", QK_HEALTH_VERDICT_WARNING, _ ("Saves wait for long"),
      g_strdup_printf (_ ("A save that met a lock waited %.2f s on average; worth a warning above "
                          "%.1f s (%s)."),
                       (double) party->figures.waited / (double) n / G_USEC_PER_SEC,
                       (double) LONG_WAIT / G_USEC_PER_SEC, party->where),
      g_strdup_printf (_ ("Shorten the first delay from %g s to %g s."),
                       (double) party->policy.base_delay / G_USEC_PER_SEC,
                       (double) party->policy.base_delay * 0.8 / G_USEC_PER_SEC));
}

/* The swarm files sharing violations under 5, so of its figures this says nothing as a rule. */
static void
judge_crowd (const Party *party)
{
  guint64 in_use = qk_figures_get_errors (&party->figures, QK_LOCK_KIND_IN_USE);
  guint64 denied = qk_figures_get_errors (&party->figures, QK_LOCK_KIND_ACCESS_DENIED);

  if (in_use <= 2 * denied)
    return;
  qk_assessment_take (
      party->assessment, "exclusive-lock", QK_HEALTH_VERDICT_GOOD,
      _ ("Many programs write at once"),
      g_strdup_printf (_ ("File in use: %" PRIu64 ", access denied: %" PRIu64 " (%s)."), in_use,
                       denied, party->where),
      g_strdup (_ ("Let every writer take the lock beside the queue before it "
                   "saves.")));
}

/* Whom the swarm met, it does not tell. */
static char *
propose_holder (const Party *party)
{
  const QkHolderCount *holder;
  g_autofree char *label = NULL;

  if (party->swarm || party->report->holders->len == 0)
    return g_strdup (_ ("Find out who holds the file, and let it hold it for a shorter time."));
  holder = g_ptr_array_index (party->report->holders, 0);
  label = qk_text_reveal_line (holder->label);
  return g_strdup_printf (
      _ ("Let whoever holds the file hold it for a shorter time. Most often: %s "
         "(%" PRIu64 ")."),
      label, holder->count);
}

static void
judge_success (const Party *party)
{
  double rate;

  if (!qk_figures_get_success_rate (&party->figures, &rate) ||
      rate * 100 >= party->assessment->thresholds.success_percent)
    return;
  qk_assessment_take (
      party->assessment, "holder", QK_HEALTH_VERDICT_WARNING,
      _ ("Retries do not help often enough"),
      g_strdup_printf (_ ("Of the saves that met a lock %.1f %% succeeded; worth a warning below "
                          "%u %% (%s)."),
                       rate * 100, party->assessment->thresholds.success_percent, party->where),
      propose_holder (party));
}

/* The project's own steps: a longer first delay; processor and sender one after the other; a lock
 * that excludes all others. As long as every save succeeds this is worth knowing, and no more. */
static void
judge_persistence (const Party *party)
{
  guint64 errors = qk_figures_get_lock_errors (&party->figures);
  QkHealthVerdict severity =
      party->figures.saves_failed > 0 ? QK_HEALTH_VERDICT_WARNING : QK_HEALTH_VERDICT_GOOD;
  g_autofree char *reason = NULL;

  if (errors < party->assessment->thresholds.lock_errors)
    return;
  reason =
      g_strdup_printf (_ ("Lock errors: %" PRIu64 "; they count as persisting from %u on (%s)."),
                       errors, party->assessment->thresholds.lock_errors, party->where);
  if (party->policy.base_delay < LONGER_BASE)
    {
      qk_assessment_take (party->assessment, "longer-base", severity, _ ("Lock errors persist"),
                          g_steal_pointer (&reason),
                          g_strdup_printf (_ ("Lengthen the first delay from %g s to %g s."),
                                           (double) party->policy.base_delay / G_USEC_PER_SEC,
                                           (double) LONGER_BASE / G_USEC_PER_SEC));
      return;
    }
  qk_assessment_take (party->assessment, "synchronise", severity, _ ("Lock errors persist"),
                      g_strdup (reason),
                      g_strdup (_ ("Let the swarm's processor and its senders write one after the "
                                   "other.")));
  if (party->figures.saves_failed > 0)
    qk_assessment_take (party->assessment, "exclusive-lock", severity, _ ("Lock errors persist"),
                        g_steal_pointer (&reason),
                        g_strdup (_ ("Let every writer take the lock beside the queue before it "
                                     "saves.")));
}

static void
judge_overwrites (const Party *party)
{
  if (party->figures.overwrites == 0)
    return;
  qk_assessment_take (party->assessment, "synchronise", QK_HEALTH_VERDICT_WARNING,
                      _ ("Other programs save old lists"),
                      g_strdup_printf (_ ("Changes that were undone and put right: "
                                          "%" PRIu64 " (%s)."),
                                       party->figures.overwrites, party->where),
                      g_strdup (_ ("Let the swarm's processor and its senders write one after the "
                                   "other.")));
}

static void
judge_party (QkAssessment *self, const QkReport *report, gboolean swarm)
{
  Party party = {.assessment = self, .report = report, .swarm = swarm};

  party.policy = swarm ? QK_RETRY_POLICY_DEFAULT : report->policy;
  if (swarm)
    party.figures = report->by_source[QK_SOURCE_SWARM];
  else
    {
      party.figures = report->by_source[QK_SOURCE_HERE];
      qk_figures_add (&party.figures, &report->by_source[QK_SOURCE_OTHERS]);
    }
  party.where =
      g_strdup_printf (swarm ? _ ("counted by the swarm, %s") : _ ("counted by Queuekeeper, %s"),
                       qk_period_get_label (report->period));
  judge_given_up (&party);
  judge_worst (&party);
  judge_success (&party);
  judge_waits (&party);
  judge_overwrites (&party);
  judge_persistence (&party);
  judge_crowd (&party);
  g_free (party.where);
}

/* The swarm's own rules about its lock counters, and the project's. */
void
qk_advice_judge_locks (QkAssessment *self, const QkReport *report)
{
  judge_party (self, report, FALSE);
  judge_party (self, report, TRUE);
}
