#include "qk-entry-private.h"
#include "qk-salvage.h"
#include "qk-style.h"

#include <string.h>

/* The white space before the first entry of the first source, and that entry, as a queue: the style
 * is taken from it. */
static void
detect_style (const QkSalvage *self, QkStyle *style)
{
  QkSalvageSource *source =
      qk_salvage_get_n_sources (self) > 0 ? qk_salvage_get_source (self, 0) : NULL;
  const QkSalvagePart *part = NULL;
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QkDocument) document = NULL;
  const char *data;
  gsize start;

  *style = (QkStyle){.newline = "", .comma = "", .colon = ":"};
  for (guint i = 0; source != NULL && i < qk_salvage_source_get_n_parts (source); i++)
    {
      part = qk_salvage_source_get_part (source, i);
      if (part->kind == QK_SALVAGE_WHOLE)
        break;
    }
  if (part == NULL || part->kind != QK_SALVAGE_WHOLE)
    return;
  data = g_bytes_get_data (qk_salvage_source_get_bytes (source), NULL);
  for (start = part->offset;
       start > 0 && strchr ("\n\r\t ", data[start - 1]) != NULL && data[start - 1] != '\0';)
    start--;
  g_string_append_len (text, data + start, (gssize) (part->offset - start + part->length));
  g_string_append_c (text, ']');
  /* With the NUL byte behind it that those who walk over checked text may look at. */
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  document = qk_document_new (bytes, NULL, NULL, NULL);
  if (document != NULL)
    qk_style_detect (style, document);
}

/* The line of the closing bracket is one level further out than those of the entries. */
static void
append_closing (GString *text, const QkStyle *style)
{
  gsize base = strlen (style->base), unit = strlen (style->unit);

  g_string_append (text, style->newline);
  if (*style->newline != '\0' && g_str_has_suffix (style->base, style->unit))
    g_string_append_len (text, style->base, (gssize) (base - unit));
  g_string_append_c (text, ']');
}

/**
 * qk_salvage_to_bytes:
 * @self: a result
 *
 * Returns: (transfer full): the queue, a list, laid out as the first source is; entries to the byte
 */
GBytes *
qk_salvage_to_bytes (const QkSalvage *self)
{
  g_autoptr (GString) text = g_string_new ("[");
  guint n = qk_salvage_get_n_entries (self);
  QkStyle style;

  detect_style (self, &style);
  for (guint i = 0; i < n; i++)
    {
      const QkEntry *entry = qk_salvage_get_entry (self, i, NULL);

      if (i > 0)
        g_string_append_c (text, ',');
      if (*style.newline != '\0')
        g_string_append_printf (text, "%s%s", style.newline, style.base);
      else if (i > 0)
        g_string_append (text, style.comma);
      g_string_append_len (text, entry->json, entry->length);
    }
  if (n > 0)
    append_closing (text, &style);
  else
    g_string_append_c (text, ']');
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/**
 * qk_salvage_source_dup_text:
 * @self: a source
 * @part: one of its pieces
 * @max_bytes: how many bytes of it to look at, at the most
 *
 * Reads the beginning of a piece, as it stands in the file. A byte that is not UTF-8 becomes U+FFFD,
 * a NUL byte its picture U+2400; control characters stay, so it is not safe to be shown yet.
 *
 * Returns: (transfer full): the text
 */
char *
qk_salvage_source_dup_text (const QkSalvageSource *self, const QkSalvagePart *part, gsize max_bytes)
{
  const char *data = g_bytes_get_data (qk_salvage_source_get_bytes (self), NULL);
  const char *start = data + part->offset;
  gsize length = MIN (part->length, max_bytes);
  g_autoptr (GString) text = g_string_sized_new (length);

  /* No character is cut at the end. */
  for (guint i = 0; i < 3 && length < part->length && length > 0; i++)
    if (((guchar) start[length] & 0xc0) == 0x80)
      length--;
  for (gsize i = 0; i < length; i++)
    if (start[i] == '\0')
      g_string_append_unichar (text, 0x2400);
    else
      g_string_append_c (text, start[i]);
  return g_utf8_make_valid (text->str, (gssize) text->len);
}
