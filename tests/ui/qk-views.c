#include "qk-views.h"

#include "qk-import-dialog.h"
#include "qk-pick-view.h"
#include "qk-preferences.h"
#include "qk-result.h"
#include "qk-skip-dialog.h"
#include "qk-ui-test.h"

#include <gdk/x11/gdkx.h>

#define N_ENTRIES "376"
#define N_FRAMES  4
#define ALL       G_MAXUINT /* messages */

/* A week in which something went wrong. */
static void
write_history (QkViews *self)
{
  g_autofree char *history =
      g_build_filename (g_get_user_data_dir (), "queuekeeper", "history.db", NULL);
  const char *const argv[] = {g_getenv ("QK_MAKE_HISTORY"), history, self->queue.folder.queue,
                              NULL};

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 0);
}

static void
write_queue (const char *path)
{
  const char *const argv[] = {
      g_getenv ("QK_MAKE_QUEUE"), "--write", path, "--entries", N_ENTRIES, "--end", "now", NULL};

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 0);
}

static gboolean
is_active (gpointer user_data)
{
  return gtk_window_is_active (user_data) && gtk_widget_get_mapped (user_data);
}

static void
await_keyboard (GtkWindow *window)
{
  if (!qk_test_wait (is_active, window, QK_UI_PATIENCE_MS))
    g_error ("“%s” does not get the keyboard", gtk_window_get_title (window));
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

static gboolean
has_frames (gpointer user_data)
{
  return *(guint *) user_data >= N_FRAMES;
}

/* Until all has its place, and the keyboard, too. */
static void
await_frames (GtkWidget *widget)
{
  guint n = 0, id = gtk_widget_add_tick_callback (widget, tick_cb, &n, NULL);

  g_assert_true (qk_test_wait (has_frames, &n, QK_UI_PATIENCE_MS));
  gtk_widget_remove_tick_callback (widget, id);
}

/* There is no window manager that would hand it on; and what the server has done since the last key was
 * pressed is newer than that key, so it is not to be asked for as of then. */
static void
take_keyboard (GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  gtk_window_present_with_time (window, gdk_x11_get_server_time (surface));
  await_keyboard (window);
}

static gboolean
shows_queue (gpointer user_data)
{
  return g_strcmp0 (qk_window_get_shown (user_data), "queue") == 0;
}

/* As the program has it. */
static void
load_style (void)
{
  static gboolean loaded;
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  if (loaded)
    return;
  loaded = TRUE;
  gtk_css_provider_load_from_path (provider, g_getenv ("QK_STYLE"));
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * qk_views_set_up:
 * @self: a fixture
 * @data: unused
 *
 * Opens the window and waits until it has the keyboard.
 */
void
qk_views_set_up (QkViews *self, gconstpointer data)
{
  load_style ();
  qk_ui_fixture_set_up (&self->queue, data);
  write_queue (self->queue.folder.queue);
  write_history (self);
  self->changer = qk_changer_new ();
  self->window = QK_WINDOW (qk_window_new (NULL));
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  qk_window_open (self->window, self->queue.folder.queue);
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (qk_test_wait (shows_queue, self->window, QK_UI_PATIENCE_MS));
  await_keyboard (GTK_WINDOW (self->window));
}

static gboolean
is_null (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

/**
 * qk_views_tear_down:
 * @self: a fixture
 * @data: unused
 *
 * Closes all of it.
 */
void
qk_views_tear_down (QkViews *self, gconstpointer data)
{
  if (self->dialog != NULL)
    qk_views_close_dialog (self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_assert_true (qk_test_wait (is_null, &self->window, QK_UI_PATIENCE_MS));
  g_object_unref (self->changer);
  qk_ui_fixture_tear_down (&self->queue, data);
}

/* Whether something of that type is to be seen. */
typedef struct {
  QkViews *views;
  const char *text;
} Text;

static gboolean
has_text (gpointer user_data)
{
  Text *text = user_data;

  return qk_ui_test_find (GTK_WIDGET (text->views->window), GTK_TYPE_LABEL, text->text) != NULL;
}

static void
await_text (QkViews *self, const char *expected)
{
  Text text = {self, expected};

  if (!qk_test_wait (has_text, &text, QK_UI_PATIENCE_MS))
    g_error ("the window never said: %s", expected);
}

typedef struct {
  const char *name;
  const char *page;   /* of the window */
  guint n_selected;   /* messages, on the first page */
  const char *action; /* (nullable): to be done there, before */
  const char *text;   /* what is written then */
} Page;

static const Page pages[] = {
    {"messages, none selected", "messages", 0, NULL, "Pending"},
    {"messages, one selected", "messages", 1, NULL, "Edit and Resend…"},
    {"messages, several selected", "messages", 3, NULL, "Resend"},
    {"error groups", "messages", 0, "win.group-by-error", "missing_recipient"},
    {"broadcasts", "broadcasts", 0, NULL, "Reached"},
    {"swarm", "swarm", 0, NULL, "Pending Messages by Age"},
    {"lock health", "health", 0, NULL, "What Would Have Happened?"},
    {"activity, nothing done", "activity", 0, NULL, "Nothing Was Done Yet"},
    {"activity", "activity", 1, "win.resend", "What"},
};

/**
 * qk_views_get_n_pages:
 *
 * Returns: how many pages there are, and states of them
 */
guint
qk_views_get_n_pages (void)
{
  return G_N_ELEMENTS (pages);
}

static void
show_view (QkViews *self, const char *name)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-page", "s", name));
}

static void
select_messages (QkViews *self, guint n)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (
      qk_messages_page_get_selection (qk_window_get_messages_page (self->window)));

  gtk_selection_model_unselect_all (selection);
  if (n == ALL)
    gtk_selection_model_select_all (selection);
  for (guint i = 0; n != ALL && i < n; i++)
    gtk_selection_model_select_item (selection, i, FALSE);
}

/**
 * qk_views_show_page:
 * @self: a fixture
 * @index: of a page, from 0 on
 *
 * Returns: (transfer none): its name
 */
const char *
qk_views_show_page (QkViews *self, guint index)
{
  const Page *page = &pages[index];

  if (page->n_selected > 0 || page->action != NULL)
    {
      show_view (self, "messages");
      select_messages (self, page->n_selected);
    }
  if (page->action != NULL)
    g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), page->action, NULL));
  show_view (self, page->page);
  await_text (self, page->text);
  await_frames (GTK_WIDGET (self->window));
  return page->name;
}

