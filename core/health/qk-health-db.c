#include "qk-health-db.h"

#include "qk-health-codec.h"

/* Of each kind, in one transaction: a few milliseconds. */
#define ROWS_AT_ONCE 500

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL)
    (void) sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static void
bind_numbers (sqlite3_stmt *statement, const gint64 *numbers, guint n)
{
  for (guint i = 0; i < n; i++)
    (void) sqlite3_bind_int64 (statement, (int) i + 1, numbers[i]);
}

static gboolean
run_with_numbers (QkHistoryDb *db, const char *sql, const gint64 *numbers, guint n, GError **error)
{
  sqlite3_stmt *statement = qk_history_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  bind_numbers (statement, numbers, n);
  return qk_history_db_run (db, statement, error);
}

static gboolean
find_id (QkHistoryDb *db, const char *sql, const char *name, gint64 *id, GError **error)
{
  sqlite3_stmt *select = qk_history_db_prepare (db, sql, error);
  gboolean row;

  *id = 0;
  if (select == NULL)
    return FALSE;
  bind_text (select, 1, name);
  if (!qk_history_db_step (db, select, &row, error))
    return FALSE;
  if (row)
    *id = sqlite3_column_int64 (select, 0);
  (void) sqlite3_reset (select);
  return TRUE;
}

/**
 * qk_health_db_find_queue:
 * @db: a database
 * @queue: which queue
 * @id: (out): its number, 0 where it has none
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_find_queue (QkHistoryDb *db, const char *queue, gint64 *id, GError **error)
{
  return find_id (db, "SELECT id FROM queues WHERE name = ?1", queue, id, error);
}

static gboolean
add_name (QkHistoryDb *db, const char *sql, const char *name, gint64 *id, GError **error)
{
  sqlite3_stmt *insert = qk_history_db_prepare (db, sql, error);

  if (insert == NULL)
    return FALSE;
  bind_text (insert, 1, name);
  if (!qk_history_db_run (db, insert, error))
    return FALSE;
  *id = qk_history_db_get_last_id (db);
  return TRUE;
}

static gboolean
add_queue (QkHistoryDb *db, const char *queue, gint64 *id, GError **error)
{
  return qk_health_db_find_queue (db, queue, id, error) &&
         (*id != 0 || add_name (db, "INSERT INTO queues (name) VALUES (?1)", queue, id, error));
}

static gboolean
add_agent (QkHistoryDb *db, const char *agent, gint64 *id, GError **error)
{
  return find_id (db, "SELECT id FROM agents WHERE name = ?1", agent, id, error) &&
         (*id != 0 || add_name (db, "INSERT INTO agents (name) VALUES (?1)", agent, id, error));
}

static gboolean
note_session (QkHistoryDb *db,
              const QkHealthSession *session,
              gint64 queue,
              gboolean ended,
              GError **error)
{
  const gint64 numbers[] = {session->id,        queue, session->started,
                            g_get_real_time (), ended, session->pid};
  sqlite3_stmt *insert = qk_history_db_prepare (
      db,
      "INSERT INTO sessions (id, queue, started, seen, ended, pid, host, program) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
      "ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, ended = excluded.ended",
      error);

  if (insert == NULL)
    return FALSE;
  bind_numbers (insert, numbers, G_N_ELEMENTS (numbers));
  bind_text (insert, 7, session->host);
  bind_text (insert, 8, session->program);
  return qk_history_db_run (db, insert, error);
}

static gboolean
insert_event (QkHistoryDb *db,
              const QkHealthSession *session,
              gint64 queue,
              const QkLockEvent *event,
              GError **error)
{
  /* n: the first that is free, since several may have the same time. */
  const gint64 numbers[] = {queue,
                            event->time,
                            session->id,
                            0,
                            event->operation,
                            event->kind,
                            event->code,
                            event->winerror,
                            event->attempt,
                            event->attempts,
                            event->delay,
                            event->outcome};
  g_autofree char *holder = event->holder != NULL ? qk_holder_dup_label (event->holder) : NULL;
  sqlite3_stmt *insert = qk_history_db_prepare (
      db,
      "INSERT INTO lock_events (queue, time, session, n, operation, kind, code, winerror, attempt, "
      "attempts, delay, outcome, holder) VALUES (?1, ?2, ?3, (SELECT ifnull (max (n) + 1, ?4) FROM "
      "lock_events WHERE queue = ?1 AND time = ?2 AND session = ?3), ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
      "?12, ?13)",
      error);

  if (insert == NULL)
    return FALSE;
  bind_numbers (insert, numbers, G_N_ELEMENTS (numbers));
  bind_text (insert, (int) G_N_ELEMENTS (numbers) + 1, holder);
  return qk_history_db_run (db, insert, error);
}

