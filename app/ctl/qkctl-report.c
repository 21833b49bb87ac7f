#include "qkctl-report.h"

#include "qk-settings.h"
#include "qkctl-terminal.h"

static void
on_reported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/* Waits for it. Returns NULL after saying why, unless it was interrupted. */
QkReport *
qkctl_report_make (QkctlSession *session, QkPeriod period)
{
  QkHealth *health = qkctl_session_get_health (session);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  QkReport *report;

  qk_health_report_async (health, period, qkctl_session_get_cancellable (session), on_reported,
                          &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  report = qk_health_report_finish (health, done, &error);
  if (report == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    qkctl_note ("%s", error->message);
  return report;
}

/* What was chosen in the window holds here as well, unless the command line says otherwise. */
void
qkctl_report_set_up (QkctlSession *session, const QkctlOptions *options)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();
  QkStore *store = qkctl_session_get_store (session);
  g_autofree char *key = qk_store_dup_key (store);
  g_autofree char *chosen = qk_settings_dup_counters (settings, key);
  QkRetryPolicy policy;

  qk_retry_policy_read (&policy, G_OBJECT (settings));
  qk_store_set_policy (store, &policy);
  qk_health_set_swarm_location (qkctl_session_get_health (session),
                                options->counters != NULL ? options->counters : chosen);
}

void
qkctl_report_read_thresholds (QkThresholds *thresholds)
{
  g_autoptr (QkSettings) settings = qk_settings_new ();

  qk_thresholds_read (thresholds, G_OBJECT (settings));
}

/* With the queue's own state, as soon as something can be said of it. */
QkAssessment *
qkctl_report_assess (QkctlSession *session, const QkReport *report, const QkThresholds *thresholds)
{
  QkStore *store = qkctl_session_get_store (session);
  QkQueueFigures figures;
  gboolean known = qk_queue_figures_judge (&figures, qk_store_get_document (store),
                                           qk_store_get_state (store), thresholds);

  return qk_assessment_new (report, known ? &figures : NULL, thresholds);
}
