#include "qkctl-action.h"
#include "qkctl-content.h"
#include "qkctl-options.h"

#define DEFAULT_SENDER   "CAPTAIN"
#define DEFAULT_PRIORITY "regular"

/* What the command line asks for. */
typedef struct {
  char **to;          /* owned */
  char *from;         /* owned */
  char *priority;     /* owned */
  char **tags;        /* owned */
  char *content;      /* owned */
  char *content_file; /* owned */
} SendRequest;

static void
request_clear (SendRequest *request)
{
  g_strfreev (request->to);
  g_strfreev (request->tags);
  g_free (request->from);
  g_free (request->priority);
  g_free (request->content);
  g_free (request->content_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SendRequest, request_clear)

static gboolean
is_all (const char *recipient)
{
  return g_ascii_strcasecmp (recipient, "all") == 0;
}

static gboolean
check_recipients (char **to)
{
  if (to == NULL)
    {
      qkctl_usage ("--to is missing");
      return FALSE;
    }
  for (guint i = 0; to[i] != NULL; i++)
    {
      if (*to[i] == '\0')
        qkctl_usage ("--to is empty");
      else if (is_all (to[i]) && g_strv_length (to) > 1)
        qkctl_usage ("--to all reaches every agent: leave the other --to out");
      else
        continue;
      return FALSE;
    }
  return qkctl_check_texts ("--to", to);
}

static gboolean
check_request (const SendRequest *request)
{
  if (!check_recipients (request->to) || !qkctl_check_text ("--from", request->from) ||
      !qkctl_check_texts ("--tag", request->tags))
    return FALSE;
  if (request->from != NULL && *request->from == '\0')
    qkctl_usage ("--from is empty");
  else
    return qkctl_check_priority (request->priority);
  return FALSE;
}

/* One change for each message: they are saved together. */
static GPtrArray *
make_changes (const SendRequest *request, QkStore *store)
{
  QkDraft draft = {
      .sender = request->from != NULL ? request->from : DEFAULT_SENDER,
      .content = request->content,
      .priority = request->priority != NULL ? request->priority : DEFAULT_PRIORITY,
      .tags = (const char *const *) request->tags,
  };
  GPtrArray *changes;

  if (is_all (request->to[0]))
    {
      g_auto (GStrv) agents = qk_store_dup_agents (store);

      return qk_change_new_broadcast (&draft, (const char *const *) agents);
    }
  changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  for (guint i = 0; request->to[i] != NULL; i++)
    {
      draft.recipient = request->to[i];
      g_ptr_array_add (changes, qk_change_new_send (&draft));
    }
  return changes;
}

static QkctlExit
send_messages (const QkctlOptions *options, const SendRequest *request)
{
  g_autoptr (QkctlSession) session = qkctl_session_new (options->file);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (QkResult) result = qk_result_new ();
  QkctlExit code;

  qkctl_session_choose_agents (session, options->agents);
  qkctl_session_tell_retries (session);
  code = qkctl_session_open (session);
  if (code != QKCTL_EXIT_DONE)
    return code;
  changes = make_changes (request, qkctl_session_get_store (session));
  if (changes->len == 0)
    return qkctl_usage ("agent_mode_config.json names no active agent: name one with --to");
  return qkctl_action_run (session, options, changes, result, NULL);
}

static QkctlExit
run (const QkctlCommand *command, char **argv)
{
  g_auto (SendRequest) request = {NULL};
  const GOptionEntry entries[] = {
      {"to", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.to, "Who is to get it", "AGENT|all"},
      {"from", 0, 0, G_OPTION_ARG_FILENAME, &request.from, "Who sends it (default: CAPTAIN)", "S"},
      {"priority", 0, 0, G_OPTION_ARG_FILENAME, &request.priority,
       "urgent, high, regular (default), normal or low", "P"},
      {"tag", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.tags, "A tag; may be repeated", "T"},
      {"content", 0, 0, G_OPTION_ARG_FILENAME, &request.content, "The text", "TEXT"},
      {"content-file", 0, 0, G_OPTION_ARG_FILENAME, &request.content_file,
       "A file with the text; - is standard input", "F"},
      {NULL},
  };
  g_autoptr (QkctlOptions) options = qkctl_options_new (command, entries);
  QkctlExit code;

  qkctl_options_add_retry (options);
  qkctl_options_add_guard (options);
  qkctl_options_add_agents (options);
  if (!qkctl_options_parse (options, argv) || !check_request (&request))
    return QKCTL_EXIT_USAGE;
  if (options->arguments[0] != NULL)
    return qkctl_usage ("“%s” is one argument too many", options->arguments[0]);
  if ((request.content != NULL) == (request.content_file != NULL))
    return qkctl_usage ("give the content with either --content or --content-file");
  if (options->agents != NULL && !is_all (request.to[0]))
    return qkctl_usage ("--agents says whom --to all reaches: use it with that");
  code = qkctl_content_load (&request.content, request.content_file);
  return code == QKCTL_EXIT_DONE ? send_messages (options, &request) : code;
}

const QkctlCommand qkctl_command_send = {
    .name = "send",
    .arguments = "FILE",
    .summary = "Send a new message",
    .description =
        "--to may be repeated: each AGENT gets a message of its own. --to all, in any case, sends one\n"
        "to each agent: those of --agents, else those chosen in the window, else those of\n"
        "agent_mode_config.json, else those that the queue's broadcasts went to, else all eight.\n"
        "All are saved together. Prints the ids, one on each line.\n"
        "--json prints one object: changed, skipped, attempts, waited_s, conflicts, operation.",
    .run = run,
};
