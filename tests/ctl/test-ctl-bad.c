#include "qk-ctl-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define DEPTH          1000000
#define N_SHARED       10000
#define BIG_CONTENT    20000
#define BIG_ENTRIES    5200
#define BIG_MEMORY_KIB 1000000

/* Every command that reads the queue, with what it needs after FILE. */
static const char *const commands[][6] = {
    {"status"},
    {"list"},
    {"show", "x"},
    {"resend", "x"},
    {"purge", "x", "--yes"},
    {"send", "--to=Agent-1", "--content=x"},
};

/* So old that no writer can be in the middle of it. */
static void
make_old (QkCtlFixture *fixture)
{
  struct utimbuf times = {1000000000, 1000000000};

  g_assert_cmpint (g_utime (fixture->path, &times), ==, 0);
}

static void
write_old (QkCtlFixture *fixture, const char *bytes, gssize length)
{
  qk_ctl_write (fixture, bytes, length);
  make_old (fixture);
}

static QkCtlRun *
run_command (const char *const *command, const char *file)
{
  const char *arguments[8] = {command[0], file, command[1], command[1] != NULL ? command[2] : NULL};

  return qk_ctl_wait (
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE),
      NULL);
}

/* Every command refuses with @code and one line that holds @message, and leaves all as it is. */
static void
assert_all_refuse (QkCtlFixture *fixture, const char *file, int code, const char *message)
{
  g_autofree char *folder = qk_ctl_list_folder (fixture), *before = NULL;
  gboolean is_file = g_file_test (fixture->path, G_FILE_TEST_IS_REGULAR);
  gsize length = 0;

  if (is_file)
    before = qk_ctl_read (fixture, &length);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (QkCtlRun) run = run_command (commands[i], file);
      g_autofree char *folder_after = qk_ctl_list_folder (fixture), *after = NULL;
      gsize length_after = 0;

      qk_ctl_assert_code (run, code);
      qk_ctl_assert_one_line (run->err, message);
      g_assert_cmpstr (run->out, ==, "");
      g_assert_cmpstr (folder_after, ==, folder);
      if (is_file)
        after = qk_ctl_read (fixture, &length_after);
      g_assert_cmpmem (before, length, after, length_after);
    }
}

static void
test_missing (QkCtlFixture *fixture, gconstpointer data)
{
  assert_all_refuse (fixture, fixture->path, 66, "check the path, or let qkctl watch wait for it");
  /* A folder without a queue in it. */
  assert_all_refuse (fixture, fixture->folder, 66, fixture->path);
}

static void
test_folder (QkCtlFixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0755), ==, 0);
  assert_all_refuse (fixture, fixture->path, 66, "there is no queue at");
  assert_all_refuse (fixture, fixture->folder, 74, "It is not a file");
}

static void
test_device (QkCtlFixture *fixture, gconstpointer data)
{
  assert_all_refuse (fixture, "/dev/null", 74, "It is not a file");
}

static const struct {
  const char *bytes;
  gssize length;
  const char *message;
} damaged[] = {
    {"", 0, "is empty: a writer was interrupted. Nothing is written to it. qkctl salvage tells"},
    {"hello\n", -1, "is damaged: neither a list nor an object"},
    {"{\"a\":1}", -1, "is damaged: an object without a list"},
    {"[1,2", -1, "qkctl salvage tells what can be had"},
    {"[]]", -1, "is damaged: more text after the end of the queue"},
    {"[\"a\0b\"]", 7, "is damaged: a NUL byte"},
    {"[]\0\0", 4, "is damaged: more text after the end of the queue"},
    {"[\"a\xff\xfe\"]", -1, "is damaged: a byte that is not UTF-8"},
    {"[\"\xed\xa0\x80\"]", -1, "is damaged: a byte that is not UTF-8"},
};

static void
test_damaged (QkCtlFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (QkCtlRun) run = NULL;
      g_autofree char *expected = NULL;

      g_test_message ("%s", damaged[i].message);
      write_old (fixture, damaged[i].bytes, damaged[i].length);
      assert_all_refuse (fixture, fixture->path, 65, damaged[i].message);

      run = qk_ctl_run ("status", "--json", fixture->path, NULL);
      qk_ctl_assert_code (run, 65);
      expected = g_strdup_printf (
          "{\"path\":\"%s\",\"total\":0,\"by_status\":{},\"agents\":{},\"stuck\":0,\"hazards\":0,"
          "\"oldest_pending_s\":null,\"damaged\":true}\n",
          fixture->path);
      g_assert_cmpstr (run->out, ==, expected);
      qk_ctl_assert_one_line (run->err, damaged[i].message);
    }
}

static void
test_deep (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = g_malloc (2 * DEPTH);

  memset (bytes, '[', DEPTH);
  memset (bytes + DEPTH, ']', DEPTH);
  write_old (fixture, bytes, 2 * DEPTH);
  assert_all_refuse (fixture, fixture->path, 65, "is damaged: nested too deep");
}