static gboolean
insert_save (QkHistoryDb *db,
             const QkHealthSession *session,
             gint64 queue,
             const QkSave *save,
             GError **error)
{
  const gint64 numbers[] = {queue,          save->time,     session->id,  0,
                            save->ok,       save->attempts, save->waited, save->elapsed,
                            save->conflicts};

  return run_with_numbers (
      db,
      "INSERT INTO saves (queue, time, session, n, ok, attempts, waited, elapsed, conflicts) "
      "VALUES (?1, ?2, ?3, (SELECT ifnull (max (n) + 1, ?4) FROM saves WHERE queue = ?1 AND "
      "time = ?2 AND session = ?3), ?5, ?6, ?7, ?8, ?9)",
      numbers, G_N_ELEMENTS (numbers), error);
}

/**
 * qk_health_db_add_slice:
 * @db: a database that is being written
 * @queue: the number of a queue
 * @session: that of a session, or 0
 * @slice: what happened
 * @error: return location for a #QkHistoryError
 *
 * Adds it to what is kept of that span already.
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_add_slice (QkHistoryDb *db,
                        gint64 queue,
                        gint64 session,
                        const QkSlice *slice,
                        GError **error)
{
  const gint64 key[] = {queue, slice->width / G_USEC_PER_SEC, slice->start, session};
  QkFigures figures = {0};
  g_autoptr (GByteArray) bytes = NULL;
  sqlite3_stmt *statement =
      qk_history_db_prepare (db,
                             "SELECT figures FROM slices WHERE queue = ?1 AND "
                             "width = ?2 AND start = ?3 AND session = ?4",
                             error);
  gboolean row;

  if (statement == NULL)
    return FALSE;
  bind_numbers (statement, key, G_N_ELEMENTS (key));
  if (!qk_history_db_step (db, statement, &row, error))
    return FALSE;
  if (row)
    qk_figures_decode (&figures, sqlite3_column_blob (statement, 0),
                       (gsize) sqlite3_column_bytes (statement, 0));
  (void) sqlite3_reset (statement);
  qk_figures_add (&figures, &slice->figures);
  bytes = qk_figures_encode (&figures);
  statement = qk_history_db_prepare (db,
                                     "INSERT OR REPLACE INTO slices "
                                     "(queue, width, start, session, figures) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5)",
                                     error);
  if (statement == NULL)
    return FALSE;
  bind_numbers (statement, key, G_N_ELEMENTS (key));
  (void) sqlite3_bind_blob64 (statement, 5, bytes->data != NULL ? bytes->data : (guint8 *) "",
                              bytes->len, SQLITE_TRANSIENT);
  return qk_history_db_run (db, statement, error);
}

typedef struct {
  guint n_events;
  guint n_saves;
  guint n_slices;
} Part;

static gboolean
write_rows (QkHistoryDb *db,
            const QkHealthSession *session,
            const QkHealthBatch *batch,
            const Part *part,
            gboolean ended,
            GError **error)
{
  gint64 queue;

  if (!add_queue (db, session->queue, &queue, error) ||
      !note_session (db, session, queue, ended, error))
    return FALSE;
  for (guint i = 0; i < part->n_events; i++)
    if (!insert_event (db, session, queue, g_ptr_array_index (batch->events, i), error))
      return FALSE;
  for (guint i = 0; i < part->n_saves; i++)
    if (!insert_save (db, session, queue, &g_array_index (batch->saves, QkSave, i), error))
      return FALSE;
  for (guint i = 0; i < part->n_slices; i++)
    if (!qk_health_db_add_slice (db, queue, session->id, &g_array_index (batch->slices, QkSlice, i),
                                 error))
      return FALSE;
  return TRUE;
}

static gboolean
write_part (QkHistoryDb *db,
            const QkHealthSession *session,
            QkHealthBatch *batch,
            gboolean ended,
            GError **error)
{
  Part part = {MIN (batch->events->len, ROWS_AT_ONCE), MIN (batch->saves->len, ROWS_AT_ONCE),
               MIN (batch->slices->len, ROWS_AT_ONCE)};

  if (!qk_history_db_begin (db, FALSE, error))
    return FALSE;
  if (!write_rows (db, session, batch, &part, ended, error) || !qk_history_db_commit (db, error))
    {
      qk_history_db_roll_back (db);
      return FALSE;
    }
  if (part.n_events > 0)
    g_ptr_array_remove_range (batch->events, 0, part.n_events);
  if (part.n_saves > 0)
    g_array_remove_range (batch->saves, 0, part.n_saves);
  if (part.n_slices > 0)
    g_array_remove_range (batch->slices, 0, part.n_slices);
  return TRUE;
}

/**
 * qk_health_db_write:
 * @db: a database
 * @session: who writes
 * @batch: what; that which is written is taken out of it
 * @ended: whether this is the end of the session
 * @error: return location for a #QkHistoryError
 *
 * Keeps what happened. Not forced to the disk: a power failure may cost the last seconds of it.
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_write (QkHistoryDb *db,
                    const QkHealthSession *session,
                    QkHealthBatch *batch,
                    gboolean ended,
                    GError **error)
{
  do
    if (!write_part (db, session, batch, ended, error))
      return FALSE;
  while (!qk_health_batch_is_empty (batch));
  return TRUE;
}

static GByteArray *
encode_statuses (const guint *by_status)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < QK_N_STATUSES; i++)
    qk_varint_append (bytes, by_status[i]);
  return bytes;
}

static GByteArray *
encode_agents (QkHistoryDb *db, const QkSummary *summary, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < MIN (summary->agents->len, QK_HEALTH_MAX_AGENTS); i++)
    {
      const QkAgentCount *agent = g_ptr_array_index (summary->agents, i);
      gint64 id;

      if (!add_agent (db, agent->name, &id, error))
        return NULL;
      qk_varint_append (bytes, (guint64) id);
      for (guint status = 0; status < QK_N_STATUSES; status++)
        qk_varint_append (bytes, agent->by_status[status]);
    }
  return g_steal_pointer (&bytes);
}

static gboolean
write_sample (QkHistoryDb *db,
              const QkHealthSession *session,
              gint64 time,
              const QkSummary *summary,
              GError **error)
{
  g_autoptr (GByteArray) statuses = encode_statuses (summary->by_status), agents = NULL;
  gint64 queue;
  sqlite3_stmt *insert;

  if (!add_queue (db, session->queue, &queue, error) ||
      !note_session (db, session, queue, FALSE, error))
    return FALSE;
  agents = encode_agents (db, summary, error);
  insert =
      agents != NULL
          ? qk_history_db_prepare (db,
                                   "INSERT OR REPLACE INTO depths (queue, width, start, stuck, "
                                   "statuses, agents) VALUES (?1, 60, ?2, ?3, ?4, ?5)",
                                   error)
          : NULL;
  if (insert == NULL)
    return FALSE;
  bind_numbers (insert,
                (gint64[]){queue, qk_slice_align (time, QK_SLICE_MINUTE), (gint64) summary->stuck},
                3);
  (void) sqlite3_bind_blob64 (insert, 4, statuses->data, statuses->len, SQLITE_TRANSIENT);
  (void) sqlite3_bind_blob64 (insert, 5, agents->len > 0 ? agents->data : (guint8 *) "",
                              agents->len, SQLITE_TRANSIENT);
  return qk_history_db_run (db, insert, error);
}

/**
 * qk_health_db_sample:
 * @db: a database
 * @session: who looked
 * @time: when
 * @summary: what was in the queue
 * @error: return location for a #QkHistoryError
 *
 * Keeps how deep the queue was, in the place of an earlier sample of the same minute.
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_sample (QkHistoryDb *db,
                     const QkHealthSession *session,
                     gint64 time,
                     const QkSummary *summary,
                     GError **error)
{
  if (!qk_history_db_begin (db, FALSE, error))
    return FALSE;
  if (write_sample (db, session, time, summary, error) && qk_history_db_commit (db, error))
    return TRUE;
  qk_history_db_roll_back (db);
  return FALSE;
}
