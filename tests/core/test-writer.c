#include "qk-snapshot.h"
#include "qk-test-util.h"
#include "qk-writer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

/* The writer on real files. What other writers do in between is done from within the calls that the
 * writer makes, so that it happens at just that moment. */

typedef struct {
  QkTestFolder folder;
  QkPlatform platform;
  GArray *events; /* of QkLockEvent */
  GCancellable *cancellable;
  GError *error;
  QkResult *result;
} Fixture;

/* What the replaced calls do; one test at a time. */
static struct {
  Fixture *fixture;
  guint calls;
  guint failures;   /* so many calls fail first */
  int code;         /* with this */
  const char *text; /* what another writer writes */
  gboolean told;    /* atomic: of an obstacle */
} script;

static const QkRetryPolicy quick = {8, 1000, 4000};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  fixture->platform = *qk_platform_get_native ();
  fixture->events = g_array_new (FALSE, FALSE, sizeof (QkLockEvent));
  fixture->cancellable = g_cancellable_new ();
  memset (&script, 0, sizeof script);
  script.fixture = fixture;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_array_unref (fixture->events);
  g_object_unref (fixture->cancellable);
  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->result, qk_result_free);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

static void
on_event (const QkLockEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_array_append_val (fixture->events, *event);
  g_atomic_int_set (&script.told, TRUE);
}

static char *
queue_of (const char *a, const char *b, const char *c)
{
  const char *ids[] = {a, b, c};
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i] != NULL)
      g_ptr_array_add (entries, qk_test_entry (ids[i], "FAILED", "Agent-1"));
  g_ptr_array_add (entries, NULL);
  return qk_test_queue ((const char *const *) entries->pdata);
}

static void
write_queue (Fixture *fixture, const char *a, const char *b, const char *c)
{
  g_autofree char *text = queue_of (a, b, c);

  g_free (qk_test_folder_write (&fixture->folder, "queue.json", text, -1));
}

static void
save (Fixture *fixture, GPtrArray *changes, QkRetryPolicy policy)
{
  QkWriter writer = {
      .platform = &fixture->platform,
      .path = fixture->folder.queue,
      .policy = policy,
      .on_event = on_event,
      .user_data = fixture,
  };

  fixture->result = qk_writer_save (&writer, changes, fixture->cancellable, &fixture->error);
}

/* Purges the entry @id, as it was seen in a queue of its own. */
static void
purge (Fixture *fixture, const char *id, QkRetryPolicy policy)
{
  g_autofree char *text = queue_of (id, NULL, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, 0)));
  save (fixture, changes, policy);
}

static void
assert_text (const char *path, const char *expected)
{
  g_autoptr (GBytes) bytes = qk_test_read (path);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static void
assert_queue (Fixture *fixture, const char *a, const char *b, const char *c)
{
  g_autofree char *expected = queue_of (a, b, c);

  assert_text (fixture->folder.queue, expected);
}

/* Nothing is left behind but the queue and the lock that stays for ever. */
static void
assert_no_litter (Fixture *fixture)
{
  g_autoptr (GPtrArray) names = qk_test_folder_list (&fixture->folder);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (strcmp (name, "queue.json") != 0 && strcmp (name, "queue.json.lock") != 0)
        g_error ("left behind: %s", name);
    }
}

static guint
count_events (Fixture *fixture, QkLockKind kind, QkLockOutcome outcome)
{
  guint n = 0;

  for (guint i = 0; i < fixture->events->len; i++)
    {
      const QkLockEvent *event = &g_array_index (fixture->events, QkLockEvent, i);

      n += event->kind == kind && event->outcome == outcome;
    }
  return n;
}

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", "c");
  purge (fixture, "b", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "a", "c", NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (fixture->result->changed->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->result->changed, 0), ==, "b");
  g_assert_cmpuint (fixture->result->attempts, ==, 1);
  g_assert_cmpuint (fixture->result->conflicts, ==, 0);
  g_assert_true (fixture->result->durable);
  g_assert_cmpuint (fixture->events->len, ==, 0);
}

