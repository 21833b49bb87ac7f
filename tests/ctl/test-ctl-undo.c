#include "qk-ctl-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* `qkctl undo` and `qkctl operations`, each run a process of its own. */

static const QkCtlEntry queue[] = {
    {"f1", "FAILED", "Agent-1", "one", 900, "{\"delivery_attempts\":3,\"last_error\":\"e\"}"},
    {"d1", "DELIVERED", "Agent-1", "two", 900, NULL},
    {"p1", "PENDING", "Agent-2", "three", 900, NULL},
    {"d2", "DELIVERED", "Agent-2", "four", 900, NULL},
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

/* A run that ends with @code and prints an action; the number of its operation, 0 if it has none. */
static gint64
run_action (QkCtlRun *run, int code, guint n_changed, guint n_skipped)
{
  g_autoptr (QkCtlRun) owned = run;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  qk_ctl_assert_code (run, code);
  g_assert_cmpstr (run->err, ==, "");
  node = qk_ctl_parse (run->out);
  object = qk_ctl_assert_action (node, n_changed, n_skipped);
  return json_object_get_null_member (object, "operation")
             ? 0
             : json_object_get_int_member (object, "operation");
}

static void
test_purge (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autoptr (QkCtlRun) again = NULL, nothing = NULL, wrong = NULL;

  g_assert_cmpint (run_action (qk_ctl_run ("purge", "--json", "--yes", fixture->path, "--status",
                                           "DELIVERED", NULL),
                               0, 2, 0),
                   ==, 1);
  g_assert_cmpint (run_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 2, 0), ==, 2);
  assert_text (fixture, text);

  again = qk_ctl_run ("undo", fixture->path, "1", NULL);
  qk_ctl_assert_code (again, 1);
  qk_ctl_assert_one_line (again->err, "operation 1 is already undone, by operation 2");
  g_assert_cmpstr (again->out, ==, "");
  nothing = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (nothing, 1);
  qk_ctl_assert_one_line (nothing->err, "there is nothing to undo");
  wrong = qk_ctl_run ("undo", fixture->path, "9", NULL);
  qk_ctl_assert_code (wrong, 2);
  qk_ctl_assert_one_line (wrong->err, "there is no operation 9 of this queue");
  assert_text (fixture, text);
}

static void
test_resend_and_send (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture), *resent = NULL;

  g_assert_cmpint (run_action (qk_ctl_run ("resend", "--json", fixture->path, "f1", NULL), 0, 1, 0),
                   ==, 1);
  resent = qk_ctl_read (fixture, NULL);
  g_assert_cmpstr (resent, !=, text);
  g_assert_cmpint (run_action (qk_ctl_run ("send", "--json", fixture->path, "--to", "Agent-3",
                                           "--to", "Agent-4", "--content", "x", NULL),
                               0, 2, 0),
                   ==, 2);
  g_assert_cmpint (run_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 2, 0), ==, 3);
  assert_text (fixture, resent);
  g_assert_cmpint (run_action (qk_ctl_run ("undo", "--json", fixture->path, "1", NULL), 0, 1, 0),
                   ==, 4);
  assert_text (fixture, text);
}

/* What moved on is skipped, with 1; an action that does nothing is no operation. */
static void
test_skipped (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry later = {"f1", "PROCESSING", "Agent-1", "one", 5, NULL};
  g_autofree char *text = write_queue (fixture), *after = NULL;
  g_autoptr (QkCtlRun) undo = NULL;

  g_assert_cmpint (run_action (qk_ctl_run ("resend", "--json", fixture->path, "f1", NULL), 0, 1, 0),
                   ==, 1);
  qk_ctl_write_entries (fixture, &later, 1);
  after = qk_ctl_read (fixture, NULL);
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 1);
  g_assert_cmpstr (undo->out, ==,
                   "Undid operation 1: 0 messages, skipped 1\n"
                   "skipped f1: moved on meanwhile: processing now\n");
  assert_text (fixture, after);
  g_assert_cmpint (run_action (qk_ctl_run ("undo", "--json", fixture->path, "1", NULL), 1, 0, 1),
                   ==, 0);
}

