#include "qk-summarizer.h"

#include "qk-change.h"
#include "qk-time.h"

struct _QkSummarizer {
  GObject parent_instance;

  QkStore *store;    /* owned, nullable */
  gboolean counting; /* a count is under way */
  gboolean again;    /* and another is wanted */
};

G_DEFINE_FINAL_TYPE (QkSummarizer, qk_summarizer, G_TYPE_OBJECT)

enum { SIGNAL_SUMMARY, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
run_count (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, qk_summary_new (task_data, qk_wall_now (), QK_STUCK_WARNING_S),
                         (GDestroyNotify) qk_summary_free);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSummarizer *self = QK_SUMMARIZER (source);
  g_autoptr (QkSummary) summary = g_task_propagate_pointer (G_TASK (result), NULL);
  gboolean again = self->again;

  self->counting = self->again = FALSE;
  if (again)
    qk_summarizer_count (self);
  else
    g_signal_emit (self, signals[SIGNAL_SUMMARY], 0, summary);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkSummarizer *self)
{
  g_assert (QK_IS_SUMMARIZER (self));

  qk_summarizer_count (self);
}

static void
drop_store (QkSummarizer *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
}

static void
qk_summarizer_dispose (GObject *object)
{
  drop_store (QK_SUMMARIZER (object));

  G_OBJECT_CLASS (qk_summarizer_parent_class)->dispose (object);
}

static void
qk_summarizer_class_init (QkSummarizerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_summarizer_dispose;

  /**
   * QkSummarizer::summary:
   * @summary: (nullable) (type gpointer): the counts; %NULL where nothing was loaded yet
   *
   * There are new counts.
   */
  signals[SIGNAL_SUMMARY] = g_signal_new ("summary", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
qk_summarizer_init (QkSummarizer *self)
{
}

/**
 * qk_summarizer_new:
 *
 * Returns: (transfer full): a summarizer without a store
 */
QkSummarizer *
qk_summarizer_new (void)
{
  return g_object_new (QK_TYPE_SUMMARIZER, NULL);
}

/**
 * qk_summarizer_set_store:
 * @self: a summarizer
 * @store: (nullable): whose messages to count
 *
 * Follows @store, and counts.
 */
void
qk_summarizer_set_store (QkSummarizer *self, QkStore *store)
{
  g_return_if_fail (QK_IS_SUMMARIZER (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_store (self);
  if (store != NULL)
    {
      self->store = g_object_ref (store);
      g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
    }
  qk_summarizer_count (self);
}

/**
 * qk_summarizer_count:
 * @self: a summarizer
 *
 * Counts again: time has passed, perhaps.
 */
void
qk_summarizer_count (QkSummarizer *self)
{
  QkDocument *document;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QK_IS_SUMMARIZER (self));

  if (self->counting)
    {
      self->again = TRUE;
      return;
    }
  document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  if (document == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_SUMMARY], 0, NULL);
      return;
    }
  self->counting = TRUE;
  task = g_task_new (self, NULL, counted_cb, NULL);
  g_task_set_task_data (task, qk_document_ref (document), (GDestroyNotify) qk_document_unref);
  g_task_run_in_thread (task, run_count);
}
