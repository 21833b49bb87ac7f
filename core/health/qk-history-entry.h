#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* What an operation did to one entry of a queue, as far as it can be told in a line. */

/**
 * QkHistorySide:
 * @there: whether the entry stood in the queue
 * @status: its status, as it is written; %NULL where it has none
 * @recipient: to whom it is; %NULL where that is not said
 * @priority: its priority in words, as it is written; %NULL where it has none
 *
 * An entry before or after an operation.
 */
typedef struct {
  gboolean there;
  char *status;    /* owned, nullable */
  char *recipient; /* owned, nullable */
  char *priority;  /* owned, nullable */
} QkHistorySide;

/**
 * QkHistoryEntry:
 * @id: its id; %NULL where it has none
 * @before: before the operation
 * @after: after it
 *
 * An entry that an operation changed.
 */
typedef struct {
  char *id; /* owned, nullable */
  QkHistorySide before;
  QkHistorySide after;
} QkHistoryEntry;

QkHistoryEntry *qk_history_entry_new (const char *id, GBytes *before, GBytes *after);
QkDocument *qk_history_entry_load (GBytes *bytes);
const char *qk_history_entry_get_recipient (const QkHistoryEntry *self);
void qk_history_entry_free (QkHistoryEntry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHistoryEntry, qk_history_entry_free)

G_END_DECLS
