#include "qk-changer.h"

#include "qk-undo.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkChanger {
  GObject parent_instance;

  QkHistory *history;    /* owned */
  GPtrArray *deliveries; /* of Delivery: on their way, in order */
  QkPacedRun *run;       /* owned, nullable: what is sent bit by bit */
  GPtrArray *batch;      /* owned, nullable, of QkChange: all of it */
  guint n_sets;          /* how many there were: each has a number */
  guint latest_set;      /* which one has arrived last; 0 where it was something else */
  QkResult *latest;      /* owned, nullable: of that */
};

G_DEFINE_FINAL_TYPE (QkChanger, qk_changer, G_TYPE_OBJECT)

enum { SIGNAL_ARRIVED, SIGNAL_PROGRESS, N_SIGNALS };

static guint signals[N_SIGNALS];

/* Changes on their way. */
typedef struct {
  QkChanger *changer; /* owned */
  guint number;
  QkChangeKind kind;
  guint n_changes;           /* 0: not known yet */
  GCancellable *cancellable; /* owned */
} Delivery;

static void
qk_changer_dispose (GObject *object)
{
  QkChanger *self = QK_CHANGER (object);

  if (self->run != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->run, self);
      qk_paced_run_cancel (self->run);
    }
  g_clear_object (&self->run);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (qk_changer_parent_class)->dispose (object);
}

static void
qk_changer_finalize (GObject *object)
{
  QkChanger *self = QK_CHANGER (object);

  g_ptr_array_unref (self->deliveries);
  g_clear_pointer (&self->batch, g_ptr_array_unref);
  g_clear_pointer (&self->latest, qk_result_free);

  G_OBJECT_CLASS (qk_changer_parent_class)->finalize (object);
}

static void
qk_changer_class_init (QkChangerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_changer_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_changer_finalize;

  /**
   * QkChanger::arrived:
   * @text: what became of the changes, for the operator
   * @failed: whether nothing could be saved
   * @operation: its number in the history, by which it can be undone; 0 where it cannot
   *
   * Changes have arrived, or have not.
   */
  signals[SIGNAL_ARRIVED] =
      g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_INT64);
  /**
   * QkChanger::progress:
   *
   * What is on its way is something else, or has come further.
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_changer_init (QkChanger *self)
{
  self->history = qk_history_new (NULL);
  self->deliveries = g_ptr_array_new ();
}

/* Takes @result. @set: its number, or 0. */
static void
arrive (QkChanger *self, guint set, QkResult *result, const char *text, gboolean failed)
{
  g_autofree char *notice = qk_history_steal_notice (self->history);
  g_autofree char *whole = notice != NULL ? g_strdup_printf ("%s · %s", text, notice) : NULL;

  g_clear_pointer (&self->latest, qk_result_free);
  self->latest = result;
  self->latest_set = set;
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
  g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, whole != NULL ? whole : text, failed,
                 result != NULL ? result->operation : G_GINT64_CONSTANT (0));
}

/* Says something to the operator without any change. */
static void
say (QkChanger *self, const char *text)
{
  arrive (self, 0, NULL, text, FALSE);
}

static Delivery *
delivery_new (QkChanger *self, QkChangeKind kind, guint n_changes)
{
  Delivery *delivery = g_new (Delivery, 1);

  *delivery =
      (Delivery){g_object_ref (self), ++self->n_sets, kind, n_changes, g_cancellable_new ()};
  g_ptr_array_add (self->deliveries, delivery);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
  return delivery;
}

/* It has ended, with a result or with an error; both are taken. */
static void
deliver (Delivery *delivery, QkResult *result, GError *problem)
{
  g_autoptr (QkChanger) self = delivery->changer;
  g_autoptr (GError) error = problem;
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *text = NULL;

  if (result != NULL)
    text = qk_words_result (delivery->kind, result);
  else if (cancelled)
    text = g_strdup (_ ("Cancelled: nothing was changed"));
  else
    text = qk_words_error (delivery->kind, error);
  g_ptr_array_remove (self->deliveries, delivery);
  arrive (self, delivery->number, result, text,
          result == NULL && !cancelled && error->domain != QK_HISTORY_ERROR);
  g_object_unref (delivery->cancellable);
  g_free (delivery);
}

static void
applied_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  GError *error = NULL;
  QkResult *result = qk_store_apply_finish (QK_STORE (source), async_result, &error);

  deliver (user_data, result, error);
}

static void
undone_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  GError *error = NULL;
  QkResult *result = qk_undo_finish (async_result, &error);

  deliver (user_data, result, error);
}

