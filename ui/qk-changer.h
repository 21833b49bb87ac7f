#pragma once

#include "qk-broadcast.h"
#include "qk-history.h"
#include "qk-journal.h"
#include "qk-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Brings the operator's changes to a store and tells what became of them.
 *
 * Changes are made from the messages as the operator saw them when the action was chosen; for a
 * purge that is when the question was asked, not when it was answered. ::arrived is emitted for
 * each set of changes, with a line for the operator. What is changed is kept in the history of all
 * programs of this user, from where it can be undone. */

#define QK_TYPE_CHANGER (qk_changer_get_type ())
G_DECLARE_FINAL_TYPE (QkChanger, qk_changer, QK, CHANGER, GObject)

QkChanger *qk_changer_new (void);
void qk_changer_resend (QkChanger *self, QkStore *store, GPtrArray *messages);
void qk_changer_fix (QkChanger *self, QkStore *store, GPtrArray *messages);
void qk_changer_rebroadcast (QkChanger *self,
                             QkStore *store,
                             QkBroadcasts *broadcasts,
                             guint index);
GtkWidget *qk_changer_ask_purge (QkChanger *self,
                                 QkStore *store,
                                 GPtrArray *messages,
                                 GtkWindow *parent);
void qk_changer_apply (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes);
void qk_changer_undo (QkChanger *self, QkStore *store, gint64 operation);
void qk_changer_set_retention (QkChanger *self, guint days);
QkHistory *qk_changer_get_history (QkChanger *self);
QkJournal *qk_changer_get_journal (QkChanger *self);
guint qk_changer_get_n_pending (QkChanger *self);

G_END_DECLS
