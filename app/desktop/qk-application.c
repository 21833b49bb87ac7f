#include "qk-application.h"

#include "qk-preferences.h"
#include "qk-window.h"

struct _QkApplication {
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (QkApplication, qk_application, ADW_TYPE_APPLICATION)

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const developers[] = {"The Queuekeeper project", NULL};

  adw_show_about_window (gtk_application_get_active_window (user_data), "application-name",
                         "Queuekeeper", "application-icon", QK_APPLICATION_ID, "version",
                         QK_VERSION, "comments",
                         "See, resend and purge what your agents have queued, without losing a "
                         "message.",
                         "developers", developers, "developer-name", developers[0], "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *active = gtk_application_get_active_window (user_data);

  /* The keys hold in them, too. */
  if (!QK_IS_PREFERENCES (active))
    gtk_window_present (GTK_WINDOW (qk_preferences_new (active)));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  /* Closed, not destroyed: a window may have changes on their way. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
qk_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
      {"about", about_action, NULL, NULL, NULL, {0}},
      {"preferences", preferences_action, NULL, NULL, NULL, {0}},
      {"quit", quit_action, NULL, NULL, NULL, {0}},
  };

  G_APPLICATION_CLASS (qk_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit",
                                         (const char *const[]){"<Control>q", NULL});
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.preferences",
                                         (const char *const[]){"<Control>comma", NULL});
  gtk_window_set_default_icon_name (QK_APPLICATION_ID);
}

static void
qk_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (qk_window_new (GTK_APPLICATION (application)));
  gtk_window_present (window);
}

static void
qk_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      GtkWidget *window;

      if (path == NULL)
        {
          g_autofree char *uri = g_file_get_uri (files[i]);

          g_printerr ("queuekeeper: %s is not on this computer\n", uri);
          continue;
        }
      window = qk_window_new (GTK_APPLICATION (application));
      qk_window_open (QK_WINDOW (window), path);
      gtk_window_present (GTK_WINDOW (window));
    }
}

static int
qk_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("queuekeeper %s\n", QK_VERSION);
  return 0;
}

static void
qk_application_class_init (QkApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = qk_application_startup;
  application_class->activate = qk_application_activate;
  application_class->open = qk_application_open;
  application_class->handle_local_options = qk_application_handle_local_options;
}

static void
qk_application_init (QkApplication *self)
{
  GApplication *application = G_APPLICATION (self);

  g_application_add_main_option (application, "version", 0, 0, G_OPTION_ARG_NONE,
                                 "Print the version and exit", NULL);
  g_application_set_option_context_parameter_string (application, "[FILE…]");
  g_application_set_option_context_summary (application,
                                            "See, resend and purge what your agents have queued.\n"
                                            "FILE is a queue.json, or a folder that holds one.");
}

/**
 * qk_application_new:
 *
 * Returns: (transfer full): the application
 */
QkApplication *
qk_application_new (void)
{
  return g_object_new (QK_TYPE_APPLICATION, "application-id", QK_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, "resource-base-path",
                       "/io/github/queuekeeper/Queuekeeper", NULL);
}
