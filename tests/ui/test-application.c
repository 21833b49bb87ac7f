#include "qk-session.h"
#include "qk-ui-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

/* The program as it is built, on a session bus: one process, a window for each queue, and what was open
 * comes back. What is open is read where it is kept. */

typedef struct {
  QkTestFolder folder;
  char *queues[3];       /* owned */
  char *session;         /* owned: where it is kept */
  GSubprocess *process;  /* owned, nullable: the first one */
  GSubprocess *second;   /* owned, nullable */
  gboolean ended;        /* the first one has */
  gboolean second_ended; /* the other one has */
  const char *wanted[4]; /* what should be open */
  GPtrArray *titles;     /* owned: of the notifications */
  guint n_failed;
} Fixture;

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *ended = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  *ended = TRUE;
}

static gboolean
is_set (gpointer user_data)
{
  return *(gboolean *) user_data;
}

/* A test that fails does not leave it behind. */
static void
end_with_us (gpointer user_data)
{
#ifdef __linux__
  prctl (PR_SET_PDEATHSIG, SIGKILL);
#endif
}

static GSubprocess *
start (Fixture *fixture, gboolean *ended, const char *one, const char *two)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", fixture->folder.path, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", fixture->folder.path, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_us, NULL, NULL);
  process =
      g_subprocess_launcher_spawn (launcher, &error, g_getenv ("QK_QUEUEKEEPER"), one, two, NULL);
  g_assert_no_error (error);
  *ended = FALSE;
  g_subprocess_wait_async (process, NULL, ended_cb, ended);
  return process;
}

/* Whether there is a program to hand over to. */
static gboolean
has_owner (gpointer user_data)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new ("(s)", "io.github.queuekeeper.Queuekeeper"), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, NULL);
  gboolean has = FALSE;

  g_assert_nonnull (reply);
  g_variant_get (reply, "(b)", &has);
  return has;
}

static gboolean
has_no_owner (gpointer user_data)
{
  return !has_owner (user_data);
}

/* In whatever order. */
static gboolean
is_as_wanted (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) windows = qk_session_load (fixture->session);
  guint n_wanted = 0, n_found = 0;

  for (; fixture->wanted[n_wanted] != NULL; n_wanted++)
    for (guint i = 0; i < windows->len; i++)
      {
        const QkSessionWindow *window = windows->pdata[i];

        if (strcmp (window->location, fixture->wanted[n_wanted]) == 0)
          n_found++;
      }
  return n_found == n_wanted && windows->len == n_wanted;
}

static void
await_open (Fixture *fixture, const char *a, const char *b, const char *c)
{
  fixture->wanted[0] = a;
  fixture->wanted[1] = b;
  fixture->wanted[2] = c;
  g_assert_true (qk_test_wait (is_as_wanted, fixture, QK_UI_PATIENCE_MS));
}

/* Opens @path with a process that hands it over and ends. */
static void
hand_over (Fixture *fixture, const char *path)
{
  g_clear_object (&fixture->second);
  fixture->second = start (fixture, &fixture->second_ended, path, NULL);
  g_assert_true (qk_test_wait (is_set, &fixture->second_ended, QK_UI_PATIENCE_MS));
  g_assert_true (g_subprocess_get_successful (fixture->second));
  g_assert_false (fixture->ended);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *entry = qk_ui_entry (1, QK_STATUS_PENDING, 1, 0.5, 10);
  const char *const entries[] = {entry, NULL};
  g_autofree char *json = qk_test_queue (entries);

  qk_test_folder_set_up (&fixture->folder, data);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("queue-%u.json", i);

      fixture->queues[i] = qk_test_folder_write (&fixture->folder, name, json, -1);
    }
  fixture->titles = g_ptr_array_new_with_free_func (g_free);
  fixture->session = g_build_filename (fixture->folder.path, "queuekeeper", "session.ini", NULL);
}

static void
end (GSubprocess *process, gboolean *ended)
{
  if (process == NULL)
    return;
  g_subprocess_force_exit (process);
  g_assert_true (qk_test_wait (is_set, ended, QK_UI_PATIENCE_MS));
  g_object_unref (process);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  end (fixture->process, &fixture->ended);
  end (fixture->second, &fixture->second_ended);
  g_assert_true (qk_test_wait (has_no_owner, NULL, QK_UI_PATIENCE_MS));
  for (guint i = 0; i < 3; i++)
    g_free (fixture->queues[i]);
  g_free (fixture->session);
  g_ptr_array_unref (fixture->titles);
  qk_test_folder_tear_down (&fixture->folder, data);
}

/* Several at once, one more by another process, and one that is open already. */
static void
test_single (Fixture *fixture, gconstpointer data)
{
  char **q = fixture->queues;

  fixture->process = start (fixture, &fixture->ended, q[0], q[1]);
  await_open (fixture, q[0], q[1], NULL);
  hand_over (fixture, q[0]);
  hand_over (fixture, q[2]);
  await_open (fixture, q[0], q[1], q[2]);
}

