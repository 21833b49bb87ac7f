#pragma once

#include "qk-facet.h"

G_BEGIN_DECLS

/* What one version of the queue tells of the swarm: how long messages wait and for whom, who is silent,
 * who is addressed and not there, what is said again and again, and how much room is left.
 *
 * Immutable, so any thread may read it. It keeps the document, to whose entries it points.
 */

/**
 * QK_SWARM_LIMIT:
 *
 * How many entries the swarm takes, of all statuses.
 */
#define QK_SWARM_LIMIT 1000
/**
 * QK_SWARM_SILENT_S:
 *
 * An agent that has neither sent nor got anything for so many seconds is silent.
 */
#define QK_SWARM_SILENT_S 3600
/**
 * QK_SWARM_MIN_REPEATS:
 *
 * How often the same must be said to somebody to be worth telling.
 */
#define QK_SWARM_MIN_REPEATS 3
/**
 * QK_SWARM_N_AGES:
 *
 * The ages of pending messages: those of %QK_FACET_AGE, and last those without a time.
 */
#define QK_SWARM_N_AGES (QK_N_AGES + 1)

/**
 * QkSwarmAgent:
 * @name: as it stands in the queue, decoded; "" where the recipient is missing
 * @is_member: is one of the agents of the swarm
 * @is_unknown: is neither an agent nor usual beside them, such as CAPTAIN
 * @guess: (nullable): whom an unknown one is likely to mean
 * @pending: by age, how many wait for it
 * @n_pending: their sum
 * @n_processing: being delivered
 * @n_stuck: of those, the ones that have not been updated for %QK_STUCK_WARNING_S
 * @n_failed: given up or expired
 * @n_delivered: delivered
 * @total: messages to it
 * @oldest_pending: when the oldest pending one was created, in wall microseconds, or %QK_WALL_NONE
 * @last_delivered: when something was last delivered to it, likewise
 * @last_sent: when it last sent something, likewise
 *
 * Somebody to whom messages are addressed, or who is an agent.
 */
typedef struct {
  char *name;
  gboolean is_member;
  gboolean is_unknown;
  char *guess;
  guint pending[QK_SWARM_N_AGES];
  guint n_pending;
  guint n_processing;
  guint n_stuck;
  guint n_failed;
  guint n_delivered;
  guint total;
  gint64 oldest_pending;
  gint64 last_delivered;
  gint64 last_sent;
} QkSwarmAgent;

/**
 * QkSwarmRepeatKind:
 * @QK_SWARM_DUPLICATES: the same from one to another
 * @QK_SWARM_LOOP: likewise, at a steady pace: five times or more, and four of five pauses are
 *   between half and one and a half of the usual one
 * @QK_SWARM_PING_PONG: the same, to and fro between two: each said it twice or more, and neither four
 *   times as often as the other
 */
typedef enum {
  QK_SWARM_DUPLICATES,
  QK_SWARM_LOOP,
  QK_SWARM_PING_PONG,
} QkSwarmRepeatKind;

/**
 * QkSwarmRepeat:
 * @kind: what it looks like
 * @entry: the first of them in the queue
 * @n_entries: how many there are
 * @n_pending: of these, pending
 * @first: when the earliest was created, in wall microseconds, or %QK_WALL_NONE
 * @last: when the latest was created, likewise
 * @pause: the usual time from one to the next, in microseconds; 0 where no two have a time
 *
 * What is said again and again.
 */
typedef struct {
  QkSwarmRepeatKind kind;
  const QkEntry *entry;
  guint n_entries;
  guint n_pending;
  gint64 first;
  gint64 last;
  gint64 pause;
} QkSwarmRepeat;

/**
 * QkSwarm:
 * @document: the version of the queue
 * @now: for which moment it was made, in wall microseconds
 * @agents: (element-type QkSwarmAgent): the agents of the swarm in their order, then other
 *   recipients in natural order
 * @n_members: how many of them are agents of the swarm
 * @repeats: (element-type QkSwarmRepeat): the most frequent first
 * @total: entries, of all statuses
 * @last_hour: how many of them were created within the last hour
 * @full_in: at that pace the queue is full after so many microseconds; 0 where it is full; -1 where
 *   that cannot be told: there were fewer than ten, they did not come evenly, or it takes over a week
 *
 * What a queue tells of the swarm.
 */
typedef struct {
  QkDocument *document;
  gint64 now;
  GPtrArray *agents;
  guint n_members;
  GPtrArray *repeats;
  guint total;
  guint last_hour;
  gint64 full_in;
} QkSwarm;

QkSwarm *qk_swarm_new (QkDocument *document, const char *const *agents, gint64 now);
void qk_swarm_free (QkSwarm *self);

gint64 qk_swarm_agent_get_last_sign (const QkSwarmAgent *agent);
gboolean qk_swarm_agent_is_silent (const QkSwarmAgent *agent, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkSwarm, qk_swarm_free)

G_END_DECLS
