#include "qk-agents-dialog.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"

/* Who the agents of a swarm are, chosen in the dialog. */

typedef struct {
  QkUiFixture queue;
  QkSettings *settings;
  GtkWidget *dialog;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

  qk_ui_fixture_set_up (&fixture->queue, data);
  g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_PENDING, 1, 0.5, 5));
  qk_ui_fixture_write (&fixture->queue, entries);
  qk_ui_fixture_open (&fixture->queue);
  fixture->settings = qk_settings_new ();
  fixture->dialog = qk_agents_dialog_new (NULL, fixture->queue.store, fixture->settings);
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  g_assert_null (fixture->dialog);
  g_object_unref (fixture->settings);
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static void
assert_agents (Fixture *fixture, QkAgentsSource source, const char *expected)
{
  g_auto (GStrv) agents = qk_store_dup_agents (fixture->queue.store);
  g_autofree char *joined = g_strjoinv (" ", agents);

  g_assert_cmpint (qk_store_get_agents_source (fixture->queue.store), ==, source);
  g_assert_cmpstr (joined, ==, expected);
}

static void
type (Fixture *fixture, const char *name, gboolean can_add)
{
  GtkWidget *entry = qk_ui_test_find (fixture->dialog, GTK_TYPE_ENTRY, NULL);
  GtkWidget *button = qk_ui_test_find (fixture->dialog, GTK_TYPE_BUTTON, "Add");

  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  g_assert_true (gtk_widget_get_sensitive (button) == can_add);
  g_signal_emit_by_name (entry, "activate");
}

static GtkWidget *
find_remover (GtkWidget *root, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tooltip) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_remover (child, tooltip);
  return found;
}

static void
click_remove (Fixture *fixture, const char *tooltip)
{
  GtkWidget *button = find_remover (fixture->dialog, tooltip);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

#define USUAL "Agent-1 Agent-2 Agent-3 Agent-4 Agent-5 Agent-6 Agent-7 Agent-8"

/* What is chosen holds at once and is kept, and there is a way back. */
static void
test_choose (Fixture *fixture, gconstpointer data)
{
  GtkWidget *back =
      qk_ui_test_find (fixture->dialog, GTK_TYPE_BUTTON, "Back to What the Swarm Says");
  g_autofree char *key = qk_store_dup_key (fixture->queue.store);
  g_auto (GStrv) kept = NULL;

  assert_agents (fixture, QK_AGENTS_DEFAULT, USUAL);
  g_assert_false (gtk_widget_get_sensitive (back));
  type (fixture, " Scribe ", TRUE);
  assert_agents (fixture, QK_AGENTS_CHOSEN, USUAL " Scribe");
  type (fixture, "Agent-10", TRUE);
  assert_agents (fixture, QK_AGENTS_CHOSEN, USUAL " Agent-10 Scribe");
  g_assert_nonnull (qk_ui_test_find (fixture->dialog, GTK_TYPE_LABEL, "10 agents, chosen by you"));
  click_remove (fixture, "Remove Agent-7");
  click_remove (fixture, "Remove Agent-8");
  assert_agents (fixture, QK_AGENTS_CHOSEN,
                 "Agent-1 Agent-2 Agent-3 Agent-4 Agent-5 Agent-6 Agent-10 Scribe");
  kept = qk_settings_dup_agents (fixture->settings, key);
  g_assert_cmpuint (g_strv_length (kept), ==, 8);
  g_signal_emit_by_name (back, "clicked");
  assert_agents (fixture, QK_AGENTS_DEFAULT, USUAL);
  g_assert_null (qk_settings_dup_agents (fixture->settings, key));
  g_assert_false (gtk_widget_get_sensitive (back));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const one[] = {"Agent-2", NULL};

  type (fixture, "", FALSE);
  type (fixture, "   ", FALSE);
  type (fixture, "Agent-3", FALSE);
  g_assert_nonnull (
      qk_ui_test_find (fixture->dialog, GTK_TYPE_LABEL, "Agent-3 is in the list already."));
  assert_agents (fixture, QK_AGENTS_DEFAULT, USUAL);
  for (guint i = 9; i <= 32; i++)
    {
      g_autofree char *name = g_strdup_printf ("Agent-%u", i);

      type (fixture, name, TRUE);
    }
  type (fixture, "Agent-33", FALSE);
  g_assert_nonnull (qk_ui_test_find (fixture->dialog, GTK_TYPE_LABEL,
                                     "No more than 32 agents can be followed: remove one first."));
  /* The last one stays. */
  qk_store_choose_agents (fixture->queue.store, one);
  g_assert_false (gtk_widget_get_sensitive (find_remover (fixture->dialog, "Remove Agent-2")));
  click_remove (fixture, "Remove Agent-2");
  assert_agents (fixture, QK_AGENTS_CHOSEN, "Agent-2");
}

#define UI_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      UI_TEST ("/ui/agents-dialog/choose", test_choose);
      UI_TEST ("/ui/agents-dialog/refused", test_refused);
    }
  return qk_ui_test_run (has_display);
}
