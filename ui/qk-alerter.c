#include "qk-alerter.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* Messages become stuck without a change of the queue. */
#define STUCK_TICKS 10

struct _QkAlerter {
  GObject parent_instance;

  QkSettings *settings; /* owned */
  QkStore *store;       /* owned, nullable */
  QkAlerts *alerts;     /* owned */
  guint tick_source;
  guint n_ticks;      /* since the last look */
  gboolean changed;   /* there is something to look at */
  gboolean scanning;  /* in a worker */
  QkAlerterSeen seen; /* nullable */
  gpointer seen_data; /* borrowed */
};

G_DEFINE_FINAL_TYPE (QkAlerter, qk_alerter, G_TYPE_OBJECT)

enum { SIGNAL_ALERT, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a look needs; it is made by a thread. */
typedef struct {
  QkDocument *document; /* owned */
  QkStore *store;       /* borrowed, only to be compared */
  QkThresholds thresholds;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  qk_document_unref (look->document);
  g_free (look);
}

static void
run_scan (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;

  g_task_return_pointer (task,
                         qk_alert_scan_new (look->document, qk_wall_now (), &look->thresholds),
                         (GDestroyNotify) qk_alert_scan_free);
}

static void
tell_due (QkAlerter *self)
{
  g_autoptr (GPtrArray) due = NULL;

  if (self->seen != NULL && self->seen (self->seen_data))
    qk_alerts_see (self->alerts);
  due = qk_alerts_take (self->alerts, g_get_monotonic_time ());
  for (guint i = 0; i < due->len; i++)
    g_signal_emit (self, signals[SIGNAL_ALERT], 0, due->pdata[i]);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkAlerter *self = QK_ALERTER (source);
  Look *look = g_task_get_task_data (G_TASK (result));
  QkAlertScan *scan = g_task_propagate_pointer (G_TASK (result), NULL);

  self->scanning = FALSE;
  /* Another queue was opened meanwhile, or none. */
  if (self->store == NULL || look->store != self->store)
    {
      qk_alert_scan_free (scan);
      return;
    }
  qk_alerts_look (self->alerts, scan);
  tell_due (self);
}

static void
start_scan (QkAlerter *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, scanned_cb, NULL);
  Look *look = g_new0 (Look, 1);

  self->scanning = TRUE;
  self->changed = FALSE;
  self->n_ticks = 0;
  look->document = qk_document_ref (qk_store_get_document (self->store));
  look->store = self->store;
  qk_thresholds_read (&look->thresholds, G_OBJECT (self->settings));
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, run_scan);
}

