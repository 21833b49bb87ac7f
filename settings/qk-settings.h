#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the operator has chosen, for all programs of this user.
 *
 * Kept by GSettings in the schema io.github.queuekeeper.Queuekeeper. Where that is not installed the
 * settings are the defaults and are not kept; a message in the log says so once. A change, whichever
 * program made it, is notified.
 */

#define QK_TYPE_SETTINGS (qk_settings_get_type ())
G_DECLARE_FINAL_TYPE (QkSettings, qk_settings, QK, SETTINGS, GObject)

/* Properties, numbers (uint): "guard-seconds" (how long what was saved is guarded after the last
 * repair), "history-days" (how long operations are kept), "poll-seconds" (how often a queue is looked
 * at), "notify-minutes" (at most one notification of a kind in that time); those of QkThresholds in
 * core, which reads them: "alert-total-warning", "alert-total-critical",
 * "alert-stuck-warning-seconds", "alert-stuck-critical-seconds", "alert-processing-percent",
 * "alert-age-minutes", "alert-failure-warning-percent", "alert-failure-critical-percent",
 * "alert-success-percent", "alert-lock-errors"; and those of QkRetryPolicy, likewise:
 * "retry-attempts", "retry-base-milliseconds", "retry-cap-milliseconds".
 * Switches (boolean): "read-only" (whether windows begin in read-only mode), "restore-session",
 * "compact-rows", "notify", and, of what: "notify-failures", "notify-stuck", "notify-given-up",
 * "notify-damage", "notify-health".
 * Signals: "agents-changed", when the agents of some queue were chosen; "counters-changed", when it was
 * chosen where its swarm counts lock errors.
 *
 * "hold-while-selected" (boolean: whether the list stands still while several messages are selected).
 *
 * The columns of the list and its order are no properties: each window reads them when it opens, and
 * keeps what its operator changes, so that windows do not change one another. */
QkSettings *qk_settings_new (void);
guint qk_settings_get_guard_seconds (QkSettings *self);
guint qk_settings_get_history_days (QkSettings *self);
gboolean qk_settings_get_read_only (QkSettings *self);
char **qk_settings_dup_agents (QkSettings *self, const char *queue);
void qk_settings_set_agents (QkSettings *self, const char *queue, const char *const *agents);
char *qk_settings_dup_counters (QkSettings *self, const char *queue);
void qk_settings_set_counters (QkSettings *self, const char *queue, const char *path);
gboolean qk_settings_is_on (QkSettings *self, const char *name);
void qk_settings_reset (QkSettings *self);
gboolean qk_settings_get_hold_while_selected (QkSettings *self);
GVariant *qk_settings_dup_columns (QkSettings *self);
void qk_settings_set_columns (QkSettings *self, GVariant *columns);
char *qk_settings_dup_sort (QkSettings *self, gboolean *descending);
void qk_settings_set_sort (QkSettings *self, const char *column, gboolean descending);
gboolean qk_settings_is_writable (QkSettings *self, const char *name);

G_END_DECLS
