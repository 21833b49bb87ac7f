#pragma once

#include "qk-salvage.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One file in the list of those from which a damaged queue is salvaged: its name, what is in it, and
 * what is wrong with it. */

GtkWidget *qk_salvage_source_row_new (const QkSalvage *salvage, guint source);

G_END_DECLS
