#include "qk-document.h"
#include "qk-filter.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

/* 2026-01-08T12:00:00 */
static gint64 now;

static QkDocument *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static gboolean
finds (const char *entry, const char *words)
{
  g_autofree char *text = g_strdup_printf ("[%s]", entry);
  g_autoptr (QkDocument) document = read_text (text);
  g_autoptr (QkSearch) search = qk_search_new (words);

  return qk_search_matches (search, qk_document_get_entry (document, 0));
}

static gboolean
finds_in_content (const char *content, const char *words)
{
  g_autofree char *entry = g_strdup_printf ("{\"message\":{\"content\":\"%s\"}}", content);

  return finds (entry, words);
}

static const struct {
  const char *content; /* as it stands in JSON */
  const char *words;
  gboolean found;
} contents[] = {
    {"Timeout after 30 s", "timeout", TRUE},
    {"Timeout after 30 s", "TIMEOUT", TRUE},
    {"Timeout after 30 s", "30 timeout", TRUE},
    {"Timeout after 30 s", "30 timeouts", FALSE},
    {"Timeout after 30 s", "  \t ", TRUE},
    {"", "a", FALSE},
    {"", "", TRUE},
    {"s", "s", TRUE},
    {"xs", "S", TRUE},
    /* What looks like the word is an escape. */
    {"one\\now", "now", FALSE},
    {"one\\nnow", "now", TRUE},
    {"a\\\\nb", "nb", TRUE},
    {"a\\\\nb", "\\nb", TRUE},
    {"a\\nb", "\\nb", FALSE},
    {"x\\u00e9y", "00e9", FALSE},
    {"x\\u00e9y", "u00e9", FALSE},
    {"x\\u00e9y", "e9y", FALSE},
    {"x\\u00e9e9y", "e9y", TRUE},
    {"x\\\\u00e9y", "00e9", TRUE},
    {"\\ud83d\\udea8end", "a8end", FALSE},
    {"\\ud83d\\udea8end", "end", TRUE},
    {"e\\bb", "bb", FALSE},
    /* What is the word is spelled otherwise. */
    {"\\u0074imeout", "timeout", TRUE},
    {"time\\u006Fut", "TIMEOUT", TRUE},
    {"path\\/to\\/it", "path/to", TRUE},
    {"path/to/it", "path/to", TRUE},
    {"say \\\"hi\\\"", "\"hi\"", TRUE},
    {"say hi", "\"hi\"", FALSE},
    {"nul \\u0000 here", "\342\220\200", TRUE},
    /* Beyond ASCII. */
    {"Caf\303\251", "caf\303\211", TRUE},
    {"Caf\\u00e9", "caf\303\211", TRUE},
    {"Caf\\u00C9", "caf\303\251", TRUE},
    {"Cafe", "caf\303\251", FALSE},
    {"Stra\303\237e", "STRASSE", TRUE},
    {"STRASSE", "stra\303\237e", TRUE},
    {"Stra\\u00dfe", "strasse", TRUE},
    {"\342\204\252elvin", "kelvin", TRUE},
    {"\357\254\201le", "file", TRUE},
    {"\316\243\316\217\316\243", "\317\203\317\216\317\202", TRUE},
    {"\320\237\320\240\320\230", "\320\277\321\200\320\270", TRUE},
    {"alarm \360\237\232\250 now", "\360\237\232\250", TRUE},
    {"alarm \\ud83d\\udea8 now", "\360\237\232\250", TRUE},
    {"alarm \\uD83D\\uDEA8 now", "\360\237\232\250 ALARM", TRUE},
    {"alarm \360\237\232\251 now", "\360\237\232\250", FALSE},
    {"\327\251\327\234\327\225\327\235 abc", "\327\234\327\225", TRUE},
    {"a\342\200\256b", "ab", FALSE},
    {"a\342\200\256b", "a\342\200\256b", TRUE},
    /* Half a character reads as U+FFFD, and is no obstacle. */
    {"half \\ud83d here", "here", TRUE},
    {"half \\ud83d here", "\357\277\275", TRUE},
    {"half \\ud83dhere", "83dhere", FALSE},
    {"\\ud83d", "\360\237\232\250", FALSE},
};

static void
test_contents (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_test_message ("“%s” in “%s”", contents[i].words, contents[i].content);
      g_assert_cmpint (finds_in_content (contents[i].content, contents[i].words), ==,
                       contents[i].found);
    }
}

