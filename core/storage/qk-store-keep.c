#include "qk-store.h"

/**
 * qk_store_write_file_async:
 * @self: a store
 * @bytes: what to write
 * @path: (nullable) (type filename): where to, as the operator chose; %NULL: among the archives of the
 *   queue, under a name of its own
 * @replace: what stands at @path may be replaced: the operator was asked
 * @cancellable: (nullable): ends it before it is begun
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes a file beside the queue or elsewhere, and leaves the queue alone. The file is durable when it
 * is done, and has the owner and the mode of the queue.
 */
void
qk_store_write_file_async (QkStore *self,
                           GBytes *bytes,
                           const char *path,
                           gboolean replace,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (bytes != NULL);

  QK_STORE_GET_IFACE (self)->write_file_async (self, bytes, path, replace, cancellable, callback,
                                               user_data);
}

/**
 * qk_store_write_file_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (type filename): where it is
 */
char *
qk_store_write_file_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->write_file_finish (self, result, error);
}

/**
 * qk_store_read_file_async:
 * @self: a store
 * @path: (type filename): another file of messages
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads a queue, an archive, an export or a backup.
 */
void
qk_store_read_file_async (QkStore *self,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (path != NULL);

  QK_STORE_GET_IFACE (self)->read_file_async (self, path, cancellable, callback, user_data);
}

/**
 * qk_store_read_file_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what is in it
 */
QkDocument *
qk_store_read_file_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->read_file_finish (self, result, error);
}

/**
 * qk_store_list_backups_async:
 * @self: a store
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Looks for what messages can be brought back from.
 */
void
qk_store_list_backups_async (QkStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->list_backups_async (self, cancellable, callback, user_data);
}

/**
 * qk_store_list_backups_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (element-type QkBackupInfo): the newest of them first
 */
GPtrArray *
qk_store_list_backups_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->list_backups_finish (self, result, error);
}
