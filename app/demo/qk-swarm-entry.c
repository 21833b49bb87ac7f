#include "qk-swarm-entry.h"

#define MAX_ATTEMPTS 3

/* The keys that the swarm reads an entry into, in the order in which it writes them. */
static const char *const required_keys[] = {
    "message", "queue_id", "priority_score", "status", "created_at", "updated_at", NULL};

/**
 * qk_swarm_wall_now:
 *
 * Tells the time on the clock on the wall.
 *
 * Returns: now, in wall microseconds
 */
gint64
qk_swarm_wall_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_to_unix (now) * G_USEC_PER_SEC + g_date_time_get_microsecond (now) +
         g_date_time_get_utc_offset (now);
}

/**
 * qk_swarm_wall_format:
 * @wall_usec: a time in wall microseconds
 *
 * Writes a time as the swarm does: naive, ISO 8601, the fraction absent when it is zero.
 *
 * Returns: (transfer full): the text
 */
char *
qk_swarm_wall_format (gint64 wall_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_usec / G_USEC_PER_SEC);
  g_autofree char *seconds = NULL;
  gint64 fraction = wall_usec % G_USEC_PER_SEC;

  g_return_val_if_fail (time != NULL, NULL);

  seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  if (fraction == 0)
    return g_steal_pointer (&seconds);
  return g_strdup_printf ("%s.%06" G_GINT64_FORMAT, seconds, fraction);
}

/**
 * qk_swarm_wall_parse:
 * @text: (nullable): a time as qk_swarm_wall_format() writes it
 * @wall_usec: (out): the time in wall microseconds
 *
 * Reads a naive time.
 *
 * Returns: whether @text is one
 */
gboolean
qk_swarm_wall_parse (const char *text, gint64 *wall_usec)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (wall_usec != NULL, FALSE);

  if (text != NULL)
    time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    return FALSE;
  *wall_usec = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

/* A version 4 UUID out of the given random state: the same seed gives the same ids. */
static char *
make_id (GRand *rand)
{
  guint32 a = g_rand_int (rand);
  guint32 b = g_rand_int (rand);
  guint32 c = g_rand_int (rand);
  guint32 d = g_rand_int (rand);

  return g_strdup_printf ("%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xfff,
                          0x8000 | (c >> 18), c & 0xffff, d);
}

static const char *
get_message_type (const QkSwarmMessage *message)
{
  switch (message->kind)
    {
    case QK_SWARM_TEXT_ORDER:
      return "captain_to_agent";
    case QK_SWARM_TEXT_BROADCAST:
      return "broadcast";
    case QK_SWARM_TEXT_ONBOARDING:
      return "onboarding";
    case QK_SWARM_TEXT_HUMAN:
      return "human_to_agent";
    case QK_SWARM_TEXT_COORDINATION:
    case QK_SWARM_TEXT_REPORT:
    default:
      return "agent_to_agent";
    }
}

static JsonArray *
make_tags (const QkSwarmMessage *message)
{
  JsonArray *tags = json_array_new ();

  if (message->kind != QK_SWARM_TEXT_HUMAN)
    json_array_add_string_element (tags, "system");
  if (message->kind == QK_SWARM_TEXT_BROADCAST || message->kind == QK_SWARM_TEXT_COORDINATION)
    json_array_add_string_element (tags, "coordination");
  return tags;
}

static JsonObject *
make_message_metadata (const QkSwarmMessage *message)
{
  JsonObject *metadata = json_object_new ();

  if (message->kind == QK_SWARM_TEXT_HUMAN)
    json_object_set_string_member (metadata, "source", "discord");
  json_object_set_boolean_member (metadata, "stalled", FALSE);
  json_object_set_boolean_member (metadata, "use_pyautogui", TRUE);
  json_object_set_null_member (metadata, "send_mode");
  json_object_set_string_member (metadata, "message_category",
                                 message->kind == QK_SWARM_TEXT_HUMAN       ? "d2a"
                                 : g_str_equal (message->sender, "CAPTAIN") ? "c2a"
                                                                            : "a2a");
  return metadata;
}

