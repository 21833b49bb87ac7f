#include "qk-count-grid.h"

#include <glib/gi18n-lib.h>

struct _QkCountGrid {
  AdwBin parent_instance;

  GtkGrid *grid;
  int n_rows;
  guint n_names; /* under the last title */
  guint n_rest;  /* summed up in the last row */
  GtkLabel *rest;
};

G_DEFINE_FINAL_TYPE (QkCountGrid, qk_count_grid, ADW_TYPE_BIN)

static void
qk_count_grid_class_init (QkCountGridClass *klass)
{
}

static void
qk_count_grid_init (QkCountGrid *self)
{
  qk_count_grid_clear (self);
}

/* A hyphen that is not in a name would be one too many. */
static GtkLabel *
add_label (QkCountGrid *self, int column, int width, const char *text, float xalign)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", xalign, "yalign", 0.0F,
                                   "wrap", column == 0, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  /* Else the height is measured for a width of one character. */
  if (column == 0)
    gtk_label_set_width_chars (GTK_LABEL (label), 22);
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_grid_attach (self->grid, label, column, self->n_rows, width, 1);
  return GTK_LABEL (label);
}

/* Returns the label of the text. */
static GtkLabel *
add_row (QkCountGrid *self, const char *name, const char *text)
{
  GtkLabel *value;

  gtk_widget_set_hexpand (GTK_WIDGET (add_label (self, 0, 1, name, 0.0F)), TRUE);
  value = add_label (self, 1, 1, text, 1.0F);
  gtk_widget_add_css_class (GTK_WIDGET (value), "numeric");
  self->n_rows++;
  return value;
}

/**
 * qk_count_grid_clear:
 * @self: a grid
 *
 * Takes out everything.
 */
void
qk_count_grid_clear (QkCountGrid *self)
{
  g_return_if_fail (QK_IS_COUNT_GRID (self));

  self->grid = g_object_new (GTK_TYPE_GRID, "row-spacing", 3, "column-spacing", 18, NULL);
  self->n_rows = 0;
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

/**
 * qk_count_grid_add_title:
 * @self: a grid
 * @title: what follows
 *
 * Begins a group.
 */
void
qk_count_grid_add_title (QkCountGrid *self, const char *title)
{
  GtkLabel *label;

  g_return_if_fail (QK_IS_COUNT_GRID (self));

  label = add_label (self, 0, 2, title, 0.0F);
  gtk_widget_add_css_class (GTK_WIDGET (label), "heading");
  if (self->n_rows > 0)
    gtk_widget_set_margin_top (GTK_WIDGET (label), 9);
  self->n_rows++;
  self->n_names = 0;
  self->n_rest = 0;
}

/**
 * qk_count_grid_add:
 * @self: a grid
 * @name: a name, safe to be shown
 * @n: how many there are of it
 *
 * Adds it to the group.
 */
void
qk_count_grid_add (QkCountGrid *self, const char *name, guint n)
{
  g_autofree char *text = NULL;

  g_return_if_fail (QK_IS_COUNT_GRID (self));

  self->n_names++;
  if (self->n_names <= QK_COUNT_GRID_MAX)
    {
      text = g_strdup_printf ("%u", n);
      (void) add_row (self, name, text);
      return;
    }
  if (self->n_rest == 0)
    self->rest = add_row (self, _ ("All others"), "");
  self->n_rest += n;
  text = g_strdup_printf ("%u", self->n_rest);
  gtk_label_set_text (self->rest, text);
}

/**
 * qk_count_grid_add_text:
 * @self: a grid
 * @name: a name, safe to be shown
 * @text: what there is to say of it, safe to be shown
 *
 * Adds it to the group.
 */
void
qk_count_grid_add_text (QkCountGrid *self, const char *name, const char *text)
{
  g_return_if_fail (QK_IS_COUNT_GRID (self));

  (void) add_row (self, name, text);
}