/**
 * qk_views_show_page_called:
 * @self: a fixture
 * @name: of a page
 *
 * Shows it.
 */
void
qk_views_show_page_called (QkViews *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      {
        qk_views_show_page (self, i);
        return;
      }
  g_assert_not_reached ();
}

/* Returns a dialog to be presented; NULL where that is done. */
typedef GtkWidget *(*Make) (QkViews *self);

static GtkWidget *
make_import (QkViews *self)
{
  g_autofree char *path = g_build_filename (self->queue.folder.path, "other.json", NULL);

  write_queue (path);
  return qk_import_dialog_new (GTK_WINDOW (self->window), qk_window_get_store (self->window),
                               self->changer, path);
}

static GtkWidget *
make_preferences (QkViews *self)
{
  return qk_preferences_new (GTK_WINDOW (self->window));
}

/* It names what is shown. */
static GtkWidget *
make_filter_name (QkViews *self)
{
  QkMessagesPage *page = qk_window_get_messages_page (self->window);
  g_autoptr (GError) error = NULL;
  g_autoptr (QkQuery) query = qk_query_parse ("is:failed", &error);

  g_assert_no_error (error);
  qk_messages_page_show_query (page, query);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "win.save-filter", NULL));
  qk_messages_page_show_all (page);
  return NULL;
}

static GtkWidget *
make_skips (QkViews *self)
{
  g_autoptr (QkResult) result = qk_result_new ();

  for (guint i = 1; i < 4; i++)
    qk_result_take_skipped (result, qk_ui_dup_id (i), g_strdup ("it was delivered meanwhile"));
  return qk_skip_dialog_new (GTK_WINDOW (self->window), result);
}

typedef struct {
  const char *name;
  guint n_selected;
  const char *action; /* (nullable): of the window */
  Make make;          /* (nullable): where there is none */
} Dialog;

static const Dialog dialogs[] = {
    {"new message", 0, "win.new-message", NULL},
    {"new broadcast", 0, "win.new-broadcast", NULL},
    {"edit", 1, "win.edit", NULL},
    {"redirect", 2, "win.redirect", NULL},
    {"priority", 2, "win.priority", NULL},
    {"purge", 2, "win.purge", NULL},
    {"purge everything", 0, "win.purge-all", NULL},
    {"resend many", ALL, "win.resend", NULL},
    {"what was skipped", 0, NULL, make_skips},
    {"save a filter", 0, NULL, make_filter_name},
    {"columns", 0, "win.columns", NULL},
    {"agents", 0, "win.edit-agents", NULL},
    {"archive", 0, "win.archive", NULL},
    {"import", 0, NULL, make_import},
    {"restore", 0, "win.restore-backup", NULL},
    {"what if", 0, "health.what-if", NULL},
    {"preferences", 0, NULL, make_preferences},
};

