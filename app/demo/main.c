/* queuekeeper-demo-swarm: runs a command on a queue that a made-up swarm works on.
 *
 * The swarm plays the other side: nothing of Queuekeeper's own core is in it.
 */

#include "qk-demo-folder.h"
#include "qk-swarm.h"

#include <gio/gio.h>
#include <stdlib.h>

#ifdef G_OS_UNIX
#include <glib-unix.h>
#include <signal.h>
#endif

#define EXIT_USAGE       2
#define EXIT_NO_COMMAND  127
#define EXIT_SIGNAL_BASE 128

/* A terminal sends Ctrl+C to the command, too: it has this long to end by itself. */
#define INTERRUPT_GRACE_MS 1000
/* A command that was told to end and does not is killed. */
#define TERMINATE_GRACE_MS 5000

typedef struct {
  GMainLoop *loop;      /* (not owned) */
  GSubprocess *command; /* (not owned) */
  guint grace;          /* the timer until stronger means are used */
} Run;

static void
on_command_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_main_loop_quit (run->loop);
}

#ifdef G_OS_UNIX
static gboolean
on_still_there (gpointer user_data)
{
  Run *run = user_data;

  run->grace = 0;
  g_subprocess_force_exit (run->command);
  return G_SOURCE_REMOVE;
}

static gboolean
on_terminate (gpointer user_data)
{
  Run *run = user_data;

  g_clear_handle_id (&run->grace, g_source_remove);
  g_subprocess_send_signal (run->command, SIGTERM);
  run->grace = g_timeout_add (TERMINATE_GRACE_MS, on_still_there, run);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt_ignored (gpointer user_data)
{
  Run *run = user_data;

  run->grace = 0;
  on_terminate (run);
  return G_SOURCE_REMOVE;
}

static gboolean
on_interrupt (gpointer user_data)
{
  Run *run = user_data;

  if (run->grace == 0)
    run->grace = g_timeout_add (INTERRUPT_GRACE_MS, on_interrupt_ignored, run);
  return G_SOURCE_CONTINUE;
}

/* From before the folder is made, so that no signal can leave it behind: what comes early is
 * looked at when the loop runs. */
static void
watch_signals (Run *run)
{
  g_unix_signal_add (SIGINT, on_interrupt, run);
  g_unix_signal_add (SIGTERM, on_terminate, run);
  g_unix_signal_add (SIGHUP, on_terminate, run);
}
#else
static void
watch_signals (Run *run)
{
}
#endif

static int
get_exit_code (GSubprocess *command)
{
  if (g_subprocess_get_if_exited (command))
    return g_subprocess_get_exit_status (command);
  return EXIT_SIGNAL_BASE + g_subprocess_get_term_sig (command);
}

static int
run_command (Run *run, char **command, const char *queue, guint rate, guint32 seed)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (QkSwarm) swarm = NULL;
  g_autoptr (GError) error = NULL;

  g_strv_builder_addv (builder, (const char **) command);
  g_strv_builder_add (builder, queue);
  argv = g_strv_builder_end (builder);
  process =
      g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDIN_INHERIT, &error);
  if (process == NULL)
    {
      g_printerr ("queuekeeper-demo-swarm: cannot run %s: %s\n", argv[0], error->message);
      return EXIT_NO_COMMAND;
    }
  run->loop = loop;
  run->command = process;
  swarm = qk_swarm_new (queue, rate, seed);
  g_subprocess_wait_async (process, NULL, on_command_ended, run);
  g_main_loop_run (loop);
  g_clear_handle_id (&run->grace, g_source_remove);
  return get_exit_code (process);
}

static int
fail_usage (const char *problem)
{
  g_printerr ("queuekeeper-demo-swarm: %s (see --help)\n", problem);
  return EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  int rate = QK_SWARM_DEFAULT_RATE;
  int n_entries = 60;
  int seed = -1;
  const GOptionEntry options[] = {
      {"rate", 'r', 0, G_OPTION_ARG_INT, &rate, "Messages per minute (default 30)", "N"},
      {"entries", 'n', 0, G_OPTION_ARG_INT, &n_entries, "Entries to begin with (default 60)", "N"},
      {"seed", 's', 0, G_OPTION_ARG_INT, &seed, "Makes a run repeatable, as far as time allows",
       "N"},
      {0},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("-- COMMAND [ARG…]");
  g_autoptr (QkDemoFolder) folder = NULL;
  g_autoptr (GError) error = NULL;
  Run run = {0};
  char **command;
  guint32 number;

  g_option_context_set_summary (
      context, "Runs COMMAND with the path of a queue.json appended, while a made-up "
               "swarm works on that queue\nin a temporary folder. Ends with COMMAND "
               "and its exit code, and removes the folder.");
  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail_usage (error->message);
  command = argv + 1;
  if (*command != NULL && g_str_equal (*command, "--"))
    command++;
  if (*command == NULL)
    return fail_usage ("which command is to be run?");
  if (rate < 1 || rate > QK_SWARM_MAX_RATE)
    return fail_usage ("--rate is a number from 1 to 6000");
  if (n_entries < 0 || n_entries > QK_SWARM_MAX_ENTRIES)
    return fail_usage ("--entries is a number from 0 to 1000");
  number = seed >= 0 ? (guint32) seed : g_random_int ();

  watch_signals (&run);
  folder = qk_demo_folder_new ((guint) n_entries, number, &error);
  if (folder == NULL)
    {
      g_printerr ("queuekeeper-demo-swarm: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return run_command (&run, command, qk_demo_folder_get_queue (folder), (guint) rate, number);
}
