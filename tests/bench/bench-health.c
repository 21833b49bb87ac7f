/* What it costs to count, and to keep what was counted.
 *
 *     bench-health saves [N]    a save without a history, with one, and with the events in it, too
 *     bench-health year [DAYS]  how large the history of a busy queue gets: 20,000 events and 20,000
 *                               saves a day, 30 agents sampled every minute
 */

#include "qk-health-db.h"
#include "qk-health.h"
#include "qk-store.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS       10
#define EVENTS_A_DAY 20000
#define AGENTS       30

static char *
make_queue (guint n)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "%s{\"queue_id\":\"id-%u\",\"status\":\"FAILED\",\"message\":"
                            "{\"recipient\":\"Agent-%u\",\"content\":\"something to be done\"}}",
                            i > 0 ? "," : "", i, i % AGENTS);
  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkResult) saved = qk_store_apply_finish (QK_STORE (source), result, NULL);

  if (saved == NULL || saved->changed->len != 1)
    g_error ("a save failed");
  *(gboolean *) user_data = TRUE;
}

/* How long each of @n purges takes, in microseconds. */
static void
time_saves (const char *queue, QkHistory *history, gboolean counted, guint n, GArray *times)
{
  g_autofree char *text = make_queue (400);
  g_autoptr (QkStore) store = qk_store_new (queue);
  g_autoptr (QkHealth) health = NULL;

  if (!g_file_set_contents (queue, text, -1, NULL))
    g_error ("%s cannot be written", queue);
  if (counted)
    health = qk_health_new (store, history);
  if (history != NULL)
    qk_store_set_journal (store, QK_JOURNAL (history));
  qk_store_start (store);
  while (qk_store_get_state (store) != QK_STORE_STATE_LIVE)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n; i++)
    {
      gint64 time = g_get_monotonic_time ();
      g_autoptr (GPtrArray) changes =
          g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
      gboolean done = FALSE;

      g_ptr_array_add (
          changes, qk_change_new_purge (qk_document_get_entry (qk_store_get_document (store), i)));
      qk_store_apply_async (store, changes, NULL, NULL, on_applied, &done);
      while (!done)
        g_main_context_iteration (NULL, TRUE);
      time = g_get_monotonic_time () - time;
      g_array_append_val (times, time);
    }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double
get_time (GArray *times, double part)
{
  g_array_sort (times, compare_times);
  return (double) g_array_index (times, gint64, (guint) (part * (times->len - 1)));
}

static int
bench_saves (const char *folder, guint n)
{
  g_autofree char *queue = g_build_filename (folder, "queue.json", NULL);
  g_autofree char *db = g_build_filename (folder, "saves.db", NULL);
  g_autoptr (QkHistory) history = qk_history_new (db);
  static const char *const labels[] = {"no history", "history", "history and events"};
  GArray *times[G_N_ELEMENTS (labels)];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (times); i++)
      time_saves (queue, i > 0 ? history : NULL, i == 2, n, times[i]);
  g_print ("a save, in microseconds, of %u: the median, 95 of 100, and the first as a ratio\n",
           n * ROUNDS);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_print ("  %-20s %8.0f %8.0f   %.2f of no history, %.2f of history\n", labels[i],
             get_time (times[i], 0.5), get_time (times[i], 0.95),
             get_time (times[i], 0.5) / get_time (times[0], 0.5),
             get_time (times[i], 0.5) / get_time (times[1], 0.5));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_array_unref (times[i]);
  return EXIT_SUCCESS;
}

