#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* For tests that need a display: without one they are skipped, with the reason. */

gboolean qk_ui_test_init (int *argc, char ***argv);
int qk_ui_test_run (gboolean has_display);
void qk_ui_test_count (GtkWidget *root, GType type, guint *n);
GtkWidget *qk_ui_test_find (GtkWidget *root, GType type, const char *label);

G_END_DECLS
