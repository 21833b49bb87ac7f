#pragma once

#include "qk-entry.h"
#include "qk-scan.h"

G_BEGIN_DECLS

/**
 * QkSpan:
 * @start: from the beginning of the entry, in bytes
 * @length: 0 where the field is missing
 */
typedef struct {
  guint32 start;
  guint32 length;
} QkSpan;

/* Plain data, so that a new version of the document takes over what did not change by copying; only
 * @json is then set anew. */
struct _QkEntry {
  const char *json; /* in the document's bytes */
  guint32 length;
  guint32 id_hash; /* of the decoded id; of the whole entry where it is not named */
  QkSpan fields[QK_N_FIELDS];
  gint64 created; /* wall microseconds */
  gint64 updated; /* wall microseconds */
  float priority;
  guint8 status;
  guint8 hazards;
  guint8 flat;
};

void qk_entry_read (QkEntry *self, const char *json, gsize length, const QkScan *scan);
gboolean qk_entry_check (QkEntry *self, const char *json, gsize length);
guint32 qk_entry_hash_id (const char *id);
gboolean qk_entry_is_named (const QkEntry *entry);

G_END_DECLS
