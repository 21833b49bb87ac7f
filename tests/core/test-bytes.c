#include "qk-test-util.h"
#include "qk-writer.h"

#include <string.h>

/* One message of a whole queue file is resent; every other byte of the file must stay. The text that
 * is expected is made from the one before with string functions alone. */

static const char *make_queue;

typedef struct {
  QkTestFolder folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_tear_down (&fixture->folder, NULL);
}

static char *
read_text (const char *path, gsize *length)
{
  g_autoptr (GBytes) bytes = qk_test_read (path);

  *length = g_bytes_get_size (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), *length);
}

/* Resends the first message that is FAILED. Returns its id. */
static char *
resend_first_failed (const char *path)
{
  QkWriter writer = {
      .platform = qk_platform_get_native (),
      .path = path,
      .policy = QK_RETRY_POLICY_DEFAULT,
  };
  g_autoptr (GBytes) bytes = qk_test_read (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, &error);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = NULL;
  guint i = 0;

  g_assert_no_error (error);
  while (qk_entry_get_status (qk_document_get_entry (document, i)) != QK_STATUS_FAILED)
    i++;
  g_ptr_array_add (changes, qk_change_new_resend (qk_document_get_entry (document, i), 60));
  result = qk_writer_save (&writer, changes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->changed->len, ==, 1);
  return g_strdup (g_ptr_array_index (result->changed, 0));
}

static char *
replace (const char *text, const char *pattern, const char *with)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, &error);
  char *result;

  g_assert_no_error (error);
  g_assert_true (g_regex_match (regex, text, 0, NULL));
  result = g_regex_replace (regex, text, -1, 0, with, 0, &error);
  g_assert_no_error (error);
  return result;
}

/* What stands in @text between @key, a colon and a quote, and the next quote. */
static char *
find_value (const char *text, const char *key)
{
  const char *start = strstr (text, key);

  g_assert_nonnull (start);
  start = strchr (strchr (start, ':'), '"') + 1;
  return g_strndup (start, strcspn (start, "\""));
}

/* From the id of a message to the end of its entry: the swarm writes the id after the message, and
 * the metadata last. */
static const char *
find_rest (const char *text, const char *id, gsize *length)
{
  const char *rest = strstr (text, id), *metadata;

  g_assert_nonnull (rest);
  metadata = strstr (rest, "\"metadata\"");
  *length = (gsize) (strchr (metadata, '}') + 1 - rest);
  return rest;
}

/* @lead is what stands before a new member of the metadata, its comma included. */
static void
assert_only_that_changed (const char *before, const char *after, const char *id, const char *lead)
{
  gsize length, new_length, start;
  const char *rest = find_rest (before, id, &length);
  const char *new_rest = find_rest (after, id, &new_length);
  g_autofree char *old = g_strndup (rest, length), *new = g_strndup (new_rest, new_length);
  g_autofree char *updated = find_value (new, "\"updated_at\"");
  g_autofree char *stamp = find_value (new, "\"resend_time\"");
  g_autofree char *with_updated = g_strdup_printf ("\\g<1>%s\"", updated);
  g_autofree char *colon = g_strdup (strstr (old, "\": ") != NULL ? ": " : ":");
  g_autofree char *with_added =
      g_strdup_printf ("\\g<1>%s\"resend_time\"%s\"%s\"\\g<2>", lead, colon, stamp);
  g_autofree char *a = replace (old, "(\"status\": ?\")FAILED\"", "\\g<1>PENDING\"");
  g_autofree char *b = replace (a, "(\"updated_at\": ?\")[^\"]*\"", with_updated);
  g_autofree char *c = replace (b, "(\"delivery_attempts\": ?)[0-9]+", "\\g<1>0");
  g_autofree char *d = replace (c, "\\s*\"last_retry_time\": ?\"[^\"]*\",", "");
  g_autofree char *e = replace (d, "\\s*\"next_retry_delay\": ?[0-9.]+,", "");
  g_autofree char *expected = replace (e, "(\")(\\s*})$", with_added);

  start = (gsize) (rest - before);
  g_assert_cmpstr (new, ==, expected);
  g_assert_cmpmem (before, start, after, (gsize) (new_rest - after));
  g_assert_cmpstr (rest + length, ==, new_rest + new_length);
}

