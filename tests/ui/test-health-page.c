#include "qk-chart.h"
#include "qk-fake-report.h"
#include "qk-health-event-view.h"
#include "qk-health-page.h"
#include "qk-health-tally.h"
#include "qk-health-tile.h"
#include "qk-health-tiles.h"
#include "qk-health-words.h"
#include "qk-settings.h"
#include "qk-ui-fixture.h"
#include "qk-ui-test.h"
#include "qk-what-if-dialog.h"
#include "qk-window.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The page of lock health, with reports made up, and in the real window on a real queue. */

typedef struct {
  GtkWidget *window;
  QkHealthPage *page;
  gint64 now;
} Fixture;

static gboolean
is_mapped (gpointer user_data)
{
  return gtk_widget_get_mapped (user_data);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  /* Tuesday, 2026-11-24, 14:05 UTC. */
  fixture->now = G_GINT64_CONSTANT (1795529100) * G_USEC_PER_SEC;
  fixture->page = g_object_new (QK_TYPE_HEALTH_PAGE, NULL);
  fixture->window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 754);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_mapped, fixture->page, QK_UI_PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static gpointer
get_part (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->page), QK_TYPE_HEALTH_PAGE, name);
}

static GListModel *
get_rows (Fixture *fixture)
{
  return G_LIST_MODEL (qk_health_event_view_get_selection (get_part (fixture, "events")));
}

/* Twelve times access denied, 7 of them at once; three times lock held; one conflict. */
static QkReport *
make_known (Fixture *fixture, QkPeriod period)
{
  QkReport *report = qk_fake_report_new (period, fixture->now);
  gint64 worst = fixture->now - 5 * G_TIME_SPAN_MINUTE;
  QkFigures saves = {.saves = 10,
                     .saves_retried = 9,
                     .saves_failed = 1,
                     .total_attempts = 19,
                     .worst_attempts = 8};

  for (guint i = 0; i < 7; i++)
    qk_fake_report_add_event (report, worst + i, QK_LOCK_KIND_ACCESS_DENIED, QK_SOURCE_SWARM,
                              1 + i % 2);
  for (guint i = 0; i < 5; i++)
    qk_fake_report_add_event (report, fixture->now - (20 + i) * G_TIME_SPAN_MINUTE,
                              QK_LOCK_KIND_ACCESS_DENIED, QK_SOURCE_HERE, 2);
  for (guint i = 0; i < 3; i++)
    qk_fake_report_add_event (report, fixture->now - (30 + i) * G_TIME_SPAN_MINUTE,
                              QK_LOCK_KIND_LOCK_HELD, QK_SOURCE_OTHERS, 1);
  qk_fake_report_add_event (report, fixture->now - 35 * G_TIME_SPAN_MINUTE, QK_LOCK_KIND_CONFLICT,
                            QK_SOURCE_HERE, 1);
  saves.attempts[2] = 9;
  qk_figures_add (&report->total, &saves);
  qk_figures_add (&report->by_source[QK_SOURCE_HERE], &saves);
  report->swarm_location = g_strdup ("/q/file_locking\n_metrics.json");
  return report;
}

static void
show (Fixture *fixture, QkReport *report)
{
  qk_health_page_set_report (fixture->page, report);
  qk_report_unref (report);
}

static const char *
get_value (Fixture *fixture, const char *caption)
{
  return qk_health_tiles_get_value (get_part (fixture, "tiles"), caption);
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  GtkLabel *verdict = get_part (fixture, "verdict");
  g_autofree char *sources = NULL, *tooltip = NULL;
  GtkWidget *tile;

  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  g_assert_cmpstr (get_value (fixture, "Access denied · 5"), ==, "12");
  g_assert_cmpstr (get_value (fixture, "File in use · 32"), ==, "0");
  g_assert_cmpstr (get_value (fixture, "Lock held"), ==, "3");
  g_assert_cmpstr (get_value (fixture, "Conflicts merged"), ==, "1");
  g_assert_cmpstr (get_value (fixture, "Overwrites repaired"), ==, "0");
  g_assert_cmpstr (get_value (fixture, "Saved after retry"), ==, "90 %");
  g_assert_cmpstr (get_value (fixture, "Attempts, average"), ==, "1.9");
  g_assert_cmpstr (get_value (fixture, "Attempts, worst"), ==, "8 of 8");
  tile = gtk_widget_get_first_child (get_part (fixture, "tiles"));
  gtk_test_accessible_assert_property (tile, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Access denied · 5: 12");
  /* Each figure says who counted it, and when. */
  g_object_get (tile, "tooltip-text", &tooltip, NULL);
  g_assert_nonnull (strstr (tooltip, "Time: the last hour.\nthis program: 5\n"
                                     "other Queuekeepers: 0\nthe swarm: 7\n"
                                     "while reading: 0, while saving: 12"));
  sources = qk_health_tally_dup_text (get_part (fixture, "sources"));
  g_assert_cmpstr (sources, ==,
                   "this program: 5, saved after a retry: 9, given up: 1\n"
                   "other Queuekeepers: 3\nthe swarm: 7");
  g_assert_true (g_str_has_prefix (gtk_label_get_text (verdict), "Critical: "));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (verdict), "broken"));
}