static void
test_nothing_to_do (Fixture *fixture, gconstpointer data)
{
  struct stat before, after;

  write_queue (fixture, "a", NULL, NULL);
  g_assert_cmpint (stat (fixture->folder.queue, &before), ==, 0);
  purge (fixture, "gone", quick);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (stat (fixture->folder.queue, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpuint (fixture->result->changed->len, ==, 0);
  g_assert_cmpuint (fixture->result->skipped->len, ==, 1);
  g_assert_cmpuint (fixture->result->attempts, ==, 0);
}

static void
test_mode_and_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder.path, "link.json", NULL);
  g_autofree char *real = g_steal_pointer (&fixture->folder.queue);
  struct stat st;

  fixture->folder.queue = g_strdup (real);
  write_queue (fixture, "a", "b", NULL);
  g_assert_cmpint (g_chmod (real, 0640), ==, 0);
  g_assert_cmpint (symlink ("queue.json", link), ==, 0);
  g_free (fixture->folder.queue);
  fixture->folder.queue = g_strdup (link);
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (lstat (link, &st), ==, 0);
  g_assert_true (S_ISLNK (st.st_mode));
  g_assert_cmpint (stat (real, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0640);
  assert_queue (fixture, "b", NULL, NULL);
  g_assert_cmpint (g_unlink (link), ==, 0);
  assert_no_litter (fixture);
}

static int
fail_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.calls++ < script.failures)
    return script.code;
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
test_swap_denied (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  script.failures = 3;
  script.code = EACCES;
  fixture->platform.swap = fail_swap;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", NULL, NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (fixture->result->attempts, ==, 4);
  g_assert_cmpuint (fixture->events->len, ==, 3);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_ACCESS_DENIED, QK_LOCK_OUTCOME_RETRY), ==,
                    3);
  g_assert_cmpint (g_array_index (fixture->events, QkLockEvent, 1).code, ==, EACCES);
  g_assert_cmpint (g_array_index (fixture->events, QkLockEvent, 1).delay, ==, 2000);
  g_assert_cmpint (fixture->result->waited, >=, 1000 + 2000 + 4000);
}

static void
test_swap_denied_for_good (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", NULL, NULL);
  script.failures = 1000;
  script.code = EBUSY;
  fixture->platform.swap = fail_swap;
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  assert_queue (fixture, "a", NULL, NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (script.calls, ==, 8);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_IN_USE, QK_LOCK_OUTCOME_RETRY), ==, 7);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_IN_USE, QK_LOCK_OUTCOME_GIVE_UP), ==, 1);
}

static void
test_other_errors_fail_at_once (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", NULL, NULL);
  script.failures = 1000;
  script.code = EIO;
  fixture->platform.swap = fail_swap;
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "EIO"));
  assert_queue (fixture, "a", NULL, NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (script.calls, ==, 1);
  g_assert_cmpuint (fixture->events->len, ==, 0);
}

static int
fail_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  QkSegment part = {segments[0].data, 1};

  (void) qk_platform_get_native ()->write (handle, &part, 1);
  return ENOSPC;
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", NULL, NULL);
  fixture->platform.write = fail_write;
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_queue (fixture, "a", NULL, NULL);
  assert_no_litter (fixture);
}

static void
test_held_lock (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  QkHandle lock;

  write_queue (fixture, "a", "b", NULL);
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_BUSY);
  assert_queue (fixture, "a", "b", NULL);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY), ==, 7);
  native->unlock (lock);
  g_clear_error (&fixture->error);
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", NULL, NULL);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (20000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_while_waiting (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *native = qk_platform_get_native ();
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);
  const QkRetryPolicy slow = {8, 3600 * G_TIME_SPAN_SECOND, 3600 * G_TIME_SPAN_SECOND};
  g_autoptr (GThread) thread = NULL;
  QkHandle lock;

  write_queue (fixture, "a", NULL, NULL);
  g_assert_cmpint (native->lock (sidecar, &lock), ==, 0);
  thread = g_thread_new ("cancel", cancel_soon, fixture->cancellable);
  purge (fixture, "a", slow);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_queue (fixture, "a", NULL, NULL);
  assert_no_litter (fixture);
  native->unlock (lock);
  g_thread_join (g_steal_pointer (&thread));
}

