#include "qk-window-private.h"

gboolean
qk_window_shows_view (QkWindow *self, const char *name)
{
  return g_strcmp0 (qk_window_get_shown (self), "queue") == 0 &&
         g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), name) == 0;
}

/* Once is enough: until the broadcast is seen as it is then, it is not resent again. */
static gboolean
can_resend_missed (QkWindow *self)
{
  QkBroadcastItem *item = qk_broadcasts_page_get_selected (self->broadcasts);

  return qk_window_shows_view (self, "broadcasts") && item != NULL &&
         qk_broadcast_item_get (item)->n_missed > 0 &&
         qk_broadcast_item_get_broadcasts (item) != self->spent &&
         qk_changer_get_n_pending (self->changer) == 0;
}

/* All of them. */
static const QkWindowAction *const tables[] = {
    qk_window_general_actions,  /* the queue as a whole */
    qk_window_manners_actions,  /* which queue in which window */
    qk_window_list_actions,     /* how the list is shown */
    qk_window_message_actions,  /* what is listed, and what is selected in it */
    qk_window_detail_actions,   /* the message that is read */
    qk_window_act_actions,      /* what is done to messages */
    qk_window_find_actions,     /* saved filters, and errors in groups */
    qk_window_bulk_actions,     /* many at once */
    qk_window_keep_actions,     /* files of messages */
    qk_window_swarm_actions,    /* the agents of the swarm */
    qk_window_health_actions,   /* the figures of lock health */
    qk_window_activity_actions, /* what was done */
};

/* Where one reads from right to left, back is to the right. */
static gboolean
back_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  return gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL &&
         gtk_widget_activate_action (widget, "win.back", NULL);
}

/* Keys that do the same as another one, or what needs a parameter. */
static void
install_more_keys (GtkWidgetClass *widget_class)
{
  /* In the order of their keys. */
  static const char *const pages[] = {"messages", "broadcasts", "swarm", "health", "activity"};

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, GDK_ALT_MASK, "win.show-page",
                                         "s", pages[i]);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_ALT_MASK, back_cb, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "win.purge", NULL);
  gtk_widget_class_install_property_action (widget_class, "win.read-only", "read-only");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_M, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "win.read-only", NULL);
  gtk_widget_class_install_property_action (widget_class, "win.freeze", "frozen");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK, "win.freeze",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

void
qk_window_install_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const QkWindowAction *action = tables[i]; action->name != NULL; action++)
      {
        gtk_widget_class_install_action (widget_class, action->name, action->parameter,
                                         action->activate);
        if (action->key != 0)
          gtk_widget_class_add_binding_action (widget_class, action->key, action->modifiers,
                                               action->name, NULL);
      }
  install_more_keys (widget_class);
}

/* What is there of all that actions may need. */
static guint
get_fulfilled (QkWindow *self)
{
  QkStoreState state =
      self->store != NULL ? qk_store_get_state (self->store) : QK_STORE_STATE_OPENING;
  guint fulfilled = 0;
  gboolean reading, grouping;

  g_object_get (self->page, "reading", &reading, "group-by-error", &grouping, NULL);
  if (self->store != NULL)
    fulfilled |= QK_NEEDS_STORE;
  if (self->store != NULL && !self->read_only && state != QK_STORE_STATE_DAMAGED &&
      state != QK_STORE_STATE_UNREADABLE && state != QK_STORE_STATE_GONE)
    fulfilled |= QK_NEEDS_SAVING;
  if (state == QK_STORE_STATE_DAMAGED)
    fulfilled |= QK_NEEDS_DAMAGE;
  if (can_resend_missed (self))
    fulfilled |= QK_NEEDS_MISSED;
  if (qk_window_shows_view (self, "health"))
    fulfilled |= QK_NEEDS_HEALTH;
  if (qk_window_shows_view (self, "activity") &&
      qk_activity_page_get_undoable (self->activity) != 0)
    fulfilled |= QK_NEEDS_UNDOABLE;
  if (!qk_window_shows_view (self, "messages"))
    return fulfilled;
  fulfilled |= QK_NEEDS_MESSAGES;
  if (!grouping &&
      g_list_model_get_n_items (G_LIST_MODEL (qk_messages_page_get_list (self->page))) > 0)
    fulfilled |= QK_NEEDS_SHOWN;
  if (qk_message_selection_get_size (qk_messages_page_get_selection (self->page)) > 0)
    fulfilled |= QK_NEEDS_SELECTION;
  if (reading)
    fulfilled |= QK_NEEDS_READING;
  return fulfilled;
}

void
qk_window_update_actions (QkWindow *self)
{
  guint fulfilled = get_fulfilled (self);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const QkWindowAction *action = tables[i]; action->name != NULL; action++)
      gtk_widget_action_set_enabled (GTK_WIDGET (self), action->name,
                                     (action->needs & ~fulfilled) == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.freeze",
                                 (fulfilled & QK_NEEDS_MESSAGES) != 0);
  gtk_widget_set_visible (self->back_button, (fulfilled & QK_NEEDS_READING) != 0);
  gtk_widget_set_visible (self->sidebar_button,
                          (fulfilled & (QK_NEEDS_MESSAGES | QK_NEEDS_READING)) ==
                              QK_NEEDS_MESSAGES);
}
