#include "qk-ctl-fixture.h"

#include <string.h>

/* Those that write can be told how to retry, the others cannot. */
static const struct {
  const char *name;
  gboolean writes;
} commands[] = {
    {"status", FALSE},     {"list", FALSE},       {"show", FALSE},     {"resend", TRUE},
    {"purge", TRUE},       {"fix", TRUE},         {"send", TRUE},      {"watch", FALSE},
    {"undo", TRUE},        {"operations", FALSE}, {"salvage", TRUE},   {"broadcasts", FALSE},
    {"rebroadcast", TRUE}, {"edit", TRUE},        {"redirect", TRUE},  {"priority", TRUE},
    {"stats", FALSE},      {"check", FALSE},      {"exporter", FALSE}, {"export", FALSE},
    {"archive", TRUE},     {"import", TRUE},      {"restore", TRUE},   {"errors", FALSE},
};

static void
test_help (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) top = qk_ctl_run ("--help", NULL);
  g_autoptr (QkCtlRun) version = qk_ctl_run ("--version", NULL);

  qk_ctl_assert_code (top, 0);
  qk_ctl_assert_code (version, 0);
  qk_ctl_assert_one_line (version->out, "qkctl ");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (QkCtlRun) run = qk_ctl_run (commands[i].name, "--help", NULL);
      g_autofree char *usage = g_strdup_printf ("qkctl %s [", commands[i].name);
      g_autofree char *line = g_strdup_printf ("\n  %-11s ", commands[i].name);

      qk_ctl_assert_code (run, 0);
      g_assert_nonnull (strstr (run->out, usage));
      g_assert_nonnull (strstr (run->out, "--json"));
      g_assert_nonnull (strstr (top->out, line));
      g_assert_cmpstr (run->err, ==, "");
      g_assert_cmpint (strstr (run->out, "--attempts") != NULL, ==, commands[i].writes);
    }
}

