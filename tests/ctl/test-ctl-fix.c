#include "qk-ctl-fixture.h"

#include <string.h>

/* `qkctl fix`, and how the others speak of what it is for. */

#define LOOK_USEC     5000
#define PATIENCE_USEC (10 * G_TIME_SPAN_SECOND)

#define TIMES "\"created_at\":\"2026-01-01T10:00:00\",\"updated_at\":\"2026-01-01T10:00:00\""

/* One is sound, two can be fixed, one cannot, one has no id either. */
#define SOUND                                                                                      \
  "{\"message\":\"s\",\"queue_id\":\"sound\",\"priority_score\":0.5,\"status\":\"PENDING\"," TIMES \
  "}"
#define NO_STATUS "{\"message\":\"n\",\"queue_id\":\"none\",\"priority_score\":0.5," TIMES "}"
#define NO_ID     "{\"message\":\"i\",\"priority_score\":0.5,\"status\":\"PENDING\"," TIMES "}"
#define SCORE(score)                                                                               \
  "{\"message\":{\"content\":\"p\",\"priority\":\"urgent\"},\"queue_id\":\"score\","               \
  "\"priority_score\":" score ",\"status\":\"FAILED\"," TIMES "}"
#define HALF(half)                                                                                 \
  "{\"message\":\"h " half "\",\"queue_id\":\"half\",\"priority_score\":0.5,\"status\":"           \
  "\"DELIVERED\"," TIMES "}"

#define POISONED  "[" SOUND ",\n" SCORE ("NaN") ", " NO_STATUS ",\t" HALF ("\\udc00") "," NO_ID "]"
#define FIXED     "[" SOUND ",\n" SCORE ("1.0") ", " NO_STATUS ",\t" HALF ("\\ufffd") "," NO_ID "]"
#define ONE_FIXED "[" SOUND ",\n" SCORE ("1.0") ", " NO_STATUS ",\t" HALF ("\\udc00") "," NO_ID "]"

#define NO_STATUS_REASON                                                                           \
  "it has no status: only a person can tell whether it was delivered; send its text anew or "      \
  "purge it"

static void
assert_text (QkCtlFixture *fixture, const char *expected)
{
  g_autofree char *text = qk_ctl_read (fixture, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_all (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, again = NULL, operations = NULL, undo = NULL;

  qk_ctl_write (fixture, POISONED, -1);
  run = qk_ctl_run ("fix", fixture->path, "--all", NULL);
  qk_ctl_assert_code (run, 1);
  g_assert_cmpstr (run->err, ==, "");
  g_assert_cmpstr (run->out, ==,
                   "Fixed 2 messages, skipped 2\nskipped none: " NO_STATUS_REASON
                   "\nskipped —: it has no queue_id: send its text anew, then purge it\n");
  assert_text (fixture, FIXED);

  again = qk_ctl_run ("fix", fixture->path, "--all", NULL);
  qk_ctl_assert_code (again, 1);
  g_assert_true (g_str_has_prefix (again->out, "Fixed 0 messages, skipped 2\n"));
  assert_text (fixture, FIXED);
  operations = qk_ctl_run ("operations", "--json", fixture->path, NULL);
  g_assert_nonnull (strstr (operations->out, "\"action\":\"fix\""));
  undo = qk_ctl_run ("undo", fixture->path, NULL);
  qk_ctl_assert_code (undo, 0);
  assert_text (fixture, POISONED);
}

static void
test_ids (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, sound = NULL, missing = NULL;
  g_autoptr (JsonNode) node = NULL;

  qk_ctl_write (fixture, POISONED, -1);
  run = qk_ctl_run ("fix", "--json", fixture->path, "sc", NULL);
  qk_ctl_assert_code (run, 0);
  node = qk_ctl_parse (run->out);
  (void) qk_ctl_assert_action (node, 1, 0);
  assert_text (fixture, ONE_FIXED);
  sound = qk_ctl_run ("fix", fixture->path, "sound", "score", NULL);
  qk_ctl_assert_code (sound, 1);
  g_assert_cmpstr (sound->out, ==,
                   "Fixed 0 messages, skipped 2\nskipped sound: nothing is wrong with it\n"
                   "skipped score: nothing is wrong with it\n");
  missing = qk_ctl_run ("fix", fixture->path, "nowhere", NULL);
  qk_ctl_assert_code (missing, 1);
  g_assert_cmpstr (missing->out, ==,
                   "Fixed 0 messages, skipped 1\nskipped nowhere: no message has this id\n");
  assert_text (fixture, ONE_FIXED);
}

static void
test_nothing (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) run = NULL, damaged = NULL, absent = NULL;

  qk_ctl_write (fixture, "[" SOUND "]", -1);
  run = qk_ctl_run ("fix", fixture->path, "--all", NULL);
  qk_ctl_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "Fixed 0 messages\n");
  qk_ctl_write (fixture, "[" SCORE ("NaN"), -1);
  damaged = qk_ctl_run ("fix", fixture->path, "--all", NULL);
  qk_ctl_assert_code (damaged, 65);
  absent = qk_ctl_run ("fix", fixture->data, "--all", NULL);
  qk_ctl_assert_code (absent, 66);
}

