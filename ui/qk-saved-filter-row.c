#include "qk-saved-filter-row.h"

#include "qk-text.h"

#include <glib/gi18n-lib.h>

struct _QkSavedFilterRow {
  GtkListBoxRow parent_instance;

  GtkLabel *title; /* owned by the widget */
  GtkLabel *count; /* owned by the widget */
  char *name;      /* owned */
  char *text;      /* owned */
};

G_DEFINE_FINAL_TYPE (QkSavedFilterRow, qk_saved_filter_row, GTK_TYPE_LIST_BOX_ROW)

static void
qk_saved_filter_row_finalize (GObject *object)
{
  QkSavedFilterRow *self = QK_SAVED_FILTER_ROW (object);

  g_free (self->name);
  g_free (self->text);

  G_OBJECT_CLASS (qk_saved_filter_row_parent_class)->finalize (object);
}

static void
qk_saved_filter_row_class_init (QkSavedFilterRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_saved_filter_row_finalize;
}

static void
qk_saved_filter_row_init (QkSavedFilterRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "heading");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->count));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
}

static void
set_accessible_name (QkSavedFilterRow *self, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * qk_saved_filter_row_new:
 * @name: the name of a saved filter
 * @text: the text form of its query
 * @problem: (nullable): why it cannot be used
 *
 * Returns: (transfer floating): a row for it, without a number
 */
GtkWidget *
qk_saved_filter_row_new (const char *name, const char *text, const char *problem)
{
  QkSavedFilterRow *self = g_object_new (QK_TYPE_SAVED_FILTER_ROW, NULL);
  g_autofree char *title = qk_text_reveal_line (name);
  g_autofree char *tooltip = qk_text_reveal_line (problem != NULL ? problem : text);

  self->name = g_strdup (name);
  self->text = g_strdup (text);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  set_accessible_name (self, title);
  if (problem != NULL)
    {
      gtk_label_set_text (self->count, "!");
      gtk_widget_add_css_class (GTK_WIDGET (self), "unknown");
    }
  return GTK_WIDGET (self);
}

/**
 * qk_saved_filter_row_get_name:
 * @self: a row
 *
 * Returns: (transfer none): the name of its filter
 */
const char *
qk_saved_filter_row_get_name (QkSavedFilterRow *self)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTER_ROW (self), NULL);

  return self->name;
}

/**
 * qk_saved_filter_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none): the text form of its query
 */
const char *
qk_saved_filter_row_get_text (QkSavedFilterRow *self)
{
  g_return_val_if_fail (QK_IS_SAVED_FILTER_ROW (self), NULL);

  return self->text;
}

/**
 * qk_saved_filter_row_set_count:
 * @self: a row
 * @n_messages: how many messages the filter finds
 *
 * Sets its number. None is shown for none, as in the rows of recipients.
 */
void
qk_saved_filter_row_set_count (QkSavedFilterRow *self, guint n_messages)
{
  g_autofree char *count = NULL, *name = NULL;

  g_return_if_fail (QK_IS_SAVED_FILTER_ROW (self));

  count = n_messages > 0 ? g_strdup_printf ("%u", n_messages) : g_strdup ("");
  if (g_str_equal (gtk_label_get_text (self->count), count))
    return;
  gtk_label_set_text (self->count, count);
  /* Translators: the name of a saved filter, and how many messages it finds. */
  name = g_strdup_printf (ngettext ("%s: %u message", "%s: %u messages", n_messages),
                          gtk_label_get_text (self->title), n_messages);
  set_accessible_name (self, name);
}

/**
 * qk_saved_filter_row_set_active:
 * @self: a row
 * @active: whether the list shows what the filter finds
 *
 * Marks the row or not.
 */
void
qk_saved_filter_row_set_active (QkSavedFilterRow *self, gboolean active)
{
  g_return_if_fail (QK_IS_SAVED_FILTER_ROW (self));

  if (active)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, active, -1);
}
