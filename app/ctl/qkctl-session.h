#pragma once

#include "qk-health.h"
#include "qk-history.h"
#include "qk-store.h"
#include "qkctl-command.h"

G_BEGIN_DECLS

/* A store that is opened, used and closed by one run of a command: the store's callbacks are waited
 * for in the main loop, and SIGINT and SIGTERM cancel whatever is under way. */

typedef struct _QkctlSession QkctlSession;

QkctlSession *qkctl_session_new (const char *file);
void qkctl_session_free (QkctlSession *self);
const char *qkctl_session_get_path (QkctlSession *self);
QkStore *qkctl_session_get_store (QkctlSession *self);
void qkctl_session_choose_agents (QkctlSession *self, char **agents);
QkHistory *qkctl_session_get_history (QkctlSession *self);
QkHealth *qkctl_session_get_health (QkctlSession *self);
GCancellable *qkctl_session_get_cancellable (QkctlSession *self);

void qkctl_session_tell_retries (QkctlSession *self);
QkctlExit qkctl_session_open (QkctlSession *self);
char *qkctl_session_dup_problem (QkctlSession *self);
gboolean qkctl_session_guard (QkctlSession *self);
void qkctl_session_begin_guard (QkctlSession *self, guint seconds);
QkResult *qkctl_session_apply (QkctlSession *self,
                               GPtrArray *changes,
                               const QkRetryPolicy *policy,
                               QkctlExit *code);
QkctlExit qkctl_session_get_interruption (QkctlSession *self);
QkctlExit qkctl_session_report_interruption (QkctlSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkctlSession, qkctl_session_free)

G_END_DECLS
