#include "qk-plan.h"
#include "qk-time.h"

#include <string.h>

/* Every expectation here is a whole text: what must not change is in it to the letter. */

#define NOW "2026-03-01T12:00:00"

static QkDocument *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static gint64
get_now (void)
{
  return qk_wall_parse (NOW, strlen (NOW), NULL);
}

static char *
get_text (QkPlan *plan)
{
  GString *text = g_string_new (NULL);
  guint n_segments;
  const QkSegment *segments = qk_plan_get_segments (plan, &n_segments);

  for (guint i = 0; i < n_segments; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  return g_string_free (text, FALSE);
}

static GPtrArray *
list_of (QkChange *change)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  if (change != NULL)
    g_ptr_array_add (changes, change);
  return changes;
}

/* The time of a resend is that of the request: it is not known beforehand. */
static char *
hide_stamp (const char *text)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("\"resend_time\": ?\"[^\"]+\"", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "RESEND", G_REGEX_MATCH_DEFAULT, NULL);
}

static void
assert_change (const char *before, QkChange *change, QkVerdict verdict, const char *after)
{
  g_autoptr (QkDocument) document = read_text (before);
  g_autoptr (GPtrArray) changes = list_of (change);
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ());
  g_autofree char *text = get_text (plan), *hidden = hide_stamp (text);
  const char *reason;

  g_assert_cmpint (qk_plan_get_verdict (plan, 0, &reason), ==, verdict);
  g_assert_cmpint (qk_plan_changes_anything (plan), ==, verdict == QK_VERDICT_CHANGED);
  g_assert_true (verdict != QK_VERDICT_SKIPPED || reason != NULL);
  g_assert_cmpstr (hidden, ==, after);
  g_clear_pointer (&document, qk_document_unref);
  document = read_text (text);
}

static QkChange *
resend_of (const char *text, guint index)
{
  g_autoptr (QkDocument) document = read_text (text);

  return qk_change_new_resend (qk_document_get_entry (document, index), QK_STUCK_WARNING_S);
}

static QkChange *
purge_of (const char *text, guint index)
{
  g_autoptr (QkDocument) document = read_text (text);

  return qk_change_new_purge (qk_document_get_entry (document, index));
}

static void
test_resend_failed (void)
{
  const char *before =
      "[{\"x\":1e400},{\"message\":{\"b\":12345678901234567890,\"a\":\"\\u00e9\\/\"},\"queue_id\":"
      "\"f\",\"priority_score\":0.50,\"status\":\"FAILED\",\"created_at\":\"2025-12-13T06:02:46\","
      "\"updated_at\":\"2025-12-13T06:09:33\",\"metadata\":{\"delivery_attempts\":3,\"last_retry_time\""
      ":\"2025-12-13T06:09:00\",\"next_retry_delay\":15.0,\"last_error\":\"e\",\"z\":-0}}, -0 ]\n";

  assert_change (
      before, resend_of (before, 1), QK_VERDICT_CHANGED,
      "[{\"x\":1e400},{\"message\":{\"b\":12345678901234567890,\"a\":\"\\u00e9\\/\"},\"queue_id\":"
      "\"f\",\"priority_score\":0.50,\"status\":\"PENDING\",\"created_at\":\"2025-12-13T06:02:46\","
      "\"updated_at\":\"" NOW
      "\",\"metadata\":{\"delivery_attempts\":0,\"last_error\":\"e\",\"z\":-0,"
      "RESEND}}, -0 ]\n");
}

static void
test_resend_without_metadata (void)
{
  const char *before = "{\"v\": 1, \"entries\": [{\"message\": \"t\", \"queue_id\": \"f\", "
                       "\"priority_score\": 1, \"status\": \"FAILED\", \"created_at\": \"\", "
                       "\"updated_at\": \"\", \"delivery_attempts\": 2}]}";

  assert_change (before, resend_of (before, 0), QK_VERDICT_CHANGED,
                 "{\"v\": 1, \"entries\": [{\"message\": \"t\", \"queue_id\": \"f\", "
                 "\"priority_score\": 1, \"status\": \"PENDING\", \"created_at\": \"\", "
                 "\"updated_at\": \"" NOW "\", \"delivery_attempts\": 0, \"metadata\": "
                 "{\"delivery_attempts\": 0, RESEND}}]}");
}

static void
test_resend_indented (void)
{
  const char *before = "[\r\n  {\r\n    \"message\": \"t\",\r\n    \"queue_id\": \"f\",\r\n    "
                       "\"priority_score\": 0.5,\r\n    \"status\": \"FAILED\",\r\n    "
                       "\"created_at\": \"\",\r\n    \"updated_at\": \"\",\r\n    \"metadata\": {}"
                       "\r\n  },\r\n  {\r\n    \"a\": []\r\n  }\r\n]\r\n";

  assert_change (before, resend_of (before, 0), QK_VERDICT_CHANGED,
                 "[\r\n  {\r\n    \"message\": \"t\",\r\n    \"queue_id\": \"f\",\r\n    "
                 "\"priority_score\": 0.5,\r\n    \"status\": \"PENDING\",\r\n    "
                 "\"created_at\": \"\",\r\n    \"updated_at\": \"" NOW "\",\r\n    \"metadata\": {"
                 "\r\n      \"delivery_attempts\": 0,\r\n      RESEND\r\n    }"
                 "\r\n  },\r\n  {\r\n    \"a\": []\r\n  }\r\n]\r\n");
}

