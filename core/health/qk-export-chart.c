#include "qk-export-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Drawn in whole units, so that no language's decimal comma gets into an SVG. */
#define WIDTH  800
#define HEIGHT 160
#define LEFT   48
#define TOP    8

/* More slices than this are thinner than a pixel: they are put together. */
#define MAX_COLUMNS 200U

#define N_SERIES 3

typedef struct {
  gint64 start;
  guint64 values[N_SERIES];
} Slice;

typedef void (*AddBucket) (Slice *slice, const QkBucket *bucket);

static void
add_errors (Slice *slice, const QkBucket *bucket)
{
  static const QkLockKind kinds[N_SERIES] = {QK_LOCK_KIND_ACCESS_DENIED, QK_LOCK_KIND_IN_USE,
                                             QK_LOCK_KIND_LOCK_HELD};

  for (guint i = 0; i < N_SERIES; i++)
    slice->values[i] += qk_figures_get_errors (&bucket->figures, kinds[i]);
}

/* Not a sum: what was there last. */
static void
add_depth (Slice *slice, const QkBucket *bucket)
{
  static const QkStatus statuses[N_SERIES] = {QK_STATUS_FAILED, QK_STATUS_PROCESSING,
                                              QK_STATUS_PENDING};

  for (guint i = 0; bucket->has_depth && i < N_SERIES; i++)
    slice->values[i] = bucket->depth[statuses[i]];
}

static GArray *
make_slices (const QkReport *report, AddBucket add)
{
  GArray *slices = g_array_new (FALSE, TRUE, sizeof (Slice));
  guint per_slice = (report->buckets->len + MAX_COLUMNS - 1) / MAX_COLUMNS;

  for (guint i = 0; i < report->buckets->len; i++)
    {
      const QkBucket *bucket = &g_array_index (report->buckets, QkBucket, i);

      if (i % per_slice == 0)
        {
          Slice slice = {.start = bucket->start};

          g_array_append_val (slices, slice);
        }
      add (&g_array_index (slices, Slice, slices->len - 1), bucket);
    }
  return slices;
}

