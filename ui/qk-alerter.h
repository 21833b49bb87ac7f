#pragma once

#include "qk-alerts.h"
#include "qk-settings.h"
#include "qk-store.h"

G_BEGIN_DECLS

/* Watches a queue for what its operator should be told of while looking at something else, by what the
 * settings allow. It looks at the messages beside the main loop, at most once a second. ::alert is
 * emitted with a QkAlert, which belongs to the alerter. */

/**
 * QkAlerterSeen:
 * @user_data: what was given with it
 *
 * Returns: whether the operator looks at the queue: what happens then is seen, and not told
 */
typedef gboolean (*QkAlerterSeen) (gpointer user_data);

#define QK_TYPE_ALERTER (qk_alerter_get_type ())
G_DECLARE_FINAL_TYPE (QkAlerter, qk_alerter, QK, ALERTER, GObject)

QkAlerter *qk_alerter_new (QkSettings *settings);
void qk_alerter_set_store (QkAlerter *self, QkStore *store);
void qk_alerter_set_seen_func (QkAlerter *self, QkAlerterSeen seen, gpointer user_data);

G_END_DECLS
