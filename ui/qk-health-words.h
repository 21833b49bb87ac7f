#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* The words in which the Lock health page speaks. What comes out of files is safe to be shown, as text. */

const char *qk_health_words_kind (QkLockKind kind);
char *qk_health_words_kind_with_code (const QkReportEvent *event);
char *qk_health_words_time (gint64 time);
char *qk_health_words_what (const QkReportEvent *event);
char *qk_health_words_delay (const QkReportEvent *event);
char *qk_health_words_holder (const QkReportEvent *event);
char *qk_health_words_source (const QkReportEvent *event);
char *qk_health_words_event (const QkReportEvent *event);
char *qk_health_words_width (gint64 width);
char *qk_health_words_quiet (QkPeriod period);

G_END_DECLS
