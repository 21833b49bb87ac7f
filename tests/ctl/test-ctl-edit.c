#include "qk-ctl-fixture.h"

#include <string.h>

/* `qkctl edit`, `redirect` and `priority`. The file is written by hand, so that every byte that must
 * stay can be compared. */

#define TIMES "\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":\"2026-01-01T10:00:00\""
#define ENTRY(id, status, to, content)                                                             \
  "{\"message\":{\"recipient\":\"" to "\",\"k\":1E5,\"content\":\"" content                        \
  "\"},\"queue_id\":\"" id "\",\"priority_score\":0.50,\"status\":\"" status "\"," TIMES "}"
#define QUEUE                                                                                      \
  "[" ENTRY ("w1", "PENDING", "Agent-1", "one\\ntwo words\\nthree") ",\n" ENTRY (                  \
      "f1", "FAILED", "Agent-1", "x") ", " ENTRY ("d1", "DELIVERED", "Agent-1", "x") "]"

/* The text of the queue with the times of now hidden. */
static char *
read_queue (QkCtlFixture *fixture)
{
  g_autofree char *text = qk_ctl_read (fixture, NULL);
  g_autoptr (GRegex) regex = g_regex_new ("\"20[2-9][0-9]-[^\"]*\\.[0-9]+\"", G_REGEX_DEFAULT,
                                          G_REGEX_MATCH_DEFAULT, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "NOW", G_REGEX_MATCH_DEFAULT, NULL);
}

static void
assert_queue (QkCtlFixture *fixture, const char *expected)
{
  g_autofree char *text = read_queue (fixture);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_edit_waiting (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, undo = NULL, operations = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("edit", fixture->path, "w", "--to", "Agent-2", "--content", "new", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "Edited 1 message\n");
  assert_queue (
      fixture,
      "[{\"message\":{\"recipient\":\"Agent-2\",\"k\":1E5,\"content\":\"new\"},"
      "\"queue_id\":\"w1\",\"priority_score\":0.50,\"status\":\"PENDING\",\"created_at\":"
      "\"2026-01-01T10:00:00\",\"updated_at\":NOW},\n" ENTRY (
          "f1", "FAILED", "Agent-1", "x") ", " ENTRY ("d1", "DELIVERED", "Agent-1", "x") "]");
  operations = qk_ctl_run ("operations", "--json", fixture->path, NULL);
  g_assert_nonnull (strstr (operations->out, "\"action\":\"edit\""));
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 0);
  assert_queue (fixture, QUEUE);
}

/* Changed and resent in one, and undone in one. */
static void
test_edit_failed (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, undo = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run_with_input ("from a pipe", "edit", fixture->path, "f1", "--content-file", "-",
                               "--priority", "urgent", NULL);
  qk_ctl_assert_code (run, 0);
  assert_queue (
      fixture,
      "[" ENTRY (
          "w1", "PENDING", "Agent-1",
          "one\\ntwo words\\nthree") ",\n"
                                     "{\"message\":{\"recipient\":\"Agent-1\",\"k\":1E5,\"content\":\"from a pipe\","
                                     "\"priority\":\"urgent\"},\"queue_id\":\"f1\",\"priority_score\":1.0,\"status\":"
                                     "\"PENDING\",\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":NOW,"
                                     "\"metadata\":{\"delivery_attempts\":0,\"resend_time\":NOW}}, " ENTRY (
                                         "d1", "DELIVERED", "Agent-1", "x") "]");
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 0);
  assert_queue (fixture, QUEUE);
}

static void
test_edit_delivered (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autofree char *text = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("edit", fixture->path, "d1", "--content", "again", NULL);
  qk_ctl_assert_code (run, 0);
  text = qk_ctl_read (fixture, NULL);
  /* All that was there is there still; the copy says where it comes from. */
  g_assert_cmpint (strncmp (text, QUEUE, strlen (QUEUE) - 1), ==, 0);
  g_assert_nonnull (strstr (text + strlen (QUEUE), "\"content\":\"again\""));
  g_assert_nonnull (strstr (text + strlen (QUEUE), "\"resent_from\":\"d1\""));
}

