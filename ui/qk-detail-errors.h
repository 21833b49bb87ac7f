#pragma once

#include "qk-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What went wrong with a message: the error in full, its tries, and which other messages are in the same
 * trouble. Those are looked for beside the main loop, one search at a time. */

#define QK_TYPE_DETAIL_ERRORS (qk_detail_errors_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailErrors, qk_detail_errors, QK, DETAIL_ERRORS, AdwBin)

void qk_detail_errors_show (QkDetailErrors *self, const QkEntry *entry, gint64 now);
void qk_detail_errors_look (QkDetailErrors *self,
                            QkStore *store,
                            QkDocument *document,
                            const QkEntry *entry);
void qk_detail_errors_forget (QkDetailErrors *self);

G_END_DECLS
