#pragma once

#include "qk-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* All that stands in a message but its content, known fields or not: keys and values. */

#define QK_TYPE_DETAIL_METADATA (qk_detail_metadata_get_type ())
G_DECLARE_FINAL_TYPE (QkDetailMetadata, qk_detail_metadata, QK, DETAIL_METADATA, AdwBin)

void qk_detail_metadata_show (QkDetailMetadata *self, const QkEntry *entry);
const char *qk_detail_metadata_get_value (QkDetailMetadata *self, const char *key);

G_END_DECLS
