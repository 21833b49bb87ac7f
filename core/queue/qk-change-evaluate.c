#include "qk-plan-private.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-fix.h"
#include "qk-patch.h"
#include "qk-scan.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

/* What a change means for the entry that it finds. */

#define MAX_EDITS 16

/* The members to change in one object. */
typedef struct {
  QkMemberEdit members[MAX_EDITS];
  gsize n;
} Edits;

static void
set (Edits *edits, const char *key, const char *json)
{
  g_assert (edits->n < MAX_EDITS);
  edits->members[edits->n++] = (QkMemberEdit){.key = key, .json = json};
}

static void
set_verbatim (Edits *edits, const char *key, const char *json)
{
  set (edits, key, json);
  edits->members[edits->n - 1].verbatim = TRUE;
}

static char *
quote (const char *text)
{
  GString *json = g_string_new (NULL);

  qk_json_append_quoted (json, text);
  return g_string_free (json, FALSE);
}

static QkEdit
skip (const char *reason)
{
  return (QkEdit){.verdict = QK_VERDICT_SKIPPED, .reason = reason};
}

static QkEdit
in_effect (void)
{
  return (QkEdit){.verdict = QK_VERDICT_IN_EFFECT};
}

/* One literal per status, so that equal reasons can be counted together. */
static const char *
moved_on (QkStatus status)
{
  static const char *const reasons[QK_N_STATUSES] = {
      [QK_STATUS_PENDING] = "moved on meanwhile: pending now",
      [QK_STATUS_PROCESSING] = "moved on meanwhile: processing now",
      [QK_STATUS_FAILED] = "moved on meanwhile: failed now",
      [QK_STATUS_DELIVERED] = "moved on meanwhile: delivered now",
      [QK_STATUS_EXPIRED] = "moved on meanwhile: expired now",
      [QK_STATUS_UNKNOWN] = "moved on meanwhile: its status is not a known one now",
  };

  return reasons[status];
}

/* Why the entry, if it became pending, would stop the swarm's processor or be dropped; or %NULL. */
static const char *
poison (const QkEntry *entry)
{
  gsize length;
  const char *metadata = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);

  if (entry->hazards & QK_HAZARD_PRIORITY)
    return "its priority_score is not a number: the processor would trip over it; fix it first";
  if ((entry->hazards & QK_HAZARD_METADATA) && *metadata != 'n')
    return "its metadata is not an object: the processor would trip over it; fix it first";
  if (entry->hazards & QK_HAZARD_SURROGATE)
    return "it holds half of a surrogate pair: the processor would trip over it; fix it first";
  if ((entry->hazards & QK_HAZARD_OFFSET) && entry->status != QK_STATUS_DELIVERED &&
      entry->status != QK_STATUS_EXPIRED)
    return "its created_at has a time zone: the processor would trip over it; fix it first";
  if ((entry->hazards & QK_HAZARD_INCOMPLETE) && !entry->flat)
    return "it lacks a key without which the swarm drops it; fix it first";
  return NULL;
}

/* The text of @entry with the edits done, in its metadata and in its own members. */
static char *
patch_entry (const QkEntry *entry, Edits *own, const Edits *metadata, const QkStyle *style)
{
  gsize length;
  const char *old = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);
  g_autofree char *indent = g_strconcat (style->base, style->unit, NULL);
  g_autoptr (GString) new_metadata = g_string_new (NULL);
  GString *out = g_string_new (NULL);

  if (metadata != NULL && metadata->n > 0)
    {
      qk_patch_object (new_metadata, old != NULL && *old == '{' ? old : "{}", metadata->members,
                       metadata->n, style, indent);
      set_verbatim (own, "metadata", new_metadata->str);
    }
  qk_patch_object (out, entry->json, own->members, own->n, style, style->base);
  return g_string_free (out, FALSE);
}

static void
set_status (Edits *own, const QkEntry *entry, const char *now)
{
  set (own, "status", entry->flat ? "\"pending\"" : "\"PENDING\"");
  if (!entry->flat || qk_entry_has_field (entry, QK_FIELD_UPDATED_AT))
    set (own, "updated_at", now);
}

