#include "qk-forecast.h"

#include "qk-plan.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

static int
compare_skips (gconstpointer a, gconstpointer b)
{
  const QkForecastSkip *x = a, *y = b;

  if (x->n != y->n)
    return x->n < y->n ? 1 : -1;
  return g_strcmp0 (x->reason, y->reason);
}

static void
count_skip (QkForecast *self, const char *reason)
{
  self->n_skipped++;
  for (guint i = 0; i < self->skips->len; i++)
    {
      QkForecastSkip *skip = &g_array_index (self->skips, QkForecastSkip, i);

      if (g_str_equal (skip->reason, reason))
        {
          skip->n++;
          return;
        }
    }
  g_array_append_vals (self->skips, &(QkForecastSkip){reason, 1}, 1);
}

static void
leave (QkForecast *self, QkChange *change, const char *reason)
{
  const char *id = qk_change_get_id (change);

  count_skip (self, reason);
  qk_result_take_skipped (self->left, g_strdup (id != NULL ? id : ""), g_strdup (reason));
}

/**
 * qk_forecast_new: (skip)
 * @document: the queue as it stands
 * @pick: the chosen messages
 * @kind: %QK_CHANGE_RESEND or %QK_CHANGE_PURGE
 * @changes: (nullable) (element-type QkChange): what qk_pick_make_changes() made of them before
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what would become of them
 */
QkForecast *
qk_forecast_new (QkDocument *document,
                 const QkPick *pick,
                 QkChangeKind kind,
                 GPtrArray *changes,
                 gint64 now)
{
  QkForecast *self = g_new0 (QkForecast, 1);
  guint n = qk_pick_get_n_entries (pick), n_there = 0;
  g_autofree gboolean *changed = g_new0 (gboolean, MAX (n, 1));
  g_autoptr (QkPlan) plan = NULL;

  self->changes = changes != NULL ? g_ptr_array_ref (changes) : qk_pick_make_changes (pick, kind);
  self->due = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  self->left = qk_result_new ();
  self->skips = g_array_new (FALSE, FALSE, sizeof (QkForecastSkip));
  plan = qk_plan_new (document, self->changes, now);
  for (guint i = 0; i < n; i++)
    {
      const char *reason;
      QkVerdict verdict = qk_plan_get_verdict (plan, i, &reason);

      changed[i] = verdict == QK_VERDICT_CHANGED;
      /* A purge is in effect where the message is not there. */
      n_there += verdict != QK_VERDICT_IN_EFFECT;
      if (changed[i])
        g_ptr_array_add (self->due, qk_change_ref (self->changes->pdata[i]));
      else
        leave (self, self->changes->pdata[i], reason != NULL ? reason : _ ("done already"));
    }
  g_array_sort (self->skips, compare_skips);
  self->tally = qk_message_tally_new (pick, changed, now);
  self->n_others =
      qk_document_get_n_entries (document) - MIN (n_there, qk_document_get_n_entries (document));
  return self;
}

/**
 * qk_forecast_free: (skip)
 * @self: (transfer full): a forecast
 *
 * Frees it.
 */
void
qk_forecast_free (QkForecast *self)
{
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->due);
  qk_result_free (self->left);
  qk_message_tally_free (self->tally);
  g_array_unref (self->skips);
  g_free (self);
}

/* All of it may be freed in any thread. */
typedef struct {
  QkDocument *document; /* owned */
  QkPick *pick;         /* owned */
  QkChangeKind kind;
  GPtrArray *changes; /* owned, nullable */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  qk_document_unref (job->document);
  qk_pick_unref (job->pick);
  g_clear_pointer (&job->changes, g_ptr_array_unref);
  g_free (job);
}

static void
work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;

  g_task_return_pointer (
      task, qk_forecast_new (job->document, job->pick, job->kind, job->changes, qk_wall_now ()),
      (GDestroyNotify) qk_forecast_free);
}

/**
 * qk_forecast_async: (skip)
 * @document: the queue as it stands
 * @pick: the chosen messages
 * @kind: %QK_CHANGE_RESEND or %QK_CHANGE_PURGE
 * @changes: (nullable) (element-type QkChange): what qk_pick_make_changes() made of them before
 * @cancellable: (nullable): for when nobody wants to know any more
 * @callback: called when it is found out
 * @user_data: for @callback
 *
 * Finds out in a worker what would become of them now.
 */
void
qk_forecast_async (QkDocument *document,
                   QkPick *pick,
                   QkChangeKind kind,
                   GPtrArray *changes,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){qk_document_ref (document), qk_pick_ref (pick), kind,
               changes != NULL ? g_ptr_array_ref (changes) : NULL};
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

/**
 * qk_forecast_finish: (skip)
 * @result: what the callback was given
 * @error: return location for a #GIOError
 *
 * Returns: (transfer full) (nullable): what would become of them
 */
QkForecast *
qk_forecast_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
