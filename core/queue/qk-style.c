#include "qk-style.h"

#include "qk-scan.h"

#include <string.h>

/* Copies the indentation that ends at @end: the blanks back to the line end before it. */
static gboolean
copy_indent (const char *text, const char *end, char *indent, gsize size)
{
  const char *start = end;

  while (start > text && (start[-1] == ' ' || start[-1] == '\t'))
    start--;
  if (start == text || start[-1] != '\n' || (gsize) (end - start) >= size)
    return FALSE;
  memcpy (indent, start, (gsize) (end - start));
  indent[end - start] = '\0';
  return TRUE;
}

static void
detect_from_entry (QkStyle *self, QkDocument *document, const char *entry)
{
  const char *text = g_bytes_get_data (qk_document_get_bytes (document), NULL);
  char inner[sizeof self->base + sizeof self->unit];
  QkMembers members;
  QkMember first, second;
  const char *before_value;

  qk_members_init (&members, entry);
  if (!qk_members_next (&members, &first))
    return;
  before_value = first.value - 1;
  self->colon = *before_value == ':' ? ":" : ": ";
  if (qk_members_next (&members, &second))
    self->comma = second.lead[0] == '"' ? "" : " ";
  if (!copy_indent (text, first.key, inner, sizeof inner) ||
      !copy_indent (text, entry, self->base, sizeof self->base) ||
      !g_str_has_prefix (inner, self->base) ||
      strlen (inner) - strlen (self->base) >= sizeof self->unit)
    return;
  strcpy (self->unit, inner + strlen (self->base));
  self->newline = first.lead[0] == '\r' ? "\r\n" : "\n";
}

/**
 * qk_style_detect:
 * @self: (out caller-allocates): the style
 * @document: a queue
 *
 * Looks at the first entry. Without one, the style is the swarm's own: compact, in one line.
 */
void
qk_style_detect (QkStyle *self, QkDocument *document)
{
  gsize length;
  const char *json;

  *self = (QkStyle){.newline = "", .comma = "", .colon = ":"};
  if (qk_document_get_n_entries (document) == 0)
    return;
  json = qk_entry_get_json (qk_document_get_entry (document, 0), &length);
  if (*json == '{')
    detect_from_entry (self, document, json);
}

static void
append_line_break (const QkStyle *self, GString *out, const char *indent, guint level)
{
  if (*self->newline == '\0')
    return;
  g_string_append (out, self->newline);
  g_string_append (out, indent);
  for (guint i = 0; i < level; i++)
    g_string_append (out, self->unit);
}

/**
 * qk_style_append:
 * @self: a style
 * @out: where to append
 * @compact: checked JSON without white space outside of strings
 * @indent: the indentation of the line in which it begins
 *
 * Appends @compact laid out in the style.
 */
void
qk_style_append (const QkStyle *self, GString *out, const char *compact, const char *indent)
{
  guint level = 0;

  for (const char *p = compact; *p != '\0';)
    {
      const char *next = *p == '"' ? qk_json_skip_value (p) : p + 1;
      gboolean opens = *p == '{' || *p == '[', closes = *p == '}' || *p == ']';
      gboolean empty = opens && (*next == '}' || *next == ']');

      if (empty)
        next++;
      else if (closes)
        append_line_break (self, out, indent, --level);
      if (*p == ':')
        g_string_append (out, self->colon);
      else
        g_string_append_len (out, p, next - p);
      if (opens && !empty)
        append_line_break (self, out, indent, ++level);
      else if (*p == ',' && *self->newline != '\0')
        append_line_break (self, out, indent, level);
      else if (*p == ',')
        g_string_append (out, self->comma);
      p = next;
    }
}
