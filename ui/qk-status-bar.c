#include "qk-status-bar.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BAR_WIDTH   64
#define BAR_HEIGHT  4
#define MIN_SEGMENT 3.0F

struct _QkStatusBar {
  GtkWidget parent_instance;

  guint counts[QK_N_STATUSES];
};

G_DEFINE_FINAL_TYPE (QkStatusBar, qk_status_bar, GTK_TYPE_WIDGET)

/* From left to right; the colours are libadwaita's named ones, so they follow light and dark. */
static const struct {
  QkStatus status;
  const char *color;
  float alpha;
} segments[] = {
    {QK_STATUS_PENDING, "window_fg_color", 0.45F},
    {QK_STATUS_PROCESSING, "accent_bg_color", 1.0F},
    {QK_STATUS_DELIVERED, "success_bg_color", 1.0F},
    {QK_STATUS_EXPIRED, "window_fg_color", 0.2F},
    {QK_STATUS_UNKNOWN, "window_fg_color", 0.2F},
    {QK_STATUS_FAILED, "error_bg_color", 1.0F},
};

static guint
get_total (QkStatusBar *self)
{
  guint total = 0;

  for (guint i = 0; i < QK_N_STATUSES; i++)
    total += self->counts[i];
  return total;
}

static void
get_color (QkStatusBar *self, const char *name, float alpha, GdkRGBA *color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  if (!gtk_style_context_lookup_color (context, name, color))
    gtk_style_context_get_color (context, color);
  color->alpha *= alpha;
}

/* Every status that occurs gets at least a sliver: one failed among a thousand must be seen. */
static void
get_widths (QkStatusBar *self, float width, float widths[G_N_ELEMENTS (segments)])
{
  float total = (float) get_total (self), spare = width, weight = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (segments); i++)
    {
      float share = width * (float) self->counts[segments[i].status] / total;

      widths[i] = share > 0 ? MAX (share, MIN_SEGMENT) : 0;
      if (widths[i] > share)
        spare -= widths[i];
      else
        weight += share;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (segments); i++)
    if (widths[i] > MIN_SEGMENT && weight > 0)
      widths[i] *= spare / weight;
}

static void
qk_status_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  QkStatusBar *self = QK_STATUS_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float widths[G_N_ELEMENTS (segments)], x = 0;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect outline;

  if (get_total (self) == 0)
    return;
  get_widths (self, width, widths);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  for (gsize i = 0; i < G_N_ELEMENTS (segments); i++)
    {
      GdkRGBA color;

      if (widths[i] <= 0)
        continue;
      get_color (self, segments[i].color, segments[i].alpha, &color);
      gtk_snapshot_append_color (
          snapshot, &color,
          &GRAPHENE_RECT_INIT (mirrored ? width - x - widths[i] : x, 0, widths[i], height));
      x += widths[i];
    }
  gtk_snapshot_pop (snapshot);
}

static void
qk_status_bar_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? BAR_WIDTH : BAR_HEIGHT;
}

static void
qk_status_bar_class_init (QkStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = qk_status_bar_snapshot;
  widget_class->measure = qk_status_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "statuses");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
qk_status_bar_init (QkStatusBar *self)
{
}

/**
 * qk_status_bar_set_counts:
 * @self: a bar
 * @counts: (array fixed-size=6): how many messages have each #QkStatus
 *
 * Sets what the bar shows.
 *
 * Returns: whether that is something else than before
 */
gboolean
qk_status_bar_set_counts (QkStatusBar *self, const guint counts[QK_N_STATUSES])
{
  g_autofree char *description = NULL;

  g_return_val_if_fail (QK_IS_STATUS_BAR (self), FALSE);

  if (memcmp (self->counts, counts, sizeof self->counts) == 0)
    return FALSE;
  memcpy (self->counts, counts, sizeof self->counts);
  description = qk_status_bar_dup_description (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

/**
 * qk_status_bar_dup_description:
 * @self: a bar
 *
 * Returns: (transfer full): it in words: `3 pending, 1 failed`
 */
char *
qk_status_bar_dup_description (QkStatusBar *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (QK_IS_STATUS_BAR (self), NULL);

  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (self->counts[i] > 0)
      {
        g_autofree char *part = qk_words_status_count ((QkStatus) i, self->counts[i]);

        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
      }
  return g_strdup (text->len > 0 ? text->str : _ ("no messages"));
}
