/* Runs the demo swarm on a command that watches it: on this very program, told so by its first
 * argument. The command leaves the path of the queue in a report, so that the test can look whether
 * the folder is gone. */

#include "qk-test-util.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdlib.h>

#define AS_COMMAND        "--as-command"
#define COMMAND_EXIT_CODE 7
#define LIMIT_MS          60000

static const char *own_path;

/* The command's side. */

typedef struct {
  const char *queue;
  GHashTable *first; /* (element-type utf8 utf8): the status of each id when we came */
} Watch;

static JsonArray *
read_queue (const char *path, JsonParser *parser)
{
  g_autofree char *text = NULL;
  gsize length;

  /* The swarm's writers leave gaps: look again, then. */
  if (!g_file_get_contents (path, &text, &length, NULL) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  return json_node_get_array (json_parser_get_root (parser));
}

static gboolean
is_first_read (gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *entries = read_queue (watch->queue, parser);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      g_hash_table_insert (watch->first,
                           g_strdup (json_object_get_string_member (entry, "queue_id")),
                           g_strdup (json_object_get_string_member (entry, "status")));
    }
  return TRUE;
}

/* Both a producer and the processor were at work: there is a new message, and one that waited is
 * delivered. */
static gboolean
is_swarm_at_work (gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *entries = read_queue (watch->queue, parser);
  gboolean is_new = FALSE;
  gboolean is_delivered = FALSE;

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      const char *before =
          g_hash_table_lookup (watch->first, json_object_get_string_member (entry, "queue_id"));

      is_new |= before == NULL;
      is_delivered |= g_strcmp0 (before, "PENDING") == 0 &&
                      g_str_equal (json_object_get_string_member (entry, "status"), "DELIVERED");
    }
  return is_new && is_delivered;
}

static gboolean
never (gpointer user_data)
{
  return FALSE;
}

static int
act_as_command (const char *scene, const char *report, const char *queue)
{
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Watch watch = {queue, first};

  if (!qk_test_wait (is_first_read, &watch, LIMIT_MS) ||
      !g_file_set_contents (report, queue, -1, NULL))
    return 1;
  if (g_str_equal (scene, "watch"))
    return qk_test_wait (is_swarm_at_work, &watch, LIMIT_MS) ? COMMAND_EXIT_CODE : 1;
  if (g_str_equal (scene, "count"))
    return (int) g_hash_table_size (first);
  if (g_str_equal (scene, "die"))
    raise (SIGKILL);
  else
    qk_test_wait (never, NULL, LIMIT_MS);
  return 1;
}

/* The test's side. */

static void
assert_no_folder_left (const char *report)
{
  g_autoptr (GBytes) bytes = qk_test_read (report);
  g_autofree char *queue = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *folder = g_path_get_dirname (queue);
  g_autofree char *root = g_path_get_dirname (folder);
  g_autofree char *tail = g_build_filename ("message_queue", "queue.json", NULL);

  g_assert_true (g_str_has_suffix (queue, tail));
  g_assert_false (g_file_test (root, G_FILE_TEST_EXISTS));
}

static void
test_watch (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *report = g_build_filename (folder->path, "report", NULL);
  const char *argv[] = {g_getenv ("QK_DEMO_SWARM"),
                        "--rate",
                        "1200",
                        "--seed",
                        "1",
                        "--",
                        own_path,
                        AS_COMMAND,
                        "watch",
                        report,
                        NULL};
  g_autofree char *errors = NULL;

  g_assert_cmpint (qk_test_run (argv, NULL, &errors), ==, COMMAND_EXIT_CODE);
  g_assert_cmpstr (errors, ==, "");
  assert_no_folder_left (report);
}

static void
test_entries (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *report = g_build_filename (folder->path, "report", NULL);
  const char *argv[] = {g_getenv ("QK_DEMO_SWARM"),
                        "--rate",
                        "1",
                        "--entries",
                        "23",
                        "--",
                        own_path,
                        AS_COMMAND,
                        "count",
                        report,
                        NULL};

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 23);
  assert_no_folder_left (report);
}

static void
test_command_dies (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *report = g_build_filename (folder->path, "report", NULL);
  const char *argv[] = {
      g_getenv ("QK_DEMO_SWARM"), "--", own_path, AS_COMMAND, "die", report, NULL};

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 128 + SIGKILL);
  assert_no_folder_left (report);
}

static gboolean
is_there (gpointer user_data)
{
  return g_file_test (user_data, G_FILE_TEST_EXISTS);
}

static void
test_signal (QkTestFolder *folder, gconstpointer user_data)
{
  int number = GPOINTER_TO_INT (user_data);
  g_autofree char *report = g_build_filename (folder->path, "report", NULL);
  const char *argv[] = {
      g_getenv ("QK_DEMO_SWARM"), "--", own_path, AS_COMMAND, "stay", report, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_true (qk_test_wait (is_there, report, LIMIT_MS));
  g_subprocess_send_signal (process, number);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 128 + SIGTERM);
  assert_no_folder_left (report);
}

static void
test_no_such_command (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *missing = g_build_filename (folder->path, "missing", NULL);
  const char *argv[] = {g_getenv ("QK_DEMO_SWARM"), "--", missing, NULL};
  g_autofree char *errors = NULL;

  g_assert_cmpint (qk_test_run (argv, NULL, &errors), ==, 127);
  g_assert_nonnull (strstr (errors, missing));
}

static void
test_usage (void)
{
  const char *wrong[][5] = {
      {g_getenv ("QK_DEMO_SWARM"), NULL},
      {g_getenv ("QK_DEMO_SWARM"), "--", NULL},
      {g_getenv ("QK_DEMO_SWARM"), "--rate", "0", "true", NULL},
      {g_getenv ("QK_DEMO_SWARM"), "--entries", "1001", "true", NULL},
      {g_getenv ("QK_DEMO_SWARM"), "--no-such-option", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *errors = NULL;

      g_assert_cmpint (qk_test_run (wrong[i], NULL, &errors), ==, 2);
      g_assert_true (g_str_has_prefix (errors, "queuekeeper-demo-swarm: "));
    }
}

static void
add (const char *path,
     gconstpointer user_data,
     void (*test) (QkTestFolder *folder, gconstpointer user_data))
{
  g_test_add (path, QkTestFolder, user_data, qk_test_folder_set_up, test, qk_test_folder_tear_down);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], AS_COMMAND))
    return act_as_command (argv[2], argv[3], argv[4]);

  own_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  add ("/demo-swarm/watch", NULL, test_watch);
  add ("/demo-swarm/entries", NULL, test_entries);
  add ("/demo-swarm/command-dies", NULL, test_command_dies);
  add ("/demo-swarm/terminated", GINT_TO_POINTER (SIGTERM), test_signal);
  add ("/demo-swarm/interrupted", GINT_TO_POINTER (SIGINT), test_signal);
  add ("/demo-swarm/hung-up", GINT_TO_POINTER (SIGHUP), test_signal);
  add ("/demo-swarm/no-such-command", NULL, test_no_such_command);
  g_test_add_func ("/demo-swarm/usage", test_usage);
  return g_test_run ();
}
