#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-session.h"
#include "qkctl-table.h"

#include "qk-text.h"
#include "qk-time.h"

/* As the entries stand in the file; written one by one, however many there are. */
static void
print_json (GPtrArray *entries)
{
  qkctl_out_raw ("[", 1);
  for (guint i = 0; i < entries->len; i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (g_ptr_array_index (entries, i), &length);

      qkctl_out_raw (i > 0 ? ",\n" : "\n", i > 0 ? 2 : 1);
      qkctl_out_raw (json, length);
    }
  qkctl_out_raw (entries->len > 0 ? "\n]\n" : "]\n", entries->len > 0 ? 3 : 2);
}

static void
add_row (QkctlTable *table, const QkEntry *entry, gint64 now)
{
  QkStatus status = qk_entry_get_status (entry);
  g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);
  gint64 created = qk_entry_get_created (entry);
  guint tries = qk_entry_get_attempts (entry);

  qkctl_table_take (table, qkctl_status_get_colour (status),
                    status == QK_STATUS_UNKNOWN ? qkctl_text_field (entry, QK_FIELD_STATUS)
                                                : g_strdup (qk_status_get_name (status)));
  qkctl_table_take (table, QKCTL_COLOUR_NONE,
                    g_strdup_printf ("%.3g", qk_entry_get_priority (entry)));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qkctl_text_field (entry, QK_FIELD_RECIPIENT));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qkctl_text_field (entry, QK_FIELD_SENDER));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qkctl_text_field (entry, QK_FIELD_MESSAGE_TYPE));
  qkctl_table_take (table, QKCTL_COLOUR_NONE,
                    created != QK_WALL_NONE ? qk_duration_format (now - created) : g_strdup ("—"));
  qkctl_table_take (table, QKCTL_COLOUR_NONE,
                    tries > 0 ? g_strdup_printf ("%u", tries) : g_strdup (""));
  qkctl_table_take (table, QKCTL_COLOUR_DIM, qkctl_text_short_id (id));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_entry_dup_excerpt (entry));
}

static void
print_human (GPtrArray *entries)
{
  static const QkctlColumn columns[] = {
      {"STATUS", FALSE}, {"PRIO", TRUE},  {"RECIPIENT", FALSE}, {"SENDER", FALSE},  {"TYPE", FALSE},
      {"AGE", TRUE},     {"TRIES", TRUE}, {"ID", FALSE},        {"MESSAGE", FALSE},
  };
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < entries->len; i++)
    add_row (table, g_ptr_array_index (entries, i), now);
  qkctl_table_print (table, qkctl_terminal_get_width ());
}

static QkctlExit
list (const QkctlOptions *options, const QkctlFilter *filter, guint limit)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  entries = qkctl_select_matching (qk_store_get_document (qkctl_session_get_store (session)),
                                   filter, limit);
  if (options->json)
    print_json (entries);
  else
    print_human (entries);
  return QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (GStrv) agents = NULL, statuses = NULL, errors = NULL;
  g_autofree char *search = NULL, *query = NULL, *limit_text = NULL;
  guint limit = G_MAXUINT;
  gboolean hazard = FALSE;
  const GOptionEntry entries[] = {
      {"agent", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &agents, "Only messages to AGENT", "AGENT"},
      {"status", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &statuses, "Only messages in STATUS", "STATUS"},
      {"search", 0, 0, G_OPTION_ARG_FILENAME, &search,
       "Only messages with each word of TEXT in content, id, sender, recipient or error, in any case",
       "TEXT"},
      {"error", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &errors,
       "Only messages that failed like CLASS, as “qkctl errors” prints it", "CLASS"},
      {"filter", 0, 0, G_OPTION_ARG_FILENAME, &query,
       "Only messages that FILTER finds, as the window saves it", "FILTER"},
      {"hazard", 0, 0, G_OPTION_ARG_NONE, &hazard, "Only messages that the swarm trips over", NULL},
      {"limit", 0, 0, G_OPTION_ARG_FILENAME, &limit_text, "Only the first N of them", "N"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_auto (QkctlFilter) filter;

  qkctl_filter_init (&filter);
  if (!qkctl_options_parse (options, argv) || !qkctl_filter_set_agents (&filter, agents) ||
      !qkctl_filter_set_statuses (&filter, statuses) ||
      !qkctl_filter_set_search (&filter, search) || !qkctl_filter_set_errors (&filter, errors) ||
      !qkctl_filter_set_query (&filter, query) ||
      (limit_text != NULL && !qkctl_parse_count ("--limit", limit_text, G_MAXINT, &limit)))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  filter.hazard = hazard;
  return list (options, &filter, limit);
}

const QkctlCommand qkctl_command_list = {
    .name = "list",
    .arguments = "FILE",
    .summary = "List messages, in the order of the file",
    .description =
        "--agent and --status may be repeated: any of them. STATUS is PENDING, PROCESSING, FAILED,\n"
        "DELIVERED, EXPIRED or, for whatever else a file says, UNKNOWN; in any case.\n"
        "“qkctl show” tells what is wrong with a message of --hazard, “qkctl fix” puts it right.\n"
        "FILTER is words to be found and KEY:VALUE: is:pending, processing, failed, stuck or flagged,\n"
        "agent:, hide:delivered, status:, recipient:, sender:, type:, tag:, priority:, age:, updated:,\n"
        "stuck: and error:. Several values of one key: any of them. A value with a space or a colon\n"
        "stands in quotation marks: error:\"timeout after # s\".\n"
        "On a terminal the lines are cut to its width: COLUMNS, or 100.\n"
        "--json prints an array of the entries, each to the letter as it stands in the file.",
    .run = run,
};
