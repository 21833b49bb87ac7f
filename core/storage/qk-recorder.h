#pragma once

#include "qk-journal.h"
#include "qk-plan.h"
#include "qk-result.h"

G_BEGIN_DECLS

/* What one save tells the journal.
 *
 * A save may swap several versions, each made of another one. What it did to an entry is what the
 * last version that held the entry lost by it: a later plan that finds the change made keeps the
 * record of an earlier one, and a plan made of a version that was never in place counts for nothing.
 * The first thing that goes wrong with the journal is remembered and the rest of the save left to
 * itself.
 */

/**
 * QkRecorder:
 *
 * All of it is private.
 */
typedef struct {
  QkJournal *journal; /* not owned, nullable */
  const char *queue;  /* not owned */
  GPtrArray *changes; /* not owned */
  GPtrArray *swapped; /* owned, of nullable QkRecord, one per change: done by our versions so far */
  GPtrArray *planned; /* owned, of nullable QkRecord, one per change: with the version to come */
  GPtrArray
      *forgotten; /* owned, nullable, likewise: of the last version, which counts for nothing */
  gint64 operation;
  char *problem; /* owned, nullable */
  gboolean has_swapped;
} QkRecorder;

void qk_recorder_init (QkRecorder *self, QkJournal *journal, const char *queue, GPtrArray *changes);
void qk_recorder_clear (QkRecorder *self);
void qk_recorder_before_swap (QkRecorder *self, QkDocument *document, const QkPlan *plan);
void qk_recorder_after_swap (QkRecorder *self);
void qk_recorder_forget_swap (QkRecorder *self);
void qk_recorder_remember_swap (QkRecorder *self);
void qk_recorder_end (QkRecorder *self, gboolean done, QkResult *result);

G_END_DECLS
