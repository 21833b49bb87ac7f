#include "qk-store.h"

/**
 * qk_store_salvage_async:
 * @self: a store
 * @all_of_backups: use all messages that backups hold, be they purged since or not
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Finds out what can be had of a damaged queue, the last good version that the store saw among it.
 * Writes nothing. Takes some seconds where the queue
 * is being written.
 */
void
qk_store_salvage_async (QkStore *self,
                        gboolean all_of_backups,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->salvage_async (self, all_of_backups, cancellable, callback, user_data);
}

/**
 * qk_store_salvage_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what can be had
 */
QkRecovery *
qk_store_salvage_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->salvage_finish (self, result, error);
}

/**
 * qk_store_repair_async:
 * @self: a store
 * @recovery: what this store has found; qk_recovery_can_repair()
 * @policy: (nullable): the retry rule; %NULL for that of the store
 * @cancellable: (nullable): ends it before anything is changed
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Keeps the damaged version as a backup and puts what was found in its place, in turn with the
 * saves. Changes nothing where the queue is no longer the version that was looked at.
 */
void
qk_store_repair_async (QkStore *self,
                       QkRecovery *recovery,
                       const QkRetryPolicy *policy,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (QK_IS_RECOVERY (recovery) && qk_recovery_can_repair (recovery));
  g_return_if_fail (policy == NULL || policy->attempts > 0);

  QK_STORE_GET_IFACE (self)->repair_async (self, recovery, policy, cancellable, callback,
                                           user_data);
}

/**
 * qk_store_repair_finish:
 * @self: a store
 * @result: what the callback was given
 * @durable: (out) (optional): whether the system says that it is on the disk
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): where the damaged version is kept, beside the queue, for
 *   people; %NULL where nothing was changed
 */
char *
qk_store_repair_finish (QkStore *self, GAsyncResult *result, gboolean *durable, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->repair_finish (self, result, durable, error);
}

/**
 * qk_store_save_copy_async:
 * @self: a store
 * @recovery: what this store has found
 * @path: (type filename): a new file, which the operator chose
 * @cancellable: (nullable): ends it before it is begun
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes what was found to a file of its own, and leaves the queue alone. Never writes over another
 * file.
 */
void
qk_store_save_copy_async (QkStore *self,
                          QkRecovery *recovery,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (QK_IS_RECOVERY (recovery));
  g_return_if_fail (path != NULL);

  QK_STORE_GET_IFACE (self)->save_copy_async (self, recovery, path, cancellable, callback,
                                              user_data);
}

/**
 * qk_store_save_copy_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it was written
 */
gboolean
qk_store_save_copy_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), FALSE);

  return QK_STORE_GET_IFACE (self)->save_copy_finish (self, result, error);
}
