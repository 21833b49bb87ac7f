#include "qk-document.h"
#include "qk-error-group.h"
#include "qk-query.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

/* Queries: their text form, what they let pass, and errors in groups. */

/* 2026-01-08T12:00:00 */
static gint64 now;

static const char queue[] =
    /* 0: failed today */
    "[{\"queue_id\":\"a\",\"status\":\"FAILED\",\"created_at\":\"2026-01-06T10:00:00\","
    "\"updated_at\":\"2026-01-08T00:00:00\",\"metadata\":{\"last_error\":\"timeout after 30 s\"},"
    "\"message\":{\"recipient\":\"Agent-1\",\"content\":\"one\"}},"
    /* 1: failed yesterday */
    "{\"queue_id\":\"b\",\"status\":\"FAILED\",\"created_at\":\"2026-01-07T10:00:00\","
    "\"updated_at\":\"2026-01-07T23:59:59\",\"metadata\":{\"last_error\":\"timeout after 31 s\"},"
    "\"message\":{\"recipient\":\"Agent-2\",\"content\":\"two\"}},"
    /* 2: stuck for six minutes */
    "{\"queue_id\":\"c\",\"status\":\"PROCESSING\",\"created_at\":\"2026-01-08T11:00:00\","
    "\"updated_at\":\"2026-01-08T11:54:00\",\"message\":{\"recipient\":\"Agent-1\"}},"
    /* 3: delivered after an error */
    "{\"queue_id\":\"d\",\"status\":\"DELIVERED\",\"created_at\":\"2026-01-01T11:00:00\","
    "\"updated_at\":\"2026-01-01T11:00:01\",\"metadata\":{\"last_error\":\"timeout after 1 s\"},"
    "\"message\":{\"recipient\":\"Agent-1\"}},"
    /* 4: failed long ago, without a recipient */
    "{\"queue_id\":\"e\",\"status\":\"FAILED\",\"created_at\":\"2026-01-05T10:00:00\","
    "\"updated_at\":\"2026-01-05T10:00:00\",\"metadata\":{\"last_error\":\"lost \\\"it\\\"\"},"
    "\"message\":{\"content\":\"three\"}}]";

static QkDocument *
read_queue (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (queue, strlen (queue));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static QkQuery *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  QkQuery *query = qk_query_parse (text, &error);

  g_assert_no_error (error);
  return query;
}

/* What is written differently and means the same has one text. */
static void
test_text (void)
{
  static const struct {
    const char *text;
    const char *canonical;
  } texts[] = {
      {"", ""},
      {"  \t ", ""},
      {"two  words", "two words"},
      {"IS:Failed", "is:failed"},
      {"is:all", ""},
      {"words status:failed is:stuck", "is:stuck status:FAILED words"},
      {"error:\"b c\" error:a", "error:a error:\"b c\""},
      {"agent:Agent-7 hide:DELIVERED", "agent:Agent-7 hide:delivered"},
      {"agent:\"\" sender:", "agent:\"\" sender:\"\""},
      {"\"status:x\"", "\"status:x\""},
      {"\"two words\"", "two words"},
      {"C:\\temp", "\"C:\\\\temp\""},
      {"10:30", "\"10:30\""},
      {"a\"b", "\"a\\\"b\""},
      {"error:\"\\u{202E}x\\n\\t\\\"\\\\\"", "error:\"\\u{202E}x\\n\\t\\\"\\\\\""},
      {"tag:\342\200\256x", "tag:\"\\u{202E}x\""},
      {"tag:Stra\303\237e", "tag:Stra\303\237e"},
      {"updated:today stuck:5m age:1h", "age:1h updated:today stuck:5m"},
      {"error:\"timeout after # s\"", "error:\"timeout after # s\""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QkQuery) query = parse (texts[i].text);
      g_autofree char *text = qk_query_to_text (query);
      g_autoptr (QkQuery) again = parse (text);
      g_autofree char *twice = qk_query_to_text (again);

      g_test_message ("%s", texts[i].text);
      g_assert_cmpstr (text, ==, texts[i].canonical);
      g_assert_cmpstr (twice, ==, text);
    }
}

