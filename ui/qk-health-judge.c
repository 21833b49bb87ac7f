#include "qk-health-judge.h"

typedef struct {
  QkReport *report;     /* owned */
  QkDocument *document; /* owned, nullable */
  QkStoreState state;
  QkThresholds thresholds;
} Judgement;

static void
judgement_free (gpointer data)
{
  Judgement *judgement = data;

  qk_report_unref (judgement->report);
  g_clear_pointer (&judgement->document, qk_document_unref);
  g_free (judgement);
}

static void
run (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Judgement *judgement = task_data;
  QkQueueFigures queue;
  gboolean known = qk_queue_figures_judge (&queue, judgement->document, judgement->state,
                                           &judgement->thresholds);

  g_task_return_pointer (
      task, qk_assessment_new (judgement->report, known ? &queue : NULL, &judgement->thresholds),
      (GDestroyNotify) qk_assessment_free);
}

/**
 * qk_health_judge_async:
 * @report: what stood in the way
 * @store: a store
 * @thresholds: what to judge by
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Judges @report together with what is in @store now.
 */
void
qk_health_judge_async (QkReport *report,
                       QkStore *store,
                       const QkThresholds *thresholds,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  QkDocument *document;
  Judgement *judgement;

  g_return_if_fail (report != NULL && thresholds != NULL);
  g_return_if_fail (QK_IS_STORE (store));

  document = qk_store_get_document (store);
  judgement = g_new (Judgement, 1);
  *judgement =
      (Judgement){qk_report_ref (report), document != NULL ? qk_document_ref (document) : NULL,
                  qk_store_get_state (store), *thresholds};
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, qk_health_judge_async);
  g_task_set_task_data (task, judgement, judgement_free);
  g_task_run_in_thread (task, run);
}

/**
 * qk_health_judge_finish:
 * @result: what the callback was given
 * @report: (out) (transfer full): which report was judged
 *
 * Returns: (transfer full): how the queue is
 */
QkAssessment *
qk_health_judge_finish (GAsyncResult *result, QkReport **report)
{
  const Judgement *judgement;

  g_return_val_if_fail (g_async_result_is_tagged (result, qk_health_judge_async), NULL);

  judgement = g_task_get_task_data (G_TASK (result));
  *report = qk_report_ref (judgement->report);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
