#include "qk-text-diff.h"

#include <string.h>

/* After so many differences no more are looked for: the memory that this takes is their square. */
#define MAX_EDITS 600
/* Lines that have less than this part of their text in common are shown as all different. */
#define MIN_COMMON 0.3

/* A piece of a text that is compared as a whole: a line, or a word. */
typedef struct {
  const char *text; /* not owned */
  gsize length;
  guint hash;
} Token;

/* Tokens from @old_start on, up to @old_end, became those from @new_start on, up to @new_end. */
typedef struct {
  guint old_start;
  guint old_end;
  guint new_start;
  guint new_end;
} Hunk;

static void
add_token (GArray *tokens, const char *text, gsize length)
{
  Token token = {text, length, 5381};

  for (gsize i = 0; i < length; i++)
    token.hash = token.hash * 33 + (guchar) text[i];
  g_array_append_val (tokens, token);
}

static GArray *
split_lines (const char *text)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  const char *end;

  for (; (end = strchr (text, '\n')) != NULL; text = end + 1)
    add_token (tokens, text, (gsize) (end - text));
  add_token (tokens, text, strlen (text));
  return tokens;
}

/* What belongs together: letters and digits, white space; anything else stands alone. */
static guint
get_class (gunichar c)
{
  if (g_unichar_isalnum (c) || c == '_')
    return 1;
  return g_unichar_isspace (c) ? 2 : 0;
}

/* A mark, such as an accent that is a character of its own, goes with what it stands on. */
static const char *
find_word_end (const char *text, const char *end)
{
  guint first = get_class (g_utf8_get_char (text));

  for (text = g_utf8_next_char (text); text < end; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_ismark (c) && !g_unichar_iszerowidth (c) &&
          (first == 0 || get_class (c) != first))
        break;
    }
  return text;
}

/* The words of the lines from @start up to @end; no word goes beyond its line. */
static GArray *
split_words (const GArray *lines, guint start, guint end)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  for (guint i = start; i < end; i++)
    {
      const Token *line = &g_array_index (lines, Token, i);
      const char *next, *stop = line->text + line->length;

      if (i > start)
        add_token (tokens, "\n", 1);
      for (const char *p = line->text; p < stop; p = next)
        {
          next = find_word_end (p, stop);
          add_token (tokens, p, (gsize) (next - p));
        }
    }
  return tokens;
}

static gboolean
same_token (const GArray *old, guint i, const GArray *new, guint j)
{
  const Token *a = &g_array_index (old, Token, i), *b = &g_array_index (new, Token, j);

  return a->hash == b->hash && a->length == b->length && memcmp (a->text, b->text, a->length) == 0;
}

/* The farthest that is reached on each diagonal with d edits, for each d: Myers' O(ND) difference. */
typedef struct {
  const GArray *old, *new; /* not owned */
  Hunk range;              /* what is compared */
  GPtrArray *rows;         /* owned, of int[2 d + 3] */
} Search;

static int
get_reach (const Search *self, int d, int k)
{
  const int *row = g_ptr_array_index (self->rows, (guint) d);

  return row[k + d + 1];
}

/* With the d-th edit on diagonal @k: is it an insertion? Else it is a deletion. */
static gboolean
comes_down (const Search *self, int d, int k)
{
  return k == -d || (k != d && get_reach (self, d - 1, k - 1) < get_reach (self, d - 1, k + 1));
}

/* Returns whether the end is reached with @d edits. */
static gboolean
advance (Search *self, int d)
{
  int n = (int) (self->range.old_end - self->range.old_start);
  int m = (int) (self->range.new_end - self->range.new_start);
  int *row = g_new (int, (gsize) (2 * d + 3));

  g_ptr_array_add (self->rows, row);
  row[0] = row[2 * d + 2] = -1;
  for (int k = -d; k <= d; k++)
    row[k + d + 1] = -1;
  for (int k = -d; k <= d; k += 2)
    {
      int x = 0;

      if (d > 0)
        x = comes_down (self, d, k) ? get_reach (self, d - 1, k + 1)
                                    : get_reach (self, d - 1, k - 1) + 1;
      while (x < n && x - k < m && x - k >= 0 && x >= 0 &&
             same_token (self->old, self->range.old_start + (guint) x, self->new,
                         self->range.new_start + (guint) (x - k)))
        x++;
      row[k + d + 1] = x;
      if (x >= n && x - k >= m)
        return TRUE;
    }
  return FALSE;
}

