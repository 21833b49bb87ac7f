#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* Lock errors, retries and their success in this process since the store was opened. */

#define QK_TYPE_COUNTERS (qk_counters_get_type ())
G_DECLARE_FINAL_TYPE (QkCounters, qk_counters, QK, COUNTERS, GObject)

QkCounters *qk_counters_new (QkStore *store);
guint qk_counters_get_errors (QkCounters *self, QkLockKind kind);
guint qk_counters_get_lock_errors (QkCounters *self);
guint qk_counters_get_retries (QkCounters *self);
guint qk_counters_get_saves (QkCounters *self);
guint qk_counters_get_saves_retried (QkCounters *self);
guint qk_counters_get_saves_failed (QkCounters *self);
gboolean qk_counters_get_success_rate (QkCounters *self, double *rate);

G_END_DECLS
