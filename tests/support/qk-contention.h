#pragma once

#include "qk-health.h"
#include "qk-test-util.h"

G_BEGIN_DECLS

/* A contention whose numbers are known, on a real queue: so what is counted can be held against what
 * happened. A save that finds the lock held in all of its 3 attempts and is given up; one whose swap is
 * denied twice and that succeeds then; one that succeeds at once; and a read of a file that is torn.
 */

#define QK_CONTENTION_HELD   3
#define QK_CONTENTION_DENIED 2
#define QK_CONTENTION_TORN   1
#define QK_CONTENTION_EVENTS (QK_CONTENTION_HELD + QK_CONTENTION_DENIED + QK_CONTENTION_TORN)

QkStore *qk_contention_store_new (const char *queue);
QkResult *qk_contention_purge_first (QkStore *store,
                                     QkTestFolder *folder,
                                     const QkRetryPolicy *policy);
void qk_contention_run (QkHealth *health, QkTestFolder *folder);
void qk_contention_assert (const QkFigures *figures);

G_END_DECLS
