#include "qk-document.h"

#include <string.h>

static QkDocument *
read_sized (const char *text, gsize length, QkDocument *previous, QkDiff **diff, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);

  return qk_document_new (bytes, previous, diff, error);
}

static QkDocument *
read_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  QkDocument *document = read_sized (text, strlen (text), NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static void
test_shapes (void)
{
  static const struct {
    const char *text;
    guint n_entries;
  } cases[] = {
      {"[]", 0},
      {" [ ] \n", 0},
      {"[1,2,3]", 3},
      {"{\"entries\":[1,2]}", 2},
      {"{\"pending_pushes\":[1]}", 1},
      {"{\"entries\":[1,2],\"pending_pushes\":[3]}", 2},
      {"{\"pending_pushes\":[3],\"entries\":[1,2]}", 2},
      {"{\"entries\":[1,2],\"entries\":[3]}", 1},
      {"{\"version\":{\"entries\":[9]},\"entries\":[],\"x\":[1]}", 0},
      {"{\"entries\":null,\"pending_pushes\":[3]}", 1},
      {"{\"\\u0065ntries\":[1,2]}", 2},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkDocument) document = read_text (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (qk_document_get_n_entries (document), ==, cases[i].n_entries);
    }
}

static void
test_damage (void)
{
  static const struct {
    const char *text;
    gsize length;
    int code;
    const char *problem;
  } cases[] = {
      {"", 0, QK_DOCUMENT_ERROR_EMPTY, "empty"},
      {" \n", 2, QK_DOCUMENT_ERROR_DAMAGED, "white space at byte 2 (line 2, column 1)"},
      {"hello", 5, QK_DOCUMENT_ERROR_DAMAGED, "neither a list nor an object at byte 0"},
      {"3", 1, QK_DOCUMENT_ERROR_DAMAGED, "neither a list"},
      {"{}", 2, QK_DOCUMENT_ERROR_DAMAGED, "without a list"},
      {"{\"entries\":{}}", 14, QK_DOCUMENT_ERROR_DAMAGED, "without a list"},
      {"[]x", 3, QK_DOCUMENT_ERROR_DAMAGED, "more text after the end of the queue at byte 2"},
      {"[1][2]", 6, QK_DOCUMENT_ERROR_DAMAGED, "more text after the end"},
      {"[1,2", 4, QK_DOCUMENT_ERROR_DAMAGED, "ends inside the list"},
      {"[1,]", 4, QK_DOCUMENT_ERROR_DAMAGED, "at byte 3"},
      {"[\n1,\n2 3]", 9, QK_DOCUMENT_ERROR_DAMAGED, "at byte 7 (line 3, column 3)"},
      {"\xef\xbb\xbf[]", 5, QK_DOCUMENT_ERROR_DAMAGED, "byte order mark"},
      {"[]\0\0\0", 5, QK_DOCUMENT_ERROR_DAMAGED, "more text after the end"},
      {"[\"\xff\"]", 5, QK_DOCUMENT_ERROR_DAMAGED, "not UTF-8"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_sized (cases[i].text, cases[i].length, NULL, NULL, &error));
      g_assert_error (error, QK_DOCUMENT_ERROR, cases[i].code);
      if (strstr (error->message, cases[i].problem) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].problem);
    }
}

static void
test_limits (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  GString *many = g_string_new ("[0");
  g_autoptr (GError) too_deep = NULL, too_many = NULL;

  g_assert_null (read_sized (deep, 1000000, NULL, NULL, &too_deep));
  g_assert_error (too_deep, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_DAMAGED);
  g_assert_nonnull (strstr (too_deep->message, "nested too deep"));
  for (guint i = 0; i < QK_DOCUMENT_MAX_ENTRIES; i++)
    g_string_append (many, ",0");
  g_string_append_c (many, ']');
  g_assert_null (read_sized (many->str, many->len, NULL, NULL, &too_many));
  g_assert_error (too_many, QK_DOCUMENT_ERROR, QK_DOCUMENT_ERROR_TOO_LARGE);
  g_string_free (many, TRUE);
}

