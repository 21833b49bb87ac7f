#include "qk-export-private.h"

#include "qk-recorded-save.h"
#include "qk-time.h"

/* What the swarm itself keeps at most. */
#define MAX_LISTED  1000U
#define MAX_MOMENTS 500U

/* As the swarm's programs, which are written for Windows, number them: 0 where it has no number. */
static int
get_winerror (QkLockKind kind)
{
  static const int codes[QK_N_LOCK_KINDS] =
      {[QK_LOCK_KIND_ACCESS_DENIED] = 5, [QK_LOCK_KIND_IN_USE] = 32, [QK_LOCK_KIND_LOCK_HELD] = 33};

  return codes[kind];
}

/* Naive local time, as the swarm writes it. */
static void
add_time (QkJsonWriter *json, const char *name, gint64 time)
{
  g_autofree char *text = qk_wall_format (MAX (qk_wall_from_unix (time), 0));

  qk_json_writer_add_text (json, name, text);
}

static void
add_errors (QkJsonWriter *json, const QkReport *report)
{
  qk_json_writer_begin (json, "errors", '[');
  for (guint i = MIN (report->events->len, MAX_LISTED); i > 0; i--)
    {
      const QkReportEvent *event = g_ptr_array_index (report->events, i - 1);
      const QkLockEvent *told = event->event;

      if (get_winerror (told->kind) == 0)
        continue;
      qk_json_writer_begin (json, NULL, '{');
      add_time (json, "timestamp", told->time);
      qk_json_writer_add_text (json, "error_type", "PermissionError");
      qk_json_writer_add_number (json, "winerror_code", get_winerror (told->kind));
      qk_json_writer_add_number (json, "attempt", told->attempt);
      qk_json_writer_add_seconds (json, "delay", told->delay);
      qk_json_writer_add_text (json, "file_path", report->queue != NULL ? report->queue : "");
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, ']');
}

static void
add_successes (QkJsonWriter *json, const QkReport *report)
{
  g_autoptr (GArray) saves = qk_recorded_saves_collect (report, NULL);

  qk_json_writer_begin (json, "retry_success", '[');
  for (guint i = saves->len - MIN (saves->len, MAX_LISTED); i < saves->len; i++)
    {
      const QkRecordedSave *save = &g_array_index (saves, QkRecordedSave, i);

      if (qk_recorded_save_was_given_up (save))
        continue;
      qk_json_writer_begin (json, NULL, '{');
      add_time (json, "timestamp", save->start + save->gone);
      qk_json_writer_add_number (json, "attempts", save->failed + 1);
      qk_json_writer_add_seconds (json, "total_delay", save->waited);
      qk_json_writer_add_literal (json, "winerror_code", "null");
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, ']');
}

/* Of its own moments, and of ours: that another writer has saved while we did. The swarm looks at a
 * second. */
static GArray *
collect_moments (const QkReport *report)
{
  GArray *moments = g_array_copy (report->moments);

  for (guint i = report->events->len; i > 0; i--)
    {
      const QkLockEvent *event =
          ((const QkReportEvent *) g_ptr_array_index (report->events, i - 1))->event;
      QkMoment *last = moments->len > report->moments->len
                           ? &g_array_index (moments, QkMoment, moments->len - 1)
                           : NULL;
      QkMoment moment = {.time = event->time, .writes = 2, .window = G_USEC_PER_SEC};

      if (event->kind != QK_LOCK_KIND_CONFLICT)
        continue;
      if (last != NULL && event->time - last->time < G_USEC_PER_SEC)
        last->writes++;
      else
        g_array_append_val (moments, moment);
    }
  return moments;
}

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const QkMoment *x = a, *y = b;

  return (x->time > y->time) - (x->time < y->time);
}

/* Returns how many there were. */
static guint64
add_concurrency (QkJsonWriter *json, const QkReport *report)
{
  g_autoptr (GArray) moments = collect_moments (report);

  g_array_sort (moments, compare_moments);
  qk_json_writer_begin (json, "concurrency_events", '[');
  for (guint i = moments->len - MIN (moments->len, MAX_MOMENTS); i < moments->len; i++)
    {
      const QkMoment *moment = &g_array_index (moments, QkMoment, i);

      qk_json_writer_begin (json, NULL, '{');
      add_time (json, "timestamp", moment->time);
      qk_json_writer_add_number (json, "concurrent_writes", (gint64) moment->writes);
      qk_json_writer_add_seconds (json, "time_window_seconds", moment->window);
      qk_json_writer_end (json, '}');
    }
  qk_json_writer_end (json, ']');
  return report->n_moments + moments->len - report->moments->len;
}

static void
add_summary (QkJsonWriter *json, const QkFigures *figures, guint64 n_moments)
{
  guint64 troubled = figures->saves_retried + figures->saves_failed;

  qk_json_writer_begin (json, "summary", '{');
  qk_json_writer_add_number (json, "total_errors", (gint64) qk_figures_get_lock_errors (figures));
  qk_json_writer_add_number (json, "winerror_5_count",
                             (gint64) qk_figures_get_errors (figures, QK_LOCK_KIND_ACCESS_DENIED));
  qk_json_writer_add_number (json, "winerror_32_count",
                             (gint64) qk_figures_get_errors (figures, QK_LOCK_KIND_IN_USE));
  qk_json_writer_add_number (json, "retry_success_count", (gint64) figures->saves_retried);
  qk_json_writer_add_number (json, "retry_failure_count", (gint64) figures->saves_failed);
  qk_json_writer_add_number (json, "max_retries_needed", figures->worst_attempts);
  qk_json_writer_add_seconds (json, "avg_retry_delay",
                              troubled > 0 ? figures->waited / (gint64) troubled : 0);
  qk_json_writer_add_number (json, "high_concurrency_count", (gint64) n_moments);
  qk_json_writer_end (json, '}');
}

GBytes *
qk_export_write_swarm (const QkReport *report, const QkAssessment *assessment)
{
  QkJsonWriter json;
  guint64 n_moments;

  qk_json_writer_init (&json);
  qk_json_writer_begin (&json, NULL, '{');
  add_errors (&json, report);
  add_successes (&json, report);
  n_moments = add_concurrency (&json, report);
  add_summary (&json, &report->total, n_moments);
  add_time (&json, "last_updated", report->to);
  qk_json_writer_end (&json, '}');
  return qk_json_writer_finish (&json);
}
