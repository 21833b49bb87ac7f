#include "qk-changer.h"

#include "qk-message.h"
#include "qk-purge-dialog.h"
#include "qk-time.h"
#include "qk-words.h"

struct _QkChanger {
  GObject parent_instance;

  QkHistory *history; /* owned */
  guint n_pending;    /* sets of changes on their way */
};

G_DEFINE_FINAL_TYPE (QkChanger, qk_changer, G_TYPE_OBJECT)

enum { SIGNAL_ARRIVED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* Changes on their way. */
typedef struct {
  QkChanger *changer; /* owned */
  QkChangeKind kind;
} Delivery;

/* A purge that waits for an answer. */
typedef struct {
  QkChanger *changer; /* owned */
  QkStore *store;     /* owned: another queue may be opened in the meantime */
  GPtrArray *changes; /* owned */
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->changer);
  g_object_unref (question->store);
  g_ptr_array_unref (question->changes);
  g_free (question);
}

/* An operation that is looked up in the history, to be undone. */
typedef struct {
  QkStore *store; /* owned */
  char *queue;    /* owned: its name in the history */
  gint64 operation;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_object_unref (lookup->store);
  g_free (lookup->queue);
  g_free (lookup);
}

static void
qk_changer_dispose (GObject *object)
{
  g_clear_object (&QK_CHANGER (object)->history);

  G_OBJECT_CLASS (qk_changer_parent_class)->dispose (object);
}

static void
qk_changer_class_init (QkChangerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_changer_dispose;

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
}

static void
qk_changer_init (QkChanger *self)
{
  self->history = qk_history_new (NULL);
}

static void
arrive (QkChanger *self, const char *text, gboolean failed, gint64 operation)
{
  g_autofree char *notice = qk_history_steal_notice (self->history);
  g_autofree char *whole = notice != NULL ? g_strdup_printf ("%s · %s", text, notice) : NULL;

  self->n_pending--;
  g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, whole != NULL ? whole : text, failed, operation);
}

static void
applied_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autofree Delivery *delivery = user_data;
  g_autoptr (QkChanger) self = delivery->changer;
  g_autoptr (GError) error = NULL;
  g_autoptr (QkResult) result = qk_store_apply_finish (QK_STORE (source), async_result, &error);
  g_autofree char *text = result != NULL ? qk_words_result (delivery->kind, result)
                                         : qk_words_error (delivery->kind, error);

  arrive (self, text, result == NULL, result != NULL ? result->operation : 0);
}

static void
deliver (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes)
{
  Delivery *delivery = g_new (Delivery, 1);

  *delivery = (Delivery){g_object_ref (self), kind};
  qk_store_apply_async (store, changes, NULL, NULL, applied_cb, delivery);
}

static void
apply (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes)
{
  self->n_pending++;
  deliver (self, store, kind, changes);
}

static void
look_up (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  QkChanger *self = source;
  Lookup *lookup = task_data;
  gint64 chosen;
  GError *error = NULL;
  GPtrArray *changes =
      qk_history_dup_undo (self->history, lookup->queue, lookup->operation, &chosen, &error);

  if (changes != NULL)
    g_task_return_pointer (task, changes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkChanger *self = QK_CHANGER (source);
  Lookup *lookup = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = g_task_propagate_pointer (G_TASK (result), &error);

  if (changes != NULL)
    deliver (self, lookup->store, QK_CHANGE_RESTORE, changes);
  else
    arrive (self, error->message, FALSE, 0);
}

static QkChange *
make_change (QkChangeKind kind, const QkEntry *entry)
{
  if (kind == QK_CHANGE_PURGE)
    return qk_change_new_purge (entry);
  if (kind == QK_CHANGE_FIX)
    return qk_change_new_fix (entry);
  return qk_change_new_resend (entry, QK_STUCK_WARNING_S);
}

/* To fix are only those with which something is wrong. */
static GPtrArray *
make_changes (QkChangeKind kind, GPtrArray *messages)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_change_unref);

  for (guint i = 0; i < messages->len; i++)
    {
      const QkEntry *entry = qk_message_get_entry (messages->pdata[i]);

      if (kind != QK_CHANGE_FIX || qk_entry_get_hazards (entry) != 0)
        g_ptr_array_add (changes, make_change (kind, entry));
    }
  return changes;
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, QK_PURGE_RESPONSE_PURGE))
    apply (question->changer, question->store, QK_CHANGE_PURGE, question->changes);
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
 * @store: what to change
 * @kind: what is done, for the line that tells of it
 * @changes: (element-type QkChange): the changes, at least one
 *
 * Brings changes that were made elsewhere.
 */
