#pragma once

#include "qk-history-db.h"
#include "qk-history.h"

G_BEGIN_DECLS

/* What the files of the history share: what it keeps, and the way to the database. */

struct _QkHistory {
  GObject parent_instance;

  GMutex mutex;
  char *path;           /* owned */
  QkHistoryDb *db;      /* owned, nullable while it is not open */
  GHashTable *undoings; /* owned, of QkHistoryUndoing by QkChange (owned) */
  GMutex batching;     /* over the batches: they are begun and ended while the disk is waited for */
  GHashTable *batches; /* owned, of QkHistoryBatch by QkChange (owned) */
  char *notice;        /* owned, nullable */
  guint retention;     /* in days */
  gboolean pruned;     /* in this process, by that */
  guint opened;        /* how often it was */
};

/* Which operation a change undoes, and which one it became part of, or 0. */
typedef struct {
  gint64 undone;
  gint64 operation;
} QkHistoryUndoing;

/* Changes that are one piece of work: the first operation that was made of them, or 0. */
typedef gint64 QkHistoryBatch;

/**
 * QkHistoryWork:
 * @self: a history, locked, whose database is open
 * @data: what the work is about
 * @error: return location for a #QkHistoryError
 *
 * Work with the database. It is a whole that may be tried anew: with a new file in the place of a
 * damaged one.
 *
 * Returns: whether it went well
 */
typedef gboolean (*QkHistoryWork) (QkHistory *self, gpointer data, GError **error);

gboolean qk_history_run (QkHistory *self, QkHistoryWork work, gpointer data, GError **error);

/* The batch of what is recorded, or %NULL; to be given back. */
QkHistoryBatch *qk_history_ref_batch (QkHistory *self, GPtrArray *records);
void qk_history_batch_unref (gpointer batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkHistoryBatch, qk_history_batch_unref)

G_END_DECLS
