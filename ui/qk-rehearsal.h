#pragma once

#include "qk-pick.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What would become of messages if all of them got another recipient, or another priority, now: by the
 * very plan that a save makes. Of many it is found out in a worker; all of it may be freed in any
 * thread. */

/**
 * QkRehearsal:
 * @changes: (element-type QkChange): one for each message
 * @n_changed: how many would be different
 * @skips: what is left out and why, as in qk_words_skips()
 *
 * What would become of them, after it was run.
 */
typedef struct {
  GPtrArray *changes; /* owned */
  guint n_changed;
  char *skips; /* owned */

  /*< private >*/
  QkDocument *document; /* owned, nullable */
  QkPick *pick;         /* owned */
  QkChangeKind kind;
  char *value; /* owned */
  gboolean resends;
  guint stuck_after_s;
} QkRehearsal;

QkRehearsal *qk_rehearsal_new (QkDocument *document,
                               QkPick *pick,
                               QkChangeKind kind,
                               const char *value,
                               gboolean resends);
void qk_rehearsal_free (QkRehearsal *self);
void qk_rehearsal_run (QkRehearsal *self);
void qk_rehearsal_run_async (QkRehearsal *self,
                             gpointer source,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback);
QkRehearsal *qk_rehearsal_run_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QkRehearsal, qk_rehearsal_free)

G_END_DECLS
