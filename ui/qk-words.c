#include "qk-words.h"

#include "qk-agents.h"
#include "qk-fix.h"
#include "qk-stuck.h"
#include "qk-text.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CAPTAIN "Agent-4"

static gboolean
is_stuck (const QkEntry *entry, gint64 now)
{
  return qk_entry_is_stuck (entry, now, qk_stuck_get_after_s ());
}

/**
 * qk_words_status:
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): its status: `Failed`, `Stuck 6 min`; one that is not known is given as
 *   it stands in the queue
 */
char *
qk_words_status (const QkEntry *entry, gint64 now)
{
  QkStatus status = qk_entry_get_status (entry);
  g_autofree char *name = NULL;

  if (is_stuck (entry, now))
    {
      g_autofree char *since = qk_duration_format (now - qk_entry_get_updated (entry));

      return g_strdup_printf (_ ("Stuck %s"), since);
    }
  if (status == QK_STATUS_UNKNOWN)
    name = qk_words_field (entry, QK_FIELD_STATUS);
  if (name != NULL && *name != '\0')
    return g_strdup_printf ("“%s”", name);
  return g_strdup (qk_status_get_label (status));
}

/**
 * qk_words_status_class:
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: the style class that gives the status its colour
 */
const char *
qk_words_status_class (const QkEntry *entry, gint64 now)
{
  static const char *const classes[QK_N_STATUSES] = {
      [QK_STATUS_PENDING] = "pending", [QK_STATUS_PROCESSING] = "processing",
      [QK_STATUS_FAILED] = "failed",   [QK_STATUS_DELIVERED] = "delivered",
      [QK_STATUS_EXPIRED] = "expired", [QK_STATUS_UNKNOWN] = "unknown",
  };

  return is_stuck (entry, now) ? "stuck" : classes[qk_entry_get_status (entry)];
}

/**
 * qk_words_status_count:
 * @status: a status
 * @n: how many messages have it
 *
 * Returns: (transfer full): it for the operator: `3 failed`
 */
char *
qk_words_status_count (QkStatus status, guint n)
{
  switch (status)
    {
    case QK_STATUS_PENDING:
      return g_strdup_printf (ngettext ("%u pending", "%u pending", n), n);
    case QK_STATUS_PROCESSING:
      return g_strdup_printf (ngettext ("%u processing", "%u processing", n), n);
    case QK_STATUS_FAILED:
      return g_strdup_printf (ngettext ("%u failed", "%u failed", n), n);
    case QK_STATUS_DELIVERED:
      return g_strdup_printf (ngettext ("%u delivered", "%u delivered", n), n);
    case QK_STATUS_EXPIRED:
      return g_strdup_printf (ngettext ("%u expired", "%u expired", n), n);
    case QK_STATUS_UNKNOWN:
    default:
      return g_strdup_printf (ngettext ("%u unknown", "%u unknown", n), n);
    }
}

/**
 * qk_words_age:
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): how long ago it was created
 */
char *
qk_words_age (const QkEntry *entry, gint64 now)
{
  gint64 created = qk_entry_get_created (entry);

  return created == QK_WALL_NONE ? g_strdup ("—") : qk_duration_format (now - created);
}

/**
 * qk_words_tries:
 * @entry: an entry
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): how often its delivery was tried, and when it is again: `1 · in 4 s`;
 *   "" where it was not
 */
char *
qk_words_tries (const QkEntry *entry, gint64 now)
{
  guint attempts = qk_entry_get_attempts (entry);
  gint64 retry_at = qk_entry_get_retry_at (entry);

  if (retry_at != QK_WALL_NONE && retry_at > now)
    {
      g_autofree char *delay = qk_duration_format (retry_at - now + G_USEC_PER_SEC - 1);

      return g_strdup_printf (_ ("%u · in %s"), attempts, delay);
    }
  return attempts > 0 ? g_strdup_printf ("%u", attempts) : g_strdup ("");
}

/**
 * qk_words_field:
 * @entry: an entry
 * @field: a field
 *
 * Returns: (transfer full): the field in one line; "" where it is missing
 */
