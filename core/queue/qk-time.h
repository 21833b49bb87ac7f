#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Wall time.
 *
 * The queue's writers stamp entries with naive local time ("2026-01-08T19:07:55.818905"). All
 * time stamps of this program that are compared with those are therefore *wall microseconds*: the
 * date and time on the clock on the wall, counted in microseconds as if it were UTC. The
 * difference of two of them is what the swarm's own `datetime.now() - created_at` gives, a jump of
 * summer time included.
 */

/**
 * QK_WALL_NONE:
 *
 * No time is given, or the given text is not a time.
 */
#define QK_WALL_NONE G_MININT64

gint64 qk_wall_now (void);
gint64 qk_wall_from_unix (gint64 unix_usec);
gint64 qk_wall_to_unix (gint64 wall_usec);
gint64 qk_wall_parse (const char *text, gsize length, gboolean *has_offset);
char *qk_wall_format (gint64 wall_usec);
char *qk_wall_format_short (gint64 wall_usec, gint64 now_usec);
char *qk_duration_format (gint64 usec);

G_END_DECLS
