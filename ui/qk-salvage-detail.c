#include "qk-salvage-detail.h"

#include "qk-salvage-words.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>

#define MAX_BYTES 8192

struct _QkSalvageDetail {
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkLabel *title;
  GtkLabel *how;
  GtkLabel *text;
  GtkLabel *note;
  GtkWidget *repaired_box;
  GtkLabel *repaired;
};

G_DEFINE_FINAL_TYPE (QkSalvageDetail, qk_salvage_detail, ADW_TYPE_BIN)

static void
show_title (QkSalvageDetail *self, QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *length = qk_salvage_words_bytes (part->length);
  g_autofree char *title = g_strdup_printf (
      _ ("%s: %s from byte %zu"), qk_salvage_words_kind (part->kind), length, part->offset);

  gtk_label_set_text (self->title, title);
}

static void
show_how (QkSalvageDetail *self, QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *how = part->how != NULL ? qk_text_reveal_line (part->how) : NULL;
  const char *text = "";

  if (part->entry != NULL && !qk_salvage_row_is_used (row))
    text =
        _ ("It is not used: the message is used as another file has it, or only a backup has it.");
  else if (how != NULL)
    text = how;
  else if (part->kind == QK_SALVAGE_LEFT_OVER)
    text = _ ("No message can be made of these bytes. A repair keeps them in the backup.");
  gtk_label_set_text (self->how, text);
  gtk_widget_set_visible (GTK_WIDGET (self->how), *text != '\0');
}

static void
show_text (QkSalvageDetail *self, QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *text =
      qk_salvage_source_dup_text (qk_salvage_row_get_source (row), part, MAX_BYTES);
  g_autofree char *shown = qk_text_reveal (text);
  g_autofree char *note =
      g_strdup_printf (_ ("These are the first %d of %zu bytes."), MAX_BYTES, part->length);

  gtk_label_set_text (self->text, shown);
  gtk_label_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), part->length > MAX_BYTES);
}

/* The whole of a repaired entry is needed to judge it, but no more of it than of the bytes. */
static void
show_repaired (QkSalvageDetail *self, QkSalvageRow *row)
{
  const QkSalvagePart *part = qk_salvage_row_get_part (row);
  g_autofree char *json = NULL, *valid = NULL, *shown = NULL;

  gtk_widget_set_visible (self->repaired_box, part->kind == QK_SALVAGE_REPAIRED);
  if (part->kind != QK_SALVAGE_REPAIRED)
    return;
  {
    gsize length;
    const char *start = qk_entry_get_json (part->entry, &length);

    json = g_strndup (start, MIN (length, MAX_BYTES));
  }
  valid = g_utf8_make_valid (json, -1);
  shown = qk_text_reveal (valid);
  gtk_label_set_text (self->repaired, shown);
}

static void
qk_salvage_detail_class_init (QkSalvageDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-salvage-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, scroller);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, title);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, how);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, text);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, note);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, repaired_box);
  gtk_widget_class_bind_template_child (widget_class, QkSalvageDetail, repaired);
}

static void
qk_salvage_detail_init (QkSalvageDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_salvage_detail_set_row:
 * @self: a detail
 * @row: (nullable): a piece; %NULL to show none
 *
 * Shows @row.
 */
void
qk_salvage_detail_set_row (QkSalvageDetail *self, QkSalvageRow *row)
{
  g_return_if_fail (QK_IS_SALVAGE_DETAIL (self));

  gtk_widget_set_visible (GTK_WIDGET (self), row != NULL);
  if (row == NULL)
    return;
  show_title (self, row);
  show_how (self, row);
  show_text (self, row);
  show_repaired (self, row);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}
