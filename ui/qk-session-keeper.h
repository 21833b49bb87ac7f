#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps which queues an application has open, so that the next start can open them again.
 *
 * It is written a moment after each change, beside the main loop: what a crash or a power cut leaves
 * behind is not older than that. The last window that is closed stays in it: it is the one to come back
 * to. */

#define QK_TYPE_SESSION_KEEPER (qk_session_keeper_get_type ())
G_DECLARE_FINAL_TYPE (QkSessionKeeper, qk_session_keeper, QK, SESSION_KEEPER, GObject)

QkSessionKeeper *qk_session_keeper_new (GtkApplication *application, const char *path);
guint qk_session_keeper_restore (QkSessionKeeper *self);
void qk_session_keeper_set_quitting (QkSessionKeeper *self, gboolean quitting);
void qk_session_keeper_flush (QkSessionKeeper *self);

G_END_DECLS
