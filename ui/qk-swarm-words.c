#include "qk-swarm-words.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

#define MAX_WORDS     12
#define MAX_WORD_TEXT 400

/**
 * qk_swarm_words_age:
 * @age: the number of an age of #QkSwarmAgent
 *
 * Returns: (transfer full): it as the title of a column
 */
char *
qk_swarm_words_age (guint age)
{
  if (age >= QK_N_AGES)
    return g_strdup (_ ("no time"));
  return qk_facet_dup_value_label (QK_FACET_AGE, qk_age_get_nth_value (age));
}

/**
 * qk_swarm_words_cell:
 * @agent: (nullable): a recipient; %NULL for all of them
 * @age: the number of an age, or %QK_SWARM_N_AGES for all ages
 * @n_pending: how many are pending
 *
 * Returns: (transfer full): a cell in full: `Agent-7, 1 to 5 min: 3 pending`
 */
char *
qk_swarm_words_cell (const char *agent, guint age, guint n_pending)
{
  g_autofree char *name = agent != NULL ? qk_words_agent (agent) : g_strdup (_ ("All"));
  g_autofree char *span =
      age < QK_SWARM_N_AGES ? qk_swarm_words_age (age) : g_strdup (_ ("of any age"));

  /* Translators: an agent, an age such as "1 to 5 min", and how many. */
  return g_strdup_printf (_ ("%s, %s: %u pending"), name, span, n_pending);
}

/**
 * qk_swarm_words_since:
 * @time: when something was, in wall microseconds, or %QK_WALL_NONE
 * @now: the present, likewise
 *
 * Returns: (transfer full): how long ago that is, in short
 */
char *
qk_swarm_words_since (gint64 time, gint64 now)
{
  return time != QK_WALL_NONE ? qk_duration_format (now - time) : g_strdup ("—");
}

/**
 * qk_swarm_words_silent:
 * @agent: one that is silent
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): since when, and what waits for it
 */
char *
qk_swarm_words_silent (const QkSwarmAgent *agent, gint64 now)
{
  gint64 last = qk_swarm_agent_get_last_sign (agent);
  g_autofree char *since = qk_swarm_words_since (last, now);

  if (last == QK_WALL_NONE)
    return g_strdup_printf (ngettext ("The queue has no sign of it; %u message waits for it",
                                      "The queue has no sign of it; %u messages wait for it",
                                      agent->n_pending),
                            agent->n_pending);
  if (agent->last_sent > agent->last_delivered)
    return g_strdup_printf (ngettext ("Sent something %s ago; %u message waits for it",
                                      "Sent something %s ago; %u messages wait for it",
                                      agent->n_pending),
                            since, agent->n_pending);
  return g_strdup_printf (ngettext ("Got something %s ago; %u message waits for it",
                                    "Got something %s ago; %u messages wait for it",
                                    agent->n_pending),
                          since, agent->n_pending);
}

/**
 * qk_swarm_words_unknown:
 * @agent: a recipient that is not known
 *
 * Returns: (transfer full): how many messages there are for it, and whom it may mean
 */
char *
qk_swarm_words_unknown (const QkSwarmAgent *agent)
{
  guint n_left = agent->total - agent->n_delivered;
  g_autofree char *count = qk_words_count (agent->total);
  g_autofree char *guess = agent->guess != NULL ? qk_words_agent (agent->guess) : NULL;

  /* Translators: "3 messages, 2 not delivered". */
  if (guess == NULL)
    return g_strdup_printf (_ ("%s, %u not delivered"), count, n_left);
  return g_strdup_printf (_ ("%s, %u not delivered; likely %s is meant"), count, n_left, guess);
}

/**
 * qk_swarm_words_repeat:
 * @repeat: what is said again and again
 *
 * Returns: (transfer full): how often, and its first words
 */
