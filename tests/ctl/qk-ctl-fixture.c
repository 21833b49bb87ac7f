#include "qk-ctl-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char *
get_qkctl (void)
{
  const char *path = g_getenv ("QKCTL");

  g_assert_nonnull (path);
  return path;
}

/* When the test began: what is written twice is the same twice. */
static gint64 test_start;

/* A new folder for each test, by the same name: the environment may be set only while there are no
 * threads yet. The history of who runs the tests is none of their business. */
static char *
make_data_folder (void)
{
  static char *path;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    {
      path = g_dir_make_tmp ("qkctl-data-XXXXXX", &error);
      g_assert_no_error (error);
      g_setenv ("XDG_DATA_HOME", path, TRUE);
    }
  else
    g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return g_strdup (path);
}

void
qk_ctl_fixture_set_up (QkCtlFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* A qkctl that ends before it has read all its input must not end the test. */
  signal (SIGPIPE, SIG_IGN);
  test_start = g_get_real_time () / G_USEC_PER_SEC;
  self->folder = g_dir_make_tmp ("qkctl-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "queue.json", NULL);
  self->data = make_data_folder ();
  self->lock = -1;
}

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      g_assert_nonnull (dir);
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
qk_ctl_fixture_tear_down (QkCtlFixture *self, gconstpointer data)
{
  if (self->lock >= 0)
    qk_ctl_release_lock (self);
  remove_tree (self->folder);
  remove_tree (self->data);
  g_free (self->data);
  g_free (self->folder);
  g_free (self->path);
}

void
qk_ctl_write (QkCtlFixture *self, const char *bytes, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, bytes, length, &error);
  g_assert_no_error (error);
}

static char *
format_age (int age_s)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (test_start - age_s);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%S.250000");
}

char *
qk_ctl_entry_json (const QkCtlEntry *entry)
{
  g_autofree char *time = format_age (entry->age_s);

  return g_strdup_printf (
      "{\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"%s\",\"content\":\"%s\","
      "\"priority\":\"regular\",\"message_type\":\"text\",\"tags\":[\"a\"],\"x\":1e400},"
      "\"queue_id\":\"%s\",\"priority_score\":0.50,\"status\":\"%s\",\"created_at\":\"%s\","
      "\"updated_at\":\"%s\",\"metadata\":%s}",
      entry->recipient, entry->content, entry->id, entry->status, time, time,
      entry->metadata != NULL ? entry->metadata : "{\"delivery_callback\":false}");
}

void
qk_ctl_write_entries (QkCtlFixture *self, const QkCtlEntry *entries, guint n)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *json = qk_ctl_entry_json (&entries[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", json);
    }
  g_string_append (text, "]");
  qk_ctl_write (self, text->str, (gssize) text->len);
}

char *
qk_ctl_read (QkCtlFixture *self, gsize *length)
{
  g_autoptr (GError) error = NULL;
  char *bytes;

  g_file_get_contents (self->path, &bytes, length, &error);
  g_assert_no_error (error);
  return bytes;
}

/* The queue as another program reads it. */
JsonArray *
qk_ctl_read_entries (QkCtlFixture *self)
{
  g_autofree char *text = qk_ctl_read (self, NULL);
  g_autoptr (JsonNode) root = qk_ctl_parse (text);

  g_assert_true (JSON_NODE_HOLDS_ARRAY (root));
  return json_node_dup_array (root);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Name, inode and size of every file: what a run that must leave no trace may not change. */
char *
qk_ctl_list_folder (QkCtlFixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      GStatBuf info;

      g_assert_cmpint (g_lstat (path, &info), ==, 0);
      g_ptr_array_add (lines, g_strdup_printf ("%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, name,
                                               (guint64) info.st_ino, (gint64) info.st_size));
    }
  g_ptr_array_sort (lines, compare_names);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* Does what another writer that keeps to the protocol does; flock() has no equal in GLib. */
void
qk_ctl_hold_lock (QkCtlFixture *self)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  self->lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  g_assert_cmpint (self->lock, >=, 0);
  g_assert_cmpint (flock (self->lock, LOCK_EX | LOCK_NB), ==, 0);
}

void
qk_ctl_release_lock (QkCtlFixture *self)
{
  g_assert_true (g_close (self->lock, NULL));
  self->lock = -1;
}

/* @arguments are those of qkctl, without its name. */
GSubprocess *
qk_ctl_spawn (const char *const *arguments, GSubprocessFlags flags)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_strv_builder_add (builder, get_qkctl ());
  g_strv_builder_addv (builder, (const char **) arguments);
  argv = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *) argv, flags, &error);
  g_assert_no_error (error);
  return process;
}

