#include "qk-archive-dialog.h"
#include "qk-exporter.h"
#include "qk-import-dialog.h"
#include "qk-message.h"
#include "qk-pick-view.h"
#include "qk-restore-dialog.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

#include <glib/gstdio.h>
#include <string.h>

/* The dialogs that archive, import and restore, on real queues; and the export. */

#define DAY_S (24 * 3600)

typedef struct {
  QkUiFixture queue;
  QkChanger *changer;
  GtkWidget *dialog;
  QkPickView *view;
  const char *expected;
  char *told; /* owned, nullable */
  gint64 operation;
  gboolean failed;
} Fixture;

static void
arrived_cb (QkChanger *changer,
            const char *text,
            gboolean failed,
            gint64 operation,
            Fixture *fixture)
{
  g_free (fixture->told);
  fixture->told = g_strdup (text);
  fixture->failed = failed;
  fixture->operation = operation;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, NULL);
  fixture->changer = qk_changer_new ();
  g_signal_connect (fixture->changer, "arrived", G_CALLBACK (arrived_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->dialog != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
      gtk_window_destroy (GTK_WINDOW (fixture->dialog));
    }
  g_object_unref (fixture->changer);
  g_free (fixture->told);
  qk_ui_fixture_tear_down (&fixture->queue, NULL);
}

static gboolean
is_shown (gpointer data)
{
  Fixture *fixture = data;

  return g_strcmp0 (qk_pick_view_get_shown (fixture->view), fixture->expected) == 0;
}

static void
await_view (Fixture *fixture, const char *page)
{
  fixture->expected = page;
  if (!qk_test_wait (is_shown, fixture, QK_UI_PATIENCE_MS))
    g_assert_cmpstr (qk_pick_view_get_shown (fixture->view), ==, page);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
present (Fixture *fixture, GtkWidget *dialog, const char *page)
{
  fixture->dialog = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &fixture->dialog);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_true (qk_test_wait (is_mapped, dialog, QK_UI_PATIENCE_MS));
  fixture->view = QK_PICK_VIEW (qk_ui_test_find (dialog, QK_TYPE_PICK_VIEW, NULL));
  await_view (fixture, page);
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (qk_pick_view_get_rows (fixture->view));
}

static QkPickRow *
get_row (Fixture *fixture, guint index)
{
  g_autoptr (QkPickRow) row = g_list_model_get_item (qk_pick_view_get_rows (fixture->view), index);

  g_assert_nonnull (row);
  return row;
}

static gboolean
is_told (gpointer data)
{
  return ((Fixture *) data)->told != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return ((Fixture *) data)->dialog == NULL;
}

/* Does what the button of the dialog does, and waits for what is told. */
static void
run (Fixture *fixture, const char *action)
{
  g_clear_pointer (&fixture->told, g_free);
  g_assert_true (gtk_widget_activate_action (fixture->dialog, action, NULL));
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
}

static gboolean
has_button (Fixture *fixture, const char *label)
{
  return qk_ui_test_find (fixture->dialog, GTK_TYPE_BUTTON, label) != NULL;
}

static char *
queue_text (GPtrArray *entries)
{
  g_autoptr (GPtrArray) terminated = g_ptr_array_copy (entries, NULL, NULL);

  g_ptr_array_set_free_func (terminated, NULL);
  g_ptr_array_add (terminated, NULL);
  return qk_test_queue ((const char *const *) terminated->pdata);
}

static void
assert_queue (Fixture *fixture, GPtrArray *entries)
{
  g_autofree char *expected = queue_text (entries);
  g_autofree char *text = qk_ui_fixture_read (&fixture->queue);

  g_assert_cmpstr (text, ==, expected);
}

/* An old delivered one, a young one, and one that waits. */
static GPtrArray *
open_queue (Fixture *fixture)
{
  GPtrArray *entries = qk_ui_entries_new ();

  g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_DELIVERED, 1, 0.5, 40 * DAY_S));
  g_ptr_array_add (entries, qk_ui_entry (2, QK_STATUS_PENDING, 2, 0.5, 50 * DAY_S));
  g_ptr_array_add (entries, qk_ui_entry (3, QK_STATUS_DELIVERED, 3, 0.5, DAY_S));
  qk_ui_fixture_write (&fixture->queue, entries);
  qk_ui_fixture_open (&fixture->queue);
  qk_store_set_journal (fixture->queue.store, qk_changer_get_journal (fixture->changer));
  return entries;
}

