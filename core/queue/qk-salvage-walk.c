#include "qk-salvage-private.h"

#include "qk-document.h"
#include "qk-entry-private.h"
#include "qk-scan.h"

#include <string.h>

/* The walk over a damaged file. Every step goes past what it has looked at: where an object breaks
 * off, the search goes on where it broke; where one turns out to be no entry, it goes on behind it. */

#define ENTRY_DEPTH (QK_DOCUMENT_MAX_DEPTH - 2)
#define NO_PART     G_MAXUINT

typedef struct {
  QkSalvageSource *self;
  const char *text; /* mended */
  gsize length;
  gsize position;
  gsize resume;    /* where to search for the next entry after one that is none */
  guint list;      /* number of the list at position */
  gboolean opened; /* inside a list */
  gboolean wrapped;
  gboolean messages; /* entries have one: what has none, and no list around it, is a message */
  guint regained;    /* the first part found after the thread was lost in this list, or NO_PART */
} Walk;

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static gsize
skip_space (const Walk *walk, gsize at)
{
  while (at < walk->length && is_space (walk->text[at]))
    at++;
  return at;
}

/* The first byte that is not white space, from @at on; 0 at the end. */
static char
peek (const Walk *walk, gsize at)
{
  at = skip_space (walk, at);
  return at < walk->length ? walk->text[at] : '\0';
}

static gboolean
is_followed_by_key (const Walk *walk, gsize at)
{
  at = skip_space (walk, at);
  return at < walk->length && walk->text[at] == ',' && peek (walk, at + 1) == '"';
}

static void
add_bytes (Walk *walk, QkSalvageKind kind, gsize start, gsize end)
{
  QkSalvagePart part = {.kind = kind, .offset = start, .length = end - start, .list = walk->list};

  if (end > start)
    g_array_append_val (walk->self->parts, part);
}

/* Bytes of which nothing can be made, without the white space, commas and brackets at their end. */
static void
add_left_over (Walk *walk, gsize start, gsize end)
{
  gsize text_end;

  while (end > start && (is_space (walk->text[end - 1]) || strchr (",[]", walk->text[end - 1])) &&
         walk->text[end - 1] != '\0')
    end--;
  for (text_end = end; text_end > start && walk->text[text_end - 1] == '\0'; text_end--)
    ;
  add_bytes (walk, QK_SALVAGE_LEFT_OVER, start, text_end);
  add_bytes (walk, QK_SALVAGE_PADDING, text_end, end);
}

static gsize
count_padding (const Walk *walk)
{
  gsize at = walk->position;

  while (at < walk->length)
    if (walk->text[at] == '\0')
      at++;
    else if (walk->length - at >= 3 && memcmp (walk->text + at, "\xef\xbb\xbf", 3) == 0)
      at += 3;
    else
      break;
  return at - walk->position;
}

/* An object broke off at @at: whatever begins at a brace before that would break there as well, or
 * is a part of it. But a text that was cut swallows the beginning of what follows up to its first
 * quote: `"cut sho[{"message"...`. */
static gsize
find_resumption (const Walk *walk, gsize start, gsize at)
{
  gsize i = at;

  while (i > start && is_space (walk->text[i - 1]))
    i--;
  if (i > start && walk->text[i - 1] == '"')
    {
      i--;
      while (i > start && is_space (walk->text[i - 1]))
        i--;
      if (i > start + 1 && walk->text[i - 1] == '{')
        return i - 1;
    }
  return MAX (at, start + 1);
}

static gboolean
scan_object (Walk *walk, gsize start, QkEntry *entry)
{
  QkScan scan = {.text = walk->text, .length = walk->length, .position = start};

  if (!qk_scan_value (&scan, ENTRY_DEPTH))
    {
      walk->resume = find_resumption (walk, start, scan.position);
      return FALSE;
    }
  walk->resume = scan.position;
  qk_entry_read (entry, walk->text + start, scan.position - start, &scan);
  return TRUE;
}

static gboolean
is_preceded_by (const Walk *walk, gsize at, const char *any)
{
  while (at > 0 && is_space (walk->text[at - 1]))
    at--;
  return at > 0 && walk->text[at - 1] != '\0' && strchr (any, walk->text[at - 1]) != NULL;
}

/* Whether the object from the position to @end, whose place is that of an entry, is one. What follows
 * may show that it ended too soon, inside another; and where nothing is in doubt it may lack an id. */
static gboolean
is_entry_here (const Walk *walk, const QkEntry *entry, gsize end)
{
  char next = peek (walk, end);
  gboolean in_doubt = next == '}' || is_followed_by_key (walk, end);

  if (qk_salvage_is_entry (entry))
    return !in_doubt || !qk_salvage_has_foreign_key (entry);
  return walk->opened && !in_doubt && (next == ',' || next == ']') &&
         qk_entry_has_field (entry, QK_FIELD_MESSAGE) &&
         is_preceded_by (walk, walk->position, ",[");
}

static gboolean
take_entry (Walk *walk)
{
  gsize start = walk->position;
  QkEntry entry;

  if (!scan_object (walk, start, &entry) || !is_entry_here (walk, &entry, walk->resume) ||
      !qk_salvage_add_entry (walk->self, start, walk->resume - start, walk->list))
    return FALSE;
  walk->position = walk->resume;
  walk->messages = walk->messages || qk_entry_has_field (&entry, QK_FIELD_MESSAGE);
  return TRUE;
}

