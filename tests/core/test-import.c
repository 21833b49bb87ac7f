#include "qk-import.h"
#include "qk-plan.h"
#include "qk-test-util.h"

#include <string.h>
#include <time.h>

/* Another file beside the queue: what is new in it, and what becomes of the queue. */

static QkDocument *
load (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static QkImport *
compare (const char *theirs, const char *ours)
{
  g_autoptr (QkDocument) a = load (theirs), b = load (ours);

  return qk_import_new (a, b);
}

/* A letter for each: new, same, differs, repeated, only here. */
static char *
describe (QkImport *import)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    g_string_append_c (text, "nsdro"[qk_import_get_item (import, i)->kind]);
  return g_string_free (text, FALSE);
}

/* The queue after all that can be brought over is. */
static char *
bring (QkImport *import, const char *ours, guint flags)
{
  g_autoptr (QkDocument) document = load (ours);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkPlan) plan = NULL;
  GString *text = g_string_new (NULL);
  const QkSegment *segments;
  guint n;

  for (guint i = 0; i < qk_import_get_n_items (import); i++)
    if (qk_import_get_obstacle (import, i, flags) == NULL)
      g_ptr_array_add (changes, qk_import_make_change (import, i, flags));
  plan = qk_plan_new (document, changes, 0);
  for (guint i = 0; i < changes->len; i++)
    {
      const char *reason;

      g_assert_cmpint (qk_plan_get_verdict (plan, i, &reason), ==, QK_VERDICT_CHANGED);
    }
  segments = qk_plan_get_segments (plan, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  return g_string_free (text, FALSE);
}

static void
test_kinds (void)
{
  static const struct {
    const char *theirs;
    const char *ours;
    const char *kinds;
  } cases[] = {
      {"[]", "[]", ""},
      {"[{\"queue_id\":\"a\"}]", "[]", "n"},
      {"[]", "[{\"queue_id\":\"a\"}]", "o"},
      {"[{\"queue_id\":\"a\"}]", "[{\"queue_id\":\"a\"}]", "s"},
      {"[{\"queue_id\":\"a\",\"x\":1}]", "[{\"queue_id\":\"a\"}]", "d"},
      {"[{\"queue_id\":\"\\u0061\"}]", "[ { \"queue_id\" :\r\n\"a\"}]", "s"},
      {"[{\"queue_id\":\"a\",\"x\":\"1 2\"}]", "[{\"queue_id\":\"a\",\"x\":\"12\"}]", "d"},
      {"[{\"queue_id\":\"a\",\"x\":\"\\ud800\"}]", "[{\"queue_id\":\"a\",\"x\":\"\\ud801\"}]", "d"},
      {"[{\"queue_id\":\"a\",\"x\":1}]", "[{\"queue_id\":\"a\",\"x\":12}]", "d"},
      {"[{\"queue_id\":\"a\"},{\"queue_id\":\"a\"}]", "[]", "nr"},
      {"[{\"queue_id\":\"a\"},{\"queue_id\":\"a\",\"x\":1}]", "[{\"queue_id\":\"a\",\"x\":1}]",
       "ns"},
      {"[{\"queue_id\":\"a\"},{\"queue_id\":\"a\"}]", "[{\"queue_id\":\"a\"},{\"queue_id\":\"a\"}]",
       "ss"},
      {"[{\"queue_id\":\"a\"}]", "[{\"queue_id\":\"a\",\"x\":1},{\"queue_id\":\"a\"}]", "so"},
      {"[{\"queue_id\":\"a\"},{\"queue_id\":\"a\"},{\"queue_id\":\"a\"}]",
       "[{\"queue_id\":\"a\"},{\"queue_id\":\"a\",\"x\":1},{\"queue_id\":\"a\"}]", "ssd"},
      {"[{\"n\":1},{\"n\":2}]", "[{\"n\":2}]", "ns"},
      {"[{\"n\":1},{\"n\":1}]", "[]", "nr"},
      {"{\"entries\":[{\"queue_id\":\"b\"}]}", "{\"pending_pushes\":[{\"queue_id\":\"a\"}]}", "no"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkImport) import = compare (cases[i].theirs, cases[i].ours);
      g_autofree char *kinds = describe (import);

      g_assert_cmpstr (kinds, ==, cases[i].kinds);
    }
}

/* As it was, byte for byte, behind all that is there. */
static void
test_as_they_were (void)
{
  g_autofree char *a = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *b = qk_test_entry ("b", "DELIVERED", "Agent-2");
  g_autofree char *ours = g_strdup_printf ("[%s]", a),
                  *theirs = g_strdup_printf ("[ %s,%s ]", b, a);
  g_autofree char *expected = g_strdup_printf ("[%s,%s]", a, b), *text = NULL;
  g_autoptr (QkImport) import = compare (theirs, ours);

  text = bring (import, ours, 0);
  g_assert_cmpstr (text, ==, expected);
}

