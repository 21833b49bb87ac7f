#include "qk-summarizer.h"

#include "qk-change.h"
#include "qk-stuck.h"
#include "qk-time.h"

struct _QkSummarizer {
  GObject parent_instance;

  QkStore *store;     /* owned, nullable */
  GPtrArray *queries; /* owned, nullable, of QkQuery or NULL */
  GArray *counts;     /* owned, nullable, of guint: what each of them finds */
  gboolean counting;  /* a count is under way */
  gboolean again;     /* and another is wanted */
};

G_DEFINE_FINAL_TYPE (QkSummarizer, qk_summarizer, G_TYPE_OBJECT)

enum { SIGNAL_SUMMARY, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What is counted, and what came out. */
typedef struct {
  QkDocument *document; /* owned */
  GPtrArray *queries;   /* owned, nullable */
  QkSummary *summary;   /* owned, nullable */
  GArray *counts;       /* owned, nullable */
} Count;

static void
count_free (gpointer data)
{
  Count *count = data;

  qk_document_unref (count->document);
  g_clear_pointer (&count->queries, g_ptr_array_unref);
  g_clear_pointer (&count->summary, qk_summary_free);
  g_clear_pointer (&count->counts, g_array_unref);
  g_free (count);
}

static GArray *
count_queries (GPtrArray *queries, QkDocument *document, gint64 now)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; queries != NULL && i < queries->len; i++)
    {
      guint n = queries->pdata[i] != NULL ? qk_query_count (queries->pdata[i], document, now) : 0;

      g_array_append_val (counts, n);
    }
  return counts;
}

static void
run_count (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Count *count = task_data;
  gint64 now = qk_wall_now ();

  count->summary = qk_summary_new (count->document, now, qk_stuck_get_after_s ());
  count->counts = count_queries (count->queries, count->document, now);
  g_task_return_boolean (task, TRUE);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSummarizer *self = QK_SUMMARIZER (source);
  Count *count = g_task_get_task_data (G_TASK (result));
  gboolean again = self->again;

  self->counting = self->again = FALSE;
  if (again)
    {
      qk_summarizer_count (self);
      return;
    }
  g_clear_pointer (&self->counts, g_array_unref);
  self->counts = g_steal_pointer (&count->counts);
  g_signal_emit (self, signals[SIGNAL_SUMMARY], 0, count->summary);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkSummarizer *self)
{
  g_assert (QK_IS_SUMMARIZER (self));

  qk_summarizer_count (self);
}

static void
agents_changed_cb (QkStore *store, QkSummarizer *self)
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
  QkSummarizer *self = QK_SUMMARIZER (object);

  drop_store (self);
  g_clear_pointer (&self->queries, g_ptr_array_unref);
  g_clear_pointer (&self->counts, g_array_unref);

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
      g_signal_connect (store, "agents-changed", G_CALLBACK (agents_changed_cb), self);
    }
  qk_summarizer_count (self);
}

/**
 * qk_summarizer_set_queries:
 * @self: a summarizer
 * @queries: (element-type QkQuery): what to count besides; it may have %NULL in it, and never changes
 *
 * Counts from now on how many messages each of them finds.
 */
void
qk_summarizer_set_queries (QkSummarizer *self, GPtrArray *queries)
{
  g_return_if_fail (QK_IS_SUMMARIZER (self));
  g_return_if_fail (queries != NULL);

  g_ptr_array_ref (queries);
  g_clear_pointer (&self->queries, g_ptr_array_unref);
  self->queries = queries;
  g_clear_pointer (&self->counts, g_array_unref);
  qk_summarizer_count (self);
}

/**
 * qk_summarizer_get_counts:
 * @self: a summarizer
 *
 * Returns: (transfer none) (nullable) (element-type guint): how many messages each query found when
 *   ::summary was last emitted
 */
const GArray *
qk_summarizer_get_counts (QkSummarizer *self)
{
  g_return_val_if_fail (QK_IS_SUMMARIZER (self), NULL);

  return self->counts;
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
  Count *count;
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
      g_clear_pointer (&self->counts, g_array_unref);
      g_signal_emit (self, signals[SIGNAL_SUMMARY], 0, NULL);
      return;
    }
  self->counting = TRUE;
  count = g_new0 (Count, 1);
  count->document = qk_document_ref (document);
  count->queries = self->queries != NULL ? g_ptr_array_ref (self->queries) : NULL;
  task = g_task_new (self, NULL, counted_cb, NULL);
  g_task_set_task_data (task, count, count_free);
  g_task_run_in_thread (task, run_count);
}
