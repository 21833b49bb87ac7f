#include "qk-store.h"

#include "qk-file-store.h"

G_DEFINE_INTERFACE (QkStore, qk_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (qk - store - error - quark, qk_store_error)

GType
qk_store_state_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
          {QK_STORE_STATE_OPENING, "QK_STORE_STATE_OPENING", "opening"},
          {QK_STORE_STATE_LIVE, "QK_STORE_STATE_LIVE", "live"},
          {QK_STORE_STATE_WAITING, "QK_STORE_STATE_WAITING", "waiting"},
          {QK_STORE_STATE_DAMAGED, "QK_STORE_STATE_DAMAGED", "damaged"},
          {QK_STORE_STATE_GONE, "QK_STORE_STATE_GONE", "gone"},
          {QK_STORE_STATE_UNREADABLE, "QK_STORE_STATE_UNREADABLE", "unreadable"},
          {0, NULL, NULL},
      };

      g_once_init_leave (&type, g_enum_register_static ("QkStoreState", values));
    }
  return type;
}

static void
qk_store_default_init (QkStoreInterface *iface)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GType type = G_TYPE_FROM_INTERFACE (iface);

  /**
   * QkStore:document:
   *
   * The last good version, or %NULL before there was one.
   */
  g_object_interface_install_property (
      iface, g_param_spec_boxed ("document", NULL, NULL, QK_TYPE_DOCUMENT, flags));
  /**
   * QkStore:state:
   *
   * How it stands with the queue.
   */
  g_object_interface_install_property (
      iface,
      g_param_spec_enum ("state", NULL, NULL, QK_TYPE_STORE_STATE, QK_STORE_STATE_OPENING, flags));
  /**
   * QkStore:problem:
   *
   * What is wrong and what to do next, for people; %NULL while nothing is. Of a damaged queue it
   * says no next step: that is to salvage it, which each program calls by its own name.
   */
  g_object_interface_install_property (iface,
                                       g_param_spec_string ("problem", NULL, NULL, NULL, flags));
  /**
   * QkStore:location:
   *
   * Where the queue is, for people.
   */
  g_object_interface_install_property (iface,
                                       g_param_spec_string ("location", NULL, NULL, NULL, flags));
  /**
   * QkStore:saving:
   *
   * Whether changes are on their way.
   */
  g_object_interface_install_property (iface,
                                       g_param_spec_boolean ("saving", NULL, NULL, FALSE, flags));

  /**
   * QkStore:n-guarded:
   *
   * How many messages are kept as they were saved for the time being.
   */
  g_object_interface_install_property (
      iface, g_param_spec_uint ("n-guarded", NULL, NULL, 0, G_MAXUINT, 0, flags));

  /**
   * QkStore:loss:
   *
   * That another program made most of the messages disappear, until they are back or the operator
   * has dismissed it; %NULL where it is not so. Noticed only with a journal.
   */
  g_object_interface_install_property (
      iface, g_param_spec_boxed ("loss", NULL, NULL, QK_TYPE_LOSS, flags));

  /**
   * QkStore:given-up:
   *
   * What did not stay as it was saved, however often it was put right; %NULL where nothing of that
   * kind is left.
   */
  g_object_interface_install_property (
      iface, g_param_spec_boxed ("given-up", NULL, NULL, QK_TYPE_GIVEN_UP, flags));

  /**
   * QkStore::changed:
   * @self: the store
   * @diff: (nullable) (type gpointer): a #QkDiff to the document before; %NULL for the first one
   *
   * There is a new document.
   */
  g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_POINTER);
  /**
   * QkStore::lock-event:
   * @self: the store
   * @event: the event
   *
   * Somebody stood in the way.
   */
  g_signal_new ("lock-event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                QK_TYPE_LOCK_EVENT);
  /**
   * QkStore::saved:
   * @self: the store
   * @result: (nullable): what became of the changes; %NULL where the save failed
   * @attempts: how many attempts it took
   *
   * A save has ended.
   */
  g_signal_new ("saved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                QK_TYPE_RESULT, G_TYPE_UINT);

  /**
   * QkStore::notice:
   * @self: the store
   * @text: what the operator should read
   *
   * Something happened that nobody asked for, such as the cleaning up after an interrupted save.
   */
  g_signal_new ("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);

  /**
   * QkStore::agents-changed:
   * @self: the store
   *
   * qk_store_dup_agents() or qk_store_get_agents_source() says something else.
   */
  g_signal_new ("agents-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * qk_store_set_guard:
 * @self: a store
 * @settle: the settling time in microseconds, 0 to guard nothing, which is the default
 *
 * Keeps what is saved from now on: for the settling time after the last repair each message that was
 * changed is put right where another writer saves an old list over it. What is guarded already stays
 * so, by the new time; with 0 it is forgotten.
 */
void
qk_store_set_guard (QkStore *self, gint64 settle)
{
  g_return_if_fail (QK_IS_STORE (self) && settle >= 0);

  QK_STORE_GET_IFACE (self)->set_guard (self, settle);
}

/**
 * qk_store_set_policy:
 * @self: a store
 * @policy: the retry rule
 *
 * Saves by that rule from now on: what is given no rule of its own, and what is put right. Before, the
 * rule is %QK_RETRY_POLICY_DEFAULT.
 */
void
qk_store_set_policy (QkStore *self, const QkRetryPolicy *policy)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (policy != NULL && policy->attempts > 0);

  QK_STORE_GET_IFACE (self)->set_policy (self, policy);
}

/**
 * qk_store_get_policy:
 * @self: a store
 * @policy: (out caller-allocates): the retry rule
 *
 * Tells by which rule it saves. A store that never saves has %QK_RETRY_POLICY_DEFAULT.
 */
void
qk_store_get_policy (QkStore *self, QkRetryPolicy *policy)
{
  QkStoreInterface *iface;

  g_return_if_fail (QK_IS_STORE (self) && policy != NULL);

  iface = QK_STORE_GET_IFACE (self);
  *policy = QK_RETRY_POLICY_DEFAULT;
  if (iface->get_policy != NULL)
    iface->get_policy (self, policy);
}

/**
 * qk_store_set_poll:
 * @self: a store
 * @interval: a time in microseconds, at least a millisecond
 *
 * Looks at the queue that often, although nothing tells of a change. Before, it is
 * %QK_WATCH_POLL_DEFAULT.
 */
void
qk_store_set_poll (QkStore *self, gint64 interval)
{
  g_return_if_fail (QK_IS_STORE (self) && interval >= G_TIME_SPAN_MILLISECOND);

  QK_STORE_GET_IFACE (self)->set_poll (self, interval);
}

/**
 * qk_store_get_n_guarded:
 * @self: a store
 *
 * Returns: how many messages are guarded
 */
guint
qk_store_get_n_guarded (QkStore *self)
{
  guint n_guarded;

  g_return_val_if_fail (QK_IS_STORE (self), 0);

  g_object_get (self, "n-guarded", &n_guarded, NULL);
  return n_guarded;
}

/**
 * qk_store_dup_loss:
 * @self: a store
 *
 * Returns: (transfer full) (nullable): that most of the messages have disappeared
 */
QkLoss *
qk_store_dup_loss (QkStore *self)
{
  QkLoss *loss = NULL;

  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  g_object_get (self, "loss", &loss, NULL);
  return loss;
}

/**
 * qk_store_dismiss_loss:
 * @self: a store
 *
 * The operator knows, and wants it to stay so. What was lost stays in the journal.
 */
void
qk_store_dismiss_loss (QkStore *self)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->dismiss_loss (self);
}

/**
 * qk_store_dup_given_up:
 * @self: a store
 *
 * Returns: (transfer full) (nullable): what would not stay as it was saved
 */
QkGivenUp *
qk_store_dup_given_up (QkStore *self)
{
  QkGivenUp *given_up = NULL;

  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  g_object_get (self, "given-up", &given_up, NULL);
  return given_up;
}

/**
 * qk_store_retry_given_up:
 * @self: a store
 *
 * Puts right now what would not stay, and guards it anew: for when the other program was stopped.
 */
void
qk_store_retry_given_up (QkStore *self)
{
  g_return_if_fail (QK_IS_STORE (self));

  if (QK_STORE_GET_IFACE (self)->resume != NULL)
    QK_STORE_GET_IFACE (self)->resume (self, TRUE);
}

/**
 * qk_store_keep_trying:
 * @self: a store
 *
 * Goes on to put right what would not stay, as slowly as in the end: for when the other program may
 * stop by itself. It is given up again after as long as the first time.
 */
void
qk_store_keep_trying (QkStore *self)
{
  g_return_if_fail (QK_IS_STORE (self));

  if (QK_STORE_GET_IFACE (self)->resume != NULL)
    QK_STORE_GET_IFACE (self)->resume (self, FALSE);
}

/**
 * qk_store_new:
 * @location: the path of the queue's file, or of a folder that holds it
 *
 * Makes the store that fits @location. Nothing is read before qk_store_start().
 *
 * Returns: (transfer full): the store
 */
QkStore *
qk_store_new (const char *location)
{
  g_return_val_if_fail (location != NULL, NULL);

  return QK_STORE (qk_file_store_new (location));
}

/**
 * qk_store_start:
 * @self: a store
 *
 * Begins to read and to watch the queue.
 */
void
qk_store_start (QkStore *self)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->start (self);
}

/**
 * qk_store_refresh:
 * @self: a store
 *
 * Looks now whether the queue has changed.
 */
void
qk_store_refresh (QkStore *self)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->refresh (self);
}

