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
  g_object_set (fixture->settings, "guard-seconds", 10, "history-days", 30, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
}

static GtkSpinButton *
get_spin (Fixture *fixture, const char *title)
{
  GtkWidget *row = qk_ui_test_find (fixture->window, ADW_TYPE_ACTION_ROW, title);

  g_assert_nonnull (row);
  return GTK_SPIN_BUTTON (qk_ui_test_find (row, GTK_TYPE_SPIN_BUTTON, NULL));
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
      g_test_add_func ("/ui/preferences/not-installed", test_not_installed);
      g_test_add ("/ui/preferences/subprocess/not-installed", Fixture, NULL, set_up,
                  show_not_installed, tear_down);
    }
  return qk_ui_test_run (has_display);
}
