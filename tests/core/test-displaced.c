#define _GNU_SOURCE

#include "qk-history-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What other writers have in a version that ours takes the place of, and what of the file itself has
 * to stay. */

typedef QkHistoryFixture Fixture;

static struct {
  Fixture *fixture;
  guint n_swaps;
  const char *texts[3]; /* what another writer has saved before the first swap, the second ... */
  QkHandle leased;
  GThread *thread;
} script;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_set_up (fixture, NULL);
  memset (&script, 0, sizeof script);
  script.fixture = fixture;
}

static void
assert_queue (Fixture *fixture, const char *ids)
{
  g_autofree char *text = qk_test_queue_of_ids (ids, "FAILED");

  qk_history_fixture_assert_text (fixture, text);
}

static gboolean
purge_first (Fixture *fixture)
{
  static const guint first[] = {0};

  return qk_history_fixture_apply (fixture, qk_change_new_purge, first, 1);
}

/* Nothing of ours is left beside the queue. */
static void
assert_no_litter (Fixture *fixture)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);

  for (guint i = 0; i < names->len; i++)
    g_assert_false (g_str_has_prefix (names->pdata[i], "."));
}

static int
swap_beside_others (const char *temp, const char *path, gboolean *exchanged)
{
  const char *text =
      script.n_swaps < G_N_ELEMENTS (script.texts) ? script.texts[script.n_swaps] : NULL;

  script.n_swaps++;
  if (text != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

/* The second one has loaded its list before the first one saved: "x" is in none but the first. */
static void
test_two_others (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = qk_test_queue_of_ids ("abx", "FAILED"),
                  *second = qk_test_queue_of_ids ("aby", "FAILED");

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  script.texts[0] = first;
  script.texts[1] = second;
  fixture->platform.swap = swap_beside_others;
  g_assert_true (purge_first (fixture));
  g_assert_cmpuint (fixture->result->conflicts, ==, 2);
  assert_queue (fixture, "bxy");
  assert_no_litter (fixture);
}

/* What the second one has taken out of a list that it knew is not put back. */
static void
test_honest_removal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = qk_test_queue_of_ids ("abcx", "FAILED"),
                  *second = qk_test_queue_of_ids ("bx", "FAILED");

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  script.texts[0] = first;
  script.texts[1] = second;
  fixture->platform.swap = swap_beside_others;
  g_assert_true (purge_first (fixture));
  assert_queue (fixture, "bx");
}

static int
remember_lease (QkHandle handle)
{
  script.leased = handle;
  return qk_platform_get_native ()->lease (handle);
}

static gpointer
rewrite_in_place (gpointer text)
{
  /* Waits in the kernel until the lease ends, and then has the displaced file open. */
  int fd = open (script.fixture->folder.queue, O_RDWR | O_TRUNC | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_usleep (5000);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (close (fd), ==, 0);
  return NULL;
}

static int
swap_beside_in_place (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.n_swaps++ == 0)
    {
      script.thread = g_thread_new (NULL, rewrite_in_place, (gpointer) script.texts[0]);
      while (fcntl ((int) script.leased, F_GETLEASE) == F_RDLCK)
        g_thread_yield ();
    }
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

/* Opened in the moment of the swap, written after it. */
static void
test_late_in_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = qk_test_queue_of_ids ("abx", "FAILED");

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  script.texts[0] = text;
  fixture->platform.lease = remember_lease;
  fixture->platform.swap = swap_beside_in_place;
  g_assert_true (purge_first (fixture));
  g_thread_join (script.thread);
  g_assert_cmpuint (fixture->result->conflicts, ==, 1);
  assert_queue (fixture, "bx");
  assert_no_litter (fixture);
}

/* The last to write is in the old file already when it is replaced. */
static int
replace_beside_in_place (const char *temp, const char *path, gboolean *exchanged)
{
  *exchanged = FALSE;
  if (script.n_swaps++ == 0)
    {
      FILE *file = fopen (path, "r+e");

      g_assert_nonnull (file);
      g_assert_cmpint (fputs (script.texts[0], file), >=, 0);
      g_assert_cmpint (fclose (file), ==, 0);
    }
  return rename (temp, path) < 0 ? errno : 0;
}

static int
refuse_lease (QkHandle handle)
{
  return EACCES;
}

/* Where the system can neither exchange nor tell who has the file open. */
static void
test_without_exchange (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = qk_test_queue_of_ids ("abx", "FAILED");

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  script.texts[0] = text;
  fixture->platform.lease = refuse_lease;
  fixture->platform.swap = replace_beside_in_place;
  g_assert_true (purge_first (fixture));
  g_assert_cmpuint (script.n_swaps, ==, 2);
  assert_queue (fixture, "bx");
  assert_no_litter (fixture);
}

/* A link to a file that is absent for the moment: its folder counts, not that of the link. */
static void
test_resolve (Fixture *fixture, gconstpointer data)
{
  g_autofree char *real = g_build_filename (fixture->folder.path, "real", NULL);
  g_autofree char *target = g_build_filename (real, "queue.json", NULL);
  g_autofree char *link = g_build_filename (fixture->folder.path, "link.json", NULL);
  g_autofree char *second = g_build_filename (fixture->folder.path, "second.json", NULL);
  g_autofree char *loop = g_build_filename (fixture->folder.path, "loop.json", NULL);
  const struct {
    const char *path;
    const char *expected;
  } rows[] = {{link, target},
              {second, target},
              {target, target},
              {"/nowhere/at/all", "/nowhere/at/all"}};

  g_assert_cmpint (g_mkdir (real, 0700), ==, 0);
  g_assert_cmpint (symlink ("real/queue.json", link), ==, 0);
  g_assert_cmpint (symlink (link, second), ==, 0);
  g_assert_cmpint (symlink ("loop.json", loop), ==, 0);
  for (guint there = 0; there < 2; there++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          g_autofree char *found = qk_platform_resolve (rows[i].path);

          g_assert_cmpstr (found, ==, rows[i].expected);
        }
      g_assert_true (g_file_set_contents (target, "[]", -1, NULL));
    }
  g_free (qk_platform_resolve (loop));
  g_assert_cmpint (g_remove (target), ==, 0);
  g_assert_cmpint (g_rmdir (real), ==, 0);
}

