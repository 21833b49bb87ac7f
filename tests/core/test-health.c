#include "qk-contention.h"
#include "qk-event-log.h"
#include "qk-file-store.h"
#include "qk-health-codec.h"
#include "qk-health.h"
#include "qk-history-fixture.h"
#include "qk-history-schema.h"
#include "qk-report-fill.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What is counted, against what really happened: in memory, in the database, by another process, and
 * when it has got old. */

#define PATIENCE_MS 20000

typedef struct {
  QkHistoryFixture base;
  QkStore *store;
  QkHealth *health;
  guint n_changed;
  const char *sql; /* what is waited for */
  gint64 expected;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_set_up (&fixture->base, data);
  qk_history_fixture_write_ids (&fixture->base, "abcdef", "FAILED");
  fixture->store = qk_contention_store_new (fixture->base.folder.queue);
  fixture->health = qk_health_new (fixture->store, fixture->base.history);
}

static gboolean
is_finalized (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->health);
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  g_assert_true (qk_test_wait (is_finalized, &fixture->store, PATIENCE_MS));
  qk_history_fixture_tear_down (&fixture->base, data);
}

static gboolean
is_counted (gpointer data)
{
  Fixture *fixture = data;

  return g_file_test (fixture->base.db, G_FILE_TEST_EXISTS) &&
         qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM sqlite_master WHERE "
                                                   "name = 'depths'") == 1 &&
         qk_history_fixture_count (&fixture->base, fixture->sql) == fixture->expected;
}

static void
wait_for_count (Fixture *fixture, const char *sql, gint64 expected)
{
  fixture->sql = sql;
  fixture->expected = expected;
  if (!qk_test_wait (is_counted, fixture, PATIENCE_MS))
    g_error ("%s: %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, sql,
             qk_history_fixture_count (&fixture->base, sql), expected);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static QkReport *
report (QkHealth *health, QkPeriod period)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  QkReport *made;

  qk_health_report_async (health, period, NULL, on_done, &done);
  g_assert_true (qk_test_wait (has_result, &done, PATIENCE_MS));
  made = qk_health_report_finish (health, done, &error);
  g_assert_no_error (error);
  return made;
}

static void
assert_same (const QkFigures *a, const QkFigures *b)
{
  g_assert_cmpmem (a, sizeof *a, b, sizeof *b);
}

static void
emit (Fixture *fixture, QkLockKind kind, QkLockOutcome outcome)
{
  const QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_SAVE,
      .kind = kind,
      .attempt = 1,
      .attempts = 8,
      .delay = 150000,
      .outcome = outcome,
  };

  g_signal_emit_by_name (fixture->store, "lock-event", &event);
}

static gboolean
is_live (gpointer store)
{
  return qk_store_get_state (store) == QK_STORE_STATE_LIVE;
}

static void
age (Fixture *fixture, gint64 by)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QkHistoryDb) db = qk_history_db_open (fixture->base.db, &error);
  g_autoptr (QkHealthSession) session = qk_health_session_new ("another");

  g_assert_no_error (error);
  g_assert_true (
      qk_health_db_age (db, session, g_get_real_time () + by, 30, G_TIME_SPAN_MINUTE, &error));
  g_assert_no_error (error);
}

#define COUNT_WIDTH(width) "SELECT count(*) FROM slices WHERE width = " #width

