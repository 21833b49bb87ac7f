#include "qk-history-fixture.h"

#include <string.h>

/* Undo, on real files and a real database. */

typedef QkHistoryFixture Fixture;

/* What another writer writes at the moment of the swap, and how many swaps there have been. */
static struct {
  Fixture *fixture;
  const char *text;
  const char *second; /* at the second swap, if at all */
  guint swaps;
} script;

static char *
make_indented (guint n)
{
  GString *text = g_string_new ("{\n  \"version\": 1.0,\n  \"entries\": [");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (
        text,
        "%s\n    {\n      \"queue_id\": \"id-%u\",\n      \"x\": [1e400,  %u],\n"
        "      \"status\": \"%s\",\n      \"metadata\": {}\n    }",
        i > 0 ? "," : "", i, i, i % 2 == 0 ? "DELIVERED" : "FAILED");
  g_string_append (text, "\n  ]\n}\n");
  return g_string_free (text, FALSE);
}

static char *
make_compact (guint n)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%u", i);
      g_autofree char *entry = qk_test_entry (id, "DELIVERED", "Agent-3");

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", entry);
    }
  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

/* Purges @entries of @text, looks that they are gone, and that an undo gives @text. */
static void
check_purge (Fixture *fixture, const char *text, guint n_all, const guint *entries, guint n)
{
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;
  g_autoptr (GError) error = NULL;
  gint64 operation;

  qk_history_fixture_write (fixture, text);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, n));
  g_assert_cmpuint (fixture->result->changed->len, ==, n);
  g_assert_null (fixture->result->no_undo);
  operation = fixture->result->operation;
  g_assert_cmpint (operation, >, 0);
  document = qk_history_fixture_load (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, n_all - n);

  /* As the next run of the program does it. */
  qk_history_fixture_reopen (fixture);
  g_assert_true (qk_history_fixture_undo (fixture, 0, &error));
  g_assert_no_error (error);
  qk_history_fixture_assert_text (fixture, text);
  g_assert_cmpuint (fixture->result->changed->len, ==, n);
  g_assert_cmpuint (fixture->result->skipped->len, ==, 0);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpstr (last->kind, ==, "undo");
  g_assert_cmpint (last->undoes, ==, operation);

  g_assert_false (qk_history_fixture_undo (fixture, operation, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_ALREADY_UNDONE);
  qk_history_fixture_assert_text (fixture, text);
}

static void
check_purges (Fixture *fixture, const char *text)
{
  static const struct {
    guint n;
    guint entries[6];
  } cases[] = {
      {1, {0}},       {1, {3}},    {1, {5}},       {2, {0, 1}},       {3, {2, 3, 4}},
      {3, {4, 3, 2}}, {2, {5, 0}}, {3, {5, 1, 3}}, {4, {5, 4, 1, 0}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u", i);
      check_purge (fixture, text, 6, cases[i].entries, cases[i].n);
    }
}

static void
test_purge_compact (Fixture *fixture, gconstpointer data)
{
  static const guint all[] = {0, 1, 2, 3, 4, 5};
  g_autofree char *text = make_compact (6);

  check_purges (fixture, text);
  check_purge (fixture, text, 6, all, 6);
}

static void
test_purge_indented (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_indented (6);

  check_purges (fixture, text);
}

/* Of an emptied list it cannot be known how it was laid out: the entries are the same to the byte. */
static void
test_purge_all_indented (Fixture *fixture, gconstpointer data)
{
  static const guint all[] = {2, 1, 0, 3};
  g_autofree char *text = make_indented (4);
  g_autoptr (QkDocument) before = NULL, after = NULL;

  qk_history_fixture_write (fixture, text);
  before = qk_history_fixture_load (fixture);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, all, 4));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  after = qk_history_fixture_load (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (after), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_true (
        qk_entry_same_json (qk_document_get_entry (before, i), qk_document_get_entry (after, i)));
}

static void
test_purge_many (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_indented (3000);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (guint));

  /* Every third one stays; those that go, go in no order. */
  for (guint i = 0; i < 3000; i++)
    {
      guint entry = i * 1117 % 3000;

      if (entry % 3 != 0)
        g_array_append_val (entries, entry);
    }
  check_purge (fixture, text, 3000, (const guint *) (gpointer) entries->data, entries->len);
}

