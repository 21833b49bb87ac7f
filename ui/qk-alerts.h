#pragma once

#include "qk-advice.h"

G_BEGIN_DECLS

/* What the operator of a queue should be told while looking at something else, and when.
 *
 * The rule, without a clock of its own: what was so when the queue was opened is no news. Of each kind
 * there is at most one alert in a pause; what comes meanwhile is held and told together, unless it is
 * over by then, or was seen. */

/**
 * QkAlertKind:
 * @QK_ALERT_FAILURES: messages failed that had not
 * @QK_ALERT_STUCK: messages are stuck that were not
 * @QK_ALERT_GIVEN_UP: a change could not be saved, or will not stay
 * @QK_ALERT_DAMAGE: the queue is damaged, or most of it disappeared
 * @QK_ALERT_HEALTH: something is above a threshold: see #QkAlertMeasure
 *
 * What an alert is about.
 */
typedef enum {
  QK_ALERT_FAILURES,
  QK_ALERT_STUCK,
  QK_ALERT_GIVEN_UP,
  QK_ALERT_DAMAGE,
  QK_ALERT_HEALTH,
} QkAlertKind;
#define QK_N_ALERT_KINDS (QK_ALERT_HEALTH + 1)

/**
 * QkAlertMeasure:
 * @QK_ALERT_MEASURE_SIZE: how many messages there are
 * @QK_ALERT_MEASURE_FAILURES: how many of the last ones failed
 * @QK_ALERT_MEASURE_PROCESSING: how many are being processed at once
 * @QK_ALERT_MEASURE_AGE: how old those are that are not delivered
 *
 * What has thresholds, and makes a #QK_ALERT_HEALTH.
 */
typedef enum {
  QK_ALERT_MEASURE_SIZE,
  QK_ALERT_MEASURE_FAILURES,
  QK_ALERT_MEASURE_PROCESSING,
  QK_ALERT_MEASURE_AGE,
} QkAlertMeasure;
#define QK_N_ALERT_MEASURES (QK_ALERT_MEASURE_AGE + 1)

/**
 * QkAlert:
 * @kind: what it is about
 * @critical: whether it should be looked at now
 * @agent: (nullable): the recipient of all of the messages, where they have one
 * @title: in a few words
 * @text: (nullable): more of it
 *
 * For the operator; its texts are safe to show, but @agent is as it stands in the queue.
 */
typedef struct {
  QkAlertKind kind;
  gboolean critical;
  char *agent; /* owned, nullable */
  char *title; /* owned */
  char *text;  /* owned, nullable */
} QkAlert;

/**
 * QkAlertScan:
 * @failed: (element-type utf8 utf8): the messages that have failed: their ids, and to whom they go
 * @stuck: (element-type utf8 utf8): likewise, those that are stuck
 * @figures: the state of the queue
 * @levels: how bad each of what has thresholds is
 *
 * What one version of the queue has that is worth an alert.
 */
typedef struct {
  GHashTable *failed; /* owned */
  GHashTable *stuck;  /* owned */
  QkQueueFigures figures;
  QkHealthVerdict levels[QK_N_ALERT_MEASURES];
} QkAlertScan;

typedef struct _QkAlerts QkAlerts;

QkAlertScan *qk_alert_scan_new (QkDocument *document, gint64 now, const QkThresholds *thresholds);
void qk_alert_scan_free (QkAlertScan *self);

QkAlerts *qk_alerts_new (void);
void qk_alerts_free (QkAlerts *self);
void qk_alerts_set_pause (QkAlerts *self, gint64 pause);
void qk_alerts_set_wanted (QkAlerts *self, QkAlertKind kind, gboolean wanted);
void qk_alerts_look (QkAlerts *self, QkAlertScan *scan);
void qk_alerts_note (QkAlerts *self, QkAlertKind kind, const char *title, const char *text);
void qk_alerts_see (QkAlerts *self);
GPtrArray *qk_alerts_take (QkAlerts *self, gint64 now);
void qk_alert_free (QkAlert *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkAlertScan, qk_alert_scan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkAlerts, qk_alerts_free)

G_END_DECLS
