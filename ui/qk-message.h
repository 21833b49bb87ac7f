#pragma once

#include "qk-document.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* One row of the message list: an entry of the queue that lasts over reloads.
 *
 * The list makes it when it is first asked for and keeps it as long as the entry is in the queue,
 * so a row is the same object in every version. ::changed is emitted when the entry's own bytes
 * changed: whoever shows the row reads it again.
 */

#define QK_TYPE_MESSAGE (qk_message_get_type ())
G_DECLARE_FINAL_TYPE (QkMessage, qk_message, QK, MESSAGE, GObject)

QkMessage *qk_message_new (QkDocument *document, guint index);
QkDocument *qk_message_get_document (QkMessage *self);
const QkEntry *qk_message_get_entry (QkMessage *self);
guint qk_message_get_index (QkMessage *self);
void qk_message_move (QkMessage *self, QkDocument *document, guint index);
void qk_message_emit_changed (QkMessage *self);
void qk_message_add_seen (QkMessage *self, int delta);
gboolean qk_message_get_seen (QkMessage *self);

G_END_DECLS
