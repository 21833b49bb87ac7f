#pragma once

#include "qk-import.h"
#include "qk-store-archive.h"
#include "qkctl-session.h"

G_BEGIN_DECLS

/* Other files than the queue, for the commands that keep messages elsewhere: what the store does with
 * them is waited for, and what goes wrong is said. Each returns NULL, with the exit code, after that. */

char *qkctl_files_write (QkctlSession *session, GBytes *bytes, const char *path, QkctlExit *code);
QkDocument *qkctl_files_read (QkctlSession *session, const char *path, QkctlExit *code);
GPtrArray *qkctl_files_list_backups (QkctlSession *session, QkctlExit *code);
QkArchived *qkctl_files_archive (QkctlSession *session,
                                 GPtrArray *entries,
                                 const char *path,
                                 const QkRetryPolicy *policy,
                                 QkctlExit *code);

char *qkctl_files_shown (const char *path);
void qkctl_files_print_entry (const QkEntry *entry, const char *mark, const char *note);
void qkctl_files_skip (QkResult *result, const QkEntry *entry, const char *reason);

G_END_DECLS
