#include "qk-fuzz-mutate.h"

#include "qk-fuzz-seeds.h"

#include <string.h>

/* The mutations of a run without libFuzzer. */

#define MAX_SIZE   8192
#define MAX_SCRIPT 40

static guint
below (GRand *rand, guint limit)
{
  return limit > 1 ? (guint) g_rand_int_range (rand, 0, (gint32) limit) : 0;
}

/* Small numbers are the more likely ones, as counts and places. */
static void
append_script (GByteArray *input, GRand *rand)
{
  for (guint n = below (rand, MAX_SCRIPT); n > 0; n--)
    {
      guint8 byte = (guint8) below (rand, below (rand, 4) == 0 ? 256 : 8);

      g_byte_array_append (input, &byte, 1);
    }
}

static void
replace (GByteArray *input, guint at, guint length, gconstpointer data, guint size)
{
  guint rest_size = input->len - at - length;
  g_autofree guint8 *rest = g_memdup2 (input->data + at + length, rest_size);

  g_byte_array_set_size (input, at);
  g_byte_array_append (input, data, size);
  g_byte_array_append (input, rest, rest_size);
}

/* One step: a byte, a token, or a piece of this input or of another. */
static void
mutate_once (GByteArray *input, const QkFuzzSeed *other, GRand *rand)
{
  guint n_tokens, at = below (rand, input->len + 1);
  guint longest = 1 + below (rand, 200);
  guint length = below (rand, MIN (input->len - at, longest) + 1);
  const char *const *tokens = qk_fuzz_tokens (&n_tokens);
  const char *token = tokens[below (rand, n_tokens)];
  guint8 byte = (guint8) below (rand, 256);
  gsize other_size;
  const guint8 *other_data = g_bytes_get_data (other->bytes, &other_size);
  guint from = below (rand, (guint) other_size + 1);
  g_autofree guint8 *piece = g_memdup2 (input->data + at, length);

  switch (below (rand, 8))
    {
    case 0:
      replace (input, at, MIN (1, input->len - at), &byte, 1);
      break;
    case 1:
      replace (input, at, 0, &byte, 1);
      break;
    case 2:
      replace (input, at, length, NULL, 0);
      break;
    case 3:
      replace (input, at, 0, token, (guint) strlen (token));
      break;
    case 4:
      replace (input, at, MIN ((guint) strlen (token), input->len - at), token,
               (guint) strlen (token));
      break;
    case 5:
      replace (input, below (rand, input->len + 1), 0, piece, length);
      break;
    case 6:
      replace (input, at, length, other_data + from, below (rand, (guint) other_size - from + 1));
      break;
    default:
      if (below (rand, 4) == 0)
        g_byte_array_set_size (input, at);
    }
  if (input->len > MAX_SIZE)
    g_byte_array_set_size (input, MAX_SIZE);
}

/**
 * qk_fuzz_mutate:
 * @seeds: (element-type QkFuzzSeed): seeds
 * @kind: of which kind they are
 * @rand: what decides
 *
 * Returns: (transfer full): one of them, with a few things changed
 */
GByteArray *
qk_fuzz_mutate (GPtrArray *seeds, int kind, GRand *rand)
{
  const QkFuzzSeed *seed = g_ptr_array_index (seeds, below (rand, seeds->len));
  GByteArray *input = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (seed->bytes, &size);

  g_byte_array_append (input, data, (guint) size);
  /* A sound queue that something is done with, as often as one that is not sound. */
  if (kind != QK_FUZZ_TEXTS_WITH_SCRIPTS || below (rand, 2) == 0)
    for (guint n = 1 + below (rand, 4); n > 0; n--)
      mutate_once (input, g_ptr_array_index (seeds, below (rand, seeds->len)), rand);
  if (kind == QK_FUZZ_TEXTS_WITH_SCRIPTS && below (rand, 4) > 0)
    {
      const guint8 *end = memchr (input->data, QK_FUZZ_SCRIPT, input->len);

      if (end != NULL)
        g_byte_array_set_size (input, (guint) (end - input->data));
      g_byte_array_append (input, (const guint8 *) "", 1);
      append_script (input, rand);
    }
  return input;
}
