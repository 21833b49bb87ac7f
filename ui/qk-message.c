#include "qk-message.h"

struct _QkMessage {
  GObject parent_instance;

  QkDocument *document; /* owned: keeps the entry alive */
  const QkEntry *entry; /* of the document */
  guint index;
  guint n_seen; /* cells that show it */
};

G_DEFINE_FINAL_TYPE (QkMessage, qk_message, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
qk_message_finalize (GObject *object)
{
  QkMessage *self = QK_MESSAGE (object);

  qk_document_unref (self->document);

  G_OBJECT_CLASS (qk_message_parent_class)->finalize (object);
}

static void
qk_message_class_init (QkMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_message_finalize;

  /**
   * QkMessage::changed:
   *
   * The entry reads differently now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_message_init (QkMessage *self)
{
}

/**
 * qk_message_new:
 * @document: a version of the queue
 * @index: an entry of it
 *
 * Returns: (transfer full): a row for that entry
 */
QkMessage *
qk_message_new (QkDocument *document, guint index)
{
  QkMessage *self = g_object_new (QK_TYPE_MESSAGE, NULL);

  self->document = qk_document_ref (document);
  self->entry = qk_document_get_entry (document, index);
  self->index = index;
  return self;
}

/**
 * qk_message_get_document:
 * @self: a row
 *
 * Returns: (transfer none): the version that it was last seen in
 */
QkDocument *
qk_message_get_document (QkMessage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE (self), NULL);

  return self->document;
}

/**
 * qk_message_get_entry:
 * @self: a row
 *
 * Returns: (transfer none): the entry as it was last seen; valid until the queue changes
 */
const QkEntry *
qk_message_get_entry (QkMessage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE (self), NULL);

  return self->entry;
}

/**
 * qk_message_get_index:
 * @self: a row
 *
 * Returns: the entry's place in the version that it was last seen in
 */
guint
qk_message_get_index (QkMessage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE (self), G_MAXUINT);

  return self->index;
}

/**
 * qk_message_move:
 * @self: a row
 * @document: a newer version of the queue
 * @index: where the entry is in it
 *
 * Lets the row stand for the entry in @document. The list tells with qk_message_emit_changed()
 * when it is in order again.
 */
void
qk_message_move (QkMessage *self, QkDocument *document, guint index)
{
  g_return_if_fail (QK_IS_MESSAGE (self));

  if (self->document != document)
    {
      qk_document_unref (self->document);
      self->document = qk_document_ref (document);
    }
  self->entry = qk_document_get_entry (document, index);
  self->index = index;
}

/**
 * qk_message_emit_changed:
 * @self: a row
 *
 * Emits #QkMessage::changed.
 */
void
qk_message_emit_changed (QkMessage *self)
{
  g_return_if_fail (QK_IS_MESSAGE (self));

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * qk_message_add_seen:
 * @self: a row
 * @delta: how many more cells, or fewer, show it
 *
 * Keeps count of them.
 */
void
qk_message_add_seen (QkMessage *self, int delta)
{
  g_return_if_fail (QK_IS_MESSAGE (self));

  self->n_seen += (guint) delta;
}

/**
 * qk_message_get_seen:
 * @self: a row
 *
 * Returns: whether any cell shows it
 */
gboolean
qk_message_get_seen (QkMessage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGE (self), FALSE);

  return self->n_seen > 0;
}
