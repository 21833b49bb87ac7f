#include "qk-settings.h"

#include "qk-settings-private.h"

#include <string.h>

#define KEY_AGENTS   "agents"
#define KEY_COUNTERS "lock-counters"

/* Numbers first. */
enum {
  PROP_0,
  PROP_GUARD_SECONDS,
  PROP_HISTORY_DAYS,
  PROP_ALERT_TOTAL_WARNING,
  PROP_ALERT_TOTAL_CRITICAL,
  PROP_ALERT_STUCK_WARNING_SECONDS,
  PROP_ALERT_STUCK_CRITICAL_SECONDS,
  PROP_ALERT_PROCESSING_PERCENT,
  PROP_ALERT_AGE_MINUTES,
  PROP_ALERT_FAILURE_WARNING_PERCENT,
  PROP_ALERT_FAILURE_CRITICAL_PERCENT,
  PROP_ALERT_SUCCESS_PERCENT,
  PROP_ALERT_LOCK_ERRORS,
  PROP_POLL_SECONDS,
  PROP_RETRY_ATTEMPTS,
  PROP_RETRY_BASE_MILLISECONDS,
  PROP_RETRY_CAP_MILLISECONDS,
  PROP_NOTIFY_MINUTES,
  PROP_READ_ONLY,
  PROP_RESTORE_SESSION,
  PROP_COMPACT_ROWS,
  PROP_NOTIFY,
  PROP_NOTIFY_FAILURES,
  PROP_NOTIFY_STUCK,
  PROP_NOTIFY_GIVEN_UP,
  PROP_NOTIFY_DAMAGE,
  PROP_NOTIFY_HEALTH,
  PROP_HOLD_WHILE_SELECTED,
  N_PROPS
};

struct _QkSettings {
  GObject parent_instance;

  GSettings *settings; /* owned, nullable: there is no schema, nothing is kept */
  guint values[N_PROPS];
};

G_DEFINE_FINAL_TYPE (QkSettings, qk_settings, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

enum { SIGNAL_AGENTS_CHANGED, SIGNAL_COUNTERS_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* The same as in the schema, for where there is none. */
static const struct {
  const char *name;
  guint minimum;
  guint maximum;
  guint initial;
} keys[N_PROPS] = {
    [PROP_GUARD_SECONDS] = {"guard-seconds", 3, 30, 10},
    [PROP_HISTORY_DAYS] = {"history-days", 1, 3650, 30},
    [PROP_ALERT_TOTAL_WARNING] = {"alert-total-warning", 1, 1000000, 500},
    [PROP_ALERT_TOTAL_CRITICAL] = {"alert-total-critical", 1, 1000000, 1000},
    [PROP_ALERT_STUCK_WARNING_SECONDS] = {"alert-stuck-warning-seconds", 1, 86400, 60},
    [PROP_ALERT_STUCK_CRITICAL_SECONDS] = {"alert-stuck-critical-seconds", 1, 86400, 300},
    [PROP_ALERT_PROCESSING_PERCENT] = {"alert-processing-percent", 1, 100, 50},
    [PROP_ALERT_AGE_MINUTES] = {"alert-age-minutes", 1, 10080, 60},
    [PROP_ALERT_FAILURE_WARNING_PERCENT] = {"alert-failure-warning-percent", 1, 100, 5},
    [PROP_ALERT_FAILURE_CRITICAL_PERCENT] = {"alert-failure-critical-percent", 1, 100, 10},
    [PROP_ALERT_SUCCESS_PERCENT] = {"alert-success-percent", 1, 100, 95},
    [PROP_ALERT_LOCK_ERRORS] = {"alert-lock-errors", 1, 1000000, 10},
    [PROP_POLL_SECONDS] = {"poll-seconds", 1, 60, 2},
    [PROP_RETRY_ATTEMPTS] = {"retry-attempts", 1, 20, 8},
    [PROP_RETRY_BASE_MILLISECONDS] = {"retry-base-milliseconds", 10, 10000, 150},
    [PROP_RETRY_CAP_MILLISECONDS] = {"retry-cap-milliseconds", 10, 60000, 2000},
    [PROP_NOTIFY_MINUTES] = {"notify-minutes", 1, 60, 5},
    [PROP_READ_ONLY] = {"read-only", FALSE, TRUE, FALSE},
    [PROP_RESTORE_SESSION] = {"restore-session", FALSE, TRUE, TRUE},
    [PROP_COMPACT_ROWS] = {"compact-rows", FALSE, TRUE, FALSE},
    [PROP_NOTIFY] = {"notify", FALSE, TRUE, TRUE},
    [PROP_NOTIFY_FAILURES] = {"notify-failures", FALSE, TRUE, TRUE},
    [PROP_NOTIFY_STUCK] = {"notify-stuck", FALSE, TRUE, TRUE},
    [PROP_NOTIFY_GIVEN_UP] = {"notify-given-up", FALSE, TRUE, TRUE},
    [PROP_NOTIFY_DAMAGE] = {"notify-damage", FALSE, TRUE, TRUE},
    [PROP_NOTIFY_HEALTH] = {"notify-health", FALSE, TRUE, TRUE},
    [PROP_HOLD_WHILE_SELECTED] = {"hold-while-selected", FALSE, TRUE, FALSE},
};

static void
qk_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  guint number = QK_SETTINGS (object)->values[id];

  if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, number != 0);
  else
    g_value_set_uint (value, number);
}

