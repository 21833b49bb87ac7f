#include "qk-detail-errors.h"
#include "qk-detail-metadata.h"
#include "qk-detail-pane.h"
#include "qk-detail-text.h"
#include "qk-detail-timeline.h"
#include "qk-fake-store.h"
#include "qk-history.h"
#include "qk-preview-dialog.h"
#include "qk-sightings.h"
#include "qk-text-parts.h"
#include "qk-window-fixture.h"

#include <string.h>

/* One message in full, in the real window on a real queue. */

typedef QkWindowFixture Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_window_fixture_set_up (fixture, data);
  for (guint i = 1; i <= 4; i++)
    g_ptr_array_add (fixture->entries, qk_ui_entry (i, i < 3 ? QK_STATUS_FAILED : QK_STATUS_PENDING,
                                                    1 + i % 2, 0.5, 100 * (int) (9 - i)));
  for (guint i = 0; i < 2; i++)
    qk_ui_alter (fixture->entries, i, "\"delivery_callback\":false",
                 i == 0 ? "\"last_error\":\"timeout after 30 s\",\"delivery_attempts\":3"
                        : "\"last_error\":\"timeout after 31 s\",\"delivery_attempts\":3");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
}

static QkMessagesPage *
get_page (Fixture *fixture)
{
  return qk_window_get_messages_page (fixture->window);
}

static QkDetailPane *
get_pane (Fixture *fixture)
{
  return qk_messages_page_get_detail (get_page (fixture));
}

static void
open_window (Fixture *fixture)
{
  qk_window_fixture_open (fixture);
  qk_window_fixture_expect (fixture, "4 of 4");
}

static gboolean
shows_message (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkMessage *message = qk_detail_pane_get_message (get_pane (fixture));

  return message != NULL && qk_entry_has_id (qk_message_get_entry (message), fixture->expected) &&
         gtk_widget_get_mapped (GTK_WIDGET (get_pane (fixture)));
}

/* Selects the message that qk_ui_entry() made with that number. */
static void
choose (Fixture *fixture, guint id)
{
  QkMessagesPage *page = get_page (fixture);
  GListModel *list = G_LIST_MODEL (qk_messages_page_get_list (page));
  g_autofree char *queue_id = qk_ui_dup_id (id);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (QkMessage) message = g_list_model_get_item (list, i);

      if (qk_entry_has_id (qk_message_get_entry (message), queue_id))
        {
          gtk_selection_model_select_item (
              GTK_SELECTION_MODEL (qk_messages_page_get_selection (page)), i, TRUE);
          fixture->expected = queue_id;
          g_assert_true (qk_test_wait (shows_message, fixture, QK_UI_PATIENCE_MS));
          return;
        }
    }
  g_assert_not_reached ();
}

static GtkWidget *
find_in_pane (Fixture *fixture, GType type)
{
  return qk_ui_test_find (GTK_WIDGET (get_pane (fixture)), type, NULL);
}

static void
press_tab (Fixture *fixture, const char *title)
{
  GtkWidget *button =
      qk_ui_test_find (GTK_WIDGET (get_pane (fixture)), GTK_TYPE_TOGGLE_BUTTON, title);

  g_assert_nonnull (button);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static char *
dup_shown (Fixture *fixture)
{
  QkDetailText *text = QK_DETAIL_TEXT (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (qk_detail_text_get_view (text));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static gboolean
shows_text (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *shown = dup_shown (fixture);

  return strcmp (shown, fixture->expected) == 0;
}

static void
wait_until_shown (Fixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (shows_text, fixture, QK_UI_PATIENCE_MS))
    {
      g_autofree char *shown = dup_shown (fixture);

      g_assert_cmpstr (shown, ==, text);
    }
}

/* Another writer writes what the entries are now. */
static void
rewrite (Fixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
}

static void
test_tabs (Fixture *fixture, gconstpointer data)
{
  open_window (fixture);
  /* What failed opens on its errors, anything else on its content. */
  choose (fixture, 1);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_ERRORS));
  qk_window_fixture_expect (fixture, "timeout after 30 s");
  qk_window_fixture_expect (fixture, "Errors 3");
  choose (fixture, 3);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  wait_until_shown (fixture, "Text 3");
  g_assert_null (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "Errors 3"));
  choose (fixture, 2);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_ERRORS));

  /* What the operator chooses is kept. */
  press_tab (fixture, "Metadata");
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_METADATA));
  choose (fixture, 3);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_METADATA));
  choose (fixture, 1);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_METADATA));
  /* Until nothing is selected. */
  gtk_selection_model_unselect_all (
      GTK_SELECTION_MODEL (qk_messages_page_get_selection (get_page (fixture))));
  qk_window_fixture_expect (fixture, "No Message Selected");
  choose (fixture, 3);
  g_assert_nonnull (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
}

