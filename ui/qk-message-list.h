#pragma once

#include "qk-message-index.h"
#include "qk-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The messages of a store that are to be shown, in the order in which they are to be shown: a
 * GListModel of QkMessage.
 *
 * It follows the store. A message that changed in place tells it through its own ::changed; only
 * where rows come, go or move is ::items-changed emitted, for as few rows as possible, so that
 * scroll position and focus stay. What is looked for in the bytes of messages is looked for beside the
 * main loop, and there many are put in order: until it is done, the list stays as it was, and
 * :searching is true. When messages change, only those that did are looked at anew.
 *
 * For a view, changes that touch many rows with widgets come a few rows at a time: see
 * qk_message_list_set_paced(). What is selected, found and counted is what will be listed then.
 * ::settled is emitted after every change of the list, when all of its rows are in place.
 */

/**
 * QK_PRIORITY_STEP:
 *
 * Of what is done to rows with widgets a few at a time: after input and drawing, for which GTK takes
 * G_PRIORITY_HIGH_IDLE + 20.
 */
#define QK_PRIORITY_STEP (G_PRIORITY_HIGH_IDLE + 30)

#define QK_TYPE_MESSAGE_LIST (qk_message_list_get_type ())
G_DECLARE_FINAL_TYPE (QkMessageList, qk_message_list, QK, MESSAGE_LIST, GObject)

QkMessageList *qk_message_list_new (void);
void qk_message_list_set_store (QkMessageList *self, QkStore *store);
void qk_message_list_set_agent (QkMessageList *self, const char *agent);
void qk_message_list_set_focus (QkMessageList *self, QkFocus focus);
void qk_message_list_set_hide_delivered (QkMessageList *self, gboolean hide_delivered);
void qk_message_list_set_find (QkMessageList *self, QkFilter *find);
gboolean qk_message_list_get_searching (QkMessageList *self);
void qk_message_list_set_sort (QkMessageList *self, QkSortKey key, gboolean descending);
void qk_message_list_set_held (QkMessageList *self, gboolean held);
gboolean qk_message_list_get_held (QkMessageList *self, guint *n_changes);
gboolean qk_message_list_get_seen (QkMessageList *self, guint position);
void qk_message_list_set_paced (QkMessageList *self, gboolean paced);
gboolean qk_message_list_update_time (QkMessageList *self, gint64 now);
const QkMessageFilter *qk_message_list_get_filter (QkMessageList *self);
guint qk_message_list_get_n_listed (QkMessageList *self);
gboolean qk_message_list_get_answered (QkMessageList *self);
guint qk_message_list_get_total (QkMessageList *self);
gboolean qk_message_list_find (QkMessageList *self, QkMessage *message, guint *position);
gboolean qk_message_list_get_selected (QkMessageList *self, guint position);
gboolean qk_message_list_set_selected (QkMessageList *self, guint position, gboolean selected);
void qk_message_list_select_all (QkMessageList *self, gboolean selected);
guint qk_message_list_get_n_selected (QkMessageList *self);
GArray *qk_message_list_dup_selected (QkMessageList *self, QkDocument **document);
QkMessage *qk_message_list_get_row (QkMessageList *self, guint item);

G_END_DECLS