/* The number of an undo puts the operation in effect again, which then can be undone again. */
static void
test_redo (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {1, 2};
  g_autofree char *text = make_indented (4), *purged = NULL;
  g_autoptr (GError) error = NULL;

  qk_history_fixture_write (fixture, text);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 2));
  purged = qk_history_fixture_read (fixture);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_false (qk_history_fixture_undo (fixture, 0, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO);
  g_assert_true (qk_history_fixture_undo (fixture, 2, NULL));
  qk_history_fixture_assert_text (fixture, purged);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);
}

/* Saves entries @first to @last of a batch. */
static void
save_set (Fixture *fixture, GPtrArray *batch, guint first, guint last)
{
  g_autoptr (GPtrArray) set = g_ptr_array_new ();

  for (guint i = first; i <= last; i++)
    g_ptr_array_add (set, batch->pdata[i]);
  g_assert_true (qk_history_fixture_save (fixture, set));
}

static GPtrArray *
begin_batch (Fixture *fixture, guint n)
{
  g_autoptr (QkDocument) document = qk_history_fixture_load (fixture);
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (changes, qk_history_fixture_resend (qk_document_get_entry (document, i)));
  qk_history_begin_batch (fixture->history, changes);
  return changes;
}

/* What is saved bit by bit is undone as one by whoever opens the history later; what was done while it
 * went on is undone before it. */
static void
test_batch (Fixture *fixture, gconstpointer data)
{
  static const guint last[] = {6};
  g_autofree char *text = NULL, *purged = NULL, *resent = NULL;
  g_autoptr (GPtrArray) batch = NULL;
  g_autoptr (QkHistoryOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  qk_history_fixture_write_ids (fixture, "abcdefg", "FAILED");
  text = qk_history_fixture_read (fixture);
  batch = begin_batch (fixture, 6);
  save_set (fixture, batch, 0, 1);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, last, 1));
  save_set (fixture, batch, 2, 3);
  save_set (fixture, batch, 4, 5);
  resent = qk_history_fixture_read (fixture);
  qk_history_end_batch (fixture->history, batch);
  operation = qk_history_fixture_dup_last (fixture);
  g_assert_cmpuint (operation->n_together, ==, 3);

  qk_history_fixture_reopen (fixture);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpstr (fixture->result->changed->pdata[0], ==, "g");
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, 6);
  qk_history_fixture_assert_text (fixture, text);
  g_assert_false (qk_history_fixture_undo (fixture, 0, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO);
  g_assert_cmpint (qk_history_fixture_count (
                       fixture, "SELECT count(*) FROM operations WHERE batch = 1 AND undone = 6"),
                   ==, 3);

  /* The undo of the undo puts all of it in effect again; any of its numbers undoes all. */
  g_assert_true (qk_history_fixture_undo (fixture, 6, NULL));
  g_assert_true (qk_history_fixture_undo (fixture, 5, NULL));
  qk_history_fixture_assert_text (fixture, resent);
  g_assert_true (qk_history_fixture_undo (fixture, 1, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, 6);
  purged = qk_history_fixture_read (fixture);
  g_assert_null (strstr (purged, "PENDING"));
}

/* A set that is saved after the undo was looked up stays, and can be undone for itself. */
static void
test_batch_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) batch = NULL, undo = NULL;
  g_autofree char *text = NULL;
  gint64 chosen;

  qk_history_fixture_write_ids (fixture, "abcd", "FAILED");
  text = qk_history_fixture_read (fixture);
  batch = begin_batch (fixture, 4);
  save_set (fixture, batch, 0, 0);
  save_set (fixture, batch, 1, 1);
  undo = qk_history_dup_undo (fixture->history, QK_HISTORY_FIXTURE_QUEUE, 1, &chosen, NULL);
  g_assert_cmpint (chosen, ==, 2);
  g_assert_cmpuint (undo->len, ==, 2);
  save_set (fixture, batch, 2, 3);
  g_assert_true (qk_history_fixture_save (fixture, undo));
  g_assert_cmpint (
      qk_history_fixture_count (fixture, "SELECT count(*) FROM operations WHERE undone = 4"), ==,
      2);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  qk_history_fixture_assert_text (fixture, text);
}

