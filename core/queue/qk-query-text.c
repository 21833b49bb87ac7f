#include "qk-query.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The text form of a query. */

#define KEY_FOCUS       "is"
#define KEY_AGENT       "agent"
#define KEY_HIDE        "hide"
#define VALUE_DELIVERED "delivered"

/* What an unknown key may be, for people. */
#define KEYS                                                                                       \
  "is, agent, hide, status, recipient, sender, type, tag, priority, age, updated, stuck, error"

static const char *const focuses[QK_N_FOCUSES] = {"all",    "pending", "processing",
                                                  "failed", "stuck",   "flagged"};

/* What stands for itself without quotation marks, other than letters and digits beyond ASCII. */
static gboolean
is_plain (gunichar c)
{
  return g_unichar_isalnum (c) ||
         (c < 0x80 && c != 0 && strchr ("-_.,/#+@%&=*!?", (int) c) != NULL);
}

/* A character that is not seen, or that turns round what is. */
static gboolean
is_hidden (gunichar c)
{
  return !g_unichar_isprint (c) || g_unichar_type (c) == G_UNICODE_FORMAT ||
         (c != ' ' && g_unichar_isspace (c)) || g_unichar_iszerowidth (c);
}

static void
append_quoted (GString *text, const char *value)
{
  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_c (text, '\\');
      if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (is_hidden (c))
        g_string_append_printf (text, "\\u{%X}", c);
      else
        g_string_append_unichar (text, c);
    }
  g_string_append_c (text, '"');
}

static void
append_value (GString *text, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  gboolean plain = *valid != '\0';

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    plain = plain && is_plain (g_utf8_get_char (p)) && !is_hidden (g_utf8_get_char (p));
  if (plain)
    g_string_append (text, valid);
  else
    append_quoted (text, valid);
}

static void
append_term (GString *text, const char *key, const char *value)
{
  g_string_append_printf (text, "%s%s:", text->len > 0 ? " " : "", key);
  append_value (text, value);
}

static void
append_words (GString *text, const char *words)
{
  for (const char *p = words, *start; *p != '\0';)
    {
      g_autofree char *word = NULL;

      while (g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      for (start = p; *p != '\0' && !g_unichar_isspace (g_utf8_get_char (p));)
        p = g_utf8_next_char (p);
      if (p == start)
        break;
      word = g_strndup (start, (gsize) (p - start));
      if (text->len > 0)
        g_string_append_c (text, ' ');
      append_value (text, word);
    }
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * qk_query_to_text:
 * @self: a query
 *
 * Queries that ask for the same values have the same text, in whatever order these were chosen.
 *
 * Returns: (transfer full): its text form: one line, valid UTF-8, with nothing in it that is not seen
 */
char *
qk_query_to_text (const QkQuery *self)
{
  GString *text = g_string_new (NULL);
  QkFilter *filter;

  g_return_val_if_fail (self != NULL, g_string_free (text, FALSE));

  filter = qk_query_get_filter (self);
  if (qk_query_get_focus (self) != QK_FOCUS_ALL)
    append_term (text, KEY_FOCUS, focuses[qk_query_get_focus (self)]);
  if (qk_query_get_agent (self) != NULL)
    append_term (text, KEY_AGENT, qk_query_get_agent (self));
  if (qk_query_get_hide_delivered (self))
    append_term (text, KEY_HIDE, VALUE_DELIVERED);
  for (guint i = 0; i < QK_N_FACETS; i++)
    {
      g_autoptr (GPtrArray) values = g_ptr_array_new ();

      for (const char *const *p = qk_filter_get_values (filter, (QkFacet) i); *p != NULL; p++)
        g_ptr_array_add (values, (gpointer) *p);
      g_ptr_array_sort (values, compare_text);
      for (guint v = 0; v < values->len; v++)
        append_term (text, qk_facet_get_name ((QkFacet) i), values->pdata[v]);
    }
  append_words (text, qk_search_get_text (qk_filter_get_search (filter)));
  return g_string_free (text, FALSE);
}

/* What was read so far. */
typedef struct {
  const char *agent; /* owned by @values, nullable */
  GPtrArray *values; /* owned */
  GString *words;    /* owned */
  QkFilter *filter;  /* owned */
  QkFocus focus;
  gboolean focused;
  gboolean hide_delivered;
} Reading;

static void
reading_clear (Reading *self)
{
  g_ptr_array_unref (self->values);
  g_string_free (self->words, TRUE);
  qk_filter_unref (self->filter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* "{202E}" at @p: its length, or 0. */
static gsize
read_code (const char *p, gunichar *c)
{
  gsize length = *p == '{' ? strspn (p + 1, "0123456789abcdefABCDEF") : 0;

  if (length == 0 || length > 6 || p[1 + length] != '}')
    return 0;
  *c = (gunichar) g_ascii_strtoull (p + 1, NULL, 16);
  return g_unichar_validate (*c) && *c != 0 ? length + 2 : 0;
}

/* Reads what stands behind a backslash; NULL where that says nothing. */
static const char *
read_escape (const char *p, GString *value)
{
  gunichar c = 0;
  gsize length;

  if (*p == 'n' || *p == 't')
    g_string_append_c (value, *p == 'n' ? '\n' : '\t');
  else if (*p == '"' || *p == '\\')
    g_string_append_c (value, *p);
  else if (*p != 'u' || (length = read_code (p + 1, &c)) == 0)
    return NULL;
  else
    {
      g_string_append_unichar (value, c);
      p += length;
    }
  return p + 1;
}

/* Reads a value at @p, in quotation marks or up to white space. NULL on error. */
static const char *
read_value (const char *p, GString *value, GError **error)
{
  if (*p != '"')
    {
      for (; *p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)); p = g_utf8_next_char (p))
        g_string_append_unichar (value, g_utf8_get_char (p));
      return p;
    }
  for (p++; *p != '\0' && *p != '"';)
    if (*p != '\\')
      g_string_append_c (value, *p++);
    else if ((p = read_escape (p + 1, value)) == NULL)
      {
        g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_QUOTE,
                     _ ("after a backslash in quotation marks comes \", \\, n, t or u{…}, as in "
                        "\\u{202E}; write \\\\ for a backslash"));
        return NULL;
      }
  if (*p == '\0')
    {
      g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_QUOTE,
                   _ ("a quotation mark is missing at the end of the filter"));
      return NULL;
    }
  return p + 1;
}