static void
archived_cb (QkArchiveDialog *dialog, const char *text, gint64 operation, Fixture *fixture)
{
  arrived_cb (NULL, text, FALSE, operation, fixture);
}

static void
show_archive (Fixture *fixture, const char *page)
{
  GtkWidget *dialog = qk_archive_dialog_new (NULL, fixture->queue.store);

  g_signal_connect (dialog, "archived", G_CALLBACK (archived_cb), fixture);
  present (fixture, dialog, page);
}

static gboolean
has_two_rows (gpointer data)
{
  return count_rows (data) == 2;
}

static void
test_archive (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *original = queue_text (entries), *text = NULL;

  show_archive (fixture, "list");
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  g_assert_true (has_button (fixture, "Archive 1"));
  qk_archive_dialog_set_days (QK_ARCHIVE_DIALOG (fixture->dialog), 0);
  g_assert_true (qk_test_wait (has_two_rows, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (has_button (fixture, "Archive 2"));
  assert_queue (fixture, entries);

  run (fixture, "archive.run");
  g_assert_true (g_str_has_prefix (fixture->told, "2 messages archived to "));
  g_assert_nonnull (strstr (fixture->told, "/archive/queue_archive_"));
  g_assert_null (strstr (fixture->told, "stay"));
  g_assert_cmpint (fixture->operation, !=, 0);
  g_ptr_array_remove_index (entries, 2);
  g_ptr_array_remove_index (entries, 0);
  assert_queue (fixture, entries);

  g_clear_pointer (&fixture->told, g_free);
  qk_changer_undo (fixture->changer, fixture->queue.store, fixture->operation);
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  text = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (text, ==, original);
}

/* The sign beside what is wrong; the list has none. */
static gboolean
has_banner (gpointer data)
{
  Fixture *fixture = data;
  GtkWidget *sign = qk_ui_test_find (fixture->dialog, GTK_TYPE_IMAGE, NULL);

  return sign != NULL &&
         g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (sign)), "dialog-warning-symbolic") == 0;
}

/* It says what is wrong, and nothing is lost. */
static void
test_archive_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *path = qk_test_folder_write (&fixture->queue.folder, "there.json", "x", -1);
  g_autoptr (GBytes) bytes = NULL;

  show_archive (fixture, "list");
  qk_archive_dialog_set_place (QK_ARCHIVE_DIALOG (fixture->dialog), path);
  g_assert_true (gtk_widget_activate_action (fixture->dialog, "archive.run", NULL));
  g_assert_cmpstr (qk_pick_view_get_shown (fixture->view), ==, "working");
  await_view (fixture, "list");
  g_assert_true (qk_test_wait (has_banner, fixture, QK_UI_PATIENCE_MS));
  g_assert_null (fixture->told);
  g_assert_true (has_button (fixture, "Archive 1"));
  assert_queue (fixture, entries);
  bytes = qk_test_read (path);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1);
}

static void
test_archive_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);

  show_archive (fixture, "list");
  qk_archive_dialog_set_days (QK_ARCHIVE_DIALOG (fixture->dialog), 100);
  await_view (fixture, "notice");
  g_assert_false (gtk_widget_activate_action (fixture->dialog, "archive.run", NULL) &&
                  g_strcmp0 (qk_pick_view_get_shown (fixture->view), "working") == 0);
  assert_queue (fixture, entries);
}

