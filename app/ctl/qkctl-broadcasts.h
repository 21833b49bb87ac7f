#pragma once

#include "qk-broadcast.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* What the commands about broadcasts share. */

QkBroadcasts *qkctl_broadcasts_find (QkStore *store, char **more);
const char *qkctl_reach_get_name (QkReach reach);

G_END_DECLS
