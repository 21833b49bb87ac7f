#pragma once

#include "qk-entry.h"
#include "qk-history.h"
#include "qk-sightings.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What happened to a message and when, the latest first: what its own fields say, what the history
 * knows that was done to it, and what this window saw. Each line says where it is from.
 *
 * The history is asked beside the main loop; ::loaded tells when it has answered. */

#define QK_TYPE_DETAIL_TIMELINE (qk_detail_timeline_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailTimeline, qk_detail_timeline, QK, DETAIL_TIMELINE, AdwBin)

void qk_detail_timeline_set_sources (QkDetailTimeline *self,
                                     QkHistory *history,
                                     QkSightings *sightings,
                                     const char *queue);
void qk_detail_timeline_show (QkDetailTimeline *self, const QkEntry *entry, gboolean same);
void qk_detail_timeline_update (QkDetailTimeline *self);
char *qk_detail_timeline_describe_removal (QkDetailTimeline *self);

G_END_DECLS
