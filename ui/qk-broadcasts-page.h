#pragma once

#include "qk-broadcast-item.h"
#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page of broadcasts: a matrix of what was sent to everybody and whom it reached, and what can
 * be done for those that missed it.
 *
 * The broadcasts are followed only while the page is seen. Resending is the window's action. */

#define QK_TYPE_BROADCASTS_PAGE (qk_broadcasts_page_get_type ())
G_DECLARE_FINAL_TYPE (QkBroadcastsPage, qk_broadcasts_page, QK, BROADCASTS_PAGE, AdwBin)

void qk_broadcasts_page_set_store (QkBroadcastsPage *self, QkStore *store);
void qk_broadcasts_page_select (QkBroadcastsPage *self, const char *id);
QkBroadcastItem *qk_broadcasts_page_get_selected (QkBroadcastsPage *self);
GListModel *qk_broadcasts_page_get_model (QkBroadcastsPage *self);
void qk_broadcasts_page_take_focus (QkBroadcastsPage *self);

G_END_DECLS