static void
run_changed_cb (QkPacedRun *run, QkChanger *self)
{
  g_assert (QK_IS_CHANGER (self));

  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

/* What was sent, and what was not. */
static char *
describe_run (QkPacedRun *run)
{
  guint n_left = qk_paced_run_get_n_total (run) - qk_paced_run_get_n_done (run);
  g_autofree char *text =
      qk_words_result (qk_paced_run_get_kind (run), qk_paced_run_get_result (run));
  g_autofree char *rest = NULL;

  if (n_left == 0)
    return g_steal_pointer (&text);
  rest = g_strdup_printf (
      ngettext ("cancelled: %u was left as it is", "cancelled: %u were left as they are", n_left),
      n_left);
  return g_strjoin (" · ", text, rest, NULL);
}

static void
run_ended_cb (QkPacedRun *run, QkChanger *self)
{
  g_autoptr (QkPacedRun) ended = g_steal_pointer (&self->run);
  g_autofree char *text = describe_run (ended);
  g_autoptr (GPtrArray) batch = g_steal_pointer (&self->batch);

  g_assert (QK_IS_CHANGER (self));

  g_signal_handlers_disconnect_by_data (ended, self);
  qk_history_end_batch (self->history, batch);
  arrive (self, 0, qk_result_copy (qk_paced_run_get_result (ended)), text, FALSE);
}

/**
 * qk_changer_new:
 *
 * Returns: (transfer full): a changer
 */
QkChanger *
qk_changer_new (void)
{
  return g_object_new (QK_TYPE_CHANGER, NULL);
}

/**
 * qk_changer_apply:
 * @self: a changer
 * @store: where the messages are
 * @kind: what is done with them, for the words in which it is told
 * @changes: (element-type QkChange): the changes, at least one
 *
 * Saves a set of changes: all of it, or nothing.
 *
 * Returns: its number, by which qk_changer_get_latest_set() tells that it has arrived
 */
guint
qk_changer_apply (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes)
{
  Delivery *delivery;

  g_return_val_if_fail (QK_IS_CHANGER (self), 0);
  g_return_val_if_fail (QK_IS_STORE (store), 0);
  g_return_val_if_fail (changes != NULL && changes->len > 0, 0);

  delivery = delivery_new (self, kind, changes->len);
  qk_store_apply_async (store, changes, NULL, delivery->cancellable, applied_cb, delivery);
  return self->n_sets;
}

/**
 * qk_changer_apply_kept:
 * @self: a changer
 * @store: where the messages are
 * @kind: what is done with them, for the words in which it is told
 * @changes: (element-type QkChange): the changes, at least one
 *
 * Saves a set of changes: all of it, or nothing; and nothing where the history cannot keep it.
 */
void
qk_changer_apply_kept (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes)
{
  Delivery *delivery;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));
  g_return_if_fail (changes != NULL && changes->len > 0);

  delivery = delivery_new (self, kind, changes->len);
  qk_store_apply_kept_async (store, changes, delivery->cancellable, applied_cb, delivery);
}

/**
 * qk_changer_resend_paced:
 * @self: a changer
 * @store: where the messages are
 * @changes: (element-type QkChange): resends, at least one
 * @left: (nullable): what was left out of them beforehand, to be told with the rest
 * @per_second: how many at most in a second, at least 1
 *
 * Resends bit by bit, for a swarm that is catching up. There is one such run at a time; it is told by
 * ::arrived when it has ended, and undone as one.
 */
void
qk_changer_resend_paced (QkChanger *self,
                         QkStore *store,
                         GPtrArray *changes,
                         const QkResult *left,
                         guint per_second)
{
  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));
  g_return_if_fail (self->run == NULL);

  self->batch = g_ptr_array_ref (changes);
  qk_history_begin_batch (self->history, changes);
  self->run = qk_paced_run_new (store, QK_CHANGE_RESEND, changes, left, per_second);
  g_signal_connect (self->run, "changed", G_CALLBACK (run_changed_cb), self);
  g_signal_connect (self->run, "ended", G_CALLBACK (run_ended_cb), self);
  qk_paced_run_start (self->run);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

/**
 * qk_changer_get_run:
 * @self: a changer
 *
 * Returns: (transfer none) (nullable): what is being sent bit by bit
 */
QkPacedRun *
qk_changer_get_run (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), NULL);

  return self->run;
}

/**
 * qk_changer_get_waiting:
 * @self: a changer
 * @kind: (out) (optional): what is done with them
 *
 * Returns: how many messages the first set on its way is about; 0 where none is, or it is not known
 */
guint
qk_changer_get_waiting (QkChanger *self, QkChangeKind *kind)
{
  const Delivery *first;

  g_return_val_if_fail (QK_IS_CHANGER (self), 0);

  if (self->deliveries->len == 0)
    return 0;
  first = self->deliveries->pdata[0];
  if (kind != NULL)
    *kind = first->kind;
  return first->n_changes;
}

/* Sets that wait for others are not saved. */
static void
cancel_deliveries (QkChanger *self)
{
  for (guint i = 0; i < self->deliveries->len; i++)
    g_cancellable_cancel (((Delivery *) self->deliveries->pdata[i])->cancellable);
}

/**
 * qk_changer_cancel:
 * @self: a changer
 *
 * Whatever waits for others is not saved, and a paced run ends; what is being saved is saved.
 */
void
qk_changer_cancel (QkChanger *self)
{
  g_return_if_fail (QK_IS_CHANGER (self));

  cancel_deliveries (self);
  if (self->run != NULL)
    qk_paced_run_cancel (self->run);
}

/**
 * qk_changer_hold:
 * @self: a changer
 *
 * Whatever waits for others is not saved, and a paced run pauses; what is being saved is saved.
 */