/* 1, 2 or 5 times a power of ten. */
static guint64
round_up (guint64 value)
{
  static const guint steps[] = {1, 2, 5};
  guint64 power = 1;

  for (;; power *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
      if (steps[i] * power >= value || power > G_MAXUINT64 / 100)
        return steps[i] * power;
}

static guint64
get_highest (const GArray *slices)
{
  guint64 highest = 0;

  for (guint i = 0; i < slices->len; i++)
    {
      const Slice *slice = &g_array_index (slices, Slice, i);

      highest = MAX (highest, slice->values[0] + slice->values[1] + slice->values[2]);
    }
  return highest;
}

static void
begin_chart (GString *out, const char *title, const char *description, guint64 top)
{
  g_autofree char *safe_title = g_markup_escape_text (title, -1);
  g_autofree char *safe_description = g_markup_escape_text (description, -1);

  g_string_append_printf (out,
                          "<figure><figcaption>%s</figcaption>\n"
                          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s: %s\">\n"
                          "<title>%s: %s</title>\n",
                          safe_title, LEFT + WIDTH + 8, TOP + HEIGHT + 24, safe_title,
                          safe_description, safe_title, safe_description);
  for (guint i = 0; i <= 2; i++)
    {
      int y = TOP + HEIGHT * (2 - (int) i) / 2;

      g_string_append_printf (out,
                              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n",
                              LEFT, LEFT + WIDTH, y, y);
      if (i != 1 || top % 2 == 0)
        g_string_append_printf (
            out, "<text class=\"end\" x=\"%d\" y=\"%d\">%" G_GUINT64_FORMAT "</text>\n", LEFT - 6,
            y + 4, top * i / 2);
    }
}

static void
append_bar (GString *out,
            const char *series,
            guint column,
            guint columns,
            guint64 from,
            guint64 value,
            guint64 top)
{
  int x = LEFT + (int) (column * WIDTH / columns);
  int next = LEFT + (int) ((column + 1) * WIDTH / columns);
  int y = TOP + HEIGHT - (int) ((double) (from + value) / (double) top * HEIGHT);
  int foot = TOP + HEIGHT - (int) ((double) from / (double) top * HEIGHT);

  if (value == 0)
    return;
  /* What is there is seen, be it ever so little. */
  g_string_append_printf (out,
                          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                          series, x, MIN (y, foot - 1), MAX (next - x - 1, 1), MAX (foot - y, 1));
}

static void
append_time_axis (GString *out, const GArray *slices, gint64 end)
{
  const char *anchors[] = {"start", "middle", "end"};

  for (guint i = 0; i < G_N_ELEMENTS (anchors); i++)
    {
      const Slice *first = &g_array_index (slices, Slice, 0);
      g_autofree char *time =
          qk_export_format_local_time (first->start + (end - first->start) * i / 2);

      g_string_append_printf (out, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", anchors[i],
                              LEFT + WIDTH * (int) i / 2, TOP + HEIGHT + 18, time);
    }
}

static void
append_key (GString *out, const char *const *series, const char *const *labels)
{
  g_string_append (out, "</svg>\n<p class=\"key\">");
  for (guint i = 0; i < N_SERIES; i++)
    {
      g_autofree char *label = g_markup_escape_text (labels[i], -1);

      g_string_append_printf (out, "<span class=\"%s\"></span>%s ", series[i], label);
    }
  g_string_append (out, "</p></figure>\n");
}

static void
append_chart (GString *out,
              const QkReport *report,
              AddBucket add,
              const char *title,
              const char *const *series,
              const char *const *labels)
{
  g_autoptr (GArray) slices = make_slices (report, add);
  guint64 highest = get_highest (slices), top = round_up (MAX (highest, 1));
  g_autofree char *description = g_strdup_printf (_ ("at most %" PRIu64 " at a time"), highest);

  if (slices->len == 0)
    return;
  begin_chart (out, title, description, top);
  for (guint i = 0; i < slices->len; i++)
    {
      const Slice *slice = &g_array_index (slices, Slice, i);
      guint64 from = 0;

      for (guint j = 0; j < N_SERIES; j++)
        {
          append_bar (out, series[j], i, slices->len, from, slice->values[j], top);
          from += slice->values[j];
        }
    }
  append_time_axis (out, slices, report->to);
  append_key (out, series, labels);
}

void
qk_export_append_chart_of_errors (GString *out, const QkReport *report)
{
  static const char *const series[] = {"s1", "s2", "s3"};
  const char *const labels[] = {qk_lock_kind_get_label (QK_LOCK_KIND_ACCESS_DENIED),
                                qk_lock_kind_get_label (QK_LOCK_KIND_IN_USE),
                                qk_lock_kind_get_label (QK_LOCK_KIND_LOCK_HELD)};

  append_chart (out, report, add_errors, _ ("Lock errors"), series, labels);
}

void
qk_export_append_chart_of_depth (GString *out, const QkReport *report)
{
  static const char *const series[] = {"s1", "s2", "s3"};
  const char *const labels[] = {qk_status_get_label (QK_STATUS_FAILED),
                                qk_status_get_label (QK_STATUS_PROCESSING),
                                qk_status_get_label (QK_STATUS_PENDING)};
  gboolean known = FALSE;

  for (guint i = 0; i < report->buckets->len; i++)
    known |= g_array_index (report->buckets, QkBucket, i).has_depth;
  if (known)
    append_chart (out, report, add_depth, _ ("Messages that are not delivered"), series, labels);
}

void
qk_export_append_chart_of_attempts (GString *out, const QkReport *report)
{
  const guint64 *attempts = report->total.attempts;
  guint last = QK_REPORT_MAX_ATTEMPTS;
  g_autofree char *description = NULL;
  guint64 most = 1;

  while (last > 8 && attempts[last] == 0)
    last--;
  for (guint i = 1; i <= last; i++)
    most = MAX (most, attempts[i]);
  description = g_strdup_printf (_ ("at most %u attempts"), report->total.worst_attempts);
  begin_chart (out, _ ("Saves by attempts"), description, round_up (most));
  for (guint i = 1; i <= last; i++)
    {
      append_bar (out, "s3", i - 1, last, 0, attempts[i], round_up (most));
      g_string_append_printf (out, "<text class=\"middle\" x=\"%d\" y=\"%d\">%u%s</text>\n",
                              LEFT + (int) ((2 * i - 1) * WIDTH / last / 2), TOP + HEIGHT + 18, i,
                              i == QK_REPORT_MAX_ATTEMPTS ? "+" : "");
    }
  g_string_append (out, "</svg></figure>\n");
}