/* One after the other, the latest first, of this queue alone. */
static void
test_order_and_numbers (Fixture *fixture, gconstpointer data)
{
  static const guint first[] = {0}, second[] = {1};
  g_autofree char *text = make_compact (4), *between = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) other = NULL, list = NULL;

  qk_history_fixture_write (fixture, text);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, second, 1));
  between = qk_history_fixture_read (fixture);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, first, 1));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, between);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);

  g_assert_false (qk_history_fixture_undo (fixture, 77, &error));
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION);
  g_clear_error (&error);
  other = qk_history_dup_undo (fixture->history, "/another/queue", 1, NULL, &error);
  g_assert_null (other);
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION);
  list = qk_history_list (fixture->history, QK_HISTORY_FIXTURE_QUEUE, 3, NULL);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpint (((const QkHistoryOperation *) g_ptr_array_index (list, 0))->id, ==, 4);
}

static void
test_resend (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0, 2};
  g_autofree char *text = NULL, *resent = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  text = qk_history_fixture_read (fixture);
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, entries, 2));
  resent = qk_history_fixture_read (fixture);
  g_assert_cmpstr (resent, !=, text);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);
}

/* The copy that a resend of a delivered message makes is taken out again. */
static void
test_resend_delivered (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {1};
  g_autofree char *text = NULL;
  g_autoptr (QkDocument) document = NULL;

  qk_history_fixture_write_ids (fixture, "ab", "DELIVERED");
  text = qk_history_fixture_read (fixture);
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, entries, 1));
  document = qk_history_fixture_load (fixture);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 3);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);
}

/* What was fixed is as bad as it was again, to the byte. */
static void
test_fix (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0, 1};
  const char *text =
      "[{\"message\":\"\\ud800\",\"queue_id\":\"a\",\"priority_score\":0.5,\"status\":\"PENDING\","
      "\"created_at\":\"\",\"updated_at\":\"\"},{\"message\":\"b\",\"queue_id\":\"b\",\"status\":"
      "\"PENDING\",\"priority_score\": Infinity ,\"created_at\":\"\",\"updated_at\":\"\"}]";
  g_autofree char *fixed = NULL;
  g_autoptr (QkHistoryOperation) operation = NULL;
  g_autoptr (QkDocument) document = NULL;

  qk_history_fixture_write (fixture, text);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_fix, entries, 2));
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  operation = qk_history_fixture_dup_last (fixture);
  g_assert_cmpstr (operation->kind, ==, "fix");
  document = qk_history_fixture_load (fixture);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (qk_entry_get_hazards (qk_document_get_entry (document, i)), ==, 0);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
}

static char *
replace (const char *text, const char *old, const char *new)
{
  g_auto (GStrv) parts = g_strsplit (text, old, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (new, parts);
}

/* What a processor has taken meanwhile is not taken from it; the rest is undone. */
static void
test_moved_on (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0, 1};
  g_autofree char *resent = NULL, *taken = NULL, *after = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, entries, 2));
  resent = qk_history_fixture_read (fixture);
  taken = replace (resent, "PENDING", "PROCESSING");
  qk_history_fixture_write (fixture, taken);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->result->changed, 0), ==, "b");
  g_assert_cmpstr (qk_history_fixture_get_skipped (fixture, 0), ==,
                   "moved on meanwhile: processing now");
  after = qk_history_fixture_read (fixture);
  g_assert_nonnull (strstr (after, "PROCESSING"));
  g_assert_null (strstr (after, "PENDING"));
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpuint (last->count, ==, 1);
}

/* Nothing was restored: the operation is not undone. */
static void
test_nothing_restored (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0};
  g_autofree char *resent = NULL, *taken = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "a", "FAILED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, entries, 1));
  resent = qk_history_fixture_read (fixture);
  taken = replace (resent, "PENDING", "DELIVERED");
  qk_history_fixture_write (fixture, taken);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpint (fixture->result->operation, ==, 0);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpstr (last->kind, ==, "resend");
  g_assert_cmpint (last->undone, ==, 0);
  g_assert_cmpint (last->state, ==, QK_HISTORY_DONE);
}

