#include "qk-atspi.h"
#include "qk-tab-walk.h"
#include "qk-ui-test.h"
#include "qk-views.h"

/* That the keyboard alone is enough: Tab comes to all that can be used, on every page and in every
 * dialog, and goes round; Escape closes a dialog wherever in it the keyboard is. */

#define NARROW 720 /* so wide is a window in which a message fills the page */

static void
assert_no_problems (GString *problems)
{
  if (problems->len > 0)
    g_error ("where the keyboard does not come:\n%s", problems->str);
}

static void
test_pages (QkViews *views, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  for (guint i = 0; i < qk_views_get_n_pages (); i++)
    {
      const char *name = qk_views_show_page (views, i);
      guint n = qk_tab_walk_check (GTK_WINDOW (views->window), GTK_WIDGET (views->window), name,
                                   problems);

      g_test_message ("%s: %u controls", name, n);
      g_assert_cmpuint (n, >, 5);
    }
  assert_no_problems (problems);
}

static void
test_dialogs (QkViews *views, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  for (guint i = 0; i < qk_views_get_n_dialogs (); i++)
    {
      const char *name = qk_views_open_dialog (views, i);
      guint n = qk_tab_walk_check (views->dialog, GTK_WIDGET (views->dialog), name, problems);

      g_test_message ("%s: %u controls", name, n);
      g_assert_cmpuint (n, >, 0);
      qk_views_close_dialog (views);
    }
  assert_no_problems (problems);
}

/* Such as at a field that takes it for its own. */
static void
escape_from (QkViews *views, guint dialog, guint control, GString *problems)
{
  g_autoptr (GPtrArray) controls = NULL;
  g_autofree char *text = NULL;
  const char *name = qk_views_open_dialog (views, dialog);

  controls = qk_tab_walk_collect (GTK_WIDGET (views->dialog));
  if (control < controls->len)
    {
      gtk_widget_grab_focus (controls->pdata[control]);
      text = qk_tab_walk_describe (controls->pdata[control]);
    }
  g_clear_pointer (&controls, g_ptr_array_unref);
  qk_atspi_press ("Escape");
  if (qk_views_await_dialog_end (views, 5000))
    return;
  g_string_append_printf (problems, "%s: Escape does not close it from %s\n", name, text);
  qk_views_close_dialog (views);
}

/* From one control of each kind. */
static void
test_escape (QkViews *views, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  for (guint i = 0; i < qk_views_get_n_dialogs (); i++)
    {
      g_autoptr (GPtrArray) controls = NULL;
      g_autoptr (GHashTable) kinds = g_hash_table_new (NULL, NULL);

      qk_views_open_dialog (views, i);
      controls = qk_tab_walk_collect (GTK_WIDGET (views->dialog));
      qk_views_close_dialog (views);
      for (guint j = 0; j < controls->len; j++)
        if (g_hash_table_add (kinds, GSIZE_TO_POINTER (G_OBJECT_TYPE (controls->pdata[j]))))
          escape_from (views, i, j, problems);
    }
  assert_no_problems (problems);
}

/* A question is answered. */
static void
test_close (QkViews *views, gconstpointer data)
{
  for (guint i = 0; i < qk_views_get_n_dialogs (); i++)
    {
      const char *name = qk_views_open_dialog (views, i);

      if (ADW_IS_MESSAGE_DIALOG (views->dialog))
        qk_views_close_dialog (views);
      else
        qk_atspi_press ("<Control>w");
      if (views->dialog != NULL && !qk_views_await_dialog_end (views, QK_UI_PATIENCE_MS))
        g_error ("%s: Ctrl+W does not close it", name);
    }
}

static guint
count_entries (QkViews *views)
{
  return qk_document_get_n_entries (qk_store_get_document (qk_window_get_store (views->window)));
}

typedef struct {
  QkViews *views;
  guint n_entries;
} Wanted;

static gboolean
has_entries (gpointer user_data)
{
  Wanted *wanted = user_data;

  return count_entries (wanted->views) == wanted->n_entries;
}

/* A message is written and sent without the pointer: whom, what, and away with it. */
static void
test_send (QkViews *views, gconstpointer data)
{
  Wanted wanted = {views, count_entries (views) + 1};

  qk_views_open_dialog_called (views, "new message");
  qk_tab_walk_press (views->dialog, "space");
  qk_tab_walk_press (views->dialog, "Tab");
  qk_tab_walk_press (views->dialog, "x");
  qk_atspi_press ("<Control>Return");
  g_assert_true (qk_views_await_dialog_end (views, QK_UI_PATIENCE_MS));
  g_assert_true (qk_test_wait (has_entries, &wanted, QK_UI_PATIENCE_MS));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, char **answer)
{
  *answer = g_strdup (response);
}

