#include "qk-fake-report.h"
#include "qk-health-db.h"
#include "qk-store.h"

#include <stdlib.h>
#include <string.h>

/* Writes a made-up week of lock health into a history, for pictures: make-history HISTORY QUEUE. It looks
 * as if another Queuekeeper had counted it. */

static void
check (gboolean ok, GError *error)
{
  if (!ok)
    g_error ("%s", error != NULL ? error->message : "it failed");
}

/* The name of a holder goes to the database as one string; so it is made to be one here. */
static QkHolder *
make_holder (const char *label)
{
  g_autoptr (GRegex) form =
      g_regex_new ("^(.*?)(?: · (.*))? \\(([0-9]+)\\)(?: of (.*))?$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  QkHolder *holder = qk_holder_new (QK_HOLDER_NOBODY);

  if (g_regex_match (form, label, 0, &match))
    {
      g_autofree char *pid = g_match_info_fetch (match, 3);
      g_autofree char *user = g_match_info_fetch (match, 4);
      g_autofree char *script = g_match_info_fetch (match, 2);

      holder->state = QK_HOLDER_FOUND;
      holder->pid = g_ascii_strtoll (pid, NULL, 10);
      holder->name = g_match_info_fetch (match, 1);
      holder->script = script != NULL && *script != '\0' ? g_steal_pointer (&script) : NULL;
      holder->is_other_user = user != NULL && *user != '\0';
      holder->user = holder->is_other_user ? g_steal_pointer (&user) : NULL;
    }
  else if (g_str_equal (label, "could not look"))
    holder->state = QK_HOLDER_UNKNOWN;
  else if (g_str_has_prefix (label, "process "))
    {
      holder->state = QK_HOLDER_FOUND;
      holder->gone = TRUE;
      holder->pid = g_ascii_strtoll (label + strlen ("process "), NULL, 10);
    }
  return holder;
}

static void
add_events (QkHealthBatch *batch, const QkReport *report)
{
  for (guint i = report->events->len; i > 0; i--)
    {
      const QkReportEvent *met = report->events->pdata[i - 1];
      QkLockEvent *event = qk_lock_event_copy (met->event);

      if (met->holder != NULL)
        event->holder = make_holder (met->holder);
      g_ptr_array_add (batch->events, event);
    }
}

static void
add_depth (QkHistoryDb *db, const QkHealthSession *session, const QkBucket *bucket)
{
  QkSummary summary = {.stuck = bucket->stuck, .agents = g_ptr_array_new ()};
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < QK_N_STATUSES; i++)
    summary.by_status[i] = bucket->depth[i];
  check (qk_health_db_sample (db, session, bucket->start + QK_SLICE_HOUR, &summary, &error), error);
  g_ptr_array_unref (summary.agents);
}

int
main (int argc, char **argv)
{
  g_autoptr (QkReport) report = qk_fake_report_week (QK_PERIOD_WEEK, g_get_real_time ());
  g_autoptr (QkHealthBatch) batch = qk_health_batch_new ();
  g_autoptr (QkHealthSession) session = NULL;
  g_autoptr (QkHistoryDb) db = NULL;
  g_autoptr (QkStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: make-history HISTORY QUEUE\n");
      return EXIT_FAILURE;
    }
  store = qk_store_new (argv[2]);
  key = qk_store_dup_key (store);
  session = qk_health_session_new (key);
  g_free (session->program);
  session->program = g_strdup ("qkctl");
  session->pid = 977;
  db = qk_history_db_open (argv[1], &error);
  check (db != NULL, error);
  add_events (batch, report);
  for (guint i = 0; i < report->buckets->len; i++)
    {
      const QkBucket *bucket = &g_array_index (report->buckets, QkBucket, i);

      qk_figures_add (qk_slices_get (batch->slices, bucket->start, QK_SLICE_HOUR),
                      &bucket->figures);
      if (bucket->has_depth)
        add_depth (db, session, bucket);
    }
  check (qk_health_db_write (db, session, batch, TRUE, &error), error);
  return EXIT_SUCCESS;
}
