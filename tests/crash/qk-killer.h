#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kills a process at a certain call that it makes of the system, with ptrace(2). */

/**
 * QkKillerFunc:
 * @user_data: the caller's
 *
 * What the process does.
 */
typedef void (*QkKillerFunc) (gpointer user_data);

gboolean qk_killer_is_available (void);
gboolean qk_killer_run (QkKillerFunc work, gpointer user_data, guint kill_at, guint *n_stops);

G_END_DECLS
