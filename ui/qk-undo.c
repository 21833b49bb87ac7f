#include "qk-undo.h"

/* What the worker needs. All of it may be freed in any thread: the store may not, and is not here. */
typedef struct {
  char *queue; /* owned: its name in the history */
  gint64 operation;
  GPtrArray *groups; /* owned, of GArray of gint64 */
} Lookup;

/* The sets that are put back one after the other; belongs to the main context. */
typedef struct {
  GPtrArray *sets; /* owned, nullable, of GPtrArray of QkChange */
  guint n_done;
  QkResult *result; /* owned */
} Undo;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->queue);
  g_ptr_array_unref (lookup->groups);
  g_free (lookup);
}

static void
undo_free (gpointer data)
{
  Undo *undo = data;

  g_clear_pointer (&undo->sets, g_ptr_array_unref);
  g_clear_pointer (&undo->result, qk_result_free);
  g_free (undo);
}

static gboolean
has_operation (const GArray *group, gint64 operation)
{
  for (guint i = 0; i < group->len; i++)
    if (g_array_index (group, gint64, i) == operation)
      return TRUE;
  return FALSE;
}

/* Those of the group that are undone already have nothing to be put back. Takes @first, which undoes
 * @chosen. */
static GPtrArray *
look_up_group (QkHistory *history,
               const char *queue,
               const GArray *group,
               gint64 chosen,
               GPtrArray *first)
{
  GPtrArray *sets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = group->len; i > 0; i--)
    {
      gint64 operation = g_array_index (group, gint64, i - 1);
      GPtrArray *set =
          operation == chosen ? first : qk_history_dup_undo (history, queue, operation, NULL, NULL);

      if (set != NULL)
        g_ptr_array_add (sets, set);
    }
  return sets;
}

static GArray *
dup_group (GPtrArray *groups, gint64 operation)
{
  for (guint i = 0; i < groups->len; i++)
    if (has_operation (groups->pdata[i], operation))
      return g_array_ref (groups->pdata[i]);
  return g_array_append_val (g_array_new (FALSE, FALSE, sizeof (gint64)), operation);
}

static void
look_up (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkHistory *history = source;
  const Lookup *lookup = task_data;
  g_autoptr (GArray) group = NULL;
  gint64 chosen;
  GError *error = NULL;
  GPtrArray *first =
      qk_history_dup_undo (history, lookup->queue, lookup->operation, &chosen, &error);

  if (first == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  group = dup_group (lookup->groups, chosen);
  g_task_return_pointer (task, look_up_group (history, lookup->queue, group, chosen, first),
                         (GDestroyNotify) g_ptr_array_unref);
}

/* What comes after a set that could not be put back is left, too, and can be undone later. */
static void
skip_rest (Undo *undo, const char *reason)
{
  for (; undo->n_done < undo->sets->len; undo->n_done++)
    {
      GPtrArray *set = undo->sets->pdata[undo->n_done];

      for (guint i = 0; i < set->len; i++)
        {
          const char *id = qk_change_get_id (set->pdata[i]);

          qk_result_take_skipped (undo->result, g_strdup (id != NULL ? id : ""), g_strdup (reason));
        }
    }
}

static void put_back_next (GTask *task);

static void
put_back_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Undo *undo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  QkResult *result = qk_store_apply_finish (QK_STORE (source), async_result, &error);

  if (result != NULL)
    {
      undo->n_done++;
      qk_result_take (undo->result, result);
    }
  else if (undo->n_done > 0)
    skip_rest (undo, error->message);
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  put_back_next (g_steal_pointer (&task));
}

/* Takes the task. */
static void
put_back_next (GTask *task)
{
  Undo *undo = g_task_get_task_data (task);

  if (undo->n_done < undo->sets->len)
    {
      qk_store_apply_async (g_task_get_source_object (task), undo->sets->pdata[undo->n_done], NULL,
                            g_task_get_cancellable (task), put_back_cb, task);
      return;
    }
  /* An undo of several saves is not undone as one. */
  if (undo->sets->len > 1)
    undo->result->operation = 0;
  g_task_return_pointer (task, g_steal_pointer (&undo->result), (GDestroyNotify) qk_result_free);
  g_object_unref (task);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Undo *undo = g_task_get_task_data (task);
  GError *error = NULL;

  undo->sets = g_task_propagate_pointer (G_TASK (result), &error);
  if (undo->sets != NULL)
    put_back_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * qk_undo_async: (skip)
 * @history: what was done, and the journal of @store
 * @store: to which queue
 * @operation: the number of an operation, or 0 for the latest that is not undone
 * @groups: (element-type GArray): which operations belong together
 * @cancellable: (nullable): ends the waits
 * @callback: called when it is undone, or was not
 * @user_data: for @callback
 *
 * Puts back what the operation changed or took out, and with it the others of its group.
 */
void
qk_undo_async (QkHistory *history,
               QkStore *store,
               gint64 operation,
               GPtrArray *groups,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  g_autoptr (GTask) inquiry = g_task_new (history, NULL, looked_up_cb, task);
  Lookup *lookup = g_new (Lookup, 1);
  Undo *undo = g_new0 (Undo, 1);

  undo->result = qk_result_new ();
  g_task_set_task_data (task, undo, undo_free);
  g_task_set_check_cancellable (task, FALSE);
  *lookup = (Lookup){qk_store_dup_key (store), operation,
                     g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref)};
  for (guint i = 0; i < groups->len; i++)
    g_ptr_array_add (lookup->groups, g_array_ref (groups->pdata[i]));
  g_task_set_task_data (inquiry, lookup, lookup_free);
  g_task_run_in_thread (inquiry, look_up);
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
