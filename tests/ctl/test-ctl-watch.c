#include "qk-ctl-fixture.h"

#include <signal.h>
#include <string.h>

/* Longer than any wait for a line that comes; only a failed test waits so long. */
#define PATIENCE_S 20

static const QkCtlEntry first[] = {
    {"aaaaaaaa-1", "PENDING", "Agent-1", "one", 10, NULL},
    {"bbbbbbbb-2", "PENDING", "Agent-2", "two", 10, NULL},
    {"cccccccc-3", "FAILED", "Agent-2", "three", 10, NULL},
};

/* cccccccc-3 went, aaaaaaaa-1 was taken, bbbbbbbb-2 edited, dddddddd-4 came. */
static const QkCtlEntry second[] = {
    {"aaaaaaaa-1", "PROCESSING", "Agent-1", "one", 10, NULL},
    {"bbbbbbbb-2", "PENDING", "Agent-2", "two \\u001b[2J", 10, NULL},
    {"dddddddd-4", "PENDING", "Agent-3", "four", 10, NULL},
};

typedef struct {
  GSubprocess *process;    /* owned */
  GDataInputStream *lines; /* owned */
} Watch;

static gpointer
kill_later (gpointer data)
{
  g_usleep (PATIENCE_S * G_USEC_PER_SEC);
  g_subprocess_force_exit (data);
  g_object_unref (data);
  return NULL;
}

static void watch_start (Watch *watch, const char *first_argument, ...) G_GNUC_NULL_TERMINATED;

static void
watch_start (Watch *watch, const char *first_argument, ...)
{
  const char *arguments[8] = {"watch"};
  va_list list;
  guint n = 1;

  va_start (list, first_argument);
  for (const char *a = first_argument; a != NULL; a = va_arg (list, const char *))
    arguments[n++] = a;
  va_end (list);
  watch->process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  watch->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (watch->process));
  g_thread_unref (g_thread_new ("kill", kill_later, g_object_ref (watch->process)));
}

static char *
watch_next (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (watch->lines, NULL, NULL, &error);

  g_assert_no_error (error);
  g_test_message ("%s", line != NULL ? line : "(end)");
  g_assert_nonnull (line);
  return line;
}

/* Reads lines until one holds @part: which passing states of the file are seen is a matter of
 * chance. */
static char *
watch_find (Watch *watch, const char *part)
{
  char *line = watch_next (watch);

  while (strstr (line, part) == NULL)
    {
      g_free (line);
      line = watch_next (watch);
    }
  return line;
}

static void
watch_end (Watch *watch, int signal)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (watch->process, signal);
  g_subprocess_wait (watch->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (watch->process));
  g_assert_cmpint (g_subprocess_get_exit_status (watch->process), ==, 0);
  g_clear_object (&watch->lines);
  g_clear_object (&watch->process);
}

static JsonObject *
watch_next_event (Watch *watch, const char *event, const char *id)
{
  g_autofree char *line = watch_next (watch);
  g_autoptr (JsonNode) node = qk_ctl_parse (line);
  JsonObject *object = json_node_dup_object (node);

  g_assert_cmpuint (strlen (json_object_get_string_member (object, "time")), >=,
                    strlen ("2026-01-01T00:00:00"));
  g_assert_cmpstr (json_object_get_string_member (object, "event"), ==, event);
  if (id != NULL)
    g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, id);
  return object;
}

static void
test_human (QkCtlFixture *fixture, gconstpointer data)
{
  static const char *const expected[] = {
      "  cccccccc  removed FAILED           Agent-2     three",
      "  aaaaaaaa  PENDING → PROCESSING     Agent-1     one",
      "  bbbbbbbb  edited PENDING           Agent-2     two ␛[2J",
      "  dddddddd  added PENDING            Agent-3     four",
  };
  g_autofree char *head = NULL;
  Watch watch;

  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  watch_start (&watch, fixture->path, NULL);
  head = watch_next (&watch);
  g_assert_true (g_str_has_suffix (head, "  3 messages: 2 PENDING, 1 FAILED"));
  qk_ctl_write_entries (fixture, second, G_N_ELEMENTS (second));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *line = watch_next (&watch);

      g_assert_true (g_str_has_suffix (line, expected[i]));
      g_assert_cmpuint (strlen (line), ==, strlen ("00:00:00") + strlen (expected[i]));
    }
  watch_end (&watch, SIGINT);
}

