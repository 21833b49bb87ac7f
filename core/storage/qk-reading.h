#pragma once

#include "platform/qk-holders.h"
#include "qk-store.h"
#include "qk-snapshot.h"

G_BEGIN_DECLS

/* One look at the file, made in a worker thread: what is there, and what that means. */

/**
 * QkReadingState:
 * @QK_READING_SAME: nothing has changed since the look before
 * @QK_READING_WHOLE: there is a version
 * @QK_READING_ABSENT: there is no file
 * @QK_READING_TORN: it is empty or not a queue
 * @QK_READING_REFUSED: the system refuses to read it, or it is no file, or too large
 */
typedef enum {
  QK_READING_SAME,
  QK_READING_WHOLE,
  QK_READING_ABSENT,
  QK_READING_TORN,
  QK_READING_REFUSED,
} QkReadingState;

/**
 * QkReading:
 * @path: (owned): the file
 * @previous: (owned) (nullable): the version before
 * @previous_stamp: its stamp; all 0 where there is none
 * @holders: (nullable): whom to ask who stands in the way, if anybody does; %NULL not to ask
 * @state: what was found
 * @code: the system's error number, or one of #QkSnapshot's
 * @obstructed: whether something stood in the way that may be gone at the next look
 * @kind: what, if so
 * @holder: (owned) (nullable): who did, where that was asked
 * @stamp: of what was found
 * @age: how long ago the file was last written, in microseconds
 * @document: (owned) (nullable): the version
 * @diff: (owned) (nullable): between the version before and this one
 * @problem: (owned) (nullable): what is wrong with it
 * @agents: (owned) (nullable): the active agents, where a file that lists them was found; empty where
 *   it cannot be used
 * @found_agents: (owned) (nullable): those that the version tells of
 */
typedef struct {
  const QkPlatform *platform;
  char *path;
  QkDocument *previous;
  QkFileStamp previous_stamp;
  const QkHolders *holders;

  QkReadingState state;
  int code;
  gboolean obstructed;
  QkLockKind kind;
  QkHolder *holder;
  QkFileStamp stamp;
  gint64 age;
  QkDocument *document;
  QkDiff *diff;
  char *problem;
  char **agents;
  char **found_agents;
} QkReading;

QkReading *qk_reading_new (const QkPlatform *platform,
                           const char *path,
                           QkDocument *previous,
                           const QkFileStamp *previous_stamp);
void qk_reading_free (QkReading *self);
void qk_reading_run (QkReading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkReading, qk_reading_free)

G_END_DECLS