/* Whether the share of saves that succeeded after a retry is red. */
static gboolean
is_success_red (Fixture *fixture)
{
  GtkWidget *tile = gtk_widget_get_first_child (get_part (fixture, "tiles"));

  while (!g_str_equal (qk_health_tile_get_caption (QK_HEALTH_TILE (tile)), "Saved after retry"))
    tile = gtk_widget_get_next_sibling (tile);
  return gtk_widget_has_css_class (
      GTK_WIDGET (gtk_widget_get_template_child (tile, QK_TYPE_HEALTH_TILE, "value")), "error");
}

/* 90 % is too little, unless the preferences say that it is not. */
static void
test_threshold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  g_assert_true (is_success_red (fixture));
  g_object_set (settings, "alert-success-percent", 90, NULL);
  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  g_assert_false (is_success_red (fixture));
  qk_settings_reset (settings);
}

/* What is drawn is said, too. */
static void
test_accessible (Fixture *fixture, gconstpointer data)
{
  QkChart *errors = get_part (fixture, "errors");
  g_autoptr (GDateTime) worst =
      g_date_time_new_from_unix_local (fixture->now / G_USEC_PER_SEC - 300);
  g_autofree char *time = g_date_time_format (worst, "%a %-d %b %H:%M");
  g_autofree char *summary = g_strdup_printf (
      "access denied 12, lock held 3, conflict merged 1, retries 15, worst at %s: 7", time);
  g_autoptr (GDateTime) next = g_date_time_add_minutes (worst, 1);
  g_autofree char *reading = NULL, *begin = NULL, *end = NULL;

  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  gtk_test_accessible_assert_role (errors, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (errors, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Lock Errors and Retries");
  gtk_test_accessible_assert_property (errors, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (errors)));
  g_assert_true (qk_chart_set_position (errors, 55));
  begin = g_date_time_format (worst, "%a %-d %b, %H:%M");
  end = g_date_time_format (next, "%H:%M");
  reading = g_strdup_printf ("%s–%s: access denied 7, retries 7", begin, end);
  g_assert_cmpstr (qk_chart_get_reading (errors), ==, reading);
  gtk_test_accessible_assert_property (errors, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reading);
  /* The slice that is read stays the same one while time goes on. */
  fixture->now += G_TIME_SPAN_MINUTE;
  {
    QkReport *later = qk_fake_report_new (QK_PERIOD_HOUR, fixture->now);

    for (guint i = 0; i < 7; i++)
      qk_fake_report_add_event (later, fixture->now - 6 * G_TIME_SPAN_MINUTE + i,
                                QK_LOCK_KIND_ACCESS_DENIED, QK_SOURCE_SWARM, 1);
    show (fixture, later);
  }
  g_assert_cmpstr (qk_chart_get_reading (errors), ==, reading);
  g_assert_true (qk_chart_set_position (errors, -1));
  g_assert_null (qk_chart_get_reading (errors));
}

/* The scale grows at once, but does not shrink with each value that goes. Another time is another scale. */
static void
test_scale (Fixture *fixture, gconstpointer data)
{
  QkChart *errors = get_part (fixture, "errors");
  QkReport *fewer = qk_fake_report_new (QK_PERIOD_HOUR, fixture->now);

  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  g_assert_cmpfloat (qk_chart_get_limit (errors), ==, 8);
  for (guint i = 0; i < 5; i++)
    qk_fake_report_add_event (fewer, fixture->now - 1000 + i, QK_LOCK_KIND_LOCK_HELD,
                              QK_SOURCE_HERE, 1);
  show (fixture, fewer);
  g_assert_cmpfloat (qk_chart_get_limit (errors), ==, 8);
  show (fixture, qk_fake_report_quiet (QK_PERIOD_DAY, fixture->now));
  g_assert_cmpfloat (qk_chart_get_limit (errors), ==, 4);
}

/* Equal values are not drawn again. */
static void
test_unchanged (void)
{
  QkChart *chart = g_object_ref_sink (g_object_new (QK_TYPE_CHART, NULL));
  double values[] = {1, NAN, 3};
  QkChartTime time = {0, G_TIME_SPAN_MINUTE, 3};
  QkChartSeries series = {"x", "red_3", QK_CHART_LINE, values};

  g_assert_true (qk_chart_set_data (chart, &time, &series, 1));
  g_assert_false (qk_chart_set_data (chart, &time, &series, 1));
  values[2] = 2;
  g_assert_true (qk_chart_set_data (chart, &time, &series, 1));
  time.from += time.width;
  g_assert_true (qk_chart_set_data (chart, &time, &series, 1));
  g_assert_false (qk_chart_set_data (chart, &time, &series, 1));
  g_object_unref (chart);
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  QkHealthEventView *view = get_part (fixture, "events");
  GListModel *rows = get_rows (fixture);

  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 16);
  qk_health_event_view_set_filter (view, QK_LOCK_KIND_ACCESS_DENIED, QK_HEALTH_ANY, "");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 12);
  qk_health_event_view_set_filter (view, QK_LOCK_KIND_ACCESS_DENIED, QK_SOURCE_SWARM, "");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 7);
  qk_health_event_view_set_filter (view, QK_HEALTH_ANY, QK_SOURCE_HERE, "");
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 6);
  qk_health_event_view_set_filter (view, QK_LOCK_KIND_TORN, QK_HEALTH_ANY, "");
  g_assert_cmpstr (qk_health_event_view_get_shown (view), ==, "filtered");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (view), "events.show-all", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 16);
  g_assert_cmpstr (qk_health_event_view_get_shown (view), ==, "list");
}

