#pragma once

#include "qk-health-events.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The list of events with its filters. It keeps its rows, the selected one and its place while reports
 * come in. */

#define QK_TYPE_HEALTH_EVENT_VIEW (qk_health_event_view_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthEventView, qk_health_event_view, QK, HEALTH_EVENT_VIEW, AdwBin)

void qk_health_event_view_set_report (QkHealthEventView *self, QkReport *report);
GtkSingleSelection *qk_health_event_view_get_selection (QkHealthEventView *self);
GtkAdjustment *qk_health_event_view_get_adjustment (QkHealthEventView *self);
void qk_health_event_view_set_filter (QkHealthEventView *self,
                                      int kind,
                                      int source,
                                      const char *words);
const char *qk_health_event_view_get_shown (QkHealthEventView *self);

G_END_DECLS
