#include "qk-window-private.h"

#include <glib/gi18n-lib.h>

/* More is for an export. */
#define MAX_COPIED (64 << 20)

/* The bytes of the entries as they stand in the queue: one, or a list of several. %NULL where it is too
 * much. */
static char *
join (const QkPick *pick)
{
  guint n = qk_pick_get_n_entries (pick);
  GString *text = g_string_new (n > 1 ? "[\n" : "");

  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *json = qk_entry_get_json (qk_pick_get_entry (pick, i), &length);

      if (text->len + length > MAX_COPIED)
        {
          g_string_free (text, TRUE);
          return NULL;
        }
      g_string_append (text, i > 0 ? ",\n" : "");
      g_string_append_len (text, json, (gssize) length);
    }
  g_string_append (text, n > 1 ? "\n]\n" : "");
  return g_string_free (text, FALSE);
}

static void
copy_json_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  g_autoptr (QkPick) pick =
      qk_message_selection_dup_pick (qk_messages_page_get_selection (self->page));
  g_autofree char *json = NULL, *text = NULL;
  guint n;

  if (pick == NULL)
    return;
  n = qk_pick_get_n_entries (pick);
  json = join (pick);
  if (json != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), json);
  text = json != NULL
             ? g_strdup_printf (
                   ngettext ("%u message copied as JSON", "%u messages copied as JSON", n), n)
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
