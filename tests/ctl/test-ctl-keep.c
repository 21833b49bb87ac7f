#include "qk-ctl-sample.h"

#include <glib/gstdio.h>
#include <string.h>

/* `qkctl export`, `archive`, `import` and `restore`, each run a process of its own. */

static const QkCtlEntry queue[] = {
    {"f1", "FAILED", "Agent-1", "=one", 900, "{\"delivery_attempts\":3,\"last_error\":\"e\"}"},
    {"d1", "DELIVERED", "Agent-1", "two", 900, NULL},
    {"p1", "PENDING", "Agent-2", "three", 900, NULL},
    {"d2", "DELIVERED", "Agent-2", "four", 5, NULL},
};

/* Writes the queue. Returns its text. */
static char *
write_queue (QkCtlFixture *fixture)
{
  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  return qk_ctl_read (fixture, NULL);
}

static void
assert_text (QkCtlFixture *fixture, const char *expected)
{
  g_autofree char *text = qk_ctl_read (fixture, NULL);

  g_assert_cmpstr (text, ==, expected);
}

/* A file in the folder of the queue. */
static char *
path_of (QkCtlFixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static char *
write_file (QkCtlFixture *fixture, const char *name, const char *text)
{
  char *path = path_of (fixture, name);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static char *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* Checks the exit code and what goes to standard output. */
static void
assert_run (QkCtlRun *run, int code, const char *out)
{
  g_autoptr (QkCtlRun) owned = run;

  g_assert_cmpstr (run->err, ==, "");
  g_assert_cmpstr (run->out, ==, out);
  qk_ctl_assert_code (run, code);
}

static void
assert_usage (QkCtlRun *run, const char *part)
{
  g_autoptr (QkCtlRun) owned = run;

  qk_ctl_assert_code (run, 2);
  qk_ctl_assert_one_line (run->err, part);
  g_assert_cmpstr (run->out, ==, "");
}

static void
assert_action (QkCtlRun *run, int code, guint n_changed, guint n_skipped)
{
  g_autoptr (QkCtlRun) owned = run;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpstr (run->err, ==, "");
  qk_ctl_assert_code (run, code);
  node = qk_ctl_parse (run->out);
  (void) qk_ctl_assert_action (node, n_changed, n_skipped);
}

/* What an archive tells programs. */
static void
assert_archived (QkCtlRun *run, const char *path, guint n_selected, guint n_changed)
{
  g_autoptr (QkCtlRun) owned = run;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpstr (run->err, ==, "");
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "archive"), ==, path);
  g_assert_cmpint (json_object_get_int_member (object, "selected"), ==, n_selected);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "changed")), ==,
                    n_changed);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "skipped")), ==,
                    0);
}

static void
test_export (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture), *csv = path_of (fixture, "out.csv");
  g_autofree char *entry = qk_ctl_entry_json (&queue[3]), *written = NULL, *told = NULL;
  g_autofree char *expected = g_strdup_printf ("[\n  %s\n]\n", entry);
  g_autoptr (QkCtlRun) one = qk_ctl_run ("export", fixture->path, "d2", NULL), again = NULL;

  /* The times of both are those of one moment or the next. */
  g_assert_true (g_str_has_prefix (one->out, "[\n  {"));
  g_assert_cmpuint (strlen (one->out), ==, strlen (expected));
  told = g_strdup_printf ("Exported 2 messages to %s\n", csv);
  assert_run (qk_ctl_run ("export", fixture->path, "--agent", "Agent-1", "-o", csv, NULL), 0, told);
  written = read_file (csv);
  g_assert_true (g_str_has_prefix (written, "queue_id,status,"));
  g_assert_nonnull (strstr (written, ",e,'=one\r\n"));
  again = qk_ctl_run ("export", fixture->path, "-o", csv, NULL);
  qk_ctl_assert_code (again, 74);
  qk_ctl_assert_one_line (again->err, "is there already");
  assert_usage (qk_ctl_run ("export", fixture->path, "--format", "xml", NULL), "json, csv or");
  assert_usage (qk_ctl_run ("export", fixture->path, "d1", "--status", "FAILED", NULL), "ids go");
  assert_usage (qk_ctl_run ("export", fixture->path, "--json", NULL), "--output");
  assert_text (fixture, text);
}

