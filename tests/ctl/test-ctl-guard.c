#include "qk-ctl-fixture.h"

#include <string.h>

#define LOOK_USEC     5000
#define PATIENCE_USEC (10 * G_TIME_SPAN_SECOND)

static const QkCtlEntry entries[] = {
    {"a", "FAILED", "Agent-1", "x", 60, NULL},
    {"b", "PENDING", "Agent-2", "y", 60, NULL},
};

/* Looks until the file has so many entries. */
static void
await_entries (QkCtlFixture *fixture, guint n)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_USEC;
  guint found = G_MAXUINT;

  while (found != n && g_get_monotonic_time () < end)
    {
      g_autoptr (JsonArray) now = qk_ctl_read_entries (fixture);

      found = json_array_get_length (now);
      g_usleep (LOOK_USEC);
    }
  g_assert_cmpuint (found, ==, n);
}

/* Another writer saves the list that it had loaded before: the purge is put right, again and again,
 * and the command ends when that has stopped. */
static void
test_overwritten (QkCtlFixture *fixture, gconstpointer data)
{
  const char *const arguments[] = {"purge",   fixture->path, "a",      "--yes",
                                   "--guard", "3",           "--json", NULL};
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, entries, 2);
  process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  for (guint i = 0; i < 3; i++)
    {
      await_entries (fixture, 1);
      qk_ctl_write_entries (fixture, entries, 2);
    }
  await_entries (fixture, 1);
  run = qk_ctl_wait (g_steal_pointer (&process), NULL);
  qk_ctl_assert_code (run, 0);
  await_entries (fixture, 1);
}

/* Another writer never stops: in the end the command says what is not in effect, and how hard it
 * tried. */
static void
test_given_up (QkCtlFixture *fixture, gconstpointer data)
{
  const char *const arguments[] = {"purge", fixture->path, "a", "--yes", "--guard", "3", NULL};
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, entries, 2);
  process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  await_entries (fixture, 1);
  while (g_subprocess_get_identifier (process) != NULL)
    {
      g_autoptr (JsonArray) now = qk_ctl_read_entries (fixture);

      if (json_array_get_length (now) < 2)
        qk_ctl_write_entries (fixture, entries, 2);
      g_usleep (LOOK_USEC);
    }
  run = qk_ctl_wait (g_steal_pointer (&process), NULL);
  qk_ctl_assert_code (run, 1);
  qk_ctl_assert_one_line (run->err, "Another program keeps saving an old list: your purge of 1 "
                                    "message was undone ");
  qk_ctl_assert_one_line (run->err, " s. It is not in effect. Stop or restart the queue processor, "
                                    "then retry.");
}

static void
test_undisturbed (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, at_once = NULL;

  qk_ctl_write_entries (fixture, entries, 2);
  run = qk_ctl_run ("resend", fixture->path, "a", "--guard", "3", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpfloat (run->seconds, >=, 3);
  at_once = qk_ctl_run ("purge", fixture->path, "b", "--yes", "--guard", "0", NULL);
  qk_ctl_assert_code (at_once, 0);
  g_assert_cmpfloat (at_once->seconds, <, 3);
}

static void
test_usage (QkCtlFixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {"2", "31", "-1", "soon", ""};

  qk_ctl_write_entries (fixture, entries, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *option = g_strconcat ("--guard=", bad[i], NULL);
      g_autoptr (QkCtlRun) run = qk_ctl_run ("resend", fixture->path, "a", option, NULL);

      qk_ctl_assert_code (run, 2);
      qk_ctl_assert_one_line (run->err, "--guard");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/guard/overwritten", test_overwritten);
  QK_CTL_TEST ("/ctl/guard/given-up", test_given_up);
  QK_CTL_TEST ("/ctl/guard/undisturbed", test_undisturbed);
  QK_CTL_TEST ("/ctl/guard/usage", test_usage);
  return g_test_run ();
}
