#include "qk-change-private.h"

#include "qk-agents.h"
#include "qk-entry-private.h"
#include "qk-text.h"
#include "qk-time.h"

#include <string.h>

static const struct {
  const char *name;
  double score;
  const char *json;
} priorities[] = {
    {"urgent", 1.0, "1.0"}, {"high", 0.8, "0.8"}, {"regular", 0.5, "0.5"},
    {"normal", 0.5, "0.5"}, {"low", 0.3, "0.3"},
};

static QkChange *
change_new (QkChangeKind kind)
{
  QkChange *self = g_new0 (QkChange, 1);

  g_atomic_ref_count_init (&self->refs);
  self->kind = kind;
  return self;
}

static QkChange *
change_new_for (QkChangeKind kind, const QkEntry *seen)
{
  QkChange *self = change_new (kind);

  self->id = qk_entry_dup_field (seen, QK_FIELD_ID);
  self->id_hash = seen->id_hash;
  self->seen_json = qk_entry_hash_json (seen);
  self->seen_status = qk_entry_get_status (seen);
  self->seen_updated = qk_entry_get_updated (seen);
  self->seen_hazards = qk_entry_get_hazards (seen);
  return self;
}

/**
 * qk_priority_parse:
 * @name: the name of a priority
 * @score: (out): its score, untouched where there is no such priority
 *
 * Returns: whether there is such a priority
 */
gboolean
qk_priority_parse (const char *name, double *score)
{
  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    if (strcmp (priorities[i].name, name) == 0)
      {
        *score = priorities[i].score;
        return TRUE;
      }
  return FALSE;
}

/* The score of a priority as the swarm writes it; of one that it does not know, too. */
const char *
qk_priority_get_json (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
    if (strcmp (priorities[i].name, name) == 0)
      return priorities[i].json;
  return "0.5";
}

/* Delivers @seen (again): what a stuck one, and a copy of a delivered one, need for that. */
static QkChange *
change_new_delivery (QkChangeKind kind, const QkEntry *seen, guint stuck_after_s)
{
  QkChange *self = change_new_for (kind, seen);

  self->stuck_after_s = stuck_after_s;
  self->new_id = g_uuid_string_random ();
  self->stamp = qk_wall_format (qk_wall_now ());
  return self;
}