/* Whatever stands in a queue comes back as it was, and its text shows all of it in one line. */
static void
test_hostile (void)
{
  static const char *const values[] = {
      "",
      " ",
      "\"",
      "\\",
      "\\\"",
      "a\"b\\c",
      "line\nbreak\r\n\ttab",
      "\001\033[31m\177",
      "\342\200\256right\342\200\254 to left\342\201\246",
      "zero\342\200\213width\357\273\277",
      "\342\200\250line\342\200\251paragraph",
      "status:FAILED",
      "u{202E}",
      "\\u{202E}",
      "<b>markup</b> &amp;",
      "e\314\201",
      "\360\237\232\250 urgent",
      "\360\237\217\263\357\270\217\342\200\215\360\237\214\210",
      "'single'",
      "%s%n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint facet = 0; facet < QK_N_FACETS; facet++)
      {
        g_autoptr (QkFilter) empty = qk_filter_new ();
        g_autoptr (QkFilter) filter = qk_filter_with_value (empty, (QkFacet) facet, values[i]);
        g_autoptr (QkQuery) query = qk_query_new (values[i], QK_FOCUS_FAILED, TRUE, filter);
        g_autofree char *text = qk_query_to_text (query);
        g_autofree char *shown = qk_text_reveal_line (text);
        g_autoptr (QkQuery) again = NULL;

        g_assert_true (g_utf8_validate (text, -1, NULL));
        /* Nothing in it had to be revealed. */
        g_assert_cmpstr (shown, ==, text);
        if (!qk_facet_accepts ((QkFacet) facet, values[i]))
          continue;
        again = parse (text);
        g_assert_cmpstr (qk_query_get_agent (again), ==, values[i]);
        g_assert_true (qk_filter_equal (qk_query_get_filter (again), filter));
        g_assert_cmpint (qk_query_get_focus (again), ==, QK_FOCUS_FAILED);
        g_assert_true (qk_query_get_hide_delivered (again));
      }
}

/* An error says what to write instead. */
static void
test_errors (void)
{
  static const struct {
    const char *text;
    int code;
    const char *says;
  } errors[] = {
      {"statsu:FAILED", QK_QUERY_ERROR_KEY, "“statsu:”"},
      {"http://x", QK_QUERY_ERROR_KEY, "quotation marks"},
      {"status:BROKEN", QK_QUERY_ERROR_VALUE, "PENDING"},
      {"status:\"\\u{202E}\"", QK_QUERY_ERROR_VALUE, "\"\\u{202E}\""},
      {"is:lost", QK_QUERY_ERROR_VALUE, "flagged"},
      {"hide:failed", QK_QUERY_ERROR_VALUE, "delivered"},
      {"age:3h", QK_QUERY_ERROR_VALUE, "1m, 5m, 1h, 1d, 7d, old"},
      {"updated:tomorrow", QK_QUERY_ERROR_VALUE, "today, yesterday"},
      {"stuck:", QK_QUERY_ERROR_VALUE, "5m"},
      {"is:failed is:stuck", QK_QUERY_ERROR_TWICE, "once"},
      {"agent:a agent:b", QK_QUERY_ERROR_TWICE, "once"},
      {"error:\"open", QK_QUERY_ERROR_QUOTE, "missing"},
      {"error:\"\\q\"", QK_QUERY_ERROR_QUOTE, "backslash"},
      {"error:\"\\", QK_QUERY_ERROR_QUOTE, "backslash"},
      {"error:\"\\u{D800}\"", QK_QUERY_ERROR_QUOTE, "backslash"},
      {"error:\"\\u{0}\"", QK_QUERY_ERROR_QUOTE, "backslash"},
      {"error:\"\\u{\"", QK_QUERY_ERROR_QUOTE, "backslash"},
      {"error:\377", QK_QUERY_ERROR_VALUE, "UTF-8"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%u", (guint) i);
      g_assert_null (qk_query_parse (errors[i].text, &error));
      g_assert_error (error, QK_QUERY_ERROR, errors[i].code);
      g_assert_nonnull (strstr (error->message, errors[i].says));
    }
}

static void
test_matches (void)
{
  static const struct {
    const char *text;
    const char *found;
  } queries[] = {
      {"", "01234"},
      {"hide:delivered", "0124"},
      {"hide:delivered status:DELIVERED", "3"},
      {"is:failed", "014"},
      {"is:stuck", "2"},
      {"is:processing", "2"},
      {"is:pending", ""},
      {"status:FAILED updated:today", "0"},
      {"status:FAILED updated:yesterday", "1"},
      {"updated:earlier", "34"},
      {"stuck:1m", "2"},
      {"stuck:5m", "2"},
      {"stuck:1h", ""},
      {"agent:Agent-1", "023"},
      {"agent:\"\"", "4"},
      {"agent:Agent-1 recipient:Agent-2", ""},
      {"error:\"timeout after # s\" hide:delivered", "01"},
      {"error:\"lost \\\"it\\\"\"", "4"},
      {"TWO", "1"},
  };
  g_autoptr (QkDocument) document = read_queue ();

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (QkQuery) query = parse (queries[i].text);
      g_autoptr (GArray) found = qk_query_find (query, document, now);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint f = 0; f < found->len; f++)
        g_string_append_printf (text, "%u", g_array_index (found, guint, f));
      g_test_message ("%s", queries[i].text);
      g_assert_cmpstr (text->str, ==, queries[i].found);
      g_assert_cmpuint (qk_query_count (query, document, now), ==, found->len);
    }
}

