#include "qk-said.h"

#include "qk-text.h"

#include <string.h>

#define START_CHARS 128

/* A text as it is compared: as it is spelled if there is only one way to spell it. */
typedef struct {
  const char *data;
  gsize length;
  char *made; /* owned, nullable */
} Text;

static void
text_clear (Text *text)
{
  g_free (text->made);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

/* What can be spelled otherwise: "\u00e4" as a character, "\/" without the backslash. */
static gboolean
is_ambiguous (const char *json, gsize length)
{
  const char *end = json + length;

  for (const char *p = json; (p = memchr (p, '\\', (gsize) (end - p))) != NULL; p += 2)
    if (p[1] == 'u' || p[1] == '/')
      return TRUE;
  return FALSE;
}

static void
read_text (Text *text, const QkEntry *entry, QkField field)
{
  text->data = qk_entry_get_field_json (entry, field, &text->length);
  text->made = NULL;
  if (is_ambiguous (text->data, text->length))
    {
      g_autofree char *decoded = qk_json_decode (text->data, text->length, NULL);
      GString *json = g_string_sized_new (text->length);

      qk_json_append_quoted (json, decoded);
      text->length = json->len;
      text->data = text->made = g_string_free (json, FALSE);
    }
}

static guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash << 31 | hash >> 33;
}

/* Four words at a time, none of which waits for the one before it. */
static guint64
hash_text (guint64 hash, const char *data, gsize length)
{
  guint64 lanes[4] = {hash, ~hash, length, 0}, words[4] = {0};

  for (; length >= sizeof words; data += sizeof words, length -= sizeof words)
    {
      memcpy (words, data, sizeof words);
      for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
        lanes[i] = mix (lanes[i], words[i]);
    }
  memset (words, 0, sizeof words);
  memcpy (words, data, length);
  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    hash = mix (hash, mix (lanes[i], words[i]));
  return hash;
}

/* Whether the field is a text, and not the empty one. */
gboolean
qk_said_is_text (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);

  return json != NULL && *json == '"' && length > 2;
}

/* A hash of the text in a field; 0 where there is none. */
guint64
qk_said_hash_field (const QkEntry *entry, QkField field)
{
  g_auto (Text) text = {NULL};

  if (!qk_said_is_text (entry, field))
    return 0;
  read_text (&text, entry, field);
  return hash_text (0, text.data, text.length);
}

/* A hash of how the text in a field begins, for telling many apart quickly: of its first letters and
 * digits, as every program spells them in the same way. */
guint64
qk_said_hash_start (const QkEntry *entry, QkField field)
{
  char start[START_CHARS];
  gsize length, n = 0;
  const char *p = qk_entry_get_field_json (entry, field, &length), *end = p + length;

  while (p < end && n < sizeof start)
    {
      if (*p == '\\')
        p += p[1] == 'u' ? 6 : 2;
      else
        {
          if (g_ascii_isalnum (*p))
            start[n++] = *p;
          p++;
        }
    }
  return hash_text (0, start, n);
}

/* Whether two fields hold the same text, however each is spelled; where there is none, both have none. */
gboolean
qk_said_is_same_text (const QkEntry *a, QkField field_a, const QkEntry *b, QkField field_b)
{
  g_auto (Text) text_a = {NULL}, text_b = {NULL};

  if (!qk_said_is_text (a, field_a) || !qk_said_is_text (b, field_b))
    return qk_said_is_text (a, field_a) == qk_said_is_text (b, field_b);
  read_text (&text_a, a, field_a);
  read_text (&text_b, b, field_b);
  return text_a.length == text_b.length && memcmp (text_a.data, text_b.data, text_a.length) == 0;
}

/* A hash of the sender and the content; both must be texts. */
guint64
qk_said_hash (const QkEntry *entry)
{
  g_auto (Text) sender = {NULL}, content = {NULL};

  read_text (&sender, entry, QK_FIELD_SENDER);
  read_text (&content, entry, QK_FIELD_CONTENT);
  return hash_text (hash_text (0, sender.data, sender.length), content.data, content.length);
}

static gboolean
is_same_spelling (const QkEntry *a, const QkEntry *b, QkField field)
{
  gsize length_a, length_b;
  const char *json_a = qk_entry_get_field_json (a, field, &length_a);
  const char *json_b = qk_entry_get_field_json (b, field, &length_b);

  return length_a == length_b && memcmp (json_a, json_b, length_a) == 0;
}

static int
compare_field (const QkEntry *a, const QkEntry *b, QkField field)
{
  g_auto (Text) text_a = {NULL}, text_b = {NULL};

  if (is_same_spelling (a, b, field))
    return 0;
  read_text (&text_a, a, field);
  read_text (&text_b, b, field);
  if (text_a.length != text_b.length)
    return text_a.length < text_b.length ? -1 : 1;
  return memcmp (text_a.data, text_b.data, text_a.length);
}

/* An order of what is said; 0 where both say the same. The senders and contents must be texts. */
int
qk_said_compare (const QkEntry *a, const QkEntry *b)
{
  int order = compare_field (a, b, QK_FIELD_SENDER);

  return order != 0 ? order : compare_field (a, b, QK_FIELD_CONTENT);
}