/* Of a key that stands there twice the last one counts; to take one out is to take out all. */
static void
test_duplicate_keys (void)
{
  const char *before = "[{\"message\":{},\"queue_id\":\"f\",\"priority_score\":0,\"status\":\"X\","
                       "\"created_at\":\"\",\"updated_at\":\"\",\"sta\\u0074us\":\"FAILED\","
                       "\"metadata\":{\"next_retry_delay\":5,\"k\":1,\"next_retry_delay\":15}}]";

  assert_change (before, resend_of (before, 0), QK_VERDICT_CHANGED,
                 "[{\"message\":{},\"queue_id\":\"f\",\"priority_score\":0,\"status\":\"X\","
                 "\"created_at\":\"\",\"updated_at\":\"" NOW "\",\"sta\\u0074us\":\"PENDING\","
                 "\"metadata\":{\"k\":1,\"delivery_attempts\":0,RESEND}}]");
}

static void
test_resend_flat (void)
{
  const char *before =
      "[{\"id\":\"f\",\"recipient\":\"R\",\"content\":\"c\",\"status\":\"failed\"}]";

  assert_change (before, resend_of (before, 0), QK_VERDICT_CHANGED,
                 "[{\"id\":\"f\",\"recipient\":\"R\",\"content\":\"c\",\"status\":\"pending\","
                 "\"metadata\":{\"delivery_attempts\":0,RESEND}}]");
}

#define ENTRY(id, status, extra)                                                                   \
  "{\"message\":{},\"queue_id\":\"" id "\",\"priority_score\":0.5,\"status\":\"" status            \
  "\",\"created_at\":\"2026-03-01T11:00:00\",\"updated_at\":\"2026-03-01T11:30:00\"" extra "}"

static void
test_resend_delivered (void)
{
  const char *before = "[" ENTRY ("d", "DELIVERED", ",\"metadata\":{\"retry_count\":1}") "]";
  g_autoptr (QkDocument) document = read_text (before), after = NULL;
  g_autoptr (GPtrArray) changes = list_of (resend_of (before, 0));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ()), again = NULL;
  g_autofree char *text = get_text (plan), *id = NULL, *expected = NULL;
  const char *reason;

  after = read_text (text);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 2);
  id = qk_entry_dup_field (qk_document_get_entry (after, 1), QK_FIELD_ID);
  g_assert_true (g_uuid_string_is_valid (id));
  expected = g_strdup_printf (
      "[" ENTRY (
          "d", "DELIVERED",
          ",\"metadata\":{\"retry_count\":1}") ",{\"message\":{},\"queue_id\":"
                                               "\"%s\",\"priority_score\":0.5,\"status\":\"PENDING\",\"created_at\":\"" NOW
                                               "\",\"updated_at\":"
                                               "\"" NOW
                                               "\",\"metadata\":{\"delivery_attempts\":0,\"resent_from\":\"d\"}}]",
      id);
  g_assert_cmpstr (text, ==, expected);
  /* Applied to what it has made, it finds itself done. */
  again = qk_plan_new (after, changes, get_now ());
  g_assert_cmpint (qk_plan_get_verdict (again, 0, &reason), ==, QK_VERDICT_IN_EFFECT);
  g_assert_false (qk_plan_changes_anything (again));
}

static void
test_resend_stuck (void)
{
  const char *stuck = "[" ENTRY ("p", "PROCESSING", ",\"metadata\":{\"delivery_attempts\":2}") "]";
  const char *fresh = "[{\"message\":{},\"queue_id\":\"p\",\"priority_score\":0.5,\"status\":"
                      "\"PROCESSING\",\"created_at\":\"\",\"updated_at\":\"2026-03-01T11:59:30\"}]";
  const char *moved = "[" ENTRY ("p", "DELIVERED", "") "]";

  assert_change (
      stuck, resend_of (stuck, 0), QK_VERDICT_CHANGED,
      "[{\"message\":{},\"queue_id\":\"p\",\"priority_score\":0.5,\"status\":\"PENDING\","
      "\"created_at\":\"2026-03-01T11:00:00\",\"updated_at\":\"" NOW "\",\"metadata\":"
      "{\"delivery_attempts\":2,RESEND}}]");
  assert_change (fresh, resend_of (fresh, 0), QK_VERDICT_SKIPPED, fresh);
  assert_change (fresh, resend_of (stuck, 0), QK_VERDICT_SKIPPED, fresh);
  assert_change (moved, resend_of (stuck, 0), QK_VERDICT_SKIPPED, moved);
}

