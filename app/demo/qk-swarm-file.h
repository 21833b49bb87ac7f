#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The queue file as the swarm's own, careless writers treat it: a list is loaded, changed, and
 * saved as a whole, whatever became of the file in between.
 */

GPtrArray *qk_swarm_file_load (const char *path, GError **error);
gboolean qk_swarm_file_save (const char *path, GPtrArray *entries, GError **error);

G_END_DECLS
