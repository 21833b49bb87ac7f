#include "qk-health-codec.h"
#include "qk-health-db.h"
#include "qk-report-fill.h"

#include <errno.h>
#ifdef G_OS_UNIX
#include <signal.h>
#endif

/* How what is kept of lock health gets old: events and saves are forgotten, minutes become hours, hours
 * become days, and days end. Each step is one transaction over an hour or a day, so that nobody waits
 * for it long, and all of it is done within a budget: the next time goes on with the rest. */

/* A session on another machine is over when nothing was heard of it for so long. */
#define SILENCE (7 * G_TIME_SPAN_DAY)

typedef struct {
  QkHistoryDb *db;                /* not owned */
  const QkHealthSession *session; /* not owned */
  gint64 now;
  gint64 events_until;
  gint64 deadline; /* monotonic */
} Aging;

typedef gboolean (*Step) (Aging *self, gint64 queue, gint64 from, gint64 to, GError **error);

static sqlite3_stmt *
prepare (QkHistoryDb *db, const char *sql, const gint64 *numbers, guint n, GError **error)
{
  sqlite3_stmt *statement = qk_history_db_prepare (db, sql, error);

  for (guint i = 0; statement != NULL && i < n; i++)
    (void) sqlite3_bind_int64 (statement, (int) i + 1, numbers[i]);
  return statement;
}

static gboolean
run (QkHistoryDb *db, const char *sql, const gint64 *numbers, guint n, GError **error)
{
  sqlite3_stmt *statement = prepare (db, sql, numbers, n, error);

  return statement != NULL && qk_history_db_run (db, statement, error);
}

static gboolean
is_running (gint64 pid)
{
#ifdef G_OS_UNIX
  return kill ((pid_t) pid, 0) == 0 || errno == EPERM;
#else
  return TRUE;
#endif
}

/* Columns: ended, host, pid, seen. */
static gboolean
lives (const Aging *self, sqlite3_stmt *select, int column)
{
  if (sqlite3_column_type (select, column) == SQLITE_NULL || sqlite3_column_int (select, column))
    return FALSE;
  if (g_strcmp0 ((const char *) sqlite3_column_text (select, column + 1), self->session->host) != 0)
    return sqlite3_column_int64 (select, column + 3) > self->now - SILENCE;
  return is_running (sqlite3_column_int64 (select, column + 2));
}

/* One of the spans that are merged. */
typedef struct {
  gint64 session; /* to which it goes */
  QkSlice slice;
} Share;

static gboolean
read_shares (Aging *self,
             gint64 queue,
             gint64 width,
             gint64 from,
             gint64 to,
             GArray *shares,
             GError **error)
{
  const gint64 numbers[] = {queue, width / G_USEC_PER_SEC, from, to};
  gboolean row;
  sqlite3_stmt *select =
      prepare (self->db,
               "SELECT slices.session, slices.start, figures, ended, host, pid, seen FROM slices "
               "LEFT JOIN sessions ON sessions.id = slices.session WHERE slices.queue = ?1 AND "
               "width = ?2 AND start >= ?3 AND start < ?4",
               numbers, G_N_ELEMENTS (numbers), error);

  if (select == NULL)
    return FALSE;
  while (qk_history_db_step (self->db, select, &row, error))
    {
      Share share = {0};

      if (!row)
        return TRUE;
      share.session = sqlite3_column_int64 (select, 0);
      if (share.session != self->session->id && !lives (self, select, 3))
        share.session = 0;
      qk_figures_decode (&share.slice.figures, sqlite3_column_blob (select, 2),
                         (gsize) sqlite3_column_bytes (select, 2));
      g_array_append_val (shares, share);
    }
  return FALSE;
}

static gboolean
merge_slices (Aging *self,
              gint64 queue,
              gint64 width,
              gint64 wider,
              gint64 from,
              gint64 to,
              GError **error)
{
  const gint64 numbers[] = {queue, width / G_USEC_PER_SEC, from, to};
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (Share));

  if (!read_shares (self, queue, width, from, to, shares, error))
    return FALSE;
  for (guint i = 0; i < shares->len; i++)
    {
      Share *share = &g_array_index (shares, Share, i);

      share->slice.start = from;
      share->slice.width = wider;
      if (!qk_health_db_add_slice (self->db, queue, share->session, &share->slice, error))
        return FALSE;
    }
  return run (self->db,
              "DELETE FROM slices WHERE queue = ?1 AND width = ?2 AND start >= ?3 AND start < ?4",
              numbers, G_N_ELEMENTS (numbers), error);
}

/* The last sample stands for all of them. */
static gboolean
merge_depths (Aging *self,
              gint64 queue,
              gint64 width,
              gint64 wider,
              gint64 from,
              gint64 to,
              GError **error)
{
  const gint64 numbers[] = {queue, width / G_USEC_PER_SEC, from, to, wider / G_USEC_PER_SEC};

  return run (self->db,
              "INSERT OR REPLACE INTO depths (queue, width, start, stuck, statuses, agents) "
              "SELECT queue, ?5, ?3, stuck, statuses, agents FROM depths WHERE queue = ?1 AND "
              "width = ?2 AND start >= ?3 AND start < ?4 ORDER BY start DESC LIMIT 1",
              numbers, 5, error) &&
         run (self->db,
              "DELETE FROM depths WHERE queue = ?1 AND width = ?2 AND start >= ?3 AND start < ?4",
              numbers, 4, error);
}

static gboolean
merge_minutes (Aging *self, gint64 queue, gint64 from, gint64 to, GError **error)
{
  return merge_slices (self, queue, QK_SLICE_MINUTE, QK_SLICE_HOUR, from, to, error) &&
         merge_depths (self, queue, QK_SLICE_MINUTE, QK_SLICE_HOUR, from, to, error);
}

