#pragma once

#include "qk-lock-event.h"
#include "qk-result.h"
#include "qk-summary.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The shapes of the machine output. Seconds are rounded to milliseconds. */

void qkctl_json_print (JsonBuilder *builder);
void qkctl_json_add_text (JsonBuilder *builder, const char *name, const char *text);
void qkctl_json_add_number (JsonBuilder *builder, const char *name, gint64 value);
void qkctl_json_add_seconds (JsonBuilder *builder, const char *name, gint64 usec);
void qkctl_json_add_summary (JsonBuilder *builder,
                             const char *path,
                             const QkSummary *summary,
                             gint64 now,
                             gboolean damaged);
void qkctl_json_add_skipped (JsonBuilder *builder, const QkResult *result);
void qkctl_json_add_result (JsonBuilder *builder, const QkResult *result);
void qkctl_json_add_lock_event (JsonBuilder *builder, const QkLockEvent *event);

G_END_DECLS
