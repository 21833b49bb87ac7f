#pragma once

#include "qk-document.h"

G_BEGIN_DECLS

/* Counts over one version of the queue: per status, per recipient, stuck, with hazards, oldest
 * pending. */

/**
 * QkAgentCount:
 * @name: the recipient as it stands in the file, decoded; "" where it is missing
 * @by_status: how many of each status
 * @total: their sum
 */
typedef struct {
  char *name;
  guint by_status[QK_N_STATUSES];
  guint total;
} QkAgentCount;

/**
 * QkSummary:
 * @total: entries
 * @by_status: how many of each status
 * @stuck: how many PROCESSING ones have not been updated for long
 * @hazards: how many have a #QkHazard
 * @oldest_pending: the earliest creation of a pending entry, in wall microseconds, or %QK_WALL_NONE
 * @agents: (element-type QkAgentCount): in natural order of their names
 */
typedef struct {
  guint total;
  guint by_status[QK_N_STATUSES];
  guint stuck;
  guint hazards;
  gint64 oldest_pending;
  GPtrArray *agents;
} QkSummary;

QkSummary *qk_summary_new (QkDocument *document, gint64 now, guint stuck_after_s);
void qk_summary_free (QkSummary *self);
const QkAgentCount *qk_summary_find_agent (const QkSummary *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSummary, qk_summary_free)

G_END_DECLS
