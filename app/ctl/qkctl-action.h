#pragma once

#include "qkctl-options.h"
#include "qkctl-session.h"

G_BEGIN_DECLS

/* What resend, purge, fix, send and undo have in common: save, and say what became of it. */

QkctlExit qkctl_action_run (QkctlSession *session,
                            const QkctlOptions *options,
                            GPtrArray *changes,
                            QkResult *result,
                            const char *done);
void qkctl_action_print_skipped (const QkResult *result);
void qkctl_action_tell_notice (QkctlSession *session);
char *qkctl_count_messages (guint n);

G_END_DECLS