static void
test_metadata (Fixture *fixture, gconstpointer data)
{
  QkDetailMetadata *metadata;
  g_autofree char *id = qk_ui_dup_id (3);

  qk_ui_alter (fixture->entries, 2, "\"delivery_callback\":false",
               "\"<b>new</b>\":{\"d\\u202ep\":[1,  2]},\"e\":\"\"");
  open_window (fixture);
  choose (fixture, 3);
  press_tab (fixture, "Metadata");
  metadata = QK_DETAIL_METADATA (find_in_pane (fixture, QK_TYPE_DETAIL_METADATA));
  g_assert_cmpstr (qk_detail_metadata_get_value (metadata, "queue_id"), ==, id);
  g_assert_cmpstr (qk_detail_metadata_get_value (metadata, "message.tags"), ==, "[\"system\"]");
  g_assert_cmpstr (qk_detail_metadata_get_value (metadata, "message.metadata.stalled"), ==,
                   "false");
  g_assert_cmpstr (qk_detail_metadata_get_value (metadata, "metadata.<b>new</b>.d⟨U+202E⟩p"), ==,
                   "[1,  2]");
  g_assert_cmpstr (qk_detail_metadata_get_value (metadata, "metadata.e"), ==, "\"\"");
  g_assert_null (qk_detail_metadata_get_value (metadata, "message.content"));
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  QkDetailText *text;
  GtkWidget *entry;

  qk_ui_alter (fixture->entries, 2, "Text 3", "An **ape**, an APE,\\na cape &amp; <b>äpe</b>");
  open_window (fixture);
  choose (fixture, 3);
  wait_until_shown (fixture, "An **ape**, an APE,\na cape &amp; <b>äpe</b>");
  text = QK_DETAIL_TEXT (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  g_assert_false (qk_detail_text_step (text, 1));
  qk_detail_text_find (text);
  entry = find_in_pane (fixture, GTK_TYPE_SEARCH_ENTRY);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "ape");
  qk_window_fixture_expect (fixture, "1 of 3");
  g_signal_emit_by_name (entry, "activate");
  qk_window_fixture_expect (fixture, "2 of 3");
  g_assert_true (qk_detail_text_step (text, -1));
  g_assert_true (qk_detail_text_step (text, -1));
  qk_window_fixture_expect (fixture, "3 of 3");
  /* It follows what is written meanwhile. */
  qk_ui_alter (fixture->entries, 2, "a cape", "a cap");
  rewrite (fixture);
  qk_window_fixture_expect (fixture, "2 of 2");
  gtk_editable_set_text (GTK_EDITABLE (entry), "apes");
  qk_window_fixture_expect (fixture, "Not found");
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture->window)) ==
                 GTK_WIDGET (qk_detail_text_get_view (text)));
}

static void
select_all (QkDetailText *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (qk_detail_text_get_view (text));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_select_range (buffer, &start, &end);
}

static gboolean
has_copied (gpointer user_data)
{
  Fixture *fixture = user_data;
  GdkContentProvider *content =
      gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  return content != NULL && gdk_content_provider_get_value (content, &value, NULL) &&
         g_strcmp0 (g_value_get_string (&value), fixture->expected) == 0;
}

