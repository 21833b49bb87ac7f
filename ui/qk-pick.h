#pragma once

#include "qk-change.h"
#include "qk-document.h"

G_BEGIN_DECLS

/* What the operator has chosen: some entries of one version of the queue.
 *
 * Cheap to make however many they are, and immutable: what is to be known of a hundred thousand
 * messages is found out in a worker thread while the queue goes on. */

typedef struct _QkPick QkPick;

QkPick *qk_pick_new (QkDocument *document, GArray *indexes);
QkPick *qk_pick_new_all (QkDocument *document);
QkPick *qk_pick_ref (QkPick *self);
void qk_pick_unref (QkPick *self);
QkDocument *qk_pick_get_document (const QkPick *self);
guint qk_pick_get_n_entries (const QkPick *self);
const QkEntry *qk_pick_get_entry (const QkPick *self, guint position);
GPtrArray *qk_pick_make_changes (const QkPick *self, QkChangeKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkPick, qk_pick_unref)

G_END_DECLS
