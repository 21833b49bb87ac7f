#include "qkctl-action.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-table.h"

#include "qk-text.h"
#include "qk-time.h"

#define DEFAULT_LIMIT 20

static void
add_operation_number (JsonBuilder *builder, const char *name, gint64 operation)
{
  if (operation != 0)
    qkctl_json_add_number (builder, name, operation);
  else
    qkctl_json_add_text (builder, name, NULL);
}

static void
print_json (GPtrArray *operations)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "operations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < operations->len; i++)
    {
      const QkHistoryOperation *operation = g_ptr_array_index (operations, i);
      g_autofree char *time = qk_wall_format (qk_wall_from_unix (operation->time));

      json_builder_begin_object (builder);
      qkctl_json_add_number (builder, "id", operation->id);
      qkctl_json_add_text (builder, "time", time);
      qkctl_json_add_text (builder, "action", operation->kind);
      qkctl_json_add_number (builder, "count", operation->count);
      add_operation_number (builder, "undoes", operation->undoes);
      add_operation_number (builder, "undone", operation->undone);
      qkctl_json_add_number (builder, "undone_together", operation->n_together);
      qkctl_json_add_text (builder, "state", qk_history_state_get_name (operation->state));
      qkctl_json_add_text (builder, "user", operation->user);
      qkctl_json_add_text (builder, "host", operation->host);
      qkctl_json_add_text (builder, "program", operation->program);
      qkctl_json_add_number (builder, "pid", operation->pid);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static char *
describe_state (const QkHistoryOperation *operation)
{
  if (operation->undone != 0)
    return g_strdup_printf ("undone by %" G_GINT64_FORMAT, operation->undone);
  if (operation->undoes != 0 && operation->state == QK_HISTORY_DONE)
    return g_strdup_printf ("undid %" G_GINT64_FORMAT, operation->undoes);
  return g_strdup (qk_history_state_get_name (operation->state));
}

static QkctlColour
get_colour (const QkHistoryOperation *operation)
{
  if (operation->undone != 0 || operation->state == QK_HISTORY_ABORTED)
    return QKCTL_COLOUR_DIM;
  return operation->state == QK_HISTORY_UNFINISHED ? QKCTL_COLOUR_YELLOW : QKCTL_COLOUR_NONE;
}

static void
add_row (QkctlTable *table, const QkHistoryOperation *operation, gint64 now)
{
  g_autofree char *who = g_strdup_printf ("%s@%s", operation->user, operation->host);

  qkctl_table_take (table, QKCTL_COLOUR_BOLD, g_strdup_printf ("%" G_GINT64_FORMAT, operation->id));
  qkctl_table_take (table, QKCTL_COLOUR_NONE,
                    qk_wall_format_short (qk_wall_from_unix (operation->time), now));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_text_reveal_line (operation->kind));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, g_strdup_printf ("%u", operation->count));
  qkctl_table_take (table, get_colour (operation), describe_state (operation));
  qkctl_table_take (table, QKCTL_COLOUR_NONE, qk_text_reveal_line (who));
  qkctl_table_take (table, QKCTL_COLOUR_DIM, qk_text_reveal_line (operation->program));
}

static void
print_human (GPtrArray *operations)
{
  static const QkctlColumn columns[] = {
      {"OPERATION", TRUE}, {"TIME", FALSE}, {"ACTION", FALSE},  {"MESSAGES", TRUE},
      {"STATE", FALSE},    {"BY", FALSE},   {"PROGRAM", FALSE},
  };
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));
  gint64 now = qk_wall_now ();

  for (guint i = 0; i < operations->len; i++)
    add_row (table, g_ptr_array_index (operations, i), now);
  qkctl_table_print (table, qkctl_terminal_get_width ());
}

/* What was done to a queue can be told even when it is gone or damaged. */
static QkctlExit
list (const QkctlOptions *options, guint limit)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autofree char *key = qk_store_dup_key (qkctl_session_get_store (session));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) operations =
      qk_history_list (qkctl_session_get_history (session), key, limit, &error);

  qkctl_action_tell_notice (session);
  if (operations == NULL)
    {
      qkctl_note ("%s", error->message);
      return QKCTL_EXIT_IO;
    }
  if (operations->len == 0)
    {
      QkctlExit code = qkctl_session_open (session);

      if (code != QKCTL_EXIT_DONE)
        return code;
    }
  if (options->json)
    print_json (operations);
  else
    print_human (operations);
  return QKCTL_EXIT_DONE;
}