/* The bytes to the letter: escapes, odd spacing, what is not to be seen. */
static void
test_raw (Fixture *fixture, gconstpointer data)
{
  QkDetailText *text;
  g_autofree char *copied = NULL, *shown = NULL, *file = NULL, *note = NULL;

  qk_ui_alter (fixture->entries, 2, "\"Text 3\"", " \"a\\u00e4\\/\\n\u202e<b>\" \r\n\t");
  open_window (fixture);
  choose (fixture, 3);
  press_tab (fixture, "Raw");
  text = QK_DETAIL_TEXT (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  select_all (text);
  copied = qk_detail_text_dup_selected (text);
  g_assert_cmpstr (copied, ==, fixture->entries->pdata[2]);
  g_signal_emit_by_name (qk_detail_text_get_view (text), "copy-clipboard");
  fixture->expected = fixture->entries->pdata[2];
  g_assert_true (has_copied (fixture));
  shown = dup_shown (fixture);
  g_assert_nonnull (strstr (shown, " \"a\\u00e4\\/\\n⟨U+202E⟩<b>\" \n\t"));
  file = qk_ui_fixture_read (&fixture->queue);
  note = g_strdup_printf ("%u bytes, at byte %u of the file", (guint) strlen (copied),
                          (guint) (strstr (file, copied) - file));
  qk_window_fixture_expect (fixture, note);
}

static void
test_copy_json (Fixture *fixture, gconstpointer data)
{
  g_autofree char *both = NULL;

  open_window (fixture);
  choose (fixture, 3);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-json", NULL));
  fixture->expected = fixture->entries->pdata[2];
  g_assert_true (has_copied (fixture));
  qk_window_fixture_expect (fixture, "1 message copied as JSON");

  gtk_selection_model_select_all (
      GTK_SELECTION_MODEL (qk_messages_page_get_selection (get_page (fixture))));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.copy-json", NULL));
  both = g_strdup_printf ("[\n%s,\n%s,\n%s,\n%s\n]\n", (char *) fixture->entries->pdata[0],
                          (char *) fixture->entries->pdata[1], (char *) fixture->entries->pdata[2],
                          (char *) fixture->entries->pdata[3]);
  fixture->expected = both;
  g_assert_true (has_copied (fixture));
}

static void
apply (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

/* The history of this test's user has what other tests did to other queues too. */
static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  open_window (fixture);
  choose (fixture, 1);
  press_tab (fixture, "Timeline");
  qk_window_fixture_expect (fixture, "Created");
  apply (fixture, "win.resend");
  qk_window_fixture_expect (fixture, "Resent: Failed → Pending");
  /* Seen here too. */
  qk_window_fixture_expect (fixture, "Failed → Pending");
  g_assert_null (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "Purged: Failed"));
  /* Of another message nothing of that is true. */
  choose (fixture, 3);
  qk_window_fixture_expect (fixture, "Created");
  g_assert_null (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "Resent: Failed → Pending"));
  g_assert_null (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "Failed → Pending"));
}

static GtkWidget *
find_line (GtkWidget *root, const char *start)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (GTK_IS_LABEL (root) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (root)), start))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_line (child, start);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_line (gpointer user_data)
{
  Fixture *fixture = user_data;

  return find_line (GTK_WIDGET (get_pane (fixture)), fixture->expected) != NULL;
}

static void
wait_for_line (Fixture *fixture, const char *start)
{
  fixture->expected = start;
  if (!qk_test_wait (has_line, fixture, QK_UI_PATIENCE_MS))
    g_error ("the pane never said: %s…", start);
}

/* What is purged stays to be read, and who did it; what is put back says that too. */
static void
test_purged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *purged = g_strdup_printf (
      "This message is no longer in the queue: %s purged it with ", g_get_user_name ());
  GtkWidget *dialog = NULL;
  GListModel *windows = gtk_window_get_toplevels ();

  open_window (fixture);
  choose (fixture, 1);
  qk_window_fixture_expect (fixture, "timeout after 30 s");
  apply (fixture, "win.purge");
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        dialog = window;
    }
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), QK_PREVIEW_RESPONSE_GO);
  wait_for_line (fixture, purged);
  g_assert_nonnull (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "timeout after 30 s"));
  press_tab (fixture, "Timeline");
  qk_window_fixture_expect (fixture, "Purged: Failed");

  apply (fixture, "win.undo");
  wait_for_line (fixture, "This message is in the queue again.");
  choose (fixture, 1);
  qk_window_fixture_expect (fixture, "Put back by an undo: Failed");
  g_assert_nonnull (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "Purged: Failed"));
  g_assert_null (find_line (GTK_WIDGET (get_pane (fixture)), "This message is "));
}

static void
test_vanished (Fixture *fixture, gconstpointer data)
{
  open_window (fixture);
  choose (fixture, 3);
  wait_until_shown (fixture, "Text 3");
  g_ptr_array_remove_index (fixture->entries, 2);
  rewrite (fixture);
  qk_window_fixture_expect (
      fixture, "This message is no longer in the queue: another program has taken it out.");
  wait_until_shown (fixture, "Text 3");
  choose (fixture, 4);
  wait_until_shown (fixture, "Text 4");
  g_assert_null (find_line (GTK_WIDGET (get_pane (fixture)), "This message is "));
}

