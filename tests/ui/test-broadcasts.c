#include "qk-broadcast-list.h"
#include "qk-broadcast-matrix-cell.h"
#include "qk-broadcast-words.h"
#include "qk-time.h"
#include "qk-window-fixture.h"

#include <string.h>

/* The page of broadcasts, in the real window on a real queue. */

typedef QkWindowFixture Fixture;

/* A message of broadcast number @number: its id is ten times that, and the agent's number. */
static void
add (Fixture *fixture, guint number, QkStatus status, guint agent, int age_s)
{
  g_autofree char *own = g_strdup_printf ("\"Text %u\"", number * 10 + agent);
  g_autofree char *common = g_strdup_printf ("\"<b>Broadcast</b> %u\"", number);
  guint index = fixture->entries->len;

  g_ptr_array_add (fixture->entries, qk_ui_entry (number * 10 + agent, status, agent, 0.5, age_s));
  qk_ui_alter (fixture->entries, index, own, common);
  qk_ui_alter (fixture->entries, index, "\"captain_to_agent\"", "\"broadcast\"");
}

/* One that Agent-7 (failed) and Agent-8 (nothing there) missed, and that one agent waits for. */
static void
add_broadcast (Fixture *fixture, guint number, int age_s)
{
  for (guint agent = 1; agent <= 7; agent++)
    add (fixture, number,
         agent == 7   ? QK_STATUS_FAILED
         : agent == 6 ? QK_STATUS_PENDING
                      : QK_STATUS_DELIVERED,
         agent, age_s);
}

static GListModel *
get_model (Fixture *fixture)
{
  return qk_broadcasts_page_get_model (qk_window_get_broadcasts_page (fixture->window));
}

static gboolean
has_size (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_list_model_get_n_items (get_model (fixture)) == fixture->n_expected;
}

static void
wait_for_size (Fixture *fixture, guint size)
{
  fixture->n_expected = size;
  if (!qk_test_wait (has_size, fixture, QK_UI_PATIENCE_MS))
    g_assert_cmpuint (g_list_model_get_n_items (get_model (fixture)), ==, size);
}

static void
show_page (Fixture *fixture, const char *name)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", name));
}

static void
open_page (Fixture *fixture)
{
  qk_window_fixture_open (fixture);
  show_page (fixture, "broadcasts");
}

static GtkWidget *
get_button (Fixture *fixture, const char *label)
{
  return qk_window_fixture_find (fixture, GTK_TYPE_BUTTON, label);
}

static gboolean
can_do (Fixture *fixture, const char *action)
{
  gboolean enabled = FALSE;

  /* A widget's actions are looked at through a widget that has one of them. */
  GtkWidget *button = gtk_button_new ();
  GtkWidget *page = GTK_WIDGET (qk_window_get_broadcasts_page (fixture->window));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, page);
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);
  return enabled;
}

static void
test_matrix (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {"5 of 8", "A-1",     "A-8",    "✕ failed",
                                      "– none", "… 1 min", "✓ 1 min"};
  const QkBroadcast *broadcast;
  GtkWidget *cell;

  add_broadcast (fixture, 1, 70);
  open_page (fixture);
  wait_for_size (fixture, 1);
  qk_window_fixture_expect (fixture, "Resend to the 2 That Missed It");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    qk_window_fixture_expect (fixture, texts[i]);
  cell = qk_window_fixture_find (fixture, QK_TYPE_BROADCAST_MATRIX_CELL, "– none");
  gtk_test_accessible_assert_property (cell, GTK_ACCESSIBLE_PROPERTY_LABEL, "Agent-8: no message");
  gtk_test_accessible_assert_property (
      gtk_widget_get_parent (gtk_widget_get_parent (cell)), GTK_ACCESSIBLE_PROPERTY_LABEL,
      "<b>Broadcast</b> 1, from CAPTAIN. Reached 5 of 8. 1 under way. Missed: Agent-7 (failed), "
      "Agent-8 (no message).");
  /* As text, not as markup. */
  qk_window_fixture_expect (fixture, "<b>Broadcast</b> 1");
  qk_window_fixture_expect (fixture,
                            "Reached 5 of 8. 1 under way. Missed: Agent-7 (failed), Agent-8 (no "
                            "message).");
  broadcast = qk_broadcast_item_get (
      qk_broadcasts_page_get_selected (qk_window_get_broadcasts_page (fixture->window)));
  g_assert_cmpuint (broadcast->n_missed, ==, 2);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_add (fixture->entries, qk_ui_entry (1, QK_STATUS_PENDING, 1, 0.5, 10));
  open_page (fixture);
  qk_window_fixture_expect (fixture, "No Broadcasts");
  g_assert_false (can_do (fixture, "win.resend-missed"));
  /* The first one that comes is shown. */
  add_broadcast (fixture, 1, 0);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_fixture_expect (fixture, "5 of 8");
}