static const QkEntry *
get_last (const char *text, QkDocument **document)
{
  *document = load (text);
  return qk_document_get_entry (*document, qk_document_get_n_entries (*document) - 1);
}

static void
test_as_pending (void)
{
  static const char theirs[] =
      "[{\"message\":{\"sender\":\"s\",\"recipient\":\"Agent-1\",\"content\":\"c\"},"
      "\"queue_id\":\"a\",\"priority_score\":0.5,\"status\":\"FAILED\","
      "\"created_at\":\"2026-01-08T19:07:55\",\"updated_at\":\"2026-01-08T19:07:55\","
      "\"metadata\":{\"last_error\":\"e\",\"delivery_attempts\":3,\"next_retry_delay\":15,\"k\":1},"
      "\"odd\":1E+2}]";
  g_autoptr (QkImport) import = compare (theirs, "[]");
  g_autofree char *text = bring (import, "[]", QK_IMPORT_AS_PENDING), *id = NULL, *metadata = NULL;
  g_autoptr (QkDocument) document = NULL;
  const QkEntry *entry = get_last (text, &document);

  id = qk_entry_dup_field (entry, QK_FIELD_ID);
  metadata = qk_entry_dup_field (entry, QK_FIELD_METADATA);
  g_assert_cmpstr (id, ==, "a");
  g_assert_cmpint (qk_entry_get_status (entry), ==, QK_STATUS_PENDING);
  g_assert_cmpuint (qk_entry_get_attempts (entry), ==, 0);
  g_assert_cmpstr (metadata, ==, "{\"delivery_attempts\":0,\"k\":1}");
  g_assert_cmpint (qk_entry_get_updated (entry), >, qk_entry_get_created (entry));
  g_assert_nonnull (strstr (text, "\"odd\":1E+2"));
}

/* What is there in another state is left; as a copy it comes with an id of its own. */
static void
test_as_new (void)
{
  g_autofree char *mine = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *other = qk_test_entry ("a", "DELIVERED", "Agent-1");
  g_autofree char *ours = g_strdup_printf ("[%s]", mine), *theirs = g_strdup_printf ("[%s]", other);
  g_autofree char *left = NULL, *text = NULL, *id = NULL;
  g_autoptr (QkImport) import = compare (theirs, ours);
  g_autoptr (QkDocument) document = NULL;
  const QkEntry *entry;

  left = bring (import, ours, 0);
  g_assert_cmpstr (left, ==, ours);
  g_assert_cmpstr (qk_import_get_obstacle (import, 0, 0), ==,
                   "its id is in the queue already, in another state");
  text = bring (import, ours, QK_IMPORT_AS_NEW);
  g_assert_true (g_str_has_prefix (text, "[{"));
  g_assert_nonnull (strstr (text, mine));
  entry = get_last (text, &document);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 2);
  id = qk_entry_dup_field (entry, QK_FIELD_ID);
  g_assert_true (g_uuid_string_is_valid (id));
  g_assert_cmpint (qk_entry_get_status (entry), ==, QK_STATUS_DELIVERED);
}

/* What stops the swarm comes fixed, or not at all. */
static void
test_hazards (void)
{
  static const char theirs[] =
      "[{\"message\":{\"content\":\"c\"},\"queue_id\":\"a\",\"priority_score\":\"x\","
      "\"status\":\"PENDING\",\"created_at\":\"2026-01-08T19:07:55\","
      "\"updated_at\":\"2026-01-08T19:07:55\"},"
      "{\"id\":\"flat\",\"sender\":\"s\",\"recipient\":\"r\",\"content\":\"c\","
      "\"status\":\"delivered\",\"created_at\":\"2026-01-08T19:07:55\"},"
      "{\"id\":\"bent\",\"sender\":\"s\",\"recipient\":\"r\",\"content\":\"c\",\"metadata\":3,"
      "\"status\":\"pending\",\"created_at\":\"2026-01-08T19:07:55\"},"
      "17]";
  g_autoptr (QkImport) import = compare (theirs, "[]");
  g_autofree char *text = bring (import, "[]", 0);
  g_autoptr (QkDocument) document = NULL;
  const QkEntry *entry = get_last (text, &document);

  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 1);
  g_assert_cmpint (qk_entry_get_hazards (entry), ==, 0);
  g_assert_cmpfloat (qk_entry_get_priority (entry), ==, 0.5);
  g_assert_true (qk_import_needs_fix (import, 0));
  for (guint i = 1; i < 4; i++)
    g_assert_nonnull (qk_import_get_obstacle (import, i, QK_IMPORT_AS_NEW | QK_IMPORT_PUT_BACK));
}

