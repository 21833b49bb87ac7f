#include "qk-salvage-dialog.h"
#include "qk-salvage-view.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

#include "platform/qk-platform.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

/* The dialog on real damaged files. */

typedef struct {
  QkUiFixture queue;
  GPtrArray *entries;
  QkSalvageDialog *dialog;
  const char *expected;
  gboolean enabled;
  QkStoreState state;
  char *broken;   /* the entry that has lost its first bytes, as it was */
  char *repaired; /* what the dialog told */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, data);
  fixture->entries = qk_ui_entries_new ();
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->dialog == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  g_ptr_array_unref (fixture->entries);
  g_free (fixture->broken);
  g_free (fixture->repaired);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
add (Fixture *fixture, guint id)
{
  g_ptr_array_add (fixture->entries, qk_ui_entry (id, QK_STATUS_PENDING, 1, 0.5, 100));
}

/* "[a,b": what was added, without the closing bracket. */
static char *
dup_open_list (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fixture->entries->len; i++)
    g_string_append_printf (text, "%c%s", i == 0 ? '[' : ',',
                            (const char *) fixture->entries->pdata[i]);
  return g_string_free (text, FALSE);
}

/* So old that nobody can be writing it, and put there in one step. */
static void
write_old (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->queue.folder.path, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temp = qk_test_folder_write (&fixture->queue.folder, "new", text, -1);
  struct utimbuf old = {1700000000, 1700000000};

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_utime (temp, &old), ==, 0);
  g_assert_cmpint (g_rename (temp, path), ==, 0);
}

static gboolean
has_state (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_store_get_state (fixture->queue.store) == fixture->state;
}

static void
wait_for_state (Fixture *fixture, QkStoreState state)
{
  fixture->state = state;
  g_assert_true (qk_test_wait (has_state, fixture, QK_UI_PATIENCE_MS));
}

static void
repaired_cb (QkSalvageDialog *dialog, const char *text, Fixture *fixture)
{
  g_assert_null (fixture->repaired);
  fixture->repaired = g_strdup (text);
}

static gboolean
shows (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_strcmp0 (qk_salvage_dialog_get_shown (fixture->dialog), fixture->expected) == 0;
}

static void
wait_until_shows (Fixture *fixture, const char *page)
{
  fixture->expected = page;
  if (!qk_test_wait (shows, fixture, QK_UI_PATIENCE_MS))
    g_assert_cmpstr (qk_salvage_dialog_get_shown (fixture->dialog), ==, page);
}

static void
show_dialog (Fixture *fixture, const char *page)
{
  fixture->dialog = QK_SALVAGE_DIALOG (qk_salvage_dialog_new (NULL, fixture->queue.store));
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  g_signal_connect (fixture->dialog, "repaired", G_CALLBACK (repaired_cb), fixture);
  g_assert_cmpstr (qk_salvage_dialog_get_shown (fixture->dialog), ==, "working");
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  wait_until_shows (fixture, page);
}

static void
open_dialog (Fixture *fixture, QkStoreState state, const char *page)
{
  fixture->queue.store = qk_store_new (fixture->queue.folder.queue);
  qk_store_start (fixture->queue.store);
  wait_for_state (fixture, state);
  show_dialog (fixture, page);
}

static gboolean
has_text (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_ui_test_find (GTK_WIDGET (fixture->dialog), GTK_TYPE_LABEL, fixture->expected) != NULL;
}

static void
wait_for_text (Fixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (has_text, fixture, QK_UI_PATIENCE_MS))
    g_error ("the dialog never said: %s", text);
}

static GtkWidget *
find (Fixture *fixture, GType type, const char *label)
{
  return qk_ui_test_find (GTK_WIDGET (fixture->dialog), type, label);
}

static gboolean
can_repair (Fixture *fixture)
{
  GtkWidget *button = find (fixture, GTK_TYPE_BUTTON, "Repair the Queue");

  return button != NULL && gtk_widget_is_sensitive (button);
}

static gboolean
has_repair (gpointer user_data)
{
  Fixture *fixture = user_data;

  return can_repair (fixture) == fixture->enabled;
}

static void
wait_for_repair (Fixture *fixture, gboolean enabled)
{
  fixture->enabled = enabled;
  g_assert_true (qk_test_wait (has_repair, fixture, QK_UI_PATIENCE_MS));
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), action, NULL));
}

static QkSalvageView *
get_view (Fixture *fixture)
{
  return QK_SALVAGE_VIEW (find (fixture, QK_TYPE_SALVAGE_VIEW, NULL));
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (qk_salvage_view_get_list (get_view (fixture))));
}

