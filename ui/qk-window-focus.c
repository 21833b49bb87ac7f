#include "qk-window-private.h"

/* GTK lets what is not shown have the keyboard, as the list of an empty queue, and then no key does
 * anything. Here it goes to what is shown instead. */

static gboolean
mend_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  /* What came in a moment ago, as a row that was scrolled to, is shown from its first frame on. */
  if (gdk_frame_clock_get_frame_counter (clock) < self->focus_frame + 2)
    return G_SOURCE_CONTINUE;
  self->focus_id = 0;
  if (focus == NULL || gtk_widget_get_mapped (focus) || !gtk_widget_get_mapped (widget))
    return G_SOURCE_REMOVE;
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

/* Not at once: something else may be about to be shown in its place. */
static void
look_soon (QkWindow *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (clock == NULL)
    return;
  self->focus_frame = gdk_frame_clock_get_frame_counter (clock);
  if (self->focus_id == 0)
    self->focus_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), mend_cb, NULL, NULL);
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
