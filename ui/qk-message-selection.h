#pragma once

#include "qk-message-list.h"
#include "qk-pick.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Which messages of a list are selected: a GtkSelectionModel over a QkMessageList.
 *
 * The list knows of each message whether it is selected, so a message stays selected wherever a reload moves it. One that is
 * no longer in the list, because it left the queue or the filter hides it, is selected no more: an
 * action never reaches what the operator does not see. ::settled is emitted when the selected
 * messages or what they say may have changed.
 */

#define QK_TYPE_MESSAGE_SELECTION (qk_message_selection_get_type ())
G_DECLARE_FINAL_TYPE (QkMessageSelection, qk_message_selection, QK, MESSAGE_SELECTION, GObject)

QkMessageSelection *qk_message_selection_new (QkMessageList *list);
guint qk_message_selection_get_size (QkMessageSelection *self);
gboolean qk_message_selection_has_all (QkMessageSelection *self);
QkMessage *qk_message_selection_dup_single (QkMessageSelection *self);
QkPick *qk_message_selection_dup_pick (QkMessageSelection *self);

G_END_DECLS
