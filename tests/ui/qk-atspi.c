#include "qk-atspi.h"

#include <gtk/gtk.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#define MAX_DEPTH 60

/**
 * qk_atspi_init:
 *
 * Returns: whether there is a display and a bus; without, a test is to be skipped
 */
gboolean
qk_atspi_init (void)
{
  /* libatspi warns of a program that has only just begun to answer. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  return g_getenv ("DISPLAY") != NULL && g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL &&
         atspi_init () <= 1;
}

/**
 * qk_atspi_set_up:
 * @self: a fixture
 * @data: unused
 *
 * Makes its folder. The queue is the test's own affair.
 */
void
qk_atspi_set_up (QkAtspi *self, gconstpointer data)
{
  qk_test_folder_set_up (&self->folder, data);
}

static gboolean
has_ended (gpointer user_data)
{
  return ((QkAtspi *) user_data)->ended;
}

/**
 * qk_atspi_tear_down:
 * @self: a fixture
 * @data: unused
 *
 * Ends the program if it is still there, and removes the folder.
 */
void
qk_atspi_tear_down (QkAtspi *self, gconstpointer data)
{
  g_clear_object (&self->application);
  g_clear_object (&self->bus);
  if (self->process != NULL && !self->ended)
    {
      g_subprocess_force_exit (self->process);
      qk_test_wait (has_ended, self, QK_ATSPI_PATIENCE_MS);
    }
  g_clear_object (&self->process);
  qk_test_folder_tear_down (&self->folder, data);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QkAtspi *self = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  self->ended = TRUE;
}

static gboolean
find_application (gpointer user_data)
{
  QkAtspi *self = user_data;
  guint pid = (guint) atoi (g_subprocess_get_identifier (self->process));
  g_autoptr (AtspiAccessible) desktop = atspi_get_desktop (0);
  int n = atspi_accessible_get_child_count (desktop, NULL);

  /* What is asked is asked of the program, not of a memory of it. */
  atspi_accessible_set_cache_mask (desktop, ATSPI_CACHE_NONE);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (desktop, i, NULL);

      if (child != NULL && atspi_accessible_get_process_id (child, NULL) == pid)
        {
          self->application = g_steal_pointer (&child);
          return TRUE;
        }
    }
  return FALSE;
}

/* A test that fails does not leave it behind. */
static void
end_with_us (gpointer user_data)
{
#ifdef __linux__
  prctl (PR_SET_PDEATHSIG, SIGKILL);
#endif
}

static QkAtspiStep
active_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  *(gboolean *) user_data |= qk_atspi_has_state (accessible, ATSPI_STATE_ACTIVE);
  return QK_ATSPI_PAST;
}

static gboolean
has_keyboard (gpointer user_data)
{
  gboolean is_active = FALSE;

  qk_atspi_walk (user_data, active_visit, &is_active);
  return is_active;
}

/* Where the accessible programs are. */
static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  GDBusConnection *bus;
  const char *address;

  g_assert_nonnull (session);
  reply = g_dbus_connection_call_sync (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus",
                                       "GetAddress", NULL, G_VARIANT_TYPE ("(s)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(&s)", &address);
  bus = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  return bus;
}

/**
 * qk_atspi_start:
 * @self: a fixture with a queue
 *
 * Starts the program on it and waits until it answers and has the keyboard. It keeps its history in the folder.
 */
void
qk_atspi_start (QkAtspi *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const char *program = g_getenv ("QK_QUEUEKEEPER");
  g_autofree char *data = g_build_filename (self->folder.path, "data", NULL);

  g_assert_nonnull (program);
  self->bus = connect_to_bus ();
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", data, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_us, NULL, NULL);
  /* Where its dialogs for files begin. */
  g_subprocess_launcher_set_cwd (launcher, self->folder.path);
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, self->folder.queue, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (self->process, NULL, ended_cb, self);
  g_assert_true (qk_test_wait (find_application, self, QK_ATSPI_PATIENCE_MS));
  g_assert_true (qk_atspi_wait (self, has_keyboard, self));
}

/**
 * qk_atspi_wait:
 * @self: a fixture
 * @is_done: whether it has come
 * @data: for @is_done
 *
 * Waits for it. A program that ended meanwhile will not bring it.
 *
 * Returns: whether it came
 */