static void
qk_settings_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkSettings *self = QK_SETTINGS (object);

  guint number = G_VALUE_HOLDS_BOOLEAN (value) ? (guint) g_value_get_boolean (value)
                                               : g_value_get_uint (value);

  if (self->values[id] == number)
    return;
  self->values[id] = number;
  g_object_notify_by_pspec (object, pspec);
}

static gboolean
has_all_keys (GSettingsSchema *schema)
{
  for (guint i = 1; i < N_PROPS; i++)
    if (!g_settings_schema_has_key (schema, keys[i].name))
      return FALSE;
  return g_settings_schema_has_key (schema, KEY_AGENTS) &&
         g_settings_schema_has_key (schema, KEY_COUNTERS) &&
         g_settings_schema_has_key (schema, "columns") &&
         g_settings_schema_has_key (schema, "sort");
}

/* GSettings ends the program where a schema is missing, so it is looked for first: where the system
 * and GSETTINGS_SCHEMA_DIR have it, and where it was installed to. */
GSettingsSchema *
qk_settings_find_schema (void)
{
  GSettingsSchemaSource *usual = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) installed = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (usual != NULL)
    schema = g_settings_schema_source_lookup (usual, QK_SETTINGS_SCHEMA_ID, TRUE);
  if (schema == NULL)
    {
      installed = g_settings_schema_source_new_from_directory (QK_SCHEMA_DIR, usual, TRUE, NULL);
      if (installed != NULL)
        schema = g_settings_schema_source_lookup (installed, QK_SETTINGS_SCHEMA_ID, FALSE);
    }
  return g_steal_pointer (&schema);
}

static void
tell_defaults_once (void)
{
  static gsize told;

  if (!g_once_init_enter (&told))
    return;
  g_message ("the settings are not installed: the defaults are used, and changes are not kept. Run "
             "meson install, or set GSETTINGS_SCHEMA_DIR to the folder data of the build");
  g_once_init_leave (&told, 1);
}

static void
agents_changed_cb (GSettings *settings, const char *key, QkSettings *self)
{
  g_signal_emit (self, signals[SIGNAL_AGENTS_CHANGED], 0);
}

static void
counters_changed_cb (GSettings *settings, const char *key, QkSettings *self)
{
  g_signal_emit (self, signals[SIGNAL_COUNTERS_CHANGED], 0);
}

