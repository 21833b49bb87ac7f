#include "qk-preview-dialog.h"
#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

static GPtrArray *
dup_selected (QkWindow *self)
{
  return qk_message_selection_dup_messages (qk_messages_page_get_selection (self->page));
}

static void
resend_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = NULL;

  if (qk_message_selection_get_size (qk_messages_page_get_selection (self->page)) >
      QK_PREVIEW_THRESHOLD)
    {
      qk_window_ask (self, QK_CHANGE_RESEND);
      return;
    }
  messages = dup_selected (self);
  qk_changer_resend (self->changer, self->store, messages);
}

static void
fix_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = dup_selected (self);

  qk_changer_fix (self->changer, self->store, messages);
}

static void
purge_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_window_ask (QK_WINDOW (widget), QK_CHANGE_PURGE);
}

static void
copy_id_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autoptr (GPtrArray) messages = dup_selected (QK_WINDOW (widget));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      const QkEntry *entry = qk_message_get_entry (messages->pdata[i]);
      g_autofree char *id = qk_entry_dup_field (entry, QK_FIELD_ID);

      if (id != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", id);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  qk_window_tell (QK_WINDOW (widget),
                  messages->len == 1 ? _ ("Queue id copied") : _ ("Queue ids copied"), FALSE, 0);
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