gboolean
qk_atspi_wait (QkAtspi *self, gboolean (*is_done) (gpointer data), gpointer data)
{
  g_assert_false (self->ended);
  return qk_test_wait (is_done, data, QK_ATSPI_PATIENCE_MS);
}

/**
 * qk_atspi_wait_for_end:
 * @self: a fixture
 *
 * Waits until the program has ended, which it must do without an error.
 */
void
qk_atspi_wait_for_end (QkAtspi *self)
{
  g_assert_true (qk_test_wait (has_ended, self, QK_ATSPI_PATIENCE_MS));
  g_assert_true (g_subprocess_get_successful (self->process));
}

/**
 * qk_atspi_has_state:
 * @accessible: something
 * @state: a state
 *
 * Returns: whether it is in that state
 */
gboolean
qk_atspi_has_state (AtspiAccessible *accessible, AtspiStateType state)
{
  g_autoptr (AtspiStateSet) states = atspi_accessible_get_state_set (accessible);

  return states != NULL && atspi_state_set_contains (states, state);
}

/**
 * qk_atspi_is_on_screen:
 * @accessible: something
 *
 * GTK 4.8 calls everything visible; only what has never been shown, or was hidden, has no size.
 *
 * Returns: whether it has a place on the screen
 */
gboolean
qk_atspi_is_on_screen (AtspiAccessible *accessible)
{
  g_autoptr (AtspiComponent) component = atspi_accessible_get_component_iface (accessible);
  AtspiRect *extents;
  gboolean is_on_screen;

  if (component == NULL)
    return TRUE;
  extents = atspi_component_get_extents (component, ATSPI_COORD_TYPE_WINDOW, NULL);
  is_on_screen = extents != NULL && extents->width > 0 && extents->height > 0;
  g_free (extents);
  return is_on_screen;
}

/**
 * qk_atspi_describe:
 * @accessible: something
 *
 * Returns: (transfer full): its role and its name
 */
char *
qk_atspi_describe (AtspiAccessible *accessible)
{
  g_autofree char *role = atspi_accessible_get_role_name (accessible, NULL);
  g_autofree char *name = atspi_accessible_get_name (accessible, NULL);

  return g_strdup_printf ("%s “%s”", role, name);
}

typedef struct {
  QkAtspiVisit visit;
  gpointer user_data;
  GPtrArray *path;
  GHashTable *seen; /* GTK 4.8 has the child of a page of a stack once for each page of it */
} Walk;

/* Such as a page of a stack that has not been shown. To look at those that have others in them is
 * enough. */
static gboolean
has_no_place (AtspiAccessible *accessible)
{
  return atspi_accessible_get_role (accessible, NULL) == ATSPI_ROLE_PANEL &&
         !qk_atspi_is_on_screen (accessible);
}

static QkAtspiStep
walk_below (Walk *walk, AtspiAccessible *accessible)
{
  QkAtspiStep step;
  int n = 0;

  if (!g_hash_table_add (walk->seen, g_strdup (ATSPI_OBJECT (accessible)->path)))
    return QK_ATSPI_PAST;
  g_ptr_array_add (walk->path, accessible);
  step = has_no_place (accessible) ? QK_ATSPI_PAST
                                   : walk->visit (accessible, walk->path, walk->user_data);
  if (step == QK_ATSPI_INTO && walk->path->len < MAX_DEPTH)
    n = atspi_accessible_get_child_count (accessible, NULL);
  for (int i = 0; i < n && step != QK_ATSPI_STOP; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (accessible, i, NULL);

      if (child != NULL && walk_below (walk, child) == QK_ATSPI_STOP)
        step = QK_ATSPI_STOP;
    }
  g_ptr_array_set_size (walk->path, (int) walk->path->len - 1);
  return step;
}

static AtspiAccessible *
make_accessible (QkAtspi *self, const char *path)
{
  AtspiAccessible *accessible = g_object_new (ATSPI_TYPE_ACCESSIBLE, NULL);

  ATSPI_OBJECT (accessible)->app = g_object_ref (ATSPI_OBJECT (self->application)->app);
  ATSPI_OBJECT (accessible)->path = g_strdup (path);
  return accessible;
}

/* All at once: to ask for one by its number, as libatspi does, is a race with windows that go, and
 * GTK 4.8 counts the visible ones and numbers all. */
