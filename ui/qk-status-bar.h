#pragma once

#include "qk-entry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A small bar: how the messages of an agent are divided among the statuses. Its numbers are in its
 * accessible label; whoever shows it may use that as a tooltip. */

#define QK_TYPE_STATUS_BAR (qk_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (QkStatusBar, qk_status_bar, QK, STATUS_BAR, GtkWidget)

gboolean qk_status_bar_set_counts (QkStatusBar *self, const guint counts[QK_N_STATUSES]);
char *qk_status_bar_dup_description (QkStatusBar *self);

G_END_DECLS
