#include "qk-application.h"

#include "qk-about.h"
#include "qk-preferences.h"
#include "qk-session-keeper.h"
#include "qk-settings.h"
#include "qk-window.h"

#include <glib/gi18n-lib.h>

/* One process for all queues: what is opened later is opened in the one that runs, so that a queue has
 * one window, and one guard. */
struct _QkApplication {
  AdwApplication parent_instance;

  QkSettings *settings;    /* owned */
  QkSessionKeeper *keeper; /* owned, nullable: of an instance of its own nothing is kept */
};

G_DEFINE_FINAL_TYPE (QkApplication, qk_application, ADW_TYPE_APPLICATION)

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  qk_about_show (gtk_application_get_active_window (user_data));
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  qk_about_show_help (gtk_application_get_active_window (user_data));
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
  QkApplication *self = user_data;
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  if (self->keeper != NULL)
    qk_session_keeper_set_quitting (self->keeper, TRUE);
  /* Closed, not destroyed: a window may have changes on their way. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_list_free (g_steal_pointer (&windows));
  windows = g_list_copy (gtk_application_get_windows (user_data));
  /* One that asks first stays, and with it the program. */
  for (GList *l = windows; l != NULL; l = l->next)
    if (self->keeper != NULL && QK_IS_WINDOW (l->data) && gtk_widget_get_visible (l->data))
      qk_session_keeper_set_quitting (self->keeper, FALSE);
}

/* The window that shows it already, one in which nothing was opened yet, or a new one. */
static QkWindow *
get_window_for (GtkApplication *application, const char *path)
{
  QkWindow *window = qk_window_find (application, path);

  for (GList *l = gtk_application_get_windows (application); window == NULL && l != NULL;
       l = l->next)
    if (QK_IS_WINDOW (l->data) && qk_window_get_store (l->data) == NULL)
      {
        window = l->data;
        qk_window_open (window, path);
      }
  if (window != NULL)
    return window;
  window = QK_WINDOW (qk_window_new (application));
  qk_window_open (window, path);
  return window;
}

/* Of a notification, which may have been sent by a Queuekeeper that is gone. */
static void
show_alert_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *uri, *agent;
  guint kind;
  g_autofree char *path = NULL;
  QkWindow *window;

  g_variant_get (parameter, "(&su&s)", &uri, &kind, &agent);
  path = g_filename_from_uri (uri, NULL, NULL);
  if (path == NULL || kind >= QK_N_ALERT_KINDS)
    return;
  window = get_window_for (user_data, path);
  qk_window_show_alert (window, (QkAlertKind) kind, *agent != '\0' ? agent : NULL);
  gtk_window_present (GTK_WINDOW (window));
}

static void
qk_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
      {"about", about_action, NULL, NULL, NULL, {0}},
      {"help", help_action, NULL, NULL, NULL, {0}},
      {"preferences", preferences_action, NULL, NULL, NULL, {0}},
      {"quit", quit_action, NULL, NULL, NULL, {0}},
      {"show-alert", show_alert_action, "(sus)", NULL, NULL, {0}},
  };
  static const struct {
    const char *action;
    const char *const keys[2];
  } keys[] = {
      {"app.help", {"F1", NULL}},
      {"app.preferences", {"<Control>comma", NULL}},
      {"app.quit", {"<Control>q", NULL}},
  };
  QkApplication *self = QK_APPLICATION (application);

  G_APPLICATION_CLASS (qk_application_parent_class)->startup (application);

  self->settings = qk_settings_new ();
  if ((g_application_get_flags (application) & G_APPLICATION_NON_UNIQUE) == 0)
    {
      g_autofree char *path = qk_session_dup_path ();

      self->keeper = qk_session_keeper_new (GTK_APPLICATION (application), path);
    }
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), keys[i].action,
                                           keys[i].keys);
  gtk_window_set_default_icon_name (QK_APPLICATION_ID);
}

static void
qk_application_shutdown (GApplication *application)
{
  QkApplication *self = QK_APPLICATION (application);

  if (self->keeper != NULL)
    qk_session_keeper_flush (self->keeper);
  g_clear_object (&self->keeper);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (qk_application_parent_class)->shutdown (application);
}

static void
qk_application_activate (GApplication *application)
{
  QkApplication *self = QK_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL && self->keeper != NULL &&
      qk_settings_is_on (self->settings, "restore-session") &&
      qk_session_keeper_restore (self->keeper) > 0)
    return;
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

      if (path == NULL)
        {
          g_autofree char *uri = g_file_get_uri (files[i]);

          g_printerr (_ ("queuekeeper: %s is not on this computer\n"), uri);
          continue;
        }
      gtk_window_present (GTK_WINDOW (get_window_for (GTK_APPLICATION (application), path)));
    }
}

static int
qk_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("queuekeeper %s\n", QK_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (options, "new-instance"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
qk_application_class_init (QkApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = qk_application_startup;
  application_class->shutdown = qk_application_shutdown;
  application_class->activate = qk_application_activate;
  application_class->open = qk_application_open;
  application_class->handle_local_options = qk_application_handle_local_options;
}

static void
qk_application_init (QkApplication *self)
{
  GApplication *application = G_APPLICATION (self);

  g_application_add_main_option (application, "version", 0, 0, G_OPTION_ARG_NONE,
                                 _ ("Print the version and exit"), NULL);
  g_application_add_main_option (
      application, "new-instance", 0, 0, G_OPTION_ARG_NONE,
      _ ("Do not use the Queuekeeper that runs, nor open or keep a session"), NULL);
  g_application_set_option_context_parameter_string (application, _ ("[FILE…]"));
  g_application_set_option_context_summary (
      application,
      _ ("See, resend and purge what your agents have queued.\n"
         "FILE is a queue.json, or a folder that holds one. Each gets a window, in the\n"
         "Queuekeeper that runs already. Without FILE what was open last is opened."));
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
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/io/github/queuekeeper/Queuekeeper", NULL);
}
