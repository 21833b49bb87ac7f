#include "qk-health-codec.h"
#include "qk-health-db.h"
#include "qk-report-fill.h"

static sqlite3_stmt *
prepare (QkHistoryDb *db, const char *sql, const gint64 *numbers, guint n, GError **error)
{
  sqlite3_stmt *select = qk_history_db_prepare (db, sql, error);

  for (guint i = 0; select != NULL && i < n; i++)
    (void) sqlite3_bind_int64 (select, (int) i + 1, numbers[i]);
  return select;
}

/**
 * qk_health_db_find_first:
 * @db: a database
 * @session: who asks
 * @first: (inout): moved back to when the first thing is known of its queue
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_find_first (QkHistoryDb *db,
                         const QkHealthSession *session,
                         gint64 *first,
                         GError **error)
{
  gint64 queue;
  gboolean row;
  sqlite3_stmt *select;

  if (!qk_health_db_find_queue (db, session->queue, &queue, error))
    return FALSE;
  select = prepare (db,
                    "SELECT min (start) FROM (SELECT min (start) AS start FROM slices WHERE "
                    "queue = ?1 UNION ALL SELECT min (start) FROM depths WHERE queue = ?1)",
                    &queue, 1, error);
  if (select == NULL || !qk_history_db_step (db, select, &row, error))
    return FALSE;
  if (row && sqlite3_column_type (select, 0) != SQLITE_NULL)
    *first = MIN (*first, sqlite3_column_int64 (select, 0));
  (void) sqlite3_reset (select);
  return TRUE;
}

static gboolean
read_slices (QkHistoryDb *db,
             const QkHealthSession *session,
             gint64 queue,
             QkReport *report,
             GError **error)
{
  /* A span may begin a little before the report does. */
  const gint64 numbers[] = {queue, report->from - QK_SLICE_DAY, session->id};
  gboolean row;
  sqlite3_stmt *select = prepare (db,
                                  "SELECT start, width, figures FROM slices WHERE queue = ?1 AND "
                                  "width IN (60, 3600, 86400) AND start >= ?2 AND session != ?3",
                                  numbers, G_N_ELEMENTS (numbers), error);

  if (select == NULL)
    return FALSE;
  while (qk_history_db_step (db, select, &row, error))
    {
      QkSlice slice;

      if (!row)
        return TRUE;
      slice.start = sqlite3_column_int64 (select, 0);
      slice.width = sqlite3_column_int64 (select, 1) * G_USEC_PER_SEC;
      qk_figures_decode (&slice.figures, sqlite3_column_blob (select, 2),
                         (gsize) sqlite3_column_bytes (select, 2));
      qk_report_add_slice (report, QK_SOURCE_OTHERS, &slice);
    }
  return FALSE;
}

static QkReportEvent *
read_event (sqlite3_stmt *select)
{
  const guint kind = (guint) sqlite3_column_int (select, 2);
  const QkLockEvent template = {
      .time = sqlite3_column_int64 (select, 0),
      .operation = sqlite3_column_int (select, 1) == 0 ? QK_OPERATION_READ : QK_OPERATION_SAVE,
      .kind = MIN (kind, QK_N_LOCK_KINDS - 1),
      .code = sqlite3_column_int (select, 3),
      .winerror = sqlite3_column_int (select, 4) != 0,
      .attempt = (guint) sqlite3_column_int (select, 5),
      .attempts = (guint) sqlite3_column_int (select, 6),
      .delay = sqlite3_column_int64 (select, 7),
      .outcome = MIN ((guint) sqlite3_column_int (select, 8), QK_LOCK_OUTCOME_MERGED),
  };
  QkReportEvent *event = g_new0 (QkReportEvent, 1);

  event->event = qk_lock_event_copy (&template);
  event->source = QK_SOURCE_OTHERS;
  event->pid = sqlite3_column_int64 (select, 9);
  event->program = g_strdup ((const char *) sqlite3_column_text (select, 10));
  event->holder = g_strdup ((const char *) sqlite3_column_text (select, 11));
  return event;
}

