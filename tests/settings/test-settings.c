#include "qk-history.h"
#include "qk-retry.h"
#include "qk-settings.h"
#include "qk-store.h"
#include "qk-thresholds.h"
#include "qk-watch.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* The settings, in memory: those of whoever runs this are not touched. */

#define SCHEMA_ID "io.github.queuekeeper.Queuekeeper"

static void
test_defaults (void)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  g_assert_cmpint (qk_settings_get_guard_seconds (settings) * G_TIME_SPAN_SECOND, ==,
                   QK_STORE_GUARD_DEFAULT);
  g_assert_cmpuint (qk_settings_get_history_days (settings), ==, QK_HISTORY_RETENTION_DAYS);
  g_assert_false (qk_settings_get_read_only (settings));
  g_assert_true (qk_settings_is_writable (settings, "guard-seconds"));
  g_assert_true (qk_settings_is_writable (settings, "history-days"));
}

/* What the properties take is what the schema takes: what one refuses would be lost in the other. */
static void
test_ranges (void)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  g_autoptr (GSettings) stored = g_settings_new (SCHEMA_ID);
  guint n = 0;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (settings), &n);

  g_assert_cmpuint (n, ==, 27);
  for (guint i = 0; i < n; i++)
    {
      GParamSpecUInt *spec = G_IS_PARAM_SPEC_UINT (specs[i]) ? G_PARAM_SPEC_UINT (specs[i]) : NULL;
      g_autoptr (GSettingsSchema) schema = NULL;
      g_autoptr (GSettingsSchemaKey) key = NULL;
      g_autoptr (GVariant) range = NULL, limits = NULL, initial = NULL;
      const char *kind;
      int minimum, maximum;

      /* What is no number has no range. */
      if (spec == NULL)
        continue;
      g_object_get (stored, "settings-schema", &schema, NULL);
      key = g_settings_schema_get_key (schema, specs[i]->name);
      range = g_settings_schema_key_get_range (key);
      g_variant_get (range, "(&sv)", &kind, &limits);
      g_assert_cmpstr (kind, ==, "range");
      g_variant_get (limits, "(ii)", &minimum, &maximum);
      g_assert_cmpint (minimum, ==, (int) spec->minimum);
      g_assert_cmpint (maximum, ==, (int) spec->maximum);
      initial = g_settings_schema_key_get_default_value (key);
      g_assert_cmpint (g_variant_get_int32 (initial), ==, (int) spec->default_value);
    }
}

/* Each of them is read, and each into its own place. */
static void
test_thresholds (void)
{
  static const QkThresholds initial = QK_THRESHOLDS_DEFAULT;
  g_autoptr (QkSettings) settings = qk_settings_new ();
  QkThresholds thresholds = {0};

  qk_thresholds_read (&thresholds, G_OBJECT (settings));
  g_assert_cmpmem (&thresholds, sizeof thresholds, &initial, sizeof initial);
  g_object_set (settings, "alert-total-critical", 900, "alert-lock-errors", 3, NULL);
  qk_thresholds_read (&thresholds, G_OBJECT (settings));
  g_assert_cmpuint (thresholds.total_critical, ==, 900);
  g_assert_cmpuint (thresholds.lock_errors, ==, 3);
  g_assert_cmpuint (thresholds.total_warning, ==, 500);
  g_object_set (settings, "alert-total-critical", 1000, "alert-lock-errors", 10, NULL);
}

/* The rule of saves; a cap below the base is none. */
static void
test_retry (void)
{
  static const QkRetryPolicy initial = QK_RETRY_POLICY_DEFAULT;
  g_autoptr (QkSettings) settings = qk_settings_new ();
  QkRetryPolicy policy = {0};
  guint poll;

  qk_retry_policy_read (&policy, G_OBJECT (settings));
  g_assert_cmpuint (policy.attempts, ==, initial.attempts);
  g_assert_cmpint (policy.base_delay, ==, initial.base_delay);
  g_assert_cmpint (policy.max_delay, ==, initial.max_delay);
  g_object_set (settings, "retry-attempts", 3, "retry-base-milliseconds", 400,
                "retry-cap-milliseconds", 100, NULL);
  qk_retry_policy_read (&policy, G_OBJECT (settings));
  g_assert_cmpuint (policy.attempts, ==, 3);
  g_assert_cmpint (policy.base_delay, ==, 400000);
  g_assert_cmpint (qk_retry_policy_get_total (&policy), ==, 800000);
  qk_settings_reset (settings);
  qk_retry_policy_read (&policy, G_OBJECT (settings));
  g_assert_cmpint (qk_retry_policy_get_total (&policy), ==, qk_retry_policy_get_total (&initial));
  g_object_get (settings, "poll-seconds", &poll, NULL);
  g_assert_cmpint (poll * G_TIME_SPAN_SECOND, ==, QK_WATCH_POLL_DEFAULT);
}