/* The session outlives a crash; a queue that is gone is no obstacle. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  char **q = fixture->queues;

  fixture->process = start (fixture, &fixture->ended, q[0], q[1]);
  await_open (fixture, q[0], q[1], NULL);
  end (g_steal_pointer (&fixture->process), &fixture->ended);
  g_assert_cmpint (g_unlink (q[1]), ==, 0);
  g_assert_true (qk_test_wait (has_no_owner, NULL, QK_UI_PATIENCE_MS));
  fixture->process = start (fixture, &fixture->ended, NULL, NULL);
  g_assert_true (qk_test_wait (has_owner, NULL, QK_UI_PATIENCE_MS));
  /* What it wrote before is still right: only together with a third one that is seen. */
  hand_over (fixture, q[2]);
  await_open (fixture, q[0], q[1], q[2]);
}

/* An instance of its own is not handed over to, and touches no session. */
static void
test_new_instance (Fixture *fixture, gconstpointer data)
{
  char **q = fixture->queues;
  g_autoptr (GSubprocess) third = NULL;
  gboolean third_ended = FALSE;

  fixture->process = start (fixture, &fixture->ended, q[0], NULL);
  await_open (fixture, q[0], NULL, NULL);
  fixture->second = start (fixture, &fixture->second_ended, "--new-instance", q[1]);
  third = start (fixture, &third_ended, q[2], NULL);
  g_assert_true (qk_test_wait (is_set, &third_ended, QK_UI_PATIENCE_MS));
  await_open (fixture, q[0], q[2], NULL);
  g_assert_false (fixture->second_ended);
}

static const char notifications_xml[] =
    "<node><interface name='org.gtk.Notifications'><method name='AddNotification'>"
    "<arg type='s'/><arg type='s'/><arg type='a{sv}'/></method><method name='RemoveNotification'>"
    "<arg type='s'/><arg type='s'/></method></interface></node>";

/* The desktop's part of it: keeps the titles. */
static void
notification_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *method,
                 GVariant *parameters,
                 GDBusMethodInvocation *invocation,
                 gpointer user_data)
{
  Fixture *fixture = user_data;

  if (g_str_equal (method, "AddNotification"))
    {
      g_autoptr (GVariant) notification = g_variant_get_child_value (parameters, 2);
      char *title = NULL;

      g_assert_true (g_variant_lookup (notification, "title", "s", &title));
      g_test_message ("told: %s", title);
      g_ptr_array_add (fixture->titles, title);
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* Makes one more fail, until that is told: when the program looks first is its business, and so is what
 * else it tells of a queue in which all fail. */
static gboolean
is_told (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *json = NULL;
  GStatBuf status;

  for (guint i = 0; i < fixture->titles->len; i++)
    if (strstr (fixture->titles->pdata[i], " new failure") != NULL &&
        strstr (fixture->titles->pdata[i], " for Agent-7") != NULL)
      return TRUE;
  if (g_stat (fixture->queues[0], &status) == 0 && time (NULL) - status.st_mtime < 2)
    return FALSE;
  fixture->n_failed++;
  for (guint i = 0; i < fixture->n_failed; i++)
    g_ptr_array_add (entries, qk_ui_entry (100 + i, QK_STATUS_FAILED, 7, 0.5, 10));
  g_ptr_array_add (entries, NULL);
  json = qk_test_queue ((const char *const *) entries->pdata);
  g_free (qk_test_folder_write (&fixture->folder, "queue-0.json", json, -1));
  return FALSE;
}

/* Nobody looks at the first window: the second one lies above it. */
static void
test_notification (Fixture *fixture, gconstpointer data)
{
  static const GDBusInterfaceVTable table = {notification_cb, NULL, NULL, {0}};
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (notifications_xml, NULL);
  guint object = g_dbus_connection_register_object (
      bus, "/org/gtk/Notifications", info->interfaces[0], &table, fixture, NULL, NULL);
  guint name = g_bus_own_name_on_connection (bus, "org.gtk.Notifications",
                                             G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);

  g_assert_cmpuint (object, !=, 0);
  fixture->process = start (fixture, &fixture->ended, fixture->queues[0], fixture->queues[1]);
  await_open (fixture, fixture->queues[0], fixture->queues[1], NULL);
  g_assert_true (qk_test_wait (is_told, fixture, QK_UI_PATIENCE_MS));
  g_bus_unown_name (name);
  g_dbus_connection_unregister_object (bus, object);
}

static void
skip (void)
{
  g_test_skip ("there is no display or no session bus");
}

int
main (int argc, char **argv)
{
  gboolean has_bus = g_getenv ("DISPLAY") != NULL && g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL;

  g_test_init (&argc, &argv, NULL);
  if (has_bus)
    {
      g_test_add ("/ui/application/single", Fixture, NULL, set_up, test_single, tear_down);
      g_test_add ("/ui/application/restore", Fixture, NULL, set_up, test_restore, tear_down);
      g_test_add ("/ui/application/new-instance", Fixture, NULL, set_up, test_new_instance,
                  tear_down);
      g_test_add ("/ui/application/notification", Fixture, NULL, set_up, test_notification,
                  tear_down);
    }
  else
    g_test_add_func ("/ui/application", skip);
  return g_test_run ();
}
