#pragma once

#include "qk-history.h"

G_BEGIN_DECLS

/* A row of what an operation changed: one entry. */

#define QK_TYPE_ACTIVITY_ENTRY (qk_activity_entry_get_type ())
G_DECLARE_FINAL_TYPE (QkActivityEntry, qk_activity_entry, QK, ACTIVITY_ENTRY, GObject)

QkActivityEntry *qk_activity_entry_new (QkHistoryEntry *entry);
const QkHistoryEntry *qk_activity_entry_get (QkActivityEntry *self);

G_END_DECLS