/* The same numbers here, in another process's eyes, and when minutes have become hours, and days. */
static void
test_contention (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkStore) others_store = QK_STORE (qk_file_store_new (fixture->base.folder.queue));
  g_autoptr (QkHistory) others_history = qk_history_new (fixture->base.db);
  g_autoptr (QkHealth) other = qk_health_new (others_store, others_history);
  const QkFigures none = {0};
  QkFigures session;

  qk_contention_run (fixture->health, &fixture->base.folder);
  session = *qk_health_get_session (fixture->health);
  qk_contention_assert (&session);
  wait_for_count (fixture, "SELECT count(*) FROM lock_events", 6);
  wait_for_count (fixture, "SELECT count(*) FROM saves", 3);
  for (guint period = 0; period < QK_N_PERIODS; period++)
    {
      g_autoptr (QkReport) ours = report (fixture->health, period);
      g_autoptr (QkReport) theirs = report (other, period);
      QkFigures in_buckets = {0};

      g_assert_null (ours->problem);
      assert_same (&ours->by_source[QK_SOURCE_HERE], &session);
      assert_same (&ours->by_source[QK_SOURCE_OTHERS], &none);
      assert_same (&ours->total, &session);
      assert_same (&theirs->by_source[QK_SOURCE_HERE], &none);
      assert_same (&theirs->by_source[QK_SOURCE_OTHERS], &session);
      g_assert_cmpuint (ours->n_events, ==, 6);
      g_assert_cmpuint (theirs->events->len, ==, 6);
      for (guint i = 0; i < ours->buckets->len; i++)
        qk_figures_add (&in_buckets, &g_array_index (ours->buckets, QkBucket, i).figures);
      assert_same (&in_buckets, &session);
    }

  /* While its process lives, a session keeps its own sums. */
  age (fixture, 2 * G_TIME_SPAN_DAY);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, COUNT_WIDTH (60)), ==, 0);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM slices WHERE "
                                                             "session = 0"),
                   ==, 0);
  {
    g_autoptr (QkReport) ours = report (fixture->health, QK_PERIOD_ALL);

    assert_same (&ours->total, &session);
  }
  g_clear_object (&fixture->health);
  fixture->health = qk_health_new (fixture->store, fixture->base.history);
  age (fixture, 200 * G_TIME_SPAN_DAY);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, COUNT_WIDTH (3600)), ==, 0);
  g_assert_cmpint (
      qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM slices WHERE session = 0"), >,
      0);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM lock_events"),
                   ==, 0);
  {
    g_autoptr (QkReport) theirs = report (other, QK_PERIOD_ALL);

    assert_same (&theirs->total, &session);
    g_assert_cmpuint (theirs->n_events, ==, 6);
    g_assert_cmpuint (theirs->events->len, ==, 0);
  }
}

/* Whether it has been handed over yet or not, once. */
static void
test_counted_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHealth) other = NULL;
  g_autoptr (QkReport) theirs = NULL;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (QkReport) made = NULL;

      emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
      if (i % 10 == 9)
        wait_for_count (fixture, "SELECT count(*) FROM lock_events", i + 1);
      made = report (fixture->health, i % QK_N_PERIODS);
      g_assert_cmpuint (qk_figures_get_lock_errors (&made->total), ==, i + 1);
      g_assert_cmpuint (made->n_events, ==, i + 1);
      g_assert_cmpuint (made->events->len, ==, i + 1);
    }
  /* Five times something was added to what the database had of that minute, or of the next. */
  other = qk_health_new (fixture->store, fixture->base.history);
  theirs = report (other, QK_PERIOD_DAY);
  g_assert_cmpuint (qk_figures_get_lock_errors (&theirs->by_source[QK_SOURCE_OTHERS]), ==, 50);
}

static void
on_changed (QkHealth *health, Fixture *fixture)
{
  fixture->n_changed++;
}

static gboolean
has_changed (gpointer data)
{
  return ((Fixture *) data)->n_changed > 0;
}

