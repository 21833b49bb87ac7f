#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The question before a purge. Its response is %QK_PURGE_RESPONSE_PURGE or `cancel`; Cancel has
 * the focus, and is what closing it means. */

#define QK_PURGE_RESPONSE_PURGE "purge"

GtkWidget *qk_purge_dialog_new (GtkWindow *parent, GPtrArray *messages, gint64 now);

G_END_DECLS
