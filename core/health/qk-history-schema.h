#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The steps from an empty database to the present one: step n leads from version n to n + 1. They are
 * never changed once released, only added to. */

extern const char *const qk_history_migrations[];
extern const guint qk_history_version;

G_END_DECLS
