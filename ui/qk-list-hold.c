#include "qk-list-hold.h"

#include "qk-settings.h"

#include <glib/gi18n-lib.h>

struct _QkListHold {
  GObject parent_instance;

  QkMessageList *list;           /* owned */
  QkMessageSelection *selection; /* owned */
  QkSettings *settings;          /* owned */
  gboolean frozen;
  guint update_id; /* source: holds the list, or lets it go */
};

G_DEFINE_FINAL_TYPE (QkListHold, qk_list_hold, G_TYPE_OBJECT)

enum { PROP_0, PROP_FROZEN, N_PROPS };

static GParamSpec *properties[N_PROPS];

static gboolean
holds_selected (QkListHold *self)
{
  return qk_settings_get_hold_while_selected (self->settings) &&
         qk_message_selection_get_size (self->selection) > 1;
}

static gboolean
update_cb (gpointer user_data)
{
  QkListHold *self = user_data;

  self->update_id = 0;
  qk_message_list_set_held (self->list, self->frozen || holds_selected (self));
  return G_SOURCE_REMOVE;
}

/* A list that is let go moves its rows: that is nothing to do while the view selects some of them. */
static void
update_soon (QkListHold *self)
{
  if (self->update_id == 0 &&
      qk_message_list_get_held (self->list, NULL) != (self->frozen || holds_selected (self)))
    self->update_id = g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, self, NULL);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkListHold *self)
{
  g_assert (QK_IS_LIST_HOLD (self));

  update_soon (self);
}

static void
setting_cb (QkSettings *settings, GParamSpec *pspec, QkListHold *self)
{
  g_assert (QK_IS_LIST_HOLD (self));

  update_soon (self);
}

static void
qk_list_hold_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FROZEN)
    g_value_set_boolean (value, QK_LIST_HOLD (object)->frozen);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_list_hold_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FROZEN)
    qk_list_hold_set_frozen (QK_LIST_HOLD (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qk_list_hold_dispose (GObject *object)
{
  QkListHold *self = QK_LIST_HOLD (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (qk_list_hold_parent_class)->dispose (object);
}

static void
qk_list_hold_class_init (QkListHoldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = qk_list_hold_get_property;
  object_class->set_property = qk_list_hold_set_property;
  object_class->dispose = qk_list_hold_dispose;

  /**
   * QkListHold:frozen:
   *
   * Whether the operator has frozen the list.
   */
  properties[PROP_FROZEN] =
      g_param_spec_boolean ("frozen", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qk_list_hold_init (QkListHold *self)
{
  self->settings = qk_settings_new ();
  g_signal_connect_object (self->settings, "notify::hold-while-selected", G_CALLBACK (setting_cb),
                           self, 0);
}

/**
 * qk_list_hold_new:
 * @list: a list
 * @selection: what is selected of it
 *
 * Returns: (transfer full): what holds @list from now on
 */
QkListHold *
qk_list_hold_new (QkMessageList *list, QkMessageSelection *selection)
{
  QkListHold *self = g_object_new (QK_TYPE_LIST_HOLD, NULL);

  self->list = g_object_ref (list);
  self->selection = g_object_ref (selection);
  g_signal_connect_object (selection, "settled", G_CALLBACK (selection_settled_cb), self, 0);
  return self;
}

/**
 * qk_list_hold_get_frozen:
 * @self: the hold of a list
 *
 * Returns: whether the operator has frozen the list
 */
gboolean
qk_list_hold_get_frozen (QkListHold *self)
{
  g_return_val_if_fail (QK_IS_LIST_HOLD (self), FALSE);

  return self->frozen;
}

/**
 * qk_list_hold_set_frozen:
 * @self: the hold of a list
 * @frozen: whether the operator freezes it
 *
 * Freezes the list or thaws it.
 */
void
qk_list_hold_set_frozen (QkListHold *self, gboolean frozen)
{
  g_return_if_fail (QK_IS_LIST_HOLD (self));

  if (self->frozen == frozen)
    return;
  self->frozen = frozen;
  qk_message_list_set_held (self->list, frozen || holds_selected (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROZEN]);
}

/**
 * qk_list_hold_describe:
 * @self: the hold of a list
 *
 * Returns: (transfer full) (nullable): why the list stands still and what is held back; %NULL where it
 *   does not
 */
char *
qk_list_hold_describe (QkListHold *self)
{
  guint n;

  g_return_val_if_fail (QK_IS_LIST_HOLD (self), NULL);

  if (!qk_message_list_get_held (self->list, &n))
    return NULL;
  if (self->frozen && n == 0)
    return g_strdup (_ ("Frozen · nothing held back"));
  if (self->frozen)
    return g_strdup_printf (
        ngettext ("Frozen · %u change held back", "Frozen · %u changes held back", n), n);
  if (n == 0)
    return g_strdup (_ ("Still while several are selected · nothing held back"));
  return g_strdup_printf (ngettext ("Still while several are selected · %u change held back",
                                    "Still while several are selected · %u changes held back", n),
                          n);
}
