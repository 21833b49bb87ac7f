#include "qk-salvage-source-row.h"

#include "qk-salvage-words.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>

static GtkWidget *
append_label (GtkWidget *box, const char *text, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0F, NULL);

  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* No more than two lines: the whole is in the tooltip. */
static void
wrap (GtkWidget *label)
{
  g_object_set (label, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "lines", 2, "ellipsize",
                PANGO_ELLIPSIZE_END, NULL);
}

/**
 * qk_salvage_source_row_new:
 * @salvage: a result
 * @source: which of its files, from 0
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
qk_salvage_source_row_new (const QkSalvage *salvage, guint source)
{
  QkSalvageSource *found = qk_salvage_get_source (salvage, source);
  const char *problem = qk_salvage_source_get_problem (found);
  g_autofree char *name = qk_text_reveal_line (qk_salvage_source_get_name (found));
  g_autofree char *counts = qk_salvage_words_counts (salvage, source);
  g_autofree char *state =
      problem != NULL ? g_strdup_printf (_ ("damaged: %s"), problem) : g_strdup (_ ("not damaged"));
  g_autofree char *shown = qk_text_reveal_line (state);
  g_autofree char *label = g_strdup_printf ("%s: %s, %s", name, counts, shown);
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line;

  gtk_widget_add_css_class (box, "source");
  line = append_label (box, name, "heading");
  /* What tells backups apart is at the end of their names. */
  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_START);
  wrap (append_label (box, counts, "caption"));
  line = append_label (box, shown, "caption");
  gtk_widget_add_css_class (line, "dim-label");
  wrap (line);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return row;
}
