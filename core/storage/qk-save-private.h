#pragma once

#include "qk-displaced.h"
#include "qk-holder-look.h"
#include "qk-leftovers.h"
#include "qk-recorder.h"
#include "qk-writer.h"

G_BEGIN_DECLS

/* One save, in the parts of the writer: what it keeps in mind (qk-save.c), how it reads what stands
 * there (qk-save-read.c), how it swaps and looks at what came out (qk-save-swap.c). qk-writer.c puts
 * them together. */

/* How a step ended. */
typedef enum {
  QK_STEP_DONE,
  QK_STEP_AGAIN,     /* another version is there: read it */
  QK_STEP_CONTENDED, /* somebody stands in the way: the retry rule */
  QK_STEP_FAILED,    /* the error is set */
} QkStep;

typedef struct {
  const QkWriter *writer;
  GPtrArray *changes;        /* not owned */
  GCancellable *cancellable; /* not owned */
  GError **error;
  char *path; /* owned: with symbolic links followed */
  QkHandle lock;

  QkSnapshot stand;           /* what stands at path, as far as we know */
  QkDocument *stand_document; /* owned, nullable: that, as a document */
  QkDocument *document;       /* owned, nullable: what the next version is made of */
  QkDisplaced *merging; /* owned, nullable: the version of another writer that it is made of */
  char *unmerged;       /* owned, nullable: the file of that, until ours holds it */
  gboolean must_write;  /* document is not what stands there: write it whatever changes */
  QkFileStamp ours;     /* of the version of ours that was swapped in last */

  GPtrArray *messages; /* owned: changes that put back what came out of a swap, or was left over */
  guint n_leftover;    /* so many of them, the first ones, come from leftovers */
  QkLeftovers *leftovers; /* owned, nullable: not looked for yet */
  GPtrArray *torn;        /* owned, of QkDisplaced: pieces of which are among the messages */
  GPtrArray *displaced;   /* owned, of QkDisplaced: what is merged, until the save has ended */
  QkPlan *plan;           /* owned, nullable */
  gboolean *ever_changed; /* owned, one per change */
  QkRecorder recorder;    /* of what the journal is told */

  guint attempt;
  gint64 deadline; /* monotonic, in microseconds */
  QkLockKind obstacle;
  int obstacle_code;
  QkHolder *holder; /* owned, nullable: who stood in the way, as it was told last */
  QkResult *result; /* owned */
} QkSave;

/* Absent and torn last for milliseconds: the wait is short, and bounded for what will not end. */
#define QK_SAVE_LOOK_AGAIN_USEC (10 * G_TIME_SPAN_MILLISECOND)
#define QK_SAVE_PATIENCE_USEC   (2 * G_TIME_SPAN_SECOND)
#define QK_SAVE_POLL_USEC       (2 * G_TIME_SPAN_MILLISECOND)

QkStep qk_save_fail (QkSave *self, QkStoreError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
QkStep qk_save_fail_with_code (QkSave *self, int code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
QkStep qk_save_contended (QkSave *self, QkLockKind kind, int code);
void qk_save_tell (QkSave *self,
                   const char *path,
                   QkLockKind kind,
                   int code,
                   QkLockOutcome outcome,
                   gint64 delay);
void qk_save_count_conflict (QkSave *self);
gboolean qk_save_wait (QkSave *self, gint64 usec);
void qk_save_drop_stand (QkSave *self);
void qk_save_clear (QkSave *self);

QkStep qk_save_take_lock (QkSave *self);
QkStep qk_save_read_file (QkSave *self,
                          const char *path,
                          gboolean displaced,
                          QkSnapshot *snapshot,
                          QkDocument **document,
                          GError **problem);
QkStep qk_save_read_stand (QkSave *self);

QkStep qk_save_put_in_place (QkSave *self, gboolean look_first);
QkStep qk_save_put_back (QkSave *self);

G_END_DECLS