/* New, there already, in another state, and one that no fix helps. */
static char *
write_theirs (Fixture *fixture, GPtrArray *entries, char **added)
{
  g_autoptr (GPtrArray) theirs = qk_ui_entries_new ();
  g_autofree char *text = NULL;

  *added = qk_ui_entry (7, QK_STATUS_FAILED, 1, 0.5, 100);
  g_ptr_array_add (theirs, g_strdup (*added));
  g_ptr_array_add (theirs, g_strdup (entries->pdata[0]));
  g_ptr_array_add (theirs, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.5, 60 * DAY_S));
  g_ptr_array_add (theirs, g_strdup ("17"));
  text = queue_text (theirs);
  return qk_test_folder_write (&fixture->queue.folder, "theirs.json", text, -1);
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *added = NULL, *path = write_theirs (fixture, entries, &added);

  present (fixture, qk_import_dialog_new (NULL, fixture->queue.store, fixture->changer, path),
           "list");
  g_assert_cmpuint (count_rows (fixture), ==, 4);
  g_assert_true (has_button (fixture, "Import 1"));
  g_assert_true (qk_pick_row_is_picked (get_row (fixture, 0)));
  for (guint i = 1; i < 4; i++)
    {
      g_assert_false (qk_pick_row_can_pick (get_row (fixture, i)));
      g_assert_nonnull (qk_pick_row_get_note (get_row (fixture, i)));
    }
  run (fixture, "import.run");
  g_assert_cmpstr (fixture->told, ==, "1 put back");
  g_ptr_array_add (entries, g_strdup (added));
  assert_queue (fixture, entries);

  g_clear_pointer (&fixture->told, g_free);
  qk_changer_undo (fixture->changer, fixture->queue.store, 0);
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  g_ptr_array_remove_index (entries, 3);
  assert_queue (fixture, entries);
}

static gboolean
can_copy (gpointer data)
{
  return has_button (data, "Import 2");
}

static void
test_import_copies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *added = NULL, *path = write_theirs (fixture, entries, &added), *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) document = NULL;

  present (fixture, qk_import_dialog_new (NULL, fixture->queue.store, fixture->changer, path),
           "list");
  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (qk_ui_test_find (fixture->dialog, GTK_TYPE_CHECK_BUTTON,
                                         "Copies of those in another state")),
      TRUE);
  g_assert_true (qk_test_wait (can_copy, fixture, QK_UI_PATIENCE_MS));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (qk_ui_test_find (
                                   fixture->dialog, GTK_TYPE_CHECK_BUTTON, "Deliver them again")),
                               TRUE);
  run (fixture, "import.run");
  bytes = qk_test_read (fixture->queue.folder.queue);
  document = qk_document_new (bytes, NULL, NULL, NULL);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 5);
  for (guint i = 3; i < 5; i++)
    g_assert_cmpint (qk_entry_get_status (qk_document_get_entry (document, i)), ==,
                     QK_STATUS_PENDING);
}

static void
test_import_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *path =
      qk_test_folder_write (&fixture->queue.folder, "bad<b>.json", "[{\"queue_id\":", -1);

  present (fixture, qk_import_dialog_new (NULL, fixture->queue.store, fixture->changer, path),
           "notice");
  g_assert_true (has_button (fixture, "Import"));
  g_assert_cmpuint (count_rows (fixture), ==, 0);
}

static void
show_restore (Fixture *fixture, const char *page)
{
  present (fixture, qk_restore_dialog_new (NULL, fixture->queue.store, fixture->changer), page);
}

/* A backup with one message more, one in another state, and one less. Returns its text. */
static char *
write_backup (Fixture *fixture, GPtrArray *entries)
{
  g_autoptr (GPtrArray) theirs = qk_ui_entries_new ();
  g_autofree char *folder = g_build_filename (fixture->queue.folder.path, "backups", NULL);
  char *text;

  g_ptr_array_add (theirs, g_strdup (entries->pdata[0]));
  g_ptr_array_add (theirs, qk_ui_entry (8, QK_STATUS_FAILED, 1, 0.5, 100));
  g_ptr_array_add (theirs, qk_ui_entry (2, QK_STATUS_FAILED, 2, 0.5, 60 * DAY_S));
  text = queue_text (theirs);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_free (qk_test_folder_write (&fixture->queue.folder, "backups/queue_20260101_000000.json", text,
                                -1));
  return text;
}

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *backup = write_backup (fixture, entries), *text = NULL;

  show_restore (fixture, "list");
  g_assert_cmpuint (count_rows (fixture), ==, 3);
  g_assert_true (has_button (fixture, "Restore"));
  qk_pick_view_pick_all (fixture->view, TRUE);
  g_assert_true (has_button (fixture, "Restore 2"));
  g_assert_false (qk_pick_row_is_picked (get_row (fixture, 2)));
  qk_pick_row_set_picked (get_row (fixture, 2), TRUE);
  g_assert_true (has_button (fixture, "Restore 2, Remove 1"));
  assert_queue (fixture, entries);

  run (fixture, "restore.run");
  text = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (text, ==, backup);
  g_clear_pointer (&fixture->told, g_free);
  qk_changer_undo (fixture->changer, fixture->queue.store, 0);
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  assert_queue (fixture, entries);
}

