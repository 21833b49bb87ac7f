#include "qk-search.h"

#include "qk-text.h"

#include <string.h>

typedef struct {
  char *text;   /* owned: case-folded */
  gsize length; /* in bytes */
  gsize rare;   /* its rarest letter: the scan goes from one to the next of these */
  gboolean raw; /* ASCII that may stand for itself in JSON */
  gboolean ascii;
} Word;

struct _QkSearch {
  gatomicrefcount refs;
  char *text;    /* owned: as it was given */
  GArray *words; /* owned, of Word */
};

/* The cheap ones first. */
static const QkField fields[] = {QK_FIELD_RECIPIENT, QK_FIELD_SENDER, QK_FIELD_ID,
                                 QK_FIELD_LAST_ERROR, QK_FIELD_CONTENT};

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->text);
}

/* How often a letter occurs, roughly; digits and marks are rarer than most. */
static gsize
get_frequency (char c)
{
  static const char by_frequency[] = "zqjxkvbywgpfmucdlhrsinoate";
  const char *place = strchr (by_frequency, c);

  return place != NULL ? 4 + (gsize) (place - by_frequency) : 3;
}

static Word
word_new (const char *text, gsize length)
{
  g_autofree char *own = g_strndup (text, length);
  Word word = {.text = qk_text_fold_case (own)};

  word.length = strlen (word.text);
  word.ascii = g_str_is_ascii (word.text);
  word.raw = word.ascii;
  for (gsize i = 0; i < word.length; i++)
    {
      char c = word.text[i];

      if ((guchar) c < 0x20 || c == '"' || c == '\\')
        word.raw = FALSE;
      if (get_frequency (c) < get_frequency (word.text[word.rare]))
        word.rare = i;
    }
  return word;
}

/**
 * qk_search_new:
 * @text: words, with white space between them
 *
 * Returns: (transfer full): a search for these words; it finds everything where there are none
 */
