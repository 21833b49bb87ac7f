#include "qk-history-work.h"

#include "qk-history-entry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL)
    (void) sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

/* Lives as long as @bytes. */
static void
bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes)
{
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return;
  data = g_bytes_get_data (bytes, &size);
  (void) sqlite3_bind_blob64 (statement, index, data, size, SQLITE_STATIC);
}

static gint64
get_pid (void)
{
  g_autoptr (GCredentials) self = g_credentials_new ();

  return g_credentials_get_unix_pid (self, NULL);
}

static gboolean
run_with_id (QkHistoryDb *db, const char *sql, gint64 id, GError **error)
{
  sqlite3_stmt *statement = qk_history_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (statement, 1, id);
  return qk_history_db_run (db, statement, error);
}

static gboolean
insert_operation (QkHistoryDb *db, QkHistoryNote *note, GError **error)
{
  sqlite3_stmt *insert = qk_history_db_prepare (
      db,
      "INSERT INTO operations (time, queue, kind, count, host, user, program, pid, undoes, state, "
      "batch) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, nullif (?8, 0), 'begun', ?9)",
      error);

  if (insert == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (insert, 1, g_get_real_time ());
  bind_text (insert, 2, note->queue);
  bind_text (insert, 3, note->kind);
  bind_text (insert, 4, g_get_host_name ());
  bind_text (insert, 5, g_get_user_name ());
  bind_text (insert, 6, g_get_prgname () != NULL ? g_get_prgname () : "");
  (void) sqlite3_bind_int64 (insert, 7, get_pid ());
  (void) sqlite3_bind_int64 (insert, 8, note->undoes);
  if (note->batch != NULL)
    (void) sqlite3_bind_int64 (insert, 9, *note->batch);
  if (!qk_history_db_run (db, insert, error))
    return FALSE;
  note->operation = qk_history_db_get_last_id (db);
  return note->batch == NULL || *note->batch != 0 ||
         run_with_id (db, "UPDATE operations SET batch = id WHERE id = ?1", note->operation, error);
}

static gboolean
forget_entries (QkHistoryDb *db, gint64 operation, GError **error)
{
  sqlite3_stmt *forget =
      qk_history_db_prepare (db, "DELETE FROM entries WHERE operation = ?1", error);

  if (forget == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (forget, 1, operation);
  return qk_history_db_run (db, forget, error);
}

static gboolean
insert_entry (QkHistoryDb *db,
              gint64 operation,
              guint ordinal,
              const QkRecord *record,
              GError **error)
{
  sqlite3_stmt *insert = qk_history_db_prepare (
      db,
      "INSERT INTO entries (operation, ordinal, id, before, after, previous_id) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);

  if (insert == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (insert, 1, operation);
  (void) sqlite3_bind_int64 (insert, 2, ordinal);
  bind_text (insert, 3, qk_change_get_id (record->change));
  bind_bytes (insert, 4, record->before);
  bind_bytes (insert, 5, record->after);
  bind_text (insert, 6, record->previous_id);
  return qk_history_db_run (db, insert, error);
}

static gboolean
set_count (QkHistoryDb *db, const QkHistoryNote *note, GError **error)
{
  sqlite3_stmt *update =
      qk_history_db_prepare (db, "UPDATE operations SET count = ?2 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (update, 1, note->operation);
  (void) sqlite3_bind_int64 (update, 2, note->records->len);
  return qk_history_db_run (db, update, error);
}

static gboolean
write_rows (QkHistoryDb *db, QkHistoryNote *note, GError **error)
{
  if (note->operation == 0 ? !insert_operation (db, note, error)
                           : !forget_entries (db, note->operation, error))
    return FALSE;
  for (guint i = 0; i < note->records->len; i++)
    if (!insert_entry (db, note->operation, i, g_ptr_array_index (note->records, i), error))
      return FALSE;
  return set_count (db, note, error);
}

/**
 * qk_history_db_write:
 * @db: a database
 * @note: the operation
 * @error: return location for a #QkHistoryError
 *
 * Keeps it, in the place of what was kept of it before. Survives a power failure: the queue is changed
 * next.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_write (QkHistoryDb *db, QkHistoryNote *note, GError **error)
{
  gint64 operation = note->operation;

  if (!qk_history_db_begin (db, TRUE, error))
    return FALSE;
  if (write_rows (db, note, error) && qk_history_db_commit (db, error))
    return TRUE;
  qk_history_db_roll_back (db);
  note->operation = operation;
  return FALSE;
}

/* What is undone with an operation: it, and of its batch what was done before it and is in effect. A set
 * that came after it was not known to whoever undid it. */
#define TOGETHER(operation)                                                                        \
  "(id = " operation " OR (batch = (SELECT batch FROM operations WHERE id = " operation            \
  ") AND id < " operation " AND state = 'done' AND undone IS NULL))"

/* Who undoes an undo puts its operation in effect again: that can be undone anew. */
static gboolean
mark_done (QkHistoryDb *db, gint64 operation, GError **error)
{
  return run_with_id (db, "UPDATE operations SET state = 'done' WHERE id = ?1", operation, error) &&
         run_with_id (db,
                      "UPDATE operations SET undone = ?1 WHERE " TOGETHER (
                          "(SELECT undoes FROM operations WHERE id = ?1)"),
                      operation, error) &&
         run_with_id (db,
                      "UPDATE operations SET undone = NULL "
                      "WHERE undone = (SELECT undoes FROM operations WHERE id = ?1)",
                      operation, error);
}

/**
 * qk_history_db_end:
 * @db: a database
 * @operation: an operation that is begun
 * @done: whether it was done
 * @error: return location for a #QkHistoryError
 *
 * Keeps how it ended, and that it undid another.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_end (QkHistoryDb *db, gint64 operation, gboolean done, GError **error)
{
  gboolean kept;

  if (!qk_history_db_begin (db, FALSE, error))
    return FALSE;
  kept = done ? mark_done (db, operation, error)
              : run_with_id (db, "UPDATE operations SET state = 'aborted' WHERE id = ?1", operation,
                             error);
  if (kept && qk_history_db_commit (db, error))
    return TRUE;
  qk_history_db_roll_back (db);
  return FALSE;
}

/**
 * qk_history_db_prune:
 * @db: a database
 * @before: a time, in microseconds since the Unix epoch
 * @error: return location for a #QkHistoryError
 *
 * Forgets operations from before that time, but for the last %QK_HISTORY_KEPT_ALWAYS.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_prune (QkHistoryDb *db, gint64 before, GError **error)
{
  sqlite3_stmt *statement =
      qk_history_db_prepare (db,
                             "DELETE FROM operations WHERE time < ?1 AND id < "
                             "(SELECT id FROM operations ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                             error);

  if (statement == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (statement, 1, before);
  (void) sqlite3_bind_int64 (statement, 2, QK_HISTORY_KEPT_ALWAYS - 1);
  return qk_history_db_run (db, statement, error);
}

/**
 * qk_history_db_was_purged:
 * @db: a database
 * @queue: which queue
 * @id: a message
 * @purged: (out): whether an operation has taken it out, or was about to, and was not undone since
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_history_db_was_purged (QkHistoryDb *db,
                          const char *queue,
                          const char *id,
                          gboolean *purged,
                          GError **error)
{
  sqlite3_stmt *select = qk_history_db_prepare (
      db,
      "SELECT 1 FROM entries JOIN operations ON operations.id = entries.operation "
      "WHERE entries.id = ?1 AND queue = ?2 AND after IS NULL AND undone IS NULL "
      "AND state != 'aborted' AND kind != 'loss' LIMIT 1",
      error);

  if (select == NULL)
    return FALSE;
  bind_text (select, 1, id);
  bind_text (select, 2, queue);
  if (!qk_history_db_step (db, select, purged, error))
    return FALSE;
  (void) sqlite3_reset (select);
  return TRUE;
}

static QkHistoryState
parse_state (const char *text)
{
  if (g_strcmp0 (text, "done") == 0)
    return QK_HISTORY_DONE;
  return g_strcmp0 (text, "aborted") == 0 ? QK_HISTORY_ABORTED : QK_HISTORY_UNFINISHED;
}

static char *
dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

/* What read_operation() reads. Within a batch of one nothing is undone together. */
#define COLUMNS                                                                                    \
  "operations.id, time, kind, count, host, user, program, pid, undoes, undone, state, "            \
  "(SELECT count(*) FROM operations AS o WHERE o.batch = operations.batch AND o.state = 'done') "

static QkHistoryOperation *
read_operation (sqlite3_stmt *statement)
{
  QkHistoryOperation *operation = g_new0 (QkHistoryOperation, 1);

  operation->id = sqlite3_column_int64 (statement, 0);
  operation->time = sqlite3_column_int64 (statement, 1);
  operation->kind = dup_text (statement, 2);
  operation->count = (guint) sqlite3_column_int64 (statement, 3);
  operation->host = dup_text (statement, 4);
  operation->user = dup_text (statement, 5);
  operation->program = dup_text (statement, 6);
  operation->pid = sqlite3_column_int64 (statement, 7);
  operation->undoes = sqlite3_column_int64 (statement, 8);
  operation->undone = sqlite3_column_int64 (statement, 9);
  operation->state = parse_state ((const char *) sqlite3_column_text (statement, 10));
  operation->n_together = MAX ((guint) sqlite3_column_int64 (statement, 11), 1);
  return operation;
}

/**
 * qk_history_db_list:
 * @db: a database
 * @queue: which queue
 * @limit: how many at most
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkHistoryOperation) (nullable): the latest first
 */
GPtrArray *
qk_history_db_list (QkHistoryDb *db, const char *queue, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_history_operation_free);
  gboolean row;
  sqlite3_stmt *select = qk_history_db_prepare (
      db, "SELECT " COLUMNS "FROM operations WHERE queue = ?1 ORDER BY id DESC LIMIT ?2", error);

  if (select == NULL)
    return NULL;
  bind_text (select, 1, queue);
  (void) sqlite3_bind_int64 (select, 2, limit);
  while (qk_history_db_step (db, select, &row, error))
    {
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, read_operation (select));
    }
  return NULL;
}

/* The latest that somebody did, can be undone and is not an undo itself; 0 where there is none. A batch
 * was done when it was begun: what was done while it went on is later. */
static gboolean
find_latest (QkHistoryDb *db, const char *queue, gint64 *operation, GError **error)
{
  gboolean row;
  sqlite3_stmt *select =
      qk_history_db_prepare (db,
                             "SELECT id FROM operations WHERE queue = ?1 AND state = 'done' AND "
                             "undone IS NULL AND undoes IS NULL AND kind != 'loss' "
                             "ORDER BY coalesce (batch, id) DESC, id DESC LIMIT 1",
                             error);

  if (select == NULL)
    return FALSE;
  bind_text (select, 1, queue);
  if (!qk_history_db_step (db, select, &row, error))
    return FALSE;
  *operation = row ? sqlite3_column_int64 (select, 0) : 0;
  (void) sqlite3_reset (select);
  if (*operation == 0)
    g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO,
                 _ ("there is nothing to undo"));
  return *operation != 0;
}

/* Goes to the last one of its batch that is in effect. */
static gboolean
find_last_of_batch (QkHistoryDb *db, gint64 *operation, GError **error)
{
  gboolean row;
  sqlite3_stmt *select = qk_history_db_prepare (
      db,
      "SELECT max (id) FROM operations WHERE id = ?1 OR (batch = (SELECT batch FROM operations "
      "WHERE id = ?1) AND state = 'done' AND undone IS NULL)",
      error);

  if (select == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (select, 1, *operation);
  if (!qk_history_db_step (db, select, &row, error))
    return FALSE;
  *operation = sqlite3_column_int64 (select, 0);
  (void) sqlite3_reset (select);
  return TRUE;
}

static gboolean
check_row (sqlite3_stmt *select, gint64 operation, GError **error)
{
  gint64 undone = sqlite3_column_int64 (select, 1);

  if (undone != 0)
    g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_ALREADY_UNDONE,
                 _ ("operation %" PRIi64 " is already undone, by operation %" PRIi64), operation,
                 undone);
  else if (parse_state ((const char *) sqlite3_column_text (select, 0)) == QK_HISTORY_ABORTED)
    g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO,
                 _ ("operation %" PRIi64 " has changed nothing"), operation);
  else
    return TRUE;
  return FALSE;
}

static void
set_no_operation (gint64 operation, GError **error)
{
  g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION,
               _ ("there is no operation %" PRIi64 " of this queue"), operation);
}