/* NaN stops other programs, not the swarm; and where the flat form is in use, it is in use. */
static void
test_harmless (void)
{
  static const char flat[] =
      "{\"id\":\"b\",\"sender\":\"s\",\"recipient\":\"r\",\"content\":\"c\",\"n\":NaN,"
      "\"status\":\"delivered\",\"created_at\":\"2026-01-08T19:07:55\"}";
  static const char ours[] =
      "[{\"id\":\"a\",\"sender\":\"s\",\"recipient\":\"r\",\"content\":\"c\","
      "\"status\":\"pending\",\"created_at\":\"2026-01-08T19:07:55\"}]";
  g_autofree char *theirs = g_strdup_printf ("[%s]", flat), *text = NULL;
  g_autoptr (QkImport) import = compare (theirs, ours);

  g_assert_false (qk_import_needs_fix (import, 0));
  text = bring (import, ours, 0);
  g_assert_nonnull (strstr (text, flat));
}

/* To its place, and as it was. What the queue alone has is taken out where that is wanted. */
static void
test_put_back (void)
{
  g_autofree char *a = qk_test_entry ("a", "FAILED", "Agent-1");
  g_autofree char *b = qk_test_entry ("b", "DELIVERED", "Agent-2");
  g_autofree char *c = qk_test_entry ("c", "PENDING", "Agent-2");
  g_autofree char *changed = qk_test_entry ("c", "FAILED", "Agent-2");
  g_autofree char *d = qk_test_entry ("d", "PENDING", "Agent-2");
  g_autofree char *ours = g_strdup_printf ("[%s,%s,%s]", a, changed, d);
  g_autofree char *theirs = g_strdup_printf ("[%s,%s,%s]", a, b, c), *text = NULL;
  g_autoptr (QkImport) import = compare (theirs, ours);

  text = bring (import, ours, QK_IMPORT_PUT_BACK);
  g_assert_cmpstr (text, ==, theirs);
}

static void
append (GString *text, const char *key, guint value)
{
  g_string_append_printf (text, "%c{\"queue_id\":\"a\",\"%s\":%u}", text->len > 0 ? ',' : '[', key,
                          value);
}

/* The cost does not explode where all ids are the same: it would take minutes. Half of them differ, and
 * the others, behind them, are the same in the opposite order. */
static void
test_same_ids (void)
{
  const guint n = 50000;
  GString *ours = g_string_new (NULL), *theirs = g_string_new (NULL);
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (QkDocument) their_document = NULL, our_document = NULL;
  g_autoptr (QkImport) import = NULL;
  clock_t began;

  for (guint i = 0; i < 2 * n; i++)
    {
      append (theirs, i < n ? "theirs" : "both", i);
      append (ours, i < n ? "ours" : "both", i < n ? i : 3 * n - 1 - i);
    }
  a = g_string_free (g_string_append_c (theirs, ']'), FALSE);
  b = g_string_free (g_string_append_c (ours, ']'), FALSE);
  their_document = load (a);
  our_document = load (b);
  began = clock ();
  import = qk_import_new (their_document, our_document);
  g_assert_cmpint ((clock () - began) / CLOCKS_PER_SEC, <, 5);
  g_assert_cmpuint (qk_import_count (import, QK_IMPORT_SAME), ==, n);
  g_assert_cmpuint (qk_import_count (import, QK_IMPORT_DIFFERS), ==, n);
  g_assert_cmpuint (qk_import_get_n_items (import), ==, 2 * n);
  /* Each of those that differ finds one of its own, in their order. */
  for (guint i = 0; i < n; i++)
    g_assert_true (qk_import_get_item (import, i)->ours == qk_document_get_entry (our_document, i));
}

/* Nor does that of bringing many over: they follow one another as they did. */
static void
test_many (void)
{
  const guint n = 100000;
  GString *theirs = g_string_new (NULL);
  g_autofree char *text = NULL, *brought = NULL;
  g_autoptr (QkImport) import = NULL;
  clock_t began;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autofree char *entry = qk_test_entry (id, "PENDING", "Agent-1");

      g_string_append_printf (theirs, "%c%s", i > 0 ? ',' : '[', entry);
    }
  text = g_string_free (g_string_append_c (theirs, ']'), FALSE);
  import = compare (text, "[]");
  g_assert_cmpuint (qk_import_count (import, QK_IMPORT_NEW), ==, n);
  began = clock ();
  brought = bring (import, "[]", 0);
  g_assert_cmpint ((clock () - began) / CLOCKS_PER_SEC, <, 10);
  g_assert_true (strcmp (brought, text) == 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/kinds", test_kinds);
  g_test_add_func ("/import/as-they-were", test_as_they_were);
  g_test_add_func ("/import/as-pending", test_as_pending);
  g_test_add_func ("/import/as-new", test_as_new);
  g_test_add_func ("/import/hazards", test_hazards);
  g_test_add_func ("/import/harmless", test_harmless);
  g_test_add_func ("/import/put-back", test_put_back);
  g_test_add_func ("/import/same-ids", test_same_ids);
  g_test_add_func ("/import/many", test_many);
  return g_test_run ();
}