static void
test_dry_run (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) human = NULL, json = NULL, operations = NULL;

  qk_ctl_write (fixture, POISONED, -1);
  human = qk_ctl_run ("fix", fixture->path, "--all", "--dry-run", NULL);
  qk_ctl_assert_code (human, 1);
  g_assert_cmpstr (human->out, ==,
                   "Would fix 2 messages, skip 2\nscore: priority_score becomes 1.0\n"
                   "half: half a character becomes \xef\xbf\xbd\nskipped none: " NO_STATUS_REASON
                   "\nskipped —: it has no queue_id: send its text anew, then purge it\n");
  json = qk_ctl_run ("fix", fixture->path, "--json", "-n", "score", "none", NULL);
  qk_ctl_assert_code (json, 1);
  g_assert_cmpstr (
      json->out, ==,
      "{\"would_change\":[{\"id\":\"score\",\"fixes\":[\"priority_score becomes 1.0\"]}],"
      "\"skipped\":[{\"id\":\"none\",\"reason\":\"" NO_STATUS_REASON "\"}]}\n");
  assert_text (fixture, POISONED);
  operations = qk_ctl_run ("operations", "--json", fixture->path, NULL);
  g_assert_cmpstr (operations->out, ==, "{\"operations\":[]}\n");
}

static void
test_told (QkCtlFixture *fixture, gconstpointer data)
{
  g_autoptr (QkCtlRun) status = NULL, human = NULL, list = NULL, show = NULL, none = NULL,
                       resend = NULL;
  g_autoptr (JsonNode) node = NULL, listed = NULL;

  qk_ctl_write (fixture, POISONED, -1);
  status = qk_ctl_run ("status", "--json", fixture->path, NULL);
  node = qk_ctl_parse (status->out);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "hazards"), ==, 4);
  human = qk_ctl_run ("status", fixture->path, NULL);
  g_assert_nonnull (strstr (human->out, "\nFlagged         4  ("));
  list = qk_ctl_run ("list", "--json", "--hazard", fixture->path, "--status", "FAILED", NULL);
  qk_ctl_assert_code (list, 0);
  g_assert_cmpstr (list->out, ==, "[\n" SCORE ("NaN") "\n]\n");
  g_clear_pointer (&list, qk_ctl_run_free);
  list = qk_ctl_run ("list", "--hazard", fixture->path, NULL);
  g_assert_cmpuint (qk_ctl_count_lines (list->out), ==, 5);
  show = qk_ctl_run ("show", fixture->path, "score", NULL);
  g_assert_nonnull (strstr (show->out, "\nWarning         its priority_score is not a number"));
  g_assert_nonnull (strstr (show->out, "\nFix             priority_score becomes 1.0\n"));
  none = qk_ctl_run ("show", fixture->path, "none", NULL);
  g_assert_nonnull (strstr (none->out, "\nNo fix          it has no status: "));
  resend = qk_ctl_run ("resend", fixture->path, "score", NULL);
  qk_ctl_assert_code (resend, 1);
  g_assert_nonnull (strstr (resend->out, "would trip over it; fix it first\n"));
}

/* NaN and Infinity are accepted, kept and flagged. */
static void
test_not_finite (QkCtlFixture *fixture, gconstpointer data)
{
  static const QkCtlEntry entry = {"x", "FAILED", "Agent-1",
                                   "c", 900,      "{\"a\":NaN,\"b\":-Infinity,\"c\":1e400}"};
  g_autoptr (QkCtlRun) show = NULL, resend = NULL, fix = NULL;
  g_autofree char *resent = NULL, *fixed = NULL;

  qk_ctl_write_entries (fixture, &entry, 1);
  show = qk_ctl_run ("show", fixture->path, "x", NULL);
  g_assert_nonnull (strstr (
      show->out,
      "\nWarning         it holds NaN or Infinity, which other programs than Python refuse"));
  resend = qk_ctl_run ("resend", fixture->path, "x", NULL);
  qk_ctl_assert_code (resend, 0);
  resent = qk_ctl_read (fixture, NULL);
  g_assert_nonnull (strstr (resent, "\"a\":NaN,\"b\":-Infinity,\"c\":1e400"));
  fix = qk_ctl_run ("fix", fixture->path, "x", NULL);
  qk_ctl_assert_code (fix, 0);
  fixed = qk_ctl_read (fixture, NULL);
  g_assert_nonnull (strstr (fixed, "\"a\":null,\"b\":null,\"c\":null"));
}

static void
await_text (QkCtlFixture *fixture, const char *expected)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_USEC;
  g_autofree char *text = qk_ctl_read (fixture, NULL);

  while (strcmp (text, expected) != 0 && g_get_monotonic_time () < end)
    {
      g_usleep (LOOK_USEC);
      g_free (text);
      text = qk_ctl_read (fixture, NULL);
    }
  g_assert_cmpstr (text, ==, expected);
}

/* Another writer saves the list that it had loaded before: the poison is taken out again. */
static void
test_guard (QkCtlFixture *fixture, gconstpointer data)
{
  const char *const arguments[] = {"fix", fixture->path, "--all", "--guard", "3", NULL};
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (QkCtlRun) run = NULL;

  qk_ctl_write (fixture, POISONED, -1);
  process =
      qk_ctl_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  for (guint i = 0; i < 2; i++)
    {
      await_text (fixture, FIXED);
      qk_ctl_write (fixture, POISONED, -1);
    }
  await_text (fixture, FIXED);
  run = qk_ctl_wait (g_steal_pointer (&process), NULL);
  qk_ctl_assert_code (run, 1);
  assert_text (fixture, FIXED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QK_CTL_TEST ("/ctl/fix/all", test_all);
  QK_CTL_TEST ("/ctl/fix/ids", test_ids);
  QK_CTL_TEST ("/ctl/fix/nothing", test_nothing);
  QK_CTL_TEST ("/ctl/fix/dry-run", test_dry_run);
  QK_CTL_TEST ("/ctl/fix/told", test_told);
  QK_CTL_TEST ("/ctl/fix/not-finite", test_not_finite);
  QK_CTL_TEST ("/ctl/fix/guard", test_guard);
  return g_test_run ();
}
