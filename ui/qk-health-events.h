#pragma once

#include "qk-health-event.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The events of the latest report that pass a filter, as a list model of QkHealthEvent, the newest
 * first. An event that was there before keeps its row, and only what changed is told to the view. */

/**
 * QK_HEALTH_ANY:
 *
 * A filter that lets every kind, or every source, pass.
 */
#define QK_HEALTH_ANY (-1)

#define QK_TYPE_HEALTH_EVENTS (qk_health_events_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthEvents, qk_health_events, QK, HEALTH_EVENTS, GObject)

QkHealthEvents *qk_health_events_new (void);
GListModel *qk_health_events_get_model (QkHealthEvents *self);
void qk_health_events_set_report (QkHealthEvents *self, QkReport *report);
void qk_health_events_set_filter (QkHealthEvents *self, int kind, int source, const char *words);
guint qk_health_events_get_total (QkHealthEvents *self);

G_END_DECLS