char *
qk_words_field (const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  return text != NULL ? qk_text_reveal_line (text) : g_strdup ("");
}

/* The end of the JSON value or key at @text: the next ',' or ':' or bracket outside of strings and
 * of what is nested in it. */
static const char *
find_end (const char *text, const char *end)
{
  guint depth = 0;

  for (; text < end; text++)
    if (*text == '"')
      for (text++; text < end && *text != '"'; text++)
        text += *text == '\\';
    else if (*text == '{' || *text == '[')
      depth++;
    else if (depth > 0 && (*text == '}' || *text == ']'))
      depth--;
    else if (depth == 0 && strchr (",:}]", *text) != NULL)
      break;
  return text;
}

/**
 * qk_words_members:
 * @entry: an entry
 * @field: a field that may be an object or an array
 *
 * Returns: (transfer full) (nullable): the members of an object a line each, the elements of an
 *   array one after the other, any other value as it is; %NULL where there is nothing in it
 */
char *
qk_words_members (const QkEntry *entry, QkField field)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, field, &length), *end = json + length;
  g_autoptr (GString) text = g_string_new (NULL);

  if (json == NULL || (*json != '{' && *json != '['))
    return qk_entry_dup_field (entry, field);
  for (const char *p = json + 1, *stop; p < end; p = stop + 1)
    {
      g_autofree char *part = NULL, *decoded = NULL;

      stop = find_end (p, end);
      part = g_strstrip (g_strndup (p, (gsize) (stop - p)));
      if (*part == '"')
        decoded = qk_json_decode (part, strlen (part), NULL);
      g_string_append (text, decoded != NULL ? decoded : part);
      if (stop < end && *stop == ':')
        g_string_append (text, ": ");
      else if (stop < end && *stop == ',')
        g_string_append (text, *json == '{' ? "\n" : ", ");
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/**
 * qk_words_step:
 * @from: safe to show
 * @to: likewise
 *
 * Returns: (transfer full): that one leads to the other; the arrow points the way one reads
 */
char *
qk_words_step (const char *from, const char *to)
{
  return g_strdup_printf (_ ("%s → %s"), from, to);
}

/**
 * qk_words_agent:
 * @name: a recipient as it stands in the queue; "" for none
 *
 * Returns: (transfer full): what to call it
 */
char *
qk_words_agent (const char *name)
{
  g_autofree char *shown = qk_text_reveal_line (name);

  if (*name == '\0')
    return g_strdup (_ ("No recipient"));
  if (g_str_equal (name, CAPTAIN))
    return g_strdup_printf (_ ("%s · Captain"), shown);
  if (!qk_agent_is_known (name))
    return g_strdup_printf (_ ("“%s” · unknown"), shown);
  return g_steal_pointer (&shown);
}

/**
 * qk_words_type:
 * @entry: an entry
 *
 * Returns: (transfer full): what kind of message it is: `agent to agent`; "" where that is missing
 */
char *
qk_words_type (const QkEntry *entry)
{
  return g_strdelimit (qk_words_field (entry, QK_FIELD_MESSAGE_TYPE), "_", ' ');
}

/**
 * qk_words_count:
 * @n_messages: a number
 *
 * Returns: (transfer full): `1 message`, `42 messages`
 */
char *
qk_words_count (guint n_messages)
{
  return g_strdup_printf (ngettext ("%u message", "%u messages", n_messages), n_messages);
}

/**
 * qk_words_hazards:
 * @entry: an entry
 *
 * Returns: (transfer full) (nullable): what in it the swarm trips over, a line for each; %NULL
 *   where there is nothing
 */
char *
qk_words_hazards (const QkEntry *entry)
{
  static const struct {
    QkHazard hazard;
    const char *text;
  } texts[] = {
      {QK_HAZARD_PRIORITY, N_ ("Its priority_score is not a number: the processor stops at it.")},
      {QK_HAZARD_METADATA, N_ ("Its metadata is not an object: the processor stops at it.")},
      {QK_HAZARD_SURROGATE,
       N_ ("It holds half a character (a lone surrogate): the swarm cannot save "
           "the queue while it is there.")},
      {QK_HAZARD_OFFSET,
       N_ ("Its created_at carries a time zone: the processor cannot compare it.")},
      {QK_HAZARD_INCOMPLETE,
       N_ ("It lacks a required field: the swarm drops it at its next save.")},
      {QK_HAZARD_NOT_FINITE,
       N_ ("It holds NaN or Infinity, which other programs than Python refuse.")},
  };
  QkHazard hazards = qk_entry_get_hazards (entry);
  g_autoptr (GString) lines = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (hazards & texts[i].hazard)
      g_string_append_printf (lines, "%s%s", lines->len > 0 ? "\n" : "", _ (texts[i].text));
  return lines->len > 0 ? g_strdup (lines->str) : NULL;
}

/**
 * qk_words_fix:
 * @entry: an entry that the swarm trips over
 *
 * Returns: (transfer full) (nullable): what a fix changes in it, a line for each; %NULL where a person
 *   must decide
 */
char *
qk_words_fix (const QkEntry *entry)
{
  g_auto (GStrv) lines = NULL;

  if (qk_fix_get_obstacle (entry) != NULL)
    return NULL;
  lines = qk_fix_describe (entry);
  return g_strjoinv ("\n", lines);
}

/**
 * qk_words_flagged:
 * @n_messages: a number, not 0
 *
 * Returns: (transfer full): `1 trips the swarm`, `3 trip the swarm`
 */
char *
qk_words_flagged (guint n_messages)
{
  return g_strdup_printf (ngettext ("%u trips the swarm", "%u trip the swarm", n_messages),
                          n_messages);
}

/* How many were changed: "40 resent". */
static char *
count_changed (QkChangeKind kind, guint n)
{
  switch (kind)
    {
    case QK_CHANGE_RESEND:
      return g_strdup_printf (ngettext ("%u resent", "%u resent", n), n);
    case QK_CHANGE_PURGE:
      return g_strdup_printf (ngettext ("%u purged", "%u purged", n), n);
    case QK_CHANGE_RESTORE:
      return g_strdup_printf (ngettext ("%u put back", "%u put back", n), n);
    case QK_CHANGE_SEND:
      return g_strdup_printf (ngettext ("%u sent", "%u sent", n), n);
    case QK_CHANGE_FIX:
      return g_strdup_printf (ngettext ("%u fixed", "%u fixed", n), n);
    case QK_CHANGE_SET_RECIPIENT:
      return g_strdup_printf (ngettext ("%u redirected", "%u redirected", n), n);
    case QK_CHANGE_EDIT:
      return g_strdup_printf (ngettext ("%u edited and resent", "%u edited and resent", n), n);
    case QK_CHANGE_SET_PRIORITY:
    default:
      return g_strdup_printf (ngettext ("%u changed", "%u changed", n), n);
    }
}

/* Adds to a list. */
static void
add_to_list (char **list, char *item)
{
  g_autofree char *before = *list, *owned = item;

  *list = before != NULL ? g_strdup_printf (C_ ("list", "%s, %s"), before, owned)
                         : g_steal_pointer (&owned);
}

/* "2 skipped: already processing" for each reason, in the order in which they first occur. */
static void
add_skips (char **text, const GPtrArray *skipped)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();

  for (guint i = 0; i < skipped->len; i++)
    {
      const QkSkip *skip = skipped->pdata[i];
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, skip->reason));

      if (n == 0)
        g_ptr_array_add (reasons, skip->reason);
      g_hash_table_insert (counts, skip->reason, GUINT_TO_POINTER (n + 1));
    }
  for (guint i = 0; i < reasons->len; i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, reasons->pdata[i]));

      add_to_list (text, g_strdup_printf (ngettext ("%u skipped: %s", "%u skipped: %s", n), n,
                                          (const char *) reasons->pdata[i]));
    }
}

