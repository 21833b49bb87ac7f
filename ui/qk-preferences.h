#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The settings, to be changed: at once, and for all windows. */

#define QK_TYPE_PREFERENCES (qk_preferences_get_type ())
G_DECLARE_FINAL_TYPE (QkPreferences, qk_preferences, QK, PREFERENCES, AdwPreferencesWindow)

GtkWidget *qk_preferences_new (GtkWindow *parent);

G_END_DECLS
