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
 * main loop: until it is known, the list stays as it was, and :searching is true; when the messages
 * change, only those that did are looked at anew. ::settled is emitted after every change of the list, when all
 * of its rows are in place.
 */

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
gboolean qk_message_list_update_time (QkMessageList *self, gint64 now);
const QkMessageFilter *qk_message_list_get_filter (QkMessageList *self);
guint qk_message_list_get_total (QkMessageList *self);
QkMessage *qk_message_list_peek (QkMessageList *self, guint position);
gboolean qk_message_list_find (QkMessageList *self, QkMessage *message, guint *position);

G_END_DECLS