static gboolean
merge_hours (Aging *self, gint64 queue, gint64 from, gint64 to, GError **error)
{
  return merge_slices (self, queue, QK_SLICE_HOUR, QK_SLICE_DAY, from, to, error) &&
         merge_depths (self, queue, QK_SLICE_HOUR, QK_SLICE_DAY, from, to, error);
}

static gboolean
forget_events (Aging *self, gint64 queue, gint64 from, gint64 to, GError **error)
{
  const gint64 numbers[] = {queue, MIN (to, self->events_until)};

  return run (self->db, "DELETE FROM lock_events WHERE queue = ?1 AND time < ?2", numbers, 2,
              error) &&
         run (self->db, "DELETE FROM saves WHERE queue = ?1 AND time < ?2", numbers, 2, error) &&
         run (self->db, "DELETE FROM sessions WHERE queue = ?1 AND seen < ?2 AND ended", numbers, 2,
              error);
}

static gboolean
forget_days (Aging *self, gint64 queue, gint64 from, gint64 to, GError **error)
{
  const gint64 numbers[] = {queue, to};

  return run (self->db, "DELETE FROM slices WHERE queue = ?1 AND width = 86400 AND start < ?2",
              numbers, 2, error) &&
         run (self->db, "DELETE FROM depths WHERE queue = ?1 AND width = 86400 AND start < ?2",
              numbers, 2, error);
}

/* G_MAXINT64 where there is none. */
static gboolean
find_oldest (Aging *self, const char *sql, gint64 queue, gint64 *oldest, GError **error)
{
  sqlite3_stmt *select = prepare (self->db, sql, &queue, 1, error);
  gboolean row;

  *oldest = G_MAXINT64;
  if (select == NULL || !qk_history_db_step (self->db, select, &row, error))
    return FALSE;
  if (row && sqlite3_column_type (select, 0) != SQLITE_NULL)
    *oldest = sqlite3_column_int64 (select, 0);
  (void) sqlite3_reset (select);
  return TRUE;
}

/* Takes steps over spans of that width until the oldest one is not older than @until. */
static gboolean
take_steps (Aging *self,
            gint64 queue,
            const char *sql,
            gint64 width,
            gint64 until,
            Step step,
            GError **error)
{
  gint64 oldest, from;

  for (;;)
    {
      if (!find_oldest (self, sql, queue, &oldest, error))
        return FALSE;
      if (oldest == G_MAXINT64)
        return TRUE;
      from = qk_slice_align (oldest, width);
      if (from + width > until || g_get_monotonic_time () >= self->deadline)
        return TRUE;
      if (!qk_history_db_begin (self->db, FALSE, error))
        return FALSE;
      if (!step (self, queue, from, from + width, error) || !qk_history_db_commit (self->db, error))
        {
          qk_history_db_roll_back (self->db);
          return FALSE;
        }
    }
}

#define OLDEST_OF_WIDTH(width)                                                                     \
  "SELECT min (start) FROM (SELECT min (start) AS start FROM slices WHERE queue = ?1 AND "         \
  "width = " width " UNION ALL SELECT min (start) FROM depths WHERE queue = ?1 AND width = " width \
  ")"

static gboolean
age_queue (Aging *self, gint64 queue, GError **error)
{
  const gint64 minutes_until = self->now - QK_SLICES_MINUTES_KEPT,
               hours_until = self->now - QK_SLICES_HOURS_KEPT,
               days_until = self->now - QK_REPORT_MAX_DAYS * QK_SLICE_DAY;

  return take_steps (self, queue, OLDEST_OF_WIDTH ("60"), QK_SLICE_HOUR, minutes_until,
                     merge_minutes, error) &&
         take_steps (self, queue, OLDEST_OF_WIDTH ("3600"), QK_SLICE_DAY, hours_until, merge_hours,
                     error) &&
         take_steps (self, queue, OLDEST_OF_WIDTH ("86400"), QK_SLICE_DAY, days_until, forget_days,
                     error) &&
         take_steps (self, queue,
                     "SELECT min (time) FROM (SELECT min (time) AS time FROM lock_events WHERE "
                     "queue = ?1 UNION ALL SELECT min (time) FROM saves WHERE queue = ?1)",
                     QK_SLICE_HOUR, self->events_until, forget_events, error);
}

/**
 * qk_health_db_age:
 * @db: a database
 * @session: who does it
 * @now: the present, in microseconds since the Unix epoch
 * @days: for how many days events are kept, of which no more than %QK_HEALTH_EVENTS_DAYS count
 * @budget: how long it may take, in microseconds
 * @error: return location for a #QkHistoryError
 *
 * Merges and forgets what has become old, of all queues. What is not done within @budget is left for
 * the next time.
 *
 * Returns: whether it went well
 */
gboolean
qk_health_db_age (QkHistoryDb *db,
                  const QkHealthSession *session,
                  gint64 now,
                  guint days,
                  gint64 budget,
                  GError **error)
{
  Aging self = {db, session, now, now - MIN (days, QK_HEALTH_EVENTS_DAYS) * G_TIME_SPAN_DAY,
                g_get_monotonic_time () + budget};
  g_autoptr (GArray) queues = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *select = qk_history_db_prepare (db, "SELECT id FROM queues", error);
  gboolean row = TRUE;

  while (select != NULL && row)
    {
      gint64 queue;

      if (!qk_history_db_step (db, select, &row, error))
        return FALSE;
      queue = row ? sqlite3_column_int64 (select, 0) : 0;
      if (row)
        g_array_append_val (queues, queue);
    }
  for (guint i = 0; select != NULL && i < queues->len; i++)
    if (!age_queue (&self, g_array_index (queues, gint64, i), error))
      return FALSE;
  return select != NULL;
}
