#include "qk-messages-page-private.h"

#include "qk-slim-layout.h"
#include "qk-time.h"

G_DEFINE_FINAL_TYPE (QkMessagesPage, qk_messages_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_HIDE_DELIVERED,
  PROP_SIDEBAR_VISIBLE,
  PROP_READING,
  PROP_GROUP_BY_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
tick_cb (gpointer user_data)
{
  QkMessagesPage *self = user_data;
  gint64 now = qk_wall_now ();

  qk_messages_page_counts_update_time (self, now);
  qk_error_group_view_update_time (self->groups, now);
  qk_message_view_update_time (self->view, now);
  qk_detail_pane_update (qk_messages_page_get_detail (self));
  return G_SOURCE_CONTINUE;
}

static void
qk_messages_page_map (GtkWidget *widget)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (widget);

  GTK_WIDGET_CLASS (qk_messages_page_parent_class)->map (widget);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

static void
qk_messages_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&QK_MESSAGES_PAGE (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (qk_messages_page_parent_class)->unmap (widget);
}

static void
qk_messages_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  switch (id)
    {
    case PROP_HIDE_DELIVERED:
      g_value_set_boolean (value, qk_message_list_get_filter (self->list)->hide_delivered);
      break;
    case PROP_SIDEBAR_VISIBLE:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (self->flap));
      break;
    case PROP_READING:
      g_value_set_boolean (value, qk_messages_page_is_reading (self));
      break;
    case PROP_GROUP_BY_ERROR:
      g_value_set_boolean (value, self->grouping);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_messages_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  switch (id)
    {
    case PROP_HIDE_DELIVERED:
      if (qk_message_list_get_filter (self->list)->hide_delivered == g_value_get_boolean (value))
        break;
      qk_message_list_set_hide_delivered (self->list, g_value_get_boolean (value));
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SIDEBAR_VISIBLE:
      adw_flap_set_reveal_flap (self->flap, g_value_get_boolean (value));
      break;
    case PROP_GROUP_BY_ERROR:
      if (self->grouping != g_value_get_boolean (value))
        qk_messages_page_set_grouping (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qk_messages_page_dispose (GObject *object)
{
  QkMessagesPage *self = QK_MESSAGES_PAGE (object);

  g_clear_handle_id (&self->folded_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->summarizer != NULL)
    g_signal_handlers_disconnect_by_data (self->summarizer, self);
  if (self->saved != NULL)
    g_signal_handlers_disconnect_by_data (self->saved, self);
  g_clear_object (&self->saved);
  g_clear_object (&self->summarizer);
  g_clear_object (&self->hold);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  if (self->health != NULL)
    g_signal_handlers_disconnect_by_data (self->health, self);
  g_clear_object (&self->health);
  g_clear_object (&self->store);
  g_clear_pointer (&self->sought, g_free);

  G_OBJECT_CLASS (qk_messages_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * QkMessagesPage:hide-delivered:
   *
   * Whether delivered messages are left out of the list.
   */
  properties[PROP_HIDE_DELIVERED] =
      g_param_spec_boolean ("hide-delivered", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  /**
   * QkMessagesPage:sidebar-visible:
   *
   * Whether the sidebar is shown.
   */
  properties[PROP_SIDEBAR_VISIBLE] =
      g_param_spec_boolean ("sidebar-visible", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  /**
   * QkMessagesPage:reading:
   *
   * Whether a message fills the page, so that there is a way back to the list.
   */
  properties[PROP_READING] =
      g_param_spec_boolean ("reading", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  /**
   * QkMessagesPage:group-by-error:
   *
   * Whether the errors of the messages are shown in groups instead of the messages.
   */
  properties[PROP_GROUP_BY_ERROR] =
      g_param_spec_boolean ("group-by-error", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, flap);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, top);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, sidebar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, strip);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, title);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, hazard_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, hazards);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, find_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, nothing_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, view);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, separator);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, detail);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, groups);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, held_bar);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, held);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, thaw_button);
  gtk_widget_class_bind_template_child (widget_class, QkMessagesPage, selected);
}

