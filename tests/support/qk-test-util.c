#include "qk-test-util.h"

#define POLL_MS 5

/**
 * qk_test_folder_set_up:
 * @folder: the fixture
 * @user_data: unused
 *
 * Makes the folder.
 */
void
qk_test_folder_set_up (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  folder->path = g_dir_make_tmp ("qk-test-XXXXXX", &error);
  g_assert_no_error (error);
  folder->queue = g_build_filename (folder->path, "queue.json", NULL);
}

static void
delete_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GFile *child = NULL;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) &&
         child != NULL)
    delete_tree (child);
  g_file_delete (file, NULL, &error);
  g_assert_no_error (error);
}

/**
 * qk_test_folder_tear_down:
 * @folder: the fixture
 * @user_data: unused
 *
 * Removes the folder and what is in it.
 */
void
qk_test_folder_tear_down (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder->path);

  delete_tree (file);
  g_clear_pointer (&folder->path, g_free);
  g_clear_pointer (&folder->queue, g_free);
}

/**
 * qk_test_folder_write:
 * @folder: the fixture
 * @name: the name of a file in it
 * @text: what it is to hold
 * @length: the length of @text in bytes, or -1 where it ends with a NUL
 *
 * Writes a file.
 *
 * Returns: (transfer full): its path
 */
char *
qk_test_folder_write (QkTestFolder *folder, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * qk_test_folder_list:
 * @folder: the fixture
 *
 * Tells what is in the folder, so that a test sees whatever was left behind.
 *
 * Returns: (transfer full) (element-type utf8): the names, sorted
 */
GPtrArray *
qk_test_folder_list (QkTestFolder *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/**
 * qk_test_read:
 * @path: a file
 *
 * Reads a file.
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
qk_test_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, length);
}

/**
 * qk_test_entry:
 * @id: the queue_id
 * @status: the status
 * @recipient: who is to get it
 *
 * Makes a small entry, as the swarm would write it.
 *
 * Returns: (transfer full): JSON on one line
 */
char *
qk_test_entry (const char *id, const char *status, const char *recipient)
{
  return g_strdup_printf (
      "{\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"%s\",\"content\":\"Text of %s\","
      "\"priority\":\"regular\",\"message_type\":\"captain_to_agent\",\"tags\":[\"system\"],"
      "\"metadata\":{\"stalled\":false}},\"queue_id\":\"%s\",\"priority_score\":0.5,"
      "\"status\":\"%s\",\"created_at\":\"2026-01-08T19:07:55.818905\","
      "\"updated_at\":\"2026-01-08T19:07:55.818905\",\"metadata\":{\"delivery_callback\":false}}",
      recipient, id, id, status);
}

/**
 * qk_test_queue:
 * @entries: (array zero-terminated=1): entries in JSON
 *
 * Makes a queue of one line.
 *
 * Returns: (transfer full): the JSON array
 */
char *
qk_test_queue (const char *const *entries)
{
  g_autofree char *list = g_strjoinv (",", (char **) entries);

  return g_strdup_printf ("[%s]", list);
}

/* A queue of one entry for each letter of @ids. */
char *
qk_test_queue_of_ids (const char *ids, const char *status)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) entries = NULL;

  for (; *ids != '\0'; ids++)
    {
      const char id[] = {*ids, '\0'};
      g_autofree char *entry = qk_test_entry (id, status, "Agent-1");

      g_strv_builder_add (builder, entry);
    }
  entries = g_strv_builder_end (builder);
  return qk_test_queue ((const char *const *) entries);
}

/**
 * qk_test_run:
 * @argv: (array zero-terminated=1): a program and its arguments
 * @output: (out) (optional) (transfer full): what it printed
 * @errors: (out) (optional) (transfer full): what it printed to the standard error
 *
 * Runs a program to its end, with nothing on its standard input.
 *
 * Returns: its exit code, or 128 and the number of the signal that ended it
 */
int
qk_test_run (const char *const *argv, char **output, char **errors)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *local_output = NULL;
  g_autofree char *local_errors = NULL;

  process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &local_output, &local_errors, &error);
  g_assert_no_error (error);
  if (output != NULL)
    *output = g_steal_pointer (&local_output);
  if (errors != NULL)
    *errors = g_steal_pointer (&local_errors);
  if (g_subprocess_get_if_exited (process))
    return g_subprocess_get_exit_status (process);
  return 128 + g_subprocess_get_term_sig (process);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * qk_test_wait:
 * @is_done: looks whether what is waited for has come
 * @user_data: for @is_done
 * @timeout_ms: after how many milliseconds to give up
 *
 * Runs the main loop until something has come, and no longer.
 *
 * Returns: whether it has come
 */
gboolean
qk_test_wait (gboolean (*is_done) (gpointer user_data), gpointer user_data, guint timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  guint tick = g_timeout_add (POLL_MS, on_tick, NULL);
  gboolean done;

  while (!(done = is_done (user_data)) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  return done;
}

/* Whether this is built with the address sanitizer: what has to be seen within some seconds, as a line
 * that goes again, may be gone by then. */
gboolean
qk_test_is_slow (void)
{
#ifdef __SANITIZE_ADDRESS__
  return TRUE;
#else
  return FALSE;
#endif
}

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* GLib makes its first table of quarks when it is loaded, and leaves it to itself once there are more
 * than 2048 of them, which a whole window has: so what the libraries take while they are loaded is not
 * looked at. */
static void
before_libraries (int argc, char **argv, char **envp)
{
  __lsan_disable ();
}

__attribute__ ((section (".preinit_array"),
                used)) static void (*const first) (int, char **, char **) = before_libraries;

__attribute__ ((constructor)) static void
after_libraries (void)
{
  __lsan_enable ();
}
#endif
