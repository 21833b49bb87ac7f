#include "qk-message-export.h"

#include "qk-scan.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct {
  const char *name;
  const char *suffixes[3]; /* the usual one first */
} formats[QK_N_MESSAGE_FORMATS] = {
    [QK_MESSAGE_FORMAT_JSON] = {"json", {"json"}},
    [QK_MESSAGE_FORMAT_CSV] = {"csv", {"csv"}},
    [QK_MESSAGE_FORMAT_MARKDOWN] = {"markdown", {"md", "markdown"}},
};

/* The cells of a row, and the lines above a content. */
static const struct {
  const char *column;
  const char *label; /* NULL: stands elsewhere */
  QkField field;
} fields[] = {
    {"queue_id", NULL, QK_FIELD_ID},
    {"status", N_ ("Status"), QK_FIELD_STATUS},
    {"priority", N_ ("Priority"), QK_FIELD_PRIORITY_SCORE},
    {"sender", N_ ("From"), QK_FIELD_SENDER},
    {"recipient", N_ ("To"), QK_FIELD_RECIPIENT},
    {"type", N_ ("Type"), QK_FIELD_MESSAGE_TYPE},
    {"tags", N_ ("Tags"), QK_FIELD_TAGS},
    {"created", N_ ("Created"), QK_FIELD_CREATED_AT},
    {"updated", N_ ("Updated"), QK_FIELD_UPDATED_AT},
    {"attempts", N_ ("Attempts"), QK_FIELD_ATTEMPTS},
    {"last_error", N_ ("Last error"), QK_FIELD_LAST_ERROR},
    {"content", NULL, QK_FIELD_CONTENT},
};

/**
 * qk_message_format_get_name:
 * @format: a format
 *
 * Returns: its name on a command line
 */
const char *
qk_message_format_get_name (QkMessageFormat format)
{
  return formats[format].name;
}

/**
 * qk_message_format_get_suffix:
 * @format: a format
 *
 * Returns: how the names of its files end, without the dot
 */
const char *
qk_message_format_get_suffix (QkMessageFormat format)
{
  return formats[format].suffixes[0];
}

/**
 * qk_message_format_parse:
 * @name: a name
 * @format: (out): the format, untouched where there is none
 *
 * Returns: whether there is a format of that name
 */
gboolean
qk_message_format_parse (const char *name, QkMessageFormat *format)
{
  for (guint i = 0; i < QK_N_MESSAGE_FORMATS; i++)
    if (strcmp (formats[i].name, name) == 0)
      {
        *format = (QkMessageFormat) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_message_format_guess:
 * @path: (type filename): the name of a file
 * @format: (out): the format, untouched where there is none
 *
 * Returns: whether the name ends like those of a format
 */
gboolean
qk_message_format_guess (const char *path, QkMessageFormat *format)
{
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot != NULL && i < QK_N_MESSAGE_FORMATS; i++)
    for (guint j = 0; formats[i].suffixes[j] != NULL; j++)
      if (g_ascii_strcasecmp (dot + 1, formats[i].suffixes[j]) == 0)
        {
          *format = (QkMessageFormat) i;
          return TRUE;
        }
  return FALSE;
}

/* Only what is between the entries is ours. */
static void
write_json (GString *out, GPtrArray *entries)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < entries->len; i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (entries->pdata[i], &length);

      g_string_append (out, i > 0 ? ",\n  " : "\n  ");
      g_string_append_len (out, json, (gssize) length);
    }
  g_string_append (out, entries->len > 0 ? "\n]\n" : "]\n");
}

/* The elements of a list one after the other; what is no list, as it is. */
static char *
dup_tags (const QkEntry *entry)
{
  gsize length;
  const char *p = qk_entry_get_field_json (entry, QK_FIELD_TAGS, &length);
  g_autoptr (GString) tags = g_string_new (NULL);

  if (p == NULL || *p != '[')
    return qk_entry_dup_field (entry, QK_FIELD_TAGS);
  for (p = qk_json_skip_space (p + 1); *p != ']';)
    {
      const char *end = qk_json_skip_value (p);
      g_autofree char *tag = qk_json_decode (p, (gsize) (end - p), NULL);

      g_string_append_printf (tags, "%s%s", tags->len > 0 ? "; " : "", tag);
      p = qk_json_skip_space (end);
      if (*p == ',')
        p = qk_json_skip_space (p + 1);
    }
  return g_strdup (tags->str);
}