/**
 * qk_store_get_document:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): the last good version; it stays until ::changed
 */
QkDocument *
qk_store_get_document (QkStore *self)
{
  g_autoptr (QkDocument) document = NULL;

  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  g_object_get (self, "document", &document, NULL);
  return document;
}

/**
 * qk_store_get_state:
 * @self: a store
 *
 * Returns: how it stands with the queue
 */
QkStoreState
qk_store_get_state (QkStore *self)
{
  QkStoreState state;

  g_return_val_if_fail (QK_IS_STORE (self), QK_STORE_STATE_OPENING);

  g_object_get (self, "state", &state, NULL);
  return state;
}

/**
 * qk_store_dup_problem:
 * @self: a store
 *
 * Returns: (transfer full) (nullable): what is wrong and what to do next
 */
char *
qk_store_dup_problem (QkStore *self)
{
  char *problem = NULL;

  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  g_object_get (self, "problem", &problem, NULL);
  return problem;
}

/**
 * qk_store_dup_location:
 * @self: a store
 *
 * Returns: (transfer full): where the queue is, for people
 */
char *
qk_store_dup_location (QkStore *self)
{
  char *location = NULL;

  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  g_object_get (self, "location", &location, NULL);
  return location;
}

/**
 * qk_store_get_saving:
 * @self: a store
 *
 * Returns: whether changes are on their way
 */
