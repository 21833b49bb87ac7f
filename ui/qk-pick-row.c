#include "qk-pick-row.h"

struct _QkPickRow {
  GObject parent_instance;

  gpointer owner; /* owned: keeps the entries */
  GDestroyNotify unref;
  const QkEntry *entry; /* of @owner */
  const QkEntry *other; /* of @owner, nullable */
  char *word;           /* owned */
  char *note;           /* owned, nullable */
  guint index;
  QkPickState state;
  gboolean picked;
};

G_DEFINE_FINAL_TYPE (QkPickRow, qk_pick_row, G_TYPE_OBJECT)

enum { PROP_0, PROP_PICKED, N_PROPS };

static GParamSpec *properties[N_PROPS];

static void
qk_pick_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PICKED)
    g_value_set_boolean (value, QK_PICK_ROW (object)->picked);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_pick_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PICKED)
    qk_pick_row_set_picked (QK_PICK_ROW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_pick_row_finalize (GObject *object)
{
  QkPickRow *self = QK_PICK_ROW (object);

  self->unref (self->owner);
  g_free (self->word);
  g_free (self->note);

  G_OBJECT_CLASS (qk_pick_row_parent_class)->finalize (object);
}

static void
qk_pick_row_class_init (QkPickRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_pick_row_get_property;
  object_class->set_property = qk_pick_row_set_property;
  object_class->finalize = qk_pick_row_finalize;

  /**
   * QkPickRow:picked:
   *
   * Whether the message is picked.
   */
  properties[PROP_PICKED] =
      g_param_spec_boolean ("picked", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_pick_row_init (QkPickRow *self)
{
}

/**
 * qk_pick_row_new:
 * @owner: (transfer full): what the entries live in
 * @unref: gives up @owner
 * @index: its number, for whoever makes the row
 * @entry: the message
 * @other: (nullable): the state of it that stands in the queue
 * @word: how it stands with it, for the operator
 * @note: (nullable): what else is to be known, for the operator
 * @state: whether it can be picked, and is
 *
 * Returns: (transfer full): a row
 */
QkPickRow *
qk_pick_row_new (gpointer owner,
                 GDestroyNotify unref,
                 guint index,
                 const QkEntry *entry,
                 const QkEntry *other,
                 const char *word,
                 const char *note,
                 QkPickState state)
{
  QkPickRow *self = g_object_new (QK_TYPE_PICK_ROW, NULL);

  self->owner = owner;
  self->unref = unref;
  self->index = index;
  self->entry = entry;
  self->other = other;
  self->word = g_strdup (word);
  self->note = g_strdup (note);
  self->state = state;
  self->picked = state == QK_PICK_ON;
  return self;
}

/**
 * qk_pick_row_get_index:
 * @self: a row
 *
 * Returns: its number
 */
guint
qk_pick_row_get_index (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), 0);

  return self->index;
}

/**
 * qk_pick_row_get_entry:
 * @self: a row
 *
 * Returns: (transfer none): the message
 */
const QkEntry *
qk_pick_row_get_entry (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), NULL);

  return self->entry;
}

/**
 * qk_pick_row_get_other:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the state of it that stands in the queue
 */
const QkEntry *
qk_pick_row_get_other (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), NULL);

  return self->other;
}

/**
 * qk_pick_row_get_word:
 * @self: a row
 *
 * Returns: how it stands with it
 */
const char *
qk_pick_row_get_word (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), NULL);

  return self->word;
}

/**
 * qk_pick_row_get_note:
 * @self: a row
 *
 * Returns: (nullable): what else is to be known
 */
const char *
qk_pick_row_get_note (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), NULL);

  return self->note;
}

/**
 * qk_pick_row_can_pick:
 * @self: a row
 *
 * Returns: whether it can be picked
 */
gboolean
qk_pick_row_can_pick (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), FALSE);

  return self->state != QK_PICK_FIXED;
}

/**
 * qk_pick_row_is_danger:
 * @self: a row
 *
 * Returns: whether it is left out where all are picked at once
 */
gboolean
qk_pick_row_is_danger (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), FALSE);

  return self->state == QK_PICK_DANGER;
}

/**
 * qk_pick_row_is_picked:
 * @self: a row
 *
 * Returns: whether it is picked
 */
gboolean
qk_pick_row_is_picked (QkPickRow *self)
{
  g_return_val_if_fail (QK_IS_PICK_ROW (self), FALSE);

  return self->picked;
}

/**
 * qk_pick_row_set_picked:
 * @self: a row
 * @picked: whether it is to be picked; means nothing where it cannot be
 *
 * Picks it, or not.
 */
void
qk_pick_row_set_picked (QkPickRow *self, gboolean picked)
{
  g_return_if_fail (QK_IS_PICK_ROW (self));

  if (!qk_pick_row_can_pick (self) || self->picked == picked)
    return;
  self->picked = picked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICKED]);
}