static void
test_resend_skipped (void)
{
  static const char *const entries[] = {
      ENTRY ("s", "PENDING", ""),
      ENTRY ("s", "SENT", ""),
      ENTRY ("s", "FAILED", ",\"metadata\":[]"),
      ENTRY ("s", "FAILED", ",\"note\":\"\\ud800\""),
      ENTRY ("s", "FAILED", ",\"priority_score\":\"high\""),
      ENTRY ("s", "FAILED", ",\"created_at\":\"2026-03-01T11:00:00+01:00\""),
      "{\"message\":{},\"queue_id\":\"s\",\"status\":\"FAILED\"}",
      "{\"queue_id\":\"s\"}",
      "17",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *text = g_strdup_printf ("[%s]", entries[i]);

      assert_change (text, resend_of (text, 0), QK_VERDICT_SKIPPED, text);
    }
}

static void
test_purge (void)
{
  static const struct {
    const char *before;
    guint index;
    const char *after;
  } cases[] = {
      {"[1]", 0, "[]"},
      {"[ 1 ]", 0, "[]"},
      {"[1, 2, 3]", 0, "[2, 3]"},
      {"[1, 2, 3]", 1, "[1, 3]"},
      {"[1, 2, 3]", 2, "[1, 2]"},
      {"[\n  1,\n  2\n]\n", 0, "[\n  2\n]\n"},
      {"[\n  1,\n  2\n]\n", 1, "[\n  1\n]\n"},
      {"{\"a\":[0],\"entries\":[7],\"b\":2}", 0, "{\"a\":[0],\"entries\":[],\"b\":2}"},
      {"[{\"queue_id\":null,\"n\":1},{\"queue_id\":null}]", 0, "[{\"queue_id\":null}]"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_change (cases[i].before, purge_of (cases[i].before, cases[i].index), QK_VERDICT_CHANGED,
                   cases[i].after);
}

static void
test_purge_moved_on (void)
{
  const char *seen = "[" ENTRY ("m", "FAILED", "") "]";
  const char *now = "[" ENTRY ("m", "PENDING", "") "]";

  assert_change (now, purge_of (seen, 0), QK_VERDICT_SKIPPED, now);
  assert_change ("[]", purge_of (seen, 0), QK_VERDICT_IN_EFFECT, "[]");
}

static void
test_nothing (void)
{
  static const char *const texts[] = {"[]", "[ \n ]\n", "{\"entries\":[ ]}", "[ 1 , 2 ]"};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QkDocument) document = read_text (texts[i]);
      g_autoptr (GPtrArray) nothing = list_of (NULL);
      g_autoptr (QkPlan) plan = qk_plan_new (document, nothing, get_now ());
      g_autofree char *text = get_text (plan);

      g_assert_false (qk_plan_changes_anything (plan));
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

/* Asked for twice at once, a delivered message is copied once, however often the plan is made. */
static void
test_resend_twice (void)
{
  const char *before = "[" ENTRY ("d", "DELIVERED", "") "]";
  g_autoptr (GPtrArray) changes = list_of (resend_of (before, 0));
  g_autoptr (QkDocument) document = read_text (before);

  g_ptr_array_add (changes, resend_of (before, 0));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ());
      g_autofree char *text = get_text (plan);

      g_clear_pointer (&document, qk_document_unref);
      document = read_text (text);
      g_assert_cmpuint (qk_document_get_n_entries (document), ==, 2);
    }
}

/* Several entries of one id: what was seen is what is meant. */
static void
test_duplicate_ids (void)
{
  const char *seen =
      "[" ENTRY ("d", "FAILED", ",\"n\":1") "," ENTRY ("d", "FAILED", ",\"n\":2") "]";
  const char *now = "[" ENTRY ("d", "FAILED", ",\"n\":3") "," ENTRY ("d", "FAILED", ",\"n\":4") "]";
  g_autoptr (QkDocument) document = read_text (seen);
  g_autoptr (GPtrArray) both = list_of (purge_of (seen, 1));
  g_autoptr (QkPlan) plan = NULL;
  g_autofree char *text = NULL;

  assert_change (seen, purge_of (seen, 1), QK_VERDICT_CHANGED,
                 "[" ENTRY ("d", "FAILED", ",\"n\":1") "]");
  assert_change (now, purge_of (seen, 1), QK_VERDICT_SKIPPED, now);
  g_ptr_array_add (both, purge_of (seen, 0));
  plan = qk_plan_new (document, both, get_now ());
  text = get_text (plan);
  g_assert_cmpstr (text, ==, "[]");
}

static QkChange *
send_to (const char *recipient)
{
  static const char *const tags[] = {"a", "b\"c", NULL};
  QkDraft draft = {.sender = "CAPTAIN",
                   .recipient = recipient,
                   .content = "Hello\n\"you\"",
                   .priority = "urgent",
                   .tags = tags};

  return qk_change_new_send (&draft);
}

static char *
get_sent (const char *before)
{
  g_autoptr (QkDocument) document = read_text (before), after = NULL;
  g_autoptr (GPtrArray) changes = list_of (send_to ("Agent-1"));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ());
  g_autofree char *text = get_text (plan);
  g_autoptr (GRegex) unique = g_regex_new ("[0-9a-f]{8}-[-0-9a-f]{27}", 0, 0, NULL);
  g_autoptr (GRegex) times = g_regex_new ("_at\":( ?)\"[^\"]+\"", 0, 0, NULL);
  g_autofree char *without_ids = g_regex_replace_literal (unique, text, -1, 0, "ID", 0, NULL);

  after = read_text (text);
  g_assert_true (
      qk_entry_has_id (qk_document_get_entry (after, qk_document_get_n_entries (after) - 1),
                       qk_change_get_id (g_ptr_array_index (changes, 0))));
  return g_regex_replace (times, without_ids, -1, 0, "_at\":\\1TIME", 0, NULL);
}