/* The word FILE stands for the queue. Every one of these is refused with 2 and one line. */
static const struct {
  const char *arguments;
  const char *message;
} wrong[] = {
    {"", "a command is missing"},
    {"frob FILE", "there is no command “frob”"},
    {"--frob", "--frob"},
    {"status", "FILE is missing"},
    {"status --frob FILE", "--frob"},
    {"status FILE more", "“more” is one argument too many"},
    {"status FILE a\nb\033[2J", "“a␊b␛[2J” is one argument too many"},
    {"watch FILE more", "“more” is one argument too many"},
    {"stats FILE more", "“more” is one argument too many"},
    {"stats FILE --format pdf", "--format takes text, csv, json, openmetrics, prometheus, html or "
                                "swarm, not “pdf”"},
    {"stats FILE --json --format csv", "--json and --format csv contradict each other"},
    {"stats FILE --since 2h", "--since takes 1h, 24h, 7d or all, not “2h”"},
    {"stats FILE --since session", "--since takes"},
    {"stats FILE --what-if 8", "--what-if takes attempts"},
    {"stats FILE --what-if 0,1,2", "--what-if takes attempts"},
    {"stats FILE --what-if 8,2,1", "--what-if takes attempts"},
    {"stats FILE --what-if 8,nan,2", "--what-if takes attempts"},
    {"stats FILE --what-if 8,0.1,2,3", "--what-if takes attempts"},
    {"stats FILE --what-if 8,0.1,2 --output x", "contradict each other"},
    {"stats FILE --what-if 8,0.1,2 --format csv", "--what-if is told as text or json, not as csv"},
    {"exporter FILE more", "“more” is one argument too many"},
    {"exporter FILE --json", "--json is for qkctl stats"},
    {"exporter FILE --listen nowhere.example:1", "--listen takes an address and a port"},
    {"exporter FILE --listen 127.0.0.1:99999", "--listen takes an address and a port"},
    {"exporter FILE --listen 127.0.0.1:x", "--listen takes an address and a port"},
    {"undo FILE 1 more", "“more” is one argument too many"},
    {"undo FILE 0", "OPERATION takes a whole number"},
    {"undo FILE x", "OPERATION takes a whole number"},
    {"operations FILE x", "OPERATION takes a whole number"},
    {"operations FILE 1 more", "“more” is one argument too many"},
    {"operations FILE --limit 0", "--limit takes a whole number"},
    {"list FILE more", "“more” is one argument too many"},
    {"list FILE --status NOPE",
     "it is one of PENDING, PROCESSING, FAILED, DELIVERED, EXPIRED, UNKNOWN"},
    {"list FILE --limit 0", "--limit takes a whole number"},
    {"list FILE --limit -3", "--limit takes a whole number"},
    {"list FILE --limit 3x", "--limit takes a whole number"},
    {"list FILE --limit", "--limit"},
    {"list FILE --agent \xff", "--agent is not valid UTF-8"},
    {"show FILE", "ID is missing"},
    {"show FILE a b", "“b” is one argument too many"},
    {"fix FILE", "say which messages: ids or --all"},
    {"fix FILE --dry-run", "say which messages: ids or --all"},
    {"fix FILE a --all", "ids and --all exclude each other"},
    {"fix FILE --all --guard soon", "--guard takes"},
    {"resend FILE", "say which messages"},
    {"resend FILE --agent Agent-1", "say which messages"},
    {"resend FILE a --status FAILED", "exclude each other"},
    {"resend FILE a --stuck", "exclude each other"},
    {"resend FILE --stuck --status FAILED", "exclude each other"},
    {"resend FILE a --agent Agent-1", "--agent, --error and --filter go"},
    {"resend FILE --stuck=0", "--stuck takes a whole number"},
    {"resend FILE --stuck=1.5", "--stuck takes a whole number"},
    {"resend --stuck 300", "FILE is missing"},
    {"resend FILE --status failing", "there is no status “failing”"},
    {"resend FILE a --attempts 0", "--attempts takes a whole number between 1 and 1000"},
    {"resend FILE a --attempts many", "--attempts takes a whole number"},
    {"resend FILE a --base-delay 0", "--base-delay takes seconds"},
    {"resend FILE a --base-delay -1", "--base-delay takes seconds"},
    {"resend FILE a --base-delay nan", "--base-delay takes seconds"},
    {"resend FILE a --base-delay 0x1", "--base-delay takes seconds"},
    {"resend FILE a --base-delay 1s", "--base-delay takes seconds"},
    {"resend FILE a --max-delay inf", "--max-delay takes seconds"},
    {"resend FILE a --max-delay 1e9", "--max-delay takes seconds"},
    {"resend FILE a --base-delay 3", "--base-delay (3 s) is longer than --max-delay (2 s)"},
    {"errors FILE more", "“more” is one argument too many"},
    {"errors FILE --filter age:3h", "--filter: “age:” cannot be 3h"},
    {"list FILE --filter statsu:FAILED", "--filter: there is no “statsu:”"},
    {"purge FILE --yes --filter=", "--filter finds every message"},
    {"resend FILE --filter is:all", "--filter finds every message"},
    {"resend FILE a --error e", "not with ids"},
    {"purge FILE --yes a --error e", "ids go without --status"},
    {"broadcasts FILE more", "“more” is one argument too many"},
    {"rebroadcast FILE", "say which broadcast"},
    {"rebroadcast FILE latest more", "“more” is one argument too many"},
    {"rebroadcast FILE latest --agent=", "--agent is empty"},
    {"rebroadcast FILE latest --agent \xff", "--agent is not valid UTF-8"},
    {"rebroadcast FILE latest --guard 1", "--guard takes 0, or 3 to 30"},
    {"edit FILE --to B", "ID is missing"},
    {"edit FILE a b --to B", "“b” is one argument too many"},
    {"edit FILE a", "say what is to be different"},
    {"edit FILE a --to=", "--to is empty"},
    {"edit FILE a --to \xff", "--to is not valid UTF-8"},
    {"edit FILE a --content=", "the content is empty"},
    {"edit FILE a --content x --content-file FILE", "exclude each other"},
    {"edit FILE a --priority max", "it is one of urgent, high, regular, normal, low"},
    {"redirect FILE a", "--to is missing"},
    {"redirect FILE a --to=", "--to is empty"},
    {"redirect FILE a --to \xff", "--to is not valid UTF-8"},
    {"redirect FILE --to B", "say which messages"},
    {"priority FILE", "say which messages"},
    {"priority FILE urgent", "say which messages"},
    {"priority FILE a max", "it is one of urgent, high, regular, normal, low"},
    {"purge FILE --yes", "say which messages"},
    {"purge FILE --yes --older-than 7d", "say which messages"},
    {"purge FILE --yes a --status FAILED", "ids go without --status"},
    {"purge FILE --yes a --older-than 7d", "ids go without --status"},
    {"purge FILE --yes --status FAILED --older-than 7", "--older-than takes a number and a unit"},
    {"purge FILE --yes --status FAILED --older-than d", "--older-than takes a number and a unit"},
    {"purge FILE --yes --status FAILED --older-than -1d", "--older-than takes a number and a unit"},
    {"purge FILE --yes --status FAILED --older-than 7y", "--older-than takes a number and a unit"},
    {"purge FILE --status FAILED", "add --yes"},
    {"purge FILE a", "add --yes"},
    {"send FILE --content x", "--to is missing"},
    {"send FILE --to= --content x", "--to is empty"},
    {"send FILE --to all --to Agent-1 --content x", "leave the other --to out"},
    {"send FILE --to Agent-1 --from= --content x", "--from is empty"},
    {"send FILE --to Agent-1", "either --content or --content-file"},
    {"send FILE --to Agent-1 --content x --content-file FILE",
     "either --content or --content-file"},
    {"send FILE --to Agent-1 --content=", "the content is empty"},
    {"send FILE --to Agent-1 --content a\xff", "not valid UTF-8, from byte 2 on"},
    {"send FILE --to Agent-1 --content x --tag \xff", "--tag is not valid UTF-8"},
    {"send FILE --to Agent-1 --content x --priority max",
     "it is one of urgent, high, regular, normal, low"},
    {"send FILE more --to Agent-1 --content x", "“more” is one argument too many"},
};