/* The length of a key at @p, without its colon; 0 where a word stands there. One letter and a colon are a
 * drive. */
static gsize
measure_key (const char *p)
{
  gsize length = 0;

  while (g_ascii_isalpha (p[length]))
    length++;
  return length > 1 && p[length] == ':' ? length : 0;
}

static gboolean
fail_value (const char *key, const char *value, const char *valid, GError **error)
{
  g_autoptr (GString) quoted = g_string_new (NULL);

  append_value (quoted, value);
  g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_VALUE,
               _ ("“%s:” cannot be %s: it is one of %s"), key, quoted->str, valid);
  return FALSE;
}

static gboolean
fail_twice (const char *key, GError **error)
{
  g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_TWICE, _ ("“%s:” can be given once only"),
               key);
  return FALSE;
}

static gboolean
take_focus (Reading *self, const char *value, GError **error)
{
  if (self->focused)
    return fail_twice (KEY_FOCUS, error);
  for (guint i = 0; i < QK_N_FOCUSES; i++)
    if (g_ascii_strcasecmp (focuses[i], value) == 0)
      {
        self->focus = (QkFocus) i;
        self->focused = TRUE;
        return TRUE;
      }
  return fail_value (KEY_FOCUS, value, "all, pending, processing, failed, stuck, flagged", error);
}

static gboolean
take_facet (Reading *self, QkFacet facet, const char *value, GError **error)
{
  g_autofree char *valid = NULL;
  QkStatus status;
  QkFilter *filter;

  if (facet == QK_FACET_STATUS && qk_status_parse (value, &status))
    value = qk_status_get_name (status);
  if (!qk_facet_accepts (facet, value))
    {
      valid = qk_facet_describe_values (facet);
      return fail_value (qk_facet_get_name (facet), value, valid, error);
    }
  filter = qk_filter_with_value (self->filter, facet, value);
  qk_filter_unref (self->filter);
  self->filter = filter;
  return TRUE;
}

/* @value is kept by the reading. */
static gboolean
take_term (Reading *self, const char *key, const char *value, GError **error)
{
  QkFacet facet;

  if (g_ascii_strcasecmp (key, KEY_FOCUS) == 0)
    return take_focus (self, value, error);
  if (qk_facet_parse (key, &facet))
    return take_facet (self, facet, value, error);
  if (g_ascii_strcasecmp (key, KEY_HIDE) == 0)
    {
      self->hide_delivered = g_ascii_strcasecmp (value, VALUE_DELIVERED) == 0;
      return self->hide_delivered || fail_value (KEY_HIDE, value, VALUE_DELIVERED, error);
    }
  if (g_ascii_strcasecmp (key, KEY_AGENT) != 0)
    {
      g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_KEY,
                   _ ("there is no “%s:” to filter by: it is one of %s; put a word with a colon in "
                      "it in quotation marks"),
                   key, KEYS);
      return FALSE;
    }
  if (self->agent != NULL)
    return fail_twice (KEY_AGENT, error);
  self->agent = value;
  return TRUE;
}

/* Reads one term or word at @p. NULL on error. */
static const char *
read_one (Reading *self, const char *p, GError **error)
{
  gsize length = measure_key (p);
  g_autofree char *key = g_strndup (p, length);
  GString *value = g_string_new (NULL);
  char *text;

  p = read_value (length > 0 ? p + length + 1 : p, value, error);
  text = g_string_free (value, FALSE);
  g_ptr_array_add (self->values, text);
  if (p == NULL)
    return NULL;
  if (length > 0)
    return take_term (self, key, text, error) ? p : NULL;
  g_string_append_printf (self->words, "%s%s", self->words->len > 0 ? " " : "", text);
  return p;
}

/**
 * qk_query_parse:
 * @text: the text form of a query
 * @error: return location for an error of %QK_QUERY_ERROR that says what to write instead
 *
 * Reads a query. Between its parts is white space; `key:value` asks for a value, of which there may be
 * several of the same key, any of them; what has no key is a word to be found. A value with white space
 * or a colon stands in quotation marks, where `\"`, `\\`, `\n`, `\t` and `\u{202E}` are escapes. `""`
 * asks for what has no value.
 *
 * Returns: (transfer full) (nullable): the query; %NULL on error
 */
QkQuery *
qk_query_parse (const char *text, GError **error)
{
  g_auto (Reading) reading = {.values = g_ptr_array_new_with_free_func (g_free),
                              .words = g_string_new (NULL),
                              .filter = qk_filter_new ()};
  g_autoptr (QkFilter) filter = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, QK_QUERY_ERROR, QK_QUERY_ERROR_VALUE,
                   _ ("the filter is not valid UTF-8"));
      return NULL;
    }
  for (const char *p = text; *p != '\0';)
    if (g_unichar_isspace (g_utf8_get_char (p)))
      p = g_utf8_next_char (p);
    else if ((p = read_one (&reading, p, error)) == NULL)
      return NULL;
  filter = qk_filter_with_text (reading.filter, reading.words->str);
  return qk_query_new (reading.agent, reading.focus, reading.hide_delivered, filter);
}
