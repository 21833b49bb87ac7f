#include "qk-ui-fixture.h"

#include "qk-time.h"

#include <string.h>

static void
changed_cb (QkStore *store, QkDiff *diff, QkUiFixture *fixture)
{
  fixture->n_changes++;
}

void
qk_ui_fixture_set_up (QkUiFixture *fixture, gconstpointer user_data)
{
  qk_test_folder_set_up (&fixture->folder, user_data);
}

void
qk_ui_fixture_tear_down (QkUiFixture *fixture, gconstpointer user_data)
{
  if (fixture->store != NULL)
    g_signal_handlers_disconnect_by_data (fixture->store, fixture);
  g_clear_object (&fixture->store);
  qk_test_folder_tear_down (&fixture->folder, user_data);
}

/**
 * qk_ui_fixture_write:
 * @fixture: a fixture
 * @entries: (element-type utf8): entries in JSON
 *
 * Writes the queue.
 */
void
qk_ui_fixture_write (QkUiFixture *fixture, GPtrArray *entries)
{
  g_autoptr (GPtrArray) terminated = g_ptr_array_copy (entries, NULL, NULL);
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_free_func (terminated, NULL);
  g_ptr_array_add (terminated, NULL);
  json = qk_test_queue ((const char *const *) terminated->pdata);
  g_file_set_contents (fixture->folder.queue, json, -1, &error);
  g_assert_no_error (error);
}

static gboolean
is_live (gpointer user_data)
{
  return qk_store_get_state (user_data) == QK_STORE_STATE_LIVE;
}

/**
 * qk_ui_fixture_open:
 * @fixture: a fixture
 *
 * Opens the queue and waits until it is there.
 */
void
qk_ui_fixture_open (QkUiFixture *fixture)
{
  fixture->store = qk_store_new (fixture->folder.queue);
  g_signal_connect_after (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
  qk_store_start (fixture->store);
  g_assert_true (qk_test_wait (is_live, fixture->store, QK_UI_PATIENCE_MS));
}

typedef struct {
  QkUiFixture *fixture;
  guint n_changes;
} ChangeWait;

static gboolean
has_changed (gpointer user_data)
{
  ChangeWait *wait = user_data;

  return wait->fixture->n_changes > wait->n_changes;
}

/**
 * qk_ui_fixture_rewrite:
 * @fixture: a fixture with an open store
 * @entries: (element-type utf8): other entries than before
 *
 * Writes the queue as another process would, and waits until the store has seen it.
 */
void
qk_ui_fixture_rewrite (QkUiFixture *fixture, GPtrArray *entries)
{
  ChangeWait wait = {fixture, fixture->n_changes};

  qk_ui_fixture_write (fixture, entries);
  g_assert_true (qk_test_wait (has_changed, &wait, QK_UI_PATIENCE_MS));
}

/**
 * qk_ui_fixture_read:
 * @fixture: a fixture
 *
 * Returns: (transfer full): what stands in the queue's file
 */
char *
qk_ui_fixture_read (QkUiFixture *fixture)
{
  g_autoptr (GBytes) bytes = qk_test_read (fixture->folder.queue);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * qk_ui_dup_id:
 * @id: a number
 *
 * Returns: (transfer full): the queue_id that qk_ui_entry() makes of it
 */
char *
qk_ui_dup_id (guint id)
{
  return g_strdup_printf ("%08x-0000-4000-8000-000000000000", id);
}

/**
 * qk_ui_entry:
 * @id: a number for its queue_id
 * @status: its status
 * @agent: the number of the recipient
 * @priority: its priority_score
 * @age_s: how many seconds ago it was created and updated, to the second: so times can be equal
 *
 * Returns: (transfer full): an entry in JSON
 */
char *
qk_ui_entry (guint id, QkStatus status, guint agent, double priority, int age_s)
{
  g_autofree char *queue_id = qk_ui_dup_id (id);
  gint64 now_s = qk_wall_now () / G_USEC_PER_SEC;
  g_autofree char *time = qk_wall_format ((now_s - age_s) * G_USEC_PER_SEC);
  char score[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (score, sizeof score, "%.1f", priority);
  return g_strdup_printf (
      "{\"message\":{\"sender\":\"CAPTAIN\",\"recipient\":\"Agent-%u\",\"content\":\"Text %u\","
      "\"priority\":\"regular\",\"message_type\":\"captain_to_agent\",\"tags\":[\"system\"],"
      "\"metadata\":{\"stalled\":false}},\"queue_id\":\"%s\",\"priority_score\":%s,"
      "\"status\":\"%s\",\"created_at\":\"%s\",\"updated_at\":\"%s\","
      "\"metadata\":{\"delivery_callback\":false}}",
      agent, id, queue_id, score, qk_status_get_name (status), time, time);
}

/**
 * qk_ui_alter:
 * @entries: (element-type utf8): entries in JSON
 * @index: which of them
 * @old: what stands in it once
 * @new: what is to stand there
 *
 * Alters an entry.
 */
void
qk_ui_alter (GPtrArray *entries, guint index, const char *old, const char *new)
{
  g_autofree char *entry = entries->pdata[index];
  g_auto (GStrv) parts = g_strsplit (entry, old, -1);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  entries->pdata[index] = g_strjoinv (new, parts);
}

/**
 * qk_ui_entries_new:
 *
 * Returns: (transfer full): an array for entries
 */
GPtrArray *
qk_ui_entries_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}