static void
test_diff (void)
{
  g_autoptr (QkDocument) old = read_text (
      "[{\"queue_id\":\"a\"},{\"queue_id\":\"b\"},{\"queue_id\":\"c\"},{\"queue_id\":\"d\"}]");
  const char *text = "[{\"queue_id\":\"a\"},{\"queue_id\":\"n\"},{\"queue_id\":\"c\",\"x\":1},"
                     "{\"queue_id\":\"b\"},{\"queue_id\":\"d\"}]";
  g_autoptr (QkDiff) diff = NULL, same = NULL;
  g_autoptr (QkDocument) new = read_sized (text, strlen (text), old, &diff, NULL);
  g_autoptr (QkDocument) again = read_sized (text, strlen (text), new, &same, NULL);
  gboolean changed;

  g_assert_cmpuint (qk_diff_get_old_size (diff), ==, 4);
  g_assert_cmpuint (qk_diff_get_new_size (diff), ==, 5);
  g_assert_cmpuint (qk_diff_get_origin (diff, 0, &changed), ==, 0);
  g_assert_false (changed);
  g_assert_cmpuint (qk_diff_get_origin (diff, 1, &changed), ==, QK_DIFF_NEW);
  g_assert_cmpuint (qk_diff_get_origin (diff, 2, &changed), ==, 2);
  g_assert_true (changed);
  g_assert_cmpuint (qk_diff_get_origin (diff, 3, &changed), ==, 1);
  g_assert_false (changed);
  g_assert_cmpuint (qk_diff_get_origin (diff, 4, NULL), ==, 3);
  g_assert_false (qk_diff_is_empty (diff));
  g_assert_true (qk_diff_is_empty (same));
}

/* Another layout is no difference. */
static void
test_diff_of_spaces (void)
{
  g_autoptr (QkDocument) old = read_text ("[1,{\"id\":2},3,4]");
  g_autoptr (QkDocument) spread = NULL, moved = NULL;
  g_autoptr (QkDiff) diff = NULL, moved_diff = NULL;
  const char *text = "[1, {\"id\":2},\n3, 4]", *other = "[1, 3, {\"id\":2}, 4]";

  spread = read_sized (text, strlen (text), old, &diff, NULL);
  g_assert_true (qk_diff_is_empty (diff));
  moved = read_sized (other, strlen (other), old, &moved_diff, NULL);
  g_assert_false (qk_diff_is_empty (moved_diff));
}

/* One random entry; ids and texts repeat on purpose. */
static char *
random_entry (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      return g_strdup_printf ("%d", g_rand_int_range (rand, 0, 3));
    case 1:
      return g_strdup_printf ("{\"message\":\"[,]{\\\"\",\"queue_id\":\"%d\"}",
                              g_rand_int_range (rand, 0, 4));
    case 2:
      return g_strdup_printf ("{\"queue_id\":\"%d\",\"status\":\"FAILED\"}",
                              g_rand_int_range (rand, 0, 4));
    case 3:
      return g_strdup ("{\"entries\":[1]}");
    default:
      return g_strdup_printf ("{\"queue_id\" : \"%d\"}", g_rand_int_range (rand, 0, 100));
    }
}

static char *
join_entries (GPtrArray *entries, gboolean wrapped)
{
  GString *text = g_string_new (wrapped ? "{\"v\":[1],\"entries\":[" : "[");

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                            (char *) g_ptr_array_index (entries, i));
  g_string_append (text, wrapped ? "],\"pending_pushes\":[7]}" : "]");
  return g_string_free (text, FALSE);
}

static void
edit_randomly (GRand *rand, GPtrArray *entries)
{
  gint32 at = entries->len > 0 ? g_rand_int_range (rand, 0, (gint32) entries->len) : 0;

  switch (entries->len > 0 ? g_rand_int_range (rand, 0, 4) : 0)
    {
    case 0:
      g_ptr_array_add (entries, random_entry (rand));
      break;
    case 1:
      g_ptr_array_insert (entries, at, random_entry (rand));
      break;
    case 2:
      g_ptr_array_remove_index (entries, (guint) at);
      break;
    default:
      g_free (g_ptr_array_index (entries, at));
      g_ptr_array_index (entries, at) = random_entry (rand);
    }
}

