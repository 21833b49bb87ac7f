#include "qk-ctl-fixture.h"
#include "qk-ctl-sample.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define ENTRY(id)                                                                                  \
  "{\"message\":{\"sender\":\"S\",\"content\":\"text of " id "\"},\"queue_id\":\"" id              \
  "\",\"status\":\"PENDING\",\"updated_at\":\"2026-01-08T19:00:00\"}"
#define CUT "{\"message\":{\"sender\":\"S\",\"content\":\"cut\033[2J \xe2\x80\xae"

/* So old that no writer can be in the middle of it. */
static char *
write_old (QkCtlFixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  struct utimbuf times = {1000000000, 1000000000};

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_utime (path, &times), ==, 0);
  return path;
}

static void
assert_text (const char *path, const char *expected)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

/* A sound list, the tail of an older one whose first entry lacks four bytes, and a broken entry. */
static const char damaged[] =
    "[" ENTRY ("a") "]ssage\":{\"sender\":\"S\",\"content\":\"z\"},\"queue_id\":"
                    "\"z\",\"status\":\"PENDING\"}," CUT;
static const char rescued[] =
    "[" ENTRY ("a") ",{\"message\":{\"sender\":\"S\",\"content\":\"z\"},\"queue_id\":"
                    "\"z\",\"status\":\"PENDING\"}]";
#define SOUND "[" ENTRY ("a") "]"
#define TORN  "[" ENTRY ("a") "," ENTRY ("b")
#define WHOLE "[" ENTRY ("a") "," ENTRY ("b") "]"

static void
test_report (QkCtlFixture *fixture, gconstpointer data)
{
  guint at = strlen (SOUND), tail = strlen (rescued) - strlen (SOUND) - 5;
  g_autofree char *before = NULL, *after = NULL, *expected = NULL;
  g_autoptr (QkCtlRun) run = NULL, inside = NULL;

  g_free (write_old (fixture, "queue.json", damaged));
  before = qk_ctl_list_folder (fixture);
  run = qk_ctl_run ("salvage", fixture->path, NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_cmpstr (run->err, ==, "");
  expected = g_strdup_printf (
      "queue.json: damaged: more text after the end of the queue at byte %u (line 1, column %u)\n"
      "  1 whole, 1 repairable, %u bytes left over; 2 used\n"
      "  repairable at byte %u, %u bytes: its first 4 bytes were missing: completed with “{\"me”, as "
      "the other entries begin\n"
      "  left over at byte %u, %u bytes: {\"message\":{\"sender\":\"S\",\"content\":\"cut␛[2J ⟨U+202E⟩\n"
      "Result: 2 messages, %u bytes\n"
      "Nothing was written: --to OUT writes the result to a new file, --apply puts it in place\n",
      at, at + 1, (guint) strlen (CUT), at, tail, at + tail + 1, (guint) strlen (CUT),
      (guint) strlen (rescued));
  g_assert_cmpstr (run->out, ==, expected);
  after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (before, ==, after);
  inside = qk_ctl_run ("salvage", fixture->folder, NULL);
  g_assert_cmpstr (inside->out, ==, run->out);
  qk_ctl_assert_harmless (run->out);
}

static void
test_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autofree char *expected = NULL;
  guint at = strlen (SOUND), tail = strlen (rescued) - strlen (SOUND) - 5;

  g_free (write_old (fixture, "queue.json", damaged));
  g_free (write_old (fixture, "backups/queue_backup_1.json", "\xef\xbb\xbf[" ENTRY ("b") "]"));
  run = qk_ctl_run ("salvage", "--json", fixture->path, NULL);
  qk_ctl_assert_code (run, 1);
  qk_ctl_assert_one_line (run->out, "");
  g_assert_cmpstr (run->err, ==, "");
  expected = g_strdup_printf (
      "{\"path\":\"%s\",\"damaged\":true,\"sources\":[{\"name\":\"queue.json\",\"problem\":"
      "\"more text after the end of the queue at byte %u (line 1, column %u)\",\"whole\":1,"
      "\"repairable\":[{\"offset\":%u,\"length\":%u,\"how\":\"its first 4 bytes were missing: "
      "completed with “{\\\"me”, as the other entries begin\"}],\"left_over\":[{\"offset\":%u,"
      "\"length\":%u,\"excerpt\":\"{\\\"message\\\":{\\\"sender\\\":\\\"S\\\",\\\"content\\\":\\\"cut␛[2J "
      "⟨U+202E⟩\"}],\"padding\":0,\"used\":2,\"only_completes\":false},"
      "{\"name\":\"backups/queue_backup_1.json\",\"problem\":\"a byte order mark, which the swarm "
      "cannot read, at byte 0 (line 1, column 1)\",\"whole\":1,\"repairable\":[],\"left_over\":[],"
      "\"padding\":3,\"used\":0,\"only_completes\":true}],"
      "\"messages\":2,\"bytes\":%u,\"complete\":false,\"written\":null,\"backup\":null}\n",
      fixture->path, at, at + 1, at, tail, at + tail + 1, (guint) strlen (CUT),
      (guint) strlen (rescued));
  g_assert_cmpstr (run->out, ==, expected);
}

