#include "qk-fuzz.h"

#include "qk-scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * qk_fuzz_fail:
 * @file: where
 * @line: where
 * @condition: what does not hold
 *
 * Says so, and aborts.
 */
void
qk_fuzz_fail (const char *file, int line, const char *condition)
{
  fprintf (stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort ();
}

/**
 * qk_fuzz_take_until:
 * @input: an input
 * @separator: a byte
 *
 * Returns: what stands before the first @separator, all where there is none; @input goes past both
 */
QkFuzzInput
qk_fuzz_take_until (QkFuzzInput *input, guint8 separator)
{
  const guint8 *end = input->size > 0 ? memchr (input->data, separator, input->size) : NULL;
  QkFuzzInput taken = *input;

  if (end == NULL)
    {
      input->data += input->size;
      input->size = 0;
      return taken;
    }
  taken.size = (gsize) (end - taken.data);
  input->data += taken.size + 1;
  input->size -= taken.size + 1;
  return taken;
}

/**
 * qk_fuzz_take_number:
 * @input: an input
 * @limit: more than 0
 *
 * Returns: a number below @limit, of the next byte, or of two where it takes them; 0 at the end
 */
guint
qk_fuzz_take_number (QkFuzzInput *input, guint limit)
{
  guint number = 0;

  for (guint i = 0; i < (limit > 256 ? 2 : 1) && input->size > 0; i++)
    {
      number = number * 256 + *input->data++;
      input->size--;
    }
  return number % limit;
}

/**
 * qk_fuzz_take_bytes:
 * @input: an input
 *
 * Returns: (transfer full): all that is left
 */
GBytes *
qk_fuzz_take_bytes (QkFuzzInput *input)
{
  return qk_fuzz_copy (input->data, input->size);
}

/**
 * qk_fuzz_copy:
 * @data: bytes
 * @size: how many
 *
 * Returns: (transfer full): a copy with nothing behind it, so that a sanitizer sees it when more is
 *   read
 */
GBytes *
qk_fuzz_copy (const void *data, gsize size)
{
  return g_bytes_new_take (g_memdup2 (data, size), size);
}

/**
 * qk_fuzz_read:
 * @bytes: a text
 *
 * Returns: (transfer full) (nullable): the queue that it is
 */
QkDocument *
qk_fuzz_read (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  QkDocument *document = qk_document_new (bytes, NULL, NULL, &error);

  QK_FUZZ_CHECK ((document == NULL) == (error != NULL));
  QK_FUZZ_CHECK (error == NULL || g_utf8_validate (error->message, -1, NULL));
  return document;
}

/**
 * qk_fuzz_plan_to_bytes:
 * @plan: a plan
 *
 * Returns: (transfer full): the next version
 */
GBytes *
qk_fuzz_plan_to_bytes (QkPlan *plan)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  guint n_segments;
  const QkSegment *segments = qk_plan_get_segments (plan, &n_segments);

  for (guint i = 0; i < n_segments; i++)
    {
      QK_FUZZ_CHECK (segments[i].size > 0);
      g_byte_array_append (text, (const guint8 *) segments[i].data, (guint) segments[i].size);
    }
  return qk_fuzz_copy (text->data, text->len);
}

static GArray *
choose_order (QkDocument *document, QkFuzzInput *script)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = qk_document_get_n_entries (document), n_steps = qk_fuzz_take_number (script, 5);

  for (guint i = 0; i < n; i++)
    g_array_append_val (order, i);
  for (; n_steps > 0 && order->len > 0; n_steps--)
    {
      guint what = qk_fuzz_take_number (script, 4);
      guint from = qk_fuzz_take_number (script, order->len);
      guint to = qk_fuzz_take_number (script, order->len);
      guint entry = g_array_index (order, guint, from);

      if (what != 1)
        g_array_remove_index (order, from);
      if (what != 0)
        g_array_insert_val (order, MIN (to, order->len), entry);
    }
  return order;
}

/* @from of the text, without what else stands there where that is not white space. */
static void
append_gap (GByteArray *text, const char *from, const char *to)
{
  for (; from < to; from++)
    if (strchr (" \t\r\n", *from) != NULL)
      g_byte_array_append (text, (const guint8 *) from, 1);
}

/**
 * qk_fuzz_rearrange:
 * @document: a queue
 * @script: what to do
 *
 * Returns: (transfer full): the queue with entries taken out, moved and repeated, each with the white
 *   space that stood before it
 */
