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
  qk_guard_expect_plan (fixture->guard, plan, changes, fixture->now);
  return after;
}

/* What was put back for another writer is guarded, unless the guard knows better about the message. */
static void
test_messages_of_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01 b:PENDING:01", 0, TRUE);
  g_autoptr (QkDocument) others = queue_of ("a:FAILED:01 x:PENDING:02");
  g_autoptr (GPtrArray) messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (GPtrArray) ours = g_ptr_array_new ();
  g_autoptr (QkDocument) with_others = NULL;
  g_autoptr (QkPlan) plan = NULL;

  g_assert_true (qk_guard_is_purged (fixture->guard, "a"));
  g_assert_false (qk_guard_is_purged (fixture->guard, "b"));
  for (guint i = 0; i < qk_document_get_n_entries (others); i++)
    {
      gsize length;
      const char *text = qk_entry_get_json (qk_document_get_entry (others, i), &length);
      g_autoptr (GBytes) json = g_bytes_new (text, length);

      g_ptr_array_add (messages, qk_change_new_restore (json, "", NULL));
    }
  with_others = apply (after, messages, &plan);
  qk_guard_expect_plan (fixture->guard, plan, ours, fixture->now);
  g_assert_true (qk_guard_is_purged (fixture->guard, "a"));
  g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 2);
  assert_repaired (fixture, with_others, "b:PENDING x:PENDING");
  assert_version (fixture, "a:FAILED:01 b:PENDING:01", "b:PENDING x:PENDING");
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

/* A shorter time, or a longer one, holds for what is guarded already. */
static void
test_set_settle (Fixture *fixture, gconstpointer data)
{
  static const struct {
    gint64 settle;
    gint64 passed; /* when it is set */
    gint64 end;    /* after the save */
  } cases[] = {
      {3 * SECOND, 1 * SECOND, 3 * SECOND},
      {30 * SECOND, 5 * SECOND, 30 * SECOND},
      {3 * SECOND, 5 * SECOND, 3 * SECOND},
      {6 * SECOND, 0, 6 * SECOND},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkDocument) after = NULL;
      gint64 begin = fixture->now;

      qk_guard_set_settle (fixture->guard, 6 * SECOND);
      after = save (fixture, "a:FAILED:01", 0, TRUE);
      fixture->now += cases[i].passed;
      qk_guard_set_settle (fixture->guard, cases[i].settle);
      g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 1);
      g_assert_cmpint (qk_guard_get_end (fixture->guard), ==, begin + cases[i].end);
      fixture->now = MAX (fixture->now, begin + cases[i].end);
      assert_repaired (fixture, after, "");
      g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 0);
    }
}

/* The next repair settles by the new time, too. */
static void
test_set_settle_then_repair (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01", 0, TRUE);

  qk_guard_set_settle (fixture->guard, 10 * SECOND);
  fixture->now += 9 * SECOND;
  assert_version (fixture, "a:FAILED:01", "");
  g_assert_cmpint (qk_guard_get_end (fixture->guard), ==, fixture->now + 10 * SECOND);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 0);
}

/* Another program undoes it, @step apart, until it is given up. */
static void
undo_until_given_up (Fixture *fixture, const char *stale, gint64 step)
{
  g_autoptr (QkDocument) document = queue_of (stale);
  guint n_rounds = 0;

  while (qk_guard_get_n_items (fixture->guard) > 0)
    {
      g_autoptr (GPtrArray) repairs = qk_guard_check (fixture->guard, document, fixture->now);

      for (guint i = 0; i < repairs->len; i++)
        qk_guard_count_repair (fixture->guard, qk_change_get_id (repairs->pdata[i]), fixture->now);
      fixture->now += step;
      g_assert_cmpuint (++n_rounds, <=, QK_GUARD_MAX_REPAIRS + 1);
    }
}

static void
assert_given_up (Fixture *fixture, const char *expected)
{
  g_autoptr (QkGivenUp) given_up = qk_guard_dup_given_up (fixture->guard);
  g_autofree char *text = given_up != NULL ? qk_given_up_describe (given_up) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

#define GAVE_UP(what)                                                                              \
  "Another program keeps saving an old list: your " what                                           \
  ". It is not in effect. Stop or restart the queue processor, then retry."

static void
test_gives_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) purged = save (fixture, "a:FAILED:01", 0, TRUE);

  assert_given_up (fixture, NULL);
  for (guint i = 0; i < QK_GUARD_MAX_REPAIRS; i++, fixture->now += SECOND / 2)
    assert_version (fixture, "a:FAILED:01", "");
  assert_given_up (fixture, NULL);
  assert_version (fixture, "a:FAILED:01", "a:FAILED");
  g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 0);
  assert_given_up (fixture, GAVE_UP ("purge of 1 message was undone 60 times in 30 s"));
  /* It is told until something is done about it. */
  assert_version (fixture, "a:FAILED:01", "a:FAILED");
  assert_given_up (fixture, GAVE_UP ("purge of 1 message was undone 60 times in 30 s"));
  g_assert_cmpuint (qk_document_get_n_entries (purged), ==, 0);
}

