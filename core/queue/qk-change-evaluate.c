#include "qk-plan-private.h"

#include "qk-change-private.h"
#include "qk-entry-private.h"
#include "qk-fix.h"
#include "qk-patch.h"
#include "qk-scan.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
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
      [QK_STATUS_PENDING] = N_ ("moved on meanwhile: pending now"),
      [QK_STATUS_PROCESSING] = N_ ("moved on meanwhile: processing now"),
      [QK_STATUS_FAILED] = N_ ("moved on meanwhile: failed now"),
      [QK_STATUS_DELIVERED] = N_ ("moved on meanwhile: delivered now"),
      [QK_STATUS_EXPIRED] = N_ ("moved on meanwhile: expired now"),
      [QK_STATUS_UNKNOWN] = N_ ("moved on meanwhile: its status is not a known one now"),
  };

  return _ (reasons[status]);
}

/* Why the entry, if the change made it pending, would stop the swarm's processor or be dropped; or
 * %NULL. */
static const char *
poison (const QkChange *change, const QkEntry *entry)
{
  gsize length;
  const char *metadata = qk_entry_get_field_json (entry, QK_FIELD_METADATA, &length);

  if ((entry->hazards & QK_HAZARD_PRIORITY) && change->priority == NULL)
    return _ ("its priority_score is not a number: the processor would trip over it; fix it first");
  if ((entry->hazards & QK_HAZARD_METADATA) && *metadata != 'n')
    return _ ("its metadata is not an object: the processor would trip over it; fix it first");
  if (entry->hazards & QK_HAZARD_SURROGATE)
    return _ ("it holds half of a surrogate pair: the processor would trip over it; fix it first");
  if ((entry->hazards & QK_HAZARD_OFFSET) && entry->status != QK_STATUS_DELIVERED &&
      entry->status != QK_STATUS_EXPIRED)
    return _ ("its created_at has a time zone: the processor would trip over it; fix it first");
  if ((entry->hazards & QK_HAZARD_INCOMPLETE) && !entry->flat)
    return _ ("it lacks a key without which the swarm drops it; fix it first");
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

/* The new values of an edit, as JSON. */
typedef struct {
  char *recipient; /* owned, nullable: as the two below */
  char *content;
  char *priority;
  char *message; /* owned, nullable: the whole message, where it is an object */
} Values;

static void
values_clear (Values *values)
{
  g_free (values->recipient);
  g_free (values->content);
  g_free (values->priority);
  g_free (values->message);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Values, values_clear)

/* The object that holds the members of the message: `message`, or the entry itself if it is flat; %NULL
 * where the message is a text, or none. */
static const char *
get_message_object (const QkEntry *entry)
{
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);

  if (message == NULL)
    return *entry->json == '{' && entry->flat ? entry->json : NULL;
  return *message == '{' ? message : NULL;
}

/* Whether there is a place for all that is to be different. A message that is a text has its content
 * and, beside it, the score. */
static gboolean
can_revise (const QkChange *change, const QkEntry *entry)
{
  gsize length;
  const char *message = qk_entry_get_field_json (entry, QK_FIELD_MESSAGE, &length);

  if (get_message_object (entry) != NULL)
    return TRUE;
  return *entry->json == '{' && message != NULL && *message == '"' && change->recipient == NULL;
}

static gboolean
has_text (const QkEntry *entry, QkField field, const char *text)
{
  g_autofree char *old = qk_entry_dup_field (entry, field);

  return g_strcmp0 (old, text) == 0;
}

static gboolean
writes_score (const QkEntry *entry)
{
  return !entry->flat || qk_entry_has_field (entry, QK_FIELD_PRIORITY_SCORE);
}

static gboolean
has_score (const QkEntry *entry, const char *priority)
{
  double score, old;

  return qk_priority_parse (priority, &score) &&
         qk_entry_get_number (entry, QK_FIELD_PRIORITY_SCORE, &old) && ABS (old - score) < 1e-9;
}

static gboolean
has_priority (const QkEntry *entry, const char *priority)
{
  if (get_message_object (entry) != NULL && !has_text (entry, QK_FIELD_PRIORITY, priority))
    return FALSE;
  return !writes_score (entry) || has_score (entry, priority);
}

/* Whether all that is to be different stands there already. */
static gboolean
is_revised (const QkChange *change, const QkEntry *entry)
{
  return (change->recipient == NULL || has_text (entry, QK_FIELD_RECIPIENT, change->recipient)) &&
         (change->content == NULL || has_text (entry, QK_FIELD_CONTENT, change->content)) &&
         (change->priority == NULL || has_priority (entry, change->priority));
}

/* Sets members of the message. Where the message is a text, that is its content. */
static void
revise_message (Values *values, const QkEntry *entry, const QkStyle *style, Edits *own)
{
  const char *object = get_message_object (entry), *to = "recipient";
  g_autofree char *indent = g_strconcat (style->base, style->unit, NULL);
  g_autoptr (GString) message = g_string_new (NULL);
  Edits inner = {.n = 0}, *edits = object == entry->json ? own : &inner;

  if (object != NULL && !qk_object_has_key (object, "recipient") &&
      qk_object_has_key (object, "to"))
    to = "to";
  if (values->recipient != NULL)
    set (edits, to, values->recipient);
  if (values->content != NULL)
    set (edits, "content", values->content);
  if (values->priority != NULL)
    set (edits, "priority", values->priority);
  if (object == NULL && values->content != NULL)
    set (own, "message", values->content);
  if (object == NULL || inner.n == 0)
    return;
  qk_patch_object (message, object, inner.members, inner.n, style, indent);
  values->message = g_string_free (g_steal_pointer (&message), FALSE);
  set_verbatim (own, "message", values->message);
}

