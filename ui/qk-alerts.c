#include "qk-alerts.h"

#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* What there is to tell of one kind. */
typedef struct {
  gboolean unwanted;
  gboolean told;    /* at @told_at */
  gint64 told_at;   /* in the time that is given */
  GHashTable *held; /* owned: of messages: their ids, and to whom they go */
  char *title;      /* owned, nullable: of anything else */
  char *text;       /* owned, nullable */
} Kind;

struct _QkAlerts {
  Kind kinds[QK_N_ALERT_KINDS];
  gint64 pause;
  QkAlertScan *latest; /* owned, nullable: nothing was seen yet */
  /* Reached, and not told yet; or good. */
  QkHealthVerdict held[QK_N_ALERT_MEASURES];
};

static GHashTable *
set_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* One without an id is known by what stands in it. */
static char *
dup_id (const QkEntry *entry)
{
  char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

  if (id != NULL)
    return id;
  return g_strdup_printf ("#%" G_GUINT64_FORMAT, qk_entry_hash_json (entry));
}

static void
add_entry (GHashTable *set, const QkEntry *entry)
{
  char *recipient = qk_entry_dup_field (entry, QK_FIELD_RECIPIENT);

  g_hash_table_replace (set, dup_id (entry), recipient != NULL ? recipient : g_strdup (""));
}

/* By the same rules as on the page of lock health, and as in the monitoring plugin. */
static void
judge (QkAlertScan *self, const QkThresholds *thresholds)
{
  static const char *const ids[QK_N_ALERT_MEASURES] = {"queue-size", "failures", "processing",
                                                       "age"};
  g_autoptr (QkReport) nothing = qk_report_new ();
  g_autoptr (QkAssessment) assessment = qk_assessment_new (nothing, &self->figures, thresholds);

  for (guint i = 0; i < QK_N_ALERT_MEASURES; i++)
    {
      const QkAdvice *advice = qk_assessment_find (assessment, ids[i]);

      self->levels[i] = advice != NULL ? advice->severity : QK_HEALTH_VERDICT_GOOD;
    }
}

/**
 * qk_alert_scan_new:
 * @document: a version of the queue
 * @now: the present, in wall microseconds
 * @thresholds: what to judge it by
 *
 * May be called in a worker thread.
 *
 * Returns: (transfer full): what it has
 */
QkAlertScan *
qk_alert_scan_new (QkDocument *document, gint64 now, const QkThresholds *thresholds)
{
  QkAlertScan *self = g_new0 (QkAlertScan, 1);

  self->failed = set_new ();
  self->stuck = set_new ();
  qk_queue_figures_init (&self->figures, document, now, thresholds);
  judge (self, thresholds);
  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);

      if (qk_entry_get_status (entry) == QK_STATUS_FAILED)
        add_entry (self->failed, entry);
      else if (qk_entry_is_stuck (entry, now, thresholds->stuck_warning_s))
        add_entry (self->stuck, entry);
    }
  return self;
}

/**
 * qk_alert_scan_free:
 * @self: a scan
 *
 * Frees it.
 */
void
qk_alert_scan_free (QkAlertScan *self)
{
  g_hash_table_unref (self->failed);
  g_hash_table_unref (self->stuck);
  g_free (self);
}

/**
 * qk_alerts_new: (skip)
 *
 * Returns: (transfer full): the alerts of a queue of which nothing was seen yet, without a pause, and
 *   all of them wanted
 */
QkAlerts *
qk_alerts_new (void)
{
  QkAlerts *self = g_new0 (QkAlerts, 1);

  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    self->kinds[i].held = set_new ();
  return self;
}

/**
 * qk_alerts_free: (skip)
 * @self: alerts
 *
 * Frees them.
 */
void
qk_alerts_free (QkAlerts *self)
{
  qk_alerts_see (self);
  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    g_hash_table_unref (self->kinds[i].held);
  g_clear_pointer (&self->latest, qk_alert_scan_free);
  g_free (self);
}

static void
forget (Kind *kind)
{
  g_hash_table_remove_all (kind->held);
  g_clear_pointer (&kind->title, g_free);
  g_clear_pointer (&kind->text, g_free);
}

static void
forget_measures (QkAlerts *self)
{
  for (guint i = 0; i < QK_N_ALERT_MEASURES; i++)
    self->held[i] = QK_HEALTH_VERDICT_GOOD;
}

