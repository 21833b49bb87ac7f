#include "qk-comparison.h"

#include <glib/gi18n-lib.h>

/* What a worker is given. */
typedef struct {
  QkDocument *theirs; /* owned */
  QkDocument *ours;   /* owned */
  QkComparisonJudge judge;
  guint flags;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  qk_document_unref (work->theirs);
  qk_document_unref (work->ours);
  g_free (work);
}

/**
 * qk_comparison_free:
 * @self: (transfer full): a comparison
 *
 * Frees it.
 */
void
qk_comparison_free (QkComparison *self)
{
  g_return_if_fail (self != NULL);

  qk_import_unref (self->import);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
free_comparison (gpointer data)
{
  qk_comparison_free (data);
}

static void
unref_import (gpointer data)
{
  qk_import_unref (data);
}

static QkPickRow *
make_row (QkImport *import, guint index, const QkComparisonNote *note)
{
  const QkImportItem *item = qk_import_get_item (import, index);

  return qk_pick_row_new (
      qk_import_ref (import), unref_import, index, item->theirs != NULL ? item->theirs : item->ours,
      item->kind == QK_IMPORT_DIFFERS ? item->ours : NULL, note->word, note->note, note->state);
}

static void
run_work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  QkComparison *comparison = g_new (QkComparison, 1);

  comparison->import = qk_import_new (work->theirs, work->ours);
  comparison->rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < qk_import_get_n_items (comparison->import); i++)
    {
      QkComparisonNote note = {NULL};

      if (work->judge (comparison->import, i, work->flags, &note))
        g_ptr_array_add (comparison->rows, make_row (comparison->import, i, &note));
    }
  g_task_return_pointer (task, comparison, free_comparison);
}

/**
 * qk_comparison_async:
 * @store: whose queue it is
 * @theirs: the other file
 * @judge: what says which messages are to be shown, and how; in a worker
 * @flags: for @judge
 * @cancellable: (nullable): ends it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Compares @theirs with the queue as it is now.
 */
void
qk_comparison_async (QkStore *store,
                     QkDocument *theirs,
                     QkComparisonJudge judge,
                     guint flags,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  QkDocument *ours = qk_store_get_document (store);
  g_autoptr (GTask) task = NULL;
  Work *work;

  g_return_if_fail (theirs != NULL && judge != NULL);

  task = g_task_new (store, cancellable, callback, user_data);
  if (ours == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, "%s",
                               _ ("The queue was not read yet."));
      return;
    }
  work = g_new (Work, 1);
  *work = (Work){qk_document_ref (theirs), qk_document_ref (ours), judge, flags};
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run_work);
}

/**
 * qk_comparison_finish:
 * @store: whose queue it is
 * @result: what the callback was given
 * @error: %G_IO_ERROR_NOT_INITIALIZED where the queue was not read yet, %G_IO_ERROR_CANCELLED where it
 *   was ended
 *
 * Returns: (transfer full): what came of it; %NULL on an error
 */
QkComparison *
qk_comparison_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