/* At most once per turn of the main loop. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->health, "changed", G_CALLBACK (on_changed), fixture);
  for (guint i = 0; i < 100; i++)
    emit (fixture, QK_LOCK_KIND_IN_USE, QK_LOCK_OUTCOME_RETRY);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->retries[QK_OPERATION_SAVE], ==, 100);
  g_assert_true (qk_test_wait (has_changed, fixture, PATIENCE_MS));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
}

static gboolean
sees_others (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkReport) made = NULL;

  if (fixture->n_changed == 0)
    return FALSE;
  fixture->n_changed = 0;
  made = report (fixture->health, QK_PERIOD_HOUR);
  return made->by_source[QK_SOURCE_OTHERS].retries[QK_OPERATION_SAVE] == 2;
}

/* What another one writes is heard of without being asked for. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkStore) store = QK_STORE (qk_file_store_new (fixture->base.folder.queue));
  g_autoptr (QkHistory) history = qk_history_new (fixture->base.db);
  QkHealth *other = qk_health_new (store, history);
  Fixture others = {.store = store, .health = other};
  QkReport *made;

  g_signal_connect (fixture->health, "changed", G_CALLBACK (on_changed), fixture);
  emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_GIVE_UP);
  wait_for_count (fixture, "SELECT count(*) FROM lock_events", 1);
  emit (&others, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  emit (&others, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  g_assert_true (qk_test_wait (sees_others, fixture, PATIENCE_MS));
  g_object_unref (other);
  wait_for_count (fixture, "SELECT count(*) FROM sessions WHERE ended", 1);
  made = report (fixture->health, QK_PERIOD_DAY);
  g_assert_cmpuint (made->n_events, ==, 3);
  g_assert_cmpuint (made->buckets->len, ==, 48);
  for (guint i = 0; i < made->events->len; i++)
    {
      const QkReportEvent *event = g_ptr_array_index (made->events, i);

      g_assert_cmpint (event->pid, ==, getpid ());
      g_assert_cmpstr (event->program, ==, g_get_prgname ());
    }
  qk_report_unref (made);
}

/* Who held the file, counted here and by others. */
static void
test_holders (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkStore) store = QK_STORE (qk_file_store_new (fixture->base.folder.queue));
  g_autoptr (QkHealth) other = qk_health_new (store, fixture->base.history);
  QkHolder *holder = qk_holder_new (QK_HOLDER_NOBODY);
  g_autofree char *label = qk_holder_dup_label (holder);
  const QkLockEvent event = {.time = g_get_real_time (), .attempt = 1, .holder = holder};

  g_signal_emit_by_name (fixture->store, "lock-event", &event);
  g_signal_emit_by_name (fixture->store, "lock-event", &event);
  emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  wait_for_count (fixture, "SELECT count(holder) FROM lock_events", 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QkReport) made = report (i == 0 ? fixture->health : other, QK_PERIOD_HOUR);
      const QkHolderCount *count;

      g_assert_cmpuint (made->holders->len, ==, 1);
      count = g_ptr_array_index (made->holders, 0);
      g_assert_cmpstr (count->label, ==, label);
      g_assert_cmpuint (count->count, ==, 2);
      g_assert_cmpuint (made->events->len, ==, 3);
      /* The newest first: that one nobody was looked for. */
      for (guint at = 0; at < made->events->len; at++)
        g_assert_cmpstr (((QkReportEvent *) made->events->pdata[at])->holder, ==,
                         at == 0 ? NULL : label);
    }
  qk_holder_unref (holder);
}

static void
test_depth (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkReport) made = NULL, old = NULL;
  const QkBucket *last;
  g_autoptr (QkStore) store = QK_STORE (qk_file_store_new (fixture->base.folder.queue));
  g_autoptr (QkHealth) other = qk_health_new (store, fixture->base.history);

  g_signal_connect (fixture->health, "changed", G_CALLBACK (on_changed), fixture);
  qk_store_start (fixture->store);
  g_assert_true (qk_test_wait (is_live, fixture->store, PATIENCE_MS));
  wait_for_count (fixture, "SELECT count(*) > 0 FROM depths WHERE width = 60", 1);
  made = report (fixture->health, QK_PERIOD_HOUR);
  g_assert_cmpuint (made->buckets->len, ==, 60);
  last = &g_array_index (made->buckets, QkBucket, 59);
  g_assert_true (last->has_depth);
  g_assert_cmpuint (last->depth[QK_STATUS_FAILED], ==, 6);
  g_assert_cmpuint (made->agents->len, ==, 1);
  age (fixture, 200 * G_TIME_SPAN_DAY);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM depths"), ==, 1);
  old = report (other, QK_PERIOD_ALL);
  last = &g_array_index (old->buckets, QkBucket, 0);
  g_assert_true (last->has_depth);
  g_assert_cmpuint (last->depth[QK_STATUS_FAILED], ==, 6);
}

