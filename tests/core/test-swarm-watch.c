#include "qk-swarm-watch.h"
#include "qk-test-util.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PATIENCE_MS 10000
/* A change is on screen within a second; what is left of it is for drawing. */
#define PROMISED_USEC (900 * G_TIME_SPAN_MILLISECOND)

#define NAME "file_locking_metrics.json"

typedef struct {
  QkTestFolder folder;
  char *swarm; /* the folder above the queue's */
  QkSwarmWatch *watch;
  guint n_changes;
  guint n_errors;      /* what is waited for */
  const char *problem; /* likewise, a part of it */
  int looked_with;     /* the errors that were known when it had looked, -1 for none */
} Fixture;

static gboolean deny;

static void
on_changed (QkSwarmWatch *watch, Fixture *fixture)
{
  fixture->n_changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
  fixture->swarm = g_build_filename (fixture->folder.path, "home", "swarm", NULL);
  g_free (fixture->folder.queue);
  fixture->folder.queue = g_build_filename (fixture->swarm, "message_queue", "queue.json", NULL);
}

static void
watch_with (Fixture *fixture, const QkPlatform *platform)
{
  fixture->watch = qk_swarm_watch_new_with_platform (fixture->folder.queue, platform);
  g_signal_connect (fixture->watch, "changed", G_CALLBACK (on_changed), fixture);
}

static gboolean
is_finalized (gpointer data)
{
  return ((Fixture *) data)->watch == NULL;
}