/* One more edit, going backwards: it joins the hunk that it touches. */
static void
add_edit (GArray *hunks, guint old_start, guint old_end, guint new_start, guint new_end)
{
  Hunk hunk = {old_start, old_end, new_start, new_end};
  Hunk *last = hunks->len > 0 ? &g_array_index (hunks, Hunk, hunks->len - 1) : NULL;

  if (last != NULL && last->old_start == old_end && last->new_start == new_end)
    {
      last->old_start = old_start;
      last->new_start = new_start;
    }
  else
    g_array_append_val (hunks, hunk);
}

/* Goes back over the @d edits that have led to the end. */
static void
trace_back (const Search *self, int d, GArray *hunks)
{
  int x = (int) (self->range.old_end - self->range.old_start);
  int y = (int) (self->range.new_end - self->range.new_start);

  for (; d > 0; d--)
    {
      int k = x - y;
      gboolean down = comes_down (self, d, k);

      x = get_reach (self, d - 1, down ? k + 1 : k - 1);
      y = x - (down ? k + 1 : k - 1);
      add_edit (hunks, self->range.old_start + (guint) x,
                self->range.old_start + (guint) (down ? x : x + 1),
                self->range.new_start + (guint) y,
                self->range.new_start + (guint) (down ? y + 1 : y));
    }
}

static void
reverse (GArray *hunks)
{
  for (guint i = 0; i < hunks->len / 2; i++)
    {
      Hunk *a = &g_array_index (hunks, Hunk, i);
      Hunk *b = &g_array_index (hunks, Hunk, hunks->len - 1 - i), swapped = *a;

      *a = *b;
      *b = swapped;
    }
}

/* What is the same at both ends is left out first: mostly that is nearly all. */
static Hunk
trim (const GArray *old, const GArray *new)
{
  Hunk range = {0, old->len, 0, new->len};

  while (range.old_start < range.old_end && range.new_start < range.new_end &&
         same_token (old, range.old_start, new, range.new_start))
    range.old_start++, range.new_start++;
  while (range.old_start < range.old_end && range.new_start < range.new_end &&
         same_token (old, range.old_end - 1, new, range.new_end - 1))
    range.old_end--, range.new_end--;
  return range;
}

/* In their order. */
static GArray *
find_hunks (const GArray *old, const GArray *new)
{
  GArray *hunks = g_array_new (FALSE, FALSE, sizeof (Hunk));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  Search search = {old, new, trim (old, new), rows};
  gboolean found = FALSE;
  int d = 0;

  for (; !found && d <= MAX_EDITS; d++)
    found = advance (&search, d);
  if (found)
    trace_back (&search, d - 1, hunks);
  else
    g_array_append_val (hunks, search.range);
  reverse (hunks);
  return hunks;
}

static gsize
count_bytes (const GArray *tokens, guint start, guint end)
{
  gsize n = 0;

  for (guint i = start; i < end; i++)
    n += g_array_index (tokens, Token, i).length;
  return n;
}

static void
add_line (QkTextDiff *self, QkTextDiffKind kind, const char *text, const Token *token)
{
  QkTextDiffLine line = {kind, (gsize) (token->text - text), token->length, self->marks->len, 0};

  g_array_append_val (self->lines, line);
}

/* Whether nothing but white space stands between two words. */
static gboolean
is_blank (const GArray *words, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    {
      const char *text = g_array_index (words, Token, i).text;

      if (*text == '\n' || get_class (g_utf8_get_char (text)) != 2)
        return FALSE;
    }
  return TRUE;
}

/* Words that change one after the other are one mark, with the space between them. */
static void
join_words (GArray *hunks, const GArray *old, const GArray *new)
{
  guint n = 0;

  for (guint i = 0; i < hunks->len; i++)
    {
      const Hunk hunk = g_array_index (hunks, Hunk, i);
      Hunk *last = n > 0 ? &g_array_index (hunks, Hunk, n - 1) : NULL;

      if (last != NULL && is_blank (old, last->old_end, hunk.old_start) &&
          is_blank (new, last->new_end, hunk.new_start))
        {
          last->old_end = hunk.old_end;
          last->new_end = hunk.new_end;
        }
      else
        g_array_index (hunks, Hunk, n++) = hunk;
    }
  g_array_set_size (hunks, n);
}

static void
add_mark (QkTextDiff *self, guint line, gsize start, gsize end)
{
  QkTextDiffMark mark = {start, end - start};

  if (start == end)
    return;
  g_array_append_val (self->marks, mark);
  g_array_index (self->lines, QkTextDiffLine, line).n_marks++;
}

