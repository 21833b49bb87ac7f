#include "qk-rehearsal.h"

#include "qk-dialog.h"
#include "qk-stuck.h"
#include "qk-time.h"
#include "qk-words.h"

/**
 * qk_rehearsal_new:
 * @document: (nullable): the queue as it is now
 * @pick: the messages as the operator saw them
 * @kind: %QK_CHANGE_SET_RECIPIENT or %QK_CHANGE_SET_PRIORITY
 * @value: what they are to get
 * @resends: of recipients, whether those that failed or are stuck are resent, too
 *
 * Returns: (transfer full): a rehearsal that was not run
 */
QkRehearsal *
qk_rehearsal_new (QkDocument *document,
                  QkPick *pick,
                  QkChangeKind kind,
                  const char *value,
                  gboolean resends)
{
  QkRehearsal *self = g_new0 (QkRehearsal, 1);

  self->document = document != NULL ? qk_document_ref (document) : NULL;
  self->pick = qk_pick_ref (pick);
  self->kind = kind;
  self->value = g_strdup (value);
  self->resends = resends;
  self->stuck_after_s = qk_stuck_get_after_s ();
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  return self;
}

/**
 * qk_rehearsal_free:
 * @self: (transfer full): a rehearsal
 *
 * Frees it.
 */
void
qk_rehearsal_free (QkRehearsal *self)
{
  g_clear_pointer (&self->document, qk_document_unref);
  qk_pick_unref (self->pick);
  g_ptr_array_unref (self->changes);
  g_free (self->value);
  g_free (self->skips);
  g_free (self);
}

static QkChange *
make_change (const QkRehearsal *self, const QkEntry *entry, gint64 now)
{
  const QkRevision revision = {.recipient = self->value};

  if (self->kind == QK_CHANGE_SET_PRIORITY)
    return qk_change_new_set_priority (entry, self->value);
  if (self->resends && (qk_entry_get_status (entry) == QK_STATUS_FAILED ||
                        qk_entry_is_stuck (entry, now, self->stuck_after_s)))
    return qk_change_new_edit (entry, &revision, self->stuck_after_s);
  return qk_change_new_set_recipient (entry, self->value);
}

/**
 * qk_rehearsal_run:
 * @self: a rehearsal
 *
 * Finds out what would become of them, here and now.
 */
void
qk_rehearsal_run (QkRehearsal *self)
{
  gint64 now = qk_wall_now ();
  g_autoptr (QkResult) result = NULL;

  for (guint i = 0; i < qk_pick_get_n_entries (self->pick); i++)
    g_ptr_array_add (self->changes, make_change (self, qk_pick_get_entry (self->pick, i), now));
  result = qk_dialog_rehearse (self->document, self->changes);
  self->n_changed = result->changed->len;
  self->skips = qk_words_skips (result);
}

static void
work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  qk_rehearsal_run (task_data);
  g_task_return_boolean (task, TRUE);
}

/**
 * qk_rehearsal_run_async: (skip)
 * @self: (transfer full): a rehearsal
 * @source: (type GObject): what is told of it
 * @cancellable: (nullable): for when nobody wants to know any more
 * @callback: called when it is found out
 *
 * Finds it out in a worker.
 */
void
qk_rehearsal_run_async (QkRehearsal *self,
                        gpointer source,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, NULL);

  g_task_set_task_data (task, self, (GDestroyNotify) qk_rehearsal_free);
  g_task_run_in_thread (task, work);
}

/**
 * qk_rehearsal_run_finish: (skip)
 * @result: what the callback was given
 * @error: return location for a #GIOError
 *
 * Returns: (transfer none) (nullable): the rehearsal, which is there until the callback returns
 */
QkRehearsal *
qk_rehearsal_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? g_task_get_task_data (G_TASK (result))
                                                           : NULL;
}
