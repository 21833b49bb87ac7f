#include "qk-salvage-list.h"

struct _QkSalvageList {
  GObject parent_instance;

  QkSalvageSource *source; /* owned, nullable */
  GHashTable *used;        /* owned, nullable: a set of QkEntry, which the source owns */
  gboolean only_trouble;
  GArray *shown; /* owned, nullable: of indices of pieces; NULL for all */
};

static void qk_salvage_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QkSalvageList,
                               qk_salvage_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      qk_salvage_list_model_init))

static GType
qk_salvage_list_get_item_type (GListModel *model)
{
  return QK_TYPE_SALVAGE_ROW;
}

static guint
qk_salvage_list_get_n_items (GListModel *model)
{
  QkSalvageList *self = QK_SALVAGE_LIST (model);

  return self->shown != NULL ? self->shown->len : qk_salvage_list_get_total (self);
}

static gpointer
qk_salvage_list_get_item (GListModel *model, guint position)
{
  QkSalvageList *self = QK_SALVAGE_LIST (model);
  const QkSalvagePart *part;

  if (position >= qk_salvage_list_get_n_items (model))
    return NULL;
  if (self->shown != NULL)
    position = g_array_index (self->shown, guint, position);
  part = qk_salvage_source_get_part (self->source, position);
  return qk_salvage_row_new (
      self->source, part, part->entry != NULL && g_hash_table_contains (self->used, part->entry));
}

static void
qk_salvage_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = qk_salvage_list_get_item_type;
  iface->get_n_items = qk_salvage_list_get_n_items;
  iface->get_item = qk_salvage_list_get_item;
}

static void
qk_salvage_list_finalize (GObject *object)
{
  QkSalvageList *self = QK_SALVAGE_LIST (object);

  g_clear_pointer (&self->source, qk_salvage_source_unref);
  g_clear_pointer (&self->used, g_hash_table_unref);
  g_clear_pointer (&self->shown, g_array_unref);

  G_OBJECT_CLASS (qk_salvage_list_parent_class)->finalize (object);
}

static void
qk_salvage_list_class_init (QkSalvageListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_salvage_list_finalize;
}

static void
qk_salvage_list_init (QkSalvageList *self)
{
}

/* Finds out anew what is shown, and tells. */
static void
update (QkSalvageList *self, guint n_before)
{
  guint n_parts = qk_salvage_list_get_total (self);

  g_clear_pointer (&self->shown, g_array_unref);
  if (self->only_trouble)
    {
      self->shown = g_array_new (FALSE, FALSE, sizeof (guint));
      for (guint i = 0; i < n_parts; i++)
        {
          QkSalvageKind kind = qk_salvage_source_get_part (self->source, i)->kind;

          if (kind == QK_SALVAGE_REPAIRED || kind == QK_SALVAGE_LEFT_OVER)
            g_array_append_val (self->shown, i);
        }
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before,
                              qk_salvage_list_get_n_items (G_LIST_MODEL (self)));
}

/**
 * qk_salvage_list_new:
 *
 * Returns: (transfer full): an empty list
 */
QkSalvageList *
qk_salvage_list_new (void)
{
  return g_object_new (QK_TYPE_SALVAGE_LIST, NULL);
}

/**
 * qk_salvage_list_set_source:
 * @self: a list
 * @source: (nullable): the source to show
 * @used: (nullable) (element-type QkEntry QkEntry): the set of all entries that the result has;
 *   needed with a source
 *
 * Shows the pieces of @source.
 */
void
qk_salvage_list_set_source (QkSalvageList *self, QkSalvageSource *source, GHashTable *used)
{
  guint n_before;

  g_return_if_fail (QK_IS_SALVAGE_LIST (self));
  g_return_if_fail (source == NULL || used != NULL);

  n_before = g_list_model_get_n_items (G_LIST_MODEL (self));
  g_clear_pointer (&self->source, qk_salvage_source_unref);
  g_clear_pointer (&self->used, g_hash_table_unref);
  if (source != NULL)
    {
      self->source = qk_salvage_source_ref (source);
      self->used = g_hash_table_ref (used);
    }
  update (self, n_before);
}

/**
 * qk_salvage_list_set_only_trouble:
 * @self: a list
 * @only_trouble: show only what is repaired or left over
 *
 * Filters the list.
 */
void
qk_salvage_list_set_only_trouble (QkSalvageList *self, gboolean only_trouble)
{
  guint n_before;

  g_return_if_fail (QK_IS_SALVAGE_LIST (self));

  if (self->only_trouble == only_trouble)
    return;
  n_before = g_list_model_get_n_items (G_LIST_MODEL (self));
  self->only_trouble = only_trouble;
  update (self, n_before);
}

/**
 * qk_salvage_list_get_total:
 * @self: a list
 *
 * Returns: how many pieces the source has, shown or not
 */
guint
qk_salvage_list_get_total (QkSalvageList *self)
{
  g_return_val_if_fail (QK_IS_SALVAGE_LIST (self), 0);

  return self->source != NULL ? qk_salvage_source_get_n_parts (self->source) : 0;
}
