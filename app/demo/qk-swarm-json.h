#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON text as the swarm's own writers print it: numbers in their shortest spelling, no escapes
 * beyond ASCII, compact separators. (JsonGenerator would print 0.8 as 0.80000000000000004.)
 */

void qk_swarm_json_append (GString *json, JsonNode *node, gboolean indent, guint level);

G_END_DECLS