static const QkSalvagePart *
get_part (Fixture *fixture, guint position)
{
  g_autoptr (QkSalvageRow) row = g_list_model_get_item (
      G_LIST_MODEL (qk_salvage_view_get_list (get_view (fixture))), position);

  return qk_salvage_row_get_part (row);
}

/* A longer version shines through under a shorter one: its last entry has lost its first bytes. */
static void
write_extra_tail (Fixture *fixture)
{
  g_autofree char *list = NULL, *text = NULL;

  for (guint i = 1; i <= 4; i++)
    add (fixture, i);
  fixture->broken = g_ptr_array_steal_index (fixture->entries, 3);
  list = dup_open_list (fixture);
  text = g_strdup_printf ("%s]%s]", list, fixture->broken + strlen ("{\"mes"));
  write_old (fixture, "queue.json", text);
}

static GtkWidget *
find_ancestor (GtkWidget *widget, GtkAccessibleRole role)
{
  while (widget != NULL && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) != role)
    widget = gtk_widget_get_parent (widget);
  return widget;
}

static void
test_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) files = NULL;
  GtkWidget *row;

  write_extra_tail (fixture);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  wait_for_text (fixture, "Salvage queue.json");
  wait_for_text (fixture, "3 messages are whole. 1 message can be repaired. Nothing is left over.");
  g_assert_cmpuint (count_rows (fixture), ==, 4);
  g_assert_cmpint (get_part (fixture, 0)->kind, ==, QK_SALVAGE_WHOLE);
  g_assert_cmpuint (get_part (fixture, 0)->offset, ==, 1);
  g_assert_cmpint (get_part (fixture, 3)->kind, ==, QK_SALVAGE_REPAIRED);
  wait_for_text (fixture, "Repaired");
  row = find_ancestor (find (fixture, GTK_TYPE_LABEL, "Repaired"), GTK_ACCESSIBLE_ROLE_ROW);
  g_assert_nonnull (row);
  g_assert_true (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL));

  /* The filter, and what is selected in full. */
  gtk_widget_activate (find (fixture, GTK_TYPE_TOGGLE_BUTTON, "Only Repaired and Left Over"));
  wait_for_text (fixture, "1 of 4");
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  g_assert_cmpint (get_part (fixture, 0)->kind, ==, QK_SALVAGE_REPAIRED);
  wait_for_text (fixture, get_part (fixture, 0)->how);
  wait_for_text (fixture, "Repaired, it reads");
  wait_for_text (fixture, fixture->broken);

  /* Nothing was written yet, and Enter would not write either. */
  files = qk_test_folder_list (&fixture->queue.folder);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_null (gtk_window_get_default_widget (GTK_WINDOW (fixture->dialog)));
  g_assert_false (GTK_IS_BUTTON (gtk_window_get_focus (GTK_WINDOW (fixture->dialog))));
  g_assert_true (can_repair (fixture));
}

/* Whatever can have the keyboard has a name: a label in it, or one for assistive technology. */
static void
assert_named (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_COLUMN_VIEW (widget) ||
      GTK_IS_LIST_BOX (widget) || GTK_IS_LIST_BOX_ROW (widget))
    {
      gboolean named = gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                                         GTK_ACCESSIBLE_PROPERTY_LABEL) ||
                       gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                                         GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
                       gtk_widget_get_tooltip_text (widget) != NULL;

      /* The buttons of the window itself are GTK's. */
      if (!named && gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL)
        g_error ("%s “%s” has no name", G_OBJECT_TYPE_NAME (widget), gtk_widget_get_name (widget));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

/* Several files: what only the leftover of a writer has, a backup that only completes. */
static void
test_sources (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL, *backup = NULL, *tmp = NULL;

  add (fixture, 1);
  first = dup_open_list (fixture);
  add (fixture, 2);
  second = dup_open_list (fixture);
  tmp = g_strconcat (second, "]", NULL);
  add (fixture, 3);
  backup = dup_open_list (fixture);
  write_old (fixture, "queue.json", first);
  write_old (fixture, "queue.json.tmp", tmp);
  write_old (fixture, "backups/queue_backup_1.json", backup);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  wait_for_text (fixture, "2 messages are whole. Nothing is left over. 1 of them comes from "
                          "queue.json.tmp.");
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  wait_for_text (fixture, "2 whole · 1 used");
  wait_for_text (fixture, "3 whole · none used");
  wait_for_text (fixture, "not damaged");
  assert_named (GTK_WIDGET (fixture->dialog));

  gtk_widget_activate (find (fixture, GTK_TYPE_LIST_BOX_ROW, "backups/queue_backup_1.json"));
  g_assert_cmpuint (count_rows (fixture), ==, 3);
  wait_for_text (fixture, "Not used · Text 3");

  /* What was purged since comes back only where that is wanted. */
  gtk_widget_activate (
      find (fixture, GTK_TYPE_CHECK_BUTTON, "Bring back 1 message that only backups have"));
  g_assert_cmpstr (qk_salvage_dialog_get_shown (fixture->dialog), ==, "working");
  wait_until_shows (fixture, "found");
  wait_for_text (fixture, "3 messages are whole. Nothing is left over. 2 of them come from "
                          "2 other files.");
}