static JsonObject *
make_message (GRand *rand, const QkSwarmMessage *message)
{
  JsonObject *object = json_object_new ();
  g_autofree char *content = qk_swarm_text_compose (rand, message->kind, message->sender,
                                                    message->recipient, message->length);

  json_object_set_string_member (object, "type", "agent_message");
  json_object_set_string_member (object, "sender", message->sender);
  if (message->kind == QK_SWARM_TEXT_HUMAN)
    {
      json_object_set_string_member (object, "discord_username", "mara.l");
      json_object_set_string_member (object, "discord_user_id", "417238905512640017");
      json_object_set_string_member (object, "source", "discord");
    }
  json_object_set_string_member (object, "recipient", message->recipient);
  json_object_set_string_member (object, "content", content);
  json_object_set_string_member (object, "priority", message->urgent ? "urgent" : "regular");
  json_object_set_string_member (object, "message_type", get_message_type (message));
  json_object_set_array_member (object, "tags", make_tags (message));
  json_object_set_object_member (object, "metadata", make_message_metadata (message));
  return object;
}

/**
 * qk_swarm_entry_new:
 * @rand: the random state
 * @message: what it is
 * @created: when, in wall microseconds
 *
 * Makes up a pending entry.
 *
 * Returns: (transfer full): the entry
 */
JsonObject *
qk_swarm_entry_new (GRand *rand, const QkSwarmMessage *message, gint64 created)
{
  g_autofree char *id = make_id (rand);
  g_autofree char *stamp = qk_swarm_wall_format (created);
  JsonObject *entry = json_object_new ();
  JsonObject *metadata = json_object_new ();

  json_object_set_boolean_member (metadata, "delivery_callback", FALSE);
  json_object_set_object_member (entry, "message", make_message (rand, message));
  json_object_set_string_member (entry, "queue_id", id);
  json_object_set_double_member (entry, "priority_score",
                                 message->urgent ? 1.0
                                 : message->low  ? 0.3
                                                 : 0.5);
  json_object_set_string_member (entry, "status", "PENDING");
  json_object_set_string_member (entry, "created_at", stamp);
  json_object_set_string_member (entry, "updated_at", stamp);
  json_object_set_object_member (entry, "metadata", metadata);
  return entry;
}