static void
qk_settings_dispose (GObject *object)
{
  QkSettings *self = QK_SETTINGS (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_settings_parent_class)->dispose (object);
}

static void
qk_settings_class_init (QkSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_settings_get_property;
  object_class->set_property = qk_settings_set_property;
  object_class->dispose = qk_settings_dispose;

  /**
   * QkSettings::agents-changed:
   *
   * The agents of some queue were chosen, here or by another program.
   */
  signals[SIGNAL_AGENTS_CHANGED] =
      g_signal_new ("agents-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);

  /**
   * QkSettings::counters-changed:
   *
   * Where the swarm of some queue counts its lock errors was chosen, here or by another program.
   */
  signals[SIGNAL_COUNTERS_CHANGED] =
      g_signal_new ("counters-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);

  /**
   * QkSettings:guard-seconds:
   *
   * How long what was saved is guarded after the last repair.
   */
  /**
   * QkSettings:history-days:
   *
   * How long operations are kept.
   */
  /**
   * QkSettings:read-only:
   *
   * Whether windows begin in read-only mode.
   */
  /**
   * QkSettings:poll-seconds:
   *
   * How often a queue is looked at although nothing tells of a change.
   */
  /**
   * QkSettings:notify-minutes:
   *
   * At most one notification of a kind in so many minutes.
   */
  /**
   * QkSettings:restore-session:
   *
   * Whether a start without a queue opens those that were open last.
   */
  /**
   * QkSettings:compact-rows:
   *
   * Whether the rows of lists stand close together.
   */
  /**
   * QkSettings:notify:
   *
   * Whether there are notifications, of the kinds that the properties "notify-…" allow.
   */
  /**
   * QkSettings:hold-while-selected:
   *
   * Whether the list stands still while several messages are selected.
   */
  /* Those that begin with "alert-" are described by QkThresholds, with "retry-" by QkRetryPolicy. */
  for (guint i = 1; i < PROP_READ_ONLY; i++)
    properties[i] = g_param_spec_uint (
        keys[i].name, NULL, NULL, keys[i].minimum, keys[i].maximum, keys[i].initial,
        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  for (guint i = PROP_READ_ONLY; i < N_PROPS; i++)
    properties[i] =
        g_param_spec_boolean (keys[i].name, NULL, NULL, keys[i].initial != 0,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_settings_init (QkSettings *self)
{
  g_autoptr (GSettingsSchema) schema = qk_settings_find_schema ();

  for (guint i = 1; i < N_PROPS; i++)
    self->values[i] = keys[i].initial;
  if (schema == NULL || !has_all_keys (schema))
    {
      tell_defaults_once ();
      return;
    }
  self->settings = g_settings_new_full (schema, NULL, NULL);
  for (guint i = 1; i < N_PROPS; i++)
    g_settings_bind (self->settings, keys[i].name, self, keys[i].name, G_SETTINGS_BIND_DEFAULT);
  g_signal_connect (self->settings, "changed::" KEY_AGENTS, G_CALLBACK (agents_changed_cb), self);
  g_signal_connect (self->settings, "changed::" KEY_COUNTERS, G_CALLBACK (counters_changed_cb),
                    self);
}

/**
 * qk_settings_new:
 *
 * Returns: (transfer full): the settings
 */
QkSettings *
qk_settings_new (void)
{
  return g_object_new (QK_TYPE_SETTINGS, NULL);
}

/**
 * qk_settings_get_guard_seconds:
 * @self: the settings
 *
 * Returns: how long what was saved is guarded after the last repair, in seconds
 */
guint
qk_settings_get_guard_seconds (QkSettings *self)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), keys[PROP_GUARD_SECONDS].initial);

  return self->values[PROP_GUARD_SECONDS];
}

/**
 * qk_settings_get_history_days:
 * @self: the settings
 *
 * Returns: for how many days operations are kept
 */
guint
qk_settings_get_history_days (QkSettings *self)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), keys[PROP_HISTORY_DAYS].initial);

  return self->values[PROP_HISTORY_DAYS];
}