/* The next brace, from @at on, behind which a key can begin. */
static gsize
find_object (const Walk *walk, gsize at)
{
  while (at < walk->length)
    {
      const char *brace = memchr (walk->text + at, '{', walk->length - at);

      if (brace == NULL)
        break;
      at = (gsize) (brace - walk->text);
      if (peek (walk, at + 1) == '"')
        return at;
      at = skip_space (walk, at + 1);
    }
  return walk->length;
}

/* Whether the object at @at can only be an entry, though it is not known in what it stands. */
static gboolean
is_entry_anywhere (const Walk *walk, const QkEntry *entry, gsize at)
{
  if (!qk_salvage_is_entry (entry))
    return FALSE;
  if (qk_entry_has_field (entry, QK_FIELD_MESSAGE))
    return !is_preceded_by (walk, at, ":");
  return !walk->messages && is_preceded_by (walk, at, ",[]}");
}

/* The thread is lost at @start: takes it up at the next object, from @from on, that can only be an
 * entry. */
static void
lose_thread (Walk *walk, gsize start, gsize from)
{
  gsize at = find_object (walk, from);
  QkEntry entry;

  while (at < walk->length)
    {
      if (scan_object (walk, at, &entry) && is_entry_anywhere (walk, &entry, at))
        break;
      at = find_object (walk, walk->resume);
    }
  walk->list++;
  add_left_over (walk, start, at);
  walk->list++;
  walk->position = at;
  walk->regained = walk->self->parts->len;
}

/* The list in which the thread was taken up ends as one inside an entry does: what was found in it
 * were no entries of the queue. Returns whether that was so. */
static gboolean
leave_nested_list (Walk *walk)
{
  GArray *parts = walk->self->parts;
  gsize after = walk->position + 1;
  gsize start;

  if (walk->regained == NO_PART || walk->regained == 0 || walk->regained >= parts->len ||
      walk->wrapped || !(peek (walk, after) == '}' || is_followed_by_key (walk, after)))
    return FALSE;
  start = g_array_index (parts, QkSalvagePart, walk->regained - 1).offset;
  g_array_set_size (parts, walk->regained - 1);
  lose_thread (walk, start, after);
  return TRUE;
}

static void
open_list (Walk *walk)
{
  walk->position++;
  walk->opened = TRUE;
  walk->list++;
  walk->regained = NO_PART;
}

static void
close_list (Walk *walk)
{
  if (leave_nested_list (walk))
    return;
  walk->position++;
  walk->opened = FALSE;
  walk->list++;
  walk->regained = NO_PART;
  if (walk->wrapped && peek (walk, walk->position) == '}')
    {
      walk->position = skip_space (walk, walk->position) + 1;
      walk->wrapped = FALSE;
    }
}

/* Goes past `{"entries": [`. What the wrapper holds before is left over. */
static gboolean
open_wrapper (Walk *walk)
{
  QkScan scan = {.text = walk->text, .length = walk->length, .position = walk->position};

  if (walk->opened || !qk_scan_char (&scan, '{'))
    return FALSE;
  do
    {
      gsize key, end;

      qk_scan_space (&scan);
      key = scan.position;
      if (!qk_scan_string (&scan))
        return FALSE;
      end = scan.position;
      qk_scan_space (&scan);
      if (!qk_scan_char (&scan, ':'))
        return FALSE;
      qk_scan_space (&scan);
      if ((qk_json_key_equal (walk->text + key, end - key, "entries") ||
           qk_json_key_equal (walk->text + key, end - key, "pending_pushes")) &&
          scan.position < scan.length && scan.text[scan.position] == '[')
        {
          add_left_over (walk, skip_space (walk, walk->position + 1), key);
          walk->position = scan.position;
          walk->wrapped = TRUE;
          open_list (walk);
          return TRUE;
        }
      if (!qk_scan_value (&scan, ENTRY_DEPTH))
        return FALSE;
      qk_scan_space (&scan);
    }
  while (qk_scan_char (&scan, ','));
  return FALSE;
}

/* Goes past what stands between entries. */
static gboolean
skip_structure (Walk *walk)
{
  char c = walk->text[walk->position];
  gsize padding = count_padding (walk);

  if (padding > 0)
    {
      add_bytes (walk, QK_SALVAGE_PADDING, walk->position, walk->position + padding);
      walk->position += padding;
    }
  else if (is_space (c) || c == ',')
    walk->position++;
  else if (c == '[')
    open_list (walk);
  else if (c == ']')
    close_list (walk);
  else
    return open_wrapper (walk);
  return TRUE;
}

/* Fills in the parts of a damaged source. */
void
qk_salvage_walk (QkSalvageSource *self)
{
  Walk walk = {.self = self, .regained = NO_PART};

  walk.text = g_bytes_get_data (self->mended, &walk.length);
  while (walk.position < walk.length)
    {
      if (self->parts->len >= QK_DOCUMENT_MAX_ENTRIES)
        {
          add_left_over (&walk, walk.position, walk.length);
          return;
        }
      if (skip_structure (&walk))
        continue;
      if (walk.text[walk.position] != '{')
        lose_thread (&walk, walk.position, walk.position);
      else if (!take_entry (&walk))
        lose_thread (&walk, walk.position, walk.resume);
    }
}
