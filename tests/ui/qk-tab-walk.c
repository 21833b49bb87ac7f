#include "qk-tab-walk.h"

#include "qk-atspi.h"

#include <adwaita.h>

/* The walk may go so many times past all that there is before it is said not to come round. */
#define MAX_ROUNDS 2

static gboolean
is_modifier (guint keyval)
{
  return keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R;
}

static void
released_cb (GtkEventControllerKey *controller,
             guint keyval,
             guint keycode,
             GdkModifierType state,
             gboolean *released)
{
  if (!is_modifier (keyval))
    *released = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

/**
 * qk_tab_walk_press:
 * @window: a window that has the keyboard
 * @accelerator: keys as GTK writes them
 *
 * Presses and releases them, and waits until the window has done what there is to do.
 */
void
qk_tab_walk_press (GtkWindow *window, const char *accelerator)
{
  GtkEventController *controller = gtk_event_controller_key_new ();
  gboolean released = FALSE;

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-released", G_CALLBACK (released_cb), &released);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
  qk_atspi_press (accelerator);
  if (!qk_test_wait (is_true, &released, QK_ATSPI_PATIENCE_MS))
    g_error ("%s did not come to “%s”", accelerator, gtk_window_get_title (window));
  gtk_widget_remove_controller (GTK_WIDGET (window), controller);
}

/* What hands the keyboard on to what is in it. */
static gboolean
hands_on (GtkWidget *widget)
{
  return GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_VIEWPORT (widget) || GTK_IS_WINDOW (widget) ||
         GTK_IS_POPOVER (widget) || GTK_IS_LIST_BOX (widget) || GTK_IS_FLOW_BOX (widget) ||
         GTK_IS_PANED (widget) || GTK_IS_STACK (widget);
}

/* What counts once, with all that is in it. */
static gboolean
counts_once (GtkWidget *widget)
{
  static const char *const names[] = {"QkSwarmGrid", "QkCountGrid"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (G_OBJECT_TYPE_NAME (widget), names[i]))
      return TRUE;
  return GTK_IS_LIST_BASE (widget) || GTK_IS_COLUMN_VIEW (widget) ||
         (GTK_IS_LIST_BOX (widget) &&
          gtk_list_box_get_selection_mode (GTK_LIST_BOX (widget)) != GTK_SELECTION_NONE) ||
         GTK_IS_DROP_DOWN (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_COMBO_BOX (widget) ||
         GTK_IS_MENU_BUTTON (widget) || GTK_IS_TEXT_VIEW (widget) || ADW_IS_COMBO_ROW (widget) ||
         GTK_IS_LABEL (widget);
}

/* What is used with the pointer, whether the keyboard comes to it or not. */
static gboolean
is_used (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_CHECK_BUTTON (widget) ||
         GTK_IS_SWITCH (widget) || GTK_IS_DROP_DOWN (widget) || GTK_IS_MENU_BUTTON (widget) ||
         GTK_IS_TEXT_VIEW (widget) || GTK_IS_RANGE (widget);
}

static gboolean
is_control (GtkWidget *widget)
{
  if (hands_on (widget))
    return FALSE;
  return is_used (widget) || gtk_widget_get_focusable (widget);
}

static gboolean
holds_control (GtkWidget *widget)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_mapped (widget) ||
      !gtk_widget_get_sensitive (widget))
    return FALSE;
  if (is_control (widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (holds_control (child))
      return TRUE;
  return FALSE;
}

/* What is in a menu that is shut, and what has keys of its own: the window's buttons, and how far is
 * scrolled. */
static gboolean
is_apart (GtkWidget *widget)
{
  return GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_POPOVER (widget) || GTK_IS_SCROLLBAR (widget);
}

static void
collect (GtkWidget *widget, GPtrArray *controls)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_sensitive (widget))
    return;
  if (counts_once (widget) ? holds_control (widget) : is_control (widget))
    g_ptr_array_add (controls, widget);
  if (counts_once (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!is_apart (child))
      collect (child, controls);
}

/**
 * qk_tab_walk_collect:
 * @root: a window, or a popover
 *
 * Returns: (transfer full) (element-type GtkWidget): what can be used in it
 */
GPtrArray *
qk_tab_walk_collect (GtkWidget *root)
{
  GPtrArray *controls = g_ptr_array_new_with_free_func (g_object_unref);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!is_apart (child))
      collect (child, controls);
  for (guint i = 0; i < controls->len; i++)
    g_object_ref (controls->pdata[i]);
  return controls;
}

static const char *
get_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const char *words = get_words (child);

      if (words != NULL && *words != '\0')
        return words;
    }
  return NULL;
}

/**
 * qk_tab_walk_describe:
 * @widget: (nullable): a widget
 *
 * Returns: (transfer full): what it is, and what is written on it
 */
