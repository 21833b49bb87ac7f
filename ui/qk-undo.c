#include "qk-undo.h"

/* Belongs to the main context. */
typedef struct {
  QkHistory *history; /* owned */
  QkPacedRun *run;    /* owned, nullable: what may be going on meanwhile */
  gint64 operation;
} Undo;

/* What the worker needs. All of it may be freed in any thread: the store may not, and is not here. */
typedef struct {
  char *queue; /* owned: its name in the history */
  gint64 operation;
} Lookup;

static void
undo_free (gpointer data)
{
  Undo *undo = data;

  g_object_unref (undo->history);
  g_clear_object (&undo->run);
  g_free (undo);
}

static void
lookup_free (gpointer data)
{
  g_free (((Lookup *) data)->queue);
  g_free (data);
}

static void
look_up (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Lookup *lookup = task_data;
  GError *error = NULL;
  GPtrArray *changes =
      qk_history_dup_undo (source, lookup->queue, lookup->operation, &lookup->operation, &error);

  if (changes != NULL)
    g_task_return_pointer (task, changes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
put_back_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  QkResult *result = qk_store_apply_finish (QK_STORE (source), async_result, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) qk_result_free);
  else
    g_task_return_error (task, error);
}

static void begin (GTask *task);

/* A set was on its way: what is to be put back is looked up anew. */
static void
run_ended_cb (QkPacedRun *run, GTask *task)
{
  Undo *undo = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (run, task);
  g_clear_object (&undo->run);
  begin (task);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Undo *undo = g_task_get_task_data (task);
  g_autoptr (GPtrArray) changes = NULL;
  GError *error = NULL;

  changes = g_task_propagate_pointer (G_TASK (result), &error);
  undo->operation = ((Lookup *) g_task_get_task_data (G_TASK (result)))->operation;
  if (changes == NULL)
    g_task_return_error (task, error);
  else if (undo->run != NULL && !qk_paced_run_is_over (undo->run) &&
           qk_paced_run_has_operation (undo->run, undo->operation))
    {
      g_signal_connect (undo->run, "ended", G_CALLBACK (run_ended_cb), g_steal_pointer (&task));
      qk_paced_run_cancel (undo->run);
    }
  else
    qk_store_apply_async (g_task_get_source_object (task), changes, NULL,
                          g_task_get_cancellable (task), put_back_cb, g_object_ref (task));
}

/* Takes the task. */
static void
begin (GTask *task)
{
  const Undo *undo = g_task_get_task_data (task);
  g_autoptr (GTask) inquiry = g_task_new (undo->history, NULL, looked_up_cb, task);
  Lookup *lookup = g_new (Lookup, 1);

  *lookup = (Lookup){qk_store_dup_key (g_task_get_source_object (task)), undo->operation};
  g_task_set_task_data (inquiry, lookup, lookup_free);
  g_task_run_in_thread (inquiry, look_up);
}

/**
 * qk_undo_async: (skip)
 * @history: what was done, and the journal of @store
 * @store: to which queue
 * @operation: the number of an operation, or 0 for the latest that is not undone
 * @run: (nullable): what is being sent bit by bit
 * @cancellable: (nullable): ends the waits
 * @callback: called when it is undone, or was not
 * @user_data: for @callback
 *
 * Puts back what the operation changed or took out, and with it the others of its batch.
 */
void
qk_undo_async (QkHistory *history,
               QkStore *store,
               gint64 operation,
               QkPacedRun *run,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Undo *undo = g_new (Undo, 1);

  *undo = (Undo){g_object_ref (history), run != NULL ? g_object_ref (run) : NULL, operation};
  g_task_set_task_data (task, undo, undo_free);
  g_task_set_check_cancellable (task, FALSE);
  begin (task);
}

/**
 * qk_undo_finish: (skip)
 * @result: what the callback was given
 * @error: return location for an error of the history, a #QkStoreError or a #GIOError
 *
 * Returns: (transfer full) (nullable): what became of it
 */
QkResult *
qk_undo_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
