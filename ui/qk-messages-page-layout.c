#include "qk-messages-page-private.h"

#include "qk-selection-pane.h"

/* Which panes stand side by side, and the ways between them. */

gboolean
qk_messages_page_is_reading (QkMessagesPage *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->detail);
}

void
qk_messages_page_layout_update (QkMessagesPage *self)
{
  g_autofree char *text = qk_selection_pane_describe (self->selection);

  gtk_label_set_text (self->selected, text);
  gtk_widget_set_visible (self->selection_bar,
                          adw_leaflet_get_folded (self->leaflet) && !self->grouping);
}

static void
selection_settled_cb (QkMessageSelection *selection, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  qk_messages_page_layout_update (self);
  if (qk_message_selection_get_size (selection) == 0 && qk_messages_page_is_reading (self))
    qk_messages_page_go_back (self);
}

static void
update_reading (QkMessagesPage *self)
{
  qk_messages_page_layout_update (self);
  gtk_widget_set_visible (self->top, !qk_messages_page_is_reading (self));
  g_object_notify (G_OBJECT (self), "reading");
}

static void
visible_child_cb (AdwLeaflet *leaflet, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  update_reading (self);
}

static gboolean
folded_idle_cb (gpointer user_data)
{
  QkMessagesPage *self = user_data;

  self->folded_id = 0;
  update_reading (self);
  return G_SOURCE_REMOVE;
}

/* The leaflet folds while the window is laid out, when nothing may come into sight or go: GTK would draw
 * what has no place yet. */
static void
folded_cb (AdwLeaflet *leaflet, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  if (self->folded_id == 0)
    self->folded_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, folded_idle_cb, self, NULL);
}

static void
flap_notify_cb (AdwFlap *flap, GParamSpec *pspec, QkMessagesPage *self)
{
  g_assert (QK_IS_MESSAGES_PAGE (self));

  g_object_notify (G_OBJECT (self), "sidebar-visible");
}

/**
 * qk_messages_page_read:
 * @self: a page
 *
 * Goes from the list to the selected message where each is a page of its own.
 */
void
qk_messages_page_read (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  if (qk_message_selection_get_size (self->selection) > 0)
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->detail));
}

/**
 * qk_messages_page_go_back:
 * @self: a page
 *
 * Goes from the message back to the list where each is a page of its own.
 */
void
qk_messages_page_go_back (QkMessagesPage *self)
{
  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static gboolean
has_focus (GtkWidget *pane)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (pane));

  return focus != NULL && gtk_widget_is_ancestor (focus, pane);
}

/**
 * qk_messages_page_step_pane:
 * @self: a page
 * @step: 1 or -1
 *
 * Moves the keyboard to the next pane that is seen, or the previous one: the sidebar, the list, the
 * message.
 */
void
qk_messages_page_step_pane (QkMessagesPage *self, int step)
{
  GtkWidget *panes[] = {GTK_WIDGET (self->sidebar), GTK_WIDGET (self->view),
                        GTK_WIDGET (self->detail)};
  const guint n = G_N_ELEMENTS (panes);
  guint at = 1;

  g_return_if_fail (QK_IS_MESSAGES_PAGE (self));

  for (guint i = 0; i < n; i++)
    if (has_focus (panes[i]))
      at = i;
  for (guint i = 0; i < n; i++)
    {
      at = (at + n + (guint) step) % n;
      if (!gtk_widget_get_mapped (panes[at]) || !gtk_widget_get_child_visible (panes[at]))
        continue;
      if (at == 1)
        qk_message_view_take_focus (self->view);
      else if (at == 2)
        qk_message_detail_take_focus (self->detail);
      else
        gtk_widget_child_focus (panes[at], GTK_DIR_TAB_FORWARD);
      return;
    }
}

void
qk_messages_page_layout_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, flap_notify_cb);
  gtk_widget_class_bind_template_callback (widget_class, qk_messages_page_read);
}

void
qk_messages_page_layout_set_up (QkMessagesPage *self)
{
  g_signal_connect (self->selection, "settled", G_CALLBACK (selection_settled_cb), self);
}