static gboolean
has_three (gpointer user_data)
{
  return g_list_model_get_n_items (get_rows (user_data)) == 3;
}

/* What is typed is looked for in all that a row says. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  show (fixture, make_known (fixture, QK_PERIOD_HOUR));
  qk_health_event_view_set_filter (get_part (fixture, "events"), QK_HEALTH_ANY, QK_HEALTH_ANY,
                                   "  QKCTL lock ");
  g_assert_true (qk_test_wait (has_three, fixture, QK_UI_PATIENCE_MS));
}

static void
count_cb (GListModel *model, guint position, guint removed, guint added, guint *counts)
{
  counts[0] += removed;
  counts[1] += added;
}

static QkReport *
make_big (Fixture *fixture, guint n_new)
{
  QkReport *report = qk_fake_report_new (QK_PERIOD_HOUR, fixture->now);

  for (guint i = n_new; i < n_new + QK_REPORT_MAX_EVENTS; i++)
    qk_fake_report_add_event (report, fixture->now - G_TIME_SPAN_HOUR / 2 + i * G_USEC_PER_SEC,
                              QK_LOCK_KIND_LOCK_HELD, QK_SOURCE_OTHERS, 1 + i % 3);
  return report;
}

static gboolean
can_scroll (gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;

  return gtk_adjustment_get_upper (adjustment) > 2 * gtk_adjustment_get_page_size (adjustment);
}

static gboolean
is_scrolled (gpointer user_data)
{
  return gtk_adjustment_get_value (user_data) >= 900;
}

static void
drawn_cb (GdkFrameClock *clock, gboolean *drawn)
{
  *drawn = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

/* Until what has changed is on the screen. */
static void
wait_for_frame (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->window);
  gboolean drawn = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (drawn_cb), &drawn);

  gtk_widget_queue_draw (fixture->window);
  g_assert_true (qk_test_wait (is_true, &drawn, QK_UI_PATIENCE_MS));
  g_signal_handler_disconnect (clock, handler);
}

/* The row, whose place in the list is that, and how far below the top of the view it stands. */
static double
get_place (Fixture *fixture, guint position)
{
  GtkAdjustment *adjustment = qk_health_event_view_get_adjustment (get_part (fixture, "events"));
  double height =
      gtk_adjustment_get_upper (adjustment) / g_list_model_get_n_items (get_rows (fixture));

  return position * height - gtk_adjustment_get_value (adjustment);
}

