#pragma once

#include "qk-history.h"
#include "qk-message.h"
#include "qk-search.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One message in full, in tabs: its content, its errors, what happened to it, all of its fields, its bytes.
 *
 * A FAILED message opens on its errors, any other on its content, until the operator chooses a tab: that
 * one is kept from message to message. When the message changes, what did not change of it stays where it
 * is; when it leaves the queue, its last version stays, and a line says so. Only the tab that is seen is
 * filled. */

#define QK_TYPE_DETAIL_PANE (qk_detail_pane_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailPane, qk_detail_pane, QK, DETAIL_PANE, AdwBin)

void qk_detail_pane_set_store (QkDetailPane *self, QkStore *store);
void qk_detail_pane_set_history (QkDetailPane *self, QkHistory *history);
void qk_detail_pane_set_marked (QkDetailPane *self, QkSearch *search);
void qk_detail_pane_set_message (QkDetailPane *self, QkMessage *message);
QkMessage *qk_detail_pane_get_message (QkDetailPane *self);
gboolean qk_detail_pane_let_go (QkDetailPane *self);
void qk_detail_pane_update (QkDetailPane *self);
void qk_detail_pane_show_tab (QkDetailPane *self, const char *name);
void qk_detail_pane_take_focus (QkDetailPane *self);

G_END_DECLS