/**
 * qk_alerts_set_pause: (skip)
 * @self: alerts
 * @pause: a time in microseconds
 *
 * At most one alert of a kind in that time.
 */
void
qk_alerts_set_pause (QkAlerts *self, gint64 pause)
{
  self->pause = pause;
}

/**
 * qk_alerts_set_wanted: (skip)
 * @self: alerts
 * @kind: a kind
 * @wanted: whether there are alerts of it
 *
 * What is not wanted is not told later either.
 */
void
qk_alerts_set_wanted (QkAlerts *self, QkAlertKind kind, gboolean wanted)
{
  self->kinds[kind].unwanted = !wanted;
  if (wanted)
    return;
  forget (&self->kinds[kind]);
  if (kind == QK_ALERT_HEALTH)
    forget_measures (self);
}

static gboolean
is_over (gpointer id, gpointer recipient, gpointer still)
{
  return !g_hash_table_contains (still, id);
}

/* Holds what is in @new and was not in @old, and drops what is over. */
static void
compare (Kind *kind, GHashTable *old, GHashTable *new)
{
  GHashTableIter iter;
  gpointer id, recipient;

  g_hash_table_foreach_remove (kind->held, is_over, new);
  g_hash_table_iter_init (&iter, new);
  while (!kind->unwanted && g_hash_table_iter_next (&iter, &id, &recipient))
    if (!g_hash_table_contains (old, id))
      g_hash_table_replace (kind->held, g_strdup (id), g_strdup (recipient));
}

/**
 * qk_alerts_look: (skip)
 * @self: alerts
 * @scan: (transfer full): what the queue has now
 *
 * Takes note of what is new since the scan before. The first one is what all others are compared with.
 */
void
qk_alerts_look (QkAlerts *self, QkAlertScan *scan)
{
  gboolean wanted = self->latest != NULL && !self->kinds[QK_ALERT_HEALTH].unwanted;

  if (self->latest != NULL)
    {
      compare (&self->kinds[QK_ALERT_FAILURES], self->latest->failed, scan->failed);
      compare (&self->kinds[QK_ALERT_STUCK], self->latest->stuck, scan->stuck);
    }
  for (guint i = 0; i < QK_N_ALERT_MEASURES; i++)
    {
      if (wanted && scan->levels[i] > self->latest->levels[i])
        self->held[i] = scan->levels[i];
      else if (scan->levels[i] < self->held[i])
        self->held[i] = QK_HEALTH_VERDICT_GOOD;
    }
  g_clear_pointer (&self->latest, qk_alert_scan_free);
  self->latest = scan;
}

/**
 * qk_alerts_note: (skip)
 * @self: alerts
 * @kind: what it is about
 * @title: what happened, safe to show
 * @text: (nullable): more of it, likewise
 *
 * Takes note of something that is not seen in the messages. Of several the latest is told.
 */
void
qk_alerts_note (QkAlerts *self, QkAlertKind kind, const char *title, const char *text)
{
  Kind *noted = &self->kinds[kind];

  if (noted->unwanted)
    return;
  forget (noted);
  noted->title = g_strdup (title);
  noted->text = g_strdup (text);
}

/**
 * qk_alerts_see: (skip)
 * @self: alerts
 *
 * The operator looks at the queue: what is held is no news any more.
 */
void
qk_alerts_see (QkAlerts *self)
{
  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    forget (&self->kinds[i]);
  forget_measures (self);
}

/* The recipient, where all of them have the same one. */
static const char *
find_agent (GHashTable *held)
{
  const char *agent = NULL;
  GHashTableIter iter;
  gpointer recipient;

  g_hash_table_iter_init (&iter, held);
  while (g_hash_table_iter_next (&iter, NULL, &recipient))
    {
      if (agent != NULL && !g_str_equal (agent, recipient))
        return NULL;
      agent = recipient;
    }
  return agent != NULL && *agent != '\0' ? agent : NULL;
}

static char *
name_messages (QkAlertKind kind, guint n, const char *agent)
{
  g_autofree char *name = agent != NULL ? qk_words_agent (agent) : NULL;

  if (kind == QK_ALERT_FAILURES && name != NULL)
    return g_strdup_printf (ngettext ("%u new failure for %s", "%u new failures for %s", n), n,
                            name);
  if (kind == QK_ALERT_FAILURES)
    return g_strdup_printf (ngettext ("%u new failure", "%u new failures", n), n);
  if (name != NULL)
    return g_strdup_printf (
        ngettext ("%u message for %s is stuck", "%u messages for %s are stuck", n), n, name);
  return g_strdup_printf (ngettext ("%u message is stuck", "%u messages are stuck", n), n);
}