static void
test_time (void)
{
  g_autoptr (QkDocument) document = read_queue ();
  g_autoptr (QkQuery) today = parse ("updated:today");
  g_autoptr (QkQuery) stuck = parse ("stuck:1h");
  g_autoptr (QkQuery) words = parse ("status:FAILED words");
  QkFilter *filter = qk_query_get_filter (stuck);
  const QkEntry *entry = qk_document_get_entry (document, 2);

  g_assert_true (qk_query_is_timed (today));
  g_assert_true (qk_query_is_timed (stuck));
  g_assert_false (qk_query_is_timed (words));
  g_assert_false (qk_filter_has_aged (filter, entry, now, now + 54 * G_TIME_SPAN_MINUTE));
  g_assert_true (qk_filter_has_aged (filter, entry, now, now + 54 * G_TIME_SPAN_MINUTE + 1));
  filter = qk_query_get_filter (today);
  g_assert_false (qk_filter_has_aged (filter, entry, now, now + 12 * G_TIME_SPAN_HOUR - 1));
  g_assert_true (qk_filter_has_aged (filter, entry, now, now + 12 * G_TIME_SPAN_HOUR));
}

static void
test_groups (void)
{
  g_autoptr (QkDocument) document = read_queue ();
  g_autoptr (QkQuery) all = parse ("hide:delivered");
  g_autoptr (QkQuery) one = parse ("agent:Agent-2");
  g_autoptr (QkQuery) with = qk_query_with_error (all, "timeout after # s");
  g_autofree char *text = qk_query_to_text (with);
  g_autoptr (GPtrArray) groups = qk_error_groups_find (document, all, now);
  g_autoptr (GPtrArray) few = qk_error_groups_find (document, one, now);
  const QkErrorGroup *first = groups->pdata[0], *second = groups->pdata[1];

  g_assert_cmpuint (groups->len, ==, 2);
  g_assert_cmpstr (first->error_class, ==, "timeout after # s");
  g_assert_cmpuint (first->n_entries, ==, 2);
  g_assert_cmpuint (first->n_agents, ==, 2);
  g_assert_cmpint (first->oldest, ==, qk_wall_parse ("2026-01-06T10:00:00", 19, NULL));
  g_assert_cmpstr (second->error_class, ==, "lost \"it\"");
  g_assert_cmpuint (second->n_entries, ==, 1);
  g_assert_cmpuint (few->len, ==, 1);
  g_assert_cmpuint (((const QkErrorGroup *) few->pdata[0])->n_entries, ==, 1);
  g_assert_cmpstr (text, ==, "hide:delivered error:\"timeout after # s\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  now = qk_wall_parse ("2026-01-08T12:00:00", 19, NULL);
  g_test_add_func ("/query/text", test_text);
  g_test_add_func ("/query/hostile", test_hostile);
  g_test_add_func ("/query/errors", test_errors);
  g_test_add_func ("/query/matches", test_matches);
  g_test_add_func ("/query/time", test_time);
  g_test_add_func ("/query/groups", test_groups);
  return g_test_run ();
}