static void
qk_messages_page_class_init (QkMessagesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = qk_messages_page_dispose;
  object_class->get_property = qk_messages_page_get_property;
  object_class->set_property = qk_messages_page_set_property;
  widget_class->map = qk_messages_page_map;
  widget_class->unmap = qk_messages_page_unmap;
  install_properties (object_class);

  g_type_ensure (QK_TYPE_AGENT_SIDEBAR);
  g_type_ensure (QK_TYPE_COUNTER_STRIP);
  g_type_ensure (QK_TYPE_ERROR_GROUP_VIEW);
  g_type_ensure (QK_TYPE_FIND_BAR);
  g_type_ensure (QK_TYPE_MESSAGE_DETAIL);
  g_type_ensure (QK_TYPE_MESSAGE_VIEW);
  g_type_ensure (QK_TYPE_SLIM_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-messages-page.ui");
  bind_template (widget_class);
  qk_messages_page_find_bind (widget_class);
  qk_messages_page_layout_bind (widget_class);
  qk_messages_page_narrow_bind (widget_class);
}

static void
qk_messages_page_init (QkMessagesPage *self)
{
  self->list = qk_message_list_new ();
  qk_message_list_set_hide_delivered (self->list, TRUE);
  self->selection = qk_message_selection_new (g_object_ref (self->list));
  gtk_widget_init_template (GTK_WIDGET (self));
  qk_message_view_set_list (self->view, self->list, self->selection);
  qk_message_detail_set_selection (self->detail, self->selection);
  qk_messages_page_find_set_up (self);
  qk_messages_page_content_set_up (self);
  qk_messages_page_layout_set_up (self);
  qk_messages_page_counts_set_up (self);
  qk_messages_page_narrow_set_up (self);
  qk_messages_page_content_update (self);
}

/**
 * qk_messages_page_set_store:
 * @self: a page
 * @store: (nullable): whose messages to show
 *
 * Shows the messages of @store, and all agents of it.
 */
void
qk_messages_page_set_store (QkMessagesPage *self, QkStore *store)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));
  g_return_if_fail (store == NULL || QK_IS_STORE (store));

  g_set_object (&self->store, store);
  g_clear_pointer (&self->sought, g_free);
  qk_agent_sidebar_select (self->sidebar, NULL);
  qk_find_bar_clear (self->find_bar);
  qk_detail_pane_set_store (qk_messages_page_get_detail (self), store);
  qk_message_list_set_store (self->list, store);
  qk_summarizer_set_store (self->summarizer, store);
}

/**
 * qk_messages_page_set_history:
 * @self: a page
 * @history: what knows what was done
 *
 * Tells of a message what was done to it.
 */
void
qk_messages_page_set_history (QkMessagesPage *self, QkHistory *history)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  qk_detail_pane_set_history (qk_messages_page_get_detail (self), history);
}

/**
 * qk_messages_page_get_detail:
 * @self: a page
 *
 * Returns: (transfer none): the selected message in full
 */
QkDetailPane *
qk_messages_page_get_detail (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return qk_message_detail_get_pane (self->detail);
}

/**
 * qk_messages_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): the messages that are shown
 */
QkMessageList *
qk_messages_page_get_list (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->list;
}

/**
 * qk_messages_page_get_selection:
 * @self: a page
 *
 * Returns: (transfer none): those of them that are selected
 */
QkMessageSelection *
qk_messages_page_get_selection (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->selection;
}

/**
 * qk_messages_page_get_hold:
 * @self: a page
 *
 * Returns: (transfer none): what says when the list stands still
 */
QkListHold *
qk_messages_page_get_hold (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return self->hold;
}

/**
 * qk_messages_page_get_columns:
 * @self: a page
 *
 * Returns: (transfer none): the columns in which they are shown
 */
QkColumnSet *
qk_messages_page_get_columns (QkMessagesPage *self)
{
  g_return_val_if_fail (QK_IS_MESSAGES_PAGE (self), NULL);

  return qk_message_view_get_columns (self->view);
}

/**
 * qk_messages_page_select_all:
 * @self: a page
 *
 * Selects every message that is shown.
 */
void
qk_messages_page_select_all (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (!self->grouping)
    qk_message_view_select_all (self->view);
}