/* A look that is still under way holds the watch; nothing else does. */
static void
close_watch (Fixture *fixture)
{
  g_signal_handlers_disconnect_by_data (fixture->watch, fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->watch), (gpointer *) &fixture->watch);
  g_object_unref (fixture->watch);
  g_assert_true (qk_test_wait (is_finalized, fixture, PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_watch (fixture);
  g_free (fixture->swarm);
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

/* Writes it in place, as the swarm does, or into a new file that takes the place of the old one. */
static void
write_text (Fixture *fixture,
            const char *folder,
            const char *name,
            const char *text,
            gboolean in_place)
{
  g_autofree char *parent = g_build_filename (fixture->swarm, folder, NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);
  g_autofree char *temp = g_strconcat (path, ".new", NULL);
  FILE *file;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  file = g_fopen (in_place ? path : temp, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  if (!in_place)
    g_assert_cmpint (g_rename (temp, path), ==, 0);
}

static char *
make_metrics (guint n_errors)
{
  return g_strdup_printf ("{\"errors\":[],\"summary\":{\"total_errors\":%u}}", n_errors);
}

static void
write_metrics (Fixture *fixture, const char *folder, guint n_errors, gboolean in_place)
{
  g_autofree char *text = make_metrics (n_errors);

  write_text (fixture, folder, NAME, text, in_place);
}

static gboolean
has_errors (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkSwarmMetrics) metrics = qk_swarm_watch_dup_metrics (fixture->watch);

  return metrics != NULL &&
         qk_swarm_metrics_get_summary (metrics)->total_errors == fixture->n_errors;
}

static void
wait_for_errors (Fixture *fixture, guint n_errors)
{
  fixture->n_errors = n_errors;
  g_assert_true (qk_test_wait (has_errors, fixture, PATIENCE_MS));
}

static gboolean
has_problem (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *problem = qk_swarm_watch_dup_problem (fixture->watch);

  return fixture->problem == NULL ? problem == NULL
                                  : problem != NULL && strstr (problem, fixture->problem) != NULL;
}

static void
wait_for_problem (Fixture *fixture, const char *problem)
{
  fixture->problem = problem;
  g_assert_true (qk_test_wait (has_problem, fixture, PATIENCE_MS));
}

static void
assert_location (Fixture *fixture, const char *folder)
{
  g_autofree char *location = qk_swarm_watch_dup_location (fixture->watch);
  g_autofree char *expected = g_build_filename (fixture->swarm, folder, NAME, NULL);

  g_assert_cmpstr (location, ==, expected);
}

static void
test_found (Fixture *fixture, gconstpointer folder)
{
  write_metrics (fixture, folder, 16, TRUE);
  watch_with (fixture, qk_platform_get_native ());
  wait_for_errors (fixture, 16);
  assert_location (fixture, folder);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
}

/* In place and by replacement, each in time. */
static void
test_change (Fixture *fixture, gconstpointer data)
{
  write_metrics (fixture, "data", 1, TRUE);
  watch_with (fixture, qk_platform_get_native ());
  wait_for_errors (fixture, 1);
  for (guint i = 2; i < 12; i++)
    {
      gint64 start = g_get_monotonic_time ();

      write_metrics (fixture, "data", i, i % 2 == 0);
      wait_for_errors (fixture, i);
      g_assert_cmpint (g_get_monotonic_time () - start, <, PROMISED_USEC);
    }
}

/* What was cut off keeps what stood there before; a moment of that is no problem. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_metrics (2);

  write_metrics (fixture, "data", 1, TRUE);
  watch_with (fixture, qk_platform_get_native ());
  wait_for_errors (fixture, 1);
  text[strlen (text) - 1] = '\0';
  write_text (fixture, "data", NAME, text, TRUE);
  fixture->problem = "Cannot";
  g_assert_false (qk_test_wait (has_problem, fixture, 500));
  fixture->n_errors = 1;
  g_assert_true (has_errors (fixture));
  wait_for_problem (fixture, "the text ends inside a list or an object at byte ");
  wait_for_problem (fixture, "What it said last is shown.");
  g_assert_true (has_errors (fixture));
  write_text (fixture, "data", NAME, "", TRUE);
  wait_for_problem (fixture, "it is empty");
  write_metrics (fixture, "data", 3, TRUE);
  wait_for_errors (fixture, 3);
  wait_for_problem (fixture, NULL);
}

static void
note_looked (QkSwarmWatch *watch, Fixture *fixture)
{
  g_autoptr (QkSwarmMetrics) metrics = qk_swarm_watch_dup_metrics (watch);

  fixture->looked_with =
      metrics != NULL ? (int) qk_swarm_metrics_get_summary (metrics)->total_errors : -1;
}

static gboolean
has_looked (gpointer data)
{
  return qk_swarm_watch_has_looked (((Fixture *) data)->watch);
}

/* Whoever asks once, while a writer is at work, is not told that there is nothing. */
static void
test_torn_at_first (Fixture *fixture, gconstpointer data)
{
  write_text (fixture, "data", NAME, "{\"errors\":[", TRUE);
  watch_with (fixture, qk_platform_get_native ());
  g_signal_connect (fixture->watch, "looked", G_CALLBACK (note_looked), fixture);
  g_assert_false (qk_test_wait (has_looked, fixture, 300));
  write_metrics (fixture, "data", 4, TRUE);
  g_assert_true (qk_test_wait (has_looked, fixture, PATIENCE_MS));
  g_assert_cmpint (fixture->looked_with, ==, 4);
}

/* One that stays torn is told as such. */
static void
test_torn_for_good (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;

  write_text (fixture, "data", NAME, "", TRUE);
  watch_with (fixture, qk_platform_get_native ());
  g_assert_true (qk_test_wait (has_looked, fixture, PATIENCE_MS));
  problem = qk_swarm_watch_dup_problem (fixture->watch);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, "it is empty"));
}

/* Nothing is missed while there is none; not even its folder is there at first. */
static void
test_appears (Fixture *fixture, gconstpointer data)
{
  g_autofree char *location = NULL;

  watch_with (fixture, qk_platform_get_native ());
  g_assert_false (qk_test_wait (has_errors, fixture, 200));
  location = qk_swarm_watch_dup_location (fixture->watch);
  g_assert_null (location);
  wait_for_problem (fixture, NULL);
  write_metrics (fixture, "data", 5, TRUE);
  wait_for_errors (fixture, 5);
  assert_location (fixture, "data");
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->swarm, "data", NAME, NULL);

  write_metrics (fixture, "data", 5, TRUE);
  watch_with (fixture, qk_platform_get_native ());
  wait_for_errors (fixture, 5);
  g_assert_cmpint (g_unlink (path), ==, 0);
  wait_for_problem (fixture, "is gone. What it said last is shown.");
  g_assert_true (has_errors (fixture));
  write_metrics (fixture, "message_queue", 6, TRUE);
  wait_for_errors (fixture, 6);
  assert_location (fixture, "message_queue");
  wait_for_problem (fixture, NULL);
}

