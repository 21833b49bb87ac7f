#include "qk-ctl-fixture.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>

/* Only a failed test waits so long. */
#define PATIENCE_S 20

static const QkCtlEntry quiet[] = {
    {"aaaaaaaa-1", "PENDING", "Agent-1", "one", 10, NULL},
    {"bbbbbbbb-2", "DELIVERED", "Agent-2", "two", 10, NULL},
};

static const QkCtlEntry stuck[] = {
    {"aaaaaaaa-1", "PROCESSING", "Agent-1", "one", 100, NULL},
    {"bbbbbbbb-2", "PROCESSING", "Agent-2", "two", 90, NULL},
    {"cccccccc-3", "PROCESSING", "Agent-2", "three", 80, NULL},
    {"dddddddd-4", "PROCESSING", "Agent-2", "four", 5, NULL},
};

static const QkCtlEntry stuck_long[] = {
    {"aaaaaaaa-1", "PROCESSING", "Agent-1", "one", 400, NULL},
    {"bbbbbbbb-2", "PROCESSING", "=cmd|x", "two", 90, NULL},
};

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_test_message ("looked for “%s” in: %.4000s", part, text);
  g_assert_nonnull (strstr (text, part));
}

/* Each format, and what it is known by. Nothing is written beside the queue. */
static void
test_formats (QkCtlFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *format;
    const char *part;
  } cases[] = {
      {"text", "Critical: Messages are stuck. PROCESSING without an update for over 300 s: 1.\n"},
      {"csv", "\r\nqueue,,PROCESSING,entries,2,,,"},
      {"json", "\"stuck_critical\": 1"},
      {"openmetrics", ",severity=\"critical\"} 1\n"},
      {"prometheus", ",status=\"PROCESSING\"} 2\n"},
      {"html", "<strong class=\"critical\">Critical</strong>"},
      {"swarm", "\"total_errors\": 0"},
  };
  g_autofree char *before = NULL, *after = NULL;

  qk_ctl_write_entries (fixture, stuck_long, G_N_ELEMENTS (stuck_long));
  before = qk_ctl_list_folder (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkCtlRun) run =
          qk_ctl_run ("stats", fixture->path, "--format", cases[i].format, NULL);

      qk_ctl_assert_code (run, 0);
      g_assert_cmpstr (run->err, ==, "");
      assert_has (run->out, cases[i].part);
    }
  after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (before, ==, after);
}

static void
test_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, since = NULL, what_if = NULL;
  g_autoptr (JsonNode) node = NULL, other = NULL, third = NULL;
  JsonObject *object;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  run = qk_ctl_run ("stats", fixture->folder, "--json", NULL);
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "queue"), ==, fixture->path);
  g_assert_cmpstr (json_object_get_string_member (object, "period"), ==, "24h");
  g_assert_cmpstr (json_object_get_string_member (object, "verdict"), ==, "good");
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (object, "entries"), "total"), ==,
      2);
  since = qk_ctl_run ("stats", fixture->path, "--json", "--since", "7d", NULL);
  other = qk_ctl_parse (since->out);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (other), "period"), ==,
                   "7d");
  what_if = qk_ctl_run ("stats", fixture->path, "--json", "--what-if", "9,0.2,2", NULL);
  qk_ctl_assert_code (what_if, 0);
  third = qk_ctl_parse (what_if->out);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (third), "saves"), ==, 0);
}

/* The first report of a process has them as well. */
static void
test_swarm (QkCtlFixture *fixture, gconstpointer data)
{
  static const char counters[] =
      "{\"errors\":[{\"timestamp\":\"2026-01-02T03:04:05\",\"error_type\":\"PermissionError\","
      "\"winerror_code\":5,\"attempt\":1,\"delay\":0.15,\"file_path\":\"q\"}],\"retry_success\":["
      "{\"timestamp\":\"2026-01-02T03:04:06\",\"attempts\":2,\"total_delay\":0.15,"
      "\"winerror_code\":null}],\"concurrency_events\":[],\"summary\":{\"total_errors\":1,"
      "\"winerror_5_count\":1,\"retry_success_count\":1,\"max_retries_needed\":2},"
      "\"last_updated\":\"2026-01-02T03:04:06\"}";
  g_autofree char *path = g_build_filename (fixture->folder, "file_locking_metrics.json", NULL);
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  g_assert_true (g_file_set_contents (path, counters, -1, NULL));
  run = qk_ctl_run ("stats", fixture->path, "--format", "prometheus", NULL);
  qk_ctl_assert_code (run, 0);
  assert_has (run->out, ",source=\"swarm\",operation=\"save\",kind=\"access-denied\"} 1\n");
  assert_has (run->out, ",source=\"swarm\",attempts=\"2\"} 1\n");
}