/**
 * qk_change_new_resend:
 * @seen: the entry as the operator sees it
 * @stuck_after_s: after how many seconds without an update a PROCESSING entry may be resent
 *
 * A FAILED entry, and a stuck one that is stuck still, becomes PENDING again. Of a DELIVERED or
 * EXPIRED one a copy is sent.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_resend (const QkEntry *seen, guint stuck_after_s)
{
  g_return_val_if_fail (seen != NULL, NULL);

  return change_new_delivery (QK_CHANGE_RESEND, seen, stuck_after_s);
}

/**
 * qk_change_new_purge:
 * @seen: the entry as the operator sees it
 *
 * The entry is taken out if its status is still the one that was seen.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_purge (const QkEntry *seen)
{
  g_return_val_if_fail (seen != NULL, NULL);

  return change_new_for (QK_CHANGE_PURGE, seen);
}

/**
 * qk_change_new_purge_exact:
 * @seen: the entry as it is kept elsewhere
 *
 * The entry is taken out if it is still @seen to the byte: what changed meanwhile is not kept there.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_purge_exact (const QkEntry *seen)
{
  QkChange *self;

  g_return_val_if_fail (seen != NULL, NULL);

  self = change_new_for (QK_CHANGE_PURGE, seen);
  self->exact = TRUE;
  return self;
}

/**
 * qk_change_new_set_recipient:
 * @seen: the entry as the operator sees it
 * @recipient: who is to get it
 *
 * Only what waits or has failed is changed, and its status stays: see qk_change_new_edit() for more.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_set_recipient (const QkEntry *seen, const char *recipient)
{
  QkChange *self;

  g_return_val_if_fail (seen != NULL && recipient != NULL, NULL);

  self = change_new_for (QK_CHANGE_SET_RECIPIENT, seen);
  self->recipient = g_strdup (recipient);
  return self;
}

/**
 * qk_change_new_set_priority:
 * @seen: the entry as the operator sees it
 * @priority: `urgent`, `high`, `regular`, `normal` or `low`
 *
 * Writes it as the swarm does: the name into the message, and the score that goes with it. Only what
 * waits or has failed is changed.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_set_priority (const QkEntry *seen, const char *priority)
{
  QkChange *self;
  double score;

  g_return_val_if_fail (seen != NULL && priority != NULL, NULL);
  g_return_val_if_fail (qk_priority_parse (priority, &score), NULL);

  self = change_new_for (QK_CHANGE_SET_PRIORITY, seen);
  self->priority = g_strdup (priority);
  return self;
}

/**
 * qk_change_new_edit:
 * @seen: the entry as the operator sees it
 * @revision: what is to be different
 * @stuck_after_s: after how many seconds without an update a PROCESSING entry may be resent
 *
 * Edits and resends in one. A PENDING entry is edited where it is; a FAILED one, and a stuck one that
 * is stuck still, becomes PENDING with it. A DELIVERED or EXPIRED one stays as it is: an edited copy
 * is sent.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_edit (const QkEntry *seen, const QkRevision *revision, guint stuck_after_s)
{
  QkChange *self;
  double score;

  g_return_val_if_fail (seen != NULL && revision != NULL, NULL);
  g_return_val_if_fail (revision->content == NULL || g_utf8_validate (revision->content, -1, NULL),
                        NULL);
  g_return_val_if_fail (
      revision->priority == NULL || qk_priority_parse (revision->priority, &score), NULL);

  self = change_new_delivery (QK_CHANGE_EDIT, seen, stuck_after_s);
  self->recipient = g_strdup (revision->recipient);
  self->content = g_strdup (revision->content);
  self->priority = g_strdup (revision->priority);
  return self;
}

/**
 * qk_change_new_fix:
 * @seen: the entry as the operator sees it
 *
 * The values that the swarm trips over become ones that it can live with; every other byte stays.
 * See qk_fix_get_obstacle() for what is left as it is.
 *
 * Returns: (transfer full): the change
 */
QkChange *
qk_change_new_fix (const QkEntry *seen)
{
  g_return_val_if_fail (seen != NULL, NULL);

  return change_new_for (QK_CHANGE_FIX, seen);
}

/* The state of a whole entry of unknown origin, which is read into @entry; 0 where it is none. */
static guint64
read_state (GBytes *json, QkEntry *entry)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);

  return qk_entry_check (entry, text, length) ? qk_entry_hash_state (entry) : 0;
}

/**
 * qk_change_new_restore:
 * @json: the entry as it was
 * @after_id: (nullable): behind which entry it stood, %NULL where it was the first; to the end if
 *   there is no such entry
 * @made: (nullable): what has taken its place; %NULL where it was taken out
 *
 * Undoes: the entry is put back, byte for byte. Where something has taken its place, that must
 * still be there in the state in which it was made.
 *
 * Returns: (transfer full) (nullable): the change; %NULL where @json or @made is not one JSON value
 */
QkChange *
qk_change_new_restore (GBytes *json, const char *after_id, GBytes *made)
{
  QkChange *self;
  QkEntry entry, made_entry;
  guint64 made_state = 0;

  g_return_val_if_fail (json != NULL, NULL);

  if (read_state (json, &entry) == 0)
    return NULL;
  if (made != NULL && (made_state = read_state (made, &made_entry)) == 0)
    return NULL;
  self = change_new_for (QK_CHANGE_RESTORE, &entry);
  self->text = g_strndup (entry.json, entry.length);
  self->after_id = g_strdup (after_id);
  self->made = made_state;
  return self;
}

static const char *
derive_message_type (const char *sender)
{
  if (strcmp (sender, "CAPTAIN") == 0 || strcmp (sender, "Agent-4") == 0)
    return "captain_to_agent";
  if (qk_agent_is_swarm_member (sender))
    return "agent_to_agent";
  return strcmp (sender, "SYSTEM") == 0 ? "system_to_agent" : "human_to_agent";
}

static void
append_member (GString *json, const char *key, const char *value)
{
  g_string_append_printf (json, "\"%s\":", key);
  qk_json_append_quoted (json, value);
  g_string_append_c (json, ',');
}

