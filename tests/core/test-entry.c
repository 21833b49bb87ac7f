#include "qk-document.h"
#include "qk-entry-members.h"
#include "qk-summary.h"
#include "qk-time.h"

#include <string.h>

static QkDocument *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static void
assert_field (const QkEntry *entry, QkField field, const char *expected)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_all_fields (void)
{
  g_autoptr (QkDocument) document = read_text (
      "[{\"message\":{\"type\":\"agent_message\",\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-7\","
      "\"content\":\"Line\\none\",\"priority\":\"urgent\",\"message_type\":\"broadcast\",\"tags\":"
      "[\"system\"],\"metadata\":{\"stalled\":false}},\"queue_id\":\"id-1\",\"priority_score\":1.0,"
      "\"status\":\"FAILED\",\"created_at\":\"2025-12-13T06:02:46.325457\",\"updated_at\":"
      "\"2025-12-13T06:09:33\",\"metadata\":{\"delivery_attempts\":3,\"last_retry_time\":"
      "\"2025-12-13T06:09:00\",\"next_retry_delay\":15.0,\"last_error\":\"no window\","
      "\"retry_count\":2},\"delivery_attempts\":1}]");
  const QkEntry *entry = qk_document_get_entry (document, 0);

  assert_field (entry, QK_FIELD_ID, "id-1");
  assert_field (entry, QK_FIELD_SENDER, "CAPTAIN");
  assert_field (entry, QK_FIELD_RECIPIENT, "Agent-7");
  assert_field (entry, QK_FIELD_CONTENT, "Line\none");
  assert_field (entry, QK_FIELD_MESSAGE_TYPE, "broadcast");
  assert_field (entry, QK_FIELD_TAGS, "[\"system\"]");
  assert_field (entry, QK_FIELD_LAST_ERROR, "no window");
  assert_field (entry, QK_FIELD_NEXT_RETRY_DELAY, "15.0");
  assert_field (entry, QK_FIELD_RESEND_TIME, NULL);
  g_assert_cmpint (qk_entry_get_status (entry), ==, QK_STATUS_FAILED);
  g_assert_cmpfloat (qk_entry_get_priority (entry), ==, 1.0);
  g_assert_cmpuint (qk_entry_get_attempts (entry), ==, 3);
  g_assert_cmpint (qk_entry_get_updated (entry) - qk_entry_get_created (entry), ==, 406674543);
  g_assert_cmpint (qk_entry_get_hazards (entry), ==, 0);
  g_assert_false (qk_entry_is_flat (entry));
  g_assert_true (qk_entry_has_id (entry, "id-1"));
  g_assert_false (qk_entry_has_id (entry, "id-2"));
}

static void
test_variants (void)
{
  g_autoptr (QkDocument) document = read_text (
      "[{\"message\":\"bare text\",\"queue_id\":\"b\",\"status\":\"PENDING\"},"
      "{\"message\":{\"from\":\"A\",\"to\":\"B\",\"content\":\"c\"},\"queue_id\":\"f\"},"
      "{\"message\":{\"from\":\"A\",\"to\":\"B\",\"sender\":\"S\",\"recipient\":\"R\"}},"
      "{\"id\":\"flat\",\"sender\":\"S\",\"recipient\":\"R\",\"content\":\"c\",\"status\":"
      "\"pending\",\"metadata\":{},\"created_at\":\"2026-01-01 10:00:00\"},"
      "{\"status\":\"pending\",\"message\":{},\"queue_id\":7},"
      "{\"status\":\"A\",\"status\":\"FAILED\",\"queue_id\":\"x\",\"queue\\u005fid\":\"y\"},"
      "3,null,\"text\",[1],{}]");
  const QkEntry *flat = qk_document_get_entry (document, 3);

  assert_field (qk_document_get_entry (document, 0), QK_FIELD_CONTENT, "bare text");
  assert_field (qk_document_get_entry (document, 0), QK_FIELD_RECIPIENT, NULL);
  assert_field (qk_document_get_entry (document, 1), QK_FIELD_SENDER, "A");
  assert_field (qk_document_get_entry (document, 1), QK_FIELD_RECIPIENT, "B");
  assert_field (qk_document_get_entry (document, 2), QK_FIELD_SENDER, "S");
  assert_field (qk_document_get_entry (document, 2), QK_FIELD_RECIPIENT, "R");
  g_assert_true (qk_entry_is_flat (flat));
  assert_field (flat, QK_FIELD_ID, "flat");
  assert_field (flat, QK_FIELD_CONTENT, "c");
  g_assert_cmpint (qk_entry_get_status (flat), ==, QK_STATUS_PENDING);
  g_assert_cmpint (qk_entry_get_status (qk_document_get_entry (document, 4)), ==,
                   QK_STATUS_UNKNOWN);
  assert_field (qk_document_get_entry (document, 4), QK_FIELD_ID, "7");
  g_assert_cmpint (qk_entry_get_status (qk_document_get_entry (document, 5)), ==, QK_STATUS_FAILED);
  g_assert_true (qk_entry_has_id (qk_document_get_entry (document, 5), "y"));
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 11);
  for (guint i = 6; i < 11; i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      assert_field (entry, QK_FIELD_ID, NULL);
      g_assert_cmpint (qk_entry_get_status (entry), ==, QK_STATUS_UNKNOWN);
      g_assert_cmpint (qk_entry_get_hazards (entry), ==, QK_HAZARD_INCOMPLETE);
    }
}

