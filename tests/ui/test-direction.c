#include "qk-swarm-grid.h"
#include "qk-ui-test.h"
#include "qk-views.h"

/* Where one reads from right to left, and from left to right: on every page and in every dialog each
 * heading and each button is read in full, and nothing is critical. */

/* What is cut off, of one view. */
typedef struct {
  const char *view;
  GString *problems;
  guint n_seen;
} Check;

/* Its text, without the room around it. */
static gboolean
is_cut_off (GtkLabel *label, GtkWidget *around)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  int x, width;
  double left, top;

  if (pango_layout_is_ellipsized (layout))
    return TRUE;
  gtk_label_get_layout_offsets (label, &x, NULL);
  pango_layout_get_pixel_size (layout, &width, NULL);
  g_assert_true (gtk_widget_translate_coordinates (GTK_WIDGET (label), around, x, 0, &left, &top));
  return left < -0.5 || left + width > gtk_widget_get_width (around) + 0.5;
}

/* The labels in a heading or a button. */
static void
check_labels (Check *check, GtkWidget *widget, GtkWidget *around)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0')
    {
      check->n_seen++;
      if (is_cut_off (GTK_LABEL (widget), around))
        g_string_append_printf (check->problems, "%s: “%s” is cut off\n", check->view,
                                gtk_label_get_text (GTK_LABEL (widget)));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_labels (check, child, around);
}

static void
check_headings (Check *check, GtkWidget *header)
{
  for (GtkWidget *title = gtk_widget_get_first_child (header); title != NULL;
       title = gtk_widget_get_next_sibling (title))
    check_labels (check, title, title);
}

static void
check_below (Check *check, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  /* Its first child are its headings. Those of a list that is wider than its room are past its edge,
   * and are not judged by that. */
  if (GTK_IS_COLUMN_VIEW (widget) || QK_IS_SWARM_GRID (widget))
    check_headings (check, gtk_widget_get_first_child (widget));
  if (GTK_IS_LIST_BASE (widget))
    return;
  if (GTK_IS_BUTTON (widget))
    {
      check_labels (check, widget, widget);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_below (check, child);
}

static guint
check_view (GtkWidget *root, const char *view, GString *problems)
{
  Check check = {view, problems, 0};

  check_below (&check, root);
  return check.n_seen;
}

static void
assert_no_problems (GString *problems)
{
  if (problems->len > 0)
    g_error ("what cannot be read:\n%s", problems->str);
}

static void
test_direction (QkViews *views, gconstpointer data)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (views->window)), ==,
                   GPOINTER_TO_INT (data));
  for (guint i = 0; i < qk_views_get_n_pages (); i++)
    {
      const char *name = qk_views_show_page (views, i);

      g_assert_cmpuint (check_view (GTK_WIDGET (views->window), name, problems), >, 5);
    }
  for (guint i = 0; i < qk_views_get_n_dialogs (); i++)
    {
      const char *name = qk_views_open_dialog (views, i);

      check_view (GTK_WIDGET (views->dialog), name, problems);
      qk_views_close_dialog (views);
    }
  assert_no_problems (problems);
}

static void
set_up (QkViews *views, gconstpointer data)
{
  gtk_widget_set_default_direction (GPOINTER_TO_INT (data));
  qk_views_set_up (views, data);
}

static void
tear_down (QkViews *views, gconstpointer data)
{
  qk_views_tear_down (views, data);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc, char **argv)
{
  gboolean has_display = qk_ui_test_init (&argc, &argv);

  if (has_display)
    {
      g_test_add ("/direction/left-to-right", QkViews, GINT_TO_POINTER (GTK_TEXT_DIR_LTR), set_up,
                  test_direction, tear_down);
      g_test_add ("/direction/right-to-left", QkViews, GINT_TO_POINTER (GTK_TEXT_DIR_RTL), set_up,
                  test_direction, tear_down);
    }
  return qk_ui_test_run (has_display);
}