static void
append_tags (GString *json, const char *const *tags)
{
  g_string_append (json, "\"tags\":[");
  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      qk_json_append_quoted (json, tags[i]);
    }
  g_string_append (json, "],");
}

/* The keys and their order are the swarm's own. */
static char *
write_draft (const QkDraft *draft, const char *id)
{
  GString *json = g_string_new ("{\"message\":{");
  g_autofree char *now = qk_wall_format (qk_wall_now ());
  const char *type = draft->message_type;

  append_member (json, "sender", draft->sender);
  append_member (json, "recipient", draft->recipient);
  append_member (json, "content", draft->content);
  append_member (json, "priority", draft->priority);
  append_member (json, "message_type", type != NULL ? type : derive_message_type (draft->sender));
  append_tags (json, draft->tags);
  g_string_append (json,
                   "\"metadata\":{\"stalled\":false,\"use_pyautogui\":true,\"send_mode\":null}},");
  append_member (json, "queue_id", id);
  g_string_append_printf (json, "\"priority_score\":%s,", qk_priority_get_json (draft->priority));
  append_member (json, "status", "PENDING");
  append_member (json, "created_at", now);
  append_member (json, "updated_at", now);
  g_string_append (json, "\"metadata\":{\"delivery_callback\":false");
  if (draft->resent_from != NULL)
    {
      g_string_append (json, ",\"resent_from\":");
      qk_json_append_quoted (json, draft->resent_from);
    }
  g_string_append (json, "}}");
  return g_string_free (json, FALSE);
}

/**
 * qk_change_new_send:
 * @draft: the message
 *
 * Returns: (transfer full): the change that adds @draft to the queue
 */
QkChange *
qk_change_new_send (const QkDraft *draft)
{
  QkChange *self;
  double score;

  g_return_val_if_fail (draft != NULL && draft->sender != NULL && draft->recipient != NULL, NULL);
  g_return_val_if_fail (draft->content != NULL && g_utf8_validate (draft->content, -1, NULL), NULL);
  g_return_val_if_fail (draft->priority != NULL && qk_priority_parse (draft->priority, &score),
                        NULL);

  self = change_new (QK_CHANGE_SEND);
  self->id = g_uuid_string_random ();
  self->id_hash = qk_entry_hash_id (self->id);
  self->text = write_draft (draft, self->id);
  return self;
}

/**
 * qk_change_new_broadcast:
 * @draft: the message; its recipient is not looked at
 * @agents: (array zero-terminated=1): who is to get it
 *
 * Without a type and tags of its own the message gets those of the swarm's broadcasts.
 *
 * Returns: (transfer full) (element-type QkChange): one change per agent, to be saved together
 */
GPtrArray *
qk_change_new_broadcast (const QkDraft *draft, const char *const *agents)
{
  static const char *const usual_tags[] = {"system", "coordination", NULL};
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  QkDraft copy;

  g_return_val_if_fail (draft != NULL && agents != NULL, changes);

  copy = *draft;
  if (copy.message_type == NULL)
    copy.message_type = "broadcast";
  if (copy.tags == NULL)
    copy.tags = usual_tags;
  for (guint i = 0; agents[i] != NULL; i++)
    {
      copy.recipient = agents[i];
      g_ptr_array_add (changes, qk_change_new_send (&copy));
    }
  return changes;
}

/**
 * qk_change_ref:
 * @self: a change
 *
 * Returns: (transfer full): @self
 */
QkChange *
qk_change_ref (QkChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * qk_change_unref:
 * @self: (transfer full): a change
 *
 * Gives up a reference.
 */
void
qk_change_unref (QkChange *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->id);
  g_free (self->text);
  g_free (self->recipient);
  g_free (self->content);
  g_free (self->priority);
  g_free (self->new_id);
  g_free (self->after_id);
  g_free (self->stamp);
  g_free (self);
}

/**
 * qk_change_get_kind:
 * @self: a change
 *
 * Returns: what it does
 */
QkChangeKind
qk_change_get_kind (const QkChange *self)
{
  return self->kind;
}

/**
 * qk_change_get_id:
 * @self: a change
 *
 * Returns: (nullable): the id of the entry that it changes or adds; %NULL where that has none
 */
const char *
qk_change_get_id (const QkChange *self)
{
  return self->id;
}