/* As setfacl(1) writes it: the owner, user 12345, the group, the mask, the others. */
static const guint8 acl[] = {
    2,    0, 0, 0,                         /* version */
    0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* owner: read and write */
    0x02, 0, 4, 0, 0x39, 0x30, 0x00, 0x00, /* user 12345: read */
    0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* group: nothing */
    0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* mask: read */
    0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others: nothing */
};

static void
assert_attribute (const char *path, const char *name, gconstpointer value, gsize size)
{
  guint8 found[256];
  ssize_t n = getxattr (path, name, found, sizeof found);

  g_assert_cmpint (n, ==, size);
  g_assert_cmpmem (found, (gsize) n, value, size);
}

static void
test_attributes (Fixture *fixture, gconstpointer data)
{
  const char *path = fixture->folder.queue;
  struct stat before, after;

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  if (setxattr (path, "user.swarm", "blue", 4, 0) < 0 ||
      setxattr (path, "system.posix_acl_access", acl, sizeof acl, 0) < 0)
    {
      g_test_skip ("this file system has no extended attributes or no access control lists");
      return;
    }
  if (geteuid () == 0)
    g_assert_cmpint (chown (path, 12345, 54321), ==, 0);
  g_assert_cmpint (stat (path, &before), ==, 0);
  g_assert_true (purge_first (fixture));
  g_assert_cmpint (stat (path, &after), ==, 0);
  g_assert_cmpuint (after.st_ino, !=, before.st_ino);
  g_assert_cmpuint (after.st_mode, ==, before.st_mode);
  g_assert_cmpuint (after.st_uid, ==, before.st_uid);
  g_assert_cmpuint (after.st_gid, ==, before.st_gid);
  assert_attribute (path, "user.swarm", "blue", 4);
  assert_attribute (path, "system.posix_acl_access", acl, sizeof acl);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/displaced/two-others", test_two_others},
      {"/displaced/honest-removal", test_honest_removal},
      {"/displaced/late-in-place", test_late_in_place},
      {"/displaced/without-exchange", test_without_exchange},
      {"/displaced/resolve", test_resolve},
      {"/displaced/attributes", test_attributes},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, qk_history_fixture_tear_down);
  return g_test_run ();
}
