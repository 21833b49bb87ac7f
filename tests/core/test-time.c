#include "qk-retry.h"
#include "qk-time.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)

/* The tests run in a zone with summer time, so that local and universal time differ. */
#define ZONE "Europe/Berlin"

static void
test_parse (void)
{
  static const struct {
    const char *text;
    gint64 wall;
  } cases[] = {
      {"1970-01-01T00:00:00", 0},
      {"1970-01-02 00:00", 86400 * SECOND},
      {"2026-01-08T19:07:55.818905", 1767899275 * SECOND + 818905},
      {"2026-01-08T19:07:55.8", 1767899275 * SECOND + 800000},
      {"2026-01-08T19:07:55.1234567", 1767899275 * SECOND + 123456},
      {"2024-02-29T23:59:59", 1709251199 * SECOND},
      {"2000-03-01T00:00:00", 951868800 * SECOND},
      {"", QK_WALL_NONE},
      {"yesterday", QK_WALL_NONE},
      {"2026-01-08", QK_WALL_NONE},
      {"2026-13-08T19:07:55", QK_WALL_NONE},
      {"2025-02-29T19:07:55", QK_WALL_NONE},
      {"2026-01-08T24:07:55", QK_WALL_NONE},
      {"2026-01-08T19:60:55", QK_WALL_NONE},
      {"2026-01-08T19:07:55 later", QK_WALL_NONE},
      {"2026-01-08T19:07:55+", QK_WALL_NONE},
      {"2026-01-08T19:07:55+02:", QK_WALL_NONE},
      {"2026-01-08T19:07:55Zulu", QK_WALL_NONE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean has_offset = FALSE;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (qk_wall_parse (cases[i].text, strlen (cases[i].text), &has_offset), ==,
                       cases[i].wall);
      g_assert_false (has_offset);
    }
}

/* Noon universal time is 13 o'clock on a wall in Berlin in winter, and 14 o'clock in summer. */
static void
test_offsets (void)
{
  static const struct {
    const char *text;
    const char *wall;
  } cases[] = {
      {"2026-01-08T12:00:00Z", "2026-01-08T13:00:00"},
      {"2026-07-08T12:00:00Z", "2026-07-08T14:00:00"},
      {"2026-01-08T12:00:00.5+00:00", "2026-01-08T13:00:00.500000"},
      {"2026-01-08T12:00:00+0530", "2026-01-08T07:30:00"},
      {"2026-01-08T12:00:00-03", "2026-01-08T16:00:00"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean has_offset = FALSE;
      g_autofree char *wall =
          qk_wall_format (qk_wall_parse (cases[i].text, strlen (cases[i].text), &has_offset));

      g_assert_cmpstr (wall, ==, cases[i].wall);
      g_assert_true (has_offset);
    }
}

/* And back: also in the hour that the clock shows twice, and in the one that it leaves out. */
static void
test_to_unix (void)
{
  static const struct {
    const char *wall;
    const char *time;
  } cases[] = {
      {"2026-01-08T13:00:00", "2026-01-08T12:00:00Z"},
      {"2026-07-08T14:00:00.5", "2026-07-08T12:00:00.5Z"},
      {"2026-03-29T01:59:59", "2026-03-29T00:59:59Z"},
      {"2026-03-29T03:00:00", "2026-03-29T01:00:00Z"},
      {"2026-03-29T02:30:00", "2026-03-29T01:30:00Z"},
      {"2026-10-25T01:59:59", "2026-10-24T23:59:59Z"},
      {"2026-10-25T02:30:00", "2026-10-25T01:30:00Z"},
      {"2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 wall = qk_wall_parse (cases[i].wall, strlen (cases[i].wall), NULL);
      g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (cases[i].time, NULL);

      g_test_message ("%s", cases[i].wall);
      g_assert_cmpint (qk_wall_to_unix (wall), ==,
                       g_date_time_to_unix (time) * SECOND + g_date_time_get_microsecond (time));
    }
}

static void
test_format (void)
{
  static const char *const texts[] = {"2026-01-08T19:07:55.818905", "2026-01-08T19:07:55",
                                      "2026-12-31T23:59:59.000001"};
  gint64 now = qk_wall_parse ("2026-01-08T20:00:00", 19, NULL);
  g_autofree char *today = qk_wall_format_short (now - 3600 * SECOND, now);
  g_autofree char *yesterday = qk_wall_format_short (now - 24 * 3600 * SECOND, now);
  g_autofree char *before = qk_wall_format_short (now - 48 * 3600 * SECOND, now);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *again = qk_wall_format (qk_wall_parse (texts[i], strlen (texts[i]), NULL));

      g_assert_cmpstr (again, ==, texts[i]);
    }
  g_assert_cmpstr (today, ==, "today 19:00:00");
  g_assert_cmpstr (yesterday, ==, "yesterday 20:00:00");
  g_assert_cmpstr (before, ==, "2026-01-06 20:00:00");
}

static void
test_durations (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } cases[] = {
      {-5, "0 s"},   {0, "0 s"},       {59, "59 s"},    {60, "1 min"},       {3599, "59 min"},
      {3600, "1 h"}, {172799, "47 h"}, {172800, "2 d"}, {31536000, "365 d"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = qk_duration_format (cases[i].seconds * SECOND);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_retry_delays (void)
{
  static const gint64 expected[] = {150000, 300000, 600000, 1200000, 2000000, 2000000, 2000000};
  const QkRetryPolicy policy = QK_RETRY_POLICY_DEFAULT;

  g_assert_cmpuint (policy.attempts, ==, G_N_ELEMENTS (expected) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (qk_retry_policy_get_delay (&policy, i + 1), ==, expected[i]);
  g_assert_cmpint (qk_retry_policy_get_delay (&policy, 1000000), ==, 2000000);
  g_assert_cmpint (qk_retry_policy_get_total (&policy), ==, 8250000);
}

static void
test_wait (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_true (qk_wait (20000, cancellable, &error));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 20000);
  g_cancellable_cancel (cancellable);
  g_assert_false (qk_wait (3600 * G_TIME_SPAN_SECOND, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", ZONE, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/offsets", test_offsets);
  g_test_add_func ("/time/to-unix", test_to_unix);
  g_test_add_func ("/time/format", test_format);
  g_test_add_func ("/time/durations", test_durations);
  g_test_add_func ("/time/retry-delays", test_retry_delays);
  g_test_add_func ("/time/wait", test_wait);
  return g_test_run ();
}
