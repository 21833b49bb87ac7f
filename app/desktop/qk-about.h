#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the program is, and what a report about it should hold; and its help. */

void qk_about_show (GtkWindow *parent);
void qk_about_show_help (GtkWindow *parent);

G_END_DECLS
