#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Keys and values, one below the other, to be read, selected and copied.
 *
 * Its rows stay while they are filled anew, and a text that is the same is not touched: what the
 * operator has selected of it stays selected. What is given must be safe to be shown; it is never
 * markup. */

#define QK_TYPE_DETAIL_TABLE (qk_detail_table_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailTable, qk_detail_table, QK, DETAIL_TABLE, AdwBin)

GtkWidget *qk_detail_table_new (guint key_chars);
void qk_detail_table_begin (QkDetailTable *self);
void qk_detail_table_add (QkDetailTable *self, const char *key, const char *value, gboolean data);
void qk_detail_table_attach (QkDetailTable *self, GtkWidget *widget);
void qk_detail_table_end (QkDetailTable *self);
const char *qk_detail_table_get_value (QkDetailTable *self, const char *key);

G_END_DECLS
