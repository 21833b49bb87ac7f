#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define USEC G_GINT64_CONSTANT (1000000)

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
static gint64
days_from_civil (gint64 year, guint month, guint day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * ((gint64) month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

static gboolean
read_digits (const char **cursor, const char *end, guint n, guint *value)
{
  *value = 0;
  for (guint i = 0; i < n; i++)
    {
      if (*cursor == end || !g_ascii_isdigit (**cursor))
        return FALSE;
      *value = *value * 10 + (guint) g_ascii_digit_value (*(*cursor)++);
    }
  return TRUE;
}

static gboolean
read_char (const char **cursor, const char *end, const char *set)
{
  if (*cursor == end || **cursor == '\0' || strchr (set, **cursor) == NULL)
    return FALSE;
  (*cursor)++;
  return TRUE;
}

static gint64
read_fraction (const char **cursor, const char *end)
{
  gint64 unit = USEC / 10, usec = 0;

  for (; *cursor < end && g_ascii_isdigit (**cursor); (*cursor)++, unit /= 10)
    usec += unit * g_ascii_digit_value (**cursor);
  return usec;
}

/* "+02:00", "-0330" or "+01": fewer or more characters are no offset. */
static gboolean
read_offset (const char **cursor, const char *end, gint64 *seconds)
{
  guint hours, minutes = 0;
  gboolean negative = **cursor == '-';

  (*cursor)++;
  if (!read_digits (cursor, end, 2, &hours) || hours > 24)
    return FALSE;
  if (*cursor < end)
    {
      (void) read_char (cursor, end, ":");
      if (!read_digits (cursor, end, 2, &minutes) || minutes > 59)
        return FALSE;
    }
  *seconds = (gint64) (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
  return TRUE;
}

/**
 * qk_wall_from_unix:
 * @unix_usec: microseconds since the Unix epoch
 *
 * Returns: what the local clock on the wall shows then, in wall microseconds
 */
gint64
qk_wall_from_unix (gint64 unix_usec)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (unix_usec / USEC);

  return unix_usec + (local != NULL ? g_date_time_get_utc_offset (local) : 0);
}

/**
 * qk_wall_to_unix:
 * @wall_usec: wall microseconds
 *
 * What the clock shows twice, when summer time ends, is taken for one of the two; what it never shows,
 * when it begins, for what it shows instead.
 *
 * Returns: when the local clock on the wall shows it, in microseconds since the Unix epoch
 */
gint64
qk_wall_to_unix (gint64 wall_usec)
{
  gint64 unix_usec = wall_usec - (qk_wall_from_unix (wall_usec) - wall_usec);

  return wall_usec - (qk_wall_from_unix (unix_usec) - unix_usec);
}

/**
 * qk_wall_now:
 *
 * Returns: the present, in wall microseconds
 */
gint64
qk_wall_now (void)
{
  return qk_wall_from_unix (g_get_real_time ());
}

/**
 * qk_wall_parse:
 * @text: `YYYY-MM-DD`, then `T` or a space, `HH:MM`, and perhaps `:SS`, a fraction, `Z` or an offset
 * @length: the length of @text, in bytes
 * @has_offset: (out) (optional): whether a time zone is given
 *
 * Reads a time stamp of the queue. A stamp with a time zone is turned into local time.
 *
 * Returns: wall microseconds, or %QK_WALL_NONE where @text is not a time
 */
gint64
qk_wall_parse (const char *text, gsize length, gboolean *has_offset)
{
  const char *cursor = text, *end = text + length;
  guint year, month, day, hour, minute, second = 0;
  gint64 fraction = 0, offset = 0, wall;
  gboolean zone = FALSE;

  if (!read_digits (&cursor, end, 4, &year) || !read_char (&cursor, end, "-") ||
      !read_digits (&cursor, end, 2, &month) || !read_char (&cursor, end, "-") ||
      !read_digits (&cursor, end, 2, &day) || !read_char (&cursor, end, "T ") ||
      !read_digits (&cursor, end, 2, &hour) || !read_char (&cursor, end, ":") ||
      !read_digits (&cursor, end, 2, &minute))
    return QK_WALL_NONE;
  if (read_char (&cursor, end, ":") && !read_digits (&cursor, end, 2, &second))
    return QK_WALL_NONE;
  if (read_char (&cursor, end, "."))
    fraction = read_fraction (&cursor, end);
  if (cursor < end)
    {
      zone = TRUE;
      if (!read_char (&cursor, end, "Zz") &&
          (strchr ("+-", *cursor) == NULL || !read_offset (&cursor, end, &offset)))
        return QK_WALL_NONE;
    }
  if (cursor != end || hour > 23 || minute > 59 || second > 60 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return QK_WALL_NONE;

  wall = ((days_from_civil (year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
  wall = wall * USEC + fraction;
  if (has_offset != NULL)
    *has_offset = zone;
  return zone ? qk_wall_from_unix (wall) : wall;
}

/**
 * qk_wall_format:
 * @wall_usec: wall microseconds
 *
 * Writes a time as the swarm does: ISO 8601, without a zone, the fraction absent when it is 0.
 *
 * Returns: (transfer full): the text
 */
char *
qk_wall_format (gint64 wall_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_usec / USEC);
  g_autofree char *seconds = NULL;

  g_return_val_if_fail (time != NULL && wall_usec >= 0, NULL);

  seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  if (wall_usec % USEC == 0)
    return g_steal_pointer (&seconds);
  return g_strdup_printf ("%s.%06d", seconds, (int) (wall_usec % USEC));
}

/**
 * qk_wall_format_short:
 * @wall_usec: wall microseconds
 * @now_usec: the present, in wall microseconds
 *
 * Returns: (transfer full): the time for people: without the date if it is today's
 */
char *
qk_wall_format_short (gint64 wall_usec, gint64 now_usec)
{
  const gint64 day = 24 * 3600 * USEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_usec / USEC);

  if (time == NULL)
    return g_strdup ("—");
  if (wall_usec / day == now_usec / day)
    return g_date_time_format (time, _ ("today %H:%M:%S"));
  if (wall_usec / day == now_usec / day - 1)
    return g_date_time_format (time, _ ("yesterday %H:%M:%S"));
  return g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
}

/**
 * qk_duration_format:
 * @usec: a length of time, in microseconds
 *
 * Returns: (transfer full): it in its largest unit: `41 s`, `6 min`, `3 h`, `12 d`
 */
char *
qk_duration_format (gint64 usec)
{
  gint64 seconds = MAX (usec, 0) / USEC;

  if (seconds < 60)
    return g_strdup_printf (_ ("%" PRIi64 " s"), seconds);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%" PRIi64 " min"), seconds / 60);
  if (seconds < 48 * 3600)
    return g_strdup_printf (_ ("%" PRIi64 " h"), seconds / 3600);
  return g_strdup_printf (_ ("%" PRIi64 " d"), seconds / (24 * 3600));
}
