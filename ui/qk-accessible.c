#include "qk-accessible.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* The label in it, which GTK has made to name it, says it without the mnemonic. */
static void
label_cb (GtkButton *button, GParamSpec *pspec, gpointer user_data)
{
  if (gtk_button_get_label (button) != NULL && gtk_button_get_use_underline (button))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

/* Once for each button. That of libadwaita which searches the preferences has no name at all. */
static void
tidy_button (GtkButton *button)
{
  if (gtk_button_get_icon_name (button) != NULL &&
      g_str_equal (gtk_button_get_icon_name (button), "edit-find-symbolic") &&
      gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_PREFERENCES_WINDOW) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Search"), -1);
  if (g_signal_handler_find (button, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, label_cb, NULL) != 0)
    return;
  label_cb (button, NULL, NULL);
  g_signal_connect (button, "notify::label", G_CALLBACK (label_cb), NULL);
}

/* This one has no label that names it. */
static void
check_label_cb (GtkCheckButton *button, GParamSpec *pspec, gpointer user_data)
{
  const char *label = gtk_check_button_get_label (button);
  g_auto (GStrv) parts = NULL;
  g_autofree char *name = NULL;

  if (label == NULL || !gtk_check_button_get_use_underline (button))
    return;
  parts = g_strsplit (label, "_", 2);
  name = g_strjoinv ("", parts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
tidy_check_button (GtkCheckButton *button)
{
  if (g_signal_handler_find (button, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, check_label_cb, NULL) != 0)
    return;
  check_label_cb (button, NULL, NULL);
  g_signal_connect (button, "notify::label", G_CALLBACK (check_label_cb), NULL);
}

/* Its headings, and the list of its rows, which is called like the table. */
static void
tidy_table (GtkWidget *table)
{
  GtkWidget *header = gtk_widget_get_first_child (table);

  for (GtkWidget *child = header; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_BASE (child))
      gtk_accessible_update_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                      table, NULL, -1);
    else if (child == header)
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Column headings"), -1);
}

/* The half of a button that opens a menu. */
static void
tidy_menu_button (GtkWidget *button)
{
  GtkWidget *split = gtk_widget_get_ancestor (button, ADW_TYPE_SPLIT_BUTTON);
  const char *tooltip =
      split != NULL ? adw_split_button_get_dropdown_tooltip (ADW_SPLIT_BUTTON (split)) : NULL;

  if (split != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    tooltip != NULL && *tooltip != '\0' ? tooltip : _ ("More"), -1);
}

static gboolean
map_hook (GSignalInvocationHint *hint,
          guint n_param_values,
          const GValue *param_values,
          gpointer user_data)
{
  GtkWidget *widget = g_value_get_object (&param_values[0]);

  if (GTK_IS_BUTTON (widget))
    tidy_button (GTK_BUTTON (widget));
  else if (GTK_IS_MENU_BUTTON (widget))
    tidy_menu_button (widget);
  else if (GTK_IS_CHECK_BUTTON (widget))
    tidy_check_button (GTK_CHECK_BUTTON (widget));
  else if (GTK_IS_COLUMN_VIEW (widget))
    tidy_table (widget);
  else if (GTK_IS_PANED (widget))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Divider"), -1);
  return TRUE;
}

/**
 * qk_accessible_install:
 *
 * Mends the names of all widgets from now on. To do it again changes nothing.
 */
void
qk_accessible_install (void)
{
  static gboolean installed;

  if (installed)
    return;
  installed = TRUE;
  g_type_ensure (GTK_TYPE_WIDGET);
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, map_hook, NULL, NULL);
}
