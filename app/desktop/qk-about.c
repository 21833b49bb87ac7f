#include "qk-about.h"

#include "qk-session.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <glib/gi18n-lib.h>

/* For a report: nothing in it tells what is in a queue. */
static char *
dup_debug_info (void)
{
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *session = qk_session_dup_path ();
  g_autoptr (GSettingsBackend) backend = g_settings_backend_get_default ();
  GdkDisplay *display = gdk_display_get_default ();

  return g_strdup_printf (
      "Queuekeeper %s (%s)\n"
      "GTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\n"
      "System: %s\n"
      "Display: %s\n"
      "Settings: %s\n"
      "History: %s/queuekeeper/history.db\n"
      "Session: %s\n",
      QK_VERSION, QK_APPLICATION_ID, gtk_get_major_version (), gtk_get_minor_version (),
      gtk_get_micro_version (), adw_get_major_version (), adw_get_minor_version (),
      adw_get_micro_version (), glib_major_version, glib_minor_version, glib_micro_version,
      os != NULL ? os : "unknown", display != NULL ? G_OBJECT_TYPE_NAME (display) : "none",
      G_OBJECT_TYPE_NAME (backend), g_get_user_data_dir (), session);
}

/**
 * qk_about_show:
 * @parent: (nullable): the window above which it is shown
 *
 * Shows what the program is.
 */
void
qk_about_show (GtkWindow *parent)
{
  static const char *const developers[] = {"The Queuekeeper project", NULL};
  g_autofree char *debug_info = dup_debug_info ();

  adw_show_about_window (
      parent, "application-name", "Queuekeeper", "application-icon", QK_APPLICATION_ID, "version",
      QK_VERSION, "comments",
      _ ("See, resend and purge what your agents have queued, without losing a message."),
      "developers", developers, "developer-name", developers[0], "license-type",
      GTK_LICENSE_GPL_3_0, "debug-info", debug_info, "debug-info-filename", "queuekeeper.txt",
      NULL);
}

static void
tell_no_help (GtkWindow *parent)
{
  GtkWidget *dialog = adw_message_dialog_new (
      parent, _ ("The help is not installed"),
      _ ("It is the file docs/help.html of the source. The keys are listed by Ctrl+?, and the "
         "command “man queuekeeper” describes the program."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * qk_about_show_help:
 * @parent: (nullable): the window that asks for it
 *
 * Opens the help in the browser, or says where it is.
 */
void
qk_about_show_help (GtkWindow *parent)
{
  g_autofree char *uri = NULL;

  if (!g_file_test (QK_HELP, G_FILE_TEST_EXISTS))
    {
      tell_no_help (parent);
      return;
    }
  uri = g_filename_to_uri (QK_HELP, NULL, NULL);
  gtk_show_uri (parent, uri, GDK_CURRENT_TIME);
}
