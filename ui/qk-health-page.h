#pragma once

#include "qk-health.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page of lock health: what stood in the way of the queue, when, who it was, and what to change.
 * All of it shows one report. While the page is seen, it asks the health of its queue for a new one as
 * things happen, though not more often than can be read. Exporting is the window's action.
 *
 * Property "period" (string, of qk_period_get_name()): of which time. */

#define QK_TYPE_HEALTH_PAGE (qk_health_page_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthPage, qk_health_page, QK, HEALTH_PAGE, AdwBin)

void qk_health_page_set_health (QkHealthPage *self, QkHealth *health);
void qk_health_page_set_report (QkHealthPage *self, QkReport *report);
QkReport *qk_health_page_get_report (QkHealthPage *self);
void qk_health_page_set_period (QkHealthPage *self, QkPeriod period);
QkPeriod qk_health_page_get_period (QkHealthPage *self);
void qk_health_page_open_export_menu (QkHealthPage *self);
void qk_health_page_take_focus (QkHealthPage *self);

G_END_DECLS
