#pragma once

#include "qk-guard.h"

G_BEGIN_DECLS

/* A guard between threads: the writer's tells it what was saved, the main context asks it what is to
 * be put right.
 */

typedef struct _QkKeeper QkKeeper;

QkKeeper *qk_keeper_new (void);
void qk_keeper_free (QkKeeper *self);
void qk_keeper_set_settle (QkKeeper *self, gint64 settle);
gboolean qk_keeper_is_active (QkKeeper *self);
void qk_keeper_begin_save (QkKeeper *self);
void qk_keeper_end_save (QkKeeper *self, GPtrArray *not_saved);
void qk_keeper_expect_plan (QkKeeper *self, QkPlan *plan, GPtrArray *changes);
void qk_keeper_expect_merged (QkKeeper *self, QkDocument *base, QkDocument *displaced);
gboolean qk_keeper_is_purged (QkKeeper *self, const char *id);
GPtrArray *qk_keeper_check (QkKeeper *self, QkDocument *document);
GPtrArray *qk_keeper_filter (QkKeeper *self, GPtrArray *repairs);
void qk_keeper_count_repairs (QkKeeper *self, GPtrArray *repairs);
guint qk_keeper_get_delay (QkKeeper *self, GPtrArray *repairs);
guint qk_keeper_get_n_items (QkKeeper *self);
guint qk_keeper_get_rest (QkKeeper *self);
QkGivenUp *qk_keeper_dup_given_up (QkKeeper *self);
void qk_keeper_resume (QkKeeper *self, gboolean at_once);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkKeeper, qk_keeper_free)

G_END_DECLS