static void
test_export_hostile (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) markdown = NULL, missing = NULL;

  qk_ctl_write_sample (fixture);
  markdown = qk_ctl_run ("export", fixture->path, "--format", "markdown", NULL);
  qk_ctl_assert_code (markdown, 0);
  qk_ctl_assert_harmless (markdown->out);
  g_assert_true (g_str_has_prefix (markdown->out, "# 12 messages\n"));
  missing = qk_ctl_run ("export", fixture->path, "nobody", NULL);
  qk_ctl_assert_code (missing, 1);
  g_assert_cmpstr (missing->out, ==, "[]\n");
}

static void
test_archive (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture), *to = path_of (fixture, "a.json");
  g_autofree char *archived = NULL, *told = NULL, *after = NULL;
  g_autoptr (QkCtlRun) dry = NULL;

  dry = qk_ctl_run ("archive", fixture->path, "--older-than", "10m", "--dry-run", NULL);
  qk_ctl_assert_code (dry, 0);
  g_assert_true (g_str_has_suffix (dry->out, "Would archive 1 message; nothing was written\n"));
  g_assert_cmpuint (qk_ctl_count_lines (dry->out), ==, 2);
  assert_text (fixture, text);
  assert_usage (qk_ctl_run ("archive", fixture->path, NULL), "--older-than");
  assert_usage (qk_ctl_run ("archive", fixture->path, "--older-than", "1d", NULL), "--yes");

  told = g_strdup_printf ("Archived 1 message to %s\n", to);
  assert_run (
      qk_ctl_run ("archive", fixture->path, "--older-than", "10m", "--to", to, "--yes", NULL), 0,
      told);
  archived = read_file (to);
  g_assert_nonnull (strstr (archived, "\"d1\""));
  g_assert_null (strstr (archived, "\"d2\""));
  after = qk_ctl_read (fixture, NULL);
  g_assert_null (strstr (after, "\"d1\""));
  assert_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 1, 0);
  assert_text (fixture, text);
}

static void
test_archive_asks (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autoptr (QkCtlRun) no = NULL, yes = NULL, none = NULL;
  g_autofree char *after = NULL;

  no =
      qk_ctl_run_on_terminal ("[y/N]", "n\n", "archive", fixture->path, "--older-than", "0s", NULL);
  qk_ctl_assert_code (no, 1);
  assert_text (fixture, text);
  yes =
      qk_ctl_run_on_terminal ("[y/N]", "y\n", "archive", fixture->path, "--older-than", "0s", NULL);
  qk_ctl_assert_code (yes, 0);
  g_assert_nonnull (strstr (yes->out, "undo with: qkctl undo"));
  after = qk_ctl_read (fixture, NULL);
  g_assert_null (strstr (after, "DELIVERED"));
  none = qk_ctl_run ("archive", fixture->path, "--older-than", "0s", "--yes", NULL);
  qk_ctl_assert_code (none, 0);
  g_assert_cmpstr (none->out, ==, "Nothing to archive: no delivered message is that old\n");
}