static void
test_wrong_usage (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  const QkCtlEntry entry = {"a", "FAILED", "Agent-1", "x", 10, NULL};

  qk_ctl_write_entries (fixture, &entry, 1);
  before = qk_ctl_list_folder (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (GStrv) words = g_strsplit (wrong[i].arguments, " ", -1);
      g_autoptr (QkCtlRun) run = NULL;
      g_autofree char *after = NULL;

      for (guint w = 0; words[w] != NULL; w++)
        if (strcmp (words[w], "FILE") == 0)
          {
            g_free (words[w]);
            words[w] = g_strdup (fixture->path);
          }
      g_test_message ("%u: %s", i, wrong[i].message);
      run = qk_ctl_wait (
          qk_ctl_spawn ((const char *const *) words,
                        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE),
          NULL);
      qk_ctl_assert_code (run, 2);
      qk_ctl_assert_one_line (run->err, wrong[i].message);
      g_assert_cmpstr (run->out, ==, "");
      after = qk_ctl_list_folder (fixture);
      g_assert_cmpstr (after, ==, before);
    }
}

/* What a locale without UTF-8 may not keep from being said; cron runs with one. */
static void
test_plain_locale (QkCtlFixture *fixture, gconstpointer data)
{
  g_autofree char *locale = g_strdup (g_getenv ("LC_ALL"));
  g_autoptr (QkCtlRun) sent = NULL;
  g_autoptr (QkCtlRun) listed = NULL;
  g_autoptr (JsonArray) entries = NULL;

  qk_ctl_write (fixture, "[]", -1);
  g_setenv ("LC_ALL", "C", TRUE);
  sent = qk_ctl_run ("send", fixture->path, "--to", "Agent-1", "--content", "grüße 🚨", NULL);
  listed = qk_ctl_run ("list", fixture->path, NULL);
  if (locale != NULL)
    g_setenv ("LC_ALL", locale, TRUE);
  else
    g_unsetenv ("LC_ALL");

  qk_ctl_assert_code (sent, 0);
  entries = qk_ctl_read_entries (fixture);
  g_assert_cmpstr (
      json_object_get_string_member (
          json_object_get_object_member (json_array_get_object_element (entries, 0), "message"),
          "content"),
      ==, "grüße 🚨");
  qk_ctl_assert_code (listed, 0);
  g_assert_true (g_str_is_ascii (listed->out));
  g_assert_nonnull (strstr (listed->out, "gr??e ?"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/usage/help", test_help);
  QK_CTL_TEST ("/ctl/usage/wrong", test_wrong_usage);
  QK_CTL_TEST ("/ctl/usage/plain-locale", test_plain_locale);
  return g_test_run ();
}