static void
test_hazards (void)
{
  static const struct {
    const char *members;
    int hazards;
  } cases[] = {
      {"\"priority_score\":0.5,\"created_at\":\"2026-01-01T10:00:00\"", 0},
      {"\"priority_score\":\"high\",\"created_at\":\"2026-01-01T10:00:00\"", QK_HAZARD_PRIORITY},
      {"\"priority_score\":NaN,\"created_at\":\"2026-01-01T10:00:00\"", QK_HAZARD_PRIORITY},
      {"\"priority_score\":1e400,\"created_at\":\"2026-01-01T10:00:00\"", QK_HAZARD_PRIORITY},
      {"\"priority_score\":0.5,\"created_at\":\"2026-01-01T10:00:00Z\"", QK_HAZARD_OFFSET},
      {"\"priority_score\":0.5,\"created_at\":\"\",\"metadata\":[]", QK_HAZARD_METADATA},
      {"\"priority_score\":0.5,\"created_at\":\"\",\"metadata\":null", QK_HAZARD_METADATA},
      {"\"priority_score\":0.5,\"created_at\":\"\\ud800\"", QK_HAZARD_SURROGATE},
      {"\"priority_score\":0.5,\"created_at\":\"\",\"x\":[NaN]", QK_HAZARD_NOT_FINITE},
      {"\"priority_score\":0.5,\"created_at\":\"NaN\",\"x\":1e308", 0},
      {"\"priority_score\":NaN,\"created_at\":\"\",\"x\":-1e400",
       QK_HAZARD_PRIORITY | QK_HAZARD_NOT_FINITE},
      {"\"priority_score\":0.5", QK_HAZARD_INCOMPLETE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("[{\"x\":NaN},{\"message\":{},\"queue_id\":\"x\",\"status\":\"PENDING\","
                           "\"updated_at\":\"\",%s}]",
                           cases[i].members);
      g_autoptr (QkDocument) document = read_text (text);

      g_test_message ("%s", text);
      g_assert_cmpint (qk_entry_get_hazards (qk_document_get_entry (document, 1)), ==,
                       cases[i].hazards);
    }
}

static void
test_excerpts (void)
{
  static const struct {
    const char *content;
    const char *excerpt;
  } cases[] = {
      {"", ""},
      {"Short text", "Short text"},
      {"\\n\\n  # **Title** of it\\nmore", "Title of it"},
      {"[HEADER] A2A\\nFrom: Agent-6\\nTo: Agent-4\\n\\n🚀 **PROPOSAL**: do\\nit", "🚀 PROPOSAL: do"},
      {"[note] no header\\nfollows here\\n\\nx", "[note] no header"},
      {"[only a header]", "[only a header]"},
      {"tab\\there", "tab␉here"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[{\"message\":\"%s\"}]", cases[i].content);
      g_autoptr (QkDocument) document = read_text (text);
      g_autofree char *excerpt = qk_entry_dup_excerpt (qk_document_get_entry (document, 0));

      g_assert_cmpstr (excerpt, ==, cases[i].excerpt);
    }
}

static void
test_stuck_and_retry (void)
{
  g_autoptr (QkDocument) document = read_text (
      "[{\"status\":\"PROCESSING\",\"updated_at\":\"2026-01-01T10:00:00\"},"
      "{\"status\":\"PROCESSING\"},"
      "{\"status\":\"PENDING\",\"updated_at\":\"2026-01-01T10:00:00\",\"metadata\":"
      "{\"last_retry_time\":\"2026-01-01T10:00:00\",\"next_retry_delay\":5}},"
      "{\"status\":\"PENDING\",\"metadata\":{\"last_retry_time\":null,\"next_retry_delay\":5}}]");
  gint64 start = qk_wall_parse ("2026-01-01T10:00:00", 19, NULL);
  const QkEntry *processing = qk_document_get_entry (document, 0);

  g_assert_false (qk_entry_is_stuck (processing, start + 60 * G_USEC_PER_SEC, 60));
  g_assert_true (qk_entry_is_stuck (processing, start + 60 * G_USEC_PER_SEC + 1, 60));
  g_assert_false (qk_entry_is_stuck (qk_document_get_entry (document, 1), G_MAXINT64, 60));
  g_assert_false (qk_entry_is_stuck (qk_document_get_entry (document, 2), G_MAXINT64 / 2, 60));
  g_assert_cmpint (qk_entry_get_retry_at (qk_document_get_entry (document, 2)), ==,
                   start + 5 * G_USEC_PER_SEC);
  g_assert_cmpint (qk_entry_get_retry_at (qk_document_get_entry (document, 3)), ==, QK_WALL_NONE);
}

static void
test_summary (void)
{
  g_autoptr (QkDocument) document = read_text (
      "[{\"message\":{\"recipient\":\"Agent-10\"},\"status\":\"PENDING\",\"created_at\":"
      "\"2026-01-01T10:00:05\"},"
      "{\"message\":{\"recipient\":\"Agent-2\"},\"status\":\"PENDING\",\"created_at\":"
      "\"2026-01-01T10:00:00\"},"
      "{\"message\":{\"recipient\":\"Agent-\\u0032\"},\"status\":\"PROCESSING\",\"updated_at\":"
      "\"2026-01-01T09:00:00\"},"
      "{\"message\":\"bare\",\"status\":\"SENT\"}]");
  gint64 now = qk_wall_parse ("2026-01-01T10:01:00", 19, NULL);
  g_autoptr (QkSummary) summary = qk_summary_new (document, now, 60);

  g_assert_cmpuint (summary->total, ==, 4);
  g_assert_cmpuint (summary->by_status[QK_STATUS_PENDING], ==, 2);
  g_assert_cmpuint (summary->by_status[QK_STATUS_UNKNOWN], ==, 1);
  g_assert_cmpuint (summary->stuck, ==, 1);
  g_assert_cmpuint (summary->hazards, ==, 4);
  g_assert_cmpint (now - summary->oldest_pending, ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (summary->agents->len, ==, 3);
  g_assert_cmpstr (((QkAgentCount *) g_ptr_array_index (summary->agents, 0))->name, ==, "Agent-2");
  g_assert_cmpuint (qk_summary_find_agent (summary, "Agent-2")->total, ==, 2);
  g_assert_cmpuint (qk_summary_find_agent (summary, "")->by_status[QK_STATUS_UNKNOWN], ==, 1);
  g_assert_null (qk_summary_find_agent (summary, "Agent-3"));
}

/* Another writer lays the file out anew: that is no new state. */
static void
test_state (void)
{
  g_autoptr (QkDocument) document =
      read_text ("[{\"status\":\"FAILED\",\"metadata\":{\"a\":1,\"b\":[true, \"x y\"]}},"
                 "{\"status\": \"FAILED\", \"metadata\": {\n\"a\": 1,\n\"b\": [true,\"x y\"]\n}},"
                 "{\"status\":\"FAILED\",\"metadata\":{\"a\":1,\"b\":[true, \"xy\"]}},"
                 "{\"status\":\"FAILED\",\"metadata\":{\"a\":11,\"b\":[true, \"x y\"]}}]");
  guint64 state = qk_entry_hash_state (qk_document_get_entry (document, 0));

  g_assert_cmpuint (qk_entry_hash_state (qk_document_get_entry (document, 1)), ==, state);
  g_assert_cmpuint (qk_entry_hash_state (qk_document_get_entry (document, 2)), !=, state);
  g_assert_cmpuint (qk_entry_hash_state (qk_document_get_entry (document, 3)), !=, state);
}

static void
assert_member (GPtrArray *members, guint index, const char *key, const char *value)
{
  const QkEntryMember *member;

  g_assert_cmpuint (index, <, members->len);
  member = members->pdata[index];
  g_assert_cmpstr (member->key, ==, key);
  g_assert_cmpstr (member->value, ==, value);
  g_assert_false (member->cut);
}

/* Known or not, nested or not, twice or not: what stands there is told. */
static void
test_members (void)
{
  g_autoptr (QkDocument) document =
      read_text ("[{\"message\":{\"content\":\"a\\nb\",\"metadata\":{\"x.y\":[1, {}]}},"
                 "\"q\\u00e4\":1.50,\"metadata\":{},\"n\":null,\"n\":\"\\ud83d\\ude00\"}]");
  gboolean all = FALSE;
  g_autoptr (GPtrArray) members = qk_entry_dup_members (qk_document_get_entry (document, 0), &all);

  g_assert_true (all);
  g_assert_cmpuint (members->len, ==, 6);
  assert_member (members, 0, "message.content", "a\nb");
  assert_member (members, 1, "message.metadata.x.y", "[1, {}]");
  assert_member (members, 2, "qä", "1.50");
  assert_member (members, 3, "metadata", "{}");
  assert_member (members, 4, "n", "null");
  assert_member (members, 5, "n", "😀");
}

/* However much there is. */
static void
test_members_bounds (void)
{
  GString *text = g_string_new ("[{\"deep\":");
  g_autofree char *json = NULL, *long_text = g_strnfill (5000, 'x');
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GPtrArray) members = NULL;
  const QkEntryMember *member;
  gboolean all = TRUE;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "{\"d\":");
  g_string_append (text, "1");
  for (guint i = 0; i < 100; i++)
    g_string_append (text, "}");
  for (guint i = 0; i < 3000; i++)
    g_string_append (many, "€");
  g_string_append_printf (text, ",\"s\":\"%s\",\"a\":[\"%s\"]", long_text, many->str);
  for (guint i = 0; i < QK_ENTRY_MEMBERS_MAX; i++)
    g_string_append_printf (text, ",\"k%u\":%u", i, i);
  g_string_append (text, "}]");
  json = g_string_free (text, FALSE);
  document = read_text (json);
  members = qk_entry_dup_members (qk_document_get_entry (document, 0), &all);

  g_assert_false (all);
  g_assert_cmpuint (members->len, ==, QK_ENTRY_MEMBERS_MAX);
  member = members->pdata[0];
  g_assert_true (g_str_has_prefix (member->key, "deep.d.d"));
  g_assert_true (g_str_has_prefix (member->value, "{\"d\":"));
  for (guint i = 1; i < 3; i++)
    {
      member = members->pdata[i];
      g_assert_true (member->cut);
      g_assert_cmpuint (strlen (member->value), <=, 4096);
      g_assert_cmpuint (strlen (member->value), >, 4090);
      g_assert_true (g_utf8_validate (member->value, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/all-fields", test_all_fields);
  g_test_add_func ("/entry/variants", test_variants);
  g_test_add_func ("/entry/hazards", test_hazards);
  g_test_add_func ("/entry/excerpts", test_excerpts);
  g_test_add_func ("/entry/stuck-and-retry", test_stuck_and_retry);
  g_test_add_func ("/entry/summary", test_summary);
  g_test_add_func ("/entry/state", test_state);
  g_test_add_func ("/entry/members", test_members);
  g_test_add_func ("/entry/members-bounds", test_members_bounds);
  return g_test_run ();
}