char *
qk_swarm_words_repeat (const QkSwarmRepeat *repeat)
{
  g_autofree char *excerpt = qk_entry_dup_excerpt (repeat->entry);

  return g_strdup_printf ("%u × %s", repeat->n_entries, excerpt);
}

static char *
describe_kind (const QkSwarmRepeat *repeat)
{
  g_autofree char *from = qk_words_field (repeat->entry, QK_FIELD_SENDER);
  g_autofree char *to = qk_words_field (repeat->entry, QK_FIELD_RECIPIENT);
  g_autofree char *pause = qk_duration_format (repeat->pause);

  switch (repeat->kind)
    {
    case QK_SWARM_LOOP:
      return g_strdup_printf (_ ("Loop: %s to %s, one every %s"), from, to, pause);
    case QK_SWARM_PING_PONG:
      return g_strdup_printf (_ ("To and fro between %s and %s"), from, to);
    case QK_SWARM_DUPLICATES:
    default:
      return g_strdup_printf (_ ("Duplicates: %s to %s"), from, to);
    }
}

/**
 * qk_swarm_words_repeat_details:
 * @repeat: what is said again and again
 * @now: the present, in wall microseconds
 *
 * Returns: (transfer full): what it looks like, between whom, and when
 */
char *
qk_swarm_words_repeat_details (const QkSwarmRepeat *repeat, gint64 now)
{
  g_autofree char *kind = describe_kind (repeat);
  g_autofree char *first = NULL, *last = NULL;

  if (repeat->first == QK_WALL_NONE)
    return g_strdup_printf (_ ("%s · %u pending"), kind, repeat->n_pending);
  first = qk_wall_format_short (repeat->first, now);
  last = qk_wall_format_short (repeat->last, now);
  return g_strdup_printf (_ ("%s · first %s, last %s · %u pending"), kind, first, last,
                          repeat->n_pending);
}

/**
 * qk_swarm_words_room:
 * @swarm: what the queue tells
 *
 * Returns: (transfer full): how full it is
 */
char *
qk_swarm_words_room (const QkSwarm *swarm)
{
  return g_strdup_printf (_ ("%'u of %'u entries"), swarm->total, QK_SWARM_LIMIT);
}

/**
 * qk_swarm_words_forecast:
 * @swarm: what the queue tells
 *
 * Returns: (transfer full): what that means, and when it will be full if that can be told
 */
char *
qk_swarm_words_forecast (const QkSwarm *swarm)
{
  g_autofree char *left = NULL;

  if (swarm->full_in == 0)
    return g_strdup (_ ("Full: the swarm takes no more messages. Archive the delivered ones."));
  if (swarm->full_in < 0)
    return g_strdup_printf (ngettext ("%u came within the last hour.",
                                      "%u came within the last hour.", swarm->last_hour),
                            swarm->last_hour);
  left = qk_duration_format (swarm->full_in);
  return g_strdup_printf (ngettext ("Full in %s at the pace of the last hour, in which %u came.",
                                    "Full in %s at the pace of the last hour, in which %u came.",
                                    swarm->last_hour),
                          left, swarm->last_hour);
}

/**
 * qk_swarm_words_source:
 * @source: how it is known who the agents are
 * @n_agents: how many there are
 *
 * Returns: (transfer full): both, in a few words
 */
char *
qk_swarm_words_source (QkAgentsSource source, guint n_agents)
{
  switch (source)
    {
    case QK_AGENTS_CHOSEN:
      return g_strdup_printf (
          ngettext ("%u agent, chosen by you", "%u agents, chosen by you", n_agents), n_agents);
    case QK_AGENTS_CONFIG:
      return g_strdup_printf (ngettext ("%u agent, from agent_mode_config.json",
                                        "%u agents, from agent_mode_config.json", n_agents),
                              n_agents);
    case QK_AGENTS_HISTORY:
      return g_strdup_printf (ngettext ("%u agent, from this queue’s broadcasts",
                                        "%u agents, from this queue’s broadcasts", n_agents),
                              n_agents);
    case QK_AGENTS_DEFAULT:
    default:
      return g_strdup_printf (ngettext ("%u agent, as usual: nothing says who is in this swarm",
                                        "%u agents, as usual: nothing says who is in this swarm",
                                        n_agents),
                              n_agents);
    }
}

