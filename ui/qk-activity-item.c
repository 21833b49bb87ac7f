#include "qk-activity-item.h"

#include "qk-activity-words.h"
#include "qk-text.h"

struct _QkActivityItem {
  GObject parent_instance;

  QkHistoryOperation *operation; /* owned */
  char *recipient;               /* owned, nullable: of all its messages */
  char *folded;                  /* owned, nullable: made when first asked for */
};

G_DEFINE_FINAL_TYPE (QkActivityItem, qk_activity_item, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
qk_activity_item_finalize (GObject *object)
{
  QkActivityItem *self = QK_ACTIVITY_ITEM (object);

  qk_history_operation_free (self->operation);
  g_free (self->recipient);
  g_free (self->folded);

  G_OBJECT_CLASS (qk_activity_item_parent_class)->finalize (object);
}

static void
qk_activity_item_class_init (QkActivityItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_activity_item_finalize;

  /**
   * QkActivityItem::changed:
   *
   * It says something else than before.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_activity_item_init (QkActivityItem *self)
{
}

/**
 * qk_activity_item_new:
 * @operation: an operation
 * @recipient: (nullable): to whom all its messages are
 *
 * Returns: (transfer full): a row for it
 */
QkActivityItem *
qk_activity_item_new (const QkHistoryOperation *operation, const char *recipient)
{
  QkActivityItem *self;

  g_return_val_if_fail (operation != NULL, NULL);

  self = g_object_new (QK_TYPE_ACTIVITY_ITEM, NULL);
  self->operation = qk_history_operation_copy (operation);
  self->recipient = g_strdup (recipient);
  return self;
}

/**
 * qk_activity_item_update:
 * @self: a row
 * @operation: its operation, as it is now
 * @recipient: (nullable): to whom all its messages are
 *
 * Returns: whether it changed
 */
gboolean
qk_activity_item_update (QkActivityItem *self,
                         const QkHistoryOperation *operation,
                         const char *recipient)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_ITEM (self), FALSE);
  g_return_val_if_fail (operation != NULL && operation->id == self->operation->id, FALSE);

  if (operation->state == self->operation->state && operation->undone == self->operation->undone &&
      operation->n_together == self->operation->n_together &&
      operation->count == self->operation->count && g_strcmp0 (recipient, self->recipient) == 0)
    return FALSE;
  qk_history_operation_free (self->operation);
  self->operation = qk_history_operation_copy (operation);
  g_free (self->recipient);
  self->recipient = g_strdup (recipient);
  g_clear_pointer (&self->folded, g_free);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

/**
 * qk_activity_item_get:
 * @self: a row
 *
 * Returns: (transfer none): its operation, until it changes
 */
const QkHistoryOperation *
qk_activity_item_get (QkActivityItem *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_ITEM (self), NULL);

  return self->operation;
}

/**
 * qk_activity_item_get_recipient:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): to whom all its messages are
 */
const char *
qk_activity_item_get_recipient (QkActivityItem *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_ITEM (self), NULL);

  return self->recipient;
}

/**
 * qk_activity_item_get_folded:
 * @self: a row
 *
 * Returns: (transfer none): all that it says, with the case folded, to be searched
 */
const char *
qk_activity_item_get_folded (QkActivityItem *self)
{
  g_return_val_if_fail (QK_IS_ACTIVITY_ITEM (self), NULL);

  if (self->folded == NULL)
    {
      g_autofree char *sentence = qk_activity_words_sentence (self->operation, self->recipient);

      self->folded = qk_text_fold_case (sentence);
    }
  return self->folded;
}
