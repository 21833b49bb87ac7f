#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells that a file may have changed.
 *
 * What is watched is the folder, since writers replace the file. Events are no more than hints: they
 * come in bursts, late, or not at all (network file systems), so they are merged into one call of
 * ::changed, and a slow poll makes up for those that are missing. Whoever listens looks for himself.
 */

/**
 * QK_WATCH_POLL_DEFAULT:
 *
 * How often the slow poll is, in microseconds.
 */
#define QK_WATCH_POLL_DEFAULT (2 * G_TIME_SPAN_SECOND)

#define QK_TYPE_WATCH (qk_watch_get_type ())
G_DECLARE_FINAL_TYPE (QkWatch, qk_watch, QK, WATCH, GObject)

QkWatch *qk_watch_new (const char *path);
void qk_watch_renew (QkWatch *self);
void qk_watch_set_poll (QkWatch *self, gint64 interval);

G_END_DECLS
