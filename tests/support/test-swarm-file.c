/* The careless writer must be as careless as the real one, or it proves nothing. */

#include "qk-swarm-entry.h"
#include "qk-swarm-file.h"
#include "qk-test-util.h"

static GPtrArray *
load (QkTestFolder *folder)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = qk_swarm_file_load (folder->queue, &error);

  g_assert_no_error (error);
  return entries;
}

static void
save (QkTestFolder *folder, GPtrArray *entries)
{
  g_autoptr (GError) error = NULL;

  qk_swarm_file_save (folder->queue, entries, &error);
  g_assert_no_error (error);
}

static void
assert_queue (QkTestFolder *folder, const char *text)
{
  g_autoptr (GBytes) bytes = qk_test_read (folder->queue);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static char *
write_two (QkTestFolder *folder)
{
  g_autofree char *one = qk_test_entry ("one", "PENDING", "Agent-1");
  g_autofree char *two = qk_test_entry ("two", "FAILED", "Agent-2");
  char *queue = qk_test_queue ((const char *[]){one, two, NULL});

  g_free (qk_test_folder_write (folder, "queue.json", queue, -1));
  return queue;
}

static void
test_same_bytes (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *queue = write_two (folder);
  g_autoptr (GPtrArray) entries = load (folder);
  g_autoptr (GPtrArray) names = NULL;

  g_assert_cmpuint (entries->len, ==, 2);
  save (folder, entries);
  assert_queue (folder, queue);
  names = qk_test_folder_list (folder);
  g_assert_cmpuint (names->len, ==, 1);
}

static void
test_numbers (QkTestFolder *folder, gconstpointer user_data)
{
  const char *queue =
      "[{\"message\":\"bare\",\"queue_id\":\"a\",\"priority_score\":0.8,\"status\":"
      "\"PENDING\",\"created_at\":\"\",\"updated_at\":\"\",\"metadata\":{\"n\":[1.0,"
      "-7,0.1,1e+22,null,true,false],\"t\":\"\\\"\\\\\\n\\t\\u0001\xc3\xa4\"}}]";
  g_autoptr (GPtrArray) entries = NULL;

  g_free (qk_test_folder_write (folder, "queue.json", queue, -1));
  entries = load (folder);
  save (folder, entries);
  assert_queue (folder, queue);
}

static void
test_stale_list (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *queue = write_two (folder);
  g_autoptr (GPtrArray) slow = load (folder);
  g_autoptr (GPtrArray) quick = load (folder);

  g_ptr_array_remove_index (quick, 0);
  save (folder, quick);
  save (folder, slow);
  assert_queue (folder, queue);
}

static void
on_folder_changed (GFileMonitor *monitor,
                   GFile *file,
                   GFile *other,
                   GFileMonitorEvent event,
                   gpointer user_data)
{
  gboolean *was_absent = user_data;
  g_autofree char *name = g_file_get_basename (file);

  if (event == G_FILE_MONITOR_EVENT_DELETED && g_str_equal (name, "queue.json"))
    *was_absent = TRUE;
}

static gboolean
is_set (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static void
test_gap (QkTestFolder *folder, gconstpointer user_data)
{
  g_autofree char *queue = write_two (folder);
  g_autoptr (GPtrArray) entries = load (folder);
  g_autoptr (GFile) file = g_file_new_for_path (folder->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileMonitor) monitor =
      g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, &error);
  gboolean was_absent = FALSE;

  g_assert_no_error (error);
  g_signal_connect (monitor, "changed", G_CALLBACK (on_folder_changed), &was_absent);
  save (folder, entries);
  g_assert_true (qk_test_wait (is_set, &was_absent, 5000));
}

static void
test_absent (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GPtrArray) entries = load (folder);

  g_assert_cmpuint (entries->len, ==, 0);
  assert_queue (folder, "[]");
}

