#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* More is for an export. */
#define MAX_COPIED (64 << 20)

static GPtrArray *
dup_selected (QkWindow *self)
{
  return qk_message_selection_dup_messages (qk_messages_page_get_selection (self->page));
}

/* The bytes of the entries as they stand in the queue: one, or a list of several. %NULL where it is too
 * much. */
static char *
join (GPtrArray *messages)
{
  GString *text = g_string_new (messages->len > 1 ? "[\n" : "");

  for (guint i = 0; i < messages->len; i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (qk_message_get_entry (messages->pdata[i]), &length);

      if (text->len + length > MAX_COPIED)
        {
          g_string_free (text, TRUE);
          return NULL;
        }
      g_string_append (text, i > 0 ? ",\n" : "");
      g_string_append_len (text, json, (gssize) length);
    }
  g_string_append (text, messages->len > 1 ? "\n]\n" : "");
  return g_string_free (text, FALSE);
}

static void
copy_json_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (GPtrArray) messages = dup_selected (self);
  g_autofree char *json = join (messages), *text = NULL;

  if (json != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), json);
  text = json != NULL ? g_strdup_printf (ngettext ("%u message copied as JSON",
                                                   "%u messages copied as JSON", messages->len),
                                         messages->len)
                      : g_strdup (_ ("Too much to copy: export the messages instead"));
  qk_window_tell (self, text, FALSE, 0);
}

static void
show_broadcast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);

  qk_broadcasts_page_select (self->broadcasts, g_variant_get_string (parameter, NULL));
  adw_view_stack_set_visible_child_name (self->views, "broadcasts");
}

static void
show_metadata_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  QkDetailPane *pane = qk_messages_page_get_detail (self->page);

  qk_messages_page_read (self->page);
  qk_detail_pane_show_tab (pane, "metadata");
  qk_detail_pane_take_focus (pane);
}

static void
next_pane_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_step_pane (QK_WINDOW (widget)->page, 1);
}

static void
previous_pane_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  qk_messages_page_step_pane (QK_WINDOW (widget)->page, -1);
}

const QkWindowAction qk_window_detail_actions[] = {
    {"win.copy-json", copy_json_action, NULL, GDK_KEY_J, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_SELECTION},
    {"win.show-broadcast", show_broadcast_action, "s", 0, 0, QK_NEEDS_MESSAGES},
    {"win.show-metadata", show_metadata_action, NULL, GDK_KEY_Return, GDK_ALT_MASK,
     QK_NEEDS_SELECTION},
    {"win.next-pane", next_pane_action, NULL, GDK_KEY_F6, 0, QK_NEEDS_MESSAGES},
    {"win.previous-pane", previous_pane_action, NULL, GDK_KEY_F6, GDK_SHIFT_MASK,
     QK_NEEDS_MESSAGES},
    {NULL},
};