static gboolean
has_swarm (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (QkReport) made = report (fixture->health, QK_PERIOD_ALL);

  return made->by_source[QK_SOURCE_SWARM].saves_failed == 2 && made->swarm_location != NULL;
}

static void
test_swarm (Fixture *fixture, gconstpointer data)
{
  g_free (qk_test_folder_write (&fixture->base.folder, "file_locking_metrics.json",
                                "{\"errors\":[],\"retry_success\":[],\"summary\":"
                                "{\"total_errors\":7,\"winerror_5_count\":7,"
                                "\"retry_failure_count\":2}}",
                                -1));
  emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  g_assert_true (qk_test_wait (has_swarm, fixture, PATIENCE_MS));
  {
    g_autoptr (QkReport) made = report (fixture->health, QK_PERIOD_ALL);

    g_assert_cmpuint (made->by_source[QK_SOURCE_SWARM].winerrors[0], ==, 7);
    g_assert_cmpuint (qk_figures_get_lock_errors (&made->total), ==, 8);
    g_assert_cmpuint (made->n_events, ==, 8);
  }
}

static gboolean
has_problem (gpointer data)
{
  g_autofree char *problem = qk_health_dup_problem (((Fixture *) data)->health);

  return problem != NULL;
}

/* Counted in memory, said, and saved all the same. */
static void
assert_goes_on (Fixture *fixture, const char *reason)
{
  g_autoptr (QkResult) result = NULL;
  g_autoptr (QkReport) made = NULL;
  g_autofree char *problem = NULL;

  emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  g_assert_true (qk_test_wait (has_problem, fixture, PATIENCE_MS));
  problem = qk_health_dup_problem (fixture->health);
  if (strstr (problem, reason) == NULL)
    g_error ("“%s” does not say “%s”", problem, reason);
  qk_history_fixture_write_ids (&fixture->base, "abc", "FAILED");
  result = qk_contention_purge_first (fixture->store, &fixture->base.folder, NULL);
  g_assert_nonnull (result);
  g_assert_cmpuint (result->attempts, ==, 1);
  made = report (fixture->health, QK_PERIOD_DAY);
  g_assert_cmpuint (made->total.errors[QK_OPERATION_SAVE][QK_LOCK_KIND_LOCK_HELD], ==, 1);
  g_assert_cmpuint (made->total.saves, ==, 1);
  g_assert_cmpuint (qk_health_get_session (fixture->health)->saves, ==, 1);
}

/* All that was counted in memory is kept when it can be. */
static void
assert_made_up_for (Fixture *fixture)
{
  g_autoptr (QkHealth) other = NULL;
  g_autoptr (QkReport) made = NULL;

  g_clear_object (&fixture->health);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM lock_events"),
                   ==, 1);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM saves"), ==, 1);
  other = qk_health_new (fixture->store, fixture->base.history);
  made = report (other, QK_PERIOD_ALL);
  g_assert_null (made->problem);
  g_assert_cmpuint (qk_figures_get_lock_errors (&made->by_source[QK_SOURCE_OTHERS]), ==, 1);
  g_assert_cmpuint (made->total.saves, ==, 1);
}

