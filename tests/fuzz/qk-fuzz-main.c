#include "qk-fuzz-mutate.h"
#include "qk-fuzz-seeds.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* Drives a target without libFuzzer: seeds, long inputs and fixtures, then mutations of the seeds,
 * the same ones in every run.
 *
 *     test-fuzz-NAME                       all of it, as a test
 *     test-fuzz-NAME --write-seeds FOLDER  what libFuzzer is to begin with
 *     test-fuzz-NAME FILE...               these inputs alone
 *
 * An input that fails is kept in fuzz-NAME.finding in the working folder.
 */

#define SEED 20260108
/* Of processor time, for one input. The slowest build is that of the sanitizers. */
#define MAX_SECONDS 10

static struct {
  char path[64];  /* where to keep it */
  char note[128]; /* what to say then */
  guint n;        /* how many have been run */
  const guint8 *data;
  gsize size;
} running;

/* A handler of signals, too: nothing but system calls. */
static void
keep_finding (void)
{
  int file = running.data != NULL ? open (running.path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;

  if (file < 0)
    return;
  if (write (file, running.data, running.size) == (gssize) running.size)
    (void) !write (STDERR_FILENO, running.note, strlen (running.note));
  (void) close (file);
}

static void
on_signal (int number)
{
  static const char slow[] = "# one input takes too long\n";

  if (number == SIGPROF)
    (void) !write (STDERR_FILENO, slow, sizeof slow - 1);
  keep_finding ();
  (void) signal (number, SIG_DFL);
  (void) raise (number);
}

/* Of the sanitizers, where the program is built with them: these do not raise a signal. */
extern void __sanitizer_set_death_callback (void (*callback) (void)) __attribute__ ((weak));

/* On a stack of its own, for where that of the program is used up. */
static void
handle (int number)
{
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};

  (void) sigaction (number, &action, NULL);
}

static void
watch_for_findings (void)
{
  static char stack[64 * 1024];
  const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};

  g_snprintf (running.path, sizeof running.path, "fuzz-%s.finding", qk_fuzz_target.name);
  handle (SIGABRT);
  handle (SIGPROF);
  handle (SIGTRAP);
  if (__sanitizer_set_death_callback != NULL)
    {
      __sanitizer_set_death_callback (keep_finding);
      return;
    }
  (void) sigaltstack (&other, NULL);
  handle (SIGSEGV);
}

/* Runs the target, on a copy that has nothing behind it. Returns the processor time in seconds. */
static double
execute (const void *data, gsize size)
{
  const struct itimerval limit = {.it_value = {.tv_sec = MAX_SECONDS}};
  g_autofree guint8 *copy = g_memdup2 (data, size);
  struct itimerval left = {0};

  g_snprintf (running.note, sizeof running.note, "# execution %u failed; its input is kept in %s\n",
              ++running.n, running.path);
  running.data = copy;
  running.size = size;
  (void) setitimer (ITIMER_PROF, &limit, NULL);
  (void) LLVMFuzzerTestOneInput (copy, size);
  (void) getitimer (ITIMER_PROF, &left);
  running.data = NULL;
  return MAX_SECONDS - (double) left.it_value.tv_sec - (double) left.it_value.tv_usec / 1e6;
}

static void
run_seeds (GPtrArray *seeds)
{
  const char *slowest = "none";
  double longest = 0;

  for (guint i = 0; i < seeds->len; i++)
    {
      const QkFuzzSeed *seed = g_ptr_array_index (seeds, i);
      gsize size;
      gconstpointer data = g_bytes_get_data (seed->bytes, &size);
      double seconds = execute (data, size);

      if (seconds > longest)
        slowest = seed->name;
      longest = MAX (longest, seconds);
    }
  g_test_message ("%u executions; the longest takes %.2f s: %s", seeds->len, longest, slowest);
}

static void
test_seeds (void)
{
  g_autoptr (GPtrArray) seeds = qk_fuzz_seeds_new (&qk_fuzz_target);

  run_seeds (seeds);
}

static void
test_long (void)
{
  g_autoptr (GPtrArray) seeds = qk_fuzz_seeds_new_long (&qk_fuzz_target);

  run_seeds (seeds);
}

static void
run_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  (void) execute (data, size);
}

/* What fuzzing has found, each once. */
static void
test_fixtures (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, qk_fuzz_target.name, NULL);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_test_message ("%s", name);
      run_file (path);
      n++;
    }
  g_test_message ("%u executions", n);
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) seeds = qk_fuzz_seeds_new (&qk_fuzz_target);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < qk_fuzz_target.n_mutations; i++)
    {
      g_autoptr (GByteArray) input = qk_fuzz_mutate (seeds, qk_fuzz_target.seeds, rand);

      (void) execute (input->data, input->len);
    }
  g_test_message ("%u executions", qk_fuzz_target.n_mutations);
}

static int
write_seeds (const char *folder)
{
  g_autoptr (GPtrArray) seeds = qk_fuzz_seeds_new (&qk_fuzz_target);

  if (g_mkdir_with_parents (folder, 0755) != 0)
    g_error ("%s: %s", folder, g_strerror (errno));
  for (guint i = 0; i < seeds->len; i++)
    {
      const QkFuzzSeed *seed = g_ptr_array_index (seeds, i);
      g_autofree char *path = g_build_filename (folder, seed->name, NULL);
      g_autoptr (GError) error = NULL;
      gsize size;
      const char *data = g_bytes_get_data (seed->bytes, &size);

      if (!g_file_set_contents (path, data, (gssize) size, &error))
        g_error ("%s", error->message);
    }
  return EXIT_SUCCESS;
}

static void
add_test (const char *name, GTestFunc function)
{
  g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", qk_fuzz_target.name, name);

  g_test_add_func (path, function);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write-seeds") == 0)
    return write_seeds (argv[2]);
  g_test_init (&argc, &argv, NULL);
  watch_for_findings ();
  for (int i = 1; i < argc; i++)
    run_file (argv[i]);
  if (argc > 1)
    return EXIT_SUCCESS;
  add_test ("seeds", test_seeds);
  add_test ("long", test_long);
  add_test ("fixtures", test_fixtures);
  add_test ("mutations", test_mutations);
  return g_test_run ();
}
