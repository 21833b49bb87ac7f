#include "qk-file-store-private.h"

/* Between two looks at what was displaced, in milliseconds. */
#define LOOK_MSEC 50
/* One that is still being written after so long, in microseconds, is taken as it is. */
#define TORN_USEC (10 * G_TIME_SPAN_SECOND)

/* What a worker finds out about one displaced version. */
typedef struct {
  QkDisplaced *displaced; /* owned while it is looked at */
  QkDocument *before;     /* owned, nullable: what it held before a late writer came */
  QkDocument *after;      /* owned, nullable: and what it holds now */
  gboolean watched;       /* it is to be looked at again */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_pointer (&look->displaced, qk_displaced_free);
  g_clear_pointer (&look->before, qk_document_unref);
  g_clear_pointer (&look->after, qk_document_unref);
  g_free (look);
}

static void
look_at (Look *look)
{
  QkDisplaced *displaced = look->displaced;
  gint64 age = g_get_monotonic_time () - displaced->since;

  switch (qk_displaced_look (displaced, &look->before))
    {
    case QK_DISPLACED_LATE:
      look->after = qk_document_ref (displaced->document);
      look->watched = TRUE;
      break;
    case QK_DISPLACED_TORN:
      look->watched = age < TORN_USEC;
      if (!look->watched)
        {
          look->before = qk_document_ref (displaced->document);
          look->after = qk_displaced_take_pieces (displaced);
        }
      break;
    case QK_DISPLACED_SAME:
    default:
      look->watched = age < QK_DISPLACED_WATCH_USEC;
      break;
    }
}

static void
run_looks (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *looks = task_data;

  for (guint i = 0; i < looks->len; i++)
    look_at (looks->pdata[i]);
  g_task_return_boolean (task, TRUE);
}

static gboolean on_look_due (gpointer user_data);

static void
schedule (QkFileStore *self)
{
  if (self->displaced_source == 0 && self->displaced->len > 0 && self->watch != NULL)
    self->displaced_source = g_timeout_add (LOOK_MSEC, on_look_due, self);
}

/* What a late writer has written is guarded, as what came out of a swap is: the queue lacks it. */
static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (source);
  GPtrArray *looks = g_task_get_task_data (G_TASK (result));
  gboolean late = FALSE;

  for (guint i = 0; i < looks->len; i++)
    {
      Look *look = looks->pdata[i];
      QkDisplaced *displaced = g_steal_pointer (&look->displaced);

      if (look->after != NULL)
        qk_keeper_expect_merged (self->keeper, look->before, look->after);
      late = late || look->after != NULL;
      if (look->watched)
        g_ptr_array_add (self->displaced, displaced);
      else if (displaced->path != NULL)
        g_ptr_array_add (self->kept, displaced);
      else
        qk_displaced_free (displaced);
    }
  schedule (self);
  if (late || qk_keeper_get_n_items (self->keeper) == 0)
    qk_file_store_check_guard (self);
}

static gboolean
on_look_due (gpointer user_data)
{
  QkFileStore *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, on_looked, NULL);
  GPtrArray *looks = g_ptr_array_new_with_free_func (look_free);

  self->displaced_source = 0;
  for (guint i = 0; i < self->displaced->len; i++)
    {
      Look *look = g_new0 (Look, 1);

      look->displaced = self->displaced->pdata[i];
      g_ptr_array_add (looks, look);
    }
  g_ptr_array_set_free_func (self->displaced, NULL);
  g_ptr_array_set_size (self->displaced, 0);
  g_ptr_array_set_free_func (self->displaced, (GDestroyNotify) qk_displaced_free);
  g_task_set_task_data (task, looks, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, run_looks);
  return G_SOURCE_REMOVE;
}

/* Looks at what was displaced until no writer can still be at work in it. Takes @displaced over. */
void
qk_file_store_watch_displaced (QkFileStore *self, QkDisplaced *displaced)
{
  g_ptr_array_add (self->displaced, displaced);
  schedule (self);
}

static void
run_settling (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkFileStore *self = source;
  GPtrArray *kept = task_data;
  gboolean synced = qk_writer_sync (self->platform, self->path);

  for (guint i = 0; synced && i < kept->len; i++)
    qk_displaced_remove (kept->pdata[i]);
  g_task_return_boolean (task, synced);
}

static void
on_settling_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkFileStore *self = QK_FILE_STORE (source);

  self->n_settling--;
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    g_signal_emit_by_name (self, "notice",
                           "The changes are saved, but the system did not confirm that they are "
                           "on the disk.");
  g_object_notify (G_OBJECT (self), "n-guarded");
}

/* All messages have settled: what was saved gently becomes durable, now that the other writers are
 * no longer in the way, and the versions that were merged are of no more use. */
void
qk_file_store_settle (QkFileStore *self)
{
  g_autoptr (GTask) task = NULL;
  GPtrArray *kept;

  if (!self->was_gentle && self->kept->len == 0)
    return;
  kept = g_steal_pointer (&self->kept);
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_displaced_free);
  self->was_gentle = FALSE;
  self->n_settling++;
  task = g_task_new (self, NULL, on_settling_done, NULL);
  g_task_set_task_data (task, kept, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, run_settling);
}