/* Another writer saves while the new version is being written. */
static int
save_during_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  if (script.calls++ == 0)
    write_queue (script.fixture, "a", "b", "new");
  return qk_platform_get_native ()->write (handle, segments, n_segments);
}

static void
test_conflict_before_swap (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.write = save_during_write;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (fixture->result->conflicts, ==, 1);
  g_assert_cmpuint (fixture->result->attempts, ==, 1);
}

/* Another writer saves between the last look and the swap. */
static int
save_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.calls++ == 0)
    write_queue (script.fixture, "a", "b", "new");
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
test_conflict_in_swap (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = save_before_swap;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (fixture->result->conflicts, ==, 1);
  g_assert_cmpuint (script.calls, ==, 2);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_CONFLICT, QK_LOCK_OUTCOME_MERGED), ==, 1);
}

/* ... and has done itself what we came for: its version stays, with what is new in it. */
static int
purge_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.calls++ == 0)
    write_queue (script.fixture, "b", "new", NULL);
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
test_conflict_in_effect (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = purge_before_swap;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
  /* It was not us. */
  g_assert_cmpuint (fixture->result->changed->len, ==, 0);
  g_assert_cmpuint (fixture->result->skipped->len, ==, 1);
}

/* The version that was displaced cannot be merged, since the disk is full by then: it goes back. */
static int
fail_second_write (QkHandle handle, const QkSegment *segments, guint n_segments)
{
  if (script.calls > 0)
    return ENOSPC;
  return qk_platform_get_native ()->write (handle, segments, n_segments);
}

static void
test_conflict_with_full_disk (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = save_before_swap;
  fixture->platform.write = fail_second_write;
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_queue (fixture, "a", "b", "new");
  assert_no_litter (fixture);
}

/* An in-place writer has the displaced file half written, and never ends. */
static int
tear_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  if (script.calls++ == 0)
    g_free (qk_test_folder_write (&script.fixture->folder, "queue.json", script.text, -1));
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
test_torn_in_swap (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = queue_of ("a", "new", "b"),
                  *torn = g_strndup (whole, strlen (whole) - 9);
  g_autofree char *backups = g_build_filename (fixture->folder.path, "backups", NULL);

  script.text = torn;
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = tear_before_swap;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  /* Its whole message is merged, the other one is as it was read before; nothing of it is lost. */
  assert_queue (fixture, "b", "new", NULL);
  g_assert_nonnull (fixture->result->kept);
  g_assert_true (g_str_has_prefix (fixture->result->kept, backups));
  assert_text (fixture->result->kept, torn);
  g_assert_cmpint (g_unlink (fixture->result->kept), ==, 0);
  g_assert_cmpint (g_rmdir (backups), ==, 0);
  assert_no_litter (fixture);
}

static gpointer
write_when_told (gpointer data)
{
  FILE *file = data;

  while (!g_atomic_int_get (&script.told))
    g_usleep (1000);
  g_assert_cmpint (fputs (script.text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  return NULL;
}

/* Somebody has opened the file for writing and will write into it: not before that is done. */
static void
test_open_for_writing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = queue_of ("a", "b", "new");
  g_autoptr (GThread) thread = NULL;
  FILE *file;

  write_queue (fixture, "a", "b", NULL);
  file = g_fopen (fixture->folder.queue, "r+");
  script.text = text;
  thread = g_thread_new ("write", write_when_told, file);
  purge (fixture, "a", (QkRetryPolicy){8, 20000, 20000});
  g_thread_join (g_steal_pointer (&thread));
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_IN_USE, QK_LOCK_OUTCOME_RETRY), >=, 1);
}

/* The gap of a writer that unlinks before it renames: our version must not be put into it. */
static int
unlink_before_swap (const char *temp, const char *path, gboolean *exchanged)
{
  int code;

  if (script.calls++ == 0)
    g_assert_cmpint (g_unlink (path), ==, 0);
  code = qk_platform_get_native ()->swap (temp, path, exchanged);
  if (script.calls == 1)
    {
      g_assert_cmpint (code, ==, ENOENT);
      write_queue (script.fixture, "a", "b", "new");
    }
  return code;
}

static void
test_gap_in_swap (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = unlink_before_swap;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
}