static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocked = qk_test_folder_write (&fixture->base.folder, "data", "a file", -1);

  assert_goes_on (fixture, blocked);
  g_assert_cmpint (g_unlink (blocked), ==, 0);
  assert_made_up_for (fixture);
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  sqlite3 *other = NULL;

  g_assert_true (qk_history_prune (fixture->base.history, 30, NULL));
  g_assert_cmpint (sqlite3_open (fixture->base.db, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  assert_goes_on (fixture, "another program has locked it");
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  assert_made_up_for (fixture);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  struct rlimit old, small;

  (void) signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_true (qk_history_prune (fixture->base.history, 30, NULL));
  small = (struct rlimit){4096, old.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  assert_goes_on (fixture, "cannot be used");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  assert_made_up_for (fixture);
}

/* Moved aside, and said so; what was counted goes to the new one. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->base.db);
  g_autofree char *garbage = g_strnfill (9000, 'g');

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->base.db, garbage, -1, NULL));
  assert_goes_on (fixture, "was damaged and is kept as");
  assert_made_up_for (fixture);
}

/* Longer without a database than single events are kept: the counts are whole. */
static void
test_many_in_memory (Fixture *fixture, gconstpointer data)
{
  const guint n = QK_HEALTH_BATCH_MAX + 2500;
  g_autofree char *blocked = qk_test_folder_write (&fixture->base.folder, "data", "a file", -1);
  g_autoptr (QkHealth) other = NULL;
  g_autoptr (QkReport) made = NULL;

  for (guint i = 0; i < n; i++)
    emit (fixture, QK_LOCK_KIND_ABSENT, QK_LOCK_OUTCOME_RETRY);
  g_assert_true (qk_test_wait (has_problem, fixture, PATIENCE_MS));
  g_assert_cmpint (g_unlink (blocked), ==, 0);
  g_clear_object (&fixture->health);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM lock_events"),
                   ==, QK_HEALTH_BATCH_MAX);
  other = qk_health_new (fixture->store, fixture->base.history);
  made = report (other, QK_PERIOD_ALL);
  g_assert_cmpuint (qk_figures_get_errors (&made->total, QK_LOCK_KIND_ABSENT), ==, n);
  g_assert_cmpuint (made->n_events, ==, n);
  g_assert_cmpuint (made->events->len, ==, QK_REPORT_MAX_EVENTS);
}

/* A history of the version before keeps what it has. */
static void
test_migration (Fixture *fixture, gconstpointer data)
{
  qk_history_fixture_execute (&fixture->base, qk_history_migrations[0]);
  qk_history_fixture_execute (&fixture->base, qk_history_migrations[1]);
  qk_history_fixture_execute (
      &fixture->base,
      "INSERT INTO operations VALUES (7, 1, 'q', 'purge', 1, 'h', 'u', 'p', 1, NULL,"
      " NULL, 'done'); INSERT INTO entries (operation, ordinal, id) VALUES (7, 0, "
      "'x'); PRAGMA user_version = 2");
  emit (fixture, QK_LOCK_KIND_CONFLICT, QK_LOCK_OUTCOME_MERGED);
  wait_for_count (fixture, "SELECT count(*) FROM lock_events", 1);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "PRAGMA user_version"), ==,
                   (gint64) qk_history_version);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT id FROM operations"), ==, 7);
  g_assert_cmpint (qk_history_fixture_count (&fixture->base, "SELECT count(*) FROM entries"), ==,
                   1);
}

/* Who opens the database a second time and closes that again leaves the first one's locks alone: another
 * process would take the write-ahead log for its own. */
static void
test_second_connection (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (fixture->base.db, "-wal", NULL);
  g_autofree char *database =
      g_strconcat ("import sqlite3; c = sqlite3.connect('", fixture->base.db,
                   "'); c.execute('select * from operations').fetchall(); "
                   "c.close()",
                   NULL);
  const char *const argv[] = {"python3", "-c", database, NULL};
  g_autoptr (QkHistoryDb) first = qk_history_db_open (fixture->base.db, NULL);

  g_assert_nonnull (first);
  qk_history_db_close (qk_history_db_open (fixture->base.db, NULL));
  g_assert_true (qk_history_db_begin (first, FALSE, NULL));
  g_assert_true (qk_history_db_commit (first, NULL));
  g_assert_true (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 0);
  g_assert_true (g_file_test (wal, G_FILE_TEST_EXISTS));
}

