#include "qk-ctl-fixture.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const QkCtlEntry one = {"f1", "FAILED", "Agent-1", "x", 900, NULL};

/* A qkctl that is at work: its lines on standard error, and when each of them came. */
typedef struct {
  GSubprocess *process;    /* owned */
  GDataInputStream *lines; /* owned */
  gint64 start;
} Run;

static void
run_start (Run *run, const char *const *arguments)
{
  run->start = g_get_monotonic_time ();
  run->process = qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE);
  run->lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (run->process));
}

/* Waits for the next line; NULL at the end. */
static char *
run_next_line (Run *run, double *seconds)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (run->lines, NULL, NULL, &error);

  g_assert_no_error (error);
  *seconds = (double) (g_get_monotonic_time () - run->start) / G_USEC_PER_SEC;
  return line;
}

static int
run_end (Run *run)
{
  g_autoptr (GError) error = NULL;
  int code;

  g_subprocess_wait (run->process, NULL, &error);
  g_assert_no_error (error);
  code = g_subprocess_get_if_exited (run->process) ? g_subprocess_get_exit_status (run->process)
                                                   : 128 + g_subprocess_get_term_sig (run->process);
  g_clear_object (&run->lines);
  g_clear_object (&run->process);
  return code;
}

/* Each retry is one line, said before its wait; the times between the lines are the delays. */
static void
assert_retries (Run *run, const double *delays, guint n)
{
  double last = 0;

  for (guint i = 0; i < n; i++)
    {
      double now;
      g_autofree char *line = run_next_line (run, &now);
      g_autofree char *attempt = g_strdup_printf (", attempt %u of %u, ", i + 1, n + 1);
      /* The lock is this process's. */
      g_autofree char *delay = g_strdup_printf (
          ", next in %g s, held by test-ctl-retry, process %d", delays[i], (int) getpid ());

      g_test_message ("%.3f s: %s", now, line);
      g_assert_nonnull (line);
      g_assert_nonnull (strstr (line, "lock held by another writer ("));
      g_assert_nonnull (strstr (line, attempt));
      g_assert_true (g_str_has_suffix (line, delay));
      if (i > 0)
        {
          g_assert_cmpfloat (now - last, >=, delays[i - 1] - 0.02);
          g_assert_cmpfloat (now - last, <=, delays[i - 1] + 0.6);
        }
      last = now;
    }
}

static void
assert_gives_up (Run *run, double at_least)
{
  double now;
  g_autofree char *line = run_next_line (run, &now);
  g_autofree char *end = NULL;

  g_test_message ("%.3f s: %s", now, line);
  g_assert_nonnull (strstr (line, "still locked after"));
  g_assert_cmpfloat (now, >=, at_least);
  end = run_next_line (run, &now);
  g_assert_null (end);
  g_assert_cmpint (run_end (run), ==, 75);
}

static void
test_default_delays (QkCtlFixture *fixture, gconstpointer data)
{
  static const double delays[] = {0.15, 0.3, 0.6, 1.2, 2, 2, 2};
  g_autofree char *before = NULL, *after = NULL, *folder = NULL, *folder_after = NULL;
  const char *const arguments[] = {"resend", fixture->path, "f1", NULL};
  Run run;

  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  before = qk_ctl_read (fixture, NULL);
  folder = qk_ctl_list_folder (fixture);
  run_start (&run, arguments);
  assert_retries (&run, delays, G_N_ELEMENTS (delays));
  assert_gives_up (&run, 8.25);
  after = qk_ctl_read (fixture, NULL);
  folder_after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (folder_after, ==, folder);
}

static void
test_own_delays (QkCtlFixture *fixture, gconstpointer data)
{
  static const double delays[] = {0.02, 0.04, 0.05};
  const char *const commands[][10] = {
      {"resend", fixture->path, "f1", "--attempts=4", "--base-delay=0.02", "--max-delay=0.05"},
      {"purge", fixture->path, "f1", "--yes", "--attempts=4", "--base-delay=0.02",
       "--max-delay=0.05"},
      {"send", fixture->path, "--to=A", "--content=x", "--attempts=4", "--base-delay=0.02",
       "--max-delay=0.05"},
  };

  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      Run run;

      run_start (&run, commands[i]);
      assert_retries (&run, delays, G_N_ELEMENTS (delays));
      assert_gives_up (&run, 0.11);
    }
}

