#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#include "qk-error-group.h"
#include "qk-text.h"
#include "qk-time.h"

static void
print_json (GPtrArray *groups, gint64 now)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < groups->len; i++)
    {
      const QkErrorGroup *group = groups->pdata[i];

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "error", group->error_class);
      qkctl_json_add_number (builder, "messages", group->n_entries);
      qkctl_json_add_number (builder, "agents", group->n_agents);
      if (group->oldest != QK_WALL_NONE)
        qkctl_json_add_seconds (builder, "oldest_s", now - group->oldest);
      else
        qkctl_json_add_text (builder, "oldest_s", NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  qkctl_json_print (builder);
}

static void
print_human (GPtrArray *groups, gint64 now)
{
  static const QkctlColumn columns[] = {{"MESSAGES", TRUE},
                                        {"AGENTS", TRUE},
                                        {"OLDEST", TRUE},
                                        {"ERROR", FALSE}};
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < groups->len; i++)
    {
      const QkErrorGroup *group = groups->pdata[i];

      qkctl_table_take (table, QKCTL_COLOUR_NONE, g_strdup_printf ("%u", group->n_entries));
      qkctl_table_take (table, QKCTL_COLOUR_NONE, g_strdup_printf ("%u", group->n_agents));
      qkctl_table_take (table, QKCTL_COLOUR_NONE,
                        group->oldest != QK_WALL_NONE ? qk_duration_format (now - group->oldest)
                                                      : g_strdup ("—"));
      qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_text_reveal_line (group->error_class));
    }
  qkctl_table_print (table, qkctl_terminal_get_width ());
}

static QkctlExit
list_errors (const QkctlOptions *options, const QkQuery *query)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) groups = NULL;
  gint64 now = qk_wall_now ();
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  groups =
      qk_error_groups_find (qk_store_get_document (qkctl_session_get_store (session)), query, now);
  if (options->json)
    print_json (groups, now);
  else
    print_human (groups, now);
  return QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autofree char *query = NULL;
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_FILENAME, &query,
       "Only messages that FILTER finds, as “qkctl list” has it (default: hide:delivered)",
       "FILTER"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_auto (QkctlFilter) filter;

  qkctl_filter_init (&filter);
  if (!qkctl_options_parse (options, argv) ||
      !qkctl_filter_set_query (&filter, query != NULL ? query : "hide:delivered"))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  return list_errors (options, filter.query);
}

const QkctlCommand qkctl_command_errors = {
    .name = "errors",
    .arguments = "FILE",
    .summary = "List what went wrong, what is alike together",
    .description =
        "The most frequent first. Errors that differ in numbers, ids and paths only are of one CLASS,\n"
        "in which these read #, <id> and <path>. “qkctl list”, “resend” and “purge” take it, or the\n"
        "error itself, with --error.\n"
        "--json prints an array: error, messages, agents (how many), oldest_s.",
    .run = run,
};