static QkFilter *
narrow (QkFilter *filter, QkFacet facet, const char *value)
{
  QkFilter *narrower = qk_filter_with_value (filter, facet, value);

  qk_filter_unref (filter);
  return narrower;
}

/**
 * qk_swarm_filter_to:
 * @agent: a recipient
 *
 * Returns: (transfer full): what finds its messages
 */
QkFilter *
qk_swarm_filter_to (const char *agent)
{
  return narrow (qk_filter_new (), QK_FACET_RECIPIENT, agent);
}

/**
 * qk_swarm_filter_pending:
 * @agent: (nullable): a recipient; %NULL for all of them
 * @age: the number of an age, or %QK_SWARM_N_AGES for all ages
 *
 * Returns: (transfer full): what finds the pending messages of a cell
 */
QkFilter *
qk_swarm_filter_pending (const char *agent, guint age)
{
  QkFilter *filter = agent != NULL ? qk_swarm_filter_to (agent) : qk_filter_new ();

  filter = narrow (filter, QK_FACET_STATUS, qk_status_get_name (QK_STATUS_PENDING));
  return age < QK_SWARM_N_AGES ? narrow (filter, QK_FACET_AGE, qk_age_get_nth_value (age)) : filter;
}

/* The first words of the content that are written with letters and digits alone. */
static char *
dup_words (const QkEntry *entry)
{
  gsize length;
  const char *json = qk_entry_get_field_json (entry, QK_FIELD_CONTENT, &length);
  g_autofree char *text = qk_json_decode_start (json, length, MAX_WORD_TEXT);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  GString *found = g_string_new (NULL);
  guint n = 0;

  /* The last one may have been cut off. */
  for (guint i = 0; words[i] != NULL && n < MAX_WORDS; i++)
    {
      gboolean plain =
          *words[i] != '\0' && (words[i + 1] != NULL || strlen (text) < MAX_WORD_TEXT / 2);

      for (const char *p = words[i]; plain && *p != '\0'; p = g_utf8_next_char (p))
        plain = g_unichar_isalnum (g_utf8_get_char (p));
      if (plain)
        g_string_append_printf (found, "%s%s", n++ > 0 ? " " : "", words[i]);
    }
  return g_string_free (found, FALSE);
}

static QkFilter *
narrow_by_field (QkFilter *filter, QkFacet facet, const QkEntry *entry, QkField field)
{
  g_autofree char *value = qk_entry_dup_field (entry, field);

  return narrow (filter, facet, value != NULL ? value : "");
}

/**
 * qk_swarm_filter_repeat:
 * @repeat: what is said again and again
 *
 * Returns: (transfer full): what finds it: who says it to whom, and its first words
 */
QkFilter *
qk_swarm_filter_repeat (const QkSwarmRepeat *repeat)
{
  g_autoptr (QkFilter) all = qk_filter_new ();
  g_autofree char *words = dup_words (repeat->entry);
  QkFilter *filter = qk_filter_with_text (all, words);

  filter = narrow_by_field (filter, QK_FACET_SENDER, repeat->entry, QK_FIELD_SENDER);
  filter = narrow_by_field (filter, QK_FACET_RECIPIENT, repeat->entry, QK_FIELD_RECIPIENT);
  if (repeat->kind != QK_SWARM_PING_PONG)
    return filter;
  filter = narrow_by_field (filter, QK_FACET_SENDER, repeat->entry, QK_FIELD_RECIPIENT);
  return narrow_by_field (filter, QK_FACET_RECIPIENT, repeat->entry, QK_FIELD_SENDER);
}
