#include "qk-text-parts.h"

#include "qk-text.h"

#include <string.h>

struct _QkTextParts {
  gatomicrefcount refs;
  char *text;        /* owned */
  char *shown;       /* owned, nullable: as the text */
  GArray *starts;    /* owned, of gsize: where the parts begin, and where the last one ends */
  GArray *breaks;    /* owned, of gsize: where a line feed is shown that is not in the text */
  gboolean is_plain; /* but for these, it is shown as it is */
};

/* The time to lay out a line grows faster than its length. */
#define MAX_LINE_BYTES 2048
/* So far before that it is better broken behind a word. */
#define MAX_WORD_BYTES 256
/* Where no word ends for so long it is broken sooner: that takes the longest. */
#define MAX_RUN_BYTES 512

static gboolean
ends_word (char c)
{
  return c == ' ' || c == ',';
}

/* Many scripts do without spaces, and can be broken anywhere. */
static gboolean
ends_run (char c)
{
  return ends_word (c) || ((guchar) c & 0x80) != 0;
}

/* Where to break a line that is too long: at @end, or before. */
static const char *
find_break (const char *line, const char *end)
{
  for (const char *p = end; p > line && p > end - MAX_WORD_BYTES; p--)
    if (ends_word (p[-1]))
      return p;
  while (((guchar) *end & 0xc0) == 0x80)
    end--;
  return end;
}

/* No more of a line is looked at than is needed to know whether it is too long. */
static gsize
measure_line (const char *line, gboolean *is_too_long)
{
  gsize length = 0, run = 0;

  while (length < MAX_LINE_BYTES && run < MAX_RUN_BYTES && line[length] != '\n' &&
         line[length] != '\0')
    run = ends_run (line[length++]) ? 0 : run + 1;
  *is_too_long = line[length] != '\n' && line[length] != '\0';
  return length;
}

/* Breaks what is too long to be a line. Returns %NULL where nothing is. */
static char *
break_lines (const char *text, GArray *breaks)
{
  g_autoptr (GString) broken = NULL;

  for (const char *line = text; *line != '\0';)
    {
      gboolean is_too_long;
      gsize length = measure_line (line, &is_too_long);
      const char *end = is_too_long ? find_break (line, line + length) : line + length;

      if (is_too_long && broken == NULL)
        {
          broken = g_string_sized_new (strlen (text) / MAX_LINE_BYTES * (MAX_LINE_BYTES + 2) + 64);
          g_string_append_len (broken, text, line - text);
        }
      if (!is_too_long && *end == '\n')
        end++;
      if (broken != NULL)
        g_string_append_len (broken, line, end - line);
      if (is_too_long)
        {
          g_array_append_val (breaks, broken->len);
          g_string_append_c (broken, '\n');
        }
      line = end;
    }
  return broken != NULL ? g_string_free (g_steal_pointer (&broken), FALSE) : NULL;
}

/* A part ends with a line where one ends in its last quarter, else between characters. */
static gsize
find_end (const char *shown, gsize start, gsize length)
{
  gsize end = start + QK_TEXT_PART_BYTES;
  const char *line;

  if (length - start <= QK_TEXT_PART_BYTES)
    return length;
  line = g_strrstr_len (shown + end - QK_TEXT_PART_BYTES / 4, QK_TEXT_PART_BYTES / 4, "\n");
  if (line != NULL)
    return (gsize) (line + 1 - shown);
  while (((guchar) shown[end] & 0xc0) == 0x80)
    end--;
  return end;
}

/**
 * qk_text_parts_new:
 * @text: any UTF-8 text
 *
 * Returns: (transfer full): its parts, at least one
 */
QkTextParts *
qk_text_parts_new (const char *text)
{
  QkTextParts *self;
  char *broken;
  gsize length, start = 0;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (QkTextParts, 1);
  g_atomic_ref_count_init (&self->refs);
  self->text = g_strdup (text);
  self->shown = qk_text_reveal (text);
  self->is_plain = strcmp (self->shown, text) == 0;
  self->breaks = g_array_new (FALSE, FALSE, sizeof (gsize));
  broken = break_lines (self->shown, self->breaks);
  if (broken != NULL || self->is_plain)
    g_free (self->shown);
  if (broken != NULL || self->is_plain)
    self->shown = broken;
  length = strlen (qk_text_parts_get_shown (self));
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_array_append_val (self->starts, start);
  do
    {
      start = find_end (qk_text_parts_get_shown (self), start, length);
      g_array_append_val (self->starts, start);
    }
  while (start < length);
  return self;
}

/**
 * qk_text_parts_ref:
 * @self: a text
 *
 * Returns: (transfer full): @self
 */
QkTextParts *
qk_text_parts_ref (QkTextParts *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_text_parts_unref:
 * @self: (transfer full): a text
 *
 * Drops a reference.
 */
void
qk_text_parts_unref (QkTextParts *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->starts);
  g_array_unref (self->breaks);
  g_free (self->shown);
  g_free (self->text);
  g_free (self);
}

/**
 * qk_text_parts_get_text:
 * @self: a text
 *
 * Returns: (transfer none): it, as it was given
 */
const char *
qk_text_parts_get_text (const QkTextParts *self)
{
  return self->text;
}

/**
 * qk_text_parts_get_shown:
 * @self: a text
 *
 * Returns: (transfer none): it, as it is to be shown
 */