/* Of a thousand events, one is new and one is gone: that is all that the view hears of. The row that is
 * selected stays selected, and where it is on the screen. */
static void
test_refresh (Fixture *fixture, gconstpointer data)
{
  QkHealthEventView *view = get_part (fixture, "events");
  GtkSingleSelection *selection = qk_health_event_view_get_selection (view);
  GtkAdjustment *adjustment = qk_health_event_view_get_adjustment (view);
  gpointer selected;
  guint counts[2] = {0, 0};
  double before;

  show (fixture, make_big (fixture, 0));
  g_assert_true (qk_test_wait (can_scroll, adjustment, QK_UI_PATIENCE_MS));
  gtk_single_selection_set_selected (selection, 40);
  gtk_adjustment_set_value (adjustment, 900);
  g_assert_true (qk_test_wait (is_scrolled, adjustment, QK_UI_PATIENCE_MS));
  wait_for_frame (fixture);
  before = get_place (fixture, 40);
  selected = gtk_single_selection_get_selected_item (selection);
  g_signal_connect (selection, "items-changed", G_CALLBACK (count_cb), counts);
  show (fixture, make_big (fixture, 1));
  g_assert_cmpuint (counts[0], ==, 1);
  g_assert_cmpuint (counts[1], ==, 1);
  g_assert_true (gtk_single_selection_get_selected_item (selection) == selected);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 41);
  wait_for_frame (fixture);
  g_assert_cmpfloat_with_epsilon (get_place (fixture, 41), before, 1);
  /* The same ones again. */
  show (fixture, make_big (fixture, 1));
  g_assert_cmpuint (counts[0] + counts[1], ==, 2);
  g_signal_handlers_disconnect_by_data (selection, counts);
}

/* Events that are equal are told apart by their number alone. */
static void
test_equal_events (Fixture *fixture, gconstpointer data)
{
  guint counts[2] = {0, 0};

  for (guint n = 2; n <= 3; n++)
    {
      QkReport *report = qk_fake_report_new (QK_PERIOD_HOUR, fixture->now);

      for (guint i = 0; i < n; i++)
        qk_fake_report_add_event (report, fixture->now - 5, QK_LOCK_KIND_TORN, QK_SOURCE_HERE, 1);
      show (fixture, report);
      g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, n);
      if (n == 2)
        g_signal_connect (get_rows (fixture), "items-changed", G_CALLBACK (count_cb), counts);
    }
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[1], ==, 1);
  g_signal_handlers_disconnect_by_data (get_rows (fixture), counts);
}

/* Who stood in the way is said; a name is text, and kept in one line. */
static void
test_holder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkReport) report = make_known (fixture, QK_PERIOD_HOUR);
  QkReportEvent *event = report->events->pdata[0];
  g_autofree char *unknown = qk_health_words_holder (event);
  g_autofree char *known = NULL, *sentence = NULL;
  QkHolder *holder = qk_holder_new (QK_HOLDER_FOUND);

  g_assert_cmpstr (unknown, ==, "not known who");
  holder->pid = 4312;
  holder->name = g_strdup ("py\n<b>thon");
  event->event->holder = holder;
  event->holder = qk_holder_dup_label (holder);
  known = qk_health_words_holder (event);
  g_assert_nonnull (strstr (known, "py␊<b>thon"));
  g_assert_nonnull (strstr (known, "4312"));
  sentence = qk_health_words_event (event);
  g_assert_nonnull (strstr (sentence, known));
  g_assert_null (strchr (sentence, '\n'));
}

static void
count_notify_cb (GObject *object, GParamSpec *pspec, guint *n)
{
  ++*n;
}

/* Its own, which is the first of its controllers for shortcuts. */
static GtkEventController *
find_shortcuts (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        return controller;
    }
  g_assert_not_reached ();
}

static void
test_period (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  g_assert_cmpint (qk_health_page_get_period (fixture->page), ==, QK_PERIOD_DAY);
  g_signal_connect (fixture->page, "notify::period", G_CALLBACK (count_notify_cb), &n);
  for (guint i = 0; i < QK_N_PERIODS; i++)
    {
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), "health.period", "s",
                                                 qk_period_get_name (i)));
      g_assert_cmpint (qk_health_page_get_period (fixture->page), ==, i);
    }
  g_assert_cmpuint (n, ==, QK_N_PERIODS);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "health.period", "s", "all"));
  g_assert_cmpuint (n, ==, QK_N_PERIODS);
}