static guint
count_in_queue (Fixture *fixture, const char *what)
{
  g_autofree char *text = qk_ui_fixture_read (&fixture->queue);
  guint n = 0;

  for (const char *p = strstr (text, what); p != NULL; p = strstr (p + 1, what))
    n++;
  return n;
}

/* To those that missed it, once, however often the key is pressed. Then there is nobody left. */
static void
test_resend (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  add_broadcast (fixture, 1, 70);
  open_page (fixture);
  qk_window_fixture_expect (fixture, "Resend to the 2 That Missed It");
  g_assert_true (gtk_widget_has_css_class (get_button (fixture, "Resend to the 2 That Missed It"),
                                           "suggested-action"));
  g_assert_true (gtk_widget_activate_action (window, "win.resend-missed", NULL));
  g_assert_false (can_do (fixture, "win.resend-missed"));
  gtk_widget_activate_action (window, "win.resend-missed", NULL);
  qk_window_fixture_expect (fixture, "Nobody Missed It");
  g_assert_false (can_do (fixture, "win.resend-missed"));
  qk_window_fixture_expect (fixture, "Reached 5 of 8. 3 under way.");
  g_assert_cmpuint (count_in_queue (fixture, "\"PENDING\""), ==, 3);
  g_assert_cmpuint (count_in_queue (fixture, "\"queue_id\""), ==, 8);
  g_assert_cmpuint (count_in_queue (fixture, "\"Agent-8\""), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (get_model (fixture)), ==, 1);
  g_assert_nonnull (get_button (fixture, "Undo"));
  g_assert_true (gtk_widget_activate_action (window, "win.undo", NULL));
  qk_window_fixture_expect (fixture, "Resend to the 2 That Missed It");
  g_assert_true (can_do (fixture, "win.resend-missed"));
}

/* What others do neither moves the selection nor makes rows anew. */
static void
test_reload (Fixture *fixture, gconstpointer data)
{
  QkBroadcastsPage *page = qk_window_get_broadcasts_page (fixture->window);
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (get_model (fixture));
  g_autoptr (QkBroadcastItem) selected = NULL;
  g_autoptr (QkBroadcastItem) first = NULL;

  add_broadcast (fixture, 1, 7200);
  add_broadcast (fixture, 2, 3600);
  open_page (fixture);
  wait_for_size (fixture, 2);
  gtk_single_selection_set_selected (selection, 1);
  selected = g_object_ref (qk_broadcasts_page_get_selected (page));
  first = g_list_model_get_item (get_model (fixture), 0);
  add_broadcast (fixture, 3, 5);
  qk_ui_alter (fixture->entries, 6, "\"FAILED\"", "\"DELIVERED\"");
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  wait_for_size (fixture, 3);
  qk_window_fixture_expect (fixture, "Resend to the One That Missed It");
  g_assert_true (qk_broadcasts_page_get_selected (page) == selected);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  g_assert_cmpuint (qk_broadcast_item_get (selected)->n_delivered, ==, 6);
  {
    g_autoptr (QkBroadcastItem) moved = g_list_model_get_item (get_model (fixture), 1);

    g_assert_true (moved == first);
  }
}

/* Nothing is done to messages that are not seen. */
static void
test_hidden (Fixture *fixture, gconstpointer data)
{
  QkMessagesPage *messages = qk_window_get_messages_page (fixture->window);

  add_broadcast (fixture, 1, 70);
  open_page (fixture);
  wait_for_size (fixture, 1);
  show_page (fixture, "messages");
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (qk_messages_page_get_selection (messages)),
                                   0, TRUE);
  qk_window_fixture_expect (fixture, "2 of 7");
  g_assert_true (can_do (fixture, "win.purge"));
  g_assert_false (can_do (fixture, "win.resend-missed"));
  add_broadcast (fixture, 2, 5);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_fixture_expect (fixture, "4 of 14");
  g_assert_cmpuint (g_list_model_get_n_items (get_model (fixture)), ==, 1);
  show_page (fixture, "broadcasts");
  g_assert_false (can_do (fixture, "win.purge"));
  g_assert_false (can_do (fixture, "win.resend"));
  wait_for_size (fixture, 2);
  g_assert_true (can_do (fixture, "win.resend-missed"));
}

