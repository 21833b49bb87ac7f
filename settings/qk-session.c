#include "qk-session.h"

#include <errno.h>
#include <gio/gio.h>

#define GROUP_PREFIX "window "
#define MAX_PIXELS   32767

/**
 * qk_session_window_new:
 * @location: (type filename): the path of a queue
 *
 * Returns: (transfer full): a window as a new one looks
 */
QkSessionWindow *
qk_session_window_new (const char *location)
{
  QkSessionWindow *self = g_new0 (QkSessionWindow, 1);

  self->location = g_strdup (location);
  self->sidebar = TRUE;
  self->hide_delivered = TRUE;
  return self;
}

/**
 * qk_session_window_free:
 * @self: a window
 *
 * Frees it.
 */
void
qk_session_window_free (QkSessionWindow *self)
{
  g_free (self->location);
  g_free (self->page);
  g_free (self);
}

/* What is missing or makes no sense stays as it is. */
static void
read_switch (GKeyFile *file, const char *group, const char *key, gboolean *value)
{
  g_autoptr (GError) error = NULL;
  gboolean read = g_key_file_get_boolean (file, group, key, &error);

  if (error == NULL)
    *value = read;
}

static int
read_pixels (GKeyFile *file, const char *group, const char *key)
{
  int read = g_key_file_get_integer (file, group, key, NULL);

  return read > 0 && read <= MAX_PIXELS ? read : 0;
}

static QkSessionWindow *
read_window (GKeyFile *file, const char *group)
{
  g_autofree char *uri = g_key_file_get_string (file, group, "queue", NULL);
  g_autofree char *location = uri != NULL ? g_filename_from_uri (uri, NULL, NULL) : NULL;
  QkSessionWindow *self;

  if (location == NULL)
    return NULL;
  self = qk_session_window_new (location);
  self->width = read_pixels (file, group, "width");
  self->height = read_pixels (file, group, "height");
  self->page = g_key_file_get_string (file, group, "page", NULL);
  read_switch (file, group, "maximized", &self->maximized);
  read_switch (file, group, "sidebar", &self->sidebar);
  read_switch (file, group, "hide-delivered", &self->hide_delivered);
  return self;
}

/**
 * qk_session_parse:
 * @text: what qk_session_format() returned, or anything else
 *
 * Returns: (transfer full) (element-type QkSessionWindow): the windows that can be read
 */
GPtrArray *
qk_session_parse (const char *text)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func ((GDestroyNotify) qk_session_window_free);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  g_return_val_if_fail (text != NULL, windows);

  if (!g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, NULL))
    return windows;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL && windows->len < QK_SESSION_MAX_WINDOWS; i++)
    {
      QkSessionWindow *window =
          g_str_has_prefix (groups[i], GROUP_PREFIX) ? read_window (file, groups[i]) : NULL;

      if (window != NULL)
        g_ptr_array_add (windows, window);
    }
  return windows;
}

static void
write_window (GKeyFile *file, guint number, const QkSessionWindow *window)
{
  g_autofree char *group = g_strdup_printf (GROUP_PREFIX "%u", number);
  g_autofree char *uri = g_filename_to_uri (window->location, NULL, NULL);

  /* Of a path that is not absolute nobody knows later what it was relative to. */
  if (uri == NULL)
    return;
  g_key_file_set_string (file, group, "queue", uri);
  g_key_file_set_integer (file, group, "width", window->width);
  g_key_file_set_integer (file, group, "height", window->height);
  g_key_file_set_boolean (file, group, "maximized", window->maximized);
  if (window->page != NULL)
    g_key_file_set_string (file, group, "page", window->page);
  g_key_file_set_boolean (file, group, "sidebar", window->sidebar);
  g_key_file_set_boolean (file, group, "hide-delivered", window->hide_delivered);
}

/**
 * qk_session_format:
 * @windows: (element-type QkSessionWindow): windows
 *
 * Returns: (transfer full): them as text
 */
char *
qk_session_format (GPtrArray *windows)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (windows != NULL, NULL);

  for (guint i = 0; i < windows->len; i++)
    write_window (file, i + 1, windows->pdata[i]);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * qk_session_dup_path:
 *
 * Returns: (transfer full) (type filename): where the session is kept
 */
char *
qk_session_dup_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "queuekeeper", "session.ini", NULL);
}

/**
 * qk_session_load:
 * @path: (type filename): where it is kept; it need not be there
 *
 * Returns: (transfer full) (element-type QkSessionWindow): the windows
 */
GPtrArray *
qk_session_load (const char *path)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  return qk_session_parse (g_file_get_contents (path, &text, NULL, NULL) ? text : "");
}

/**
 * qk_session_save:
 * @path: (type filename): where to keep it
 * @text: what qk_session_format() returned
 * @error: return location for a #GFileError
 *
 * Writes it: all of it or nothing, readable for nobody else. May be called in a worker thread.
 *
 * Returns: whether it did
 */
gboolean
qk_session_save (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (path != NULL && text != NULL, FALSE);

  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
