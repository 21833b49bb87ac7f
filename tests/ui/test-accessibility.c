#include "qk-atspi.h"

#include <string.h>

/* What a screen reader is told of the program as it is built: all that can be used has a name, page by
 * page and dialog by dialog; and Escape closes each of them. */

#define LARGE 376

/* What has no name of its own: GTK 4.8 says the name of its class, and nothing at all of some. */
static gboolean
is_no_name (const char *name)
{
  static const char *const prefixes[] = {"Gtk", "Adw", "Qk"};

  if (name == NULL || *name == '\0')
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]) && g_ascii_isupper (name[strlen (prefixes[i])]) &&
        strchr (name, ' ') == NULL)
      return TRUE;
  return FALSE;
}

/* What is used, and what is looked at. */
static gboolean
is_used (AtspiRole role)
{
  static const AtspiRole roles[] = {
      ATSPI_ROLE_CHECK_BOX,    ATSPI_ROLE_COMBO_BOX,    ATSPI_ROLE_ENTRY,
      ATSPI_ROLE_LINK,         ATSPI_ROLE_LIST_ITEM,    ATSPI_ROLE_MENU_ITEM,
      ATSPI_ROLE_PAGE_TAB,     ATSPI_ROLE_PROGRESS_BAR, ATSPI_ROLE_PUSH_BUTTON,
      ATSPI_ROLE_RADIO_BUTTON, ATSPI_ROLE_SLIDER,       ATSPI_ROLE_SPIN_BUTTON,
      ATSPI_ROLE_TABLE_ROW,    ATSPI_ROLE_TEXT,         ATSPI_ROLE_TOGGLE_BUTTON,
      ATSPI_ROLE_TREE_TABLE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (role == roles[i])
      return TRUE;
  return FALSE;
}

/* What is found, of one view. */
typedef struct {
  const char *view;
  GString *problems;
  guint n_seen;
} Check;

static void
report (Check *check, GPtrArray *path, const char *problem)
{
  g_string_append_printf (check->problems, "%s: %s:", check->view, problem);
  for (guint i = 0; i < path->len; i++)
    {
      g_autofree char *text = qk_atspi_describe (path->pdata[i]);

      g_string_append_printf (check->problems, " / %s", text);
    }
  g_string_append_c (check->problems, '\n');
}

/* A picture in something that has a name only adorns it. */
static gboolean
is_adorning (GPtrArray *path)
{
  for (guint i = 0; i + 1 < path->len; i++)
    if (is_used (atspi_accessible_get_role (path->pdata[i], NULL)))
      return TRUE;
  return FALSE;
}

/* What has the keyboard only to hand it on to what is in it. */
static gboolean
hands_on (AtspiRole role, const char *name)
{
  return role == ATSPI_ROLE_SCROLL_PANE ||
         (role == ATSPI_ROLE_LIST && g_strcmp0 (name, "GtkListBox") == 0);
}

static QkAtspiStep
check_visit (AtspiAccessible *accessible, GPtrArray *path, gpointer user_data)
{
  Check *check = user_data;
  AtspiRole role = atspi_accessible_get_role (accessible, NULL);
  g_autofree char *name = NULL;

  check->n_seen++;
  if (!is_used (role) && role != ATSPI_ROLE_FRAME && role != ATSPI_ROLE_DIALOG &&
      (role != ATSPI_ROLE_IMAGE || is_adorning (path)) &&
      !qk_atspi_has_state (accessible, ATSPI_STATE_FOCUSABLE))
    return QK_ATSPI_INTO;
  name = atspi_accessible_get_name (accessible, NULL);
  if (is_no_name (name) && !hands_on (role, name) && qk_atspi_is_on_screen (accessible))
    report (check, path, "no name");
  /* A mnemonic is a key, not a letter to be read aloud. Those of a switcher are GTK's. */
  if (name != NULL && *name == '_' && role != ATSPI_ROLE_PAGE_TAB &&
      qk_atspi_is_on_screen (accessible))
    report (check, path, "a mnemonic in the name");
  /* What they are made of is GTK's own affair; their names say it all. */
  return role == ATSPI_ROLE_TABLE_ROW || role == ATSPI_ROLE_COMBO_BOX ? QK_ATSPI_PAST
                                                                      : QK_ATSPI_INTO;
}

static void
check_names (QkAtspi *atspi, const char *view, GString *problems)
{
  Check check = {view, problems, 0};

  qk_atspi_walk_newest (atspi, check_visit, &check);
  g_test_message ("%s: %u looked at", view, check.n_seen);
  g_assert_cmpuint (check.n_seen, >, 10);
}

static void
write_queue (QkAtspi *atspi, guint n_entries)
{
  g_autofree char *number = g_strdup_printf ("%u", n_entries);
  const char *const argv[] = {g_getenv ("QK_MAKE_QUEUE"),
                              "--write",
                              atspi->folder.queue,
                              "--entries",
                              number,
                              "--end",
                              "now",
                              NULL};

  g_assert_cmpint (qk_test_run (argv, NULL, NULL), ==, 0);
}

static void
start_on (QkAtspi *atspi, guint n_entries)
{
  write_queue (atspi, n_entries);
  qk_atspi_start (atspi);
  qk_atspi_await (atspi, ATSPI_ROLE_STATUS_BAR, "Live");
}

static void
assert_no_problems (GString *problems)
{
  if (problems->len > 0)
    g_error ("what a screen reader cannot tell:\n%s", problems->str);
}

typedef struct {
  const char *key;
  AtspiRole role;
  const char *shown; /* what is there then */
} Page;

static const Page pages[] = {
    {"<Alt>2", ATSPI_ROLE_PAGE_TAB, "Broadcasts"},  {"<Alt>3", ATSPI_ROLE_PAGE_TAB, "Swarm"},
    {"<Alt>4", ATSPI_ROLE_PAGE_TAB, "Lock health"}, {"<Alt>5", ATSPI_ROLE_PAGE_TAB, "Activity"},
    {"<Alt>1", ATSPI_ROLE_PAGE_TAB, "Messages"},
};

typedef struct {
  QkAtspi *atspi;
  const char *name;
} Tab;

static gboolean
is_selected (gpointer user_data)
{
  Tab *tab = user_data;
  g_autoptr (AtspiAccessible) found = qk_atspi_look (tab->atspi, ATSPI_ROLE_PAGE_TAB, tab->name);

  return found != NULL && qk_atspi_has_state (found, ATSPI_STATE_SELECTED);
}

static void
test_pages (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);
  guint n_entries = GPOINTER_TO_UINT (data);

  start_on (atspi, n_entries);
  if (n_entries > 0)
    {
      qk_atspi_await (atspi, ATSPI_ROLE_TABLE_ROW, "Failed");
      check_names (atspi, "nothing selected", problems);
      qk_atspi_press ("<Control>Home");
      qk_atspi_press ("Down");
      qk_atspi_await (atspi, ATSPI_ROLE_PUSH_BUTTON, "Edit and Resend");
    }
  check_names (atspi, "messages", problems);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      Tab tab = {atspi, pages[i].shown};

      qk_atspi_press (pages[i].key);
      g_assert_true (qk_atspi_wait (atspi, is_selected, &tab));
      check_names (atspi, pages[i].shown, problems);
    }
  assert_no_problems (problems);
}