/* All of them go back, and nothing else does. */
static void
test_reset (void)
{
  g_autoptr (QkSettings) settings = qk_settings_new (), other = qk_settings_new ();
  guint n = 0;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (settings), &n);

  for (guint i = 0; i < n; i++)
    if (G_IS_PARAM_SPEC_UINT (specs[i]))
      g_object_set (settings, specs[i]->name, G_PARAM_SPEC_UINT (specs[i])->maximum, NULL);
    else
      g_object_set (settings, specs[i]->name, !G_PARAM_SPEC_BOOLEAN (specs[i])->default_value,
                    NULL);
  g_assert_true (qk_settings_is_on (other, "compact-rows"));
  g_assert_false (qk_settings_is_on (other, "notify"));
  qk_settings_reset (settings);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (other), specs[i]->name, &value);
      g_assert_true (g_param_value_defaults (specs[i], &value));
    }
}

static void
count_cb (QkSettings *settings, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
test_shared (void)
{
  g_autoptr (QkSettings) one = qk_settings_new (), other = qk_settings_new ();
  g_autoptr (GSettings) stored = g_settings_new (SCHEMA_ID);
  guint n = 0;

  g_signal_connect (other, "notify::guard-seconds", G_CALLBACK (count_cb), &n);
  g_object_set (one, "guard-seconds", 12, "history-days", 3650, NULL);
  g_assert_cmpuint (qk_settings_get_guard_seconds (other), ==, 12);
  g_assert_cmpuint (qk_settings_get_history_days (other), ==, 3650);
  g_assert_cmpint (g_settings_get_int (stored, "guard-seconds"), ==, 12);
  g_assert_cmpint (g_settings_get_int (stored, "history-days"), ==, 3650);
  g_assert_cmpuint (n, ==, 1);
  g_object_set (one, "guard-seconds", 12, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_object_set (one, "read-only", TRUE, NULL);
  g_assert_true (qk_settings_get_read_only (other));
  g_assert_true (g_settings_get_boolean (stored, "read-only"));
  g_settings_reset (stored, "read-only");
  g_assert_false (qk_settings_get_read_only (one));
  g_settings_reset (stored, "guard-seconds");
  g_settings_reset (stored, "history-days");
  g_assert_cmpuint (qk_settings_get_guard_seconds (one), ==, 10);
  g_assert_cmpuint (n, ==, 2);
}

/* The columns and the order of the list are kept as they are given, and put back. */
static void
test_layout (void)
{
  g_autoptr (QkSettings) one = qk_settings_new (), other = qk_settings_new ();
  g_autoptr (GVariant) initial = qk_settings_dup_columns (one), kept = NULL, reset = NULL;
  g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed ("[('age', true, 70)]"));
  g_autofree char *sort = NULL, *kept_sort = NULL;
  gboolean descending = TRUE;

  g_assert_cmpuint (g_variant_n_children (initial), ==, 0);
  sort = qk_settings_dup_sort (one, &descending);
  g_assert_cmpstr (sort, ==, "status");
  g_assert_false (descending);
  qk_settings_set_columns (one, wanted);
  qk_settings_set_sort (one, "age", TRUE);
  kept = qk_settings_dup_columns (other);
  g_assert_cmpvariant (kept, wanted);
  kept_sort = qk_settings_dup_sort (other, &descending);
  g_assert_cmpstr (kept_sort, ==, "age");
  g_assert_true (descending);
  qk_settings_set_columns (one, NULL);
  qk_settings_set_sort (one, "status", FALSE);
  reset = qk_settings_dup_columns (other);
  g_assert_cmpuint (g_variant_n_children (reset), ==, 0);
}

/* A process that finds no schema, or one of another version, lives, and says so once. */
static void
without_schema (void)
{
  g_autoptr (QkSettings) one = qk_settings_new (), other = qk_settings_new ();

  g_assert_cmpuint (qk_settings_get_guard_seconds (one), ==, 10);
  g_assert_cmpuint (qk_settings_get_history_days (other), ==, 30);
  g_assert_false (qk_settings_is_writable (one, "guard-seconds"));
  g_object_set (one, "guard-seconds", 3, NULL);
  g_assert_cmpuint (qk_settings_get_guard_seconds (one), ==, 3);
}

static void
compile (const char *folder, const char *xml)
{
  g_autofree char *path = g_build_filename (folder, SCHEMA_ID ".gschema.xml", NULL);
  const char *argv[] = {"glib-compile-schemas", folder, NULL};
  int status;

  g_assert_true (g_file_set_contents (path, xml, -1, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_without_schema (gconstpointer data)
{
  const char *xml = data;
  g_autofree char *usual = g_strdup (g_getenv ("GSETTINGS_SCHEMA_DIR"));
  g_autofree char *folder = g_dir_make_tmp ("qk-schema-XXXXXX", NULL);
  g_autofree char *compiled = g_build_filename (folder, "gschemas.compiled", NULL);

  if (g_file_test (g_getenv ("QK_INSTALLED_SCHEMA"), G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the settings are installed on this machine");
      g_assert_cmpint (g_rmdir (folder), ==, 0);
      return;
    }
  if (xml != NULL)
    compile (folder, xml);
  g_setenv ("GSETTINGS_SCHEMA_DIR", folder, TRUE);
  g_test_trap_subprocess ("/settings/subprocess/without-schema", 0, 0);
  g_setenv ("GSETTINGS_SCHEMA_DIR", usual, TRUE);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*settings are not installed: the defaults are used*");
  g_test_trap_assert_stderr_unmatched ("*not installed*not installed*");
  if (xml != NULL)
    g_assert_cmpint (g_unlink (compiled), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
count_chosen_cb (QkSettings *settings, guint *n)
{
  ++*n;
}

/* Agents are chosen for each queue on its own, and known to whoever else has the settings. */
static void
test_agents (void)
{
  static const char *const some[] = {"Agent-1", "b \"c\"", NULL}, *const none[] = {NULL};
  g_autoptr (QkSettings) settings = qk_settings_new ();
  g_autoptr (QkSettings) other = qk_settings_new ();
  g_auto (GStrv) kept = NULL, second = NULL;
  guint n = 0;

  g_signal_connect (other, "agents-changed", G_CALLBACK (count_chosen_cb), &n);
  g_assert_null (qk_settings_dup_agents (settings, "/q"));
  qk_settings_set_agents (settings, "/q", some);
  qk_settings_set_agents (settings, "/other", some + 1);
  g_assert_cmpuint (n, ==, 2);
  kept = qk_settings_dup_agents (other, "/q");
  g_assert_cmpstrv (kept, some);
  qk_settings_set_agents (settings, "/q", none);
  g_assert_null (qk_settings_dup_agents (other, "/q"));
  second = qk_settings_dup_agents (other, "/other");
  g_assert_cmpstrv (second, some + 1);
  qk_settings_set_agents (settings, "/other", NULL);
  g_assert_null (qk_settings_dup_agents (other, "/other"));
}

/* So is the file in which its swarm counts lock errors, whatever its name is made of. */
static void
test_counters (void)
{
  static const char path[] = "/srv/a b/%41\xff/file_locking_metrics.json";
  g_autoptr (QkSettings) settings = qk_settings_new ();
  g_autoptr (QkSettings) other = qk_settings_new ();
  g_autofree char *kept = NULL, *second = NULL;
  guint n = 0;

  g_signal_connect (other, "counters-changed", G_CALLBACK (count_chosen_cb), &n);
  g_assert_null (qk_settings_dup_counters (settings, "/q"));
  qk_settings_set_counters (settings, "/q", path);
  qk_settings_set_counters (settings, "/other", "/c.json");
  g_assert_cmpuint (n, ==, 2);
  kept = qk_settings_dup_counters (other, "/q");
  g_assert_cmpstr (kept, ==, path);
  qk_settings_set_counters (settings, "/q", NULL);
  g_assert_null (qk_settings_dup_counters (other, "/q"));
  second = qk_settings_dup_counters (other, "/other");
  g_assert_cmpstr (second, ==, "/c.json");
  qk_settings_set_counters (settings, "/other", NULL);
  g_assert_null (qk_settings_dup_counters (other, "/other"));
}

#define OLD_SCHEMA                                                                                 \
  "<schemalist><schema id='" SCHEMA_ID "' path='/io/github/queuekeeper/Queuekeeper/'>"             \
  "<key name='guard-seconds' type='i'><default>6</default></key></schema></schemalist>"

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/ranges", test_ranges);
  g_test_add_func ("/settings/thresholds", test_thresholds);
  g_test_add_func ("/settings/retry", test_retry);
  g_test_add_func ("/settings/reset", test_reset);
  g_test_add_func ("/settings/shared", test_shared);
  g_test_add_func ("/settings/agents", test_agents);
  g_test_add_func ("/settings/counters", test_counters);
  g_test_add_func ("/settings/layout", test_layout);
  g_test_add_data_func ("/settings/without-schema", NULL, test_without_schema);
  g_test_add_data_func ("/settings/older-schema", OLD_SCHEMA, test_without_schema);
  g_test_add_func ("/settings/subprocess/without-schema", without_schema);
  return g_test_run ();
}
