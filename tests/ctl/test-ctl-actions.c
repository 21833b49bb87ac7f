#include "qk-ctl-fixture.h"

#include <string.h>

static const QkCtlEntry queue[] = {
    {"f1", "FAILED", "Agent-1", "one", 900, "{\"delivery_attempts\":3,\"last_error\":\"lost\"}"},
    {"f2", "FAILED", "Agent-2", "two", 900,
     "{\"delivery_attempts\":3,\"last_error\":\"timeout7\"}"},
    {"p1", "PROCESSING", "Agent-1", "fresh", 5, NULL},
    {"p2", "PROCESSING", "Agent-1", "stuck", 120, NULL},
    {"p3", "PROCESSING", "Agent-2", "very stuck", 900, NULL},
    {"d1", "DELIVERED", "Agent-1", "new", 60, NULL},
    {"d2", "DELIVERED", "Agent-1", "old", 8 * 24 * 3600, NULL},
    {"d3", "DELIVERED", "Agent-2", "older", 30 * 24 * 3600, NULL},
};

/* "f1:PENDING f2:FAILED ..." as another program reads it. */
static char *
describe (QkCtlFixture *fixture)
{
  g_autoptr (JsonArray) entries = qk_ctl_read_entries (fixture);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "",
                              json_object_get_string_member (entry, "queue_id"),
                              json_object_get_string_member (entry, "status"));
    }
  return g_string_free (text, FALSE);
}

/* One run: its arguments after FILE, its exit code, how many it changes and skips, and what the
 * queue is then. */
typedef struct {
  const char *arguments;
  int code;
  guint changed;
  guint skipped;
  const char *after;
} Case;

static void
run_cases (QkCtlFixture *fixture, const char *command, const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line =
          g_strdup_printf ("%s --json %s %s", command, fixture->path, cases[i].arguments);
      g_auto (GStrv) words = g_strsplit (line, " ", -1);
      g_autoptr (QkCtlRun) run = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autofree char *after = NULL;

      g_test_message ("%s %s", command, cases[i].arguments);
      qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
      run = qk_ctl_wait (
          qk_ctl_spawn ((const char *const *) words,
                        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE),
          NULL);
      qk_ctl_assert_code (run, cases[i].code);
      g_assert_cmpstr (run->err, ==, "");
      node = qk_ctl_parse (run->out);
      qk_ctl_assert_action (node, cases[i].changed, cases[i].skipped);
      after = describe (fixture);
      g_assert_cmpstr (after, ==, cases[i].after);
    }
}

#define UNCHANGED                                                                                  \
  "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "       \
  "d3:DELIVERED"

static void
test_resend (QkCtlFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
      {"f1", 0, 1, 0,
       "f1:PENDING f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"f1 f2 f1 nope", 1, 2, 1,
       "f1:PENDING f2:PENDING p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"nope", 1, 0, 1, UNCHANGED},
      {"p1", 1, 0, 1, UNCHANGED},
      {"--status FAILED", 0, 2, 0,
       "f1:PENDING f2:PENDING p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--status failed --agent Agent-2", 0, 1, 0,
       "f1:FAILED f2:PENDING p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--status PROCESSING", 1, 2, 1,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PENDING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--status PENDING", 0, 0, 0, UNCHANGED},
      {"--stuck", 0, 2, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PENDING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--stuck --agent Agent-2", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--stuck 300", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--stuck=300", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--stuck 3000", 0, 0, 0, UNCHANGED},
      {"--error lost", 0, 1, 0,
       "f1:PENDING f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--error lost --agent Agent-2", 0, 0, 0, UNCHANGED},
      {"--error timeout8", 0, 1, 0,
       "f1:FAILED f2:PENDING p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--error timeout9 --error lost", 0, 2, 0,
       "f1:PENDING f2:PENDING p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--filter stuck:5m", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PENDING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
  };

  run_cases (fixture, "resend", cases, G_N_ELEMENTS (cases));
}

/* `--stuck` does not swallow the FILE after it. */
static void
test_resend_stuck_before_file (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) plain = NULL;
  g_autoptr (QkCtlRun) number = NULL;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  number = qk_ctl_run ("resend", "--stuck", "300", fixture->path, NULL);
  qk_ctl_assert_code (number, 0);
  g_assert_cmpstr (number->out, ==, "Resent 1 message\n");
  plain = qk_ctl_run ("resend", "--stuck", fixture->path, NULL);
  qk_ctl_assert_code (plain, 0);
  g_assert_cmpstr (plain->out, ==, "Resent 1 message\n");
}

static void
test_resend_delivered (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonArray) entries = NULL;
  JsonObject *copy;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  run = qk_ctl_run ("resend", fixture->path, "d2", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "Resent 1 message\n");
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpuint (json_array_get_length (entries), ==, 9);
  copy = json_array_get_object_element (entries, 8);
  g_assert_cmpstr (json_object_get_string_member (copy, "status"), ==, "PENDING");
  g_assert_true (g_uuid_string_is_valid (json_object_get_string_member (copy, "queue_id")));
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (copy, "metadata"),
                                                  "resent_from"),
                   ==, "d2");
}

