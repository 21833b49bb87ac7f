#include "qk-ctl-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* The command line keeps its history for as long as the settings say. */

static const QkCtlEntry entries[] = {
    {"a", "FAILED", "Agent-1", "x", 60, NULL},
    {"b", "FAILED", "Agent-2", "y", 60, NULL},
};

static int
take_number (void *data, int n_columns, char **values, char **names)
{
  *(int *) data = atoi (values[0]);
  return 0;
}

/* Returns the number that @sql asks for. */
static int
run_sql (QkCtlFixture *fixture, const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->data, "queuekeeper", "history.db", NULL);
  sqlite3 *db;
  int number = -1;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, take_number, &number, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return number;
}

static void
run_purge (QkCtlFixture *fixture, const char *id)
{
  g_autoptr (QkCtlRun) run = qk_ctl_run ("purge", fixture->path, "--yes", id, NULL);

  qk_ctl_assert_code (run, 0);
}

static void
write_settings (QkCtlFixture *fixture, const char *settings)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "glib-2.0", "settings", NULL);
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, settings, -1, NULL));
  g_setenv ("XDG_CONFIG_HOME", fixture->folder, TRUE);
}

/* An operation, 150 old ones, and one more, with these settings. Returns how many are left. */
static int
prune (QkCtlFixture *fixture, const char *settings)
{
  int n;

  write_settings (fixture, settings);
  qk_ctl_write_entries (fixture, entries, 2);
  run_purge (fixture, "a");
  (void) run_sql (
      fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
               "INSERT INTO operations (time, queue, kind, count, host, user, program, pid, state) "
               "SELECT unixepoch() * 1000000 - 4 * 86400 * 1000000, '/q', 'purge', 1, 'h', 'u', "
               "'p', 1, 'done' FROM n");
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  run_purge (fixture, "b");
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  n = run_sql (fixture, "SELECT count(*) FROM operations");
  return n;
}

static void
test_default (QkCtlFixture *fixture, gconstpointer data)
{
  g_assert_cmpint (prune (fixture, ""), ==, 152);
}

/* The first operation is young, and the last hundred are always kept. */
static void
test_history_days (QkCtlFixture *fixture, gconstpointer data)
{
  g_assert_cmpint (prune (fixture, "[io/github/queuekeeper/Queuekeeper]\nhistory-days=3\n"), ==,
                   101);
}

/* The figures are judged by the retry rule that was chosen, and the swarm's are read where it was. */
static void
test_stats (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *counters = g_build_filename (fixture->folder, "elsewhere.json", NULL);
  g_autofree char *settings = g_strdup_printf (
      "[io/github/queuekeeper/Queuekeeper]\nretry-attempts=12\nretry-base-milliseconds=200\n"
      "lock-counters={'%s': 'file://%s'}\n",
      fixture->path, counters);
  g_autoptr (QkCtlRun) run = NULL;

  write_settings (fixture, settings);
  qk_ctl_write_entries (fixture, entries, 2);
  g_assert_true (
      g_file_set_contents (counters, "{\"errors\":[],\"summary\":{\"total_errors\":7}}", -1, NULL));
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  run = qk_ctl_run ("stats", fixture->path, "--format", "prometheus", NULL);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  qk_ctl_assert_code (run, 0);
  g_assert_nonnull (strstr (run->out, "\"} 12\n# HELP queuekeeper_retry_base_delay_seconds "));
  g_assert_nonnull (strstr (run->out, "\"} 0.2\n# HELP queuekeeper_retry_max_delay_seconds "));
  g_assert_nonnull (strstr (run->out, "source=\"swarm\"} 7\n# HELP queuekeeper_saves_total "));
  g_assert_cmpint (g_remove (counters), ==, 0);
}

/* Without the schema it works all the same, and says what it uses. */
static void
test_not_installed (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *usual = g_strdup (g_getenv ("GSETTINGS_SCHEMA_DIR"));
  g_autoptr (QkCtlRun) list = NULL, run = NULL;

  if (g_file_test (g_getenv ("QK_INSTALLED_SCHEMA"), G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the settings are installed on this machine");
      return;
    }
  qk_ctl_write_entries (fixture, entries, 2);
  g_setenv ("GSETTINGS_SCHEMA_DIR", fixture->folder, TRUE);
  list = qk_ctl_run ("list", fixture->path, NULL);
  run = qk_ctl_run ("purge", fixture->path, "--yes", "a", NULL);
  g_setenv ("GSETTINGS_SCHEMA_DIR", usual, TRUE);
  qk_ctl_assert_code (list, 0);
  g_assert_cmpstr (list->err, ==, "");
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "Purged 1 message\n");
  g_assert_nonnull (strstr (run->err, "the settings are not installed: the defaults are used"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/settings/default", test_default);
  QK_CTL_TEST ("/ctl/settings/history-days", test_history_days);
  QK_CTL_TEST ("/ctl/settings/stats", test_stats);
  QK_CTL_TEST ("/ctl/settings/not-installed", test_not_installed);
  return g_test_run ();
}