/* As the operator reads it; "" where it is missing. */
static char *
dup_value (const QkEntry *entry, QkField field)
{
  g_autofree char *text = NULL;

  if (field == QK_FIELD_TAGS)
    text = dup_tags (entry);
  else if (field == QK_FIELD_ATTEMPTS && !qk_entry_has_field (entry, QK_FIELD_ATTEMPTS))
    text = qk_entry_dup_field (entry, QK_FIELD_TOP_ATTEMPTS);
  else
    text = qk_entry_dup_field (entry, field);
  if (text == NULL)
    return g_strdup ("");
  return field == QK_FIELD_CONTENT ? qk_text_reveal (text) : qk_text_reveal_line (text);
}

/* A spreadsheet takes what begins so for a formula; the wide forms, too, where they are usual. */
static gboolean
is_formula (const char *text)
{
  static const gunichar beginnings[] = {'=',  '+',    '-',    '@',    '\t',  '\r',
                                        '\n', 0xff1d, 0xff0b, 0xff0d, 0xff20};
  gunichar first = g_utf8_get_char (text);

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (beginnings[i] == first)
      return TRUE;
  return FALSE;
}

static void
append_cell (GString *out, const char *text)
{
  gboolean quoted = strpbrk (text, ",\"\n\r") != NULL || g_str_has_prefix (text, " ") ||
                    g_str_has_suffix (text, " ");

  if (quoted)
    g_string_append_c (out, '"');
  if (is_formula (text))
    g_string_append_c (out, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  if (quoted)
    g_string_append_c (out, '"');
}

static void
write_csv (GString *out, GPtrArray *entries)
{
  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    g_string_append_printf (out, "%s%s", f > 0 ? "," : "", fields[f].column);
  g_string_append (out, "\r\n");
  for (guint i = 0; i < entries->len; i++)
    {
      for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
        {
          g_autofree char *value = dup_value (entries->pdata[i], fields[f].field);

          if (f > 0)
            g_string_append_c (out, ',');
          append_cell (out, value);
        }
      g_string_append (out, "\r\n");
    }
}

static gsize
get_longest_run (const char *text, char c)
{
  gsize longest = 0, run = 0;

  for (; *text != '\0'; text++)
    {
      run = *text == c ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  return longest;
}

static void
append_ticks (GString *out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_string_append_c (out, '`');
}

/* A code span ends at a run of as many backticks as it begins with. One space at each end is not part
 * of it. */
static void
append_span (GString *out, const char *text)
{
  gsize ticks = get_longest_run (text, '`') + 1;

  append_ticks (out, ticks);
  g_string_append_printf (out, " %s ", text);
  append_ticks (out, ticks);
}

static void
append_fence (GString *out, const char *text)
{
  gsize ticks = MAX (get_longest_run (text, '`') + 1, 3);

  append_ticks (out, ticks);
  g_string_append_printf (out, "text\n%s%s", text, g_str_has_suffix (text, "\n") ? "" : "\n");
  append_ticks (out, ticks);
  g_string_append_c (out, '\n');
}

static void
write_section (GString *out, const QkEntry *entry, guint number)
{
  g_autofree char *id = dup_value (entry, QK_FIELD_ID);
  g_autofree char *content = dup_value (entry, QK_FIELD_CONTENT);

  g_string_append_printf (out, "\n## %u. ", number);
  if (*id != '\0')
    append_span (out, id);
  else
    g_string_append (out, _ ("No id"));
  g_string_append (out, "\n\n");
  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      g_autofree char *value = dup_value (entry, fields[f].field);

      if (fields[f].label == NULL || *value == '\0')
        continue;
      g_string_append_printf (out, "- %s: ", _ (fields[f].label));
      append_span (out, value);
      g_string_append_c (out, '\n');
    }
  g_string_append_c (out, '\n');
  if (qk_entry_has_field (entry, QK_FIELD_CONTENT))
    append_fence (out, content);
  else
    g_string_append (out, _ ("No content.\n"));
}

static void
write_markdown (GString *out, GPtrArray *entries)
{
  g_string_append_printf (out, ngettext ("# %u message\n", "# %u messages\n", entries->len),
                          entries->len);
  for (guint i = 0; i < entries->len; i++)
    write_section (out, entries->pdata[i], i + 1);
}

/**
 * qk_message_export:
 * @entries: (element-type QkEntry): what to export, in this order
 * @format: as what
 *
 * Returns: (transfer full): the text
 */
GBytes *
qk_message_export (GPtrArray *entries, QkMessageFormat format)
{
  GString *out;

  g_return_val_if_fail (entries != NULL, NULL);

  out = g_string_new (NULL);
  if (format == QK_MESSAGE_FORMAT_JSON)
    write_json (out, entries);
  else if (format == QK_MESSAGE_FORMAT_CSV)
    write_csv (out, entries);
  else
    write_markdown (out, entries);
  return g_string_free_to_bytes (out);
}