/**
 * qk_settings_get_read_only:
 * @self: the settings
 *
 * Returns: whether windows begin in read-only mode
 */
gboolean
qk_settings_get_read_only (QkSettings *self)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), FALSE);

  return self->values[PROP_READ_ONLY] != 0;
}

/**
 * qk_settings_dup_agents:
 * @self: the settings
 * @queue: the key of a queue
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the agents that were chosen for that
 *   queue; %NULL where none were
 */
char **
qk_settings_dup_agents (QkSettings *self, const char *queue)
{
  g_autoptr (GVariant) all = NULL, agents = NULL;

  g_return_val_if_fail (QK_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (queue != NULL, NULL);

  if (self->settings == NULL)
    return NULL;
  all = g_settings_get_value (self->settings, KEY_AGENTS);
  agents = g_variant_lookup_value (all, queue, G_VARIANT_TYPE_STRING_ARRAY);
  return agents != NULL && g_variant_n_children (agents) > 0 ? g_variant_dup_strv (agents, NULL)
                                                             : NULL;
}

/**
 * qk_settings_set_agents:
 * @self: the settings
 * @queue: the key of a queue
 * @agents: (nullable) (array zero-terminated=1): its agents; %NULL or none to go by what the swarm says
 *
 * Keeps what was chosen for a queue.
 */
void
qk_settings_set_agents (QkSettings *self, const char *queue, const char *const *agents)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) all = NULL;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_return_if_fail (QK_IS_SETTINGS (self));
  g_return_if_fail (queue != NULL);

  if (self->settings == NULL)
    return;
  all = g_settings_get_value (self->settings, KEY_AGENTS);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&s@as}", &key, &value))
    if (strcmp (key, queue) != 0)
      g_variant_builder_add (&builder, "{s@as}", key, value);
  if (agents != NULL && agents[0] != NULL)
    g_variant_builder_add (&builder, "{s^as}", queue, agents);
  g_settings_set_value (self->settings, KEY_AGENTS, g_variant_builder_end (&builder));
}

/**
 * qk_settings_dup_counters:
 * @self: the settings
 * @queue: the key of a queue
 *
 * Returns: (transfer full) (nullable) (type filename): the file in which the swarm of that queue counts
 *   its lock errors, if one was chosen
 */
char *
qk_settings_dup_counters (QkSettings *self, const char *queue)
{
  g_autoptr (GVariant) all = NULL;
  const char *uri;

  g_return_val_if_fail (QK_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (queue != NULL, NULL);

  if (self->settings == NULL)
    return NULL;
  all = g_settings_get_value (self->settings, KEY_COUNTERS);
  return g_variant_lookup (all, queue, "&s", &uri) ? g_filename_from_uri (uri, NULL, NULL) : NULL;
}

/**
 * qk_settings_set_counters:
 * @self: the settings
 * @queue: the key of a queue
 * @path: (nullable) (type filename): an absolute path; %NULL to look for the file near the queue
 *
 * Keeps what was chosen for a queue.
 */
void
qk_settings_set_counters (QkSettings *self, const char *queue, const char *path)
{
  g_autoptr (GVariant) all = NULL;
  g_autofree char *uri = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key, *value;

  g_return_if_fail (QK_IS_SETTINGS (self));
  g_return_if_fail (queue != NULL);
  g_return_if_fail (path == NULL || g_path_is_absolute (path));

  if (self->settings == NULL)
    return;
  all = g_settings_get_value (self->settings, KEY_COUNTERS);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    if (strcmp (key, queue) != 0)
      g_variant_builder_add (&builder, "{ss}", key, value);
  if (path != NULL)
    {
      uri = g_filename_to_uri (path, NULL, NULL);
      g_variant_builder_add (&builder, "{ss}", queue, uri);
    }
  g_settings_set_value (self->settings, KEY_COUNTERS, g_variant_builder_end (&builder));
}

/**
 * qk_settings_is_on:
 * @self: the settings
 * @name: the name of a boolean property
 *
 * Returns: its value
 */
gboolean
qk_settings_is_on (QkSettings *self, const char *name)
{
  gboolean on = FALSE;

  g_return_val_if_fail (QK_IS_SETTINGS (self), FALSE);

  g_object_get (self, name, &on, NULL);
  return on;
}

/**
 * qk_settings_reset:
 * @self: the settings
 *
 * Sets all of them to what they were before anything was chosen.
 */
void
qk_settings_reset (QkSettings *self)
{
  g_return_if_fail (QK_IS_SETTINGS (self));

  if (self->settings == NULL)
    return;
  for (guint i = 1; i < N_PROPS; i++)
    g_settings_reset (self->settings, keys[i].name);
}

/**
 * qk_settings_is_writable:
 * @self: the settings
 * @name: the name of a property
 *
 * Returns: whether a change of it will be kept
 */
gboolean
qk_settings_is_writable (QkSettings *self, const char *name)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), FALSE);

  return self->settings != NULL && g_settings_is_writable (self->settings, name);
}