static GPtrArray *
dup_windows (QkAtspi *self)
{
  AtspiObject *root = ATSPI_OBJECT (self->application);
  GPtrArray *windows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GVariant) reply = NULL, children = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  const char *path;

  reply = g_dbus_connection_call_sync (
      self->bus, root->app->bus_name, root->path, "org.a11y.atspi.Accessible", "GetChildren", NULL,
      G_VARIANT_TYPE ("(a(so))"), G_DBUS_CALL_FLAGS_NONE, QK_ATSPI_PATIENCE_MS, NULL, &error);
  /* It may have ended, which is for the test to judge. */
  if (reply == NULL)
    return windows;
  children = g_variant_get_child_value (reply, 0);
  g_variant_iter_init (&iter, children);
  while (g_variant_iter_next (&iter, "(&s&o)", NULL, &path))
    g_ptr_array_add (windows, make_accessible (self, path));
  return windows;
}

static void
walk_windows (QkAtspi *self, gboolean only_newest, QkAtspiVisit visit, gpointer user_data)
{
  g_autoptr (GPtrArray) windows = dup_windows (self);
  Walk walk = {visit, user_data, g_ptr_array_new (),
               g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};

  for (guint i = windows->len; i > 0; i--)
    if (qk_atspi_is_on_screen (windows->pdata[i - 1]) &&
        (walk_below (&walk, windows->pdata[i - 1]) == QK_ATSPI_STOP || only_newest))
      break;
  g_hash_table_unref (walk.seen);
  g_ptr_array_unref (walk.path);
}

/**
 * qk_atspi_walk:
 * @self: a fixture
 * @visit: what to do with each
 * @user_data: for @visit
 *
 * Goes through all that the windows on the screen show, each once: the newest window first, and top
 * down.
 */
void
qk_atspi_walk (QkAtspi *self, QkAtspiVisit visit, gpointer user_data)
{
  walk_windows (self, FALSE, visit, user_data);
}

/**
 * qk_atspi_walk_newest:
 * @self: a fixture
 * @visit: what to do with each
 * @user_data: for @visit
 *
 * Likewise, through the newest window only: a dialog where there is one.
 */
void
qk_atspi_walk_newest (QkAtspi *self, QkAtspiVisit visit, gpointer user_data)
{
  walk_windows (self, TRUE, visit, user_data);
}

static QkAtspiStep
count_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  (*(guint *) user_data)++;
  return QK_ATSPI_PAST;
}

/**
 * qk_atspi_count_windows:
 * @self: a fixture
 *
 * Returns: how many windows and dialogs are on the screen
 */
guint
qk_atspi_count_windows (QkAtspi *self)
{
  guint n = 0;

  qk_atspi_walk (self, count_visit, &n);
  return n;
}

/* How many windows are waited for. */
typedef struct {
  QkAtspi *fixture;
  guint n;
} Windows;

static gboolean
are_windows (gpointer user_data)
{
  Windows *windows = user_data;

  g_assert_false (windows->fixture->ended);
  return qk_atspi_count_windows (windows->fixture) == windows->n;
}

/**
 * qk_atspi_await_windows:
 * @self: a fixture
 * @n_windows: a number
 *
 * Waits until there are so many windows and dialogs on the screen.
 */
void
qk_atspi_await_windows (QkAtspi *self, guint n_windows)
{
  Windows windows = {self, n_windows};

  if (!qk_test_wait (are_windows, &windows, QK_ATSPI_PATIENCE_MS))
    g_error ("there are not %u windows", n_windows);
}

/* What is looked for, and what was found. */
typedef struct {
  QkAtspi *fixture;
  AtspiRole role;
  const char *name;
  AtspiAccessible *found;
} Wanted;

static QkAtspiStep
find_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  Wanted *wanted = user_data;
  AtspiRole role = atspi_accessible_get_role (accessible, NULL);
  g_autofree char *name = NULL;

  /* What is in a row is said by its name. */
  if (role != wanted->role)
    return role == ATSPI_ROLE_TABLE_ROW ? QK_ATSPI_PAST : QK_ATSPI_INTO;
  name = atspi_accessible_get_name (accessible, NULL);
  if (name == NULL || strstr (name, wanted->name) == NULL || !qk_atspi_is_on_screen (accessible))
    return QK_ATSPI_INTO;
  wanted->found = g_object_ref (accessible);
  return QK_ATSPI_STOP;
}

/**
 * qk_atspi_look:
 * @self: a fixture
 * @role: a role
 * @name: a part of a name
 *
 * Returns: (transfer full) (nullable): the first of that role and name
 */
