#pragma once

#include "qk-advice.h"

G_BEGIN_DECLS

/* A report and its assessment, written in the formats that others read.
 *
 * All formats say the same numbers, and of which queue, time and source they are. What came out of files
 * is revealed where people read it (text, CSV, HTML, the labels of metrics) and escaped as the format
 * wants it; JSON has it as it stood there. Numbers are written with a point, whatever the language.
 *
 * CSV is one table, of RFC 4180: each row says what it is of (`record`), and has what belongs to it. A
 * cell of text that a spreadsheet would take for a formula gets an apostrophe in front.
 *
 * Metrics are counters as far as the report reaches back to the beginning, and gauges where it is that
 * of the last hour, day or week: those go down as well. OpenMetrics and the older format of Prometheus
 * have the same samples; they differ in how a counter is declared.
 *
 * The swarm's own format has no conflicts, overwrites, agents or depth. Its list of successes is what
 * the events tell (see #QkRecordedSave), its summary counts all.
 */

/**
 * QkExportFormat:
 * @QK_EXPORT_TEXT: for people
 * @QK_EXPORT_CSV: for spreadsheets
 * @QK_EXPORT_JSON: for programs; described by docs/stats.schema.json
 * @QK_EXPORT_OPENMETRICS: for Prometheus and others
 * @QK_EXPORT_PROMETHEUS: for the textfile collector of Prometheus' node exporter
 * @QK_EXPORT_HTML: a page to print or to send, with charts, complete in itself
 * @QK_EXPORT_SWARM: `file_locking_metrics.json`, for the swarm's own report tool
 *
 * How a report is written.
 */
typedef enum {
  QK_EXPORT_TEXT,
  QK_EXPORT_CSV,
  QK_EXPORT_JSON,
  QK_EXPORT_OPENMETRICS,
  QK_EXPORT_PROMETHEUS,
  QK_EXPORT_HTML,
  QK_EXPORT_SWARM,
} QkExportFormat;
#define QK_N_EXPORT_FORMATS (QK_EXPORT_SWARM + 1)

/**
 * QK_EXPORT_MAX_AGENTS:
 *
 * Metrics of so many recipients; those beyond are left out, and counted.
 */
#define QK_EXPORT_MAX_AGENTS 200

GBytes *qk_export_report (const QkReport *report,
                          const QkAssessment *assessment,
                          QkExportFormat format);
char **qk_export_list_guarded (const char *queue, const QkReport *report);
gboolean qk_export_save (GBytes *bytes,
                         const char *path,
                         const char *const *guarded,
                         GError **error);

gboolean qk_export_format_parse (const char *name, QkExportFormat *format);
const char *qk_export_format_get_name (QkExportFormat format);
const char *qk_export_format_get_label (QkExportFormat format);
const char *qk_export_format_get_extension (QkExportFormat format);
const char *qk_export_format_get_content_type (QkExportFormat format);

G_END_DECLS