/* Into a file, in one step, and never into the queue. */
static void
test_output (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "queue.prom", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "no", "x", NULL);
  g_autofree char *before = NULL, *after = NULL, *written = NULL;
  g_autoptr (QkCtlRun) run = NULL, refused = NULL, failed = NULL;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  before = qk_ctl_read (fixture, NULL);
  run = qk_ctl_run ("stats", fixture->path, "--format", "prometheus", "--output", path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "");
  g_assert_true (g_file_get_contents (path, &written, NULL, NULL));
  assert_has (written, "# TYPE queuekeeper_saves_total counter\n");
  refused = qk_ctl_run ("stats", fixture->path, "--output", fixture->path, NULL);
  qk_ctl_assert_code (refused, 2);
  qk_ctl_assert_one_line (refused->err, "belongs to the swarm: choose another file");
  after = qk_ctl_read (fixture, NULL);
  g_assert_cmpstr (before, ==, after);
  failed = qk_ctl_run ("stats", fixture->path, "--output", missing, NULL);
  qk_ctl_assert_code (failed, 74);
  qk_ctl_assert_one_line (failed->err, "No such file or directory");
}

static void
assert_check (QkCtlFixture *fixture, int code, const char *start, const char *part)
{
  g_autoptr (QkCtlRun) run = qk_ctl_run ("check", fixture->path, NULL);

  qk_ctl_assert_code (run, code);
  qk_ctl_assert_one_line (run->out, part);
  if (!g_str_has_prefix (run->out, start))
    g_test_message ("%s", run->out);
  g_assert_true (g_str_has_prefix (run->out, start));
  g_assert_cmpstr (run->err, ==, "");
}

static void
test_check (QkCtlFixture *fixture, gconstpointer data)
{
  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  assert_check (
      fixture, 0, "QUEUE OK - 2 entries, 1 pending|total=2;500;1000;0 pending=1;;;0 ",
      " delivered=1;;;0 stuck=0;0;;0 stuck_long=0;;0;0 failure_rate=0%;5;10;0 average_age=");
  qk_ctl_write_entries (fixture, stuck, G_N_ELEMENTS (stuck));
  assert_check (fixture, 1, "QUEUE WARNING - 3 stuck for over 60 s|total=4;500;1000;0 ",
                " stuck=3;0;;0 ");
  qk_ctl_write_entries (fixture, stuck_long, G_N_ELEMENTS (stuck_long));
  assert_check (fixture, 2, "QUEUE CRITICAL - 1 stuck for over 300 s|total=2;500;1000;0 ",
                " stuck_long=1;;0;0 ");
  qk_ctl_write (fixture, "[{\"a\":1},{\"b\":", -1);
  assert_check (fixture, 2, "QUEUE CRITICAL - ", "qkctl salvage tells what can be had.");
}

/* So many, so many failed. */
static void
write_many (QkCtlFixture *fixture, guint n, guint n_failed)
{
  g_autofree QkCtlEntry *entries = g_new0 (QkCtlEntry, n);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (ids, g_strdup_printf ("%08u", i));
      entries[i] = (QkCtlEntry){g_ptr_array_index (ids, i),
                                i < n_failed ? "FAILED" : "DELIVERED",
                                "Agent-1",
                                "x",
                                10,
                                NULL};
    }
  qk_ctl_write_entries (fixture, entries, n);
}

static void
test_check_limits (QkCtlFixture *fixture, gconstpointer data)
{
  write_many (fixture, 500, 0);
  assert_check (fixture, 0, "QUEUE OK - 500 entries, 0 pending|", "|total=500;500;1000;0 ");
  write_many (fixture, 501, 0);
  assert_check (fixture, 1, "QUEUE WARNING - 501 entries|", "|total=501;500;1000;0 ");
  write_many (fixture, 1001, 0);
  assert_check (fixture, 2, "QUEUE CRITICAL - 1001 entries|", "|total=1001;500;1000;0 ");
  write_many (fixture, 100, 6);
  assert_check (fixture, 1, "QUEUE WARNING - 6 of the last 100 failed|",
                " failure_rate=6%;5;10;0 ");
  write_many (fixture, 95, 10);
  assert_check (fixture, 2, "QUEUE CRITICAL - 10 of the last 95 failed|",
                " failure_rate=11%;5;10;0 ");
}

