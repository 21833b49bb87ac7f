#pragma once

#include "qk-slices.h"

G_BEGIN_DECLS

/* How a report is filled by who makes it: first its time, then what happened in it. */

/**
 * QK_REPORT_MAX_DAYS:
 *
 * For how long figures are kept, and how far back a report reaches.
 */
#define QK_REPORT_MAX_DAYS 3660

void qk_report_set_time (QkReport *self, QkPeriod period, gint64 first, gint64 now);
void qk_report_add_slice (QkReport *self, QkSource source, const QkSlice *slice);
QkBucket *qk_report_find_bucket (QkReport *self, gint64 time);
void qk_report_get_bounds (const QkReport *self, gint64 *first, gint64 *last);
void qk_report_take_event (QkReport *self, QkReportEvent *event);
void qk_report_count_holder (QkReport *self, const char *label, guint64 count);
void qk_report_add_problem (QkReport *self, const char *problem);
void qk_report_add_skipped (QkReport *self, const char *name, guint64 n);
void qk_report_sort (QkReport *self);

G_END_DECLS
