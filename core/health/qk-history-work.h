#pragma once

#include "qk-history.h"

G_BEGIN_DECLS

/* What QkHistory does with the database while it holds it. Each is a whole that may be tried anew. */

/**
 * QkHistoryNote:
 * @queue: which queue
 * @kind: what is done, as in #QkHistoryOperation
 * @undoes: which operation it undoes, or 0
 * @batch: (nullable): the first operation of its batch, 0 where that is this one; %NULL where it is in none
 * @records: (element-type QkRecord): what it changes
 * @operation: (inout): 0 for a new operation, whose number is put there
 *
 * An operation to be kept.
 */
typedef struct {
  const char *queue; /* not owned */
  const char *kind;  /* not owned */
  gint64 undoes;
  const gint64 *batch; /* not owned */
  GPtrArray *records;  /* not owned */
  gint64 operation;
} QkHistoryNote;

gboolean qk_history_db_write (QkHistoryDb *db, QkHistoryNote *note, GError **error);
gboolean qk_history_db_end (QkHistoryDb *db, gint64 operation, gboolean done, GError **error);
gboolean qk_history_db_prune (QkHistoryDb *db, gint64 before, GError **error);
gboolean qk_history_db_was_purged (QkHistoryDb *db,
                                   const char *queue,
                                   const char *id,
                                   gboolean *purged,
                                   GError **error);
GPtrArray *qk_history_db_list (QkHistoryDb *db, const char *queue, guint limit, GError **error);
GPtrArray *qk_history_db_list_entries (QkHistoryDb *db,
                                       const char *queue,
                                       gint64 operation,
                                       guint limit,
                                       GError **error);
GPtrArray *qk_history_db_list_of_entry (QkHistoryDb *db,
                                        const char *queue,
                                        const char *id,
                                        guint limit,
                                        GError **error);
GPtrArray *qk_history_db_dup_undo (QkHistoryDb *db,
                                   const char *queue,
                                   gint64 *operation,
                                   GError **error);

G_END_DECLS