static void
test_gives_up_in_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) resent = save (fixture, "a:FAILED:01", 0, FALSE);

  for (guint i = 0; i < 15; i++, fixture->now += 4 * SECOND)
    assert_version (fixture, "a:FAILED:01", "a:PENDING");
  assert_version (fixture, "a:FAILED:01", "a:FAILED");
  assert_given_up (fixture, GAVE_UP ("resend of 1 message was undone 15 times in 60 s"));
  g_assert_cmpuint (qk_document_get_n_entries (resent), ==, 1);
}

/* What a merge brought in is not the operator's: nobody is told. */
static void
test_gives_up_merged_silently (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkDocument) base = queue_of (""), displaced = queue_of ("n:PENDING:04");

  qk_guard_expect_merged (fixture->guard, base, displaced, fixture->now);
  undo_until_given_up (fixture, "", SECOND / 10);
  assert_given_up (fixture, NULL);
}

static void
test_given_up_total (Fixture *fixture, gconstpointer data)
{
  const char *stale = "a:FAILED:01 b:FAILED:01 c:FAILED:01";
  g_autoptr (QkDocument) a = save (fixture, stale, 0, TRUE), b = save (fixture, stale, 1, TRUE);
  g_autoptr (QkDocument) c = NULL;

  undo_until_given_up (fixture, stale, SECOND / 10);
  assert_given_up (fixture, GAVE_UP ("purge of 2 messages was undone 60 times in 6 s"));
  c = save (fixture, stale, 2, FALSE);
  undo_until_given_up (fixture, stale, SECOND / 20);
  assert_given_up (fixture, GAVE_UP ("change of 3 messages was undone 60 times in 6 s"));
  g_assert_cmpuint (qk_document_get_n_entries (a) + qk_document_get_n_entries (b), ==, 4);
  g_assert_cmpuint (qk_document_get_n_entries (c), ==, 3);
}

/* Whoever changes a message anew has decided about it; the others are still not in effect. */
static void
test_given_up_changed_anew (Fixture *fixture, gconstpointer data)
{
  const char *stale = "a:FAILED:01 b:FAILED:01";
  g_autoptr (QkDocument) a = save (fixture, stale, 0, TRUE), b = save (fixture, stale, 1, TRUE);
  g_autoptr (QkDocument) resent = NULL;

  undo_until_given_up (fixture, stale, SECOND / 10);
  resent = save (fixture, stale, 0, FALSE);
  assert_given_up (fixture, GAVE_UP ("purge of 1 message was undone 60 times in 6 s"));
  qk_guard_resume (fixture->guard, TRUE, fixture->now);
  assert_version (fixture, stale, "a:PENDING");
  g_assert_cmpuint (qk_document_get_n_entries (a) + qk_document_get_n_entries (b), ==, 2);
  g_assert_cmpuint (qk_document_get_n_entries (resent), ==, 2);
}

/* Exactly what was given up is guarded again, with bounds of its own; only how soon differs. */
static void
test_resume (Fixture *fixture, gconstpointer data)
{
  static const struct {
    gboolean at_once;
    gint64 first;  /* delay of the first repair */
    gint64 second; /* of the second, right after it */
  } cases[] = {
      {TRUE, 10 * G_TIME_SPAN_MILLISECOND, 10 * G_TIME_SPAN_MILLISECOND},
      {FALSE, 250 * G_TIME_SPAN_MILLISECOND, 250 * G_TIME_SPAN_MILLISECOND},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *stale = "a:FAILED:01 b:PENDING:01";
      g_autoptr (QkDocument) after = save (fixture, stale, 0, TRUE), seen = queue_of (stale);
      g_autoptr (GPtrArray) repairs = NULL;

      undo_until_given_up (fixture, stale, SECOND / 10);
      /* Hours later. */
      fixture->now += 10000 * SECOND;
      assert_version (fixture, stale, "a:FAILED b:PENDING");
      qk_guard_resume (fixture->guard, cases[i].at_once, fixture->now);
      assert_given_up (fixture, NULL);
      g_assert_cmpuint (qk_guard_get_n_items (fixture->guard), ==, 1);
      g_assert_cmpint (qk_guard_get_end (fixture->guard), ==, fixture->now + 6 * SECOND);
      repairs = qk_guard_check (fixture->guard, seen, fixture->now);
      g_assert_cmpuint (repairs->len, ==, 1);
      g_assert_cmpint (qk_guard_get_delay (fixture->guard, repairs, fixture->now), ==,
                       cases[i].first);
      assert_repaired (fixture, seen, "b:PENDING");
      g_assert_cmpint (qk_guard_get_delay (fixture->guard, repairs, fixture->now), ==,
                       cases[i].second);
      undo_until_given_up (fixture, stale, SECOND / 2);
      g_assert_cmpuint (qk_document_get_n_entries (after), ==, 1);
    }
}

