#pragma once

#include <glib-object.h>

#include "qk-entry.h"

G_BEGIN_DECLS

/* An intent of the operator: "resend this if it is still FAILED", "purge that".
 *
 * A change is made from what the operator saw and applied to whatever stands in the queue when it
 * is saved, perhaps several times; so it carries the id, the state that was seen, and every new id
 * and text that it will write. It is immutable and shared between threads.
 */

typedef struct _QkChange QkChange;

/**
 * QkChangeKind:
 * @QK_CHANGE_RESEND: deliver it (again)
 * @QK_CHANGE_PURGE: take it out
 * @QK_CHANGE_SEND: add a new message
 * @QK_CHANGE_SET_RECIPIENT: another agent is to get it
 * @QK_CHANGE_SET_PRIORITY: its turn comes sooner or later
 * @QK_CHANGE_EDIT: deliver it (again) with another text, recipient or priority
 * @QK_CHANGE_RESTORE: put an entry back as it was
 * @QK_CHANGE_FIX: rid it of what the swarm trips over
 */
typedef enum {
  QK_CHANGE_RESEND,
  QK_CHANGE_PURGE,
  QK_CHANGE_SEND,
  QK_CHANGE_SET_RECIPIENT,
  QK_CHANGE_SET_PRIORITY,
  QK_CHANGE_EDIT,
  QK_CHANGE_RESTORE,
  QK_CHANGE_FIX,
} QkChangeKind;
#define QK_N_CHANGE_KINDS (QK_CHANGE_FIX + 1)

/**
 * QK_STUCK_WARNING_S:
 *
 * Seconds without an update after which PROCESSING is stuck.
 */
#define QK_STUCK_WARNING_S 60
/**
 * QK_STUCK_CRITICAL_S:
 *
 * Seconds without an update after which PROCESSING is stuck for good.
 */
#define QK_STUCK_CRITICAL_S 300

/**
 * QK_CHANGE_AT_THE_END:
 *
 * What an entry is put back behind that goes to the end of the queue.
 */
#define QK_CHANGE_AT_THE_END ""

/**
 * QkDraft:
 * @sender: who sends it
 * @recipient: who is to get it
 * @content: the text
 * @priority: `urgent`, `high`, `regular`, `normal` or `low`
 * @message_type: (nullable): `text`, `broadcast` ...; %NULL derives it from @sender
 * @tags: (nullable) (array zero-terminated=1): the tags
 * @resent_from: (nullable): the id of an entry that says the same to somebody else
 *
 * A message to be sent.
 */
typedef struct {
  const char *sender;
  const char *recipient;
  const char *content;
  const char *priority;
  const char *message_type;
  const char *const *tags;
  const char *resent_from;
} QkDraft;

/**
 * QkRevision:
 * @recipient: (nullable): who is to get it
 * @content: (nullable): the text
 * @priority: (nullable): `urgent`, `high`, `regular`, `normal` or `low`
 *
 * What is to be different in a message. What is %NULL stays as it is, whatever it is when it is saved.
 */
typedef struct {
  const char *recipient;
  const char *content;
  const char *priority;
} QkRevision;

QkChange *qk_change_new_resend (const QkEntry *seen, guint stuck_after_s);
QkChange *qk_change_new_purge (const QkEntry *seen);
QkChange *qk_change_new_purge_exact (const QkEntry *seen);
QkChange *qk_change_new_send (const QkDraft *draft);
QkChange *qk_change_new_set_recipient (const QkEntry *seen, const char *recipient);
QkChange *qk_change_new_set_priority (const QkEntry *seen, const char *priority);
QkChange *qk_change_new_edit (const QkEntry *seen, const QkRevision *revision, guint stuck_after_s);
QkChange *qk_change_new_fix (const QkEntry *seen);
QkChange *qk_change_new_restore (GBytes *json, const char *after_id, GBytes *made);
GPtrArray *qk_change_new_broadcast (const QkDraft *draft, const char *const *agents);
QkChange *qk_change_ref (QkChange *self);
void qk_change_unref (QkChange *self);
QkChangeKind qk_change_get_kind (const QkChange *self);
const char *qk_change_get_id (const QkChange *self);

gboolean qk_priority_parse (const char *name, double *score);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkChange, qk_change_unref)

G_END_DECLS
