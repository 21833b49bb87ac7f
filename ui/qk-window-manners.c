#include "qk-window-private.h"

#include "qk-recent.h"

#include <glib/gi18n-lib.h>

/* How a window behaves on the desktop: what is opened in which window, what is dropped on it, and how
 * it looks when it is opened again. A queue has one window, and a window one queue: in a tab that is
 * not seen an alarm would be missed. */

/* Whether it shows the queue at @key already. */
static gboolean
shows (GtkWindow *window, const char *key)
{
  g_autofree char *other = NULL;

  if (!QK_IS_WINDOW (window) || QK_WINDOW (window)->store == NULL)
    return FALSE;
  other = qk_store_dup_key (QK_WINDOW (window)->store);
  return g_strcmp0 (other, key) == 0;
}

/**
 * qk_window_find:
 * @application: the application
 * @location: (type filename): the path of a queue, or of a folder that holds it
 *
 * Returns: (transfer none) (nullable): the window that shows it, by whatever path it was opened
 */
QkWindow *
qk_window_find (GtkApplication *application, const char *location)
{
  g_autoptr (QkStore) store = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (location != NULL, NULL);

  store = qk_store_new (location);
  key = qk_store_dup_key (store);
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (shows (l->data, key))
      return l->data;
  return NULL;
}

/* In this window, unless another one shows it. */
static void
open_here (QkWindow *self, const char *path)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  QkWindow *other = application != NULL ? qk_window_find (application, path) : NULL;

  gtk_popover_popdown (self->open_popover);
  if (other != NULL && other != self)
    gtk_window_present (GTK_WINDOW (other));
  else if (other == NULL)
    qk_window_open (self, path);
}

/* Each in a window of its own. Those that are shown already are presented. */
static void
open_in_windows (QkWindow *self, GSList *files)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GPtrArray) array = g_ptr_array_new ();

  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (array, l->data);
  if (application != NULL && array->len > 0)
    g_application_open (G_APPLICATION (application), (GFile **) array->pdata, (int) array->len, "");
}

static void
open_file (QkWindow *self, GFile *file, gboolean elsewhere)
{
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL)
    qk_window_tell (self, _ ("Only a queue on this computer can be opened."), TRUE, 0);
  else if (elsewhere)
    open_in_windows (self, &(GSList){file, NULL});
  else
    open_here (self, path);
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, QkWindow *self)
{
  g_autoptr (GFile) file = NULL;

  g_assert (QK_IS_WINDOW (self));

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    open_file (self, file, g_object_get_data (G_OBJECT (dialog), "elsewhere") != NULL);
  g_object_unref (dialog);
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  QkWindow *self = QK_WINDOW (widget);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Open a Queue"), GTK_WINDOW (widget),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  g_autoptr (GtkFileFilter) queues = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_popover_popdown (self->open_popover);
  if (g_str_equal (action_name, "win.open-elsewhere"))
    g_object_set_data (G_OBJECT (dialog), "elsewhere", dialog);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (queues, _ ("Queues (*.json)"));
  gtk_file_filter_add_suffix (queues, "json");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), queues);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), all);
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
qk_window_recent_chosen_cb (QkRecentList *list, const char *path, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  open_here (self, path);
}

/* One queue takes this window, several have one each. */
static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, QkWindow *self)
{
  GSList *files = g_value_get_boxed (value);

  g_assert (QK_IS_WINDOW (self));

  if (files == NULL)
    return FALSE;
  if (files->next != NULL)
    open_in_windows (self, files);
  else
    open_file (self, files->data, FALSE);
  return TRUE;
}

static void
arranged_cb (GObject *object, GParamSpec *pspec, QkWindow *self)
{
  g_assert (QK_IS_WINDOW (self));

  g_signal_emit_by_name (self, "arranged");
}

/* Once, when the window is made. */
void
qk_window_manners_set_up (QkWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (self->page, "notify::sidebar-visible", G_CALLBACK (arranged_cb), self,
                           0);
  g_signal_connect_object (self->page, "notify::hide-delivered", G_CALLBACK (arranged_cb), self, 0);
  g_signal_connect_object (self->views, "notify::visible-child", G_CALLBACK (arranged_cb), self, 0);
  g_signal_connect_object (self, "notify::default-width", G_CALLBACK (arranged_cb), self, 0);
  g_signal_connect_object (self, "notify::default-height", G_CALLBACK (arranged_cb), self, 0);
  g_signal_connect_object (self, "notify::maximized", G_CALLBACK (arranged_cb), self, 0);
}

/* The queue was read: it is one, so it is worth remembering. */
void
qk_window_remember (QkWindow *self)
{
  g_autofree char *location = qk_store_dup_location (self->store);

  if (gtk_window_get_application (GTK_WINDOW (self)) != NULL)
    qk_recent_add (gtk_recent_manager_get_default (), location);
}

/**
 * qk_window_dup_arrangement:
 * @self: a window
 *
 * Returns: (transfer full) (nullable): what it shows and how; %NULL where there is no queue in it, or it
 *   was closed
 */
QkSessionWindow *
qk_window_dup_arrangement (QkWindow *self)
{
  QkSessionWindow *arrangement;
  g_autofree char *location = NULL;

  g_return_val_if_fail (QK_IS_WINDOW (self), NULL);

  if (self->store == NULL || self->closing)
    return NULL;
  location = qk_store_dup_location (self->store);
  arrangement = qk_session_window_new (location);
  gtk_window_get_default_size (GTK_WINDOW (self), &arrangement->width, &arrangement->height);
  arrangement->maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  arrangement->page = g_strdup (adw_view_stack_get_visible_child_name (self->views));
  g_object_get (self->page, "sidebar-visible", &arrangement->sidebar, "hide-delivered",
                &arrangement->hide_delivered, NULL);
  return arrangement;
}

/**
 * qk_window_arrange:
 * @self: a window that was not shown yet
 * @arrangement: what it showed before, and how
 *
 * Opens its queue, and makes it look the same. A queue that is gone is waited for.
 */
void
qk_window_arrange (QkWindow *self, const QkSessionWindow *arrangement)
{
  g_return_if_fail (QK_IS_WINDOW (self));
  g_return_if_fail (arrangement != NULL);

  if (arrangement->width > 0 && arrangement->height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), arrangement->width, arrangement->height);
  if (arrangement->maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  if (arrangement->page != NULL && qk_window_has_page (self, arrangement->page))
    adw_view_stack_set_visible_child_name (self->views, arrangement->page);
  g_object_set (self->page, "sidebar-visible", arrangement->sidebar, "hide-delivered",
                arrangement->hide_delivered, NULL);
  qk_window_open (self, arrangement->location);
}

/**
 * qk_window_has_page:
 * @self: a window
 * @name: such as `messages`
 *
 * Returns: whether there is such a page
 */
gboolean
qk_window_has_page (QkWindow *self, const char *name)
{
  g_return_val_if_fail (QK_IS_WINDOW (self), FALSE);

  return adw_view_stack_get_child_by_name (self->views, name) != NULL;
}

const QkWindowAction qk_window_manners_actions[] = {
    {"win.open", open_action, NULL, GDK_KEY_o, GDK_CONTROL_MASK, 0},
    {"win.open-elsewhere", open_action, NULL, GDK_KEY_O, GDK_CONTROL_MASK | GDK_SHIFT_MASK, 0},
    {NULL},
};