static JsonObject *
get_metadata (JsonObject *entry)
{
  JsonNode *node = json_object_get_member (entry, "metadata");

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonObject *
ensure_metadata (JsonObject *entry)
{
  if (get_metadata (entry) == NULL)
    json_object_set_object_member (entry, "metadata", json_object_new ());
  return get_metadata (entry);
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

/**
 * qk_swarm_entry_get_id:
 * @entry: an entry
 *
 * Tells the id.
 *
 * Returns: (nullable) (transfer none): the `queue_id`
 */
const char *
qk_swarm_entry_get_id (JsonObject *entry)
{
  return get_string (entry, "queue_id");
}

/**
 * qk_swarm_entry_get_status:
 * @entry: an entry
 *
 * Tells the status.
 *
 * Returns: (nullable) (transfer none): the `status`
 */
const char *
qk_swarm_entry_get_status (JsonObject *entry)
{
  return get_string (entry, "status");
}

/**
 * qk_swarm_entry_get_recipient:
 * @entry: an entry
 *
 * Tells who is to get it.
 *
 * Returns: (nullable) (transfer none): the recipient in its message
 */
const char *
qk_swarm_entry_get_recipient (JsonObject *entry)
{
  JsonNode *message = json_object_get_member (entry, "message");

  if (message == NULL || !JSON_NODE_HOLDS_OBJECT (message))
    return NULL;
  return get_string (json_node_get_object (message), "recipient");
}

/**
 * qk_swarm_entry_get_score:
 * @entry: an entry
 *
 * Tells what goes first.
 *
 * Returns: the `priority_score`, 0 where it is no number
 */
double
qk_swarm_entry_get_score (JsonObject *entry)
{
  return get_number (entry, "priority_score");
}

/**
 * qk_swarm_entry_get_attempts:
 * @entry: an entry
 *
 * Tells how often it was tried.
 *
 * Returns: the attempts in its metadata, 0 where there are none
 */
guint
qk_swarm_entry_get_attempts (JsonObject *entry)
{
  JsonObject *metadata = get_metadata (entry);

  return metadata != NULL ? (guint) CLAMP (get_number (metadata, "delivery_attempts"), 0, 1000) : 0;
}

/**
 * qk_swarm_entry_is_ready:
 * @entry: an entry
 * @now: the time in wall microseconds
 *
 * Whether a processor may take it: it is pending, and the delay after its last attempt is over.
 *
 * Returns: whether it is ready
 */
gboolean
qk_swarm_entry_is_ready (JsonObject *entry, gint64 now)
{
  JsonObject *metadata = get_metadata (entry);
  gint64 last;

  if (g_strcmp0 (qk_swarm_entry_get_status (entry), "PENDING") != 0)
    return FALSE;
  if (metadata == NULL || !qk_swarm_wall_parse (get_string (metadata, "last_retry_time"), &last))
    return TRUE;
  return (double) (now - last) >= get_number (metadata, "next_retry_delay") * G_USEC_PER_SEC;
}

/**
 * qk_swarm_entry_is_whole:
 * @entry: an entry
 *
 * Whether it has every key that the swarm wants; it drops an entry that has not.
 *
 * Returns: whether it has
 */
gboolean
qk_swarm_entry_is_whole (JsonObject *entry)
{
  for (guint i = 0; required_keys[i] != NULL; i++)
    {
      if (!json_object_has_member (entry, required_keys[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * qk_swarm_entry_set_status:
 * @entry: an entry
 * @status: its new status
 * @now: the time in wall microseconds
 *
 * Changes the status and stamps the entry.
 */
void
qk_swarm_entry_set_status (JsonObject *entry, const char *status, gint64 now)
{
  g_autofree char *stamp = qk_swarm_wall_format (now);

  json_object_set_string_member (entry, "status", status);
  json_object_set_string_member (entry, "updated_at", stamp);
}

/**
 * qk_swarm_entry_fail_attempt:
 * @entry: an entry
 * @error: what went wrong
 * @now: the time in wall microseconds
 *
 * Notes an attempt that failed: pending again after 5 and 15 seconds, failed for good after that.
 */
void
qk_swarm_entry_fail_attempt (JsonObject *entry, const char *error, gint64 now)
{
  JsonObject *metadata = ensure_metadata (entry);
  guint attempts = qk_swarm_entry_get_attempts (entry) + 1;
  g_autofree char *stamp = qk_swarm_wall_format (now);

  json_object_set_int_member (metadata, "delivery_attempts", attempts);
  if (attempts < MAX_ATTEMPTS)
    {
      json_object_set_string_member (metadata, "last_retry_time", stamp);
      json_object_set_double_member (metadata, "next_retry_delay", attempts == 1 ? 5.0 : 15.0);
      qk_swarm_entry_set_status (entry, "PENDING", now);
    }
  else
    qk_swarm_entry_give_up (entry, error, now);
}

/**
 * qk_swarm_entry_give_up:
 * @entry: an entry
 * @error: what went wrong
 * @now: the time in wall microseconds
 *
 * Fails an entry for good.
 */
void
qk_swarm_entry_give_up (JsonObject *entry, const char *error, gint64 now)
{
  json_object_set_string_member (ensure_metadata (entry), "last_error", error);
  qk_swarm_entry_set_status (entry, "FAILED", now);
}

/**
 * qk_swarm_entry_strip:
 * @entry: a whole entry
 *
 * Makes what is left of an entry once the swarm has read it: the keys that it knows, in its own
 * order, and no other. What stands inside `message` and `metadata` survives.
 *
 * Returns: (transfer full): the entry to be saved
 */
JsonObject *
qk_swarm_entry_strip (JsonObject *entry)
{
  JsonObject *stripped = json_object_new ();

  for (guint i = 0; required_keys[i] != NULL; i++)
    json_object_set_member (stripped, required_keys[i],
                            json_node_ref (json_object_get_member (entry, required_keys[i])));
  if (json_object_has_member (entry, "metadata"))
    json_object_set_member (stripped, "metadata",
                            json_node_ref (json_object_get_member (entry, "metadata")));
  return stripped;
}