typedef struct {
  const char *name;
  const char *keys[2]; /* one after the other */
  gboolean foreign;    /* GTK's own affair, but for the key that closes it */
} Dialog;

static const Dialog dialogs[] = {{"new message", {"<Control>n"}, FALSE},
                                 {"new broadcast", {"<Control><Shift>n"}, FALSE},
                                 {"edit", {"<Control>e"}, FALSE},
                                 {"redirect", {"<Control>t"}, FALSE},
                                 {"priority", {"<Control>p"}, FALSE},
                                 {"purge", {"Delete"}, FALSE},
                                 {"purge everything", {"<Control><Shift>Delete"}, FALSE},
                                 {"columns", {"<Control><Shift>v"}, FALSE},
                                 {"archive", {"<Control><Shift>a"}, FALSE},
                                 {"restore", {"<Control><Shift>h"}, FALSE},
                                 {"preferences", {"<Control>comma"}, FALSE},
                                 {"about", {"F10", "a"}, TRUE},
                                 {"shortcuts", {"<Control>question"}, TRUE}};

/* Opened by whatever was done. */
static void
check_dialog (QkAtspi *atspi, const char *name, gboolean foreign, GString *problems)
{
  qk_atspi_await_windows (atspi, 2);
  if (!foreign)
    check_names (atspi, name, problems);
  qk_atspi_press ("Escape");
  qk_atspi_await_windows (atspi, 1);
}

static void
select_first (QkAtspi *atspi)
{
  qk_atspi_await (atspi, ATSPI_ROLE_TABLE_ROW, "Failed");
  qk_atspi_press ("<Control>Home");
  qk_atspi_press ("Down");
  qk_atspi_await (atspi, ATSPI_ROLE_PUSH_BUTTON, "Edit and Resend");
}

static void
test_dialogs (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  start_on (atspi, LARGE);
  select_first (atspi);
  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_test_message ("%s", dialogs[i].name);
      qk_atspi_press (dialogs[i].keys[0]);
      if (dialogs[i].keys[1] != NULL)
        {
          /* The menu is open when its items are there. */
          qk_atspi_await (atspi, ATSPI_ROLE_MENU_ITEM, "Queuekeeper");
          qk_atspi_press (dialogs[i].keys[1]);
        }
      check_dialog (atspi, dialogs[i].name, dialogs[i].foreign, problems);
    }
  assert_no_problems (problems);
}

