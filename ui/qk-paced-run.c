#include "qk-paced-run.h"

struct _QkPacedRun {
  GObject parent_instance;

  QkStore *store; /* owned */
  QkPacer *pacer; /* owned */
  QkChangeKind kind;
  guint n_total;
  guint per_second;
  GCancellable *cancellable; /* owned: of the set on its way */
  QkResult *result;          /* owned: of all sets so far */
  GArray *operations;        /* owned, of gint64: their numbers in the history */
  GError *problem;           /* owned, nullable: why it is paused */
  guint source;              /* until the next set is due */
  gboolean by_the_clock;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (QkPacedRun, qk_paced_run, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
qk_paced_run_dispose (GObject *object)
{
  g_clear_handle_id (&QK_PACED_RUN (object)->source, g_source_remove);

  G_OBJECT_CLASS (qk_paced_run_parent_class)->dispose (object);
}

static void
qk_paced_run_finalize (GObject *object)
{
  QkPacedRun *self = QK_PACED_RUN (object);

  g_object_unref (self->store);
  qk_pacer_free (self->pacer);
  g_object_unref (self->cancellable);
  qk_result_free (self->result);
  g_array_unref (self->operations);
  g_clear_error (&self->problem);

  G_OBJECT_CLASS (qk_paced_run_parent_class)->finalize (object);
}

static void
qk_paced_run_class_init (QkPacedRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = qk_paced_run_dispose;
  object_class->finalize = qk_paced_run_finalize;

  /**
   * QkPacedRun::changed:
   *
   * It has come further, or stands still, or goes on.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * QkPacedRun::ended:
   *
   * Nothing more will come.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_paced_run_init (QkPacedRun *self)
{
  self->cancellable = g_cancellable_new ();
  self->operations = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static gboolean
due_cb (gpointer user_data)
{
  QkPacedRun *self = user_data;

  self->source = 0;
  qk_paced_run_turn (self, g_get_monotonic_time ());
  return G_SOURCE_REMOVE;
}

static void
schedule (QkPacedRun *self)
{
  gint64 delay = qk_pacer_get_delay (self->pacer, g_get_monotonic_time ());

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->by_the_clock && delay != QK_PACER_NEVER)
    self->source = g_timeout_add ((guint) ((delay + 999) / 1000), due_cb, self);
}

static void
update (QkPacedRun *self)
{
  schedule (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (!qk_pacer_is_over (self->pacer) || self->ended)
    return;
  self->ended = TRUE;
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* Nothing of the set was saved. */
static void
stand_still (QkPacedRun *self, GError *error)
{
  qk_pacer_give_back (self->pacer);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  qk_pacer_set_paused (self->pacer, TRUE);
  g_clear_error (&self->problem);
  self->problem = error;
}

static void
applied_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (QkPacedRun) self = user_data;
  GError *error = NULL;
  QkResult *result = qk_store_apply_finish (QK_STORE (source), async_result, &error);

  if (result != NULL)
    {
      qk_pacer_settle (self->pacer);
      if (result->operation != 0)
        g_array_append_val (self->operations, result->operation);
      qk_result_take (self->result, result);
    }
  else
    stand_still (self, error);
  update (self);
}

/**
 * qk_paced_run_new:
 * @store: where the messages are
 * @kind: what is done with them
 * @changes: (element-type QkChange): the changes
 * @left: (nullable): what was left out of them beforehand
 * @per_second: how many at most in a second, at least 1
 *
 * Returns: (transfer full): a run that has not begun
 */
QkPacedRun *
qk_paced_run_new (QkStore *store,
                  QkChangeKind kind,
                  GPtrArray *changes,
                  const QkResult *left,
                  guint per_second)
{
  QkPacedRun *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);
  g_return_val_if_fail (changes->len > 0 && per_second > 0, NULL);

  self = g_object_new (QK_TYPE_PACED_RUN, NULL);
  self->store = g_object_ref (store);
  self->kind = kind;
  self->n_total = changes->len;
  self->per_second = per_second;
  self->result = left != NULL ? qk_result_copy (left) : qk_result_new ();
  self->pacer = qk_pacer_new (changes, per_second);
  return self;
}

/**
 * qk_paced_run_start:
 * @self: a run
 *
 * Goes by the clock from now on.
 */
void
qk_paced_run_start (QkPacedRun *self)
{
  g_return_if_fail (QK_IS_PACED_RUN (self));

  self->by_the_clock = TRUE;
  qk_paced_run_turn (self, g_get_monotonic_time ());
}

/**
 * qk_paced_run_turn:
 * @self: a run
 * @now: the present, in microseconds; never earlier than before
 *
 * Sends what is due. A run that was started does so by itself.
 */
void
qk_paced_run_turn (QkPacedRun *self, gint64 now)
{
  g_autoptr (GPtrArray) set = NULL;

  g_return_if_fail (QK_IS_PACED_RUN (self));

  set = qk_pacer_take (self->pacer, now);
  if (set != NULL)
    qk_store_apply_async (self->store, set, NULL, self->cancellable, applied_cb,
                          g_object_ref (self));
  else
    schedule (self);
}

/**
 * qk_paced_run_set_paused:
 * @self: a run
 * @paused: whether to send nothing more for the time being
 *
 * Pauses it or lets it go on. A set that waits for others is held back; one that is being written
 * is sent.
 */
void
qk_paced_run_set_paused (QkPacedRun *self, gboolean paused)
{
  g_return_if_fail (QK_IS_PACED_RUN (self));

  if (paused == qk_pacer_get_paused (self->pacer))
    return;
  qk_pacer_set_paused (self->pacer, paused);
  if (!paused)
    g_clear_error (&self->problem);
  else
    {
      g_cancellable_cancel (self->cancellable);
      g_object_unref (self->cancellable);
      self->cancellable = g_cancellable_new ();
    }
  update (self);
}

/**
 * qk_paced_run_get_paused:
 * @self: a run
 *
 * Returns: whether it is paused
 */
gboolean
qk_paced_run_get_paused (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), FALSE);

  return qk_pacer_get_paused (self->pacer);
}

