#include "qk-store-archive.h"

#include "qk-message-export.h"
#include "qk-time.h"

#include <glib/gi18n-lib.h>

/* An archive on its way. */
typedef struct {
  GBytes *bytes; /* owned: its text */
  char *path;    /* owned, nullable: where it is, once it is written */
  gboolean has_policy;
  QkRetryPolicy policy;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_bytes_unref (request->bytes);
  g_free (request->path);
  g_free (request);
}

/**
 * qk_archive_select:
 * @document: a version of the queue
 * @created_before: in wall microseconds
 *
 * One without a readable time is never old.
 *
 * Returns: (transfer full) (element-type QkEntry): the delivered messages that are older; they live as
 *   long as @document
 */
GPtrArray *
qk_archive_select (QkDocument *document, gint64 created_before)
{
  GPtrArray *entries = g_ptr_array_new ();

  for (guint i = 0; i < qk_document_get_n_entries (document); i++)
    {
      const QkEntry *entry = qk_document_get_entry (document, i);
      gint64 created = qk_entry_get_created (entry);

      if (qk_entry_get_status (entry) == QK_STATUS_DELIVERED && created != QK_WALL_NONE &&
          created < created_before)
        g_ptr_array_add (entries, (gpointer) entry);
    }
  return entries;
}

static void
archived_free (gpointer data)
{
  qk_archived_free (data);
}

static void
purged_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  QkResult *result = qk_store_apply_finish (QK_STORE (source), async_result, &error);
  QkArchived *archived;

  if (result == NULL)
    {
      g_autofree char *shown = g_filename_display_name (request->path);

      g_task_return_new_error (
          task, error->domain, error->code,
          _ ("%s The archive %s is complete, but nothing was taken out of the queue."),
          error->message, shown);
      return;
    }
  archived = g_new (QkArchived, 1);
  *archived = (QkArchived){g_steal_pointer (&request->path), result};
  g_task_return_pointer (task, archived, archived_free);
}

/* What is taken out is what the archive holds, so it is read from that. */
static GPtrArray *
make_changes (GBytes *bytes)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);
  g_autoptr (QkDocument) archive = qk_document_new (bytes, NULL, NULL, NULL);

  for (guint i = 0; archive != NULL && i < qk_document_get_n_entries (archive); i++)
    g_ptr_array_add (changes, qk_change_new_purge_exact (qk_document_get_entry (archive, i)));
  return changes;
}

static void
written_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = NULL;

  request->path = qk_store_write_file_finish (QK_STORE (source), async_result, &error);
  if (request->path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  changes = make_changes (request->bytes);
  qk_store_apply_async (QK_STORE (source), changes, request->has_policy ? &request->policy : NULL,
                        g_task_get_cancellable (task), purged_cb, g_object_ref (task));
}

/**
 * qk_store_archive_async:
 * @self: a store
 * @entries: (element-type QkEntry): what to archive, as it was seen; at least one
 * @path: (nullable) (type filename): a new file; %NULL: among the archives of the queue
 * @policy: (nullable): the retry rule of the save; %NULL for that of the store
 * @cancellable: (nullable): ends it before anything is taken out
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes @entries to a file, and then takes them out of the queue. Never writes over another file.
 */
void
qk_store_archive_async (QkStore *self,
                        GPtrArray *entries,
                        const char *path,
                        const QkRetryPolicy *policy,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;
  Request *request;

  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (entries != NULL && entries->len > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, qk_store_archive_async);
  /* What was taken out is reported, even if it was cancelled right after. */
  g_task_set_check_cancellable (task, FALSE);
  request = g_new0 (Request, 1);
  request->bytes = qk_message_export (entries, QK_MESSAGE_FORMAT_JSON);
  request->has_policy = policy != NULL;
  if (policy != NULL)
    request->policy = *policy;
  g_task_set_task_data (task, request, request_free);
  qk_store_write_file_async (self, request->bytes, path, FALSE, cancellable, written_cb, task);
}

/**
 * qk_store_archive_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was archived; %NULL where nothing was taken out of the queue
 */
QkArchived *
qk_store_archive_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qk_archived_free:
 * @self: (transfer full): what was archived
 *
 * Frees it.
 */
void
qk_archived_free (QkArchived *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_clear_pointer (&self->result, qk_result_free);
  g_free (self);
}