static void
test_codec (Fixture *fixture, gconstpointer data)
{
  QkFigures figures = {0}, back;
  g_autoptr (GByteArray) bytes = NULL;
  static const guint8 unknown[] = {0xff, 0x07, 0x05, 0x68, 0x03, 0x69}; /* and cut off */
  guint64 value = 1;

  for (guint operation = 0; operation < 2; operation++)
    {
      for (guint kind = 0; kind < QK_N_LOCK_KINDS; kind++)
        figures.errors[operation][kind] = value++;
      figures.retries[operation] = value++;
    }
  for (guint i = 0; i < 3; i++)
    figures.winerrors[i] = value++;
  for (guint i = 0; i <= QK_REPORT_MAX_ATTEMPTS; i++)
    figures.attempts[i] = G_MAXUINT64 - value++;
  figures.saves = value++;
  figures.saves_retried = value++;
  figures.saves_failed = value++;
  figures.worst_attempts = (guint) value++;
  figures.total_attempts = value++;
  figures.waited = G_MAXINT64;
  figures.worst_wait = (gint64) value++;
  figures.elapsed = (gint64) value++;
  figures.worst_elapsed = (gint64) value++;
  figures.n_elapsed = value++;
  figures.conflicts = value++;
  figures.overwrites = value++;
  bytes = qk_figures_encode (&figures);
  qk_figures_decode (&back, bytes->data, bytes->len);
  assert_same (&back, &figures);

  qk_figures_decode (&back, unknown, sizeof unknown);
  g_assert_cmpuint (back.saves, ==, 3);
  g_assert_cmpuint (back.saves_retried, ==, 0);
}

/* A clock that was wrong: what it has counted is told with all that is known, and nowhere else; and a
 * report is not as long as the error. */
static void
test_wrong_clock (Fixture *fixture, gconstpointer data)
{
  const gint64 now = g_get_real_time (), year = 365 * QK_SLICE_DAY;
  const gint64 times[] = {now - 60 * year, now - QK_SLICE_MINUTE, now + year};

  for (QkPeriod period = QK_PERIOD_HOUR; period <= QK_PERIOD_ALL; period++)
    {
      g_autoptr (QkReport) made = qk_report_new ();
      guint expected = period == QK_PERIOD_ALL ? 3 : 1;
      QkFigures sum = {0};

      qk_report_set_time (made, period, now - 2000 * year, now);
      g_assert_cmpuint (made->buckets->len, <=, QK_REPORT_MAX_DAYS + 1);
      for (guint i = 0; i < G_N_ELEMENTS (times); i++)
        {
          QkSlice slice = {.start = qk_slice_align (times[i], QK_SLICE_MINUTE),
                           .width = QK_SLICE_MINUTE};
          const QkLockEvent met = {.time = times[i], .kind = QK_LOCK_KIND_IN_USE};
          QkReportEvent *event = g_new0 (QkReportEvent, 1);

          slice.figures.errors[QK_OPERATION_SAVE][QK_LOCK_KIND_IN_USE] = 1;
          qk_report_add_slice (made, QK_SOURCE_OTHERS, &slice);
          event->event = qk_lock_event_copy (&met);
          qk_report_take_event (made, event);
        }
      for (guint i = 0; i < made->buckets->len; i++)
        qk_figures_add (&sum, &g_array_index (made->buckets, QkBucket, i).figures);
      g_assert_cmpuint (qk_figures_get_lock_errors (&made->total), ==, expected);
      g_assert_cmpuint (qk_figures_get_lock_errors (&sum), ==, expected);
      g_assert_cmpuint (made->n_events, ==, expected);
      g_assert_cmpuint (made->events->len, ==, expected);
    }
}

