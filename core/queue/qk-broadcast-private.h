#pragma once

#include "qk-broadcast.h"
#include "qk-change.h"

G_BEGIN_DECLS

struct _QkBroadcasts {
  gatomicrefcount refs;
  QkDocument *document; /* owned */
  GPtrArray *agents;    /* owned, element-type utf8, terminated by NULL */
  guint n_agents;
  GArray *list;  /* owned, element-type QkBroadcast */
  GArray *cells; /* owned, element-type QkBroadcastCell: n_agents for each of them */
};

void qk_broadcasts_find (QkBroadcasts *self);

G_END_DECLS
