#include "qk-health-codec.h"

#include <string.h>

/* Places: never to be changed. */
enum {
  PLACE_ERRORS = 0, /* 32 of each operation */
  PLACE_WINERRORS = 64,
  PLACE_RETRIES = 68,
  PLACE_ATTEMPTS = 72,
  PLACE_SAVES = 104,
  PLACE_SAVES_RETRIED,
  PLACE_SAVES_FAILED,
  PLACE_WORST_ATTEMPTS,
  PLACE_TOTAL_ATTEMPTS,
  PLACE_WAITED,
  PLACE_WORST_WAIT,
  PLACE_ELAPSED,
  PLACE_WORST_ELAPSED,
  PLACE_N_ELAPSED,
  PLACE_CONFLICTS,
  PLACE_OVERWRITES,
  N_PLACES,
};
#define ERRORS_OF_OPERATION 32
G_STATIC_ASSERT (QK_N_LOCK_KINDS <= ERRORS_OF_OPERATION);
G_STATIC_ASSERT (QK_REPORT_MAX_ATTEMPTS < PLACE_SAVES - PLACE_ATTEMPTS);

/**
 * qk_varint_append:
 * @bytes: where to
 * @value: a number
 *
 * Writes it.
 */
void
qk_varint_append (GByteArray *bytes, guint64 value)
{
  guint8 byte;

  for (; value >= 0x80; value >>= 7)
    {
      byte = (guint8) (value | 0x80);
      g_byte_array_append (bytes, &byte, 1);
    }
  byte = (guint8) value;
  g_byte_array_append (bytes, &byte, 1);
}

/**
 * qk_varint_read:
 * @data: (inout): where from; what follows the number is put there
 * @end: where the bytes end
 * @value: (out): the number
 *
 * Returns: whether there was one
 */
gboolean
qk_varint_read (const guint8 **data, const guint8 *end, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; *data < end && shift < 64; shift += 7)
    {
      guint8 byte = *(*data)++;

      *value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
get_values (const QkFigures *self, guint64 values[N_PLACES])
{
  for (guint operation = 0; operation < G_N_ELEMENTS (self->errors); operation++)
    for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
      values[PLACE_ERRORS + operation * ERRORS_OF_OPERATION + kind] = self->errors[operation][kind];
  for (guint i = 0; i < G_N_ELEMENTS (self->winerrors); i++)
    values[PLACE_WINERRORS + i] = self->winerrors[i];
  for (guint i = 0; i < G_N_ELEMENTS (self->retries); i++)
    values[PLACE_RETRIES + i] = self->retries[i];
  for (guint i = 0; i < G_N_ELEMENTS (self->attempts); i++)
    values[PLACE_ATTEMPTS + i] = self->attempts[i];
  values[PLACE_SAVES] = self->saves;
  values[PLACE_SAVES_RETRIED] = self->saves_retried;
  values[PLACE_SAVES_FAILED] = self->saves_failed;
  values[PLACE_WORST_ATTEMPTS] = self->worst_attempts;
  values[PLACE_TOTAL_ATTEMPTS] = self->total_attempts;
  values[PLACE_WAITED] = (guint64) self->waited;
  values[PLACE_WORST_WAIT] = (guint64) self->worst_wait;
  values[PLACE_ELAPSED] = (guint64) self->elapsed;
  values[PLACE_WORST_ELAPSED] = (guint64) self->worst_elapsed;
  values[PLACE_N_ELAPSED] = self->n_elapsed;
  values[PLACE_CONFLICTS] = self->conflicts;
  values[PLACE_OVERWRITES] = self->overwrites;
}

static void
set_values (QkFigures *self, const guint64 values[N_PLACES])
{
  for (guint operation = 0; operation < G_N_ELEMENTS (self->errors); operation++)
    for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
      self->errors[operation][kind] = values[PLACE_ERRORS + operation * ERRORS_OF_OPERATION + kind];
  for (guint i = 0; i < G_N_ELEMENTS (self->winerrors); i++)
    self->winerrors[i] = values[PLACE_WINERRORS + i];
  for (guint i = 0; i < G_N_ELEMENTS (self->retries); i++)
    self->retries[i] = values[PLACE_RETRIES + i];
  for (guint i = 0; i < G_N_ELEMENTS (self->attempts); i++)
    self->attempts[i] = values[PLACE_ATTEMPTS + i];
  self->saves = values[PLACE_SAVES];
  self->saves_retried = values[PLACE_SAVES_RETRIED];
  self->saves_failed = values[PLACE_SAVES_FAILED];
  self->worst_attempts = (guint) values[PLACE_WORST_ATTEMPTS];
  self->total_attempts = values[PLACE_TOTAL_ATTEMPTS];
  self->waited = (gint64) values[PLACE_WAITED];
  self->worst_wait = (gint64) values[PLACE_WORST_WAIT];
  self->elapsed = (gint64) values[PLACE_ELAPSED];
  self->worst_elapsed = (gint64) values[PLACE_WORST_ELAPSED];
  self->n_elapsed = values[PLACE_N_ELAPSED];
  self->conflicts = values[PLACE_CONFLICTS];
  self->overwrites = values[PLACE_OVERWRITES];
}

/**
 * qk_figures_encode:
 * @self: some figures
 *
 * Returns: (transfer full): their bytes
 */
GByteArray *
qk_figures_encode (const QkFigures *self)
{
  GByteArray *bytes = g_byte_array_new ();
  guint64 values[N_PLACES] = {0};

  get_values (self, values);
  for (guint place = 0; place < N_PLACES; place++)
    if (values[place] != 0)
      {
        qk_varint_append (bytes, place);
        qk_varint_append (bytes, values[place]);
      }
  return bytes;
}

/**
 * qk_figures_decode:
 * @self: (out caller-allocates): the figures
 * @data: their bytes
 * @size: how many
 *
 * Reads what was written by qk_figures_encode(), of this version or of another.
 */
void
qk_figures_decode (QkFigures *self, gconstpointer data, gsize size)
{
  guint64 values[N_PLACES] = {0}, place, value;
  const guint8 *at = data, *end = at + size;

  while (at < end && qk_varint_read (&at, end, &place) && qk_varint_read (&at, end, &value))
    if (place < N_PLACES)
      values[place] = value;
  memset (self, 0, sizeof *self);
  set_values (self, values);
}