/* Ctrl+1 to Ctrl+5, in the order in which they stand there. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  static const guint keys[] = {GDK_KEY_1, GDK_KEY_KP_1};

  show (fixture, qk_fake_report_quiet (QK_PERIOD_DAY, fixture->now));
  qk_health_page_take_focus (fixture->page);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint period = 0; period < QK_N_PERIODS; period++)
      {
        g_autoptr (GtkShortcutTrigger) wanted =
            gtk_keyval_trigger_new (keys[i] + period, GDK_CONTROL_MASK);
        GListModel *shortcuts = G_LIST_MODEL (find_shortcuts (GTK_WIDGET (fixture->page)));
        guint n = 0;

        for (guint at = 0; at < g_list_model_get_n_items (shortcuts); at++)
          {
            g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, at);

            if (gtk_shortcut_trigger_compare (gtk_shortcut_get_trigger (shortcut), wanted) != 0)
              continue;
            n++;
            g_assert_true (gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                                         GTK_WIDGET (fixture->page),
                                                         gtk_shortcut_get_arguments (shortcut)));
            g_assert_cmpint (qk_health_page_get_period (fixture->page), ==, period);
            /* The focus goes with it. */
            g_assert_true (gtk_toggle_button_get_active (
                GTK_TOGGLE_BUTTON (gtk_widget_get_focus_child (get_part (fixture, "periods")))));
          }
        g_assert_cmpuint (n, ==, 1);
      }
}

/* It fits a window of 360 pixels; so the other pages, in whose stack it is, can. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  int minimum;

  show (fixture, qk_fake_report_week (QK_PERIOD_ALL, fixture->now));
  gtk_widget_measure (GTK_WIDGET (fixture->page), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  return --*(int *) user_data > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
is_drawn (gpointer user_data)
{
  return *(int *) user_data <= 0;
}

/* Where the parts are, as text; after they were laid out. */
static char *
dup_places (Fixture *fixture)
{
  static const char *const names[] = {"errors",  "depth",   "saves",   "events",       "advice",
                                      "holders", "sources", "periods", "export_button"};
  GtkWidget *tiles = get_part (fixture, "tiles");
  g_autoptr (GString) places = g_string_new (NULL);
  graphene_rect_t place;
  int frames = 3;

  gtk_widget_queue_draw (GTK_WIDGET (fixture->page));
  gtk_widget_add_tick_callback (GTK_WIDGET (fixture->page), count_frame, &frames, NULL);
  g_assert_true (qk_test_wait (is_drawn, &frames, QK_UI_PATIENCE_MS));
  for (GtkWidget *tile = gtk_widget_get_first_child (tiles); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    {
      g_assert_true (gtk_widget_compute_bounds (tile, GTK_WIDGET (fixture->page), &place));
      g_string_append_printf (places, "%g %g %g %g, ", place.origin.x, place.origin.y,
                              place.size.width, place.size.height);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (gtk_widget_compute_bounds (get_part (fixture, names[i]),
                                                GTK_WIDGET (fixture->page), &place));
      g_string_append_printf (places, "%s %g %g, ", names[i], place.origin.x, place.size.width);
    }
  return g_string_free (g_steal_pointer (&places), FALSE);
}

/* Nothing moves aside while the figures change, however large they get. */
static void
test_steady (Fixture *fixture, gconstpointer data)
{
  static const guint64 counts[] = {0, 1, 9, 10, 99, 1000, 123456, 9999999, 1000000000};
  g_autofree char *before = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      QkReport *report = make_known (fixture, QK_PERIOD_HOUR);
      QkFigures *total = &report->total;
      g_autofree char *places = NULL;

      total->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_ACCESS_DENIED] = counts[i];
      total->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] = counts[i];
      total->errors[QK_OPERATION_SAVE][QK_LOCK_KIND_LOCK_HELD] = counts[i];
      total->conflicts = total->overwrites = counts[i];
      total->saves = counts[i] + 1;
      total->saves_failed = counts[i];
      total->total_attempts = 15 * total->saves;
      total->worst_attempts = (guint) MIN (counts[i], 1000);
      show (fixture, report);
      places = dup_places (fixture);
      g_test_message ("%" G_GUINT64_FORMAT ": %s", counts[i], places);
      if (before != NULL)
        g_assert_cmpstr (places, ==, before);
      g_free (before);
      before = g_steal_pointer (&places);
    }
}

