#include "qk-entry-private.h"

#include "qk-change.h"
#include "qk-document.h"
#include "qk-text.h"
#include "qk-time.h"

#include <math.h>
#include <string.h>

/* Reading an entry: from a span of checked JSON to the spans of its fields. */

/* The second spelling of a field; used where the first is missing. */
enum { ALIAS_FROM = QK_N_FIELDS, ALIAS_TO, ALIAS_ID, N_SLOTS };

typedef struct {
  const char *key;
  guint slot;
} Key;

static const Key entry_keys[] = {
    {"queue_id", QK_FIELD_ID},
    {"status", QK_FIELD_STATUS},
    {"priority_score", QK_FIELD_PRIORITY_SCORE},
    {"created_at", QK_FIELD_CREATED_AT},
    {"updated_at", QK_FIELD_UPDATED_AT},
    {"message", QK_FIELD_MESSAGE},
    {"metadata", QK_FIELD_METADATA},
    {"delivery_attempts", QK_FIELD_TOP_ATTEMPTS},
    {"delivered_at", QK_FIELD_DELIVERED_AT},
    {"id", ALIAS_ID},
    {NULL, 0},
};

static const Key message_keys[] = {
    {"sender", QK_FIELD_SENDER},
    {"recipient", QK_FIELD_RECIPIENT},
    {"content", QK_FIELD_CONTENT},
    {"priority", QK_FIELD_PRIORITY},
    {"message_type", QK_FIELD_MESSAGE_TYPE},
    {"tags", QK_FIELD_TAGS},
    {"metadata", QK_FIELD_MESSAGE_METADATA},
    {"from", ALIAS_FROM},
    {"to", ALIAS_TO},
    {NULL, 0},
};

static const Key metadata_keys[] = {
    {"last_error", QK_FIELD_LAST_ERROR},           {"delivery_attempts", QK_FIELD_ATTEMPTS},
    {"last_retry_time", QK_FIELD_LAST_RETRY_TIME}, {"next_retry_delay", QK_FIELD_NEXT_RETRY_DELAY},
    {"resend_time", QK_FIELD_RESEND_TIME},         {"retry_count", QK_FIELD_RETRY_COUNT},
    {"resent_from", QK_FIELD_RESENT_FROM},         {NULL, 0},
};

/* Of a key that stands there twice the last one counts, as in Python. */
static void
read_object (const QkEntry *self, const char *object, const Key *keys, QkSpan *slots)
{
  QkMembers members;
  QkMember member;

  qk_members_init (&members, object);
  while (qk_members_next (&members, &member))
    for (const Key *key = keys; key->key != NULL; key++)
      if (qk_json_key_equal (member.key, member.key_length, key->key))
        {
          slots[key->slot].start = (guint32) (member.value - self->json);
          slots[key->slot].length = (guint32) member.value_length;
          break;
        }
}

static void
use_alias (QkSpan *slots, guint field, guint alias)
{
  if (slots[field].length == 0)
    slots[field] = slots[alias];
}

static inline char
first_char (const QkEntry *self, const QkSpan *slots, guint field)
{
  return slots[field].length > 0 ? self->json[slots[field].start] : '\0';
}

/* A flat entry has the keys of the message beside its own, and no message. */
static void
read_flat (QkEntry *self, QkSpan *slots)
{
  QkSpan flat[N_SLOTS] = {0};

  read_object (self, self->json, message_keys, flat);
  if (flat[QK_FIELD_CONTENT].length == 0 && flat[QK_FIELD_RECIPIENT].length == 0 &&
      flat[ALIAS_TO].length == 0)
    return;
  self->flat = TRUE;
  for (guint i = QK_FIELD_SENDER; i <= QK_FIELD_TAGS; i++)
    slots[i] = flat[i];
  slots[ALIAS_FROM] = flat[ALIAS_FROM];
  slots[ALIAS_TO] = flat[ALIAS_TO];
}

static void
read_spans (QkEntry *self)
{
  QkSpan slots[N_SLOTS] = {0};

  if (*self->json == '{')
    {
      read_object (self, self->json, entry_keys, slots);
      if (first_char (self, slots, QK_FIELD_MESSAGE) == '{')
        read_object (self, self->json + slots[QK_FIELD_MESSAGE].start, message_keys, slots);
      else if (first_char (self, slots, QK_FIELD_MESSAGE) == '"')
        slots[QK_FIELD_CONTENT] = slots[QK_FIELD_MESSAGE];
      else
        read_flat (self, slots);
      if (first_char (self, slots, QK_FIELD_METADATA) == '{')
        read_object (self, self->json + slots[QK_FIELD_METADATA].start, metadata_keys, slots);
      use_alias (slots, QK_FIELD_SENDER, ALIAS_FROM);
      use_alias (slots, QK_FIELD_RECIPIENT, ALIAS_TO);
      use_alias (slots, QK_FIELD_ID, ALIAS_ID);
    }
  memcpy (self->fields, slots, sizeof self->fields);
}

