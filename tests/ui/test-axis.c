#include "qk-axis.h"

/* The arithmetic of the axes, without a display. */

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY

static void
test_step (void)
{
  static const struct {
    double max;
    guint n_steps;
    double step;
  } cases[] = {
      {0, 4, 1},        {1, 4, 0.5}, {4, 4, 1},     {5, 4, 2},      {8, 4, 2}, {9, 4, 5},
      {20, 4, 5},       {21, 4, 10}, {41, 4, 20},   {100, 4, 50},   {1, 1, 1}, {0.03, 3, 0.01},
      {0.031, 3, 0.02}, {7, 7, 1},   {1e9, 4, 5e8}, {1000, 5, 200},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (qk_axis_step (cases[i].max, cases[i].n_steps), cases[i].step,
                                    cases[i].step * 1e-6);
}

/* It grows at once, and shrinks only when the half of it is free. */
static void
test_hysteresis (void)
{
  double limit = qk_axis_limit (18, 4, 0);

  g_assert_cmpfloat (limit, ==, 20);
  limit = qk_axis_limit (12, 4, limit);
  g_assert_cmpfloat (limit, ==, 20);
  limit = qk_axis_limit (10.5, 4, limit);
  g_assert_cmpfloat (limit, ==, 20);
  limit = qk_axis_limit (8, 4, limit);
  g_assert_cmpfloat (limit, ==, 8);
  limit = qk_axis_limit (21, 4, limit);
  g_assert_cmpfloat (limit, ==, 30);
  g_assert_cmpfloat (qk_axis_limit (0, 4, 0), ==, 1);
}

/* The largest value is never above the limit, and the steps reach it. */
static void
test_covers (void)
{
  for (double max = 0.001; max < 1e6; max *= 1.37)
    for (guint n_steps = 1; n_steps <= 6; n_steps++)
      {
        double step = qk_axis_step (max, n_steps), limit = qk_axis_limit (max, n_steps, 0);

        g_assert_cmpfloat (limit, >=, max * (1 - 1e-9));
        g_assert_cmpfloat (limit, <=, step * n_steps * (1 + 1e-9));
        g_assert_cmpfloat (limit - max, <, step * (1 + 1e-9));
      }
}

static void
test_time_step (void)
{
  g_assert_cmpint (qk_axis_time_step (HOUR, 8), ==, 10 * MINUTE);
  g_assert_cmpint (qk_axis_time_step (DAY, 8), ==, 3 * HOUR);
  g_assert_cmpint (qk_axis_time_step (7 * DAY, 8), ==, DAY);
  g_assert_cmpint (qk_axis_time_step (7 * DAY, 2), ==, 7 * DAY);
  g_assert_cmpint (qk_axis_time_step (MINUTE, 8), ==, MINUTE);
  g_assert_cmpint (qk_axis_time_step (G_MAXINT64 / 100, 8), ==, 364 * DAY);
}

static gint64
make_time (const char *iso, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso, zone);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

/* Ticks are at round hours of the clock on the wall, also where it is set back and forth. */
static void
test_ticks (void)
{
  static const struct {
    const char *from;
    gint64 step;
    const char *expected;
  } cases[] = {
      {"2026-11-27T14:05:00", 3 * HOUR, "15:00 18:00 21:00 00:00 "},
      {"2026-11-27T15:00:00", 3 * HOUR, "15:00 18:00 21:00 00:00 "},
      /* From 02:00 to 03:00 there is nothing. */
      {"2026-03-29T00:30:00", 3 * HOUR, "03:00 06:00 09:00 12:00 "},
      {"2026-03-28T20:00:00", 6 * HOUR, "00:00 06:00 12:00 18:00 "},
      /* From 02:00 to 03:00 is twice. */
      {"2026-10-24T20:00:00", 6 * HOUR, "00:00 06:00 12:00 18:00 "},
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  if (zone == NULL)
    {
      g_test_skip ("the time zones of the system are not installed");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) labels = g_string_new (NULL);
      gint64 time = qk_axis_first_time (make_time (cases[i].from, zone), cases[i].step, zone);

      for (guint j = 0; j < 4; j++)
        {
          g_autofree char *label = qk_axis_format_time (time, cases[i].step, zone);
          gint64 next = qk_axis_next_time (time, cases[i].step, zone);

          g_string_append_printf (labels, "%s ", label);
          g_assert_cmpint (next, >, time);
          time = next;
        }
      g_assert_cmpstr (labels->str, ==, cases[i].expected);
    }
}

static void
test_labels (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  gint64 time = make_time ("2026-11-27T14:05:00", zone);
  g_autofree char *hours = qk_axis_format_time (time, HOUR, zone);
  g_autofree char *day = qk_axis_format_time (time, DAY, zone);
  g_autofree char *days = qk_axis_format_time (time, 7 * DAY, zone);
  g_autofree char *year = qk_axis_format_time (time, 364 * DAY, zone);

  g_assert_cmpstr (hours, ==, "14:05");
  g_assert_cmpstr (day, ==, "Fri 27");
  g_assert_cmpstr (days, ==, "27 Nov");
  g_assert_cmpstr (year, ==, "2026");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis/step", test_step);
  g_test_add_func ("/axis/hysteresis", test_hysteresis);
  g_test_add_func ("/axis/covers", test_covers);
  g_test_add_func ("/axis/time-step", test_time_step);
  g_test_add_func ("/axis/ticks", test_ticks);
  g_test_add_func ("/axis/labels", test_labels);
  return g_test_run ();
}