static void
test_single_attempt (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  run = qk_ctl_run ("resend", "--json", fixture->path, "f1", "--attempts", "1", NULL);
  qk_ctl_assert_code (run, 75);
  qk_ctl_assert_one_line (run->err, "still locked after 1 attempt");
  g_assert_cmpstr (run->out, ==, "");
}

static gpointer
release_later (gpointer data)
{
  g_usleep (G_USEC_PER_SEC);
  qk_ctl_release_lock (data);
  return NULL;
}

static void
test_released (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonArray) entries = NULL;
  GThread *thread;
  JsonObject *result;

  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  thread = g_thread_new ("release", release_later, fixture);
  run = qk_ctl_run ("resend", "--json", fixture->path, "f1", NULL);
  g_thread_join (thread);

  qk_ctl_assert_code (run, 0);
  g_test_message ("after %.3f s: %s%s", run->seconds, run->err, run->out);
  node = qk_ctl_parse (run->out);
  result = qk_ctl_assert_action (node, 1, 0);
  /* Tried at 0, 0.15 and 0.45 s in vain, then at 1.05 s; a slow start may save one of these. */
  g_assert_cmpint (json_object_get_int_member (result, "attempts"), >=, 3);
  g_assert_cmpint (json_object_get_int_member (result, "attempts"), <=, 5);
  g_assert_cmpuint (qk_ctl_count_lines (run->err), ==,
                    json_object_get_int_member (result, "attempts") - 1);
  g_assert_cmpfloat (json_object_get_double_member (result, "waited_s"), >=, 0.45);
  g_assert_cmpfloat (json_object_get_double_member (result, "waited_s"), <=, run->seconds);
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (entries, 0), "status"), ==,
      "PENDING");
}

static void
assert_ends (QkCtlFixture *fixture, int signal, int code)
{
  g_autofree char *before = NULL, *after = NULL, *folder = NULL, *folder_after = NULL;
  const char *const arguments[] = {"purge", fixture->path, "f1", "--yes", NULL};
  double third = 0, end;
  Run run;

  before = qk_ctl_read (fixture, NULL);
  folder = qk_ctl_list_folder (fixture);
  run_start (&run, arguments);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *line = run_next_line (&run, &third);

      g_assert_nonnull (line);
    }
  g_subprocess_send_signal (run.process, signal);
  {
    g_autofree char *line = run_next_line (&run, &end);

    g_test_message ("signal %d at %.3f s, answer at %.3f s: %s", signal, third, end, line);
    g_assert_nonnull (strstr (line, "interrupted; the queue is as it was"));
    /* It does not wait for the 0.6 s to end. */
    g_assert_cmpfloat (end - third, <, 0.4);
  }
  g_assert_cmpint (run_end (&run), ==, code);
  after = qk_ctl_read (fixture, NULL);
  folder_after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (folder_after, ==, folder);
}

static void
test_interrupted (QkCtlFixture *fixture, gconstpointer data)
{
  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  assert_ends (fixture, SIGINT, 130);
  assert_ends (fixture, SIGTERM, 143);
}

/* Reading takes no lock. */
static void
test_reading_needs_no_lock (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, &one, 1);
  qk_ctl_hold_lock (fixture);
  run = qk_ctl_run ("list", fixture->path, NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->err, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/retry/default-delays", test_default_delays);
  QK_CTL_TEST ("/ctl/retry/own-delays", test_own_delays);
  QK_CTL_TEST ("/ctl/retry/single-attempt", test_single_attempt);
  QK_CTL_TEST ("/ctl/retry/released", test_released);
  QK_CTL_TEST ("/ctl/retry/interrupted", test_interrupted);
  QK_CTL_TEST ("/ctl/retry/reading", test_reading_needs_no_lock);
  return g_test_run ();
}
