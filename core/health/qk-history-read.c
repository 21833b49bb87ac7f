#include "qk-history-private.h"

#include "qk-history-work.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* What was done, and how it is undone, as the history has it. */

typedef struct {
  const char *queue;
  const char *id;
  guint limit;
  gint64 operation;
  GPtrArray *found; /* owned */
} Query;

static gboolean
do_list (QkHistory *self, gpointer data, GError **error)
{
  Query *query = data;

  query->found = qk_history_db_list (self->db, query->queue, query->limit, error);
  return query->found != NULL;
}

/**
 * qk_history_list:
 * @self: a history
 * @queue: which queue, as in qk_store_dup_key()
 * @limit: how many operations at most
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkHistoryOperation) (nullable): the latest first
 */
GPtrArray *
qk_history_list (QkHistory *self, const char *queue, guint limit, GError **error)
{
  Query query = {.queue = queue, .limit = limit};

  g_return_val_if_fail (QK_IS_HISTORY (self) && queue != NULL, NULL);

  /* Whoever only looks leaves no file behind. */
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) qk_history_operation_free);
  return qk_history_run (self, do_list, &query, error) ? query.found : NULL;
}

static gboolean
do_list_of_entry (QkHistory *self, gpointer data, GError **error)
{
  Query *query = data;

  query->found =
      qk_history_db_list_of_entry (self->db, query->queue, query->id, query->limit, error);
  return query->found != NULL;
}

/**
 * qk_history_list_of_entry:
 * @self: a history
 * @queue: which queue, as in qk_store_dup_key()
 * @id: the id of a message
 * @limit: how many operations at most
 * @error: return location for a #QkHistoryError
 *
 * What was done to a message, whether it is still in the queue or not. Of what was not done in the end
 * nothing is told.
 *
 * Returns: (transfer full) (element-type QkHistoryTouch) (nullable): the latest first
 */
GPtrArray *
qk_history_list_of_entry (QkHistory *self,
                          const char *queue,
                          const char *id,
                          guint limit,
                          GError **error)
{
  Query query = {.queue = queue, .id = id, .limit = limit};

  g_return_val_if_fail (QK_IS_HISTORY (self) && queue != NULL && id != NULL, NULL);

  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) qk_history_touch_free);
  return qk_history_run (self, do_list_of_entry, &query, error) ? query.found : NULL;
}

static gboolean
do_list_entries (QkHistory *self, gpointer data, GError **error)
{
  Query *query = data;

  query->found =
      qk_history_db_list_entries (self->db, query->queue, query->operation, query->limit, error);
  return query->found != NULL;
}

/**
 * qk_history_list_entries:
 * @self: a history
 * @queue: which queue, as in qk_store_dup_key()
 * @operation: the number of an operation
 * @limit: how many entries at most
 * @error: return location for a #QkHistoryError
 *
 * Returns: (transfer full) (element-type QkHistoryEntry) (nullable): what it changed, in the order of
 *   the queue
 */
GPtrArray *
qk_history_list_entries (QkHistory *self,
                         const char *queue,
                         gint64 operation,
                         guint limit,
                         GError **error)
{
  Query query = {.queue = queue, .limit = limit, .operation = operation};

  g_return_val_if_fail (QK_IS_HISTORY (self) && queue != NULL, NULL);

  /* Whoever only looks leaves no file behind. */
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, QK_HISTORY_ERROR, QK_HISTORY_ERROR_NO_OPERATION,
                   _ ("there is no operation %" PRIi64 " of this queue"), operation);
      return NULL;
    }
  return qk_history_run (self, do_list_entries, &query, error) ? query.found : NULL;
}

static gboolean
do_get_version (QkHistory *self, gpointer data, GError **error)
{
  QkHistoryVersion *version = data;

  version->opened = self->opened;
  return qk_history_db_get_version (self->db, &version->others, &version->own, error);
}

/**
 * qk_history_has_changed:
 * @self: a history
 * @version: (inout): as it was known before; as it is now
 * @changed: (out): whether anything was written to it since
 * @error: return location for a #QkHistoryError
 *
 * Is much quicker than to look what it was. All programs that share the history are seen.
 *
 * Returns: whether it went well
 */