static void
test_edit_dry_run (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, json = NULL, same = NULL, copy = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("edit", "-n", fixture->path, "w1", "--content", "one\n2 words\nthree", "--to",
                    "B\033[2J", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==,
                   "Would edit 1 message\nrecipient:\n-Agent-1\n+B␛[2J\ncontent:\n one\n"
                   "-two words\n+2 words\n three\n");
  json = qk_ctl_run ("edit", "--json", "--dry-run", fixture->path, "f1", "--to", "B", NULL);
  qk_ctl_assert_code (json, 0);
  g_assert_cmpstr (json->out, ==,
                   "{\"would_change\":[{\"id\":\"f1\",\"recipient\":{\"before\":\"Agent-1\","
                   "\"after\":\"B\"}}],\"skipped\":[]}\n");
  same = qk_ctl_run ("edit", "-n", fixture->path, "w1", "--to", "Agent-1", NULL);
  qk_ctl_assert_code (same, 1);
  g_assert_cmpstr (same->out, ==,
                   "Would edit 0 messages, skip 1\nskipped w1: nothing in it is different\n");
  copy = qk_ctl_run ("edit", "-n", fixture->path, "d1", "--to", "B", NULL);
  g_assert_true (g_str_has_prefix (copy->out, "Would send an edited copy of 1 message\n"));
  assert_queue (fixture, QUEUE);
}

static void
test_edit_missing (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, dry = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("edit", fixture->path, "nope", "--to", "B", NULL);
  dry = qk_ctl_run ("edit", "-n", fixture->path, "nope", "--to", "B", NULL);
  qk_ctl_assert_code (run, 1);
  qk_ctl_assert_code (dry, 1);
  g_assert_nonnull (strstr (run->out, "skipped nope: no message has this id"));
  g_assert_nonnull (strstr (dry->out, "skipped nope: no message has this id"));
  assert_queue (fixture, QUEUE);
}

static void
test_redirect (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, undo = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("redirect", fixture->path, "w1", "f1", "d1", "--to", "Agent-9", NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_cmpstr (run->out, ==,
                   "Redirected 2 messages, skipped 1\n"
                   "skipped d1: only pending and failed messages can be edited\n");
  assert_queue (fixture,
                "[{\"message\":{\"recipient\":\"Agent-9\",\"k\":1E5,\"content\":"
                "\"one\\ntwo words\\nthree\"},\"queue_id\":\"w1\",\"priority_score\":0.50,"
                "\"status\":\"PENDING\",\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":NOW},"
                "\n{\"message\":{\"recipient\":\"Agent-9\",\"k\":1E5,\"content\":\"x\"},"
                "\"queue_id\":\"f1\",\"priority_score\":0.50,\"status\":\"FAILED\",\"created_at\":"
                "\"2026-01-01T10:00:00\",\"updated_at\":NOW}, " ENTRY ("d1", "DELIVERED", "Agent-1",
                                                                       "x") "]");
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 0);
  assert_queue (fixture, QUEUE);
}

static void
test_priority (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL;
  g_autoptr (JsonNode) node = NULL;

  qk_ctl_write (fixture, QUEUE, -1);
  run = qk_ctl_run ("priority", "--json", fixture->path, "w1", "d1", "low", NULL);
  qk_ctl_assert_code (run, 1);
  node = qk_ctl_parse (run->out);
  (void) qk_ctl_assert_action (node, 1, 1);
  assert_queue (fixture, "[{\"message\":{\"recipient\":\"Agent-1\",\"k\":1E5,\"content\":"
                         "\"one\\ntwo words\\nthree\",\"priority\":\"low\"},\"queue_id\":\"w1\","
                         "\"priority_score\":0.3,\"status\":\"PENDING\",\"created_at\":"
                         "\"2026-01-01T10:00:00\",\"updated_at\":NOW},\n" ENTRY (
                             "f1", "FAILED", "Agent-1", "x") ", " ENTRY ("d1", "DELIVERED",
                                                                         "Agent-1", "x") "]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/edit/waiting", test_edit_waiting);
  QK_CTL_TEST ("/ctl/edit/failed", test_edit_failed);
  QK_CTL_TEST ("/ctl/edit/delivered", test_edit_delivered);
  QK_CTL_TEST ("/ctl/edit/dry-run", test_edit_dry_run);
  QK_CTL_TEST ("/ctl/edit/missing", test_edit_missing);
  QK_CTL_TEST ("/ctl/redirect", test_redirect);
  QK_CTL_TEST ("/ctl/priority", test_priority);
  return g_test_run ();
}
