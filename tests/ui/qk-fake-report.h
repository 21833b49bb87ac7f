#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* Reports made up for the Lock health page: the same ones for the same arguments. */

QkReport *qk_fake_report_new (QkPeriod period, gint64 now);
QkReport *qk_fake_report_quiet (QkPeriod period, gint64 now);
void qk_fake_report_add_event (QkReport *report,
                               gint64 time,
                               QkLockKind kind,
                               QkSource source,
                               guint attempt);
QkReport *qk_fake_report_week (QkPeriod period, gint64 now);

G_END_DECLS
