#include "qk-document.h"
#include "qk-message-tally.h"
#include "qk-time.h"
#include "qk-ui-fixture.h"
#include "qk-words.h"

#include <string.h>

/* What the window says, word by word. Needs no display. */

static QkDocument *
parse (const char *json)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

#define assert_text(call, expected)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *text_ = call;                                                                 \
    g_assert_cmpstr (text_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_entry (void)
{
  g_autoptr (QkDocument) document =
      parse ("[{\"message\":{\"sender\":\"a\\tb\",\"recipient\":\"so\",\"content\":\"x\","
             "\"message_type\":\"agent_to_agent\",\"tags\":[\"one\",\"t,wo\"]},"
             "\"queue_id\":\"1\",\"priority_score\":0.5,\"status\":\"PROCESSING\","
             "\"created_at\":\"2026-01-08T10:00:00\",\"updated_at\":\"2026-01-08T10:04:00\","
             "\"metadata\":{\"delivery_attempts\":2,\"deep\":{\"a\":[1,2]},\"s\":\"x\\\"y\"}},"
             "{\"message\":{\"recipient\":\"Agent-4\",\"content\":\"y\"},\"queue_id\":\"2\","
             "\"priority_score\":0.5,\"status\":\"PENDING\","
             "\"created_at\":\"2026-01-08T10:00:00\",\"updated_at\":\"2026-01-08T10:04:00\","
             "\"metadata\":{\"delivery_attempts\":1,\"last_retry_time\":\"2026-01-08T10:09:56\","
             "\"next_retry_delay\":8}},"
             "{\"status\":\"Odd\"}]");
  const QkEntry *stuck = qk_document_get_entry (document, 0);
  const QkEntry *retried = qk_document_get_entry (document, 1);
  const QkEntry *odd = qk_document_get_entry (document, 2);
  gint64 now = qk_wall_parse ("2026-01-08T10:10:00", 19, NULL);

  assert_text (qk_words_status (stuck, now), "Stuck 6 min");
  g_assert_cmpstr (qk_words_status_class (stuck, now), ==, "stuck");
  assert_text (qk_words_status (stuck, now - 330 * G_USEC_PER_SEC), "Processing");
  assert_text (qk_words_age (stuck, now), "10 min");
  assert_text (qk_words_tries (stuck, now), "2");
  assert_text (qk_words_tries (retried, now), "1 · in 4 s");
  assert_text (qk_words_tries (retried, now + 5 * G_USEC_PER_SEC), "1");
  assert_text (qk_words_type (stuck), "agent to agent");
  assert_text (qk_words_field (stuck, QK_FIELD_SENDER), "a␉b");
  assert_text (qk_words_members (stuck, QK_FIELD_TAGS), "one, t,wo");
  assert_text (qk_words_members (stuck, QK_FIELD_METADATA),
               "delivery_attempts: 2\ndeep: {\"a\":[1,2]}\ns: x\"y");
  assert_text (qk_words_members (odd, QK_FIELD_METADATA), NULL);
  assert_text (qk_words_status (odd, now), "“Odd”");
  assert_text (qk_words_age (odd, now), "—");
  assert_text (qk_words_hazards (stuck), NULL);
  assert_text (qk_words_hazards (odd),
               "It lacks a required field: the swarm drops it at its next save.");
}

static void
test_hazards (void)
{
  g_autoptr (QkDocument) document = parse (
      "[{\"message\":{\"priority\":\"low\",\"x\":NaN},\"queue_id\":\"1\",\"priority_score\":\"low\","
      "\"status\":\"PENDING\",\"created_at\":\"\",\"updated_at\":\"\"},"
      "{\"message\":{},\"queue_id\":\"2\",\"priority_score\":0.5,\"created_at\":\"\","
      "\"updated_at\":\"\"}]");
  const QkEntry *poisoned = qk_document_get_entry (document, 0);
  const QkEntry *incomplete = qk_document_get_entry (document, 1);
  g_autoptr (QkResult) result = qk_result_new ();

  assert_text (qk_words_hazards (poisoned),
               "Its priority_score is not a number: the processor stops at it.\n"
               "It holds NaN or Infinity, which other programs than Python refuse.");
  assert_text (qk_words_fix (poisoned),
               "priority_score becomes 0.3\n"
               "NaN or Infinity becomes null, or 0 where the swarm counts with it");
  assert_text (qk_words_fix (incomplete), NULL);
  assert_text (qk_words_flagged (1), "1 trips the swarm");
  assert_text (qk_words_flagged (3), "3 trip the swarm");
  result->durable = TRUE;
  qk_result_take_changed (result, g_strdup ("1"));
  assert_text (qk_words_result (QK_CHANGE_FIX, result), "1 fixed");
  assert_text (qk_words_result (QK_CHANGE_EDIT, result), "1 edited and resent");
  assert_text (qk_words_result (QK_CHANGE_SET_RECIPIENT, result), "1 redirected");
  assert_text (qk_words_result (QK_CHANGE_SET_PRIORITY, result), "1 changed");
  assert_text (qk_words_skips (result), "");
}

static void
test_agents (void)
{
  assert_text (qk_words_agent ("Agent-3"), "Agent-3");
  assert_text (qk_words_agent ("Agent-4"), "Agent-4 · Captain");
  assert_text (qk_words_agent ("Discord"), "Discord");
  assert_text (qk_words_agent ("so"), "“so” · unknown");
  assert_text (qk_words_agent ("\xe2\x80\xae"), "“⟨U+202E⟩” · unknown");
  assert_text (qk_words_agent (""), "No recipient");
}

static void
test_result (void)
{
  g_autoptr (QkResult) result = qk_result_new ();
  g_autoptr (GError) error = g_error_new_literal (QK_STORE_ERROR, QK_STORE_ERROR_BUSY, "busy\n");

  result->durable = TRUE;
  assert_text (qk_words_result (QK_CHANGE_PURGE, result), "0 purged");
  for (guint i = 0; i < 40; i++)
    qk_result_take_changed (result, g_strdup ("id"));
  assert_text (qk_words_result (QK_CHANGE_RESEND, result), "40 resent");
  qk_result_take_skipped (result, g_strdup ("a"), g_strdup ("already processing"));
  qk_result_take_skipped (result, g_strdup ("b"), g_strdup ("gone"));
  qk_result_take_skipped (result, g_strdup ("c"), g_strdup ("already processing"));
  assert_text (qk_words_result (QK_CHANGE_RESEND, result),
               "40 resent, 2 skipped: already processing, 1 skipped: gone");
  g_ptr_array_set_size (result->changed, 0);
  assert_text (qk_words_result (QK_CHANGE_PURGE, result),
               "2 skipped: already processing, 1 skipped: gone");
  assert_text (qk_words_error (QK_CHANGE_PURGE, error), "Nothing purged: busy␊");
}

static void
test_tally (void)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (QkPick) pick = NULL;
  g_autoptr (QkMessageTally) tally = NULL;
  g_autofree char *json = NULL;

  for (guint i = 0; i < 6; i++)
    g_ptr_array_add (entries, qk_ui_entry (i, QK_STATUS_PENDING, 6 - i, 0.5, 10));
  g_ptr_array_add (entries, qk_ui_entry (7, QK_STATUS_PROCESSING, 1, 0.5, 600));
  g_ptr_array_add (entries, qk_ui_entry (8, QK_STATUS_FAILED, 1, 0.5, 600));
  g_ptr_array_add (entries, NULL);
  json = qk_test_queue ((const char *const *) entries->pdata);
  document = parse (json);
  pick = qk_pick_new_all (document);
  tally = qk_message_tally_new (pick, NULL, qk_wall_now ());
  assert_text (qk_message_tally_describe_statuses (tally), "6 pending, 1 failed and 1 stuck");
  assert_text (qk_message_tally_describe_agents (tally), "Agent-1, Agent-2, Agent-3 and 3 others");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/words/entry", test_entry);
  g_test_add_func ("/ui/words/hazards", test_hazards);
  g_test_add_func ("/ui/words/agents", test_agents);
  g_test_add_func ("/ui/words/result", test_result);
  g_test_add_func ("/ui/words/tally", test_tally);
  return g_test_run ();
}