GBytes *
qk_fuzz_rearrange (QkDocument *document, QkFuzzInput *script)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GArray) order = choose_order (document, script);
  gsize size, length;
  const char *data = g_bytes_get_data (qk_document_get_bytes (document), &size);
  const char *list = data + qk_document_get_list_start (document), *tail = list;
  guint n = qk_document_get_n_entries (document);

  g_byte_array_append (text, (const guint8 *) data, (guint) (list - data));
  for (guint i = 0; i < order->len; i++)
    {
      guint index = g_array_index (order, guint, i);
      const char *json = qk_entry_get_json (qk_document_get_entry (document, index), &length);
      const char *before = list;

      if (index > 0)
        {
          gsize before_length;

          before = qk_entry_get_json (qk_document_get_entry (document, index - 1), &before_length);
          before += before_length;
        }
      if (i > 0)
        g_byte_array_append (text, (const guint8 *) ",", 1);
      append_gap (text, before, json);
      g_byte_array_append (text, (const guint8 *) json, (guint) length);
    }
  if (n > 0)
    {
      tail = qk_entry_get_json (qk_document_get_entry (document, n - 1), &length);
      tail += length;
    }
  g_byte_array_append (text, (const guint8 *) tail, (guint) (data + size - tail));
  return qk_fuzz_copy (text->data, text->len);
}

/**
 * qk_fuzz_spoil:
 * @bytes: a text
 * @script: what to do
 *
 * Returns: (transfer full): the text with single bytes put in, taken out and replaced, and pieces
 *   repeated
 */
GBytes *
qk_fuzz_spoil (GBytes *bytes, QkFuzzInput *script)
{
  static const char letters[] = " \n,:[]{}\"\\0a9-.etnNI\xff\xc3\x80";
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GByteArray) text = g_byte_array_new ();

  g_byte_array_append (text, data, (guint) size);
  for (guint n = qk_fuzz_take_number (script, 5); n > 0 && text->len > 0; n--)
    {
      guint what = qk_fuzz_take_number (script, 4), at = qk_fuzz_take_number (script, text->len);
      guint length = qk_fuzz_take_number (script, MIN (64, text->len - at)) + 1;
      guint8 letter = (guint8) letters[qk_fuzz_take_number (script, sizeof letters - 1)];
      g_autofree guint8 *rest = g_memdup2 (text->data + at, text->len - at);
      guint rest_size = text->len - at, skip = what == 0 ? length : what == 1;

      g_byte_array_set_size (text, at);
      if (what == 3)
        g_byte_array_append (text, rest, length);
      else if (what != 0)
        g_byte_array_append (text, &letter, 1);
      g_byte_array_append (text, rest + skip, rest_size - skip);
    }
  return qk_fuzz_copy (text->data, text->len);
}

/* White space with commas, so many as are wanted. */
static void
check_gap (const char *from, const char *to, guint n_commas)
{
  QK_FUZZ_CHECK (from <= to);
  for (; from < to; from++)
    {
      QK_FUZZ_CHECK (*from != '\0' && strchr (" \t\r\n,", *from) != NULL);
      if (*from == ',')
        QK_FUZZ_CHECK (n_commas-- > 0);
    }
  QK_FUZZ_CHECK (n_commas == 0);
}

/**
 * qk_fuzz_check_document:
 * @document: a queue
 *
 * Checks that its entries are values that stand one behind the other in its list, with nothing but
 * a comma and white space between them.
 */
void
qk_fuzz_check_document (QkDocument *document)
{
  gsize size;
  const char *data = g_bytes_get_data (qk_document_get_bytes (document), &size);
  const char *at = data + qk_document_get_list_start (document), *end = data + size;

  QK_FUZZ_CHECK (at > data && at < end && at[-1] == '[');
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (qk_document_get_entry (document, i), &length);

      check_gap (at, json, i > 0);
      QK_FUZZ_CHECK (length > 0 && (gsize) (end - json) > length &&
                     strchr (" \t\r\n", *json) == NULL);
      QK_FUZZ_CHECK (qk_fuzz_json_end (json, length, QK_DOCUMENT_MAX_DEPTH - 2) == json + length);
      at = json + length;
    }
  while (at < end && strchr (" \t\r\n", *at) != NULL)
    at++;
  QK_FUZZ_CHECK (at < end && *at == ']');
}
