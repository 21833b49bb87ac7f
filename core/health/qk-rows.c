#include "qk-rows.h"

#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH        64
#define MAX_NUMBER_BYTES 64
#define MAX_TEXT_BYTES   256
/* Far more than was ever counted, and sums of them fit. */
#define MAX_COUNT   1e9
#define MAX_SECONDS 1e6

/**
 * qk_rows_check:
 * @data: a text
 * @size: its length
 * @error: return location for an error
 *
 * Returns: (nullable): the first character of the list or object that it is, all of which can be
 *   walked over; %NULL where it is none, or damaged
 */
const char *
qk_rows_check (const char *data, gsize size, GError **error)
{
  QkScan scan = {.text = data, .length = size};

  if (size > QK_ROWS_MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("it is larger than %d MB"),
                   QK_ROWS_MAX_BYTES >> 20);
      return NULL;
    }
  if (size == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("it is empty"));
      return NULL;
    }
  if (qk_scan_value (&scan, MAX_DEPTH))
    {
      qk_scan_space (&scan);
      if (scan.position < scan.length)
        scan.problem = _ ("more text after the end of the value");
    }
  if (scan.problem != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s at byte %zu"), scan.problem,
                   scan.position);
      return NULL;
    }
  data = qk_json_skip_space (data);
  if (*data == '{' || *data == '[')
    return data;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("it is no list and no object"));
  return NULL;
}

static const char *
skip_row (const char *row)
{
  row = qk_json_skip_space (qk_json_skip_value (row));
  return *row == ',' ? qk_json_skip_space (row + 1) : row;
}

/**
 * qk_rows_init:
 * @self: an iterator
 * @list: a list of checked JSON
 *
 * Prepares to walk over the last %QK_ROWS_MAX elements of @list.
 *
 * Returns: how many there are before these
 */
guint64
qk_rows_init (QkRows *self, const char *list)
{
  guint64 n = 0, n_before;

  g_return_val_if_fail (*list == '[', 0);

  self->cursor = qk_json_skip_space (list + 1);
  for (const char *row = self->cursor; *row != ']'; row = skip_row (row))
    n++;
  n_before = n > QK_ROWS_MAX ? n - QK_ROWS_MAX : 0;
  for (guint64 i = 0; i < n_before; i++)
    self->cursor = skip_row (self->cursor);
  return n_before;
}

/**
 * qk_rows_next:
 * @self: an iterator
 *
 * Returns: (nullable): the first character of the next element, of whatever type it is; %NULL at the
 *   end
 */
const char *
qk_rows_next (QkRows *self)
{
  const char *row = self->cursor;

  if (*row == ']')
    return NULL;
  self->cursor = skip_row (row);
  return row;
}

/**
 * qk_member_is:
 * @member: a member of an object
 * @name: a key
 *
 * Returns: whether that is its key
 */
gboolean
qk_member_is (const QkMember *member, const char *name)
{
  return qk_json_key_equal (member->key, member->key_length, name);
}

/* Whether it is a number that is finite. */
static gboolean
get_number (const QkMember *member, double *number)
{
  char text[MAX_NUMBER_BYTES];

  if ((*member->value != '-' && !g_ascii_isdigit (*member->value)) ||
      member->value_length >= sizeof text)
    return FALSE;
  memcpy (text, member->value, member->value_length);
  text[member->value_length] = '\0';
  *number = g_ascii_strtod (text, NULL);
  return isfinite (*number);
}

/**
 * qk_member_get_count:
 * @member: a member of an object
 *
 * Returns: its value as a count: 0 where it is none, and at most a billion
 */
guint64
qk_member_get_count (const QkMember *member)
{
  double number;

  return get_number (member, &number) ? (guint64) CLAMP (number, 0, MAX_COUNT) : 0;
}

/**
 * qk_member_get_seconds:
 * @member: a member of an object, a number of seconds
 *
 * Returns: it in microseconds; -1 where it is no length of time
 */
gint64
qk_member_get_seconds (const QkMember *member)
{
  double seconds;

  if (!get_number (member, &seconds) || seconds < 0)
    return -1;
  return (gint64) (MIN (seconds, MAX_SECONDS) * G_USEC_PER_SEC + 0.5);
}

/**
 * qk_member_get_time:
 * @member: a member of an object, a time stamp as the swarm writes them
 *
 * Returns: microseconds since the Unix epoch, or %QK_WALL_NONE where it is no time
 */
gint64
qk_member_get_time (const QkMember *member)
{
  gint64 wall;

  if (*member->value != '"')
    return QK_WALL_NONE;
  wall = qk_wall_parse (member->value + 1, member->value_length - 2, NULL);
  return wall != QK_WALL_NONE ? qk_wall_to_unix (wall) : QK_WALL_NONE;
}

/**
 * qk_member_dup_text:
 * @member: a member of an object
 *
 * Returns: (transfer full): its value, of which a long one is cut; "" where it is no text
 */
char *
qk_member_dup_text (const QkMember *member)
{
  if (*member->value != '"')
    return g_strdup ("");
  return qk_json_decode_start (member->value, member->value_length, MAX_TEXT_BYTES);
}
