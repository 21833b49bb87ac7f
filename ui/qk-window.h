#pragma once

#include "qk-activity-page.h"
#include "qk-alerts.h"
#include "qk-broadcasts-page.h"
#include "qk-health-page.h"
#include "qk-messages-page.h"
#include "qk-session.h"
#include "qk-swarm-page.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A window on one queue: the pages, what is wrong with the queue, and the actions.
 *
 * All it knows of the queue comes from its QkStore. Changes are made from what the operator sees
 * when the action is chosen; what became of them is told in a toast. A window that is closed while
 * changes are on their way hides until they have arrived, and comes back if they did not. */

#define QK_TYPE_WINDOW (qk_window_get_type ())
G_DECLARE_FINAL_TYPE (QkWindow, qk_window, QK, WINDOW, AdwApplicationWindow)

GtkWidget *qk_window_new (GtkApplication *application);
void qk_window_open (QkWindow *self, const char *location);
QkWindow *qk_window_find (GtkApplication *application, const char *location);
QkSessionWindow *qk_window_dup_arrangement (QkWindow *self);
void qk_window_arrange (QkWindow *self, const QkSessionWindow *arrangement);
void qk_window_show_alert (QkWindow *self, QkAlertKind kind, const char *agent);
QkStore *qk_window_get_store (QkWindow *self);
QkHealth *qk_window_get_health (QkWindow *self);
QkMessagesPage *qk_window_get_messages_page (QkWindow *self);
QkActivityPage *qk_window_get_activity_page (QkWindow *self);
QkBroadcastsPage *qk_window_get_broadcasts_page (QkWindow *self);
QkHealthPage *qk_window_get_health_page (QkWindow *self);
void qk_window_export_health (QkWindow *self, const char *format, const char *path);
gboolean qk_window_has_page (QkWindow *self, const char *name);
QkSwarmPage *qk_window_get_swarm_page (QkWindow *self);
const char *qk_window_get_shown (QkWindow *self);

G_END_DECLS
