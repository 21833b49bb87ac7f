#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* Messages as a text of their own, for other programs and for people.
 *
 *  - JSON: an array that is a queue again. Each entry is there byte for byte.
 *  - CSV: RFC 4180, a row of names first. A cell that a spreadsheet would take for a formula begins
 *    with an apostrophe.
 *  - Markdown: a section for each message. What comes from the queue stands in code spans and fences
 *    that nothing in it can end, so none of it is taken for markup.
 *
 * In CSV and Markdown, control characters and those that reorder or hide text are made visible. Pure.
 */

/**
 * QkMessageFormat:
 * @QK_MESSAGE_FORMAT_JSON: what can be imported again
 * @QK_MESSAGE_FORMAT_CSV: for spreadsheets
 * @QK_MESSAGE_FORMAT_MARKDOWN: to be read
 */
typedef enum {
  QK_MESSAGE_FORMAT_JSON,
  QK_MESSAGE_FORMAT_CSV,
  QK_MESSAGE_FORMAT_MARKDOWN,
} QkMessageFormat;
#define QK_N_MESSAGE_FORMATS (QK_MESSAGE_FORMAT_MARKDOWN + 1)

const char *qk_message_format_get_name (QkMessageFormat format);
const char *qk_message_format_get_suffix (QkMessageFormat format);
gboolean qk_message_format_parse (const char *name, QkMessageFormat *format);
gboolean qk_message_format_guess (const char *path, QkMessageFormat *format);

GBytes *qk_message_export (GPtrArray *entries, QkMessageFormat format);

G_END_DECLS
