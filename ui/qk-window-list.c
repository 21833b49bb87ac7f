#include "qk-columns-dialog.h"
#include "qk-window-private.h"

static void
columns_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkColumnSet *columns = qk_messages_page_get_columns (QK_WINDOW (widget)->page);

  gtk_window_present (GTK_WINDOW (qk_columns_dialog_new (GTK_WINDOW (widget), columns)));
}

const QkWindowAction qk_window_list_actions[] = {
    {"win.columns", columns_action, NULL, GDK_KEY_V, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
     QK_NEEDS_MESSAGES},
    {NULL},
};
