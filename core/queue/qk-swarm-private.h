#pragma once

#include "qk-swarm.h"

G_BEGIN_DECLS

GPtrArray *qk_swarm_find_repeats (QkDocument *document);

G_END_DECLS