/* What one operation did to each message. */
static void
test_entries (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autoptr (QkCtlRun) json = NULL, human = NULL, limited = NULL, wrong = NULL, many = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *entries;
  JsonObject *first, *before;

  g_assert_cmpint (run_action (qk_ctl_run ("purge", "--json", "--yes", fixture->path, "--status",
                                           "DELIVERED", NULL),
                               0, 2, 0),
                   ==, 1);
  json = qk_ctl_run ("operations", "--json", fixture->path, "1", NULL);
  qk_ctl_assert_code (json, 0);
  node = qk_ctl_parse (json->out);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "operation"), ==, 1);
  entries = json_object_get_array_member (json_node_get_object (node), "entries");
  g_assert_cmpuint (json_array_get_length (entries), ==, 2);
  first = json_array_get_object_element (entries, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "id"), ==, "d1");
  g_assert_true (json_object_get_null_member (first, "after"));
  before = json_object_get_object_member (first, "before");
  g_assert_cmpstr (json_object_get_string_member (before, "status"), ==, "DELIVERED");
  g_assert_cmpstr (json_object_get_string_member (before, "recipient"), ==, "Agent-1");

  human = qk_ctl_run ("operations", fixture->path, "1", NULL);
  qk_ctl_assert_code (human, 0);
  g_assert_cmpuint (qk_ctl_count_lines (human->out), ==, 3);
  g_assert_nonnull (strstr (human->out, "not there"));
  limited = qk_ctl_run ("operations", fixture->path, "1", "--limit", "1", NULL);
  g_assert_cmpuint (qk_ctl_count_lines (limited->out), ==, 2);
  wrong = qk_ctl_run ("operations", fixture->path, "9", NULL);
  qk_ctl_assert_code (wrong, 2);
  qk_ctl_assert_one_line (wrong->err, "there is no operation 9 of this queue");
  many = qk_ctl_run ("operations", fixture->path, "1", "2", NULL);
  qk_ctl_assert_code (many, 2);
}