/* A writer at work is waited for; only what stays torn is damaged. */
static void
test_torn_for_a_moment (QkCtlFixture *fixture, gconstpointer data)
{
  GSubprocess *process;
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *const arguments[] = {"status", "--json", fixture->path, NULL};

  qk_ctl_write (fixture, "[", 1);
  process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_usleep (G_USEC_PER_SEC / 5);
  qk_ctl_write (fixture, "[1]", 3);
  run = qk_ctl_wait (process, NULL);
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "total"), ==, 1);
}

/* Half of a surrogate pair is shown and can be purged, but is not given to the processor. */
static void
test_lone_surrogate (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry entry = {"x", "FAILED", "Agent-1", "a\\ud83d b", 900, NULL};
  g_autoptr (QkCtlRun) list = NULL;
  g_autoptr (QkCtlRun) show = NULL;
  g_autoptr (QkCtlRun) resend = NULL;
  g_autoptr (QkCtlRun) purge = NULL;
  g_autofree char *before = NULL, *after = NULL;

  qk_ctl_write_entries (fixture, &entry, 1);
  before = qk_ctl_read (fixture, NULL);
  list = qk_ctl_run ("list", "--json", fixture->path, NULL);
  qk_ctl_assert_code (list, 0);
  g_assert_nonnull (strstr (list->out, "\"a\\ud83d b\""));
  show = qk_ctl_run ("show", fixture->path, "x", NULL);
  qk_ctl_assert_code (show, 0);
  g_assert_nonnull (strstr (show->out, "\nWarning         it holds half of a surrogate pair"));
  g_assert_true (g_str_has_suffix (show->out, "\n\na\xef\xbf\xbd b\n"));
  resend = qk_ctl_run ("resend", fixture->path, "x", NULL);
  qk_ctl_assert_code (resend, 1);
  g_assert_nonnull (strstr (resend->out, "skipped x: it holds half of a surrogate pair"));
  after = qk_ctl_read (fixture, NULL);
  g_assert_cmpstr (after, ==, before);
  purge = qk_ctl_run ("purge", "--yes", fixture->path, "x", NULL);
  qk_ctl_assert_code (purge, 0);
}

static void
test_shared_id (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree QkCtlEntry *entries = g_new0 (QkCtlEntry, N_SHARED + 1);
  g_autoptr (QkCtlRun) status = NULL;
  g_autoptr (QkCtlRun) resend = NULL;
  g_autoptr (QkCtlRun) purge = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonArray) left = NULL;

  for (guint i = 0; i <= N_SHARED; i++)
    entries[i] = (QkCtlEntry){i < N_SHARED ? "same" : "other", "FAILED", "Agent-1", "x", 900, NULL};
  qk_ctl_write_entries (fixture, entries, N_SHARED + 1);
  status = qk_ctl_run ("status", fixture->path, NULL);
  qk_ctl_assert_code (status, 0);
  resend = qk_ctl_run ("resend", "--json", fixture->path, "same", NULL);
  qk_ctl_assert_code (resend, 0);
  node = qk_ctl_parse (resend->out);
  qk_ctl_assert_action (node, N_SHARED, 0);
  purge = qk_ctl_run ("purge", "--yes", fixture->path, "same", NULL);
  qk_ctl_assert_code (purge, 0);
  g_assert_cmpstr (purge->out, ==, "Purged 10000 messages\n");
  left = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (left), ==, 1);
  g_test_message ("status %.2f s, resend %.2f s, purge %.2f s", status->seconds, resend->seconds,
                  purge->seconds);
}

/* How much memory a run may take; sanitizers reserve more than there is. */
static char *
limited (const char *command)
{
#ifdef __SANITIZE_ADDRESS__
  return g_strdup (command);
#else
  return g_strdup_printf ("ulimit -v %u; exec %s", BIG_MEMORY_KIB, command);
#endif
}

static void
run_limited (QkCtlFixture *fixture, const char *arguments, int code)
{
  g_autofree char *command = g_strdup_printf ("\"$0\" %s >/dev/null 2>\"$1.err\"", arguments);
  g_autofree char *script = limited (command);
  const char *const argv[] = {"sh", "-c", script, g_getenv ("QKCTL"), fixture->path, NULL};
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_autoptr (QkCtlRun) run = NULL;

  g_assert_no_error (error);
  run = qk_ctl_wait (process, NULL);
  g_test_message ("%s: %.2f s", arguments, run->seconds);
  qk_ctl_assert_code (run, code);
}

