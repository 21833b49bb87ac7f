#include "qk-session.h"

#include <glib/gstdio.h>
#include <string.h>

/* What is open is kept, and read whatever stands in the file. */

static void
add (GPtrArray *windows, const char *location, int width, const char *page, gboolean maximized)
{
  QkSessionWindow *window = qk_session_window_new (location);

  window->width = width;
  window->height = width / 2;
  window->page = g_strdup (page);
  window->maximized = maximized;
  window->sidebar = !maximized;
  window->hide_delivered = maximized;
  g_ptr_array_add (windows, window);
}

static GPtrArray *
windows_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) qk_session_window_free);
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) windows = windows_new (), read = NULL;
  g_autofree char *text = NULL;

  add (windows, "/srv/a b/[queue];\n.json", 900, "health", TRUE);
  add (windows, "/srv/\xff\xfe/queue.json", 1280, NULL, FALSE);
  text = qk_session_format (windows);
  read = qk_session_parse (text);
  g_assert_cmpuint (read->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const QkSessionWindow *a = windows->pdata[i], *b = read->pdata[i];

      g_assert_cmpstr (a->location, ==, b->location);
      g_assert_cmpstr (a->page, ==, b->page);
      g_assert_cmpint (a->width, ==, b->width);
      g_assert_cmpint (a->height, ==, b->height);
      g_assert_cmpint (a->maximized, ==, b->maximized);
      g_assert_cmpint (a->sidebar, ==, b->sidebar);
      g_assert_cmpint (a->hide_delivered, ==, b->hide_delivered);
    }
}

/* Whatever stands there: what can be read is, the rest is as in a new window. */
static void
test_damaged (void)
{
  g_autoptr (GPtrArray) windows = NULL, none = NULL, many = windows_new (), first = NULL;
  g_autofree char *text = NULL;
  const QkSessionWindow *window;

  windows = qk_session_parse ("[window 1]\nqueue=file:///a/queue.json\nwidth=-3\nheight=99999999\n"
                              "maximized=perhaps\nsidebar=false\n[window 2]\nwidth=3\n"
                              "[window 3]\nqueue=http://a/b\n[other]\nqueue=file:///b\n");
  g_assert_cmpuint (windows->len, ==, 1);
  window = windows->pdata[0];
  g_assert_cmpstr (window->location, ==, "/a/queue.json");
  g_assert_cmpint (window->width, ==, 0);
  g_assert_cmpint (window->height, ==, 0);
  g_assert_false (window->maximized);
  g_assert_false (window->sidebar);
  g_assert_true (window->hide_delivered);
  none = qk_session_parse ("\x01 no key file [");
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < QK_SESSION_MAX_WINDOWS + 5; i++)
    add (many, "/q", 10, NULL, FALSE);
  text = qk_session_format (many);
  first = qk_session_parse (text);
  g_assert_cmpuint (first->len, ==, QK_SESSION_MAX_WINDOWS);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("qk-session-XXXXXX", NULL);
  g_autofree char *below = g_build_filename (folder, "state", NULL);
  g_autofree char *path = g_build_filename (below, "session.ini", NULL);
  g_autoptr (GPtrArray) none = qk_session_load (path), read = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (qk_session_save (path, "[window 1]\nqueue=file:///a\n", &error));
  g_assert_no_error (error);
  read = qk_session_load (path);
  g_assert_cmpuint (read->len, ==, 1);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0077, ==, 0);
  /* What is in the way is told. */
  {
    g_autofree char *wrong = g_build_filename (path, "no", "session.ini", NULL);

    g_assert_false (qk_session_save (wrong, "", &error));
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (below), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/round-trip", test_round_trip);
  g_test_add_func ("/session/damaged", test_damaged);
  g_test_add_func ("/session/file", test_file);
  return g_test_run ();
}