static const struct {
  const char *entry;
  const char *words;
  gboolean found;
} entries[] = {
    {"{\"queue_id\":\"F2E39b74\"}", "f2e39B", TRUE},
    {"{\"queue_id\":17}", "17", TRUE},
    {"{\"queue_id\":null}", "null", FALSE},
    {"{\"message\":{\"sender\":\"CAPTAIN\"}}", "captain", TRUE},
    {"{\"message\":{\"from\":\"CAPTAIN\"}}", "captain", TRUE},
    {"{\"message\":{\"recipient\":\"Agent-7\"}}", "agent-7", TRUE},
    {"{\"message\":{\"recipient\":\"Agent-7\",\"sender\":\"CAPTAIN\"}}", "agent captain", TRUE},
    {"{\"message\":{\"recipient\":\"Agent-7\",\"sender\":\"CAPTAIN\"}}", "agent-7captain", FALSE},
    {"{\"message\":\"bare words\"}", "WORDS", TRUE},
    {"{\"id\":\"1\",\"content\":\"flat\",\"recipient\":\"x\"}", "flat x 1", TRUE},
    {"{\"metadata\":{\"last_error\":\"Target lost\"}}", "lost", TRUE},
    {"{\"metadata\":{\"last_error\":\"Target lost\"}}", "last_error", FALSE},
    {"{\"metadata\":{\"last_error\":{\"code\":\"E17\"}}}", "e17", TRUE},
    {"{\"metadata\":\"lost\"}", "lost", FALSE},
    {"{\"message\":{\"content\":[\"deep\",\"list\"]}}", "deep", TRUE},
    {"{\"message\":{\"content\":null}}", "null", FALSE},
    {"{\"message\":{\"tags\":[\"tagged\"]}}", "tagged", FALSE},
    {"{}", "a", FALSE},
    {"17", "17", FALSE},
    {"\"text\"", "text", FALSE},
    {"null", "", TRUE},
};

static void
test_entries (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_test_message ("“%s” in %s", entries[i].words, entries[i].entry);
      g_assert_cmpint (finds (entries[i].entry, entries[i].words), ==, entries[i].found);
    }
}

/* Each letter that folds to one in ASCII is found by that, however it is spelled. */
static void
test_folds (void)
{
  guint n_found = 0;

  for (gunichar c = 0x80; c < 0x20000; c++)
    {
      char text[7] = {0};
      g_autofree char *fold = NULL, *own = NULL;

      if (c >= 0xd800 && c < 0xe000)
        continue;
      g_unichar_to_utf8 (c, text);
      fold = g_utf8_casefold (text, -1);
      own = qk_text_fold_case (text);
      g_assert_cmpstr (own, ==, fold);
      for (const char *p = fold; *p != '\0'; p++)
        if (g_ascii_isalpha (*p))
          {
            g_autofree char *word = g_strndup (p, 1);
            g_autofree char *escape = g_strdup_printf ("- \\u%04x -", c);

            g_assert_cmpuint (c, <, 0x10000);
            g_assert_true (finds_in_content (text, word));
            g_assert_true (finds_in_content (escape, word));
            n_found++;
          }
    }
  g_assert_cmpuint (n_found, >, 10);
}

static const char *const pieces[] = {
    "a",
    "b",
    "n",
    "u",
    "00e9",
    "S",
    "s",
    "\\n",
    "\\\\",
    "\\/",
    "\\u00e9",
    "\\u0061",
    "\\u00DF",
    "\303\237",
    "\303\211",
    "\\\"",
    "\\ud83d",
    "/",
    "\\ude00",
    "K",
    "\342\204\252",
    "\360\237\232\250",
    " ",
    "\\t",
    "\\u017f",
};