gboolean
qk_store_get_saving (QkStore *self)
{
  gboolean saving;

  g_return_val_if_fail (QK_IS_STORE (self), FALSE);

  g_object_get (self, "saving", &saving, NULL);
  return saving;
}

/**
 * qk_store_dup_agents:
 * @self: a store
 *
 * Returns: (transfer full) (array zero-terminated=1): the agents that a broadcast is to reach: those
 *   that were chosen, else those that the swarm's configuration lists (none where that cannot be
 *   used), else those that the queue tells of, else Agent-1 to Agent-8
 */
char **
qk_store_dup_agents (QkStore *self)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->dup_agents (self);
}

/**
 * qk_store_get_agents_source:
 * @self: a store
 *
 * Returns: where qk_store_dup_agents() has them from
 */
QkAgentsSource
qk_store_get_agents_source (QkStore *self)
{
  g_return_val_if_fail (QK_IS_STORE (self), QK_AGENTS_DEFAULT);

  return QK_STORE_GET_IFACE (self)->get_agents_source (self);
}

/**
 * qk_store_choose_agents:
 * @self: a store
 * @agents: (nullable) (array zero-terminated=1): the agents of the swarm; %NULL or none to go by what
 *   the swarm says
 *
 * Says who the agents are, whatever the swarm says.
 */