/* Return does not purge. */
static void
test_purge (QkViews *views, gconstpointer data)
{
  g_autofree char *answer = NULL;

  qk_views_open_dialog_called (views, "purge");
  g_signal_connect (views->dialog, "response", G_CALLBACK (response_cb), &answer);
  qk_atspi_press ("Return");
  g_assert_true (qk_views_await_dialog_end (views, QK_UI_PATIENCE_MS));
  g_assert_cmpstr (answer, ==, "cancel");
}

static GtkWidget *
find_cell (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_has_css_class (widget, "swarm-cell") &&
      gtk_widget_get_focusable (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cell (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static double
get_place (QkViews *views, GtkWidget *widget)
{
  double x, y;

  g_assert_true (
      gtk_widget_translate_coordinates (widget, GTK_WIDGET (views->window), 0, 0, &x, &y));
  return x;
}

/* An arrow key goes the way it points, whichever way one reads. */
static void
test_arrows (QkViews *views, gconstpointer data)
{
  gboolean mirrored = GPOINTER_TO_INT (data) == GTK_TEXT_DIR_RTL;
  GtkWidget *cell, *next;

  qk_views_show_page_called (views, "swarm");
  cell = find_cell (GTK_WIDGET (views->window));
  g_assert_nonnull (cell);
  gtk_widget_grab_focus (cell);
  qk_tab_walk_press (GTK_WINDOW (views->window), mirrored ? "Left" : "Right");
  next = gtk_root_get_focus (GTK_ROOT (views->window));
  g_assert_true (next != cell);
  if (mirrored)
    g_assert_cmpfloat (get_place (views, next), <, get_place (views, cell));
  else
    g_assert_cmpfloat (get_place (views, next), >, get_place (views, cell));
  qk_tab_walk_press (GTK_WINDOW (views->window), mirrored ? "Right" : "Left");
  g_assert_true (gtk_root_get_focus (GTK_ROOT (views->window)) == cell);
}

static gboolean
reads_one (gpointer user_data)
{
  QkViews *views = user_data;
  gboolean reading;

  g_object_get (qk_window_get_messages_page (views->window), "reading", &reading, NULL);
  return reading;
}

static gboolean
reads_none (gpointer user_data)
{
  return !reads_one (user_data);
}

static gboolean
is_narrow (gpointer user_data)
{
  return gtk_widget_get_width (user_data) <= NARROW;
}

/* In a narrow window a message fills it. Back is where one came from. */
static void
test_back (QkViews *views, gconstpointer data)
{
  gboolean mirrored = GPOINTER_TO_INT (data) == GTK_TEXT_DIR_RTL;

  qk_views_show_page_called (views, "messages, one selected");
  gtk_window_set_default_size (GTK_WINDOW (views->window), NARROW, 600);
  g_assert_true (qk_test_wait (is_narrow, views->window, QK_UI_PATIENCE_MS));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (views->window), "win.read", NULL));
  g_assert_true (qk_test_wait (reads_one, views, QK_UI_PATIENCE_MS));
  /* Wherever the keyboard is. */
  gtk_window_set_focus (GTK_WINDOW (views->window), NULL);
  qk_tab_walk_press (GTK_WINDOW (views->window), "<Alt>Right");
  g_assert_true (mirrored != reads_one (views));
  if (!mirrored)
    qk_tab_walk_press (GTK_WINDOW (views->window), "<Alt>Left");
  g_assert_true (qk_test_wait (reads_none, views, QK_UI_PATIENCE_MS));
}

static void
set_up (QkViews *views, gconstpointer data)
{
  if (data != NULL)
    gtk_widget_set_default_direction (GPOINTER_TO_INT (data));
  qk_views_set_up (views, NULL);
}

static void
tear_down (QkViews *views, gconstpointer data)
{
  qk_views_tear_down (views, NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
skip (void)
{
  g_test_skip ("there is no display or no session bus");
}

int
main (int argc, char **argv)
{
  gboolean has_display;

  /* The bus only presses keys here: what this process shows is none of its concern. */
  g_setenv ("GTK_A11Y", "none", TRUE);
  has_display = qk_ui_test_init (&argc, &argv);
  if (has_display && qk_atspi_init ())
    {
#define ADD(path, data, function)                                                                  \
  g_test_add ("/keyboard/" path, QkViews, GINT_TO_POINTER (data), set_up, function, tear_down)
      ADD ("pages", 0, test_pages);
      ADD ("dialogs", 0, test_dialogs);
      ADD ("escape", 0, test_escape);
      ADD ("close", 0, test_close);
      ADD ("send", 0, test_send);
      ADD ("purge", 0, test_purge);
      ADD ("arrows", GTK_TEXT_DIR_LTR, test_arrows);
      ADD ("arrows-mirrored", GTK_TEXT_DIR_RTL, test_arrows);
      ADD ("back", GTK_TEXT_DIR_LTR, test_back);
      ADD ("back-mirrored", GTK_TEXT_DIR_RTL, test_back);
    }
  else
    g_test_add_func ("/keyboard", skip);
  return g_test_run ();
}
