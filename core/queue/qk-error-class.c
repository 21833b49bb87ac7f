#include "qk-facet.h"

#include <string.h>

#define MAX_CLASS_CHARS 160

/* The line that says what went wrong: of a trace of Python the last one, else the first. */
static char *
dup_telling_line (const char *error)
{
  const char *end = error + strlen (error), *line;

  while (g_ascii_isspace (*error))
    error++;
  if (!g_str_has_prefix (error, "Traceback"))
    return g_strndup (error, strcspn (error, "\r\n"));
  while (end > error && g_ascii_isspace (end[-1]))
    end--;
  for (line = end; line > error && line[-1] != '\n' && line[-1] != '\r';)
    line--;
  return g_strndup (line, (gsize) (end - line));
}

/* The length of the path at @p, which stands after @before; 0 where there is none. */
static gsize
measure_path (const char *p, char before)
{
  gboolean drive = g_ascii_isalpha (p[0]) && p[1] == ':' && (p[2] == '\\' || p[2] == '/');
  gsize start = drive ? 3 : strspn (p, ".~/\\"), length;

  if (g_ascii_isalnum (before) || before == '_' || before == '<' ||
      (!drive && memchr (p, '/', start) == NULL && memchr (p, '\\', start) == NULL))
    return 0;
  length = start + strcspn (p + start, " \t\"'`:,;()[]<>");
  return length > start ? length : 0;
}

/* The length of the id at @p: at least eight hexadecimal digits, some of them letters and some not,
 * perhaps with hyphens. */
static gsize
measure_id (const char *p, char before)
{
  gsize length = strspn (p, "0123456789abcdefABCDEF-"), n_digits = 0, n_letters = 0;

  if (g_ascii_isalnum (before) || g_ascii_isalnum (p[length]) || *p == '-')
    return 0;
  for (gsize i = 0; i < length; i++)
    {
      n_digits += g_ascii_isdigit (p[i]) != 0;
      n_letters += g_ascii_isalpha (p[i]) != 0;
    }
  return n_digits > 0 && n_letters > 0 && n_digits + n_letters >= 8 ? length : 0;
}

static gsize
measure_number (const char *p)
{
  gsize length;

  if (!g_ascii_isdigit (*p))
    return 0;
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && g_ascii_isxdigit (p[2]))
    return 2 + strspn (p + 2, "0123456789abcdefABCDEF");
  length = strspn (p, "0123456789");
  if (p[length] == '.' && g_ascii_isdigit (p[length + 1]))
    length += 1 + strspn (p + length + 1, "0123456789");
  return length;
}

/**
 * qk_error_dup_class:
 * @error: an error as it stands in the queue, decoded
 *
 * Folds what differs between errors of the same kind: of a long error only the line counts that
 * says what went wrong, numbers become `#`, ids `<id>`, paths `<path>`.
 *
 * Returns: (transfer full): the class of @error; "" where it says nothing
 */
char *
qk_error_dup_class (const char *error)
{
  g_autofree char *line = NULL;
  GString *class = g_string_new (NULL);
  char before = '\0';
  gsize length;

  line = dup_telling_line (error);
  g_strstrip (line);
  for (const char *p = line; *p != '\0'; before = p[length - 1], p += length)
    if ((length = measure_path (p, before)) > 0)
      g_string_append (class, "<path>");
    else if ((length = measure_id (p, before)) > 0)
      g_string_append (class, "<id>");
    else if ((length = measure_number (p)) > 0)
      g_string_append_c (class, '#');
    else if ((length = strspn (p, " \t")) > 0)
      g_string_append_c (class, ' ');
    else
      {
        length = 1;
        g_string_append_c (class, *p);
      }
  if (g_utf8_strlen (class->str, -1) > MAX_CLASS_CHARS)
    g_string_truncate (
        class, (gsize) (g_utf8_offset_to_pointer (class->str, MAX_CLASS_CHARS) - class->str));
  return g_string_free (class, FALSE);
}
