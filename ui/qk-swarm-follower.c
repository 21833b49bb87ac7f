#include "qk-swarm-follower.h"

#include "qk-time.h"

/* So often ages are looked at anew, in seconds. */
#define TICK_S 5

struct _QkSwarmFollower {
  GObject parent_instance;

  QkStore *store;   /* owned, nullable */
  QkSwarm *swarm;   /* owned, nullable: nothing was told yet */
  guint tick_id;    /* source, while somebody looks */
  guint generation; /* of the store: what is told of another one is not taken */
  gboolean stale;   /* what was told is not the latest */
  gboolean working; /* a worker is at it */
};

G_DEFINE_FINAL_TYPE (QkSwarmFollower, qk_swarm_follower, G_TYPE_OBJECT)

enum { SIGNAL_TOLD, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a worker is given. */
typedef struct {
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

  g_task_return_pointer (
      task, qk_swarm_new (work->document, (const char *const *) work->agents, qk_wall_now ()),
      (GDestroyNotify) qk_swarm_free);
}

static void work (QkSwarmFollower *self);

static void
take (QkSwarmFollower *self, QkSwarm *swarm)
{
  QkSwarm *before = self->swarm;

  self->swarm = swarm;
  g_signal_emit (self, signals[SIGNAL_TOLD], 0);
  g_clear_pointer (&before, qk_swarm_free);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkSwarmFollower *self = QK_SWARM_FOLLOWER (source);
  Work *done = g_task_get_task_data (G_TASK (result));
  QkSwarm *swarm = g_task_propagate_pointer (G_TASK (result), NULL);

  self->working = FALSE;
  if (done->generation == self->generation)
    take (self, swarm);
  else
    qk_swarm_free (swarm);
  work (self);
}

/* Works if there is need and nobody does. */
static void
work (QkSwarmFollower *self)
{
  QkDocument *document = self->store != NULL ? qk_store_get_document (self->store) : NULL;
  g_autoptr (GTask) task = NULL;
  Work *next;

  if (!self->stale || self->tick_id == 0 || self->working || document == NULL)
    return;
  self->stale = FALSE;
  self->working = TRUE;
  next = g_new (Work, 1);
  *next = (Work){qk_document_ref (document), qk_store_dup_agents (self->store), self->generation};
  task = g_task_new (self, NULL, done_cb, NULL);
  g_task_set_task_data (task, next, work_free);
  g_task_run_in_thread (task, run_work);
}

static void
refresh (QkSwarmFollower *self)
{
  self->stale = TRUE;
  work (self);
}

static void
store_changed_cb (QkStore *store, QkDiff *diff, QkSwarmFollower *self)
{
  g_assert (QK_IS_SWARM_FOLLOWER (self));

  refresh (self);
}

static void
agents_changed_cb (QkStore *store, QkSwarmFollower *self)
{
  g_assert (QK_IS_SWARM_FOLLOWER (self));

  refresh (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
drop_store (QkSwarmFollower *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
}

static void
qk_swarm_follower_dispose (GObject *object)
{
  QkSwarmFollower *self = QK_SWARM_FOLLOWER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  drop_store (self);
  g_clear_pointer (&self->swarm, qk_swarm_free);

  G_OBJECT_CLASS (qk_swarm_follower_parent_class)->dispose (object);
}

static void
qk_swarm_follower_class_init (QkSwarmFollowerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_swarm_follower_dispose;

  /**
   * QkSwarmFollower::told:
   *
   * The queue tells something else, or nothing yet.
   */
  signals[SIGNAL_TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_swarm_follower_init (QkSwarmFollower *self)
{
}

/**
 * qk_swarm_follower_new:
 *
 * Returns: (transfer full): a follower without a store, which nobody watches
 */
QkSwarmFollower *
qk_swarm_follower_new (void)
{
  return g_object_new (QK_TYPE_SWARM_FOLLOWER, NULL);
}

/**
 * qk_swarm_follower_set_store:
 * @self: a follower
 * @store: (nullable): which to follow
 *
 * Follows @store from now on.
 */
void
qk_swarm_follower_set_store (QkSwarmFollower *self, QkStore *store)
{
  g_return_if_fail (QK_IS_SWARM_FOLLOWER (self));
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
 * qk_swarm_follower_set_watched:
 * @self: a follower
 * @watched: whether somebody looks
 *
 * What nobody looks at is not found out.
 */
void
qk_swarm_follower_set_watched (QkSwarmFollower *self, gboolean watched)
{
  g_return_if_fail (QK_IS_SWARM_FOLLOWER (self));

  if (!watched)
    g_clear_handle_id (&self->tick_id, g_source_remove);
  else if (self->tick_id == 0)
    {
      self->tick_id = g_timeout_add_seconds (TICK_S, tick_cb, self);
      refresh (self);
    }
}

/**
 * qk_swarm_follower_get_swarm:
 * @self: a follower
 *
 * Returns: (transfer none) (nullable): what was told last
 */
const QkSwarm *
qk_swarm_follower_get_swarm (QkSwarmFollower *self)
{
  g_return_val_if_fail (QK_IS_SWARM_FOLLOWER (self), NULL);

  return self->swarm;
}