static void
test_repair (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL, *expected = NULL, *json = NULL, *before = NULL, *kept = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GBytes) backup = NULL;
  const char *name;

  write_extra_tail (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  activate (fixture, "salvage.repair");
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  wait_for_state (fixture, QK_STORE_STATE_LIVE);
  g_assert_cmpuint (qk_document_get_n_entries (qk_store_get_document (fixture->queue.store)), ==,
                    4);
  list = dup_open_list (fixture);
  expected = g_strdup_printf ("%s,%s]", list, fixture->broken);
  json = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (json, ==, expected);

  g_assert_true (
      g_str_has_prefix (fixture->repaired, "Repaired: 4 messages · damaged file: backups/queue_"));
  name = strstr (fixture->repaired, "backups/");
  path = g_build_filename (fixture->queue.folder.path, name, NULL);
  backup = qk_test_read (path);
  g_assert_cmpmem (g_bytes_get_data (backup, NULL), g_bytes_get_size (backup), before,
                   strlen (before));
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->queue.folder.path, "copy.json", NULL);
  g_autofree char *refusal =
      g_strdup_printf ("%s is there already. Nothing was changed; choose another name.", copy);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GBytes) saved = NULL;
  g_autoptr (QkDocument) document = NULL;

  write_extra_tail (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  qk_salvage_dialog_save_copy (fixture->dialog, copy);
  wait_for_text (fixture, "The copy is saved");
  saved = qk_test_read (copy);
  document = qk_document_new (saved, NULL, NULL, NULL);
  g_assert_cmpuint (qk_document_get_n_entries (document), ==, 4);
  qk_salvage_dialog_save_copy (fixture->dialog, copy);
  wait_for_text (fixture, refusal);
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (can_repair (fixture));
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  const char *notice = "The queue changed meanwhile: this is what stood there before.";
  g_autofree char *first = NULL, *second = NULL;

  add (fixture, 1);
  first = dup_open_list (fixture);
  add (fixture, 2);
  second = dup_open_list (fixture);
  write_old (fixture, "queue.json", first);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  wait_for_text (fixture, "1 message is whole. Nothing is left over.");
  g_assert_null (find (fixture, GTK_TYPE_LABEL, notice));
  write_old (fixture, "queue.json", second);
  wait_for_text (fixture, notice);
  wait_for_repair (fixture, FALSE);

  activate (fixture, "salvage.look-again");
  wait_until_shows (fixture, "found");
  wait_for_text (fixture, "2 messages are whole. Nothing is left over.");
  wait_for_repair (fixture, TRUE);
}

static void
test_nothing_found (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL, *backup = NULL;

  write_old (fixture, "queue.json", "");
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  wait_for_text (fixture, "No message was found.");
  wait_for_text (fixture, "queue.json is empty: a writer was interrupted.");
  wait_for_text (fixture, "There is nothing in this file.");
  g_assert_null (find (fixture, GTK_TYPE_BUTTON, "Repair the Queue"));
  g_assert_false (gtk_widget_is_sensitive (find (fixture, GTK_TYPE_BUTTON, "Save a Copy…")));
  g_assert_null (find (fixture, GTK_TYPE_CHECK_BUTTON, NULL));

  add (fixture, 1);
  list = dup_open_list (fixture);
  backup = g_strconcat (list, "]", NULL);
  write_old (fixture, "backups/queue_backup_1.json", backup);
  activate (fixture, "salvage.look-again");
  wait_until_shows (fixture, "found");
  g_assert_null (find (fixture, GTK_TYPE_BUTTON, "Repair the Queue"));
  wait_for_text (fixture, "There is nothing to repair the queue with but what backups have: choose "
                          "above to bring it back.");
  gtk_widget_activate (
      find (fixture, GTK_TYPE_CHECK_BUTTON, "Bring back 1 message that only backups have"));
  wait_until_shows (fixture, "found");
  wait_for_repair (fixture, TRUE);
  wait_for_text (fixture, "1 message is whole. Nothing is left over. It comes from "
                          "backups/queue_backup_1.json.");
}

/* What a writer truncated is nowhere else than in what was seen before. */
static void
test_last_view (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1);
  add (fixture, 2);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_ui_fixture_open (&fixture->queue);
  write_old (fixture, "queue.json", "");
  wait_for_state (fixture, QK_STORE_STATE_DAMAGED);
  show_dialog (fixture, "found");
  wait_for_text (fixture,
                 "2 messages are whole. Nothing is left over. They come from the last good "
                 "view.");
  wait_for_text (fixture, "the last good view");
  wait_for_repair (fixture, TRUE);
}