static void
test_human_skips (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  run = qk_ctl_run ("resend", fixture->path, "f1", "p1", "nope\033[2J", NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_true (g_str_has_prefix (run->out, "Resent 1 message, skipped 2\n"
                                             "skipped nope␛[2J: no message has this id\n"
                                             "skipped p1: "));
  g_assert_cmpuint (qk_ctl_count_lines (run->out), ==, 3);
}

static void
test_purge (QkCtlFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
      {"--yes f1 d3", 0, 2, 0,
       "f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED"},
      {"-y nope d3", 1, 1, 1,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED"},
      {"--yes --status DELIVERED --status FAILED", 0, 5, 0,
       "p1:PROCESSING p2:PROCESSING p3:PROCESSING"},
      {"--yes --status DELIVERED --agent Agent-1", 0, 2, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d3:DELIVERED"},
      {"--yes --status DELIVERED --older-than 7d", 0, 2, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED"},
      {"--yes --status DELIVERED --older-than 2w", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED"},
      {"--yes --status DELIVERED --older-than 1h --agent Agent-1", 0, 1, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d3:DELIVERED"},
      {"--yes --status DELIVERED --older-than 50s", 0, 3, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING"},
      {"--yes --status DELIVERED --older-than 2m", 0, 2, 0,
       "f1:FAILED f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED"},
      {"--yes --status EXPIRED", 0, 0, 0, UNCHANGED},
      {"--yes --error lost", 0, 1, 0,
       "f2:FAILED p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED "
       "d3:DELIVERED"},
      {"--yes --filter is:failed", 0, 2, 0,
       "p1:PROCESSING p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED d3:DELIVERED"},
      /* What is being delivered needs a word of its own; what is stuck does not. */
      {"--yes p1", 1, 0, 1, UNCHANGED},
      {"--in-delivery --yes p1", 0, 1, 0,
       "f1:FAILED f2:FAILED p2:PROCESSING p3:PROCESSING d1:DELIVERED d2:DELIVERED d3:DELIVERED"},
      {"--yes --status PROCESSING --status FAILED", 1, 4, 1,
       "p1:PROCESSING d1:DELIVERED d2:DELIVERED d3:DELIVERED"},
      {"--yes --status PROCESSING --status FAILED --in-delivery", 0, 5, 0,
       "d1:DELIVERED d2:DELIVERED d3:DELIVERED"},
  };

  run_cases (fixture, "purge", cases, G_N_ELEMENTS (cases));
}

/* Two entries with one id are both meant by it. */
static void
test_purge_shared_id (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry entries[] = {
      {"same", "FAILED", "Agent-1", "one", 900, NULL},
      {"other", "FAILED", "Agent-1", "two", 900, NULL},
      {"same", "DELIVERED", "Agent-2", "three", 900, NULL},
  };
  g_autoptr (QkCtlRun) run = NULL;
  g_autofree char *after = NULL;

  qk_ctl_write_entries (fixture, entries, G_N_ELEMENTS (entries));
  run = qk_ctl_run ("purge", "--yes", fixture->path, "sam", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "Purged 2 messages\n");
  after = describe (fixture);
  g_assert_cmpstr (after, ==, "other:FAILED");
}

static const struct {
  const char *answer;
  int code;
  const char *says;
} answers[] = {
    {"y\n", 0, "Purged 3 messages"},       {"YES\n", 0, "Purged 3 messages"},
    {"n\n", 1, "Nothing was purged"},      {"\n", 1, "Nothing was purged"},
    {"yellow\n", 1, "Nothing was purged"}, {"\004", 1, "Nothing was purged"},
    {"\003", 130, "interrupted"},
};

static void
test_purge_asks (QkCtlFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *question =
          g_strdup_printf ("Purge 3 messages from %s? [y/N] ", fixture->path);
      g_autofree char *before = NULL, *after = NULL, *folder = NULL, *folder_after = NULL;
      g_autoptr (QkCtlRun) run = NULL;

      qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
      before = qk_ctl_read (fixture, NULL);
      folder = qk_ctl_list_folder (fixture);
      run = qk_ctl_run_on_terminal ("[y/N] ", answers[i].answer, "purge", fixture->path, "--status",
                                    "DELIVERED", NULL);
      if (run == NULL)
        {
          g_test_skip ("there is no script(1) here to make a terminal with");
          return;
        }
      g_test_message ("answer %u: %s", i, run->out);
      qk_ctl_assert_code (run, answers[i].code);
      g_assert_nonnull (strstr (run->out, question));
      g_assert_nonnull (strstr (run->out, answers[i].says));
      after = qk_ctl_read (fixture, NULL);
      folder_after = qk_ctl_list_folder (fixture);
      if (answers[i].code == 0)
        g_assert_null (strstr (after, "DELIVERED"));
      else
        g_assert_cmpstr (after, ==, before);
      if (answers[i].code != 0)
        g_assert_cmpstr (folder_after, ==, folder);
    }
}

static void
test_purge_in_delivery (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  run = qk_ctl_run ("purge", fixture->path, "--yes", "p1", NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_cmpstr (run->out, ==,
                   "Purged 0 messages, skipped 1\n"
                   "skipped p1: it was being delivered and may have arrived; --in-delivery purges "
                   "it all the same\n");
}

/* The question says what is being delivered; whoever answers it has agreed to that. */
static void
test_purge_asks_in_delivery (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry later = {"p4", "PROCESSING", "Agent-3", "fresh", 10, NULL};
  static const struct {
    const char *ids[4];
    const char *question;
  } cases[] = {
      {{"p1"}, "Purge 1 message from %s? It is being delivered and may have arrived. [y/N] "},
      {{"p1", "p2"},
       "Purge 2 messages from %s? 1 of them is being delivered and may have arrived. [y/N] "},
      {{"p1", "p4", "f1"},
       "Purge 3 messages from %s? 2 of them are being delivered and may have arrived. [y/N] "},
      {{"p2"}, "Purge 1 message from %s? [y/N] "},
  };
  QkCtlEntry entries[G_N_ELEMENTS (queue) + 1];

  memcpy (entries, queue, sizeof queue);
  entries[G_N_ELEMENTS (queue)] = later;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *ids = cases[i].ids;
      g_auto (GStrv) parts = g_strsplit (cases[i].question, "%s", 2);
      g_autofree char *question = g_strconcat (parts[0], fixture->path, parts[1], NULL);
      g_autofree char *says =
          g_strdup_printf ("Purged %u message", g_strv_length ((char **) cases[i].ids));
      g_autoptr (QkCtlRun) run = NULL;

      qk_ctl_write_entries (fixture, entries, G_N_ELEMENTS (entries));
      run = qk_ctl_run_on_terminal ("[y/N] ", "y\n", "purge", fixture->path, ids[0], ids[1], ids[2],
                                    NULL);
      if (run == NULL)
        {
          g_test_skip ("there is no script(1) here to make a terminal with");
          return;
        }
      qk_ctl_assert_code (run, 0);
      g_assert_nonnull (strstr (run->out, question));
      g_assert_nonnull (strstr (run->out, says));
    }
}

/* Programs are told what was not purged, too. */
static void
test_purge_declined_json (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  run =
      qk_ctl_run_on_terminal ("[y/N] ", "n\n", "purge", "--json", fixture->path, "d1", "d2", NULL);
  if (run == NULL)
    {
      g_test_skip ("there is no script(1) here to make a terminal with");
      return;
    }
  qk_ctl_assert_code (run, 1);
  node = qk_ctl_parse (strchr (run->out, '{'));
  qk_ctl_assert_action (node, 0, 2);
}

/* What would be done is told by the plan of a save, and nothing is: nobody is asked either. */
static void
test_dry_run (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) resend = NULL, purge = NULL, json = NULL, redirect = NULL;
  g_autofree char *before = NULL, *after = NULL;

  qk_ctl_write_entries (fixture, queue, G_N_ELEMENTS (queue));
  before = qk_ctl_read (fixture, NULL);
  resend = qk_ctl_run ("resend", fixture->path, "f1", "p1", "-n", NULL);
  qk_ctl_assert_code (resend, 1);
  g_assert_cmpstr (resend->out, ==,
                   "Would resend 1 message, skip 1\nf1\nskipped p1: already processing\n");
  purge = qk_ctl_run ("purge", fixture->path, "--status", "DELIVERED", "--older-than", "7d",
                      "--dry-run", NULL);
  qk_ctl_assert_code (purge, 0);
  g_assert_cmpstr (purge->out, ==, "Would purge 2 messages\nd2\nd3\n");
  json = qk_ctl_run ("purge", fixture->path, "f2", "-n", "--json", NULL);
  g_assert_cmpstr (json->out, ==, "{\"would_change\":[{\"id\":\"f2\"}],\"skipped\":[]}\n");
  redirect = qk_ctl_run ("redirect", fixture->path, "f1", "--to", "Agent-2", "-n", NULL);
  g_assert_cmpstr (redirect->out, ==, "Would redirect 1 message\nf1\n");
  after = qk_ctl_read (fixture, NULL);
  g_assert_cmpstr (after, ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/resend/cases", test_resend);
  QK_CTL_TEST ("/ctl/resend/stuck-before-file", test_resend_stuck_before_file);
  QK_CTL_TEST ("/ctl/resend/delivered", test_resend_delivered);
  QK_CTL_TEST ("/ctl/resend/human-skips", test_human_skips);
  QK_CTL_TEST ("/ctl/purge/cases", test_purge);
  QK_CTL_TEST ("/ctl/purge/shared-id", test_purge_shared_id);
  QK_CTL_TEST ("/ctl/purge/asks", test_purge_asks);
  QK_CTL_TEST ("/ctl/purge/in-delivery", test_purge_in_delivery);
  QK_CTL_TEST ("/ctl/purge/asks-in-delivery", test_purge_asks_in_delivery);
  QK_CTL_TEST ("/ctl/actions/dry-run", test_dry_run);
  QK_CTL_TEST ("/ctl/purge/declined-json", test_purge_declined_json);
  return g_test_run ();
}