static void
test_big (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *content = g_strnfill (BIG_CONTENT, 'A');
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < BIG_ENTRIES; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%05u", i);
      const QkCtlEntry entry = {id, "FAILED", "Agent-1", content, 900, NULL};
      g_autofree char *json = qk_ctl_entry_json (&entry);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", json);
    }
  g_string_append_c (text, ']');
  g_assert_cmpuint (text->len, >, 100 * 1000 * 1000);
  qk_ctl_write (fixture, text->str, (gssize) text->len);
  g_string_truncate (text, 0);

  run_limited (fixture, "status \"$1\"", 0);
  run_limited (fixture, "list --json \"$1\"", 0);
  run_limited (fixture, "resend \"$1\" id-00777", 0);
  run_limited (fixture, "purge --yes \"$1\" --status FAILED", 0);
  {
    g_autoptr (JsonArray) left = qk_ctl_read_entries (fixture);

    g_assert_cmpuint (json_array_get_length (left), ==, 1);
  }
}

static void
test_big_garbage (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = g_malloc (100 * 1000 * 1000);

  memset (bytes, '\1', 100 * 1000 * 1000);
  write_old (fixture, bytes, 100 * 1000 * 1000);
  run_limited (fixture, "status \"$1\"", 65);
  run_limited (fixture, "send \"$1\" --to=Agent-1 --content=x", 65);
}

/* Runs a copy of qkctl that everybody may run, as somebody who is not allowed everything. NULL where
 * that cannot be done. */
static QkCtlRun *
run_as_nobody (QkCtlFixture *fixture, const char *const *command)
{
  g_autofree char *setpriv = g_find_program_in_path ("setpriv"), *copy = NULL, *bytes = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;
  gsize length;

  if (g_strcmp0 (g_get_user_name (), "root") == 0)
    {
      if (setpriv == NULL)
        return NULL;
      g_strv_builder_add_many (builder, setpriv, "--reuid=65534", "--regid=65534", "--clear-groups",
                               NULL);
    }
  copy = g_strconcat (fixture->folder, "-qkctl", NULL);
  g_file_get_contents (g_getenv ("QKCTL"), &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (copy, bytes, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0755,
                            &error);
  g_assert_no_error (error);
  g_strv_builder_add_many (builder, copy, command[0], fixture->path, NULL);
  for (guint i = 1; command[i] != NULL; i++)
    g_strv_builder_add (builder, command[i]);
  argv = g_strv_builder_end (builder);
  process =
      g_subprocess_newv ((const char *const *) argv,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  {
    QkCtlRun *run = qk_ctl_wait (process, NULL);

    g_assert_cmpint (g_remove (copy), ==, 0);
    return run;
  }
}

static const QkCtlEntry one = {"x", "FAILED", "Agent-1", "x", 900, NULL};

static void
test_unreadable (QkCtlFixture *fixture, gconstpointer data)
{
  qk_ctl_write_entries (fixture, &one, 1);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (fixture->path, 0000), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *before = qk_ctl_list_folder (fixture), *after = NULL;
      g_autoptr (QkCtlRun) run = run_as_nobody (fixture, commands[i]);

      if (run == NULL)
        {
          g_test_skip ("root may read everything, and there is no setpriv(1) to be nobody");
          return;
        }
      qk_ctl_assert_code (run, 74);
      qk_ctl_assert_one_line (run->err, "Ask its owner for the right to read it");
      after = qk_ctl_list_folder (fixture);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_read_only_folder (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *folder = NULL, *folder_after = NULL;

  qk_ctl_write_entries (fixture, &one, 1);
  g_assert_cmpint (g_chmod (fixture->path, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  before = qk_ctl_read (fixture, NULL);
  folder = qk_ctl_list_folder (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (QkCtlRun) run = run_as_nobody (fixture, commands[i]);

      if (run == NULL)
        {
          g_test_skip ("root may write everywhere, and there is no setpriv(1) to be nobody");
          break;
        }
      /* Looking needs no right to write. */
      qk_ctl_assert_code (run, i < 3 ? 0 : 74);
      if (i >= 3)
        qk_ctl_assert_one_line (run->err, "Nothing was changed");
      if (i >= 3)
        qk_ctl_assert_one_line (run->err, fixture->path);
    }
  after = qk_ctl_read (fixture, NULL);
  folder_after = qk_ctl_list_folder (fixture);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (folder_after, ==, folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/bad/missing", test_missing);
  QK_CTL_TEST ("/ctl/bad/folder", test_folder);
  QK_CTL_TEST ("/ctl/bad/device", test_device);
  QK_CTL_TEST ("/ctl/bad/damaged", test_damaged);
  QK_CTL_TEST ("/ctl/bad/deep", test_deep);
  QK_CTL_TEST ("/ctl/bad/torn-for-a-moment", test_torn_for_a_moment);
  QK_CTL_TEST ("/ctl/bad/lone-surrogate", test_lone_surrogate);
  QK_CTL_TEST ("/ctl/bad/shared-id", test_shared_id);
  QK_CTL_TEST ("/ctl/bad/big", test_big);
  QK_CTL_TEST ("/ctl/bad/big-garbage", test_big_garbage);
  QK_CTL_TEST ("/ctl/bad/unreadable", test_unreadable);
  QK_CTL_TEST ("/ctl/bad/read-only-folder", test_read_only_folder);
  return g_test_run ();
}