static gboolean
check_operation (QkHistoryDb *db, const char *queue, gint64 operation, GError **error)
{
  gboolean row, fits = FALSE;
  sqlite3_stmt *select = qk_history_db_prepare (
      db, "SELECT state, undone FROM operations WHERE id = ?1 AND queue = ?2", error);

  if (select == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (select, 1, operation);
  bind_text (select, 2, queue);
  if (!qk_history_db_step (db, select, &row, error))
    return FALSE;
  if (row)
    fits = check_row (select, operation, error);
  else
    set_no_operation (operation, error);
  (void) sqlite3_reset (select);
  return fits;
}

static gboolean
has_operation (QkHistoryDb *db, const char *queue, gint64 operation, GError **error)
{
  gboolean row;
  sqlite3_stmt *select =
      qk_history_db_prepare (db, "SELECT 1 FROM operations WHERE id = ?1 AND queue = ?2", error);

  if (select == NULL)
    return FALSE;
  (void) sqlite3_bind_int64 (select, 1, operation);
  bind_text (select, 2, queue);
  if (!qk_history_db_step (db, select, &row, error))
    return FALSE;
  (void) sqlite3_reset (select);
  if (!row)
    set_no_operation (operation, error);
  return row;
}

static GBytes *
dup_blob (sqlite3_stmt *statement, int column)
{
  gconstpointer data = sqlite3_column_blob (statement, column);

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}

static QkHistoryTouch *
read_touch (sqlite3_stmt *select, const char *id)
{
  g_autoptr (GBytes) before = dup_blob (select, 12);
  g_autoptr (GBytes) after = dup_blob (select, 13);
  g_autoptr (QkDocument) old = before != NULL ? qk_history_entry_load (before) : NULL;
  g_autoptr (QkDocument) new = after != NULL ? qk_history_entry_load (after) : NULL;
  QkHistoryTouch *touch = g_new0 (QkHistoryTouch, 1);

  touch->operation = read_operation (select);
  touch->was = before != NULL;
  touch->is = after != NULL;
  touch->before =
      old != NULL ? qk_entry_get_status (qk_document_get_entry (old, 0)) : QK_STATUS_UNKNOWN;
  touch->after =
      new != NULL ? qk_entry_get_status (qk_document_get_entry (new, 0)) : QK_STATUS_UNKNOWN;
  touch->copied = new != NULL && !qk_entry_has_id (qk_document_get_entry (new, 0), id);
  return touch;
}

/**
 * qk_history_db_list_of_entry:
 * @db: a database
 * @queue: which queue
 * @id: a message
 * @limit: how many at most
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkHistoryTouch) (nullable): what was done to it, the latest
 *   first
 */
GPtrArray *
qk_history_db_list_of_entry (QkHistoryDb *db,
                             const char *queue,
                             const char *id,
                             guint limit,
                             GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_history_touch_free);
  gboolean row;
  sqlite3_stmt *select = qk_history_db_prepare (
      db,
      "SELECT " COLUMNS
      ", before, after FROM entries JOIN operations ON operations.id = entries.operation "
      "WHERE entries.id = ?1 AND queue = ?2 AND state != 'aborted' "
      "ORDER BY operation DESC, ordinal DESC LIMIT ?3",
      error);

  if (select == NULL)
    return NULL;
  bind_text (select, 1, id);
  bind_text (select, 2, queue);
  (void) sqlite3_bind_int64 (select, 3, limit);
  while (qk_history_db_step (db, select, &row, error))
    {
      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, read_touch (select, id));
    }
  return NULL;
}

