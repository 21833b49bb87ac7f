#include "qk-activity-log.h"

#include "qk-activity-item.h"

#define MAX_OPERATIONS 1000
/* To whom the messages are is only looked up of operations with no more than that. */
#define MAX_NAMED 20

struct _QkActivityLog {
  GObject parent_instance;

  QkStore *store;           /* owned, nullable */
  QkHistory *history;       /* owned, nullable */
  char *key;                /* owned, nullable: of the store, in the history */
  GListStore *items;        /* owned, of QkActivityItem */
  GCancellable *looking;    /* owned, nullable: a look is under way */
  GHashTable *recipients;   /* owned, nullable while looking: names by number of operation */
  QkHistoryVersion version; /* that is shown */
  char *problem;            /* owned, nullable */
  char *notice;             /* owned, nullable: what became of the history */
  guint timer;
  gboolean again; /* once this look has ended */
  gboolean loaded;
};

G_DEFINE_FINAL_TYPE (QkActivityLog, qk_activity_log, G_TYPE_OBJECT)

enum { SIGNAL_UPDATED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What the worker needs, and what it has found. */
typedef struct {
  char *key;              /* owned */
  GHashTable *recipients; /* owned */
  QkHistoryVersion version;
  GPtrArray *operations; /* owned, nullable: nothing is new */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->key);
  g_clear_pointer (&look->recipients, g_hash_table_unref);
  g_clear_pointer (&look->operations, g_ptr_array_unref);
  g_free (look);
}

static GHashTable *
make_recipients (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

/* The one to whom all are; %NULL where they differ. */
static const char *
get_shared_recipient (GPtrArray *entries)
{
  const char *shared = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const char *recipient = qk_history_entry_get_recipient (entries->pdata[i]);

      if (recipient == NULL || (shared != NULL && !g_str_equal (shared, recipient)))
        return NULL;
      shared = recipient;
    }
  return shared;
}

/* What is done stays as it is: it is looked up once. */
static void
find_recipient (QkHistory *history, const Look *look, const QkHistoryOperation *operation)
{
  g_autoptr (GPtrArray) entries = NULL;

  if (operation->count == 0 || operation->count > MAX_NAMED ||
      (operation->state != QK_HISTORY_UNFINISHED &&
       g_hash_table_contains (look->recipients, &operation->id)))
    return;
  entries = qk_history_list_entries (history, look->key, operation->id, MAX_NAMED, NULL);
  if (entries != NULL)
    g_hash_table_insert (look->recipients, g_memdup2 (&operation->id, sizeof operation->id),
                         g_strdup (get_shared_recipient (entries)));
}

static void
run_look (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkHistory *history = source;
  Look *look = task_data;
  gboolean changed;
  GError *error = NULL;

  if (!qk_history_has_changed (history, &look->version, &changed, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (changed)
    look->operations = qk_history_list (history, look->key, MAX_OPERATIONS, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; look->operations != NULL && i < look->operations->len; i++)
    find_recipient (history, look, look->operations->pdata[i]);
  g_task_return_boolean (task, TRUE);
}

static gint64
get_id (QkActivityLog *self, guint position)
{
  g_autoptr (QkActivityItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  return item != NULL ? qk_activity_item_get (item)->id : 0;
}

/* One that is there already is told what it is now. */
static void
place (QkActivityLog *self, guint position, const QkHistoryOperation *operation)
{
  const char *recipient = g_hash_table_lookup (self->recipients, &operation->id);
  g_autoptr (QkActivityItem) item = NULL;

  if (get_id (self, position) == operation->id)
    {
      item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
      (void) qk_activity_item_update (item, operation, recipient);
      return;
    }
  item = qk_activity_item_new (operation, recipient);
  g_list_store_insert (self->items, position, item);
}

static void
fill (QkActivityLog *self, GPtrArray *operations)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < operations->len; i++)
    {
      const QkHistoryOperation *operation = operations->pdata[i];

      g_ptr_array_add (
          items,
          qk_activity_item_new (operation, g_hash_table_lookup (self->recipients, &operation->id)));
    }
  g_list_store_splice (self->items, 0, 0, items->pdata, items->len);
}

/* Both are in falling order of their numbers. */
static void
show (QkActivityLog *self, GPtrArray *operations)
{
  guint n;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0)
    {
      fill (self, operations);
      return;
    }
  for (guint i = 0; i < operations->len; i++)
    {
      const QkHistoryOperation *operation = operations->pdata[i];

      while (get_id (self, i) > operation->id)
        g_list_store_remove (self->items, i);
      place (self, i, operation);
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  if (n > operations->len)
    g_list_store_splice (self->items, operations->len, n - operations->len, NULL, 0);
}

/* Whether there is anything new to be read. */
static gboolean
take_problem (QkActivityLog *self, const GError *error)
{
  char *notice = qk_history_steal_notice (self->history);
  const char *message = error != NULL ? error->message : NULL;
  gboolean same = notice == NULL && g_strcmp0 (self->problem, message) == 0;

  if (notice != NULL)
    {
      g_free (self->notice);
      self->notice = notice;
    }
  if (!same)
    {
      g_free (self->problem);
      self->problem = g_strdup (message);
    }
  return !same;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QkActivityLog) self = user_data;
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean looked = g_task_propagate_boolean (G_TASK (result), &error);
  gboolean is_new;

  /* Of another queue than the present one. */
  if (g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  self->recipients = g_steal_pointer (&look->recipients);
  is_new = take_problem (self, error) || !self->loaded;
  self->loaded = TRUE;
  if (looked)
    self->version = look->version;
  if (look->operations != NULL)
    show (self, look->operations);
  if (is_new || look->operations != NULL)
    g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
  if (self->again)
    qk_activity_log_look (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  qk_activity_log_look (user_data);
  return G_SOURCE_CONTINUE;
}

static void
saved_cb (QkStore *store, const QkResult *result, guint attempts, QkActivityLog *self)
{
  g_assert (QK_IS_ACTIVITY_LOG (self));

  if (self->timer != 0)
    qk_activity_log_look (self);
}

/* A look that is under way is no longer waited for. */
static void
drop_queue (QkActivityLog *self)
{
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->history);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->notice, g_free);
  g_clear_pointer (&self->recipients, g_hash_table_unref);
}

