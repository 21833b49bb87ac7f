#include "qk-error-group-item.h"

struct _QkErrorGroupItem {
  GObject parent_instance;

  QkErrorGroup group; /* its class is owned */
};

G_DEFINE_FINAL_TYPE (QkErrorGroupItem, qk_error_group_item, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
qk_error_group_item_finalize (GObject *object)
{
  g_free (QK_ERROR_GROUP_ITEM (object)->group.error_class);

  G_OBJECT_CLASS (qk_error_group_item_parent_class)->finalize (object);
}

static void
qk_error_group_item_class_init (QkErrorGroupItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qk_error_group_item_finalize;

  /**
   * QkErrorGroupItem::changed:
   *
   * Its numbers are others than before.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qk_error_group_item_init (QkErrorGroupItem *self)
{
}

/**
 * qk_error_group_item_new:
 * @group: a group
 *
 * Returns: (transfer full): a row for it
 */
QkErrorGroupItem *
qk_error_group_item_new (const QkErrorGroup *group)
{
  QkErrorGroupItem *self = g_object_new (QK_TYPE_ERROR_GROUP_ITEM, NULL);

  self->group = *group;
  self->group.error_class = g_strdup (group->error_class);
  return self;
}

/**
 * qk_error_group_item_update:
 * @self: a row
 * @group: the group as it is now, of the same class
 *
 * Takes new numbers.
 */
void
qk_error_group_item_update (QkErrorGroupItem *self, const QkErrorGroup *group)
{
  g_return_if_fail (QK_IS_ERROR_GROUP_ITEM (self));

  if (self->group.n_entries == group->n_entries && self->group.n_agents == group->n_agents &&
      self->group.oldest == group->oldest)
    return;
  self->group.n_entries = group->n_entries;
  self->group.n_agents = group->n_agents;
  self->group.oldest = group->oldest;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * qk_error_group_item_get:
 * @self: a row
 *
 * Returns: (transfer none): its group
 */
const QkErrorGroup *
qk_error_group_item_get (QkErrorGroupItem *self)
{
  g_return_val_if_fail (QK_IS_ERROR_GROUP_ITEM (self), NULL);

  return &self->group;
}
