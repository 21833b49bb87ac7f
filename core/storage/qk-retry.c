#include "qk-retry.h"

/**
 * qk_retry_policy_read:
 * @self: (out caller-allocates): the policy
 * @settings: an object with the properties `retry-attempts`, `retry-base-milliseconds` and
 *   `retry-cap-milliseconds`
 *
 * Reads what the operator has chosen. A cap below the base counts as the base.
 */
void
qk_retry_policy_read (QkRetryPolicy *self, GObject *settings)
{
  guint attempts, base, cap;

  g_return_if_fail (self != NULL && G_IS_OBJECT (settings));

  g_object_get (settings, "retry-attempts", &attempts, "retry-base-milliseconds", &base,
                "retry-cap-milliseconds", &cap, NULL);
  *self = (QkRetryPolicy){attempts, base * G_TIME_SPAN_MILLISECOND,
                          MAX (base, cap) * G_TIME_SPAN_MILLISECOND};
}

/**
 * qk_retry_policy_get_delay:
 * @self: a policy
 * @failed_attempt: which attempt has failed, from 1
 *
 * Returns: the wait until the next attempt, in microseconds
 */
gint64
qk_retry_policy_get_delay (const QkRetryPolicy *self, guint failed_attempt)
{
  gint64 delay = self->base_delay;

  for (guint i = 1; i < failed_attempt && delay < self->max_delay; i++)
    delay *= 2;
  return MIN (delay, self->max_delay);
}

/**
 * qk_retry_policy_get_total:
 * @self: a policy
 *
 * Returns: the sum of all delays, in microseconds
 */
gint64
qk_retry_policy_get_total (const QkRetryPolicy *self)
{
  gint64 total = 0;

  for (guint i = 1; i < self->attempts; i++)
    total += qk_retry_policy_get_delay (self, i);
  return total;
}

/**
 * qk_wait:
 * @usec: how long, in microseconds
 * @cancellable: (nullable): ends the wait
 * @error: return location for an error
 *
 * Sleeps in a worker thread.
 *
 * Returns: %FALSE where it was cancelled
 */
gboolean
qk_wait (gint64 usec, GCancellable *cancellable, GError **error)
{
  gint64 end = g_get_monotonic_time () + usec;
  GPollFD fd;
  gboolean has_fd;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  has_fd = g_cancellable_make_pollfd (cancellable, &fd);
  while (!g_cancellable_is_cancelled (cancellable))
    {
      gint64 left = end - g_get_monotonic_time ();

      if (left <= 0)
        break;
      /* Rounded up to milliseconds: what is left is never polled for in a loop without a wait. */
      (void) g_poll (&fd, has_fd ? 1 : 0, (int) MIN ((left + 999) / 1000, G_MAXINT));
    }
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
