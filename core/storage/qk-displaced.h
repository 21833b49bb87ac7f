#pragma once

#include "qk-document.h"
#include "qk-snapshot.h"

G_BEGIN_DECLS

/* A version of the queue that one of ours has taken the place of.
 *
 * Two things may still be in it that are nowhere else. A writer that had opened it before the swap
 * writes into it after: so it is kept open and looked at for %QK_DISPLACED_WATCH_USEC. And a version
 * of another writer, which came out of the swap unseen, was merged, but what was merged can be
 * undone by a list that is older: so its file stays until that has settled, and is merged anew by
 * the next start if this process does not live that long.
 *
 * One thread at a time.
 */

/**
 * QK_DISPLACED_WATCH_USEC:
 *
 * For how long a late writer is waited for, in microseconds.
 */
#define QK_DISPLACED_WATCH_USEC (2 * G_TIME_SPAN_SECOND)

/**
 * QkDisplaced:
 * @snapshot: what it held when it was displaced; its handle is open
 * @document: that, as a document
 * @path: (nullable): the file that is kept until its messages have settled
 * @since: when it was displaced, monotonic, in microseconds
 */
typedef struct {
  const QkPlatform *platform; /* not owned */
  QkSnapshot snapshot;        /* owned */
  QkDocument *document;       /* owned */
  char *path;                 /* owned, nullable */
  gint64 since;
} QkDisplaced;

/**
 * QkDisplacedLook:
 * @QK_DISPLACED_SAME: nobody has written to it
 * @QK_DISPLACED_LATE: somebody has: @document is what it holds now
 * @QK_DISPLACED_TORN: somebody is writing, or has not finished
 */
typedef enum {
  QK_DISPLACED_SAME,
  QK_DISPLACED_LATE,
  QK_DISPLACED_TORN,
} QkDisplacedLook;

QkDisplaced *qk_displaced_new (const QkPlatform *platform,
                               QkSnapshot *snapshot,
                               QkDocument *document,
                               const char *path);
void qk_displaced_free (QkDisplaced *self);
QkDisplacedLook qk_displaced_look (QkDisplaced *self, QkDocument **before);
QkDocument *qk_displaced_take_pieces (QkDisplaced *self);
void qk_displaced_remove (QkDisplaced *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDisplaced, qk_displaced_free)

G_END_DECLS