static gboolean
is_scrolled (gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;

  if (gtk_adjustment_get_upper (adjustment) < 2000)
    return FALSE;
  gtk_adjustment_set_value (adjustment, 700);
  return gtk_adjustment_get_value (adjustment) >= 700;
}

/* A change of the message leaves its tab, the place in its text and what is selected of that alone. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) content = g_string_new (NULL), expected = g_string_new (NULL);
  g_autofree char *selected = NULL;
  QkDetailText *text;
  GtkAdjustment *adjustment;
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  for (guint i = 0; i < 200; i++)
    {
      g_string_append_printf (content, "Line %u\\n", i);
      g_string_append_printf (expected, "Line %u\n", i);
    }
  qk_ui_alter (fixture->entries, 2, "Text 3", content->str);
  open_window (fixture);
  choose (fixture, 3);
  wait_until_shown (fixture, expected->str);
  text = QK_DETAIL_TEXT (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (qk_detail_text_get_view (text)));
  g_assert_true (qk_test_wait (is_scrolled, adjustment, QK_UI_PATIENCE_MS));
  buffer = gtk_text_view_get_buffer (qk_detail_text_get_view (text));
  gtk_text_buffer_get_iter_at_line (buffer, &start, 50);
  gtk_text_buffer_get_iter_at_line (buffer, &end, 52);
  gtk_text_buffer_select_range (buffer, &end, &start);

  qk_ui_alter (fixture->entries, 2, "\"PENDING\"", "\"PROCESSING\"");
  qk_ui_alter (fixture->entries, 2, "Line 199\\n", "Line 199\\nThe end");
  rewrite (fixture);
  g_string_append (expected, "The end");
  wait_until_shown (fixture, expected->str);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >=, 700);
  selected = qk_detail_text_dup_selected (text);
  g_assert_cmpstr (selected, ==, "Line 50\nLine 51\n");
  wait_for_line (fixture, "Stuck ");
}

/* Of what is too long to be laid out at once there are parts; what is looked for is found in all. */
static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filling = g_strnfill (3 * QK_TEXT_PART_BYTES + 9, 'x');
  g_autofree char *content = g_strconcat ("needle ", filling, " needle", NULL), *shown = NULL;
  QkDetailText *text;
  GtkWidget *entry;

  qk_ui_alter (fixture->entries, 2, "Text 3", content);
  open_window (fixture);
  choose (fixture, 3);
  qk_window_fixture_expect (fixture, "1 of 4");
  shown = dup_shown (fixture);
  g_assert_cmpuint (strlen (shown), <=, QK_TEXT_PART_BYTES);
  g_assert_true (g_str_has_prefix (shown, "needle x"));
  text = QK_DETAIL_TEXT (find_in_pane (fixture, QK_TYPE_DETAIL_TEXT));
  qk_detail_text_find (text);
  entry = find_in_pane (fixture, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "needle");
  qk_window_fixture_expect (fixture, "1 of 2");
  g_assert_true (qk_detail_text_step (text, 1));
  qk_window_fixture_expect (fixture, "2 of 2");
  qk_window_fixture_expect (fixture, "4 of 4");
  g_free (shown);
  shown = dup_shown (fixture);
  g_assert_true (g_str_has_suffix (shown, "x needle"));
}

static void
test_same_error (Fixture *fixture, gconstpointer data)
{
  GtkWidget *link;

  open_window (fixture);
  choose (fixture, 1);
  qk_window_fixture_expect (fixture, "2 messages, 2 agents");
  link = qk_window_fixture_find (fixture, GTK_TYPE_BUTTON, "2 messages, 2 agents");
  g_signal_emit_by_name (link, "clicked");
  qk_window_fixture_expect (fixture, "2 of 4");
}

/* To three agents: with the ids from @id on. */
static void
add_broadcast (Fixture *fixture, guint id, int age_s, const char *content)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("Text %u", id + i);

      g_ptr_array_add (
          fixture->entries,
          qk_ui_entry (id + i, i < 2 ? QK_STATUS_PENDING : QK_STATUS_FAILED, 1 + i, 0.5, age_s));
      qk_ui_alter (fixture->entries, fixture->entries->len - 1, text, content);
    }
}

static gboolean
has_broadcast_selected (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkBroadcastItem *item =
      qk_broadcasts_page_get_selected (qk_window_get_broadcasts_page (fixture->window));

  return item != NULL && qk_entry_has_id (qk_broadcast_item_get (item)->first, fixture->expected);
}