static void
test_send (void)
{
  const char *compact =
      "{\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\",\"content\":\"Hello\\n\\\"you\\\"\""
      ",\"priority\":\"urgent\",\"message_type\":\"captain_to_agent\",\"tags\":[\"a\",\"b\\\"c\"],"
      "\"metadata\":{\"stalled\":false,\"use_pyautogui\":true,\"send_mode\":null}},\"queue_id\":\"ID\","
      "\"priority_score\":1.0,\"status\":\"PENDING\",\"created_at\":TIME,\"updated_at\":TIME,"
      "\"metadata\":{\"delivery_callback\":false}}";
  g_autofree char *to_empty = get_sent ("[]"), *to_one = get_sent ("[1]");
  g_autofree char *to_two = get_sent ("{\"entries\":[1 ,\t2 ]}");
  g_autofree char *empty_expected = g_strdup_printf ("[%s]", compact);
  g_autofree char *one_expected = g_strdup_printf ("[1,%s]", compact);
  g_autofree char *two_expected = g_strdup_printf ("{\"entries\":[1 ,\t2 ,\t%s ]}", compact);

  g_assert_cmpstr (to_empty, ==, empty_expected);
  g_assert_cmpstr (to_one, ==, one_expected);
  g_assert_cmpstr (to_two, ==, two_expected);
}

static void
test_send_indented (void)
{
  g_autofree char *text = get_sent ("[\r\n  {\r\n    \"a\": 1,\r\n    \"b\": []\r\n  }\r\n]");

  g_assert_cmpstr (
      text, ==,
      "[\r\n  {\r\n    \"a\": 1,\r\n    \"b\": []\r\n  },\r\n  {\r\n    \"message\": {\r\n"
      "      \"sender\": \"CAPTAIN\",\r\n      \"recipient\": \"Agent-1\",\r\n"
      "      \"content\": \"Hello\\n\\\"you\\\"\",\r\n      \"priority\": \"urgent\",\r\n"
      "      \"message_type\": \"captain_to_agent\",\r\n      \"tags\": [\r\n        \"a\",\r\n"
      "        \"b\\\"c\"\r\n      ],\r\n      \"metadata\": {\r\n        \"stalled\": false,\r\n"
      "        \"use_pyautogui\": true,\r\n        \"send_mode\": null\r\n      }\r\n    },\r\n"
      "    \"queue_id\": \"ID\",\r\n    \"priority_score\": 1.0,\r\n    \"status\": \"PENDING\",\r\n"
      "    \"created_at\": TIME,\r\n    \"updated_at\": TIME,\r\n    \"metadata\": {\r\n"
      "      \"delivery_callback\": false\r\n    }\r\n  }\r\n]");
}

static void
test_broadcast (void)
{
  static const char *const agents[] = {"Agent-1", "Agent-2", "Agent-9", NULL};
  QkDraft draft = {.sender = "CAPTAIN", .content = "All hands", .priority = "regular"};
  g_autoptr (GPtrArray) changes = qk_change_new_broadcast (&draft, agents);
  g_autoptr (QkDocument) document = read_text ("[]"), after = NULL;
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ());
  g_autofree char *text = get_text (plan);

  after = read_text (text);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const QkEntry *entry = qk_document_get_entry (after, i);
      g_autofree char *recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);
      g_autofree char *type = qk_entry_dup_field (entry, QK_FIELD_MESSAGE_TYPE);
      g_autofree char *tags = qk_entry_dup_field (entry, QK_FIELD_TAGS);

      g_assert_cmpstr (recipient, ==, agents[i]);
      g_assert_cmpstr (type, ==, "broadcast");
      g_assert_cmpstr (tags, ==, "[\"system\",\"coordination\"]");
      g_assert_cmpint (qk_entry_get_hazards (entry), ==, 0);
    }
}

static QkChange *
edit_of (const char *text, const char *recipient, const char *content, const char *priority)
{
  g_autoptr (QkDocument) document = read_text (text);
  const QkRevision revision = {recipient, content, priority};

  return qk_change_new_edit (qk_document_get_entry (document, 0), &revision, QK_STUCK_WARNING_S);
}

static QkChange *
redirect_of (const char *text, const char *recipient)
{
  g_autoptr (QkDocument) document = read_text (text);

  return qk_change_new_set_recipient (qk_document_get_entry (document, 0), recipient);
}

static QkChange *
priority_of (const char *text, const char *priority)
{
  g_autoptr (QkDocument) document = read_text (text);

  return qk_change_new_set_priority (qk_document_get_entry (document, 0), priority);
}