/**
 * qk_words_result:
 * @kind: what was done
 * @result: what became of it
 *
 * Returns: (transfer full): it for the operator: `40 resent, 2 skipped: already processing`
 */
char *
qk_words_result (QkChangeKind kind, const QkResult *result)
{
  g_autofree char *what = NULL, *kept = NULL, *no_undo = NULL;
  GPtrArray *parts = g_ptr_array_new ();
  char *text;

  if (result->changed->len > 0 || result->skipped->len == 0)
    add_to_list (&what, count_changed (kind, result->changed->len));
  add_skips (&what, result->skipped);
  g_ptr_array_add (parts, what);
  if (result->changed->len > 0 && !result->durable)
    g_ptr_array_add (parts, result->settling ? _ ("on the disk in a few seconds")
                                             : _ ("saved, but the disk has not confirmed it"));
  if (result->no_undo != NULL)
    g_ptr_array_add (parts,
                     no_undo = g_strdup_printf (_ ("cannot be undone: %s"), result->no_undo));
  if (result->kept != NULL)
    g_ptr_array_add (
        parts, kept = g_strdup_printf (_ ("what another program saved meanwhile is kept as %s"),
                                       result->kept));
  if (result->recovered != NULL)
    g_ptr_array_add (parts, result->recovered);
  g_ptr_array_add (parts, NULL);
  text = g_strjoinv (" · ", (char **) parts->pdata);
  g_ptr_array_unref (parts);
  return text;
}

