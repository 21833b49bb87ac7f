#include "qk-tab-order.h"

static gboolean
is_list (GtkWidget *widget)
{
  return GTK_IS_LIST_BASE (widget) || GTK_IS_FLOW_BOX (widget) ||
         (GTK_IS_LIST_BOX (widget) &&
          gtk_list_box_get_selection_mode (GTK_LIST_BOX (widget)) != GTK_SELECTION_NONE);
}

/* Where there is nothing else the keyboard stays. */
static void
leave (GtkWidget *list, GtkWidget *row, GtkDirectionType direction)
{
  GtkRoot *root = gtk_widget_get_root (list);

  gtk_widget_set_can_focus (list, FALSE);
  g_signal_emit_by_name (root, "move-focus", direction);
  gtk_widget_set_can_focus (list, TRUE);
  if (gtk_root_get_focus (root) == NULL && row != NULL)
    gtk_widget_grab_focus (row);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        GtkWidget *list)
{
  gboolean back = keyval == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0;
  GtkDirectionType direction = back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD;
  GtkWidget *row = gtk_widget_get_focus_child (list);

  if ((keyval != GDK_KEY_Tab && keyval != GDK_KEY_KP_Tab && keyval != GDK_KEY_ISO_Left_Tab) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || !is_list (list))
    return GDK_EVENT_PROPAGATE;
  if (row == NULL || !gtk_widget_child_focus (row, direction))
    leave (list, row, direction);
  return GDK_EVENT_STOP;
}

static gboolean
map_hook (GSignalInvocationHint *hint,
          guint n_param_values,
          const GValue *param_values,
          gpointer user_data)
{
  static GQuark quark;
  GtkWidget *widget = g_value_get_object (&param_values[0]);
  GtkEventController *controller;

  if (!GTK_IS_LIST_BASE (widget) && !GTK_IS_LIST_BOX (widget) && !GTK_IS_FLOW_BOX (widget))
    return TRUE;
  if (quark == 0)
    quark = g_quark_from_static_string ("qk-tab-order");
  if (g_object_get_qdata (G_OBJECT (widget), quark) != NULL ||
      gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) != NULL)
    return TRUE;
  controller = gtk_event_controller_key_new ();
  g_signal_connect (controller, "key-pressed", G_CALLBACK (key_cb), widget);
  gtk_widget_add_controller (widget, controller);
  g_object_set_qdata (G_OBJECT (widget), quark, controller);
  return TRUE;
}

/**
 * qk_tab_order_install:
 *
 * Sees to all lists from now on. To do it again changes nothing.
 */
void
qk_tab_order_install (void)
{
  static gboolean installed;

  if (installed)
    return;
  installed = TRUE;
  g_type_ensure (GTK_TYPE_WIDGET);
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, map_hook, NULL, NULL);
}
