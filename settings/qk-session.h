#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which queues are open, and how their windows look: what the next start opens again.
 *
 * Kept in a file of its own, as text that GKeyFile reads. Windows that cannot be read are left out, so
 * that an old or damaged file never stands in the way of a start. */

/**
 * QK_SESSION_MAX_WINDOWS:
 *
 * How many windows are opened again at most.
 */
#define QK_SESSION_MAX_WINDOWS 16

/**
 * QkSessionWindow:
 * @location: (type filename): the path of the queue
 * @width: in pixels; 0 where it is not known
 * @height: likewise
 * @maximized: whether it fills the screen
 * @page: (nullable): the name of the page that is shown
 * @sidebar: whether the agents are shown
 * @hide_delivered: whether delivered messages are left out
 *
 * A window with a queue.
 */
typedef struct {
  char *location; /* owned */
  int width;
  int height;
  gboolean maximized;
  char *page; /* owned, nullable */
  gboolean sidebar;
  gboolean hide_delivered;
} QkSessionWindow;

QkSessionWindow *qk_session_window_new (const char *location);
void qk_session_window_free (QkSessionWindow *self);
GPtrArray *qk_session_parse (const char *text);
char *qk_session_format (GPtrArray *windows);
char *qk_session_dup_path (void);
GPtrArray *qk_session_load (const char *path);
gboolean qk_session_save (const char *path, const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSessionWindow, qk_session_window_free)

G_END_DECLS