/* What came to be in effect meanwhile settles without a word; what moved on is adopted. */
static void
test_resume_in_effect (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *seen;
    const char *then;
    const char *expected;
  } cases[] = {
      {"a:PROCESSING:40", "a:FAILED:01", "a:PROCESSING"},
      {"a:DELIVERED:41", "a:PROCESSING:40", "a:DELIVERED"},
      {"", "", "a:PENDING"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QkDocument) after = save (fixture, "a:FAILED:01", 0, FALSE);
      g_autoptr (QkDocument) seen = queue_of (cases[i].seen);
      g_autofree char *before = describe (seen);

      undo_until_given_up (fixture, "a:FAILED:01", SECOND / 10);
      qk_guard_resume (fixture->guard, TRUE, fixture->now);
      assert_repaired (fixture, seen, *cases[i].seen != '\0' ? before : cases[i].expected);
      assert_version (fixture, cases[i].then, cases[i].expected);
      fixture->now += 6 * SECOND;
      assert_version (fixture, cases[i].then, cases[i].expected);
      g_assert_cmpuint (qk_document_get_n_entries (after), ==, 1);
    }
}

static void
test_given_up_words (void)
{
  static const struct {
    QkGivenUp given_up;
    const char *expected;
  } cases[] = {
      {{QK_CHANGE_PURGE, FALSE, 3, 60, 60 * SECOND},
       GAVE_UP ("purge of 3 messages was undone 60 times in 60 s")},
      {{QK_CHANGE_RESEND, FALSE, 1, 1, 59499999},
       GAVE_UP ("resend of 1 message was undone 1 time in 59 s")},
      {{QK_CHANGE_SEND, FALSE, 8, 2, 0},
       GAVE_UP ("sending of 8 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_SET_RECIPIENT, FALSE, 2, 2, SECOND},
       GAVE_UP ("redirection of 2 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_SET_PRIORITY, FALSE, 2, 2, SECOND},
       GAVE_UP ("change of 2 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_FIX, FALSE, 2, 2, SECOND},
       GAVE_UP ("fix of 2 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_EDIT, FALSE, 2, 2, SECOND},
       GAVE_UP ("change of 2 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_RESTORE, FALSE, 2, 2, SECOND},
       GAVE_UP ("restoring of 2 messages was undone 2 times in 1 s")},
      {{QK_CHANGE_PURGE, TRUE, 2, 2, SECOND},
       GAVE_UP ("change of 2 messages was undone 2 times in 1 s")},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = qk_given_up_describe (&cases[i].given_up);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
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
  qk_guard_expect_plan (fixture->guard, plan, changes, fixture->now);
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
  qk_guard_expect_plan (fixture->guard, plan, undo, fixture->now);
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
  ADD ("/guard/set-settle", test_set_settle);
  ADD ("/guard/set-settle-then-repair", test_set_settle_then_repair);
  ADD ("/guard/gives-up", test_gives_up);
  ADD ("/guard/gives-up-in-time", test_gives_up_in_time);
  ADD ("/guard/gives-up-merged-silently", test_gives_up_merged_silently);
  ADD ("/guard/given-up-total", test_given_up_total);
  ADD ("/guard/given-up-changed-anew", test_given_up_changed_anew);
  ADD ("/guard/messages-of-others", test_messages_of_others);
  ADD ("/guard/resume", test_resume);
  ADD ("/guard/resume-in-effect", test_resume_in_effect);
  g_test_add_func ("/guard/given-up-words", test_given_up_words);
  ADD ("/guard/changed-again", test_changed_again);
  return g_test_run ();
}
