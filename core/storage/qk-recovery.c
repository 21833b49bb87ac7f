#include "qk-recovery-private.h"

struct _QkRecovery {
  GObject parent_instance;

  QkSalvage *salvage; /* owned */
  char *problem;      /* owned, nullable: the queue is sound, or not there */
  gpointer found;     /* owned: what the store needs */
  GDestroyNotify free_found;
  gboolean current;
};

G_DEFINE_FINAL_TYPE (QkRecovery, qk_recovery, G_TYPE_OBJECT)

enum { PROP_0, PROP_CURRENT, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
qk_recovery_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CURRENT)
    g_value_set_boolean (value, QK_RECOVERY (object)->current);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_recovery_finalize (GObject *object)
{
  QkRecovery *self = QK_RECOVERY (object);

  self->free_found (self->found);
  qk_salvage_unref (self->salvage);
  g_free (self->problem);

  G_OBJECT_CLASS (qk_recovery_parent_class)->finalize (object);
}

static void
qk_recovery_class_init (QkRecoveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_recovery_get_property;
  object_class->finalize = qk_recovery_finalize;

  /**
   * QkRecovery:current:
   *
   * Whether the queue is still the version that was looked at, as far as its store has seen.
   */
  properties[PROP_CURRENT] =
      g_param_spec_boolean ("current", NULL, NULL, TRUE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_recovery_init (QkRecovery *self)
{
  self->current = TRUE;
}

/* Takes @found over. @problem is what is wrong with the queue; NULL where there is nothing that
 * could be repaired. */
QkRecovery *
qk_recovery_new (QkSalvage *salvage, const char *problem, gpointer found, GDestroyNotify free_found)
{
  QkRecovery *self = g_object_new (QK_TYPE_RECOVERY, NULL);

  self->salvage = qk_salvage_ref (salvage);
  self->problem = g_strdup (problem);
  self->found = found;
  self->free_found = free_found;
  return self;
}

gpointer
qk_recovery_get_found (QkRecovery *self)
{
  return self->found;
}

void
qk_recovery_set_current (QkRecovery *self, gboolean current)
{
  if (self->current == current)
    return;
  self->current = current;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

/**
 * qk_recovery_get_salvage:
 * @self: a recovery
 *
 * Returns: (transfer none): what can be had; the first source is the queue, if that is there
 */
QkSalvage *
qk_recovery_get_salvage (QkRecovery *self)
{
  g_return_val_if_fail (QK_IS_RECOVERY (self), NULL);

  return self->salvage;
}

/**
 * qk_recovery_get_problem:
 * @self: a recovery
 *
 * Returns: (nullable): what is wrong with the queue and where; %NULL where it is sound, or not there
 */
const char *
qk_recovery_get_problem (QkRecovery *self)
{
  g_return_val_if_fail (QK_IS_RECOVERY (self), NULL);

  return self->problem;
}

/**
 * qk_recovery_can_repair:
 * @self: a recovery
 *
 * Returns: whether there is a damaged queue, and a message that could be put in its place
 */
gboolean
qk_recovery_can_repair (QkRecovery *self)
{
  g_return_val_if_fail (QK_IS_RECOVERY (self), FALSE);

  return self->problem != NULL && qk_salvage_get_n_entries (self->salvage) > 0;
}

/**
 * qk_recovery_is_current:
 * @self: a recovery
 *
 * Returns: whether the queue is still the version that was looked at, as far as its store has seen
 */
gboolean
qk_recovery_is_current (QkRecovery *self)
{
  g_return_val_if_fail (QK_IS_RECOVERY (self), FALSE);

  return self->current;
}
