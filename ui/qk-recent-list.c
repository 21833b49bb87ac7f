#include "qk-recent-list.h"

#include "qk-recent.h"
#include "qk-text.h"

#include <glib/gi18n-lib.h>

struct _QkRecentList {
  AdwBin parent_instance;

  GtkListBox *list;
  GCancellable *cancellable; /* owned: of the looks at the files */
};

G_DEFINE_FINAL_TYPE (QkRecentList, qk_recent_list, ADW_TYPE_BIN)

enum { SIGNAL_CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwActionRow) row = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  g_autofree char *folder = NULL, *markup = NULL;

  if (info != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  folder = qk_recent_shorten (g_object_get_data (G_OBJECT (row), "folder"));
  markup = g_markup_printf_escaped (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
                                        ? _ ("Not there any more: %s")
                                        : _ ("Cannot be reached: %s"),
                                    folder);
  adw_action_row_set_subtitle (row, markup);
  gtk_widget_set_sensitive (GTK_WIDGET (row), FALSE);
}

static void
add_row (QkRecentList *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *name = g_path_get_basename (path), *folder = g_path_get_dirname (path);
  g_autofree char *shown_name = qk_text_reveal_line (name);
  g_autofree char *shown_folder = qk_recent_shorten (folder);
  /* The texts of these rows are markup. */
  g_autofree char *title = g_markup_escape_text (shown_name, -1);
  g_autofree char *subtitle = g_markup_escape_text (shown_folder, -1);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle,
                                 "activatable", TRUE, "subtitle-lines", 1, NULL);

  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (path), g_free);
  g_object_set_data_full (G_OBJECT (row), "folder", g_steal_pointer (&folder), g_free);
  gtk_list_box_append (self->list, row);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable, found_cb, g_object_ref (row));
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, QkRecentList *self)
{
  g_assert (QK_IS_RECENT_LIST (self));

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, g_object_get_data (G_OBJECT (row), "path"));
}

static void
qk_recent_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (qk_recent_list_parent_class)->map (widget);
  qk_recent_list_reload (QK_RECENT_LIST (widget));
}

static void
qk_recent_list_dispose (GObject *object)
{
  QkRecentList *self = QK_RECENT_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (qk_recent_list_parent_class)->dispose (object);
}

static void
qk_recent_list_class_init (QkRecentListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = qk_recent_list_dispose;
  GTK_WIDGET_CLASS (klass)->map = qk_recent_list_map;

  /**
   * QkRecentList::chosen:
   * @path: (type filename): the path of a queue
   *
   * The operator wants to see it.
   */
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
qk_recent_list_init (QkRecentList *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->cancellable = g_cancellable_new ();
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "recent-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Recent queues"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

/**
 * qk_recent_list_show:
 * @self: a list
 * @paths: (array zero-terminated=1) (element-type filename): the paths of queues
 *
 * Shows these.
 */
void
qk_recent_list_show (QkRecentList *self, const char *const *paths)
{
  GtkWidget *row;

  g_return_if_fail (QK_IS_RECENT_LIST (self));
  g_return_if_fail (paths != NULL);

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; paths[i] != NULL; i++)
    add_row (self, paths[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->list), paths[0] != NULL);
}

/**
 * qk_recent_list_reload:
 * @self: a list
 *
 * Shows what was opened lately.
 */
void
qk_recent_list_reload (QkRecentList *self)
{
  g_auto (GStrv) paths = NULL;

  g_return_if_fail (QK_IS_RECENT_LIST (self));

  paths = qk_recent_dup (gtk_recent_manager_get_default ());
  qk_recent_list_show (self, (const char *const *) paths);
}
