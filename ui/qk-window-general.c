#include "qk-salvage-dialog.h"
#include "qk-window-private.h"

static void
resend_missed_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkBroadcastItem *item = qk_broadcasts_page_get_selected (self->broadcasts);
  QkBroadcasts *broadcasts = qk_broadcast_item_get_broadcasts (item);

  g_clear_pointer (&self->spent, qk_broadcasts_unref);
  if (qk_broadcast_get_obstacle (qk_broadcast_item_get (item)) == NULL)
    self->spent = qk_broadcasts_ref (broadcasts);
  qk_changer_rebroadcast (self->changer, self->store, broadcasts,
                          qk_broadcast_item_get_index (item));
  qk_window_update_actions (self);
}

static void
show_page_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  AdwViewStack *views = QK_WINDOW (widget)->views;
  const char *name = g_variant_get_string (parameter, NULL);

  if (adw_view_stack_get_child_by_name (views, name) != NULL)
    adw_view_stack_set_visible_child_name (views, name);
}

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);

  if (self->store != NULL)
    qk_changer_undo (self->changer, self->store,
                     parameter != NULL ? g_variant_get_int64 (parameter) : 0);
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_store_refresh (QK_WINDOW (widget)->store);
}

static void
repaired_cb (QkSalvageDialog *dialog, const char *text, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  qk_window_tell (self, text, TRUE, 0);
}

static void
salvage_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkWidget *dialog = qk_salvage_dialog_new (GTK_WINDOW (self), self->store);

  qk_salvage_dialog_set_read_only (QK_SALVAGE_DIALOG (dialog), self->read_only);
  g_signal_connect_object (dialog, "repaired", G_CALLBACK (repaired_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

const QkWindowAction qk_window_general_actions[] = {
    {"win.refresh", refresh_action, NULL, GDK_KEY_F5, 0, QK_NEEDS_STORE},
    {"win.salvage", salvage_action, NULL, GDK_KEY_S, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_DAMAGE},
    {"win.show-page", show_page_action, "s", 0, 0, 0},
    {"win.resend-missed", resend_missed_action, NULL, GDK_KEY_m, GDK_CONTROL_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_MISSED},
    {"win.undo", undo_action, NULL, GDK_KEY_z, GDK_CONTROL_MASK, QK_NEEDS_SAVING},
    {"win.undo-operation", undo_action, "x", 0, 0, QK_NEEDS_SAVING},
    {NULL},
};