/* Whatever the spelling, the answer is that of the decoded and folded text. */
static void
test_spellings (void)
{
  guint n_found = 0;

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) json = g_string_new ("\"");
      g_autofree char *text = NULL, *folded = NULL, *word = NULL, *folded_word = NULL;
      int n = g_test_rand_int_range (1, 12);
      glong start, length, end;
      gboolean expected, found;

      for (int i = 0; i < n; i++)
        g_string_append (json, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      g_string_append_c (json, '"');
      text = qk_json_decode (json->str, json->len, NULL);
      folded = g_utf8_casefold (text, -1);
      /* A word from the text as it is spelled, or as it reads: found or not. */
      if (g_test_rand_bit ())
        word = g_strndup (json->str + 1, json->len - 2);
      else
        word = g_strdup (text);
      length = g_utf8_strlen (word, -1);
      start = g_test_rand_int_range (0, (int) length);
      end = g_test_rand_int_range ((int) start, (int) MIN (length, start + 4) + 1);
      folded_word = g_utf8_substring (word, start, end);
      g_free (word);
      word = g_steal_pointer (&folded_word);
      if (strpbrk (word, " \t\n") != NULL)
        continue;
      folded_word = g_utf8_casefold (word, -1);
      expected = strstr (folded, folded_word) != NULL;
      g_string_erase (json, 0, 1);
      g_string_truncate (json, json->len - 1);
      found = finds_in_content (json->str, word);
      if (found != expected)
        g_test_message ("“%s” in “%s”", word, json->str);
      g_assert_cmpint (found, ==, expected);
      n_found += found;
    }
  g_assert_cmpuint (n_found, >, 1000);
}

static const struct {
  const char *words;
  const char *text;
  const char *ranges;
} highlights[] = {
    {"out", "Timeout, OUT", "4-7 9-12"},
    {"e t", "tee", "0-1 1-2 2-3"},
    {"\303\251", "\303\211t\303\251", "0-2 3-5"},
    {"ss", "Stra\303\237e", "4-6"},
    {"s", "\303\237", "0-2 0-2"},
    {"aa", "aaaa", "0-2 2-4"},
    {"\360\237\232\250", "a\360\237\232\250b", "1-5"},
    {"x", "tee", ""},
    {"", "tee", ""},
};

static void
test_highlights (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (highlights); i++)
    {
      g_autoptr (QkSearch) search = qk_search_new (highlights[i].words);
      g_autoptr (GArray) ranges = qk_search_find_all (search, highlights[i].text);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint r = 0; r < ranges->len; r++)
        {
          QkSearchRange range = g_array_index (ranges, QkSearchRange, r);

          g_string_append_printf (text, "%s%u-%u", r > 0 ? " " : "", range.start, range.end);
        }
      g_assert_cmpstr (text->str, ==, highlights[i].ranges);
    }
}

static const struct {
  const char *error;
  const char *class;
} errors[] = {
    {"timeout after 30 s", "timeout after # s"},
    {"timeout after 31.5 s", "timeout after # s"},
    {"delivery_failed_after_3_attempts", "delivery_failed_after_#_attempts"},
    {"cannot open /home/a/b.json: denied", "cannot open <path>: denied"},
    {"cannot open 'C:\\Users\\x\\q.json'", "cannot open '<path>'"},
    {"no such file: ~/q/queue.json", "no such file: <path>"},
    {"./a/b failed", "<path> failed"},
    {"either/or", "either/or"},
    {"a / b", "a / b"},
    {"id f2e39b74-4b3e-49f5-8d2b-0123456789ab gone", "id <id> gone"},
    {"id F2E39B74 gone", "id <id> gone"},
    {"deadbeef defaced", "deadbeef defaced"},
    {"at 2026-01-08 19:07:55", "at #-#-# #:#:#"},
    {"fault at 0x7fffA1", "fault at #"},
    {"[WinError 32] in use", "[WinError #] in use"},
    {"Agent-7 not found", "Agent-# not found"},
    {"  two \t words \nsecond line", "two words"},
    {"Traceback (most recent call last):\n  File \"x.py\", line 3\nValueError: bad 7\n",
     "ValueError: bad #"},
    {"<b>&amp;</b>", "<b>&amp;</b>"},
    {"na\303\257ve 5\342\202\254", "na\303\257ve #\342\202\254"},
    {"", ""},
    {" \n ", ""},
};

static void
test_errors (void)
{
  g_autoptr (GString) endless = g_string_new (NULL);
  g_autofree char *class = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *text = qk_error_dup_class (errors[i].error);

      g_assert_cmpstr (text, ==, errors[i].class);
    }
  for (guint i = 0; i < 1000; i++)
    g_string_append (endless, "\303\251");
  class = qk_error_dup_class (endless->str);
  g_assert_cmpint (g_utf8_strlen (class, -1), ==, 160);
  g_assert_true (g_utf8_validate (class, -1, NULL));
}

