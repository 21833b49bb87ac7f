#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The retry rule: n attempts; the delay after a failed one begins at the base, doubles, and is
 * capped. With the default policy: 0.15, 0.3, 0.6, 1.2, 2, 2, 2 seconds.
 */

/**
 * QkRetryPolicy:
 * @attempts: how often a step is tried in all, at least 1
 * @base_delay: the first delay, in microseconds
 * @max_delay: the longest delay, in microseconds
 */
typedef struct {
  guint attempts;
  gint64 base_delay;
  gint64 max_delay;
} QkRetryPolicy;

#define QK_RETRY_POLICY_DEFAULT ((QkRetryPolicy){8, 150000, 2000000})

void qk_retry_policy_read (QkRetryPolicy *self, GObject *settings);
gint64 qk_retry_policy_get_delay (const QkRetryPolicy *self, guint failed_attempt);
gint64 qk_retry_policy_get_total (const QkRetryPolicy *self);
gboolean qk_wait (gint64 usec, GCancellable *cancellable, GError **error);

G_END_DECLS