static void
test_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) queue = NULL;
  g_autoptr (JsonObject) removed = NULL;
  g_autoptr (JsonObject) status = NULL;
  g_autoptr (JsonObject) edited = NULL;
  g_autoptr (JsonObject) added = NULL;
  Watch watch;

  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  watch_start (&watch, "--json", fixture->folder, NULL);
  queue = watch_next_event (&watch, "queue", NULL);
  g_assert_cmpint (json_object_get_int_member (queue, "total"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (queue, "path"), ==, fixture->path);
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (queue, "by_status"), "PENDING"),
      ==, 2);
  qk_ctl_write_entries (fixture, second, G_N_ELEMENTS (second));
  removed = watch_next_event (&watch, "removed", "cccccccc-3");
  g_assert_cmpstr (json_object_get_string_member (removed, "status"), ==, "FAILED");
  status = watch_next_event (&watch, "status", "aaaaaaaa-1");
  g_assert_cmpstr (json_object_get_string_member (status, "was"), ==, "PENDING");
  g_assert_cmpstr (json_object_get_string_member (status, "status"), ==, "PROCESSING");
  edited = watch_next_event (&watch, "edited", "bbbbbbbb-2");
  g_assert_false (json_object_has_member (edited, "was"));
  added = watch_next_event (&watch, "added", "dddddddd-4");
  g_assert_cmpstr (json_object_get_string_member (added, "recipient"), ==, "Agent-3");
  g_assert_cmpstr (json_object_get_string_member (added, "excerpt"), ==, "four");
  watch_end (&watch, SIGTERM);
}

/* Fifty are told one by one, more are counted. */
static void
test_many (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree QkCtlEntry *entries = g_new0 (QkCtlEntry, 101);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *head = NULL, *counts = NULL;
  g_autofree char *changed = NULL;
  Watch watch;

  for (guint i = 0; i < 101; i++)
    {
      g_ptr_array_add (ids, g_strdup_printf ("%08u", i));
      entries[i] = (QkCtlEntry){g_ptr_array_index (ids, i), "PENDING", "Agent-1", "x", 10, NULL};
    }
  qk_ctl_write (fixture, "[]", -1);
  watch_start (&watch, fixture->path, NULL);
  head = watch_next (&watch);
  g_assert_true (g_str_has_suffix (head, "  0 messages"));

  qk_ctl_write_entries (fixture, entries, 50);
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *line = watch_next (&watch);
      g_autofree char *part = g_strdup_printf ("  %08u  added PENDING ", i);

      g_assert_nonnull (strstr (line, part));
    }
  qk_ctl_write_entries (fixture, entries, 101);
  counts = watch_next (&watch);
  g_assert_true (g_str_has_suffix (counts, "  many changes at once: 51 added, 0 removed, 0 with "
                                           "another status, 0 edited"));
  entries[3].status = "FAILED";
  qk_ctl_write_entries (fixture, entries, 101);
  changed = watch_next (&watch);
  g_assert_nonnull (strstr (changed, "  00000003  PENDING → FAILED "));
  watch_end (&watch, SIGINT);
}

/* A file that is not there is waited for; one that breaks and mends is told. */
static void
test_states (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *gone = NULL, *head = NULL, *torn = NULL, *damaged = NULL, *live = NULL;
  Watch watch;

  watch_start (&watch, fixture->path, NULL);
  gone = watch_find (&watch, "  gone: waiting for the file: ");
  g_assert_nonnull (strstr (gone, fixture->path));
  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  head = watch_find (&watch, "3 messages");
  qk_ctl_write (fixture, "{]", -1);
  torn = watch_find (&watch, "  file incomplete: ");
  damaged = watch_find (&watch, "  damaged: ");
  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  live = watch_find (&watch, "  live");
  watch_end (&watch, SIGINT);
}

/* What stands in the way of reading is told as it happens. */
static void
test_lock_event (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) queue = NULL;
  g_autoptr (JsonObject) lock = NULL;
  g_autoptr (JsonObject) waiting = NULL;
  g_autoptr (JsonObject) live = NULL;
  Watch watch;

  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  watch_start (&watch, "--json", fixture->path, NULL);
  queue = watch_next_event (&watch, "queue", NULL);
  qk_ctl_write (fixture, "", 0);
  lock = watch_next_event (&watch, "lock", NULL);
  g_assert_cmpstr (json_object_get_string_member (lock, "operation"), ==, "read");
  g_assert_cmpstr (json_object_get_string_member (lock, "kind"), ==, "torn");
  g_assert_cmpstr (json_object_get_string_member (lock, "outcome"), ==, "retry");
  g_assert_cmpfloat (json_object_get_double_member (lock, "delay_s"), >, 0);
  g_assert_nonnull (strstr (json_object_get_string_member (lock, "text"), "file incomplete"));
  waiting = watch_next_event (&watch, "state", NULL);
  g_assert_cmpstr (json_object_get_string_member (waiting, "state"), ==, "waiting");
  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  live = watch_next_event (&watch, "state", NULL);
  g_assert_cmpstr (json_object_get_string_member (live, "state"), ==, "live");
  watch_end (&watch, SIGINT);
}

