#include "qk-activity-words.h"

#include "qk-text.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * qk_activity_words_group:
 * @group: a group
 *
 * Returns: (transfer none): it in a word or two
 */
const char *
qk_activity_words_group (QkActivityGroup group)
{
  static const char *const groups[QK_N_ACTIVITY_GROUPS] = {
      [QK_ACTIVITY_ALL] = N_ ("All"),          [QK_ACTIVITY_RESENT] = N_ ("Resent"),
      [QK_ACTIVITY_PURGED] = N_ ("Purged"),    [QK_ACTIVITY_SENT] = N_ ("Sent"),
      [QK_ACTIVITY_CHANGED] = N_ ("Changed"),  [QK_ACTIVITY_UNDONE] = N_ ("Undos"),
      [QK_ACTIVITY_LOST] = N_ ("Disappeared"),
  };

  g_return_val_if_fail ((guint) group < QK_N_ACTIVITY_GROUPS, NULL);

  return _ (groups[group]);
}

static QkActivityGroup
get_group (const char *kind)
{
  static const struct {
    const char *kind;
    QkActivityGroup group;
  } groups[] = {
      {"resend", QK_ACTIVITY_RESENT}, {"purge", QK_ACTIVITY_PURGED}, {"send", QK_ACTIVITY_SENT},
      {"undo", QK_ACTIVITY_UNDONE},   {"loss", QK_ACTIVITY_LOST},
  };

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_str_equal (groups[i].kind, kind))
      return groups[i].group;
  return QK_ACTIVITY_CHANGED;
}

/**
 * qk_activity_group_has:
 * @group: a group
 * @operation: an operation
 *
 * Returns: whether it belongs to the group
 */
gboolean
qk_activity_group_has (QkActivityGroup group, const QkHistoryOperation *operation)
{
  g_return_val_if_fail (operation != NULL, FALSE);

  return group == QK_ACTIVITY_ALL || get_group (operation->kind) == group;
}

/**
 * qk_activity_words_time:
 * @operation: an operation
 *
 * Returns: (transfer full): when it began, on the clock on the wall; without the date if it is today's
 */
char *
qk_activity_words_time (const QkHistoryOperation *operation)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (operation != NULL, NULL);

  time = g_date_time_new_from_unix_local (operation->time / G_USEC_PER_SEC);
  if (time == NULL)
    return g_strdup ("—");
  if (g_date_time_get_year (time) != g_date_time_get_year (now))
    return g_date_time_format (time, C_ ("time", "%e %b %Y %H:%M"));
  if (g_date_time_get_day_of_year (time) != g_date_time_get_day_of_year (now))
    return g_date_time_format (time, C_ ("time", "%e %b %H:%M"));
  return g_date_time_format (time, C_ ("time", "Today %H:%M"));
}

/* What was done to messages with several recipients. */
static char *
say_what (const char *kind, guint n)
{
  if (g_str_equal (kind, "resend"))
    return g_strdup_printf (ngettext ("Resent %u message", "Resent %u messages", n), n);
  if (g_str_equal (kind, "purge"))
    return g_strdup_printf (ngettext ("Purged %u message", "Purged %u messages", n), n);
  if (g_str_equal (kind, "send"))
    return g_strdup_printf (ngettext ("Sent %u message", "Sent %u messages", n), n);
  if (g_str_equal (kind, "redirect"))
    return g_strdup_printf (ngettext ("Redirected %u message", "Redirected %u messages", n), n);
  if (g_str_equal (kind, "priority"))
    return g_strdup_printf (
        ngettext ("Changed the priority of %u message", "Changed the priority of %u messages", n),
        n);
  if (g_str_equal (kind, "edit"))
    return g_strdup_printf (
        ngettext ("Edited and resent %u message", "Edited and resent %u messages", n), n);
  if (g_str_equal (kind, "fix"))
    return g_strdup_printf (ngettext ("Fixed %u message", "Fixed %u messages", n), n);
  if (g_str_equal (kind, "restore"))
    return g_strdup_printf (ngettext ("Put back %u message", "Put back %u messages", n), n);
  if (g_str_equal (kind, "loss"))
    return g_strdup_printf (ngettext ("Another program made %u message disappear",
                                      "Another program made %u messages disappear", n),
                            n);
  return g_strdup_printf (ngettext ("Changed %u message", "Changed %u messages", n), n);
}

