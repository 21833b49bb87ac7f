#include "qk-salvage-row.h"

struct _QkSalvageRow {
  GObject parent_instance;

  QkSalvageSource *source;   /* owned */
  const QkSalvagePart *part; /* of @source */
  gboolean used;
};

G_DEFINE_FINAL_TYPE (QkSalvageRow, qk_salvage_row, G_TYPE_OBJECT)

static void
qk_salvage_row_finalize (GObject *object)
{
  qk_salvage_source_unref (QK_SALVAGE_ROW (object)->source);

  G_OBJECT_CLASS (qk_salvage_row_parent_class)->finalize (object);
}

static void
qk_salvage_row_class_init (QkSalvageRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_salvage_row_finalize;
}

static void
qk_salvage_row_init (QkSalvageRow *self)
{
}

/**
 * qk_salvage_row_new:
 * @source: a source
 * @part: one of its pieces
 * @used: whether the result has it
 *
 * Returns: (transfer full): a row
 */
QkSalvageRow *
qk_salvage_row_new (QkSalvageSource *source, const QkSalvagePart *part, gboolean used)
{
  QkSalvageRow *self = g_object_new (QK_TYPE_SALVAGE_ROW, NULL);

  self->source = qk_salvage_source_ref (source);
  self->part = part;
  self->used = used;
  return self;
}

/**
 * qk_salvage_row_get_source:
 * @self: a row
 *
 * Returns: (transfer none): the source that it is of
 */
QkSalvageSource *
qk_salvage_row_get_source (QkSalvageRow *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_ROW (self), NULL);

  return self->source;
}

/**
 * qk_salvage_row_get_part:
 * @self: a row
 *
 * Returns: (transfer none): the piece
 */
const QkSalvagePart *
qk_salvage_row_get_part (QkSalvageRow *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_ROW (self), NULL);

  return self->part;
}

/**
 * qk_salvage_row_is_used:
 * @self: a row
 *
 * Returns: whether the result has it
 */
gboolean
qk_salvage_row_is_used (QkSalvageRow *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_ROW (self), FALSE);

  return self->used;
}
