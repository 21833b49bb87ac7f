#include "qk-window-private.h"

/* GTK lets what is not shown have the keyboard, as the list of an empty queue, and then no key does
 * anything. Here it goes to what is shown instead. */

static gboolean
mend_cb (gpointer user_data)
{
  QkWindow *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  self->focus_id = 0;
  if (focus == NULL || gtk_widget_get_mapped (focus) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_REMOVE;
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

/* Not at once: something else may be about to be shown in its place. */
static void
look_soon (QkWindow *self)
{
  if (self->focus_id == 0)
    self->focus_id = g_idle_add (mend_cb, self);
}

static void
focus_cb (QkWindow *self, GParamSpec *pspec, gpointer user_data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && focus != GTK_WIDGET (self))
    {
      g_signal_handlers_disconnect_by_func (focus, look_soon, self);
      g_signal_connect_object (focus, "unmap", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
    }
  look_soon (self);
}

/**
 * qk_window_focus_set_up:
 * @self: a window
 *
 * Sees to it from now on that the keyboard is where it is seen.
 */
void
qk_window_focus_set_up (QkWindow *self)
{
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_cb), NULL);
  g_signal_connect (self, "map", G_CALLBACK (look_soon), NULL);
}
