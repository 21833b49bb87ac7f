#include "qk-ui-test.h"

#include "qk-message-cell.h"

#include <string.h>

/* As the program does: what is looked at has its size. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  const char *path = g_getenv ("QK_STYLE");

  if (path == NULL)
    return;
  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * qk_ui_test_init:
 * @argc: of main()
 * @argv: of main()
 *
 * Sets up a test of widgets, with the style of the program.
 *
 * Returns: whether there is a display
 */
gboolean
qk_ui_test_init (int *argc, char ***argv)
{
  gboolean has_display;

  /* Before the test framework makes warnings fatal: that there is no display is none. */
  has_display = gtk_init_check ();
  g_test_init (argc, argv, NULL);
  if (has_display)
    {
      adw_init ();
      load_style ();
    }
  return has_display;
}

static void
skip (void)
{
  g_test_skip ("there is no display");
}

/**
 * qk_ui_test_run:
 * @has_display: what qk_ui_test_init() returned; tests are added only where it is %TRUE
 *
 * Returns: the exit code
 */
int
qk_ui_test_run (gboolean has_display)
{
  if (!has_display)
    g_test_add_func ("/ui/display", skip);
  return g_test_run ();
}

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  return QK_IS_MESSAGE_CELL (widget) ? qk_message_cell_get_text (QK_MESSAGE_CELL (widget)) : NULL;
}

/**
 * qk_ui_test_find:
 * @root: a widget
 * @type: a type of widget
 * @label: (nullable): the text of a label or a cell somewhere in it; %NULL for any
 *
 * Returns: (transfer none) (nullable): the first widget below @root of that type, in the order of
 *   the tree, that is mapped and holds @label
 */
GtkWidget *
qk_ui_test_find (GtkWidget *root, GType type, const char *label)
{
  const char *text;

  if (!gtk_widget_get_mapped (root))
    return NULL;
  text = get_text (root);
  if ((g_type_is_a (G_OBJECT_TYPE (root), type) || (type == GTK_TYPE_LABEL && text != NULL)) &&
      (label == NULL || g_strcmp0 (text, label) == 0 ||
       (text == NULL && qk_ui_test_find (root, GTK_TYPE_LABEL, label) != NULL)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = qk_ui_test_find (child, type, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/**
 * qk_ui_test_count:
 * @root: a widget
 * @type: of what
 * @n: (inout): to which their number is added
 *
 * Counts the widgets of that type at and below @root.
 */
void
qk_ui_test_count (GtkWidget *root, GType type, guint *n)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    (*n)++;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    qk_ui_test_count (child, type, n);
}
