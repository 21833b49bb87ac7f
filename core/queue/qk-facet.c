#include "qk-facet.h"

#include "qk-agents.h"
#include "qk-scan.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

#define MAX_CLASS_CHARS 160

static const char *const labels[QK_N_FACETS] = {
    [QK_FACET_STATUS] = "Status", [QK_FACET_RECIPIENT] = "Recipient",
    [QK_FACET_SENDER] = "Sender", [QK_FACET_TYPE] = "Type",
    [QK_FACET_TAG] = "Tag",       [QK_FACET_PRIORITY] = "Priority",
    [QK_FACET_AGE] = "Age",       [QK_FACET_ERROR] = "Error",
};

/* The youngest first; each span ends where its limit says. */
static const struct {
  const char *value;
  const char *label;
  gint64 limit; /* microseconds */
} ages[] = {
    {"1m", "under 1 min", G_TIME_SPAN_MINUTE},  {"5m", "1 to 5 min", 5 * G_TIME_SPAN_MINUTE},
    {"1h", "5 min to 1 h", G_TIME_SPAN_HOUR},   {"1d", "1 h to 1 day", G_TIME_SPAN_DAY},
    {"7d", "1 to 7 days", 7 * G_TIME_SPAN_DAY}, {"old", "over 7 days", G_MAXINT64},
};

/**
 * qk_facet_get_label:
 * @facet: a facet
 *
 * Returns: its name for people
 */
const char *
qk_facet_get_label (QkFacet facet)
{
  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);

  return labels[facet];
}

/**
 * qk_facet_dup_value_label:
 * @facet: a facet
 * @value: a value of it
 *
 * Returns: (transfer full): the value for people, safe to be shown in one line
 */