static int
appear_on_second_look (const char *path, QkHandle *handle)
{
  int code = qk_platform_get_native ()->open_read (path, handle);

  if (script.calls++ == 0)
    write_queue (script.fixture, "a", "b", NULL);
  return code;
}

static void
test_gap_while_reading (Fixture *fixture, gconstpointer data)
{
  fixture->platform.open_read = appear_on_second_look;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", NULL, NULL);
  g_assert_cmpuint (count_events (fixture, QK_LOCK_KIND_ABSENT, QK_LOCK_OUTCOME_RETRY), ==, 1);
}

/* A file system without exchange. */
static int
plain_rename (const char *temp, const char *path, gboolean *exchanged)
{
  *exchanged = FALSE;
  return g_rename (temp, path) == 0 ? 0 : errno;
}

static void
test_without_exchange (Fixture *fixture, gconstpointer data)
{
  write_queue (fixture, "a", "b", NULL);
  fixture->platform.swap = plain_rename;
  fixture->platform.write = save_during_write;
  purge (fixture, "a", quick);
  g_assert_no_error (fixture->error);
  assert_queue (fixture, "b", "new", NULL);
  assert_no_litter (fixture);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const damaged[] = {"", "[]x", "[1,2", "{}", "\xef\xbb\xbf[]"};
  struct utimbuf old = {1700000000, 1700000000};

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_free (qk_test_folder_write (&fixture->folder, "queue.json", damaged[i], -1));
      /* Only the first one looks as if its writer were still at work. */
      if (i > 0)
        g_assert_cmpint (g_utime (fixture->folder.queue, &old), ==, 0);
      purge (fixture, "a", quick);
      g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_DAMAGED);
      g_clear_error (&fixture->error);
      assert_text (fixture->folder.queue, damaged[i]);
      assert_no_litter (fixture);
    }
  g_assert_cmpint (g_unlink (fixture->folder.queue), ==, 0);
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_FOUND);
  g_clear_error (&fixture->error);
  g_assert_cmpint (g_mkdir (fixture->folder.queue, 0700), ==, 0);
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_NOT_REGULAR);
  assert_no_litter (fixture);
}

/* A link that somebody put in the place of the lock is not followed. */
static void
test_hostile_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *victim = qk_test_folder_write (&fixture->folder, "victim", "precious", -1);
  g_autofree char *sidecar = g_strconcat (fixture->folder.queue, ".lock", NULL);

  write_queue (fixture, "a", NULL, NULL);
  g_assert_cmpint (symlink ("victim", sidecar), ==, 0);
  purge (fixture, "a", quick);
  g_assert_error (fixture->error, QK_STORE_ERROR, QK_STORE_ERROR_FAILED);
  assert_text (victim, "precious");
  assert_queue (fixture, "a", NULL, NULL);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/writer/plain", test_plain);
  ADD ("/writer/nothing-to-do", test_nothing_to_do);
  ADD ("/writer/mode-and-link", test_mode_and_link);
  ADD ("/writer/swap-denied", test_swap_denied);
  ADD ("/writer/swap-denied-for-good", test_swap_denied_for_good);
  ADD ("/writer/other-errors-fail-at-once", test_other_errors_fail_at_once);
  ADD ("/writer/full-disk", test_full_disk);
  ADD ("/writer/held-lock", test_held_lock);
  ADD ("/writer/cancel-while-waiting", test_cancel_while_waiting);
  ADD ("/writer/conflict-before-swap", test_conflict_before_swap);
  ADD ("/writer/conflict-in-swap", test_conflict_in_swap);
  ADD ("/writer/conflict-in-effect", test_conflict_in_effect);
  ADD ("/writer/conflict-with-full-disk", test_conflict_with_full_disk);
  ADD ("/writer/torn-in-swap", test_torn_in_swap);
  ADD ("/writer/open-for-writing", test_open_for_writing);
  ADD ("/writer/gap-in-swap", test_gap_in_swap);
  ADD ("/writer/gap-while-reading", test_gap_while_reading);
  ADD ("/writer/without-exchange", test_without_exchange);
  ADD ("/writer/refused", test_refused);
  ADD ("/writer/hostile-lock", test_hostile_lock);
  return g_test_run ();
}