static gboolean
send (Fixture *fixture)
{
  const QkDraft draft = {"CAPTAIN", "Agent-2", "Hello", "regular", NULL, NULL};
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  g_ptr_array_add (changes, qk_change_new_send (&draft));
  return qk_history_fixture_save (fixture, changes);
}

static void
test_send (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL, *sent = NULL, *taken = NULL;

  qk_history_fixture_write_ids (fixture, "ab", "DELIVERED");
  text = qk_history_fixture_read (fixture);
  g_assert_true (send (fixture));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  qk_history_fixture_assert_text (fixture, text);

  g_assert_true (send (fixture));
  sent = qk_history_fixture_read (fixture);
  taken = replace (sent, "PENDING", "PROCESSING");
  qk_history_fixture_write (fixture, taken);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpstr (qk_history_fixture_get_skipped (fixture, 0), ==,
                   "moved on meanwhile: processing now");
  qk_history_fixture_assert_text (fixture, taken);
}

/* Two changes of one entry are undone as one. */
static void
test_twice_changed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  text = qk_history_fixture_read (fixture);
  document = qk_history_fixture_load (fixture);
  g_ptr_array_add (changes,
                   qk_change_new_set_recipient (qk_document_get_entry (document, 1), "Agent-9"));
  g_ptr_array_add (changes,
                   qk_change_new_set_priority (qk_document_get_entry (document, 1), "urgent"));
  g_assert_true (qk_history_fixture_save (fixture, changes));
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpuint (fixture->result->skipped->len, ==, 0);
  qk_history_fixture_assert_text (fixture, text);
}

/* Another writer saves between the last look and the swap. */
static int
interrupt_swap (const char *temp, const char *path, gboolean *exchanged)
{
  script.swaps++;
  if (script.swaps == 1)
    qk_history_fixture_write (script.fixture, script.text);
  if (script.swaps == 2 && script.second != NULL)
    qk_history_fixture_write (script.fixture, script.second);
  return qk_platform_get_native ()->swap (temp, path, exchanged);
}

static void
play (Fixture *fixture, const char *text, const char *second)
{
  script.fixture = fixture;
  script.text = text;
  script.second = second;
  script.swaps = 0;
  fixture->platform.swap = interrupt_swap;
}

/* What is put back is what the other writer had: its new text, and nothing that it took out. */
static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0, 1, 2};
  g_autofree char *old = NULL, *new = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "acde", "FAILED");
  old = qk_history_fixture_read (fixture);
  new = replace (old, "Text of c", "Another text");
  qk_history_fixture_write_ids (fixture, "abcd", "FAILED");
  play (fixture, new, NULL);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 3));
  g_assert_cmpuint (script.swaps, ==, 2);
  g_assert_cmpuint (fixture->result->conflicts, ==, 1);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpuint (last->count, ==, 2);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_cmpuint (fixture->result->changed->len, ==, 2);
  qk_history_fixture_assert_text (fixture, new);
}

/* The second time the other one has our version, with the purge in it: the record of what was taken
 * from its first version stays. */
static void
test_conflict_twice (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {1};
  g_autofree char *old = NULL, *first = NULL, *second = NULL, *after = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  old = qk_history_fixture_read (fixture);
  first = replace (old, "Text of b", "Another text");
  qk_history_fixture_write_ids (fixture, "acd", "FAILED");
  second = qk_history_fixture_read (fixture);
  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  play (fixture, first, second);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 1));
  g_assert_cmpuint (fixture->result->conflicts, ==, 2);
  g_assert_cmpint (fixture->result->operation, ==, 1);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpuint (last->count, ==, 1);
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  after = qk_history_fixture_read (fixture);
  g_assert_nonnull (strstr (after, "Another text"));
  g_assert_null (strstr (after, "Text of b"));
}

