#include "qkctl-broadcasts.h"

#include "qk-text.h"
#include "qk-time.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#define SHOWN_MISSED 3

/* The words of the machine output: they are a promise to scripts. */
const char *
qkctl_reach_get_name (QkReach reach)
{
  static const char *const names[] = {
      [QK_REACH_SENDER] = "sender",       [QK_REACH_MISSING] = "missing",
      [QK_REACH_FAILED] = "failed",       [QK_REACH_UNKNOWN] = "unknown",
      [QK_REACH_PENDING] = "pending",     [QK_REACH_PROCESSING] = "processing",
      [QK_REACH_DELIVERED] = "delivered",
  };

  return names[reach];
}

/* The broadcasts of the queue, for the agents of the swarm and for @more of them, which may be NULL. */
QkBroadcasts *
qkctl_broadcasts_find (QkStore *store, char **more)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) active = qk_store_dup_agents (store), agents = NULL;

  g_strv_builder_addv (builder, (const char **) active);
  if (more != NULL)
    g_strv_builder_addv (builder, (const char **) more);
  agents = g_strv_builder_end (builder);
  return qk_broadcasts_new (qk_store_get_document (store), (const char *const *) agents);
}

/* "Agent-7, Agent-8": safe to be shown; "" where nobody did. */
static char *
describe_missed (const QkBroadcasts *broadcasts, const QkBroadcast *broadcast)
{
  const char *const *agents = qk_broadcasts_get_agents (broadcasts);
  GString *text;
  guint shown = 0;

  if (broadcast->n_missed > 0 && broadcast->n_missed == broadcast->n_expected)
    return g_strdup ("everybody");
  text = g_string_new (NULL);
  for (guint i = 0; agents[i] != NULL && shown < SHOWN_MISSED; i++)
    {
      g_autofree char *name = NULL;

      if (!qk_reach_is_missed (broadcast->cells[i].reach))
        continue;
      name = qk_text_reveal_line (agents[i]);
      g_string_append_printf (text, "%s%s", shown++ > 0 ? ", " : "", name);
    }
  if (broadcast->n_missed > shown)
    g_string_append_printf (text, " and %u more", broadcast->n_missed - shown);
  return g_string_free (text, FALSE);
}

static void
add_row (QkctlTable *table, const QkBroadcasts *broadcasts, guint index, gint64 now)
{
  const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, index);
  g_autofree char *id = qk_entry_dup_field (broadcast->first, QK_FIELD_ID);
  gboolean all = broadcast->n_delivered == broadcast->n_expected;

  qkctl_table_take (table, QKCTL_COLOUR_DIM, qkctl_text_short_id (id));
  qkctl_table_take (table, QKCTL_COLOUR_NONE,
                    broadcast->time != QK_WALL_NONE ? qk_duration_format (now - broadcast->time)
                                                    : g_strdup ("—"));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qkctl_text_field (broadcast->first, QK_FIELD_SENDER));
  qkctl_table_take (table,
                    broadcast->n_missed > 0 ? QKCTL_COLOUR_RED
                    : all                   ? QKCTL_COLOUR_GREEN
                                            : QKCTL_COLOUR_BLUE,
                    g_strdup_printf ("%u of %u", broadcast->n_delivered, broadcast->n_expected));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, describe_missed (broadcasts, broadcast));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_entry_dup_excerpt (broadcast->first));
}

static void
print_human (const QkBroadcasts *broadcasts)
{
  static const QkctlColumn columns[] = {
      {"ID", FALSE},     {"AGE", TRUE},     {"SENDER", FALSE},
      {"REACHED", TRUE}, {"MISSED", FALSE}, {"MESSAGE", FALSE},
  };
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < qk_broadcasts_get_size (broadcasts); i++)
    add_row (table, broadcasts, i, now);
  qkctl_table_print (table, qkctl_terminal_get_width ());
}

static void
add_field (JsonBuilder *builder, const char *name, const QkEntry *entry, QkField field)
{
  g_autofree char *text = qk_entry_dup_field (entry, field);

  qkctl_json_add_text (builder, name, text);
}

/* "agents":{"Agent-1":{"state":"delivered","id":"..."}} */
static void
add_agents (JsonBuilder *builder, const QkBroadcasts *broadcasts, const QkBroadcast *broadcast)
{
  json_builder_set_member_name (builder, "agents");
  json_builder_begin_object (builder);
  for (guint i = 0; i < qk_broadcasts_get_n_agents (broadcasts); i++)
    {
      const QkBroadcastCell *cell = &broadcast->cells[i];

      json_builder_set_member_name (builder, qk_broadcasts_get_agents (broadcasts)[i]);
      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "state", qkctl_reach_get_name (cell->reach));
      if (cell->entry != NULL)
        add_field (builder, "id", cell->entry, QK_FIELD_ID);
      else
        qkctl_json_add_text (builder, "id", NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
print_json (const QkBroadcasts *broadcasts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < qk_broadcasts_get_size (broadcasts); i++)
    {
      const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, i);

      json_builder_begin_object (builder);
      add_field (builder, "id", broadcast->first, QK_FIELD_ID);
      add_field (builder, "created_at", broadcast->first, QK_FIELD_CREATED_AT);
      add_field (builder, "sender", broadcast->first, QK_FIELD_SENDER);
      add_field (builder, "content", broadcast->first, QK_FIELD_CONTENT);
      qkctl_json_add_number (builder, "expected", broadcast->n_expected);
      qkctl_json_add_number (builder, "delivered", broadcast->n_delivered);
      qkctl_json_add_number (builder, "missed", broadcast->n_missed);
      add_agents (builder, broadcasts, broadcast);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_print (builder);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);
  g_autoptr (QkctlSession) session = NULL;
  g_autoptr (QkBroadcasts) broadcasts = NULL;
  QkctlExit code;

  qkctl_options_add_agents (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  session = qkctl_session_new (options->file);
  qkctl_session_choose_agents (session, options->agents);
  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  broadcasts = qkctl_broadcasts_find (qkctl_session_get_store (session), NULL);
  if (options->json)
    print_json (broadcasts);
  else
    print_human (broadcasts);
  return QKCTL_EXIT_DONE;
}

const QkctlCommand qkctl_command_broadcasts = {
    .name = "broadcasts",
    .arguments = "FILE",
    .summary = "List what was sent to everybody, and who missed it",
    .description =
        "Messages of the type broadcast that say the same and were created within a minute, and those\n"
        "of other types to three agents or more within 10 seconds; the newest first. REACHED counts\n"
        "who has it; MISSED are those to whom it failed, or for whom there is no message at all.\n"
        "The agents are those of --agents, else those chosen in the window, else those of\n"
        "agent_mode_config.json, else those that the queue's broadcasts went to, else all eight.\n"
        "“qkctl rebroadcast” sends it again to those that missed it.\n"
        "--json prints an array: id, created_at, sender, content, expected, delivered, missed, agents\n"
        "(for each its state and the id of its message).",
    .run = run,
};
