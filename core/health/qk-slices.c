#include "qk-slices.h"

/* Events come in the order of their time, but for a clock that is set. */
#define LOOK_BACK 8

static gint64
get_offset (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_get_utc_offset (local) : 0;
}

/**
 * qk_slice_align:
 * @time: a time, in microseconds since the Unix epoch
 * @width: of spans, in microseconds
 *
 * Returns: when the span begins in which @time is
 */
gint64
qk_slice_align (gint64 time, gint64 width)
{
  gint64 local = time + get_offset (time), rest = local % width;

  return time - (rest < 0 ? rest + width : rest);
}

/**
 * qk_slices_new:
 *
 * Returns: (transfer full) (element-type QkSlice): no spans
 */
GArray *
qk_slices_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (QkSlice));
}

/**
 * qk_slices_get:
 * @slices: (element-type QkSlice): spans
 * @time: a time
 * @width: of a span
 *
 * Returns: (transfer none): the figures of that span; until the next call
 */
QkFigures *
qk_slices_get (GArray *slices, gint64 time, gint64 width)
{
  QkSlice slice = {.start = qk_slice_align (time, width), .width = width};

  for (guint i = slices->len; i > 0 && i + LOOK_BACK > slices->len; i--)
    {
      QkSlice *last = &g_array_index (slices, QkSlice, i - 1);

      if (last->start == slice.start && last->width == width)
        return &last->figures;
    }
  g_array_append_val (slices, slice);
  return &g_array_index (slices, QkSlice, slices->len - 1).figures;
}

static gint64
get_width (const QkSlice *slice, gint64 now)
{
  if (slice->start >= now - QK_SLICES_MINUTES_KEPT)
    return slice->width;
  if (slice->start >= now - QK_SLICES_HOURS_KEPT)
    return MAX (slice->width, QK_SLICE_HOUR);
  return QK_SLICE_DAY;
}

/**
 * qk_slices_age:
 * @slices: (element-type QkSlice): spans
 * @now: the present
 *
 * Merges those that are old into wider ones.
 */
void
qk_slices_age (GArray *slices, gint64 now)
{
  g_autoptr (GArray) aged = qk_slices_new ();

  for (guint i = 0; i < slices->len; i++)
    {
      const QkSlice *slice = &g_array_index (slices, QkSlice, i);

      qk_figures_add (qk_slices_get (aged, slice->start, get_width (slice, now)), &slice->figures);
    }
  g_array_set_size (slices, 0);
  g_array_append_vals (slices, aged->data, aged->len);
}
