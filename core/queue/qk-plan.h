#pragma once

#include "qk-change.h"
#include "qk-document.h"

G_BEGIN_DECLS

/* What a set of changes makes of one version of the queue: the text of the next one, as pieces of
 * the old and of the new, and what becomes of each change.
 *
 * A plan is made anew whenever another writer's version turns up; a change that finds itself done
 * already says so, and nothing is done twice.
 */

/**
 * QkVerdict:
 * @QK_VERDICT_CHANGED: the next version has it
 * @QK_VERDICT_IN_EFFECT: this version has it already
 * @QK_VERDICT_SKIPPED: it no longer fits, with the reason
 */
typedef enum {
  QK_VERDICT_CHANGED,
  QK_VERDICT_IN_EFFECT,
  QK_VERDICT_SKIPPED,
} QkVerdict;

/**
 * QkSegment:
 * @data: the bytes
 * @size: how many
 */
typedef struct {
  const char *data;
  gsize size;
} QkSegment;

/**
 * QkEffect:
 * @before: (nullable): the entry that is changed or taken out
 * @after: (nullable): its new text, or that of a new entry
 * @previous: (nullable): the nearest entry before it that has an id
 * @at_end: it is added at the end
 *
 * What a change does to the queue. Lives as long as the plan.
 */
typedef struct {
  const QkEntry *before;
  const char *after;
  const QkEntry *previous;
  gboolean at_end;
} QkEffect;

typedef struct _QkPlan QkPlan;

QkPlan *qk_plan_new (QkDocument *document, GPtrArray *changes, gint64 now);
void qk_plan_free (QkPlan *self);
gboolean qk_plan_changes_anything (const QkPlan *self);
const QkSegment *qk_plan_get_segments (const QkPlan *self, guint *n_segments);
guint qk_plan_get_n_changes (const QkPlan *self);
QkVerdict qk_plan_get_verdict (const QkPlan *self, guint change, const char **reason);
QkEffect qk_plan_get_effect (const QkPlan *self, guint change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkPlan, qk_plan_free)

G_END_DECLS
