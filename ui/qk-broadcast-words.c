#include "qk-broadcast-words.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

/* A mark and a word for each state; where the word is %NULL, the time that has passed. */
static const struct {
  const char *mark;
  const char *word;
  const char *style;
} reaches[] = {
    [QK_REACH_SENDER] = {"·", NC_ ("broadcast", "sender"), "sender"},
    [QK_REACH_MISSING] = {"–", NC_ ("broadcast", "none"), "missing"},
    [QK_REACH_FAILED] = {"✕", NC_ ("broadcast", "failed"), "failed"},
    [QK_REACH_UNKNOWN] = {"?", NC_ ("broadcast", "unknown"), "unknown"},
    [QK_REACH_PENDING] = {"…", NULL, "pending"},
    [QK_REACH_PROCESSING] = {"▸", NULL, "processing"},
    [QK_REACH_DELIVERED] = {"✓", NULL, "delivered"},
};

/* Since when it is as it is; %QK_WALL_NONE where that is not known. */
static gint64
get_since (const QkBroadcastCell *cell)
{
  return cell->entry != NULL ? qk_entry_get_updated (cell->entry) : QK_WALL_NONE;
}

/**
 * qk_broadcast_words_cell:
 * @cell: a cell
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): it in short: `✓ 4 min`, `✕ failed`
 */
char *
qk_broadcast_words_cell (const QkBroadcastCell *cell, gint64 now)
{
  gint64 since = get_since (cell);
  g_autofree char *age = NULL;

  if (reaches[cell->reach].word != NULL)
    return g_strdup_printf ("%s %s", reaches[cell->reach].mark,
                            g_dpgettext2 (NULL, "broadcast", reaches[cell->reach].word));
  if (since == QK_WALL_NONE)
    return g_strdup (reaches[cell->reach].mark);
  age = qk_duration_format (now - since);
  return g_strdup_printf ("%s %s", reaches[cell->reach].mark, age);
}

static char *
say_untimed (QkReach reach, const char *name)
{
  switch (reach)
    {
    case QK_REACH_SENDER:
      return g_strdup_printf (_ ("%s: sent it"), name);
    case QK_REACH_MISSING:
      return g_strdup_printf (_ ("%s: no message"), name);
    case QK_REACH_FAILED:
      return g_strdup_printf (_ ("%s: failed"), name);
    case QK_REACH_PENDING:
      return g_strdup_printf (_ ("%s: pending"), name);
    case QK_REACH_PROCESSING:
      return g_strdup_printf (_ ("%s: processing"), name);
    case QK_REACH_DELIVERED:
      return g_strdup_printf (_ ("%s: delivered"), name);
    case QK_REACH_UNKNOWN:
    default:
      return g_strdup_printf (_ ("%s: in an unknown state"), name);
    }
}

/* @time: with the day, where it is not today. */
static char *
say_timed (QkReach reach, const char *name, const char *time)
{
  switch (reach)
    {
    case QK_REACH_FAILED:
      return g_strdup_printf (_ ("%s: failed %s"), name, time);
    case QK_REACH_PENDING:
      return g_strdup_printf (_ ("%s: pending since %s"), name, time);
    case QK_REACH_PROCESSING:
      return g_strdup_printf (_ ("%s: processing since %s"), name, time);
    case QK_REACH_DELIVERED:
      return g_strdup_printf (_ ("%s: delivered %s"), name, time);
    case QK_REACH_UNKNOWN:
      return g_strdup_printf (_ ("%s: in an unknown state since %s"), name, time);
    case QK_REACH_SENDER:
    case QK_REACH_MISSING:
    default:
      return say_untimed (reach, name);
    }
}

/**
 * qk_broadcast_words_cell_long:
 * @agent: the agent
 * @cell: a cell
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): it in full: `Agent-7: failed today 09:26:10, no window`
 */