QkSearch *
qk_search_new (const char *text)
{
  QkSearch *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new (QkSearch, 1);
  self->text = g_utf8_make_valid (text, -1);
  g_atomic_ref_count_init (&self->refs);
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (self->words, word_clear);
  for (const char *p = self->text, *start; *p != '\0';)
    {
      Word word;

      while (g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      for (start = p; *p != '\0' && !g_unichar_isspace (g_utf8_get_char (p));)
        p = g_utf8_next_char (p);
      if (p == start)
        break;
      word = word_new (start, (gsize) (p - start));
      g_array_append_val (self->words, word);
    }
  return self;
}

/**
 * qk_search_ref:
 * @self: a search
 *
 * Returns: (transfer full): @self
 */
QkSearch *
qk_search_ref (QkSearch *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_search_unref:
 * @self: (transfer full): a search
 *
 * Gives up a reference.
 */
void
qk_search_unref (QkSearch *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->words);
  g_free (self->text);
  g_free (self);
}

/**
 * qk_search_get_text:
 * @self: a search
 *
 * Returns: (transfer none): its words as they were given
 */
const char *
qk_search_get_text (const QkSearch *self)
{
  return self->text;
}

/**
 * qk_search_is_empty:
 * @self: a search
 *
 * Returns: whether there is no word in it
 */
gboolean
qk_search_is_empty (const QkSearch *self)
{
  return self->words->len == 0;
}

static const Word *
get_word (const QkSearch *self, guint i)
{
  return &g_array_index (self->words, Word, i);
}

/**
 * qk_search_equal:
 * @a: a search
 * @b: a search
 *
 * Returns: whether both look for the same words, in the same order
 */
gboolean
qk_search_equal (const QkSearch *a, const QkSearch *b)
{
  if (a->words->len != b->words->len)
    return FALSE;
  for (guint i = 0; i < a->words->len; i++)
    if (strcmp (get_word (a, i)->text, get_word (b, i)->text) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_at (const Word *word, const char *text)
{
  for (gsize i = 0; i < word->length; i++)
    if (g_ascii_tolower (text[i]) != word->text[i])
      return FALSE;
  return TRUE;
}

static const char *
next_of (char c, const char *start, const char *end)
{
  const char *found = start < end ? memchr (start, c, (gsize) (end - start)) : NULL;

  return found != NULL ? found : end;
}

/* The first place in [@start, @end) where the bytes read as @word. */
static const char *
find_raw (const Word *word, const char *start, const char *end)
{
  char lower = word->text[word->rare], upper = g_ascii_toupper (lower);
  const char *first, *last, *at_lower, *at_upper;

  if ((gsize) (end - start) < word->length)
    return NULL;
  first = start + word->rare;
  last = end - (word->length - word->rare) + 1;
  at_lower = next_of (lower, first, last);
  at_upper = upper != lower ? next_of (upper, first, last) : last;
  while (at_lower < last || at_upper < last)
    {
      const char *at = MIN (at_lower, at_upper);

      if (is_at (word, at - word->rare))
        return at - word->rare;
      if (at == at_lower)
        at_lower = next_of (lower, at + 1, last);
      else
        at_upper = next_of (upper, at + 1, last);
    }
  return NULL;
}

/* Whether an odd number of backslashes ends at @p. */
static gboolean
is_escaped (const char *start, const char *p)
{
  const char *first = p;

  while (first > start && first[-1] == '\\')
    first--;
  return (p - first) % 2 == 1;
}

/* Whether @p is the second or a later character of an escape. */
static gboolean
is_in_escape (const char *start, const char *p)
{
  if (is_escaped (start, p))
    return TRUE;
  for (guint i = 1; i <= 4 && p - start > (gssize) i; i++)
    if (p[-(gssize) i] == 'u' && is_escaped (start, p - i))
      return TRUE;
  return FALSE;
}

/* All letters beyond ASCII that have an ASCII letter in them when folded. */
static gboolean
folds_to_ascii (gunichar c)
{
  return c == 0xdf || c == 0x130 || c == 0x149 || c == 0x17f || c == 0x1f0 ||
         (c >= 0x1e96 && c <= 0x1e9a) || c == 0x1e9e || c == 0x212a || (c >= 0xfb00 && c <= 0xfb06);
}

static const char *
next_non_ascii (const char *p, const char *end)
{
  guint64 word;

  for (; (gsize) (end - p) >= sizeof word; p += sizeof word)
    {
      memcpy (&word, p, sizeof word);
      if (word & G_GUINT64_CONSTANT (0x8080808080808080))
        break;
    }
  while (p < end && (guchar) *p < 0x80)
    p++;
  return p;
}

/* Whether a character in [@start, @end) is not spelled as itself but may read as one in ASCII, as
 * far as no quotation mark or backslash is looked for. */
static gboolean
may_hide_ascii (const char *start, const char *end)
{
  for (const char *p = next_of ('\\', start, end); p < end; p = next_of ('\\', p + 2, end))
    if (p[1] == '/')
      return TRUE;
    else if (p[1] == 'u')
      {
        gunichar c = 0;

        for (guint i = 2; i < 6; i++)
          c = c * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
        if (c < 0x80 || folds_to_ascii (c))
          return TRUE;
      }
  for (const char *p = next_non_ascii (start, end); p < end;
       p = next_non_ascii (g_utf8_next_char (p), end))
    if (folds_to_ascii (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* Looks for @word in the bytes. Returns FALSE where those do not tell. */
static gboolean
look_at_bytes (const Word *word, const char *start, const char *end, gboolean *found)
{
  *found = FALSE;
  if (!word->raw)
    return next_of ('\\', start, end) == end && (word->ascii || next_non_ascii (start, end) == end);
  for (const char *p = find_raw (word, start, end); p != NULL; p = find_raw (word, p + 1, end))
    if (!is_in_escape (start, p))
      {
        *found = TRUE;
        return TRUE;
      }
  return !may_hide_ascii (start, end);
}

/* @folded: the field's text, made when it is first needed. */
static gboolean
is_in_field (const Word *word, const QkEntry *entry, QkField field, char **folded)
{
  g_autofree char *text = NULL;
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);
  gboolean found;

  if (json == NULL || *json == 'n')
    return FALSE;
  if (*folded == NULL && *json == '"' && look_at_bytes (word, json + 1, json + length - 1, &found))
    return found;
  if (*folded == NULL)
    {
      text = qk_json_decode (json, length, NULL);
      *folded = qk_text_fold_case (text);
    }
  return strstr (*folded, word->text) != NULL;
}

/**
 * qk_search_matches:
 * @self: a search
 * @entry: an entry
 *
 * Returns: whether each word is somewhere in it
 */
gboolean
qk_search_matches (const QkSearch *self, const QkEntry *entry)
{
  char *folded[G_N_ELEMENTS (fields)] = {NULL};
  gboolean matches = TRUE;

  for (guint w = 0; matches && w < self->words->len; w++)
    {
      matches = FALSE;
      for (guint f = 0; !matches && f < G_N_ELEMENTS (fields); f++)
        matches = is_in_field (get_word (self, w), entry, fields[f], &folded[f]);
    }
  for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
    g_free (folded[f]);
  return matches;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const QkSearchRange *x = a, *y = b;

  return (x->start > y->start) - (x->start < y->start);
}

/* @places: for each byte of @folded, where the character begins that it comes from. */
static void
add_ranges (GArray *ranges,
            const Word *word,
            const char *folded,
            const GArray *places,
            const char *text)
{
  for (const char *p = strstr (folded, word->text); p != NULL;
       p = strstr (p + word->length, word->text))
    {
      guint first = g_array_index (places, guint, p - folded);
      guint last = g_array_index (places, guint, (gsize) (p - folded) + word->length - 1);
      QkSearchRange range = {first, (guint) (g_utf8_next_char (text + last) - text)};

      g_array_append_val (ranges, range);
    }
}

/**
 * qk_search_find_all:
 * @self: a search
 * @text: UTF-8 text
 *
 * Returns: (transfer full) (element-type QkSearchRange): where in @text the words are, from front to
 *   back; ranges of different words may overlap
 */
GArray *
qk_search_find_all (const QkSearch *self, const char *text)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (QkSearchRange));
  g_autoptr (GArray) places = NULL;
  g_autoptr (GString) folded = NULL;

  if (qk_search_is_empty (self))
    return ranges;
  places = g_array_new (FALSE, FALSE, sizeof (guint));
  folded = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      guint place = (guint) (p - text);

      qk_text_append_folded (folded, g_utf8_get_char (p));
      while (places->len < folded->len)
        g_array_append_val (places, place);
    }
  for (guint i = 0; i < self->words->len; i++)
    add_ranges (ranges, get_word (self, i), folded->str, places, text);
  g_array_sort (ranges, compare_ranges);
  return ranges;
}
