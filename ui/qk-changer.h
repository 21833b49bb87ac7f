#pragma once

#include "qk-broadcast.h"
#include "qk-history.h"
#include "qk-journal.h"
#include "qk-paced-run.h"
#include "qk-pick.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Brings the operator's changes to a store and tells what became of them.
 *
 * A set of changes is one save: all of it or nothing. Resends may be paced instead; there is one such
 * run at a time. ::arrived is emitted for each set and each run, with a line for the operator,
 * ::progress whenever something is on its way that was not, or comes further. What is changed is kept
 * in the history of all programs of this user, from where it can be undone; what was one piece of
 * work is undone as one. */

#define QK_TYPE_CHANGER (qk_changer_get_type ())
G_DECLARE_FINAL_TYPE (QkChanger, qk_changer, QK, CHANGER, GObject)

QkChanger *qk_changer_new (void);
guint qk_changer_apply (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes);
void qk_changer_apply_kept (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes);
void qk_changer_resend_paced (QkChanger *self,
                              QkStore *store,
                              GPtrArray *changes,
                              const QkResult *left,
                              guint per_second);
QkPacedRun *qk_changer_get_run (QkChanger *self);
guint qk_changer_get_waiting (QkChanger *self, QkChangeKind *kind);
void qk_changer_cancel (QkChanger *self);
void qk_changer_hold (QkChanger *self);
void qk_changer_probe_history_async (QkChanger *self,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean qk_changer_probe_history_finish (GAsyncResult *result, GError **error);
const QkResult *qk_changer_get_latest (QkChanger *self);
guint qk_changer_get_latest_set (QkChanger *self);
void qk_changer_resend (QkChanger *self, QkStore *store, const QkPick *pick);
void qk_changer_fix (QkChanger *self, QkStore *store, const QkPick *pick);
void qk_changer_rebroadcast (QkChanger *self,
                             QkStore *store,
                             QkBroadcasts *broadcasts,
                             guint index);
void qk_changer_undo (QkChanger *self, QkStore *store, gint64 operation);
void qk_changer_set_retention (QkChanger *self, guint days);
QkHistory *qk_changer_get_history (QkChanger *self);
QkJournal *qk_changer_get_journal (QkChanger *self);
guint qk_changer_get_n_pending (QkChanger *self);

G_END_DECLS