char *
qk_broadcast_words_cell_long (const char *agent, const QkBroadcastCell *cell, gint64 now)
{
  g_autofree char *name = qk_text_reveal_line (agent);
  gint64 since = get_since (cell);
  g_autofree char *time = since != QK_WALL_NONE ? qk_wall_format_short (since, now) : NULL;
  g_autofree char *error = NULL;
  g_autofree char *text =
      time != NULL ? say_timed (cell->reach, name, time) : say_untimed (cell->reach, name);

  if (cell->reach == QK_REACH_FAILED)
    error = qk_words_field (cell->entry, QK_FIELD_LAST_ERROR);
  if (error == NULL || *error == '\0')
    return g_steal_pointer (&text);
  return g_strdup_printf (C_ ("list", "%s, %s"), text, error);
}

/**
 * qk_broadcast_words_class:
 * @reach: how far a broadcast got
 *
 * Returns: the style class that gives it its colour
 */
const char *
qk_broadcast_words_class (QkReach reach)
{
  return reaches[reach].style;
}

/**
 * qk_broadcast_words_coverage:
 * @broadcast: a broadcast
 *
 * Returns: (transfer full): how many have it: `6 of 8`
 */
char *
qk_broadcast_words_coverage (const QkBroadcast *broadcast)
{
  return g_strdup_printf (_ ("%u of %u"), broadcast->n_delivered, broadcast->n_expected);
}

/**
 * qk_broadcast_words_coverage_class:
 * @broadcast: a broadcast
 *
 * Returns: the style class of that: red only where somebody will not get it by itself
 */
const char *
qk_broadcast_words_coverage_class (const QkBroadcast *broadcast)
{
  if (broadcast->n_missed > 0)
    return "missed";
  return broadcast->n_delivered == broadcast->n_expected ? "complete" : "under-way";
}

/* Those that will not get it by themselves, or %NULL. */
static char *
list_missed (const QkBroadcasts *broadcasts, const QkBroadcast *broadcast)
{
  char *list = NULL;

  for (guint i = 0; i < qk_broadcasts_get_n_agents (broadcasts); i++)
    if (qk_reach_is_missed (broadcast->cells[i].reach))
      {
        g_autofree char *name = qk_text_reveal_line (qk_broadcasts_get_agents (broadcasts)[i]);
        g_autofree char *before = list;
        g_autofree char *item =
            g_strdup_printf (broadcast->cells[i].reach == QK_REACH_FAILED ? _ ("%s (failed)")
                                                                          : _ ("%s (no message)"),
                             name);

        list = before != NULL ? g_strdup_printf (C_ ("list", "%s, %s"), before, item)
                              : g_steal_pointer (&item);
      }
  return list;
}

/**
 * qk_broadcast_words_summary:
 * @broadcasts: some broadcasts
 * @broadcast: one of them
 *
 * Returns: (transfer full): whom it reached, in a sentence: `Reached 6 of 8. Missed: Agent-7 (failed),
 *   Agent-8 (no message).`
 */
char *
qk_broadcast_words_summary (const QkBroadcasts *broadcasts, const QkBroadcast *broadcast)
{
  guint n_waiting = broadcast->n_expected - broadcast->n_delivered - broadcast->n_missed;
  g_autofree char *missed = list_missed (broadcasts, broadcast);
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text, ngettext ("Reached %u of %u.", "Reached %u of %u.", broadcast->n_expected),
      broadcast->n_delivered, broadcast->n_expected);
  if (n_waiting > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("%u under way.", "%u under way.", n_waiting),
                              n_waiting);
    }
  if (missed != NULL)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Missed: %s."), missed);
    }
  return g_string_free (text, FALSE);
}

/**
 * qk_broadcast_words_resend:
 * @broadcast: a broadcast
 *
 * Returns: (transfer full): what the button says: `Resend to the 2 That _Missed It`
 */
char *
qk_broadcast_words_resend (const QkBroadcast *broadcast)
{
  if (broadcast->n_missed == 0)
    return g_strdup (_ ("Nobody _Missed It"));
  if (broadcast->n_missed == 1)
    return g_strdup (_ ("Resend to the One That _Missed It"));
  return g_strdup_printf (ngettext ("Resend to the %u That _Missed It",
                                    "Resend to the %u That _Missed It", broadcast->n_missed),
                          broadcast->n_missed);
}
