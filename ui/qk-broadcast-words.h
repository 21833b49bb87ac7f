#pragma once

#include "qk-broadcast.h"

G_BEGIN_DECLS

/* The words in which the window speaks of broadcasts. Everything that comes from the queue is safe
 * to be shown, as text. */

char *qk_broadcast_words_cell (const QkBroadcastCell *cell, gint64 now);
char *qk_broadcast_words_cell_long (const char *agent, const QkBroadcastCell *cell, gint64 now);
const char *qk_broadcast_words_class (QkReach reach);
char *qk_broadcast_words_coverage (const QkBroadcast *broadcast);
const char *qk_broadcast_words_coverage_class (const QkBroadcast *broadcast);
char *qk_broadcast_words_summary (const QkBroadcasts *broadcasts, const QkBroadcast *broadcast);
char *qk_broadcast_words_resend (const QkBroadcast *broadcast);

G_END_DECLS