static void
add_side (JsonBuilder *builder, const char *name, const QkHistorySide *side)
{
  json_builder_set_member_name (builder, name);
  if (!side->there)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "status", side->status);
  qkctl_json_add_text (builder, "recipient", side->recipient);
  qkctl_json_add_text (builder, "priority", side->priority);
  json_builder_end_object (builder);
}

static void
print_entries_json (gint64 operation, GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  qkctl_json_add_number (builder, "operation", operation);
  json_builder_set_member_name (builder, "entries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const QkHistoryEntry *entry = entries->pdata[i];

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "id", entry->id);
      add_side (builder, "before", &entry->before);
      add_side (builder, "after", &entry->after);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static char *
describe_side (const QkHistorySide *side)
{
  if (!side->there)
    return g_strdup ("not there");
  return side->status != NULL ? qk_text_reveal_line (side->status) : g_strdup ("no status");
}

static void
print_entries_human (GPtrArray *entries)
{
  static const QkctlColumn columns[] = {{"MESSAGE", FALSE},
                                        {"RECIPIENT", FALSE},
                                        {"BEFORE", FALSE},
                                        {"AFTER", FALSE}};
  g_autoptr (QkctlTable) table = qkctl_table_new (columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < entries->len; i++)
    {
      const QkHistoryEntry *entry = entries->pdata[i];
      const char *recipient = qk_history_entry_get_recipient (entry);

      qkctl_table_take (table, QKCTL_COLOUR_BOLD,
                        qk_text_reveal_line (entry->id != NULL ? entry->id : "without an id"));
      qkctl_table_take (table, QKCTL_COLOUR_NONE,
                        qk_text_reveal_line (recipient != NULL ? recipient : ""));
      qkctl_table_take (table, QKCTL_COLOUR_NONE, describe_side (&entry->before));
      qkctl_table_take (table, QKCTL_COLOUR_NONE, describe_side (&entry->after));
    }
  qkctl_table_print (table, qkctl_terminal_get_width ());
}

/* Likewise, for the entries of one operation. */
static QkctlExit
list_entries (const QkctlOptions *options, gint64 operation, guint limit)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autofree char *key = qk_store_dup_key (qkctl_session_get_store (session));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
      qk_history_list_entries (qkctl_session_get_history (session), key, operation, limit, &error);

  qkctl_action_tell_notice (session);
  if (entries == NULL)
    {
      qkctl_note ("%s", error->message);
      return g_error_matches (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION)
                 ? QKCTL_EXIT_USAGE
                 : QKCTL_EXIT_IO;
    }
  if (options->json)
    print_entries_json (operation, entries);
  else
    print_entries_human (entries);
  return QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autofree char *limit_text = NULL;
  guint limit = DEFAULT_LIMIT, operation = 0;
  const GOptionEntry entries[] = {
      {"limit", 0, 0, G_OPTION_ARG_FILENAME, &limit_text,
       "Only N: the last operations (default: 20), or the first messages", "N"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  if (!qkctl_options_parse (options, argv) ||
      (limit_text != NULL && !qkctl_parse_count ("--limit", limit_text, G_MAXINT, &limit)))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] == NULL)
    return list (options, limit);
  if (options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  if (!qkctl_parse_count ("OPERATION", options->arguments[0], G_MAXINT, &operation))
    return QKCTL_EXIT_USAGE;
  return list_entries (options, operation, limit_text != NULL ? limit : G_MAXINT);
}

const QkctlCommand qkctl_command_operations = {
    .name = "operations",
    .arguments = "FILE [OPERATION]",
    .summary = "List what was done to the queue, the latest first, or one of it",
    .description =
        "What this user did with qkctl and with the window, kept for 30 days and never less than the\n"
        "last 100. A “loss” was done by another program, and only seen here. “unfinished” is under way,\n"
        "or was cut off: whether it was done is not known, and it may be undone by its number.\n"
        "With OPERATION, a number, lists the messages that it changed, before and after; exits with 2 if\n"
        "there is no such operation.\n"
        "--json prints one object: operations, an array of objects: id, time, action, count, undoes,\n"
        "undone, undone_together (how many, with it, are undone as one), state (done, unfinished, aborted),\n"
        "user, host, program, pid; with OPERATION: operation and entries, an array of objects: id, before,\n"
        "after, of which either is null, or: status, recipient, priority.",
    .run = run,
};