static const char queue[] =
    "[{\"queue_id\":\"0\",\"status\":\"FAILED\",\"priority_score\":1.0,\"created_at\":"
    "\"2026-01-08T11:59:30\",\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-1\","
    "\"content\":\"alpha\",\"message_type\":\"broadcast\",\"tags\":[\"a\",\"b\",\"a\"]},\"metadata\":"
    "{\"last_error\":\"timeout after 30 s\"}},"
    "{\"queue_id\":\"1\",\"status\":\"FAILED\",\"priority_score\":0.5,\"created_at\":"
    "\"2026-01-08T10:30:00\",\"message\":{\"sender\":\"CAPT\\u0041IN\",\"recipient\":\"Agent-2\","
    "\"content\":\"beta\",\"message_type\":\"text\",\"tags\":[\"b\",7,[1]]},\"metadata\":"
    "{\"last_error\":\"timeout after 31 s\"}},"
    "{\"queue_id\":\"2\",\"status\":\"PENDING\",\"priority_score\":0.5,\"created_at\":"
    "\"2025-01-08T10:30:00\",\"message\":{\"sender\":\"Agent-3\",\"recipient\":\"Agent-1\","
    "\"content\":\"alpha beta\",\"tags\":\"a\"},\"metadata\":{\"last_error\":null}},"
    "{\"queue_id\":\"3\",\"status\":\"odd\",\"message\":{\"content\":\"gamma\",\"tags\":[]}}]";

static const struct {
  const char *text;
  QkFacet facet[3];
  const char *value[3];
  const char *ids;
} filters[] = {
    {"", {0}, {NULL}, "0 1 2 3"},
    {"alpha", {0}, {NULL}, "0 2"},
    {"", {QK_FACET_STATUS}, {"FAILED"}, "0 1"},
    {"", {QK_FACET_STATUS, QK_FACET_STATUS}, {"PENDING", "UNKNOWN"}, "2 3"},
    {"", {QK_FACET_SENDER}, {"CAPTAIN"}, "0 1"},
    {"", {QK_FACET_SENDER}, {""}, "3"},
    {"", {QK_FACET_RECIPIENT}, {"Agent-1"}, "0 2"},
    {"", {QK_FACET_TYPE}, {"text"}, "1"},
    {"", {QK_FACET_TYPE}, {""}, "2 3"},
    {"", {QK_FACET_TAG}, {"a"}, "0"},
    {"", {QK_FACET_TAG}, {"7"}, "1"},
    {"", {QK_FACET_TAG, QK_FACET_TAG}, {"a", "b"}, "0 1"},
    {"", {QK_FACET_PRIORITY}, {"0.5"}, "1 2 3"},
    {"", {QK_FACET_AGE}, {"1m"}, "0"},
    {"", {QK_FACET_AGE, QK_FACET_AGE}, {"1d", "old"}, "1 2"},
    {"", {QK_FACET_AGE}, {""}, "3"},
    {"", {QK_FACET_ERROR}, {"timeout after # s"}, "0 1"},
    {"beta", {QK_FACET_ERROR}, {"timeout after # s"}, "1"},
    {"", {QK_FACET_SENDER, QK_FACET_TAG, QK_FACET_TYPE}, {"CAPTAIN", "b", "broadcast"}, "0"},
    {"", {QK_FACET_SENDER, QK_FACET_STATUS}, {"CAPTAIN", "PENDING"}, ""},
};

static void
test_filters (void)
{
  g_autoptr (QkDocument) document = read_text (queue);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (QkFilter) empty = qk_filter_new ();
      g_autoptr (QkFilter) filter = qk_filter_with_text (empty, filters[i].text);
      g_autoptr (GString) ids = g_string_new (NULL);

      for (guint v = 0; v < 3 && filters[i].value[v] != NULL; v++)
        {
          QkFilter *next = qk_filter_with_value (filter, filters[i].facet[v], filters[i].value[v]);

          qk_filter_unref (filter);
          filter = next;
        }
      for (guint e = 0; e < 4; e++)
        if (qk_filter_matches (filter, qk_document_get_entry (document, e), now))
          g_string_append_printf (ids, "%s%u", ids->len > 0 ? " " : "", e);
      g_test_message ("%u", i);
      g_assert_cmpstr (ids->str, ==, filters[i].ids);
    }
}

