#pragma once

#include "qk-column-set.h"
#include "qk-detail-pane.h"
#include "qk-facet.h"
#include "qk-health.h"
#include "qk-list-hold.h"
#include "qk-message-selection.h"
#include "qk-query.h"
#include "qk-saved-filters.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page of messages: whose they are, the counters, the list, and the selected one in full. Wide,
 * all of it stands side by side; narrower, the sidebar slides over the list; at 900 pixels and
 * below, the message becomes a page of its own.
 *
 * What is done to the selected messages are the window's actions. */

#define QK_TYPE_MESSAGES_PAGE (qk_messages_page_get_type ())
G_DECLARE_FINAL_TYPE (QkMessagesPage, qk_messages_page, QK, MESSAGES_PAGE, AdwBin)

void qk_messages_page_set_store (QkMessagesPage *self, QkStore *store);
void qk_messages_page_set_health (QkMessagesPage *self, QkHealth *health);
void qk_messages_page_set_history (QkMessagesPage *self, QkHistory *history);
QkDetailPane *qk_messages_page_get_detail (QkMessagesPage *self);
void qk_messages_page_step_pane (QkMessagesPage *self, int step);
QkMessageList *qk_messages_page_get_list (QkMessagesPage *self);
QkMessageSelection *qk_messages_page_get_selection (QkMessagesPage *self);
QkSavedFilters *qk_messages_page_get_saved_filters (QkMessagesPage *self);
QkQuery *qk_messages_page_dup_query (QkMessagesPage *self);
void qk_messages_page_show_query (QkMessagesPage *self, QkQuery *query);
QkListHold *qk_messages_page_get_hold (QkMessagesPage *self);
QkColumnSet *qk_messages_page_get_columns (QkMessagesPage *self);
void qk_messages_page_select_all (QkMessagesPage *self);
void qk_messages_page_show (QkMessagesPage *self, const char *agent, QkFocus focus);
void qk_messages_page_show_all (QkMessagesPage *self);
void qk_messages_page_show_found (QkMessagesPage *self, QkFilter *filter);
gboolean qk_messages_page_show_message (QkMessagesPage *self, const char *id);
void qk_messages_page_find (QkMessagesPage *self);
void qk_messages_page_add_filter (QkMessagesPage *self);
void qk_messages_page_read (QkMessagesPage *self);
void qk_messages_page_go_back (QkMessagesPage *self);
void qk_messages_page_take_focus (QkMessagesPage *self);

G_END_DECLS
