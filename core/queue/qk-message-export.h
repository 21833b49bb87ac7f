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
 * QkExportFormat:
 * @QK_EXPORT_JSON: what can be imported again
 * @QK_EXPORT_CSV: for spreadsheets
 * @QK_EXPORT_MARKDOWN: to be read
 */
typedef enum {
  QK_EXPORT_JSON,
  QK_EXPORT_CSV,
  QK_EXPORT_MARKDOWN,
} QkExportFormat;
#define QK_N_EXPORT_FORMATS (QK_EXPORT_MARKDOWN + 1)

const char *qk_export_format_get_name (QkExportFormat format);
const char *qk_export_format_get_suffix (QkExportFormat format);
gboolean qk_export_format_parse (const char *name, QkExportFormat *format);
gboolean qk_export_format_guess (const char *path, QkExportFormat *format);

GBytes *qk_message_export (GPtrArray *entries, QkExportFormat format);

G_END_DECLS