void
qk_changer_apply (QkChanger *self, QkStore *store, QkChangeKind kind, GPtrArray *changes)
{
  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));
  g_return_if_fail (changes != NULL && changes->len > 0);

  apply (self, store, kind, changes);
}

/**
 * qk_changer_resend:
 * @self: a changer
 * @store: where the messages are
 * @messages: (element-type QkMessage): what to resend
 *
 * Resends messages.
 */
void
qk_changer_resend (QkChanger *self, QkStore *store, GPtrArray *messages)
{
  g_autoptr (GPtrArray) changes = NULL;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  changes = make_changes (QK_CHANGE_RESEND, messages);
  if (changes->len > 0)
    apply (self, store, QK_CHANGE_RESEND, changes);
}

/**
 * qk_changer_fix:
 * @self: a changer
 * @store: where the messages are
 * @messages: (element-type QkMessage): some messages
 *
 * Fixes those that the swarm trips over.
 */
void
qk_changer_fix (QkChanger *self, QkStore *store, GPtrArray *messages)
{
  g_autoptr (GPtrArray) changes = NULL;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  changes = make_changes (QK_CHANGE_FIX, messages);
  if (changes->len > 0)
    apply (self, store, QK_CHANGE_FIX, changes);
  else if (messages->len > 0)
    g_signal_emit (self, signals[SIGNAL_ARRIVED], 0,
                   messages->len == 1 ? "Nothing is wrong with this message"
                                      : "Nothing is wrong with these messages",
                   FALSE, G_GINT64_CONSTANT (0));
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
      apply (self, store, QK_CHANGE_RESEND, changes);
    }
  else if (obstacle != NULL)
    {
      text = g_strdup_printf ("Nothing resent: %s", obstacle);
      g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, text, FALSE, G_GINT64_CONSTANT (0));
    }
}

/**
 * qk_changer_ask_purge:
 * @self: a changer
 * @store: where the messages are
 * @messages: (element-type QkMessage): what to purge
 * @parent: the window to ask in
 *
 * Asks whether to purge messages, and does so if the answer is yes.
 *
 * Returns: (transfer none) (nullable): the question; %NULL where there is nothing to purge
 */
GtkWidget *
qk_changer_ask_purge (QkChanger *self, QkStore *store, GPtrArray *messages, GtkWindow *parent)
{
  Question *question;
  GtkWidget *dialog;

  g_return_val_if_fail (QK_IS_CHANGER (self), NULL);
  g_return_val_if_fail (QK_IS_STORE (store), NULL);

  if (messages->len == 0)
    return NULL;
  question = g_new (Question, 1);
  *question = (Question){g_object_ref (self), g_object_ref (store),
                         make_changes (QK_CHANGE_PURGE, messages)};
  dialog = qk_purge_dialog_new (parent, messages, qk_wall_now ());
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

/**
 * qk_changer_undo:
 * @self: a changer
 * @store: whose operation to undo
 * @operation: its number, or 0 for the latest that is not undone
 *
 * Puts back what an operation changed or took out.
 */
void
qk_changer_undo (QkChanger *self, QkStore *store, gint64 operation)
{
  g_autoptr (GTask) task = NULL;
  Lookup *lookup;

  g_return_if_fail (QK_IS_CHANGER (self));
  g_return_if_fail (QK_IS_STORE (store));

  lookup = g_new (Lookup, 1);
  *lookup = (Lookup){g_object_ref (store), qk_store_dup_key (store), operation};
  self->n_pending++;
  task = g_task_new (self, NULL, looked_up_cb, NULL);
  g_task_set_task_data (task, lookup, lookup_free);
  g_task_run_in_thread (task, look_up);
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

  return self->n_pending;
}