static void
test_to (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *out = g_build_filename (fixture->folder, "out.json", NULL);
  g_autoptr (QkCtlRun) run = NULL, again = NULL, nowhere = NULL;
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "none", "out.json", NULL);

  g_free (write_old (fixture, "queue.json", damaged));
  run = qk_ctl_run ("salvage", fixture->path, "--to", out, NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_nonnull (strstr (run->out, "\nWritten to "));
  assert_text (out, rescued);
  assert_text (fixture->path, damaged);

  g_assert_true (g_file_set_contents (out, "mine", -1, NULL));
  again = qk_ctl_run ("salvage", fixture->path, "--to", out, NULL);
  qk_ctl_assert_code (again, 74);
  qk_ctl_assert_one_line (again->err, "is there already. Nothing was changed");
  assert_text (out, "mine");

  nowhere = qk_ctl_run ("salvage", fixture->path, "--to", elsewhere, NULL);
  qk_ctl_assert_code (nowhere, 74);
  qk_ctl_assert_one_line (nowhere->err, "Nothing was changed");
}

/* The only file in backups/. */
static char *
find_backup (QkCtlFixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "backups", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  name = g_dir_read_name (dir);
  g_assert_nonnull (name);
  g_assert_null (g_dir_read_name (dir));
  return g_build_filename (folder, name, NULL);
}

static void
test_apply (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, again = NULL;
  g_autofree char *backup = NULL, *kept = NULL, *before = NULL, *after = NULL;

  g_free (write_old (fixture, "queue.json", TORN));
  run = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", NULL);
  qk_ctl_assert_code (run, 0);
  assert_text (fixture->path, WHOLE);
  backup = find_backup (fixture);
  assert_text (backup, TORN);
  kept = g_strdup_printf ("Written to %s\nThe damaged file is kept as %s\n", fixture->path, backup);
  g_assert_true (g_str_has_suffix (run->out, kept));

  before = qk_ctl_list_folder (fixture);
  again = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", NULL);
  qk_ctl_assert_code (again, 0);
  g_assert_nonnull (strstr (again->out, "is not damaged: nothing was written\n"));
  after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (before, ==, after);
  assert_text (fixture->path, WHOLE);
  g_assert_true (g_file_test (backup, G_FILE_TEST_EXISTS));
}

static void
test_apply_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *backup = NULL;

  g_free (write_old (fixture, "queue.json", damaged));
  run = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", "--json", NULL);
  qk_ctl_assert_code (run, 1);
  assert_text (fixture->path, rescued);
  node = qk_ctl_parse (run->out);
  backup = find_backup (fixture);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "backup"), ==,
                   backup);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "written"), ==,
                   fixture->path);
}

static void
test_ask (QkCtlFixture *fixture, gconstpointer data)
{
  static const char prompt[] = "[y/N] ";
  g_autoptr (QkCtlRun) no = NULL, yes = NULL;
  g_autofree char *before = NULL, *after = NULL;

  g_free (write_old (fixture, "queue.json", TORN));
  before = qk_ctl_list_folder (fixture);
  no = qk_ctl_run_on_terminal (prompt, "n\n", "salvage", fixture->path, "--apply", NULL);
  if (no == NULL)
    {
      g_test_skip ("there is no script(1)");
      return;
    }
  qk_ctl_assert_code (no, 1);
  g_assert_nonnull (strstr (no->out, "Put these 2 messages in the place of "));
  g_assert_nonnull (strstr (no->out, "Nothing was written"));
  after = qk_ctl_list_folder (fixture);
  g_assert_cmpstr (before, ==, after);
  yes = qk_ctl_run_on_terminal (prompt, "y\n", "salvage", fixture->path, "--apply", NULL);
  qk_ctl_assert_code (yes, 0);
  assert_text (fixture->path, WHOLE);
}

