#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* Saves that met an obstacle, put together from the events of a report.
 *
 * A save is a row of events of one process, of its attempts 1, 2, 3 ... that failed. Where the last
 * one was not told to be given up, the save is taken to have succeeded at the next attempt: a success
 * is no event. When the obstacle went is not known, only that it was there at the last attempt that
 * failed, and not there any more at the next one.
 */

/**
 * QkRecordedSave:
 * @source: who counted it
 * @pid: the process, 0 where that is not known
 * @start: its first attempt, in microseconds since the Unix epoch
 * @failed: attempts that failed, at least 1
 * @waited: the delays after them, in microseconds
 * @lasted: the obstacle was still there so long after @start, in microseconds
 * @gone: the obstacle was gone so long after @start, in microseconds; %G_MAXINT64 where the save was
 *   given up
 *
 * A save that did not succeed at once.
 */
typedef struct {
  QkSource source;
  gint64 pid;
  gint64 start;
  guint failed;
  gint64 waited;
  gint64 lasted;
  gint64 gone;
} QkRecordedSave;

GArray *qk_recorded_saves_collect (const QkReport *report, guint *n_incomplete);
gboolean qk_recorded_save_was_given_up (const QkRecordedSave *self);

G_END_DECLS
