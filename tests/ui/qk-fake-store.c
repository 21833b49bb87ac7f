#include "qk-fake-store.h"

struct _QkFakeStore {
  GObject parent_instance;

  QkStoreState state;
  gboolean saving;
  guint n_guarded;
  QkGivenUp *given_up;  /* owned, nullable */
  const char *resumed;  /* nullable: how */
  QkDocument *document; /* owned, nullable */
  GPtrArray *applied;   /* owned, of the ids of changes: in order */
  GError *error;        /* owned, nullable: why nothing can be saved */
  guint n_saves;
};

/* All of it is done, or nothing. */
static void
apply_async (QkStore *store,
             GPtrArray *changes,
             const QkRetryPolicy *policy,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  QkFakeStore *self = QK_FAKE_STORE (store);
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  QkResult *result;

  if (self->error != NULL)
    {
      g_task_return_error (task, g_error_copy (self->error));
      return;
    }
  result = qk_result_new ();
  result->operation = ++self->n_saves;
  result->durable = TRUE;
  for (guint i = 0; i < changes->len; i++)
    {
      const char *id = qk_change_get_id (changes->pdata[i]);

      qk_result_take_changed (result, g_strdup (id));
      g_ptr_array_add (self->applied, g_strdup (id));
    }
  g_task_return_pointer (task, result, (GDestroyNotify) qk_result_free);
}

static QkResult *
apply_finish (QkStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
do_nothing (QkStore *store)
{
}

static char **
dup_agents (QkStore *store)
{
  return g_new0 (char *, 1);
}

static QkAgentsSource
get_agents_source (QkStore *store)
{
  return QK_AGENTS_DEFAULT;
}

static void
choose_agents (QkStore *store, const char *const *agents)
{
}

static void
resume (QkStore *store, gboolean at_once)
{
  QkFakeStore *self = QK_FAKE_STORE (store);
  guint n = self->given_up != NULL ? self->given_up->n_messages : 0;

  self->resumed = at_once ? "at once" : "in the background";
  qk_fake_store_set_given_up (self, NULL);
  qk_fake_store_set_n_guarded (self, n);
}

static void
store_init (QkStoreInterface *iface)
{
  iface->start = do_nothing;
  iface->refresh = do_nothing;
  iface->dup_agents = dup_agents;
  iface->get_agents_source = get_agents_source;
  iface->choose_agents = choose_agents;
  iface->resume = resume;
  iface->apply_async = apply_async;
  iface->apply_finish = apply_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (QkFakeStore,
                               qk_fake_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QK_TYPE_STORE, store_init))

static void
qk_fake_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkFakeStore *self = QK_FAKE_STORE (object);

  if (g_str_equal (pspec->name, "state"))
    g_value_set_enum (value, (int) self->state);
  else if (g_str_equal (pspec->name, "saving"))
    g_value_set_boolean (value, self->saving);
  else if (g_str_equal (pspec->name, "n-guarded"))
    g_value_set_uint (value, self->n_guarded);
  else if (g_str_equal (pspec->name, "given-up"))
    g_value_set_boxed (value, self->given_up);
  else if (g_str_equal (pspec->name, "location"))
    g_value_set_string (value, "nowhere");
  else if (g_str_equal (pspec->name, "document"))
    g_value_set_boxed (value, self->document);
  else
    g_param_value_set_default (pspec, value);
}

static void
qk_fake_store_finalize (GObject *object)
{
  g_clear_pointer (&QK_FAKE_STORE (object)->given_up, qk_given_up_free);
  g_clear_pointer (&QK_FAKE_STORE (object)->document, qk_document_unref);
  g_ptr_array_unref (QK_FAKE_STORE (object)->applied);
  g_clear_error (&QK_FAKE_STORE (object)->error);

  G_OBJECT_CLASS (qk_fake_store_parent_class)->finalize (object);
}

/* Whatever properties a store has: those that no test sets have their default values. */
static void
qk_fake_store_class_init (QkFakeStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  gpointer iface = g_type_default_interface_ref (QK_TYPE_STORE);
  guint n_properties;
  g_autofree GParamSpec **properties = g_object_interface_list_properties (iface, &n_properties);

  object_class->get_property = qk_fake_store_get_property;
  object_class->finalize = qk_fake_store_finalize;
  for (guint i = 0; i < n_properties; i++)
    g_object_class_override_property (object_class, i + 1, properties[i]->name);
  g_type_default_interface_unref (iface);
}

static void
qk_fake_store_init (QkFakeStore *self)
{
  self->state = QK_STORE_STATE_LIVE;
  self->applied = g_ptr_array_new_with_free_func (g_free);
}

QkFakeStore *
qk_fake_store_new (void)
{
  return g_object_new (QK_TYPE_FAKE_STORE, NULL);
}

void
qk_fake_store_set_state (QkFakeStore *self, QkStoreState state)
{
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

void
qk_fake_store_set_saving (QkFakeStore *self, gboolean saving)
{
  self->saving = saving;
  g_object_notify (G_OBJECT (self), "saving");
}

void
qk_fake_store_set_n_guarded (QkFakeStore *self, guint n_guarded)
{
  self->n_guarded = n_guarded;
  g_object_notify (G_OBJECT (self), "n-guarded");
}

void
qk_fake_store_set_given_up (QkFakeStore *self, const QkGivenUp *given_up)
{
  g_clear_pointer (&self->given_up, qk_given_up_free);
  self->given_up = given_up != NULL ? qk_given_up_copy (given_up) : NULL;
  g_object_notify (G_OBJECT (self), "given-up");
}

/* How what was given up was resumed the last time, or NULL. */
const char *
qk_fake_store_get_resumed (QkFakeStore *self)
{
  return self->resumed;
}

/* Tells that the file was found in this way. */
void
qk_fake_store_obstruct (QkFakeStore *self, QkLockKind kind)
{
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_READ,
      .kind = kind,
      .delay = 20000,
      .outcome = QK_LOCK_OUTCOME_RETRY,
  };

  g_signal_emit_by_name (self, "lock-event", &event);
}

/* Tells that attempt number @attempt of 8 failed and the next is @delay microseconds away. */
void
qk_fake_store_retry (QkFakeStore *self, guint attempt, gint64 delay)
{
  QkLockEvent event = {
      .time = g_get_real_time (),
      .operation = QK_OPERATION_SAVE,
      .kind = QK_LOCK_KIND_LOCK_HELD,
      .attempt = attempt,
      .attempts = 8,
      .delay = delay,
      .outcome = QK_LOCK_OUTCOME_RETRY,
  };

  g_signal_emit_by_name (self, "lock-event", &event);
}

/**
 * qk_fake_store_show:
 * @self: a store
 * @document: a version of the queue
 * @diff: (nullable): how it differs from the one before
 *
 * Has a new version, at once.
 */
void
qk_fake_store_show (QkFakeStore *self, QkDocument *document, QkDiff *diff)
{
  QkDocument *before = self->document;

  self->document = qk_document_ref (document);
  g_object_notify (G_OBJECT (self), "document");
  g_signal_emit_by_name (self, "changed", diff);
  g_clear_pointer (&before, qk_document_unref);
}

/* The ids of what was applied so far, in order. */
GPtrArray *
qk_fake_store_get_applied (QkFakeStore *self)
{
  return self->applied;
}

/* From now on nothing can be saved, or all can where @message is NULL. */
void
qk_fake_store_set_error (QkFakeStore *self, const char *message)
{
  g_clear_error (&self->error);
  if (message != NULL)
    self->error = g_error_new_literal (QK_STORE_ERROR, QK_STORE_ERROR_BUSY, message);
}