/**
 * qk_views_get_n_dialogs:
 *
 * Returns: how many dialogs there are
 */
guint
qk_views_get_n_dialogs (void)
{
  return G_N_ELEMENTS (dialogs);
}

/* The one above the window. */
static gboolean
find_dialog (gpointer user_data)
{
  QkViews *self = user_data;
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (l->data != self->window && gtk_widget_get_mapped (l->data))
      self->dialog = l->data;
  return self->dialog != NULL;
}

static gboolean
is_settled (gpointer user_data)
{
  GtkWidget *view = qk_ui_test_find (user_data, QK_TYPE_PICK_VIEW, NULL);

  return view == NULL || !g_str_equal (qk_pick_view_get_shown (QK_PICK_VIEW (view)), "working");
}

/* Where an action is that belongs to a page. */
static gboolean
activate (GtkWidget *widget, const char *action)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (gtk_widget_activate_action (widget, action, NULL))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (activate (child, action))
      return TRUE;
  return FALSE;
}

/**
 * qk_views_open_dialog:
 * @self: a fixture
 * @index: of a dialog, from 0 on
 *
 * Opens it and waits until it has the keyboard and what it is to show.
 *
 * Returns: (transfer none): its name
 */
const char *
qk_views_open_dialog (QkViews *self, guint index)
{
  const Dialog *dialog = &dialogs[index];

  g_assert_null (self->dialog);
  if (dialog->action != NULL && g_str_has_prefix (dialog->action, "health."))
    {
      show_view (self, "health");
      await_text (self, "What Would Have Happened?");
    }
  else
    {
      show_view (self, "messages");
      select_messages (self, dialog->n_selected);
    }
  if (dialog->make != NULL)
    {
      GtkWidget *made = dialog->make (self);

      if (made != NULL)
        gtk_window_present (GTK_WINDOW (made));
    }
  else if (!activate (GTK_WIDGET (self->window), dialog->action))
    g_error ("%s cannot be done", dialog->action);
  if (!qk_test_wait (find_dialog, self, QK_UI_PATIENCE_MS))
    g_error ("%s brings up no dialog", dialog->name);
  g_object_add_weak_pointer (G_OBJECT (self->dialog), (gpointer *) &self->dialog);
  await_keyboard (self->dialog);
  g_assert_true (qk_test_wait (is_settled, self->dialog, QK_UI_PATIENCE_MS));
  await_frames (GTK_WIDGET (self->dialog));
  return dialog->name;
}

/**
 * qk_views_open_dialog_called:
 * @self: a fixture
 * @name: of a dialog
 *
 * Opens it.
 */
void
qk_views_open_dialog_called (QkViews *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    if (g_str_equal (dialogs[i].name, name))
      {
        qk_views_open_dialog (self, i);
        return;
      }
  g_assert_not_reached ();
}

static gboolean
is_over (gpointer user_data)
{
  QkViews *self = user_data;

  return self->dialog == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->dialog));
}

/**
 * qk_views_await_dialog_end:
 * @self: a fixture with a dialog
 * @patience_ms: how long to wait, in milliseconds
 *
 * Waits until it is closed and the window has the keyboard again.
 *
 * Returns: whether it was
 */
gboolean
qk_views_await_dialog_end (QkViews *self, guint patience_ms)
{
  if (!qk_test_wait (is_over, self, patience_ms))
    return FALSE;
  if (self->dialog != NULL)
    {
      GtkWindow *dialog = self->dialog;

      g_object_remove_weak_pointer (G_OBJECT (dialog), (gpointer *) &self->dialog);
      self->dialog = NULL;
    }
  take_keyboard (GTK_WINDOW (self->window));
  return TRUE;
}

/**
 * qk_views_close_dialog:
 * @self: a fixture with a dialog
 *
 * Closes it, as its own button would.
 */
void
qk_views_close_dialog (QkViews *self)
{
  gtk_window_close (self->dialog);
  g_assert_true (qk_views_await_dialog_end (self, QK_UI_PATIENCE_MS));
}