static void
test_backups (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *one = g_build_filename (fixture->folder, "1", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "2", NULL);
  g_autoptr (QkCtlRun) few = NULL, all = NULL;

  g_free (write_old (fixture, "queue.json", "[" ENTRY ("a") ",{\"queue_id\":\"b\",\"mess"));
  g_free (write_old (fixture, "queue.json.tmp", "[" ENTRY ("c")));
  g_free (write_old (fixture, "backups/queue_backup_1.json", "[" ENTRY ("d") "," ENTRY ("b") "]"));
  few = qk_ctl_run ("salvage", fixture->path, "--to", one, NULL);
  qk_ctl_assert_code (few, 1);
  assert_text (one, "[" ENTRY ("a") "," ENTRY ("c") "," ENTRY ("b") "]");
  g_assert_nonnull (strstr (few->out, "; 1 used to complete the above\n"));
  g_assert_nonnull (strstr (few->out, "1 more is only in backups: --from-backups uses it\n"));
  all = qk_ctl_run ("salvage", fixture->path, "--to", other, "--from-backups", NULL);
  qk_ctl_assert_code (all, 1);
  g_assert_null (strstr (all->out, "only in backups"));
  assert_text (other, "[" ENTRY ("a") "," ENTRY ("c") "," ENTRY ("d") "," ENTRY ("b") "]");
}

static void
test_refusals (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) missing = qk_ctl_run ("salvage", fixture->path, NULL);
  g_autoptr (QkCtlRun) locked = NULL, empty = NULL, gone = NULL;
  g_autofree char *leftover = NULL;

  qk_ctl_assert_code (missing, 66);
  qk_ctl_assert_one_line (missing->err, "There is no queue at");

  g_free (write_old (fixture, "queue.json", TORN));
  qk_ctl_hold_lock (fixture);
  locked = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", "--attempts=2",
                       "--base-delay=0.01", NULL);
  qk_ctl_release_lock (fixture);
  qk_ctl_assert_code (locked, 75);
  g_assert_cmpuint (qk_ctl_count_lines (locked->err), ==, 2);
  g_assert_nonnull (strstr (locked->err, "still locked after 2 attempts"));
  assert_text (fixture->path, TORN);

  g_free (write_old (fixture, "queue.json", ""));
  empty = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", NULL);
  qk_ctl_assert_code (empty, 65);
  qk_ctl_assert_one_line (empty->err, "No message was found");
  assert_text (fixture->path, "");

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  leftover = write_old (fixture, "queue.json.tmp", "[" ENTRY ("a") "]");
  gone = qk_ctl_run ("salvage", fixture->path, "--apply", "--yes", NULL);
  qk_ctl_assert_code (gone, 66);
  qk_ctl_assert_one_line (gone->err, "write the result with --to");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  qk_ctl_run_free (qk_ctl_run ("salvage", fixture->path, "--to", fixture->path, NULL));
  assert_text (fixture->path, "[" ENTRY ("a") "]");
}

static void
test_usage (QkCtlFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *arguments[3];
    const char *message;
  } wrong[] = {
      {{"--to=x", "--apply", "--yes"}, "--to and --apply exclude each other"},
      {{"--apply"}, "there is no terminal to ask on: add --yes"},
      {{"--to="}, "--to takes the name of a new file"},
      {{"more"}, "“more” is one argument too many"},
  };

  g_free (write_old (fixture, "queue.json", TORN));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (QkCtlRun) run = qk_ctl_run ("salvage", fixture->path, wrong[i].arguments[0],
                                             wrong[i].arguments[1], wrong[i].arguments[2], NULL);

      qk_ctl_assert_code (run, 2);
      qk_ctl_assert_one_line (run->err, wrong[i].message);
      g_assert_cmpstr (run->out, ==, "");
    }
  assert_text (fixture->path, TORN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/salvage/report", test_report);
  QK_CTL_TEST ("/ctl/salvage/json", test_json);
  QK_CTL_TEST ("/ctl/salvage/to", test_to);
  QK_CTL_TEST ("/ctl/salvage/apply", test_apply);
  QK_CTL_TEST ("/ctl/salvage/apply-json", test_apply_json);
  QK_CTL_TEST ("/ctl/salvage/ask", test_ask);
  QK_CTL_TEST ("/ctl/salvage/backups", test_backups);
  QK_CTL_TEST ("/ctl/salvage/refusals", test_refusals);
  QK_CTL_TEST ("/ctl/salvage/usage", test_usage);
  return g_test_run ();
}
