#include "qk-detail-links.h"

#include "qk-broadcast.h"

typedef struct {
  QkDocument *document; /* owned */
  const QkEntry *entry; /* of the document */
  char **agents;        /* owned */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  qk_document_unref (question->document);
  g_strfreev (question->agents);
  g_free (question);
}

static gboolean
is_part (const QkBroadcasts *broadcasts, const QkBroadcast *broadcast, const QkEntry *entry)
{
  guint n = qk_broadcasts_get_n_agents (broadcasts);

  if (broadcast->first == entry)
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (broadcast->cells[i].entry == entry)
      return TRUE;
  return FALSE;
}

static void
find_broadcast (QkDetailLinks *links, const Question *question)
{
  g_autoptr (QkBroadcasts) broadcasts =
      qk_broadcasts_new (question->document, (const char *const *) question->agents);
  guint n = qk_broadcasts_get_size (broadcasts);

  for (guint i = 0; i < n; i++)
    {
      const QkBroadcast *broadcast = qk_broadcasts_get (broadcasts, i);

      if (!is_part (broadcasts, broadcast, question->entry))
        continue;
      links->broadcast = qk_entry_dup_field (broadcast->first, QK_FIELD_ID);
      links->n_reached = broadcast->n_delivered;
      links->n_expected = broadcast->n_expected;
      return;
    }
}

static void
run_find (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  QkDetailLinks *links = g_new0 (QkDetailLinks, 1);

  if (!g_cancellable_is_cancelled (cancellable))
    find_broadcast (links, question);
  g_task_return_pointer (task, links, (GDestroyNotify) qk_detail_links_free);
}

/**
 * qk_detail_links_find_async:
 * @document: a version of the queue
 * @entry: an entry of it
 * @agents: (array zero-terminated=1): as in qk_store_dup_agents()
 * @cancellable: (nullable): to cancel it
 * @callback: called when they are found
 * @user_data: for @callback
 *
 * Finds what @entry belongs to.
 */
void
qk_detail_links_find_async (QkDocument *document,
                            const QkEntry *entry,
                            const char *const *agents,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new (Question, 1);

  *question = (Question){qk_document_ref (document), entry, g_strdupv ((char **) agents)};
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, run_find);
}

/**
 * qk_detail_links_find_finish:
 * @result: what the callback was given
 * @error: return location for an error: it was cancelled
 *
 * Returns: (transfer full) (nullable): what was found
 */
QkDetailLinks *
qk_detail_links_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qk_detail_links_free:
 * @self: (transfer full): what was found
 *
 * Frees it.
 */
void
qk_detail_links_free (QkDetailLinks *self)
{
  g_free (self->broadcast);
  g_free (self);
}
