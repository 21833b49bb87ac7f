#include "qk-entry-private.h"

#include "qk-scan.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define EXCERPT_CHARS 200
/* Enough for that and for what is skipped before it. */
#define EXCERPT_BYTES 4096

static const struct {
  const char *name;
  const char *label;
} statuses[QK_N_STATUSES] = {
    [QK_STATUS_PENDING] = {"PENDING", N_ ("Pending")},
    [QK_STATUS_PROCESSING] = {"PROCESSING", N_ ("Processing")},
    [QK_STATUS_FAILED] = {"FAILED", N_ ("Failed")},
    [QK_STATUS_DELIVERED] = {"DELIVERED", N_ ("Delivered")},
    [QK_STATUS_EXPIRED] = {"EXPIRED", N_ ("Expired")},
    [QK_STATUS_UNKNOWN] = {"UNKNOWN", N_ ("Unknown")},
};

/**
 * qk_status_get_name:
 * @status: a status
 *
 * Returns: its name as the queue spells it; `UNKNOWN` for %QK_STATUS_UNKNOWN
 */
const char *
qk_status_get_name (QkStatus status)
{
  g_return_val_if_fail ((guint) status < QK_N_STATUSES, NULL);

  return statuses[status].name;
}

/**
 * qk_status_get_label:
 * @status: a status
 *
 * Returns: its name for people
 */
const char *
qk_status_get_label (QkStatus status)
{
  g_return_val_if_fail ((guint) status < QK_N_STATUSES, NULL);

  return _ (statuses[status].label);
}

/**
 * qk_status_parse:
 * @name: a name, in any case
 * @status: (out): its status, untouched where there is none of that name
 *
 * Returns: whether there is such a status
 */
gboolean
qk_status_parse (const char *name, QkStatus *status)
{
  g_return_val_if_fail (name != NULL, FALSE);

  for (guint i = 0; i < QK_N_STATUSES; i++)
    if (g_ascii_strcasecmp (name, statuses[i].name) == 0)
      {
        *status = (QkStatus) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * qk_entry_get_json:
 * @entry: an entry
 * @length: (out): its length in bytes
 *
 * Returns: (array length=length): the entry as it stands in the queue, not terminated by NUL
 */
const char *
qk_entry_get_json (const QkEntry *entry, gsize *length)
{
  *length = entry->length;
  return entry->json;
}

/**
 * qk_entry_get_field_json:
 * @entry: an entry
 * @field: a field
 * @length: (out): its length in bytes
 *
 * Returns: (nullable) (array length=length): the field's value as it stands in the queue, not
 *   terminated by NUL; %NULL where it is missing
 */
const char *
qk_entry_get_field_json (const QkEntry *entry, QkField field, gsize *length)
{
  g_return_val_if_fail ((guint) field < QK_N_FIELDS, NULL);

  *length = entry->fields[field].length;
  return *length > 0 ? entry->json + entry->fields[field].start : NULL;
}

/**
 * qk_entry_has_field:
 * @entry: an entry
 * @field: a field
 *
 * Returns: whether the entry has it, be it `null`
 */
gboolean
qk_entry_has_field (const QkEntry *entry, QkField field)
{
  g_return_val_if_fail ((guint) field < QK_N_FIELDS, FALSE);

  return entry->fields[field].length > 0;
}

/**
 * qk_entry_dup_field:
 * @entry: an entry
 * @field: a field
 *
 * Decodes a field. A value that is not a string is given as it is spelled. What comes back may hold
 * anything that UTF-8 can: see qk_text_reveal() before it is shown.
 *
 * Returns: (transfer full) (nullable): the text; %NULL where the field is missing or `null`
 */
char *
qk_entry_dup_field (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);

  if (json == NULL || *json == 'n')
    return NULL;
  return qk_json_decode (json, length, NULL);
}

/**
 * qk_entry_get_number:
 * @entry: an entry
 * @field: a field
 * @number: (out): its value, perhaps infinite or not a number, as Python writes them
 *
 * Returns: whether the field is there and a number
 */
gboolean
qk_entry_get_number (const QkEntry *entry, QkField field, double *number)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length);
  g_autofree char *text = NULL;

  if (json == NULL || strchr ("-0123456789NI", *json) == NULL)
    return FALSE;
  text = g_strndup (json, length);
  *number = g_ascii_strtod (text, NULL);
  return TRUE;
}

/**
 * qk_entry_get_status:
 * @entry: an entry
 *
 * Returns: its status
 */
QkStatus
qk_entry_get_status (const QkEntry *entry)
{
  return (QkStatus) entry->status;
}