static char *
to_text (GBytes *bytes)
{
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return g_strdup ("");
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Takes the process over. */
QkCtlRun *
qk_ctl_wait (GSubprocess *process, const char *input)
{
  QkCtlRun *run = g_new0 (QkCtlRun, 1);
  g_autoptr (GBytes) in = input != NULL ? g_bytes_new_static (input, strlen (input)) : NULL;
  g_autoptr (GBytes) out = NULL, err = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_subprocess_communicate (process, in, NULL, &out, &err, &error);
  g_assert_no_error (error);
  run->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  run->out = to_text (out);
  run->err = to_text (err);
  run->code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                   : 128 + g_subprocess_get_term_sig (process);
  g_object_unref (process);
  return run;
}

static char **
collect (const char *first, va_list arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const char *argument = first; argument != NULL; argument = va_arg (arguments, const char *))
    g_strv_builder_add (builder, argument);
  return g_strv_builder_end (builder);
}

QkCtlRun *
qk_ctl_run (const char *first, ...)
{
  g_auto (GStrv) argv = NULL;
  va_list arguments;

  va_start (arguments, first);
  argv = collect (first, arguments);
  va_end (arguments);
  return qk_ctl_wait (qk_ctl_spawn ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                    G_SUBPROCESS_FLAGS_STDERR_PIPE),
                      NULL);
}

QkCtlRun *
qk_ctl_run_with_input (const char *input, const char *first, ...)
{
  g_auto (GStrv) argv = NULL;
  va_list arguments;

  va_start (arguments, first);
  argv = collect (first, arguments);
  va_end (arguments);
  return qk_ctl_wait (qk_ctl_spawn ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                    G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                    G_SUBPROCESS_FLAGS_STDERR_PIPE),
                      input);
}

/* What the terminal shows, up to and with @prompt. */
static char *
read_up_to (GSubprocess *process, const char *prompt)
{
  GInputStream *stream = g_subprocess_get_stdout_pipe (process);
  GString *shown = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char c;

  while (!g_str_has_suffix (shown->str, prompt) &&
         g_input_stream_read (stream, &c, 1, NULL, &error) == 1)
    g_string_append_c (shown, c);
  g_assert_no_error (error);
  return g_string_free (shown, FALSE);
}

/* Runs it with all three streams on a pseudo terminal, by means of script(1): both outputs come
 * back in @out, lines end in CR LF, and what is typed is echoed. @answer is typed when @prompt has
 * been shown; both may be NULL. Returns NULL where there is no script(1). */
QkCtlRun *
qk_ctl_run_on_terminal (const char *prompt, const char *answer, const char *first, ...)
{
  g_autofree char *script = g_find_program_in_path ("script"), *shown = NULL, *all = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GString) command = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;
  QkCtlRun *run;
  va_list arguments;

  if (script == NULL)
    return NULL;
  va_start (arguments, first);
  argv = collect (first, arguments);
  va_end (arguments);
  g_string_append (command, get_qkctl ());
  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (argv[i]);

      g_string_append_printf (command, " %s", quoted);
    }
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                              &error, script, "-qec", command->str, "/dev/null", NULL);
  g_assert_no_error (error);
  shown = prompt != NULL ? read_up_to (process, prompt) : g_strdup ("");
  run = qk_ctl_wait (process, answer != NULL ? answer : "");
  all = g_strconcat (shown, run->out, NULL);
  g_free (run->out);
  run->out = g_steal_pointer (&all);
  return run;
}

void
qk_ctl_run_free (QkCtlRun *self)
{
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

void
qk_ctl_assert_code (const QkCtlRun *run, int code)
{
  if (run->code != code)
    g_test_message ("out: %.2000s\nerr: %.2000s", run->out, run->err);
  g_assert_cmpint (run->code, ==, code);
}

/* @text is one line, with its end, and has @part in it. */
void
qk_ctl_assert_one_line (const char *text, const char *part)
{
  if (qk_ctl_count_lines (text) != 1 || strstr (text, part) == NULL)
    g_test_message ("looked for one line with “%s” in: %.2000s", part, text);
  g_assert_cmpuint (qk_ctl_count_lines (text), ==, 1);
  g_assert_nonnull (strstr (text, part));
}

JsonNode *
qk_ctl_parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (json, &error);

  if (error != NULL)
    g_test_message ("not JSON: %.2000s", json);
  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

/* The object that an action prints: its members, and how many entries it is about. */
JsonObject *
qk_ctl_assert_action (JsonNode *node, guint n_changed, guint n_skipped)
{
  static const char *const names[] = {"changed",   "skipped",   "attempts", "waited_s",
                                      "conflicts", "recovered", "operation"};
  JsonObject *object;
  JsonArray *skipped;

  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  object = json_node_get_object (node);
  g_assert_cmpuint (json_object_get_size (object), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (json_object_has_member (object, names[i]));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "changed")), ==,
                    n_changed);
  skipped = json_object_get_array_member (object, "skipped");
  g_assert_cmpuint (json_array_get_length (skipped), ==, n_skipped);
  for (guint i = 0; i < n_skipped; i++)
    {
      JsonObject *skip = json_array_get_object_element (skipped, i);

      g_assert_cmpuint (json_object_get_size (skip), ==, 2);
      g_assert_cmpstr (json_object_get_string_member (skip, "id"), !=, NULL);
      g_assert_cmpstr (json_object_get_string_member (skip, "reason"), !=, "");
    }
  return object;
}

guint
qk_ctl_count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}