static void
add_minute (QkHealthBatch *batch, gint64 time, guint n)
{
  QkFigures *figures = qk_slices_get (batch->slices, time, QK_SLICE_MINUTE);

  for (guint i = 0; i < n; i++)
    {
      const QkLockEvent event = {
          .time = time + i * 4 * G_USEC_PER_SEC + g_random_int_range (0, 1000000),
          .operation = i % 4 != 0,
          .kind = i % QK_N_LOCK_KINDS,
          .code = 13,
          .attempt = i % 8 + 1,
          .attempts = 8,
          .delay = 150000 << (i % 4),
          .outcome = i % 9 == 0 ? QK_LOCK_OUTCOME_MERGED : QK_LOCK_OUTCOME_RETRY,
      };
      const QkSave save = {
          event.time, i % 50 != 0, i % 8 + 1, event.delay, 30000 + event.time % 9999, 0};

      g_ptr_array_add (batch->events, qk_lock_event_copy (&event));
      g_array_append_val (batch->saves, save);
      qk_figures_count_event (figures, &event);
      qk_figures_count_save (figures, &save);
    }
}

static void
check (gboolean done, const GError *error)
{
  if (!done)
    g_error ("%s", error->message);
}

static void
add_hour (QkHistoryDb *db, const QkHealthSession *session, QkDocument *document, gint64 hour)
{
  g_autoptr (QkHealthBatch) batch = qk_health_batch_new ();
  g_autoptr (GError) error = NULL;
  guint done = 0;

  for (guint minute = 0; minute < 60; minute++)
    {
      gint64 time = hour + minute * QK_SLICE_MINUTE;
      guint due = EVENTS_A_DAY / 24 * (minute + 1) / 60;
      g_autoptr (QkSummary) summary = qk_summary_new (document, time, 60);

      for (guint i = 0; i < summary->agents->len; i++)
        {
          QkAgentCount *agent = g_ptr_array_index (summary->agents, i);

          agent->by_status[QK_STATUS_PENDING] = g_random_int_range (0, 300);
          summary->by_status[QK_STATUS_PENDING] += agent->by_status[QK_STATUS_PENDING];
        }
      add_minute (batch, time, due - done);
      done = due;
      check (qk_health_db_sample (db, session, time, summary, &error), error);
    }
  check (qk_health_db_write (db, session, batch, FALSE, &error), error);
}

static void
tell_size (QkHistoryDb *db, const char *path, guint day)
{
  GStatBuf st;

  qk_history_db_tidy (db);
  if (g_stat (path, &st) == 0)
    g_print ("  day %4u  %6.1f MB\n", day, (double) st.st_size / 1e6);
}

static int
bench_year (const char *folder, guint days)
{
  g_autofree char *path = g_build_filename (folder, "year.db", NULL);
  g_autofree char *text = make_queue (AGENTS);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (QkDocument) document = qk_document_new (bytes, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkHistoryDb) db = qk_history_db_open (path, &error);
  g_autoptr (QkHealthSession) session = qk_health_session_new ("/the/queue/queue.json");
  gint64 start = qk_slice_align (g_get_real_time () - days * QK_SLICE_DAY, QK_SLICE_DAY);

  check (db != NULL, error);
  g_print ("the history of a busy queue\n");
  for (guint day = 0; day < days; day++)
    {
      gint64 begin = start + day * QK_SLICE_DAY;

      for (guint hour = 0; hour < 24; hour++)
        add_hour (db, session, document, begin + hour * QK_SLICE_HOUR);
      check (qk_health_db_age (db, session, begin + QK_SLICE_DAY, 30, G_TIME_SPAN_MINUTE, &error),
             error);
      if ((day + 1) % 73 == 0 || day == 6 || day + 1 == days)
        tell_size (db, path, day + 1);
    }
  return EXIT_SUCCESS;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      (void) g_remove (path);
    }
  (void) g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("qk-bench-XXXXXX", NULL);
  guint n = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 0;
  int code = EXIT_FAILURE;

  if (folder != NULL && argc > 1 && strcmp (argv[1], "saves") == 0)
    code = bench_saves (folder, n > 0 ? MIN (n, 400) : 50);
  else if (folder != NULL && argc > 1 && strcmp (argv[1], "year") == 0)
    code = bench_year (folder, n > 0 ? n : 365);
  else
    g_printerr ("usage: bench-health saves [N] | year [DAYS]\n");
  if (folder != NULL)
    remove_folder (folder);
  return code;
}
