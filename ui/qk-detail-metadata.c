#include "qk-detail-metadata.h"

#include "qk-detail-table.h"
#include "qk-entry-members.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _QkDetailMetadata {
  AdwBin parent_instance;

  QkDetailTable *table;
  GtkWidget *note; /* a label */
};

G_DEFINE_FINAL_TYPE (QkDetailMetadata, qk_detail_metadata, ADW_TYPE_BIN)

static void
qk_detail_metadata_class_init (QkDetailMetadataClass *klass)
{
}

static void
qk_detail_metadata_init (QkDetailMetadata *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  self->table = QK_DETAIL_TABLE (qk_detail_table_new (14));
  self->note = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0F, "wrap", TRUE, "label",
                             _ ("There is more: all of it is in the raw bytes."), NULL);
  gtk_widget_add_css_class (self->note, "caption");
  gtk_widget_add_css_class (self->note, "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  gtk_box_append (GTK_BOX (box), self->note);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  adw_bin_set_child (ADW_BIN (self), scroller);
}

/* Long keys break between words. */
static char *
make_breakable (const char *key)
{
  GString *text = g_string_new (NULL);

  for (const char *p = key; *p != '\0'; p++)
    {
      g_string_append_c (text, *p);
      if (*p == '.' || *p == '_')
        g_string_append (text, "\u200b");
    }
  return g_string_free (text, FALSE);
}

/* It has a tab of its own. */
static gboolean
is_content (const QkEntryMember *member)
{
  return strcmp (member->key, "content") == 0 || strcmp (member->key, "message.content") == 0 ||
         strcmp (member->key, "message") == 0;
}

/**
 * qk_detail_metadata_show:
 * @self: a tab
 * @entry: a message
 *
 * Shows what stands in @entry.
 */
void
qk_detail_metadata_show (QkDetailMetadata *self, const QkEntry *entry)
{
  gboolean all;
  g_autoptr (GPtrArray) members = NULL;

  g_return_if_fail (QK_IS_DETAIL_METADATA (self));

  members = qk_entry_dup_members (entry, &all);
  qk_detail_table_begin (self->table);
  for (guint i = 0; i < members->len; i++)
    {
      const QkEntryMember *member = members->pdata[i];
      g_autofree char *revealed = qk_text_reveal_line (member->key);
      g_autofree char *key = make_breakable (revealed);
      g_autofree char *value = qk_text_reveal (member->value);
      g_autofree char *start = member->cut ? g_strconcat (value, "…", NULL) : NULL;

      if (is_content (member))
        continue;
      all = all && !member->cut;
      qk_detail_table_add (self->table, key,
                           start != NULL    ? start
                           : *value != '\0' ? value
                                            : "\"\"",
                           FALSE);
    }
  qk_detail_table_end (self->table);
  gtk_widget_set_visible (self->note, !all);
}

/**
 * qk_detail_metadata_get_value:
 * @self: a tab
 * @key: a key, as in #QkEntryMember
 *
 * Returns: (transfer none) (nullable): what is shown for it
 */
const char *
qk_detail_metadata_get_value (QkDetailMetadata *self, const char *key)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (QK_IS_DETAIL_METADATA (self), NULL);

  shown = make_breakable (key);
  return qk_detail_table_get_value (self->table, shown);
}