static void
test_redirect (void)
{
  const char *normal =
      "[{\"message\":{\"to\":\"A\",\"content\":\"x\",\"k\":0},\"status\":\"FAILED\","
      "\"queue_id\":\"q\",\"updated_at\":\"\"}]";
  const char *bare = "[{\"message\":\"x\",\"status\":\"PENDING\",\"queue_id\":\"q\"}]";
  const char *flat =
      "[{\"recipient\":\"A\",\"content\":\"x\",\"status\":\"pending\",\"id\":\"q\"}]";
  const char *delivered =
      "[{\"message\":{\"to\":\"A\"},\"status\":\"DELIVERED\",\"queue_id\":\"q\"}]";

  assert_change (
      normal, redirect_of (normal, "Agent-2"), QK_VERDICT_CHANGED,
      "[{\"message\":{\"to\":\"Agent-2\",\"content\":\"x\",\"k\":0},\"status\":\"FAILED\","
      "\"queue_id\":\"q\",\"updated_at\":\"" NOW "\"}]");
  assert_change (flat, redirect_of (flat, "B"), QK_VERDICT_CHANGED,
                 "[{\"recipient\":\"B\",\"content\":\"x\",\"status\":\"pending\",\"id\":\"q\"}]");
  assert_change (normal, redirect_of (normal, "A"), QK_VERDICT_IN_EFFECT, normal);
  assert_change (bare, redirect_of (bare, "B"), QK_VERDICT_SKIPPED, bare);
  assert_change (delivered, redirect_of (delivered, "B"), QK_VERDICT_SKIPPED, delivered);
  assert_change ("[5]", redirect_of ("[5]", "y"), QK_VERDICT_SKIPPED, "[5]");
}

/* The name goes into the message and the score beside it, as the swarm writes them. */
static void
test_priority (void)
{
  static const struct {
    const char *name;
    const char *score;
  } cases[] = {
      {"urgent", "1.0"}, {"high", "0.8"}, {"regular", "0.5"}, {"normal", "0.5"}, {"low", "0.3"},
  };
  const char *before = "[{\"message\":{\"priority\":\"x\",\"content\":\"\\u00e9\",\"k\":1E5},"
                       "\"queue_id\":\"q\",\"priority_score\":0.70,\"status\":\"PENDING\","
                       "\"updated_at\":\"\",\"z\":[ 0.10 ]}]";
  const char *bare = "[{\"message\":\"x\",\"status\":\"PENDING\",\"queue_id\":\"q\"}]";
  const char *flat = "[{\"id\":\"q\",\"content\":\"x\",\"status\":\"pending\"}]";
  const char *processing = "[" ENTRY ("p", "PROCESSING", "") "]";

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *after = g_strdup_printf (
          "[{\"message\":{\"priority\":\"%s\",\"content\":\"\\u00e9\",\"k\":1E5},\"queue_id\":\"q\","
          "\"priority_score\":%s,\"status\":\"PENDING\",\"updated_at\":\"" NOW
          "\",\"z\":[ 0.10 ]}]",
          cases[i].name, cases[i].score);

      assert_change (before, priority_of (before, cases[i].name), QK_VERDICT_CHANGED, after);
      assert_change (after, priority_of (after, cases[i].name), QK_VERDICT_IN_EFFECT, after);
    }
  assert_change (bare, priority_of (bare, "high"), QK_VERDICT_CHANGED,
                 "[{\"message\":\"x\",\"status\":\"PENDING\",\"queue_id\":\"q\","
                 "\"priority_score\":0.8,\"updated_at\":\"" NOW "\"}]");
  assert_change (flat, priority_of (flat, "low"), QK_VERDICT_CHANGED,
                 "[{\"id\":\"q\",\"content\":\"x\",\"status\":\"pending\",\"priority\":\"low\"}]");
  assert_change (processing, priority_of (processing, "low"), QK_VERDICT_SKIPPED, processing);
}

/* A score that is there with another spelling keeps it, and so does all that is not edited. */
static void
test_edit_waiting (void)
{
  const char *before =
      "[{\"message\":{\"to\":\"A\",\"content\":\"x\",\"k\":0,\"priority\":\"low\"},"
      "\"queue_id\":\"q\",\"priority_score\":5e-1,\"status\":\"PENDING\","
      "\"updated_at\":\"\",\"metadata\":{\"next_retry_delay\":15}}]";
  const char *bare = "[{\"message\":\"x\",\"status\":\"PENDING\",\"queue_id\":\"q\"}]";

  assert_change (
      before, edit_of (before, NULL, "new \"text\"", NULL), QK_VERDICT_CHANGED,
      "[{\"message\":{\"to\":\"A\",\"content\":\"new \\\"text\\\"\",\"k\":0,\"priority\":"
      "\"low\"},\"queue_id\":\"q\",\"priority_score\":5e-1,\"status\":\"PENDING\","
      "\"updated_at\":\"" NOW "\",\"metadata\":{\"next_retry_delay\":15}}]");
  assert_change (before, edit_of (before, "B", "x", "regular"), QK_VERDICT_CHANGED,
                 "[{\"message\":{\"to\":\"B\",\"content\":\"x\",\"k\":0,\"priority\":\"regular\"},"
                 "\"queue_id\":\"q\",\"priority_score\":5e-1,\"status\":\"PENDING\","
                 "\"updated_at\":\"" NOW "\",\"metadata\":{\"next_retry_delay\":15}}]");
  assert_change (bare, edit_of (bare, NULL, "y", NULL), QK_VERDICT_CHANGED,
                 "[{\"message\":\"y\",\"status\":\"PENDING\",\"queue_id\":\"q\",\"updated_at\":"
                 "\"" NOW "\"}]");
  assert_change (before, edit_of (before, "A", "x", NULL), QK_VERDICT_IN_EFFECT, before);
  assert_change (bare, edit_of (bare, "B", "y", NULL), QK_VERDICT_SKIPPED, bare);
  assert_change ("[5]", edit_of ("[5]", NULL, "y", NULL), QK_VERDICT_SKIPPED, "[5]");
}

