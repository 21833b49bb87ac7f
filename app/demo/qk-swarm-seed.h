#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What stands in the queue of a swarm that has been at work for a while. */

JsonObject *qk_swarm_seed_entry (guint32 seed,
                                 guint index,
                                 guint n_entries,
                                 gint64 end,
                                 gsize min_length,
                                 gsize max_length);

G_END_DECLS
