#pragma once

#include "qk-salvage-row.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The pieces of one source as a list model of QkSalvageRow. Rows are made when they are asked for,
 * and not kept: a source may have 100,000 pieces. */

#define QK_TYPE_SALVAGE_LIST (qk_salvage_list_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvageList, qk_salvage_list, QK, SALVAGE_LIST, GObject)

QkSalvageList *qk_salvage_list_new (void);
void qk_salvage_list_set_source (QkSalvageList *self, QkSalvageSource *source, GHashTable *used);
void qk_salvage_list_set_only_trouble (QkSalvageList *self, gboolean only_trouble);
guint qk_salvage_list_get_total (QkSalvageList *self);

G_END_DECLS