static gboolean
read_events (QkHistoryDb *db,
             const QkHealthSession *session,
             gint64 queue,
             QkReport *report,
             GError **error)
{
  gint64 first, last;
  gboolean row;
  sqlite3_stmt *select;

  qk_report_get_bounds (report, &first, &last);
  select = prepare (
      db,
      "SELECT time, operation, kind, code, winerror, attempt, attempts, delay, outcome, pid, program, "
      "holder FROM lock_events LEFT JOIN sessions ON sessions.id = lock_events.session "
      "WHERE lock_events.queue = ?1 AND time >= ?2 AND time <= ?3 AND session != ?4 "
      "ORDER BY time DESC LIMIT ?5",
      (gint64[]){queue, first, last, session->id, QK_REPORT_MAX_EVENTS}, 5, error);

  if (select == NULL)
    return FALSE;
  while (qk_history_db_step (db, select, &row, error))
    {
      if (!row)
        return TRUE;
      qk_report_take_event (report, read_event (select));
    }
  return FALSE;
}

static gboolean
read_holders (QkHistoryDb *db,
              const QkHealthSession *session,
              gint64 queue,
              QkReport *report,
              GError **error)
{
  gint64 first, last;
  gboolean row;
  sqlite3_stmt *select;

  qk_report_get_bounds (report, &first, &last);
  select = prepare (db,
                    "SELECT holder, count(*) FROM lock_events WHERE queue = ?1 AND time >= ?2 AND "
                    "time <= ?3 AND session != ?4 AND holder IS NOT NULL GROUP BY holder",
                    (gint64[]){queue, first, last, session->id}, 4, error);

  if (select == NULL)
    return FALSE;
  while (qk_history_db_step (db, select, &row, error))
    {
      if (!row)
        return TRUE;
      qk_report_count_holder (report, (const char *) sqlite3_column_text (select, 0),
                              (guint64) sqlite3_column_int64 (select, 1));
    }
  return FALSE;
}

static void
add_depth (QkReport *report, sqlite3_stmt *select)
{
  QkBucket *bucket = qk_report_find_bucket (report, sqlite3_column_int64 (select, 0));
  const guint8 *data = sqlite3_column_blob (select, 2), *end;
  guint64 value;

  if (bucket == NULL || data == NULL)
    return;
  end = data + sqlite3_column_bytes (select, 2);
  bucket->has_depth = TRUE;
  bucket->stuck = (guint) sqlite3_column_int64 (select, 1);
  for (guint i = 0; i < QK_N_STATUSES; i++)
    bucket->depth[i] = qk_varint_read (&data, end, &value) ? (guint) value : 0;
}

static gboolean
read_depths (QkHistoryDb *db, gint64 queue, QkReport *report, GError **error)
{
  const gint64 numbers[] = {queue, report->from};
  gboolean row;
  sqlite3_stmt *select = prepare (db,
                                  "SELECT start, stuck, statuses FROM depths WHERE queue = ?1 AND "
                                  "width IN (60, 3600, 86400) AND start >= ?2 ORDER BY start",
                                  numbers, G_N_ELEMENTS (numbers), error);

  if (select == NULL)
    return FALSE;
  while (qk_history_db_step (db, select, &row, error))
    {
      if (!row)
        return TRUE;
      add_depth (report, select);
    }
  return FALSE;
}

/**
 * qk_health_db_read:
 * @db: a database
 * @session: who asks
 * @report: a report whose time is set
 * @error: return location for a #QkHistoryError
 *
 * Adds what others have counted, that is all sessions but @session, and how deep the queue was.
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_read (QkHistoryDb *db,
                   const QkHealthSession *session,
                   QkReport *report,
                   GError **error)
{
  gint64 queue;

  return qk_health_db_find_queue (db, session->queue, &queue, error) &&
         read_slices (db, session, queue, report, error) &&
         read_events (db, session, queue, report, error) &&
         read_holders (db, session, queue, report, error) && read_depths (db, queue, report, error);
}

/**
 * qk_health_db_get_version:
 * @db: a database
 * @version: (out): a number that is another one after somebody else has written
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_get_version (QkHistoryDb *db, gint64 *version, GError **error)
{
  sqlite3_stmt *select = qk_history_db_prepare (db, "PRAGMA data_version", error);
  gboolean row;

  if (select == NULL || !qk_history_db_step (db, select, &row, error))
    return FALSE;
  *version = row ? sqlite3_column_int64 (select, 0) : 0;
  (void) sqlite3_reset (select);
  return TRUE;
}