/* All was done by the other one: there is nothing of ours to undo. */
static void
test_conflict_over_everything (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {1};
  g_autofree char *new = NULL;
  g_autoptr (QkHistoryOperation) last = NULL;

  qk_history_fixture_write_ids (fixture, "a", "FAILED");
  new = qk_history_fixture_read (fixture);
  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  play (fixture, new, NULL);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 1));
  g_assert_cmpint (fixture->result->operation, ==, 0);
  g_assert_null (fixture->result->no_undo);
  last = qk_history_fixture_dup_last (fixture);
  g_assert_cmpint (last->state, ==, QK_HISTORY_ABORTED);
  qk_history_fixture_assert_text (fixture, new);
}

static GPtrArray *
list_entries (Fixture *fixture, gint64 operation, guint limit)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = qk_history_list_entries (fixture->history, QK_HISTORY_FIXTURE_QUEUE,
                                                operation, limit, &error);

  g_assert_no_error (error);
  return entries;
}

/* What an operation did to each entry. */
static void
test_entries (Fixture *fixture, gconstpointer data)
{
  static const guint all[] = {0, 1, 2};
  g_autoptr (GPtrArray) purged = NULL, resent = NULL, first = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  const QkHistoryEntry *entry;
  gint64 operation;

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, all, 2));
  operation = fixture->result->operation;
  resent = list_entries (fixture, operation, 10);
  g_assert_cmpuint (resent->len, ==, 2);
  entry = resent->pdata[1];
  g_assert_cmpstr (entry->id, ==, "b");
  g_assert_true (entry->before.there && entry->after.there);
  g_assert_cmpstr (entry->before.status, ==, "FAILED");
  g_assert_cmpstr (entry->after.status, ==, "PENDING");
  g_assert_cmpstr (entry->after.recipient, ==, entry->before.recipient);
  g_assert_cmpstr (qk_history_entry_get_recipient (entry), ==, "Agent-1");

  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, all, 3));
  purged = list_entries (fixture, fixture->result->operation, 10);
  g_assert_cmpuint (purged->len, ==, 3);
  entry = purged->pdata[2];
  g_assert_cmpstr (entry->before.status, ==, "FAILED");
  g_assert_false (entry->after.there);
  g_assert_cmpstr (qk_history_entry_get_recipient (entry), ==, "Agent-1");
  first = list_entries (fixture, fixture->result->operation, 1);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpstr (((QkHistoryEntry *) first->pdata[0])->id, ==, "a");

  none = qk_history_list_entries (fixture->history, "/another/queue", operation, 10, &error);
  g_assert_null (none);
  g_assert_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION);
}

static gboolean
has_changed (Fixture *fixture, QkHistoryVersion *version)
{
  g_autoptr (GError) error = NULL;
  gboolean changed;

  g_assert_true (qk_history_has_changed (fixture->history, version, &changed, &error));
  g_assert_no_error (error);
  return changed;
}

/* Whoever has changed it: this history, or another program. To ask makes no file. */
static void
test_has_changed (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {0};
  QkHistoryVersion version = {0};

  g_assert_false (has_changed (fixture, &version));
  g_assert_false (g_file_test (fixture->db, G_FILE_TEST_EXISTS));
  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 1));
  g_assert_true (has_changed (fixture, &version));
  g_assert_false (has_changed (fixture, &version));
  qk_history_fixture_execute (fixture, "UPDATE operations SET user = 'somebody'");
  g_assert_true (has_changed (fixture, &version));
  g_assert_false (has_changed (fixture, &version));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_true (has_changed (fixture, &version));
  g_assert_false (has_changed (fixture, &version));
}

static void
check_touch (GPtrArray *list,
             guint index,
             const char *kind,
             const char *before,
             const char *after,
             gboolean copied)
{
  const QkHistoryTouch *touch;

  g_assert_cmpuint (index, <, list->len);
  touch = list->pdata[index];
  g_assert_cmpstr (touch->operation->kind, ==, kind);
  g_assert_cmpstr (touch->operation->user, ==, g_get_user_name ());
  g_assert_cmpstr (touch->was ? qk_status_get_name (touch->before) : NULL, ==, before);
  g_assert_cmpstr (touch->is ? qk_status_get_name (touch->after) : NULL, ==, after);
  g_assert_cmpint (touch->copied, ==, copied);
}

