#include "qk-guard.h"
#include "qk-time.h"

#include <string.h>

/* Versions of a queue pass by the guard; what it asks for is applied. */

#define SECOND G_TIME_SPAN_SECOND

typedef struct {
  QkGuard *guard;
  gint64 now;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->guard = qk_guard_new (6 * SECOND);
  fixture->now = 1000 * SECOND;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_guard_free (fixture->guard);
}

/* "id:status:second" for each entry; other things of it do not matter to the guard. */
static char *
queue_text (const char *spec)
{
  GString *text = g_string_new ("[");
  g_auto (GStrv) entries = g_strsplit (spec, " ", -1);

  for (guint i = 0; *spec != '\0' && entries[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (entries[i], ":", 3);

      g_string_append_printf (
          text,
          "%s{\"message\":{},\"queue_id\":\"%s\",\"priority_score\":0.5,\"status\":\"%s\",\"created_at\":"
          "\"2026-01-01T00:00:00\",\"updated_at\":\"2026-01-01T00:00:%s\"}",
          i > 0 ? "," : "", parts[0], parts[1], parts[2]);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static QkDocument *
queue_of (const char *spec)
{
  g_autofree char *text = queue_text (spec);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  g_assert_no_error (error);
  return document;
}

/* The next version, if @changes are applied to @document. */
static QkDocument *
apply (QkDocument *document, GPtrArray *changes, QkPlan **plan)
{
  guint n_segments;
  const QkSegment *segments;
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  *plan = qk_plan_new (document, changes, qk_wall_parse ("2026-01-01T00:00:30", 19, NULL));
  segments = qk_plan_get_segments (*plan, &n_segments);
  for (guint i = 0; i < n_segments; i++)
    g_string_append_len (text, segments[i].data, (gssize) segments[i].size);
  bytes = g_string_free_to_bytes (text);
  return qk_document_new (bytes, NULL, NULL, NULL);
}

static char *
describe (QkDocument *document)
{
  GString *spec = g_string_new (NULL);

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

      g_string_append_printf (spec, "%s%s:%s", i > 0 ? " " : "", id,
                              qk_status_get_name (qk_entry_get_status (entry)));
    }
  return g_string_free (spec, FALSE);
}

/* A version that is seen, and what the guard makes of it. */
static void
assert_repaired (Fixture *fixture, QkDocument *seen, const char *expected)
{
  g_autoptr (GPtrArray) repairs = qk_guard_check (fixture->guard, seen, fixture->now);
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (QkDocument) repaired = apply (seen, repairs, &plan);
  g_autofree char *spec = describe (repaired);

  g_assert_cmpstr (spec, ==, expected);
  for (guint i = 0; i < repairs->len; i++)
    qk_guard_count_repair (fixture->guard, qk_change_get_id (repairs->pdata[i]), fixture->now);
}

static void
assert_version (Fixture *fixture, const char *seen, const char *expected)
{
  g_autoptr (QkDocument) document = queue_of (seen);

  assert_repaired (fixture, document, expected);
}

/* Saves a change of the entry @index. Returns the version that we made. */
static QkDocument *
save (Fixture *fixture, const char *before, guint index, gboolean purge)
{
  g_autoptr (QkDocument) document = queue_of (before);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkPlan) plan = NULL;
  QkDocument *after;
  const QkEntry *entry = qk_document_get_entry (document, index);

  g_ptr_array_add (changes, purge ? qk_change_new_purge (entry) : qk_change_new_resend (entry, 60));
  after = apply (document, changes, &plan);
  qk_guard_expect_plan (fixture->guard, plan, 1, fixture->now);
  return after;
}

static void
test_purge (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01 b:PENDING:01", 0, TRUE);

  assert_repaired (fixture, after, "b:PENDING");
  assert_version (fixture, "a:FAILED:01 b:PENDING:01", "b:PENDING");
  assert_version (fixture, "b:DELIVERED:09 c:PENDING:02", "b:DELIVERED c:PENDING");
  assert_version (fixture, "", "");
  assert_version (fixture, "a:PENDING:20", "");
}

static void
test_resend (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01 b:PENDING:01", 0, FALSE);

  assert_repaired (fixture, after, "a:PENDING b:PENDING");
  assert_version (fixture, "a:FAILED:01 b:DELIVERED:02", "a:PENDING b:DELIVERED");
  assert_version (fixture, "b:DELIVERED:02", "a:PENDING b:DELIVERED");
}

/* What the swarm did with the message since is adopted, and then guarded itself: it is never set to
 * PENDING again, as that would deliver it twice. */
static void
test_adopts_what_is_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01", 0, FALSE);

  assert_version (fixture, "a:PROCESSING:40", "a:PROCESSING");
  assert_version (fixture, "a:DELIVERED:41", "a:DELIVERED");
  assert_repaired (fixture, after, "a:DELIVERED");
  assert_version (fixture, "a:FAILED:01", "a:DELIVERED");
  assert_version (fixture, "a:PROCESSING:40", "a:DELIVERED");
}

static void
test_older_is_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:05", 0, FALSE);

  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 1);
  assert_version (fixture, "a:PROCESSING:02", "a:PENDING");
}

