#include "qk-filter-chips.h"

#include <glib/gi18n-lib.h>

#define MAX_WIDTH_CHARS 32

struct _QkFilterChips {
  AdwBin parent_instance;

  GtkWidget *box;   /* owned by the widget */
  QkFilter *filter; /* owned */
};

G_DEFINE_FINAL_TYPE (QkFilterChips, qk_filter_chips, ADW_TYPE_BIN)

enum { SIGNAL_REMOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a chip stands for. */
typedef struct {
  QkFilterChips *chips; /* borrowed */
  char *value;          /* owned */
  QkFacet facet;
} Chip;

static void
chip_free (gpointer data, GClosure *closure)
{
  Chip *chip = data;

  g_free (chip->value);
  g_free (chip);
}

static void
clicked_cb (GtkButton *button, Chip *chip)
{
  g_autofree char *value = g_strdup (chip->value);

  /* The chip goes meanwhile. */
  g_signal_emit (chip->chips, signals[SIGNAL_REMOVED], 0, (guint) chip->facet, value);
}

static void
add_chip (QkFilterChips *self, QkFacet facet, const char *value)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *icon = gtk_image_new_from_icon_name ("window-close-symbolic");
  g_autofree char *name = qk_facet_dup_value_label (facet, value);
  g_autofree char *text = g_strdup_printf ("%s: %s", qk_facet_get_label (facet), name);
  g_autofree char *tooltip = g_strdup_printf (_ ("Remove the filter “%s”"), text);
  GtkWidget *label = gtk_label_new (text);
  Chip *chip = g_new0 (Chip, 1);

  *chip = (Chip){.chips = self, .facet = facet, .value = g_strdup (value)};
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_WIDTH_CHARS);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 12);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_add_css_class (button, "active");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (clicked_cb), chip, chip_free, 0);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
qk_filter_chips_finalize (GObject *object)
{
  g_clear_pointer (&QK_FILTER_CHIPS (object)->filter, qk_filter_unref);

  G_OBJECT_CLASS (qk_filter_chips_parent_class)->finalize (object);
}

static void
qk_filter_chips_class_init (QkFilterChipsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_filter_chips_finalize;

  /**
   * QkFilterChips::removed:
   * @facet: a #QkFacet
   * @value: a value of it
   *
   * The operator wants to ask for that value no more.
   */
  signals[SIGNAL_REMOVED] =
      g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
qk_filter_chips_init (QkFilterChips *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->filter = qk_filter_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filters that are on"), -1);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * qk_filter_chips_set_filter:
 * @self: the chips
 * @filter: what is asked for now
 *
 * Shows a chip for each value that @filter asks for.
 */
void
qk_filter_chips_set_filter (QkFilterChips *self, QkFilter *filter)
{
  GtkWidget *child;

  g_return_if_fail (QK_IS_FILTER_CHIPS (self));
  g_return_if_fail (filter != NULL);

  (void) qk_filter_ref (filter);
  qk_filter_unref (self->filter);
  self->filter = filter;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (guint facet = 0; facet < QK_N_FACETS; facet++)
    for (const char *const *value = qk_filter_get_values (filter, (QkFacet) facet); *value != NULL;
         value++)
      add_chip (self, (QkFacet) facet, *value);
  gtk_widget_set_visible (GTK_WIDGET (self), qk_filter_has_facets (filter));
}
