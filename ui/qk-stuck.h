#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From when on the window calls a message stuck that is being processed: one time for the whole
 * process, as the settings are. Lists and counts ask for it each time they look, from any thread. */

guint qk_stuck_get_after_s (void);
void qk_stuck_set_after_s (guint seconds);

G_END_DECLS
