#include "qk-swarm-card.h"
#include "qk-swarm-words.h"
#include "qk-window-fixture.h"

#include <string.h>

/* The page of the swarm, in the real window on a real queue. */

typedef QkWindowFixture Fixture;

static void
add (Fixture *fixture, guint id, QkStatus status, guint agent, int age_s, const char *content)
{
  g_ptr_array_add (fixture->entries, qk_ui_entry (id, status, agent, 0.5, age_s));
  if (content != NULL)
    {
      g_autofree char *text = g_strdup_printf ("\"Text %u\"", id);

      qk_ui_alter (fixture->entries, fixture->entries->len - 1, text, content);
    }
}

static gboolean
is_told (gpointer user_data)
{
  return qk_swarm_page_get_swarm (qk_window_get_swarm_page (user_data)) != NULL;
}

static void
open_page (Fixture *fixture)
{
  qk_window_fixture_open (fixture);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "swarm"));
  g_assert_true (qk_test_wait (is_told, fixture->window, QK_UI_PATIENCE_MS));
}

static GtkWidget *
get_cell (Fixture *fixture, const char *agent, guint age)
{
  return qk_swarm_grid_get_cell (
      qk_swarm_page_get_grid (qk_window_get_swarm_page (fixture->window)), agent, age);
}

static void
assert_cell (Fixture *fixture, const char *agent, guint age, const char *text, const char *name)
{
  GtkWidget *cell = get_cell (fixture, agent, age);

  g_assert_nonnull (cell);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (cell)), ==, text);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (cell), ==, name);
  gtk_test_accessible_assert_property (cell, GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  gtk_test_accessible_assert_role (cell, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

/* What changes is said by the same cells; the keyboard stays where it is. */
static void
test_grid (Fixture *fixture, gconstpointer data)
{
  GtkWidget *cell;

  add (fixture, 1, QK_STATUS_PENDING, 2, 400, NULL);
  add (fixture, 2, QK_STATUS_PENDING, 2, 500, NULL);
  add (fixture, 3, QK_STATUS_PENDING, 12, 90000, NULL);
  add (fixture, 4, QK_STATUS_DELIVERED, 1, 5, NULL);
  open_page (fixture);
  assert_cell (fixture, "Agent-2", 2, "2", "Agent-2, 5 min to 1 h: 2 pending");
  assert_cell (fixture, "Agent-2", QK_SWARM_N_AGES, "2", "Agent-2, of any age: 2 pending");
  assert_cell (fixture, "Agent-12", 4, "1", "Agent-12, 1 to 7 days: 1 pending");
  assert_cell (fixture, "Agent-1", 0, "·", "Agent-1, under 1 min: 0 pending");
  assert_cell (fixture, NULL, QK_SWARM_N_AGES, "3", "All, of any age: 3 pending");
  g_assert_true (gtk_widget_get_visible (get_cell (fixture, "Agent-8", 0)));
  g_assert_false (gtk_widget_get_visible (get_cell (fixture, "Agent-2", QK_N_AGES)));
  cell = get_cell (fixture, "Agent-2", 2);
  g_assert_true (gtk_widget_has_css_class (cell, "few"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) ==
                 get_cell (fixture, "Agent-1", 0));
  add (fixture, 5, QK_STATUS_PENDING, 11, 600, NULL);
  for (guint i = 6; i < 30; i++)
    add (fixture, i, QK_STATUS_PENDING, 2, 600, NULL);
  g_ptr_array_remove_index (fixture->entries, 2);
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_fixture_expect (fixture, "26");
  g_assert_true (get_cell (fixture, "Agent-2", 2) == cell);
  g_assert_true (gtk_widget_has_css_class (cell, "many"));
  g_assert_false (gtk_widget_has_css_class (cell, "few"));
  g_assert_null (get_cell (fixture, "Agent-12", 4));
  assert_cell (fixture, "Agent-11", 2, "1", "Agent-11, 5 min to 1 h: 1 pending");
  assert_cell (fixture, NULL, 2, "27", "All, 5 min to 1 h: 27 pending");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) ==
                 get_cell (fixture, "Agent-1", 0));
}

static gboolean
has_listed (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkMessageList *list = qk_messages_page_get_list (qk_window_get_messages_page (fixture->window));

  return g_list_model_get_n_items (G_LIST_MODEL (list)) == fixture->n_expected;
}

static void
wait_for_listed (Fixture *fixture, guint n)
{
  fixture->n_expected = n;
  g_assert_true (qk_test_wait (has_listed, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (
      gtk_widget_get_mapped (GTK_WIDGET (qk_window_get_messages_page (fixture->window))));
}

/* A cell leads to its messages, and to no others; an empty one to nothing. */
static void
test_show_cell (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1, QK_STATUS_PENDING, 2, 400, NULL);
  add (fixture, 2, QK_STATUS_PENDING, 2, 500, NULL);
  add (fixture, 3, QK_STATUS_PENDING, 2, 90000, NULL);
  add (fixture, 4, QK_STATUS_DELIVERED, 2, 450, NULL);
  add (fixture, 5, QK_STATUS_PENDING, 3, 450, NULL);
  open_page (fixture);
  g_signal_emit_by_name (get_cell (fixture, "Agent-1", 2), "clicked");
  g_assert_false (
      gtk_widget_get_mapped (GTK_WIDGET (qk_window_get_messages_page (fixture->window))));
  g_signal_emit_by_name (get_cell (fixture, "Agent-2", 2), "clicked");
  wait_for_listed (fixture, 2);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "swarm"));
  g_signal_emit_by_name (get_cell (fixture, NULL, QK_SWARM_N_AGES), "clicked");
  wait_for_listed (fixture, 4);
}

