#pragma once

#include "qk-change.h"
#include "qk-document.h"
#include "qk-given-up.h"
#include "qk-plan.h"

G_BEGIN_DECLS

/* Sees to it that what was saved stays.
 *
 * The swarm's own writers take no lock and save lists that they loaded before: a change can be
 * undone after it has succeeded. So for a settling time each message that was changed, and each one
 * that came out of a swap and was merged, is compared with new versions of the queue.
 *
 * What is guarded are states (see qk_entry_hash_state()), not intents. Each guarded id has a current
 * state and the set of those that it superseded; "absent" is a state, too. A version that shows a
 * superseded state, an older one or nothing is stale, and the current state is to be put back. A
 * state that is unknown and not older is another writer's honest work: it becomes the current one.
 * So a message that was resent and has been delivered since is never set to PENDING again.
 *
 * What would have to be put right for too long is given up, and kept: the operator may resume it.
 *
 * Pure: it is told the time and the versions, and answers with changes. Times are monotonic, in
 * microseconds.
 */

/**
 * QK_GUARD_MAX_USEC:
 *
 * For how long the same message is put right at most.
 */
#define QK_GUARD_MAX_USEC (60 * G_TIME_SPAN_SECOND)
/**
 * QK_GUARD_MAX_REPAIRS:
 *
 * How often the same message is put right at most.
 */
#define QK_GUARD_MAX_REPAIRS 60

typedef struct _QkGuard QkGuard;

QkGuard *qk_guard_new (gint64 settle);
void qk_guard_free (QkGuard *self);
void qk_guard_set_settle (QkGuard *self, gint64 settle);
void qk_guard_expect_plan (QkGuard *self, QkPlan *plan, GPtrArray *changes, gint64 now);
void qk_guard_expect_merged (QkGuard *self, QkDocument *base, QkDocument *displaced, gint64 now);
GPtrArray *qk_guard_check (QkGuard *self, QkDocument *document, gint64 now);
gint64 qk_guard_get_delay (const QkGuard *self, GPtrArray *repairs, gint64 now);
void qk_guard_forget (QkGuard *self, const QkChange *change);
gboolean qk_guard_is_purged (const QkGuard *self, const char *id);
gboolean qk_guard_is_wanted (const QkGuard *self, const QkChange *repair);
void qk_guard_count_repair (QkGuard *self, const char *id, gint64 now);
guint qk_guard_get_n_items (const QkGuard *self);
gint64 qk_guard_get_end (const QkGuard *self);
QkGivenUp *qk_guard_dup_given_up (const QkGuard *self);
void qk_guard_resume (QkGuard *self, gboolean at_once, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkGuard, qk_guard_free)

G_END_DECLS
