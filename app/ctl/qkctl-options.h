#pragma once

#include "qk-retry.h"
#include "qkctl-command.h"

G_BEGIN_DECLS

/* The options that several commands share, and the checks of what they are given. Whatever is
 * wrong is told in one line, and the command ends with QKCTL_EXIT_USAGE. */

/**
 * QkctlOptions:
 * @context: the parser
 * @json: whether the output is for machines
 * @file: FILE
 * @arguments: (array zero-terminated=1): what follows FILE
 * @policy: how often, and how long apart, a save is tried
 * @guard: how long what was saved is guarded, in seconds; 0: not at all
 * @dry_run: whether it is only told what would be done
 * @verb: (nullable): what that is
 * @agents: (nullable) (array zero-terminated=1): who the agents of the swarm are said to be
 * @counters: (nullable) (type filename): where the swarm is said to count its lock errors
 */
typedef struct {
  GOptionContext *context; /* owned */
  gboolean json;
  char *file;       /* owned */
  char **arguments; /* owned */
  QkRetryPolicy policy;
  guint guard;
  gboolean dry_run;
  const char *verb; /* static, nullable */
  char **agents;    /* owned, nullable */
  char *counters;   /* owned, nullable */

  /*< private >*/
  char **positional; /* owned */
  char *attempts;    /* owned */
  char *base_delay;  /* owned */
  char *max_delay;   /* owned */
  char *guard_text;  /* owned */
  char *agents_text; /* owned */
} QkctlOptions;

QkctlOptions *qkctl_options_new (const QkctlCommand *command, const GOptionEntry *entries);
void qkctl_options_free (QkctlOptions *self);
void qkctl_options_add_retry (QkctlOptions *self);
void qkctl_options_add_guard (QkctlOptions *self);
void qkctl_options_add_dry_run (QkctlOptions *self, const char *verb);
void qkctl_options_add_agents (QkctlOptions *self);
void qkctl_options_add_counters (QkctlOptions *self);
gboolean qkctl_options_parse (QkctlOptions *self, char **argv);

QkctlExit qkctl_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);
gboolean qkctl_check_text (const char *option, const char *text);
gboolean qkctl_check_texts (const char *option, char **texts);
gboolean qkctl_check_priority (const char *name);
gboolean qkctl_parse_count (const char *option, const char *text, guint max, guint *count);
gboolean qkctl_parse_age (const char *option, const char *text, gint64 *usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkctlOptions, qkctl_options_free)

G_END_DECLS
