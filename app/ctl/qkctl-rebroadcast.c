#include "qkctl-action.h"
#include "qkctl-broadcasts.h"
#include "qkctl-json.h"
#include "qkctl-select.h"
#include "qkctl-table.h"

#include "qk-text.h"

#include <string.h>

#define LATEST "latest"

/* What the command line asks for. */
typedef struct {
  const char *which; /* not owned: an id, or LATEST */
  char **agents;     /* owned, nullable */
  gboolean dry_run;
} RebroadcastRequest;

static gboolean
holds (const QkBroadcasts *broadcasts, guint index, const QkEntry *entry)
{
  const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);

  if (broadcast->first == entry)
    return TRUE;
  for (guint i = 0; i < qk_broadcasts_get_n_agents (broadcasts); i++)
    if (broadcast->cells[i].entry == entry)
      return TRUE;
  return FALSE;
}

/* The broadcast to which one of the messages belongs; their number where none does. */
static guint
find_holder (const QkBroadcasts *broadcasts, GPtrArray *entries)
{
  guint n = qk_broadcasts_get_size (broadcasts);

  for (guint e = 0; e < entries->len; e++)
    for (guint i = 0; i < n; i++)
      if (holds (broadcasts, i, entries->pdata[e]))
        return i;
  return n;
}

/* The number of the broadcast, or how many there are if it is skipped. FALSE after a wrong usage. */
static gboolean
choose (QkDocument *document,
        const QkBroadcasts *broadcasts,
        const char *which,
        guint *index,
        QkResult *result)
{
  char *ids[] = {(char *) which, NULL};
  g_autoptr (GPtrArray) entries = NULL;

  *index = 0;
  if (strcmp (which, LATEST) == 0)
    {
      if (qk_broadcasts_get_size (broadcasts) == 0)
        qk_result_take_skipped (result, NULL, g_strdup ("there is no broadcast in the queue"));
      return TRUE;
    }
  entries = qkctl_select_ids (document, ids, result);
  if (entries == NULL)
    return FALSE;
  *index = find_holder (broadcasts, entries);
  if (entries->len > 0 && *index == qk_broadcasts_get_size (broadcasts))
    qk_result_take_skipped (result, g_strdup (which),
                            g_strdup ("this message belongs to no broadcast"));
  return TRUE;
}

/* Those that are named have no need of it. */
static void
skip_reached (const QkBroadcasts *broadcasts, guint index, char **named, QkResult *result)
{
  const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);
  const char *const *agents = qk_broadcasts_get_agents (broadcasts);

  for (guint i = 0; named != NULL && agents[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) named, agents[i]) &&
        !qk_reach_is_missed (broadcast->cells[i].reach))
      qk_result_take_skipped (result,
                              broadcast->cells[i].entry != NULL
                                  ? qk_entry_dup_field (broadcast->cells[i].entry, QK_FIELD_ID)
                                  : NULL,
                              g_strdup_printf ("%s did not miss it: %s", agents[i],
                                               qkctl_reach_get_name (broadcast->cells[i].reach)));
}

/* Whom a rebroadcast is for, with what becomes of it: calls @tell for each. */
static void
rehearse (const QkBroadcasts *broadcasts,
          guint index,
          char **named,
          void (*tell) (const char *agent, const QkEntry *failed, gpointer data),
          gpointer data)
{
  const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);
  const char *const *agents = qk_broadcasts_get_agents (broadcasts);

  for (guint i = 0; agents[i] != NULL; i++)
    if (qk_reach_is_missed (broadcast->cells[i].reach) &&
        (named == NULL || g_strv_contains ((const char *const *) named, agents[i])))
      tell (agents[i], broadcast->cells[i].entry, data);
}

static void
print_line (const char *agent, const QkEntry *failed, gpointer data)
{
  g_autofree char *name = qk_text_reveal_line (agent);
  g_autofree char *id = failed != NULL ? qk_entry_dup_field (failed, QK_FIELD_ID) : NULL;
  g_autofree char *short_id = qkctl_text_short_id (id);

  if (failed != NULL)
    qkctl_outf ("would resend %s to %s: it failed\n", short_id, name);
  else
    qkctl_outf ("would send a new message to %s: there is none\n", name);
}

