#pragma once

#include "qk-advice.h"
#include "qkctl-options.h"
#include "qkctl-session.h"

G_BEGIN_DECLS

/* A report of the session's queue, made on the spot, and judged by what the operator has set. */

QkReport *qkctl_report_make (QkctlSession *session, QkPeriod period);
void qkctl_report_set_up (QkctlSession *session, const QkctlOptions *options);
void qkctl_report_read_thresholds (QkThresholds *thresholds);
QkAssessment *qkctl_report_assess (QkctlSession *session,
                                   const QkReport *report,
                                   const QkThresholds *thresholds);

G_END_DECLS