/* Not the latest one: that is selected anyway. */
static void
test_broadcast (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = qk_ui_dup_id (11);
  GtkWidget *link;

  add_broadcast (fixture, 11, 500, "To all");
  add_broadcast (fixture, 21, 20, "To all again");
  qk_window_fixture_open (fixture);
  qk_window_fixture_expect (fixture, "10 of 10");
  choose (fixture, 13);
  wait_for_line (fixture, "Broadcast: reached 0 of ");
  link = find_line (GTK_WIDGET (get_pane (fixture)), "Broadcast: reached 0 of ");
  g_signal_emit_by_name (gtk_widget_get_ancestor (link, GTK_TYPE_BUTTON), "clicked");
  fixture->expected = id;
  g_assert_true (qk_test_wait (has_broadcast_selected, fixture, QK_UI_PATIENCE_MS));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (get_pane (fixture))));
}

/* However many messages change, no more than so many are kept in mind, the latest ones. */
static void
test_sightings (void)
{
  g_autoptr (QkSightings) sightings = qk_sightings_new ();
  g_autoptr (QkFakeStore) store = qk_fake_store_new ();
  g_autoptr (QkDocument) document = NULL;
  const QkSighting *seen;
  guint n;

  for (guint round = 0; round < 2 * QK_SIGHTINGS_OF_EACH; round++)
    {
      g_autoptr (GString) text = g_string_new ("[");
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (QkDiff) diff = NULL;
      QkDocument *next;

      for (guint i = 0; i < QK_SIGHTINGS_MAX + 10; i++)
        g_string_append_printf (text, "%s{\"queue_id\":\"%u\",\"status\":\"%s\",\"x\":%u}",
                                i > 0 ? "," : "", i, round % 2 == 0 ? "PENDING" : "FAILED", round);
      g_string_append (text, "]");
      bytes = g_bytes_new (text->str, text->len);
      next = qk_document_new (bytes, document, &diff, NULL);
      g_assert_nonnull (next);
      qk_fake_store_show (store, next, diff);
      if (round == 0)
        qk_sightings_set_store (sightings, QK_STORE (store));
      g_clear_pointer (&document, qk_document_unref);
      document = next;
    }
  g_assert_cmpuint (qk_sightings_get_size (sightings), ==, QK_SIGHTINGS_MAX);
  seen = qk_sightings_get (sightings, "2009", &n);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, <=, QK_SIGHTINGS_OF_EACH);
  g_assert_cmpint (seen[n - 1].before, ==, QK_STATUS_PENDING);
  g_assert_cmpint (seen[n - 1].after, ==, QK_STATUS_FAILED);
  g_assert_null (qk_sightings_get (sightings, "nobody", &n));
  g_assert_cmpuint (n, ==, 0);

  /* What changed otherwise is none. */
  qk_sightings_set_store (sightings, NULL);
  g_assert_cmpuint (qk_sightings_get_size (sightings), ==, 0);
}

/* What is copied is what was given, whatever of it is revealed. */
static void
test_text_parts (void)
{
  static const char text[] = "a\r\nb\u202e\x01€c";
  g_autoptr (QkTextParts) parts = qk_text_parts_new (text);
  const char *shown = qk_text_parts_get_shown (parts);
  g_autofree char *all = qk_text_parts_dup_given (parts, 0, strlen (shown)), *middle = NULL;
  gsize mark;

  g_assert_cmpstr (shown, ==, "a\nb⟨U+202E⟩␁€c");
  g_assert_cmpuint (qk_text_parts_get_n (parts), ==, 1);
  g_assert_cmpstr (all, ==, text);
  mark = (gsize) (strstr (shown, "⟨") - shown);
  middle = qk_text_parts_dup_given (parts, 1, mark + 4);
  g_assert_cmpstr (middle, ==, "\r\nb\u202e");
}

