#include "qk-store-follower.h"

struct _QkStoreFollower {
  GObject parent_instance;

  QkStoreFollowerFind find;
  GDestroyNotify free_found;
  guint every_s;    /* so often it is found out anew although nothing has changed; 0 for never */
  QkStore *store;   /* owned, nullable */
  gpointer found;   /* owned, nullable: nothing was found out yet */
  guint tick_id;    /* source, while somebody looks */
  guint generation; /* of the store: what was found out of another one is not taken */
  gboolean watched; /* somebody looks */
  gboolean stale;   /* what was found out is not the latest */
  gboolean working; /* a worker is at it */
};

G_DEFINE_FINAL_TYPE (QkStoreFollower, qk_store_follower, G_TYPE_OBJECT)

enum { SIGNAL_FOUND, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a worker is given. */
typedef struct {
  QkStoreFollowerFind find;
  GDestroyNotify free_found;
  QkDocument *document; /* owned */
  char **agents;        /* owned */
  guint generation;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  qk_document_unref (work->document);
  g_strfreev (work->agents);
  g_free (work);
}

static void
run_work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;

  g_task_return_pointer (task, work->find (work->document, (const char *const *) work->agents),
                         work->free_found);
}

static void work (QkStoreFollower *self);

static void
take (QkStoreFollower *self, gpointer found)
{
  gpointer before = self->found;

  self->found = found;
  g_signal_emit (self, signals[SIGNAL_FOUND], 0);
  g_clear_pointer (&before, self->free_found);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkStoreFollower *self = QK_STORE_FOLLOWER (source);
  Work *done = g_task_get_task_data (G_TASK (result));
  gpointer found = g_task_propagate_pointer (G_TASK (result), NULL);

  self->working = FALSE;
  if (done->generation == self->generation)
    take (self, found);
  else
    self->free_found (found);
  work (self);
}

/* Works if there is need and nobody does. */
static void
work (QkStoreFollower *self)
{
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  g_autoptr (GTask) task = NULL;
  Work *next;

  if (!self->stale || !self->watched || self->working || document == NULL)
    return;
  self->stale = FALSE;
  self->working = TRUE;
  next = g_new (Work, 1);
  *next = (Work){self->find, self->free_found, qk_document_ref (document),
                 qk_store_dup_agents (self->store), self->generation};
  task = g_task_new (self, NULL, done_cb, NULL);
  g_task_set_task_data (task, next, work_free);
  g_task_run_in_thread (task, run_work);
}

static void
refresh (QkStoreFollower *self)
{
  self->stale = TRUE;
  work (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkStoreFollower *self)
{
  g_assert (QK_IS_STORE_FOLLOWER (self));

  refresh (self);
}

static void
agents_changed_cb (QkStore *store, QkStoreFollower *self)
{
  g_assert (QK_IS_STORE_FOLLOWER (self));

  refresh (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
drop_store (QkStoreFollower *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
}

static void
qk_store_follower_dispose (GObject *object)
{
  QkStoreFollower *self = QK_STORE_FOLLOWER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  drop_store (self);
  g_clear_pointer (&self->found, self->free_found);

  G_OBJECT_CLASS (qk_store_follower_parent_class)->dispose (object);
}

static void
qk_store_follower_class_init (QkStoreFollowerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_store_follower_dispose;

  /**
   * QkStoreFollower::found:
   *
   * Something else was found out, or nothing is known yet.
   */
  signals[SIGNAL_FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_store_follower_init (QkStoreFollower *self)
{
}

/**
 * qk_store_follower_new:
 * @find: what finds it out
 * @free_found: frees what was found out
 * @every_s: after so many seconds it is found out anew although nothing has changed, and whenever
 *   somebody begins to look; 0 where it does not depend on the time
 *
 * Returns: (transfer full): a follower without a store, which nobody watches
 */
QkStoreFollower *
qk_store_follower_new (QkStoreFollowerFind find, GDestroyNotify free_found, guint every_s)
{
  QkStoreFollower *self = g_object_new (QK_TYPE_STORE_FOLLOWER, NULL);

  self->find = find;
  self->free_found = free_found;
  self->every_s = every_s;
  return self;
}

/**
 * qk_store_follower_set_store:
 * @self: a follower
 * @store: (nullable): which to follow
 *
 * Follows @store from now on.
 */
void
qk_store_follower_set_store (QkStoreFollower *self, QkStore *store)
{
  g_return_if_fail (QK_IS_STORE_FOLLOWER (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  drop_store (self);
  self->generation++;
  if (store != NULL)
    {
      self->store = g_object_ref (store);
      g_signal_connect (store, "changed", G_CALLBACK (store_changed_cb), self);
      g_signal_connect (store, "agents-changed", G_CALLBACK (agents_changed_cb), self);
    }
  take (self, NULL);
  refresh (self);
}

/**
 * qk_store_follower_set_watched:
 * @self: a follower
 * @watched: whether somebody looks
 *
 * What nobody looks at is not found out.
 */
void
qk_store_follower_set_watched (QkStoreFollower *self, gboolean watched)
{
  g_return_if_fail (QK_IS_STORE_FOLLOWER (self));

  if (self->watched == watched)
    return;
  self->watched = watched;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (watched && self->every_s > 0)
    {
      self->tick_id = g_timeout_add_seconds (self->every_s, tick_cb, self);
      self->stale = TRUE;
    }
  work (self);
}

/**
 * qk_store_follower_get_found:
 * @self: a follower
 *
 * Returns: (transfer none) (nullable): what was found out last; %NULL where nothing was yet
 */
gpointer
qk_store_follower_get_found (QkStoreFollower *self)
{
  g_return_val_if_fail (QK_IS_STORE_FOLLOWER (self), NULL);

  return self->found;
}