/* The same of what the database has, where the future would hide what really happened. */
static void
test_wrong_clock_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QkHealth) other = NULL;
  g_autoptr (QkReport) hour = NULL, all = NULL;

  emit (fixture, QK_LOCK_KIND_LOCK_HELD, QK_LOCK_OUTCOME_RETRY);
  wait_for_count (fixture, "SELECT count(*) FROM lock_events", 1);
  qk_history_fixture_execute (
      &fixture->base,
      "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
      "INSERT INTO lock_events SELECT queue, time + 31536000000000 + i, session, 0, operation, kind, "
      "code, winerror, attempt, attempts, delay, outcome, 'a ghost' FROM lock_events, n;"
      "INSERT INTO slices SELECT queue, width, start + 31536000000000, session, figures FROM slices");
  other = qk_health_new (fixture->store, fixture->base.history);
  hour = report (other, QK_PERIOD_HOUR);
  g_assert_cmpuint (qk_figures_get_lock_errors (&hour->total), ==, 1);
  g_assert_cmpuint (hour->events->len, ==, 1);
  g_assert_cmpuint (hour->holders->len, ==, 0);
  all = report (other, QK_PERIOD_ALL);
  g_assert_cmpuint (qk_figures_get_lock_errors (&all->total), ==, 2);
  g_assert_cmpuint (all->holders->len, ==, 1);
}

/* The rule by which is judged is the one by which is saved. */
static void
test_policy (Fixture *fixture, gconstpointer data)
{
  const QkRetryPolicy policy = {12, 200000, 3000000};
  g_autoptr (QkReport) made = NULL;

  qk_store_set_policy (fixture->store, &policy);
  made = report (fixture->health, QK_PERIOD_SESSION);
  g_assert_cmpuint (made->policy.attempts, ==, 12);
  g_assert_cmpint (made->policy.base_delay, ==, 200000);
  g_assert_cmpint (made->policy.max_delay, ==, 3000000);
}

static void
test_slices (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) slices = qk_slices_new ();
  gint64 now = g_get_real_time ();
  QkFigures sum = {0};

  for (guint i = 0; i < 200 * 24; i++)
    for (guint minute = 0; minute < 60; minute += 20)
      qk_slices_get (slices, now - (gint64) i * QK_SLICE_HOUR + minute, QK_SLICE_MINUTE)->saves++;
  for (guint i = 0; i < slices->len; i++)
    qk_figures_add (&sum, &g_array_index (slices, QkSlice, i).figures);
  g_assert_cmpuint (sum.saves, ==, 200 * 24 * 3);
  qk_slices_age (slices, now);
  g_assert_cmpuint (slices->len, <, 90 * 24 + 112 + 30);
  sum = (QkFigures){0};
  for (guint i = 0; i < slices->len; i++)
    qk_figures_add (&sum, &g_array_index (slices, QkSlice, i).figures);
  g_assert_cmpuint (sum.saves, ==, 200 * 24 * 3);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/health/contention", test_contention},
      {"/health/counted-once", test_counted_once},
      {"/health/changed", test_changed},
      {"/health/others", test_others},
      {"/health/holders", test_holders},
      {"/health/depth", test_depth},
      {"/health/swarm", test_swarm},
      {"/health/no-place", test_no_place},
      {"/health/locked", test_locked},
      {"/health/full", test_full},
      {"/health/damaged", test_damaged},
      {"/health/many-in-memory", test_many_in_memory},
      {"/health/migration", test_migration},
      {"/health/second-connection", test_second_connection},
      {"/health/codec", test_codec},
      {"/health/slices", test_slices},
      {"/health/policy", test_policy},
      {"/health/wrong-clock", test_wrong_clock},
      {"/health/wrong-clock-kept", test_wrong_clock_kept},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