static void
add_line (const char *agent, const QkEntry *failed, gpointer data)
{
  JsonBuilder *builder = data;
  g_autofree char *id = failed != NULL ? qk_entry_dup_field (failed, QK_FIELD_ID) : NULL;

  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "agent", agent);
  qkctl_json_add_text (builder, "action", failed != NULL ? "resend" : "send");
  qkctl_json_add_text (builder, "id", id);
  json_builder_end_object (builder);
}

/* Only tells what would be done. */
static QkctlExit
print_rehearsal (const QkBroadcasts *broadcasts,
                 guint index,
                 const RebroadcastRequest *request,
                 gboolean json,
                 const QkResult *result)
{
  gboolean possible = index < qk_broadcasts_get_size (broadcasts) &&
                      qk_broadcast_get_obstacle (qk_broadcasts_get (broadcasts, index)) == NULL;

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "would_change");
      json_builder_begin_array (builder);
      if (possible)
        rehearse (broadcasts, index, request->agents, add_line, builder);
      json_builder_end_array (builder);
      qkctl_json_add_skipped (builder, result);
      json_builder_end_object (builder);
      qkctl_json_print (builder);
    }
  else
    {
      if (possible)
        rehearse (broadcasts, index, request->agents, print_line, NULL);
      qkctl_action_print_skipped (result);
    }
  return result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
rebroadcast (const QkctlOptions *options, const RebroadcastRequest *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkBroadcasts) broadcasts = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  QkStore *store = qkctl_session_get_store (session);
  const char *obstacle = NULL;
  QkctlExit code;
  guint index;

  qkctl_session_choose_agents (session, options->agents);
  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  broadcasts = qkctl_broadcasts_find (store, request->agents);
  if (!choose (qk_store_get_document (store), broadcasts, request->which, &index, result))
    return QKCTL_EXIT_USAGE;
  if (index < qk_broadcasts_get_size (broadcasts))
    {
      const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);

      obstacle = qk_broadcast_get_obstacle (broadcast);
      if (obstacle != NULL)
        qk_result_take_skipped (result, qk_entry_dup_field (broadcast->first, QK_FIELD_ID),
                                g_strdup (obstacle));
      skip_reached (broadcasts, index, request->agents, result);
      changes = qk_broadcasts_dup_resend (broadcasts, index, (const char *const *) request->agents);
    }
  if (request->dry_run)
    return print_rehearsal (broadcasts, index, request, options->json, result);
  if (changes == NULL)
    changes = g_ptr_array_new ();
  return qkctl_action_run (session, options, changes, result, "Sent again");
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (GStrv) agents = NULL;
  RebroadcastRequest request = {NULL};
  const GOptionEntry entries[] = {
      {"agent", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &agents, "Of those that missed it, only AGENT",
       "AGENT"},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &request.dry_run, "Only tell what would be sent",
       NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_agents (options);
  if (!qkctl_options_parse (options, argv) || !qkctl_check_texts ("--agent", agents))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL)
    return qkctl_usage ("say which broadcast: the id of one of its messages, or latest");
  if (options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  for (guint i = 0; agents != NULL && agents[i] != NULL; i++)
    if (*agents[i] == '\0')
      return qkctl_usage ("--agent is empty");
  request.which = options->arguments[0];
  request.agents = agents;
  return rebroadcast (options, &request);
}

const QkctlCommand qkctl_command_rebroadcast = {
    .name = "rebroadcast",
    .arguments = "FILE ID|latest",
    .summary = "Send a broadcast again to those that missed it",
    .description =
        "What failed is resent; an agent without a message gets a new one with the same sender, text,\n"
        "type, priority and tags. Whoever has it, or will get it, gets nothing. “qkctl broadcasts”\n"
        "lists them; ID is that of any of its messages, and may be shortened.\n"
        "--agent may be repeated. One that is not among the agents of the swarm gets it, too.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (agent, action, id), skipped.",
    .run = run,
};