static void
test_merged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) base = queue_of ("a:PENDING:01 b:PENDING:01 c:PENDING:03");
  g_autoptr (QkDocument) displaced =
      queue_of ("a:DELIVERED:05 n:PENDING:04 b:PENDING:01 c:FAILED:02");

  qk_guard_expect_merged (fixture->guard, base, displaced, fixture->now);
  g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 2);
  assert_version (fixture, "a:PENDING:01 b:PENDING:01 c:PENDING:03",
                  "a:DELIVERED n:PENDING b:PENDING c:PENDING");
}

/* An old list that comes out of a swap still has what was purged; that is not new. */
static void
test_merged_after_purge (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) base = save (fixture, "a:FAILED:01 b:PENDING:01", 0, TRUE);
  g_autoptr (QkDocument) displaced = queue_of ("a:FAILED:01 b:PENDING:01 n:PENDING:04");

  qk_guard_expect_merged (fixture->guard, base, displaced, fixture->now);
  assert_repaired (fixture, displaced, "b:PENDING n:PENDING");
  assert_repaired (fixture, base, "b:PENDING n:PENDING");
}

static void
test_settles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01", 0, TRUE);

  g_assert_cmpint (qk_guard_get_end (fixture->guard), ==, fixture->now + 6 * SECOND);
  fixture->now += 5 * SECOND;
  assert_version (fixture, "a:FAILED:01", "");
  /* Six seconds from the last repair, not from the save. */
  fixture->now += 5 * SECOND;
  assert_version (fixture, "a:FAILED:01", "");
  fixture->now += 6 * SECOND;
  assert_version (fixture, "", "");
  g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 0);
  assert_version (fixture, "a:FAILED:01", "a:FAILED");
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 0);
}

static void
test_gives_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01", 0, TRUE);
  g_autoptr (GPtrArray) given_up = NULL, none = qk_guard_take_given_up (fixture->guard);

  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < QK_GUARD_MAX_REPAIRS; i++, fixture->now += SECOND / 10)
    assert_version (fixture, "a:FAILED:01", "");
  assert_version (fixture, "a:FAILED:01", "a:FAILED");
  given_up = qk_guard_take_given_up (fixture->guard);
  g_assert_cmpuint (given_up->len, ==, 1);
  g_assert_cmpstr (given_up->pdata[0], ==, "a");
  g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 0);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 0);
}

/* Another change of the same message replaces what was expected of it. */
static void
test_changed_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) resent = save (fixture, "a:FAILED:01", 0, FALSE);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (QkDocument) purged = NULL;

  g_ptr_array_add (changes, qk_change_new_purge (qk_document_get_entry (resent, 0)));
  purged = apply (resent, changes, &plan);
  qk_guard_expect_plan (fixture->guard, plan, 1, fixture->now);
  assert_repaired (fixture, purged, "");
  assert_repaired (fixture, resent, "");
  assert_version (fixture, "a:FAILED:01", "");
}

/* A repair that was asked for before the operator changed his mind is not wanted any more; and what
 * is put back is put back into its place. */
static void
test_undone_purge (Fixture *fixture, gconstpointer data)
{
  const char *before = "a:FAILED:01 b:FAILED:01 c:FAILED:01";
  g_autoptr (QkDocument) purged = save (fixture, before, 1, TRUE), original = queue_of (before);
  g_autoptr (GPtrArray) repairs = qk_guard_check (fixture->guard, original, fixture->now);
  g_autoptr (GPtrArray) undo = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkPlan) plan = NULL;
  g_autoptr (QkDocument) restored = NULL;
  g_autoptr (GBytes) json = NULL;
  const char *text;
  gsize length;

  g_assert_cmpuint (repairs->len, ==, 1);
  g_assert_true (qk_guard_is_wanted (fixture->guard, repairs->pdata[0]));
  text = qk_entry_get_json (qk_document_get_entry (original, 1), &length);
  json = g_bytes_new (text, length);
  g_ptr_array_add (undo, qk_change_new_restore (json, "a", NULL));
  restored = apply (purged, undo, &plan);
  qk_guard_expect_plan (fixture->guard, plan, 1, fixture->now);
  g_assert_false (qk_guard_is_wanted (fixture->guard, repairs->pdata[0]));
  assert_repaired (fixture, restored, "a:FAILED b:FAILED c:FAILED");
  assert_repaired (fixture, purged, "a:FAILED b:FAILED c:FAILED");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/guard/purge", test_purge);
  ADD ("/guard/resend", test_resend);
  ADD ("/guard/adopts-what-is-newer", test_adopts_what_is_newer);
  ADD ("/guard/older-is-stale", test_older_is_stale);
  ADD ("/guard/merged", test_merged);
  ADD ("/guard/merged-after-purge", test_merged_after_purge);
  ADD ("/guard/undone-purge", test_undone_purge);
  ADD ("/guard/settles", test_settles);
  ADD ("/guard/gives-up", test_gives_up);
  ADD ("/guard/changed-again", test_changed_again);
  return g_test_run ();
}