/* Another program begins anew: what it has swept away is told, kept, and can be put back. */
static void
test_loss (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry many[] = {
      {"1", "DELIVERED", "Agent-1", "one", 10, NULL},
      {"2", "DELIVERED", "Agent-1", "two", 10, NULL},
      {"3", "DELIVERED", "Agent-1", "three", 10, NULL},
      {"4", "PENDING", "Agent-1", "four", 10, NULL},
      {"5", "PENDING", "Agent-1", "five", 10, NULL},
  };
  g_autofree char *line = NULL, *operation = NULL, *json = NULL;
  g_autoptr (QkCtlRun) undo = NULL;
  g_autoptr (JsonArray) entries = NULL;
  const char *command;
  Watch watch;

  qk_ctl_write_entries (fixture, many, G_N_ELEMENTS (many));
  watch_start (&watch, fixture->path, NULL);
  g_free (watch_find (&watch, "5 messages"));
  qk_ctl_write_entries (fixture, first, 1);
  line = watch_find (&watch, "5 to 1 messages");
  command = strstr (line, "put 5 back with: qkctl undo ");
  g_assert_nonnull (command);
  operation = g_strdup (strrchr (command, ' ') + 1);
  watch_end (&watch, SIGINT);
  undo = qk_ctl_run ("undo", fixture->path, operation, NULL);
  qk_ctl_assert_code (undo, 0);
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 6);
}

static void
test_loss_json (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry many[] = {
      {"1", "PENDING", "Agent-1", "one", 10, NULL},   {"2", "PENDING", "Agent-1", "two", 10, NULL},
      {"3", "PENDING", "Agent-1", "three", 10, NULL}, {"4", "PENDING", "Agent-1", "four", 10, NULL},
      {"5", "PENDING", "Agent-1", "five", 10, NULL},
  };
  g_autofree char *line = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *loss;
  Watch watch;

  qk_ctl_write_entries (fixture, many, G_N_ELEMENTS (many));
  watch_start (&watch, "--json", fixture->path, NULL);
  g_free (watch_find (&watch, "\"queue\""));
  qk_ctl_write (fixture, "[]", -1);
  line = watch_find (&watch, "\"loss\"");
  node = qk_ctl_parse (line);
  loss = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (loss, "before"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (loss, "after"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (loss, "lost"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (loss, "operation"), >, 0);
  g_assert_true (json_object_get_null_member (loss, "problem"));
  watch_end (&watch, SIGINT);
}

/* It ends by itself when its reader goes, though nothing happens to the queue. */
static void
test_reader_goes (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *command = NULL, *out = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  int status;

  qk_ctl_write_entries (fixture, first, G_N_ELEMENTS (first));
  command = g_strdup_printf ("sh -c '{ %s watch %s; echo $? >%s/code; } | head -n 1'",
                             g_getenv ("QKCTL"), fixture->path, fixture->folder);
  g_spawn_command_line_sync (command, &out, NULL, &status, &error);
  g_assert_no_error (error);
  qk_ctl_assert_one_line (out, "3 messages");
  g_assert_cmpint (g_get_monotonic_time () - start, <, PATIENCE_S * G_USEC_PER_SEC);
  {
    g_autofree char *path = g_build_filename (fixture->folder, "code", NULL);
    g_autofree char *code = NULL;

    /* The shell waits for the whole pipe, so that the code stands there now. */
    g_assert_true (g_file_get_contents (path, &code, NULL, NULL));
    g_assert_cmpstr (code, ==, "0\n");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/watch/human", test_human);
  QK_CTL_TEST ("/ctl/watch/json", test_json);
  QK_CTL_TEST ("/ctl/watch/many", test_many);
  QK_CTL_TEST ("/ctl/watch/states", test_states);
  QK_CTL_TEST ("/ctl/watch/lock-event", test_lock_event);
  QK_CTL_TEST ("/ctl/watch/loss", test_loss);
  QK_CTL_TEST ("/ctl/watch/loss-json", test_loss_json);
  QK_CTL_TEST ("/ctl/watch/reader-goes", test_reader_goes);
  return g_test_run ();
}
