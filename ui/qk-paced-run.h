#pragma once

#include "qk-pacer.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* Changes that are brought to a store at most so many a second: see QkPacer.
 *
 * Each set is a save of its own, made of what then stands in the queue, so what has moved on in the
 * meantime is skipped. A set that cannot be saved is not lost: the run pauses, says why, and tries it
 * again when it is resumed. Whenever it is cancelled, what was sent is sent, and nothing else.
 *
 * ::changed is emitted whenever it reads differently, ::ended once, when nothing more will come. */

#define QK_TYPE_PACED_RUN (qk_paced_run_get_type ())
G_DECLARE_FINAL_TYPE (QkPacedRun, qk_paced_run, QK, PACED_RUN, GObject)

QkPacedRun *qk_paced_run_new (QkStore *store,
                              QkChangeKind kind,
                              GPtrArray *changes,
                              const QkResult *left,
                              guint per_second);
void qk_paced_run_start (QkPacedRun *self);
void qk_paced_run_turn (QkPacedRun *self, gint64 now);
void qk_paced_run_set_paused (QkPacedRun *self, gboolean paused);
gboolean qk_paced_run_get_paused (QkPacedRun *self);
void qk_paced_run_cancel (QkPacedRun *self);
gboolean qk_paced_run_is_over (QkPacedRun *self);
QkChangeKind qk_paced_run_get_kind (QkPacedRun *self);
guint qk_paced_run_get_n_total (QkPacedRun *self);
guint qk_paced_run_get_n_done (QkPacedRun *self);
guint qk_paced_run_get_per_second (QkPacedRun *self);
gint64 qk_paced_run_get_rest (QkPacedRun *self);
const GError *qk_paced_run_get_problem (QkPacedRun *self);
const QkResult *qk_paced_run_get_result (QkPacedRun *self);
gboolean qk_paced_run_has_operation (QkPacedRun *self, gint64 operation);

G_END_DECLS
