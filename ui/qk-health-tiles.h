#pragma once

#include "qk-report.h"
#include "qk-thresholds.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The figures of a report as a row of tiles. Each says who counted it, and when. */

#define QK_TYPE_HEALTH_TILES (qk_health_tiles_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthTiles, qk_health_tiles, QK, HEALTH_TILES, GtkWidget)

void qk_health_tiles_set_report (QkHealthTiles *self,
                                 QkReport *report,
                                 const QkThresholds *thresholds);
const char *qk_health_tiles_get_value (QkHealthTiles *self, const char *caption);

G_END_DECLS