static void
test_operations (QkCtlFixture *fixture, gconstpointer data)
{
  static const char *const members[] = {"id",     "time",   "action",          "count",
                                        "undoes", "undone", "undone_together", "state",
                                        "user",   "host",   "program",         "pid"};
  g_autofree char *text = write_queue (fixture);
  g_autoptr (QkCtlRun) none = qk_ctl_run ("operations", "--json", fixture->path, NULL);
  g_autoptr (QkCtlRun) all = NULL, limited = NULL, human = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *list;
  JsonObject *first, *second;

  qk_ctl_assert_code (none, 0);
  g_assert_cmpstr (none->out, ==, "{\"operations\":[]}\n");
  (void) run_action (
      qk_ctl_run ("purge", "--json", "--yes", fixture->path, "--status", "DELIVERED", NULL), 0, 2,
      0);
  (void) run_action (qk_ctl_run ("undo", "--json", fixture->path, NULL), 0, 2, 0);
  all = qk_ctl_run ("operations", "--json", fixture->folder, NULL);
  qk_ctl_assert_code (all, 0);
  node = qk_ctl_parse (all->out);
  list = json_object_get_array_member (json_node_get_object (node), "operations");
  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  first = json_array_get_object_element (list, 0);
  second = json_array_get_object_element (list, 1);
  g_assert_cmpuint (json_object_get_size (first), ==, G_N_ELEMENTS (members));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_true (json_object_has_member (first, members[i]));
  g_assert_cmpint (json_object_get_int_member (first, "id"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (first, "action"), ==, "undo");
  g_assert_true (json_object_get_null_member (first, "undone"));
  g_assert_cmpint (json_object_get_int_member (first, "undoes"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (second, "action"), ==, "purge");
  g_assert_cmpstr (json_object_get_string_member (second, "state"), ==, "done");
  g_assert_cmpint (json_object_get_int_member (second, "count"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (second, "undone"), ==, 2);

  limited = qk_ctl_run ("operations", fixture->path, "--limit", "1", NULL);
  qk_ctl_assert_code (limited, 0);
  g_assert_cmpuint (qk_ctl_count_lines (limited->out), ==, 2);
  g_assert_nonnull (strstr (limited->out, "undid 1"));
  human = qk_ctl_run ("operations", fixture->path, NULL);
  g_assert_nonnull (strstr (human->out, "undone by 2"));

  /* A queue that is damaged or gone has its past all the same. */
  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  g_clear_pointer (&all, qk_ctl_run_free);
  all = qk_ctl_run ("operations", fixture->path, NULL);
  qk_ctl_assert_code (all, 0);
  g_assert_cmpstr (all->out, ==, human->out);
}

static void
test_no_queue (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) undo = qk_ctl_run ("undo", fixture->path, NULL);
  g_autoptr (QkCtlRun) operations = qk_ctl_run ("operations", fixture->path, NULL);

  qk_ctl_assert_code (undo, 66);
  qk_ctl_assert_one_line (undo->err, "there is no queue at");
  qk_ctl_assert_code (operations, 66);
  qk_ctl_assert_one_line (operations->err, "there is no queue at");
}

/* Only a person is told how to undo. */
static void
test_hint (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autofree char *hint = g_strdup_printf ("undo with: qkctl undo '%s' 2\r\n", fixture->path);
  g_autoptr (QkCtlRun) piped = qk_ctl_run ("purge", "--yes", fixture->path, "d1", NULL);
  g_autoptr (QkCtlRun) seen =
      qk_ctl_run_on_terminal (NULL, NULL, "purge", "--yes", fixture->path, "d2", NULL);

  qk_ctl_assert_code (piped, 0);
  g_assert_cmpstr (piped->out, ==, "Purged 1 message\n");
  if (seen == NULL)
    {
      g_test_skip ("there is no script(1)");
      return;
    }
  qk_ctl_assert_code (seen, 0);
  g_assert_nonnull (strstr (seen->out, hint));
}

/* Without a history everything else works. */
static void
test_no_history (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture), *after = NULL;
  g_autofree char *blocked = g_build_filename (fixture->data, "queuekeeper", NULL);
  g_autoptr (QkCtlRun) purge = NULL, undo = NULL;

  g_assert_true (g_file_set_contents (blocked, "not a folder", -1, NULL));
  purge = qk_ctl_run ("purge", "--yes", fixture->path, "d1", NULL);
  qk_ctl_assert_code (purge, 0);
  g_assert_cmpstr (purge->out, ==, "Purged 1 message\n");
  qk_ctl_assert_one_line (purge->err, "saved, but it cannot be undone: the history");
  after = qk_ctl_read (fixture, NULL);
  g_assert_null (strstr (after, "\"d1\""));
  undo = qk_ctl_run ("undo", fixture->path, "1", NULL);
  qk_ctl_assert_code (undo, 74);
  qk_ctl_assert_one_line (undo->err, "the history");
}

static void
test_damaged_history (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autofree char *folder = g_build_filename (fixture->data, "queuekeeper", NULL);
  g_autofree char *db = g_build_filename (folder, "history.db", NULL);
  g_autoptr (QkCtlRun) purge = NULL, undo = NULL;
  struct stat st;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (db, "This is no database, by any means.", -1, NULL));
  purge = qk_ctl_run ("purge", "--yes", fixture->path, "d1", NULL);
  qk_ctl_assert_code (purge, 0);
  qk_ctl_assert_one_line (purge->err, "the history was damaged and is kept as");
  g_assert_cmpint (stat (folder, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0700);
  g_assert_cmpint (stat (db, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0600);
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 0);
  g_assert_cmpstr (undo->err, ==, "");
  assert_text (fixture, text);
}

/* Many at once, on two queues: each is kept, or says that it is not. */
static void
test_processes (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_queue (fixture);
  g_autofree char *other = g_build_filename (fixture->folder, "other.json", NULL);
  const char *const paths[] = {fixture->path, other};
  static const char *const ids[] = {"f1", "d1", "p1", "d2"};
  GSubprocess *processes[8];
  guint kept = 0, listed = 0;

  g_assert_true (g_file_set_contents (other, text, -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      const char *const argv[] = {"purge", "--json", "--yes", paths[i % 2], ids[i / 2], NULL};

      processes[i] =
          qk_ctl_spawn (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autoptr (QkCtlRun) run = qk_ctl_wait (processes[i], NULL);
      gboolean told = strstr (run->err, "cannot be undone") != NULL;

      qk_ctl_assert_code (run, 0);
      g_assert_true (told == (strstr (run->out, "\"operation\":null") != NULL));
      kept += !told;
    }
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (QkCtlRun) run = qk_ctl_run ("operations", paths[i], NULL);
      guint lines = qk_ctl_count_lines (run->out);

      qk_ctl_assert_code (run, 0);
      listed += lines - 1;
    }
  g_test_message ("kept: %u of %u", kept, (guint) G_N_ELEMENTS (processes));
  g_assert_cmpuint (kept, >=, 2);
  g_assert_cmpuint (listed, ==, kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/undo/purge", test_purge);
  QK_CTL_TEST ("/ctl/undo/resend-and-send", test_resend_and_send);
  QK_CTL_TEST ("/ctl/undo/skipped", test_skipped);
  QK_CTL_TEST ("/ctl/undo/operations", test_operations);
  QK_CTL_TEST ("/ctl/undo/entries", test_entries);
  QK_CTL_TEST ("/ctl/undo/no-queue", test_no_queue);
  QK_CTL_TEST ("/ctl/undo/hint", test_hint);
  QK_CTL_TEST ("/ctl/undo/no-history", test_no_history);
  QK_CTL_TEST ("/ctl/undo/damaged-history", test_damaged_history);
  QK_CTL_TEST ("/ctl/undo/processes", test_processes);
  return g_test_run ();
}
