#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-window.h"

/* A window of a width of 360 pixels holds each page: half of a small screen, or a phone. */

#define WIDTH 360

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
  const char *expected;
  int widest; /* what the window asked for in the frames that were looked at */
  guint n_frames;
} Fixture;

/* Long names, long errors, every status: what pushes. */
static void
write_queue (Fixture *fixture)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

  for (guint id = 0; id < 64; id++)
    g_ptr_array_add (entries, qk_ui_entry (id, (QkStatus) (id % QK_N_STATUSES), id % 8 + 1, 0.5,
                                           (int) id * 600));
  qk_ui_fixture_write (&fixture->queue, entries);
}

static gboolean
shows (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_strcmp0 (qk_window_get_shown (fixture->window), fixture->expected) == 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_ui_fixture_set_up (&fixture->queue, NULL);
  write_queue (fixture);
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), GPOINTER_TO_INT (data), 640);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->expected = "queue";
  g_assert_true (qk_test_wait (shows, fixture, QK_UI_PATIENCE_MS));
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->window == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

/* Says which widgets are too wide, so that it need not be searched for. */
static void
tell_widest (GtkWidget *widget, int depth)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (!gtk_widget_get_visible (widget) || minimum <= WIDTH)
    return;
  g_test_message ("%*s%s wants %d", depth, "", G_OBJECT_TYPE_NAME (widget), minimum);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tell_widest (child, depth + 2);
}

static void
assert_narrow (Fixture *fixture)
{
  GtkWidget *content =
      adw_application_window_get_content (ADW_APPLICATION_WINDOW (fixture->window));
  int minimum;

  gtk_widget_measure (content, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > WIDTH)
    tell_widest (content, 0);
  g_assert_cmpint (minimum, <=, WIDTH);
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  static const char *const pages[] = {"messages", "broadcasts", "swarm", "health", "activity"};

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", pages[i]);
      g_test_message ("%s", pages[i]);
      assert_narrow (fixture);
    }
}

static gboolean
has_text (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_ui_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, fixture->expected) != NULL;
}

static gboolean
is_listed (gpointer user_data)
{
  Fixture *fixture = user_data;
  QkMessagesPage *page = qk_window_get_messages_page (fixture->window);

  return g_list_model_get_n_items (G_LIST_MODEL (qk_messages_page_get_list (page))) > 0;
}

/* Every tab of a message that failed. */
static void
test_message (Fixture *fixture, gconstpointer data)
{
  static const char *const tabs[] = {"content", "errors", "timeline", "metadata", "raw"};
  QkMessagesPage *page = qk_window_get_messages_page (fixture->window);

  g_assert_true (qk_test_wait (is_listed, fixture, QK_UI_PATIENCE_MS));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (qk_messages_page_get_selection (page)), 0,
                                   TRUE);
  activate (fixture, "win.read");
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      g_test_message ("%s", tabs[i]);
      qk_detail_pane_show_tab (qk_messages_page_get_detail (page), tabs[i]);
      assert_narrow (fixture);
    }
}

/* Several messages, groups of errors, what is told of the mode: each with its bars. */
static void
test_modes (Fixture *fixture, gconstpointer data)
{
  g_assert_true (qk_test_wait (is_listed, fixture, QK_UI_PATIENCE_MS));
  activate (fixture, "win.select-all");
  activate (fixture, "win.read");
  fixture->expected = "Oldest";
  g_assert_true (qk_test_wait (has_text, fixture, QK_UI_PATIENCE_MS));
  assert_narrow (fixture);
  activate (fixture, "win.back");
  assert_narrow (fixture);
  activate (fixture, "win.freeze");
  assert_narrow (fixture);
  activate (fixture, "win.read-only");
  assert_narrow (fixture);
  activate (fixture, "win.group-by-error");
  assert_narrow (fixture);
}

static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Fixture *fixture = user_data;
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  fixture->widest = MAX (fixture->widest, minimum);
  fixture->n_frames++;
  /* As any change of a text does. */
  gtk_widget_queue_resize (widget);
  return G_SOURCE_CONTINUE;
}

static gboolean
had_frames (gpointer user_data)
{
  return ((Fixture *) user_data)->n_frames >= 20;
}

/* The header bar leaves out what has no room: no frame asks for more width than the window has. */
static void
test_header (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  guint id = gtk_widget_add_tick_callback (window, frame_cb, fixture, NULL);

  g_assert_true (qk_test_wait (had_frames, fixture, QK_UI_PATIENCE_MS));
  gtk_widget_remove_tick_callback (window, id);
  g_assert_cmpint (fixture->widest, <=, GPOINTER_TO_INT (data));
}

int
main (int argc, char **argv)
{
  static const int widths[] = {1280, 900, 720, 480};
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      g_test_add ("/narrow/pages", Fixture, GINT_TO_POINTER (WIDTH), set_up, test_pages, tear_down);
      g_test_add ("/narrow/message", Fixture, GINT_TO_POINTER (WIDTH), set_up, test_message,
                  tear_down);
      g_test_add ("/narrow/modes", Fixture, GINT_TO_POINTER (WIDTH), set_up, test_modes, tear_down);
      for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
        {
          g_autofree char *path = g_strdup_printf ("/narrow/header/%d", widths[i]);

          g_test_add (path, Fixture, GINT_TO_POINTER (widths[i]), set_up, test_header, tear_down);
        }
    }
  return qk_ui_test_run (has_display);
}