static void
test_check_unknown (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) usage = qk_ctl_run ("check", NULL), more = NULL, json = NULL;
  g_autoptr (JsonNode) node = NULL;

  assert_check (fixture, 3, "QUEUE UNKNOWN - ", "there is no queue at");
  qk_ctl_assert_code (usage, 3);
  qk_ctl_assert_one_line (usage->err, "FILE is missing");
  more = qk_ctl_run ("check", fixture->path, "--timeout", "0", NULL);
  qk_ctl_assert_code (more, 3);
  qk_ctl_assert_one_line (more->err, "--timeout takes a whole number");
  qk_ctl_write_entries (fixture, stuck, G_N_ELEMENTS (stuck));
  json = qk_ctl_run ("check", fixture->path, "--json", NULL);
  qk_ctl_assert_code (json, 1);
  node = qk_ctl_parse (json->out);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "status"), ==,
                   "WARNING");
  g_assert_cmpint (
      json_object_get_int_member (
          json_object_get_object_member (json_node_get_object (node), "figures"), "stuck"),
      ==, 3);
}

/* Where a source cannot be read, "OK" alone would be too much said; each has a line of its own. */
static void
test_incomplete (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *counters = g_build_filename (fixture->folder, "file_locking_metrics.json", NULL);
  g_autofree char *history = g_build_filename (fixture->data, "queuekeeper", "history.db", NULL);
  g_autoptr (QkCtlRun) text = NULL, html = NULL;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  g_assert_cmpint (g_mkdir_with_parents (counters, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (history, 0700), ==, 0);
  assert_check (fixture, 0, "QUEUE OK - ", "; not all is known: Cannot read ");
  assert_check (fixture, 0, "QUEUE OK - ", " the history ");
  text = qk_ctl_run ("stats", fixture->path, NULL);
  assert_has (text->out, "\nCannot read ");
  assert_has (text->out, "\nthe history ");
  html = qk_ctl_run ("stats", fixture->path, "--format", "html", NULL);
  assert_has (html->out, "<p>Cannot read ");
  assert_has (html->out, "<p>the history ");
  g_assert_cmpint (g_rmdir (counters), ==, 0);
  g_assert_cmpint (g_rmdir (history), ==, 0);
}

/* Where the swarm counts is found, or said. */
static void
test_counters (QkCtlFixture *fixture, gconstpointer data)
{
  static const char counters[] = "{\"errors\":[],\"summary\":{\"total_errors\":7}}";
  g_autofree char *path = g_build_filename (fixture->folder, "elsewhere.json", NULL);
  g_autoptr (QkCtlRun) without = NULL, with = NULL, missing = NULL, empty = NULL;
  g_autoptr (GError) error = NULL;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  g_file_set_contents (path, counters, -1, &error);
  g_assert_no_error (error);
  without = qk_ctl_run ("stats", fixture->path, "--since", "all", "--format", "prometheus", NULL);
  assert_has (without->out, "source=\"swarm\"} 0\n# HELP queuekeeper_saves_total ");
  with = qk_ctl_run ("stats", fixture->path, "--since", "all", "--format", "prometheus",
                     "--counters", path, NULL);
  assert_has (with->out, "source=\"swarm\"} 7\n# HELP queuekeeper_saves_total ");
  g_assert_cmpint (g_remove (path), ==, 0);
  missing = qk_ctl_run ("check", fixture->path, "--counters", path, NULL);
  qk_ctl_assert_code (missing, 0);
  assert_has (missing->out, "; not all is known: There is no file ");
  empty = qk_ctl_run ("stats", fixture->path, "--counters", "", NULL);
  qk_ctl_assert_code (empty, 2);
  qk_ctl_assert_one_line (empty->err, "--counters is empty");
}

typedef struct {
  GSubprocess *process;    /* owned */
  GDataInputStream *lines; /* owned */
  char *uri;               /* owned */
  SoupSession *session;    /* owned */
} Server;

static gpointer
kill_later (gpointer data)
{
  g_usleep (PATIENCE_S * G_USEC_PER_SEC);
  g_subprocess_force_exit (data);
  g_object_unref (data);
  return NULL;
}

/* On a port that the system chooses. */
static void
server_start (Server *server, const char *file, const char *listen)
{
  const char *arguments[] = {"exporter", file, "--listen", listen, NULL};
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  server->process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  server->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server->process));
  g_thread_unref (g_thread_new ("kill", kill_later, g_object_ref (server->process)));
  line = g_data_input_stream_read_line (server->lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_test_message ("%s", line);
  g_assert_true (g_str_has_prefix (line, "Serving http://"));
  server->uri = g_strdup (line + strlen ("Serving "));
  server->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
}