/* Takes out what was added, if it is still as it was made. */
static QkChange *
make_purge (GBytes *made)
{
  g_autoptr (QkDocument) document = qk_history_entry_load (made);

  return document != NULL ? qk_change_new_purge (qk_document_get_entry (document, 0)) : NULL;
}

static QkChange *
make_change (sqlite3_stmt *select)
{
  g_autoptr (GBytes) before = dup_blob (select, 0);
  g_autoptr (GBytes) after = dup_blob (select, 1);
  const char *previous_id = (const char *) sqlite3_column_text (select, 2);

  if (before != NULL)
    return qk_change_new_restore (before, previous_id, after);
  return after != NULL ? make_purge (after) : NULL;
}

/**
 * qk_history_db_list_entries:
 * @db: a database
 * @queue: which queue
 * @operation: an operation of it
 * @limit: how many at most
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkHistoryEntry) (nullable): what it changed, in the order of
 *   the queue
 */
GPtrArray *
qk_history_db_list_entries (QkHistoryDb *db,
                            const char *queue,
                            gint64 operation,
                            guint limit,
                            GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) qk_history_entry_free);
  sqlite3_stmt *select;
  gboolean row;

  if (!has_operation (db, queue, operation, error))
    return NULL;
  select = qk_history_db_prepare (db,
                                  "SELECT before, after, id FROM entries WHERE operation = ?1 "
                                  "ORDER BY ordinal LIMIT ?2",
                                  error);
  if (select == NULL)
    return NULL;
  (void) sqlite3_bind_int64 (select, 1, operation);
  (void) sqlite3_bind_int64 (select, 2, limit);
  while (qk_history_db_step (db, select, &row, error))
    {
      g_autoptr (GBytes) before = row ? dup_blob (select, 0) : NULL;
      g_autoptr (GBytes) after = row ? dup_blob (select, 1) : NULL;

      if (!row)
        return g_steal_pointer (&list);
      g_ptr_array_add (list, qk_history_entry_new ((const char *) sqlite3_column_text (select, 2),
                                                   before, after));
    }
  return NULL;
}

/**
 * qk_history_db_dup_undo:
 * @db: a database
 * @queue: which queue
 * @operation: (inout): 0 for the latest that can be undone; its number, or of a batch the last one's
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkChange) (nullable): what is to be saved to undo it
 */
GPtrArray *
qk_history_db_dup_undo (QkHistoryDb *db, const char *queue, gint64 *operation, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  sqlite3_stmt *select;
  gboolean row;

  if (*operation == 0 ? !find_latest (db, queue, operation, error)
                      : !check_operation (db, queue, *operation, error) ||
                            !find_last_of_batch (db, operation, error))
    return NULL;
  select = qk_history_db_prepare (
      db,
      "SELECT before, after, previous_id FROM entries WHERE operation "
      "IN (SELECT id FROM operations WHERE " TOGETHER ("?1") ") "
                                                             "ORDER BY operation DESC, ordinal",
      error);
  if (select == NULL)
    return NULL;
  (void) sqlite3_bind_int64 (select, 1, *operation);
  while (qk_history_db_step (db, select, &row, error))
    {
      QkChange *change = row ? make_change (select) : NULL;

      if (!row)
        return g_steal_pointer (&changes);
      if (change != NULL)
        g_ptr_array_add (changes, change);
    }
  return NULL;
}