static void
settled_cb (QkBroadcastList *list, guint *n_settled)
{
  ++*n_settled;
}

static gboolean
has_settled (gpointer user_data)
{
  return *(guint *) user_data > 0;
}

/* What nobody looks at is not searched for; once somebody does, one search is enough. */
static void
test_unwatched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkBroadcastList) list = qk_broadcast_list_new ();
  GListModel *model = qk_broadcast_list_get_model (list);
  guint n_settled = 0;

  add_broadcast (fixture, 1, 700);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_ui_fixture_open (&fixture->queue);
  qk_broadcast_list_set_store (list, fixture->queue.store);
  g_signal_connect (list, "settled", G_CALLBACK (settled_cb), &n_settled);
  for (guint i = 2; i <= 3; i++)
    {
      add_broadcast (fixture, i, 5);
      qk_ui_fixture_rewrite (&fixture->queue, fixture->entries);
    }
  qk_broadcast_list_set_watched (list, TRUE);
  g_assert_true (qk_test_wait (has_settled, &n_settled, QK_UI_PATIENCE_MS));
  g_assert_cmpuint (n_settled, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
  g_signal_handlers_disconnect_by_data (list, &n_settled);
}

/* The columns are those of the swarm's configuration. */
static void
test_agents (Fixture *fixture, gconstpointer data)
{
  g_autofree char *config = qk_test_folder_write (
      &fixture->queue.folder, "agent_mode_config.json",
      "{\"current_mode\":\"m\",\"modes\":{\"m\":{\"active_agents\":[\"Agent-1\",\"Scribe\"]}}}",
      -1);

  add_broadcast (fixture, 1, 70);
  open_page (fixture);
  qk_window_fixture_expect (fixture, "1 of 2");
  qk_window_fixture_expect (fixture, "Scribe");
  g_assert_null (qk_window_fixture_find (fixture, GTK_TYPE_LABEL, "A-2"));
}

static void
test_words (void)
{
  g_autofree char *json = qk_ui_entry (1, QK_STATUS_FAILED, 7, 0.5, 70);
  g_autofree char *queue = g_strdup_printf ("[%s]", json);
  g_autoptr (GBytes) bytes = g_bytes_new (queue, strlen (queue));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  const QkEntry *entry = qk_document_get_entry (document, 0);
  gint64 now = qk_entry_get_updated (entry) + 65 * G_USEC_PER_SEC;
  const struct {
    QkBroadcastCell cell;
    const char *text;
    const char *start;
  } cells[] = {
      {{QK_REACH_SENDER, NULL}, "· sender", "A␊b: sent it"},
      {{QK_REACH_MISSING, NULL}, "– none", "A␊b: no message"},
      {{QK_REACH_FAILED, entry}, "✕ failed", "A␊b: failed "},
      {{QK_REACH_UNKNOWN, entry}, "? unknown", "A␊b: in an unknown state "},
      {{QK_REACH_PENDING, entry}, "… 1 min", "A␊b: pending since "},
      {{QK_REACH_PROCESSING, entry}, "▸ 1 min", "A␊b: processing "},
      {{QK_REACH_DELIVERED, entry}, "✓ 1 min", "A␊b: delivered "},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *text = qk_broadcast_words_cell (&cells[i].cell, now);
      g_autofree char *in_full = qk_broadcast_words_cell_long ("A\nb", &cells[i].cell, now);

      g_assert_cmpstr (text, ==, cells[i].text);
      g_assert_true (g_str_has_prefix (in_full, cells[i].start));
    }
}

#define UI_TEST(path, function)                                                                    \
  g_test_add (path, Fixture, NULL, qk_window_fixture_set_up, function, qk_window_fixture_tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      UI_TEST ("/ui/broadcasts/matrix", test_matrix);
      UI_TEST ("/ui/broadcasts/empty", test_empty);
      UI_TEST ("/ui/broadcasts/resend", test_resend);
      UI_TEST ("/ui/broadcasts/reload", test_reload);
      UI_TEST ("/ui/broadcasts/hidden", test_hidden);
      UI_TEST ("/ui/broadcasts/unwatched", test_unwatched);
      UI_TEST ("/ui/broadcasts/agents", test_agents);
      g_test_add_func ("/ui/broadcasts/words", test_words);
    }
  return qk_ui_test_run (has_display);
}
