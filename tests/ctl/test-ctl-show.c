#include "qk-ctl-fixture.h"
#include "qk-ctl-sample.h"

#include <string.h>

static void
test_show (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) failed = NULL;
  g_autoptr (QkCtlRun) content = NULL;
  g_autoptr (QkCtlRun) twins = NULL;

  qk_ctl_write_sample (fixture);
  failed = qk_ctl_run ("show", fixture->path, "cc", NULL);
  qk_ctl_assert_code (failed, 0);
  qk_ctl_assert_harmless (failed->out);
  g_assert_true (g_str_has_prefix (failed->out, "target ␛[31mlost⟨U+202E⟩\nStatus          FAILED\n"
                                                "Tries           3\n"));
  g_assert_nonnull (strstr (failed->out, "\nId              cc44-0005\n"));
  g_assert_nonnull (strstr (failed->out, "\nRecipient       Agent-7\n"));
  g_assert_nonnull (strstr (failed->out, " (1 h ago)\n"));
  g_assert_true (g_str_has_suffix (failed->out, "\n\nwent wrong\n"));

  content = qk_ctl_run ("show", fixture->path, "dd55-0006", NULL);
  qk_ctl_assert_code (content, 0);
  qk_ctl_assert_harmless (content->out);
  g_assert_true (g_str_has_prefix (content->out, "Status          DELIVERED\n"));
  g_assert_true (g_str_has_suffix (content->out, "\n\none\nNeedle\nthree␇⟨U+202E⟩.\n"));

  twins = qk_ctl_run ("show", fixture->path, "ee66-s", NULL);
  qk_ctl_assert_code (twins, 0);
  g_assert_nonnull (strstr (twins->out, "\n\ntwin a\n\n\n"));
  g_assert_nonnull (strstr (twins->out, "\n\ntwin b\n"));
}

static void
test_show_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (QkCtlRun) last = NULL;
  g_autofree char *entry = NULL, *line = NULL;

  qk_ctl_write_sample (fixture);
  entry = qk_ctl_entry_json (&qk_ctl_sample[5]);
  line = g_strconcat (entry, "\n", NULL);
  run = qk_ctl_run ("show", "--json", fixture->path, "dd55", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, line);

  last = qk_ctl_run ("show", "--json", fixture->path, "gg", NULL);
  qk_ctl_assert_code (last, 0);
  g_assert_cmpstr (last->out, ==,
                   "{\"queue_id\":\"gg00-exp\",\"status\":\"EXPIRED\",\"n\":[1E+2,-0,0.10]}\n");
}

static void
test_ids (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) ambiguous = NULL;
  g_autoptr (QkCtlRun) missing = NULL;
  g_autoptr (QkCtlRun) empty = NULL;
  const QkCtlEntry nested[] = {
      {"a", "PENDING", "Agent-1", "short", 1, NULL},
      {"ab", "PENDING", "Agent-1", "long", 1, NULL},
  };
  g_autoptr (QkCtlRun) exact = NULL;

  qk_ctl_write_sample (fixture);
  ambiguous = qk_ctl_run ("show", fixture->path, "aa11", NULL);
  qk_ctl_assert_code (ambiguous, 2);
  qk_ctl_assert_one_line (ambiguous->err, "“aa11” is the beginning of 2 ids: aa11-0001, aa11-0002");
  missing = qk_ctl_run ("show", fixture->path, "zz", NULL);
  qk_ctl_assert_code (missing, 1);
  qk_ctl_assert_one_line (missing->err, "no message has the id “zz”");
  empty = qk_ctl_run ("show", fixture->path, "", NULL);
  qk_ctl_assert_code (empty, 2);
  qk_ctl_assert_one_line (empty->err, "an id is empty");

  /* An id is itself before it is the beginning of another. */
  qk_ctl_write_entries (fixture, nested, G_N_ELEMENTS (nested));
  exact = qk_ctl_run ("show", fixture->path, "a", NULL);
  qk_ctl_assert_code (exact, 0);
  g_assert_true (g_str_has_suffix (exact->out, "\nshort\n"));
}

/* A full disk under the output is an error; a reader that goes away is none. */
static void
test_output_fails (QkCtlFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *target;
    const char *code;
    const char *error;
  } cases[] = {
      {">/dev/full", "74\n", "the output could not be written"},
      {"| true", "0\n", NULL},
  };

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/full here");
      return;
    }
  qk_ctl_write_sample (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *command =
          g_strdup_printf ("sh -c '{ %s list --json %s; echo $? >%s/code; } %s'",
                           g_getenv ("QKCTL"), fixture->path, fixture->folder, cases[i].target);
      g_autofree char *path = g_build_filename (fixture->folder, "code", NULL);
      g_autofree char *err = NULL, *code = NULL;
      g_autoptr (GError) error = NULL;

      g_spawn_command_line_sync (command, NULL, &err, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &code, NULL, NULL));
      g_assert_cmpstr (code, ==, cases[i].code);
      if (cases[i].error != NULL)
        qk_ctl_assert_one_line (err, cases[i].error);
      else
        g_assert_cmpstr (err, ==, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/show/human", test_show);
  QK_CTL_TEST ("/ctl/show/json", test_show_json);
  QK_CTL_TEST ("/ctl/show/ids", test_ids);
  QK_CTL_TEST ("/ctl/output-fails", test_output_fails);
  return g_test_run ();
}
