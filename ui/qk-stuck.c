#include "qk-stuck.h"

#include "qk-change.h"

static gint after_s = QK_STUCK_WARNING_S;

/**
 * qk_stuck_get_after_s:
 *
 * Returns: without an update for longer than this, in seconds, a message that is being processed is
 *   stuck
 */
guint
qk_stuck_get_after_s (void)
{
  return (guint) g_atomic_int_get (&after_s);
}

/**
 * qk_stuck_set_after_s:
 * @seconds: the time from now on, not 0
 *
 * What is shown follows within a second.
 */
void
qk_stuck_set_after_s (guint seconds)
{
  g_return_if_fail (seconds > 0 && seconds <= G_MAXINT);

  g_atomic_int_set (&after_s, (gint) seconds);
}
