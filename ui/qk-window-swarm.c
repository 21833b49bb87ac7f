#include "qk-agents-dialog.h"
#include "qk-window-private.h"

/* The agents of the swarm, and what its page leads to. */

static void
apply_agents (QkWindow *self)
{
  g_autofree char *key = NULL;
  g_auto (GStrv) agents = NULL;

  if (self->store == NULL)
    return;
  key = qk_store_dup_key (self->store);
  agents = qk_settings_dup_agents (self->settings, key);
  qk_store_choose_agents (self->store, (const char *const *) agents);
}

static void
agents_changed_cb (QkSettings *settings, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  apply_agents (self);
}

static void
show_messages_cb (QkSwarmPage *page, QkFilter *filter, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_messages_page_show_found (self->page, filter);
  adw_view_stack_set_visible_child_name (self->views, "messages");
}

static void
edit_agents_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);

  gtk_window_present (
      GTK_WINDOW (qk_agents_dialog_new (GTK_WINDOW (self), self->store, self->settings)));
}

/**
 * qk_window_swarm_set_up:
 * @self: a window
 *
 * Follows what is chosen and what the page of the swarm asks for.
 */
void
qk_window_swarm_set_up (QkWindow *self)
{
  g_signal_connect_object (self->settings, "agents-changed", G_CALLBACK (agents_changed_cb), self,
                           0);
  g_signal_connect_object (self->swarm_page, "show-messages", G_CALLBACK (show_messages_cb), self,
                           0);
}

/**
 * qk_window_swarm_open:
 * @self: a window with another store than before
 *
 * Shows its swarm, with the agents that were chosen for it.
 */
void
qk_window_swarm_open (QkWindow *self)
{
  apply_agents (self);
  qk_swarm_page_set_store (self->swarm_page, self->store);
}

const QkWindowAction qk_window_swarm_actions[] = {
    {"win.edit-agents", edit_agents_action, NULL, 0, 0, QK_NEEDS_STORE},
    {NULL},
};
