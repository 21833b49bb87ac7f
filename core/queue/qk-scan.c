#include "qk-scan.h"

#include "qk-text.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH_WORDS 8
#define ONES            G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGHS           G_GUINT64_CONSTANT (0x8080808080808080)

static inline int
peek (const QkScan *self)
{
  return self->position < self->length ? (guchar) self->text[self->position] : -1;
}

static gboolean
fail (QkScan *self, const char *problem)
{
  self->problem = problem;
  return FALSE;
}

static inline gboolean
is_space (int c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The high bit of each byte of @word that is @byte; above the lowest of them, perhaps of others. */
static inline guint64
find_byte (guint64 word, guchar byte)
{
  guint64 x = word ^ (ONES * byte);

  return (x - ONES) & ~x & HIGHS;
}

/* Eight bytes at a time over what needs no thought: printable ASCII but quote and backslash. */
static inline void
skip_plain (QkScan *self)
{
  guint64 word, special;

  for (; self->length - self->position >= sizeof word; self->position += sizeof word)
    {
      memcpy (&word, self->text + self->position, sizeof word);
      word = GUINT64_FROM_LE (word);
      special =
          ((word | (word - ONES * 0x20)) & HIGHS) | find_byte (word, '"') | find_byte (word, '\\');
      if (special != 0)
        {
          self->position += (guint) __builtin_ctzll (special) / 8;
          return;
        }
    }
  while (self->position < self->length)
    {
      guchar c = (guchar) self->text[self->position];

      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
        break;
      self->position++;
    }
}

/* One character beyond ASCII: well-formed UTF-8 by table 3-7 of the Unicode standard. */
static gboolean
scan_utf8 (QkScan *self)
{
  const guchar *s = (const guchar *) self->text + self->position;
  gsize left = self->length - self->position, n;
  guchar low = 0x80, high = 0xbf;

  if (s[0] >= 0xc2 && s[0] <= 0xdf)
    n = 2;
  else if (s[0] >= 0xe0 && s[0] <= 0xef)
    n = 3;
  else if (s[0] >= 0xf0 && s[0] <= 0xf4)
    n = 4;
  else
    return fail (self, _ ("a byte that is not UTF-8"));

  if (s[0] == 0xe0)
    low = 0xa0;
  else if (s[0] == 0xed)
    high = 0x9f;
  else if (s[0] == 0xf0)
    low = 0x90;
  else if (s[0] == 0xf4)
    high = 0x8f;

  if (left < n)
    return fail (self, _ ("the text ends inside a character"));
  if (s[1] < low || s[1] > high)
    return fail (self, _ ("a byte that is not UTF-8"));
  for (gsize i = 2; i < n; i++)
    if ((s[i] & 0xc0) != 0x80)
      return fail (self, _ ("a byte that is not UTF-8"));
  self->position += n;
  return TRUE;
}

static int
read_hex4 (const QkScan *self, gsize at)
{
  int value = 0;

  if (self->length - at < 4)
    return -1;
  for (gsize i = at; i < at + 4; i++)
    {
      int digit = g_ascii_xdigit_value (self->text[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

static gboolean
scan_escape (QkScan *self)
{
  int unit, low = -1;

  self->position++;
  switch (peek (self))
    {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      self->position++;
      return TRUE;
    case 'u':
      break;
    default:
      return fail (self, _ ("an unknown escape after a backslash"));
    }

  unit = read_hex4 (self, self->position + 1);
  if (unit < 0)
    return fail (self, _ ("a \\u without four hexadecimal digits"));
  self->position += 5;
  if (unit >= 0xd800 && unit <= 0xdbff && self->length - self->position >= 6 &&
      self->text[self->position] == '\\' && self->text[self->position + 1] == 'u')
    low = read_hex4 (self, self->position + 2);
  if (low >= 0xdc00 && low <= 0xdfff)
    self->position += 6;
  else if (unit >= 0xd800 && unit <= 0xdfff)
    self->lone_surrogate = TRUE;
  return TRUE;
}

/**
 * qk_scan_space:
 * @self: a scan
 *
 * Goes past white space.
 */
void
qk_scan_space (QkScan *self)
{
  while (is_space (peek (self)))
    self->position++;
}

/**
 * qk_scan_char:
 * @self: a scan
 * @expected: an ASCII character
 *
 * Goes past @expected, if that is what comes next.
 *
 * Returns: whether it was
 */
gboolean
qk_scan_char (QkScan *self, char expected)
{
  if (peek (self) != expected)
    return FALSE;
  self->position++;
  return TRUE;
}

/**
 * qk_scan_string:
 * @self: a scan
 *
 * Goes past a string, its quotes included.
 *
 * Returns: %FALSE, with the problem set, where there is none
 */
gboolean
qk_scan_string (QkScan *self)
{
  if (!qk_scan_char (self, '"'))
    return fail (self, _ ("a string was expected"));
  while (TRUE)
    {
      int c;

      skip_plain (self);
      c = peek (self);
      if (c < 0)
        return fail (self, _ ("the text ends inside a string"));
      if (c == '"')
        break;
      if (c < 0x20)
        return fail (self, c == 0 ? _ ("a NUL byte inside a string")
                                  : _ ("a control character inside a string"));
      if (c == '\\' ? !scan_escape (self) : !scan_utf8 (self))
        return FALSE;
    }
  self->position++;
  return TRUE;
}

static gsize
scan_digits (QkScan *self)
{
  gsize start = self->position;

  while (g_ascii_isdigit (peek (self)))
    self->position++;
  return self->position - start;
}

static gboolean
scan_word (QkScan *self, const char *word)
{
  gsize n = strlen (word);

  if (self->length - self->position < n || memcmp (self->text + self->position, word, n) != 0)
    return fail (self, _ ("a value was expected"));
  self->position += n;
  return TRUE;
}

static gboolean
scan_infinite (QkScan *self, const char *word)
{
  self->n_not_finite++;
  return scan_word (self, word);
}

static gboolean
scan_number (QkScan *self)
{
  gsize start = self->position;
  gboolean exponent = FALSE;

  (void) qk_scan_char (self, '-');
  if (peek (self) == 'I')
    return scan_infinite (self, "Infinity");
  if (!qk_scan_char (self, '0') && scan_digits (self) == 0)
    return fail (self, _ ("a number without digits"));
  if (g_ascii_isdigit (peek (self)))
    return fail (self, _ ("a number that begins with 0"));
  if (qk_scan_char (self, '.') && scan_digits (self) == 0)
    return fail (self, _ ("a number without digits after its point"));
  if (qk_scan_char (self, 'e') || qk_scan_char (self, 'E'))
    {
      if (!qk_scan_char (self, '+'))
        (void) qk_scan_char (self, '-');
      if (scan_digits (self) == 0)
        return fail (self, _ ("a number without digits in its exponent"));
      exponent = TRUE;
    }
  /* Others cannot be too large for a double. */
  if ((exponent || self->position - start > DBL_MAX_10_EXP) &&
      qk_json_is_not_finite (self->text + start, self->position - start))
    self->n_not_finite++;
  return TRUE;
}

static gboolean
scan_scalar (QkScan *self)
{
  switch (peek (self))
    {
    case -1:
      return fail (self, _ ("the text ends where a value was expected"));
    case '"':
      return qk_scan_string (self);
    case 't':
      return scan_word (self, "true");
    case 'f':
      return scan_word (self, "false");
    case 'n':
      return scan_word (self, "null");
    case 'N':
      return scan_infinite (self, "NaN");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
    case 'I':
      return scan_number (self);
    default:
      return fail (self, _ ("a value was expected"));
    }
}

static gboolean
scan_key (QkScan *self)
{
  qk_scan_space (self);
  if (!qk_scan_string (self))
    return FALSE;
  qk_scan_space (self);
  if (!qk_scan_char (self, ':'))
    return fail (self, _ ("a colon was expected"));
  return TRUE;
}

/* The open containers, one bit each: set for an object. */
typedef struct {
  guint64 is_object[MAX_DEPTH_WORDS];
  guint depth;
} Nesting;

static inline gboolean
in_object (const Nesting *nesting)
{
  guint top = nesting->depth - 1;

  return (nesting->is_object[top / 64] >> (top % 64)) & 1;
}

static inline void
push (Nesting *nesting, gboolean object)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (nesting->depth % 64);
  guint64 *word = &nesting->is_object[nesting->depth / 64];

  *word = object ? *word | bit : *word & ~bit;
  nesting->depth++;
}

/* After a value: closes what ends here. @more tells whether another value follows. */
static gboolean
scan_after_value (QkScan *self, Nesting *nesting, gboolean *more)
{
  *more = FALSE;
  while (nesting->depth > 0)
    {
      gboolean object = in_object (nesting);

      qk_scan_space (self);
      if (qk_scan_char (self, ','))
        {
          *more = TRUE;
          return !object || scan_key (self);
        }
      if (!qk_scan_char (self, object ? '}' : ']'))
        return fail (self, peek (self) < 0 ? _ ("the text ends inside a list or an object")
                           : object        ? _ ("a comma or } was expected")
                                           : _ ("a comma or ] was expected"));
      nesting->depth--;
    }
  return TRUE;
}

/**
 * qk_scan_value:
 * @self: a scan
 * @max_depth: how deep the value may be nested, at most 512
 *
 * Goes past white space and one value.
 *
 * Returns: %FALSE, with the problem set, where there is none
 */
gboolean
qk_scan_value (QkScan *self, guint max_depth)
{
  Nesting nesting = {.depth = 0};
  gboolean more = TRUE;

  g_return_val_if_fail (max_depth <= MAX_DEPTH_WORDS * 64, FALSE);

  while (more)
    {
      gboolean object;

      qk_scan_space (self);
      object = peek (self) == '{';
      if (object || peek (self) == '[')
        {
          if (nesting.depth == max_depth)
            return fail (self, _ ("nested too deep"));
          self->position++;
          push (&nesting, object);
          qk_scan_space (self);
          if (peek (self) != (object ? '}' : ']'))
            {
              if (object && !scan_key (self))
                return FALSE;
              continue;
            }
        }
      else if (!scan_scalar (self))
        return FALSE;
      if (!scan_after_value (self, &nesting, &more))
        return FALSE;
    }
  return TRUE;
}

/**
 * qk_json_skip_space:
 * @json: checked JSON
 *
 * Returns: the first character that is not white space
 */
const char *
qk_json_skip_space (const char *json)
{
  while (is_space (*json))
    json++;
  return json;
}

/* A quote ends the string if an even number of backslashes stands before it. There is one: the
 * string has been checked, so it holds no NUL byte and is closed. */
static const char *
skip_string (const char *json)
{
  const char *quote = json;

  while (TRUE)
    {
      const char *back;

      quote++;
      quote = strchr (quote, '"');
      for (back = quote; back[-1] == '\\'; back--)
        ;
      if ((quote - back) % 2 == 0)
        return quote + 1;
    }
}

/**
 * qk_json_skip_value:
 * @json: the first character of a value in checked JSON
 *
 * Returns: the first character after it
 */
const char *
qk_json_skip_value (const char *json)
{
  guint depth = 0;

  do
    {
      switch (*json)
        {
        case '"':
          json = skip_string (json);
          break;
        case '{':
        case '[':
          depth++;
          json++;
          break;
        case '}':
        case ']':
          depth--;
          json++;
          break;
        default:
          if (depth == 0)
            return json + strcspn (json, ",]} \t\r\n");
          json++;
        }
    }
  while (depth > 0);
  return json;
}

/**
 * qk_json_is_not_finite:
 * @number: a number of checked JSON
 * @length: its length
 *
 * Python writes NaN, Infinity and -Infinity, which are no JSON, and reads a number that is too large
 * for a double as infinity; but an integer it reads whole, however long that is.
 *
 * Returns: whether Python reads it as one of these three
 */
gboolean
qk_json_is_not_finite (const char *number, gsize length)
{
  g_autofree char *text = NULL;

  if (memchr (number, 'N', length) != NULL || memchr (number, 'I', length) != NULL)
    return TRUE;
  if (memchr (number, '.', length) == NULL && memchr (number, 'e', length) == NULL &&
      memchr (number, 'E', length) == NULL)
    return FALSE;
  text = g_strndup (number, length);
  return !isfinite (g_ascii_strtod (text, NULL));
}

/**
 * qk_json_key_equal:
 * @key: a string of checked JSON, with its quotes
 * @length: its length
 * @name: plain text
 *
 * Returns: whether @key, its escapes resolved, is @name
 */
gboolean
qk_json_key_equal (const char *key, gsize length, const char *name)
{
  gsize n = strlen (name);

  if (memchr (key, '\\', length) != NULL)
    {
      g_autofree char *decoded = qk_json_decode (key, length, NULL);

      return strcmp (decoded, name) == 0;
    }
  return length == n + 2 && memcmp (key + 1, name, n) == 0;
}

/**
 * qk_members_init:
 * @self: an iterator
 * @object: an object of checked JSON
 *
 * Prepares to walk over the members of @object.
 */
void
qk_members_init (QkMembers *self, const char *object)
{
  g_return_if_fail (*object == '{');

  self->cursor = object + 1;
}

/**
 * qk_members_next:
 * @self: an iterator
 * @member: (out caller-allocates): the next member
 *
 * Returns: whether there is one
 */
gboolean
qk_members_next (QkMembers *self, QkMember *member)
{
  const char *end;

  member->lead = self->cursor;
  member->key = qk_json_skip_space (self->cursor);
  if (*member->key != '"')
    return FALSE;
  end = skip_string (member->key);
  member->key_length = (gsize) (end - member->key);
  member->value = qk_json_skip_space (qk_json_skip_space (end) + 1);
  end = qk_json_skip_value (member->value);
  member->value_length = (gsize) (end - member->value);
  end = qk_json_skip_space (end);
  self->cursor = *end == ',' ? end + 1 : end;
  return TRUE;
}

/**
 * qk_object_has_key:
 * @object: an object of checked JSON
 * @name: a key, decoded
 *
 * Returns: whether it has such a member
 */
gboolean
qk_object_has_key (const char *object, const char *name)
{
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    if (qk_json_key_equal (member.key, member.key_length, name))
      return TRUE;
  return FALSE;
}