/* One change: the new values, and the state that lets it be delivered. */
static void
test_edit_failed (void)
{
  const char *before = "[" ENTRY ("e", "FAILED", ",\"metadata\":{\"last_error\":\"e\"}") "]";
  g_autoptr (QkDocument) document = read_text (before), after = NULL;
  g_autoptr (GPtrArray) changes = list_of (edit_of (before, NULL, "y", "urgent"));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ()), again = NULL;
  g_autofree char *text = get_text (plan), *hidden = hide_stamp (text);
  const char *reason;

  g_assert_cmpstr (hidden, ==,
                   "[{\"message\":{\"content\":\"y\",\"priority\":\"urgent\"},\"queue_id\":\"e\","
                   "\"priority_score\":1.0,\"status\":\"PENDING\",\"created_at\":"
                   "\"2026-03-01T11:00:00\",\"updated_at\":\"" NOW
                   "\",\"metadata\":{\"last_error\":\"e\",\"delivery_attempts\":0,RESEND}}]");
  /* It finds itself done, also when the message has been taken since. */
  after = read_text (text);
  again = qk_plan_new (after, changes, get_now ());
  g_assert_cmpint (qk_plan_get_verdict (again, 0, &reason), ==, QK_VERDICT_IN_EFFECT);
}

/* With nothing to be different it is a resend. */
static void
test_edit_nothing (void)
{
  const char *failed = "[" ENTRY ("e", "FAILED", "") "]";

  assert_change (failed, edit_of (failed, NULL, NULL, NULL), QK_VERDICT_CHANGED,
                 "[{\"message\":{},\"queue_id\":\"e\",\"priority_score\":0.5,\"status\":"
                 "\"PENDING\",\"created_at\":\"2026-03-01T11:00:00\",\"updated_at\":\"" NOW
                 "\",\"metadata\":{\"delivery_attempts\":0,RESEND}}]");
}

/* What has arrived stays as it is: the copy differs, and says where it comes from. */
static void
test_edit_delivered (void)
{
  const char *before = "[" ENTRY ("d", "DELIVERED", "") "]";
  g_autoptr (QkDocument) document = read_text (before), after = NULL;
  g_autoptr (GPtrArray) changes = list_of (edit_of (before, "B", "y", NULL));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ()), again = NULL;
  g_autofree char *text = get_text (plan), *id = NULL, *expected = NULL;
  const char *reason;

  after = read_text (text);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 2);
  id = qk_entry_dup_field (qk_document_get_entry (after, 1), QK_FIELD_ID);
  expected =
      g_strdup_printf ("[" ENTRY ("d", "DELIVERED",
                                  "") ",{\"message\":{\"recipient\":\"B\",\"content\":\"y\"},"
                                      "\"queue_id\":\"%s\",\"priority_score\":0.5,\"status\":"
                                      "\"PENDING\",\"created_at\":\"" NOW "\",\"updated_at\":\"" NOW
                                      "\",\"metadata\":{\"delivery_attempts\":0,\"resent_from\":"
                                      "\"d\"}}]",
                       id);
  g_assert_cmpstr (text, ==, expected);
  again = qk_plan_new (after, changes, get_now ());
  g_assert_cmpint (qk_plan_get_verdict (again, 0, &reason), ==, QK_VERDICT_IN_EFFECT);
}

/* @now moves on, or another program does, between what was seen and what is there. */
static void
assert_edit_skipped (const char *seen, const char *now, const char *expected)
{
  g_autoptr (QkDocument) document = read_text (now);
  g_autoptr (GPtrArray) changes = list_of (edit_of (seen, "B", "y", "low"));
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ());
  const char *reason;

  g_assert_cmpint (qk_plan_get_verdict (plan, 0, &reason), ==, QK_VERDICT_SKIPPED);
  g_assert_cmpstr (reason, ==, expected);
  g_assert_false (qk_plan_changes_anything (plan));
}

static void
test_edit_moved_on (void)
{
#define FRESH                                                                                      \
  "[{\"message\":{},\"queue_id\":\"e\",\"status\":\"PROCESSING\",\"updated_at\":"                  \
  "\"2026-03-01T11:59:30\",\"created_at\":\"\",\"priority_score\":1}]"
  assert_edit_skipped ("[" ENTRY ("e", "PENDING", "") "]", FRESH,
                       "moved on meanwhile: processing now");
  assert_edit_skipped ("[" ENTRY ("e", "PENDING", "") "]", "[" ENTRY ("e", "DELIVERED", "") "]",
                       "moved on meanwhile: delivered now");
  assert_edit_skipped ("[" ENTRY ("e", "FAILED", "") "]", "[" ENTRY ("e", "PENDING", "") "]",
                       "moved on meanwhile: pending now");
  assert_edit_skipped ("[" ENTRY ("e", "PENDING", "") "]", "[]", "no longer in the queue");
  assert_edit_skipped (FRESH, FRESH, "already processing");
  assert_edit_skipped ("[" ENTRY ("e", "PROCESSING", "") "]", FRESH,
                       "updated meanwhile: it is being processed");
}