/**
 * qk_entry_get_created:
 * @entry: an entry
 *
 * Returns: when it was created, in wall microseconds, or %QK_WALL_NONE
 */
gint64
qk_entry_get_created (const QkEntry *entry)
{
  return entry->created;
}

/**
 * qk_entry_get_updated:
 * @entry: an entry
 *
 * Returns: when it was last updated, in wall microseconds, or %QK_WALL_NONE
 */
gint64
qk_entry_get_updated (const QkEntry *entry)
{
  return entry->updated;
}

/**
 * qk_entry_get_priority:
 * @entry: an entry
 *
 * Returns: the score by which the swarm orders its work, the highest first: `priority_score` if it
 *   is a number, else what the swarm would derive from `priority`
 */
double
qk_entry_get_priority (const QkEntry *entry)
{
  return (double) entry->priority;
}

/**
 * qk_entry_get_attempts:
 * @entry: an entry
 *
 * Returns: how often its delivery was tried
 */
guint
qk_entry_get_attempts (const QkEntry *entry)
{
  double number;

  if ((qk_entry_get_number (entry, QK_FIELD_ATTEMPTS, &number) ||
       qk_entry_get_number (entry, QK_FIELD_TOP_ATTEMPTS, &number)) &&
      number > 0)
    return (guint) MIN (number, G_MAXINT);
  return 0;
}

/**
 * qk_entry_get_retry_at:
 * @entry: an entry
 *
 * Returns: until when the processor passes over a pending entry, in wall microseconds, or
 *   %QK_WALL_NONE where it does not
 */
gint64
qk_entry_get_retry_at (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_LAST_RETRY_TIME, &length);
  double delay;
  gint64 last;

  if (entry->status != QK_STATUS_PENDING || json == NULL || *json != '"' ||
      !qk_entry_get_number (entry, QK_FIELD_NEXT_RETRY_DELAY, &delay))
    return QK_WALL_NONE;
  last = qk_wall_parse (json + 1, length - 2, NULL);
  if (last == QK_WALL_NONE || !(delay > 0 && delay < 1e9))
    return QK_WALL_NONE;
  return last + (gint64) (delay * G_USEC_PER_SEC);
}

/**
 * qk_entry_is_flat:
 * @entry: an entry
 *
 * Returns: whether the entry is of the flat variant, which has no `message`
 */
gboolean
qk_entry_is_flat (const QkEntry *entry)
{
  return entry->flat;
}

/**
 * qk_entry_is_stuck:
 * @entry: an entry
 * @now: the present, in wall microseconds
 * @after_s: after how many seconds an entry counts as stuck
 *
 * Returns: whether it is being processed and has not been updated for longer than that
 */
gboolean
qk_entry_is_stuck (const QkEntry *entry, gint64 now, guint after_s)
{
  return entry->status == QK_STATUS_PROCESSING && entry->updated != QK_WALL_NONE &&
         now - entry->updated > (gint64) after_s * G_USEC_PER_SEC;
}

/**
 * qk_entry_get_hazards:
 * @entry: an entry
 *
 * Returns: what in it the swarm would trip over
 */
QkHazard
qk_entry_get_hazards (const QkEntry *entry)
{
  return (QkHazard) entry->hazards;
}

/* "[HEADER] A2A COORDINATION" and the lines "From: ..." after it say what other columns say. */
static const char *
skip_header (const char *content)
{
  const char *body;

  if (*content != '[')
    return content;
  body = strstr (content, "\n\n");
  for (const char *line = strchr (content, '\n'); line != NULL && line != body;
       line = strchr (line + 1, '\n'))
    {
      gsize name = strcspn (line + 1, ":\n");

      if (line[1 + name] != ':' || name > 24)
        return content;
    }
  return body != NULL ? body : content;
}

/**
 * qk_entry_dup_excerpt:
 * @entry: an entry
 *
 * Returns: (transfer full): the first line of the content that says something, without marks of
 *   Markdown, safe to be shown; "" where there is no content
 */
char *
qk_entry_dup_excerpt (const QkEntry *entry)
{
  g_autofree char *content = NULL;
  g_autofree char *line = NULL;
  const char *json, *start;
  gsize length;
  GString *plain;

  json = qk_entry_get_field_json (entry, QK_FIELD_CONTENT, &length);
  if (json == NULL || *json == 'n')
    return g_strdup ("");
  content = qk_json_decode_start (json, length, EXCERPT_BYTES);
  start = skip_header (content);
  start += strspn (start, " \t\r\n#*");
  line = g_strndup (start, strcspn (start, "\r\n"));
  if (g_utf8_strlen (line, -1) > EXCERPT_CHARS)
    *g_utf8_offset_to_pointer (line, EXCERPT_CHARS) = '\0';
  plain = g_string_new (line);
  g_string_replace (plain, "**", "", 0);
  start = qk_text_reveal_line (plain->str);
  g_string_free (plain, TRUE);
  return (char *) start;
}

