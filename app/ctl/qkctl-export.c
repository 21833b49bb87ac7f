#include "qkctl-action.h"
#include "qkctl-files.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-select.h"
#include "qkctl-terminal.h"

#include "qk-message-export.h"
#include "qk-time.h"

/* What was asked for. */
typedef struct {
  QkMessageFormat format;
  const char *output; /* nullable: standard output */
} Request;

static void
print_outcome (const QkctlOptions *options,
               const Request *request,
               const char *path,
               guint n,
               const QkResult *result)
{
  g_autofree char *count = qkctl_count_messages (n), *shown = qkctl_files_shown (path);

  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autofree char *name = g_filename_display_name (path);

      json_builder_begin_object (builder);
      qkctl_json_add_text (builder, "path", name);
      qkctl_json_add_text (builder, "format", qk_message_format_get_name (request->format));
      qkctl_json_add_number (builder, "messages", n);
      qkctl_json_add_skipped (builder, result);
      json_builder_end_object (builder);
      qkctl_json_print (builder);
      return;
    }
  qkctl_outf ("Exported %s to %s\n", count, shown);
  qkctl_action_print_skipped (result);
}

static QkctlExit
write_out (QkctlSession *session,
           const QkctlOptions *options,
           const Request *request,
           GPtrArray *entries,
           const QkResult *result)
{
  g_autoptr (GBytes) bytes = qk_message_export (entries, request->format);
  g_autofree char *path = NULL;
  QkctlExit code = QKCTL_EXIT_DONE;

  if (request->output == NULL)
    {
      qkctl_out_raw (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      for (guint i = 0; i < result->skipped->len; i++)
        qkctl_note ("no message has the id “%s”", ((QkSkip *) result->skipped->pdata[i])->id);
    }
  else
    {
      path = qkctl_files_write (session, bytes, request->output, &code);
      if (path == NULL)
        return code;
      print_outcome (options, request, path, entries->len, result);
    }
  return result->skipped->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit export(const QkctlOptions *options,
                        const Request *request,
                        const QkctlFilter *filter)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  QkctlExit code = qkctl_session_open (session);

  if (code != QKCTL_EXIT_DONE)
    return code;
  document = qk_document_ref (qk_store_get_document (qkctl_session_get_store (session)));
  if (options->arguments[0] != NULL)
    entries = qkctl_select_ids (document, options->arguments, result);
  else
    entries = qkctl_select_matching (document, filter, G_MAXUINT);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  return write_out (session, options, request, entries, result);
}

/* By its name, else by the name of the file, else JSON. */
static gboolean
choose_format (Request *request, const char *name)
{
  request->format = QK_MESSAGE_FORMAT_JSON;
  if (name == NULL)
    {
      if (request->output != NULL)
        (void) qk_message_format_guess (request->output, &request->format);
      return TRUE;
    }
  if (qk_message_format_parse (name, &request->format))
    return TRUE;
  qkctl_usage ("there is no format “%s”: it is json, csv or markdown", name);
  return FALSE;
}

static gboolean
check_request (const QkctlOptions *options, const Request *request, gboolean filtered)
{
  if (options->arguments[0] != NULL && filtered)
    qkctl_usage ("ids go without --status, --agent, --search and --older-than");
  else if (request->output != NULL && *request->output == '\0')
    qkctl_usage ("--output takes the name of a new file");
  else if (options->json && request->output == NULL)
    qkctl_usage (
        "--json tells what was written with --output; without it the messages are printed");
  else
    return TRUE;
  return FALSE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (GStrv) agents = NULL, statuses = NULL;
  g_autofree char *search = NULL, *older = NULL, *format = NULL, *output = NULL;
  gint64 age = 0;
  const GOptionEntry entries[] = {
      {"format", 0, 0, G_OPTION_ARG_FILENAME, &format,
       "json, csv or markdown (default: as OUT ends, else json)", "FORMAT"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
       "Write to OUT, a new file (default: standard output)", "OUT"},
      {"agent", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &agents, "Only messages to AGENT", "AGENT"},
      {"status", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &statuses, "Only messages in STATUS", "STATUS"},
      {"search", 0, 0, G_OPTION_ARG_FILENAME, &search, "Only messages with each word of TEXT",
       "TEXT"},
      {"older-than", 0, 0, G_OPTION_ARG_FILENAME, &older,
       "Only messages created longer ago: 90s, 15m, 12h, 7d, 2w", "AGE"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_auto (QkctlFilter) filter;
  Request request = {0};

  qkctl_filter_init (&filter);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  request.output = output;
  if (!choose_format (&request, format) || !qkctl_filter_set_agents (&filter, agents) ||
      !qkctl_filter_set_statuses (&filter, statuses) ||
      !qkctl_filter_set_search (&filter, search) ||
      (older != NULL && !qkctl_parse_age ("--older-than", older, &age)) ||
      !check_request (options, &request,
                      agents != NULL || statuses != NULL || search != NULL || older != NULL))
    return QKCTL_EXIT_USAGE;
  if (older != NULL)
    filter.created_before = qk_wall_now () - age;
  return export(options, &request, &filter);
}

const QkctlCommand qkctl_command_export = {
    .name = "export",
    .arguments = "FILE [ID…]",
    .summary = "Write messages to a file, as JSON, CSV or Markdown",
    .description =
        "Without ids and conditions, all of them. The queue is left as it is.\n"
        "json is an array that “qkctl import” reads again, each entry to the letter as it stands in the\n"
        "file; csv is for spreadsheets: a cell that looks like a formula begins with an apostrophe;\n"
        "markdown is to be read. OUT is never written over.\n"
        "With --output, --json prints one object: path, format, messages, skipped.",
    .run = run,
};
