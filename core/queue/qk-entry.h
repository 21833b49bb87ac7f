#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One entry of the queue: a slice of the document's bytes, and where in it the known fields are.
 *
 * An entry is owned by its QkDocument and lives as long as that. Nothing is decoded before it is
 * asked for. A field that the entry lacks is missing, never a default.
 */

/**
 * QkStatus:
 * @QK_STATUS_PENDING: waits to be delivered
 * @QK_STATUS_PROCESSING: a processor has taken it
 * @QK_STATUS_FAILED: given up by the processor
 * @QK_STATUS_DELIVERED: done
 * @QK_STATUS_EXPIRED: read from files, never written
 * @QK_STATUS_UNKNOWN: any other text, no text, or no status at all
 */
typedef enum {
  QK_STATUS_PENDING,
  QK_STATUS_PROCESSING,
  QK_STATUS_FAILED,
  QK_STATUS_DELIVERED,
  QK_STATUS_EXPIRED,
  QK_STATUS_UNKNOWN,
} QkStatus;
#define QK_N_STATUSES (QK_STATUS_UNKNOWN + 1)

/**
 * QkField:
 *
 * The known fields. Variants in the file (`from` for `sender`, `to` for `recipient`, the keys of a
 * flat entry, a message that is a bare string) are read into the same field.
 */
typedef enum {
  QK_FIELD_ID,
  QK_FIELD_STATUS,
  QK_FIELD_PRIORITY_SCORE,
  QK_FIELD_CREATED_AT,
  QK_FIELD_UPDATED_AT,
  QK_FIELD_DELIVERED_AT,
  QK_FIELD_MESSAGE,
  QK_FIELD_SENDER,
  QK_FIELD_RECIPIENT,
  QK_FIELD_CONTENT,
  QK_FIELD_PRIORITY,
  QK_FIELD_MESSAGE_TYPE,
  QK_FIELD_TAGS,
  QK_FIELD_MESSAGE_METADATA,
  QK_FIELD_METADATA,
  QK_FIELD_LAST_ERROR,
  QK_FIELD_ATTEMPTS,
  QK_FIELD_TOP_ATTEMPTS,
  QK_FIELD_LAST_RETRY_TIME,
  QK_FIELD_NEXT_RETRY_DELAY,
  QK_FIELD_RESEND_TIME,
  QK_FIELD_RETRY_COUNT,
  QK_FIELD_RESENT_FROM,
} QkField;
#define QK_N_FIELDS (QK_FIELD_RESENT_FROM + 1)

/**
 * QkHazard:
 * @QK_HAZARD_PRIORITY: `priority_score` is not a finite number
 * @QK_HAZARD_METADATA: `metadata` is there and not an object
 * @QK_HAZARD_SURROGATE: a string holds half of a surrogate pair
 * @QK_HAZARD_OFFSET: `created_at` carries a time zone
 * @QK_HAZARD_INCOMPLETE: lacks a key without which the swarm drops the entry
 * @QK_HAZARD_NOT_FINITE: NaN, Infinity or a number that is too large, other than `priority_score`
 *
 * What the swarm's processor trips over when the entry is pending (the first four), what it drops,
 * and what Python reads and writes but other programs refuse (the last).
 */
typedef enum {
  QK_HAZARD_PRIORITY = 1 << 0,
  QK_HAZARD_METADATA = 1 << 1,
  QK_HAZARD_SURROGATE = 1 << 2,
  QK_HAZARD_OFFSET = 1 << 3,
  QK_HAZARD_INCOMPLETE = 1 << 4,
  QK_HAZARD_NOT_FINITE = 1 << 5,
} QkHazard;

typedef struct _QkEntry QkEntry;

const char *qk_status_get_name (QkStatus status);
const char *qk_status_get_label (QkStatus status);
gboolean qk_status_parse (const char *name, QkStatus *status);

const char *qk_entry_get_json (const QkEntry *entry, gsize *length);
const char *qk_entry_get_field_json (const QkEntry *entry, QkField field, gsize *length);
gboolean qk_entry_has_field (const QkEntry *entry, QkField field);
char *qk_entry_dup_field (const QkEntry *entry, QkField field);
gboolean qk_entry_get_number (const QkEntry *entry, QkField field, double *number);

QkStatus qk_entry_get_status (const QkEntry *entry);
gint64 qk_entry_get_created (const QkEntry *entry);
gint64 qk_entry_get_updated (const QkEntry *entry);
double qk_entry_get_priority (const QkEntry *entry);
guint qk_entry_get_attempts (const QkEntry *entry);
gint64 qk_entry_get_retry_at (const QkEntry *entry);
gboolean qk_entry_is_flat (const QkEntry *entry);
gboolean qk_entry_is_stuck (const QkEntry *entry, gint64 now, guint after_s);
QkHazard qk_entry_get_hazards (const QkEntry *entry);
char *qk_entry_dup_excerpt (const QkEntry *entry);

gboolean qk_entry_has_id (const QkEntry *entry, const char *id);
gboolean qk_entry_same_id (const QkEntry *a, const QkEntry *b);
gboolean qk_entry_same_json (const QkEntry *a, const QkEntry *b);
guint64 qk_entry_hash_json (const QkEntry *entry);
guint64 qk_entry_hash_state (const QkEntry *entry);

G_END_DECLS
