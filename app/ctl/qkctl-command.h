#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One command of qkctl: its words for the help, and what it does. */

/**
 * QkctlExit:
 *
 * The exit codes. They are a promise to scripts; those from 64 on are the ones of sysexits.h.
 */
typedef enum {
  QKCTL_EXIT_DONE = 0,
  QKCTL_EXIT_SKIPPED = 1,
  QKCTL_EXIT_USAGE = 2,
  QKCTL_EXIT_DAMAGED = 65,
  QKCTL_EXIT_NOT_FOUND = 66,
  QKCTL_EXIT_IO = 74,
  QKCTL_EXIT_LOCKED = 75,
  QKCTL_EXIT_INTERRUPTED = 130,
  QKCTL_EXIT_TERMINATED = 143,
} QkctlExit;

typedef struct _QkctlCommand QkctlCommand;

/**
 * QkctlCommand:
 * @name: the word on the command line
 * @arguments: what follows its options, for the help
 * @summary: what it does, in one line
 * @description: what else is to be known, below the options
 * @run: does it; @argv begins with the command's name
 */
struct _QkctlCommand {
  const char *name;
  const char *arguments;
  const char *summary;
  const char *description;
  QkctlExit (*run) (const QkctlCommand *self, char **argv);
};

extern const QkctlCommand qkctl_command_status;
extern const QkctlCommand qkctl_command_list;
extern const QkctlCommand qkctl_command_show;
extern const QkctlCommand qkctl_command_errors;
extern const QkctlCommand qkctl_command_resend;
extern const QkctlCommand qkctl_command_edit;
extern const QkctlCommand qkctl_command_redirect;
extern const QkctlCommand qkctl_command_priority;
extern const QkctlCommand qkctl_command_purge;
extern const QkctlCommand qkctl_command_fix;
extern const QkctlCommand qkctl_command_send;
extern const QkctlCommand qkctl_command_broadcasts;
extern const QkctlCommand qkctl_command_rebroadcast;
extern const QkctlCommand qkctl_command_watch;
extern const QkctlCommand qkctl_command_undo;
extern const QkctlCommand qkctl_command_operations;
extern const QkctlCommand qkctl_command_salvage;
extern const QkctlCommand qkctl_command_export;
extern const QkctlCommand qkctl_command_archive;
extern const QkctlCommand qkctl_command_import;
extern const QkctlCommand qkctl_command_restore;
extern const QkctlCommand qkctl_command_stats;
extern const QkctlCommand qkctl_command_check;
extern const QkctlCommand qkctl_command_exporter;

G_END_DECLS
