#include "qkctl-action.h"
#include "qkctl-options.h"
#include "qkctl-terminal.h"

/* Says why nothing can be undone. */
static QkctlExit
report_history_error (QkctlSession *session, const GError *error)
{
  qkctl_note ("%s", error->message);
  qkctl_action_tell_notice (session);
  if (g_error_matches (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION))
    return QKCTL_EXIT_USAGE;
  if (g_error_matches (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NOTHING_TO_UNDO) ||
      g_error_matches (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_ALREADY_UNDONE))
    return QKCTL_EXIT_SKIPPED;
  return QKCTL_EXIT_IO;
}

static QkctlExit
undo (const QkctlOptions *options, gint64 wanted)
{
  gint64 operation = wanted;
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autofree char *key = qk_store_dup_key (qkctl_session_get_store (session));
  g_autofree char *done = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  g_autoptr (GError) error = NULL;
  QkctlExit code;

  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  changes =
      qk_history_dup_undo (qkctl_session_get_history (session), key, operation, &operation, &error);
  if (changes == NULL)
    return report_history_error (session, error);
  done = wanted == 0 || wanted == operation
             ? g_strdup_printf ("Undid operation %" G_GINT64_FORMAT ":", operation)
             : g_strdup_printf ("Undid operation %" G_GINT64_FORMAT " and what was sent with it:",
                                wanted);
  return qkctl_action_run (session, options, changes, result, done);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);
  guint operation = 0;

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL && options->arguments[1] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[1]);
  if (options->arguments[0] != NULL &&
      !qkctl_parse_count ("OPERATION", options->arguments[0], G_MAXINT, &operation))
    return QKCTL_EXIT_USAGE;
  return undo (options, operation);
}

const QkctlCommand qkctl_command_undo = {
    .name = "undo",
    .arguments = "FILE [OPERATION]",
    .summary = "Put back what an operation changed or took out",
    .description =
        "OPERATION is a number from “qkctl operations”; without it, the latest that is not undone.\n"
        "Purged messages go back to their place, byte for byte; resent ones become what they were; sent\n"
        "ones are taken out again. A message that moved on since is skipped. An operation can be undone\n"
        "once; an undo is an operation too, and can be undone by its number. What the window resent bit by\n"
        "bit is undone as one, whichever of its operations is named.\n"
        "Exits with 1 if some were skipped or there is nothing to undo, with 2 if there is no such\n"
        "operation.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation.",
    .run = run,
};