void
qk_store_choose_agents (QkStore *self, const char *const *agents)
{
  g_return_if_fail (QK_IS_STORE (self));

  QK_STORE_GET_IFACE (self)->choose_agents (self, agents);
}

/**
 * qk_store_set_journal:
 * @self: a store
 * @journal: (nullable): keeps what the changes from now on take away; it is called in other threads
 *
 * Without a journal nothing can be undone.
 */
void
qk_store_set_journal (QkStore *self, QkJournal *journal)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (journal == NULL || QK_IS_JOURNAL (journal));

  if (QK_STORE_GET_IFACE (self)->set_journal != NULL)
    QK_STORE_GET_IFACE (self)->set_journal (self, journal);
}

/**
 * qk_store_dup_key:
 * @self: a store
 *
 * Returns: (transfer full): the name of the queue in journals, the same for all who open it,
 *   whatever links lead them there
 */
char *
qk_store_dup_key (QkStore *self)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  if (QK_STORE_GET_IFACE (self)->dup_key == NULL)
    return qk_store_dup_location (self);
  return QK_STORE_GET_IFACE (self)->dup_key (self);
}

/**
 * qk_store_apply_async:
 * @self: a store
 * @changes: (element-type QkChange): what to change, all in one save
 * @policy: (nullable): the retry rule; %NULL for that of the store
 * @cancellable: (nullable): ends it before anything is changed
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Saves changes. Saves of one store follow one another.
 */
void
qk_store_apply_async (QkStore *self,
                      GPtrArray *changes,
                      const QkRetryPolicy *policy,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (changes != NULL);
  g_return_if_fail (policy == NULL || policy->attempts > 0);

  QK_STORE_GET_IFACE (self)->apply_async (self, changes, policy, cancellable, callback, user_data);
}

/**
 * qk_store_apply_kept_async:
 * @self: a store
 * @changes: (element-type QkChange): what to change
 * @cancellable: (nullable): ends the waits
 * @callback: called when the changes are saved, or were not
 * @user_data: for @callback
 *
 * As qk_store_apply_async(), but nothing is written where the journal cannot keep what the changes
 * take out: for what must be possible to undo. It ends with qk_store_apply_finish().
 */
void
qk_store_apply_kept_async (QkStore *self,
                           GPtrArray *changes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (QK_IS_STORE (self));
  g_return_if_fail (changes != NULL);

  QK_STORE_GET_IFACE (self)->apply_kept_async (self, changes, cancellable, callback, user_data);
}

/**
 * qk_store_set_read_only:
 * @self: a store
 * @read_only: whether to leave the queue alone
 *
 * While a store is read-only nothing is written to the queue: changes and repairs of a damaged queue
 * fail with %QK_STORE_ERROR_DENIED, what an interrupted save has left stays where it is, and what is
 * guarded is not put right, but goes on to be guarded: it is put right when this ends. A save that
 * is under way is not stopped; cancel it first.
 */
void
qk_store_set_read_only (QkStore *self, gboolean read_only)
{
  g_return_if_fail (QK_IS_STORE (self));

  if (QK_STORE_GET_IFACE (self)->set_read_only != NULL)
    QK_STORE_GET_IFACE (self)->set_read_only (self, read_only);
}

/**
 * qk_store_apply_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #QkStoreError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what became of each change; %NULL where nothing was changed
 */
QkResult *
qk_store_apply_finish (QkStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QK_IS_STORE (self), NULL);

  return QK_STORE_GET_IFACE (self)->apply_finish (self, result, error);
}
