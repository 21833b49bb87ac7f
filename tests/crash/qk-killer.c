#include "qk-killer.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bit 7 marks the stops at calls, as PTRACE_O_TRACESYSGOOD asks for. */
#define CALL_STOP (SIGTRAP | 0x80)

static G_NORETURN void
be_traced (QkKillerFunc work, gpointer user_data)
{
  if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0)
    _exit (3);
  (void) raise (SIGSTOP);
  work (user_data);
  _exit (0);
}

static int
wait_for (pid_t child)
{
  int status;

  while (waitpid (child, &status, 0) < 0)
    g_assert_cmpint (errno, ==, EINTR);
  return status;
}

static void
end (pid_t child)
{
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  while (!WIFSIGNALED (wait_for (child)))
    continue;
}

/**
 * qk_killer_is_available:
 *
 * Returns: whether this system lets a process trace its children
 */
gboolean
qk_killer_is_available (void)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0 ? 1 : 0);
  status = wait_for (child);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/**
 * qk_killer_run:
 * @work: what a process of its own does
 * @user_data: for @work
 * @kill_at: the stop at which it is killed, from 1; 0: it comes to its end. There are two stops for
 *   each call of the system: before it and after it
 * @n_stops: (out): how many there were
 *
 * Returns: whether it came to its end
 */
gboolean
qk_killer_run (QkKillerFunc work, gpointer user_data, guint kill_at, guint *n_stops)
{
  pid_t child = fork ();
  int status, forward = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    be_traced (work, user_data);
  status = wait_for (child);
  g_assert_true (WIFSTOPPED (status));
  g_assert_cmpint (ptrace (PTRACE_SETOPTIONS, child, NULL, (void *) PTRACE_O_TRACESYSGOOD), ==, 0);
  *n_stops = 0;
  while (TRUE)
    {
      g_assert_cmpint (ptrace (PTRACE_SYSCALL, child, NULL, (void *) (gintptr) forward), ==, 0);
      status = wait_for (child);
      if (!WIFSTOPPED (status))
        break;
      forward = WSTOPSIG (status) == CALL_STOP ? 0 : WSTOPSIG (status);
      if (forward == 0 && ++*n_stops == kill_at)
        {
          end (child);
          return FALSE;
        }
    }
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    g_error ("the process that saves has failed: wait status %d", status);
  return TRUE;
}
