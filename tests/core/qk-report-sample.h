#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* Reports made by hand, whose every number is known. */

/* 2026-01-08 12:00:00 UTC */
#define QK_SAMPLE_NOW (G_GINT64_CONSTANT (1767873600) * G_USEC_PER_SEC)

QkReportEvent *qk_sample_add_event (QkReport *report,
                                    QkSource source,
                                    gint64 pid,
                                    gint64 time,
                                    QkLockKind kind,
                                    guint attempt,
                                    gint64 delay,
                                    QkLockOutcome outcome);
void qk_sample_add_save (QkReport *report,
                         gint64 pid,
                         gint64 start,
                         guint failed,
                         gboolean given_up);
QkReport *qk_sample_report_new (void);

G_END_DECLS
