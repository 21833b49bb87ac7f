#include "qk-message-export.h"

#include "qk-text.h"

#include <string.h>

/* Exports of contents that try to be something else than text. */

static QkDocument *
load (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static char *export(const char *queue, QkMessageFormat format)
{
  g_autoptr (QkDocument) document = load (queue);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    g_ptr_array_add (entries, (gpointer) qk_document_get_entry (document, i));
  bytes = qk_message_export (entries, format);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* A queue of one message with this content and error. */
static char *
queue_of (const char *content, const char *error)
{
  g_autoptr (GString) json = g_string_new ("[{\"message\":{\"sender\":\"a\",\"content\":");

  qk_json_append_quoted (json, content);
  g_string_append (json, "},\"queue_id\":\"i\",\"metadata\":{\"last_error\":");
  qk_json_append_quoted (json, error);
  g_string_append (json, "}}]");
  return g_strdup (json->str);
}

static char *
export_content (const char *content, const char *error, QkMessageFormat format)
{
  g_autofree char *queue = queue_of (content, error);

  return export(queue, format);
}

/* Byte for byte, however it is spelled, and a queue again. */
static void
test_json (void)
{
  static const char odd[] =
      "{ \"queue_id\" : \"a\", \"n\":[1E+2,-0,0.10],\r\n\t\"x\":\"\\u00e4\\/\" }";
  static const char plain[] = "{\"queue_id\":\"b\",\"status\":\"PENDING\"}";
  g_autofree char *queue = g_strdup_printf ("{\"entries\":[%s , %s]}", odd, plain);
  g_autofree char *expected = g_strdup_printf ("[\n  %s,\n  %s\n]\n", odd, plain);
  g_autofree char *text = export(queue, QK_MESSAGE_FORMAT_JSON),
                  *again = export(text, QK_MESSAGE_FORMAT_JSON);
  g_autofree char *empty = export("[]", QK_MESSAGE_FORMAT_JSON);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (again, ==, expected);
  g_assert_cmpstr (empty, ==, "[]\n");
}

#define HEAD                                                                                       \
  "queue_id,status,priority,sender,recipient,type,tags,created,updated,attempts,last_error,content\r\n"

static void
test_csv_row (void)
{
  g_autofree char *text = export(
      "[{\"message\":{\"from\":\"x\",\"to\":\"so\",\"content\":\"one, \\\"two\\\"\\nthree\","
      "\"message_type\":\"text\",\"tags\":[\"a\",\"b;\"]},\"queue_id\":\"i1\",\"status\":\"FAILED\","
      "\"priority_score\":0.5,\"created_at\":\"2026-01-08T19:07:55\",\"delivery_attempts\":2}]",
      QK_MESSAGE_FORMAT_CSV);

  g_assert_cmpstr (text, ==,
                   HEAD "i1,FAILED,0.5,x,so,text,a; b;,2026-01-08T19:07:55,,2,,\"one, \"\"two\"\"\n"
                        "three\"\r\n");
}

static void
test_csv_hostile (void)
{
  static const struct {
    const char *content;
    const char *cell;
  } cases[] = {
      {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
      {"+1", "'+1"},
      {"-1+1", "'-1+1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "'\t=1"},
      {"\r=1", "␍=1"},
      {"\n=1", "\"'\n=1\""},
      {"\xef\xbc\x9d"
       "1",
       "'\xef\xbc\x9d"
       "1"},
      {"a=1", "a=1"},
      {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
      {" x", "\" x\""},
      {"a\xe2\x80\xae"
       "b\x1b[2J",
       "a⟨U+202E⟩b␛[2J"},
      {"", ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = export_content (cases[i].content, "e", QK_MESSAGE_FORMAT_CSV);
      g_autofree char *expected = g_strdup_printf (HEAD "i,,,a,,,,,,,e,%s\r\n", cases[i].cell);

      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_csv_error (void)
{
  g_autofree char *text = export_content ("c", "=1\n@2", QK_MESSAGE_FORMAT_CSV);

  g_assert_cmpstr (text, ==, HEAD "i,,,a,,,,,,,'=1␊@2,c\r\n");
}

/* Finds the fence; there is one, and it ends at the last line. */
static char *
get_fenced (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines), begin = 0, end = 0;
  g_autoptr (GString) content = g_string_new (NULL);
  g_autofree char *fence = NULL;

  for (guint i = 0; i < n && begin == 0; i++)
    if (g_str_has_prefix (lines[i], "```"))
      begin = i;
  g_assert_cmpuint (begin, >, 0);
  g_assert_true (g_str_has_suffix (lines[begin], "`text"));
  fence = g_strndup (lines[begin], strlen (lines[begin]) - strlen ("text"));
  for (end = begin + 1; end < n && !g_str_has_prefix (lines[end], fence); end++)
    g_string_append_printf (content, "%s\n", lines[end]);
  g_assert_cmpstr (lines[end], ==, fence);
  g_assert_cmpuint (end, ==, n - 2);
  return g_strdup (content->str);
}

static void
test_markdown_hostile (void)
{
  static const char *const contents[] = {
      "plain",
      "```\n# not a heading\n```",
      "`````` and ``` \n~~~~\n<script>alert(1)</script>",
      "# heading\n\n[link](javascript:1) ![x](http://example.com) &amp; <b>",
      "a\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *text = export_content (contents[i], "e", QK_MESSAGE_FORMAT_MARKDOWN);
      g_autofree char *fenced = get_fenced (text);
      g_autofree char *expected =
          g_strconcat (contents[i], g_str_has_suffix (contents[i], "\n") ? "" : "\n", NULL);

      g_assert_cmpstr (fenced, ==, expected);
    }
}

static void
test_markdown_spans (void)
{
  g_autofree char *text =
      export_content ("c\xe2\x80\xaex\x07", "``` <b>*x*</b>\n# y | `", QK_MESSAGE_FORMAT_MARKDOWN);

  g_assert_cmpstr (text, ==,
                   "# 1 message\n\n## 1. ` i `\n\n- From: ` a `\n"
                   "- Last error: ```` ``` <b>*x*</b>␊# y | ` ````\n\n```text\nc⟨U+202E⟩x␇\n```\n");
}

static void
test_markdown_missing (void)
{
  g_autofree char *text = export("[{\"queue_id\":null},{}]", QK_MESSAGE_FORMAT_MARKDOWN);

  g_assert_cmpstr (
      text, ==, "# 2 messages\n\n## 1. No id\n\n\nNo content.\n\n## 2. No id\n\n\nNo content.\n");
}

/* 20 KB of what has to be doubled, in all formats. */
static void
test_long (void)
{
  g_autofree char *content = g_strnfill (20000, '"'), *ticks = g_strnfill (20000, '`');
  g_autofree char *csv = export_content (content, "e", QK_MESSAGE_FORMAT_CSV);
  g_autofree char *markdown = export_content (ticks, "e", QK_MESSAGE_FORMAT_MARKDOWN);
  g_autofree char *json = export_content (content, "e", QK_MESSAGE_FORMAT_JSON);
  g_autofree char *queue = queue_of (content, "e"), *fenced = get_fenced (markdown);
  g_autofree char *entry = g_strndup (queue + 1, strlen (queue) - 2);

  g_assert_cmpuint (strlen (csv), ==, strlen (HEAD "i,,,a,,,,,,,e,\"\"\r\n") + 40000);
  g_assert_cmpuint (strlen (fenced), ==, 20001);
  g_assert_nonnull (strstr (json, entry));
}

static void
test_formats (void)
{
  QkMessageFormat format = QK_MESSAGE_FORMAT_CSV;

  g_assert_true (qk_message_format_guess ("/a.b/x.JSON", &format));
  g_assert_cmpint (format, ==, QK_MESSAGE_FORMAT_JSON);
  g_assert_true (qk_message_format_guess ("x.md", &format));
  g_assert_cmpint (format, ==, QK_MESSAGE_FORMAT_MARKDOWN);
  g_assert_false (qk_message_format_guess ("x.txt", &format));
  g_assert_false (qk_message_format_guess ("json", &format));
  g_assert_cmpint (format, ==, QK_MESSAGE_FORMAT_MARKDOWN);
  g_assert_true (qk_message_format_parse ("csv", &format));
  g_assert_cmpint (format, ==, QK_MESSAGE_FORMAT_CSV);
  g_assert_false (qk_message_format_parse ("CSV", &format));
  for (guint i = 0; i < QK_N_MESSAGE_FORMATS; i++)
    {
      g_assert_true (
          qk_message_format_parse (qk_message_format_get_name ((QkMessageFormat) i), &format));
      g_assert_cmpuint (format, ==, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-export/json", test_json);
  g_test_add_func ("/message-export/csv/row", test_csv_row);
  g_test_add_func ("/message-export/csv/hostile", test_csv_hostile);
  g_test_add_func ("/message-export/csv/error", test_csv_error);
  g_test_add_func ("/message-export/markdown/hostile", test_markdown_hostile);
  g_test_add_func ("/message-export/markdown/spans", test_markdown_spans);
  g_test_add_func ("/message-export/markdown/missing", test_markdown_missing);
  g_test_add_func ("/message-export/long", test_long);
  g_test_add_func ("/message-export/formats", test_formats);
  return g_test_run ();
}