/**
 * qk_words_skips:
 * @result: what would become of some changes
 *
 * Returns: (transfer full): what is left out, and why: `2 skipped: already processing`; "" where
 *   nothing is
 */
char *
qk_words_skips (const QkResult *result)
{
  char *text = NULL;

  add_skips (&text, result->skipped);
  return text != NULL ? text : g_strdup ("");
}

/**
 * qk_words_loss:
 * @loss: that most of the messages have disappeared
 *
 * Returns: (transfer full): it for the operator
 */
char *
qk_words_loss (const QkLoss *loss)
{
  g_autofree char *reason = loss->problem != NULL ? qk_text_reveal_line (loss->problem) : NULL;

  if (reason != NULL)
    return g_strdup_printf (
        _ ("%u messages became %u: it seems that another program has begun anew, or "
           "taken them out. They could not be kept: %s. Look for a backup."),
        loss->before, loss->after, reason);
  return g_strdup_printf (_ ("%u messages became %u: it seems that another program has begun anew, "
                             "or taken them out. The %u that are gone are kept."),
                          loss->before, loss->after, loss->n_lost);
}

static char *
say_error (QkChangeKind kind, const char *reason)
{
  switch (kind)
    {
    case QK_CHANGE_RESEND:
      return g_strdup_printf (_ ("Nothing resent: %s"), reason);
    case QK_CHANGE_PURGE:
      return g_strdup_printf (_ ("Nothing purged: %s"), reason);
    case QK_CHANGE_RESTORE:
      return g_strdup_printf (_ ("Nothing put back: %s"), reason);
    case QK_CHANGE_SEND:
      return g_strdup_printf (_ ("Nothing sent: %s"), reason);
    case QK_CHANGE_FIX:
      return g_strdup_printf (_ ("Nothing fixed: %s"), reason);
    case QK_CHANGE_SET_RECIPIENT:
      return g_strdup_printf (_ ("Nothing redirected: %s"), reason);
    case QK_CHANGE_EDIT:
      return g_strdup_printf (_ ("Nothing edited and resent: %s"), reason);
    case QK_CHANGE_SET_PRIORITY:
    default:
      return g_strdup_printf (_ ("Nothing changed: %s"), reason);
    }
}

/**
 * qk_words_error:
 * @kind: what was to be done
 * @error: why it was not
 *
 * Returns: (transfer full): it for the operator
 */
char *
qk_words_error (QkChangeKind kind, const GError *error)
{
  g_autofree char *reason = qk_text_reveal_line (error->message);

  return say_error (kind, reason);
}
