#include "qk-text.h"

#include <string.h>

/* Characters that change how the text around them is shown, or that show as nothing. The joiners
 * U+200C and U+200D stay: emoji and several scripts are written with them. */
static gboolean
is_hidden (gunichar c)
{
  return c == 0x00ad || c == 0x061c || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* "⟨U+202E⟩"; a large text may hold nothing else. */
static void
append_code_point (GString *out, gunichar c)
{
  static const char digits[] = "0123456789ABCDEF";
  int n_digits = 4;

  while (n_digits < 8 && c >> (4 * n_digits) != 0)
    n_digits++;
  g_string_append (out, "⟨U+");
  for (int i = n_digits - 1; i >= 0; i--)
    g_string_append_c (out, digits[c >> (4 * i) & 0xf]);
  g_string_append (out, "⟩");
}

static void
reveal (GString *out, gunichar c)
{
  if (c < 0x20)
    g_string_append_unichar (out, 0x2400 + c);
  else if (c == 0x7f)
    g_string_append_unichar (out, 0x2421);
  else if ((c >= 0x80 && c < 0xa0) || is_hidden (c))
    append_code_point (out, c);
  else
    g_string_append_unichar (out, c);
}

/* How much from @text on is shown as it is, in bytes, as far as that can be told at a glance. */
static gsize
measure_plain (const char *text, gboolean lines)
{
  const char *p = text;

  while (((guchar) *p >= 0x20 && (guchar) *p < 0x7f) || (lines && (*p == '\n' || *p == '\t')))
    p++;
  return (gsize) (p - text);
}

static char *
reveal_all (const char *text, gboolean lines)
{
  gsize n_plain = measure_plain (text, lines);
  GString *out;

  if (text[n_plain] == '\0')
    return g_strndup (text, n_plain);
  out = g_string_sized_new (n_plain + strlen (text + n_plain) + 16);
  for (const char *p = text; *p != '\0';)
    {
      n_plain = measure_plain (p, lines);
      g_string_append_len (out, p, (gssize) n_plain);
      p += n_plain;
      if (*p == '\0')
        break;
      if (!lines || p[0] != '\r' || p[1] != '\n')
        reveal (out, g_utf8_get_char (p));
      p = g_utf8_next_char (p);
    }
  return g_string_free (out, FALSE);
}

/**
 * qk_text_reveal:
 * @text: any UTF-8 text
 *
 * Makes a text safe to show: control characters become their pictures, characters that reorder or
 * hide text become their code points. Line ends and tabs stay; CR LF counts as a line end.
 *
 * Returns: (transfer full): what can be shown
 */
char *
qk_text_reveal (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return reveal_all (text, TRUE);
}

/**
 * qk_text_reveal_line:
 * @text: any UTF-8 text
 *
 * Does what qk_text_reveal() does, for a single line: line ends and tabs become visible too.
 *
 * Returns: (transfer full): what can be shown in one line
 */
char *
qk_text_reveal_line (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return reveal_all (text, FALSE);
}

/* Scripts and symbols without case, which are most of what is not ASCII in a queue. */
static gboolean
has_no_case (gunichar c)
{
  return (c >= 0x2000 && c < 0x2100) || (c >= 0x2200 && c < 0x2400) ||
         (c >= 0x2500 && c < 0x2c00) || (c >= 0x3000 && c < 0xa000) ||
         (c >= 0x1f000 && c < 0x20000);
}

/**
 * qk_text_append_folded:
 * @folded: where to append
 * @c: a character
 *
 * Appends what g_utf8_casefold() makes of @c, only quicker. It makes the same of a character
 * wherever that stands.
 */
void
qk_text_append_folded (GString *folded, gunichar c)
{
  g_autofree char *fold = NULL;
  char text[7] = {0};

  if (c < 0x80)
    g_string_append_c (folded, g_ascii_tolower ((char) c));
  else if (has_no_case (c))
    g_string_append_unichar (folded, c);
  else
    {
      fold = g_utf8_casefold (text, g_unichar_to_utf8 (c, text));
      g_string_append (folded, fold);
    }
}

/* Appends as much of @text as is ASCII, which is most of it, and returns how long that is. */
static gsize
append_folded_ascii (GString *folded, const char *text)
{
  gsize length = 0, start = folded->len;

  while ((guchar) (text[length] - 1) < 0x7f)
    length++;
  g_string_append_len (folded, text, (gssize) length);
  for (char *p = folded->str + start; *p != '\0'; p++)
    *p = (char) (*p + ((guchar) (*p - 'A') < 26 ? 'a' - 'A' : 0));
  return length;
}

/**
 * qk_text_fold_case:
 * @text: UTF-8 text
 *
 * Returns: (transfer full): what g_utf8_casefold() makes of @text
 */
char *
qk_text_fold_case (const char *text)
{
  GString *folded;

  g_return_val_if_fail (text != NULL, NULL);

  folded = g_string_sized_new (strlen (text));
  while (*text != '\0')
    {
      gsize length = append_folded_ascii (folded, text);

      text += length;
      if (*text == '\0')
        break;
      qk_text_append_folded (folded, g_utf8_get_char (text));
      text = g_utf8_next_char (text);
    }
  return g_string_free (folded, FALSE);
}

/**
 * qk_json_append_quoted:
 * @json: where to append
 * @text: UTF-8 text
 *
 * Appends @text as a JSON string, with no more escapes than JSON demands.
 */
void
qk_json_append_quoted (GString *json, const char *text)
{
  g_return_if_fail (g_utf8_validate (text, -1, NULL));

  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      static const char short_escapes[] = "\bb\ff\nn\rr\tt\"\"\\\\";
      const char *escape = NULL;

      for (gsize i = 0; escape == NULL && i < sizeof short_escapes - 1; i += 2)
        if (short_escapes[i] == *p)
          escape = &short_escapes[i + 1];
      if (escape != NULL)
        g_string_append_printf (json, "\\%c", *escape);
      else if ((guchar) *p < 0x20)
        g_string_append_printf (json, "\\u%04x", (guchar) *p);
      else
        g_string_append_c (json, *p);
    }
  g_string_append_c (json, '"');
}

