#include "qk-preferences.h"
#include "qk-settings.h"
#include "qk-test-util.h"
#include "qk-ui-test.h"

/* The preferences, on settings in memory. */

#define PATIENCE_MS 10000

typedef struct {
  QkSettings *settings;
  GtkWidget *window;
} Fixture;

static gboolean
is_mapped (gpointer user_data)
{
  return gtk_widget_get_mapped (((Fixture *) user_data)->window);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings = qk_settings_new ();
  fixture->window = qk_preferences_new (NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (qk_test_wait (is_mapped, fixture, PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_settings_reset (fixture->settings);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
}

/* On whichever page it is. */
static GtkWidget *
find (GtkWidget *root, GType type, const char *title)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) &&
      (title == NULL ||
       g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkSpinButton *
get_spin (Fixture *fixture, const char *title)
{
  GtkWidget *row = find (fixture->window, ADW_TYPE_ACTION_ROW, title);

  g_assert_nonnull (row);
  return GTK_SPIN_BUTTON (find (row, GTK_TYPE_SPIN_BUTTON, NULL));
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *title;
    const char *name;
    int initial;
    int minimum;
    int maximum;
  } rows[] = {
      {"Guard time in seconds", "guard-seconds", 10, 3, 30},
      {"Days in the history", "history-days", 30, 1, 3650},
      {"Seconds between looks", "poll-seconds", 2, 1, 60},
      {"Attempts", "retry-attempts", 8, 1, 20},
      {"Longest wait in milliseconds", "retry-cap-milliseconds", 2000, 10, 60000},
      {"Pause in minutes", "notify-minutes", 5, 1, 60},
      {"Critical above", "alert-total-critical", 1000, 1, 1000000},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkSpinButton *spin = get_spin (fixture, rows[i].title);
      guint value;

      g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (spin)));
      g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, rows[i].initial);
      gtk_spin_button_set_value (spin, 1000000);
      g_object_get (fixture->settings, rows[i].name, &value, NULL);
      g_assert_cmpint ((int) value, ==, rows[i].maximum);
      gtk_spin_button_set_value (spin, 0);
      g_object_get (fixture->settings, rows[i].name, &value, NULL);
      g_assert_cmpint ((int) value, ==, rows[i].minimum);
      g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, rows[i].minimum);
      /* Another program changes it. */
      g_object_set (fixture->settings, rows[i].name, rows[i].minimum + 2, NULL);
      g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, rows[i].minimum + 2);
    }
  g_assert_null (qk_ui_test_find (fixture->window, ADW_TYPE_ACTION_ROW,
                                  "These settings cannot be changed here"));
}

/* There is a row for each of them, and it works. */
static void
test_all_settings (Fixture *fixture, gconstpointer data)
{
  guint n_specs, n_spins = 0, n_switches = 0;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (fixture->settings), &n_specs);
  guint n = 0;

  qk_ui_test_count (fixture->window, GTK_TYPE_SPIN_BUTTON, &n_spins);
  qk_ui_test_count (fixture->window, GTK_TYPE_SWITCH, &n_switches);
  g_assert_cmpuint (n_spins + n_switches, ==, n_specs);
  for (guint i = 0; i < n_specs; i++)
    n += G_IS_PARAM_SPEC_BOOLEAN (specs[i]) ? 1 : 0;
  g_assert_cmpuint (n_switches, ==, n);
}

static void
test_switch (Fixture *fixture, gconstpointer data)
{
  GtkWidget *all = find (fixture->window, ADW_TYPE_ACTION_ROW, "Notifications");
  GtkWidget *row = find (fixture->window, ADW_TYPE_ACTION_ROW, "Stuck messages");
  GtkWidget *toggle = find (all, GTK_TYPE_SWITCH, NULL);

  g_assert_true (gtk_widget_is_sensitive (row));
  gtk_switch_set_active (GTK_SWITCH (toggle), FALSE);
  g_assert_false (qk_settings_is_on (fixture->settings, "notify"));
  g_assert_false (gtk_widget_is_sensitive (row));
  qk_settings_reset (fixture->settings);
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (toggle)));
  g_assert_true (gtk_widget_is_sensitive (row));
}

/* What is critical is never less than what is worth a warning: the other one gives way. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  guint warning, critical;

  gtk_spin_button_set_value (get_spin (fixture, "Warn above"), 1200);
  g_object_get (fixture->settings, "alert-total-critical", &critical, NULL);
  g_assert_cmpuint (critical, ==, 1200);
  gtk_spin_button_set_value (get_spin (fixture, "Critical above"), 700);
  g_object_get (fixture->settings, "alert-total-warning", &warning, NULL);
  g_assert_cmpuint (warning, ==, 700);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (get_spin (fixture, "Warn above")), ==, 700);
}

static const char *
get_total (Fixture *fixture)
{
  return adw_action_row_get_subtitle (
      ADW_ACTION_ROW (find (fixture->window, ADW_TYPE_ACTION_ROW, "When a save gives up")));
}

/* What the three numbers come to is told while they are chosen. */
static void
test_total (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (get_total (fixture), ==, "After 8.2 s of waiting in all.");
  gtk_spin_button_set_value (get_spin (fixture, "Attempts"), 2);
  g_assert_cmpstr (get_total (fixture), ==, "After 0.1 s of waiting in all.");
  gtk_spin_button_set_value (get_spin (fixture, "First wait in milliseconds"), 4000);
  g_assert_cmpstr (get_total (fixture), ==, "After 4.0 s of waiting in all.");
  gtk_spin_button_set_value (get_spin (fixture, "Attempts"), 1);
  g_assert_cmpstr (get_total (fixture), ==, "At once: there is no second attempt.");
}

/* Where nothing is kept that is said, and nothing can be changed. */
static void
show_not_installed (Fixture *fixture, gconstpointer data)
{
  static const char *const titles[] = {"Guard time in seconds", "Days in the history"};

  g_assert_nonnull (qk_ui_test_find (fixture->window, ADW_TYPE_ACTION_ROW,
                                     "These settings cannot be changed here"));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (get_spin (fixture, titles[i]))));
}

static void
test_not_installed (void)
{
  g_autofree char *usual = g_strdup (g_getenv ("GSETTINGS_SCHEMA_DIR"));

  if (g_file_test (g_getenv ("QK_INSTALLED_SCHEMA"), G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the settings are installed on this machine");
      return;
    }
  g_setenv ("GSETTINGS_SCHEMA_DIR", "/nowhere", TRUE);
  g_test_trap_subprocess ("/ui/preferences/subprocess/not-installed", 0, 0);
  g_setenv ("GSETTINGS_SCHEMA_DIR", usual, TRUE);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      g_test_add ("/ui/preferences/rows", Fixture, NULL, set_up, test_rows, tear_down);
      g_test_add ("/ui/preferences/all-settings", Fixture, NULL, set_up, test_all_settings,
                  tear_down);
      g_test_add ("/ui/preferences/switch", Fixture, NULL, set_up, test_switch, tear_down);
      g_test_add ("/ui/preferences/order", Fixture, NULL, set_up, test_order, tear_down);
      g_test_add ("/ui/preferences/total", Fixture, NULL, set_up, test_total, tear_down);
      g_test_add_func ("/ui/preferences/not-installed", test_not_installed);
      g_test_add ("/ui/preferences/subprocess/not-installed", Fixture, NULL, set_up,
                  show_not_installed, tear_down);
    }
  return qk_ui_test_run (has_display);
}
