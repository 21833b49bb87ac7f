#pragma once

#include "qk-message.h"
#include "qk-search.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A cell of the message list: one column's view of a message. It reads its message again when that
 * changes, and when the view tells that time has passed. */

/**
 * QkColumn:
 *
 * The columns of the message list, as they follow one another at first. What they are called stands in
 * qk-columns.h.
 */
typedef enum {
  QK_COLUMN_STATUS,
  QK_COLUMN_PRIORITY,
  QK_COLUMN_RECIPIENT,
  QK_COLUMN_SENDER,
  QK_COLUMN_TYPE,
  QK_COLUMN_EXCERPT,
  QK_COLUMN_AGE,
  QK_COLUMN_TRIES,
  QK_COLUMN_TAGS,
  QK_COLUMN_CREATED,
  QK_COLUMN_UPDATED,
  QK_COLUMN_ID,
  QK_COLUMN_ERROR,
} QkColumn;
#define QK_N_COLUMNS (QK_COLUMN_ERROR + 1)

#define QK_TYPE_MESSAGE_CELL (qk_message_cell_get_type ())
G_DECLARE_FINAL_TYPE (QkMessageCell, qk_message_cell, QK, MESSAGE_CELL, GtkWidget)

GtkWidget *qk_message_cell_new (QkColumn column);
void qk_message_cell_set_message (QkMessageCell *self, QkMessage *message);
QkMessage *qk_message_cell_get_message (QkMessageCell *self);
gboolean qk_message_cell_set_search (QkMessageCell *self, QkSearch *search);
void qk_message_cell_update (QkMessageCell *self, gint64 now);
const char *qk_message_cell_get_text (QkMessageCell *self);
PangoAttrList *qk_message_cell_get_marks (QkMessageCell *self);
gboolean qk_message_cell_is_number (QkColumn column);
gboolean qk_message_cell_shows_search (QkMessageCell *self);
gboolean qk_message_cell_follows_time (QkMessageCell *self);

G_END_DECLS