/* No two entries have one origin; what is said to be unchanged is; what changed kept its id. */
static void
assert_diff_is_right (QkDiff *diff, QkDocument *old, QkDocument *new)
{
  g_autofree gboolean *seen = g_new0 (gboolean, qk_document_get_n_entries (old) + 1);

  g_assert_cmpuint (qk_diff_get_old_size (diff), ==, qk_document_get_n_entries (old));
  g_assert_cmpuint (qk_diff_get_new_size (diff), ==, qk_document_get_n_entries (new));
  for (guint i = 0; i < qk_document_get_n_entries (new); i++)
    {
      const QkEntry *entry = qk_document_get_entry (new, i), *before;
      gboolean changed;
      guint origin = qk_diff_get_origin (diff, i, &changed);

      if (origin == QK_DIFF_NEW)
        continue;
      g_assert_cmpuint (origin, <, qk_document_get_n_entries (old));
      g_assert_false (seen[origin]);
      seen[origin] = TRUE;
      before = qk_document_get_entry (old, origin);
      g_assert_true (qk_entry_same_json (before, entry) == !changed);
      g_assert_true (qk_entry_same_id (before, entry));
    }
}

static void
assert_same_document (QkDocument *a, QkDocument *b)
{
  g_assert_cmpuint (qk_document_get_n_entries (a), ==, qk_document_get_n_entries (b));
  g_assert_cmpuint (qk_document_get_list_start (a), ==, qk_document_get_list_start (b));
  for (guint i = 0; i < qk_document_get_n_entries (a); i++)
    {
      const QkEntry *x = qk_document_get_entry (a, i), *y = qk_document_get_entry (b, i);

      g_assert_true (qk_entry_same_json (x, y));
      g_assert_true (qk_entry_same_id (x, y));
      g_assert_cmpint (qk_entry_get_status (x), ==, qk_entry_get_status (y));
      g_assert_cmpint (qk_entry_get_hazards (x), ==, qk_entry_get_hazards (y));
    }
}

/* What is read beside an older version is what is read alone; damage, too. */
static void
test_reuse (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);

  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
      gboolean wrapped = g_rand_boolean (rand);
      g_autoptr (QkDocument) previous = NULL;

      for (guint step = 0; step < 30; step++)
        {
          g_autofree char *text = NULL;
          g_autoptr (QkDocument) alone = NULL, beside = NULL;
          g_autoptr (QkDiff) diff = NULL;
          gsize length;

          for (gint32 n = g_rand_int_range (rand, 0, 4); n > 0; n--)
            edit_randomly (rand, entries);
          if (g_rand_int_range (rand, 0, 20) == 0)
            wrapped = !wrapped;
          text = join_entries (entries, wrapped);
          length = strlen (text);
          if (g_rand_int_range (rand, 0, 4) == 0)
            text[g_rand_int_range (rand, 0, (gint32) length)] =
                "]},x \""[g_rand_int_range (rand, 0, 6)];
          if (g_rand_int_range (rand, 0, 8) == 0)
            length = (gsize) g_rand_int_range (rand, 0, (gint32) length);
          alone = read_sized (text, length, NULL, NULL, NULL);
          beside = read_sized (text, length, previous, &diff, NULL);
          g_assert_true ((alone == NULL) == (beside == NULL));
          if (alone == NULL)
            continue;
          assert_same_document (alone, beside);
          if (previous != NULL)
            assert_diff_is_right (diff, previous, beside);
          g_clear_pointer (&previous, qk_document_unref);
          previous = g_steal_pointer (&beside);
        }
    }
}

/* Thousands of one id must not take seconds. */
static void
test_many_equal_ids (void)
{
  GString *text = g_string_new ("[");
  g_autoptr (QkDocument) old = NULL, new = NULL;
  g_autoptr (QkDiff) diff = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "%s{\"queue_id\":\"same\",\"n\":%u}", i > 0 ? "," : "", i);
  g_string_append_c (text, ']');
  old = read_text (text->str);
  g_string_replace (text, "\"n\":", "\"m\":", 0);
  new = read_sized (text->str, text->len, old, &diff, NULL);
  assert_diff_is_right (diff, old, new);
  for (guint i = 0; i < 10000; i++)
    g_assert_cmpuint (qk_diff_get_origin (diff, i, NULL), ==, i);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/shapes", test_shapes);
  g_test_add_func ("/document/damage", test_damage);
  g_test_add_func ("/document/limits", test_limits);
  g_test_add_func ("/document/diff", test_diff);
  g_test_add_func ("/document/diff-of-spaces", test_diff_of_spaces);
  g_test_add_func ("/document/reuse", test_reuse);
  g_test_add_func ("/document/many-equal-ids", test_many_equal_ids);
  return g_test_run ();
}