gboolean
qk_history_has_changed (QkHistory *self,
                        QkHistoryVersion *version,
                        gboolean *changed,
                        GError **error)
{
  QkHistoryVersion now = {0};

  g_return_val_if_fail (QK_IS_HISTORY (self) && version != NULL && changed != NULL, FALSE);

  /* Whoever only looks leaves no file behind. */
  if (g_file_test (self->path, G_FILE_TEST_EXISTS) &&
      !qk_history_run (self, do_get_version, &now, error))
    return FALSE;
  *changed =
      now.opened != version->opened || now.others != version->others || now.own != version->own;
  *version = now;
  return TRUE;
}

static gboolean
undoes (gpointer change, gpointer undoing, gpointer operation)
{
  return ((const QkHistoryUndoing *) undoing)->undone == *(const gint64 *) operation;
}

static gboolean
do_dup_undo (QkHistory *self, gpointer data, GError **error)
{
  Query *query = data;
  gint64 operation = query->operation;

  query->found = qk_history_db_dup_undo (self->db, query->queue, &operation, error);
  if (query->found == NULL)
    return FALSE;
  query->operation = operation;
  g_hash_table_foreach_remove (self->undoings, undoes, &operation);
  for (guint i = 0; i < query->found->len; i++)
    {
      QkHistoryUndoing *undoing = g_new0 (QkHistoryUndoing, 1);

      undoing->undone = operation;
      g_hash_table_insert (self->undoings, qk_change_ref (g_ptr_array_index (query->found, i)),
                           undoing);
    }
  return TRUE;
}

/**
 * qk_history_dup_undo:
 * @self: a history
 * @queue: which queue, as in qk_store_dup_key()
 * @operation: the number of an operation; 0 for the latest that is done, neither undone nor an undo
 * @chosen: (out) (optional): its number
 * @error: return location for a #QkHistoryError
 *
 * What undoes an operation; of a batch, all that was done of it, told by its last one. It is saved
 * through a store whose journal is @self, as any change is; that makes an operation of its own, and
 * marks this one as undone if anything was restored.
 *
 * Returns: (transfer full) (element-type QkChange) (nullable): the changes, in order
 */
GPtrArray *
qk_history_dup_undo (QkHistory *self,
                     const char *queue,
                     gint64 operation,
                     gint64 *chosen,
                     GError **error)
{
  Query query = {.queue = queue, .operation = operation};

  g_return_val_if_fail (QK_IS_HISTORY (self) && queue != NULL && operation >= 0, NULL);

  if (!qk_history_run (self, do_dup_undo, &query, error))
    return NULL;
  if (chosen != NULL)
    *chosen = query.operation;
  return query.found;
}

/**
 * qk_history_touch_free:
 * @touch: (transfer full): what was done to an entry
 *
 * Frees it.
 */
void
qk_history_touch_free (QkHistoryTouch *touch)
{
  qk_history_operation_free (touch->operation);
  g_free (touch);
}

/**
 * qk_history_state_get_name:
 * @state: a state
 *
 * Returns: its name, for people and for JSON
 */
const char *
qk_history_state_get_name (QkHistoryState state)
{
  static const char *const names[] = {
      [QK_HISTORY_UNFINISHED] = "unfinished",
      [QK_HISTORY_DONE] = "done",
      [QK_HISTORY_ABORTED] = "aborted",
  };

  return names[state];
}

/**
 * qk_history_operation_copy:
 * @operation: an operation
 *
 * Returns: (transfer full): an equal one
 */
QkHistoryOperation *
qk_history_operation_copy (const QkHistoryOperation *operation)
{
  QkHistoryOperation *copy;

  g_return_val_if_fail (operation != NULL, NULL);

  copy = g_new (QkHistoryOperation, 1);
  *copy = *operation;
  copy->kind = g_strdup (operation->kind);
  copy->host = g_strdup (operation->host);
  copy->user = g_strdup (operation->user);
  copy->program = g_strdup (operation->program);
  return copy;
}

/**
 * qk_history_operation_free:
 * @operation: (transfer full): an operation
 *
 * Frees it.
 */
void
qk_history_operation_free (QkHistoryOperation *operation)
{
  g_free (operation->kind);
  g_free (operation->host);
  g_free (operation->user);
  g_free (operation->program);
  g_free (operation);
}