/* Likewise, to one recipient; %NULL where that is no better. */
static char *
say_what_to (const char *kind, guint n, const char *name)
{
  if (g_str_equal (kind, "resend"))
    return g_strdup_printf (ngettext ("Resent %u message to %s", "Resent %u messages to %s", n), n,
                            name);
  if (g_str_equal (kind, "purge"))
    return g_strdup_printf (ngettext ("Purged %u message to %s", "Purged %u messages to %s", n), n,
                            name);
  if (g_str_equal (kind, "send"))
    return g_strdup_printf (ngettext ("Sent %u message to %s", "Sent %u messages to %s", n), n,
                            name);
  if (g_str_equal (kind, "redirect"))
    return g_strdup_printf (
        ngettext ("Redirected %u message to %s", "Redirected %u messages to %s", n), n, name);
  if (g_str_equal (kind, "priority"))
    return g_strdup_printf (ngettext ("Changed the priority of %u message to %s",
                                      "Changed the priority of %u messages to %s", n),
                            n, name);
  if (g_str_equal (kind, "edit"))
    return g_strdup_printf (
        ngettext ("Edited and resent %u message to %s", "Edited and resent %u messages to %s", n),
        n, name);
  return NULL;
}

/**
 * qk_activity_words_what:
 * @operation: an operation
 * @recipient: (nullable): to whom all its messages are, as it stands in the queue
 *
 * Returns: (transfer full): what was done
 */
char *
qk_activity_words_what (const QkHistoryOperation *operation, const char *recipient)
{
  g_autofree char *name = NULL;
  char *text = NULL;

  g_return_val_if_fail (operation != NULL, NULL);

  if (g_str_equal (operation->kind, "undo"))
    return g_strdup_printf (
        ngettext ("Undid #%lld: %u message", "Undid #%lld: %u messages", operation->count),
        (long long) operation->undoes, operation->count);
  if (recipient != NULL)
    {
      name = qk_words_agent (recipient);
      text = say_what_to (operation->kind, operation->count, name);
    }
  return text != NULL ? text : say_what (operation->kind, operation->count);
}

static gboolean
is_ours (const QkHistoryOperation *operation)
{
  g_autoptr (GCredentials) credentials = g_credentials_new ();

  return operation->pid == (gint64) g_credentials_get_unix_pid (credentials, NULL) &&
         g_strcmp0 (operation->host, g_get_host_name ()) == 0;
}

/**
 * qk_activity_words_who:
 * @operation: an operation
 *
 * Returns: (transfer full): who did it, and with what unless it was with this program
 */
char *
qk_activity_words_who (const QkHistoryOperation *operation)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (operation != NULL, NULL);

  if (is_ours (operation))
    return g_strdup (g_str_equal (operation->kind, "loss") ? _ ("Seen by this program")
                                                           : _ ("This program"));
  text = g_strdup_printf ("%s@%s · %s · %" G_GINT64_FORMAT, operation->user, operation->host,
                          operation->program, operation->pid);
  return qk_text_reveal_line (text);
}

/**
 * qk_activity_words_state:
 * @operation: an operation
 *
 * Returns: (transfer full): how it ended
 */
char *
qk_activity_words_state (const QkHistoryOperation *operation)
{
  g_return_val_if_fail (operation != NULL, NULL);

  if (operation->undone != 0)
    return g_strdup_printf (_ ("Undone by #%lld"), (long long) operation->undone);
  if (operation->state == QK_HISTORY_DONE)
    return g_strdup (_ ("Done"));
  return g_strdup (operation->state == QK_HISTORY_ABORTED
                       ? _ ("Not done")
                       : _ ("Cut off: may have been done or not"));
}

/**
 * qk_activity_words_state_class:
 * @operation: an operation
 *
 * Returns: (transfer none) (nullable): the class of style for how it ended
 */
const char *
qk_activity_words_state_class (const QkHistoryOperation *operation)
{
  g_return_val_if_fail (operation != NULL, NULL);

  if (operation->undone != 0 || operation->state == QK_HISTORY_ABORTED)
    return "dim-label";
  return operation->state == QK_HISTORY_UNFINISHED ? "warning" : NULL;
}

/**
 * qk_activity_words_together:
 * @operation: an operation
 *
 * Returns: (transfer full) (nullable): with how many others it is undone as one; %NULL where it is
 *   undone alone
 */