/**
 * qk_paced_run_cancel:
 * @self: a run
 *
 * Sends nothing more. A set that waits for others is not sent; one that is being written is.
 */
void
qk_paced_run_cancel (QkPacedRun *self)
{
  g_return_if_fail (QK_IS_PACED_RUN (self));

  qk_pacer_cancel (self->pacer);
  g_cancellable_cancel (self->cancellable);
  update (self);
}

/**
 * qk_paced_run_is_over:
 * @self: a run
 *
 * Returns: whether nothing more will come
 */
gboolean
qk_paced_run_is_over (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), TRUE);

  return qk_pacer_is_over (self->pacer);
}

/**
 * qk_paced_run_get_kind:
 * @self: a run
 *
 * Returns: what is done
 */
QkChangeKind
qk_paced_run_get_kind (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), QK_CHANGE_RESEND);

  return self->kind;
}

/**
 * qk_paced_run_get_n_total:
 * @self: a run
 *
 * Returns: how many changes there were to begin with
 */
guint
qk_paced_run_get_n_total (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), 0);

  return self->n_total;
}

/**
 * qk_paced_run_get_n_done:
 * @self: a run
 *
 * Returns: how many of them have had their turn
 */
guint
qk_paced_run_get_n_done (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), 0);

  return qk_pacer_get_n_settled (self->pacer);
}

/**
 * qk_paced_run_get_per_second:
 * @self: a run
 *
 * Returns: how many at most in a second
 */
guint
qk_paced_run_get_per_second (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), 1);

  return self->per_second;
}

/**
 * qk_paced_run_get_rest:
 * @self: a run
 *
 * Returns: how long it will take if nothing gets in the way, in microseconds
 */
gint64
qk_paced_run_get_rest (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), 0);

  return qk_pacer_get_rest (self->pacer);
}

/**
 * qk_paced_run_get_problem:
 * @self: a run
 *
 * Returns: (transfer none) (nullable): why it has paused by itself
 */
const GError *
qk_paced_run_get_problem (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), NULL);

  return self->problem;
}

/**
 * qk_paced_run_get_result:
 * @self: a run
 *
 * Returns: (transfer none): what became of those that have had their turn, and what was left out
 */
const QkResult *
qk_paced_run_get_result (QkPacedRun *self)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), NULL);

  return self->result;
}

/**
 * qk_paced_run_has_operation:
 * @self: a run
 * @operation: the number of an operation in the history
 *
 * Returns: whether it is one of its sets
 */
gboolean
qk_paced_run_has_operation (QkPacedRun *self, gint64 operation)
{
  g_return_val_if_fail (QK_IS_PACED_RUN (self), FALSE);

  for (guint i = 0; i < self->operations->len; i++)
    if (g_array_index (self->operations, gint64, i) == operation)
      return TRUE;
  return FALSE;
}
