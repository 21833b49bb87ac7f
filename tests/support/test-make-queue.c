/* The generated queues: of the promised size, and the same every time. */

#include "qk-test-util.h"

#include <json-glib/json-glib.h>

static GBytes *
make (QkTestFolder *folder, const char *n_entries, const char *seed, const char *more)
{
  const char *argv[] = {g_getenv ("QK_MAKE_QUEUE"),
                        "--write",
                        folder->queue,
                        "--entries",
                        n_entries,
                        "--seed",
                        seed,
                        more,
                        NULL};
  g_autofree char *errors = NULL;

  g_assert_cmpint (qk_test_run (argv, NULL, &errors), ==, 0);
  g_assert_cmpstr (errors, ==, "");
  return qk_test_read (folder->queue);
}

static JsonNode *
parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                              (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static void
test_size (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GBytes) bytes = make (folder, "376", "1", NULL);
  g_autoptr (JsonNode) root = parse (bytes);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *entries = json_node_get_array (root);

  g_assert_cmpuint (g_bytes_get_size (bytes), >, 2050000);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 2150000);
  g_assert_cmpuint (json_array_get_length (entries), ==, 376);
  for (guint i = 0; i < 376; i++)
    g_hash_table_add (ids, (gpointer) json_object_get_string_member (
                               json_array_get_object_element (entries, i), "queue_id"));
  g_assert_cmpuint (g_hash_table_size (ids), ==, 376);
}

static void
test_repeatable (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GBytes) first = make (folder, "80", "3", NULL);
  g_autoptr (GBytes) second = make (folder, "80", "3", NULL);
  g_autoptr (GBytes) other = make (folder, "80", "4", NULL);

  g_assert_true (g_bytes_equal (first, second));
  g_assert_false (g_bytes_equal (first, other));
}

static void
test_indent (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GBytes) compact = make (folder, "50", "3", NULL);
  g_autoptr (GBytes) indented = make (folder, "50", "3", "--indent");
  g_autoptr (JsonNode) compact_root = parse (compact);
  g_autoptr (JsonNode) indented_root = parse (indented);
  const char *text = g_bytes_get_data (indented, NULL);

  g_assert_true (json_node_equal (compact_root, indented_root));
  g_assert_true (g_str_has_prefix (text, "[\n  {\n    \"message\": {\n      \"type\": "));
  g_assert_null (memchr (g_bytes_get_data (compact, NULL), '\n', g_bytes_get_size (compact)));
}

static void
test_none (QkTestFolder *folder, gconstpointer user_data)
{
  g_autoptr (GBytes) compact = make (folder, "0", "1", NULL);
  g_autoptr (GBytes) indented = make (folder, "0", "1", "--indent");

  g_assert_cmpmem (g_bytes_get_data (compact, NULL), g_bytes_get_size (compact), "[]", 2);
  g_assert_true (g_bytes_equal (compact, indented));
}

static void
test_usage (QkTestFolder *folder, gconstpointer user_data)
{
  const char *argv[] = {g_getenv ("QK_MAKE_QUEUE"), "--entries", "5", NULL};
  g_autofree char *errors = NULL;

  g_assert_cmpint (qk_test_run (argv, NULL, &errors), ==, 2);
  g_assert_nonnull (strstr (errors, "--write FILE"));
}

static void
add (const char *path, void (*test) (QkTestFolder *folder, gconstpointer user_data))
{
  g_test_add (path, QkTestFolder, NULL, qk_test_folder_set_up, test, qk_test_folder_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/make-queue/size", test_size);
  add ("/make-queue/repeatable", test_repeatable);
  add ("/make-queue/indent", test_indent);
  add ("/make-queue/none", test_none);
  add ("/make-queue/usage", test_usage);
  return g_test_run ();
}
