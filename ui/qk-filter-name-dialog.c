#include "qk-filter-name-dialog.h"

#include <glib/gi18n-lib.h>

#define MAX_CHARS 80

/* What the dialog works with; it lives as long as the entry. */
typedef struct {
  AdwMessageDialog *dialog; /* borrowed */
  QkSavedFilters *filters;  /* owned */
  char *old_name;           /* owned, nullable: of the one that is renamed */
} Naming;

static void
naming_free (gpointer data, GClosure *closure)
{
  Naming *naming = data;

  g_object_unref (naming->filters);
  g_free (naming->old_name);
  g_free (naming);
}

static char *
dup_name (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
changed_cb (GtkEditable *entry, Naming *naming)
{
  g_autofree char *name = dup_name (entry);
  gboolean taken = *name != '\0' && qk_saved_filters_find (naming->filters, name, NULL);
  gboolean usable = *name != '\0';
  const char *body = naming->old_name != NULL ? "" : _ ("It is kept in the sidebar.");

  if (taken && naming->old_name == NULL)
    body = _ ("It takes the place of the saved filter of that name.");
  else if (taken && !g_str_equal (name, naming->old_name))
    {
      body = _ ("Another saved filter has that name. Choose a different one.");
      usable = FALSE;
    }
  adw_message_dialog_set_body (naming->dialog, body);
  adw_message_dialog_set_response_enabled (naming->dialog, QK_FILTER_NAME_RESPONSE, usable);
}

/**
 * qk_filter_name_dialog_new:
 * @parent: (nullable): the window to ask in
 * @filters: the saved filters
 * @name: the name to begin with
 * @renames: whether @name is that of a saved filter that gets another one
 *
 * Returns: (transfer full): the question, not shown yet
 */
GtkWidget *
qk_filter_name_dialog_new (GtkWindow *parent,
                           QkSavedFilters *filters,
                           const char *name,
                           gboolean renames)
{
  const char *heading = renames ? _ ("Rename the Saved Filter") : _ ("Save the Filter");
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, NULL);
  GtkWidget *entry = gtk_entry_new ();
  Naming *naming = g_new (Naming, 1);

  *naming = (Naming){ADW_MESSAGE_DIALOG (dialog), g_object_ref (filters),
                     renames ? g_strdup (name) : NULL};
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    QK_FILTER_NAME_RESPONSE, renames ? _ ("_Rename") : _ ("_Save"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), QK_FILTER_NAME_RESPONSE,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), QK_FILTER_NAME_RESPONSE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the filter"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  g_signal_connect_data (entry, "changed", G_CALLBACK (changed_cb), naming, naming_free, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  changed_cb (GTK_EDITABLE (entry), naming);
  gtk_window_set_focus (GTK_WINDOW (dialog), entry);
  return dialog;
}

/**
 * qk_filter_name_dialog_dup_name:
 * @dialog: the question
 *
 * Returns: (transfer full): the name, without white space around it
 */
char *
qk_filter_name_dialog_dup_name (GtkWidget *dialog)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));

  return dup_name (GTK_EDITABLE (entry));
}
