#include "qk-window-fixture.h"

/**
 * qk_window_fixture_set_up:
 * @fixture: a fixture
 * @user_data: unused
 *
 * Makes a folder for the queue, and a window that is not shown yet.
 */
void
qk_window_fixture_set_up (QkWindowFixture *fixture, gconstpointer user_data)
{
  qk_ui_fixture_set_up (&fixture->queue, user_data);
  fixture->entries = qk_ui_entries_new ();
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
}

static gboolean
is_gone (gpointer user_data)
{
  return ((QkWindowFixture *) user_data)->window == NULL;
}

/**
 * qk_window_fixture_tear_down:
 * @fixture: a fixture
 * @user_data: unused
 *
 * Destroys the window, which nothing must keep, and the queue.
 */
void
qk_window_fixture_tear_down (QkWindowFixture *fixture, gconstpointer user_data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  g_ptr_array_unref (fixture->entries);
  qk_ui_fixture_tear_down (&fixture->queue, user_data);
}

static gboolean
is_open (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (user_data), "queue") == 0;
}

/**
 * qk_window_fixture_open:
 * @fixture: a fixture
 *
 * Writes the queue, and shows it in the window.
 */
void
qk_window_fixture_open (QkWindowFixture *fixture)
{
  qk_ui_fixture_write (&fixture->queue, fixture->entries);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_open, fixture->window, QK_UI_PATIENCE_MS));
}

/**
 * qk_window_fixture_find:
 * @fixture: a fixture
 * @type: a type of widget
 * @label: (nullable): what it says
 *
 * Returns: (transfer none) (nullable): what qk_ui_test_find() finds in the window
 */
GtkWidget *
qk_window_fixture_find (QkWindowFixture *fixture, GType type, const char *label)
{
  return qk_ui_test_find (GTK_WIDGET (fixture->window), type, label);
}

static gboolean
is_said (gpointer user_data)
{
  QkWindowFixture *fixture = user_data;

  return qk_window_fixture_find (fixture, GTK_TYPE_LABEL, fixture->expected) != NULL;
}

/**
 * qk_window_fixture_expect:
 * @fixture: a fixture
 * @text: a text
 *
 * Waits until the window says that.
 */
void
qk_window_fixture_expect (QkWindowFixture *fixture, const char *text)
{
  fixture->expected = text;
  if (!qk_test_wait (is_said, fixture, QK_UI_PATIENCE_MS))
    g_error ("the window never said: %s", text);
}

/**
 * qk_window_fixture_activate:
 * @fixture: a fixture
 * @action: an action of the window, which has no parameter
 *
 * Does that, which must be possible.
 */
void
qk_window_fixture_activate (QkWindowFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}
