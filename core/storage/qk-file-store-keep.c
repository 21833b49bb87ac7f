#include "qk-file-store-private.h"

#include "qk-archive.h"

/* The other files that the store writes and reads: exports, archives, imports, backups. Each in a task
 * of its own: none of them is the queue, so none waits for a save. */

/* What is to be written or read. */
typedef struct {
  GBytes *bytes; /* owned, nullable: read */
  char *path;    /* owned, nullable: among the archives */
  gboolean replace;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_pointer (&request->bytes, g_bytes_unref);
  g_free (request->path);
  g_free (request);
}

static void
run (QkStore *store,
     gpointer tag,
     GBytes *bytes,
     const char *path,
     gboolean replace,
     GTaskThreadFunc function,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  request->path = g_strdup (path);
  request->replace = replace;
  g_task_set_source_tag (task, tag);
  /* What was written is reported as written, even if it was cancelled right after. */
  g_task_set_check_cancellable (task, bytes == NULL);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, function);
}

static void
run_write (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;
  Request *request = task_data;
  GError *error = NULL;
  char *path = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    path = qk_archive_write (self->platform, self->path, request->path, request->bytes,
                             request->replace, &error);
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
qk_file_store_write_file_async (QkStore *store,
                                GBytes *bytes,
                                const char *path,
                                gboolean replace,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  run (store, qk_file_store_write_file_async, bytes, path, replace, run_write, cancellable,
       callback, user_data);
}

char *
qk_file_store_write_file_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run_read (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;
  Request *request = task_data;
  GError *error = NULL;
  QkDocument *document = qk_archive_read (self->platform, request->path, &error);

  if (document != NULL)
    g_task_return_pointer (task, document, (GDestroyNotify) qk_document_unref);
  else
    g_task_return_error (task, error);
}

void
qk_file_store_read_file_async (QkStore *store,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  run (store, qk_file_store_read_file_async, NULL, path, FALSE, run_read, cancellable, callback,
       user_data);
}

QkDocument *
qk_file_store_read_file_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run_list (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;

  g_task_return_pointer (task, qk_archive_list_backups (self->platform, self->path, cancellable),
                         (GDestroyNotify) g_ptr_array_unref);
}

void
qk_file_store_list_backups_async (QkStore *store,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  run (store, qk_file_store_list_backups_async, NULL, NULL, FALSE, run_list, cancellable, callback,
       user_data);
}

GPtrArray *
qk_file_store_list_backups_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
