#pragma once

#include "qk-export.h"

G_BEGIN_DECLS

/* What the writers of the formats share. */

/**
 * QkMeasure:
 * @name: its name in JSON and CSV; where it is a time, its value there is in seconds
 * @label: its name for people, to be translated
 * @metric: its name as a metric, without prefix and suffix
 * @help: what it is, for whoever looks at the metric
 * @is_time: whether it is in microseconds
 * @is_most: whether it is the most of something, and no sum
 * @is_listed: whether of the swarm's it is known only for those that it still lists
 * @get: how it is had
 *
 * One number of #QkFigures.
 */
typedef struct {
  const char *name;
  const char *label;
  const char *metric;
  const char *help;
  gboolean is_time;
  gboolean is_most;
  gboolean is_listed;
  gint64 (*get) (const QkFigures *figures);
} QkMeasure;

const QkMeasure *qk_measures_get (guint *n);
const char *qk_operation_get_name (guint operation);
gboolean qk_agent_figures_have_times (const QkAgentFigures *self);
const char *qk_lock_outcome_get_name (QkLockOutcome outcome);

char *qk_export_describe_event (const QkReportEvent *event);
char *qk_export_reveal (const char *text);
char *qk_export_format_time (gint64 time);
char *qk_export_format_local_time (gint64 time);
void qk_export_append_seconds (GString *out, gint64 usec);
void qk_export_append_double (GString *out, double value);

/**
 * QkJsonWriter:
 *
 * Writes indented JSON; all of it is private. Names and texts are escaped. A number is written as it is
 * given, without the digits that a double does not have.
 */
typedef struct {
  GString *out; /* owned */
  guint depth;
  gboolean first;
} QkJsonWriter;

void qk_json_writer_init (QkJsonWriter *self);
GBytes *qk_json_writer_finish (QkJsonWriter *self);
void qk_json_writer_begin (QkJsonWriter *self, const char *name, char bracket);
void qk_json_writer_end (QkJsonWriter *self, char bracket);
void qk_json_writer_add_text (QkJsonWriter *self, const char *name, const char *text);
void qk_json_writer_add_number (QkJsonWriter *self, const char *name, gint64 number);
void qk_json_writer_add_seconds (QkJsonWriter *self, const char *name, gint64 usec);
void qk_json_writer_add_double (QkJsonWriter *self, const char *name, double number);
void qk_json_writer_add_literal (QkJsonWriter *self, const char *name, const char *json);

GBytes *qk_export_write_text (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_csv (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_json (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_openmetrics (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_prometheus (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_html (const QkReport *report, const QkAssessment *assessment);
GBytes *qk_export_write_swarm (const QkReport *report, const QkAssessment *assessment);
void qk_export_append_chart_of_errors (GString *out, const QkReport *report);
void qk_export_append_chart_of_depth (GString *out, const QkReport *report);
void qk_export_append_chart_of_attempts (GString *out, const QkReport *report);

G_END_DECLS
