#include "qk-fake-store.h"
#include "qk-given-up-banner.h"
#include "qk-test-util.h"
#include "qk-ui-test.h"

/* The banner of what would not stay, in a window beside an entry that has the keyboard. */

#define PATIENCE_MS 10000

typedef struct {
  QkFakeStore *store;
  GtkWidget *window;
  QkGivenUpBanner *banner;
  GtkWidget *entry;
  char *in_effect; /* owned, nullable: what was told last */
} Fixture;

static const QkGivenUp purge = {QK_CHANGE_PURGE, FALSE, 3, 60, 60 * G_TIME_SPAN_SECOND};
static const QkGivenUp resend = {QK_CHANGE_RESEND, FALSE, 1, 12, 60 * G_TIME_SPAN_SECOND};

#define PURGE_TEXT                                                                                 \
  "Another program keeps saving an old list: your purge of 3 messages was undone 60 times in 60 "  \
  "s. It is not in effect. Stop or restart the queue processor, then retry."

static void
in_effect_cb (QkGivenUpBanner *banner, const char *text, Fixture *fixture)
{
  g_free (fixture->in_effect);
  fixture->in_effect = g_strdup (text);
}

static gboolean
is_ready (gpointer user_data)
{
  Fixture *fixture = user_data;

  return gtk_widget_get_mapped (fixture->entry);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->store = qk_fake_store_new ();
  fixture->window = gtk_window_new ();
  fixture->banner = g_object_new (QK_TYPE_GIVEN_UP_BANNER, NULL);
  fixture->entry = gtk_entry_new ();
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->banner));
  gtk_box_append (GTK_BOX (box), fixture->entry);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  g_signal_connect (fixture->banner, "in-effect", G_CALLBACK (in_effect_cb), fixture);
  qk_given_up_banner_set_store (fixture->banner, QK_STORE (fixture->store));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_widget_grab_focus (fixture->entry);
  g_assert_true (qk_test_wait (is_ready, fixture, PATIENCE_MS));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  qk_given_up_banner_set_store (fixture->banner, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->store);
  g_free (fixture->in_effect);
}

#define assert_says(fixture, text)                                                                 \
  g_assert_cmpstr (qk_given_up_banner_get_text (fixture->banner), ==, text)

static void
do_action (Fixture *fixture, const char *name)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->banner), name, NULL));
}

static gboolean
has_button (gpointer user_data)
{
  Fixture *fixture = user_data;

  return qk_ui_test_find (GTK_WIDGET (fixture->banner), GTK_TYPE_BUTTON, "Retry") != NULL;
}

/* It takes the keyboard from nobody, and waits. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));

  assert_says (fixture, NULL);
  g_assert_nonnull (focus);
  qk_fake_store_set_given_up (fixture->store, &purge);
  assert_says (fixture, PURGE_TEXT);
  g_assert_true (qk_test_wait (has_button, fixture, PATIENCE_MS));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == focus);
  /* What else is guarded and settles changes nothing about it. */
  qk_fake_store_set_n_guarded (fixture->store, 2);
  qk_fake_store_set_n_guarded (fixture->store, 0);
  assert_says (fixture, PURGE_TEXT);
  g_assert_null (fixture->in_effect);
  /* The operator changed these messages anew. */
  qk_fake_store_set_given_up (fixture->store, NULL);
  assert_says (fixture, NULL);
  g_assert_null (fixture->in_effect);
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *action;
    const char *resumed;
  } cases[] = {
      {"given-up.retry", "at once"},
      {"given-up.keep-trying", "in the background"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_clear_pointer (&fixture->in_effect, g_free);
      qk_fake_store_set_given_up (fixture->store, &purge);
      do_action (fixture, cases[i].action);
      g_assert_cmpstr (qk_fake_store_get_resumed (fixture->store), ==, cases[i].resumed);
      assert_says (fixture, NULL);
      qk_fake_store_set_n_guarded (fixture->store, 1);
      g_assert_null (fixture->in_effect);
      qk_fake_store_set_n_guarded (fixture->store, 0);
      g_assert_cmpstr (fixture->in_effect, ==, "In effect: your purge of 3 messages");
      /* Once. */
      g_clear_pointer (&fixture->in_effect, g_free);
      qk_fake_store_set_n_guarded (fixture->store, 0);
      g_assert_null (fixture->in_effect);
    }
}

/* Given up again, it is told again, and nothing is said to be in effect. */
static void
test_given_up_again (Fixture *fixture, gconstpointer data)
{
  qk_fake_store_set_given_up (fixture->store, &purge);
  do_action (fixture, "given-up.keep-trying");
  qk_fake_store_set_given_up (fixture->store, &purge);
  assert_says (fixture, PURGE_TEXT);
  qk_fake_store_set_n_guarded (fixture->store, 0);
  g_assert_null (fixture->in_effect);
}

/* What was left is told again where something else comes to it; nothing can be done in between. */
static void
test_leave (Fixture *fixture, gconstpointer data)
{
  qk_fake_store_set_given_up (fixture->store, &purge);
  do_action (fixture, "given-up.leave");
  assert_says (fixture, NULL);
  (void) gtk_widget_activate_action (GTK_WIDGET (fixture->banner), "given-up.retry", NULL);
  g_assert_null (qk_fake_store_get_resumed (fixture->store));
  qk_fake_store_set_given_up (fixture->store, &resend);
  g_assert_nonnull (qk_given_up_banner_get_text (fixture->banner));
}

/* Found by whoever opens it later. */
static void
test_found_later (Fixture *fixture, gconstpointer data)
{
  qk_given_up_banner_set_store (fixture->banner, NULL);
  qk_fake_store_set_given_up (fixture->store, &purge);
  assert_says (fixture, NULL);
  qk_given_up_banner_set_store (fixture->banner, QK_STORE (fixture->store));
  assert_says (fixture, PURGE_TEXT);
}

static GtkShortcutController *
find_shortcuts (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller) &&
          gtk_shortcut_controller_get_scope (GTK_SHORTCUT_CONTROLLER (controller)) ==
              GTK_SHORTCUT_SCOPE_GLOBAL)
        return GTK_SHORTCUT_CONTROLLER (controller);
    }
  return NULL;
}

/* Its keys hold wherever the keyboard is in the window. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[] = {
      "<Shift><Control>r action(given-up.retry)",
      "<Shift><Control>k action(given-up.keep-trying)",
      "<Shift><Control>l action(given-up.leave)",
  };
  GtkShortcutController *shortcuts = find_shortcuts (GTK_WIDGET (fixture->banner));

  g_assert_nonnull (shortcuts);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (shortcuts)), ==,
                    G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (shortcuts), i);
      g_autofree char *trigger =
          gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));
      g_autofree char *action = gtk_shortcut_action_to_string (gtk_shortcut_get_action (shortcut));
      g_autofree char *both = g_strdup_printf ("%s %s", trigger, action);

      g_assert_cmpstr (both, ==, expected[i]);
    }
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  if (has_display)                                                                                 \
  g_test_add ("/ui/given-up-banner/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("waits", test_waits);
  ADD ("resume", test_resume);
  ADD ("given-up-again", test_given_up_again);
  ADD ("leave", test_leave);
  ADD ("found-later", test_found_later);
  ADD ("keys", test_keys);
  return qk_ui_test_run (has_display);
}
