#include "qk-preview-dialog.h"
#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

static QkPick *
dup_pick (QkWindow *self)
{
  return qk_message_selection_dup_pick (qk_messages_page_get_selection (self->page));
}

static void
resend_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);

  if (pick == NULL)
    return;
  if (qk_pick_get_n_entries (pick) > QK_PREVIEW_THRESHOLD)
    qk_window_ask (self, pick, QK_CHANGE_RESEND);
  else
    qk_changer_resend (self->changer, self->store, pick);
}

static void
fix_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);

  if (pick != NULL)
    qk_changer_fix (self->changer, self->store, pick);
}

static void
purge_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);

  if (pick != NULL)
    qk_window_ask (self, pick, QK_CHANGE_PURGE);
}

static void
copy_id_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick = dup_pick (self);
  guint n = pick != NULL ? qk_pick_get_n_entries (pick) : 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = qk_entry_dup_field (qk_pick_get_entry (pick, i), QK_FIELD_ID);

      if (id != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", id);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  qk_window_tell (self, n == 1 ? _ ("Queue id copied") : _ ("Queue ids copied"), FALSE, 0);
}

static void
select_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_select_all (QK_WINDOW (widget)->page);
}

static void
show_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_show_all (QK_WINDOW (widget)->page);
}

static void
find_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (QK_WINDOW (widget)->views, "messages");
  qk_messages_page_find (QK_WINDOW (widget)->page);
}

static void
add_filter_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (QK_WINDOW (widget)->views, "messages");
  qk_messages_page_add_filter (QK_WINDOW (widget)->page);
}

static void
read_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_read (QK_WINDOW (widget)->page);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_go_back (QK_WINDOW (widget)->page);
}

static void
toggle_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *property =
      g_str_equal (action_name, "win.toggle-sidebar") ? "sidebar-visible" : "hide-delivered";
  QkWindow *self = QK_WINDOW (widget);
  gboolean active;

  g_object_get (self->page, property, &active, NULL);
  g_object_set (self->page, property, !active, NULL);
}

const QkWindowAction qk_window_message_actions[] = {
    {"win.resend", resend_action, NULL, GDK_KEY_r, GDK_CONTROL_MASK,
     QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.fix", fix_action, NULL, GDK_KEY_F7, 0, QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.purge", purge_action, NULL, GDK_KEY_Delete, 0, QK_NEEDS_SAVING | QK_NEEDS_SELECTION},
    {"win.copy-id", copy_id_action, NULL, GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SELECTION},
    {"win.select-all", select_all_action, NULL, GDK_KEY_a, GDK_CONTROL_MASK, QK_NEEDS_SHOWN},
    {"win.show-all", show_all_action, NULL, 0, 0, QK_NEEDS_MESSAGES},
    {"win.find", find_action, NULL, GDK_KEY_f, GDK_CONTROL_MASK, 0},
    {"win.add-filter", add_filter_action, NULL, GDK_KEY_F, GDK_CONTROL_MASK | GDK_SHIFT_MASK, 0},
    {"win.read", read_action, NULL, 0, 0, QK_NEEDS_SELECTION},
    {"win.back", back_action, NULL, GDK_KEY_Left, GDK_ALT_MASK, QK_NEEDS_READING},
    {"win.toggle-sidebar", toggle_action, NULL, GDK_KEY_F9, 0, QK_NEEDS_MESSAGES},
    {"win.toggle-delivered", toggle_action, NULL, GDK_KEY_d, GDK_CONTROL_MASK, QK_NEEDS_MESSAGES},
    {NULL},
};