static void
qk_activity_log_dispose (GObject *object)
{
  QkActivityLog *self = QK_ACTIVITY_LOG (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  drop_queue (self);
  g_clear_object (&self->items);

  G_OBJECT_CLASS (qk_activity_log_parent_class)->dispose (object);
}

static void
qk_activity_log_class_init (QkActivityLogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_activity_log_dispose;

  /**
   * QkActivityLog::updated:
   *
   * The list, what is said in it, or the problem is another one.
   */
  signals[SIGNAL_UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_activity_log_init (QkActivityLog *self)
{
  self->items = g_list_store_new (QK_TYPE_ACTIVITY_ITEM);
}

/**
 * qk_activity_log_new:
 *
 * Returns: (transfer full): a log of nothing yet
 */
QkActivityLog *
qk_activity_log_new (void)
{
  return g_object_new (QK_TYPE_ACTIVITY_LOG, NULL);
}

/**
 * qk_activity_log_set_queue:
 * @self: a log
 * @store: a queue
 * @history: where is kept what was done to it
 *
 * Is about that queue from now on.
 */
void
qk_activity_log_set_queue (QkActivityLog *self, QkStore *store, QkHistory *history)
{
  g_return_if_fail (QK_IS_ACTIVITY_LOG (self));
  g_return_if_fail (QK_IS_STORE (store) && QK_IS_HISTORY (history));

  drop_queue (self);
  g_list_store_remove_all (self->items);
  self->version = (QkHistoryVersion){0};
  self->loaded = self->again = FALSE;
  self->recipients = make_recipients ();
  self->store = g_object_ref (store);
  self->history = g_object_ref (history);
  self->key = qk_store_dup_key (store);
  g_signal_connect (store, "saved", G_CALLBACK (saved_cb), self);
  if (self->timer != 0)
    qk_activity_log_look (self);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

/**
 * qk_activity_log_set_followed:
 * @self: a log
 * @followed: whether anybody looks at it
 *
 * Nothing is looked at for nobody.
 */
void
qk_activity_log_set_followed (QkActivityLog *self, gboolean followed)
{
  g_return_if_fail (QK_IS_ACTIVITY_LOG (self));

  if (followed == (self->timer != 0))
    return;
  if (!followed)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      return;
    }
  self->timer = g_timeout_add_seconds (1, tick_cb, self);
  qk_activity_log_look (self);
}

/**
 * qk_activity_log_look:
 * @self: a log
 *
 * Looks whether anything was done, now or as soon as it is known what was done before.
 */
void
qk_activity_log_look (QkActivityLog *self)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  g_return_if_fail (QK_IS_ACTIVITY_LOG (self));

  self->again = self->looking != NULL;
  if (self->history == NULL || self->again)
    return;
  self->looking = g_cancellable_new ();
  look = g_new0 (Look, 1);
  look->key = g_strdup (self->key);
  look->version = self->version;
  look->recipients = g_steal_pointer (&self->recipients);
  task = g_task_new (self->history, self->looking, looked_cb, g_object_ref (self));
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, run_look);
}

/**
 * qk_activity_log_get_model:
 * @self: a log
 *
 * Returns: (transfer none): the list of #QkActivityItem
 */
GListModel *
qk_activity_log_get_model (QkActivityLog *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_LOG (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * qk_activity_log_get_loaded:
 * @self: a log
 *
 * Returns: whether it is known what was done; not while there is a problem
 */
gboolean
qk_activity_log_get_loaded (QkActivityLog *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_LOG (self), FALSE);

  return self->loaded && self->problem == NULL;
}

/**
 * qk_activity_log_get_problem:
 * @self: a log
 *
 * Returns: (transfer none) (nullable): why it is not known what was done, or no longer
 */
const char *
qk_activity_log_get_problem (QkActivityLog *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_LOG (self), NULL);

  return self->problem != NULL ? self->problem : self->notice;
}

/**
 * qk_activity_log_get_history:
 * @self: a log
 *
 * Returns: (transfer none) (nullable): where it is kept
 */
QkHistory *
qk_activity_log_get_history (QkActivityLog *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_LOG (self), NULL);

  return self->history;
}
