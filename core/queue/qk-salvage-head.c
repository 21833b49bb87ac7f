#include "qk-salvage-private.h"

#include "qk-document.h"
#include "qk-entry-private.h"
#include "qk-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Entries that lack their first bytes, as the tail of an older, longer version does. */

#define MAX_HEAD 256

static gsize
common_length (const char *a, gsize a_length, const char *b, gsize b_length)
{
  gsize length = MIN (a_length, b_length), i = 0;

  while (i < length && a[i] == b[i])
    i++;
  return i;
}

/* The length of what stands before the first value that is no object. */
static gsize
length_before_value (const char *head, gsize length)
{
  const char *colon = head;

  while ((colon = memchr (colon, ':', length - (gsize) (colon - head))) != NULL)
    {
      gsize next = (gsize) (colon - head) + 1;

      while (next < length && strchr (" \t\r\n", head[next]) != NULL)
        next++;
      if (next < length && head[next] != '{')
        return next;
      colon++;
    }
  return length;
}

/* What all whole entries begin with: punctuation and keys, never a value. */
static gsize
find_head (const QkSalvageSource *self, const char **head)
{
  gsize length = 0;

  *head = NULL;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const QkSalvagePart *part = &g_array_index (self->parts, QkSalvagePart, i);

      if (part->kind != QK_SALVAGE_WHOLE || *part->entry->json != '{')
        continue;
      if (*head == NULL)
        length = MIN (part->entry->length, MAX_HEAD);
      else
        length = common_length (*head, length, part->entry->json, part->entry->length);
      *head = part->entry->json;
    }
  return *head != NULL ? length_before_value (*head, length) : 0;
}

/* Punctuation alone occurs anywhere: a key, or the end of one, must show that it is the beginning. */
static gboolean
shows_key (const char *shared, gsize length)
{
  const char *colon = memchr (shared, ':', length);

  while (colon != NULL && shared < colon && !g_ascii_isalnum (*shared))
    shared++;
  return colon != NULL && shared < colon;
}

/* How many bytes of @head stand before @rest: what is left of it must be what @rest begins with,
 * and in one way only. 0 where it is not so. */
static gsize
count_missing (const char *head, gsize head_length, const char *rest, gsize rest_length)
{
  gsize missing = 0;

  for (gsize n = 1; n < head_length; n++)
    {
      gsize shared = head_length - n;

      if (shared > rest_length || memcmp (head + n, rest, shared) != 0 || !shows_key (rest, shared))
        continue;
      if (missing != 0)
        return 0;
      missing = n;
    }
  return missing;
}

/* Reads the entry that @text begins with. What follows it, if anything does, is no part of it.
 * Returns its length, 0 where there is none. */
static gsize
read_completed (const char *text, gsize length, QkEntry *entry)
{
  QkScan scan = {.text = text, .length = length};
  gsize end;

  if (!qk_scan_value (&scan, QK_DOCUMENT_MAX_DEPTH - 2))
    return 0;
  end = scan.position;
  qk_scan_space (&scan);
  if (scan.position < length && text[scan.position] != ',' && text[scan.position] != ']')
    return 0;
  qk_entry_read (entry, text, end, &scan);
  return qk_salvage_is_entry (entry) && !qk_salvage_has_foreign_key (entry) ? end : 0;
}

/* Makes @part an entry if it can be. Two repairs of one entry are one too many: every byte of it
 * must be UTF-8. */
static void
complete (const QkSalvageSource *self, QkSalvagePart *part, const char *head, gsize head_length)
{
  const char *rest = (const char *) g_bytes_get_data (self->bytes, NULL) + part->offset;
  gsize missing = count_missing (head, head_length, rest, part->length), length;
  g_autofree char *text = NULL;
  g_autofree QkEntry *entry = NULL;

  if (missing == 0)
    return;
  text = g_malloc (missing + part->length + 1);
  memcpy (text, head, missing);
  memcpy (text + missing, rest, part->length);
  text[missing + part->length] = '\0';
  entry = g_new (QkEntry, 1);
  length = read_completed (text, missing + part->length, entry);
  if (length <= missing)
    return;
  part->kind = QK_SALVAGE_REPAIRED;
  part->length = length - missing;
  part->how = g_strdup_printf (
      ngettext ("its first %zu byte was missing: completed with “%.*s”, as the other "
                "entries begin",
                "its first %zu bytes were missing: completed with “%.*s”, as the other "
                "entries begin",
                missing),
      missing, (int) missing, text);
  part->text = g_steal_pointer (&text);
  part->entry = g_steal_pointer (&entry);
}

/* What remains of a part of which an entry was made. */
static void
append_rest (const QkSalvageSource *self, GArray *parts, const QkSalvagePart *part, gsize end)
{
  const char *data = g_bytes_get_data (self->bytes, NULL);
  QkSalvagePart rest = {.kind = QK_SALVAGE_LEFT_OVER, .list = part->list};

  rest.offset = part->offset + part->length;
  while (rest.offset < end && data[rest.offset] != '\0' &&
         strchr (" \t\r\n,[]", data[rest.offset]) != NULL)
    rest.offset++;
  rest.length = end - rest.offset;
  if (rest.length > 0)
    g_array_append_val (parts, rest);
}

/* Makes entries of what is left over, where no more than the beginning is missing. */
void
qk_salvage_complete_heads (QkSalvageSource *self)
{
  const char *head;
  gsize length = find_head (self, &head);
  GArray *old = self->parts;

  if (length == 0)
    return;
  self->parts = qk_salvage_parts_new ();
  for (guint i = 0; i < old->len; i++)
    {
      QkSalvagePart part = g_array_index (old, QkSalvagePart, i);
      gsize end = part.offset + part.length;

      if (part.kind == QK_SALVAGE_LEFT_OVER)
        complete (self, &part, head, length);
      g_array_append_val (self->parts, part);
      append_rest (self, self->parts, &part, end);
    }
  g_array_set_clear_func (old, NULL);
  g_array_unref (old);
}