/* The swarm compares statuses to the letter; only flat entries spell them in lower case. */
static QkStatus
read_status (const QkEntry *self)
{
  g_autofree char *name = qk_entry_dup_field (self, QK_FIELD_STATUS);
  QkStatus status = QK_STATUS_UNKNOWN;

  if (name != NULL && qk_status_parse (name, &status) && !self->flat &&
      strcmp (name, qk_status_get_name (status)) != 0)
    return QK_STATUS_UNKNOWN;
  return status;
}

static gint64
read_time (const QkEntry *self, QkField field, gboolean *has_offset)
{
  gsize length;
  const char *json = qk_entry_get_field_json (self, field, &length);

  if (json == NULL || *json != '"')
    return QK_WALL_NONE;
  return qk_wall_parse (json + 1, length - 2, has_offset);
}

static float
read_priority (const QkEntry *self)
{
  g_autofree char *name = NULL;
  double score;

  if (qk_entry_get_number (self, QK_FIELD_PRIORITY_SCORE, &score) && isfinite (score))
    return (float) CLAMP (score, -1e6, 1e6);
  name = qk_entry_dup_field (self, QK_FIELD_PRIORITY);
  if (name != NULL && qk_priority_parse (name, &score))
    return (float) score;
  return 0.5F;
}

static gboolean
is_not_finite (const QkEntry *self, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (self, field, &length);

  return json != NULL && strchr ("-0123456789NI", *json) != NULL &&
         qk_json_is_not_finite (json, length);
}

static QkHazard
read_hazards (const QkEntry *self, const QkScan *scan, gboolean has_offset)
{
  static const QkField required[] = {QK_FIELD_MESSAGE, QK_FIELD_ID,         QK_FIELD_PRIORITY_SCORE,
                                     QK_FIELD_STATUS,  QK_FIELD_CREATED_AT, QK_FIELD_UPDATED_AT};
  char metadata = first_char (self, self->fields, QK_FIELD_METADATA);
  QkHazard hazards = 0;
  double score;

  for (gsize i = 0; i < G_N_ELEMENTS (required); i++)
    if (self->fields[required[i]].length == 0)
      hazards |= QK_HAZARD_INCOMPLETE;
  if (self->fields[QK_FIELD_PRIORITY_SCORE].length > 0 &&
      !(qk_entry_get_number (self, QK_FIELD_PRIORITY_SCORE, &score) && isfinite (score)))
    hazards |= QK_HAZARD_PRIORITY;
  if (metadata != '\0' && metadata != '{')
    hazards |= QK_HAZARD_METADATA;
  if (scan->lone_surrogate)
    hazards |= QK_HAZARD_SURROGATE;
  if (has_offset)
    hazards |= QK_HAZARD_OFFSET;
  if (scan->n_not_finite > (is_not_finite (self, QK_FIELD_PRIORITY_SCORE) ? 1 : 0))
    hazards |= QK_HAZARD_NOT_FINITE;
  return hazards;
}

static guint32
fnv1a (const char *data, gsize length)
{
  guint32 hash = 2166136261U;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar) data[i]) * 16777619U;
  return hash;
}

guint32
qk_entry_hash_id (const char *id)
{
  return fnv1a (id, strlen (id));
}

static guint32
hash_own_id (const QkEntry *self)
{
  gsize length;
  const char *json = qk_entry_get_field_json (self, QK_FIELD_ID, &length);
  g_autofree char *id = NULL;

  if (!qk_entry_is_named (self))
    return fnv1a (self->json, self->length);
  if (*json == '"' && memchr (json, '\\', length) == NULL)
    return fnv1a (json + 1, length - 2);
  id = qk_json_decode (json, length, NULL);
  return qk_entry_hash_id (id);
}

/* Reads the entry at @json, a checked JSON value of @length bytes. @scan has checked it, and has met
 * in it what it says; nothing else. */
void
qk_entry_read (QkEntry *self, const char *json, gsize length, const QkScan *scan)
{
  gboolean has_offset = FALSE;

  memset (self, 0, sizeof *self);
  self->json = json;
  self->length = (guint32) length;
  read_spans (self);
  self->status = (guint8) read_status (self);
  self->created = read_time (self, QK_FIELD_CREATED_AT, &has_offset);
  self->updated = read_time (self, QK_FIELD_UPDATED_AT, NULL);
  self->priority = read_priority (self);
  self->hazards = (guint8) read_hazards (self, scan, has_offset);
  self->id_hash = hash_own_id (self);
}

/* Reads an entry that stands alone, of whatever origin. Returns FALSE where @json is not one value
 * and nothing else. */
gboolean
qk_entry_check (QkEntry *self, const char *json, gsize length)
{
  QkScan scan = {.text = json, .length = length};

  if (!qk_scan_value (&scan, QK_DOCUMENT_MAX_DEPTH - 2) || scan.position != length)
    return FALSE;
  qk_entry_read (self, json, length, &scan);
  return TRUE;
}