static QkAlert *
make_messages (QkAlertKind kind, GHashTable *held)
{
  const char *agent = find_agent (held);
  QkAlert *alert = g_new0 (QkAlert, 1);

  alert->kind = kind;
  alert->agent = g_strdup (agent);
  alert->title = name_messages (kind, g_hash_table_size (held), agent);
  return alert;
}

static char *
describe_measure (const QkQueueFigures *figures, QkAlertMeasure measure)
{
  double rate = 0;

  switch (measure)
    {
    case QK_ALERT_MEASURE_SIZE:
      return g_strdup_printf (
          ngettext ("%u message in the queue", "%u messages in the queue", figures->total),
          figures->total);
    case QK_ALERT_MEASURE_FAILURES:
      (void) qk_queue_figures_get_failure_rate (figures, &rate);
      return g_strdup_printf (_ ("%.0f %% of the last %u messages failed"), rate * 100,
                              figures->finished);
    case QK_ALERT_MEASURE_PROCESSING:
      return g_strdup (_ ("Too much is being processed at once"));
    case QK_ALERT_MEASURE_AGE:
    default:
      return g_strdup (_ ("Messages wait for long"));
    }
}

/* The first is the title, the others stand below it, a line each. */
static QkAlert *
make_health (QkAlerts *self)
{
  g_autoptr (GString) rest = g_string_new (NULL);
  QkAlert *alert = NULL;

  for (guint i = 0; i < QK_N_ALERT_MEASURES; i++)
    {
      g_autofree char *text = NULL;

      if (self->held[i] == QK_HEALTH_VERDICT_GOOD)
        continue;
      text = describe_measure (&self->latest->figures, (QkAlertMeasure) i);
      if (alert == NULL)
        {
          alert = g_new0 (QkAlert, 1);
          alert->kind = QK_ALERT_HEALTH;
          alert->title = g_steal_pointer (&text);
        }
      else
        g_string_append_printf (rest, "%s%s", rest->len > 0 ? "\n" : "", text);
      alert->critical = alert->critical || self->held[i] == QK_HEALTH_VERDICT_CRITICAL;
    }
  if (rest->len > 0)
    alert->text = g_string_free (g_steal_pointer (&rest), FALSE);
  return alert;
}

static QkAlert *
make_note (QkAlertKind kind, Kind *noted)
{
  QkAlert *alert = g_new0 (QkAlert, 1);

  alert->kind = kind;
  alert->critical = kind == QK_ALERT_DAMAGE;
  alert->title = g_steal_pointer (&noted->title);
  alert->text = g_steal_pointer (&noted->text);
  return alert;
}

static QkAlert *
make (QkAlerts *self, QkAlertKind kind)
{
  Kind *held = &self->kinds[kind];

  if (g_hash_table_size (held->held) > 0)
    return make_messages (kind, held->held);
  if (held->title != NULL)
    return make_note (kind, held);
  return kind == QK_ALERT_HEALTH ? make_health (self) : NULL;
}

/**
 * qk_alerts_take: (skip)
 * @self: alerts
 * @now: the present, in microseconds; never less than before
 *
 * Returns: (transfer full) (element-type QkAlert): what is to be told now
 */
GPtrArray *
qk_alerts_take (QkAlerts *self, gint64 now)
{
  GPtrArray *alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_alert_free);

  for (guint i = 0; i < QK_N_ALERT_KINDS; i++)
    {
      Kind *kind = &self->kinds[i];
      QkAlert *alert =
          !kind->told || now - kind->told_at >= self->pause ? make (self, (QkAlertKind) i) : NULL;

      if (alert == NULL)
        continue;
      g_ptr_array_add (alerts, alert);
      forget (kind);
      if (i == QK_ALERT_HEALTH)
        forget_measures (self);
      kind->told = TRUE;
      kind->told_at = now;
    }
  return alerts;
}

/**
 * qk_alert_free: (skip)
 * @self: an alert
 *
 * Frees it.
 */
void
qk_alert_free (QkAlert *self)
{
  g_free (self->agent);
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}
