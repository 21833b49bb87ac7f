#include "qk-keep-dialog.h"

#define MARGIN 48

/**
 * qk_weak_ref_new:
 * @object: an object
 *
 * Returns: (transfer full): what leads to @object as long as that is there
 */
GWeakRef *
qk_weak_ref_new (gpointer object)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, object);
  return ref;
}

/**
 * qk_weak_ref_take:
 * @ref: (transfer full): what leads to an object
 *
 * Returns: (transfer full) (nullable): the object, if there still is one
 */
gpointer
qk_weak_ref_take (GWeakRef *ref)
{
  gpointer object = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);
  return object;
}

/**
 * qk_keep_dialog_install_keys:
 * @widget_class: the class of a dialog
 * @action: what its button does
 *
 * Gives it its keys.
 */
void
qk_keep_dialog_install_keys (GtkWidgetClass *widget_class, const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, action,
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, action,
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

/**
 * qk_keep_dialog_set_up:
 * @dialog: a dialog
 * @title: its title
 * @parent: (nullable): the window to show it in
 * @name: what to call it
 * @subtitle: (nullable): what it is about
 *
 * Names it, and makes it as large as it is useful, but within its parent.
 */
void
qk_keep_dialog_set_up (GtkWindow *dialog,
                       AdwWindowTitle *title,
                       GtkWindow *parent,
                       const char *name,
                       const char *subtitle)
{
  int width = 1080, height = 700;

  adw_window_title_set_title (title, name);
  adw_window_title_set_subtitle (title, subtitle != NULL ? subtitle : "");
  gtk_window_set_title (dialog, name);
  if (parent != NULL && gtk_widget_get_width (GTK_WIDGET (parent)) > 0)
    {
      width = MIN (width, gtk_widget_get_width (GTK_WIDGET (parent)) - MARGIN);
      height = MIN (height, gtk_widget_get_height (GTK_WIDGET (parent)) - MARGIN);
    }
  gtk_window_set_default_size (dialog, width, height);
}