/* Bytes are shown as text, whatever they are. */
static void
test_left_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL, *text = NULL;

  add (fixture, 1);
  list = dup_open_list (fixture);
  text = g_strdup_printf ("%s,<b>\x01\xff", list);
  write_old (fixture, "queue.json", text);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  wait_for_text (fixture, "1 message is whole. 5 bytes are left over.");
  wait_for_text (fixture, "<b>␁\xef\xbf\xbd");
}

static void
test_mended (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  open_dialog (fixture, QK_STORE_STATE_LIVE, "notice");
  wait_for_text (fixture, "There is nothing to repair");

  g_assert_cmpint (g_unlink (fixture->queue.folder.queue), ==, 0);
  activate (fixture, "salvage.look-again");
  wait_until_shows (fixture, "notice");
  wait_for_text (fixture, "The queue cannot be salvaged");
}

/* While it repairs it is not closed but cancelled, and says so by closing. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const QkPlatform *platform = qk_platform_get_native ();
  g_autofree char *lock_path = g_strconcat (fixture->queue.folder.queue, ".lock", NULL);
  g_autofree char *before = NULL, *after = NULL, *text = NULL;
  QkHandle lock;

  write_extra_tail (fixture);
  before = qk_ui_fixture_read (&fixture->queue);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  g_assert_cmpint (platform->lock (lock_path, &lock), ==, 0);
  activate (fixture, "salvage.repair");
  g_assert_cmpstr (qk_salvage_dialog_get_shown (fixture->dialog), ==, "working");
  text = g_strdup_printf ("lock held by another writer (EAGAIN 11), attempt 2 of 8, next in 0.3 s, "
                          "held by test-salvage-dialog, process %d",
                          (int) getpid ());
  wait_for_text (fixture, text);
  gtk_window_close (GTK_WINDOW (fixture->dialog));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->dialog)));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  platform->unlock (lock);
  g_assert_null (fixture->repaired);
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (before, ==, after);
}

/* Closed while it looks: what is found then comes to nobody. */
static void
test_close_while_looking (Fixture *fixture, gconstpointer data)
{
  write_extra_tail (fixture);
  open_dialog (fixture, QK_STORE_STATE_DAMAGED, "found");
  activate (fixture, "salvage.look-again");
  g_assert_cmpstr (qk_salvage_dialog_get_shown (fixture->dialog), ==, "working");
  gtk_window_close (GTK_WINDOW (fixture->dialog));
  /* Nothing keeps it. */
  g_assert_null (fixture->dialog);
}

/* As many pieces as a large queue has: rows come to be only where they are looked at. */
static void
test_large (void)
{
  const guint n_entries = 100000;
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  g_autoptr (QkSalvageList) list = qk_salvage_list_new ();
  g_autoptr (QkSalvageSource) source = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkSalvageRow) row = NULL;
  QkSalvageRow *again;

  for (guint i = 0; i < n_entries; i++)
    g_string_append_printf (text, "{\"message\":{},\"queue_id\":\"%u\",\"status\":\"PENDING\"},",
                            i);
  g_string_append (text, "{\"message\":");
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  source = qk_salvage_source_new ("queue.json", bytes);
  qk_salvage_list_set_source (list, source, used);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_entries + 1);
  row = g_list_model_get_item (G_LIST_MODEL (list), n_entries);
  g_assert_cmpint (qk_salvage_row_get_part (row)->kind, ==, QK_SALVAGE_LEFT_OVER);
  /* Nobody but us has it: it was made for us. */
  g_assert_cmpuint (G_OBJECT (row)->ref_count, ==, 1);
  qk_salvage_list_set_only_trouble (list, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  again = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (qk_salvage_row_get_part (again) == qk_salvage_row_get_part (row));
  g_object_unref (again);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 1));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  if (has_display)                                                                                 \
  g_test_add ("/ui/salvage-dialog/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("found", test_found);
  ADD ("sources", test_sources);
  ADD ("repair", test_repair);
  ADD ("copy", test_copy);
  ADD ("changed", test_changed);
  ADD ("nothing-found", test_nothing_found);
  ADD ("last-view", test_last_view);
  ADD ("left-over", test_left_over);
  ADD ("mended", test_mended);
  ADD ("cancel", test_cancel);
  ADD ("close-while-looking", test_close_while_looking);
  if (has_display)
    g_test_add_func ("/ui/salvage-dialog/large", test_large);
  return qk_ui_test_run (has_display);
}
