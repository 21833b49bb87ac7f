#pragma once

#include "qk-chart.h"
#include "qk-report.h"

G_BEGIN_DECLS

/* How the figures of a report went over time, in as many slices as can be told apart on the screen. */

#define QK_HEALTH_MAX_SLICES 200

GArray *qk_health_course_new (QkReport *report, guint max_slices);
void qk_health_course_show_errors (QkChart *chart, QkReport *report, GArray *course);
void qk_health_course_show_depth (QkChart *chart, QkReport *report, GArray *course);
void qk_health_course_show_saves (QkChart *chart, QkReport *report, GArray *course);

G_END_DECLS