void
qk_changer_hold (QkChanger *self)
{
  g_return_if_fail (QK_IS_CHANGER (self));

  cancel_deliveries (self);
  if (self->run != NULL)
    qk_paced_run_set_paused (self->run, TRUE);
}

static void
probe (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (qk_history_probe (source, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * qk_changer_probe_history_async:
 * @self: a changer
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out whether the history can keep what is taken out.
 */
void
qk_changer_probe_history_async (QkChanger *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QK_IS_CHANGER (self));

  task = g_task_new (self->history, NULL, callback, user_data);
  g_task_run_in_thread (task, probe);
}

/**
 * qk_changer_probe_history_finish:
 * @result: what the callback was given
 * @error: return location for a #QkHistoryError
 *
 * Returns: whether it can
 */
gboolean
qk_changer_probe_history_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qk_changer_get_latest:
 * @self: a changer
 *
 * Returns: (transfer none) (nullable): the result of the set that has arrived last; %NULL where it
 *   failed
 */
const QkResult *
qk_changer_get_latest (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), NULL);

  return self->latest;
}

/**
 * qk_changer_get_latest_set:
 * @self: a changer
 *
 * Returns: the number of the set that has arrived last; 0 where something else was told since
 */
guint
qk_changer_get_latest_set (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), 0);

  return self->latest_set;
}

/**
 * qk_changer_resend:
 * @self: a changer
 * @store: where the messages are
 * @pick: what to resend
 *
 * Resends messages.
 */
void
qk_changer_resend (QkChanger *self, QkStore *store, const QkPick *pick)
{
  g_autoptr (GPtrArray) changes = NULL;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  changes = qk_pick_make_changes (pick, QK_CHANGE_RESEND);
  (void) qk_changer_apply (self, store, QK_CHANGE_RESEND, changes);
}

/**
 * qk_changer_fix:
 * @self: a changer
 * @store: where the messages are
 * @pick: some messages
 *
 * Fixes those that the swarm trips over.
 */
void
qk_changer_fix (QkChanger *self, QkStore *store, const QkPick *pick)
{
  g_autoptr (GPtrArray) changes = NULL;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  changes = qk_pick_make_changes (pick, QK_CHANGE_FIX);
  if (changes->len > 0)
    (void) qk_changer_apply (self, store, QK_CHANGE_FIX, changes);
  else
    say (self, qk_pick_get_n_entries (pick) == 1 ? _ ("Nothing is wrong with this message")
                                                 : _ ("Nothing is wrong with these messages"));
}

/**
 * qk_changer_rebroadcast:
 * @self: a changer
 * @store: where the messages are
 * @broadcasts: some broadcasts of it
 * @index: one of them
 *
 * Sends a broadcast again to those that missed it, and says so where that cannot be.
 */
void
qk_changer_rebroadcast (QkChanger *self, QkStore *store, QkBroadcasts *broadcasts, guint index)
{
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *text = NULL;
  const char *obstacle;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  changes = qk_broadcasts_dup_resend (broadcasts, index, NULL);
  obstacle = qk_broadcast_get_obstacle (qk_broadcasts_get (broadcasts, index));
  if (changes->len > 0)
    {
      (void) qk_changer_apply (self, store, QK_CHANGE_RESEND, changes);
    }
  else if (obstacle != NULL)
    {
      text = g_strdup_printf (_ ("Nothing resent: %s"), obstacle);
      say (self, text);
    }
}

/**
 * qk_changer_undo:
 * @self: a changer
 * @store: whose operation to undo
 * @operation: its number, or 0 for the latest that is not undone
 *
 * Puts back what an operation changed or took out; of a paced run, all of it, and no more is sent.
 */
void
qk_changer_undo (QkChanger *self, QkStore *store, gint64 operation)
{
  Delivery *delivery;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  delivery = delivery_new (self, QK_CHANGE_RESTORE, 0);
  qk_undo_async (self->history, store, operation, self->run, delivery->cancellable, undone_cb,
                 delivery);
}

/**
 * qk_changer_set_retention:
 * @self: a changer
 * @days: for how many days its operations can be undone
 *
 * Takes effect with the next change.
 */
void
qk_changer_set_retention (QkChanger *self, guint days)
{
  g_return_if_fail (QK_IS_CHANGER (self));

  qk_history_set_retention (self->history, days);
}

/**
 * qk_changer_get_history:
 * @self: a changer
 *
 * Returns: (transfer none): where its operations are kept
 */
QkHistory *
qk_changer_get_history (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), NULL);

  return self->history;
}

/**
 * qk_changer_get_journal:
 * @self: a changer
 *
 * Returns: (transfer none): the history, for the stores that it changes
 */
QkJournal *
qk_changer_get_journal (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), NULL);

  return QK_JOURNAL (self->history);
}

/**
 * qk_changer_get_n_pending:
 * @self: a changer
 *
 * Returns: how many sets of changes have not arrived yet
 */
guint
qk_changer_get_n_pending (QkChanger *self)
{
  g_return_val_if_fail (QK_IS_CHANGER (self), 0);

  return self->deliveries->len + (self->run != NULL);
}
