#include "qk-fuzz.h"

#include <string.h>

/* A second reader of JSON, to hold the scanner against: nothing in it is quick, and each function is
 * a rule of the grammar. Each takes where it begins and returns where it ends, or NULL. */

typedef struct {
  const char *end;
  guint max_depth;
} Text;

static const char *read_value (const Text *text, const char *p, guint depth);

static int
look (const Text *text, const char *p)
{
  return p < text->end ? (guchar) *p : -1;
}

static const char *
read_space (const Text *text, const char *p)
{
  while (look (text, p) == ' ' || look (text, p) == '\t' || look (text, p) == '\r' ||
         look (text, p) == '\n')
    p++;
  return p;
}

static const char *
read_word (const Text *text, const char *p, const char *word)
{
  gsize length = strlen (word);

  return (gsize) (text->end - p) >= length && memcmp (p, word, length) == 0 ? p + length : NULL;
}

static const char *
read_digits (const Text *text, const char *p)
{
  const char *start = p;

  while (look (text, p) >= '0' && look (text, p) <= '9')
    p++;
  return p > start ? p : NULL;
}

static const char *
read_number (const Text *text, const char *p)
{
  if (look (text, p) == '-')
    p++;
  if (look (text, p) == 'I')
    return read_word (text, p, "Infinity");
  if (look (text, p) == '0')
    {
      p++;
      if (read_digits (text, p) != NULL)
        return NULL;
    }
  else
    p = read_digits (text, p);
  if (p != NULL && look (text, p) == '.')
    p = read_digits (text, p + 1);
  if (p != NULL && (look (text, p) == 'e' || look (text, p) == 'E'))
    {
      p++;
      if (look (text, p) == '+' || look (text, p) == '-')
        p++;
      p = read_digits (text, p);
    }
  return p;
}

static const char *
read_string (const Text *text, const char *p)
{
  const char *start = ++p;

  for (; look (text, p) != '"'; p++)
    {
      if (look (text, p) < 0x20)
        return NULL;
      if (*p != '\\')
        continue;
      p++;
      if (look (text, p) <= 0 || strchr ("\"\\/bfnrtu", *p) == NULL)
        return NULL;
      for (guint i = 0; *p == 'u' && i < 4; i++)
        if (p + 1 + i >= text->end || !g_ascii_isxdigit (p[1 + i]))
          return NULL;
    }
  return g_utf8_validate_len (start, (gsize) (p - start), NULL) ? p + 1 : NULL;
}

/* A list, or an object: the members of that have keys. */
static const char *
read_container (const Text *text, const char *p, guint depth)
{
  gboolean object = *p == '{';
  char closing = object ? '}' : ']';

  if (depth == text->max_depth)
    return NULL;
  p = read_space (text, p + 1);
  if (look (text, p) == closing)
    return p + 1;
  while (TRUE)
    {
      p = read_space (text, p);
      if (object)
        {
          p = look (text, p) == '"' ? read_string (text, p) : NULL;
          p = p != NULL ? read_space (text, p) : NULL;
          if (p == NULL || look (text, p) != ':')
            return NULL;
          p++;
        }
      p = read_value (text, p, depth + 1);
      p = p != NULL ? read_space (text, p) : NULL;
      if (p == NULL || look (text, p) == closing)
        return p != NULL ? p + 1 : NULL;
      if (look (text, p) != ',')
        return NULL;
      p++;
    }
}

static const char *
read_value (const Text *text, const char *p, guint depth)
{
  p = read_space (text, p);
  switch (look (text, p))
    {
    case '{':
    case '[':
      return read_container (text, p, depth);
    case '"':
      return read_string (text, p);
    case 't':
      return read_word (text, p, "true");
    case 'f':
      return read_word (text, p, "false");
    case 'n':
      return read_word (text, p, "null");
    case 'N':
      return read_word (text, p, "NaN");
    default:
      return read_number (text, p);
    }
}

/**
 * qk_fuzz_json_end:
 * @json: a text
 * @length: its length
 * @max_depth: how deep a value may be nested
 *
 * Returns: (nullable): the end of the value that @json begins with, after white space; %NULL where
 *   there is none
 */
const char *
qk_fuzz_json_end (const char *json, gsize length, guint max_depth)
{
  const Text text = {length > 0 ? json + length : json, max_depth};

  return length > 0 ? read_value (&text, json, 0) : NULL;
}