static void
test_quiet (Fixture *fixture, gconstpointer data)
{
  QkHealthEventView *view = get_part (fixture, "events");
  GtkLabel *verdict = get_part (fixture, "verdict");

  show (fixture, qk_fake_report_quiet (QK_PERIOD_DAY, fixture->now));
  g_assert_cmpstr (qk_health_event_view_get_shown (view), ==, "quiet");
  g_assert_nonnull (qk_ui_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL,
                                     "No lock errors in the last 24 hours"));
  g_assert_cmpstr (get_value (fixture, "Access denied · 5"), ==, "0");
  g_assert_cmpstr (get_value (fixture, "Saved after retry"), ==, "—");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (verdict), "live"));
  gtk_test_accessible_assert_property (get_part (fixture, "errors"),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "nothing");
  show (fixture, qk_fake_report_quiet (QK_PERIOD_WEEK, fixture->now));
  g_assert_nonnull (qk_ui_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL,
                                     "No lock errors in the last 7 days"));
}

/* What is missing is said, as text. */
static void
test_problem (Fixture *fixture, gconstpointer data)
{
  QkReport *report = qk_fake_report_quiet (QK_PERIOD_DAY, fixture->now);

  report->problem = g_strdup ("The history is <b>locked</b>.");
  show (fixture, report);
  g_assert_nonnull (qk_ui_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL,
                                     "The history is <b>locked</b>."));
  show (fixture, qk_fake_report_quiet (QK_PERIOD_DAY, fixture->now));
  g_assert_null (qk_ui_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL,
                                  "The history is <b>locked</b>."));
}

/* The saves of the report under another rule: with one attempt none that met a lock succeeds. */
static void
test_what_if (Fixture *fixture, gconstpointer data)
{
  QkReport *report = qk_fake_report_week (QK_PERIOD_DAY, fixture->now);
  QkWhatIfDialog *dialog =
      QK_WHAT_IF_DIALOG (qk_what_if_dialog_new (GTK_WINDOW (fixture->window), report));
  QkRetryPolicy policy = report->policy;

  g_assert_cmpuint (qk_what_if_dialog_get (dialog)->n_saves, >, 20);
  g_assert_cmpfloat (qk_what_if_dialog_get (dialog)->success.expected, >, 0.9);
  policy.attempts = 1;
  qk_what_if_dialog_set_policy (dialog, &policy);
  g_assert_cmpfloat (qk_what_if_dialog_get (dialog)->success.high, ==, 0);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "what-if.reset", NULL));
  g_assert_cmpfloat (qk_what_if_dialog_get (dialog)->success.expected, >, 0.9);
  gtk_window_destroy (GTK_WINDOW (dialog));
  qk_report_unref (report);
}

/* As many slices as asked for, and nothing is lost. */
static void
test_course (Fixture *fixture, gconstpointer data)
{
  QkReport *report = make_big (fixture, 0);
  QkChart *errors = get_part (fixture, "errors");

  /* A long session: 5000 minutes. */
  g_array_set_size (report->buckets, 0);
  for (guint i = 0; i < 5000; i++)
    {
      QkBucket bucket = {.start = fixture->now / G_TIME_SPAN_MINUTE * G_TIME_SPAN_MINUTE -
                                  (5000 - i) * G_TIME_SPAN_MINUTE};

      bucket.figures.errors[QK_OPERATION_SAVE][QK_LOCK_KIND_LOCK_HELD] = 2;
      g_array_append_val (report->buckets, bucket);
    }
  show (fixture, report);
  g_assert_true (qk_chart_set_position (errors, 1));
  g_assert_nonnull (strstr (qk_chart_get_reading (errors), "lock held 52"));
  g_assert_true (qk_chart_set_position (errors, 190));
  g_assert_false (qk_chart_set_position (errors, 190));
}

typedef struct {
  QkUiFixture queue;
  QkWindow *window;
} WindowFixture;

static void
set_up_window (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

  qk_ui_fixture_set_up (&fixture->queue, data);
  g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_PENDING, 1, 0.5, 10));
  qk_ui_fixture_write (&fixture->queue, entries);
  fixture->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  qk_window_open (fixture->window, fixture->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static gboolean
is_gone (gpointer user_data)
{
  return ((WindowFixture *) user_data)->window == NULL;
}

static void
tear_down_window (WindowFixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_gone, fixture, QK_UI_PATIENCE_MS));
  qk_ui_fixture_tear_down (&fixture->queue, data);
}

static gboolean
is_open (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (user_data), "queue") == 0;
}

