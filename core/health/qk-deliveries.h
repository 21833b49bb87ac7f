#pragma once

#include "qk-report.h"

G_BEGIN_DECLS

/* The swarm's record of its deliveries, read from its `metrics.json`: a list of the latest 1000, or an
 * object that holds one. A value, which is never changed once it was read.
 *
 * Each row is one attempt, and counted as such: a message that took two attempts is a failure and a
 * delivery, and so is one that was delivered and recorded as failed later.
 */

/**
 * QkDelivery:
 * @recipient: to whom, "" where that is missing
 * @time: in microseconds since the Unix epoch, or %QK_WALL_NONE
 * @success: whether it arrived
 * @seconds: how long it took, -1 where that is not given
 *
 * An attempt to deliver a message.
 */
typedef struct {
  const char *recipient; /* not owned */
  gint64 time;
  gboolean success;
  double seconds;
} QkDelivery;

typedef struct _QkDeliveries QkDeliveries;

QkDeliveries *qk_deliveries_parse (const char *data, gsize size, GError **error);
QkDeliveries *qk_deliveries_ref (QkDeliveries *self);
void qk_deliveries_unref (QkDeliveries *self);
const QkDelivery *qk_deliveries_get_rows (const QkDeliveries *self, guint *n);
guint64 qk_deliveries_get_skipped (const QkDeliveries *self);
void qk_deliveries_add_to_report (const QkDeliveries *self, QkReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkDeliveries, qk_deliveries_unref)

G_END_DECLS