/* What was archived comes back; what is there is told and left. */
static void
test_import (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture), *to = path_of (fixture, "a.json");
  g_autofree char *before = NULL, *damaged = write_file (fixture, "bad.json", "[{");
  g_autofree char *after = NULL;
  g_autoptr (QkCtlRun) bad = NULL, absent = NULL, dry = NULL;

  assert_archived (qk_ctl_run ("archive", "--json", fixture->path, "--older-than", "0s", "--to", to,
                               "--yes", NULL),
                   to, 2, 2);
  before = qk_ctl_read (fixture, NULL);
  dry = qk_ctl_run ("import", fixture->path, to, "--dry-run", NULL);
  qk_ctl_assert_code (dry, 0);
  g_assert_true (
      g_str_has_suffix (dry->out, "Would import 2 messages, skip 0; nothing was written\n"));
  assert_text (fixture, before);
  assert_run (qk_ctl_run ("import", fixture->path, to, NULL), 0, "Imported 2 messages\n");
  after = qk_ctl_read (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (queue); i++)
    {
      g_autofree char *entry = qk_ctl_entry_json (&queue[i]);
      g_autofree char *head = g_strndup (entry, strlen (entry) / 3);

      g_assert_nonnull (strstr (text, head));
      g_assert_nonnull (strstr (after, head));
    }
  assert_run (qk_ctl_run ("import", fixture->path, to, NULL), 1,
              "Imported 0 messages, skipped 2\n"
              "skipped d1: already in the queue\n"
              "skipped d2: already in the queue\n");
  assert_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 2, 0);
  assert_text (fixture, before);
  assert_action (qk_ctl_run ("import", "--json", "--pending", fixture->path, to, NULL), 0, 2, 0);

  bad = qk_ctl_run ("import", fixture->path, damaged, NULL);
  qk_ctl_assert_code (bad, 65);
  qk_ctl_assert_one_line (bad->err, "qkctl salvage");
  absent = qk_ctl_run ("import", fixture->path, "/nowhere/at/all", NULL);
  qk_ctl_assert_code (absent, 66);
  assert_usage (qk_ctl_run ("import", fixture->path, NULL), "SOURCE is missing");
}

static void
test_import_as_new (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry later = {"f1", "DELIVERED", "Agent-1", "one", 5, NULL};
  g_autofree char *text = write_queue (fixture);
  g_autofree char *theirs = write_file (fixture, "theirs.json", text);
  g_autoptr (JsonArray) entries = NULL;

  qk_ctl_write_entries (fixture, &later, 1);
  assert_action (qk_ctl_run ("import", "--json", fixture->path, theirs, NULL), 1, 3, 1);
  assert_action (qk_ctl_run ("import", "--json", "--as-new", fixture->path, theirs, NULL), 1, 1, 3);
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 5);
}

static void
test_restore (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry later[] = {{"f1", "PENDING", "Agent-1", "one", 5, NULL},
                                     {"n1", "PENDING", "Agent-1", "new", 5, NULL}};
  g_autofree char *text = write_queue (fixture), *now = NULL;
  g_autofree char *backup = write_file (fixture, "backups/queue_20260101_000000.json", text);
  g_autoptr (QkCtlRun) list = NULL, diff = NULL;
  g_autoptr (JsonArray) entries = NULL;

  qk_ctl_write_entries (fixture, later, G_N_ELEMENTS (later));
  now = qk_ctl_read (fixture, NULL);
  list = qk_ctl_run ("restore", fixture->path, NULL);
  qk_ctl_assert_code (list, 0);
  g_assert_nonnull (strstr (list->out, "backups/queue_20260101_000000.json"));
  diff = qk_ctl_run ("restore", fixture->path, "queue_20260101_000000.json", NULL);
  qk_ctl_assert_code (diff, 0);
  g_assert_true (g_str_has_suffix (diff->out,
                                   "3 only in the backup (+), 1 changed since (~), 1 only "
                                   "in the queue, 0 the same\n"));
  assert_text (fixture, now);

  assert_action (qk_ctl_run ("restore", "--json", fixture->path, backup, "--all", NULL), 0, 3, 0);
  assert_action (qk_ctl_run ("restore", "--json", fixture->path, backup, "f1", "zz", NULL), 1, 1,
                 1);
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 5);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (entries, 0), "status"), ==,
      "FAILED");
  assert_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 1, 0);
  assert_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 3, 0);
  assert_text (fixture, now);
  assert_usage (qk_ctl_run ("restore", fixture->path, "--all", NULL), "--all needs BACKUP");
  assert_usage (qk_ctl_run ("restore", fixture->path, backup, "", NULL), "empty");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/keep/export", test_export);
  QK_CTL_TEST ("/ctl/keep/export-hostile", test_export_hostile);
  QK_CTL_TEST ("/ctl/keep/archive", test_archive);
  QK_CTL_TEST ("/ctl/keep/archive-asks", test_archive_asks);
  QK_CTL_TEST ("/ctl/keep/import", test_import);
  QK_CTL_TEST ("/ctl/keep/import-as-new", test_import_as_new);
  QK_CTL_TEST ("/ctl/keep/restore", test_restore);
  return g_test_run ();
}
