#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What became of a set of changes. */

/**
 * QkSkip:
 * @id: the entry that was left as it is
 * @reason: why, for the operator
 */
typedef struct {
  char *id;
  char *reason;
} QkSkip;

/**
 * QkResult:
 * @changed: (element-type utf8): ids of the entries that were changed, added or purged
 * @skipped: (element-type QkSkip): what was left as it is
 * @attempts: how many attempts the save took, 0 where there was nothing to save
 * @waited: time spent waiting for others, in microseconds
 * @elapsed: time from its beginning to its end, in microseconds
 * @conflicts: how many versions of other writers were merged
 * @durable: whether the system confirmed that the change is on the disk
 * @settling: it was not waited for, for the sake of other writers, and follows when all has settled
 * @kept: (nullable): a file that holds a version of another writer which could not be merged, or only
 *   the pieces of which could: for the operator
 * @recovered: (nullable): what an interrupted save had left and what became of it, for the operator
 * @operation: its number in the journal, by which it can be undone; 0 where it cannot
 * @no_undo: (nullable): why it cannot be undone although the changes are saved, for the operator
 */
typedef struct {
  GPtrArray *changed;
  GPtrArray *skipped;
  guint attempts;
  gint64 waited;
  gint64 elapsed;
  guint conflicts;
  gboolean durable;
  gboolean settling;
  char *kept;      /* owned */
  char *recovered; /* owned */
  gint64 operation;
  char *no_undo; /* owned */
} QkResult;

#define QK_TYPE_RESULT (qk_result_get_type ())

GType qk_result_get_type (void) G_GNUC_CONST;
QkResult *qk_result_new (void);
QkResult *qk_result_copy (const QkResult *self);
void qk_result_free (QkResult *self);
void qk_result_take_changed (QkResult *self, char *id);
void qk_result_take_skipped (QkResult *self, char *id, char *reason);
void qk_result_take (QkResult *self, QkResult *part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkResult, qk_result_free)

G_END_DECLS
