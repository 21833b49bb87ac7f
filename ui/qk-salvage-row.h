#pragma once

#include "qk-salvage.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* A row of the table of what was found in a damaged file: one piece of it. Made when it is asked
 * for; it keeps its source, which owns the piece. */

#define QK_TYPE_SALVAGE_ROW (qk_salvage_row_get_type ())
G_DECLARE_FINAL_TYPE (QkSalvageRow, qk_salvage_row, QK, SALVAGE_ROW, GObject)

QkSalvageRow *qk_salvage_row_new (QkSalvageSource *source,
                                  const QkSalvagePart *part,
                                  gboolean used);
QkSalvageSource *qk_salvage_row_get_source (QkSalvageRow *self);
const QkSalvagePart *qk_salvage_row_get_part (QkSalvageRow *self);
gboolean qk_salvage_row_is_used (QkSalvageRow *self);

G_END_DECLS