static gunichar
decode_hex4 (const char *digits)
{
  gunichar value = 0;

  for (guint i = 0; i < 4; i++)
    value = value * 16 + (gunichar) g_ascii_xdigit_value (digits[i]);
  return value;
}

/* @p is after "\u". Returns what follows the escape. */
static const char *
decode_unicode (GString *out, const char *p, const char *end, gboolean *lone_surrogate)
{
  gunichar c = decode_hex4 (p);

  p += 4;
  if (c >= 0xd800 && c <= 0xdbff && end - p >= 6 && p[0] == '\\' && p[1] == 'u')
    {
      gunichar low = decode_hex4 (p + 2);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
          p += 6;
        }
    }
  if (c >= 0xd800 && c <= 0xdfff)
    {
      c = 0xfffd;
      if (lone_surrogate != NULL)
        *lone_surrogate = TRUE;
    }
  g_string_append_unichar (out, c == 0 ? 0x2400 : c);
  return p;
}

/**
 * qk_json_decode:
 * @json: one checked JSON value
 * @length: its length
 * @lone_surrogate: (out) (optional): set to %TRUE where half of a surrogate pair was replaced
 *
 * Turns a value into text: a string without its quotes and escapes, anything else as it is spelled.
 * U+0000, which no C string can hold, becomes its picture U+2400; half of a surrogate pair becomes
 * U+FFFD.
 *
 * Returns: (transfer full): the text
 */
char *
qk_json_decode (const char *json, gsize length, gboolean *lone_surrogate)
{
  static const char *const escapes = "b\bf\fn\nr\rt\t";
  const char *p = json + 1, *end = json + length - 1;
  GString *out;

  if (length == 0 || *json != '"')
    return g_strndup (json, length);

  out = g_string_sized_new (length);
  while (p < end)
    {
      const char *backslash = memchr (p, '\\', (gsize) (end - p));
      const char *escape;

      g_string_append_len (out, p, (backslash != NULL ? backslash : end) - p);
      if (backslash == NULL)
        break;
      p = backslash + 2;
      escape = strchr (escapes, backslash[1]);
      if (backslash[1] == 'u')
        p = decode_unicode (out, p, end, lone_surrogate);
      else
        g_string_append_c (out, escape != NULL ? escape[1] : backslash[1]);
    }
  return g_string_free (out, FALSE);
}

/* Whether a u-escape begins at @p that is a surrogate of the half that begins with @first. */
static gboolean
is_surrogate (const char *p, const char *end, gunichar first)
{
  return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && (decode_hex4 (p + 2) & 0xfc00) == first;
}

/* The length of the character or escape at @p; two u-escapes may be one character. */
static gsize
get_unit_length (const char *p, const char *end)
{
  if (*p != '\\')
    return (gsize) (g_utf8_next_char (p) - p);
  if (p[1] != 'u')
    return 2;
  return is_surrogate (p, end, 0xd800) && is_surrogate (p + 6, end, 0xdc00) ? 12 : 6;
}

/**
 * qk_json_decode_start:
 * @json: one checked JSON value
 * @length: its length
 * @max_bytes: how many bytes of it to look at
 *
 * Does what qk_json_decode() does, for no more than the beginning of a long string.
 *
 * Returns: (transfer full): the text
 */
char *
qk_json_decode_start (const char *json, gsize length, gsize max_bytes)
{
  const char *end = json + length - 1, *cut = json + 1;
  g_autoptr (GString) start = NULL;

  if (*json != '"' || length <= max_bytes)
    return qk_json_decode (json, length, NULL);
  while (cut < json + max_bytes)
    cut += get_unit_length (cut, end);
  start = g_string_new_len (json, cut - json);
  g_string_append_c (start, '"');
  return qk_json_decode (start->str, start->len, NULL);
}