static void
server_end (Server *server, int signal)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (server->process, signal);
  g_subprocess_wait (server->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (server->process));
  g_assert_cmpint (g_subprocess_get_exit_status (server->process), ==, 0);
  g_clear_object (&server->lines);
  g_clear_object (&server->process);
  g_clear_object (&server->session);
  g_clear_pointer (&server->uri, g_free);
}

static char *
request (Server *server,
         const char *method,
         const char *path,
         const char *accept,
         guint *status,
         char **type)
{
  g_autofree char *uri = g_uri_resolve_relative (server->uri, path, G_URI_FLAGS_NONE, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (accept != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Accept", accept);
  bytes = soup_session_send_and_read (server->session, message, NULL, &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  if (type != NULL)
    *type = g_strdup (
        soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Type"));
  return g_bytes_get_size (bytes) > 0
             ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
             : g_strdup ("");
}

static void
test_exporter (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *plain = NULL, *open = NULL, *none = NULL, *head = NULL, *post = NULL;
  g_autofree char *plain_type = NULL, *open_type = NULL;
  Server server;
  guint status;

  qk_ctl_write_entries (fixture, stuck, G_N_ELEMENTS (stuck));
  server_start (&server, fixture->path, "127.0.0.1:0");
  g_assert_true (g_str_has_prefix (server.uri, "http://127.0.0.1:"));
  plain = request (&server, "GET", "/metrics", NULL, &status, &plain_type);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (plain_type, ==, "text/plain; version=0.0.4; charset=utf-8");
  assert_has (plain, "# TYPE queuekeeper_saves_total counter\n");
  assert_has (plain, ",status=\"PROCESSING\"} 4\n");
  g_assert_null (strstr (plain, "# EOF"));
  open = request (&server, "GET", "/metrics",
                  "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
                  &status, &open_type);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (open_type, ==, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert_has (open, "# TYPE queuekeeper_saves counter\n");
  g_assert_true (g_str_has_suffix (open, "\n# EOF\n"));
  head = request (&server, "HEAD", "/metrics", NULL, &status, NULL);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (head, ==, "");
  none = request (&server, "GET", "/", NULL, &status, NULL);
  g_assert_cmpuint (status, ==, 404);
  post = request (&server, "POST", "/metrics", NULL, &status, NULL);
  g_assert_cmpuint (status, ==, 405);
  server_end (&server, SIGTERM);
}

/* What changes is seen; a queue that is gone is told, and waited for. */
static void
test_exporter_live (QkCtlFixture *fixture, gconstpointer data)
{
  static const struct {
    guint n;
    const char *part;
  } steps[] = {{4, ",status=\"PROCESSING\"} 4\n"}, {1, ",status=\"PROCESSING\"} 1\n"}};
  g_autofree char *missing = NULL;
  Server server;
  guint status;

  server_start (&server, fixture->path, "localhost:0");
  missing = request (&server, "GET", "/metrics", NULL, &status, NULL);
  g_assert_cmpuint (status, ==, 200);
  assert_has (missing, "queuekeeper_health{");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
      gboolean seen = FALSE;

      qk_ctl_write_entries (fixture, stuck, steps[i].n);
      while (!seen)
        {
          g_autofree char *text = request (&server, "GET", "/metrics", NULL, &status, NULL);

          g_assert_cmpuint (status, ==, 200);
          seen = strstr (text, steps[i].part) != NULL && strstr (text, "queuekeeper_up{") != NULL;
          g_assert_cmpint (g_get_monotonic_time (), <, deadline);
        }
    }
  server_end (&server, SIGINT);
}

/* What cannot be read is down and critical, and nothing is said of what would be in it. */
static void
test_exporter_down (QkCtlFixture *fixture, gconstpointer data)
{
  static const char down[] = "queuekeeper_up{queue=\"%s\"} 0\n";
  static const char critical[] = "queuekeeper_health{queue=\"%s\"} 2\n";
  g_autofree char *wanted = NULL, *verdict = NULL;
  gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  gboolean seen = FALSE;
  Server server;
  guint status;

  qk_ctl_write (fixture, "[{\"queue_id\":", -1);
  server_start (&server, fixture->path, "127.0.0.1:0");
  wanted = g_strdup_printf (down, fixture->path);
  verdict = g_strdup_printf (critical, fixture->path);
  while (!seen)
    {
      g_autofree char *text = request (&server, "GET", "/metrics", NULL, &status, NULL);

      g_assert_cmpuint (status, ==, 200);
      assert_has (text, wanted);
      g_assert_null (strstr (text, "queuekeeper_entries{"));
      seen = strstr (text, verdict) != NULL;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
  server_end (&server, SIGTERM);
}

static GSocketConnection *
connect_to (Server *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GUri) uri = g_uri_parse (server->uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_to_host (
      client, g_uri_get_host (uri), (guint16) g_uri_get_port (uri), NULL, &error);

  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), PATIENCE_S);
  return connection;
}

/* Those that connect and say nothing keep nobody away: the oldest makes room. */
static void
test_exporter_crowd (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  Server server;
  guint status;
  char byte;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  server_start (&server, fixture->path, "127.0.0.1:0");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *text = NULL;

      g_ptr_array_add (silent, connect_to (&server));
      if (i % 100 != 99)
        continue;
      text = request (&server, "GET", "/metrics", NULL, &status, NULL);
      g_assert_cmpuint (status, ==, 200);
      assert_has (text, "queuekeeper_up{");
    }
  g_assert_cmpint (
      g_input_stream_read (g_io_stream_get_input_stream (silent->pdata[0]), &byte, 1, NULL, &error),
      ==, 0);
  g_assert_no_error (error);
  server_end (&server, SIGTERM);
}

/* Wherever others can reach it, it says so, and serves. */
static void
test_exporter_open (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  const char *arguments[] = {"exporter", fixture->path, "--listen", "0.0.0.0:0", NULL};
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  g_thread_unref (g_thread_new ("kill", kill_later, g_object_ref (process)));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_has (line, "other machines can reach this address");
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void
test_exporter_taken (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autofree char *address = NULL;
  Server server;

  qk_ctl_write_entries (fixture, quiet, G_N_ELEMENTS (quiet));
  server_start (&server, fixture->path, "127.0.0.1:0");
  address = g_strndup (server.uri + strlen ("http://"),
                       strlen (server.uri) - strlen ("http://") - strlen ("/metrics"));
  run = qk_ctl_run ("exporter", fixture->path, "--listen", address, NULL);
  qk_ctl_assert_code (run, 74);
  qk_ctl_assert_one_line (run->err, "choose another one with --listen");
  assert_has (run->err, address);
  server_end (&server, SIGTERM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/stats/formats", test_formats);
  QK_CTL_TEST ("/ctl/stats/json", test_json);
  QK_CTL_TEST ("/ctl/stats/swarm", test_swarm);
  QK_CTL_TEST ("/ctl/stats/output", test_output);
  QK_CTL_TEST ("/ctl/check/verdicts", test_check);
  QK_CTL_TEST ("/ctl/check/limits", test_check_limits);
  QK_CTL_TEST ("/ctl/check/unknown", test_check_unknown);
  QK_CTL_TEST ("/ctl/check/incomplete", test_incomplete);
  QK_CTL_TEST ("/ctl/stats/counters", test_counters);
  QK_CTL_TEST ("/ctl/exporter/metrics", test_exporter);
  QK_CTL_TEST ("/ctl/exporter/live", test_exporter_live);
  QK_CTL_TEST ("/ctl/exporter/down", test_exporter_down);
  QK_CTL_TEST ("/ctl/exporter/crowd", test_exporter_crowd);
  QK_CTL_TEST ("/ctl/exporter/open", test_exporter_open);
  QK_CTL_TEST ("/ctl/exporter/taken", test_exporter_taken);
  return g_test_run ();
}
