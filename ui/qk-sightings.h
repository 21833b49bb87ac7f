#pragma once

#include "qk-store.h"

G_BEGIN_DECLS

/* What this window saw of messages that changed while it looked: of each the last few states, and of
 * no more than a bounded number of messages. It forgets all when another store is shown. */

/**
 * QK_SIGHTINGS_MAX:
 *
 * Of so many messages it knows something; those that changed long ago are forgotten first.
 */
#define QK_SIGHTINGS_MAX 2000
/**
 * QK_SIGHTINGS_OF_EACH:
 *
 * So many of the latest changes of each it knows.
 */
#define QK_SIGHTINGS_OF_EACH 12

/**
 * QkSighting:
 * @time: when it was seen, in wall microseconds
 * @before: the status until then
 * @after: the status since
 * @attempts: how often its delivery had been tried
 *
 * A change of a message that was seen.
 */
typedef struct {
  gint64 time;
  QkStatus before;
  QkStatus after;
  guint attempts;
} QkSighting;

#define QK_TYPE_SIGHTINGS (qk_sightings_get_type ())
G_DECLARE_FINAL_TYPE (QkSightings, qk_sightings, QK, SIGHTINGS, GObject)

QkSightings *qk_sightings_new (void);
void qk_sightings_set_store (QkSightings *self, QkStore *store);
const QkSighting *qk_sightings_get (QkSightings *self, const char *id, guint *n_sightings);
guint qk_sightings_get_size (QkSightings *self);

G_END_DECLS
