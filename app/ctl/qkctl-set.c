#include "qkctl-action.h"
#include "qkctl-options.h"
#include "qkctl-select.h"

#include <string.h>

/* `redirect` and `priority`: one value of messages that wait, or have failed. */

typedef QkChange *(*MakeChange) (const QkEntry *seen, const char *value);

static QkctlExit
set (const QkctlOptions *options,
     char **ids,
     MakeChange make_change,
     const char *value,
     const char *done)
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
  entries =
      qkctl_select_ids (qk_store_get_document (qkctl_session_get_store (session)), ids, result);
  if (entries == NULL)
    return QKCTL_EXIT_USAGE;
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (changes, make_change (g_ptr_array_index (entries, i), value));
  return qkctl_action_run (session, options, changes, result, done);
}

static QkctlExit
run_redirect (const QkctlCommand *command, char **argv)
{
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = {
      {"to", 0, 0, G_OPTION_ARG_FILENAME, &to, "Who is to get them", "AGENT"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_dry_run (options, "redirect");
  if (!qkctl_options_parse (options, argv) || !qkctl_check_text ("--to", to))
    return QKCTL_EXIT_USAGE;
  if (to == NULL)
    return qkctl_usage ("--to is missing");
  if (*to == '\0')
    return qkctl_usage ("--to is empty");
  if (options->arguments[0] == NULL)
    return qkctl_usage ("say which messages: their ids");
  return set (options, options->arguments, qk_change_new_set_recipient, to, "Redirected");
}

const QkctlCommand qkctl_command_redirect = {
    .name = "redirect",
    .arguments = "FILE ID…",
    .summary = "Give messages to another agent",
    .description =
        "Messages that wait, or have failed, get another recipient; their status stays. What is no\n"
        "longer so when it is saved is skipped. “qkctl edit --to” also has a message delivered again.\n"
        "ids may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id), skipped.",
    .run = run_redirect,
};

/* The last word is the priority: all before it are ids. */
static QkctlExit
run_priority (const QkctlCommand *command, char **argv)
{
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, NULL);
  g_auto (GStrv) ids = NULL;
  g_autofree char *name = NULL;
  guint n;

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_dry_run (options, "change");
  if (!qkctl_options_parse (options, argv))
    return QKCTL_EXIT_USAGE;
  n = g_strv_length (options->arguments);
  if (n < 2)
    return qkctl_usage ("say which messages, by their ids, and then the priority");
  ids = g_strdupv (options->arguments);
  name = g_steal_pointer (&ids[n - 1]);
  if (!qkctl_check_priority (name))
    return QKCTL_EXIT_USAGE;
  return set (options, ids, qk_change_new_set_priority, name, "Changed");
}

const QkctlCommand qkctl_command_priority = {
    .name = "priority",
    .arguments = "FILE ID… PRIORITY",
    .summary = "Let messages go sooner or later",
    .description =
        "PRIORITY is one of urgent, high, regular, normal or low. Messages that wait, or have failed,\n"
        "get it, and the score by which the swarm orders its work. What is no longer so when it is\n"
        "saved is skipped. ids may be shortened.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation; with\n"
        "--dry-run: would_change (id), skipped.",
    .run = run_priority,
};
