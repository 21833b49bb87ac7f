#include "qk-activity-list.h"

#include "qk-activity-words.h"

#include <glib/gi18n-lib.h>

static char *
dup_text (QkActivityItem *item, QkActivityColumn column)
{
  const QkHistoryOperation *operation = qk_activity_item_get (item);

  if (column == QK_ACTIVITY_COLUMN_NUMBER)
    return g_strdup_printf ("#%" G_GINT64_FORMAT, operation->id);
  if (column == QK_ACTIVITY_COLUMN_WHAT)
    return qk_activity_words_what (operation, qk_activity_item_get_recipient (item));
  if (column == QK_ACTIVITY_COLUMN_WHO)
    return qk_activity_words_who (operation);
  return column == QK_ACTIVITY_COLUMN_STATE ? qk_activity_words_state (operation)
                                            : qk_activity_words_time (operation);
}

/* The row is read out as one sentence; the cell of the time does it for its row. */
static void
name_row (GtkWidget *label, QkActivityItem *item)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *sentence = qk_activity_words_sentence (qk_activity_item_get (item),
                                                          qk_activity_item_get_recipient (item));

  if (row != NULL &&
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) == GTK_ACCESSIBLE_ROLE_ROW)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                    -1);
}

static void
show_state_class (GtkWidget *label, const QkHistoryOperation *operation)
{
  static const char *const classes[] = {"warning", "dim-label"};
  const char *wanted = qk_activity_words_state_class (operation);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (wanted, classes[i]) == 0)
      gtk_widget_add_css_class (label, classes[i]);
    else
      gtk_widget_remove_css_class (label, classes[i]);
}

static void
show_text (GtkListItem *list_item, QkActivityColumn column)
{
  QkActivityItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *label = gtk_list_item_get_child (list_item);
  g_autofree char *text = dup_text (item, column);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
  if (column == QK_ACTIVITY_COLUMN_TIME)
    name_row (label, item);
  if (column == QK_ACTIVITY_COLUMN_STATE)
    show_state_class (label, qk_activity_item_get (item));
}

/* What cannot be undone has a button that says why. */
static void
show_button (GtkListItem *list_item)
{
  QkActivityItem *item = gtk_list_item_get_item (list_item);
  const QkHistoryOperation *operation = qk_activity_item_get (item);
  GtkWidget *button = gtk_list_item_get_child (list_item);
  g_autofree char *obstacle = qk_activity_words_obstacle (operation);
  g_autofree char *what = qk_activity_words_what (operation, qk_activity_item_get_recipient (item));
  g_autofree char *name = g_strdup_printf (_ ("Undo: %s"), what);

  if (obstacle == NULL)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", operation->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.undo-operation");
    }
  else
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), NULL);
      gtk_widget_set_sensitive (button, FALSE);
    }
  gtk_widget_set_tooltip_text (button, obstacle != NULL ? obstacle : name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  obstacle != NULL ? obstacle : "", -1);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  QkActivityColumn column = GPOINTER_TO_UINT (user_data);
  GtkWidget *child;

  if (column == QK_ACTIVITY_COLUMN_UNDO)
    {
      child = gtk_button_new_with_label (_ ("Undo"));
      gtk_widget_set_halign (child, GTK_ALIGN_END);
      /* The keyboard stays in the row: there Enter leads to the messages and undoes nothing. */
      gtk_widget_set_focusable (child, FALSE);
      gtk_widget_set_focus_on_click (child, FALSE);
    }
  else
    {
      child = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (child), 0);
      gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_END);
    }
  if (column <= QK_ACTIVITY_COLUMN_TIME)
    gtk_widget_add_css_class (child, "numeric");
  if (column <= QK_ACTIVITY_COLUMN_TIME || column == QK_ACTIVITY_COLUMN_WHO)
    gtk_widget_add_css_class (child, "dim-label");
  gtk_list_item_set_child (list_item, child);
}

static void
show (GtkListItem *list_item, QkActivityColumn column)
{
  if (column == QK_ACTIVITY_COLUMN_UNDO)
    show_button (list_item);
  else
    show_text (list_item, column);
}

static void
changed_cb (QkActivityItem *item, GtkListItem *list_item)
{
  show (list_item, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (list_item), "column")));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  QkActivityColumn column = GPOINTER_TO_UINT (user_data);

  g_object_set_data (G_OBJECT (list_item), "column", GUINT_TO_POINTER (column));
  g_signal_connect (gtk_list_item_get_item (list_item), "changed", G_CALLBACK (changed_cb),
                    list_item);
  show (list_item, column);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), G_CALLBACK (changed_cb),
                                        list_item);
}

/**
 * qk_activity_list_make_factory:
 * @column: a column
 *
 * Returns: (transfer full): what makes its cells
 */
GtkListItemFactory *
qk_activity_list_make_factory (QkActivityColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  return factory;
}
