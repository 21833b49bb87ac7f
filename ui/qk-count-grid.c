#include "qk-count-grid.h"

#include <glib/gi18n-lib.h>

struct _QkCountGrid {
  AdwBin parent_instance;

  GtkBox *box;   /* owned by the widget */
  GtkGrid *grid; /* of the last group */
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
                                   "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_grid_attach (self->grid, label, column, self->n_rows, width, 1);
  return GTK_LABEL (label);
}

/* Returns the label of the text. */
static GtkLabel *
add_row (QkCountGrid *self, const char *name, const char *text, gboolean is_number)
{
  GtkLabel *key = add_label (self, 0, 1, name, 0.0F);
  GtkLabel *value = add_label (self, 1, 1, text, 1.0F);

  /* Else the height is measured for a width of one character. */
  gtk_label_set_width_chars (key, is_number ? 22 : 7);
  gtk_label_set_width_chars (value, is_number ? -1 : 22);
  gtk_label_set_wrap (value, !is_number);
  gtk_label_set_justify (value, GTK_JUSTIFY_RIGHT);
  gtk_widget_set_hexpand (GTK_WIDGET (key), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (value), "numeric");
  self->n_rows++;
  return value;
}

/* A group of its own, so that a long text in one leaves the names in another their room. */
static void
add_group (QkCountGrid *self)
{
  self->grid = g_object_new (GTK_TYPE_GRID, "row-spacing", 3, "column-spacing", 12, NULL);
  self->n_rows = 0;
  gtk_box_append (self->box, GTK_WIDGET (self->grid));
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

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  add_group (self);
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

  if (self->n_rows > 0)
    add_group (self);
  label = add_label (self, 0, 2, title, 0.0F);
  gtk_label_set_width_chars (label, 22);
  gtk_widget_add_css_class (GTK_WIDGET (label), "heading");
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
      (void) add_row (self, name, text, TRUE);
      return;
    }
  if (self->n_rest == 0)
    self->rest = add_row (self, _ ("All others"), "", TRUE);
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

  (void) add_row (self, name, text, FALSE);
}