/* Back to PENDING where it stands. The swarm forgets the retry delay, so that a resent message
 * waits for it once more; it goes here. A stuck entry keeps its count of attempts, so that one
 * which always gets stuck fails in the end. */
static QkEdit
reset (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  g_autofree char *now_text = qk_wall_format (now), *now_json = quote (now_text);
  g_autofree char *stamp = quote (change->stamp);
  Edits own = {.n = 0}, metadata = {.n = 0};

  set_status (&own, entry, now_json);
  if (entry->status == QK_STATUS_FAILED)
    {
      if (qk_entry_has_field (entry, QK_FIELD_TOP_ATTEMPTS))
        set (&own, "delivery_attempts", "0");
      set (&metadata, "delivery_attempts", "0");
    }
  set (&metadata, "resend_time", stamp);
  set (&metadata, "last_retry_time", NULL);
  set (&metadata, "next_retry_delay", NULL);
  return (QkEdit){.verdict = QK_VERDICT_CHANGED,
                  .text = patch_entry (entry, &own, &metadata, style)};
}

/* A new entry with an id of its own that says where it comes from. */
static QkEdit
copy (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  static const char *const history[] = {"last_error", "last_retry_time", "next_retry_delay",
                                        "resend_time", "retry_count"};
  g_autofree char *now_text = qk_wall_format (now), *now_json = quote (now_text);
  g_autofree char *new_id = quote (change->new_id);
  g_autofree char *old_id = change->id != NULL ? quote (change->id) : g_strdup ("null");
  Edits own = {.n = 0}, metadata = {.n = 0};

  set (&own, entry->flat ? "id" : "queue_id", new_id);
  set_status (&own, entry, now_json);
  set (&own, "created_at", now_json);
  set (&own, "delivered_at", NULL);
  set (&own, "delivery_attempts", NULL);
  set (&metadata, "delivery_attempts", "0");
  set (&metadata, "resent_from", old_id);
  for (gsize i = 0; i < G_N_ELEMENTS (history); i++)
    set (&metadata, history[i], NULL);
  return (QkEdit){.verdict = QK_VERDICT_CHANGED,
                  .added = patch_entry (entry, &own, &metadata, style)};
}

static gboolean
is_marked (const QkChange *change, const QkEntry *entry)
{
  g_autofree char *stamp = qk_entry_dup_field (entry, QK_FIELD_RESEND_TIME);

  return g_strcmp0 (stamp, change->stamp) == 0;
}

static QkEdit
resend (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  if (is_marked (change, entry))
    return in_effect ();
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (entry->status == QK_STATUS_PENDING)
    return skip ("already pending");
  if (entry->status == QK_STATUS_UNKNOWN)
    return skip ("its status is not a known one");
  if (poison (entry) != NULL)
    return skip (poison (entry));
  if (entry->status == QK_STATUS_FAILED)
    return reset (change, entry, style, now);
  if (entry->status != QK_STATUS_PROCESSING)
    return copy (change, entry, style, now);
  if (entry->updated != change->seen_updated)
    return skip ("updated meanwhile: it is being processed");
  if (!qk_entry_is_stuck (entry, now, change->stuck_after_s))
    return skip ("already processing");
  return reset (change, entry, style, now);
}

static QkEdit
purge (const QkChange *change, const QkEntry *entry)
{
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .purge = TRUE};
}

/* Sets a member of the message: of the object `message`, or of the entry itself if it is flat. */
static QkEdit
edit_message (const QkEntry *entry,
              const char *key,
              const char *text,
              const QkStyle *style,
              gint64 now)
{
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);
  g_autofree char *value = quote (text), *now_text = qk_wall_format (now);
  g_autofree char *now_json = quote (now_text);
  g_autofree char *indent = g_strconcat (style->base, style->unit, NULL);
  g_autoptr (GString) new_message = g_string_new (NULL);
  QkMemberEdit edit = {.key = key, .json = value};
  Edits own = {.n = 0};

  if (message != NULL && *message == '{')
    {
      qk_patch_object (new_message, message, &edit, 1, style, indent);
      set_verbatim (&own, "message", new_message->str);
    }
  else
    set (&own, message != NULL ? "message" : key, value);
  if (!entry->flat || qk_entry_has_field (entry, QK_FIELD_UPDATED_AT))
    set (&own, "updated_at", now_json);
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .text = patch_entry (entry, &own, NULL, style)};
}