char *
qk_tab_walk_describe (GtkWidget *widget)
{
  const char *words, *id, *tooltip;

  if (widget == NULL)
    return g_strdup ("nothing");
  words = get_words (widget);
  id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
  tooltip = gtk_widget_get_tooltip_text (widget);
  return g_strdup_printf ("%s %s “%s” in %s", G_OBJECT_TYPE_NAME (widget), id != NULL ? id : "",
                          words != NULL     ? words
                          : tooltip != NULL ? tooltip
                                            : "",
                          gtk_widget_get_parent (widget) != NULL
                              ? G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget))
                              : "nothing");
}

/* Whether its row does what it does. */
static gboolean
is_done_by_row (GHashTable *visited, GtkWidget *control)
{
  GtkWidget *row = gtk_widget_get_ancestor (control, ADW_TYPE_ACTION_ROW);

  return row != NULL && g_hash_table_contains (visited, row) &&
         adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)) == control;
}

/* Whether the keyboard was there, or in it. */
static gboolean
was_at (GHashTable *visited, GtkWidget *control)
{
  GHashTableIter iter;
  gpointer widget;

  if (g_hash_table_contains (visited, control) || is_done_by_row (visited, control))
    return TRUE;
  if (!counts_once (control))
    return FALSE;
  g_hash_table_iter_init (&iter, visited);
  while (g_hash_table_iter_next (&iter, &widget, NULL))
    if (gtk_widget_is_ancestor (widget, control))
      return TRUE;
  return FALSE;
}

static void
report (GString *problems,
        const char *view,
        const char *key,
        const char *problem,
        GtkWidget *widget)
{
  g_autofree char *text = qk_tab_walk_describe (widget);

  g_string_append_printf (problems, "%s: %s: %s: %s\n", view, key, problem, text);
}

/* Returns (element-type GtkWidget): where the keyboard was until it came round. */
static GHashTable *
go_round (GtkWindow *window, const char *key, guint n_controls, const char *view, GString *problems)
{
  GHashTable *visited = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GtkWidget *last = NULL;
  guint limit = MAX_ROUNDS * (n_controls + 10);

  for (guint i = 0; i < limit; i++)
    {
      GtkWidget *focus;

      qk_tab_walk_press (window, key);
      focus = gtk_root_get_focus (GTK_ROOT (window));
      if (focus != NULL && focus == last && n_controls > 1)
        report (problems, view, key, "the keyboard is kept by", focus);
      last = focus;
      if (focus != NULL && !g_hash_table_add (visited, g_object_ref (focus)))
        return visited;
    }
  report (problems, view, key, "it does not come round, and is at", last);
  return visited;
}

/* What the arrow keys move within: the choices of which one is taken, and the fields of a grid. */
static gboolean
is_among_others (GtkWidget *widget)
{
  GtkWidget *sign = GTK_IS_CHECK_BUTTON (widget) ? gtk_widget_get_first_child (widget) : NULL;

  return (sign != NULL && g_strcmp0 (gtk_widget_get_css_name (sign), "radio") == 0) ||
         gtk_widget_get_ancestor (widget, GTK_TYPE_FLOW_BOX) != NULL;
}

/* Where the arrow keys lead to from what Tab came to. */
static void
go_on (GtkWindow *window, GHashTable *visited)
{
  static const char *const keys[] = {"Down", "Up", "Right", "Left"};
  g_autoptr (GPtrArray) starts = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer widget;

  g_hash_table_iter_init (&iter, visited);
  while (g_hash_table_iter_next (&iter, &widget, NULL))
    g_ptr_array_add (starts, widget);
  for (guint i = 0; i < starts->len; i++)
    for (gsize k = 0; is_among_others (starts->pdata[i]) && k < G_N_ELEMENTS (keys); k++)
      {
        GtkWidget *focus;

        gtk_widget_grab_focus (starts->pdata[i]);
        qk_tab_walk_press (window, keys[k]);
        focus = gtk_root_get_focus (GTK_ROOT (window));
        if (focus != NULL && is_among_others (focus) &&
            g_hash_table_add (visited, g_object_ref (focus)))
          g_ptr_array_add (starts, focus);
      }
}

/**
 * qk_tab_walk_check:
 * @window: a window that has the keyboard
 * @root: the window, or its popover that is open
 * @view: what is shown, for the report
 * @problems: to which what is found is added
 *
 * Goes round with Tab and with Shift+Tab.
 *
 * Returns: how many controls there are
 */
guint
qk_tab_walk_check (GtkWindow *window, GtkWidget *root, const char *view, GString *problems)
{
  static const char *const keys[] = {"Tab", "<Shift>Tab"};
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GPtrArray) controls = qk_tab_walk_collect (root);
      g_autoptr (GHashTable) visited = go_round (window, keys[i], controls->len, view, problems);

      n = controls->len;
      go_on (window, visited);
      for (guint j = 0; j < controls->len; j++)
        if (!was_at (visited, controls->pdata[j]))
          report (problems, view, keys[i], "it does not come to", controls->pdata[j]);
    }
  return n;
}
