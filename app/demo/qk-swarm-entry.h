#pragma once

#include "qk-swarm-text.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An entry of the queue as the swarm's own writers make it and change it. Times are wall
 * microseconds: local date and time counted as if they were UTC.
 */

/**
 * QkSwarmMessage:
 * @kind: what kind of message it is
 * @sender: who writes it
 * @recipient: who is to get it
 * @urgent: whether it goes before the others
 * @low: whether it goes after all others
 * @length: about how long the content is to be, in bytes
 *
 * What a producer is about to enqueue.
 */
typedef struct {
  QkSwarmTextKind kind;
  const char *sender;
  const char *recipient;
  gboolean urgent;
  gboolean low;
  gsize length;
} QkSwarmMessage;

gint64 qk_swarm_wall_now (void);
char *qk_swarm_wall_format (gint64 wall_usec);
gboolean qk_swarm_wall_parse (const char *text, gint64 *wall_usec);

JsonObject *qk_swarm_entry_new (GRand *rand, const QkSwarmMessage *message, gint64 created);
const char *qk_swarm_entry_get_id (JsonObject *entry);
const char *qk_swarm_entry_get_status (JsonObject *entry);
const char *qk_swarm_entry_get_recipient (JsonObject *entry);
double qk_swarm_entry_get_score (JsonObject *entry);
guint qk_swarm_entry_get_attempts (JsonObject *entry);
gboolean qk_swarm_entry_is_ready (JsonObject *entry, gint64 now);
gboolean qk_swarm_entry_is_whole (JsonObject *entry);
void qk_swarm_entry_set_status (JsonObject *entry, const char *status, gint64 now);
void qk_swarm_entry_fail_attempt (JsonObject *entry, const char *error, gint64 now);
void qk_swarm_entry_give_up (JsonObject *entry, const char *error, gint64 now);
JsonObject *qk_swarm_entry_strip (JsonObject *entry);

G_END_DECLS