AtspiAccessible *
qk_atspi_look (QkAtspi *self, AtspiRole role, const char *name)
{
  Wanted wanted = {self, role, name, NULL};

  qk_atspi_walk (self, find_visit, &wanted);
  return wanted.found;
}

static gboolean
is_found (gpointer user_data)
{
  Wanted *wanted = user_data;

  g_assert_false (wanted->fixture->ended);
  g_clear_object (&wanted->found);
  wanted->found = qk_atspi_look (wanted->fixture, wanted->role, wanted->name);
  return wanted->found != NULL;
}

static gboolean
is_not_found (gpointer user_data)
{
  return !is_found (user_data);
}

/**
 * qk_atspi_find:
 * @self: a fixture
 * @role: a role
 * @name: a part of a name
 *
 * Returns: (transfer full): the first of that role and name, when it is there
 */
AtspiAccessible *
qk_atspi_find (QkAtspi *self, AtspiRole role, const char *name)
{
  Wanted wanted = {self, role, name, NULL};

  if (!qk_test_wait (is_found, &wanted, QK_ATSPI_PATIENCE_MS))
    g_error ("nothing called “%s” came up", name);
  return wanted.found;
}

/**
 * qk_atspi_await:
 * @self: a fixture
 * @role: a role
 * @name: a part of a name
 *
 * Waits until there is something of that role and name.
 */
void
qk_atspi_await (QkAtspi *self, AtspiRole role, const char *name)
{
  g_object_unref (qk_atspi_find (self, role, name));
}

/**
 * qk_atspi_await_none:
 * @self: a fixture
 * @role: a role
 * @name: a part of a name
 *
 * Waits until there is nothing of that role and name.
 */
void
qk_atspi_await_none (QkAtspi *self, AtspiRole role, const char *name)
{
  Wanted wanted = {self, role, name, NULL};

  if (!qk_test_wait (is_not_found, &wanted, QK_ATSPI_PATIENCE_MS))
    g_error ("“%s” did not go", name);
}

/**
 * qk_atspi_click:
 * @self: a fixture
 * @name: a part of the name of a button
 *
 * Does what a button does.
 */
void
qk_atspi_click (QkAtspi *self, const char *name)
{
  g_autoptr (AtspiAccessible) button = qk_atspi_find (self, ATSPI_ROLE_PUSH_BUTTON, name);
  g_autoptr (AtspiAction) action = atspi_accessible_get_action_iface (button);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (action);
  g_assert_true (atspi_action_do_action (action, 0, &error));
  g_assert_no_error (error);
}

/**
 * qk_atspi_select_row:
 * @self: a fixture
 * @name: a part of the name of a row
 *
 * Selects it, and nothing else.
 */
void
qk_atspi_select_row (QkAtspi *self, const char *name)
{
  g_autoptr (AtspiAccessible) row = qk_atspi_find (self, ATSPI_ROLE_TABLE_ROW, name);
  g_autoptr (AtspiAccessible) list = atspi_accessible_get_parent (row, NULL);
  g_autoptr (AtspiSelection) selection = atspi_accessible_get_selection_iface (list);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (selection);
  g_assert_true (atspi_selection_select_child (
      selection, atspi_accessible_get_index_in_parent (row, NULL), &error));
  g_assert_no_error (error);
}

static void
generate (long value, AtspiKeySynthType type)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (atspi_generate_keyboard_event (value, NULL, type, &error));
  g_assert_no_error (error);
}

/**
 * qk_atspi_press:
 * @accelerator: keys as GTK writes them, such as `<Control><Shift>n`
 *
 * Presses and releases them; whatever has the keyboard gets them.
 */
void
qk_atspi_press (const char *accelerator)
{
  guint key;
  GdkModifierType modifiers;

  gtk_accelerator_parse (accelerator, &key, &modifiers);
  g_assert_cmpuint (key, !=, 0);
  if (modifiers != 0)
    generate ((long) modifiers, ATSPI_KEY_LOCKMODIFIERS);
  generate ((long) key, ATSPI_KEY_SYM);
  if (modifiers != 0)
    generate ((long) modifiers, ATSPI_KEY_UNLOCKMODIFIERS);
}

/**
 * qk_atspi_type:
 * @text: what to type, of ASCII
 *
 * Types it, key by key.
 */
void
qk_atspi_type (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    generate ((long) gdk_unicode_to_keyval ((guint32) *c), ATSPI_KEY_SYM);
}