const char *
qk_text_parts_get_shown (const QkTextParts *self)
{
  return self->shown != NULL ? self->shown : self->text;
}

/**
 * qk_text_parts_get_n:
 * @self: a text
 *
 * Returns: of how many parts it is
 */
guint
qk_text_parts_get_n (const QkTextParts *self)
{
  return self->starts->len - 1;
}

/**
 * qk_text_parts_get_start:
 * @self: a text
 * @part: a part
 *
 * Returns: where it begins in what is shown, in bytes
 */
gsize
qk_text_parts_get_start (const QkTextParts *self, guint part)
{
  g_return_val_if_fail (part < self->starts->len, 0);

  return g_array_index (self->starts, gsize, part);
}

/**
 * qk_text_parts_get:
 * @self: a text
 * @part: a part
 * @length: (out) (optional): its length in bytes
 *
 * Returns: (transfer none) (array length=length): that part, as it is to be shown
 */
const char *
qk_text_parts_get (const QkTextParts *self, guint part, gsize *length)
{
  gsize start = qk_text_parts_get_start (self, part);

  if (length != NULL)
    *length = qk_text_parts_get_start (self, part + 1) - start;
  return qk_text_parts_get_shown (self) + start;
}

/**
 * qk_text_parts_find:
 * @self: a text
 * @position: a place in what is shown, in bytes
 *
 * Returns: in which part it is
 */
guint
qk_text_parts_find (const QkTextParts *self, gsize position)
{
  guint part = 0;

  while (part + 2 < self->starts->len && qk_text_parts_get_start (self, part + 1) <= position)
    part++;
  return part;
}

/* What is shown, without the breaks. */
static char *
dup_unbroken (const QkTextParts *self)
{
  GString *text = g_string_sized_new (strlen (self->shown));
  gsize from = 0;

  for (guint i = 0; i < self->breaks->len; i++)
    {
      gsize to = g_array_index (self->breaks, gsize, i);

      g_string_append_len (text, self->shown + from, (gssize) (to - from));
      from = to + 1;
    }
  g_string_append (text, self->shown + from);
  return g_string_free (text, FALSE);
}

/* Where in what is shown the character at @position of the unbroken text is; @n: how many breaks are
 * before an earlier one, and before this one. */
static guint
put_breaks_in (const QkTextParts *self, guint position, guint *n)
{
  while (*n < self->breaks->len && g_array_index (self->breaks, gsize, *n) - *n <= position)
    (*n)++;
  return position + *n;
}

/**
 * qk_text_parts_search:
 * @self: a text
 * @search: what to look for
 *
 * Finds it also where a line is broken only to be shown.
 *
 * Returns: (transfer full) (element-type QkSearchRange): where it is in what is shown, in order
 */
GArray *
qk_text_parts_search (const QkTextParts *self, const QkSearch *search)
{
  g_autofree char *unbroken = NULL;
  GArray *found;
  guint n = 0;

  if (self->breaks->len == 0)
    return qk_search_find_all (search, qk_text_parts_get_shown (self));
  unbroken = dup_unbroken (self);
  found = qk_search_find_all (search, unbroken);
  for (guint i = 0; i < found->len; i++)
    {
      QkSearchRange *range = &g_array_index (found, QkSearchRange, i);
      guint last = range->end - 1, n_last;

      range->start = put_breaks_in (self, range->start, &n);
      n_last = n;
      range->end = put_breaks_in (self, last, &n_last) + 1;
    }
  return found;
}

/* How long the character at @p is as it is shown, in bytes: what qk_text_reveal() makes of it. */
static gsize
measure (const char *p)
{
  char character[7] = {0};
  g_autofree char *shown = NULL;

  if ((guchar) *p >= 0x20 && (guchar) *p < 0x7f)
    return 1;
  if (p[0] == '\r' && p[1] == '\n')
    return 0;
  memcpy (character, p, (gsize) (g_utf8_next_char (p) - p));
  shown = qk_text_reveal (character);
  return strlen (shown);
}

/* The place without the breaks before it. */
static gsize
take_breaks_off (const QkTextParts *self, gsize position)
{
  guint n = 0;

  while (n < self->breaks->len && g_array_index (self->breaks, gsize, n) < position)
    n++;
  return position - n;
}

/**
 * qk_text_parts_dup_given:
 * @self: a text
 * @start: a place in what is shown, in bytes
 * @end: another place in it
 *
 * Of a character that is shown as several, all of it counts as soon as any of it does.
 *
 * Returns: (transfer full): what was given between them
 */
char *
qk_text_parts_dup_given (const QkTextParts *self, gsize start, gsize end)
{
  const char *from = NULL, *p = self->text;
  gsize at = 0;

  start = take_breaks_off (self, start);
  end = take_breaks_off (self, end);
  if (self->is_plain)
    return g_strndup (self->text + start, end - start);
  for (; *p != '\0' && at < end; p = g_utf8_next_char (p))
    {
      gsize length = measure (p);

      if (from == NULL && at + length > start)
        from = p;
      /* A CR belongs to the line feed after it. */
      if (from == NULL && length == 0 && at == start)
        from = p;
      at += length;
    }
  return from != NULL ? g_strndup (from, (gsize) (p - from)) : g_strdup ("");
}