static void
test_torn (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  g_free (qk_test_folder_write (folder, "queue.json", "[{\"message\":", -1));
  entries = qk_swarm_file_load (folder->queue, &error);
  g_assert_null (entries);
  g_assert_nonnull (error);
  assert_queue (folder, "[{\"message\":");
}

static void
test_what_is_forgotten (QkTestFolder *folder, gconstpointer user_data)
{
  const char *kept = "{\"message\":{\"to\":\"Agent-1\",\"own\":1},\"queue_id\":\"kept\","
                     "\"priority_score\":0.5,\"status\":\"PENDING\",\"created_at\":\"x\","
                     "\"updated_at\":\"y\",\"metadata\":{\"resent_from\":\"z\"}";
  g_autofree char *queue = g_strdup_printf ("{\"entries\":[%s,\"unknown\":[1]},{\"queue_id\":\"no "
                                            "message\"},7]}",
                                            kept);
  g_autofree char *left = g_strdup_printf ("[%s}]", kept);
  g_autoptr (GPtrArray) entries = NULL;

  g_free (qk_test_folder_write (folder, "queue.json", queue, -1));
  entries = load (folder);
  g_assert_cmpuint (entries->len, ==, 1);
  save (folder, entries);
  assert_queue (folder, left);
}

static void
test_retry_delays (QkTestFolder *folder, gconstpointer user_data)
{
  const gint64 now = G_GINT64_CONSTANT (1767899275818905);
  g_autofree char *queue = write_two (folder);
  g_autoptr (GPtrArray) entries = load (folder);
  JsonObject *entry = g_ptr_array_index (entries, 0);

  g_assert_true (qk_swarm_entry_is_ready (entry, now));
  qk_swarm_entry_fail_attempt (entry, "timeout", now);
  g_assert_false (qk_swarm_entry_is_ready (entry, now + 5 * G_USEC_PER_SEC - 1));
  g_assert_true (qk_swarm_entry_is_ready (entry, now + 5 * G_USEC_PER_SEC));
  qk_swarm_entry_fail_attempt (entry, "timeout", now);
  g_assert_false (qk_swarm_entry_is_ready (entry, now + 15 * G_USEC_PER_SEC - 1));
  g_assert_true (qk_swarm_entry_is_ready (entry, now + 15 * G_USEC_PER_SEC));
  g_assert_cmpstr (qk_swarm_entry_get_status (entry), ==, "PENDING");
  qk_swarm_entry_fail_attempt (entry, "timeout", now);
  g_assert_cmpstr (qk_swarm_entry_get_status (entry), ==, "FAILED");
  g_assert_cmpuint (qk_swarm_entry_get_attempts (entry), ==, 3);
}

static void
test_times (void)
{
  const gint64 time = G_GINT64_CONSTANT (1767899275818905);
  g_autofree char *text = qk_swarm_wall_format (time);
  g_autofree char *whole = qk_swarm_wall_format (time - 818905);
  gint64 parsed = 0;

  g_assert_cmpstr (text, ==, "2026-01-08T19:07:55.818905");
  g_assert_cmpstr (whole, ==, "2026-01-08T19:07:55");
  g_assert_true (qk_swarm_wall_parse (text, &parsed));
  g_assert_cmpint (parsed, ==, time);
  g_assert_false (qk_swarm_wall_parse ("yesterday", &parsed));
}

static void
add (const char *path, void (*test) (QkTestFolder *folder, gconstpointer user_data))
{
  g_test_add (path, QkTestFolder, NULL, qk_test_folder_set_up, test, qk_test_folder_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/swarm-file/same-bytes", test_same_bytes);
  add ("/swarm-file/numbers", test_numbers);
  add ("/swarm-file/stale-list", test_stale_list);
  add ("/swarm-file/gap", test_gap);
  add ("/swarm-file/absent", test_absent);
  add ("/swarm-file/torn", test_torn);
  add ("/swarm-file/what-is-forgotten", test_what_is_forgotten);
  add ("/swarm-file/retry-delays", test_retry_delays);
  g_test_add_func ("/swarm-file/times", test_times);
  return g_test_run ();
}
