#include "qk-row-menu.h"

#include "qk-message-cell.h"

#include <glib/gi18n-lib.h>

/* What the controllers are given; it lives as long as the popover. */
typedef struct {
  GtkColumnView *column_view; /* borrowed */
  GtkPopover *popover;        /* borrowed */
  QkMessageList *list;        /* owned */
} RowMenu;

static void
row_menu_free (gpointer data)
{
  RowMenu *self = data;

  g_object_unref (self->list);
  g_free (self);
}

/* The message whose row @widget, which may be NULL, is in or has in it. */
static QkMessage *
find_message (GtkWidget *widget)
{
  for (GtkWidget *up = widget; up != NULL; up = gtk_widget_get_parent (up))
    if (QK_IS_MESSAGE_CELL (up))
      return qk_message_cell_get_message (QK_MESSAGE_CELL (up));
  for (GtkWidget *down = widget; down != NULL; down = gtk_widget_get_first_child (down))
    if (QK_IS_MESSAGE_CELL (down))
      return qk_message_cell_get_message (QK_MESSAGE_CELL (down));
  return NULL;
}

/* Returns whether the message is there, and selected now. */
static gboolean
select_message (RowMenu *self, QkMessage *message)
{
  GtkSelectionModel *selection = gtk_column_view_get_model (self->column_view);
  guint position;

  if (message == NULL || !qk_message_list_find (self->list, message, &position))
    return FALSE;
  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);
  return TRUE;
}

static void
pop_up (RowMenu *self, double x, double y)
{
  const GdkRectangle at = {(int) x, (int) y, 1, 1};

  gtk_popover_set_pointing_to (self->popover, &at);
  gtk_popover_popup (self->popover);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, RowMenu *self)
{
  GtkWidget *view = GTK_WIDGET (self->column_view);
  double parent_x, parent_y;

  if (!select_message (self, find_message (gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT))))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_translate_coordinates (view, gtk_widget_get_parent (GTK_WIDGET (self->popover)), x, y,
                                    &parent_x, &parent_y);
  pop_up (self, parent_x, parent_y);
}

/* At the row that has the keyboard. */
static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  RowMenu *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  graphene_rect_t bounds;

  if (focus == NULL || !select_message (self, find_message (focus)) ||
      !gtk_widget_compute_bounds (focus, gtk_widget_get_parent (GTK_WIDGET (self->popover)),
                                  &bounds))
    return FALSE;
  pop_up (self, (double) bounds.origin.x + 48,
          (double) bounds.origin.y + (double) bounds.size.height / 2);
  return TRUE;
}

/**
 * qk_row_menu_attach:
 * @parent: what the menu belongs to; has a layout manager
 * @column_view: shows the messages, in a selection of @list
 * @list: the messages
 * @model: what is in the menu
 *
 * Returns: (transfer none): the menu; @parent has to unparent it when it goes
 */
GtkWidget *
qk_row_menu_attach (GtkWidget *parent,
                    GtkColumnView *column_view,
                    QkMessageList *list,
                    GMenuModel *model)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (model);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  RowMenu *self = g_new (RowMenu, 1);

  *self = (RowMenu){column_view, GTK_POPOVER (popover), g_object_ref (list)};
  g_object_set_data_full (G_OBJECT (popover), "qk-row-menu", self, row_menu_free);
  gtk_widget_set_parent (popover, parent);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What to do with the selected messages"), -1);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (column_view), GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                        gtk_callback_action_new (key_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (column_view), keys);
  return popover;
}