/* There must be a filter: the first there is. */
static void
test_filter_name (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  start_on (atspi, LARGE);
  qk_atspi_press ("<Control><Shift>f");
  qk_atspi_await (atspi, ATSPI_ROLE_LIST_ITEM, "Pending");
  qk_atspi_press ("Return");
  qk_atspi_press ("Escape");
  qk_atspi_await_none (atspi, ATSPI_ROLE_LIST_ITEM, "Pending");
  qk_atspi_press ("<Control>s");
  check_dialog (atspi, "save a filter", FALSE, problems);
  assert_no_problems (problems);
}

/* Chosen by its name, which is typed. */
static void
test_import (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);
  g_autofree char *name = g_path_get_basename (atspi->folder.queue);

  start_on (atspi, LARGE);
  qk_atspi_press ("<Control>i");
  qk_atspi_await_windows (atspi, 2);
  qk_atspi_type ("./");
  qk_atspi_type (name);
  qk_atspi_press ("Return");
  qk_atspi_await (atspi, ATSPI_ROLE_PUSH_BUTTON, "Import");
  check_dialog (atspi, "import", FALSE, problems);
  assert_no_problems (problems);
}

/* A queue that has lost its end. */
static void
test_salvage (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);
  g_autofree char *text = NULL;
  gsize length;

  write_queue (atspi, LARGE);
  g_assert_true (g_file_get_contents (atspi->folder.queue, &text, &length, NULL));
  g_assert_true (g_file_set_contents (atspi->folder.queue, text, (gssize) length / 2, NULL));
  qk_atspi_start (atspi);
  qk_atspi_await (atspi, ATSPI_ROLE_STATUS_BAR, "amaged");
  check_names (atspi, "damaged", problems);
  qk_atspi_press ("<Control><Shift>s");
  qk_atspi_await (atspi, ATSPI_ROLE_PUSH_BUTTON, "Repair");
  check_dialog (atspi, "salvage", FALSE, problems);
  assert_no_problems (problems);
}

/* By buttons of pages. */
static void
test_buttons (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  start_on (atspi, LARGE);
  qk_atspi_press ("<Alt>4");
  qk_atspi_click (atspi, "What Would Have Happened?");
  check_dialog (atspi, "what if", FALSE, problems);
  qk_atspi_press ("<Alt>3");
  qk_atspi_click (atspi, "Agents…");
  check_dialog (atspi, "agents", FALSE, problems);
  assert_no_problems (problems);
}

typedef struct {
  const char *name;
  const char *page;
  const char *key;
  AtspiRole role;
  const char *shown; /* what is in it */
} Menu;

static const Menu menus[] = {
    {"a row's menu", "<Alt>1", "<Shift>F10", ATSPI_ROLE_MENU_ITEM, "Resend"},
    {"main menu", "<Alt>1", "F10", ATSPI_ROLE_MENU_ITEM, "About Queuekeeper"},
    {"filters", "<Alt>1", "<Control><Shift>f", ATSPI_ROLE_LIST_ITEM, "Pending"},
    {"export", "<Alt>4", "<Control><Shift>x", ATSPI_ROLE_MENU_ITEM, "CSV"},
};

static void
test_menus (QkAtspi *atspi, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  start_on (atspi, LARGE);
  for (gsize i = 0; i < G_N_ELEMENTS (menus); i++)
    {
      g_test_message ("%s", menus[i].name);
      qk_atspi_press (menus[i].page);
      if (g_str_equal (menus[i].page, "<Alt>1"))
        select_first (atspi);
      qk_atspi_press (menus[i].key);
      qk_atspi_await (atspi, menus[i].role, menus[i].shown);
      check_names (atspi, menus[i].name, problems);
      qk_atspi_press ("Escape");
      qk_atspi_await_none (atspi, menus[i].role, menus[i].shown);
    }
  assert_no_problems (problems);
}

static void
skip (void)
{
  g_test_skip ("there is no display or no session bus");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (qk_atspi_init ())
    {
      g_test_add ("/ui/accessibility/empty", QkAtspi, GUINT_TO_POINTER (0), qk_atspi_set_up,
                  test_pages, qk_atspi_tear_down);
      g_test_add ("/ui/accessibility/full", QkAtspi, GUINT_TO_POINTER (LARGE), qk_atspi_set_up,
                  test_pages, qk_atspi_tear_down);
#define ADD(path, function)                                                                        \
  g_test_add ("/ui/accessibility/" path, QkAtspi, NULL, qk_atspi_set_up, function,                 \
              qk_atspi_tear_down)
      ADD ("dialogs", test_dialogs);
      ADD ("filter-name", test_filter_name);
      ADD ("import", test_import);
      ADD ("salvage", test_salvage);
      ADD ("buttons", test_buttons);
      ADD ("menus", test_menus);
    }
  else
    g_test_add_func ("/ui/accessibility", skip);
  return g_test_run ();
}