char *
qk_facet_dup_value_label (QkFacet facet, const char *value)
{
  QkStatus status;

  g_return_val_if_fail ((guint) facet < QK_N_FACETS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  if (*value == '\0')
    return g_strdup ("none");
  if (facet == QK_FACET_STATUS && qk_status_parse (value, &status))
    return g_strdup (qk_status_get_label (status));
  for (gsize i = 0; facet == QK_FACET_AGE && i < G_N_ELEMENTS (ages); i++)
    if (strcmp (ages[i].value, value) == 0)
      return g_strdup (ages[i].label);
  return qk_text_reveal_line (value);
}

/**
 * qk_age_get_value:
 * @created: when an entry was created, in wall microseconds, or %QK_WALL_NONE
 * @now: the present, in wall microseconds
 *
 * Returns: its value of %QK_FACET_AGE; "" where it has no time
 */
const char *
qk_age_get_value (gint64 created, gint64 now)
{
  gsize i = 0;

  if (created == QK_WALL_NONE)
    return "";
  while (i + 1 < G_N_ELEMENTS (ages) && now - created >= ages[i].limit)
    i++;
  return ages[i].value;
}

static void
visit_field (const QkEntry *entry, QkField field, QkFacetFunc func, gpointer data)
{
  g_autofree char *value = qk_entry_dup_field (entry, field);

  (void) func (value != NULL ? value : "", data);
}

/* A tag that stands there twice counts once. */
static void
visit_tags (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const char *p = qk_entry_get_field_json (entry, QK_FIELD_TAGS, &length);

  if (p == NULL || *p != '[')
    return;
  for (p = qk_json_skip_space (p + 1); *p != ']';)
    {
      const char *end = qk_json_skip_value (p);
      char *tag = qk_json_decode (p, (gsize) (end - p), NULL);

      if (g_ptr_array_find_with_equal_func (seen, tag, g_str_equal, NULL))
        g_free (tag);
      else
        {
          g_ptr_array_add (seen, tag);
          if (!func (tag, data))
            return;
        }
      p = qk_json_skip_space (end);
      if (*p == ',')
        p = qk_json_skip_space (p + 1);
    }
}

static void
visit_error (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  g_autofree char *error = qk_entry_dup_field (entry, QK_FIELD_LAST_ERROR);
  g_autofree char *value = error != NULL ? qk_error_dup_class (error) : NULL;

  if (value != NULL && *value != '\0')
    (void) func (value, data);
}

static void
visit_priority (const QkEntry *entry, QkFacetFunc func, gpointer data)
{
  char value[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (value, sizeof value, "%.1f", qk_entry_get_priority (entry));
  (void) func (value, data);
}

/**
 * qk_facet_foreach:
 * @facet: a facet
 * @entry: an entry
 * @now: the present, in wall microseconds
 * @func: (scope call): what to call
 * @data: for @func
 *
 * Calls @func with each value that @entry has, until that returns %FALSE.
 */
void
qk_facet_foreach (QkFacet facet, const QkEntry *entry, gint64 now, QkFacetFunc func, gpointer data)
{
  switch (facet)
    {
    case QK_FACET_STATUS:
      (void) func (qk_status_get_name (qk_entry_get_status (entry)), data);
      break;
    case QK_FACET_RECIPIENT:
      visit_field (entry, QK_FIELD_RECIPIENT, func, data);
      break;
    case QK_FACET_SENDER:
      visit_field (entry, QK_FIELD_SENDER, func, data);
      break;
    case QK_FACET_TYPE:
      visit_field (entry, QK_FIELD_MESSAGE_TYPE, func, data);
      break;
    case QK_FACET_TAG:
      visit_tags (entry, func, data);
      break;
    case QK_FACET_PRIORITY:
      visit_priority (entry, func, data);
      break;
    case QK_FACET_AGE:
      (void) func (qk_age_get_value (qk_entry_get_created (entry), now), data);
      break;
    case QK_FACET_ERROR:
      visit_error (entry, func, data);
      break;
    default:
      g_return_if_reached ();
    }
}

static void
count_free (gpointer data)
{
  QkFacetCount *count = data;

  g_free (count->value);
  g_free (count);
}

static gboolean
count_value (const char *value, gpointer data)
{
  GHashTable *by_value = data;
  QkFacetCount *count = g_hash_table_lookup (by_value, value);

  if (count == NULL)
    {
      count = g_new0 (QkFacetCount, 1);
      count->value = g_strdup (value);
      g_hash_table_insert (by_value, count->value, count);
    }
  count->n_entries++;
  return TRUE;
}

static gsize
get_age_rank (const char *value)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (ages) && strcmp (ages[i].value, value) != 0)
    i++;
  return i;
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const QkFacetCount *const *x = a, *const *y = b;
  gsize rank_x = get_age_rank ((*x)->value), rank_y = get_age_rank ((*y)->value);

  return (rank_x > rank_y) - (rank_x < rank_y);
}

static int
compare_count (gconstpointer a, gconstpointer b)
{
  const QkFacetCount *const *x = a, *const *y = b;

  if ((*x)->n_entries != (*y)->n_entries)
    return (*x)->n_entries < (*y)->n_entries ? 1 : -1;
  return qk_agent_compare ((*x)->value, (*y)->value);
}

/**
 * qk_facet_count:
 * @facet: a facet
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full) (element-type QkFacetCount): the values that occur: ages from the
 *   youngest on, others from the most frequent on
 */
GPtrArray *
qk_facet_count (QkFacet facet, QkDocument *document, gint64 now)
{
  g_autoptr (GHashTable) by_value = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *counts = g_ptr_array_new_with_free_func (count_free);
  guint n = qk_document_get_n_entries (document);
  GHashTableIter iter;
  gpointer count;

  for (guint i = 0; i < n; i++)
    qk_facet_foreach (facet, qk_document_get_entry (document, i), now, count_value, by_value);
  g_hash_table_iter_init (&iter, by_value);
  while (g_hash_table_iter_next (&iter, NULL, &count))
    g_ptr_array_add (counts, count);
  g_ptr_array_sort (counts, facet == QK_FACET_AGE ? compare_age : compare_count);
  return counts;
}

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
