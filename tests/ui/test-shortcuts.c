#include "qk-ui-test.h"
#include "qk-window.h"

#include <string.h>

/* What the keyboard can do stands in the window of shortcuts: every key that the window of a queue adds
 * to those of any window is looked for there. */

static GtkBuilder *
load_overlay (void)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_autoptr (GError) error = NULL;

  gtk_builder_add_from_file (builder, g_getenv ("QK_HELP_OVERLAY"), &error);
  g_assert_no_error (error);
  return g_steal_pointer (&builder);
}

static void
add_told (GHashTable *told, const char *text, const char *title)
{
  guint key;
  GdkModifierType modifiers;

  if (!gtk_accelerator_parse (text, &key, &modifiers))
    g_error ("the key of “%s” is none: %s", title, text);
  /* Twice, where a dialog has a key of its own. */
  g_hash_table_add (told, gtk_accelerator_name (key, modifiers));
}

/* All keys that are told of, in the form that GTK gives them. */
static GHashTable *
find_told (GtkBuilder *builder)
{
  GHashTable *told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GSList *objects = gtk_builder_get_objects (builder);

  for (GSList *l = objects; l != NULL; l = l->next)
    {
      g_autofree char *text = NULL, *title = NULL;
      g_auto (GStrv) keys = NULL;

      if (!GTK_IS_SHORTCUTS_SHORTCUT (l->data))
        continue;
      g_object_get (l->data, "accelerator", &text, "title", &title, NULL);
      g_assert_nonnull (text);
      /* Several keys, or the first and the last of a range. */
      keys = g_regex_split_simple (" |\\.\\.\\.", text, 0, 0);
      for (guint i = 0; keys[i] != NULL; i++)
        add_told (told, keys[i], title);
    }
  g_slist_free (objects);
  return told;
}

static GListModel *
find_keys (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller) &&
          g_strcmp0 (gtk_event_controller_get_name (controller), "gtk-widget-class-shortcuts") == 0)
        return G_LIST_MODEL (g_object_ref (controller));
    }
  return NULL;
}

/* The name of a page that a key goes to, if it is that. */
static const char *
get_page (GtkShortcut *shortcut)
{
  GtkShortcutAction *action = gtk_shortcut_get_action (shortcut);

  if (!GTK_IS_NAMED_ACTION (action) ||
      strcmp (gtk_named_action_get_action_name (GTK_NAMED_ACTION (action)), "win.show-page") != 0)
    return NULL;
  return g_variant_get_string (gtk_shortcut_get_arguments (shortcut), NULL);
}

static gboolean
is_ours (GtkShortcut *shortcut)
{
  GtkShortcutAction *action = gtk_shortcut_get_action (shortcut);
  const char *name;

  if (!GTK_IS_NAMED_ACTION (action))
    return FALSE;
  name = gtk_named_action_get_action_name (GTK_NAMED_ACTION (action));
  return g_str_has_prefix (name, "win.") || g_str_equal (name, "window.close");
}

static void
check_key (GHashTable *told, GtkShortcut *shortcut)
{
  GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);
  GtkKeyvalTrigger *key = GTK_KEYVAL_TRIGGER (trigger);
  guint value = gtk_keyval_trigger_get_keyval (key);
  g_autofree char *name =
      gtk_accelerator_name (gdk_keyval_to_lower (value), gtk_keyval_trigger_get_modifiers (key));
  GtkShortcutAction *action = gtk_shortcut_get_action (shortcut);

  /* The same as Delete. */
  if (value == GDK_KEY_KP_Delete)
    return;
  if (!g_hash_table_contains (told, name))
    g_error ("%s of %s is not in the window of shortcuts", name,
             gtk_named_action_get_action_name (GTK_NAMED_ACTION (action)));
}

static void
test_complete (void)
{
  g_autoptr (GtkBuilder) builder = load_overlay ();
  g_autoptr (GHashTable) told = find_told (builder);
  GtkWidget *window = qk_window_new (NULL);
  g_autoptr (GListModel) keys = find_keys (window);
  guint n = 0;

  g_assert_nonnull (keys);
  for (guint i = 0; i < g_list_model_get_n_items (keys); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (keys, i);
      const char *page = get_page (shortcut);

      /* A key may wait for a page. */
      if (!is_ours (shortcut) || (page != NULL && !qk_window_has_page (QK_WINDOW (window), page)))
        continue;
      check_key (told, shortcut);
      n++;
    }
  g_assert_cmpuint (n, >, 25);
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
}

/* Those of the application. */
static void
test_application_keys (void)
{
  static const char *const keys[] = {"F1", "F10", "<Control>q", "<Control>comma",
                                     "<Control>question"};
  g_autoptr (GtkBuilder) builder = load_overlay ();
  g_autoptr (GHashTable) told = find_told (builder);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_true (g_hash_table_contains (told, keys[i]));
  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      g_test_add_func ("/ui/shortcuts/complete", test_complete);
      g_test_add_func ("/ui/shortcuts/application", test_application_keys);
    }
  return qk_ui_test_run (has_display);
}