static gboolean
tick_cb (gpointer user_data)
{
  QkAlerter *self = user_data;

  self->n_ticks++;
  if (!self->scanning && qk_store_get_document (self->store) != NULL &&
      (self->changed || self->n_ticks >= STUCK_TICKS))
    start_scan (self);
  tell_due (self);
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (QkStore *store, QkDiff *diff, QkAlerter *self)
{
  g_assert (QK_IS_ALERTER (self));

  self->changed = TRUE;
}

static void
note (QkAlerter *self, QkAlertKind kind, const char *title, const char *text)
{
  g_autofree char *safe = text != NULL ? qk_text_reveal_line (text) : NULL;

  qk_alerts_note (self->alerts, kind, title, safe);
  tell_due (self);
}

static void
state_cb (QkStore *store, GParamSpec *pspec, QkAlerter *self)
{
  g_autofree char *problem = qk_store_dup_problem (store);

  g_assert (QK_IS_ALERTER (self));

  if (qk_store_get_state (store) == QK_STORE_STATE_DAMAGED)
    note (self, QK_ALERT_DAMAGE, _ ("The Queue Is Damaged"), problem);
}

static void
loss_cb (QkStore *store, GParamSpec *pspec, QkAlerter *self)
{
  g_autoptr (QkLoss) loss = qk_store_dup_loss (store);
  g_autofree char *text = loss != NULL ? qk_words_loss (loss) : NULL;

  g_assert (QK_IS_ALERTER (self));

  if (loss != NULL)
    note (self, QK_ALERT_DAMAGE, _ ("Most of the messages disappeared"), text);
}

static void
given_up_cb (QkStore *store, GParamSpec *pspec, QkAlerter *self)
{
  g_autoptr (QkGivenUp) given_up = qk_store_dup_given_up (store);
  g_autofree char *text = given_up != NULL ? qk_given_up_describe (given_up) : NULL;

  g_assert (QK_IS_ALERTER (self));

  if (given_up != NULL)
    note (self, QK_ALERT_GIVEN_UP, _ ("A change will not stay"), text);
}

static void
saved_cb (QkStore *store, QkResult *result, guint attempts, QkAlerter *self)
{
  g_autofree char *text = NULL;

  g_assert (QK_IS_ALERTER (self));

  if (result != NULL)
    return;
  text = g_strdup_printf (ngettext ("It was given up after %u attempt.",
                                    "It was given up after %u attempts.", attempts),
                          attempts);
  note (self, QK_ALERT_GIVEN_UP, _ ("A change could not be saved"), attempts > 0 ? text : NULL);
}

static void
apply_settings (QkSettings *settings, GParamSpec *pspec, QkAlerter *self)
{
  static const char *const names[QK_N_ALERT_KINDS] = {
      [QK_ALERT_FAILURES] = "notify-failures", [QK_ALERT_STUCK] = "notify-stuck",
      [QK_ALERT_GIVEN_UP] = "notify-given-up", [QK_ALERT_DAMAGE] = "notify-damage",
      [QK_ALERT_HEALTH] = "notify-health",
  };
  gboolean any = qk_settings_is_on (settings, "notify");
  guint minutes;

  g_assert (QK_IS_ALERTER (self));

  g_object_get (settings, "notify-minutes", &minutes, NULL);
  qk_alerts_set_pause (self->alerts, minutes * G_TIME_SPAN_MINUTE);
  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    qk_alerts_set_wanted (self->alerts, (QkAlertKind) i,
                          any && qk_settings_is_on (settings, names[i]));
}

static void
qk_alerter_dispose (GObject *object)
{
  QkAlerter *self = QK_ALERTER (object);

  qk_alerter_set_store (self, NULL);
  g_clear_pointer (&self->alerts, qk_alerts_free);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_alerter_parent_class)->dispose (object);
}

static void
qk_alerter_class_init (QkAlerterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_alerter_dispose;

  /**
   * QkAlerter::alert:
   * @alert: (type gpointer): a #QkAlert
   *
   * The operator should be told.
   */
  signals[SIGNAL_ALERT] = g_signal_new ("alert", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
qk_alerter_init (QkAlerter *self)
{
}

/**
 * qk_alerter_new:
 * @settings: what is allowed
 *
 * Returns: (transfer full): an alerter without a queue
 */
QkAlerter *
qk_alerter_new (QkSettings *settings)
{
  QkAlerter *self = g_object_new (QK_TYPE_ALERTER, NULL);

  self->settings = g_object_ref (settings);
  self->alerts = qk_alerts_new ();
  g_signal_connect_object (settings, "notify", G_CALLBACK (apply_settings), self, 0);
  apply_settings (settings, NULL, self);
  return self;
}

/**
 * qk_alerter_set_store:
 * @self: an alerter
 * @store: (nullable): the queue to watch
 *
 * What is so when it is opened is no news.
 */
void
qk_alerter_set_store (QkAlerter *self, QkStore *store)
{
  g_return_if_fail (QK_IS_ALERTER (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  if (store == NULL)
    return;
  g_clear_pointer (&self->alerts, qk_alerts_free);
  self->alerts = qk_alerts_new ();
  self->changed = TRUE;
  apply_settings (self->settings, NULL, self);
  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (store, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect (store, "notify::loss", G_CALLBACK (loss_cb), self);
  g_signal_connect (store, "notify::given-up", G_CALLBACK (given_up_cb), self);
  g_signal_connect (store, "saved", G_CALLBACK (saved_cb), self);
  self->tick_source = g_timeout_add_seconds (1, tick_cb, self);
}

/**
 * qk_alerter_set_seen_func:
 * @self: an alerter
 * @seen: (scope notified): asked before anything is told
 * @user_data: for @seen; must outlive the alerter's store
 *
 * Only what is not seen anyway is told.
 */
void
qk_alerter_set_seen_func (QkAlerter *self, QkAlerterSeen seen, gpointer user_data)
{
  g_return_if_fail (QK_IS_ALERTER (self));

  self->seen = seen;
  self->seen_data = user_data;
}