/**
 * qk_settings_get_hold_while_selected:
 * @self: the settings
 *
 * Returns: whether the list stands still while several messages are selected
 */
gboolean
qk_settings_get_hold_while_selected (QkSettings *self)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), FALSE);

  return self->values[PROP_HOLD_WHILE_SELECTED] != 0;
}

/**
 * qk_settings_dup_columns:
 * @self: the settings
 *
 * Returns: (transfer full) (nullable): the columns of the list as an a(sbi), empty where nothing was
 *   chosen: name, whether it is shown, width; %NULL where nothing is kept
 */
GVariant *
qk_settings_dup_columns (QkSettings *self)
{
  g_return_val_if_fail (QK_IS_SETTINGS (self), NULL);

  return self->settings != NULL ? g_settings_get_value (self->settings, "columns") : NULL;
}

/**
 * qk_settings_set_columns:
 * @self: the settings
 * @columns: (transfer floating) (nullable): what qk_settings_dup_columns() is to return; %NULL for
 *   what it is at first
 *
 * Keeps how the operator wants the columns.
 */
void
qk_settings_set_columns (QkSettings *self, GVariant *columns)
{
  g_autoptr (GVariant) value = columns != NULL ? g_variant_ref_sink (columns) : NULL;

  g_return_if_fail (QK_IS_SETTINGS (self));

  if (self->settings != NULL && value != NULL)
    g_settings_set_value (self->settings, "columns", value);
  else if (self->settings != NULL)
    g_settings_reset (self->settings, "columns");
}

/**
 * qk_settings_dup_sort:
 * @self: the settings
 * @descending: (out): whether that order is turned round
 *
 * Returns: (transfer full): the name of the column by which the list is ordered
 */
char *
qk_settings_dup_sort (QkSettings *self, gboolean *descending)
{
  char *column = NULL;
  int direction = 0;

  g_return_val_if_fail (QK_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (descending != NULL, NULL);

  if (self->settings != NULL)
    g_settings_get (self->settings, "sort", "(si)", &column, &direction);
  *descending = direction != 0;
  return column != NULL ? column : g_strdup ("status");
}

/**
 * qk_settings_set_sort:
 * @self: the settings
 * @column: the name of a column
 * @descending: whether to turn its order round
 *
 * Keeps how the operator orders the list.
 */
void
qk_settings_set_sort (QkSettings *self, const char *column, gboolean descending)
{
  g_return_if_fail (QK_IS_SETTINGS (self));
  g_return_if_fail (column != NULL);

  if (self->settings != NULL)
    g_settings_set (self->settings, "sort", "(si)", column, descending ? 1 : 0);
}
