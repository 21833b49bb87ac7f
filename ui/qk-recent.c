#include "qk-recent.h"

#include "qk-text.h"

#include <string.h>

#define PROGRAM "queuekeeper"

/**
 * qk_recent_add:
 * @manager: the desktop's list
 * @location: (type filename): the path of a queue that was opened
 *
 * Puts it first.
 */
void
qk_recent_add (GtkRecentManager *manager, const char *location)
{
  static char *groups[] = {PROGRAM, NULL};
  g_autofree char *uri = NULL;
  GtkRecentData data = {
      .mime_type = "application/json",
      .app_name = PROGRAM,
      .app_exec = PROGRAM " %u",
      .groups = groups,
  };

  g_return_if_fail (GTK_IS_RECENT_MANAGER (manager));
  g_return_if_fail (location != NULL);

  uri = g_filename_to_uri (location, NULL, NULL);
  if (uri != NULL)
    gtk_recent_manager_add_full (manager, uri, &data);
}

static int
compare_latest_first (gconstpointer a, gconstpointer b)
{
  GtkRecentInfo *const *x = a, *const *y = b;

  return g_date_time_compare (gtk_recent_info_get_modified (*y), gtk_recent_info_get_modified (*x));
}

/**
 * qk_recent_dup:
 * @manager: the desktop's list
 *
 * Returns: (transfer full) (array zero-terminated=1) (element-type filename): the paths of the queues
 *   that were opened lately, the latest first; they need not be there any more
 */
char **
qk_recent_dup (GtkRecentManager *manager)
{
  g_autoptr (GPtrArray) infos =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  GPtrArray *paths = g_ptr_array_new ();
  GList *all;

  g_return_val_if_fail (GTK_IS_RECENT_MANAGER (manager), NULL);

  all = gtk_recent_manager_get_items (manager);
  for (GList *l = all; l != NULL; l = l->next)
    if (gtk_recent_info_has_application (l->data, PROGRAM))
      g_ptr_array_add (infos, l->data);
    else
      gtk_recent_info_unref (l->data);
  g_list_free (all);
  g_ptr_array_sort (infos, compare_latest_first);
  for (guint i = 0; i < infos->len && paths->len < QK_RECENT_MAX; i++)
    {
      char *path = g_filename_from_uri (gtk_recent_info_get_uri (infos->pdata[i]), NULL, NULL);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (paths, FALSE);
}

/**
 * qk_recent_shorten:
 * @path: (type filename): a path
 *
 * Returns: (transfer full): it to be shown, with `~` for the home folder
 */
char *
qk_recent_shorten (const char *path)
{
  const char *home = g_get_home_dir ();
  gsize length = strlen (home);
  g_autofree char *rest = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_str_has_prefix (path, home) || length < 2 ||
      (path[length] != '\0' && strchr ("/\\", path[length]) == NULL))
    return qk_text_reveal_line (path);
  rest = g_strconcat ("~", path + length, NULL);
  return qk_text_reveal_line (rest);
}