/* Marks what is different, from @line on; a mark ends with its line. */
static void
mark_words (QkTextDiff *self, guint line, const GArray *words, const gboolean *different)
{
  gsize at = 0, from = 0;

  g_array_index (self->lines, QkTextDiffLine, line).marks = self->marks->len;
  for (guint i = 0; i < words->len; i++)
    {
      const Token *word = &g_array_index (words, Token, i);
      gboolean breaks = *word->text == '\n';

      if (breaks || !different[i])
        add_mark (self, line, from, at);
      at = breaks ? 0 : at + word->length;
      if (breaks || !different[i])
        from = at;
      if (breaks)
        g_array_index (self->lines, QkTextDiffLine, ++line).marks = self->marks->len;
    }
  add_mark (self, line, from, at);
}

static void
set_range (gboolean *different, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    different[i] = TRUE;
}

static void
mark_lines (QkTextDiff *self, const Hunk *hunk, const GArray *old, const GArray *new)
{
  g_autoptr (GArray) old_words = split_words (old, hunk->old_start, hunk->old_end);
  g_autoptr (GArray) new_words = split_words (new, hunk->new_start, hunk->new_end);
  g_autoptr (GArray) hunks = find_hunks (old_words, new_words);
  guint first_new = self->lines->len - (hunk->new_end - hunk->new_start);
  guint first_old = first_new - (hunk->old_end - hunk->old_start);
  g_autofree gboolean *old_different = g_new0 (gboolean, old_words->len + 1);
  g_autofree gboolean *new_different = g_new0 (gboolean, new_words->len + 1);
  gsize total =
      count_bytes (old_words, 0, old_words->len) + count_bytes (new_words, 0, new_words->len);
  gsize different = 0;

  join_words (hunks, old_words, new_words);
  for (guint i = 0; i < hunks->len; i++)
    {
      const Hunk *words = &g_array_index (hunks, Hunk, i);

      set_range (old_different, words->old_start, words->old_end);
      set_range (new_different, words->new_start, words->new_end);
      different += count_bytes (old_words, words->old_start, words->old_end) +
                   count_bytes (new_words, words->new_start, words->new_end);
    }
  if ((double) (total - different) < MIN_COMMON * (double) total)
    return;
  mark_words (self, first_old, old_words, old_different);
  mark_words (self, first_new, new_words, new_different);
}

static void
add_hunk (QkTextDiff *self,
          const Hunk *hunk,
          const char *before,
          const GArray *old,
          const char *after,
          const GArray *new)
{
  for (guint i = hunk->old_start; i < hunk->old_end; i++)
    add_line (self, QK_TEXT_DIFF_REMOVED, before, &g_array_index (old, Token, i));
  for (guint i = hunk->new_start; i < hunk->new_end; i++)
    add_line (self, QK_TEXT_DIFF_ADDED, after, &g_array_index (new, Token, i));
  self->n_removed += hunk->old_end - hunk->old_start;
  self->n_added += hunk->new_end - hunk->new_start;
  if (hunk->old_start < hunk->old_end && hunk->new_start < hunk->new_end)
    mark_lines (self, hunk, old, new);
}

/**
 * qk_text_diff_new: (skip)
 * @before: a text, of UTF-8
 * @after: another
 *
 * Returns: (transfer full): how the one became the other
 */
QkTextDiff *
qk_text_diff_new (const char *before, const char *after)
{
  QkTextDiff *self;
  g_autoptr (GArray) old = NULL, new = NULL, hunks = NULL;
  guint line = 0;

  g_return_val_if_fail (before != NULL && after != NULL, NULL);

  self = g_new0 (QkTextDiff, 1);
  self->lines = g_array_new (FALSE, FALSE, sizeof (QkTextDiffLine));
  self->marks = g_array_new (FALSE, FALSE, sizeof (QkTextDiffMark));
  old = split_lines (before);
  new = split_lines (after);
  hunks = find_hunks (old, new);
  for (guint i = 0; i < hunks->len; i++)
    {
      const Hunk *hunk = &g_array_index (hunks, Hunk, i);

      for (; line < hunk->old_start; line++)
        add_line (self, QK_TEXT_DIFF_SAME, before, &g_array_index (old, Token, line));
      add_hunk (self, hunk, before, old, after, new);
      line = hunk->old_end;
    }
  for (; line < old->len; line++)
    add_line (self, QK_TEXT_DIFF_SAME, before, &g_array_index (old, Token, line));
  return self;
}

/**
 * qk_text_diff_free: (skip)
 * @self: (transfer full): a difference
 *
 * Frees it.
 */
void
qk_text_diff_free (QkTextDiff *self)
{
  g_array_unref (self->lines);
  g_array_unref (self->marks);
  g_free (self);
}
