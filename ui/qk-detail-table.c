#include "qk-detail-table.h"

struct _QkDetailTable {
  AdwBin parent_instance;

  GtkGrid *grid;
  GPtrArray *keys;   /* owned, element-type GtkLabel, borrowed */
  GPtrArray *values; /* owned, element-type GtkLabel, borrowed */
  guint size;        /* rows that are shown, or filled so far */
  int key_chars;
};

G_DEFINE_FINAL_TYPE (QkDetailTable, qk_detail_table, ADW_TYPE_BIN)

/* A hyphen that is not in the queue would be one too many. */
static void
forbid_hyphens (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

static void
add_row (QkDetailTable *self)
{
  GtkWidget *key = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "yalign", 0.0F, "wrap", TRUE,
                                 "wrap-mode", PANGO_WRAP_WORD_CHAR, "width-chars", self->key_chars,
                                 "max-width-chars", self->key_chars, NULL);
  GtkWidget *value =
      g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "yalign", 0.0F, "wrap", TRUE, "wrap-mode",
                    PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "hexpand", TRUE, NULL);
  int row = (int) self->keys->len;

  gtk_widget_add_css_class (key, "dim-label");
  forbid_hyphens (GTK_LABEL (key));
  forbid_hyphens (GTK_LABEL (value));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, key,
                                  NULL, -1);
  gtk_grid_attach (self->grid, key, 0, row, 1, 1);
  gtk_grid_attach (self->grid, value, 1, row, 1, 1);
  g_ptr_array_add (self->keys, key);
  g_ptr_array_add (self->values, value);
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
qk_detail_table_finalize (GObject *object)
{
  QkDetailTable *self = QK_DETAIL_TABLE (object);

  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->values);

  G_OBJECT_CLASS (qk_detail_table_parent_class)->finalize (object);
}

static void
qk_detail_table_class_init (QkDetailTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_detail_table_finalize;
}

static void
qk_detail_table_init (QkDetailTable *self)
{
  self->keys = g_ptr_array_new ();
  self->values = g_ptr_array_new ();
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 12);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

/**
 * qk_detail_table_new:
 * @key_chars: how wide the keys are, in characters
 *
 * Returns: (transfer none): an empty table
 */
GtkWidget *
qk_detail_table_new (guint key_chars)
{
  QkDetailTable *self = g_object_new (QK_TYPE_DETAIL_TABLE, NULL);

  self->key_chars = (int) key_chars;
  return GTK_WIDGET (self);
}

/**
 * qk_detail_table_begin:
 * @self: a table
 *
 * Begins to fill it anew.
 */
void
qk_detail_table_begin (QkDetailTable *self)
{
  g_return_if_fail (QK_IS_DETAIL_TABLE (self));

  self->size = 0;
}

/**
 * qk_detail_table_add:
 * @self: a table
 * @key: what it is
 * @value: (nullable): what it says; nothing is added where that is %NULL or empty
 * @data: whether it is an id or such
 *
 * Fills the next row.
 */
void
qk_detail_table_add (QkDetailTable *self, const char *key, const char *value, gboolean data)
{
  GtkWidget *label;

  g_return_if_fail (QK_IS_DETAIL_TABLE (self));
  g_return_if_fail (key != NULL);

  if (value == NULL || *value == '\0')
    return;
  if (self->size == self->keys->len)
    add_row (self);
  label = self->values->pdata[self->size];
  set_text (self->keys->pdata[self->size], key);
  set_text (GTK_LABEL (label), value);
  if (data)
    gtk_widget_add_css_class (label, "data");
  else
    gtk_widget_remove_css_class (label, "data");
  gtk_widget_set_visible (self->keys->pdata[self->size], TRUE);
  gtk_widget_set_visible (label, TRUE);
  self->size++;
}

/**
 * qk_detail_table_attach:
 * @self: a table
 * @widget: a widget
 *
 * Puts @widget beside the first row.
 */
void
qk_detail_table_attach (QkDetailTable *self, GtkWidget *widget)
{
  g_return_if_fail (QK_IS_DETAIL_TABLE (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_grid_attach (self->grid, widget, 2, 0, 1, 1);
}

/**
 * qk_detail_table_end:
 * @self: a table
 *
 * There are no more rows.
 */
void
qk_detail_table_end (QkDetailTable *self)
{
  g_return_if_fail (QK_IS_DETAIL_TABLE (self));

  for (guint i = self->size; i < self->keys->len; i++)
    {
      gtk_widget_set_visible (self->keys->pdata[i], FALSE);
      gtk_widget_set_visible (self->values->pdata[i], FALSE);
    }
}

/**
 * qk_detail_table_get_value:
 * @self: a table
 * @key: a key
 *
 * Returns: (transfer none) (nullable): what it says of that
 */
const char *
qk_detail_table_get_value (QkDetailTable *self, const char *key)
{
  g_return_val_if_fail (QK_IS_DETAIL_TABLE (self) && key != NULL, NULL);

  for (guint i = 0; i < self->size; i++)
    if (g_str_equal (gtk_label_get_text (self->keys->pdata[i]), key))
      return gtk_label_get_text (self->values->pdata[i]);
  return NULL;
}
