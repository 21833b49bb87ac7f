#include "qk-filter-row.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_WIDTH_CHARS 36

struct _QkFilterRow {
  GtkListBoxRow parent_instance;

  GtkWidget *mark; /* owned by the widget */
  char *value;     /* owned */
  char *name;      /* owned: how the row is read out */
  QkFacet facet;
};

G_DEFINE_FINAL_TYPE (QkFilterRow, qk_filter_row, GTK_TYPE_LIST_BOX_ROW)

static void
qk_filter_row_finalize (GObject *object)
{
  QkFilterRow *self = QK_FILTER_ROW (object);

  g_free (self->value);
  g_free (self->name);

  G_OBJECT_CLASS (qk_filter_row_parent_class)->finalize (object);
}

static void
qk_filter_row_class_init (QkFilterRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_filter_row_finalize;
}

static void
qk_filter_row_init (QkFilterRow *self)
{
}

/**
 * qk_filter_row_new:
 * @facet: a facet
 * @value: a value of it
 * @n_messages: how many messages have it
 *
 * Returns: (transfer floating): a row without a mark
 */
GtkWidget *
qk_filter_row_new (QkFacet facet, const char *value, guint n_messages)
{
  QkFilterRow *self = g_object_new (QK_TYPE_FILTER_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *text = qk_facet_dup_value_label (facet, value);
  g_autofree char *count = g_strdup_printf ("%u", n_messages);
  g_autofree char *messages = qk_words_count (n_messages);
  GtkWidget *label = gtk_label_new (text), *number = gtk_label_new (count);

  self->facet = facet;
  self->value = g_strdup (value);
  self->name = g_strdup_printf ("%s %s, %s", qk_facet_get_label (facet), text, messages);
  self->mark = gtk_image_new_from_icon_name ("object-select-symbolic");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_WIDTH_CHARS);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (number, "dim-label");
  gtk_box_append (GTK_BOX (box), self->mark);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), number);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  qk_filter_row_set_active (self, FALSE);
  return GTK_WIDGET (self);
}

/**
 * qk_filter_row_get_facet:
 * @self: a row
 *
 * Returns: its facet
 */
QkFacet
qk_filter_row_get_facet (QkFilterRow *self)
{
  g_return_val_if_fail (QK_IS_FILTER_ROW (self), QK_FACET_STATUS);

  return self->facet;
}

/**
 * qk_filter_row_get_value:
 * @self: a row
 *
 * Returns: (transfer none): its value
 */
const char *
qk_filter_row_get_value (QkFilterRow *self)
{
  g_return_val_if_fail (QK_IS_FILTER_ROW (self), NULL);

  return self->value;
}

/**
 * qk_filter_row_set_active:
 * @self: a row
 * @active: whether its value is asked for
 *
 * Marks the row or not.
 */
void
qk_filter_row_set_active (QkFilterRow *self, gboolean active)
{
  g_autofree char *name = NULL;

  g_return_if_fail (QK_IS_FILTER_ROW (self));

  name = active ? g_strdup_printf (_ ("%s, chosen"), self->name) : g_strdup (self->name);
  gtk_widget_set_opacity (self->mark, active ? 1 : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
