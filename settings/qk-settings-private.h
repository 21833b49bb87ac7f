#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the files of the settings share. */

#define QK_SETTINGS_SCHEMA_ID "io.github.queuekeeper.Queuekeeper"

GSettingsSchema *qk_settings_find_schema (void);

G_END_DECLS
