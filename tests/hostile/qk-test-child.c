#define _GNU_SOURCE

#include "qk-test-child.h"

#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether we may become another user; else a test that needs one is skipped, with the reason. */
gboolean
qk_test_child_is_root (void)
{
  if (geteuid () == 0)
    return TRUE;
  g_test_skip ("needs root, to become another user");
  return FALSE;
}

static void
leave_mounts (void)
{
  g_assert_cmpint (unshare (CLONE_NEWNS), ==, 0);
  g_assert_cmpint (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
}

static int
wait_for (pid_t pid)
{
  int status = -1;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return status;
}

/* Whether we may have file systems of our own, which nobody else sees and which end with us. */
gboolean
qk_test_child_can_mount (void)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    _exit (unshare (CLONE_NEWNS) == 0 &&
                   mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                   mount ("none", "/tmp", "tmpfs", 0, "size=64k") == 0
               ? 0
               : 1);
  if (wait_for (pid) == 0)
    return TRUE;
  g_test_skip ("needs root that may mount file systems of its own");
  return FALSE;
}

static void
run (uid_t uid, gboolean mounts, void (*function) (gpointer data), gpointer data)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid > 0)
    {
      int status = wait_for (pid);

      if (WIFEXITED (status) && WEXITSTATUS (status) == QK_TEST_CHILD_SKIP)
        g_test_skip ("needs a file system that cannot be mounted here");
      else
        g_assert_cmpint (status, ==, 0);
      return;
    }
  if (mounts)
    leave_mounts ();
  if (uid != 0)
    {
      g_assert_cmpint (setgroups (0, NULL), ==, 0);
      g_assert_cmpint (setresgid (uid, uid, uid), ==, 0);
      g_assert_cmpint (setresuid (uid, uid, uid), ==, 0);
    }
  function (data);
  _exit (0);
}

/* Runs @function as the user @uid. */
void
qk_test_child_run_as (uid_t uid, void (*function) (gpointer data), gpointer data)
{
  run (uid, FALSE, function, data);
}

/* Runs @function where what it mounts is seen by nobody else. */
void
qk_test_child_run_with_mounts (void (*function) (gpointer data), gpointer data)
{
  run (0, TRUE, function, data);
}
