#include "qk-what-if.h"

#include "qk-recorded-save.h"

#include <glib/gi18n-lib.h>

/* More attempts than this change nothing that could be seen, and are not walked through. */
#define MAX_ATTEMPTS 1000

typedef struct {
  double success;
  double wait; /* microseconds */
} Outcome;

/* The obstacle is gone at @gone, or, if @after, only right after it. */
static Outcome
try_until (const QkRetryPolicy *policy, gint64 gone, gboolean after)
{
  guint attempts = MIN (policy->attempts, MAX_ATTEMPTS);
  gint64 time = 0;

  for (guint attempt = 1; attempt <= attempts; attempt++)
    {
      if (after ? time > gone : time >= gone)
        return (Outcome){1, (double) time};
      if (attempt < attempts)
        time += qk_retry_policy_get_delay (policy, attempt);
    }
  return (Outcome){0, (double) time};
}

/* The obstacle goes at any moment after @lasted and until @gone. */
static Outcome
expect (const QkRetryPolicy *policy, gint64 lasted, gint64 gone)
{
  guint attempts = MIN (policy->attempts, MAX_ATTEMPTS);
  double span = (double) (gone - lasted), covered = 0;
  Outcome outcome = {0, 0};
  gint64 time = 0;

  for (guint attempt = 1; attempt <= attempts; attempt++)
    {
      double until = CLAMP ((double) (time - lasted) / span, 0, 1);

      outcome.wait += (until - covered) * (double) time;
      covered = until;
      if (attempt < attempts)
        time += qk_retry_policy_get_delay (policy, attempt);
    }
  outcome.success = covered;
  outcome.wait += (1 - covered) * (double) time;
  return outcome;
}

static void
add (QkWhatIf *self, const QkRetryPolicy *policy, const QkRecordedSave *save)
{
  gboolean given_up = qk_recorded_save_was_given_up (save);
  Outcome best = try_until (policy, save->lasted, TRUE);
  Outcome worst = try_until (policy, save->gone, FALSE);
  Outcome expected = given_up                    ? worst
                     : save->gone > save->lasted ? expect (policy, save->lasted, save->gone)
                                                 : worst;

  self->success.low += worst.success;
  self->success.expected += expected.success;
  self->success.high += best.success;
  self->wait.low += best.wait;
  self->wait.expected += expected.wait;
  self->wait.high += worst.wait;
  self->worst_wait.low = MAX (self->worst_wait.low, best.wait);
  self->worst_wait.expected = MAX (self->worst_wait.expected, expected.wait);
  self->worst_wait.high = MAX (self->worst_wait.high, worst.wait);
  self->recorded_success += given_up ? 0 : 1;
  self->recorded_wait += (double) save->waited;
  self->n_given_up += given_up;
}

static void
scale (QkSpan *span, double factor)
{
  span->low *= factor;
  span->expected *= factor;
  span->high *= factor;
}

/**
 * qk_what_if_replay:
 * @self: (out caller-allocates): what would have happened
 * @report: a report
 * @policy: other retry parameters
 *
 * Replays the saves of @report under @policy.
 */
void
qk_what_if_replay (QkWhatIf *self, const QkReport *report, const QkRetryPolicy *policy)
{
  g_autoptr (GArray) saves = NULL;

  g_return_if_fail (report != NULL && policy != NULL && policy->attempts > 0);

  *self = (QkWhatIf){.partial = report->n_events > report->events->len};
  saves = qk_recorded_saves_collect (report, &self->n_incomplete);
  self->n_saves = saves->len;
  if (report->total.saves > report->total.saves_retried)
    self->n_at_once = report->total.saves - report->total.saves_retried;
  for (guint i = 0; i < saves->len; i++)
    add (self, policy, &g_array_index (saves, QkRecordedSave, i));
  if (saves->len == 0)
    return;
  self->recorded_success /= saves->len;
  self->recorded_wait /= (double) saves->len * G_USEC_PER_SEC;
  scale (&self->success, 1.0 / saves->len);
  scale (&self->wait, 1.0 / saves->len / G_USEC_PER_SEC);
  scale (&self->worst_wait, 1.0 / G_USEC_PER_SEC);
}

/**
 * qk_what_if_describe:
 * @self: what would have happened
 *
 * Returns: (transfer full): it in a few sentences, the spans included
 */
char *
qk_what_if_describe (const QkWhatIf *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  if (self->n_saves == 0)
    return g_strdup (_ ("No save met a lock in this time, so there is nothing to replay."));
  g_string_append_printf (
      text,
      _ ("Saves that met a lock: %u. Succeeding: %.1f %%, between %.1f %% and %.1f %%; in fact %.1f "
         "%%. Waiting: %.2f s on average, between %.2f s and %.2f s; in fact %.2f s. The slowest: "
         "between %.2f s and %.2f s."),
      self->n_saves, self->success.expected * 100, self->success.low * 100,
      self->success.high * 100, self->recorded_success * 100, self->wait.expected, self->wait.low,
      self->wait.high, self->recorded_wait, self->worst_wait.low, self->worst_wait.high);
  if (self->n_incomplete > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Left out, since a part of them is missing: %u."),
                              self->n_incomplete);
    }
  if (self->partial)
    {
      g_string_append_c (text, ' ');
      g_string_append (text, _ ("Only the latest events of this time are known one by one."));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
