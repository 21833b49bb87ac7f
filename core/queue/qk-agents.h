#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean qk_agent_is_known (const char *name);
gboolean qk_agent_is_swarm_member (const char *name);
int qk_agent_compare (const char *a, const char *b);
char **qk_agents_parse_config (const char *json, gssize length, GError **error);
char **qk_agents_dup_default (void);

G_END_DECLS