static gboolean
has_report (gpointer user_data)
{
  WindowFixture *fixture = user_data;

  return qk_health_page_get_report (qk_window_get_health_page (fixture->window)) != NULL;
}

static gboolean
has_counted (gpointer user_data)
{
  WindowFixture *fixture = user_data;
  QkReport *report = qk_health_page_get_report (qk_window_get_health_page (fixture->window));

  return report != NULL && qk_figures_get_errors (&report->total, QK_LOCK_KIND_LOCK_HELD) == 2;
}

/* What happens to the queue is on the page, and only while somebody looks it asks for it. */
static void
test_live (WindowFixture *fixture, gconstpointer data)
{
  QkHealthPage *page = qk_window_get_health_page (fixture->window);
  QkLockEvent event = {.time = g_get_real_time (),
                       .operation = QK_OPERATION_SAVE,
                       .kind = QK_LOCK_KIND_LOCK_HELD,
                       .attempt = 1,
                       .attempts = 8,
                       .delay = 150000};

  g_assert_true (qk_test_wait (is_open, fixture->window, QK_UI_PATIENCE_MS));
  g_signal_emit_by_name (qk_window_get_store (fixture->window), "lock-event", &event);
  g_assert_null (qk_health_page_get_report (page));
  g_object_set (page, "period", "session", NULL);
  /* There is no page that is called like that. */
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "nowhere"));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "health"));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
  g_assert_true (qk_test_wait (has_report, fixture, QK_UI_PATIENCE_MS));
  event.attempt = 2;
  g_signal_emit_by_name (qk_window_get_store (fixture->window), "lock-event", &event);
  g_assert_true (qk_test_wait (has_counted, fixture, QK_UI_PATIENCE_MS));
}

/* Where the swarm's counters are read, as the page tells it; NULL for nowhere. */
static gboolean
reads_expected (gpointer user_data)
{
  WindowFixture *fixture = user_data;
  GtkWidget *page = GTK_WIDGET (qk_window_get_health_page (fixture->window));
  QkReport *report = qk_health_page_get_report (QK_HEALTH_PAGE (page));
  const char *expected = g_object_get_data (G_OBJECT (fixture->window), "expected");
  GtkWidget *forget =
      GTK_WIDGET (gtk_widget_get_template_child (page, QK_TYPE_HEALTH_PAGE, "forget_counters"));

  return report != NULL && g_strcmp0 (report->swarm_location, expected) == 0 &&
         gtk_widget_get_visible (forget) == (expected != NULL);
}

/* The swarm may count anywhere: what is chosen is read, until it is looked for nearby again. */
static void
test_counters (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  g_autofree char *path = g_build_filename (fixture->queue.folder.path, "elsewhere.json", NULL);
  g_autofree char *key = NULL;

  g_assert_true (qk_test_wait (is_open, fixture->window, QK_UI_PATIENCE_MS));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "health");
  g_assert_true (qk_test_wait (reads_expected, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (
      g_file_set_contents (path, "{\"errors\":[],\"summary\":{\"total_errors\":7}}", -1, NULL));
  key = qk_store_dup_key (qk_window_get_store (fixture->window));
  qk_settings_set_counters (settings, key, path);
  g_object_set_data_full (G_OBJECT (fixture->window), "expected", g_strdup (path), g_free);
  g_assert_true (qk_test_wait (reads_expected, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.forget-counters", NULL));
  g_object_set_data (G_OBJECT (fixture->window), "expected", NULL);
  g_assert_true (qk_test_wait (reads_expected, fixture, QK_UI_PATIENCE_MS));
  g_assert_cmpint (g_remove (path), ==, 0);
}

static gboolean
is_judged (gpointer user_data)
{
  WindowFixture *fixture = user_data;
  GtkWidget *page = GTK_WIDGET (qk_window_get_health_page (fixture->window));
  GtkLabel *verdict =
      GTK_LABEL (gtk_widget_get_template_child (page, QK_TYPE_HEALTH_PAGE, "verdict"));

  return g_strcmp0 (gtk_label_get_text (verdict),
                    g_object_get_data (G_OBJECT (fixture->window), "expected")) == 0;
}

/* What is in the queue counts as well, as it does for qkctl check. */
static void
test_verdict (WindowFixture *fixture, gconstpointer data)
{
  static const char *const verdicts[] = {"Good: No lock errors (the last 24 hours).",
                                         "Critical: Messages are stuck",
                                         "Good: No lock errors (the last 24 hours)."};

  g_assert_true (qk_test_wait (is_open, fixture->window, QK_UI_PATIENCE_MS));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "health"));
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      g_autoptr (GPtrArray) entries = qk_ui_entries_new ();

      g_ptr_array_add (entries, qk_ui_entry (1, QK_STATUS_PENDING, 1, 0.5, 10));
      if (i == 1)
        g_ptr_array_add (entries, qk_ui_entry (2, QK_STATUS_PROCESSING, 1, 0.5, 400));
      qk_ui_fixture_write (&fixture->queue, entries);
      g_object_set_data (G_OBJECT (fixture->window), "expected", (gpointer) verdicts[i]);
      if (!qk_test_wait (is_judged, fixture, QK_UI_PATIENCE_MS / 2))
        g_error ("never said: %s", verdicts[i]);
    }
}