static GPtrArray *
list_of_entry (Fixture *fixture, const char *queue, const char *id, guint limit)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = qk_history_list_of_entry (fixture->history, queue, id, limit, &error);

  g_assert_no_error (error);
  return list;
}

/* What was done to one message of several. */
static void
test_list_of_entry (Fixture *fixture, gconstpointer data)
{
  static const guint both[] = {0, 1}, second[] = {1};
  g_autoptr (GPtrArray) none = list_of_entry (fixture, QK_HISTORY_FIXTURE_QUEUE, "b", 9);
  g_autoptr (GPtrArray) all = NULL, some = NULL, other = NULL, elsewhere = NULL;

  /* Who only looks leaves no file behind. */
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (g_file_test (fixture->db, G_FILE_TEST_EXISTS));

  qk_history_fixture_write_ids (fixture, "abc", "FAILED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, both, 2));
  g_assert_true (qk_history_fixture_undo (fixture, 0, NULL));
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, second, 1));
  qk_history_fixture_write_ids (fixture, "abc", "DELIVERED");
  g_assert_true (qk_history_fixture_apply (fixture, qk_history_fixture_resend, second, 1));
  qk_history_fixture_reopen (fixture);

  all = list_of_entry (fixture, QK_HISTORY_FIXTURE_QUEUE, "b", 9);
  g_assert_cmpuint (all->len, ==, 4);
  check_touch (all, 0, "resend", NULL, "PENDING", TRUE);
  check_touch (all, 1, "resend", "FAILED", "PENDING", FALSE);
  check_touch (all, 2, "undo", NULL, "FAILED", FALSE);
  check_touch (all, 3, "purge", "FAILED", NULL, FALSE);
  some = list_of_entry (fixture, QK_HISTORY_FIXTURE_QUEUE, "b", 2);
  g_assert_cmpuint (some->len, ==, 2);
  check_touch (some, 1, "resend", "FAILED", "PENDING", FALSE);
  other = list_of_entry (fixture, QK_HISTORY_FIXTURE_QUEUE, "a", 9);
  g_assert_cmpuint (other->len, ==, 2);
  elsewhere = list_of_entry (fixture, "/another/queue", "b", 9);
  g_assert_cmpuint (elsewhere->len, ==, 0);
}

/* What was not done in the end is not told. */
static void
test_list_of_entry_aborted (Fixture *fixture, gconstpointer data)
{
  static const guint entries[] = {1};
  g_autofree char *new = NULL;
  g_autoptr (GPtrArray) list = NULL;

  qk_history_fixture_write_ids (fixture, "a", "FAILED");
  new = qk_history_fixture_read (fixture);
  qk_history_fixture_write_ids (fixture, "ab", "FAILED");
  play (fixture, new, NULL);
  g_assert_true (qk_history_fixture_apply (fixture, qk_change_new_purge, entries, 1));
  list = list_of_entry (fixture, QK_HISTORY_FIXTURE_QUEUE, "b", 9);
  g_assert_cmpuint (list->len, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/history/list-of-entry", test_list_of_entry},
      {"/history/list-of-entry-aborted", test_list_of_entry_aborted},
      {"/history/purge-compact", test_purge_compact},
      {"/history/purge-indented", test_purge_indented},
      {"/history/purge-all-indented", test_purge_all_indented},
      {"/history/purge-many", test_purge_many},
      {"/history/redo", test_redo},
      {"/history/order-and-numbers", test_order_and_numbers},
      {"/history/batch", test_batch},
      {"/history/batch-goes-on", test_batch_goes_on},
      {"/history/resend", test_resend},
      {"/history/resend-delivered", test_resend_delivered},
      {"/history/fix", test_fix},
      {"/history/moved-on", test_moved_on},
      {"/history/nothing-restored", test_nothing_restored},
      {"/history/send", test_send},
      {"/history/twice-changed", test_twice_changed},
      {"/history/entries", test_entries},
      {"/history/has-changed", test_has_changed},
      {"/history/conflict", test_conflict},
      {"/history/conflict-twice", test_conflict_twice},
      {"/history/conflict-over-everything", test_conflict_over_everything},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, qk_history_fixture_set_up, tests[i].test,
                qk_history_fixture_tear_down);
  return g_test_run ();
}