/* Only what is different is written: what is there already keeps its spelling. */
static void
revise (const QkChange *change,
        const QkEntry *entry,
        const QkStyle *style,
        Values *values,
        Edits *own)
{
  if (change->recipient != NULL && !has_text (entry, QK_FIELD_RECIPIENT, change->recipient))
    values->recipient = quote (change->recipient);
  if (change->content != NULL && !has_text (entry, QK_FIELD_CONTENT, change->content))
    values->content = quote (change->content);
  if (change->priority != NULL && !has_text (entry, QK_FIELD_PRIORITY, change->priority))
    values->priority = quote (change->priority);
  revise_message (values, entry, style, own);
  if (change->priority != NULL && writes_score (entry) && !has_score (entry, change->priority))
    set (own, "priority_score", qk_priority_get_json (change->priority));
}

static void
set_updated (Edits *own, const QkEntry *entry, const char *now)
{
  if (!entry->flat || qk_entry_has_field (entry, QK_FIELD_UPDATED_AT))
    set (own, "updated_at", now);
}

static void
set_status (Edits *own, const QkEntry *entry, const char *now)
{
  set (own, "status", entry->flat ? "\"pending\"" : "\"PENDING\"");
  set_updated (own, entry, now);
}

/* Back to PENDING where it stands. The swarm forgets the retry delay, so that a resent message
 * waits for it once more; it goes here. A stuck entry keeps its count of attempts, so that one
 * which always gets stuck fails in the end. */
static QkEdit
reset (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  g_autofree char *now_text = qk_wall_format (now), *now_json = quote (now_text);
  g_autofree char *stamp = quote (change->stamp);
  g_auto (Values) values = {NULL};
  Edits own = {.n = 0}, metadata = {.n = 0};

  revise (change, entry, style, &values, &own);
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
  g_auto (Values) values = {NULL};
  Edits own = {.n = 0}, metadata = {.n = 0};

  revise (change, entry, style, &values, &own);
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

/* What waits, or has failed, with its new values where it stands. */
static QkEdit
revise_in_place (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  g_autofree char *now_text = qk_wall_format (now), *now_json = quote (now_text);
  g_auto (Values) values = {NULL};
  Edits own = {.n = 0};

  revise (change, entry, style, &values, &own);
  set_updated (&own, entry, now_json);
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .text = patch_entry (entry, &own, NULL, style)};
}

static QkEdit
resend (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  if (is_marked (change, entry))
    return in_effect ();
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (entry->status == QK_STATUS_PENDING)
    return skip (_ ("already pending"));
  if (entry->status == QK_STATUS_UNKNOWN)
    return skip (_ ("its status is not a known one"));
  if (poison (change, entry) != NULL)
    return skip (poison (change, entry));
  if (entry->status == QK_STATUS_FAILED)
    return reset (change, entry, style, now);
  if (entry->status != QK_STATUS_PROCESSING)
    return copy (change, entry, style, now);
  if (entry->updated != change->seen_updated)
    return skip (_ ("updated meanwhile: it is being processed"));
  if (!qk_entry_is_stuck (entry, now, change->stuck_after_s))
    return skip (_ ("already processing"));
  return reset (change, entry, style, now);
}

/* A resend with other values; what waits is not resent, for it goes out with them. */
static QkEdit
edit (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  if (change->seen_status == QK_STATUS_PENDING && is_revised (change, entry))
    return in_effect ();
  if (!can_revise (change, entry))
    return skip (_ ("its message has no such field"));
  if (entry->status == QK_STATUS_PENDING && change->seen_status == QK_STATUS_PENDING)
    return revise_in_place (change, entry, style, now);
  return resend (change, entry, style, now);
}

static QkEdit
purge (const QkChange *change, const QkEntry *entry)
{
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (change->exact && qk_entry_hash_json (entry) != change->seen_json)
    return skip (_ ("changed meanwhile"));
  return (QkEdit){.verdict = QK_VERDICT_CHANGED, .purge = TRUE};
}

static QkEdit
set_field (const QkChange *change, const QkEntry *entry, const QkStyle *style, gint64 now)
{
  if (is_revised (change, entry))
    return in_effect ();
  if (entry->status != change->seen_status)
    return skip (moved_on (entry->status));
  if (entry->status != QK_STATUS_PENDING && entry->status != QK_STATUS_FAILED)
    return skip (_ ("only pending and failed messages can be edited"));
  if (!can_revise (change, entry))
    return skip (_ ("its message has no such field"));
  return revise_in_place (change, entry, style, now);
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
    return (QkEdit){.verdict = QK_VERDICT_IN_EFFECT, .reason = _ ("nothing is wrong with it")};
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
    return skip (_ ("already in the queue"));
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
    case QK_CHANGE_SET_PRIORITY:
      return set_field (change, entry, style, now);
    case QK_CHANGE_EDIT:
      return edit (change, entry, style, now);
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
