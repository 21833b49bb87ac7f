#include "qk-history-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

void
qk_history_fixture_set_up (QkHistoryFixture *self, gconstpointer data)
{
  qk_test_folder_set_up (&self->folder, NULL);
  self->db = g_build_filename (self->folder.path, "data", "history.db", NULL);
  self->platform = *qk_platform_get_native ();
  qk_history_fixture_reopen (self);
}

void
qk_history_fixture_tear_down (QkHistoryFixture *self, gconstpointer data)
{
  g_clear_pointer (&self->result, qk_result_free);
  g_object_unref (self->history);
  qk_test_folder_tear_down (&self->folder, NULL);
  g_free (self->db);
}

/* As another run of the program finds it. */
void
qk_history_fixture_reopen (QkHistoryFixture *self)
{
  g_clear_object (&self->history);
  self->history = qk_history_new (self->db);
}

void
qk_history_fixture_write (QkHistoryFixture *self, const char *text)
{
  g_free (qk_test_folder_write (&self->folder, "queue.json", text, -1));
}

/* One entry for each letter of @ids. */
void
qk_history_fixture_write_ids (QkHistoryFixture *self, const char *ids, const char *status)
{
  g_autofree char *text = qk_test_queue_of_ids (ids, status);

  qk_history_fixture_write (self, text);
}

char *
qk_history_fixture_read (QkHistoryFixture *self)
{
  g_autoptr (GBytes) bytes = qk_test_read (self->folder.queue);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
qk_history_fixture_assert_text (QkHistoryFixture *self, const char *text)
{
  g_autofree char *found = qk_history_fixture_read (self);

  g_assert_cmpstr (found, ==, text);
}

QkDocument *
qk_history_fixture_load (QkHistoryFixture *self)
{
  g_autoptr (GBytes) bytes = qk_test_read (self->folder.queue);
  QkDocument *document = qk_document_new (bytes, NULL, NULL, NULL);

  g_assert_nonnull (document);
  return document;
}

QkChange *
qk_history_fixture_resend (const QkEntry *entry)
{
  return qk_change_new_resend (entry, QK_STUCK_WARNING_S);
}

/* Whether the queue was written. */
gboolean
qk_history_fixture_save (QkHistoryFixture *self, GPtrArray *changes)
{
  g_autoptr (GError) error = NULL;
  QkWriter writer = {
      .platform = &self->platform,
      .path = self->folder.queue,
      .policy = {2, 1000, 1000},
      .journal = QK_JOURNAL (self->history),
      .queue = QK_HISTORY_FIXTURE_QUEUE,
  };

  g_clear_pointer (&self->result, qk_result_free);
  self->result = qk_writer_save (&writer, changes, NULL, &error);
  return self->result != NULL;
}

/* Saves a change of each of the @n entries that @entries name. */
gboolean
qk_history_fixture_apply (QkHistoryFixture *self,
                          QkHistoryFixtureFunc make,
                          const guint *entries,
                          guint n)
{
  g_autoptr (QkDocument) document = qk_history_fixture_load (self);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (changes, make (qk_document_get_entry (document, entries[i])));
  return qk_history_fixture_save (self, changes);
}

gboolean
qk_history_fixture_undo (QkHistoryFixture *self, gint64 operation, GError **error)
{
  g_autoptr (GPtrArray) changes =
      qk_history_dup_undo (self->history, QK_HISTORY_FIXTURE_QUEUE, operation, NULL, error);

  return changes != NULL && qk_history_fixture_save (self, changes);
}

const char *
qk_history_fixture_get_skipped (QkHistoryFixture *self, guint index)
{
  const QkSkip *skip;

  g_assert_cmpuint (index, <, self->result->skipped->len);
  skip = g_ptr_array_index (self->result->skipped, index);
  return skip->reason;
}

QkHistoryOperation *
qk_history_fixture_dup_last (QkHistoryFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = qk_history_list (self->history, QK_HISTORY_FIXTURE_QUEUE, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  return g_ptr_array_steal_index (list, 0);
}

static sqlite3 *
open_by_hand (QkHistoryFixture *self)
{
  g_autofree char *folder = g_path_get_dirname (self->db);
  sqlite3 *sqlite = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (sqlite3_open (self->db, &sqlite), ==, SQLITE_OK);
  (void) sqlite3_busy_timeout (sqlite, 5000);
  return sqlite;
}

/* The number that a statement gives, asked past the history. */
gint64
qk_history_fixture_count (QkHistoryFixture *self, const char *sql)
{
  sqlite3 *sqlite = open_by_hand (self);
  sqlite3_stmt *statement = NULL;
  gint64 count;

  g_assert_cmpint (sqlite3_prepare_v2 (sqlite, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  count = sqlite3_column_int64 (statement, 0);
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (sqlite), ==, SQLITE_OK);
  return count;
}

void
qk_history_fixture_execute (QkHistoryFixture *self, const char *sql)
{
  sqlite3 *sqlite = open_by_hand (self);

  g_assert_cmpint (sqlite3_exec (sqlite, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (sqlite), ==, SQLITE_OK);
}
