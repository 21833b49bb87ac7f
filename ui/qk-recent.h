#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The queues that were opened lately, in the desktop's own list of recent files: so what the operator
 * clears there is forgotten here, too. */

/**
 * QK_RECENT_MAX:
 *
 * How many are offered.
 */
#define QK_RECENT_MAX 8

void qk_recent_add (GtkRecentManager *manager, const char *location);
char **qk_recent_dup (GtkRecentManager *manager);
char *qk_recent_shorten (const char *path);

G_END_DECLS
