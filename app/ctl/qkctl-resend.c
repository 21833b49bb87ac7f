#include "qkctl-action.h"
#include "qkctl-options.h"
#include "qkctl-select.h"

#include <string.h>

/* What the command line asks for. */
typedef struct {
  char **agents;   /* owned */
  char **statuses; /* owned */
  char **errors;   /* owned */
  char *query;     /* owned */
  gboolean stuck;
  guint stuck_after_s;
} ResendRequest;

static void
request_clear (ResendRequest *request)
{
  g_strfreev (request->agents);
  g_strfreev (request->statuses);
  g_strfreev (request->errors);
  g_free (request->query);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ResendRequest, request_clear)

static gboolean
is_number (const char *text)
{
  return text != NULL && *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* GOption gives an option with an optional value whatever word comes next, so that `--stuck FILE`
 * would lose its file. Here only a number is taken for the value: every --stuck gets its own `=`. */
static char **
join_stuck (char **argv)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **joined;
  gboolean options = TRUE;

  for (guint i = 0; argv[i] != NULL; i++)
    {
      options = options && strcmp (argv[i], "--") != 0;
      if (!options || strcmp (argv[i], "--stuck") != 0)
        {
          g_strv_builder_add (builder, argv[i]);
        }
      else
        {
          gboolean takes_next = is_number (argv[i + 1]);
          g_autofree char *word = g_strconcat ("--stuck=", takes_next ? argv[i + 1] : "", NULL);

          g_strv_builder_add (builder, word);
          i += takes_next ? 1 : 0;
        }
    }
  joined = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return joined;
}

/* "": the default. */
static gboolean
parse_stuck (const char *value, ResendRequest *request)
{
  request->stuck_after_s = QK_STUCK_WARNING_S;
  return value == NULL || *value == '\0' ||
         qkctl_parse_count ("--stuck", value, G_MAXINT, &request->stuck_after_s);
}

static gboolean
check_request (const ResendRequest *request, char **ids)
{
  gboolean narrowed = request->errors != NULL || request->query != NULL;
  guint ways = (ids[0] != NULL) + (request->statuses != NULL) + request->stuck;

  if (ways == 0 && !narrowed)
    qkctl_usage ("say which messages: ids, --status, --error, --filter or --stuck");
  else if (ways > 1)
    qkctl_usage ("ids, --status and --stuck exclude each other");
  else if (ids[0] != NULL && (request->agents != NULL || narrowed))
    qkctl_usage ("--agent, --error and --filter go with --status or --stuck, not with ids");
  else
    return TRUE;
  return FALSE;
}

static GPtrArray *
select_entries (QkDocument *document,
                const ResendRequest *request,
                const QkctlFilter *filter,
                char **ids,
                QkResult *result)
{
  if (ids[0] != NULL)
    return qkctl_select_ids (document, ids, result);
  return qkctl_select_matching (document, filter, G_MAXUINT);
}

static QkctlExit
resend (const QkctlOptions *options, const ResendRequest *request, const QkctlFilter *filter)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkResult) result = qk_result_new ();
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  entries = select_entries (qk_store_get_document (qkctl_session_get_store (session)), request,
                            filter, options->arguments, result);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (changes,
                     qk_change_new_resend (g_ptr_array_index (entries, i), request->stuck_after_s));
  return qkctl_action_run (session, options, changes, result, "Resent");
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (ResendRequest) request = {.stuck_after_s = QK_STUCK_WARNING_S};
  g_autofree char *stuck = NULL;
  const GOptionEntry entries[] = {
      {"status", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.statuses, "All messages in STATUS",
       "STATUS"},
      {"agent", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.agents, "Of those, the ones to AGENT",
       "AGENT"},
      {"error", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.errors,
       "All messages that failed like CLASS, as “qkctl errors” prints it", "CLASS"},
      {"filter", 0, 0, G_OPTION_ARG_FILENAME, &request.query,
       "All messages that FILTER finds, as “qkctl list” has it", "FILTER"},
      {"stuck", 0, 0, G_OPTION_ARG_FILENAME, &stuck,
       "All that are PROCESSING without an update for longer than this (default: 60)", "[SECONDS]"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  g_auto (GStrv) joined = join_stuck (argv);
  g_auto (QkctlFilter) filter;

  qkctl_filter_init (&filter);
  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_dry_run (options, "resend");
  if (!qkctl_options_parse (options, joined))
    return QKCTL_EXIT_USAGE;
  request.stuck = stuck != NULL;
  if (!parse_stuck (stuck, &request) || !qkctl_filter_set_agents (&filter, request.agents) ||
      !qkctl_filter_set_statuses (&filter, request.statuses) ||
      !qkctl_filter_set_errors (&filter, request.errors) ||
      !qkctl_filter_set_query (&filter, request.query) ||
      !check_request (&request, options->arguments))
    return QKCTL_EXIT_USAGE;
  if (request.stuck)
    filter.stuck_after_s = request.stuck_after_s;
  return resend (options, &request, &filter);
}

const QkctlCommand qkctl_command_resend = {
    .name = "resend",
    .arguments =
        "FILE ID… | FILE --status S [--agent A] | FILE --error CLASS | FILE --stuck [SECONDS]",
    .summary = "Have messages delivered (again)",
    .description =
        "FAILED and stuck PROCESSING messages become PENDING; of a DELIVERED one a new message is\n"
        "made. What is no longer so when it is saved is skipped.\n"
        "A number right after --stuck is its SECONDS; write ./300 for a file of that name.\n"
        "--status, --agent and --error may be repeated: any of them. All that is given must hold. ids may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id), skipped.",
    .run = run,
};