static GtkWidget *
find_card (Fixture *fixture, const char *title)
{
  GtkWidget *label = qk_ui_test_find (GTK_WIDGET (qk_window_get_swarm_page (fixture->window)),
                                      GTK_TYPE_LABEL, title);

  return gtk_widget_get_ancestor (label, QK_TYPE_SWARM_CARD);
}

static void
test_repeats (Fixture *fixture, gconstpointer data)
{
  GtkWidget *card;

  for (guint i = 1; i <= 7; i++)
    add (fixture, i, i < 3 ? QK_STATUS_PENDING : QK_STATUS_DELIVERED, 4, (int) i * 60,
         "\"Confirm the <b>protocol</b> \\u00e4gain\"");
  add (fixture, 8, QK_STATUS_PENDING, 4, 3, "\"Confirm the plan\"");
  add (fixture, 9, QK_STATUS_PENDING, 5, 3, "\"Confirm the <b>protocol</b> \\u00e4gain\"");
  open_page (fixture);
  card = find_card (fixture, "Duplicates and Loops");
  qk_window_fixture_expect (fixture, "7 × Confirm the <b>protocol</b> ägain");
  g_signal_emit_by_name (card, "show-row", 0);
  wait_for_listed (fixture, 7);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1, QK_STATUS_PENDING, 3, 60, NULL);
  qk_ui_alter (fixture->entries, 0, "\"Agent-3\"", "\"so\"");
  add (fixture, 2, QK_STATUS_FAILED, 3, 60, NULL);
  qk_ui_alter (fixture->entries, 1, "\"Agent-3\"", "\"agent_3\"");
  add (fixture, 3, QK_STATUS_DELIVERED, 3, 60, NULL);
  qk_ui_alter (fixture->entries, 2, "\"Agent-3\"", "\"so\"");
  open_page (fixture);
  qk_window_fixture_expect (fixture, "1 message, 1 not delivered; likely Agent-3 is meant");
  qk_window_fixture_expect (fixture, "2 messages, 1 not delivered");
  qk_window_fixture_expect (fixture, "3 of 1000 entries");
  g_signal_emit_by_name (find_card (fixture, "Unknown Recipients"), "show-row", 1);
  wait_for_listed (fixture, 2);
}

static void
test_silent (Fixture *fixture, gconstpointer data)
{
  for (guint agent = 1; agent <= 6; agent++)
    add (fixture, agent, QK_STATUS_DELIVERED, agent, 60, NULL);
  add (fixture, 7, QK_STATUS_DELIVERED, 7, 7300, NULL);
  add (fixture, 8, QK_STATUS_PENDING, 7, 60, NULL);
  open_page (fixture);
  qk_window_fixture_expect (fixture, "Got something 2 h ago; 1 message waits for it");
  qk_window_fixture_expect (fixture, "The queue has no sign of it; 0 messages wait for it");
  g_signal_emit_by_name (find_card (fixture, "Silent Agents"), "show-row", 0);
  wait_for_listed (fixture, 2);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  open_page (fixture);
  qk_window_fixture_expect (fixture, "0 of 1000 entries");
  qk_window_fixture_expect (fixture,
                            "No agent at all has sent or got anything within the last hour.");
  qk_window_fixture_expect (fixture, "Every message is for somebody who is known.");
  qk_window_fixture_expect (fixture, "Nothing was said to anybody three times or more.");
  assert_cell (fixture, NULL, QK_SWARM_N_AGES, "·", "All, of any age: 0 pending");
}

static void
test_forecast (void)
{
  static const struct {
    gint64 full_in;
    guint last_hour;
    const char *text;
  } cases[] = {
      {0, 5, "Full: the swarm takes no more messages. Archive the delivered ones."},
      {-1, 3, "3 came within the last hour."},
      {3 * G_TIME_SPAN_HOUR, 40, "Full in 3 h at the pace of the last hour, in which 40 came."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QkSwarm swarm = {.full_in = cases[i].full_in, .last_hour = cases[i].last_hour};
      g_autofree char *text = qk_swarm_words_forecast (&swarm);

      g_assert_cmpstr (text, ==, cases[i].text);
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
      UI_TEST ("/ui/swarm/grid", test_grid);
      UI_TEST ("/ui/swarm/show-cell", test_show_cell);
      UI_TEST ("/ui/swarm/repeats", test_repeats);
      UI_TEST ("/ui/swarm/unknown", test_unknown);
      UI_TEST ("/ui/swarm/silent", test_silent);
      UI_TEST ("/ui/swarm/empty", test_empty);
      g_test_add_func ("/ui/swarm/forecast", test_forecast);
    }
  return qk_ui_test_run (has_display);
}