/* Whether it has an id: `null`, which may stand in its place, names nothing. */
gboolean
qk_entry_is_named (const QkEntry *entry)
{
  QkSpan id = entry->fields[QK_FIELD_ID];

  return id.length > 0 && entry->json[id.start] != 'n';
}

/**
 * qk_entry_has_id:
 * @entry: an entry
 * @id: an id, decoded
 *
 * Returns: whether it is the entry's
 */
gboolean
qk_entry_has_id (const QkEntry *entry, const char *id)
{
  g_autofree char *own = NULL;

  if (!qk_entry_is_named (entry) || entry->id_hash != qk_entry_hash_id (id))
    return FALSE;
  own = qk_entry_dup_field (entry, QK_FIELD_ID);
  return g_strcmp0 (own, id) == 0;
}

/**
 * qk_entry_same_id:
 * @a: an entry
 * @b: an entry
 *
 * Returns: whether both have the same id; of two without an id, whether they are the same text
 */
gboolean
qk_entry_same_id (const QkEntry *a, const QkEntry *b)
{
  QkSpan ia = a->fields[QK_FIELD_ID], ib = b->fields[QK_FIELD_ID];
  g_autofree char *id = NULL;

  if (a->id_hash != b->id_hash || qk_entry_is_named (a) != qk_entry_is_named (b))
    return FALSE;
  if (!qk_entry_is_named (a))
    return qk_entry_same_json (a, b);
  if (ia.length == ib.length && memcmp (a->json + ia.start, b->json + ib.start, ia.length) == 0)
    return TRUE;
  id = qk_entry_dup_field (a, QK_FIELD_ID);
  return id != NULL && qk_entry_has_id (b, id);
}

/**
 * qk_entry_same_json:
 * @a: an entry
 * @b: an entry
 *
 * Returns: whether both are the same to the letter
 */
gboolean
qk_entry_same_json (const QkEntry *a, const QkEntry *b)
{
  return a->length == b->length && memcmp (a->json, b->json, a->length) == 0;
}

static guint64
hash_bytes (guint64 hash, const char *data, gsize length)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 word;
  gsize i = 0;

  hash = (hash ^ length) * prime;
  for (; length - i >= sizeof word; i += sizeof word)
    {
      memcpy (&word, data + i, sizeof word);
      hash = (hash ^ word) * prime;
      hash ^= hash >> 32;
    }
  for (; i < length; i++)
    hash = (hash ^ (guchar) data[i]) * prime;
  return hash ^ hash >> 29;
}

/**
 * qk_entry_hash_json:
 * @entry: an entry
 *
 * Tells versions of an entry apart; not meant to withstand an attacker, nor to be stored.
 *
 * Returns: a hash of the entry to the letter
 */
guint64
qk_entry_hash_json (const QkEntry *entry)
{
  return hash_bytes (0, entry->json, entry->length);
}

/* Hashes JSON token by token, so that the white space between them makes no difference: a text, a
 * number or a word, a single mark. */
static guint64
hash_compact (guint64 hash, const char *json, gsize length)
{
  static const char *const marks = "{}[]:,", *const space = " \t\r\n",
                           *const ends = "{}[]:, \t\r\n";
  const char *end = json + length, *next;

  for (; json < end; json = next)
    {
      next = *json == '"' ? qk_json_skip_value (json) : json + 1;
      if (strchr (space, *json) != NULL)
        continue;
      if (*json != '"' && strchr (marks, *json) == NULL)
        while (next < end && strchr (ends, *next) == NULL)
          next++;
      hash = hash_bytes (hash, json, (gsize) (next - json));
    }
  return hash;
}

/**
 * qk_entry_hash_state:
 * @entry: an entry
 *
 * The state of a message is its status, when it was updated, its metadata and its hazards; the
 * layout of the file, which other writers change, is no part of it.
 *
 * Returns: a hash of the state, never 0
 */
guint64
qk_entry_hash_state (const QkEntry *entry)
{
  static const QkField fields[] = {QK_FIELD_STATUS, QK_FIELD_UPDATED_AT, QK_FIELD_METADATA};
  guint64 hash = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gsize length;
      const char *json = qk_entry_get_field_json (entry, fields[i], &length);

      hash = hash_bytes (hash, (const char *) &fields[i], 1);
      if (json != NULL)
        hash = hash_compact (hash, json, length);
    }
  hash = hash_bytes (hash, (const char *) &entry->hazards, 1);
  return MAX (hash, 1);
}
