#include "qk-agents-dialog.h"

#include "qk-broadcast.h"
#include "qk-swarm-words.h"
#include "qk-words.h"

#include <glib/gi18n-lib.h>

struct _QkAgentsDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkListBox *list;
  GtkEditable *entry;
  GtkWidget *add_button;
  GtkLabel *problem;
  GtkWidget *back_button;
  QkStore *store;       /* owned */
  QkSettings *settings; /* owned */
  char **agents;        /* owned: those that are listed */
};

G_DEFINE_FINAL_TYPE (QkAgentsDialog, qk_agents_dialog, ADW_TYPE_WINDOW)

static void
choose (QkAgentsDialog *self, const char *const *agents)
{
  g_autofree char *key = qk_store_dup_key (self->store);

  qk_settings_set_agents (self->settings, key, agents);
  qk_store_choose_agents (self->store, agents);
}

static void
remove_agent (QkAgentsDialog *self, guint index)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) rest = NULL;

  for (guint i = 0; self->agents[i] != NULL; i++)
    if (i != index)
      g_strv_builder_add (builder, self->agents[i]);
  rest = g_strv_builder_end (builder);
  /* Without agents there is no swarm. */
  if (rest[0] == NULL)
    gtk_widget_error_bell (GTK_WIDGET (self->list));
  else
    choose (self, (const char *const *) rest);
}

static void
remove_cb (GtkWidget *button, QkAgentsDialog *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  g_assert (QK_IS_AGENTS_DIALOG (self));

  remove_agent (self, (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
}

static gboolean
list_key_cb (GtkEventControllerKey *controller,
             guint keyval,
             guint keycode,
             GdkModifierType state,
             QkAgentsDialog *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list));

  g_assert (QK_IS_AGENTS_DIALOG (self));

  if (row == NULL || (keyval != GDK_KEY_Delete && keyval != GDK_KEY_KP_Delete))
    return GDK_EVENT_PROPAGATE;
  remove_agent (self, (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
  return GDK_EVENT_STOP;
}

static GtkWidget *
make_row (QkAgentsDialog *self, const char *agent, gboolean can_remove)
{
  g_autofree char *name = qk_words_agent (agent);
  g_autofree char *label = g_strdup_printf (_ ("Remove %s"), name);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, NULL);
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, can_remove);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* The keyboard stays at the place where it was. */
static void
show_agents (QkAgentsDialog *self)
{
  GtkWidget *focused = gtk_widget_get_focus_child (GTK_WIDGET (self->list)), *row;
  int place = focused != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focused)) : -1;
  guint n = g_strv_length (self->agents);

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append (self->list, make_row (self, self->agents[i], n > 1));
  if (place >= 0 && n > 0)
    gtk_widget_grab_focus (
        GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, MIN (place, (int) n - 1))));
}

static void
update (QkAgentsDialog *self)
{
  QkAgentsSource source = qk_store_get_agents_source (self->store);
  g_auto (GStrv) agents = qk_store_dup_agents (self->store);
  g_autofree char *text = qk_swarm_words_source (source, g_strv_length (agents));

  adw_window_title_set_subtitle (self->title, text);
  gtk_widget_set_sensitive (self->back_button, source == QK_AGENTS_CHOSEN);
  if (self->agents != NULL &&
      g_strv_equal ((const char *const *) self->agents, (const char *const *) agents))
    return;
  g_strfreev (self->agents);
  self->agents = g_steal_pointer (&agents);
  show_agents (self);
}

static void
agents_changed_cb (QkStore *store, QkAgentsDialog *self)
{
  g_assert (QK_IS_AGENTS_DIALOG (self));

  update (self);
}

/* Why a name cannot be added; NULL where it can. */
static char *
dup_obstacle (QkAgentsDialog *self, const char *name)
{
  g_autofree char *shown = qk_words_agent (name);

  if (g_strv_contains ((const char *const *) self->agents, name))
    return g_strdup_printf (_ ("%s is in the list already."), shown);
  if (g_strv_length (self->agents) >= QK_BROADCAST_MAX_AGENTS)
    return g_strdup_printf (_ ("No more than %u agents can be followed: remove one first."),
                            (guint) QK_BROADCAST_MAX_AGENTS);
  return NULL;
}

static void
entry_changed_cb (GtkEditable *entry, QkAgentsDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  g_autofree char *obstacle = *name != '\0' ? dup_obstacle (self, name) : NULL;

  g_assert (QK_IS_AGENTS_DIALOG (self));

  gtk_label_set_text (self->problem, obstacle != NULL ? obstacle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), obstacle != NULL);
  gtk_widget_set_sensitive (self->add_button, *name != '\0' && obstacle == NULL);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return qk_agent_compare (*(const char *const *) a, *(const char *const *) b);
}

static void
add_cb (GtkWidget *widget, QkAgentsDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_assert (QK_IS_AGENTS_DIALOG (self));

  if (!gtk_widget_get_sensitive (self->add_button))
    {
      gtk_widget_error_bell (GTK_WIDGET (self->entry));
      return;
    }
  for (guint i = 0; self->agents[i] != NULL; i++)
    g_ptr_array_add (names, self->agents[i]);
  g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  choose (self, (const char *const *) names->pdata);
  gtk_editable_set_text (self->entry, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
back_cb (GtkWidget *button, QkAgentsDialog *self)
{
  g_assert (QK_IS_AGENTS_DIALOG (self));

  choose (self, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
qk_agents_dialog_dispose (GObject *object)
{
  QkAgentsDialog *self = QK_AGENTS_DIALOG (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (qk_agents_dialog_parent_class)->dispose (object);
}

static void
qk_agents_dialog_finalize (GObject *object)
{
  g_strfreev (QK_AGENTS_DIALOG (object)->agents);

  G_OBJECT_CLASS (qk_agents_dialog_parent_class)->finalize (object);
}

static void
qk_agents_dialog_class_init (QkAgentsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = qk_agents_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = qk_agents_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/queuekeeper/Queuekeeper/ui/qk-agents-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, title);
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, list);
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, QkAgentsDialog, back_button);
  gtk_widget_class_bind_template_callback (widget_class, list_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
qk_agents_dialog_init (QkAgentsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * qk_agents_dialog_new:
 * @parent: the window
 * @store: the queue of the swarm
 * @settings: where to keep what is chosen
 *
 * Returns: (transfer none): a dialog
 */
GtkWidget *
qk_agents_dialog_new (GtkWindow *parent, QkStore *store, QkSettings *settings)
{
  QkAgentsDialog *self;

  g_return_val_if_fail (QK_IS_STORE (store), NULL);
  g_return_val_if_fail (QK_IS_SETTINGS (settings), NULL);

  self = g_object_new (QK_TYPE_AGENTS_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  g_signal_connect (store, "agents-changed", G_CALLBACK (agents_changed_cb), self);
  update (self);
  entry_changed_cb (self->entry, self);
  return GTK_WIDGET (self);
}