static void
test_alter (void)
{
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) text = qk_filter_with_text (empty, "a  b");
  g_autoptr (QkFilter) same = qk_filter_with_text (empty, "A b ");
  g_autoptr (QkFilter) tagged = qk_filter_with_value (text, QK_FACET_TAG, "x");
  g_autoptr (QkFilter) twice = qk_filter_with_value (tagged, QK_FACET_TAG, "x");
  g_autoptr (QkFilter) without = qk_filter_without_value (twice, QK_FACET_TAG, "x");

  g_assert_true (qk_filter_is_empty (empty));
  g_assert_false (qk_filter_is_empty (text));
  g_assert_true (qk_filter_equal (text, same));
  g_assert_false (qk_filter_equal (text, empty));
  g_assert_false (qk_filter_equal (text, tagged));
  g_assert_false (qk_filter_has_facets (text));
  g_assert_true (qk_filter_has_facets (tagged));
  g_assert_cmpuint (g_strv_length ((char **) qk_filter_get_values (twice, QK_FACET_TAG)), ==, 1);
  g_assert_true (qk_filter_equal (without, text));
}

static const struct {
  QkFacet facet;
  const char *counts;
} counts[] = {
    {QK_FACET_STATUS, "FAILED 2, PENDING 1, UNKNOWN 1"},
    {QK_FACET_SENDER, "CAPTAIN 2, Agent-3 1,  1"},
    {QK_FACET_RECIPIENT, "Agent-1 2, Agent-2 1,  1"},
    {QK_FACET_TYPE, " 2, broadcast 1, text 1"},
    {QK_FACET_TAG, "b 2, 7 1, [1] 1, a 1"},
    {QK_FACET_PRIORITY, "0.5 3, 1.0 1"},
    {QK_FACET_AGE, "1m 1, 1d 1, old 1,  1"},
    {QK_FACET_ERROR, "timeout after # s 2"},
};

static void
test_counts (void)
{
  g_autoptr (QkDocument) document = read_text (queue);

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GPtrArray) found = qk_facet_count (counts[i].facet, document, now);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint c = 0; c < found->len; c++)
        {
          const QkFacetCount *count = found->pdata[c];

          g_string_append_printf (text, "%s%s %u", c > 0 ? ", " : "", count->value,
                                  count->n_entries);
        }
      g_assert_cmpstr (text->str, ==, counts[i].counts);
    }
}

static void
test_age (void)
{
  g_autoptr (QkDocument) document = read_text (queue);
  g_autoptr (QkFilter) empty = qk_filter_new ();
  g_autoptr (QkFilter) young = qk_filter_with_value (empty, QK_FACET_AGE, "1m");
  const QkEntry *entry = qk_document_get_entry (document, 0);

  g_assert_false (qk_filter_has_aged (young, entry, now, now + 29 * G_USEC_PER_SEC));
  g_assert_true (qk_filter_has_aged (young, entry, now, now + 30 * G_USEC_PER_SEC));
  g_assert_false (qk_filter_has_aged (empty, entry, now, now + 30 * G_USEC_PER_SEC));
  g_assert_false (qk_filter_matches (young, entry, now + 30 * G_USEC_PER_SEC));
  /* From the future, as a clock that was put right makes it. */
  g_assert_cmpstr (qk_age_get_value (now + G_USEC_PER_SEC, now), ==, "1m");
}

static void
test_labels (void)
{
  static const struct {
    QkFacet facet;
    const char *value;
    const char *label;
  } labels[] = {
      {QK_FACET_STATUS, "FAILED", "Failed"}, {QK_FACET_AGE, "5m", "1 to 5 min"},
      {QK_FACET_SENDER, "", "none"},         {QK_FACET_SENDER, "a\342\200\256b\n", "a⟨U+202E⟩b␊"},
      {QK_FACET_ERROR, "<b># s", "<b># s"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *label = qk_facet_dup_value_label (labels[i].facet, labels[i].value);

      g_assert_cmpstr (label, ==, labels[i].label);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  now = qk_wall_parse ("2026-01-08T12:00:00", 19, NULL);
  g_test_add_func ("/filter/contents", test_contents);
  g_test_add_func ("/filter/entries", test_entries);
  g_test_add_func ("/filter/folds", test_folds);
  g_test_add_func ("/filter/spellings", test_spellings);
  g_test_add_func ("/filter/highlights", test_highlights);
  g_test_add_func ("/filter/errors", test_errors);
  g_test_add_func ("/filter/filters", test_filters);
  g_test_add_func ("/filter/alter", test_alter);
  g_test_add_func ("/filter/counts", test_counts);
  g_test_add_func ("/filter/age", test_age);
  g_test_add_func ("/filter/labels", test_labels);
  return g_test_run ();
}
