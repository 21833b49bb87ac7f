#pragma once

#include "qk-report.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* A row of the event list: one event of a report. What it says never changes. It moves to the latest
 * report that holds its event, so that no other one is kept for it. */

#define QK_TYPE_HEALTH_EVENT (qk_health_event_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthEvent, qk_health_event, QK, HEALTH_EVENT, GObject)

QkHealthEvent *qk_health_event_new (QkReport *report, guint index, guint serial);
void qk_health_event_move (QkHealthEvent *self, QkReport *report, guint index);
guint qk_health_event_get_serial (QkHealthEvent *self);
const QkReportEvent *qk_health_event_get (QkHealthEvent *self);
const char *qk_health_event_get_folded (QkHealthEvent *self);
guint qk_health_event_hash (gconstpointer event);
gboolean qk_health_event_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