/* What is stuck is edited and waits again; it keeps its count of attempts. */
static void
test_edit_stuck (void)
{
  const char *before = "[" ENTRY ("s", "PROCESSING", ",\"metadata\":{\"delivery_attempts\":2}") "]";

  assert_change (before, edit_of (before, "B", NULL, NULL), QK_VERDICT_CHANGED,
                 "[{\"message\":{\"recipient\":\"B\"},\"queue_id\":\"s\",\"priority_score\":0.5,"
                 "\"status\":\"PENDING\",\"created_at\":\"2026-03-01T11:00:00\",\"updated_at\":"
                 "\"" NOW "\",\"metadata\":{\"delivery_attempts\":2,RESEND}}]");
}

/* An edit that gives it a score cures the want of one. */
static void
test_edit_poisoned (void)
{
  const char *before = "[{\"message\":{},\"queue_id\":\"e\",\"priority_score\":\"much\",\"status\":"
                       "\"FAILED\",\"created_at\":\"\",\"updated_at\":\"\",\"metadata\":{}}]";

  assert_change (before, edit_of (before, "B", NULL, NULL), QK_VERDICT_SKIPPED, before);
  assert_change (before, edit_of (before, NULL, NULL, "high"), QK_VERDICT_CHANGED,
                 "[{\"message\":{\"priority\":\"high\"},\"queue_id\":\"e\",\"priority_score\":0.8,"
                 "\"status\":\"PENDING\",\"created_at\":\"\",\"updated_at\":\"" NOW
                 "\",\"metadata\":{\"delivery_attempts\":0,RESEND}}]");
}

/* Two changes of one entry in one save: both are done. */
static void
test_twice (void)
{
  const char *before = "[" ENTRY ("e", "FAILED", "") "]";
  g_autoptr (QkDocument) document = read_text (before);
  g_autoptr (GPtrArray) changes = list_of (redirect_of (before, "B"));
  g_autoptr (QkPlan) plan = NULL;
  g_autofree char *text = NULL, *hidden = NULL;

  g_ptr_array_add (changes, resend_of (before, 0));
  plan = qk_plan_new (document, changes, get_now ());
  text = get_text (plan);
  hidden = hide_stamp (text);
  g_assert_cmpstr (hidden, ==,
                   "[{\"message\":{\"recipient\":\"B\"},\"queue_id\":\"e\",\"priority_score\":0.5,"
                   "\"status\":\"PENDING\",\"created_at\":\"2026-03-01T11:00:00\",\"updated_at\":"
                   "\"" NOW "\",\"metadata\":{\"delivery_attempts\":0,RESEND}}]");
}

/* What a plan does is undone from the effects that it tells. */
static GPtrArray *
undo_of (QkPlan *plan, guint n_changes)
{
  GPtrArray *undo = list_of (NULL);

  for (guint i = 0; i < n_changes; i++)
    {
      QkEffect effect = qk_plan_get_effect (plan, i);
      g_autoptr (GBytes) before = NULL, made = NULL;
      g_autofree char *previous = NULL;
      const char *json;
      gsize length;

      if (effect.before == NULL)
        continue;
      json = qk_entry_get_json (effect.before, &length);
      before = g_bytes_new (json, length);
      if (effect.after != NULL)
        made = g_bytes_new (effect.after, strlen (effect.after));
      if (effect.previous != NULL)
        previous = qk_entry_dup_field (effect.previous, QK_FIELD_ID);
      g_ptr_array_add (undo, qk_change_new_restore (before, previous, made));
    }
  return undo;
}

#define NAMED(id) "{\"queue_id\":\"" id "\",\"x\":[ 1e400 ]}"

#define SPACED(id) "{\"queue_id\": \"" id "\", \"x\": 1e400}"
#define LINES(id)  "{\r\n  \"queue_id\": \"" id "\"\r\n }"

