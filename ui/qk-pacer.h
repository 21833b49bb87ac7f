#pragma once

#include "qk-change.h"

G_BEGIN_DECLS

/* When which part of a long piece of work is to be done: at most n changes a second, in sets of n, a
 * second or more apart, and never two sets at a time.
 *
 * Knows no clock and no store: it is told the time, and gives away the set that is due. A set that
 * is given away is settled (done) or given back (to be tried anew); until then nothing else is due.
 * Time that was spent waiting is not made up for: the swarm that is catching up gets no burst. */

typedef struct _QkPacer QkPacer;

/**
 * QK_PACER_NEVER:
 *
 * Nothing becomes due by the mere passing of time.
 */
#define QK_PACER_NEVER (-1)

QkPacer *qk_pacer_new (GPtrArray *changes, guint per_second);
void qk_pacer_free (QkPacer *self);
GPtrArray *qk_pacer_take (QkPacer *self, gint64 now);
void qk_pacer_settle (QkPacer *self);
void qk_pacer_give_back (QkPacer *self);
gint64 qk_pacer_get_delay (const QkPacer *self, gint64 now);
gint64 qk_pacer_get_rest (const QkPacer *self);
void qk_pacer_set_paused (QkPacer *self, gboolean paused);
gboolean qk_pacer_get_paused (const QkPacer *self);
void qk_pacer_cancel (QkPacer *self);
gboolean qk_pacer_is_over (const QkPacer *self);
guint qk_pacer_get_n_settled (const QkPacer *self);
guint qk_pacer_get_n_left (const QkPacer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkPacer, qk_pacer_free)

G_END_DECLS
