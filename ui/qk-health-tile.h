#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A figure of the Lock health page: the number, what it is, and how it went. */

#define QK_TYPE_HEALTH_TILE (qk_health_tile_get_type ())
G_DECLARE_FINAL_TYPE (QkHealthTile, qk_health_tile, QK, HEALTH_TILE, AdwBin)

GtkWidget *qk_health_tile_new (const char *caption);
void qk_health_tile_set_value (QkHealthTile *self,
                               const char *value,
                               gboolean alert,
                               const char *explanation);
void qk_health_tile_set_course (QkHealthTile *self, const double *values, guint n_values);
const char *qk_health_tile_get_value (QkHealthTile *self);
const char *qk_health_tile_get_caption (QkHealthTile *self);

G_END_DECLS
