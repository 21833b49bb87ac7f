#include "qk-exporter.h"

/* An export on its way. */
typedef struct {
  QkPick *pick; /* owned: the messages, as they stand in the queue */
  QkMessageFormat format;
  char *path; /* owned */
  gboolean replace;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  qk_pick_unref (request->pick);
  g_free (request->path);
  g_free (request);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *path = qk_store_write_file_finish (QK_STORE (source), result, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
run_conversion (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Request *request = g_task_get_task_data (task_data);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  for (guint i = 0; i < qk_pick_get_n_entries (request->pick); i++)
    g_ptr_array_add (entries, (gpointer) qk_pick_get_entry (request->pick, i));
  g_task_return_pointer (task, qk_message_export (entries, request->format),
                         (GDestroyNotify) g_bytes_unref);
}

static void
converted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);
  Request *request = g_task_get_task_data (task);

  qk_store_write_file_async (QK_STORE (source), bytes, request->path, request->replace, NULL,
                             written_cb, g_object_ref (task));
}

/**
 * qk_exporter_run_async:
 * @store: where the messages are
 * @pick: what to export
 * @format: as what
 * @path: (type filename): where to
 * @replace: what stands there may be replaced: the operator was asked
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Exports messages.
 */
void
qk_exporter_run_async (QkStore *store,
                       QkPick *pick,
                       QkMessageFormat format,
                       const char *path,
                       gboolean replace,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) conversion = NULL;
  Request *request;
  GTask *task;

  g_return_if_fail (QK_IS_STORE (store));
  g_return_if_fail (pick != NULL && path != NULL);

  request = g_new (Request, 1);
  *request = (Request){qk_pick_ref (pick), format, g_strdup (path), replace};
  task = g_task_new (store, NULL, callback, user_data);
  g_task_set_source_tag (task, qk_exporter_run_async);
  g_task_set_task_data (task, request, request_free);
  conversion = g_task_new (store, NULL, converted_cb, task);
  g_task_set_task_data (conversion, g_object_ref (task), g_object_unref);
  g_task_run_in_thread (conversion, run_conversion);
}

/**
 * qk_exporter_run_finish:
 * @result: what the callback was given
 * @error: return location for a #QkStoreError
 *
 * Returns: (transfer full) (nullable) (type filename): where the messages are
 */
char *
qk_exporter_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