/* Every set of entries of a queue is purged and put back. */
static void
test_restore_purged (void)
{
  static const char *const texts[] = {
      "[" NAMED ("a") "," NAMED ("b") "," NAMED ("c") "," NAMED ("d") "]",
      "[" SPACED ("a") ", " SPACED ("b") ", " SPACED ("c") ", " SPACED ("d") "]",
      "{\"entries\": [\r\n " LINES ("a") ",\r\n " LINES ("b") ",\r\n " LINES ("c") ",\r\n " LINES (
          "d") "\r\n],\"v\":1}"};

  for (gsize t = 0; t < G_N_ELEMENTS (texts); t++)
    for (guint set = 1; set < 15; set++)
      {
        g_autoptr (QkDocument) document = read_text (texts[t]), purged = NULL, restored = NULL;
        g_autoptr (GPtrArray) changes = list_of (NULL), undo = NULL;
        g_autoptr (QkPlan) plan = NULL, undo_plan = NULL, again = NULL;
        g_autofree char *text = NULL, *restored_text = NULL;
        const char *reason;

        for (guint i = 0; i < 4; i++)
          if (set & 1U << i)
            g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (document, i)));
        plan = qk_plan_new (document, changes, get_now ());
        text = get_text (plan);
        purged = read_text (text);
        g_assert_cmpuint (qk_document_get_n_entries (purged), ==, 4 - changes->len);
        undo = undo_of (plan, changes->len);
        g_assert_cmpuint (undo->len, ==, changes->len);
        undo_plan = qk_plan_new (purged, undo, get_now ());
        restored_text = get_text (undo_plan);
        g_assert_cmpstr (restored_text, ==, texts[t]);
        /* Once. */
        restored = read_text (restored_text);
        again = qk_plan_new (restored, undo, get_now ());
        g_assert_false (qk_plan_changes_anything (again));
        g_assert_cmpint (qk_plan_get_verdict (again, 0, &reason), ==, QK_VERDICT_IN_EFFECT);
      }
}

/* A resend is undone while the message is as it was made, whatever its layout has become. */
static void
test_restore_changed (void)
{
  const char *before = "[" ENTRY ("f", "FAILED", ",\"metadata\":{\"delivery_attempts\":3}") "]";
  g_autoptr (QkDocument) document = read_text (before);
  g_autoptr (GPtrArray) changes = list_of (resend_of (before, 0)), undo = NULL;
  g_autoptr (QkPlan) plan = qk_plan_new (document, changes, get_now ()), spaced_plan = NULL;
  g_autoptr (QkPlan) moved_plan = NULL;
  g_autofree char *text = get_text (plan), *result = NULL, *unmoved = NULL;
  g_autoptr (GString) spaced = g_string_new (text), moved = g_string_new (text);
  g_autoptr (QkDocument) spaced_document = NULL, moved_document = NULL;
  const char *reason;

  undo = undo_of (plan, 1);
  g_string_replace (spaced, "\",\"", "\" , \"", 0);
  g_string_replace (spaced, "\"metadata\":{", "\"metadata\" : { ", 0);
  spaced_document = read_text (spaced->str);
  spaced_plan = qk_plan_new (spaced_document, undo, get_now ());
  result = get_text (spaced_plan);
  g_assert_cmpstr (result, ==, before);

  g_string_replace (moved, "PENDING", "DELIVERED", 0);
  moved_document = read_text (moved->str);
  moved_plan = qk_plan_new (moved_document, undo, get_now ());
  unmoved = get_text (moved_plan);
  g_assert_cmpstr (unmoved, ==, moved->str);
  g_assert_cmpint (qk_plan_get_verdict (moved_plan, 0, &reason), ==, QK_VERDICT_SKIPPED);
}

static void
test_restore_bad (void)
{
  static const char *const bad[] = {"", "{", "{}x", "\xff"};

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_assert_null (qk_change_new_restore (bytes, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/resend-failed", test_resend_failed);
  g_test_add_func ("/plan/resend-without-metadata", test_resend_without_metadata);
  g_test_add_func ("/plan/resend-indented", test_resend_indented);
  g_test_add_func ("/plan/resend-flat", test_resend_flat);
  g_test_add_func ("/plan/resend-delivered", test_resend_delivered);
  g_test_add_func ("/plan/resend-twice", test_resend_twice);
  g_test_add_func ("/plan/resend-stuck", test_resend_stuck);
  g_test_add_func ("/plan/resend-skipped", test_resend_skipped);
  g_test_add_func ("/plan/duplicate-keys", test_duplicate_keys);
  g_test_add_func ("/plan/duplicate-ids", test_duplicate_ids);
  g_test_add_func ("/plan/nothing", test_nothing);
  g_test_add_func ("/plan/purge", test_purge);
  g_test_add_func ("/plan/purge-moved-on", test_purge_moved_on);
  g_test_add_func ("/plan/send", test_send);
  g_test_add_func ("/plan/send-indented", test_send_indented);
  g_test_add_func ("/plan/broadcast", test_broadcast);
  g_test_add_func ("/plan/redirect", test_redirect);
  g_test_add_func ("/plan/priority", test_priority);
  g_test_add_func ("/plan/edit/waiting", test_edit_waiting);
  g_test_add_func ("/plan/edit/failed", test_edit_failed);
  g_test_add_func ("/plan/edit/nothing", test_edit_nothing);
  g_test_add_func ("/plan/edit/delivered", test_edit_delivered);
  g_test_add_func ("/plan/edit/moved-on", test_edit_moved_on);
  g_test_add_func ("/plan/edit/stuck", test_edit_stuck);
  g_test_add_func ("/plan/edit/poisoned", test_edit_poisoned);
  g_test_add_func ("/plan/twice", test_twice);
  g_test_add_func ("/plan/restore-purged", test_restore_purged);
  g_test_add_func ("/plan/restore-changed", test_restore_changed);
  g_test_add_func ("/plan/restore-bad", test_restore_bad);
  return g_test_run ();
}