/* A line that is too long is broken where it is shown, and nowhere else. */
static void
test_text_parts_lines (void)
{
  g_autoptr (GString) text = g_string_new ("short\n");
  g_autoptr (QkTextParts) parts = NULL;
  g_autofree char *all = NULL, *some = NULL;
  g_auto (GStrv) lines = NULL;
  const char *shown;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "word%03u ", i);
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, i == 1000 ? "\u202e" : "€");
  parts = qk_text_parts_new (text->str);
  shown = qk_text_parts_get_shown (parts);
  all = qk_text_parts_dup_given (parts, 0, strlen (shown));
  g_assert_cmpstr (all, ==, text->str);
  lines = g_strsplit (shown, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 6);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 2048);
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    }
  g_assert_cmpstr (lines[0], ==, "short");
  g_assert_true (g_str_has_suffix (lines[1], " ") && g_str_has_prefix (lines[2], "word"));
  some = qk_text_parts_dup_given (parts, 6 + strlen (lines[1]) - 8, 6 + strlen (lines[1]) + 9);
  g_assert_cmpuint (strlen (some), ==, 16);
  g_assert_nonnull (strstr (text->str, some));
}

/* A run without a space is broken sooner, but not a text whose script has none. */
static void
test_text_parts_runs (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (QkTextParts) runs = NULL, script = NULL;
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append_c (text, 'x');
  runs = qk_text_parts_new (text->str);
  lines = g_strsplit (qk_text_parts_get_shown (runs), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  all = qk_text_parts_dup_given (runs, 0, strlen (qk_text_parts_get_shown (runs)));
  g_assert_cmpstr (all, ==, text->str);
  g_string_truncate (text, 0);
  for (guint i = 0; i < 600; i++)
    g_string_append (text, "語");
  script = qk_text_parts_new (text->str);
  g_assert_true (strcmp (qk_text_parts_get_shown (script), text->str) == 0);
}

/* A break that is only shown hides nothing from a search. */
static void
test_text_parts_search (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (QkTextParts) parts = NULL;
  g_autoptr (QkSearch) search = qk_search_new ("needle");
  g_autoptr (GArray) found = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "needle");
  parts = qk_text_parts_new (text->str);
  found = qk_text_parts_search (parts, search);
  g_assert_cmpuint (found->len, ==, 1000);
  for (guint i = 0; i < found->len; i++)
    {
      QkSearchRange range = g_array_index (found, QkSearchRange, i);
      g_autofree char *given = qk_text_parts_dup_given (parts, range.start, range.end);

      g_assert_cmpstr (given, ==, "needle");
    }
}

/* Every part is bounded and none is cut within a character; together they are the text. */
static void
test_text_parts_bounds (void)
{
  g_autoptr (GString) text = g_string_new (NULL), together = g_string_new (NULL);
  g_autoptr (QkTextParts) parts = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append (text, i % 600 == 599 ? "\n" : "€");
  parts = qk_text_parts_new (text->str);
  g_assert_cmpuint (qk_text_parts_get_n (parts), >, 4);
  for (guint i = 0; i < qk_text_parts_get_n (parts); i++)
    {
      gsize length;
      const char *part = qk_text_parts_get (parts, i, &length);

      g_assert_cmpuint (length, <=, QK_TEXT_PART_BYTES);
      g_assert_true (g_utf8_validate (part, (gssize) length, NULL));
      g_assert_cmpuint (qk_text_parts_find (parts, qk_text_parts_get_start (parts, i)), ==, i);
      g_string_append_len (together, part, (gssize) length);
    }
  g_assert_cmpstr (together->str, ==, text->str);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/ui/detail/tabs", test_tabs},
      {"/ui/detail/metadata", test_metadata},
      {"/ui/detail/find", test_find},
      {"/ui/detail/raw", test_raw},
      {"/ui/detail/copy-json", test_copy_json},
      {"/ui/detail/timeline", test_timeline},
      {"/ui/detail/purged", test_purged},
      {"/ui/detail/vanished", test_vanished},
      {"/ui/detail/live", test_live},
      {"/ui/detail/parts", test_parts},
      {"/ui/detail/same-error", test_same_error},
      {"/ui/detail/broadcast", test_broadcast},
  };
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  g_test_add_func ("/ui/detail/text-parts", test_text_parts);
  g_test_add_func ("/ui/detail/text-parts-lines", test_text_parts_lines);
  g_test_add_func ("/ui/detail/text-parts-runs", test_text_parts_runs);
  g_test_add_func ("/ui/detail/text-parts-search", test_text_parts_search);
  g_test_add_func ("/ui/detail/text-parts-bounds", test_text_parts_bounds);
  g_test_add_func ("/ui/detail/sightings", test_sightings);
  for (gsize i = 0; has_display && i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, qk_window_fixture_tear_down);
  return qk_ui_test_run (has_display);
}
