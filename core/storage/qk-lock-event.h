#pragma once

#include "qk-holder.h"
#include "qk-retry.h"

G_BEGIN_DECLS

/* Something that stood between us and the file, told while it happens. */

/**
 * QkOperation:
 * @QK_OPERATION_READ: the queue was being read
 * @QK_OPERATION_SAVE: changes were being saved
 */
typedef enum {
  QK_OPERATION_READ,
  QK_OPERATION_SAVE,
} QkOperation;

/**
 * QkLockKind:
 * @QK_LOCK_KIND_ACCESS_DENIED: WinError 5, EACCES on the swap
 * @QK_LOCK_KIND_IN_USE: WinError 32 and 33, EBUSY, ETXTBSY
 * @QK_LOCK_KIND_LOCK_HELD: another cooperating writer has the lock
 * @QK_LOCK_KIND_ABSENT: a writer is between unlink and rename
 * @QK_LOCK_KIND_TORN: a writer is in the middle of the file
 * @QK_LOCK_KIND_CONFLICT: another writer saved in between; its version was merged
 * @QK_LOCK_KIND_OVERWRITE: another writer saved an old list over a change; that was put right
 */
typedef enum {
  QK_LOCK_KIND_ACCESS_DENIED,
  QK_LOCK_KIND_IN_USE,
  QK_LOCK_KIND_LOCK_HELD,
  QK_LOCK_KIND_ABSENT,
  QK_LOCK_KIND_TORN,
  QK_LOCK_KIND_CONFLICT,
  QK_LOCK_KIND_OVERWRITE,
} QkLockKind;
#define QK_N_LOCK_KINDS (QK_LOCK_KIND_OVERWRITE + 1)

/**
 * QkLockOutcome:
 * @QK_LOCK_OUTCOME_RETRY: it is tried again after the delay
 * @QK_LOCK_OUTCOME_GIVE_UP: it was the last attempt
 * @QK_LOCK_OUTCOME_MERGED: settled at once
 */
typedef enum {
  QK_LOCK_OUTCOME_RETRY,
  QK_LOCK_OUTCOME_GIVE_UP,
  QK_LOCK_OUTCOME_MERGED,
} QkLockOutcome;

/**
 * QkLockEvent:
 * @time: when, in microseconds since the Unix epoch
 * @operation: what was being done
 * @kind: what stood in the way
 * @code: the system's own error number (errno or WinError), 0 where there is none
 * @attempt: the attempt that failed, from 1
 * @attempts: how many there are in all
 * @delay: the wait until the next one, in microseconds
 * @outcome: what happens now
 * @winerror: whether @code is an error number of Windows, told by a program that ran there; else it is
 *   one of this system
 * @holder: (nullable): who held the file then; %NULL where nobody was looked for
 */
typedef struct {
  gint64 time;
  QkOperation operation;
  QkLockKind kind;
  int code;
  guint attempt;
  guint attempts;
  gint64 delay;
  QkLockOutcome outcome;
  gboolean winerror;
  QkHolder *holder; /* owned, nullable */
} QkLockEvent;

#define QK_TYPE_LOCK_EVENT (qk_lock_event_get_type ())

GType qk_lock_event_get_type (void) G_GNUC_CONST;
QkLockEvent *qk_lock_event_copy (const QkLockEvent *self);
void qk_lock_event_free (QkLockEvent *self);
const char *qk_lock_kind_get_name (QkLockKind kind);
const char *qk_lock_kind_get_label (QkLockKind kind);
char *qk_lock_event_dup_code (const QkLockEvent *self);
char *qk_lock_event_describe (const QkLockEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkLockEvent, qk_lock_event_free)

G_END_DECLS