static gboolean
has_said (gpointer user_data)
{
  return qk_ui_test_find (GTK_WIDGET (((WindowFixture *) user_data)->window), GTK_TYPE_LABEL,
                          g_object_get_data (G_OBJECT (((WindowFixture *) user_data)->window),
                                             "expected")) != NULL;
}

static void
wait_for_text (WindowFixture *fixture, const char *text)
{
  g_object_set_data_full (G_OBJECT (fixture->window), "expected", g_strdup (text), g_free);
  if (!qk_test_wait (has_said, fixture, QK_UI_PATIENCE_MS))
    g_error ("the window never said: %s", text);
}

/* What is shown is written, and where to is told; but not over the queue. */
static void
test_export (WindowFixture *fixture, gconstpointer data)
{
  QkTestFolder *folder = &fixture->queue.folder;
  g_autofree char *path = g_build_filename (folder->path, "figures.csv", NULL);
  g_autofree char *told = g_strdup_printf ("The figures are in %s", path);
  static const char *const own[] = {"", ".lock"};
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_true (qk_test_wait (is_open, fixture->window, QK_UI_PATIENCE_MS));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "health"));
  g_assert_true (qk_test_wait (has_report, fixture, QK_UI_PATIENCE_MS));
  qk_window_export_health (fixture->window, "csv", path);
  wait_for_text (fixture, told);
  bytes = qk_test_read (path);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 100);
  before = qk_ui_fixture_read (&fixture->queue);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autofree char *target = g_strconcat (folder->queue, own[i], NULL);
      g_autofree char *refused = g_strdup_printf (
          "Nothing was exported: %s belongs to the swarm: choose another file for what is exported",
          target);

      qk_window_export_health (fixture->window, "json", target);
      wait_for_text (fixture, refused);
    }
  after = qk_ui_fixture_read (&fixture->queue);
  g_assert_cmpstr (before, ==, after);
}

#define UI_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      UI_TEST ("/ui/health/numbers", test_numbers);
      UI_TEST ("/ui/health/threshold", test_threshold);
      UI_TEST ("/ui/health/accessible", test_accessible);
      UI_TEST ("/ui/health/scale", test_scale);
      g_test_add_func ("/ui/health/unchanged", test_unchanged);
      UI_TEST ("/ui/health/filter", test_filter);
      UI_TEST ("/ui/health/words", test_words);
      UI_TEST ("/ui/health/refresh", test_refresh);
      UI_TEST ("/ui/health/equal-events", test_equal_events);
      UI_TEST ("/ui/health/holder", test_holder);
      UI_TEST ("/ui/health/period", test_period);
      UI_TEST ("/ui/health/keys", test_keys);
      UI_TEST ("/ui/health/narrow", test_narrow);
      UI_TEST ("/ui/health/steady", test_steady);
      UI_TEST ("/ui/health/quiet", test_quiet);
      UI_TEST ("/ui/health/problem", test_problem);
      UI_TEST ("/ui/health/what-if", test_what_if);
      UI_TEST ("/ui/health/course", test_course);
      g_test_add ("/ui/health/export", WindowFixture, NULL, set_up_window, test_export,
                  tear_down_window);
      g_test_add ("/ui/health/verdict", WindowFixture, NULL, set_up_window, test_verdict,
                  tear_down_window);
      g_test_add ("/ui/health/counters", WindowFixture, NULL, set_up_window, test_counters,
                  tear_down_window);
      g_test_add ("/ui/health/live", WindowFixture, NULL, set_up_window, test_live,
                  tear_down_window);
    }
  return qk_ui_test_run (has_display);
}
