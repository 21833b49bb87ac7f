#include "qk-diff-view.h"

#include "qk-text-diff.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>

/* So many lines are shown around a change; of a change, so many lines and bytes of a line in all. */
#define CONTEXT   2
#define MAX_ROWS  300
#define MAX_BYTES 8192

struct _QkDiffView {
  AdwBin parent_instance;

  GtkListBox *rows;
  char *before; /* owned, nullable */
  char *after;  /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (QkDiffView, qk_diff_view, ADW_TYPE_BIN)

static void
add_row (QkDiffView *self, GtkWidget *label, const char *style, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_list_box_append (self->rows, row);
}

/* Appends a part of a line, safe to show, and marks it. */
static void
append_part (GString *out,
             PangoAttrList *attributes,
             const char *text,
             gsize length,
             QkTextDiffKind kind)
{
  g_autofree char *part = g_strndup (text, length);
  g_autofree char *safe = qk_text_reveal_line (part);
  guint start = (guint) out->len;

  g_string_append (out, safe);
  if (attributes != NULL)
    {
      gboolean added = kind == QK_TEXT_DIFF_ADDED;
      PangoAttribute *marks[] = {
          added ? pango_attr_background_new (0x2626, 0xa2a2, 0x6969)
                : pango_attr_background_new (0xe0e0, 0x1b1b, 0x2424),
          pango_attr_background_alpha_new (0x5555), pango_attr_weight_new (PANGO_WEIGHT_BOLD),
          pango_attr_underline_new (added ? PANGO_UNDERLINE_SINGLE : PANGO_UNDERLINE_NONE)};

      for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
        {
          marks[i]->start_index = start;
          marks[i]->end_index = (guint) out->len;
          pango_attr_list_insert (attributes, marks[i]);
        }
    }
}

/* Not within a character. */
static gsize
limit (const char *text, gsize length)
{
  if (length <= MAX_BYTES)
    return length;
  return (gsize) (g_utf8_find_prev_char (text, text + MAX_BYTES) - text);
}

static void
add_line (QkDiffView *self, const QkTextDiff *diff, const QkTextDiffLine *line)
{
  static const char *const signs[] = {"  ", "− ", "+ "};
  static const char *const styles[] = {"same", "removed", "added"};
  const char *text = (line->kind == QK_TEXT_DIFF_ADDED ? self->after : self->before) + line->start;
  g_autoptr (GString) out = g_string_new (signs[line->kind]);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *name = NULL;
  gsize at = 0, length = limit (text, line->length);
  GtkWidget *label;

  for (guint i = 0; i < line->n_marks; i++)
    {
      const QkTextDiffMark *mark = &g_array_index (diff->marks, QkTextDiffMark, line->marks + i);

      if (mark->start + mark->length > length)
        break;
      append_part (out, NULL, text + at, mark->start - at, line->kind);
      append_part (out, attributes, text + mark->start, mark->length, line->kind);
      at = mark->start + mark->length;
    }
  append_part (out, NULL, text + at, length - at, line->kind);
  if (length < line->length)
    g_string_append (out, "…");
  label = gtk_label_new (out->str);
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  name = line->kind == QK_TEXT_DIFF_ADDED     ? g_strdup_printf (_ ("Added: %s"), out->str + 2)
         : line->kind == QK_TEXT_DIFF_REMOVED ? g_strdup_printf (_ ("Removed: %s"), out->str + 4)
                                              : g_strdup_printf (_ ("Unchanged: %s"), out->str + 2);
  add_row (self, label, styles[line->kind], name);
}

static void
add_note (QkDiffView *self, const char *text)
{
  add_row (self, gtk_label_new (text), "left-out", text);
}

static gboolean
is_change (const QkTextDiff *diff, gint64 index)
{
  return index >= 0 && index < diff->lines->len &&
         g_array_index (diff->lines, QkTextDiffLine, index).kind != QK_TEXT_DIFF_SAME;
}

static gboolean
is_near_change (const QkTextDiff *diff, guint index)
{
  for (gint64 i = (gint64) index - CONTEXT; i <= (gint64) index + CONTEXT; i++)
    if (is_change (diff, i))
      return TRUE;
  return FALSE;
}

static void
add_left_out (QkDiffView *self, guint n)
{
  g_autofree char *text =
      g_strdup_printf (ngettext ("⋯ %u unchanged line", "⋯ %u unchanged lines", n), n);

  if (n > 0)
    add_note (self, text);
}

static void
clear (QkDiffView *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, row);
}

static void
show_difference (QkDiffView *self)
{
  g_autoptr (QkTextDiff) diff = qk_text_diff_new (self->before, self->after);
  guint left_out = 0, n_rows = 0;

  clear (self);
  if (diff->n_added + diff->n_removed == 0)
    {
      add_note (self, _ ("The text stays as it is."));
      return;
    }
  for (guint i = 0; i < diff->lines->len && n_rows < MAX_ROWS; i++)
    {
      if (!is_near_change (diff, i))
        {
          left_out++;
          continue;
        }
      add_left_out (self, left_out);
      left_out = 0;
      add_line (self, diff, &g_array_index (diff->lines, QkTextDiffLine, i));
      n_rows++;
    }
  add_left_out (self, left_out);
  if (n_rows == MAX_ROWS)
    add_note (self, _ ("There is more that is different; it is not shown."));
}

static void
qk_diff_view_finalize (GObject *object)
{
  g_free (QK_DIFF_VIEW (object)->before);
  g_free (QK_DIFF_VIEW (object)->after);

  G_OBJECT_CLASS (qk_diff_view_parent_class)->finalize (object);
}

static void
qk_diff_view_class_init (QkDiffViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_diff_view_finalize;
}

static void
qk_diff_view_init (QkDiffView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->rows = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->rows, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rows), "text-diff");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What changes in the text"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->rows));
  adw_bin_set_child (ADW_BIN (self), scroller);
}

/**
 * qk_diff_view_set_texts:
 * @self: a view
 * @before: a text
 * @after: what it becomes
 *
 * Shows the difference.
 */
void
qk_diff_view_set_texts (QkDiffView *self, const char *before, const char *after)
{
  g_return_if_fail (QK_IS_DIFF_VIEW (self));

  if (g_strcmp0 (self->before, before) == 0 && g_strcmp0 (self->after, after) == 0)
    return;
  g_free (self->before);
  g_free (self->after);
  self->before = g_strdup (before);
  self->after = g_strdup (after);
  show_difference (self);
}