static gboolean
has_message_key (const QkEntry *entry, const char *key)
{
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);
  const char *object = message != NULL && *message == '{' ? message : entry->json;

  return qk_object_has_key (object, key);
}

static QkEdit
set_field (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  gboolean content = change->kind == QK_CHANGE_EDIT_CONTENT;
  g_autofree char *old =
      qk_entry_dup_field (entry, content ? QK_FIELD_CONTENT : QK_FIELD_RECIPIENT);
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);
  const char *key = "content";

  if (g_strcmp0 (old, change->text) == 0)
    return in_effect ();
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (entry->status != QK_STATUS_PENDING && entry->status != QK_STATUS_FAILED)
    return skip ("only pending and failed messages can be edited");
  if (*entry->json != '{' || (message == NULL && !entry->flat) ||
      (message != NULL && *message != '{' && (*message != '"' || !content)))
    return skip ("its message has no such field");
  if (!content)
    key =
        !has_message_key (entry, "recipient") && has_message_key (entry, "to") ? "to" : "recipient";
  return edit_message (entry, key, change->text, style, now);
}

/* Nothing can be done about a flat entry's being flat; what else was seen to be wrong has been. */
static gboolean
is_fixed (const QkChange *change, const QkEntry *entry)
{
  return entry->hazards == 0 || (entry->flat && entry->hazards == QK_HAZARD_INCOMPLETE &&
                                 change->seen_hazards != QK_HAZARD_INCOMPLETE);
}

static QkEdit
fix (const QkChange *change, const QkEntry *entry, const QkStyle *style)
{
  if (is_fixed (change, entry))
    return (QkEdit){.verdict = QK_VERDICT_IN_EFFECT, .reason = "nothing is wrong with it"};
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (qk_fix_get_obstacle (entry) != NULL)
    return skip (qk_fix_get_obstacle (entry));
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .text = qk_fix_write (entry, style)};
}

static QkEdit
restore (const QkChange *change, const QkEntry *entry)
{
  if (qk_entry_hash_json (entry) == change->seen_json)
    return in_effect ();
  if (change->made == 0)
    return skip ("already in the queue");
  if (qk_entry_hash_state (entry) != change->made)
    return skip (moved_on (entry->status));
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .text = g_strdup (change->text)};
}

/**
 * qk_change_evaluate:
 * @change: a change of an entry
 * @entry: the entry as it stands now
 * @style: how new text is laid out
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what @change does to @entry
 */
QkEdit
qk_change_evaluate (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  switch (change->kind)
    {
    case QK_CHANGE_RESEND:
      return resend (change, entry, style, now);
    case QK_CHANGE_PURGE:
      return purge (change, entry);
    case QK_CHANGE_SET_RECIPIENT:
    case QK_CHANGE_EDIT_CONTENT:
      return set_field (change, entry, style, now);
    case QK_CHANGE_RESTORE:
      return restore (change, entry);
    case QK_CHANGE_FIX:
      return fix (change, entry, style);
    case QK_CHANGE_SEND:
    default:
      g_return_val_if_reached (skip ("nothing to be done"));
    }
}

/**
 * qk_change_write_new:
 * @change: a change that sends a message
 * @style: how new text is laid out
 *
 * Returns: (transfer full): the text of the new entry
 */
char *
qk_change_write_new (const QkChange *change, const QkStyle *style)
{
  GString *out = g_string_new (NULL);

  qk_style_append (style, out, change->text, style->base);
  return g_string_free (out, FALSE);
}
