#include "qkctl-action.h"
#include "qkctl-files.h"
#include "qkctl-json.h"
#include "qkctl-options.h"
#include "qkctl-terminal.h"

#include "qk-text.h"
#include "qk-time.h"

/* What was asked for. */
typedef struct {
  const char *to; /* nullable: among the archives of the queue */
  gint64 age;     /* in microseconds */
  gboolean dry_run;
  gboolean yes;
} Request;

static void
print_json (guint n, const char *path, const QkResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *name = path != NULL ? g_filename_display_name (path) : NULL;

  json_builder_begin_object (builder);
  qkctl_json_add_text (builder, "archive", name);
  qkctl_json_add_number (builder, "selected", n);
  qkctl_json_add_result (builder, result);
  json_builder_end_object (builder);
  qkctl_json_print (builder);
}

static QkctlExit
preview (const QkctlOptions *options, GPtrArray *entries)
{
  g_autoptr (QkResult) nothing = qk_result_new ();
  g_autofree char *count = qkctl_count_messages (entries->len);

  if (options->json)
    print_json (entries->len, NULL, nothing);
  for (guint i = 0; !options->json && i < entries->len; i++)
    qkctl_files_print_entry (entries->pdata[i], "-", NULL);
  if (!options->json)
    qkctl_outf ("Would archive %s; nothing was written\n", count);
  return QKCTL_EXIT_DONE;
}

static gboolean
ask (QkctlSession *session, guint n)
{
  g_autofree char *count = qkctl_count_messages (n);
  g_autofree char *safe = qk_text_reveal_line (qkctl_session_get_path (session));
  g_autofree char *question = g_strdup_printf ("Archive %s and take %s out of %s? [y/N] ", count,
                                               n == 1 ? "it" : "them", safe);
  g_autofree char *answer = qkctl_terminal_ask (question, qkctl_session_get_cancellable (session));

  return answer != NULL &&
         (g_ascii_strcasecmp (answer, "y") == 0 || g_ascii_strcasecmp (answer, "yes") == 0);
}

/* "312 archived to …, 3 left: changed meanwhile" */
static void
print_human (const QkctlOptions *options, const QkArchived *archived)
{
  const QkResult *result = archived->result;
  g_autofree char *count = qkctl_count_messages (result->changed->len);
  g_autofree char *shown = qkctl_files_shown (archived->path);

  qkctl_outf ("Archived %s to %s", count, shown);
  if (result->skipped->len > 0)
    qkctl_outf (", left %u in the queue", result->skipped->len);
  qkctl_out ("\n");
  qkctl_action_print_skipped (result);
  if (result->operation != 0 && qkctl_terminal_is_shown ())
    {
      g_autofree char *quoted = g_shell_quote (options->file);
      g_autofree char *file = qk_text_reveal_line (quoted);

      qkctl_outf ("undo with: qkctl undo %s %" G_GINT64_FORMAT "\n", file, result->operation);
    }
}

static QkctlExit
carry_out (QkctlSession *session,
           const QkctlOptions *options,
           const Request *request,
           GPtrArray *entries)
{
  QkctlExit code = QKCTL_EXIT_DONE;
  g_autoptr (QkArchived) archived = NULL;
  gboolean stays;

  if (options->guard > 0)
    qkctl_session_begin_guard (session, options->guard);
  archived = qkctl_files_archive (session, entries, request->to, &options->policy, &code);
  if (archived == NULL)
    return code;
  stays = qkctl_session_guard (session);
  if (options->json)
    print_json (entries->len, archived->path, archived->result);
  else
    print_human (options, archived);
  if (archived->result->no_undo != NULL)
    qkctl_note ("archived, but it cannot be undone: %s", archived->result->no_undo);
  if (archived->result->kept != NULL)
    qkctl_note ("what another program saved meanwhile could not be read whole and is kept as %s",
                archived->result->kept);
  qkctl_action_tell_notice (session);
  return archived->result->skipped->len > 0 || !stays ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
archive (const QkctlOptions *options, const Request *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (QkDocument) document = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (QkResult) nothing = qk_result_new ();
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  /* The store may take a newer version while the question is open. */
  document = qk_document_ref (qk_store_get_document (qkctl_session_get_store (session)));
  entries = qk_archive_select (document, qk_wall_now () - request->age);
  if (request->dry_run)
    return preview (options, entries);
  if (entries->len > 0 && (request->yes || ask (session, entries->len)))
    return carry_out (session, options, request, entries);
  if (qkctl_session_get_interruption (session) != QKCTL_EXIT_DONE)
    return qkctl_session_report_interruption (session);
  if (options->json)
    print_json (entries->len, NULL, nothing);
  else
    qkctl_out (entries->len > 0 ? "Nothing was archived\n"
                                : "Nothing to archive: no delivered message is that old\n");
  return entries->len > 0 ? QKCTL_EXIT_SKIPPED : QKCTL_EXIT_DONE;
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autofree char *older = NULL, *to = NULL;
  Request request = {0};
  const GOptionEntry entries[] = {
      {"older-than", 0, 0, G_OPTION_ARG_FILENAME, &older,
       "Delivered messages that were created longer ago: 90s, 15m, 12h, 7d, 2w", "AGE"},
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &to,
       "Write to OUT, a new file (default: archive/queue_archive_YYYYmmdd_HHMMSS.json beside FILE)",
       "OUT"},
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &request.dry_run, "Only tell what would be archived",
       NULL},
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &request.yes, "Do not ask", NULL},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  if (older == NULL)
    return qkctl_usage ("say how old: --older-than 30d");
  if (!qkctl_parse_age ("--older-than", older, &request.age))
    return QKCTL_EXIT_USAGE;
  if (to != NULL && *to == '\0')
    return qkctl_usage ("--to takes the name of a new file");
  if (!request.yes && !request.dry_run && !qkctl_terminal_can_ask ())
    return qkctl_usage ("there is no terminal to ask on: add --yes to archive without a question");
  request.to = to;
  return archive (options, &request);
}

const QkctlCommand qkctl_command_archive = {
    .name = "archive",
    .arguments = "FILE --older-than AGE [--to OUT]",
    .summary = "Write old delivered messages to a file and take them out of the queue",
    .description =
        "The archive is written first. Only when it is on the disk are its messages taken out of the\n"
        "queue, and only those that still are, to the letter, what the archive holds: one that changed\n"
        "meanwhile stays. A message without a readable created_at is never older than AGE. Asks first,\n"
        "unless --yes is given; exits with 1 if the answer is no or some were left. “qkctl undo” puts\n"
        "them back, and so does “qkctl import FILE OUT”. OUT is never written over.\n"
        "--json prints one object: archive, selected, changed, skipped, attempts, waited_s, conflicts,\n"
        "operation.",
    .run = run,
};