static char *
make (Fixture *fixture, const char *option)
{
  const char *argv[] = {make_queue, "--write", fixture->folder.queue, "--entries", "376",
                        option,     NULL};
  gsize length;
  char *text;

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 0);
  text = read_text (fixture->folder.queue, &length);
  g_assert_cmpuint (length, >, 2000000);
  return text;
}

static void
test_compact (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = make (fixture, NULL), *after = NULL, *id = NULL;
  gsize length;

  id = resend_first_failed (fixture->folder.queue);
  after = read_text (fixture->folder.queue, &length);
  g_assert_cmpuint (strlen (after), ==, length);
  assert_only_that_changed (before, after, id, ",");
}

static void
test_indented_crlf (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make (fixture, "--indent"), *after = NULL, *id = NULL;
  g_autoptr (GString) before = g_string_new (text);
  gsize length;

  /* A raw line end is never part of a string. */
  g_string_replace (before, "\n", "\r\n", 0);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", before->str, -1));
  id = resend_first_failed (fixture->folder.queue);
  after = read_text (fixture->folder.queue, &length);
  assert_only_that_changed (before->str, after, id, ",\r\n      ");
}

/* What a parser would spell anew, drop or reject. */
static void
test_odd_values (Fixture *fixture, gconstpointer data)
{
  static const char *const odd[] = {"1e400",
                                    "-1E-400",
                                    "12345678901234567890",
                                    "0.1000",
                                    "-0",
                                    "1e22",
                                    "NaN",
                                    "-Infinity",
                                    "\"\\u00e9\\/\\ud83d\\ude80\\u0000\"",
                                    "\"\\ud800\"",
                                    "\"🚀 \xe2\x80\xae\"",
                                    "{\"a\":1,\"a\":2,\"\\u0061\":3}",
                                    "[ [ ] , { } ]",
                                    "{\"entries\":[{\"queue_id\":\"odd\"}]}",
                                    "true",
                                    "null"};
  const char *failed =
      "{\"k\":0,\"message\":{\"x\":[]},\"queue_id\":\"odd\",\"priority_score\":5e-1,\"status\":"
      "\"FAILED\",\"created_at\":\"\",\"updated_at\":\"\",\"metadata\":{\"delivery_attempts\":3,"
      "\"last_retry_time\":\"x\",\"next_retry_delay\":15.0,\"last_error\":\"e\"}}";
  g_autoptr (GString) before = g_string_new ("\n{ \"version\" : 1e400,\t\"entries\" : [ ");
  g_autofree char *after = NULL, *id = NULL;
  gsize length;

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    g_string_append_printf (before, "%s ,{\"queue_id\":\"%" G_GSIZE_FORMAT "\",\"odd\":%s},",
                            odd[i], i, odd[i]);
  g_string_append_printf (before, "%s,7],\"version\":2,\"pending_pushes\":[%s]}\r\n", failed,
                          odd[0]);
  g_free (qk_test_folder_write (&fixture->folder, "queue.json", before->str, -1));
  id = resend_first_failed (fixture->folder.queue);
  g_assert_cmpstr (id, ==, "odd");
  after = read_text (fixture->folder.queue, &length);
  assert_only_that_changed (strstr (before->str, "\"k\":0"), strstr (after, "\"k\":0"), id, ",");
  g_assert_cmpmem (before->str, (gsize) (strstr (before->str, "\"k\":0") - before->str), after,
                   (gsize) (strstr (after, "\"k\":0") - after));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_queue = g_getenv ("QK_MAKE_QUEUE");
  ADD ("/bytes/compact", test_compact);
  ADD ("/bytes/indented-crlf", test_indented_crlf);
  ADD ("/bytes/odd-values", test_odd_values);
  return g_test_run ();
}
