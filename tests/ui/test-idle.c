#include "qk-window-fixture.h"

/* Where nothing happens nothing is drawn: a monitor is open all day. */

/* So long without a frame is rest. What follows the time is drawn once a second. */
#define REST_US (600 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  QkWindowFixture base;
  gint64 drawn; /* monotonic: when the last frame was */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_window_fixture_set_up (&fixture->base, data);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_window_fixture_tear_down (&fixture->base, data);
}

static void
after_paint_cb (GdkFrameClock *clock, Fixture *fixture)
{
  fixture->drawn = g_get_monotonic_time ();
}

static gboolean
is_at_rest (gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_get_monotonic_time () - fixture->drawn > REST_US;
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  static const char *const pages[] = {"broadcasts", "swarm", "health", "activity", "messages"};
  GtkWidget *window = GTK_WIDGET (fixture->base.window);

  for (guint i = 0; i < 30; i++)
    g_ptr_array_add (fixture->base.entries, qk_ui_entry (i, QK_STATUS_PENDING, 1, 0.5, 10));
  qk_window_fixture_open (&fixture->base);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (after_paint_cb),
                    fixture);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      fixture->drawn = g_get_monotonic_time ();
      g_assert_true (gtk_widget_activate_action (window, "win.show-page", "s", pages[i]));
      if (!qk_test_wait (is_at_rest, fixture, QK_UI_PATIENCE_MS))
        g_error ("the page %s is drawn all the time", pages[i]);
    }
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), fixture);
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    g_test_add ("/ui/idle/pages", Fixture, NULL, set_up, test_pages, tear_down);
  return qk_ui_test_run (has_display);
}
