#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* From an operation to a message that it changed: it may have moved on, but it is the same one. */
static void
show_message_cb (QkActivityPage *page, const char *id, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  if (!qk_messages_page_show_message (self->page, id))
    {
      qk_window_tell (self, _ ("This message is no longer in the queue"), FALSE, 0);
      return;
    }
  adw_view_stack_set_visible_child_name (self->views, "messages");
}

static void
selected_cb (QkActivityPage *page, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_update_actions (self);
}

static void
undo_selected_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  gint64 operation = qk_activity_page_get_undoable (self->activity);

  if (self->store != NULL && operation != 0)
    qk_changer_undo (self->changer, self->store, operation);
}

void
qk_window_activity_set_up (QkWindow *self)
{
  g_signal_connect_object (self->activity, "show-message", G_CALLBACK (show_message_cb), self, 0);
  g_signal_connect_object (self->activity, "selected", G_CALLBACK (selected_cb), self, 0);
}

const QkWindowAction qk_window_activity_actions[] = {
    {"win.undo-selected", undo_selected_action, NULL, GDK_KEY_Z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_UNDOABLE},
    {NULL},
};
