#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How a figure went, as small bars beside it: an ornament, which a screen reader passes over. */

#define QK_TYPE_SPARKLINE (qk_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (QkSparkline, qk_sparkline, QK, SPARKLINE, GtkWidget)

void qk_sparkline_set_values (QkSparkline *self, const double *values, guint n_values);

G_END_DECLS
