#include "qkctl-command.h"
#include "qkctl-options.h"
#include "qkctl-terminal.h"

#include <locale.h>
#include <string.h>

static const QkctlCommand *const commands[] = {
    /* What is there, */
    &qkctl_command_status,
    &qkctl_command_list,
    &qkctl_command_show,
    &qkctl_command_errors,
    &qkctl_command_broadcasts,
    &qkctl_command_watch,
    &qkctl_command_stats,
    &qkctl_command_check,
    &qkctl_command_exporter,
    /* changes, */
    &qkctl_command_send,
    &qkctl_command_resend,
    &qkctl_command_edit,
    &qkctl_command_redirect,
    &qkctl_command_priority,
    &qkctl_command_fix,
    &qkctl_command_purge,
    &qkctl_command_rebroadcast,
    &qkctl_command_undo,
    &qkctl_command_operations,
    /* and files. */
    &qkctl_command_export,
    &qkctl_command_import,
    &qkctl_command_archive,
    &qkctl_command_restore,
    &qkctl_command_salvage,
};

static const char exit_codes[] =
    "FILE is a queue.json, or a folder that holds one. IDs may be shortened as long as they are\n"
    "unique. Colours are used on a terminal only, and not if NO_COLOR is set.\n\n"
    "Exit codes: 0 done, 1 some were skipped, 2 wrong usage, 65 damaged file, 66 no such file,\n"
    "74 I/O error, 75 still locked after every attempt, 130 interrupted.";

static char *
describe_commands (void)
{
  GString *text = g_string_new ("See and change the message queue of a swarm.\n\nCommands:");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-11s %s", commands[i]->name, commands[i]->summary);
  g_string_append (text, "\n\n“qkctl COMMAND --help” tells the options of a command.");
  return g_string_free (text, FALSE);
}

/* Reads the options before the command. Returns FALSE after saying what is wrong. */
static gboolean
parse_global (char ***argv, gboolean *version)
{
  const GOptionEntry entries[] = {
      {"version", 0, 0, G_OPTION_ARG_NONE, version, "Print the version", NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND FILE …");
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = describe_commands ();

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, exit_codes);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse_strv (context, argv, &error))
    return TRUE;
  qkctl_usage ("%s", error->message);
  return FALSE;
}

static QkctlExit
run (char **argv)
{
  g_autofree char *program = NULL;

  if (argv[1] == NULL)
    return qkctl_usage ("a command is missing");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i]->name) == 0)
      {
        program = g_strdup_printf ("qkctl %s", argv[1]);
        g_set_prgname (program);
        return commands[i]->run (commands[i], argv + 1);
      }
  return qkctl_usage ("there is no command “%s”", argv[1]);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = NULL;
  gboolean version = FALSE;

  setlocale (LC_ALL, "");
  g_set_prgname ("qkctl");
  qkctl_terminal_init ();
#ifdef G_OS_WIN32
  arguments = g_win32_get_command_line ();
#else
  arguments = g_strdupv (argv);
#endif
  if (!parse_global (&arguments, &version))
    return QKCTL_EXIT_USAGE;
  if (version)
    {
      qkctl_out ("qkctl " QKCTL_VERSION "\n");
      return qkctl_out_finish (QKCTL_EXIT_DONE);
    }
  return qkctl_out_finish (run (arguments));
}
