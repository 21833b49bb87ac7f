#pragma once

#include "qk-change.h"
#include "qk-document.h"

G_BEGIN_DECLS

/* Which messages were sent to everybody, and whom each of them reached.
 *
 * The swarm sends a broadcast as one entry per agent and marks them with nothing in common. So they
 * are found by what they say. Of the entries that have a sender and a content, those with the same
 * sender and the same content, however they are spelled, are looked at in the order in which they
 * were created:
 *
 * - An entry belongs to the ones before it if it was created within %QK_BROADCAST_WINDOW_S of the
 *   first of them, or, where none of them is of the type `broadcast`, within
 *   %QK_BROADCAST_OTHER_WINDOW_S. Those without a time belong together.
 * - A resent copy belongs to where its original is (`resent_from`), or to the ones before it.
 * - Together they are a broadcast if they went to three of the agents; if one of them is of the
 *   type `broadcast`, to two; and to one if that got nothing else that says the same: the others
 *   are lost. The same text to one agent again and again is a loop, and no broadcast.
 * - What is none belongs to the latest broadcast before it that says the same, if there is one:
 *   somebody sent it again by hand.
 *
 * Of several entries to one agent the one in the best state counts. An agent that is the sender is
 * not waited for.
 */

/**
 * QK_BROADCAST_WINDOW_S:
 *
 * Within how many seconds the entries of a broadcast are created.
 */
#define QK_BROADCAST_WINDOW_S 60
/**
 * QK_BROADCAST_OTHER_WINDOW_S:
 *
 * The same, of messages that are not of the type `broadcast`.
 */
#define QK_BROADCAST_OTHER_WINDOW_S 10
/**
 * QK_BROADCAST_MAX_AGENTS:
 *
 * How many agents are told apart; those that are named after them are not looked at.
 */
#define QK_BROADCAST_MAX_AGENTS 32

/**
 * QkReach:
 * @QK_REACH_SENDER: it is the agent's own
 * @QK_REACH_MISSING: there is no entry
 * @QK_REACH_FAILED: given up or expired
 * @QK_REACH_UNKNOWN: in a status that is not a known one
 * @QK_REACH_PENDING: waits to be delivered
 * @QK_REACH_PROCESSING: being delivered
 * @QK_REACH_DELIVERED: delivered
 *
 * How far a broadcast got with an agent; what is better comes later.
 */
typedef enum {
  QK_REACH_SENDER,
  QK_REACH_MISSING,
  QK_REACH_FAILED,
  QK_REACH_UNKNOWN,
  QK_REACH_PENDING,
  QK_REACH_PROCESSING,
  QK_REACH_DELIVERED,
} QkReach;

/**
 * QkBroadcastCell:
 * @reach: how far it got
 * @entry: (nullable): the entry that got so far
 *
 * A broadcast and an agent.
 */
typedef struct {
  QkReach reach;
  const QkEntry *entry;
} QkBroadcastCell;

/**
 * QkBroadcast:
 * @first: its first entry: has its sender, content and priority, and its id names it
 * @time: when that was created, in wall microseconds, or %QK_WALL_NONE
 * @cells: a cell for each agent
 * @n_expected: how many agents it is for
 * @n_delivered: how many of them have it
 * @n_missed: how many have no entry, or one that failed or expired
 * @n_entries: of how many entries it is made
 *
 * A broadcast. Lives as long as the list that it is in.
 */
typedef struct {
  const QkEntry *first;
  gint64 time;
  const QkBroadcastCell *cells;
  guint n_expected;
  guint n_delivered;
  guint n_missed;
  guint n_entries;
} QkBroadcast;

/* The broadcasts of one version of the queue, the newest first. Immutable, so any thread may hold
 * and read them. */
typedef struct _QkBroadcasts QkBroadcasts;

QkBroadcasts *qk_broadcasts_new (QkDocument *document, const char *const *agents);
QkBroadcasts *qk_broadcasts_ref (QkBroadcasts *self);
void qk_broadcasts_unref (QkBroadcasts *self);

const char *const *qk_broadcasts_get_agents (const QkBroadcasts *self);
guint qk_broadcasts_get_n_agents (const QkBroadcasts *self);
guint qk_broadcasts_get_size (const QkBroadcasts *self);
const QkBroadcast *qk_broadcasts_get (const QkBroadcasts *self, guint index);

gboolean qk_reach_is_missed (QkReach reach);
const char *qk_broadcast_get_obstacle (const QkBroadcast *broadcast);
GPtrArray *qk_broadcasts_dup_resend (const QkBroadcasts *self,
                                     guint index,
                                     const char *const *agents);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkBroadcasts, qk_broadcasts_unref)

G_END_DECLS