static void
test_restore_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);

  show_restore (fixture, "notice");
  g_assert_cmpuint (count_rows (fixture), ==, 0);
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  g_autofree char *backup = write_backup (fixture, entries);

  show_restore (fixture, "list");
  qk_pick_view_find (fixture->view, "text 00000008");
  g_assert_cmpuint (qk_pick_view_get_n_found (fixture->view), ==, 1);
  qk_pick_view_pick_all (fixture->view, TRUE);
  g_assert_cmpuint (qk_pick_view_count_picked (fixture->view, NULL), ==, 1);
  qk_pick_view_find (fixture->view, "");
  g_assert_cmpuint (qk_pick_view_get_n_found (fixture->view), ==, 3);
  g_assert_true (has_button (fixture, "Restore 1"));
  qk_pick_view_pick_all (fixture->view, FALSE);
  g_assert_true (has_button (fixture, "Restore"));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = qk_exporter_run_finish (result, &error);

  arrived_cb (NULL, path != NULL ? path : error->message, path == NULL, 0, fixture);
}

/* What was selected is exported, even if it is gone by then. */
static void
test_export (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  GArray *indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (QkPick) pick = NULL;
  const guint second = 1;
  g_autofree char *path = g_build_filename (fixture->queue.folder.path, "out.csv", NULL);
  g_autofree char *text = NULL;

  g_array_append_val (indexes, second);
  pick = qk_pick_new (qk_store_get_document (fixture->queue.store), indexes);
  qk_exporter_run_async (fixture->queue.store, pick, QK_MESSAGE_FORMAT_CSV, path, FALSE,
                         exported_cb, fixture);
  g_clear_pointer (&pick, qk_pick_unref);
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (fixture->told, ==, path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "queue_id,"));
  g_assert_nonnull (strstr (text, ",Text 2\r\n"));
  g_assert_null (strstr (text, "Text 1"));
}

static gboolean
find_dialog (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_OBJECT_TYPE (window) == type)
        {
          gtk_window_destroy (GTK_WINDOW (window));
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
opens_archive (gpointer data)
{
  gtk_widget_activate_action (data, "win.archive", NULL);
  return find_dialog (QK_TYPE_ARCHIVE_DIALOG);
}

static gboolean
opens_restore (gpointer data)
{
  gtk_widget_activate_action (data, "win.restore-backup", NULL);
  return find_dialog (QK_TYPE_RESTORE_DIALOG);
}

static void
test_window (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = open_queue (fixture);
  GtkWidget *window = qk_window_new (NULL);

  gtk_window_present (GTK_WINDOW (window));
  qk_window_open (QK_WINDOW (window), fixture->queue.folder.queue);
  g_assert_true (qk_test_wait (opens_archive, window, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (opens_restore, window, QK_UI_PATIENCE_MS));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
      ADD ("/keep/archive", test_archive);
      ADD ("/keep/archive-fails", test_archive_fails);
      ADD ("/keep/archive-nothing", test_archive_nothing);
      ADD ("/keep/import", test_import);
      ADD ("/keep/import-copies", test_import_copies);
      ADD ("/keep/import-damaged", test_import_damaged);
      ADD ("/keep/restore", test_restore);
      ADD ("/keep/restore-none", test_restore_none);
      ADD ("/keep/find", test_find);
      ADD ("/keep/export", test_export);
      ADD ("/keep/window", test_window);
    }
  return qk_ui_test_run (has_display);
}
