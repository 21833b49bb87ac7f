#include "qk-ui-fixture.h"

#include <atspi/atspi.h>
#include <stdlib.h>
#include <string.h>

/* The program as it is built, on a queue of its own, driven through the accessibility bus as a
 * screen reader would: finds a message, selects it, purges it, and looks at the file. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAccessible, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAction, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiSelection, g_object_unref)

#define START_MS  30000
#define MAX_DEPTH 40

typedef struct {
  QkTestFolder folder;
  GSubprocess *process;
  int pid;
  gboolean ended;
  AtspiAccessible *application;
  AtspiAccessible *found;

  /* What is looked for. */
  AtspiRole role;
  const char *name;
  const char *contents;
} Fixture;

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  fixture->ended = TRUE;
}

static void
start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  const char *program = g_getenv ("QK_QUEUEKEEPER");

  g_assert_nonnull (program);
  fixture->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, fixture->folder.queue, NULL);
  g_assert_no_error (error);
  fixture->pid = atoi (g_subprocess_get_identifier (fixture->process));
  g_subprocess_wait_async (fixture->process, NULL, ended_cb, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  qk_test_folder_set_up (&fixture->folder, data);
}

static gboolean
has_ended (gpointer user_data)
{
  return ((Fixture *) user_data)->ended;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->found);
  g_clear_object (&fixture->application);
  if (fixture->process != NULL && !fixture->ended)
    {
      g_subprocess_force_exit (fixture->process);
      qk_test_wait (has_ended, fixture, QK_UI_PATIENCE_MS);
    }
  g_clear_object (&fixture->process);
  qk_test_folder_tear_down (&fixture->folder, data);
}

static gboolean
find_application (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (AtspiAccessible) desktop = atspi_get_desktop (0);
  int n = atspi_accessible_get_child_count (desktop, NULL);

  atspi_accessible_set_cache_mask (desktop, ATSPI_CACHE_NONE);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (desktop, i, NULL);

      if (child != NULL && (int) atspi_accessible_get_process_id (child, NULL) == fixture->pid)
        {
          fixture->application = g_steal_pointer (&child);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_wanted (Fixture *fixture, AtspiAccessible *accessible)
{
  g_autofree char *name = NULL;

  if (atspi_accessible_get_role (accessible, NULL) != fixture->role)
    return FALSE;
  name = atspi_accessible_get_name (accessible, NULL);
  return name != NULL && strstr (name, fixture->name) != NULL;
}

static AtspiAccessible *
find_below (Fixture *fixture, AtspiAccessible *accessible, guint depth)
{
  int n;

  if (is_wanted (fixture, accessible))
    return g_object_ref (accessible);
  n = depth < MAX_DEPTH ? atspi_accessible_get_child_count (accessible, NULL) : 0;
  for (int i = 0; i < n; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (accessible, i, NULL);
      AtspiAccessible *found = child != NULL ? find_below (fixture, child, depth + 1) : NULL;

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
find_again (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->found);
  fixture->found = find_below (fixture, fixture->application, 0);
  return fixture->found != NULL;
}

/* Waits until there is something of that role with @name in its name. GTK 4.8 does not tell what is
 * on the screen. */
static AtspiAccessible *
find (Fixture *fixture, AtspiRole role, const char *name)
{
  fixture->role = role;
  fixture->name = name;
  if (!qk_test_wait (find_again, fixture, QK_UI_PATIENCE_MS))
    g_error ("nothing called “%s” came up", name);
  return g_steal_pointer (&fixture->found);
}

static void
click (Fixture *fixture, const char *name)
{
  g_autoptr (AtspiAccessible) button = find (fixture, ATSPI_ROLE_PUSH_BUTTON, name);
  g_autoptr (AtspiAction) action = atspi_accessible_get_action_iface (button);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (action);
  g_assert_true (atspi_action_do_action (action, 0, &error));
  g_assert_no_error (error);
}

static void
select_row (Fixture *fixture, const char *name)
{
  g_autoptr (AtspiAccessible) row = find (fixture, ATSPI_ROLE_TABLE_ROW, name);
  g_autoptr (AtspiAccessible) list = atspi_accessible_get_parent (row, NULL);
  g_autoptr (AtspiSelection) selection = atspi_accessible_get_selection_iface (list);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (selection);
  g_assert_true (atspi_selection_select_child (
      selection, atspi_accessible_get_index_in_parent (row, NULL), &error));
  g_assert_no_error (error);
}

static gboolean
has_contents (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *contents = NULL;

  return g_file_get_contents (fixture->folder.queue, &contents, NULL, NULL) &&
         strcmp (contents, fixture->contents) == 0;
}

static void
close_window (Fixture *fixture)
{
  click (fixture, "Close");
  g_assert_true (qk_test_wait (has_ended, fixture, QK_UI_PATIENCE_MS));
  g_assert_true (g_subprocess_get_successful (fixture->process));
}

static void
test_purge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = qk_ui_entry (1, QK_STATUS_FAILED, 1, 0.5, 100);
  g_autofree char *second = qk_ui_entry (2, QK_STATUS_PENDING, 2, 0.5, 50);
  g_autofree char *third = qk_ui_entry (3, QK_STATUS_PENDING, 3, 0.5, 20);
  const char *const all[] = {first, second, third, NULL};
  const char *const rest[] = {first, third, NULL};
  g_autofree char *before = qk_test_queue (all), *after = qk_test_queue (rest);
  g_autoptr (AtspiAccessible) pill = NULL, toast = NULL;

  g_free (qk_test_folder_write (&fixture->folder, "queue.json", before, -1));
  start (fixture);
  g_assert_true (qk_test_wait (find_application, fixture, START_MS));
  pill = find (fixture, ATSPI_ROLE_STATUS_BAR, "Live");

  select_row (fixture, "Pending, CAPTAIN to Agent-2: Text 2");
  click (fixture, "Purge");
  fixture->contents = before;
  g_assert_true (has_contents (fixture));
  click (fixture, "Purge 1 message");
  /* The rest of the file is the same to the letter. */
  fixture->contents = after;
  g_assert_true (qk_test_wait (has_contents, fixture, QK_UI_PATIENCE_MS));
  toast = find (fixture, ATSPI_ROLE_LABEL, "1 purged");
  close_window (fixture);
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
  /* libatspi warns of a program that has only just begun to answer. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  if (has_bus && atspi_init () <= 1)
    g_test_add ("/ui/end-to-end/purge", Fixture, NULL, set_up, test_purge, tear_down);
  else
    g_test_add_func ("/ui/end-to-end", skip);
  return g_test_run ();
}