char *
qk_activity_words_together (const QkHistoryOperation *operation)
{
  g_return_val_if_fail (operation != NULL, NULL);

  if (operation->n_together < 2)
    return NULL;
  return g_strdup_printf (ngettext ("One of %u set, sent bit by bit: they are undone as one",
                                    "One of %u sets, sent bit by bit: they are undone as one",
                                    operation->n_together),
                          operation->n_together);
}

/**
 * qk_activity_words_obstacle:
 * @operation: an operation
 *
 * Returns: (transfer full) (nullable): why it cannot be undone; %NULL where it may be tried
 */
char *
qk_activity_words_obstacle (const QkHistoryOperation *operation)
{
  g_return_val_if_fail (operation != NULL, NULL);

  if (operation->undone != 0)
    return g_strdup_printf (_ ("It is undone already, by #%lld. Undo that one to do it again."),
                            (long long) operation->undone);
  if (operation->state == QK_HISTORY_ABORTED || operation->count == 0)
    return g_strdup (_ ("It has changed nothing, so nothing is left to undo."));
  return NULL;
}

/**
 * qk_activity_words_sentence:
 * @operation: an operation
 * @recipient: (nullable): to whom all its messages are, as it stands in the queue
 *
 * Returns: (transfer full): all of it, to be read out
 */
char *
qk_activity_words_sentence (const QkHistoryOperation *operation, const char *recipient)
{
  g_autofree char *time = NULL, *what = NULL, *who = NULL, *state = NULL;

  g_return_val_if_fail (operation != NULL, NULL);

  time = qk_activity_words_time (operation);
  what = qk_activity_words_what (operation, recipient);
  who = qk_activity_words_who (operation);
  state = qk_activity_words_state (operation);
  return g_strdup_printf ("#%" G_GINT64_FORMAT ", %s, %s, %s, %s", operation->id, time, what, who,
                          state);
}

static char *
name_status (const QkHistorySide *side)
{
  QkStatus status;

  if (side->status == NULL)
    return g_strdup (_ ("No status"));
  if (qk_status_parse (side->status, &status))
    return g_strdup (qk_status_get_label (status));
  return qk_text_reveal_line (side->status);
}

static void
add_step (GPtrArray *steps, const char *before, const char *after)
{
  g_ptr_array_add (steps, qk_words_step (before, after));
}

/* What differs, but for the status. */
static void
add_differences (GPtrArray *steps, const QkHistoryEntry *entry)
{
  const QkHistorySide *before = &entry->before, *after = &entry->after;

  if (g_strcmp0 (before->recipient, after->recipient) != 0)
    {
      g_autofree char *from = qk_words_agent (before->recipient != NULL ? before->recipient : "");
      g_autofree char *to = qk_words_agent (after->recipient != NULL ? after->recipient : "");

      add_step (steps, from, to);
    }
  if (g_strcmp0 (before->priority, after->priority) != 0)
    {
      g_autofree char *from =
          qk_text_reveal_line (before->priority != NULL ? before->priority : "");
      g_autofree char *to = qk_text_reveal_line (after->priority != NULL ? after->priority : "");

      add_step (steps, *from != '\0' ? from : "—", *to != '\0' ? to : "—");
    }
}

/**
 * qk_activity_words_change:
 * @entry: an entry that was changed
 *
 * Returns: (transfer full): what became of it
 */
char *
qk_activity_words_change (const QkHistoryEntry *entry)
{
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GPtrArray) steps = NULL;

  g_return_val_if_fail (entry != NULL, NULL);

  before = name_status (&entry->before);
  after = name_status (&entry->after);
  if (!entry->before.there)
    return g_strdup_printf (_ ("Not there → %s"), after);
  if (!entry->after.there)
    return g_strdup_printf (_ ("%s → taken out"), before);
  steps = g_ptr_array_new_with_free_func (g_free);
  if (g_strcmp0 (before, after) != 0)
    add_step (steps, before, after);
  add_differences (steps, entry);
  if (steps->len == 0)
    /* A message whose status stayed as it was. */
    return g_strdup_printf (_ ("%s, changed otherwise"), before);
  g_ptr_array_add (steps, NULL);
  return g_strjoinv (" · ", (char **) steps->pdata);
}