static void
test_set (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->swarm, "elsewhere", NAME, NULL);
  g_autoptr (QkSwarmMetrics) metrics = NULL;

  write_metrics (fixture, "data", 1, TRUE);
  watch_with (fixture, qk_platform_get_native ());
  wait_for_errors (fixture, 1);
  qk_swarm_watch_set_location (fixture->watch, path);
  metrics = qk_swarm_watch_dup_metrics (fixture->watch);
  g_assert_null (metrics);
  wait_for_problem (fixture, "There is no file ");
  write_metrics (fixture, "elsewhere", 2, TRUE);
  wait_for_errors (fixture, 2);
  assert_location (fixture, "elsewhere");
  qk_swarm_watch_set_location (fixture->watch, NULL);
  wait_for_errors (fixture, 1);
}

static int
denying_open_read (const char *path, QkHandle *handle)
{
  if (g_atomic_int_get (&deny) && g_str_has_suffix (path, NAME))
    return EACCES;
  return qk_platform_get_native ()->open_read (path, handle);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  QkPlatform platform = *qk_platform_get_native ();
  g_autofree char *path = g_build_filename (fixture->swarm, "data", NAME, NULL);

  platform.open_read = denying_open_read;
  write_metrics (fixture, "data", 1, TRUE);
  g_atomic_int_set (&deny, TRUE);
  watch_with (fixture, &platform);
  wait_for_problem (fixture, "Permission denied (EACCES 13).");
  g_atomic_int_set (&deny, FALSE);
  wait_for_errors (fixture, 1);
  wait_for_problem (fixture, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  wait_for_problem (fixture, "it is not a file. What it said last is shown.");
  /* The table is about to go. */
  close_watch (fixture);
  watch_with (fixture, qk_platform_get_native ());
}

static gboolean
has_deliveries (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkDeliveries) deliveries = qk_swarm_watch_dup_deliveries (fixture->watch);
  guint n = 0;

  if (deliveries != NULL)
    (void) qk_deliveries_get_rows (deliveries, &n);
  return n == fixture->n_errors;
}

static void
test_deliveries (Fixture *fixture, gconstpointer data)
{
  write_text (fixture, "message_queue", "metrics.json", "[{}]", TRUE);
  watch_with (fixture, qk_platform_get_native ());
  fixture->n_errors = 1;
  g_assert_true (qk_test_wait (has_deliveries, fixture, PATIENCE_MS));
  write_text (fixture, "message_queue", "metrics.json", "[{},{}]", FALSE);
  fixture->n_errors = 2;
  g_assert_true (qk_test_wait (has_deliveries, fixture, PATIENCE_MS));
  write_text (fixture, "message_queue", "metrics.json", "[{},", FALSE);
  wait_for_problem (fixture, "metrics.json: the text ends where a value was expected at byte 4");
  g_assert_true (has_deliveries (fixture));
}

#define TEST(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/swarm-watch/found/beside", "message_queue", test_found);
  TEST ("/swarm-watch/found/data-beside", "message_queue/data", test_found);
  TEST ("/swarm-watch/found/above", "", test_found);
  TEST ("/swarm-watch/found/data-above", "data", test_found);
  TEST ("/swarm-watch/change", NULL, test_change);
  TEST ("/swarm-watch/torn", NULL, test_torn);
  TEST ("/swarm-watch/torn-at-first", NULL, test_torn_at_first);
  TEST ("/swarm-watch/torn-for-good", NULL, test_torn_for_good);
  TEST ("/swarm-watch/appears", NULL, test_appears);
  TEST ("/swarm-watch/gone", NULL, test_gone);
  TEST ("/swarm-watch/set", NULL, test_set);
  TEST ("/swarm-watch/unreadable", NULL, test_unreadable);
  TEST ("/swarm-watch/deliveries", NULL, test_deliveries);
  return g_test_run ();
}
